package access_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/models"
)

var (
	here, there  = models.SchoolID{1}, models.SchoolID{2}
	self, friend = models.StaffID{1}, models.StaffID{2}
)

// actors are one of each sort, all of the school "here".
var actors = map[string]models.Actor{
	"operator":      {Kind: models.ActorOperator},
	"administrator": staff(models.ProofRecent, models.RoleAdministrator),
	"coordinator":   staff(models.ProofRecent, models.RoleCoordinator),
	"teacher":       staff(models.ProofRecent, models.RoleTeacher),
	"reception":     staff(models.ProofRecent, models.RoleReception),
	"read-only":     staff(models.ProofRecent, models.RoleReadOnly),
	"parent":        {Kind: models.ActorParent, School: here, Grants: []models.Grant{{Confirmed: true}}},
	"key:all":       {Kind: models.ActorKey, School: here, Scopes: models.AllScopes()},
	"key:none":      {Kind: models.ActorKey, School: here},
	"system":        {Kind: models.ActorSystem, School: here, Reason: "wipe"},
	"nobody":        {},
	"unknown":       {Kind: "other", School: here, Roles: []models.Role{models.RoleAdministrator}, Proof: models.ProofRecent, Scopes: models.AllScopes()},
	"no role":       {Kind: models.ActorStaff, School: here},
	"other role":    staff(models.ProofRecent, "owner"),
}

// staff is somebody of the school "here", who is the teacher "self" if they are a teacher.
func staff(proof models.Proof, roles ...models.Role) models.Actor {
	actor := models.Actor{Kind: models.ActorStaff, School: here, Roles: roles, Proof: proof}
	if slices.Contains(roles, models.RoleTeacher) {
		actor.Staff = self
	}
	return actor
}

// Those who may, by what they have in common.
var (
	admins    = []string{"operator", "administrator", "key:all"}
	planning  = append([]string{"coordinator"}, admins...)
	desk      = append([]string{"reception"}, planning...)
	watching  = append([]string{"read-only"}, desk...)
	everybody = append([]string{"teacher"}, watching...)
	everyRole = []string{"administrator", "coordinator", "teacher", "reception", "read-only", "no role", "other role"}
)

// may says who of the actors may do an action; scope is the one that a key needs, empty if no key may; proof is the least that a session of staff must know.
var may = map[access.Action]struct {
	who   []string
	scope models.Scope
	proof models.Proof
}{
	access.ReadSchool:      {everybody, models.ScopeConferenceRead, models.ProofRemembered},
	access.WriteSchool:     {admins, models.ScopeSchool, models.ProofPresent},
	access.ReadRoster:      {watching, models.ScopeRosterRead, models.ProofPresent},
	access.WriteRoster:     {planning, models.ScopeRosterWrite, models.ProofPresent},
	access.JoinFamilies:    {planning, models.ScopeRosterWrite, models.ProofRecent},
	access.ErasePeople:     {admins, models.ScopeRosterWrite, models.ProofRecent},
	access.ExportPeople:    {planning, models.ScopeBookingRead, models.ProofRecent},
	access.ReadConference:  {everybody, models.ScopeConferenceRead, models.ProofRemembered},
	access.WriteConference: {planning, models.ScopeConference, models.ProofPresent},
	access.OwnAvailability: {append([]string{"teacher"}, planning...), models.ScopeConference, models.ProofRemembered},
	access.ReadBookings:    {watching, models.ScopeBookingRead, models.ProofPresent},
	access.BookForFamilies: {desk, models.ScopeBooking, models.ProofPresent},
	access.ReadAccounts:    {admins, models.ScopeAccounts, models.ProofPresent},
	access.ManageAccounts:  {admins, models.ScopeAccounts, models.ProofRecent},
	access.ManageKeys:      {admins, models.ScopeAccounts, models.ProofRecent},
	access.OwnAccount:      {everyRole, "", models.ProofNone},
	access.ReadMailbox:     {[]string{"operator", "administrator", "coordinator"}, "", models.ProofPresent},
	access.CancelSchool:    {[]string{"operator"}, "", models.ProofNone},
	access.RunInstallation: {[]string{"operator"}, "", models.ProofNone},
	access.UseFamily:       {[]string{"parent"}, "", models.ProofNone},
}

func TestARoleIsOfUseAsFarAsItIsProved(t *testing.T) {
	t.Parallel()
	for action, allowed := range may {
		for _, role := range models.AllRoles() {
			if !slices.Contains(allowed.who, string(role)) {
				continue
			}
			for proof := models.ProofNone; proof <= models.ProofRecent; proof++ {
				want := access.Allowed
				if proof < allowed.proof {
					want = access.ProofTooOld
				}
				if got := access.Decide(staff(proof, role), action, here); got != want {
					t.Errorf("%s, %s with a proof of %d: %q", role, action, proof, got)
				}
			}
			waits := models.Actor{Kind: models.ActorStaff, School: here, Withheld: []models.Role{role}}
			if got := access.Decide(waits, action, here); got != access.SecondFactor && !(got == access.Allowed && action == access.OwnAccount) {
				t.Errorf("%s that waits for its second factor, %s: %q", role, action, got)
			}
		}
	}
	both := models.Actor{Kind: models.ActorStaff, School: here, Roles: []models.Role{models.RoleTeacher}, Withheld: []models.Role{models.RoleCoordinator}, Proof: models.ProofRemembered, Staff: self}
	for action, want := range map[access.Action]access.Reason{
		access.OwnAvailability: access.Allowed, access.ReadConference: access.Allowed, access.ReadRoster: access.SecondFactor, access.WriteSchool: access.NotTheirs,
	} {
		if got := access.Decide(both, action, here); got != want {
			t.Errorf("a teacher on a telephone who is coordinator, too, %s: %q", action, got)
		}
	}
	if got := access.DecideStaff(both, here, friend); got != access.SecondFactor {
		t.Errorf("another teacher's times: %q", got)
	}
}

// declared gives the actions that the package names.
func declared(t *testing.T) []access.Action {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), "access.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var actions []access.Action
	ast.Inspect(tree, func(node ast.Node) bool {
		constant, ok := node.(*ast.ValueSpec)
		if !ok || constant.Type == nil {
			return true
		}
		if of, ok := constant.Type.(*ast.Ident); ok && of.Name == "Action" {
			text, err := strconv.Unquote(constant.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			actions = append(actions, access.Action(text))
		}
		return true
	})
	return actions
}

func TestEveryActionIsInTheTable(t *testing.T) {
	t.Parallel()
	actions := declared(t)
	slices.Sort(actions)
	if tabled := slices.Sorted(maps.Keys(may)); !slices.Equal(actions, tabled) {
		t.Errorf("actions of the package: %v\nin the table:           %v", actions, tabled)
	}
}

func TestEveryActionAndEveryActor(t *testing.T) {
	t.Parallel()
	for action, allowed := range may {
		for name, actor := range actors {
			if got, want := access.Decide(actor, action, here) == access.Allowed, slices.Contains(allowed.who, name); got != want {
				t.Errorf("%s, %s: %v", name, action, got)
			}
			// What is theirs here is not theirs elsewhere, the operator's excepted.
			if got, want := access.Decide(actor, action, there) == access.Allowed, name == "operator" && slices.Contains(allowed.who, name); got != want {
				t.Errorf("%s, %s at another school: %v", name, action, got)
			}
			actor.School = models.SchoolID{}
			if got := access.Decide(actor, action, models.SchoolID{}); got == access.Allowed && name != "operator" {
				t.Errorf("%s of no school, %s at no school: allowed", name, action)
			}
		}
	}
}

func TestAKeyNeedsTheScopeOfTheAction(t *testing.T) {
	t.Parallel()
	for action, allowed := range may {
		for _, scope := range models.AllScopes() {
			one := models.Actor{Kind: models.ActorKey, School: here, Scopes: []models.Scope{scope}}
			if got := access.Decide(one, action, here) == access.Allowed; got != (scope == allowed.scope) {
				t.Errorf("a key of %s, %s: %v", scope, action, got)
			}
		}
		// A key without a scope of that name must not get in by an empty one.
		empty := models.Actor{Kind: models.ActorKey, School: here, Scopes: []models.Scope{""}}
		if access.Decide(empty, action, here) == access.Allowed {
			t.Errorf("a key of the empty scope: %s", action)
		}
	}
}

func TestWhatHasNoRuleIsRefused(t *testing.T) {
	t.Parallel()
	for _, action := range []access.Action{"", "school:erase", "SCHOOL:READ", "roster:read "} {
		for name, actor := range actors {
			if got := access.Decide(actor, action, here); got != access.UnknownAction {
				t.Errorf("%s, %q: %q", name, action, got)
			}
		}
	}
}

func TestReasonsAreForTheLogAndSayWhy(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		actor  string
		action access.Action
		school models.SchoolID
		want   access.Reason
	}{
		"allowed": {"administrator", access.WriteRoster, here, access.Allowed}, "another school": {"administrator", access.WriteRoster, there, access.OtherSchool},
		"a role": {"teacher", access.WriteRoster, here, access.NotTheirs}, "a kind": {"parent", access.ReadRoster, here, access.NotTheirs}, "a scope": {"key:none", access.ReadRoster, here, access.MissingScope},
		"nobody": {"nobody", access.ReadRoster, here, access.Nobody}, "a job": {"system", access.ReadRoster, here, access.Nobody}, "the operator": {"operator", access.UseFamily, here, access.NotTheirs},
	} {
		if got := access.Decide(actors[tt.actor], tt.action, tt.school); got != tt.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestTeachersChangeTheirOwnTimesOnly(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		actor string
		staff models.StaffID
		want  access.Reason
	}{
		"a teacher's own": {"teacher", self, access.Allowed}, "a teacher's friend's": {"teacher", friend, access.OtherTeacher}, "an administrator": {"administrator", friend, access.Allowed},
		"a key": {"key:all", friend, access.Allowed}, "a key without the scope": {"key:none", friend, access.MissingScope}, "the operator": {"operator", friend, access.Allowed},
		"a parent": {"parent", self, access.NotTheirs}, "nobody": {"nobody", self, access.Nobody}, "another role": {"other role", self, access.NotTheirs},
	} {
		if got := access.DecideStaff(actors[tt.actor], here, tt.staff); got != tt.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	nameless := models.Actor{Kind: models.ActorStaff, School: here, Roles: []models.Role{models.RoleTeacher}, Proof: models.ProofRecent}
	if got := access.DecideStaff(nameless, here, models.StaffID{}); got != access.OtherTeacher {
		t.Errorf("a teacher who is nobody, and nobody's times: %q", got)
	}
	if got := access.DecideStaff(actors["teacher"], there, self); got != access.OtherSchool {
		t.Errorf("at another school: %q", got)
	}
}
