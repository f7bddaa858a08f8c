package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/models"
)

func TestPupilsAreListedByPages(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 20})
	seen := map[string]bool{}
	path, pages := s.Path+"/pupils?limit=10", 0
	for next := ""; pages == 0 || next != ""; pages++ {
		page := w.Get(t, s.Admin, path+next).Want(t, http.StatusOK)
		for _, pupil := range page.List("items") {
			if seen[pupil.Text("id")] {
				t.Errorf("%v is on two pages", pupil)
			}
			seen[pupil.Text("id")] = true
		}
		if next = page.Text("next"); next != "" {
			next = "&cursor=" + next
		}
		if pages == 0 {
			// Somebody goes while another reads on: nobody else is left out.
			gone := page.List("items")[9].Text("id")
			w.Do(t, apitest.Call{Method: http.MethodDelete, Path: s.Path + "/pupils/" + gone, Token: s.Admin}).Want(t, http.StatusNoContent)
		}
	}
	if len(seen) != 24 || pages != 3 {
		t.Errorf("%d pupils on %d pages", len(seen), pages)
	}
}

func TestPupilsAreFoundByNameAndKey(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 3})
	for query, want := range map[string]int{
		"tweelaar": 2, "TWEELÀAR": 2, "anna": 5, "bram%20dubb": 1, "101": 1, "niemand": 0, "%25": 7, "_": 7, "a%27%20OR%201=1": 0, "%00": 7,
	} {
		found := w.Get(t, s.Admin, s.Path+"/pupils?q="+query).Want(t, http.StatusOK).List("items")
		if len(found) != want {
			t.Errorf("%q finds %d, want %d", query, len(found), want)
		}
	}
}

func TestAPupilIsAddedCorrectedAndErased(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	made := w.Post(t, s.Key, s.Path+"/pupils", map[string]any{
		"key": "555", "given": "Noor", "prefix": "van den", "surname": "Berg", "birth_date": "24-11-2015", "postcode": "1232 AB", "group": s.Group.String(),
	})
	pupil := made.Want(t, http.StatusCreated)
	path := s.Path + "/pupils/" + pupil.Text("id")
	if made.Header.Get("Location") != strings.Replace(path, "linde", s.ID.String(), 1) || object(pupil, "group").Text("key") != "1A" || strings.Join(texts(pupil["by_hand"]), " ") != "added" {
		t.Errorf("made %v at %s", pupil, made.Header.Get("Location"))
	}
	for _, hidden := range []string{"2015", "1232"} {
		if strings.Contains(string(made.Body), hidden) {
			t.Errorf("what log-in compares is shown: %s", made.Body)
		}
	}
	w.Post(t, "", s.Path+"/family/session", map[string]string{"name": "Noor van den Berg", "birth_date": "24 november 2015", "postcode": "1232ab"}).Want(t, http.StatusCreated)
	w.Post(t, s.Key, s.Path+"/pupils", map[string]any{"key": "555", "given": "Nog een"}).Want(t, http.StatusConflict)

	patch := func(body any) apitest.Document {
		return w.Do(t, apitest.Call{Method: http.MethodPatch, Path: path, Token: s.Key, Body: body}).Want(t, http.StatusOK)
	}
	changed := patch(map[string]any{"given": "Noortje", "group": "", "arrangement": "together"})
	if changed.Text("given") != "Noortje" || object(changed, "group") != nil || changed.Text("surname") != "Berg" || changed.Text("arrangement") != "together" {
		t.Errorf("changed %v", changed)
	}
	if same := patch(map[string]any{"given": nil}); same.Text("given") != "Noortje" {
		t.Errorf("null changed %v", same)
	}
	w.Do(t, apitest.Call{Method: http.MethodDelete, Path: path, Token: s.Key}).Want(t, http.StatusNoContent)
	w.Get(t, s.Key, path).Want(t, http.StatusNotFound)
	w.Do(t, apitest.Call{Method: http.MethodDelete, Path: path, Token: s.Key}).Want(t, http.StatusNotFound)
}

// texts returns a list of texts of an answer.
func texts(list any) []string {
	items, _ := list.([]any)
	all := make([]string, len(items))
	for i, item := range items {
		all[i], _ = item.(string)
	}
	return all
}

func TestWhatIsSetByHandIsShownAndGivenBack(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	patch := func(path string, body any, want int) apitest.Document {
		t.Helper()
		return w.Do(t, apitest.Call{Method: http.MethodPatch, Path: s.Path + path, Token: s.Admin, Body: body}).Want(t, want)
	}
	shown := func(what string, thing apitest.Document, want string) {
		t.Helper()
		if got := strings.Join(texts(thing["by_hand"]), " "); got != want {
			t.Errorf("%s: %q by hand, want %q", what, got, want)
		}
	}
	pupil, teacher, household := "/pupils/"+s.Families[0].Children[0].ID.String(), "/teachers/"+s.Mentor.String(), "/households/"+s.Families[0].Household.String()
	shown("a pupil", patch(pupil, map[string]any{"given": "Anders", "adult": true, "parents_may_book": false}, http.StatusOK), "adult given parents_may_book")
	if got := w.Get(t, s.Admin, s.Path+pupil).Want(t, http.StatusOK); got["adult"] != true {
		t.Errorf("pupil %v", got)
	}
	shown("given back", patch(pupil, map[string]any{"release": []string{"given"}}, http.StatusOK), "adult parents_may_book")
	for _, item := range w.Get(t, s.Admin, s.Path+"/pupils?q=anders").Want(t, http.StatusOK).List("items") {
		shown("in the list", item, "adult parents_may_book")
	}
	patch(pupil, map[string]any{"release": []string{"given"}}, http.StatusUnprocessableEntity)
	shown("a teacher", patch(teacher, map[string]any{"name": "Juf"}, http.StatusOK), "name")
	shown("given back", patch(teacher, map[string]any{"release": []string{"name"}}, http.StatusOK), "")

	home := patch(household, map[string]any{"interpreter": "Tigrinya", "language": "en"}, http.StatusOK)
	if shown("a household", home, "interpreter language"); home.Text("interpreter") != "Tigrinya" || home.Text("language") != "en" {
		t.Errorf("household %v", home)
	}
	patch(household, map[string]any{"language": "xx"}, http.StatusUnprocessableEntity)
	added := w.Post(t, s.Admin, s.Path+household+"/guardians", map[string]any{"name": "Oma"}).Want(t, http.StatusCreated).List("guardians")
	oma := added[len(added)-1]
	if shown("a guardian", oma, "added"); oma.Text("name") != "Oma" {
		t.Errorf("guardians %v", added)
	}
	w.Post(t, s.Admin, s.Path+household+"/guardians", map[string]any{"email": "oma@example.com"}).Want(t, http.StatusUnprocessableEntity)
	contacts := w.Post(t, s.Admin, s.Path+household+"/contacts", map[string]any{"email": "oma@example.com", "guardian": oma.Text("id")}).Want(t, http.StatusCreated).List("contacts")
	if last := contacts[len(contacts)-1]; last.Text("guardian") != oma.Text("id") || last.Text("language") != "en" {
		t.Errorf("contacts %v", contacts)
	}
	remove := apitest.Call{Method: http.MethodDelete, Path: s.Path + household + "/guardians/" + oma.Text("id"), Token: s.Admin}
	w.Do(t, remove).Want(t, http.StatusNoContent)
	w.Do(t, remove).Want(t, http.StatusNotFound)
	shown("a household that lost a guardian", w.Get(t, s.Admin, s.Path+household).Want(t, http.StatusOK), "interpreter language removed_guardians")
	shown("given back", patch(household, map[string]any{"release": []string{"removed_guardians"}}, http.StatusOK), "interpreter language")
}

func TestWhoTeachesWhomIsChangedByHand(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 2})
	w.Post(t, s.LogIn(t, 2), s.Path+"/family/bookings", s.Book(2, 0)).Want(t, http.StatusCreated)
	colleague := another(t, s).String()
	list := func(query string) []apitest.Document {
		t.Helper()
		return w.Get(t, s.Admin, s.Path+"/teachings"+query).Want(t, http.StatusOK).List("items")
	}
	send := func(method, path string, body any, want int) apitest.Document {
		t.Helper()
		return w.Do(t, apitest.Call{Method: method, Path: s.Path + path, Token: s.Admin, Body: body}).Want(t, want)
	}
	before, theirs := len(list("")), len(list("?teacher="+colleague))
	tie := list("?teacher=" + s.Mentor.String())[0]
	for _, preview := range []bool{true, false} {
		done := send(http.MethodPut, "/teachers/"+s.Mentor.String()+"/substitute", map[string]any{"substitute": colleague, "group": s.Group.String(), "preview": preview}, http.StatusOK)
		if done["applied"] == preview || object(done, "consequences")["undecided"] != 1.0 || len(done.List("teachings")) == 0 {
			t.Errorf("preview %v: %v", preview, done)
		}
		if got := len(list("?teacher=" + colleague)); (got > theirs) == preview {
			t.Errorf("preview %v: %d ties of the substitute", preview, got)
		}
	}
	if now := list("?group=" + s.Group.String())[0]; object(now, "substitute").Text("id") != colleague || object(now, "teacher").Text("id") != s.Mentor.String() || texts(now["by_hand"])[0] != "substitute" {
		t.Errorf("tie %v", now)
	}
	send(http.MethodDelete, "/teachers/"+s.Mentor.String()+"/substitute?group="+s.Group.String()+"&preview=true", nil, http.StatusOK)
	send(http.MethodDelete, "/teachers/"+s.Mentor.String()+"/substitute", nil, http.StatusOK)
	send(http.MethodDelete, "/teachers/"+s.Mentor.String()+"/substitute", nil, http.StatusUnprocessableEntity)
	added := send(http.MethodPost, "/teachings", map[string]any{"teacher": colleague, "group": s.Group.String(), "role": "subject", "subject": "Frans"}, http.StatusCreated)
	one := added.List("teachings")[0]
	if got := texts(one["by_hand"]); len(list("")) != before+1 || got[0] != "added" || one.Text("subject") != "Frans" {
		t.Errorf("added %v", added)
	}
	send(http.MethodPost, "/teachings", map[string]any{"teacher": colleague, "group": s.Group.String(), "role": "subject", "subject": "Frans"}, http.StatusConflict)
	send(http.MethodPost, "/teachings", map[string]any{"teacher": colleague, "role": "subject"}, http.StatusUnprocessableEntity)
	send(http.MethodDelete, "/teachings/"+one.Text("id"), nil, http.StatusOK)
	send(http.MethodDelete, "/teachings/"+one.Text("id"), nil, http.StatusNotFound)
	path := "/teachings/" + tie.Text("id")
	removed := send(http.MethodDelete, path, nil, http.StatusOK)
	if tie["from_roster"] == true {
		if removed.List("teachings")[0]["removed"] != true || len(list("")) != before {
			t.Errorf("removed %v", removed)
		}
		send(http.MethodPost, path+"/release", nil, http.StatusOK)
	}
	send(http.MethodPost, path+"/release", nil, http.StatusNotFound)
}

func TestATeacherIsAddedAndCorrected(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	made := w.Post(t, s.Admin, s.Path+"/teachers", map[string]any{"key": "BAK", "name": "dhr. K. Bakker", "email": "k.bakker@example.com"}).Want(t, http.StatusCreated)
	path := s.Path + "/teachers/" + made.Text("id")
	changed := w.Do(t, apitest.Call{Method: http.MethodPatch, Path: path, Token: s.Admin, Body: map[string]any{"email": "", "left": true}}).Want(t, http.StatusOK)
	if changed.Text("email") != "" || changed.Text("state") != "left" || changed.Text("name") != "dhr. K. Bakker" {
		t.Errorf("changed %v", changed)
	}
}

func TestHouseholdsAreMadeJoinedAndReached(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 2})
	child := s.Families[2].Children[0].ID.String()
	second := w.Post(t, s.Admin, s.Path+"/households", map[string]any{
		"pupils": []string{child}, "beside": true, "postcode": "1239 ZZ", "label": "vader", "contacts": []any{map[string]any{"email": "vader@example.com", "name": "Vader"}},
	}).Want(t, http.StatusCreated)
	if len(second.List("pupils")) != 1 || len(second.List("contacts")) != 1 || second.Text("label") != "vader" || second.List("pupils")[0].Text("group") != "1A" {
		t.Errorf("second %v", second)
	}
	typed := s.Typed(2)
	typed["postcode"] = "1239ZZ"
	w.Post(t, "", s.Path+"/family/session", typed).Want(t, http.StatusCreated)
	third := w.Post(t, s.Admin, s.Path+"/households", map[string]any{"pupils": []string{child}, "beside": true})
	if problem := third.Want(t, http.StatusConflict); problem.Text("code") != "household.two-homes" {
		t.Errorf("third %v", problem)
	}
	joined := w.Post(t, s.Admin, s.Path+"/households/join", map[string]any{"pupils": []string{s.Families[0].Children[0].ID.String(), s.Families[1].Children[0].ID.String()}})
	if got := joined.Want(t, http.StatusOK).List("pupils"); len(got) != 4 {
		t.Errorf("joined %s", joined.Body)
	}
	home := s.Path + "/households/" + second.Text("id")
	contact := second.List("contacts")[0].Text("id")
	remove := apitest.Call{Method: http.MethodDelete, Path: home + "/contacts/" + contact, Token: s.Admin}
	w.Do(t, remove).Want(t, http.StatusNoContent)
	w.Do(t, remove).Want(t, http.StatusNotFound)
	w.Post(t, s.Admin, home+"/contacts", map[string]any{"phone": "020 1234567"}).Want(t, http.StatusUnprocessableEntity)
	page := w.Get(t, s.Admin, s.Path+"/households?limit=1").Want(t, http.StatusOK)
	if len(page.List("items")) != 1 || page.Text("next") == "" {
		t.Errorf("page %v", page)
	}
}

func TestMergeSuggestionsAreDecided(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	csv := apitest.RosterCSV(s.Families) + "801;Lea;Zeegers;2014-01-01;1236AB;;1A;1\n802;Max;Zeegers;2016-03-01;1236AB;;1A;1\n"
	upload(t, w, s.Admin, s.Path+"/roster/import", nil, apitest.File{Name: "x.csv", Content: csv}).Want(t, http.StatusOK)
	open := w.Get(t, s.Admin, s.Path+"/merge-suggestions").Want(t, http.StatusOK).List("items")
	if len(open) != 1 || len(open[0].List("pupils")) != 2 || open[0].List("pupils")[0].Text("name") != "Lea Zeegers" || open[0].Text("reason") != "same-postcode" {
		t.Fatalf("open %v", open)
	}
	decide := func(body any) apitest.Answer { return w.Post(t, s.Admin, s.Path+"/merge-suggestions/decide", body) }
	decide(map[string]any{"ids": []string{models.New[models.RowID]().String()}, "accept": true}).Want(t, http.StatusNotFound)
	if decided := decide(map[string]any{"accept": true}).Want(t, http.StatusOK); decided["decided"] != float64(1) {
		t.Errorf("decided %v", decided)
	}
	if left := w.Get(t, s.Admin, s.Path+"/merge-suggestions").Want(t, http.StatusOK).List("items"); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}

func TestKeysAreMadeListedAndEnded(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	made := w.Post(t, s.Admin, s.Path+"/api-keys", map[string]any{"name": "Rooster", "scopes": []string{"roster:read"}, "until": "2027-01-01T00:00:00Z"}).Want(t, http.StatusCreated)
	key := made.Text("key")
	w.Get(t, key, s.Path+"/pupils").Want(t, http.StatusOK)
	w.Get(t, key, s.Path+"/conferences").Want(t, http.StatusForbidden)
	for how, changed := range map[string]string{"one character off": key[:len(key)-1] + "_", "cut off": key[:len(key)-4], "longer": key + "a", "another kind": "os_" + key[3:]} {
		if got := w.Get(t, changed, s.Path+"/pupils").Status; got != http.StatusUnauthorized {
			t.Errorf("%s: %d", how, got)
		}
	}
	listed := w.Get(t, s.Admin, s.Path+"/api-keys")
	items := listed.Want(t, http.StatusOK).List("items")
	if len(items) != 2 || strings.Contains(string(listed.Body), key) || fmt.Sprint(items[1]["scopes"]) != "[roster:read]" || items[1].Text("until") != "2027-01-01T00:00:00Z" {
		t.Errorf("listed %s", listed.Body)
	}
	w.Do(t, apitest.Call{Method: http.MethodDelete, Path: s.Path + "/api-keys/" + made.Text("id"), Token: s.Admin}).Want(t, http.StatusNoContent)
	w.Get(t, key, s.Path+"/pupils").Want(t, http.StatusUnauthorized)
	past := w.Post(t, s.Admin, s.Path+"/api-keys", map[string]any{"name": "x", "scopes": []string{"roster:read"}, "until": "2020-01-01T00:00:00Z"})
	if got := fields(past.Want(t, http.StatusUnprocessableEntity)); got["until"] != "past" {
		t.Errorf("past %v", got)
	}
	small := s.NewKey(t, models.ScopeAccounts)
	w.Post(t, small, s.Path+"/api-keys", map[string]any{"name": "x", "scopes": []string{"roster:read"}}).Want(t, http.StatusForbidden)
}

func TestAccountsAreMade(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	w.Post(t, s.Admin, s.Path+"/accounts", map[string]any{"login": "Tweede", "password": apitest.Password, "roles": []string{"reception"}}).Want(t, http.StatusCreated)
	w.Get(t, s.LogInStaff(t, "tweede"), s.Path+"/pupils").Want(t, http.StatusOK)
	w.Post(t, s.Admin, s.Path+"/accounts", map[string]any{"login": "tweede", "password": apitest.Password, "roles": []string{"reception"}}).Want(t, http.StatusConflict)
	short := w.Post(t, s.Admin, s.Path+"/accounts", map[string]any{"login": "derde", "password": "kort", "roles": []string{"reception"}})
	if got := fields(short.Want(t, http.StatusUnprocessableEntity)); got["password"] != "too-short" {
		t.Errorf("short %v", got)
	}
}

func TestTalksOfATeacherWhoLeftAreToldListedAndKept(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	token, child := s.LogIn(t, 0), s.Families[0].Children[0]
	w.Post(t, token, s.Path+"/family/bookings", map[string]any{"make": []any{s.Make(child, 0)}}).Want(t, http.StatusCreated)
	path := s.Path + "/teachers/" + s.Mentor.String()
	there := w.Do(t, apitest.Call{Method: http.MethodPatch, Path: path, Token: s.Admin, Body: map[string]any{"left": false}}).Want(t, http.StatusOK)
	gone := w.Do(t, apitest.Call{Method: http.MethodPatch, Path: path, Token: s.Admin, Body: map[string]any{"left": true}}).Want(t, http.StatusOK)
	if talks := gone.List("talks"); len(there.List("talks")) != 0 || len(talks) != 1 || talks[0].Text("local") != "2026-11-24T19:00" {
		t.Fatalf("talks of one who is there %v, of one who left %v", there.List("talks"), gone.List("talks"))
	}
	list := w.Get(t, s.Admin, s.Path+"/undecided-talks").Want(t, http.StatusOK).List("items")
	if len(list) != 1 || list[0].Text("reason") != "teacher-left" {
		t.Fatalf("undecided %v", list)
	}
	decide := func(fields map[string]any) apitest.Answer {
		fields["appointments"] = []any{object(list[0], "appointment")["id"]}
		return w.Post(t, s.Admin, s.Path+"/undecided-talks/decide", fields)
	}
	for _, none := range []map[string]any{{}, {"keep": true, "cancel": true}, {"keep": false}} {
		if got := fields(decide(none).Want(t, http.StatusUnprocessableEntity)); got["teacher"] != "required" {
			t.Errorf("%v: %v", none, got)
		}
	}
	if done := decide(map[string]any{"keep": true}).Want(t, http.StatusOK); done["decided"] != 1.0 {
		t.Errorf("kept %v", done)
	}
	if left := w.Get(t, s.Admin, s.Path+"/undecided-talks").Want(t, http.StatusOK).List("items"); len(left) != 0 {
		t.Errorf("listed again %v", left)
	}
	decide(map[string]any{"keep": true}).Want(t, http.StatusNotFound)
	if after := w.Get(t, token, s.Path+"/family").Want(t, http.StatusOK).List("appointments"); len(after) != 1 {
		t.Errorf("the talk does not stand: %v", after)
	}
}
