package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/api"
	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
)

// TestAConferenceFromDraftToSchedule prepares a conference over the API only, opens it and books in it.
func TestAConferenceFromDraftToSchedule(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1, Draft: true})
	made := w.Post(t, s.Key, s.Path+"/conferences", map[string]any{
		"key": "voorjaar", "title": "Voorjaar", "opens_at": "2026-11-01T00:00:00Z", "closes_at": "2026-12-01T00:00:00Z", "rules": map[string]any{"lead_minutes": 30},
	})
	conference := made.Want(t, http.StatusCreated)
	path := s.Path + "/conferences/" + conference.Text("id")
	if conference.Text("state") != "draft" || made.Header.Get("ETag") != `"1"` || object(conference, "rules")["lead_minutes"] != float64(30) {
		t.Fatalf("made %v %v", made.Header, conference)
	}
	w.Post(t, s.Key, s.Path+"/conferences", map[string]any{"key": "voorjaar", "title": "x", "opens_at": "2026-11-01T00:00:00Z", "closes_at": "2026-12-01T00:00:00Z"}).Want(t, http.StatusConflict)

	ready := w.Get(t, s.Key, path+"/readiness").Want(t, http.StatusOK)
	if ready["ready"] != false || len(ready.List("blockers")) != 3 || ready.List("blockers")[0].Text("detail") != "Er is nog geen dag." {
		t.Errorf("ready %v", ready)
	}
	blocked := w.Post(t, s.Key, path+"/open", nil).Want(t, http.StatusConflict)
	if blocked.Text("code") != "conference.not-ready" || blocked.Text("detail") != "Er is nog geen dag." {
		t.Errorf("blocked %v", blocked)
	}
	day := w.Post(t, s.Key, path+"/days", map[string]any{"date": "2026-11-25", "audience": map[string]any{"groups": []string{s.Group.String()}, "siblings": true}}).Want(t, http.StatusCreated).List("days")[0]
	kind := w.Post(t, s.Key, path+"/talk-kinds", map[string]any{"title": "Gesprek", "minutes": 15, "staffing": "mentor", "pupil_attends": true}).Want(t, http.StatusCreated).List("talk_kinds")[0]
	if day.Text("date") != "2026-11-25" || kind.Text("obligation") != "optional" || kind.Text("pairing") != "either" {
		t.Errorf("day %v, kind %v", day, kind)
	}
	room := w.Post(t, s.Key, s.Path+"/rooms", map[string]any{"key": "A1", "name": "A1.01", "zone": "A", "used_alone": true}).Want(t, http.StatusCreated)
	days := map[string]any{"days": []any{map[string]any{
		"teacher": s.Mentor.String(), "day": day.Text("id"), "windows": []any{map[string]any{"from": "19:00", "until": "24:00", "room": room.Text("id")}},
		"breaks": []any{map[string]any{"from": "20:00", "until": "20:15"}},
	}}}
	put := apitest.Call{Method: http.MethodPut, Path: path + "/availability", Token: s.Teacher, Body: days}
	w.Do(t, put).Want(t, http.StatusOK)
	shown := w.Get(t, s.Teacher, path+"/availability?teacher="+s.Mentor.String()).Want(t, http.StatusOK).List("days")
	if len(shown) != 1 || shown[0].List("windows")[0].Text("until") != "24:00" || shown[0].List("breaks")[0].Text("kind") != "break" {
		t.Errorf("shown %v", shown)
	}
	seen := w.Get(t, s.Key, path+"/readiness").Want(t, http.StatusOK)
	if seen["ready"] != true || len(seen.List("without_slot")) != 0 || len(seen.List("without_availability")) != 0 {
		t.Errorf("ready %v", seen)
	}
	offer := w.Post(t, s.Key, path+"/offers", map[string]any{"talk_kind": kind.Text("id"), "year": "1", "staff": []string{s.Mentor.String()}}).Want(t, http.StatusCreated).Text("id")
	w.Do(t, apitest.Call{Method: http.MethodDelete, Path: path + "/offers/" + offer, Token: s.Key}).Want(t, http.StatusNoContent)
	if open := w.Post(t, s.Key, path+"/open", nil).Want(t, http.StatusOK); open.Text("state") != "open" {
		t.Errorf("open %v", open)
	}
	item := s.Make(s.Families[2].Children[0], 0)
	item["talk_kind"], item["start"] = kind.Text("id"), "2026-11-25T18:00:00Z"
	w.Post(t, s.LogIn(t, 2), s.Path+"/family/bookings", map[string]any{"make": []any{item}}).Want(t, http.StatusCreated)
	if schedule := w.Get(t, s.Teacher, path+"/schedule").Want(t, http.StatusOK).List("items"); len(schedule) != 1 || schedule[0].Text("room") != "A1.01" {
		t.Errorf("schedule %v", schedule)
	}
	empty := map[string]any{"days": []any{map[string]any{"teacher": s.Mentor.String(), "day": day.Text("id"), "windows": []any{}}}}
	put.Body = empty
	if outside := w.Do(t, put).Want(t, http.StatusOK).List("outside"); len(outside) != 1 || outside[0].Text("local") != "2026-11-25T19:00" {
		t.Errorf("outside %v", outside)
	}
	if closed := w.Post(t, s.Key, path+"/close", nil).Want(t, http.StatusOK); closed.Text("state") != "closed" {
		t.Errorf("closed %v", closed)
	}
}

func TestAChangeBasedOnAnOlderVersionIsRefused(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	path := s.Path + "/conferences/" + s.Conference.String()
	patch := func(match, title string) apitest.Answer {
		call := apitest.Call{Method: http.MethodPatch, Path: path, Token: s.Admin, Body: map[string]any{"title": title}}
		if match != "" {
			call.Header = http.Header{"If-Match": {match}}
		}
		return w.Do(t, call)
	}
	tag := w.Get(t, s.Admin, path).Header.Get("ETag")
	changed := patch(tag, "Een")
	changed.Want(t, http.StatusOK)
	if changed.Header.Get("ETag") == tag {
		t.Error("the ETag stays the same")
	}
	for _, stale := range []string{tag, "W/" + changed.Header.Get("ETag"), "nonsense", `"0"`, `"-1"`, `"1`} {
		if problem := patch(stale, "Twee").Want(t, http.StatusPreconditionFailed); problem.Text("code") != "stale" {
			t.Errorf("%s: %v", stale, problem)
		}
	}
	patch(tag+", "+changed.Header.Get("ETag"), "Drie").Want(t, http.StatusOK)
	patch("*", "Vier").Want(t, http.StatusOK)
	if last := patch("", "Vijf").Want(t, http.StatusOK); last.Text("title") != "Vijf" {
		t.Errorf("last %v", last)
	}
}

func TestATeacherReachesTheOwnThingsOnly(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	path := s.Path + "/conferences/" + s.Conference.String()
	colleague := w.Post(t, s.Admin, s.Path+"/teachers", map[string]any{"key": "BAK", "name": "dhr. K. Bakker"}).Want(t, http.StatusCreated).Text("id")
	set := func(teachers ...string) int {
		var days []any
		for _, teacher := range teachers {
			days = append(days, map[string]any{"teacher": teacher, "day": s.Day.String(), "windows": []any{map[string]any{"from": "19:00", "until": "20:00"}}})
		}
		return w.Do(t, apitest.Call{Method: http.MethodPut, Path: path + "/availability", Token: s.Teacher, Body: map[string]any{"days": days}}).Status
	}
	for what, test := range map[string]struct{ got, want int }{
		"the own availability":               {set(s.Mentor.String()), http.StatusOK},
		"a colleague's availability":         {set(colleague), http.StatusForbidden},
		"the own and a colleague's":          {set(s.Mentor.String(), colleague), http.StatusForbidden},
		"somebody who is not there":          {set(models.New[models.StaffID]().String()), http.StatusForbidden},
		"the own schedule":                   {w.Get(t, s.Teacher, path+"/schedule").Status, http.StatusOK},
		"the own schedule by name":           {w.Get(t, s.Teacher, path+"/schedule?teacher="+s.Mentor.String()).Status, http.StatusOK},
		"a colleague's schedule":             {w.Get(t, s.Teacher, path+"/schedule?teacher="+colleague).Status, http.StatusForbidden},
		"the pupils":                         {w.Get(t, s.Teacher, s.Path+"/pupils").Status, http.StatusForbidden},
		"the readiness, which names pupils":  {w.Get(t, s.Teacher, path+"/readiness").Status, http.StatusForbidden},
		"a family":                           {w.Get(t, s.Teacher, s.Path+"/households/"+s.Families[0].Household.String()+"/family").Status, http.StatusForbidden},
		"a schedule by a key without talks":  {w.Get(t, s.NewKey(t, models.ScopeConferenceRead), path+"/schedule").Status, http.StatusForbidden},
		"a schedule by a key that may see":   {w.Get(t, s.NewKey(t, models.ScopeConferenceRead, models.ScopeBookingRead), path+"/schedule").Status, http.StatusOK},
		"a readiness by half a key":          {w.Get(t, s.NewKey(t, models.ScopeConferenceRead), path+"/readiness").Status, http.StatusForbidden},
		"a schedule of an id that is none":   {w.Get(t, s.Admin, path+"/schedule?teacher=x").Status, http.StatusNotFound},
		"a schedule of nobody":               {w.Get(t, s.Admin, path+"/schedule?teacher=00000000-0000-0000-0000-000000000000").Status, http.StatusNotFound},
		"a colleague's schedule by an admin": {w.Get(t, s.Admin, path+"/schedule?teacher="+colleague).Status, http.StatusOK},
	} {
		if test.got != test.want {
			t.Errorf("%s: %d, want %d", what, test.got, test.want)
		}
	}
}

func TestABreakWhereAFamilyComesIsRefused(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	w.Post(t, s.LogIn(t, 2), s.Path+"/family/bookings", s.Book(2, 0)).Want(t, http.StatusCreated)
	days := map[string]any{"days": []any{map[string]any{
		"teacher": s.Mentor.String(), "day": s.Day.String(), "windows": []any{map[string]any{"from": "19:00", "until": "21:00"}},
		"breaks": []any{map[string]any{"from": "19:00", "until": "19:10"}},
	}}}
	path := s.Path + "/conferences/" + s.Conference.String() + "/availability"
	problem := w.Do(t, apitest.Call{Method: http.MethodPut, Path: path, Token: s.Admin, Body: days}).Want(t, http.StatusConflict)
	if problem.Text("code") != "availability.booked" {
		t.Errorf("problem %v", problem)
	}
	shown := w.Get(t, s.Admin, path).Want(t, http.StatusOK).List("days")
	if len(shown) != 1 || len(shown[0].List("breaks")) != 0 {
		t.Errorf("something changed: %v", shown)
	}
}

func TestTheMailboxIsReadThroughItsHook(t *testing.T) {
	t.Parallel()
	var asked models.SchoolID
	w := apitest.New(t, func(config *api.Config) {
		config.Mailbox = func(_ context.Context, school models.SchoolID, limit int) ([]rest.MailboxMessage, error) {
			asked = school
			return []rest.MailboxMessage{{ID: "x", Channel: models.ChannelMail, At: time.Unix(0, 0), To: "ouder@example.com", Subject: "Hoi", Text: "Tekst"}}[:min(limit, 1)], nil
		}
	})
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	items := w.Get(t, s.Admin, s.Path+"/mailbox?limit=5").Want(t, http.StatusOK).List("items")
	if len(items) != 1 || items[0].Text("at") != "1970-01-01T00:00:00Z" || asked != s.ID {
		t.Errorf("items %v of %v", items, asked)
	}
	w.Get(t, s.Key, s.Path+"/mailbox").Want(t, http.StatusForbidden)
	w.Get(t, s.LogIn(t, 0), s.Path+"/mailbox").Want(t, http.StatusForbidden)
	without := apitest.New(t)
	plain := without.School(t, "linde", apitest.Setup{Families: 1})
	without.Get(t, plain.Admin, plain.Path+"/mailbox").Want(t, http.StatusNotFound)
}

func TestMessagesShowNoTextsAndNoAddresses(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 2})
	for i := range 2 {
		body := s.Book(i+2, i)
		body["contact"] = map[string]string{"email": "geheim@example.com", "phone": "06 12345678"}
		w.Post(t, s.LogIn(t, i+2), s.Path+"/family/bookings", body).Want(t, http.StatusCreated)
	}
	answer := w.Get(t, s.NewKey(t, models.ScopeBookingRead), s.Path+"/messages?limit=3")
	items := answer.Want(t, http.StatusOK).List("items")
	if len(items) != 3 || items[0].Text("state") != "queued" {
		t.Errorf("messages %s", answer.Body)
	}
	for _, hidden := range []string{"geheim", "+316", "Gezin"} {
		if contains(answer.Body, hidden) {
			t.Errorf("%s is in %s", hidden, answer.Body)
		}
	}
}

// What is offered to nobody, or by nobody who has time, is told before the parents find out, in their office's language.
func TestAConferenceThatShowsNobodyATalkIsNotReady(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1, Draft: true})
	made := w.Post(t, s.Key, s.Path+"/conferences", map[string]any{
		"title": "Voorjaar", "opens_at": "2026-11-01T00:00:00Z", "closes_at": "2026-12-01T00:00:00Z",
		"days":       []any{map[string]any{"date": "2026-11-25", "audience": map[string]any{"everybody": true}}},
		"talk_kinds": []any{map[string]any{"title": "Zorg", "minutes": 10, "staffing": "offer"}},
	}).Want(t, http.StatusCreated)
	path, day, kind := s.Path+"/conferences/"+made.Text("id"), made.List("days")[0].Text("id"), made.List("talk_kinds")[0].Text("id")
	put := apitest.Call{Method: http.MethodPut, Path: path + "/availability", Token: s.Teacher, Body: map[string]any{"days": []any{map[string]any{
		"teacher": s.Mentor.String(), "day": day, "windows": []any{map[string]any{"from": "19:00", "until": "21:00"}},
	}}}}
	w.Do(t, put).Want(t, http.StatusOK)
	ready := w.Get(t, s.Key, path+"/readiness").Want(t, http.StatusOK)
	const detail = "Niemand kan iets boeken: geen leerling krijgt een gesprek aangeboden, of geen van de docenten daarvan heeft beschikbaarheid op een dag voor die leerling."
	if ready["ready"] != false || len(ready.List("blockers")) != 1 || ready.List("blockers")[0].Text("detail") != detail {
		t.Errorf("ready %v", ready)
	}
	if blocked := w.Post(t, s.Key, path+"/open", nil).Want(t, http.StatusConflict); blocked.Text("detail") != detail {
		t.Errorf("blocked %v", blocked)
	}
	w.Post(t, s.Key, path+"/offers", map[string]any{"talk_kind": kind, "staff": []string{another(t, s).String()}}).Want(t, http.StatusCreated)
	ready = w.Get(t, s.Key, path+"/readiness").Want(t, http.StatusOK)
	teachers, pupils := ready.List("without_availability"), ready.List("without_slot")
	if ready["ready"] != false || len(teachers) != 1 || len(pupils) == 0 || pupils[0].Text("reason") != "no-slot" || pupils[0].Text("detail") == "" {
		t.Errorf("ready %v", ready)
	}
	w.Post(t, s.Key, path+"/offers", map[string]any{"talk_kind": kind, "pupil": pupils[0].Text("pupil"), "staff": []string{s.Mentor.String()}}).Want(t, http.StatusCreated)
	ready = w.Get(t, s.Key, path+"/readiness").Want(t, http.StatusOK)
	if ready["ready"] != true || len(ready.List("without_slot")) != len(pupils)-1 {
		t.Errorf("ready %v", ready)
	}
}

// another gives a second teacher of the school, who has no availability.
func another(t *testing.T, s *apitest.School) models.StaffID {
	t.Helper()
	ctx := context.Background()
	file := roster.File{Name: "docenten.csv", Data: []byte("groep;leerkracht;rol\n1A;mw. J. Visser;mentor\n1A;dhr. K. Bos;intern begeleider\n")}
	if _, err := s.World.Booking.People.ImportTeachers(ctx, s.Actor(), people.TeachingTable{Table: file}); err != nil {
		t.Fatal(err)
	}
	_, people, err := s.World.Booking.People.Pupils(ctx, s.Actor())
	if err != nil {
		t.Fatal(err)
	}
	for _, staff := range people.AllStaff() {
		if staff.ID != s.Mentor {
			return staff.ID
		}
	}
	t.Fatal("there is no other teacher")
	return models.StaffID{}
}
