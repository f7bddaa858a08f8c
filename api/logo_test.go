package api_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/api/apitest"
)

func TestASchoolSetsItsLogo(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s, other := w.School(t, "linde", apitest.Setup{Families: 1}), w.School(t, "beuk", apitest.Setup{Families: 1})
	call := func(method, kind string, file []byte) apitest.Answer {
		t.Helper()
		var body any
		if file != nil {
			body = file
		}
		return w.Do(t, apitest.Call{Method: method, Path: s.Path + "/logo", Token: s.Admin, Type: kind, Body: body})
	}
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewNRGBA(image.Rect(0, 0, 720, 200))); err != nil {
		t.Fatal(err)
	}
	call(http.MethodGet, "", nil).Want(t, http.StatusNotFound)
	call(http.MethodDelete, "", nil).Want(t, http.StatusNotFound)
	first := call(http.MethodPut, "image/png", file.Bytes()).Want(t, http.StatusOK)
	if first["width"] != 360.0 || first["height"] != 100.0 {
		t.Errorf("%v", first)
	}
	second := call(http.MethodPut, "application/octet-stream", file.Bytes()).Want(t, http.StatusOK)
	if second.Text("id") == first.Text("id") {
		t.Error("another logo has the same id")
	}
	shown := call(http.MethodGet, "", nil)
	if decoded, err := png.DecodeConfig(bytes.NewReader(shown.Body)); err != nil || decoded.Width != 360 || shown.Header.Get("Content-Type") != "image/png" {
		t.Errorf("%v, %s", err, shown.Header.Get("Content-Type"))
	}
	school := w.Get(t, s.Admin, s.Path).Want(t, http.StatusOK)
	if mark, ok := school["logo"].(map[string]any); !ok || mark["id"] != second.Text("id") {
		t.Errorf("%v", school["logo"])
	}
	if _, there := w.Get(t, other.Admin, other.Path).Want(t, http.StatusOK)["logo"]; there {
		t.Error("another school has the logo")
	}
	tests := map[string]struct {
		kind, file, code string
	}{
		"an SVG":                 {"image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg"/>`, "picture-svg"},
		"an SVG called a PNG":    {"image/png", `<?xml version="1.0"?><svg/>`, "picture-svg"},
		"a text called a PNG":    {"image/png", "hello", "not-a-picture"},
		"a PNG that was cut off": {"image/png", file.String()[:file.Len()/2], "picture-damaged"},
		"too many bytes":         {"image/png", file.String() + strings.Repeat("x", 4<<20), "picture-too-large"},
	}
	for title, test := range tests {
		if got := fields(call(http.MethodPut, test.kind, []byte(test.file)).Want(t, http.StatusUnprocessableEntity)); got["picture"] != test.code {
			t.Errorf("%s: %v", title, got)
		}
	}
	call(http.MethodPut, "text/html", []byte("<p>")).Want(t, http.StatusUnsupportedMediaType)
	call(http.MethodDelete, "", nil).Want(t, http.StatusNoContent)
	call(http.MethodGet, "", nil).Want(t, http.StatusNotFound)
}

func TestASchoolSetsItsKindAndItsColour(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	patch := func(body map[string]any) apitest.Answer {
		t.Helper()
		return w.Do(t, apitest.Call{Method: http.MethodPatch, Path: s.Path, Token: s.Admin, Body: body})
	}
	if school := w.Get(t, s.Admin, s.Path).Want(t, http.StatusOK); school["kind"] != "secondary" || school["colour"] != "" {
		t.Errorf("%v, %v", school["kind"], school["colour"])
	}
	if school := patch(map[string]any{"kind": "primary", "colour": "C8102E"}).Want(t, http.StatusOK); school["kind"] != "primary" || school["colour"] != "#c8102e" {
		t.Errorf("%v, %v", school["kind"], school["colour"])
	}
	for _, wrong := range []string{"red", "#12345", "#1234567", "#0b5d66;}"} {
		if got := fields(patch(map[string]any{"colour": wrong}).Want(t, http.StatusUnprocessableEntity)); got["colour"] != "not-a-colour" {
			t.Errorf("%q: %v", wrong, got)
		}
	}
	patch(map[string]any{"kind": "university"}).Want(t, http.StatusUnprocessableEntity)
	if school := patch(map[string]any{"colour": ""}).Want(t, http.StatusOK); school["kind"] != "primary" || school["colour"] != "" {
		t.Errorf("%v, %v", school["kind"], school["colour"])
	}
}

// TestTheAnswersUseTheWordsOfTheSchool asks for what the columns of a list mean, at a primary school and at a vocational one.
func TestTheAnswersUseTheWordsOfTheSchool(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	words := map[string][2]string{"primary": {"leerkracht", "De klas"}, "secondary": {"docent", "leerkracht"}, "vocational": {"student", "leerling"}}
	for kind, word := range words {
		w.Do(t, apitest.Call{Method: http.MethodPatch, Path: s.Path, Token: s.Admin, Body: map[string]any{"kind": kind}}).Want(t, http.StatusOK)
		answer := w.Do(t, apitest.Call{Method: http.MethodGet, Path: s.Path + "/roster/fields", Token: s.Admin, Header: http.Header{"Accept-Language": {"nl"}}})
		if body := string(answer.Body); answer.Status != http.StatusOK || !strings.Contains(body, word[0]) || strings.Contains(body, word[1]) || answer.Header.Get("Content-Language") != "" && answer.Header.Get("Content-Language") != "nl" {
			t.Errorf("%s: %d %s", kind, answer.Status, body)
		}
	}
}
