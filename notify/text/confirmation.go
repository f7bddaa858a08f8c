package text

import (
	"fmt"
	"slices"
	"time"
)

// Appointment is one talk, as much of it as a family may read.
type Appointment struct {
	Child    string   // first name
	Teachers []string // display names
	Kind     string   // what the school calls this kind of talk, or empty
	// Start and End are instants; the zone of the confirmation decides how
	// they read.
	Start, End time.Time
	Room       string // or empty
}

// Move is a talk that got another time.
type Move struct {
	Appointment Appointment // as it is now
	Previous    time.Time   // when it started before
}

// Changes is what one act did.
type Changes struct {
	Made      []Appointment
	Moved     []Move
	Cancelled []Appointment
	Left      []Appointment // that stand, and are another family's now
}

// Why is the reason of a change that the family did not make itself.
type Why string

// The reasons.
const (
	PupilGone     Why = "pupil_gone"
	ClassChanged  Why = "class_changed"
	TeacherGone   Why = "teacher_gone"
	FamilyChanged Why = "family_changed"
)

// classChangedOver is ClassChanged where no talk can be moved any more.
const classChangedOver Why = "class_changed_over"

// Kind is the reason why a confirmation is sent.
type Kind int

// The reasons.
const (
	AfterBooking Kind = iota // somebody made, moved or cancelled talks
	Overview                 // somebody asked for it again
	Reminder                 // the day is near
)

// Confirmation tells one recipient about the talks on one day.
type Confirmation struct {
	// Language is a tag such as "nl"; an unknown one is Dutch.
	Language   string
	SchoolName string
	// Zone is that of the school.
	Zone            *time.Location
	ConferenceTitle string
	// Location is where the conference is, for the calendar; the school's name
	// if empty.
	Location string
	// Appointments are all that stand for this recipient on this day.
	Appointments []Appointment
	// Changes is what was done just now; empty unless Kind is [AfterBooking].
	Changes Changes
	// Cancelled says that none are left on this day, because all were cancelled
	// or moved to another; Appointments is empty then.
	Cancelled bool
	// Why tells what happened at school, if the family did not do it all itself.
	Why []Why
	// Reasons are what the school wrote about what it cancelled, each shown as one line of at most 300 characters. Not with LinkOnly.
	Reasons []string
	// ManageURL is the recipient's own link, http or https. Empty where no child is left for whom it would open anything; Cancelled is set then.
	ManageURL string
	// HideRooms leaves rooms out: the address was typed, not on file.
	HideRooms bool
	// Over says that nothing can be booked or moved any more, so that nobody is led to choose another time.
	Over bool
	// HideNames leaves the children's names out: nobody knows yet whether the typed address is the family's.
	HideNames bool
	// RefuseURL is the link by which the reader says that the message is not meant for them, for an address that was typed; empty for one on file.
	RefuseURL string
	// LinkOnly leaves out time, place, child and teacher, in the subject too.
	// For families whose address is protected. Such a message should carry no
	// calendar file.
	LinkOnly bool
	// ReplyTo is where questions go, or empty for "ask the school".
	ReplyTo string
	// Rehearsal marks everything as an exercise.
	Rehearsal bool
	Kind      Kind
}

// check refuses what would make a message that says nothing, or something
// wrong.
func (c Confirmation) check() error {
	fault := func(text string) error { return fmt.Errorf("%w: %s", ErrInvalid, text) }
	switch {
	case line(c.SchoolName, nameLimit) == "":
		return fault("the school has no name")
	case line(c.ConferenceTitle, nameLimit) == "":
		return fault("the conference has no title")
	case c.Zone == nil:
		return fault("the zone is missing")
	case c.ManageURL == "" && !c.Cancelled:
		return fault("the link is missing")
	case c.Cancelled != (len(c.Appointments) == 0):
		return fault("talks are left and yet all cancelled, or the other way round")
	case c.Cancelled && len(c.Changes.Cancelled)+len(c.Changes.Moved)+len(c.Changes.Left) == 0:
		return fault("nothing is left and nothing was cancelled")
	case c.Kind < AfterBooking || c.Kind > Reminder:
		return fault("unknown kind")
	}
	for _, a := range c.everyAppointment() {
		if a.Start.IsZero() || !a.End.After(a.Start) {
			return fault("a talk has no time")
		}
		if line(a.Child, nameLimit) == "" && len(a.Teachers) == 0 {
			return fault("a talk has neither child nor teacher")
		}
	}
	for _, m := range c.Changes.Moved {
		if m.Previous.IsZero() {
			return fault("a moved talk has no previous time")
		}
	}
	if err := checkLink(c.RefuseURL); err != nil {
		return err
	}
	return checkLink(c.ManageURL)
}

// everyAppointment lists all talks that are spoken of.
func (c Confirmation) everyAppointment() []Appointment {
	all := slices.Concat(c.Appointments, c.Changes.Made, c.Changes.Cancelled, c.Changes.Left)
	for _, m := range c.Changes.Moved {
		all = append(all, m.Appointment)
	}
	return all
}

// day is an instant on the day that the message is about: where the talks are,
// or where they were if none are left.
func (c Confirmation) day() time.Time {
	switch {
	case len(c.Appointments) > 0:
		return byStart(c.Appointments)[0].Start
	case len(c.Changes.Cancelled) > 0:
		return byStart(c.Changes.Cancelled)[0].Start
	case len(c.Changes.Left) > 0:
		return byStart(c.Changes.Left)[0].Start
	}
	return c.Changes.Moved[0].Previous
}

// byStart gives the talks in the order in which they take place.
func byStart(list []Appointment) []Appointment {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Appointment) int { return a.Start.Compare(b.Start) })
	return list
}

// headline names what the message is about; the ids of its sentences end in it.
func (c Confirmation) headline() string {
	switch {
	case c.ManageURL == "":
		return "gone"
	case c.LinkOnly && c.Kind == AfterBooking:
		return "link_only"
	case c.LinkOnly:
		return "link_only_overview"
	case c.Cancelled && len(c.Changes.Cancelled)+len(c.Changes.Moved) == 0:
		return "left"
	case c.Cancelled && len(c.Changes.Cancelled) == 0:
		return "moved_away"
	case c.Cancelled:
		return "cancelled"
	case c.Kind == Reminder:
		return "reminder"
	case c.Kind == Overview:
		return "overview"
	}
	made, moved, fewer := len(c.Changes.Made) > 0, len(c.Changes.Moved) > 0, len(c.Changes.Cancelled) > 0
	if len(c.Changes.Left) > 0 || len(c.Why) > 0 && !fewer {
		return "changed"
	}
	switch {
	case made && !moved && !fewer:
		return "made"
	case moved && !made && !fewer:
		return "moved"
	case fewer && !made && !moved:
		return "fewer"
	case made || moved || fewer:
		return "changed"
	}
	return "overview"
}

// count is the number of talks that the headline speaks of.
func (c Confirmation) count() int {
	switch c.headline() {
	case "moved", "moved_away":
		return len(c.Changes.Moved)
	case "fewer", "cancelled":
		return len(c.Changes.Cancelled)
	}
	return len(c.Appointments)
}
