package models

import (
	"time"

	"github.com/google/uuid"

	"github.com/ouderavond/ouderavond/models/seal"
)

// AppointmentState is where an appointment stands.
type AppointmentState string

// The states of an appointment.
const (
	AppointmentBooked    AppointmentState = "booked"
	AppointmentCancelled AppointmentState = "cancelled"
)

// Appointment is a pupil's talk. While it is booked it holds claims for everybody in it.
type Appointment struct {
	SchoolID     SchoolID      `gorm:"primaryKey"`
	ID           AppointmentID `gorm:"primaryKey"`
	ConferenceID ConferenceID
	DayID        DayID
	TalkKindID   TalkKindID
	PupilID      PupilID
	HouseholdID  HouseholdID
	Party        int       // 1, or 2 where the household splits up
	BookingID    BookingID // the booking that made it
	MakerID      MakerID   // the device and typed contact that made it; zero if staff did
	StartTick    Tick
	EndTick      Tick
	RoomID       RoomID
	State        AppointmentState
	Version      int64     // counts changes, for If-Match
	StaffIDs     []StaffID `gorm:"-"` // stored in appointment_staff
}

// TableName is the table of appointments.
func (Appointment) TableName() string { return "appointments" }

// AppointmentStaff is one member of staff of an appointment.
type AppointmentStaff struct {
	SchoolID      SchoolID      `gorm:"primaryKey"`
	AppointmentID AppointmentID `gorm:"primaryKey"`
	StaffID       StaffID       `gorm:"primaryKey"`
}

// TableName is the table of who sits in an appointment.
func (AppointmentStaff) TableName() string { return "appointment_staff" }

// Claim is somebody's five minutes. The table's primary key, (school, holder, tick), is what keeps everybody from being in two places: no code path,
// however wrong, can put a second row there.
type Claim struct {
	SchoolID      SchoolID      `gorm:"primaryKey"`
	Holder        HolderID      `gorm:"primaryKey"`
	Tick          Tick          `gorm:"primaryKey"`
	AppointmentID AppointmentID // zero for a block
	BlockID       RowID         // zero for an appointment
}

// TableName is the table of claims.
func (Claim) TableName() string { return "claims" }

// PartyHolder is who of a household goes: the household itself for party 1, and another holder derived from it for each further party.
func PartyHolder(household HouseholdID, party int) HolderID {
	if party <= 1 {
		return HolderID(household)
	}
	return HolderID(uuid.NewSHA1(uuid.UUID(household), []byte{byte(party)}))
}

// PupilAtHome is a pupil as far as one of its households is concerned: its time is held so where the other household must not learn of it.
func PupilAtHome(pupil PupilID, household HouseholdID) HolderID {
	return HolderID(uuid.NewSHA1(uuid.UUID(pupil), household[:]))
}

// Act is what became of an appointment.
type Act string

// The acts.
const (
	ActMake   Act = "make"
	ActMove   Act = "move"
	ActCancel Act = "cancel"
	ActKeep   Act = "keep"  // it stands, and something about it has changed at school
	ActLeave  Act = "leave" // it stands, and is another family's now
)

// Why is the reason of a change that the family did not make itself.
type Why string

// The reasons.
const (
	WhyPupilGone     Why = "pupil-gone"     // the child is not at the school any more
	WhyClassChanged  Why = "class-changed"  // the child has other teachers now; the talk stands and can be moved
	WhyTeacherGone   Why = "teacher-gone"   // the teacher has left, or teaches the child no more; the school decided
	WhyFamilyChanged Why = "family-changed" // the school joined or split families
)

// AllWhys returns all reasons.
func AllWhys() []Why { return []Why{WhyPupilGone, WhyClassChanged, WhyTeacherGone, WhyFamilyChanged} }

// Booking is one act that made, moved or cancelled appointments, all or nothing; who did it, and for whom.
type Booking struct {
	SchoolID    SchoolID  `gorm:"primaryKey"`
	ID          BookingID `gorm:"primaryKey"`
	HouseholdID HouseholdID
	MakerID     MakerID
	ActorKind   ActorKind
	ActorID     RowID // session, account or key; zero for the operator
	OnBehalf    bool  // staff or a key did it for the household
	Made        int
	Moved       int
	Cancelled   int
	At          time.Time
}

// TableName is the table of bookings.
func (Booking) TableName() string { return "bookings" }

// Idempotency is the stored outcome of a creating call: ids only, rendered again on a repeat. Only successes are stored.
type Idempotency struct {
	SchoolID    SchoolID `gorm:"primaryKey"`
	Actor       string   `gorm:"primaryKey"` // kind and id of the actor, so that keys of others never meet
	KeyIndex    []byte   `gorm:"primaryKey"`
	Fingerprint []byte   // of the request's content: the same key with another content is an error
	Result      string   // ids, as JSON
	At          time.Time
}

// TableName is the table of stored outcomes.
func (Idempotency) TableName() string { return "idempotency" }

// Audit is one line of what changed: who, what, when; no personal data, and no values.
type Audit struct {
	SchoolID  SchoolID `gorm:"primaryKey"`
	ID        RowID    `gorm:"primaryKey"`
	At        time.Time
	ActorKind ActorKind
	ActorID   RowID
	Action    string
	Subject   RowID
	Reason    string
	Counts    map[string]int `gorm:"serializer:json"`
}

// TableName is the audit table.
func (Audit) TableName() string { return "audits" }

// Maker is who made bookings without being confirmed: a device and, if one was typed, a contact. Whoever holds the device's receipt or the manage link
// of the confirmation sees and changes what this maker made, and nothing else of the household.
type Maker struct {
	SchoolID    SchoolID `gorm:"primaryKey"`
	ID          MakerID  `gorm:"primaryKey"`
	HouseholdID HouseholdID
	PupilIDs    []PupilID `gorm:"serializer:json"` // the children that were recognised when it booked
	DeviceIndex []byte    // keyed index of the device's receipt
	Language    string
	ExpiresAt   time.Time
	CreatedAt   time.Time
}

// TableName is the table of makers.
func (Maker) TableName() string { return "makers" }

// Channel is the way of a message.
type Channel string

// The channels.
const (
	ChannelMail Channel = "mail"
	ChannelSMS  Channel = "sms"
)

// AllChannels returns all channels.
func AllChannels() []Channel { return []Channel{ChannelMail, ChannelSMS} }

// MessageState is where a message of the outbox stands.
type MessageState string

// The states of a message.
const (
	MessageQueued     MessageState = "queued"
	MessageSending    MessageState = "sending" // written before the carrier is called
	MessageSent       MessageState = "sent"
	MessageDelivered  MessageState = "delivered"
	MessageUnknown    MessageState = "unknown" // the carrier's answer was lost
	MessageFailed     MessageState = "failed"
	MessageSuperseded MessageState = "superseded" // a newer one says it all
)

// MessageKind is what a message is about.
type MessageKind string

// The kinds of messages.
const (
	MessageConfirmation MessageKind = "confirmation"
	MessageCode         MessageKind = "code"
	MessageTest         MessageKind = "test"
	MessageNewDevice    MessageKind = "new_device" // somebody confirmed the household on a device not seen before
	MessageImport       MessageKind = "import"     // tells the office what became of files that a program handed in
	MessageReturned     MessageKind = "returned"   // children are at the school again, and which of their former times are free
	MessageStaffLink    MessageKind = "staff_link" // a link by which a member of staff accepts an invitation, logs in or chooses a password
)

// AllMessageKinds returns all kinds of messages.
func AllMessageKinds() []MessageKind {
	return []MessageKind{MessageConfirmation, MessageCode, MessageTest, MessageNewDevice, MessageImport, MessageReturned, MessageStaffLink}
}

// MessageDetails is what cannot be derived again when a message is sent: a one-time code, or the address of a test message.
type MessageDetails struct {
	Code string `json:"code,omitempty"`
	// CodeUntil is when the code ends; the link beside it is good until the message is of no use any more. Last says that no more are sent until then.
	CodeUntil time.Time `json:"code_until,omitzero"`
	Link      string    `json:"link,omitempty"`
	Last      bool      `json:"last,omitempty"`
	To        string    `json:"to,omitempty"`
	// Body is the digest of the text of an SMS as it was first handed to the carrier, to find it there again.
	Body []byte `json:"body,omitempty"`
	// Moved and Cancelled tell what the act did, so that the message can say it: times in ticks, no names.
	Changes []MessageChange `json:"changes,omitempty"`
	// Import is what a message to the office tells of.
	Import RowID `json:"import,omitzero"`
	// Purpose says what the link of a message to staff opens; Name is whose account it is.
	Purpose TokenPurpose `json:"purpose,omitempty"`
	Name    string       `json:"name,omitempty"`
	// Former are the talks of children who are at the school again.
	Former []FormerTalk `json:"former,omitempty"`
}

// ForgetCode takes out what opens something: a message that was sent keeps it no longer.
func (d *MessageDetails) ForgetCode() { d.Code, d.Link, d.Name = "", "", "" }

// MessageChange is one thing that happened to an appointment.
type MessageChange struct {
	Act         Act           `json:"act"`
	Appointment AppointmentID `json:"appointment"`
	Previous    Tick          `json:"previous,omitempty"` // the former start of one that is not there any more
	Why         Why           `json:"why,omitempty"`      // empty for what the family did itself
	Reason      string        `json:"reason,omitempty"`   // what the school wrote to the family about it
	Secret      bool          `json:"secret,omitempty"`   // of a child that is gone and whose address was protected
}

// Message is a row of the outbox: written in the transaction of the change, sent afterwards. It is rendered from the state of the moment of sending, so
// that the last message is always the truth.
type Message struct {
	SchoolID    SchoolID  `gorm:"primaryKey"`
	ID          MessageID `gorm:"primaryKey"`
	Kind        MessageKind
	Channel     Channel
	State       MessageState
	HouseholdID HouseholdID
	ContactID   ContactID
	DayID       DayID // of a confirmation
	BookingID   BookingID
	Language    string
	DueAt       time.Time
	UsefulUntil time.Time // after this it is not worth sending
	Attempts    int
	LeasedUntil *time.Time
	CarrierID   string // Message-ID, or the carrier's own id
	Problem     string // stable code of the last failure, no text of the carrier
	CreatedAt   time.Time
	SentAt      *time.Time
	Again       bool           // staff asked for it once more
	Revision    int64          // of a confirmation: that of its household; the greater of two is newer, whatever their times say
	ReportedAt  *time.Time     // when the carrier, or the recipient, last told what became of it
	FollowUpAt  *time.Time     // when the carrier is to be asked again what became of it
	FollowUps   int            // how often the carrier was asked so
	RedactedAt  *time.Time     // of messages before version 9 of the schema: when the carrier had emptied its text
	DetailsBox  seal.Box       `gorm:"column:details"`
	Details     MessageDetails `gorm:"-"`
}

// TableName is the outbox.
func (Message) TableName() string { return "messages" }

// Row gives the id that sealed values of this row are bound to.
func (m *Message) Row() [16]byte { return m.ID }

// Sealed lists the sealed columns.
func (m *Message) Sealed() []seal.Column {
	return []seal.Column{{Name: "details", Box: &m.DetailsBox, Value: &m.Details}}
}

// Invitation is the calendar entry of one contact for one household and day: one UID for its whole life, and a sequence that goes up with each change
// (RFC 5546, section 2.1.4): the revision of the household.
type Invitation struct {
	SchoolID    SchoolID    `gorm:"primaryKey"`
	HouseholdID HouseholdID `gorm:"primaryKey"`
	DayID       DayID       `gorm:"primaryKey"`
	ContactID   ContactID   `gorm:"primaryKey"`
	UID         RowID
	Sequence    int
}

// TableName is the table of calendar entries.
func (Invitation) TableName() string { return "invitations" }
