package models

import (
	"strings"
	"time"
)

// ErasureKind says what of a person was erased.
type ErasureKind string

// What is erased of people, one by one. A school as a whole has its own ledger: see Erasure.
const (
	ErasedPupil     ErasureKind = "pupil"
	ErasedHousehold ErasureKind = "household"
	ErasedContact   ErasureKind = "contact"
	// ErasedAddress is an address or number of a household, whatever row it was in: an import may have given it another one since.
	ErasedAddress ErasureKind = "address"
	// ErasedKept is whatever an undo would bring back of somebody who was erased by hand.
	ErasedKept ErasureKind = "kept"
)

// AllErasureKinds lists them.
func AllErasureKinds() []ErasureKind {
	return []ErasureKind{ErasedPupil, ErasedHousehold, ErasedContact, ErasedAddress, ErasedKept}
}

// back marks that something is there again that had been erased.
const back = "back-"

// Back is the kind of a row that says that something is there again that had been erased, because an import was taken back: a restore then leaves it.
func (k ErasureKind) Back() ErasureKind { return back + k }

// Of returns what a kind is about, and whether it is there again.
func (k ErasureKind) Of() (of ErasureKind, again bool) {
	text, again := strings.CutPrefix(string(k), back)
	return ErasureKind(text), again
}

// PersonErasure says that a person's rows were deleted, written in the transaction that deleted them: what lies outside the database is reached by it, by every
// program on the database. It holds ids of rows that are gone.
type PersonErasure struct {
	SchoolID SchoolID `gorm:"primaryKey"`
	ID       RowID    `gorm:"primaryKey"`
	Kind     ErasureKind
	Subject  []byte      // the id; of an address its keyed index
	Messages []MessageID `gorm:"serializer:json"` // what may lie in a mailbox folder
	At       time.Time
}

// TableName is the table of persons' erasures.
func (PersonErasure) TableName() string { return "person_erasures" }

// CarrierRecord is a text message of which the carrier has a record: number, text and time, until it is asked to delete it. It refers to nothing, because it
// outlives its message, and the school.
type CarrierRecord struct {
	SchoolID  RawSchoolID `gorm:"primaryKey"`
	CarrierID string      `gorm:"primaryKey"`
	MessageID RowID
	DueAt     time.Time // when it is asked for at the latest, or again
	Tries     int
	CreatedAt time.Time
}

// TableName is the table of carriers' records.
func (CarrierRecord) TableName() string { return "carrier_records" }
