package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/api"
	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/models"
)

// fill puts ids into the address of a route.
func fill(path, school string, ids map[string]string) string {
	path = strings.ReplaceAll(path, "{school}", school)
	for name, id := range ids {
		path = strings.ReplaceAll(path, "{"+name+"}", id)
	}
	return path
}

// idsOf gives an existing thing of a school for each name in an address, as far as there is one.
func idsOf(s *apitest.School) map[string]string {
	return map[string]string{
		"pupil": s.Families[0].Children[0].ID.String(), "household": s.Families[0].Household.String(), "teacher": s.Mentor.String(),
		"conference": s.Conference.String(), "contact": models.New[models.ContactID]().String(), "guardian": models.New[models.GuardianID]().String(), "offer": models.New[models.RowID]().String(), "mapping": models.New[models.RowID]().String(),
		"key": models.New[models.APIKeyID]().String(), "account": models.New[models.AccountID]().String(), "message": models.New[models.MessageID]().String(), "code": "not-found", "import": models.New[models.RowID]().String(), "teaching": models.New[models.RowID]().String(),
	}
}

// missingIDs gives ids that exist nowhere.
func missingIDs() map[string]string {
	ids := map[string]string{"code": "not-found"}
	for _, name := range []string{"pupil", "household", "teacher", "conference", "contact", "guardian", "offer", "key", "message", "account", "import", "mapping", "teaching"} {
		ids[name] = models.New[models.RowID]().String()
	}
	return ids
}

func TestEveryRouteSaysWhoMayUseIt(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, route := range api.Routes() {
		name := route.Method + " " + route.Path
		if seen[name] || seen[route.ID] {
			t.Errorf("%s is there twice", name)
		}
		seen[name], seen[route.ID] = true, true
		if (route.Public == "") == (len(route.Needs) == 0) {
			t.Errorf("%s must either need something or say why anybody may call it", name)
		}
		for _, action := range route.Needs {
			if access.Decide(models.Actor{Kind: models.ActorOperator}, action, models.SchoolID{1}) == access.UnknownAction {
				t.Errorf("%s needs %q, which no rule knows", name, action)
			}
		}
	}
}

func TestThePublicRoutesAreTheseAndNoOthers(t *testing.T) {
	t.Parallel()
	want := map[string]bool{
		"healthz": true, "readyz": true, "openapi-json": true, "openapi-yaml": true, "docs": true, "problem": true, "get-front": true,
		"sms-report": true, "open-family-session": true, "request-code": true, "open-personal-link": true, "ask-personal-link": true, "request-link-code": true, "open-manage-link": true, "open-code-link": true, "open-staff-session": true, "ask-staff-link": true, "look-at-staff-link": true, "use-staff-link": true,
	}
	for _, route := range api.Routes() {
		if route.Public != "" && !want[route.ID] {
			t.Errorf("%s became public", route.ID)
		}
		delete(want, route.ID)
	}
	for id := range want {
		t.Errorf("%s is gone", id)
	}
}

// bad are ways to come without a right.
var bad = map[string]http.Header{
	"no token":                    {},
	"an unknown token":            {"Authorization": {"Bearer os_nobody"}},
	"an unknown key":              {"Authorization": {"Bearer ok_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}},
	"two tokens in one":           {"Authorization": {"Bearer TOKEN, Bearer TOKEN"}},
	"a token behind another":      {"Authorization": {"Bearer a TOKEN"}},
	"an empty token":              {"Authorization": {"Bearer "}},
	"another scheme":              {"Authorization": {"Basic YWRtaW46YWRtaW4="}},
	"two headers":                 {"Authorization": {"Bearer TOKEN", "Bearer TOKEN"}},
	"a token in a cookie":         {"Cookie": {"token=TOKEN; session=TOKEN; __Host-session=TOKEN"}},
	"a token in another header":   {"X-Api-Key": {"TOKEN"}, "X-Auth-Token": {"TOKEN"}},
	"a header that claims a user": {"X-Forwarded-User": {"admin"}, "X-Remote-User": {"admin"}},
}

func TestNobodyGetsInWithoutAToken(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	for _, route := range api.Routes() {
		if route.Public != "" {
			continue
		}
		for how, header := range bad {
			for _, school := range []string{"linde", s.ID.String(), "nergens"} {
				sent := http.Header{}
				for name, values := range header {
					for _, value := range values {
						sent.Add(name, strings.ReplaceAll(value, "TOKEN", s.Admin))
					}
				}
				call := apitest.Call{Method: route.Method, Path: fill(route.Path, school, idsOf(s)), Header: sent, Body: "{"}
				answer := w.Do(t, call)
				want := http.StatusUnauthorized
				if route.Local {
					want = http.StatusNotFound
				}
				if answer.Status != want {
					t.Errorf("%s %s with %s: %d, want %d", route.Method, route.Path, how, answer.Status, want)
				}
			}
		}
	}
}

func TestATokenInTheAddressOpensNothing(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	for _, name := range []string{"token", "access_token", "key", "api_key"} {
		w.Get(t, "", s.Path+"/pupils?"+name+"="+s.Key).Want(t, http.StatusUnauthorized)
	}
	if strings.Contains(w.Log.String(), s.Key) {
		t.Error("the key is in the log")
	}
}

// caller is a sort of caller with its token and actor.
type caller struct {
	name, token string
	actor       models.Actor
}

func callersOf(t *testing.T, s *apitest.School) []caller {
	t.Helper()
	list := []caller{
		{"a parent", s.LogIn(t, 0), models.Actor{Kind: models.ActorParent, School: s.ID}},
		{"an administrator", s.Admin, models.Actor{Kind: models.ActorStaff, School: s.ID, Roles: []models.Role{models.RoleAdministrator}, Proof: models.ProofRecent}},
		{"a teacher", s.Teacher, models.Actor{Kind: models.ActorStaff, School: s.ID, Roles: []models.Role{models.RoleTeacher}, Proof: models.ProofRecent, Staff: s.Mentor}},
		{"the operator", s.World.Operator, models.Actor{Kind: models.ActorOperator, School: s.ID}},
	}
	for _, scope := range models.AllScopes() {
		scopes := []models.Scope{scope}
		list = append(list, caller{"a key with " + string(scope), s.NewKey(t, scope), models.Actor{Kind: models.ActorKey, School: s.ID, Scopes: scopes}})
	}
	return list
}

// TestTheGuardAsksAccess walks the table with every sort of caller. Ids that are not there and empty bodies keep anything from happening: whoever may gets
// past the guard and finds nothing, whoever may not is told so before that.
func TestTheGuardAsksAccess(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	for _, who := range callersOf(t, s) {
		for _, route := range api.Routes() {
			if route.Public != "" || route.Local || route.ID == "close-staff-session" || route.ID == "close-family-session" {
				continue
			}
			allowed := true
			for _, action := range route.Needs {
				allowed = allowed && access.Decide(who.actor, action, s.ID) == access.Allowed
			}
			answer := w.Do(t, apitest.Call{Method: route.Method, Path: fill(route.Path, "linde", missingIDs()), Token: who.token, Body: `{"nonsense":1}`})
			withoutSchool := !strings.Contains(route.Path, "{school}")
			switch {
			case withoutSchool && who.actor.Kind != models.ActorOperator:
				if answer.Status != http.StatusUnauthorized {
					t.Errorf("%s %s by %s: %d, want 401", route.Method, route.Path, who.name, answer.Status)
				}
			case !allowed:
				if answer.Status != http.StatusForbidden {
					t.Errorf("%s %s by %s: %d, want 403", route.Method, route.Path, who.name, answer.Status)
				}
			case answer.Status == http.StatusForbidden && strings.HasPrefix(route.ID, "get-schedule"): // looks closer itself
			case answer.Status == http.StatusUnauthorized, answer.Status == http.StatusForbidden, answer.Status >= 500:
				t.Errorf("%s %s by %s: %d, but access allows it: %s", route.Method, route.Path, who.name, answer.Status, answer.Body)
			}
		}
	}
}

func TestTheSocketIsTheOperator(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	key := w.Do(t, apitest.Call{Method: http.MethodPost, Path: "/api/v1/operator-keys", Local: true}).Want(t, http.StatusCreated).Text("key")
	w.Get(t, key, "/api/v1/schools").Want(t, http.StatusOK)
	w.Do(t, apitest.Call{Method: http.MethodGet, Path: s.Path + "/pupils", Local: true}).Want(t, http.StatusOK)
	w.Do(t, apitest.Call{Method: http.MethodGet, Path: s.Path + "/family", Local: true}).Want(t, http.StatusForbidden)
	w.Do(t, apitest.Call{Method: http.MethodGet, Path: "/api/v1/schools/nergens", Local: true}).Want(t, http.StatusNotFound)
	w.Do(t, apitest.Call{Method: http.MethodPost, Path: "/api/v1/operator-keys", Token: w.Operator}).Want(t, http.StatusNotFound)
}
