package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/models"
)

func freeOf(t *testing.T, family apitest.Document, child int) []apitest.Document {
	t.Helper()
	talks := family.List("children")[child].List("talks")
	if len(talks) != 1 || len(talks[0].List("options")) != 1 {
		t.Fatalf("talks %v", talks)
	}
	return talks[0].List("options")[0].List("free")
}

func TestAFamilyBooksForAllItsChildrenAtOnce(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	token := s.LogIn(t, 0)
	before := w.Get(t, token, s.Path+"/family").Want(t, http.StatusOK)
	free := freeOf(t, before, 0)
	if len(free) != 12 || free[0].Text("start") != "2026-11-24T18:00:00Z" || free[0].Text("local") != "2026-11-24T19:00" {
		t.Fatalf("free %v", free)
	}
	children := s.Families[0].Children
	body := map[string]any{
		"make": []any{s.Make(children[0], 0), s.Make(children[1], 1)}, "contact": map[string]string{"email": "ouder@example.com"}, "language": "en",
	}
	booked := w.Post(t, token, s.Path+"/family/bookings", body).Want(t, http.StatusCreated)
	made := booked.List("appointments")
	if len(made) != 2 || made[0].Text("child") != "Anna" || made[1].Text("local") != "2026-11-24T19:10" || made[0]["may_change"] != true {
		t.Fatalf("booked %v", booked)
	}
	after := w.Get(t, token, s.Path+"/family").Want(t, http.StatusOK)
	if len(after.List("appointments")) != 2 || len(freeOf(t, after, 0)) != 10 {
		t.Errorf("after %v", after)
	}
	queued := w.Get(t, s.Admin, s.Path+"/messages").Want(t, http.StatusOK).List("items")
	if len(queued) != 1 || queued[0].Text("kind") != "confirmation" || queued[0].Text("language") != "en" {
		t.Errorf("queued %v", queued)
	}
	if strings.Contains(w.Log.String(), "ouder@example.com") {
		t.Error("the contact is in the log")
	}
}

func TestABookingMovesAndCancels(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	token, children := s.LogIn(t, 0), s.Families[0].Children
	both := map[string]any{"make": []any{s.Make(children[0], 0), s.Make(children[1], 1)}}
	made := w.Post(t, token, s.Path+"/family/bookings", both).Want(t, http.StatusCreated).List("appointments")
	change := map[string]any{
		"move":   []any{map[string]any{"appointment": made[0].Text("id"), "start": s.Start(5).Format(time.RFC3339)}},
		"cancel": []any{map[string]any{"appointment": made[1].Text("id")}},
	}
	changed := w.Post(t, token, s.Path+"/family/bookings", change).Want(t, http.StatusCreated)
	moved := changed.List("appointments")
	if len(moved) != 1 || moved[0].Text("start") != "2026-11-24T18:50:00Z" || fmt.Sprint(changed["cancelled"]) != "["+made[1].Text("id")+"]" {
		t.Errorf("changed %v", changed)
	}
	again := w.Post(t, token, s.Path+"/family/bookings", map[string]any{"cancel": change["cancel"]})
	if problem := again.Want(t, http.StatusNotFound); problem.Text("code") != "booking.no-such-appointment" {
		t.Errorf("again %v", problem)
	}
}

func TestARepeatedBookingAnswersTheSame(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 2})
	token := s.LogIn(t, 2)
	book := func(token, key string, body any) apitest.Answer {
		return w.Do(t, apitest.Call{
			Method: http.MethodPost, Path: s.Path + "/family/bookings", Token: token, Body: body, Header: http.Header{"Idempotency-Key": {key}},
		})
	}
	first := book(token, "one", s.Book(2, 0))
	first.Want(t, http.StatusCreated)
	second := book(token, "one", s.Book(2, 0))
	second.Want(t, http.StatusCreated)
	if string(first.Body) != string(second.Body) || second.Header.Get("Idempotent-Replayed") != "true" || first.Header.Get("Idempotent-Replayed") != "" {
		t.Errorf("%v %s, %v %s", first.Header, first.Body, second.Header, second.Body)
	}
	other := book(token, "one", s.Book(2, 1)).Want(t, http.StatusUnprocessableEntity)
	if other.Text("code") != "idempotency-key-reused" {
		t.Errorf("other %v", other)
	}
	book(s.LogIn(t, 3), "one", s.Book(3, 1)).Want(t, http.StatusCreated)
	if problem := book(token, strings.Repeat("x", 256), s.Book(2, 2)).Want(t, http.StatusUnprocessableEntity); fields(problem)["Idempotency-Key"] != "too-long" {
		t.Errorf("long key: %v", problem)
	}
	schedule := w.Get(t, s.Admin, s.Path+"/conferences/"+s.Conference.String()+"/schedule").Want(t, http.StatusOK).List("items")
	if len(schedule) != 2 {
		t.Errorf("%d appointments, want 2", len(schedule))
	}
}

func TestAConflictNamesAlternativesThatAreTrue(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 2})
	w.Post(t, s.LogIn(t, 2), s.Path+"/family/bookings", s.Book(2, 4)).Want(t, http.StatusCreated)
	token, children := s.LogIn(t, 0), s.Families[0].Children
	both := map[string]any{"make": []any{s.Make(children[0], 4), s.Make(children[1], 5)}}
	answer := w.Do(t, apitest.Call{
		Method: http.MethodPost, Path: s.Path + "/family/bookings", Token: token, Body: both, Header: http.Header{"Accept-Language": {"en-GB,en;q=0.9"}},
	})
	problem := answer.Want(t, http.StatusConflict)
	items := problem.List("items")
	if problem.Text("type") != "/api/problems/booking.items" || len(items) != 1 || items[0].Text("ref") != "item-101" || items[0].Text("reason") != "taken" {
		t.Fatalf("problem %s", answer.Body)
	}
	if problem.Text("title") != "Not everything could be booked" || answer.Header.Get("Content-Language") != "en" {
		t.Errorf("%v %s", answer.Header, answer.Body)
	}
	alternatives := items[0].List("alternatives")
	if len(alternatives) != 3 || alternatives[0].Text("local") != "2026-11-24T19:30" || alternatives[0].Text("day") != s.Day.String() {
		t.Fatalf("alternatives %v", alternatives)
	}
	family := w.Get(t, token, s.Path+"/family").Want(t, http.StatusOK)
	if len(family.List("appointments")) != 0 {
		t.Errorf("something was booked: %v", family.List("appointments"))
	}
	for i, alternative := range alternatives {
		if i > 0 {
			w.Post(t, token, s.Path+"/family/bookings", cancelAll(t, w, s, token)).Want(t, http.StatusCreated)
		}
		first := s.Make(children[0], 0)
		first["start"], first["staff"] = alternative["start"], alternative["staff"]
		w.Post(t, token, s.Path+"/family/bookings", map[string]any{"make": []any{first, s.Make(children[1], 5)}}).Want(t, http.StatusCreated)
	}
}

func cancelAll(t *testing.T, w *apitest.World, s *apitest.School, token string) map[string]any {
	t.Helper()
	var cancel []any
	for _, appointment := range w.Get(t, token, s.Path+"/family").Want(t, http.StatusOK).List("appointments") {
		cancel = append(cancel, map[string]any{"appointment": appointment.Text("id")})
	}
	return map[string]any{"cancel": cancel}
}

func TestConsentPlacesTheRest(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	w.Post(t, s.LogIn(t, 2), s.Path+"/family/bookings", s.Book(2, 4)).Want(t, http.StatusCreated)
	token, children := s.LogIn(t, 0), s.Families[0].Children
	body := map[string]any{"make": []any{s.Make(children[0], 4), s.Make(children[1], 5)}, "consent": map[string]bool{"rest": true}}
	booked := w.Post(t, token, s.Path+"/family/bookings", body).Want(t, http.StatusCreated)
	if unplaced := booked.List("unplaced"); len(unplaced) != 1 || unplaced[0].Text("reason") != "taken" || unplaced[0].Text("detail") == "" || len(booked.List("appointments")) != 1 {
		t.Errorf("booked %v", booked)
	}
	nearest := map[string]any{"make": []any{s.Make(children[0], 4)}, "consent": map[string]bool{"nearest": true}}
	placed := w.Post(t, token, s.Path+"/family/bookings", nearest).Want(t, http.StatusCreated).List("appointments")
	if len(placed) != 1 || placed[0].Text("local") != "2026-11-24T19:30" {
		t.Errorf("placed %v", placed)
	}
}

func TestNobodySeesAnotherFamilysAppointment(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 2})
	mine, other := s.LogIn(t, 2), s.LogIn(t, 3)
	appointment := w.Post(t, mine, s.Path+"/family/bookings", s.Book(2, 0)).Want(t, http.StatusCreated).List("appointments")[0].Text("id")
	for what, id := range map[string]string{"another family's": appointment, "one that is not there": models.New[models.AppointmentID]().String()} {
		for _, body := range []map[string]any{
			{"cancel": []any{map[string]any{"appointment": id}}},
			{"move": []any{map[string]any{"appointment": id, "start": s.Start(3).Format(time.RFC3339)}}},
		} {
			answer := w.Post(t, other, s.Path+"/family/bookings", body)
			if problem := answer.Want(t, http.StatusNotFound); problem.Text("code") != "booking.no-such-appointment" || len(problem) != 5 {
				t.Errorf("%s: %s", what, answer.Body)
			}
		}
	}
	foreign := w.Post(t, other, s.Path+"/family/bookings", s.Book(2, 5))
	if problem := foreign.Want(t, http.StatusNotFound); problem.Text("code") != "booking.no-such-child" {
		t.Errorf("another family's child: %s", foreign.Body)
	}
	if seen := w.Get(t, other, s.Path+"/family").Want(t, http.StatusOK).List("appointments"); len(seen) != 0 {
		t.Errorf("seen %v", seen)
	}
}

func TestStaffBookForAFamilyAndForNoOther(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 2})
	home := s.Path + "/households/" + s.Families[2].Household.String()
	booked := w.Post(t, s.Admin, home+"/bookings", s.Book(2, 0)).Want(t, http.StatusCreated).List("appointments")
	if len(booked) != 1 || booked[0].Text("room") != "B1.04" {
		t.Fatalf("booked %v", booked)
	}
	cancel := map[string]any{"cancel": []any{map[string]any{"appointment": booked[0].Text("id")}}}
	elsewhere := s.Path + "/households/" + s.Families[3].Household.String() + "/bookings"
	w.Post(t, s.Admin, elsewhere, cancel).Want(t, http.StatusNotFound)
	zero := s.Path + "/households/00000000-0000-0000-0000-000000000000/bookings"
	w.Post(t, s.Admin, zero, cancel).Want(t, http.StatusNotFound)
	family := w.Get(t, s.Admin, home+"/family").Want(t, http.StatusOK)
	if len(family.List("appointments")) != 1 {
		t.Errorf("family %v", family)
	}
	w.Post(t, s.Admin, home+"/bookings", cancel).Want(t, http.StatusCreated)
	// Limits and opening times do not bind staff, claims do.
	w.Database.Clock.Advance(30 * 24 * time.Hour)
	if problem := w.Post(t, s.NewKey(t, models.ScopeBooking), home+"/bookings", s.Book(2, 0)).Want(t, http.StatusConflict); problem.List("items")[0].Text("reason") != "closed" {
		t.Errorf("a past slot: %v", problem)
	}
}

func TestBookingsThatCannotBe(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	token, child := s.LogIn(t, 2), s.Families[2].Children[0]
	with := func(name string, value any) map[string]any {
		item := s.Make(child, 0)
		item[name] = value
		return map[string]any{"make": []any{item}}
	}
	tests := map[string]struct {
		body   any
		status int
		want   string // code, or reason of the item
	}{
		"nothing at all":            {map[string]any{}, http.StatusUnprocessableEntity, "booking.empty"},
		"a start that is no slot":   {with("start", "2026-11-24T18:05:00Z"), http.StatusConflict, "not_offered"},
		"a start between ticks":     {with("start", "2026-11-24T18:00:01Z"), http.StatusConflict, "not_offered"},
		"a start of the year 9999":  {with("start", "9999-12-31T23:59:59Z"), http.StatusConflict, "not_offered"},
		"a start long ago":          {with("start", "0001-01-01T00:00:00Z"), http.StatusConflict, "not_offered"},
		"a start in another zone":   {with("start", "2026-11-24T19:00:00+01:00"), http.StatusCreated, ""},
		"a teacher who is not ours": {with("staff", []string{s.Room.String()}), http.StatusConflict, "not_offered"},
		"a talk that is none":       {with("talk_kind", s.Room.String()), http.StatusNotFound, "booking.no-such-talk"},
		"a third party":             {with("party", 3), http.StatusUnprocessableEntity, "invalid"},
		"a household in the body":   {map[string]any{"make": []any{s.Make(child, 0)}, "household": s.Families[0].Household.String()}, http.StatusUnprocessableEntity, "invalid"},
		"a role in the body":        {map[string]any{"make": []any{s.Make(child, 0)}, "role": "administrator"}, http.StatusUnprocessableEntity, "invalid"},
	}
	for _, title := range slices.Sorted(keys(tests)) {
		test := tests[title]
		problem := w.Post(t, token, s.Path+"/family/bookings", test.body).Want(t, test.status)
		got := problem.Text("code")
		if items := problem.List("items"); len(items) == 1 {
			got = items[0].Text("reason")
		}
		if got != test.want {
			t.Errorf("%s: %v", title, problem)
		}
	}
}

func TestTheSchoolMayWriteWhyItCancels(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	token, child := s.LogIn(t, 0), s.Families[0].Children[0]
	made := w.Post(t, token, s.Path+"/family/bookings", map[string]any{"make": []any{s.Make(child, 0)}}).Want(t, http.StatusCreated).List("appointments")[0]
	body := func(reason string) map[string]any {
		return map[string]any{"cancel": []any{map[string]any{"appointment": made["id"]}}, "reason": reason}
	}
	w.Post(t, token, s.Path+"/family/bookings", body("Geen zin")).Want(t, http.StatusUnprocessableEntity) // a family writes none to itself
	path := s.Path + "/households/" + made.Text("household") + "/bookings"
	w.Post(t, s.Admin, path, body(strings.Repeat("x", 301))).Want(t, http.StatusUnprocessableEntity)
	if got := fields(w.Post(t, s.Admin, path, body("Zie 111222333")).Want(t, http.StatusUnprocessableEntity)); got["reason"] != "citizen-number" {
		t.Errorf("a citizen service number: %v", got)
	}
	if done := w.Post(t, s.Admin, path, body("De docent is ziek")).Want(t, http.StatusCreated); fmt.Sprint(done["cancelled"]) != fmt.Sprint([]any{made["id"]}) {
		t.Errorf("cancelled %v", done)
	}
	if strings.Contains(w.Log.String(), "ziek") {
		t.Error("it is in the log")
	}
}
