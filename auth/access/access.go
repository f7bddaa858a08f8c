// Package access decides, and does nothing else: an actor wants to do an action in a school, and gets yes or a reason for no. It is pure: no context, no
// clock, no database. What is not named here is refused. The API and the pages ask it before they call a service.
package access

import (
	"slices"

	"github.com/ouderavond/ouderavond/models"
)

// Action is something that somebody may want to do.
type Action string

// The actions.
const (
	ReadSchool      Action = "school:read"
	WriteSchool     Action = "school:write"
	ReadRoster      Action = "roster:read"
	WriteRoster     Action = "roster:write"
	JoinFamilies    Action = "families:join"
	ErasePeople     Action = "people:erase"
	ExportPeople    Action = "people:export" // a file with data of families
	ReadConference  Action = "conference:read"
	WriteConference Action = "conference:write"
	OwnAvailability Action = "availability:own" // a teacher's own windows and breaks
	ReadBookings    Action = "booking:read"
	BookForFamilies Action = "booking:write"
	ReadAccounts    Action = "accounts:read"
	ManageAccounts  Action = "accounts:write"
	ManageKeys      Action = "keys:write"
	OwnAccount      Action = "account:own" // the session's own account: its credentials and sessions
	CancelSchool    Action = "school:cancel"
	RunInstallation Action = "installation"
	UseFamily       Action = "family" // a parent's own family
	ReadMailbox     Action = "mailbox:read"
)

// rule says who may do an action.
type rule struct {
	roles    []models.Role
	scope    models.Scope // of an API key; empty: no key may
	operator bool
	parent   bool
	// proof is what a session of staff must know of who is there; where nothing is said, somebody has to be present.
	proof models.Proof
	// anyAccount lets every session of staff, one that waits for its second factor too.
	anyAccount bool
}

// Sets of roles.
var (
	everybody     = models.AllRoles()
	administrator = []models.Role{models.RoleAdministrator}
	planners      = []models.Role{models.RoleAdministrator, models.RoleCoordinator}
	office        = []models.Role{models.RoleAdministrator, models.RoleCoordinator, models.RoleReception}
	overview      = []models.Role{models.RoleAdministrator, models.RoleCoordinator, models.RoleReception, models.RoleReadOnly}
	teaching      = []models.Role{models.RoleAdministrator, models.RoleCoordinator, models.RoleTeacher}
)

// Whose device is remembered may see and set what is theirs, and what the school tells everybody of a round; it is asked for a proof before anything of others.
var rules = map[Action]rule{
	ReadSchool:      {roles: everybody, scope: models.ScopeConferenceRead, operator: true, proof: models.ProofRemembered},
	WriteSchool:     {roles: administrator, scope: models.ScopeSchool, operator: true},
	ReadRoster:      {roles: overview, scope: models.ScopeRosterRead, operator: true},
	WriteRoster:     {roles: planners, scope: models.ScopeRosterWrite, operator: true},
	JoinFamilies:    {roles: planners, scope: models.ScopeRosterWrite, operator: true, proof: models.ProofRecent},
	ErasePeople:     {roles: administrator, scope: models.ScopeRosterWrite, operator: true, proof: models.ProofRecent},
	ExportPeople:    {roles: planners, scope: models.ScopeBookingRead, operator: true, proof: models.ProofRecent},
	ReadConference:  {roles: everybody, scope: models.ScopeConferenceRead, operator: true, proof: models.ProofRemembered},
	WriteConference: {roles: planners, scope: models.ScopeConference, operator: true},
	OwnAvailability: {roles: teaching, scope: models.ScopeConference, operator: true, proof: models.ProofRemembered},
	ReadBookings:    {roles: overview, scope: models.ScopeBookingRead, operator: true},
	BookForFamilies: {roles: office, scope: models.ScopeBooking, operator: true},
	ReadAccounts:    {roles: administrator, scope: models.ScopeAccounts, operator: true},
	ManageAccounts:  {roles: administrator, scope: models.ScopeAccounts, operator: true, proof: models.ProofRecent},
	ManageKeys:      {roles: administrator, scope: models.ScopeAccounts, operator: true, proof: models.ProofRecent},
	OwnAccount:      {anyAccount: true},
	ReadMailbox:     {roles: planners, operator: true},
	CancelSchool:    {operator: true},
	RunInstallation: {operator: true},
	UseFamily:       {parent: true},
}

// Reason says why something is refused; for the log, never for the answer.
type Reason string

// The reasons.
const (
	Allowed       Reason = ""
	Nobody        Reason = "nobody is logged in"
	OtherSchool   Reason = "the actor belongs to another school"
	NotTheirs     Reason = "the actor's kind or role may not do this"
	MissingScope  Reason = "the key lacks the scope"
	UnknownAction Reason = "the action has no rule"
	OtherTeacher  Reason = "a teacher may change their own availability only"
	SecondFactor  Reason = "the role that may do this waits for the second factor"
	ProofTooOld   Reason = "somebody has to prove again who they are"
)

// Decide tells whether an actor may do an action in a school: Allowed, or why not.
func Decide(actor models.Actor, action Action, school models.SchoolID) Reason {
	wanted, known := rules[action]
	if !known {
		return UnknownAction
	}
	switch actor.Kind {
	case models.ActorOperator:
		return reasonUnless(wanted.operator, NotTheirs)
	case models.ActorStaff, models.ActorKey, models.ActorParent:
		if actor.School.IsZero() || actor.School != school {
			return OtherSchool
		}
	default:
		return Nobody
	}
	switch actor.Kind {
	case models.ActorStaff:
		return decideStaff(actor, wanted)
	case models.ActorKey:
		return reasonUnless(wanted.scope != "" && slices.Contains(actor.Scopes, wanted.scope), MissingScope)
	case models.ActorParent:
		return reasonUnless(wanted.parent, NotTheirs)
	default:
		return Nobody
	}
}

// DecideStaff tells whether an actor may change one teacher's availability: whoever may write the conference, and teachers their own.
func DecideStaff(actor models.Actor, school models.SchoolID, staff models.StaffID) Reason {
	if reason := Decide(actor, OwnAvailability, school); reason != Allowed {
		return reason
	}
	if actor.Kind != models.ActorStaff || !actor.Staff.IsZero() && actor.Staff == staff {
		return Allowed
	}
	if reason := Decide(actor, WriteConference, school); reason != NotTheirs {
		return reason
	}
	return OtherTeacher
}

// decideStaff tells whether one of the roles of a session of staff may do an action, and whether enough is known of who is there.
func decideStaff(actor models.Actor, wanted rule) Reason {
	if wanted.anyAccount {
		return Allowed
	}
	may := func(role models.Role) bool { return slices.Contains(wanted.roles, role) }
	needed := wanted.proof
	if needed == models.ProofNone {
		needed = models.ProofPresent
	}
	switch {
	case slices.ContainsFunc(actor.Roles, may):
		return reasonUnless(actor.Proof >= needed, ProofTooOld)
	case slices.ContainsFunc(actor.Withheld, may):
		return SecondFactor
	default:
		return NotTheirs
	}
}

func reasonUnless(allowed bool, reason Reason) Reason {
	if allowed {
		return Allowed
	}
	return reason
}
