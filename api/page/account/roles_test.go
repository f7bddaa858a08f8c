package account_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/auth/account"
	"github.com/ouderavond/ouderavond/models"
)

// who may see each page and send each form of it, beside everybody where a page is public. A page that is not here fails.
var who = map[string][]models.Role{
	"GET /second": models.AllRoles(), "POST /second": models.AllRoles(), "GET /set-up": models.AllRoles(), "POST /set-up": models.AllRoles(),
	"GET /proof": models.AllRoles(), "POST /proof": models.AllRoles(), "GET /account": models.AllRoles(), "POST /account/password": models.AllRoles(),
	"POST /account/recovery": models.AllRoles(), "POST /account/others": models.AllRoles(), "POST /leave": models.AllRoles(),
	"GET /people": {models.RoleAdministrator}, "POST /people/teachers": {models.RoleAdministrator}, "GET /people/new": {models.RoleAdministrator}, "POST /people/new": {models.RoleAdministrator},
	"GET /people/:account": {models.RoleAdministrator}, "POST /people/:account": {models.RoleAdministrator}, "POST /people/:account/act": {models.RoleAdministrator},
}

// public are the pages that anybody may see.
var public = []string{"GET ", "GET /", "POST ", "POST /link", "GET /link/:token", "POST /link/:token"}

func TestEveryPageIsForThoseOfTheTableAndForNobodyElse(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ask := func(token, method, path string) (status int, location string) {
		path = strings.NewReplacer(":account", models.New[models.AccountID]().String(), ":token", "nonsense").Replace(path)
		header := http.Header{"Cookie": {"staff-linde=" + token}, "Accept": {"text/html"}}
		call := apitest.Call{Method: method, Path: "/linde/staff" + path, Header: header}
		if method == http.MethodPost {
			call.Body, call.Type = "nonsense=1", "application/x-www-form-urlencoded"
		}
		answer := s.Do(t, call)
		return answer.Status, answer.Header.Get("Location")
	}
	// outside reports whether an answer asks who is there, or says no.
	outside := func(status int, location, method string, body bool) bool {
		return status == http.StatusForbidden || strings.Contains(location, "next=") || body
	}
	tokens := map[models.Role]string{}
	for _, role := range models.AllRoles() {
		s.school.NewAccount(t, account.New{Login: "a-" + string(role), Roles: []models.Role{role}, Staff: s.school.Mentor})
		tokens[role] = s.school.LogInStaff(t, "a-"+string(role))
	}
	waiting := s.Post(t, "", s.school.Path+"/staff/session", map[string]string{"login": "a-coordinator", "password": password}).Want(t, http.StatusCreated).Text("token")
	for _, route := range s.base.Routes() {
		name := route.Method + " " + route.Path
		if slices.Contains(public, name) {
			continue
		}
		allowed, known := who[name]
		if !known {
			t.Errorf("%s is not in the table", name)
			continue
		}
		if strings.HasPrefix(name, "POST /leave") || strings.HasPrefix(name, "POST /account/others") {
			continue // they end what the others need
		}
		for _, role := range models.AllRoles() {
			status, location := ask(tokens[role], route.Method, route.Path)
			if got := !outside(status, location, route.Method, false); got != slices.Contains(allowed, role) {
				t.Errorf("%s by %s: %d %s", name, role, status, location)
			}
		}
		if status, location := ask(waiting, route.Method, route.Path); !slices.Equal(allowed, models.AllRoles()) && !outside(status, location, route.Method, false) {
			t.Errorf("%s by somebody without the second step: %d", name, status)
		}
		for what, token := range map[string]string{"nobody": "", "a parent": s.school.LogIn(t, 0), "a key": s.school.Key, "the operator": s.Operator, "a token of nobody": "os_nonsense"} {
			status, location := ask(token, route.Method, route.Path)
			if route.Method == http.MethodGet && !strings.Contains(location, "next=") || route.Method == http.MethodPost && status < 300 && status != http.StatusOK {
				t.Errorf("%s by %s: %d %s", name, what, status, location)
			}
		}
	}
	if len(who)+len(public) != len(s.base.Routes()) {
		t.Errorf("%d pages, %d in the table", len(s.base.Routes()), len(who)+len(public))
	}
}
