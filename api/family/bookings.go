package family

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/models"
)

// fallbackItem is what would do instead.
type fallbackItem struct {
	Staff []shape.Ref[models.StaffID] `json:"staff,omitempty" maxItems:"10" doc:"Other teachers; the item's own where left out."`
	Start time.Time                   `json:"start" doc:"Another start." example:"2026-11-24T18:30:00Z"`
}

func fallbacksOf(items []fallbackItem) []appointment.Fallback {
	return shape.Mapped(items, func(item fallbackItem) appointment.Fallback {
		return appointment.Fallback{Staff: shape.IDs(item.Staff), Start: item.Start.UTC()}
	})
}

type makeItem struct {
	Ref       string                       `json:"ref,omitempty" maxLength:"64" doc:"Your own name for the item, given back if it fails. No personal data." example:"sanne-mentor"`
	Pupil     shape.Ref[models.PupilID]    `json:"pupil" doc:"The child."`
	TalkKind  shape.Ref[models.TalkKindID] `json:"talk_kind" doc:"The kind of talk."`
	Staff     []shape.Ref[models.StaffID]  `json:"staff" minItems:"1" maxItems:"10" doc:"The teachers, as one of the offered options has them."`
	Start     time.Time                    `json:"start" doc:"The start, as one of the option's free ones." example:"2026-11-24T18:10:00Z"`
	Party     int                          `json:"party,omitempty" minimum:"1" maximum:"2" doc:"2 for the talks of the second adult where the household splits up." example:"1"`
	Fallbacks []fallbackItem               `json:"fallbacks,omitempty" maxItems:"10" doc:"What would do instead, best first."`
}

type moveItem struct {
	Ref         string                          `json:"ref,omitempty" maxLength:"64" doc:"Your own name for the item, given back if it fails. No personal data." example:"sanne-mentor"`
	Appointment shape.Ref[models.AppointmentID] `json:"appointment" doc:"The appointment to move."`
	Staff       []shape.Ref[models.StaffID]     `json:"staff,omitempty" maxItems:"10" doc:"Other teachers; the present ones where left out."`
	Start       time.Time                       `json:"start" doc:"The new start." example:"2026-11-24T18:40:00Z"`
	Fallbacks   []fallbackItem                  `json:"fallbacks,omitempty" maxItems:"10" doc:"What would do instead, best first."`
}

type cancelItem struct {
	Ref         string                          `json:"ref,omitempty" maxLength:"64" doc:"Your own name for the item, given back if it fails. No personal data." example:"tom-mentor"`
	Appointment shape.Ref[models.AppointmentID] `json:"appointment" doc:"The appointment to cancel."`
}

// typedContact is where the confirmation of a booking goes beside the contacts on the school's file.
type typedContact struct {
	Email string `json:"email,omitempty" maxLength:"254" doc:"An e-mail address." example:"ouder@example.com"`
	Phone string `json:"phone,omitempty" maxLength:"40" doc:"A mobile number." example:"06 12345678"`
}

// consent is what may be done without asking again.
type consent struct {
	Nearest bool `json:"nearest,omitempty" doc:"Take the nearest free time with the same teachers for an item that is not free." example:"false"`
	Rest    bool `json:"rest,omitempty" doc:"Book the other items if one cannot be." example:"false"`
}

// BookingRequest is one act of a family.
type BookingRequest struct {
	Make          []makeItem   `json:"make,omitempty" maxItems:"60" doc:"Appointments to make."`
	Move          []moveItem   `json:"move,omitempty" maxItems:"60" doc:"Appointments to move."`
	Cancel        []cancelItem `json:"cancel,omitempty" maxItems:"60" doc:"Appointments to cancel."`
	Contact       typedContact `json:"contact,omitempty" doc:"Where the confirmation goes beside the contacts on file. It belongs to this booking only."`
	Language      string       `json:"language,omitempty" maxLength:"20" doc:"Language of the confirmation; that of the request where left out." example:"nl"`
	Consent       consent      `json:"consent,omitempty" doc:"What may be done without asking again."`
	AcceptWalking bool         `json:"accept_walking,omitempty" doc:"Overrules the warning that there is too little time to walk between two talks." example:"false"`
}

func (b BookingRequest) model(language, key string) appointment.Change {
	change := appointment.Change{
		Email: b.Contact.Email, Phone: b.Contact.Phone, Language: language, Nearest: b.Consent.Nearest, BookRest: b.Consent.Rest,
		AcceptWalking: b.AcceptWalking, IdempotencyKey: key,
	}
	for _, item := range b.Make {
		change.Make = append(change.Make, appointment.Request{
			Ref: item.Ref, Pupil: item.Pupil.Value, TalkKind: item.TalkKind.Value, Staff: shape.IDs(item.Staff), Start: item.Start.UTC(), Party: item.Party,
			Fallbacks: fallbacksOf(item.Fallbacks),
		})
	}
	for _, item := range b.Move {
		change.Move = append(change.Move, appointment.MoveItem{
			Ref: item.Ref, Appointment: item.Appointment.Value, Staff: shape.IDs(item.Staff), Start: item.Start.UTC(), Fallbacks: fallbacksOf(item.Fallbacks),
		})
	}
	for _, item := range b.Cancel {
		change.Cancel = append(change.Cancel, appointment.CancelItem{Ref: item.Ref, Appointment: item.Appointment.Value})
	}
	return change
}

type bookInput struct {
	shape.SchoolPath
	shape.Idempotency
	Body BookingRequest
}

// bookingOutcome is what a booking did.
type bookingOutcome struct {
	Bookings     []shape.Ref[models.BookingID]     `json:"bookings" doc:"One for each household that was concerned."`
	Appointments []shape.AppointmentBody           `json:"appointments" doc:"The appointments made and moved, by start."`
	Cancelled    []shape.Ref[models.AppointmentID] `json:"cancelled" doc:"The appointments cancelled."`
	Unplaced     []rest.ItemFault                  `json:"unplaced" doc:"With consent to book the rest: the items that could not be."`
}

type bookOutput struct {
	Replayed string `header:"Idempotent-Replayed" doc:"true if this is the outcome of an earlier call with the same key." example:"true"`
	Body     bookingOutcome
}

func (s *Chapter) bookAsFamily(ctx context.Context, in *bookInput) (*bookOutput, error) {
	return s.book(ctx, in.Body.model(s.languageOf(rest.CallOf(ctx), in.Body.Language), in.Key))
}

func (s *Chapter) book(ctx context.Context, change appointment.Change) (*bookOutput, error) {
	v := rest.CallOf(ctx)
	outcome, err := s.appointments.Book(ctx, v.Actor, change)
	if err != nil {
		return nil, s.base.InZone(ctx, err)
	}
	v.Zone = outcome.Zone
	out := &bookOutput{Body: bookingOutcome{
		Bookings: shape.RefsTo(outcome.Bookings), Appointments: shape.Mapped(outcome.Appointments, shape.AppointmentOf(v.Zone)), Cancelled: shape.RefsTo(outcome.Cancelled),
		Unplaced: append([]rest.ItemFault{}, s.base.ItemFaults(v, outcome.Unplaced)...),
	}}
	if outcome.Replayed {
		out.Replayed = "true"
	}
	return out, nil
}

type bookForInput struct {
	shape.ForHousehold
	shape.Idempotency
	Body struct {
		BookingRequest
		Reason string `json:"reason,omitempty" maxLength:"300" doc:"Why appointments are cancelled, in the school's own words: plain text for the message to the family, by mail and, where it fits, by SMS." example:"Mevrouw De Vries is ziek."`
	}
}

func (s *Chapter) bookForHousehold(ctx context.Context, in *bookForInput) (*bookOutput, error) {
	household, err := shape.PathID[models.HouseholdID](in.Household)
	if err != nil {
		return nil, err
	}
	// One that is not there is told before anything in the body is.
	v := rest.CallOf(ctx)
	if _, err := s.households.Get(ctx, v.Actor, household); err != nil {
		return nil, err
	}
	change := in.Body.model(s.languageOf(v, in.Body.Language), in.Key)
	change.Household, change.Reason = household, in.Body.Reason
	return s.book(ctx, change)
}

func (s *Chapter) familyOfHousehold(ctx context.Context, in *shape.ForHousehold) (*familyOutput, error) {
	household, err := shape.PathID[models.HouseholdID](in.Household)
	if err != nil {
		return nil, err
	}
	family, err := s.families.FamilyOf(ctx, rest.CallOf(ctx).Actor, household)
	if err != nil {
		return nil, err
	}
	return &familyOutput{Body: familyOf(family)}, nil
}
