package models

import (
	"time"

	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/seal"
)

// ConferenceState is where a conference stands.
type ConferenceState string

// The states of a conference.
const (
	ConferenceDraft  ConferenceState = "draft"  // being prepared; parents see nothing of it
	ConferenceOpen   ConferenceState = "open"   // bookable between OpensAt and ClosesAt
	ConferenceClosed ConferenceState = "closed" // parents see their appointments, and nothing changes any more
)

// ConferenceDetails is what a conference is called.
type ConferenceDetails struct {
	Key   string `json:"key,omitempty"` // the school's own key
	Title string `json:"title"`
	Note  string `json:"note,omitempty"` // shown to parents above their choices
}

// ConferenceRules are the limits of a conference. Zero means no limit.
type ConferenceRules struct {
	MaxPerPupil     int `json:"max_per_pupil"`     // appointments per pupil and household
	MaxPerHousehold int `json:"max_per_household"` // appointments per household
	// WalkingMinutes is what it takes to get from one building part (zone of a room) to another.
	WalkingMinutes int `json:"walking_minutes"`
	// LeadMinutes is how long before its start a slot stops being bookable by parents, and a talk movable.
	LeadMinutes int `json:"lead_minutes"`
	// CancelMinutes is how long before its start parents can no longer cancel a talk. That goes on after booking has closed: a family that cannot come says so.
	CancelMinutes int `json:"cancel_minutes,omitempty"`
}

// Conference is a round of talks with its rules and dates (gespreksronde).
type Conference struct {
	SchoolID   SchoolID     `gorm:"primaryKey"`
	ID         ConferenceID `gorm:"primaryKey"`
	State      ConferenceState
	OpensAt    time.Time       // UTC
	ClosesAt   time.Time       // UTC
	Rules      ConferenceRules `gorm:"serializer:json"`
	Version    int64           // counts changes, for If-Match
	CreatedAt  time.Time
	DetailsBox seal.Box          `gorm:"column:details"`
	Details    ConferenceDetails `gorm:"-"`
}

// TableName is the table of conferences.
func (Conference) TableName() string { return "conferences" }

// Row gives the id that sealed values of this row are bound to.
func (c *Conference) Row() [16]byte { return c.ID }

// Sealed lists the sealed columns.
func (c *Conference) Sealed() []seal.Column {
	return []seal.Column{{Name: "details", Box: &c.DetailsBox, Value: &c.Details}}
}

// Audience tells for whom a day is.
type Audience struct {
	Everybody bool      `json:"everybody"`
	Groups    []GroupID `json:"groups,omitempty"`
	Years     []string  `json:"years,omitempty"`
	// Siblings lets a family that may come for one child bring its other children.
	Siblings bool `json:"siblings"`
}

// Day is one evening or afternoon of a conference, by the school's calendar.
type Day struct {
	SchoolID     SchoolID `gorm:"primaryKey"`
	ID           DayID    `gorm:"primaryKey"`
	ConferenceID ConferenceID
	Date         civil.Date
	Audience     Audience `gorm:"serializer:json"`
}

// TableName is the table of days.
func (Day) TableName() string { return "days" }

// Obligation tells how much the school wants a talk.
type Obligation string

// The obligations.
const (
	Optional Obligation = "optional"
	Expected Obligation = "expected"
	Required Obligation = "required"
)

// Staffing tells with whom a kind of talk is.
type Staffing string

// The staffings. All but StaffedByOffer follow from the roster's teachings.
const (
	StaffedByMentor  Staffing = "mentor"
	StaffedByGroup   Staffing = "group" // mentor or group teachers of the pupil's groups
	StaffedBySubject Staffing = "subject"
	StaffedByCare    Staffing = "care"
	StaffedByOffer   Staffing = "offer" // only what offers say
)

// Pairing tells what two mentors or group teachers of one pupil (a duo) mean for a talk.
type Pairing string

// The pairings.
const (
	PairingEither   Pairing = "either"   // with one of them
	PairingTogether Pairing = "together" // with all of them at once
	PairingBoth     Pairing = "both"     // the family chooses: one of them, or all at once
)

// TalkKindDetails names a kind of talk.
type TalkKindDetails struct {
	Title string `json:"title"`
	// OneAtATime tells that a pupil of two households who attends is at one talk at a time, too. Then each household sees which times are gone, and with that when the
	// other one comes; so it is the school's choice.
	OneAtATime bool `json:"one_at_a_time,omitempty"`
}

// TalkKind is a kind of talk within a conference: its length, with whom, and how often.
type TalkKind struct {
	SchoolID     SchoolID   `gorm:"primaryKey"`
	ID           TalkKindID `gorm:"primaryKey"`
	ConferenceID ConferenceID
	Minutes      int // a multiple of five
	Obligation   Obligation
	MaxPerPupil  int  // talks of this kind per pupil and household; zero is no limit
	PupilAttends bool // then the pupil, too, cannot be in two places; for one of two households see TalkKindDetails
	Staffing     Staffing
	Pairing      Pairing
	Position     int
	DetailsBox   seal.Box        `gorm:"column:details"`
	Details      TalkKindDetails `gorm:"-"`
}

// TableName is the table of talk kinds.
func (TalkKind) TableName() string { return "talk_kinds" }

// Row gives the id that sealed values of this row are bound to.
func (k *TalkKind) Row() [16]byte { return k.ID }

// Sealed lists the sealed columns.
func (k *TalkKind) Sealed() []seal.Column {
	return []seal.Column{{Name: "details", Box: &k.DetailsBox, Value: &k.Details}}
}

// Offer offers a staff set to a pupil, a group, a year or everybody (all of the three are zero), beside what the talk kind's staffing gives.
type Offer struct {
	SchoolID     SchoolID `gorm:"primaryKey"`
	ID           RowID    `gorm:"primaryKey"`
	ConferenceID ConferenceID
	TalkKindID   TalkKindID
	PupilID      PupilID
	GroupID      GroupID
	Year         string
	StaffIDs     []StaffID `gorm:"-"` // all of them together; stored in offer_staff
}

// TableName is the table of offers.
func (Offer) TableName() string { return "offers" }

// OfferStaff is one member of an offer's staff set.
type OfferStaff struct {
	SchoolID SchoolID `gorm:"primaryKey"`
	OfferID  RowID    `gorm:"primaryKey"`
	StaffID  StaffID  `gorm:"primaryKey"`
}

// TableName is the table of who sits in an offer.
func (OfferStaff) TableName() string { return "offer_staff" }

// Availability is a window in which a teacher can be met on a day.
type Availability struct {
	SchoolID     SchoolID `gorm:"primaryKey"`
	ID           RowID    `gorm:"primaryKey"`
	ConferenceID ConferenceID
	DayID        DayID
	StaffID      StaffID
	StartTick    Tick
	EndTick      Tick // the first tick that no longer belongs to it
	RoomID       RoomID
}

// TableName is the table of availability.
func (Availability) TableName() string { return "availabilities" }

// BlockKind tells why a teacher cannot be met.
type BlockKind string

// The kinds of blocks.
const (
	BlockBreak   BlockKind = "break"
	BlockBlocked BlockKind = "blocked"
)

// Block is a break or a blocked time of a teacher; it claims the time without an appointment.
type Block struct {
	SchoolID     SchoolID `gorm:"primaryKey"`
	ID           RowID    `gorm:"primaryKey"`
	ConferenceID ConferenceID
	DayID        DayID
	StaffID      StaffID
	StartTick    Tick
	EndTick      Tick
	Kind         BlockKind
}

// TableName is the table of blocks.
func (Block) TableName() string { return "blocks" }

// RoomDetails names a room.
type RoomDetails struct {
	Key  string `json:"key,omitempty"`
	Name string `json:"name"`
	Zone string `json:"zone,omitempty"` // the part of the building; walking time counts between zones
}

// Room is where talks are held. One used alone can hold one talk at a time.
type Room struct {
	SchoolID   SchoolID `gorm:"primaryKey"`
	ID         RoomID   `gorm:"primaryKey"`
	UsedAlone  bool
	DetailsBox seal.Box    `gorm:"column:details"`
	Details    RoomDetails `gorm:"-"`
}

// TableName is the table of rooms.
func (Room) TableName() string { return "rooms" }

// Row gives the id that sealed values of this row are bound to.
func (r *Room) Row() [16]byte { return r.ID }

// Sealed lists the sealed columns.
func (r *Room) Sealed() []seal.Column {
	return []seal.Column{{Name: "details", Box: &r.DetailsBox, Value: &r.Details}}
}
