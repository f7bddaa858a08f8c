package api_test

import (
	"net/http"
	"testing"

	"github.com/ouderavond/ouderavond/api/apitest"
)

func TestPartsOfAConferenceChangeAndGoByTheAPI(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	path := s.Path + "/conferences/" + s.Conference.String()
	call := func(method, below, match string, body any) apitest.Answer {
		one := apitest.Call{Method: method, Path: path + below, Token: s.Admin, Body: body, Header: http.Header{}}
		if match != "" {
			one.Header.Set("If-Match", match)
		}
		return w.Do(t, one)
	}
	tag := w.Get(t, s.Admin, path).Header.Get("ETag")
	w.Post(t, s.LogIn(t, 2), s.Path+"/family/bookings", s.Book(2, 0)).Want(t, http.StatusCreated)
	day, kind := "/days/"+s.Day.String(), "/talk-kinds/"+s.TalkKind.String()
	for _, hurt := range []apitest.Answer{
		call(http.MethodDelete, "", "", nil), call(http.MethodDelete, day, "", nil), call(http.MethodDelete, kind, "", nil),
		call(http.MethodPatch, day, "", map[string]any{"date": "2026-11-25"}), call(http.MethodPatch, kind, "", map[string]any{"minutes": 15}),
	} {
		if problem := hurt.Want(t, http.StatusConflict); problem.Text("code") != "conference.talks-suffer" || !contains([]byte(problem.Text("detail")), "1") {
			t.Errorf("problem %v", problem)
		}
	}
	changed := call(http.MethodPatch, kind, tag, map[string]any{"title": "Voortgang"})
	if got := changed.Want(t, http.StatusOK).List("talk_kinds")[0].Text("title"); got != "Voortgang" || changed.Header.Get("ETag") == tag {
		t.Errorf("title %q, tag %s", got, changed.Header.Get("ETag"))
	}
	for _, stale := range []apitest.Answer{
		call(http.MethodPatch, kind, tag, map[string]any{"title": "x"}), call(http.MethodPatch, day, tag, map[string]any{}), call(http.MethodDelete, "", tag, nil),
		call(http.MethodDelete, day, tag, nil), call(http.MethodPost, "/days", tag, map[string]any{"date": "2026-12-01"}),
	} {
		if problem := stale.Want(t, http.StatusPreconditionFailed); problem.Text("code") != "stale" {
			t.Errorf("problem %v", problem)
		}
	}
	for _, below := range []string{"/days/" + s.TalkKind.String(), "/talk-kinds/" + s.Day.String(), "/days/x"} {
		call(http.MethodDelete, below, "", nil).Want(t, http.StatusNotFound)
		call(http.MethodPatch, below, "", map[string]any{}).Want(t, http.StatusNotFound)
	}
	rows := []any{}
	for i := range 3 {
		until := []string{"21:00", "20:00", "18:00"}[i]
		rows = append(rows, map[string]any{"teacher": s.Mentor.String(), "day": s.Day.String(), "windows": []any{map[string]any{"from": "19:00", "until": until}}})
	}
	faulty := call(http.MethodPut, "/availability", "", map[string]any{"days": rows}).Want(t, http.StatusUnprocessableEntity)
	if field := faulty.List("errors")[0].Text("field"); field != "days[2].windows[0].until" {
		t.Errorf("field %s", field)
	}
	// Hours that name no room leave the teacher where the teacher is.
	call(http.MethodPut, "/availability", "", map[string]any{"days": rows[:1]}).Want(t, http.StatusOK)
	if room := call(http.MethodGet, "/availability", "", nil).Want(t, http.StatusOK).List("days")[0].List("windows")[0].Text("room"); room != s.Room.String() {
		t.Errorf("room %q", room)
	}
	rows[0].(map[string]any)["windows"] = []any{map[string]any{"from": "19:00", "until": "21:00", "room": ""}}
	call(http.MethodPut, "/availability", "", map[string]any{"days": rows[:1]}).Want(t, http.StatusOK)
	if room := call(http.MethodGet, "/availability", "", nil).Want(t, http.StatusOK).List("days")[0].List("windows")[0].Text("room"); room != "" {
		t.Errorf("room %q", room)
	}
	draft := w.Post(t, s.Admin, s.Path+"/conferences", map[string]any{"key": "lente", "title": "Lente", "opens_at": "2027-01-01T00:00:00Z", "closes_at": "2027-02-01T00:00:00Z"}).Want(t, http.StatusCreated)
	path = s.Path + "/conferences/" + draft.Text("id")
	if problem := call(http.MethodPost, "/close", "", nil).Want(t, http.StatusConflict); problem.Text("code") != "conference.never-opened" {
		t.Errorf("problem %v", problem)
	}
	call(http.MethodPatch, "", "", map[string]any{"key": "najaar"}).Want(t, http.StatusConflict)
	call(http.MethodPatch, "", "", map[string]any{"key": "voorjaar"}).Want(t, http.StatusOK)
	call(http.MethodDelete, "", "", nil).Want(t, http.StatusNoContent)
	call(http.MethodDelete, "", "", nil).Want(t, http.StatusNotFound)
}
