package api_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/models"
)

func TestTheOfficeFindsFamiliesAsItTypes(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s, other := w.School(t, "linde", apitest.Setup{Families: 2}), w.School(t, "eik", apitest.Setup{Families: 2})
	home := s.Path + "/households/" + s.Families[0].Household.String()
	w.Post(t, s.Admin, home+"/contacts", map[string]any{"name": "Marie Özdemir", "email": "Marie.Ozdemir@example.com"}).Want(t, http.StatusCreated)
	w.Post(t, s.Admin, home+"/contacts", map[string]any{"name": "Marie Özdemir", "phone": "06 12345678"})
	w.Post(t, s.LogIn(t, 0), s.Path+"/family/bookings", s.Book(0, 0)).Want(t, http.StatusCreated)
	search := func(typed string) apitest.Document {
		return w.Get(t, s.Admin, s.Path+"/families?search="+url.QueryEscape(typed)).Want(t, http.StatusOK)
	}
	for typed, want := range map[string]string{
		"tweelaar": "pupil:Anna Tweelaar", "Tweelaar, Anna": "pupil:Anna Tweelaar", "ozdemir": "guardian:Marie Özdemir", "101": "number:101", "MARIE.OZDEMIR@EX": "email:Ma•••r@example.com", "06-1234": "phone:+31•••678",
	} {
		found := search(typed)
		families := found.List("items")
		if len(families) != 1 || found["count"] != float64(1) {
			t.Errorf("%q: %v", typed, found)
			continue
		}
		match := families[0].List("matches")[0]
		if got := match.Text("field") + ":" + match.Text("text"); got != want {
			t.Errorf("%q: %s, want %s", typed, got, want)
		}
		if families[0].Text("name") != "Tweelaar" || len(families[0].List("children")) != 2 || families[0]["booked"] != true || families[0]["talks"] != float64(1) {
			t.Errorf("%q: %v", typed, families[0])
		}
		if text := fmt.Sprint(found); strings.Contains(strings.ToLower(text), "marie.ozdemir@") || strings.Contains(text, "12345678") {
			t.Errorf("%q shows a contact in full: %s", typed, text)
		}
	}
	for _, typed := range []string{"xyz", "-", strings.Repeat("q", 200), "tweelaar xyz", "%", "*"} {
		if found := search(typed); found["count"] != float64(0) || found["items"] == nil {
			t.Errorf("%q: %v", typed, found)
		}
	}
	if whole := search(" "); whole["count"] != float64(len(s.Families)) {
		t.Errorf("a space: %v", whole["count"])
	}
	w.Get(t, s.Admin, s.Path+"/families?search="+strings.Repeat("q", 201)).Want(t, http.StatusUnprocessableEntity)
	if found := w.Get(t, other.Admin, other.Path+"/families?search=ozdemir").Want(t, http.StatusOK); found["count"] != float64(0) {
		t.Errorf("another school's family: %v", found)
	}
	for name, key := range map[string]string{"no bookings": s.NewKey(t, models.ScopeRosterRead), "no roster": s.NewKey(t, models.ScopeBookingRead), "a teacher": s.Teacher, "a parent": s.LogIn(t, 1)} {
		if answer := w.Get(t, key, s.Path+"/families?search=tweelaar"); answer.Status != http.StatusForbidden || strings.Contains(string(answer.Body), "Tweelaar") {
			t.Errorf("%s: %d", name, answer.Status)
		}
	}
	if log := strings.ToLower(w.Log.String()); strings.Contains(log, "tweelaar") || strings.Contains(log, "ozdemir") {
		t.Error("what was typed is in the log")
	}
}

func TestTheOfficeSeesWhoHasNotBooked(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 3})
	list := s.Path + "/conferences/" + s.Conference.String() + "/families"
	w.Post(t, s.LogIn(t, 2), s.Path+"/family/bookings", s.Book(2, 0)).Want(t, http.StatusCreated)
	w.Post(t, s.LogIn(t, 0), s.Path+"/family/bookings", s.Book(0, 1)).Want(t, http.StatusCreated)
	s.LogIn(t, 1)
	whole := w.Get(t, s.Admin, list).Want(t, http.StatusOK)
	states := func(of apitest.Document, name string) (text string) {
		for _, one := range of.List(name) {
			text += fmt.Sprint(one.Text("state"), " ", one["families"], " ")
		}
		return text
	}
	const want = "booked 1 partly 1 looked 1 silent 0 returned 0 no_contact 2 "
	if got := states(whole, "counts"); got != want || whole["count"] != float64(5) {
		t.Errorf("counts %s of %v", got, whole["count"])
	}
	if groups := whole.List("groups"); len(groups) != 1 || groups[0].Text("name") == "" || states(groups[0], "counts") != want {
		t.Errorf("groups %v", whole["groups"])
	}
	some := w.Get(t, s.Admin, list+"?state=partly,looked&group="+s.Group.String()+"&limit=1").Want(t, http.StatusOK)
	if items := some.List("items"); len(items) != 1 || items[0].Text("name") != "Dubbelman" || items[0].Text("state") != "looked" || some["count"] != float64(2) {
		t.Errorf("some %v", some)
	}
	next := w.Get(t, s.Admin, list+"?state=partly,looked&limit=1&cursor="+some.Text("next")).Want(t, http.StatusOK)
	if items := next.List("items"); len(items) != 1 || items[0].Text("name") != "Tweelaar" || items[0]["open"] != float64(1) || items[0]["talks"] != float64(1) || next.Text("next") != "" {
		t.Errorf("next %v", next)
	}
	for _, wrong := range []string{"?state=nonsense", "?cursor=nonsense", "?limit=0"} {
		w.Get(t, s.Admin, list+wrong).Want(t, http.StatusUnprocessableEntity)
	}
	w.Get(t, s.Admin, list+"?group=nonsense").Want(t, http.StatusNotFound)
	w.Get(t, s.Teacher, list).Want(t, http.StatusForbidden)
}

func TestTheOfficeSeesAWholeFamily(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s, other := w.School(t, "linde", apitest.Setup{Families: 1}), w.School(t, "eik", apitest.Setup{Families: 1})
	home := s.Path + "/households/" + s.Families[0].Household.String()
	w.Post(t, s.Admin, home+"/contacts", map[string]any{"name": "Marie Tweelaar", "email": "marie.tweelaar@example.com"}).Want(t, http.StatusCreated)
	code := w.Post(t, s.Admin, home+"/desk-code", nil).Want(t, http.StatusCreated).Text("code")
	w.Post(t, s.Admin, s.Path+"/conferences/"+s.Conference.String()+"/personal-links", nil).Want(t, http.StatusOK)
	w.Post(t, s.LogIn(t, 0), s.Path+"/family/bookings", s.Book(0, 0)).Want(t, http.StatusCreated)
	answer := w.Get(t, s.Admin, s.Path+"/families/"+s.Families[0].Household.String())
	whole := answer.Want(t, http.StatusOK)
	if len(whole.List("children")) != 2 || whole.Text("name") != "Tweelaar" {
		t.Errorf("children %v", whole["children"])
	}
	for _, child := range whole.List("children") {
		if teachers := child.List("teachers"); len(teachers) != 1 || teachers[0].Text("name") != "mw. J. Visser" || teachers[0].Text("role") != "mentor" {
			t.Errorf("teachers of %s: %v", child.Text("name"), teachers)
		}
	}
	for list, want := range map[string]int{"guardians": 1, "contacts": 1, "talks": 1, "messages": 1, "codes": 1, "personal_links": 1} {
		if got := len(whole.List(list)); got != want {
			t.Errorf("%s: %d, want %d: %v", list, got, want, whole[list])
		}
	}
	if contact := whole.List("contacts")[0]; contact.Text("to") != "ma•••r@example.com" {
		t.Errorf("contact %v", contact)
	}
	var done []string
	for _, entry := range whole.List("log") {
		done = append(done, entry.Text("by")+" "+entry.Text("action"))
	}
	if got := strings.Join(done, ", "); !strings.Contains(got, "parent booking") || !strings.Contains(got, "staff contact") || !strings.Contains(got, "staff desk-code") {
		t.Errorf("log %s", got)
	}
	if text := string(answer.Body); strings.Contains(text, "marie.tweelaar@") || strings.Contains(text, code) || code == "" || strings.Contains(text, "/l/") || strings.Contains(text, s.Families[0].Postcode) {
		t.Errorf("too much is shown: %s", text)
	}
	w.Get(t, other.Admin, other.Path+"/families/"+s.Families[0].Household.String()).Want(t, http.StatusNotFound)
	w.Get(t, s.Admin, s.Path+"/families/"+models.New[models.HouseholdID]().String()).Want(t, http.StatusNotFound)
	w.Get(t, s.Teacher, s.Path+"/families/"+s.Families[0].Household.String()).Want(t, http.StatusForbidden)
}

func TestFamiliesAndScheduleAreTablesForSpreadsheets(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 2})
	for family := range 2 {
		w.Post(t, s.LogIn(t, family), s.Path+"/family/bookings", s.Book(family, 1-family)).Want(t, http.StatusCreated)
	}
	child := s.Families[2].Children[0]
	w.Do(t, apitest.Call{Method: http.MethodPatch, Path: s.Path + "/pupils/" + child.ID.String(), Token: s.Admin, Body: map[string]any{"surname": "=Öz"}}).Want(t, http.StatusOK)
	rows := func(path string, token string) [][]string {
		answer := w.Get(t, token, s.Path+path)
		if answer.Status != http.StatusOK || !strings.Contains(answer.Header.Get("Content-Disposition"), "attachment") {
			t.Fatalf("%s: %d %s", path, answer.Status, answer.Body)
		}
		if strings.Contains(path, ".xlsx") {
			book, err := excelize.OpenReader(bytes.NewReader(answer.Body))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = book.Close() }()
			found, err := book.GetRows("Sheet1")
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(answer.Body), "\ufeff")))
		reader.Comma = ';'
		found, err := reader.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	families := rows("/families.csv", s.Key)
	if len(families) != 1+len(s.Families) || families[1][0] != "Dubbelman" || families[1][6] != "1" || !strings.Contains(fmt.Sprint(families), "'=Öz") {
		t.Errorf("families %q", families)
	}
	if workbook := rows("/families.xlsx", s.Key); len(workbook) != len(families) || !strings.Contains(fmt.Sprint(workbook), " =Öz") && !strings.Contains(fmt.Sprint(workbook), "[=Öz") {
		t.Errorf("families %q", workbook)
	}
	if some := rows("/families.csv?search=tweelaar", s.Key); len(some) != 2 || some[1][1] != "Anna Tweelaar, Bram Tweelaar" {
		t.Errorf("some families %q", some)
	}
	schedule := "/conferences/" + s.Conference.String() + "/schedule"
	for query, want := range map[string]string{
		"": "Dubbelman Tweelaar", "?by=time": "Dubbelman Tweelaar", "?by=family": "Dubbelman Tweelaar", "?by=teacher": "Dubbelman Tweelaar", "?household=" + s.Families[0].Household.String(): "Tweelaar",
		"?pupil=" + s.Families[1].Children[0].ID.String(): "Dubbelman", "?pupil=" + child.ID.String(): "", "?by=teacher&teacher=" + s.Mentor.String(): "Dubbelman Tweelaar",
	} {
		for _, ending := range []string{".csv", ".xlsx"} {
			var names []string
			for _, row := range rows(schedule+ending+query, s.Key)[1:] {
				names = append(names, strings.Fields(row[7])[1])
			}
			if got := strings.Join(names, " "); got != want {
				t.Errorf("%s%s: %q, want %q", ending, query, got, want)
			}
		}
	}
	w.Get(t, s.Admin, s.Path+schedule+".xlsx?by=nonsense").Want(t, http.StatusUnprocessableEntity)
	for _, path := range []string{"/families.csv", "/families.xlsx"} {
		w.Get(t, s.Teacher, s.Path+path).Want(t, http.StatusForbidden)
		w.Get(t, s.NewKey(t, models.ScopeRosterRead), s.Path+path).Want(t, http.StatusForbidden)
	}
}
