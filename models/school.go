package models

import (
	"sync"
	"time"

	"github.com/ouderavond/ouderavond/models/seal"
)

// SchoolState is where a school stands in its life.
type SchoolState string

// The states of a school. A cancelled school has no row any more, only a line in the erasure ledger.
const (
	SchoolActive  SchoolState = "active"
	SchoolClosing SchoolState = "closing" // cancelled, erasure under way: nobody gets in
)

// PostcodePart is the fragment of the postcode that a school asks for.
type PostcodePart string

// The fragments.
const (
	PostcodeDigits  PostcodePart = "digits"
	PostcodeLetters PostcodePart = "letters"
	PostcodeAll     PostcodePart = "all"
)

// Policy is what a school asks of parents at log-in. At least two factors, unless AcceptWeak was set by somebody who saw what one is worth.
type Policy struct {
	Factors      []Factor     `json:"factors"`
	PostcodePart PostcodePart `json:"postcode_part"`
	// LegalGround is the stated ground for asking the citizen number's last digits; without it that factor is refused.
	LegalGround string `json:"legal_ground,omitempty"`
	AcceptWeak  bool   `json:"accept_weak,omitempty"`
	// LinkRecognises is set if a household's personal link recognises only, and does not confirm.
	LinkRecognises bool `json:"link_recognises,omitempty"`
	// Next is the policy that is to come in its place, once no parents would be locked out by it; nil if there is none. Its factors are kept, and not asked for.
	Next *Policy `json:"next,omitempty"`
}

// Asks reports whether the policy asks for a factor.
func (p Policy) Asks(factor Factor) bool {
	for _, asked := range p.Factors {
		if asked == factor {
			return true
		}
	}
	return false
}

// Keeps reports whether a factor's data are kept: the policy asks for it, or the one that is to come does.
func (p Policy) Keeps(factor Factor) bool {
	return p.Asks(factor) || p.Next != nil && p.Next.Asks(factor)
}

// Channels are the ways in which a school's messages go out.
type Channels struct {
	Mail bool `json:"mail"`
	SMS  bool `json:"sms"`
	// None says that the school wants no messages at all, and knows that parents then get no confirmation. It goes with neither of the two.
	None bool `json:"none,omitempty"`
}

// On reports whether a channel is switched on.
func (c Channels) On(channel Channel) bool {
	return channel == ChannelMail && c.Mail || channel == ChannelSMS && c.SMS
}

// Arrival says that a test message of the school arrived, and through whom: another carrier has to be tried again.
type Arrival struct {
	By string    `json:"by"` // the carrier, as the installation calls it: "smtp", "twilio"
	At time.Time `json:"at"`
}

// Arrive notes that a test message has arrived through a channel.
func (s *School) Arrive(channel Channel, by string, at time.Time) {
	arrivals := map[Channel]Arrival{channel: {By: by, At: at}}
	for other, arrival := range s.Arrivals {
		if other != channel {
			arrivals[other] = arrival
		}
	}
	s.Arrivals = arrivals
}

// Mailbox is the carrier that keeps messages in a folder instead of sending them. What it takes has arrived.
const Mailbox = "mailbox"

// SchoolDetails is what the school is called and how it writes; sealed, because contact persons are people.
type SchoolDetails struct {
	Name          string `json:"name"`
	Place         string `json:"place,omitempty"`
	SenderName    string `json:"sender_name,omitempty"`
	ReplyTo       string `json:"reply_to,omitempty"` // e-mail address for parents' questions
	ContactPerson string `json:"contact_person,omitempty"`
	Phone         string `json:"phone,omitempty"`
	LegalGround   string `json:"legal_ground,omitempty"`
}

// Guessing is a school's choice between fewer guesses and fewer parents who are asked for more.
type Guessing string

// What a school can choose.
const (
	GuessingByLinks Guessing = "" // narrow where personal links went out, else wide
	GuessingNarrow  Guessing = "narrow"
	GuessingWide    Guessing = "wide"
)

// AllGuessing returns them.
func AllGuessing() []Guessing { return []Guessing{GuessingByLinks, GuessingNarrow, GuessingWide} }

// School is a tenant. It is the only table of people's data that is not itself scoped by school; the store reaches it through an Actor all the same.
type School struct {
	ID    SchoolID `gorm:"primaryKey"`
	Slug  string   // its part of addresses: lower-case letters, digits and hyphens
	State SchoolState
	// Kind decides the words of every text.
	Kind SchoolKind
	// Colour is the school's one colour, as "#0b5d66"; empty for the product's own.
	Colour string
	// Logo is what pages have to know of its logo.
	Logo LogoMark `gorm:"serializer:json"`
	// Zone is an IANA time zone name; it decides every time that a person of this school sees.
	Zone      string
	Languages []string `gorm:"serializer:json"` // language tags, the first is the default
	Policy    Policy   `gorm:"serializer:json"`
	Channels  Channels `gorm:"serializer:json"`
	// Arrivals are the channels through which a test message has arrived.
	Arrivals map[Channel]Arrival `gorm:"serializer:json"`
	// Guessing is how many wrong answers the school bears with before its log-in form asks everybody for more proof.
	Guessing Guessing
	// UndoDays is for how many days an import can be taken back, 0 to MaxUndoDays; with 0 nothing is kept for it.
	UndoDays int
	// Rehearsal sends every message to the mailbox folder instead of to people.
	Rehearsal bool
	// RosterVersion and ProgrammeVersion count the changes of people and of conferences; whoever keeps an opened copy in memory compares them.
	RosterVersion    int64
	ProgrammeVersion int64
	// ContactsVersion counts the changes of the contacts on file. Those of typed contacts are not counted: they come with bookings, which wait for nobody's count.
	ContactsVersion int64
	CreatedAt       time.Time
	KeyBox          seal.Box      `gorm:"column:wrapped_key"`
	DetailsBox      seal.Box      `gorm:"column:details"`
	Details         SchoolDetails `gorm:"-"`
}

// TableName is the table of schools.
func (School) TableName() string { return "schools" }

// Row gives the id that sealed values of this row are bound to.
func (s *School) Row() [16]byte { return s.ID }

// Sealed lists the sealed columns.
func (s *School) Sealed() []seal.Column {
	return []seal.Column{{Name: "details", Box: &s.DetailsBox, Value: &s.Details}}
}

// SchoolSlug tells which school an address names. It belongs to no school: it is what is looked up before there is one.
type SchoolSlug struct {
	Slug   string `gorm:"primaryKey"`
	School RawSchoolID
}

// TableName is the table of the schools' addresses.
func (SchoolSlug) TableName() string { return "school_slugs" }

// Location gives the school's time zone; UTC if the name is not known to this machine, which the validation of a school prevents.
func (s *School) Location() *time.Location { return Location(s.Zone) }

// Location returns the time zone of a name, such as Europe/Amsterdam; UTC if it is not known to this machine. It reads each zone once.
func Location(name string) *time.Location {
	if held, ok := zones.Load(name); ok {
		return held.(*time.Location)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	zones.Store(name, zone)
	return zone
}

// zones holds the time zones of schools, by name: the standard library reads them from the disk whenever they are asked for. There are only so many names.
var zones sync.Map

// Erasure is one line of the erasure ledger: that a school was wiped, when, and how much. No personal data, and it outlives the school.
type Erasure struct {
	SchoolID   RawSchoolID `gorm:"primaryKey"`
	AskedAt    time.Time
	FinishedAt *time.Time
	Counts     map[string]int64 `gorm:"serializer:json"`
	Receipt    string           // the signed receipt, as JSON
}

// TableName is the erasure ledger's table.
func (Erasure) TableName() string { return "erasure_ledger" }

// RawSchoolID is a school's id in a table that is not scoped: it adds no predicate.
type RawSchoolID = ID[SchoolID]
