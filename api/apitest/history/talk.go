package history

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Talk is an appointment in the small numbers of a test: household, child of it, teacher and slot of the evening are counted from 0.
type Talk struct {
	Household, Child, Teacher, Slot int
	// ID is the appointment's id; empty as long as it is not known.
	ID string
}

func (t Talk) String() string {
	return fmt.Sprintf("household %d, child %d with teacher %d at %d", t.Household, t.Child, t.Teacher, t.Slot)
}

// place is a teacher's slot.
type place struct{ teacher, slot int }

func (t Talk) place() place { return place{t.Teacher, t.Slot} }

// nameless is the talk without its id: as it is asked for.
func (t Talk) nameless() Talk {
	t.ID = ""
	return t
}

func compareTalks(a, b Talk) int {
	return cmp.Or(cmp.Compare(a.Household, b.Household), cmp.Compare(a.Child, b.Child), cmp.Compare(a.Teacher, b.Teacher), cmp.Compare(a.Slot, b.Slot))
}

// Move takes a talk to another place.
type Move struct{ From, To Talk }

// Change is one act of a household: all of it or nothing.
type Change struct {
	Make   []Talk
	Move   []Move
	Cancel []Talk
}

// takes are the talks that the change makes or moves to, in the order in which reasons name them.
func (c Change) takes() []Talk {
	talks := slices.Clone(c.Make)
	for _, move := range c.Move {
		talks = append(talks, move.To)
	}
	return talks
}

// drops are the talks that the change ends or moves away from.
func (c Change) drops() []Talk {
	talks := slices.Clone(c.Cancel)
	for _, move := range c.Move {
		talks = append(talks, move.From)
	}
	return talks
}

// Status is what is known of an act.
type Status int

// The states.
const (
	Unknown Status = iota // no answer came, or one that does not say
	Done
	Refused
)

func (s Status) String() string { return []string{"not answered", "done", "refused"}[s] }

// The reasons of a refusal that the models understand.
const (
	Taken   = "taken"
	Overlap = "overlap"
	Limit   = "limit"
)

// Answer is what came back of a change.
type Answer struct {
	Status Status
	// Reasons are those of the failing items of a refused change, by the place in Change.takes; empty for items that were not the cause.
	Reasons []string
	// Talks are those made and moved to, with their ids, of one that was done.
	Talks []Talk
	// Unsent tells of an unknown one that it surely never arrived: nobody listened.
	Unsent bool
	// Code is the HTTP status where there was one, and Body the answer as it came.
	Code int
	Body []byte
}

// Schedule books. Every method is called by many goroutines at once.
type Schedule interface {
	// Book does a change of a household. The same key is the same change: it has one effect, however often it is sent.
	Book(ctx context.Context, household int, key string, change Change) Answer
	// Look gives the talks of a household, as the household sees them; false if no answer came.
	Look(ctx context.Context, household int) ([]Talk, bool)
	// All gives every talk of the evening, as the school sees them; false if no answer came.
	All(ctx context.Context) ([]Talk, bool)
}

// Size is how large an evening is; every number at most 255.
type Size struct {
	Households, Children, Teachers, Slots int
	// Most is how many talks each child may have; 0 for no limit.
	Most int
}
