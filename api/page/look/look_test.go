package look_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/api/page/look"
	"github.com/ouderavond/ouderavond/booking/school"
)

func TestASchoolsFilesAreServedAsItLooksNow(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	linde := w.School(t, "linde", apitest.Setup{Families: 1})
	w.School(t, "beuk", apitest.Setup{Families: 1})
	e := echo.New()
	look.New(w.Auth, w.Booking.Schools).Mount(e)
	get := func(path string) *httptest.ResponseRecorder {
		recorder := httptest.NewRecorder()
		e.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, path, nil))
		return recorder
	}
	var file bytes.Buffer
	if err := png.Encode(&file, image.NewNRGBA(image.Rect(0, 0, 90, 30))); err != nil {
		t.Fatal(err)
	}
	old, err := w.Booking.Schools.SetLogo(t.Context(), linde.Actor(), file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	mark, err := w.Booking.Schools.SetLogo(t.Context(), linde.Actor(), file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	red := "#c8102e"
	if _, err := w.Booking.Schools.Update(t.Context(), linde.Actor(), school.Patch{Colour: &red}); err != nil {
		t.Fatal(err)
	}
	sheet := get("/linde/look/" + layout.SheetName(red))
	if sheet.Code != http.StatusOK || !strings.Contains(sheet.Body.String(), "--school:#c8102e") || !strings.Contains(sheet.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("%d %s", sheet.Code, sheet.Body)
	}
	shown := get("/linde/look/" + mark.ID + ".png")
	if decoded, err := png.DecodeConfig(shown.Body); err != nil || decoded.Width != 90 || shown.Header().Get("Content-Type") != "image/png" {
		t.Errorf("%d, %v", shown.Code, err)
	}
	for _, path := range []string{
		"/linde/look/" + old.ID + ".png", "/beuk/look/" + mark.ID + ".png", "/beuk/look/" + layout.SheetName(red), "/linde/look/" + layout.SheetName("#0b5d66"), "/linde/look/x", "/linde/look/.png",
		"/nergens/look/" + layout.SheetName(red), "/linde/look/%2e%2e%2fx.css", "/linde/look/" + layout.SheetName(""),
	} {
		if got := get(path); got.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.Code)
		}
	}
	if err := w.Booking.Schools.RemoveLogo(t.Context(), linde.Actor()); err != nil {
		t.Fatal(err)
	}
	if got := get("/linde/look/" + mark.ID + ".png"); got.Code != http.StatusNotFound {
		t.Errorf("a logo that was taken away: %d", got.Code)
	}
}

func TestASheetHoldsColoursAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"", "red", "#0b5d66;}body{display:none", "url(//evil.example)"} {
		if got := layout.Sheet(typed); got != "" {
			t.Errorf("%q: %s", typed, got)
		}
	}
	for own, on := range map[string]string{"#0b5d66": "#ffffff", "#ffd400": "#000000"} {
		if got := layout.Sheet(own); !strings.HasPrefix(got, ":root{--school:"+own+";--on-school:"+on) || !strings.Contains(got, "prefers-color-scheme:dark") {
			t.Errorf("%s: %s", own, got)
		}
	}
}
