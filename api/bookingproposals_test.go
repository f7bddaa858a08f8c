package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/models"
)

// asMake is what a proposal would have a family book.
func asMake(proposal apitest.Document) map[string]any {
	return map[string]any{"make": proposal["make"]}
}

func TestAProposalIsBookedAsItIs(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	token, path := s.LogIn(t, 0), s.Path+"/family/bookings/proposals"
	found := w.Post(t, token, path, map[string]any{}).Want(t, http.StatusOK)
	if len(found.List("wishes")) != 2 || len(found.List("proposals")) < 2 || len(found.List("missing")) != 0 {
		t.Fatalf("found %v", found)
	}
	best := found.List("proposals")[0]
	talks := best.List("talks")
	if len(talks) != 2 || talks[0].Text("local") != "2026-11-24T19:00" || talks[1].Text("local") != "2026-11-24T19:10" || talks[0].Text("ref") == "" ||
		best["wait_minutes"] != 0.0 || best["days"] != 1.0 || best["proven"] != true || len(best.List("missing")) != 0 {
		t.Errorf("the best: %v", best)
	}
	if seen := w.Get(t, token, s.Path+"/family").Want(t, http.StatusOK).List("appointments"); len(seen) != 0 {
		t.Errorf("proposing booked %v", seen)
	}
	booked := w.Post(t, token, s.Path+"/family/bookings", asMake(best)).Want(t, http.StatusCreated).List("appointments")
	if len(booked) != 2 || booked[0].Text("start") != talks[0].Text("start") || booked[1].Text("pupil") != best.List("make")[1].Text("pupil") {
		t.Errorf("booked %v, proposed %v", booked, talks)
	}
}

func TestARefusedProposalLeadsToAnother(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	token, path := s.LogIn(t, 0), s.Path+"/family/bookings/proposals"
	question := map[string]any{"windows": []any{map[string]any{"day": s.Day.String(), "from": "19:30", "until": "20:30"}}, "most": 1}
	first := w.Post(t, token, path, question).Want(t, http.StatusOK)
	best := first.List("proposals")[0]
	if start := best.List("talks")[0].Text("local"); start != "2026-11-24T19:30" {
		t.Fatalf("proposed %s", start)
	}
	w.Post(t, s.LogIn(t, 2), s.Path+"/family/bookings", s.Book(2, 3)).Want(t, http.StatusCreated)
	refused := w.Post(t, token, s.Path+"/family/bookings", asMake(best)).Want(t, http.StatusConflict)
	if refused.Text("code") != "booking.items" || refused.Text("proposals") != path || len(refused.List("items")) != 1 {
		t.Fatalf("refused %v", refused)
	}
	var items []any
	for _, failed := range refused.List("items") {
		for _, item := range best.List("make") {
			if item.Text("ref") == failed.Text("ref") {
				items = append(items, map[string]any{"pupil": item["pupil"], "talk_kind": item["talk_kind"], "staff": item["staff"], "start": item["start"]})
			}
		}
	}
	question["talks"], question["refused"] = first["wishes"], items
	again := w.Post(t, token, refused.Text("proposals"), question).Want(t, http.StatusOK).List("proposals")[0]
	if len(again.List("talks")) != 2 || again["wait_minutes"] != 0.0 {
		t.Errorf("proposed again %v", again)
	}
	w.Post(t, token, s.Path+"/family/bookings", asMake(again)).Want(t, http.StatusCreated)
}

func TestWhatDoesNotFitIsNamedInTheLanguageAskedFor(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	token := s.LogIn(t, 0)
	narrow := map[string]any{"windows": []any{map[string]any{"from": "19:00", "until": "19:10"}}}
	for language, detail := range map[string]string{"en": "It is only possible if another talk is left out.", "nl": "Het kan alleen als een ander gesprek vervalt."} {
		answer := w.Do(t, apitest.Call{
			Method: http.MethodPost, Path: s.Path + "/family/bookings/proposals", Token: token, Body: narrow, Header: http.Header{"Accept-Language": {language}},
		}).Want(t, http.StatusOK)
		missing := answer.List("proposals")[0].List("missing")
		if len(missing) != 1 || missing[0].Text("reason") != "in_the_way" || missing[0].Text("detail") != detail || missing[0].Text("title") != "Mentorgesprek" {
			t.Errorf("%s: %v", language, missing)
		}
	}
	never := map[string]any{"windows": []any{map[string]any{"from": "08:00", "until": "09:00"}}}
	found := w.Post(t, token, s.Path+"/family/bookings/proposals", never).Want(t, http.StatusOK)
	if len(found.List("proposals")) != 0 || len(found.List("missing")) != 2 || found.List("missing")[0].Text("reason") != "outside_windows" {
		t.Errorf("found %v", found)
	}
}

func TestWhoMayAskForProposals(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 2})
	other := w.School(t, "eik", apitest.Setup{Families: 1})
	household := s.Path + "/households/" + s.Families[0].Household.String() + "/bookings/proposals"
	own, elsewhere := s.Path+"/family/bookings/proposals", other.Path+"/family/bookings/proposals"
	child := map[string]any{"talks": []any{map[string]any{"pupil": s.Families[0].Children[0].ID.String(), "talk_kind": s.TalkKind.String()}}}
	window := func(name, value string) map[string]any {
		return map[string]any{"windows": []any{map[string]any{name: value}}}
	}
	nothing := map[string]any{}
	for name, test := range map[string]struct {
		token, path string
		body        any
		status      int
		code        string
	}{
		"a parent for the own child":          {s.LogIn(t, 0), own, child, http.StatusOK, ""},
		"a parent for another's child":        {s.LogIn(t, 2), own, child, http.StatusNotFound, "booking.no-such-child"},
		"a parent for a household":            {s.LogIn(t, 0), household, child, http.StatusForbidden, "forbidden"},
		"an administrator for a household":    {s.Admin, household, child, http.StatusOK, ""},
		"an administrator as a family":        {s.Admin, own, child, http.StatusForbidden, "forbidden"},
		"a key that books":                    {s.NewKey(t, models.ScopeBooking), household, child, http.StatusOK, ""},
		"a key that only reads":               {s.NewKey(t, models.ScopeBookingRead), household, child, http.StatusForbidden, "forbidden"},
		"a teacher":                           {s.Teacher, household, child, http.StatusForbidden, "forbidden"},
		"the administrator of another school": {other.Admin, household, child, http.StatusUnauthorized, "not-logged-in"},
		"another school's household": {
			other.Admin, other.Path + "/households/" + s.Families[0].Household.String() + "/bookings/proposals", nothing, http.StatusNotFound, "not-found",
		},
		"a household that is not there": {
			s.Admin, s.Path + "/households/" + models.New[models.HouseholdID]().String() + "/bookings/proposals", nothing, http.StatusNotFound, "not-found",
		},
		"another school's child in the body":  {other.LogIn(t, 0), elsewhere, child, http.StatusNotFound, "booking.no-such-child"},
		"a day of another school as a window": {other.LogIn(t, 0), elsewhere, window("day", s.Day.String()), http.StatusUnprocessableEntity, "invalid"},
		"a window that is no time":            {s.LogIn(t, 0), own, window("from", "7 uur"), http.StatusUnprocessableEntity, "invalid"},
		"three parties":                       {s.LogIn(t, 0), own, map[string]any{"parties": 3}, http.StatusUnprocessableEntity, "invalid"},
		"a talk without a child":              {s.LogIn(t, 0), own, map[string]any{"talks": []any{map[string]any{"talk_kind": s.TalkKind.String()}}}, http.StatusUnprocessableEntity, "invalid"},
	} {
		problem := w.Post(t, test.token, test.path, test.body).Want(t, test.status)
		if problem.Text("code") != test.code {
			t.Errorf("%s: %v", name, problem)
		}
	}
}

func TestChosenTimesAreKeptInAProposal(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	token, children := s.LogIn(t, 0), s.Families[0].Children
	kept := s.Make(children[0], 6)
	question := map[string]any{
		"keep": []any{kept}, "talks": []any{map[string]any{"pupil": children[1].ID.String(), "talk_kind": s.TalkKind.String(), "ref": "b"}},
	}
	best := w.Post(t, token, s.Path+"/family/bookings/proposals", question).Want(t, http.StatusOK).List("proposals")[0]
	starts := map[string]string{}
	for _, talk := range best.List("talks") {
		starts[talk.Text("ref")] = talk.Text("start")
		if (talk["kept"] == true) != (talk.Text("ref") == kept["ref"]) {
			t.Errorf("kept: %v", talk)
		}
	}
	if starts[kept["ref"].(string)] != s.Start(6).Format(time.RFC3339) || best["wait_minutes"] != 0.0 || len(starts) != 2 {
		t.Errorf("best %v", best)
	}
	w.Post(t, token, s.Path+"/family/bookings", asMake(best)).Want(t, http.StatusCreated)
}
