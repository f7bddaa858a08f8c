package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/booking/plan"
	"github.com/ouderavond/ouderavond/models"
)

func TestTheInstanceOfAConferenceCanBePlanned(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 3})
	w.Post(t, s.LogIn(t, 2), s.Path+"/family/bookings", s.Book(2, 4)).Want(t, http.StatusCreated)
	path := s.Path + "/conferences/" + s.Conference.String() + "/plan-instance"
	answer := w.Get(t, s.Admin, path)
	answer.Want(t, http.StatusOK)
	instance, err := plan.ReadInstance(bytes.NewReader(answer.Body))
	if err != nil {
		t.Fatal(err)
	}
	if len(instance.Teachers) != 1 || len(instance.Teachers[0].Slots) != 12 || len(instance.Pinned) != 1 || instance.Pinned[0].Start != 19*60+40 || len(instance.Parties) != 5 {
		t.Errorf("instance %s", answer.Body)
	}
	for _, secret := range []string{"Anna", "Tweelaar", "Visser", "najaar", "Tienminuten", "linde"} {
		if strings.Contains(string(answer.Body), secret) {
			t.Errorf("the instance holds %q", secret)
		}
	}
	made, _, err := plan.Solve(instance, plan.Options{Steps: 50, BoundSteps: 5})
	if err != nil {
		t.Fatal(err)
	}
	figures, err := plan.Measure(instance, made, plan.School())
	if err != nil || figures.Met != 7 {
		t.Errorf("%+v, %v", figures, err)
	}
	for name, test := range map[string]struct {
		token, path string
		status      int
	}{
		"a parent":                       {s.LogIn(t, 0), path, http.StatusForbidden},
		"a key for conferences only":     {s.NewKey(t, models.ScopeConferenceRead), path, http.StatusForbidden},
		"a key for both":                 {s.NewKey(t, models.ScopeConferenceRead, models.ScopeBookingRead), path, http.StatusOK},
		"a teacher":                      {s.Teacher, path, http.StatusForbidden},
		"a conference that is not there": {s.Admin, s.Path + "/conferences/" + models.New[models.ConferenceID]().String() + "/plan-instance", http.StatusNotFound},
		"the conference's key, no id":    {s.Admin, s.Path + "/conferences/najaar/plan-instance", http.StatusNotFound},
	} {
		if got := w.Get(t, test.token, test.path).Status; got != test.status {
			t.Errorf("%s: %d", name, got)
		}
	}
}
