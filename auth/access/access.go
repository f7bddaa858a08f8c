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
	ReadConference  Action = "conference:read"
	WriteConference Action = "conference:write"
	OwnAvailability Action = "availability:own" // a teacher's own windows and breaks
	ReadBookings    Action = "booking:read"
	BookForFamilies Action = "booking:write"
	ManageAccounts  Action = "accounts:write"
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
}

var rules = map[Action]rule{
	ReadSchool:      {roles: []models.Role{models.RoleAdministrator, models.RoleTeacher}, scope: models.ScopeConferenceRead, operator: true},
	WriteSchool:     {roles: []models.Role{models.RoleAdministrator}, scope: models.ScopeSchool, operator: true},
	ReadRoster:      {roles: []models.Role{models.RoleAdministrator}, scope: models.ScopeRosterRead, operator: true},
	WriteRoster:     {roles: []models.Role{models.RoleAdministrator}, scope: models.ScopeRosterWrite, operator: true},
	ReadConference:  {roles: []models.Role{models.RoleAdministrator, models.RoleTeacher}, scope: models.ScopeConferenceRead, operator: true},
	WriteConference: {roles: []models.Role{models.RoleAdministrator}, scope: models.ScopeConference, operator: true},
	OwnAvailability: {roles: []models.Role{models.RoleAdministrator, models.RoleTeacher}, scope: models.ScopeConference, operator: true},
	ReadBookings:    {roles: []models.Role{models.RoleAdministrator}, scope: models.ScopeBookingRead, operator: true},
	BookForFamilies: {roles: []models.Role{models.RoleAdministrator}, scope: models.ScopeBooking, operator: true},
	ManageAccounts:  {roles: []models.Role{models.RoleAdministrator}, scope: models.ScopeAccounts, operator: true},
	ReadMailbox:     {roles: []models.Role{models.RoleAdministrator}, operator: true},
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
		return reasonUnless(slices.Contains(wanted.roles, actor.Role), NotTheirs)
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
	if actor.Kind == models.ActorStaff && actor.Role == models.RoleTeacher && (actor.Staff.IsZero() || actor.Staff != staff) {
		return OtherTeacher
	}
	return Allowed
}

func reasonUnless(allowed bool, reason Reason) Reason {
	if allowed {
		return Allowed
	}
	return reason
}
