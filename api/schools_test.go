package api_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/api"
	"github.com/ouderavond/ouderavond/api/apitest"
)

// bodies gives, for each route with a body, one that would do something if the ids in it and in the address were the caller's own.
func bodies(s *apitest.School, ids map[string]string) map[string]any {
	start := s.Start(0).Format(time.RFC3339)
	make1 := map[string]any{"ref": "a", "pupil": ids["pupil"], "talk_kind": ids["talk_kind"], "staff": []string{ids["teacher"]}, "start": start}
	return map[string]any{
		"update-pupil": map[string]any{"given": "Anders", "group": ids["group"]}, "update-teacher": map[string]any{"name": "Anders"},
		"create-pupil": map[string]any{"key": "999", "given": "Nieuw", "group": ids["group"]}, "create-household": map[string]any{"pupils": []string{ids["pupil"]}},
		"join-households": map[string]any{"pupils": []string{ids["pupil"], ids["other_pupil"]}}, "add-contact": map[string]any{"email": "ouder@example.com"},
		"update-guardian":  map[string]any{"informed": false},
		"undo-import":      map[string]any{"allow_removal": true},
		"update-household": map[string]any{"interpreter": "Tigrinya"}, "add-guardian": map[string]any{"name": "Oma"},
		"update-import": map[string]any{"answers": []any{map[string]any{"question": "who", "answer": "same"}}},
		"commit-import": map[string]any{"leave_questions": true},
		"add-teaching":  map[string]any{"teacher": ids["teacher"], "group": ids["group"], "role": "care"}, "set-substitute": map[string]any{"substitute": ids["teacher"]},
		"decide-merge-suggestions": map[string]any{"ids": []string{ids["suggestion"]}, "accept": true},
		"update-conference":        map[string]any{"title": "Anders"}, "add-day": map[string]any{"date": "2026-11-25"},
		"add-talk-kind":    map[string]any{"title": "Nog een", "minutes": 10, "staffing": "mentor"},
		"add-offer":        map[string]any{"talk_kind": ids["talk_kind"], "staff": []string{ids["teacher"]}},
		"set-availability": map[string]any{"days": []any{map[string]any{"teacher": ids["teacher"], "day": ids["day"], "windows": []any{}}}},
		"create-account":   map[string]any{"login": "nieuw", "password": apitest.Password, "roles": []string{"teacher"}, "teacher": ids["teacher"]},
		"invite-teachers":  map[string]any{}, "update-account": map[string]any{"name": "Anders"}, "prove": map[string]any{"code": "123456"}, "confirm-totp": map[string]any{"digits": "123456"},
		"change-own-password": map[string]any{"present": "verkeerd", "password": apitest.Password}, "open-account": map[string]any{"address": "203.0.113.5"},
		"book": map[string]any{"make": []any{make1}}, "book-for-household": map[string]any{"make": []any{make1}},
	}
}

func allIDs(s *apitest.School) map[string]string {
	ids := idsOf(s)
	maps.Copy(ids, map[string]string{
		"group": s.Group.String(), "day": s.Day.String(), "talk_kind": s.TalkKind.String(), "other_pupil": s.Families[1].Children[0].ID.String(),
		"suggestion": s.Room.String(),
	})
	return ids
}

func noIDs() map[string]string {
	ids := missingIDs()
	for _, name := range []string{"group", "day", "talk_kind", "other_pupil", "suggestion"} {
		ids[name] = ids["pupil"]
	}
	return ids
}

// TestAnotherSchoolsIDsLookLikeIDsOfNothing calls every route of one school with ids of another one: in the address, and in the body.
func TestAnotherSchoolsIDsLookLikeIDsOfNothing(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	mine, other := w.School(t, "linde", apitest.Setup{Families: 2}), w.School(t, "beuk", apitest.Setup{Families: 2})
	before := snapshot(t, other)
	tokens := map[string]string{"an administrator": mine.Admin, "a key": mine.Key, "a parent": mine.LogIn(t, 0)}
	for _, route := range api.Routes() {
		if route.Public != "" || route.Local || !strings.Contains(route.Path, "{school}") || strings.HasPrefix(route.ID, "close-") && strings.HasSuffix(route.ID, "session") {
			continue
		}
		theirs, nothing := bodies(mine, allIDs(other))[route.ID], bodies(mine, noIDs())[route.ID]
		if !strings.Contains(strings.Replace(route.Path, "{school}", "", 1), "{") && theirs == nil || route.ID == "invite-teachers" {
			continue // names nothing
		}
		for who, token := range tokens {
			a := w.Do(t, apitest.Call{Method: route.Method, Path: fill(route.Path, "linde", allIDs(other)), Token: token, Body: theirs})
			b := w.Do(t, apitest.Call{Method: route.Method, Path: fill(route.Path, "linde", noIDs()), Token: token, Body: nothing})
			if a.Status < 400 || a.Status != b.Status || !bytes.Equal(a.Body, b.Body) {
				t.Errorf("%s by %s: with ids of another school %d %s, with ids of nothing %d %s", route.ID, who, a.Status, a.Body, b.Status, b.Body)
			}
		}
	}
	if after := snapshot(t, other); after != before {
		t.Errorf("the other school changed:\n%s\n%s", before, after)
	}
}

// snapshot is what an administrator of a school sees of it.
func snapshot(t *testing.T, s *apitest.School) string {
	t.Helper()
	var all []string
	for _, path := range []string{"", "/pupils", "/groups", "/teachers", "/households", "/conferences", "/rooms", "/merge-suggestions", "/imports", "/conferences/" + s.Conference.String() + "/schedule"} {
		all = append(all, string(s.World.Get(t, s.Admin, s.Path+path).Body))
	}
	return strings.Join(all, "\n")
}

func TestATokenIsGoodForItsOwnSchoolOnly(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	mine, other := w.School(t, "linde", apitest.Setup{Families: 1}), w.School(t, "beuk", apitest.Setup{Families: 1})
	for _, token := range []string{mine.Admin, mine.Teacher, mine.Key, mine.LogIn(t, 0)} {
		for _, route := range api.Routes() {
			if route.Public != "" || route.Local || !strings.Contains(route.Path, "{school}") {
				continue
			}
			var answers [3]apitest.Answer
			for i, school := range []string{"beuk", other.ID.String(), "nergens"} {
				answers[i] = w.Do(t, apitest.Call{Method: route.Method, Path: fill(route.Path, school, idsOf(other)), Token: token, Body: "{}"})
			}
			for _, answer := range answers {
				if answer.Status != http.StatusUnauthorized || !bytes.Equal(answer.Body, answers[0].Body) {
					t.Errorf("%s: %d %s", route.ID, answer.Status, answer.Body)
				}
			}
		}
	}
}

func TestTheOperatorMakesAndWipesASchool(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	made := w.Post(t, w.Operator, "/api/v1/schools", map[string]any{"slug": "iep", "name": "De Iep", "policy": map[string]any{"factors": []string{"birth_date", "postcode"}}})
	school := made.Want(t, http.StatusCreated)
	if made.Header.Get("Location") != "/api/v1/schools/iep" || school.Text("zone") != "Europe/Amsterdam" {
		t.Errorf("made %v at %q", school, made.Header.Get("Location"))
	}
	w.Post(t, w.Operator, "/api/v1/schools", map[string]any{"slug": "iep", "name": "Nog een"}).Want(t, http.StatusConflict)
	id := school.Text("id")
	wrong := w.Post(t, w.Operator, "/api/v1/schools/iep/cancel", map[string]any{"slug": "ipe"}).Want(t, http.StatusUnprocessableEntity)
	if faults := wrong.List("errors"); len(faults) != 1 || faults[0].Text("field") != "slug" {
		t.Errorf("faults %v", faults)
	}
	receipt := w.Post(t, w.Operator, "/api/v1/schools/iep/cancel", map[string]any{"slug": "iep"}).Want(t, http.StatusOK)
	if receipt.Text("school") != id || receipt.Text("signature") == "" {
		t.Errorf("receipt %v", receipt)
	}
	w.Get(t, "", "/api/v1/schools/iep/front").Want(t, http.StatusNotFound)
	w.Get(t, "", "/api/v1/schools/"+id+"/front").Want(t, http.StatusNotFound)
	kept := w.Get(t, w.Operator, "/api/v1/erasures").Want(t, http.StatusOK).List("items")
	if len(kept) != 1 || kept[0].Text("signature") != receipt.Text("signature") {
		t.Errorf("kept %v", kept)
	}
}

func TestTheReceiptCanBeChecked(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	answer := w.Post(t, w.Operator, s.Path+"/cancel", map[string]any{"slug": "linde"})
	receipt := answer.Want(t, http.StatusOK)
	signature := receipt.Text("signature")
	document := bytes.Replace(bytes.TrimSpace(answer.Body), []byte(signature), nil, 1)
	if !json.Valid(document) {
		t.Fatal("no JSON left")
	}
	if !verify(t, receipt.Text("public_key"), signature, document) {
		t.Error("the signature is not over the document with an empty signature")
	}
	if verify(t, receipt.Text("public_key"), signature, bytes.Replace(document, []byte(`"pupils":`), []byte(`"pupilx":`), 1)) {
		t.Error("another document passes too")
	}
	for _, token := range []string{s.Admin, s.Key} {
		w.Get(t, token, s.Path).Want(t, http.StatusUnauthorized)
	}
}

func TestTheSchoolChangesItsSettings(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	patch := func(body any) apitest.Answer {
		return w.Do(t, apitest.Call{Method: http.MethodPatch, Path: s.Path, Token: s.Admin, Body: body})
	}
	changed := patch(map[string]any{"place": "Voorbeelddorp", "rehearsal": true}).Want(t, http.StatusOK)
	if changed.Text("place") != "Voorbeelddorp" || changed.Text("name") != "School linde" || changed["rehearsal"] != true {
		t.Errorf("changed to %v", changed)
	}
	patch(map[string]any{"reply_to": "geen adres"}).Want(t, http.StatusUnprocessableEntity)
	patch(map[string]any{"zone": "Europe/Brussels"}).Want(t, http.StatusConflict)
	patch(map[string]any{"policy": map[string]any{"factors": []string{"postcode"}}}).Want(t, http.StatusUnprocessableEntity)
	patch(map[string]any{"policy": map[string]any{"factors": []string{"shoe_size"}}}).Want(t, http.StatusUnprocessableEntity)
}
