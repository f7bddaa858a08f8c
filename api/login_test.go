package api_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/managelink"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// withoutID is an answer's headers without the one that is different each time.
// withoutTry takes the try token out of an answer: each has its own, of one length.
func withoutTry(body []byte) []byte {
	return regexp.MustCompile(`ot_[A-Za-z0-9_-]{22}`).ReplaceAll(body, []byte("ot"))
}

func withoutID(header http.Header) string {
	kept := header.Clone()
	if id := kept.Get("X-Request-Id"); len(id) != 26 {
		return "request id of " + fmt.Sprint(len(id))
	}
	kept.Del("X-Request-Id")
	return fmt.Sprint(kept)
}

// TestFailedLogInsLookAllTheSame compares them byte by byte: nothing tells an unknown child from a wrong answer, or from a budget that is spent.
func TestFailedLogInsLookAllTheSame(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 3})
	right := s.Typed(2)
	with := func(name, value string) map[string]string {
		typed := map[string]string{}
		for key, present := range right {
			typed[key] = present
		}
		typed[name] = value
		return typed
	}
	try := func(typed map[string]string) apitest.Answer { return w.Post(t, "", s.Path+"/family/session", typed) }
	answers := map[string]apitest.Answer{
		"an unknown name":      try(with("name", "Niemand Nergens")),
		"a wrong date":         try(with("birth_date", "1999-12-31")),
		"a date almost right":  try(with("birth_date", "2014-01-31")),
		"a wrong postcode":     try(with("postcode", "9999 ZZ")),
		"another child's date": try(with("name", s.Families[3].Children[0].Name)),
		"a name with wildcards": try(with("name",
			"% *")),
		"a wrong family code": try(map[string]string{"name": right["name"], "family_code": "7K3M-9QRT-4"}),
		"a wrong code":        try(map[string]string{"name": right["name"], "code": "12345678"}),
		"a code of no form":   try(map[string]string{"name": right["name"], "code": "12"}),
	}
	answers["right, with the budget spent"] = try(right)
	answers["wrong, with the budget spent"] = try(with("birth_date", "1998-01-01"))
	first := answers["an unknown name"]
	problem := first.Want(t, http.StatusUnauthorized)
	if problem.Text("code") != "login.not-recognised" || problem.Text("type") != "/api/problems/login.not-recognised" || fmt.Sprint(problem["ways"]) != "[code family_code desk_code school]" {
		t.Errorf("problem %v", problem)
	}
	for how, answer := range answers {
		if answer.Status != first.Status || !bytes.Equal(withoutTry(answer.Body), withoutTry(first.Body)) || len(answer.Body) != len(first.Body) || withoutID(answer.Header) != withoutID(first.Header) {
			t.Errorf("%s: %d %s %v", how, answer.Status, answer.Body, answer.Header)
		}
	}
}

func TestAParentLogsIn(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 2})
	opened := w.Post(t, "", s.Path+"/family/session", s.Typed(0)).Want(t, http.StatusCreated)
	children := opened.List("children")
	if len(children) != 2 || children[0].Text("given") != "Anna" || children[1].Text("given") != "Bram" || opened.Text("level") != "recognised" {
		t.Errorf("opened %v", opened)
	}
	if opened.Text("expires_at") != "2026-11-02T20:00:00Z" || opened.Text("device") == "" {
		t.Errorf("opened %v", opened)
	}
	token := opened.Text("token")
	w.Get(t, token, s.Path+"/family").Want(t, http.StatusOK)
	w.Do(t, apitest.Call{Method: http.MethodDelete, Path: s.Path + "/family/session", Token: token}).Want(t, http.StatusNoContent)
	w.Get(t, token, s.Path+"/family").Want(t, http.StatusUnauthorized)
}

func TestTheFamilyShowsNoMoreThanFirstNames(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 2})
	opened := w.Post(t, "", s.Path+"/family/session", s.Typed(0))
	family := w.Get(t, opened.Want(t, http.StatusCreated).Text("token"), s.Path+"/family")
	family.Want(t, http.StatusOK)
	for _, answer := range []apitest.Answer{opened, family} {
		for _, hidden := range []string{"Tweelaar", "Dubbelman", s.Families[0].Postcode, "1232", s.Families[0].Children[0].BirthDate, `"101"`, "B1.04"} {
			if strings.Contains(string(answer.Body), hidden) {
				t.Errorf("%q is in %s", hidden, answer.Body)
			}
		}
	}
}

func TestABrotherOrSisterIsAddedToTheSession(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 2})
	old := s.LogIn(t, 2)
	widened := w.Post(t, old, s.Path+"/family/session", s.Typed(3)).Want(t, http.StatusCreated)
	if len(widened.List("children")) != 2 {
		t.Errorf("widened to %v", widened)
	}
	w.Get(t, old, s.Path+"/family").Want(t, http.StatusUnauthorized)
	w.Post(t, old, s.Path+"/family/session", s.Typed(3)).Want(t, http.StatusUnauthorized)
	if got := w.Post(t, s.Admin, s.Path+"/family/session", s.Typed(3)).Want(t, http.StatusCreated); len(got.List("children")) != 1 {
		t.Errorf("a session of staff was widened: %v", got)
	}
}

func TestCodesConfirm(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	home := s.Path + "/households/" + s.Families[0].Household.String()
	name := s.Families[0].Children[0].Name
	family := w.Post(t, s.Admin, home+"/family-code", nil).Want(t, http.StatusCreated).Text("code")
	desk := w.Post(t, s.Admin, home+"/desk-code", nil).Want(t, http.StatusCreated).Text("code")
	for what, typed := range map[string]map[string]string{
		"a family code": {"name": name, "family_code": strings.ToLower(family)}, "a desk code": {"name": name, "code": desk},
	} {
		if opened := w.Post(t, "", s.Path+"/family/session", typed).Want(t, http.StatusCreated); opened.Text("level") != "confirmed" {
			t.Errorf("%s: %v", what, opened)
		}
	}
	w.Post(t, "", s.Path+"/family/session", map[string]string{"name": name, "code": desk}).Want(t, http.StatusUnauthorized)
}

func TestAskingForACodeTellsNothing(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	home := s.Path + "/households/" + s.Families[0].Household.String()
	w.Post(t, s.Admin, home+"/contacts", map[string]string{"email": "ouder@example.com", "name": "M. Tweelaar"}).Want(t, http.StatusCreated)
	sent := w.Post(t, "", s.Path+"/family/codes", s.Typed(0))
	unsent := w.Post(t, "", s.Path+"/family/codes", map[string]string{"name": "Niemand Nergens", "birth_date": "1-1-2014", "postcode": "1234AB"})
	sent.Want(t, http.StatusAccepted)
	if !bytes.Equal(withoutTry(sent.Body), withoutTry(unsent.Body)) || len(sent.Body) != len(unsent.Body) || withoutID(sent.Header) != withoutID(unsent.Header) {
		t.Errorf("%s %v, %s %v", sent.Body, sent.Header, unsent.Body, unsent.Header)
	}
	queued := w.Get(t, s.Admin, s.Path+"/messages").Want(t, http.StatusOK)
	if items := queued.List("items"); len(items) != 1 || items[0].Text("kind") != "code" || items[0].Text("state") != "queued" {
		t.Errorf("queued %v", queued)
	}
}

func TestAManageLinkOpensItsHousehold(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	home := s.Path + "/households/" + s.Families[0].Household.String()
	contact := w.Post(t, s.Admin, home+"/contacts", map[string]string{"email": "ouder@example.com"}).Want(t, http.StatusCreated).List("contacts")[0]
	id, err := models.Parse[models.ContactID](contact.Text("id"))
	if err != nil {
		t.Fatal(err)
	}
	var token string
	err = w.Database.Store.For(storetest.As(s.ID)).Read(context.Background(), func(tx *store.Tx) error {
		token = managelink.Link{Kind: managelink.Contact, Subject: id, Until: tx.Now().Add(48 * time.Hour)}.Token(tx.Index)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if opened := w.Post(t, "", s.Path+"/family/manage-link", map[string]string{"token": token}).Want(t, http.StatusCreated); opened.Text("level") != "confirmed" {
		t.Errorf("opened %v", opened)
	}
	for _, wrong := range []string{"", "x", token[:len(token)-2] + "AA", strings.Repeat("A", 200)} {
		problem := w.Post(t, "", s.Path+"/family/manage-link", map[string]string{"token": wrong}).Want(t, http.StatusUnauthorized)
		if problem.Text("code") != "login.link-not-good" {
			t.Errorf("%q: %v", wrong, problem)
		}
	}
}

func TestStaffLogInIsBounded(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	try := func(login, password string) apitest.Answer {
		return w.Post(t, "", s.Path+"/staff/session", map[string]string{"login": login, "password": password})
	}
	unknown, wrong := try("niemand", apitest.Password), try("admin", "wrong")
	if !bytes.Equal(unknown.Body, wrong.Body) || wrong.Want(t, http.StatusUnauthorized).Text("code") != "login.staff" {
		t.Errorf("%s, %s", unknown.Body, wrong.Body)
	}
	for range 9 {
		try("admin", "wrong").Want(t, http.StatusUnauthorized)
	}
	stopped := try("admin", apitest.Password)
	if problem := stopped.Want(t, http.StatusTooManyRequests); stopped.Header.Get("Retry-After") != "900" || problem["retry_after"] != float64(900) {
		t.Errorf("%v %s", stopped.Header, stopped.Body)
	}
	opened := try("teacher", apitest.Password).Want(t, http.StatusCreated)
	if fmt.Sprint(opened["roles"]) != "[teacher]" || opened.Text("next") != "" || opened.Text("teacher") != s.Mentor.String() {
		t.Errorf("opened %v", opened)
	}
	w.Do(t, apitest.Call{Method: http.MethodDelete, Path: s.Path + "/staff/session", Token: opened.Text("token")}).Want(t, http.StatusNoContent)
	w.Get(t, opened.Text("token"), s.Path).Want(t, http.StatusUnauthorized)
}

func TestTheFrontShowsNoPeople(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	bySlug, byID := w.Get(t, "", s.Path+"/front"), w.Get(t, "", "/api/v1/schools/"+s.ID.String()+"/front")
	front := bySlug.Want(t, http.StatusOK)
	if !bytes.Equal(bySlug.Body, byID.Body) || len(front) != 8 || front.Text("name") != "School linde" || fmt.Sprint(front["factors"]) != "[birth_date postcode]" {
		t.Errorf("front %s", bySlug.Body)
	}
}

// TestAClientThatSendsItsTryBackIsKnownByIt walks the log-in as a program does: slips, a request for a code with what the refusal gave, and the digits without a name.
func TestAClientThatSendsItsTryBackIsKnownByIt(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	home := s.Path + "/households/" + s.Families[0].Household.String()
	w.Post(t, s.Admin, home+"/contacts", map[string]string{"email": "ouder@example.com", "name": "M. Tweelaar"}).Want(t, http.StatusCreated)
	slip := s.Typed(0)
	slip["postcode"] = "9999 ZZ"
	token := w.Post(t, "", s.Path+"/family/session", slip).Want(t, http.StatusUnauthorized).Text("try")
	misses := func() (rows []models.LoginMiss) {
		t.Helper()
		err := w.Database.Store.For(storetest.As(s.ID)).Read(t.Context(), func(tx *store.Tx) (err error) {
			rows, err = store.List[models.LoginMiss](tx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	if got := len(misses()); got != 1 {
		t.Errorf("%d misses", got)
	}
	asked := w.Post(t, "", s.Path+"/family/codes", map[string]string{"name": slip["name"], "contact": "ouder@example.com", "try": token}).Want(t, http.StatusAccepted)
	if asked.Text("try") != token || asked.Text("until") == "" || asked.Text("link_until") == "" {
		t.Errorf("asked %v", asked)
	}
	var sent models.MessageDetails
	err := w.Database.Store.For(storetest.As(s.ID)).Read(t.Context(), func(tx *store.Tx) error {
		messages, err := store.List[models.Message](tx, store.Eq("kind", models.MessageCode))
		if err == nil {
			sent = messages[0].Details
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Post(t, "", s.Path+"/family/session", map[string]string{"code": sent.Code}).Want(t, http.StatusUnauthorized)
	if opened := w.Post(t, "", s.Path+"/family/session", map[string]string{"code": sent.Code, "try": token}).Want(t, http.StatusCreated); opened.Text("level") != "confirmed" {
		t.Errorf("opened %v", opened)
	}
	if got := len(misses()); got != 0 {
		t.Errorf("%d misses are left", got)
	}
	w.Post(t, "", s.Path+"/family/code-link", map[string]string{"token": sent.Link}).Want(t, http.StatusUnauthorized)
}

func TestStaffSeeThatTheFormAsksForASecondProof(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 3})
	w.Do(t, apitest.Call{Method: http.MethodPatch, Path: s.Path, Token: s.Admin, Body: map[string]string{"guessing": "narrow"}}).Want(t, http.StatusOK)
	before := w.Get(t, s.Admin, s.Path+"/log-ins").Want(t, http.StatusOK)
	if before.Text("applied") != "narrow" || before["total"] != float64(3) || before["spent"] != float64(0) || before["second_proof_since"] != nil {
		t.Errorf("before %v", before)
	}
	for n := range 3 {
		typed := s.Typed(n)
		typed["postcode"], typed["birth_date"] = "9999 ZZ", "31-12-1999"
		w.Do(t, apitest.Call{Method: http.MethodPost, Path: s.Path + "/family/session", Remote: fmt.Sprintf("203.0.113.%d:9", n+1), Body: typed}).Want(t, http.StatusUnauthorized)
	}
	after := w.Get(t, s.Admin, s.Path+"/log-ins").Want(t, http.StatusOK)
	if after["spent"] != float64(3) || after.Text("second_proof_since") == "" || len(after["without_contact"].([]any)) < 3 {
		t.Errorf("after %v", after)
	}
}
