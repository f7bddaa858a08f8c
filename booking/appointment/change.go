package appointment

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/typed"
)

// MaxItems is how many appointments one booking may touch: far above any family's evening.
const MaxItems = 60

// MaxReason is how many characters the school's own words in a message may have.
const MaxReason = 300

// CheckReason returns what staff wrote to a family as it goes into a message, in one line, or why it cannot.
func CheckReason(reason string) (string, error) {
	reason = typed.OneLine(reason)
	if utf8.RuneCountInString(reason) > MaxReason {
		return "", errs.InvalidField("reason", "too-long")
	}
	if slices.ContainsFunc(strings.Fields(reason), typed.IsCitizenNumber) {
		return "", errs.InvalidField("reason", "citizen-number")
	}
	return reason, nil
}

// Change is one booking: any number of appointments made, moved and cancelled, all or nothing.
type Change struct {
	Make   []Request
	Move   []MoveItem
	Cancel []CancelItem
	// Household is set by staff who book for a family; a parent's session knows its own.
	Household models.HouseholdID
	// Email and Phone are what a parent typed for this booking; both may be empty.
	Email, Phone string
	Language     string
	// Reason is why staff cancel, in their own words, for the message to the family: one line of at most MaxReason characters. Empty for none; a parent has none.
	Reason string
	// Nearest consents to the nearest free time with the same teachers, for every item that is not free.
	Nearest bool
	// BookRest consents to booking the other items if one cannot be.
	BookRest bool
	// AcceptWalking overrules the warning that there is too little time to walk between two talks.
	AcceptWalking bool
	// IdempotencyKey makes a repeat of the same call answer with the first outcome. Empty for none.
	IdempotencyKey string
}

// Request asks for an appointment.
type Request struct {
	Ref       string // the client's own name for the item, given back with a failure
	Pupil     models.PupilID
	TalkKind  models.TalkKindID
	Staff     []models.StaffID
	Start     time.Time
	Party     int // 1, or 2 where the household splits up; 0 is 1
	Fallbacks []Fallback
}

// Fallback is another time, or other staff, that would do if the first is not free. An empty Staff is the item's.
type Fallback struct {
	Staff []models.StaffID
	Start time.Time
}

// MoveItem asks to move an appointment. An empty Staff keeps the staff.
type MoveItem struct {
	Ref         string
	Appointment models.AppointmentID
	Staff       []models.StaffID
	Start       time.Time
	Fallbacks   []Fallback
}

// CancelItem asks to cancel an appointment.
type CancelItem struct {
	Ref         string
	Appointment models.AppointmentID
}

// Outcome is what a booking did.
type Outcome struct {
	Bookings     []models.BookingID
	Appointments []rules.AppointmentView // made and moved, by start
	Cancelled    []models.AppointmentID
	Unplaced     []errs.Item    // with consent to book the rest: what could not be
	Replayed     bool           // the answer of an earlier call with the same key
	Zone         *time.Location // the school's
}

// validate checks what needs no database.
func (c *Change) validate() error {
	total := len(c.Make) + len(c.Move) + len(c.Cancel)
	switch {
	case total == 0:
		return errs.New(errs.Invalid, "booking.empty")
	case total > MaxItems:
		return errs.New(errs.Invalid, "booking.too-many-items")
	case len(c.IdempotencyKey) > 255:
		return errs.InvalidField("Idempotency-Key", "too-long")
	}
	var err error
	if c.Reason, err = CheckReason(c.Reason); err != nil {
		return err
	}
	touched := map[models.AppointmentID]bool{}
	for _, id := range c.touched() {
		if touched[id] {
			return errs.New(errs.Invalid, "booking.same-appointment-twice")
		}
		touched[id] = true
	}
	c.Make = slices.Clone(c.Make) // the caller's own stays as it is
	for i := range c.Make {
		if c.Make[i].Party == 0 {
			c.Make[i].Party = 1
		}
		if c.Make[i].Party < 1 || c.Make[i].Party > 2 {
			return errs.InvalidField("make.party", "out-of-range")
		}
	}
	return nil
}

// touched gives the present appointments that the change moves or cancels.
func (c *Change) touched() []models.AppointmentID {
	var ids []models.AppointmentID
	for _, item := range c.Move {
		ids = append(ids, item.Appointment)
	}
	for _, item := range c.Cancel {
		ids = append(ids, item.Appointment)
	}
	return ids
}
