package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/api/apitest"
)

func TestAnImportByItsRoutes(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s, other := w.School(t, "linde", apitest.Setup{Families: 10}), w.School(t, "eik", apitest.Setup{Families: 2})
	file := rosterFile(s)
	file.Content = strings.Replace(file.Content, ";Anna;Gezinaaa;", ";Anne;Gezinaaa;", 1)
	files := func(fields map[string]string, school *apitest.School) apitest.Document {
		t.Helper()
		return upload(t, w, school.Key, school.Path+"/imports", fields, file).Want(t, http.StatusCreated)
	}

	made := files(map[string]string{"source": "test", "groups": "[]"}, s)
	at := s.Path + "/imports/" + made.Text("id")
	if made.Text("state") != "ready" || len(object(made, "change").List("changed")) != 1 || made.Text("digest") == "" || len(made.List("policies")) < 5 {
		t.Errorf("handed in: %v", made)
	}
	if list := w.Get(t, s.Key, s.Path+"/imports?open=true").Want(t, http.StatusOK).List("items"); len(list) != 1 || list[0].Text("id") != made.Text("id") {
		t.Errorf("lies there: %v", list)
	}
	for name, body := range map[string]any{
		"a policy of nothing":  map[string]any{"policy": map[string]any{"factors": []string{"student_number"}}},
		"an unknown question":  map[string]any{"answers": []any{map[string]any{"question": "why", "answer": "so"}}},
		"an impossible answer": map[string]any{"answers": []any{map[string]any{"question": "pupils", "answer": "perhaps"}}},
	} {
		if answer := w.Do(t, apitest.Call{Method: http.MethodPatch, Path: at, Token: s.Key, Body: body}); answer.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, answer.Status, answer.Body)
		}
	}
	chosen := w.Do(t, apitest.Call{Method: http.MethodPatch, Path: at, Token: s.Key, Body: map[string]any{
		"mapping": []any{map[string]any{"header": "Klas", "field": "ignore"}}, "policy": map[string]any{"factors": []string{"birth_date", "student_number"}},
	}}).Want(t, http.StatusOK)
	if said := object(chosen, "said"); object(said, "policy") == nil || len(said.List("mapping")) != 1 {
		t.Errorf("said: %v", said)
	}
	taken := w.Do(t, apitest.Call{Method: http.MethodPatch, Path: at, Token: s.Key, Body: map[string]any{"mapping": []any{}, "keep_policy": true}}).Want(t, http.StatusOK)
	if taken.Text("digest") != made.Text("digest") {
		t.Errorf("what was said and taken back has left something: %s, %s", taken.Text("digest"), made.Text("digest"))
	}
	w.Post(t, s.Key, at+"/commit", map[string]any{"digest": "another"}).Want(t, http.StatusPreconditionFailed)
	done := w.Post(t, s.Key, at+"/commit", map[string]any{"digest": made.Text("digest")}).Want(t, http.StatusOK)
	if done.Text("state") != "applied" || object(done, "counts")["changed"] != float64(1) {
		t.Errorf("done: %v", done)
	}
	w.Do(t, apitest.Call{Method: http.MethodDelete, Path: at, Token: s.Key}).Want(t, http.StatusNoContent)
	if after := w.Get(t, s.Key, at).Want(t, http.StatusOK); after.Text("state") != "applied" {
		t.Errorf("withdrawing undid it: %v", after)
	}

	theirs := files(nil, other)
	for _, call := range []apitest.Call{
		{Method: http.MethodGet}, {Method: http.MethodPatch, Body: map[string]any{"keep_policy": true}}, {Method: http.MethodDelete},
	} {
		call.Path, call.Token = s.Path+"/imports/"+theirs.Text("id"), s.Key
		w.Do(t, call).Want(t, http.StatusNotFound)
	}
}

func TestFilesAreHandedInAsTheClientPrefers(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 3})
	hand := func(fields map[string]string, prefer string) apitest.Answer {
		t.Helper()
		body, contentType := apitest.Form(t, fields, rosterFile(s))
		return w.Do(t, apitest.Call{Method: http.MethodPost, Path: s.Path + "/imports", Token: s.Key, Body: body, Type: contentType, Header: http.Header{"Prefer": {prefer}}})
	}
	for _, of := range []struct{ prefer, states string }{
		{"wait=0", "reading ready"}, {"nonsense", "ready"}, {"respond-async, wait=30", "ready reading"}, {"wait=many", "ready"}, {"wait=30", "ready"},
	} {
		if made := hand(nil, of.prefer).Want(t, http.StatusCreated); !strings.Contains(of.states, made.Text("state")) {
			t.Errorf("%s: %s", of.prefer, made.Text("state"))
		}
	}
	for range 8 { // whoever reads for the one who did not wait may take what the other handed in behind it
		hand(map[string]string{"source": "one"}, "respond-async").Want(t, http.StatusCreated)
		if made := hand(map[string]string{"source": "two"}, "wait=30").Want(t, http.StatusCreated); made.Text("state") != "ready" {
			t.Errorf("behind one that is read still: %s", made.Text("state"))
		}
	}
	if made := hand(map[string]string{"apply": "if-clear"}, "").Want(t, http.StatusCreated); made.Text("state") != "applied" {
		t.Errorf("applied at once: %v", made)
	}
	for name, fields := range map[string]map[string]string{
		"another way":     {"apply": "always"},
		"no list":         {"groups": "1A"},
		"no answers":      {"answers": `{"who":"same"}`},
		"neither":         {"tell_office": "perhaps"},
		"an unknown word": {"colour": "blue"},
	} {
		if answer := hand(fields, ""); answer.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, answer.Status, answer.Body)
		}
	}
	body, contentType := apitest.Form(t, map[string]string{"source": "x"})
	w.Do(t, apitest.Call{Method: http.MethodPost, Path: s.Path + "/imports", Token: s.Key, Body: body, Type: contentType}).Want(t, http.StatusUnprocessableEntity)
}
