package models

import "time"

// PersonKind tells what sort of person an id is of.
type PersonKind string

// The kinds of persons whose data is shown. A household stands for whoever is in it, a contact for whom it reaches, a school for the contact person and the addresses that it
// gave of itself.
const (
	PersonPupil     PersonKind = "pupil"
	PersonHousehold PersonKind = "household"
	PersonGuardian  PersonKind = "guardian"
	PersonContact   PersonKind = "contact"
	PersonStaff     PersonKind = "staff"
	PersonAccount   PersonKind = "account"
	PersonSchool    PersonKind = "school"
	// PersonUnnamed counts those who were shown without an id: pupils of a file who are no rows yet, recipients of messages in the mailbox folder.
	PersonUnnamed PersonKind = "unnamed"
)

// Person is somebody whose data was shown, by id or, where the answer knows no id, by the school's own key of a pupil or teacher.
type Person struct {
	Kind PersonKind
	ID   [16]byte
	Key  string
}

// Read is one answer that showed personal data to staff, a key or the operator: a line of the access log that accountability asks for (Regulation (EU) 2016/679, article 5,
// second paragraph; NEN 7513 has the same fields). It is written before the answer goes out, never changed, and shown to nobody yet. It holds no value of anybody, and says
// whose data it was by keyed indexes only: ReadIndex of them.
type Read struct {
	SchoolID  SchoolID  `gorm:"primaryKey"`
	At        time.Time `gorm:"primaryKey"` // UTC
	ID        RowID     `gorm:"primaryKey"`
	ActorKind ActorKind
	// ActorID is the account, the school's key or the operator's key; zero for the operator at the machine's own socket.
	ActorID RowID
	// Route is the id of the operation or page, never the address.
	Route string
	// Counts is how many persons of each kind were shown.
	Counts map[PersonKind]int `gorm:"serializer:json"`
	// Persons are the indexes of the persons, eight bytes each, in ascending order; nil where they are many, and in the set.
	Persons []byte
	SetID   RowID
}

// TableName is the table of reads.
func (Read) TableName() string { return "reads" }

// AppendOnly rows are added and in the end deleted, and never changed.
func (Read) AppendOnly() {}

// ReadSet is whom many reads of one month showed: the same page of a list, asked for every night, is kept once.
type ReadSet struct {
	SchoolID SchoolID  `gorm:"primaryKey"`
	ID       RowID     `gorm:"primaryKey"` // made of the month and the persons
	At       time.Time // of the first read with it, UTC
	Persons  []byte    // as in Read
}

// TableName is the table of sets of persons.
func (ReadSet) TableName() string { return "read_sets" }

// AppendOnly rows are added and in the end deleted, and never changed.
func (ReadSet) AppendOnly() {}
