package shape

import (
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/errs"
)

// Ref is the id of a row as requests and answers write it: the canonical text form of a UUID (RFC 9562). The zero id is no reference.
type Ref[T ~[16]byte] struct{ Value T }

// RefTo makes a reference of an id.
func RefTo[T ~[16]byte](id T) Ref[T] { return Ref[T]{id} }

// RefsTo makes references of ids; never nil.
func RefsTo[T ~[16]byte](ids []T) []Ref[T] {
	list := make([]Ref[T], len(ids))
	for i, id := range ids {
		list[i] = RefTo(id)
	}
	return list
}

// IDs gives the ids of references.
func IDs[T ~[16]byte](list []Ref[T]) []T {
	ids := make([]T, len(list))
	for i, reference := range list {
		ids[i] = reference.Value
	}
	return ids
}

// IsZero tells that there is no reference.
func (r Ref[T]) IsZero() bool { return r.Value == T{} }

// MarshalText writes the canonical form; the zero id is written as nothing.
func (r Ref[T]) MarshalText() ([]byte, error) {
	if r.IsZero() {
		return []byte{}, nil
	}
	return []byte(models.RowID(r.Value).String()), nil
}

// UnmarshalText reads the canonical form. The schema has checked it before.
func (r *Ref[T]) UnmarshalText(text []byte) error {
	parsed, err := models.Parse[T](string(text))
	r.Value = parsed
	return err
}

// Schema describes a reference.
func (Ref[T]) Schema(huma.Registry) *huma.Schema {
	length := 36
	return &huma.Schema{Type: huma.TypeString, Format: "uuid", MinLength: &length, MaxLength: &length, Examples: []any{ExampleID}}
}

// ExampleID is what references look like in the description.
const ExampleID = "019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"

// Clearable is a reference in a change: left out it changes nothing, the empty text takes it away.
type Clearable[T ~[16]byte] struct {
	Value T
	Given bool
}

// UnmarshalText reads the canonical form or nothing.
func (r *Clearable[T]) UnmarshalText(text []byte) error {
	r.Given = true
	if len(text) == 0 {
		return nil
	}
	parsed, err := models.Parse[T](string(text))
	r.Value = parsed
	return err
}

// MarshalText writes the canonical form; clearable is for requests, so only the description's examples are ever written.
func (r Clearable[T]) MarshalText() ([]byte, error) { return Ref[T]{r.Value}.MarshalText() }

// IsZero tells that nothing was given.
func (r Clearable[T]) IsZero() bool { return !r.Given }

// Schema describes a reference that can be empty.
func (Clearable[T]) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: `^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$`, Examples: []any{ExampleID}}
}

// PathID reads an id of an address. What is no id names nothing, like an id that is not there.
func PathID[T ~[16]byte](text string) (T, error) {
	id, err := models.Parse[T](text)
	if err != nil || id == (T{}) {
		return T{}, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	return id, nil
}

// LocalLayout is a time as a clock on the school's wall shows it, with its date.
const LocalLayout = "2006-01-02T15:04"

// LocalTime writes an instant as the clocks of a zone show it; empty if the zone is not known.
func LocalTime(instant time.Time, zone *time.Location) string {
	if zone == nil || instant.IsZero() {
		return ""
	}
	return instant.In(zone).Format(LocalLayout)
}

// DateOf reads a date of the calendar in a field of a request.
func DateOf(field, text string) (civil.Date, error) {
	date, err := civil.Parse(text)
	if err != nil {
		return date, errs.InvalidField(field, "not-a-date")
	}
	return date, nil
}

// List is a list of things in an answer, with the cursor of its next page.
type List[T any] struct {
	Items []T    `json:"items" doc:"The things themselves."`
	Next  string `json:"next,omitempty" doc:"The cursor of the next page; missing on the last one." example:"AZofPlwdeyqPAD1eb3CBkvPPFbw"`
}

// ListOf makes a list that is one page.
func ListOf[T any](items []T) List[T] {
	if items == nil {
		items = []T{}
	}
	return List[T]{Items: items}
}

// Mapped turns a slice into another one; never nil.
func Mapped[A, B any](from []A, turn func(A) B) []B {
	into := make([]B, len(from))
	for i, value := range from {
		into[i] = turn(value)
	}
	return into
}

// UTC returns a copy of an instant in UTC; nil stays nil.
func UTC(instant *time.Time) *time.Time {
	if instant == nil {
		return nil
	}
	moved := instant.UTC()
	return &moved
}
