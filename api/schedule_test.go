package api_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/models"
)

func TestTheScheduleNamesPupilsForThoseWhoMeetThem(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 2})
	path := s.Path + "/conferences/" + s.Conference.String() + "/schedule"
	w.Post(t, s.LogIn(t, 2), s.Path+"/family/bookings", s.Book(2, 0)).Want(t, http.StatusCreated)
	colleague := another(t, s).String()
	w.Do(t, apitest.Call{Method: http.MethodPatch, Path: s.Path + "/households/" + s.Families[2].Household.String(), Token: s.Admin, Body: map[string]any{"interpreter": "Tigrinya"}}).Want(t, http.StatusOK)
	full, child := s.Families[2].Children[0].Name, s.Families[2].Children[0]
	for who, test := range map[string]struct{ token, name string }{
		"an administrator":                   {s.Admin, full},
		"the teacher":                        {s.Teacher, full},
		"a key that may read the roster":     {s.NewKey(t, models.ScopeConferenceRead, models.ScopeBookingRead, models.ScopeRosterRead), full},
		"a key that may not read the roster": {s.NewKey(t, models.ScopeConferenceRead, models.ScopeBookingRead), ""},
	} {
		items := w.Get(t, test.token, path).Want(t, http.StatusOK).List("items")
		if len(items) != 1 || items[0].Text("name") != test.name || (items[0].Text("group") == "1A") != (test.name != "") || (items[0].Text("interpreter") == "Tigrinya") != (test.name != "") || items[0].Text("child") != "Anna" {
			t.Errorf("%s: %v", who, items)
		}
	}
	for query, want := range map[string]int{
		"?teacher=" + s.Mentor.String(): 1, "?teacher=" + colleague: 0, "?day=" + s.Day.String(): 1, "?day=" + colleague: 0, "?group=" + s.Group.String(): 1, "?group=" + colleague: 0,
		"?room=" + s.Room.String(): 1, "?room=" + colleague: 0, "?group=" + s.Group.String() + "&room=" + s.Room.String(): 1,
	} {
		if items := w.Get(t, s.Admin, path+query).Want(t, http.StatusOK).List("items"); len(items) != want {
			t.Errorf("%s: %d", query, len(items))
		}
	}
	for _, family := range []int{1, 2} {
		if seen := w.Get(t, s.LogIn(t, family), s.Path+"/family"); seen.Status != http.StatusOK || strings.Contains(string(seen.Body), "Tigrinya") || strings.Contains(string(seen.Body), "interpreter") {
			t.Errorf("family %d sees %d %s", family, seen.Status, seen.Body)
		}
	}
	w.Get(t, s.Admin, path+"?room=x").Want(t, http.StatusNotFound)
	w.Get(t, s.Teacher, path+"?teacher="+colleague).Want(t, http.StatusForbidden)
	w.Get(t, s.Teacher, path+".csv?teacher="+colleague).Want(t, http.StatusForbidden)
	w.Get(t, s.NewKey(t, models.ScopeConferenceRead), path+".csv").Want(t, http.StatusForbidden)

	w.Do(t, apitest.Call{Method: http.MethodPatch, Path: s.Path + "/pupils/" + child.ID.String(), Token: s.Admin, Body: map[string]any{"given": "=1+1", "surname": "Vries"}}).Want(t, http.StatusOK)
	file := w.Get(t, s.Teacher, path+".csv?day="+s.Day.String())
	if file.Status != http.StatusOK || !strings.HasPrefix(file.Header.Get("Content-Type"), "text/csv") {
		t.Fatalf("%d %v", file.Status, file.Header)
	}
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(file.Body), "\ufeff")))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	if err != nil || len(rows) != 2 || strings.Join(rows[1], "|") != "2026-11-24|19:00|19:10|mw. J. Visser|B1.04|Mentorgesprek|"+child.Key+"|'=1+1 Vries|1A|Tigrinya|" {
		t.Errorf("%v %q", err, rows)
	}
}

func TestATeacherWhoLeavesLeavesTalksThatAreTold(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	w.Post(t, s.LogIn(t, 2), s.Path+"/family/bookings", s.Book(2, 0)).Want(t, http.StatusCreated)
	teacher := apitest.Call{Method: http.MethodPatch, Path: s.Path + "/teachers/" + s.Mentor.String(), Token: s.Admin, Body: map[string]any{"left": true}}
	talks := w.Do(t, teacher).Want(t, http.StatusOK).List("talks")
	if len(talks) != 1 || talks[0].Text("local") != "2026-11-24T19:00" {
		t.Errorf("talks %v", talks)
	}
	schedule := s.Path + "/conferences/" + s.Conference.String() + "/schedule"
	items := w.Get(t, s.Admin, schedule).Want(t, http.StatusOK).List("items")
	if len(items) != 1 || len(items[0].List("left")) != 1 || items[0].List("left")[0].Text("name") != "mw. J. Visser" {
		t.Errorf("items %v", items)
	}
	teacher.Body = map[string]any{"left": false}
	if talks := w.Do(t, teacher).Want(t, http.StatusOK).List("talks"); len(talks) != 0 {
		t.Errorf("talks %v", talks)
	}
}
