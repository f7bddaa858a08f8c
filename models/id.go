package models

import (
	"bytes"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/google/uuid"
)

// ErrBadID tells that a text or a column does not hold an id.
var ErrBadID = errors.New("not an id")

// ID is a UUID of version 7 (RFC 9562), made by the program before a row is inserted. The type parameter keeps a pupil's id from being used where a
// teacher's is meant; it has no other effect.
type ID[Kind any] [16]byte

// New makes a new id of the given type. Ids that one program makes sort by age, unless its clock is set back; those of several programs do so as far as their
// clocks agree. So they put rows into an order, and never tell what is newer.
func New[T ~[16]byte]() T { return T(uuid.Must(uuid.NewV7())) }

// Parse reads the canonical text form of an id. The error is ErrBadID whatever was wrong, and never repeats the text.
func Parse[T ~[16]byte](text string) (T, error) {
	if len(text) != 36 {
		return T{}, ErrBadID
	}
	parsed, err := uuid.Parse(text)
	if err != nil {
		return T{}, ErrBadID
	}
	return T(parsed), nil
}

// String gives the canonical text form.
func (id ID[Kind]) String() string { return uuid.UUID(id).String() }

// IsZero tells that no id was set.
func (id ID[Kind]) IsZero() bool { return id == ID[Kind]{} }

// Compare orders ids by their bytes, which is about the order in which they were made: see New.
func (id ID[Kind]) Compare(other ID[Kind]) int { return bytes.Compare(id[:], other[:]) }

// MarshalText gives the canonical text form, for JSON values and map keys.
func (id ID[Kind]) MarshalText() ([]byte, error) { return uuid.UUID(id).MarshalText() }

// UnmarshalText reads the canonical text form; an empty text is the zero id.
func (id *ID[Kind]) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*id = ID[Kind]{}
		return nil
	}
	parsed, err := Parse[ID[Kind]](string(text))
	*id = parsed
	return err
}

// Value stores the id as its sixteen bytes; the zero id is stored as NULL, so that an optional reference needs no pointer.
func (id ID[Kind]) Value() (driver.Value, error) {
	if id.IsZero() {
		return nil, nil
	}
	return id[:], nil
}

// Scan reads what Value stored, or the text form that PostgreSQL's driver gives.
func (id *ID[Kind]) Scan(column any) error {
	raw, err := scanUUID(column)
	*id = raw
	return err
}

func scanUUID(column any) ([16]byte, error) {
	switch value := column.(type) {
	case nil:
		return [16]byte{}, nil
	case []byte:
		if len(value) == 16 {
			return [16]byte(value), nil
		}
		return parseColumn(string(value))
	case string:
		return parseColumn(value)
	case [16]byte:
		return value, nil
	default:
		return [16]byte{}, fmt.Errorf("%w: column of type %T", ErrBadID, column)
	}
}

func parseColumn(text string) ([16]byte, error) {
	parsed, err := uuid.Parse(text)
	if err != nil {
		return [16]byte{}, ErrBadID
	}
	return parsed, nil
}

// The kinds of ids. The empty structs exist only to tell the types apart.
type (
	pupilKind       struct{}
	groupKind       struct{}
	staffKind       struct{}
	householdKind   struct{}
	guardianKind    struct{}
	contactKind     struct{}
	conferenceKind  struct{}
	dayKind         struct{}
	talkKindKind    struct{}
	roomKind        struct{}
	appointmentKind struct{}
	bookingKind     struct{}
	makerKind       struct{}
	accountKind     struct{}
	apiKeyKind      struct{}
	sessionKind     struct{}
	messageKind     struct{}
	taskKind        struct{}
	rowKind         struct{}
	holderKind      struct{}
)

// Typed ids, one type per kind of row that others refer to. RowID is for rows that nothing refers to. HolderID is whoever a claim is for.
type (
	PupilID       = ID[pupilKind]
	GroupID       = ID[groupKind]
	StaffID       = ID[staffKind]
	HouseholdID   = ID[householdKind]
	GuardianID    = ID[guardianKind]
	ContactID     = ID[contactKind]
	ConferenceID  = ID[conferenceKind]
	DayID         = ID[dayKind]
	TalkKindID    = ID[talkKindKind]
	RoomID        = ID[roomKind]
	AppointmentID = ID[appointmentKind]
	BookingID     = ID[bookingKind]
	MakerID       = ID[makerKind]
	AccountID     = ID[accountKind]
	APIKeyID      = ID[apiKeyKind]
	SessionID     = ID[sessionKind]
	MessageID     = ID[messageKind]
	TaskID        = ID[taskKind]
	RowID         = ID[rowKind]
	HolderID      = ID[holderKind]
)

// Texts returns the canonical text forms of ids, in their order.
func Texts[Kind any](ids []ID[Kind]) []string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return texts
}
