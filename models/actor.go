package models

import "slices"

// ActorKind tells what sort of caller an Actor is.
type ActorKind string

// The kinds of actors.
const (
	ActorParent   ActorKind = "parent"   // a session of a parent, recognised or confirmed
	ActorStaff    ActorKind = "staff"    // a session of a staff account
	ActorKey      ActorKind = "key"      // a request with an API key
	ActorOperator ActorKind = "operator" // the people who run the installation
	ActorSystem   ActorKind = "system"   // a job of the program itself; its Reason says which
)

// Role is what a staff account may do. An account has a set of them, and may do what any of them may.
type Role string

// The roles of staff accounts.
const (
	RoleAdministrator Role = "administrator" // everything of the school
	RoleCoordinator   Role = "coordinator"   // the roster, the rounds and the families, but no settings, accounts or keys
	RoleTeacher       Role = "teacher"       // their own availability and schedule
	RoleReception     Role = "reception"     // sees the families and books for them
	RoleReadOnly      Role = "read-only"     // sees what reception sees
)

// AllRoles returns all roles, those that may most first.
func AllRoles() []Role {
	return []Role{RoleAdministrator, RoleCoordinator, RoleTeacher, RoleReception, RoleReadOnly}
}

// Strong reports whether a role is of use only to somebody who has proved by a second factor who they are: it reaches every family's data and can change it all.
func (r Role) Strong() bool { return r == RoleAdministrator || r == RoleCoordinator }

// Proof tells how well a session of staff knows who is there at this moment. More is greater.
type Proof int

// What a session of staff knows.
const (
	// ProofNone is a session that has opened nothing yet: a second factor is missing, and the account has no role that needs none.
	ProofNone Proof = iota
	// ProofRemembered is a device that is remembered for thirty days: good for a teacher's own list and hours.
	ProofRemembered
	// ProofPresent is somebody who proved within twelve hours who they are.
	ProofPresent
	// ProofRecent is somebody who proved within a quarter of an hour who they are: what exports, erases, joins or makes keys asks for it.
	ProofRecent
)

// Scope is a permission of an API key.
type Scope string

// The scopes of API keys.
const (
	ScopeRosterRead     Scope = "roster:read"
	ScopeRosterWrite    Scope = "roster:write"
	ScopeConferenceRead Scope = "conference:read"
	ScopeConference     Scope = "conference:write"
	ScopeBookingRead    Scope = "booking:read"
	ScopeBooking        Scope = "booking:write"
	ScopeSchool         Scope = "school:write"
	ScopeAccounts       Scope = "accounts:write"
)

// AllScopes lists every scope, in the order in which they are shown.
func AllScopes() []Scope {
	return []Scope{ScopeRosterRead, ScopeRosterWrite, ScopeConferenceRead, ScopeConference, ScopeBookingRead, ScopeBooking, ScopeSchool, ScopeAccounts}
}

// Grant is what a parent's session was given for one household: the children that were recognised, and whether the household itself was confirmed by
// something only it has.
type Grant struct {
	Household HouseholdID `json:"household"`
	Pupils    []PupilID   `json:"pupils"`
	Confirmed bool        `json:"confirmed"`
}

// Actor is who asks, as a value: without one the store hands out nothing. It is made by auth from a session or a key, by cmd for the operator, and by
// System for the program's own jobs.
type Actor struct {
	Kind   ActorKind
	School SchoolID
	// ID is the session, account or key; zero for the operator at the machine's own socket and for jobs.
	ID [16]byte
	// Reason is set for ActorSystem: which job asks. It goes into the audit.
	Reason string
	// Grants and Makers belong to a parent: the households of the session, and the makers (devices, typed contacts) whose bookings it may see.
	Grants []Grant
	Makers []MakerID
	// Account, Roles, Withheld, Proof and Staff belong to a session of staff. Withheld are roles of the account that wait for the session's second factor; Staff is zero for
	// who is no teacher.
	Account         AccountID
	Roles, Withheld []Role
	Proof           Proof
	Staff           StaffID
	// Scopes belong to an API key.
	Scopes []Scope
}

// System is the actor of one of the program's own jobs for one school.
func System(school SchoolID, reason string) Actor {
	return Actor{Kind: ActorSystem, School: school, Reason: reason}
}

// Grant gives the session's grant for a household, if it has one.
func (a Actor) Grant(household HouseholdID) (Grant, bool) {
	for _, grant := range a.Grants {
		if grant.Household == household {
			return grant, true
		}
	}
	return Grant{}, false
}

// HasMaker tells whether the session may see what a maker made.
func (a Actor) HasMaker(maker MakerID) bool {
	return !maker.IsZero() && slices.Contains(a.Makers, maker)
}
