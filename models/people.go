package models

import (
	"time"

	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/seal"
)

// PersonState reports whether somebody is at the school now.
type PersonState string

// The states of pupils and staff.
const (
	PersonActive PersonState = "active"
	PersonLeft   PersonState = "left"
)

// Arrangement is how the two households of one child come to talks.
type Arrangement string

// The arrangements. With a child of one household they make no difference.
const (
	ArrangementEach     Arrangement = "each"     // each household has its own talks
	ArrangementTogether Arrangement = "together" // they come together; the first household books
	ArrangementOne      Arrangement = "one"      // the first household only
)

// PupilDetails is what people at the school see of a pupil.
type PupilDetails struct {
	Key     string   `json:"key"` // the school's own key; the student number
	Given   string   `json:"given"`
	Prefix  string   `json:"prefix,omitempty"`
	Surname string   `json:"surname,omitempty"`
	Aliases []string `json:"aliases,omitempty"` // other spellings by which parents may name the child
	// FormerAdultFrom is PupilFactors.AdultFrom as it was kept before, among what is open; whoever writes the pupil next moves it.
	FormerAdultFrom civil.Date `json:"adult_from,omitzero"`
	// ParentsMayBook tells whether the parents of an adult pupil may still book.
	ParentsMayBook bool `json:"parents_may_book,omitempty"`
	// OneAtATime says over what the talk kind says whether the pupil, if it has two households, is at one talk at a time; nil leaves it to the kind.
	OneAtATime *bool `json:"one_at_a_time,omitempty"`
	// ByHand tells that staff added the pupil, so that an import does not take it away.
	ByHand bool `json:"by_hand,omitempty"`
}

// FullName is the given name, prefix and surname, as people write it.
func (d PupilDetails) FullName() string {
	name := d.Given
	for _, part := range []string{d.Prefix, d.Surname} {
		if name != "" && part != "" {
			name += " "
		}
		name += part
	}
	return name
}

// Pupil is a child, or an adult who is a pupil.
type Pupil struct {
	SchoolID    SchoolID `gorm:"primaryKey"`
	ID          PupilID  `gorm:"primaryKey"`
	State       PersonState
	GroupID     GroupID // the main group; zero if none
	Year        string  // the year as the roster names it: "3", "C"
	Arrangement Arrangement
	Protected   bool // protected address: never grouped, no postcode kept, no log-in by factors
	CreatedAt   time.Time
	DetailsBox  seal.Box     `gorm:"column:details"`
	FactorsBox  seal.Box     `gorm:"column:factors"`
	Details     PupilDetails `gorm:"-"`
	Factors     PupilFactors `gorm:"-"`
}

// ComesOfAge returns the day from which the pupil decides who may book; zero where that is not near.
func (p *Pupil) ComesOfAge() civil.Date {
	if p.Factors.AdultFrom.IsZero() {
		return p.Details.FormerAdultFrom
	}
	return p.Factors.AdultFrom
}

// SetComesOfAge keeps the day from which the pupil decides who may book.
func (p *Pupil) SetComesOfAge(day civil.Date) {
	p.Factors.AdultFrom, p.Details.FormerAdultFrom = day, civil.Date{}
}

// TableName is the table of pupils.
func (Pupil) TableName() string { return "pupils" }

// Row gives the id that sealed values of this row are bound to.
func (p *Pupil) Row() [16]byte { return p.ID }

// Sealed lists the sealed columns.
func (p *Pupil) Sealed() []seal.Column {
	return []seal.Column{
		{Name: "details", Box: &p.DetailsBox, Value: &p.Details},
		{Name: "factors", Box: &p.FactorsBox, Value: &p.Factors, Guarded: true},
	}
}

// GroupDetails names a group.
type GroupDetails struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// Group is a class or teaching group.
type Group struct {
	SchoolID   SchoolID `gorm:"primaryKey"`
	ID         GroupID  `gorm:"primaryKey"`
	State      PersonState
	Year       string
	CreatedAt  time.Time
	DetailsBox seal.Box     `gorm:"column:details"`
	Details    GroupDetails `gorm:"-"`
}

// TableName is the table of groups.
func (Group) TableName() string { return "groups" }

// Row gives the id that sealed values of this row are bound to.
func (g *Group) Row() [16]byte { return g.ID }

// Sealed lists the sealed columns.
func (g *Group) Sealed() []seal.Column {
	return []seal.Column{{Name: "details", Box: &g.DetailsBox, Value: &g.Details}}
}

// PupilGroup puts a pupil into a group beside the main one.
type PupilGroup struct {
	SchoolID SchoolID `gorm:"primaryKey"`
	PupilID  PupilID  `gorm:"primaryKey"`
	GroupID  GroupID  `gorm:"primaryKey"`
}

// TableName is the table of memberships of groups.
func (PupilGroup) TableName() string { return "pupil_groups" }

// StaffDetails is what people see of a teacher; parents see DisplayName only.
type StaffDetails struct {
	Key         string   `json:"key"` // the school's own key or code
	DisplayName string   `json:"display_name"`
	Given       string   `json:"given,omitempty"`
	Prefix      string   `json:"prefix,omitempty"`
	Surname     string   `json:"surname,omitempty"`
	Email       string   `json:"email,omitempty"`
	Aliases     []string `json:"aliases,omitempty"` // other spellings in files: "Gunes, Ayse", "A. Gunes"
}

// Staff is a teacher or another member of staff with whom families talk.
type Staff struct {
	SchoolID   SchoolID `gorm:"primaryKey"`
	ID         StaffID  `gorm:"primaryKey"`
	State      PersonState
	CreatedAt  time.Time
	DetailsBox seal.Box     `gorm:"column:details"`
	Details    StaffDetails `gorm:"-"`
}

// TableName is the table of staff.
func (Staff) TableName() string { return "staff" }

// Row gives the id that sealed values of this row are bound to.
func (s *Staff) Row() [16]byte { return s.ID }

// Sealed lists the sealed columns.
func (s *Staff) Sealed() []seal.Column {
	return []seal.Column{{Name: "details", Box: &s.DetailsBox, Value: &s.Details}}
}

// TeachingRole is what a teacher is to a group or a pupil.
type TeachingRole string

// The teaching roles.
const (
	TeachesMentor  TeachingRole = "mentor"
	TeachesGroup   TeachingRole = "group"
	TeachesSubject TeachingRole = "subject"
	TeachesCare    TeachingRole = "care"
)

// Teaching ties a teacher to a group or to one pupil. The subject is no personal data and stands open.
type Teaching struct {
	SchoolID SchoolID `gorm:"primaryKey"`
	ID       RowID    `gorm:"primaryKey"`
	StaffID  StaffID
	GroupID  GroupID // zero if for one pupil
	PupilID  PupilID // zero if for a group
	Role     TeachingRole
	Subject  string
	// FromRoster tells that an import made it and may take it away; what staff entered stays.
	FromRoster bool
	// Removed tells that staff took it away: nobody teaches by it, and files do not bring it back.
	Removed bool
	// InsteadID is who stands in for the teacher, as staff said; zero for nobody.
	InsteadID StaffID
}

// Teacher returns who teaches by it: whoever stands in, or else the teacher of the row.
func (t *Teaching) Teacher() StaffID {
	if !t.InsteadID.IsZero() {
		return t.InsteadID
	}
	return t.StaffID
}

// TableName is the table of teachings.
func (Teaching) TableName() string { return "teachings" }

// HouseholdOrigin tells who decided that these children are one household.
type HouseholdOrigin string

// The origins of a household.
const (
	OriginSingle     HouseholdOrigin = "single"     // one child, nothing to decide
	OriginCertain    HouseholdOrigin = "certain"    // the roster left no doubt
	OriginSuggestion HouseholdOrigin = "suggestion" // suggested by the program, confirmed by the school
	OriginStaff      HouseholdOrigin = "staff"      // put together by hand
)

// HouseholdDetails is what the school sees of a household.
type HouseholdDetails struct {
	// OwnPupil marks the household of an adult pupil, who books alone.
	OwnPupil bool   `json:"own_pupil,omitempty"`
	Label    string `json:"label,omitempty"`
	Language string `json:"language,omitempty"`
	// Interpreter is the language of the interpreter whom the school asks to this household's talks, in the school's words; empty where none is needed. Only staff see it.
	Interpreter string `json:"interpreter,omitempty"`
	// FamilyCode is kept so that staff can print the letter again; parents never see it on a page.
	FamilyCode string `json:"family_code,omitempty"`
}

// Household is who books together. A pupil may belong to two.
type Household struct {
	SchoolID        SchoolID    `gorm:"primaryKey"`
	ID              HouseholdID `gorm:"primaryKey"`
	Origin          HouseholdOrigin
	FamilyCodeIndex []byte // keyed index of the family code; empty where none was issued
	// Revision counts what the household was told; only store.Tx.Revise raises it. In an opened roster it is that of the moment of opening.
	Revision   int64
	CreatedAt  time.Time
	DetailsBox seal.Box         `gorm:"column:details"`
	FactorsBox seal.Box         `gorm:"column:factors"`
	Details    HouseholdDetails `gorm:"-"`
	Factors    HouseholdFactors `gorm:"-"`
}

// TableName is the table of households.
func (Household) TableName() string { return "households" }

// Row gives the id that sealed values of this row are bound to.
func (h *Household) Row() [16]byte { return h.ID }

// Sealed lists the sealed columns.
func (h *Household) Sealed() []seal.Column {
	return []seal.Column{
		{Name: "details", Box: &h.DetailsBox, Value: &h.Details},
		{Name: "factors", Box: &h.FactorsBox, Value: &h.Factors, Guarded: true},
	}
}

// HouseholdPupil puts a pupil into a household. Position 0 is the pupil's first household, which books where the arrangement is together or one.
type HouseholdPupil struct {
	SchoolID    SchoolID    `gorm:"primaryKey"`
	HouseholdID HouseholdID `gorm:"primaryKey"`
	PupilID     PupilID     `gorm:"primaryKey"`
	Position    int
	// ByStaff tells that a person decided it, so that an import leaves it alone.
	ByStaff bool
}

// TableName is the table of who belongs to which household.
func (HouseholdPupil) TableName() string { return "household_pupils" }

// ContactKind is an e-mail address or a telephone number.
type ContactKind string

// The kinds of contacts.
const (
	ContactEmail ContactKind = "email"
	ContactPhone ContactKind = "phone"
)

// ContactSource tells who brought a contact. Only the school's file and its staff can bring one that confirms.
type ContactSource string

// The sources of contacts.
const (
	SourceFile  ContactSource = "file"
	SourceStaff ContactSource = "staff"
	SourceTyped ContactSource = "typed" // by somebody at a booking: belongs to that maker's bookings and never confirms
)

// Confirms reports whether a one-time code may be sent to such a contact.
func (s ContactSource) Confirms() bool { return s == SourceFile || s == SourceStaff }

// ContactDetails is the address or number itself: an e-mail address, or a number in E.164.
type ContactDetails struct {
	Value string `json:"value"`
}

// Contact is a way to reach a household.
type Contact struct {
	SchoolID    SchoolID  `gorm:"primaryKey"`
	ID          ContactID `gorm:"primaryKey"`
	HouseholdID HouseholdID
	GuardianID  GuardianID // zero for a typed contact
	MakerID     MakerID    // who typed it; zero unless Source is SourceTyped
	Kind        ContactKind
	Source      ContactSource
	Purposes    []string `gorm:"serializer:json"` // what it may be used for: "confirmation", "code"
	Language    string
	VerifiedAt  *time.Time
	Suppressed  bool // the carrier says that nobody is there
	// SuppressedAt and SuppressedFor say since when and why: the stable code of the problem.
	SuppressedAt  *time.Time
	SuppressedFor string
	CreatedAt     time.Time
	DetailsBox    seal.Box       `gorm:"column:details"`
	Details       ContactDetails `gorm:"-"`
}

// TableName is the table of contacts.
func (Contact) TableName() string { return "contacts" }

// Row gives the id that sealed values of this row are bound to.
func (c *Contact) Row() [16]byte { return c.ID }

// Sealed lists the sealed columns.
func (c *Contact) Sealed() []seal.Column {
	return []seal.Column{{Name: "details", Box: &c.DetailsBox, Value: &c.Details}}
}

// SubjectKind is a kind of thing that has a key of the school's own.
type SubjectKind string

// The kinds of things with external keys.
const (
	SubjectPupil      SubjectKind = "pupil"
	SubjectGroup      SubjectKind = "group"
	SubjectStaff      SubjectKind = "staff"
	SubjectHousehold  SubjectKind = "household"
	SubjectConference SubjectKind = "conference"
	SubjectRoom       SubjectKind = "room"
)

// ExternalKey finds a row by the school's own key, or by an alias in its files, through the keyed index of it.
type ExternalKey struct {
	SchoolID SchoolID    `gorm:"primaryKey"`
	Kind     SubjectKind `gorm:"primaryKey"`
	KeyIndex []byte      `gorm:"primaryKey"`
	Subject  RowID
}

// TableName is the table of external keys.
func (ExternalKey) TableName() string { return "external_keys" }

// OverrideValue is what a person entered over what the file says.
type OverrideValue struct {
	Value string `json:"value"`
}

// Override is a value set by hand, which an import reports instead of overwriting.
type Override struct {
	SchoolID   SchoolID `gorm:"primaryKey"`
	ID         RowID    `gorm:"primaryKey"`
	Kind       SubjectKind
	Subject    RowID
	Field      string
	At         time.Time
	DetailsBox seal.Box      `gorm:"column:details"`
	Details    OverrideValue `gorm:"-"`
}

// TableName is the table of overrides.
func (Override) TableName() string { return "overrides" }

// Row gives the id that sealed values of this row are bound to.
func (o *Override) Row() [16]byte { return o.ID }

// Sealed lists the sealed columns.
func (o *Override) Sealed() []seal.Column {
	return []seal.Column{{Name: "details", Box: &o.DetailsBox, Value: &o.Details}}
}
