package api

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/models"
)

// fallbackItem is what would do instead.
type fallbackItem struct {
	Staff []ref[models.StaffID] `json:"staff,omitempty" maxItems:"10" doc:"Other teachers; the item's own where left out."`
	Start time.Time             `json:"start" doc:"Another start." example:"2026-11-24T18:30:00Z"`
}

func fallbacksOf(items []fallbackItem) []appointment.Fallback {
	return mapped(items, func(item fallbackItem) appointment.Fallback {
		return appointment.Fallback{Staff: values(item.Staff), Start: item.Start.UTC()}
	})
}

type makeItem struct {
	Ref       string                 `json:"ref,omitempty" maxLength:"64" doc:"Your own name for the item, given back if it fails. No personal data." example:"sanne-mentor"`
	Pupil     ref[models.PupilID]    `json:"pupil" doc:"The child."`
	TalkKind  ref[models.TalkKindID] `json:"talk_kind" doc:"The kind of talk."`
	Staff     []ref[models.StaffID]  `json:"staff" minItems:"1" maxItems:"10" doc:"The teachers, as one of the offered options has them."`
	Start     time.Time              `json:"start" doc:"The start, as one of the option's free ones." example:"2026-11-24T18:10:00Z"`
	Party     int                    `json:"party,omitempty" minimum:"1" maximum:"2" doc:"2 for the talks of the second adult where the household splits up." example:"1"`
	Fallbacks []fallbackItem         `json:"fallbacks,omitempty" maxItems:"10" doc:"What would do instead, best first."`
}

type moveItem struct {
	Ref         string                    `json:"ref,omitempty" maxLength:"64" doc:"Your own name for the item, given back if it fails. No personal data." example:"sanne-mentor"`
	Appointment ref[models.AppointmentID] `json:"appointment" doc:"The appointment to move."`
	Staff       []ref[models.StaffID]     `json:"staff,omitempty" maxItems:"10" doc:"Other teachers; the present ones where left out."`
	Start       time.Time                 `json:"start" doc:"The new start." example:"2026-11-24T18:40:00Z"`
	Fallbacks   []fallbackItem            `json:"fallbacks,omitempty" maxItems:"10" doc:"What would do instead, best first."`
}

type cancelItem struct {
	Ref         string                    `json:"ref,omitempty" maxLength:"64" doc:"Your own name for the item, given back if it fails. No personal data." example:"tom-mentor"`
	Appointment ref[models.AppointmentID] `json:"appointment" doc:"The appointment to cancel."`
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

// bookingRequest is one act of a family.
type bookingRequest struct {
	Make          []makeItem   `json:"make,omitempty" maxItems:"60" doc:"Appointments to make."`
	Move          []moveItem   `json:"move,omitempty" maxItems:"60" doc:"Appointments to move."`
	Cancel        []cancelItem `json:"cancel,omitempty" maxItems:"60" doc:"Appointments to cancel."`
	Contact       typedContact `json:"contact,omitempty" doc:"Where the confirmation goes beside the contacts on file. It belongs to this booking only."`
	Language      string       `json:"language,omitempty" maxLength:"20" doc:"Language of the confirmation; that of the request where left out." example:"nl"`
	Consent       consent      `json:"consent,omitempty" doc:"What may be done without asking again."`
	AcceptWalking bool         `json:"accept_walking,omitempty" doc:"Overrules the warning that there is too little time to walk between two talks." example:"false"`
}

func (b bookingRequest) model(language, key string) appointment.Change {
	change := appointment.Change{
		Email: b.Contact.Email, Phone: b.Contact.Phone, Language: language, Nearest: b.Consent.Nearest, BookRest: b.Consent.Rest,
		AcceptWalking: b.AcceptWalking, IdempotencyKey: key,
	}
	for _, item := range b.Make {
		change.Make = append(change.Make, appointment.Request{
			Ref: item.Ref, Pupil: item.Pupil.value, TalkKind: item.TalkKind.value, Staff: values(item.Staff), Start: item.Start.UTC(), Party: item.Party,
			Fallbacks: fallbacksOf(item.Fallbacks),
		})
	}
	for _, item := range b.Move {
		change.Move = append(change.Move, appointment.MoveItem{
			Ref: item.Ref, Appointment: item.Appointment.value, Staff: values(item.Staff), Start: item.Start.UTC(), Fallbacks: fallbacksOf(item.Fallbacks),
		})
	}
	for _, item := range b.Cancel {
		change.Cancel = append(change.Cancel, appointment.CancelItem{Ref: item.Ref, Appointment: item.Appointment.value})
	}
	return change
}

// Idempotency is the header that makes a repeat safe.
type Idempotency struct {
	Key string `header:"Idempotency-Key" maxLength:"255" doc:"Your own name for this call. The same key with the same content answers with the first outcome; with another content it is refused. Only successes are kept." example:"7f9c1d1e-3f0a-4a57-9f53-0d0d6a3c9f11"`
}

type bookInput struct {
	SchoolPath
	Idempotency
	Body bookingRequest
}

// bookingOutcome is what a booking did.
type bookingOutcome struct {
	Bookings     []ref[models.BookingID]     `json:"bookings" doc:"One for each household that was concerned."`
	Appointments []appointmentBody           `json:"appointments" doc:"The appointments made and moved, by start."`
	Cancelled    []ref[models.AppointmentID] `json:"cancelled" doc:"The appointments cancelled."`
	Unplaced     []itemFault                 `json:"unplaced" doc:"With consent to book the rest: the items that could not be."`
}

type bookOutput struct {
	Replayed string `header:"Idempotent-Replayed" doc:"true if this is the outcome of an earlier call with the same key." example:"true"`
	Body     bookingOutcome
}

func (s *Server) bookAsFamily(ctx context.Context, in *bookInput) (*bookOutput, error) {
	return s.book(ctx, in.Body.model(s.languageOf(visitOf(ctx), in.Body.Language), in.Key))
}

func (s *Server) book(ctx context.Context, change appointment.Change) (*bookOutput, error) {
	v := visitOf(ctx)
	outcome, err := s.config.Booking.Appointments.Book(ctx, v.actor, change)
	if err != nil {
		return nil, s.inZone(ctx, err)
	}
	v.zone = outcome.Zone
	out := &bookOutput{Body: bookingOutcome{
		Bookings: refs(outcome.Bookings), Appointments: mapped(outcome.Appointments, appointmentOf(v.zone)), Cancelled: refs(outcome.Cancelled),
		Unplaced: append([]itemFault{}, s.itemFaults(v, outcome.Unplaced)...),
	}}
	if outcome.Replayed {
		out.Replayed = "true"
	}
	return out, nil
}

// ForHousehold names a household in an address.
type ForHousehold struct {
	SchoolPath
	Household string `path:"household" doc:"The household's id." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

type bookForInput struct {
	ForHousehold
	Idempotency
	Body bookingRequest
}

func (s *Server) bookForHousehold(ctx context.Context, in *bookForInput) (*bookOutput, error) {
	household, err := pathID[models.HouseholdID](in.Household)
	if err != nil {
		return nil, err
	}
	// One that is not there is told before anything in the body is.
	v := visitOf(ctx)
	if _, err := s.config.Booking.Households.Get(ctx, v.actor, household); err != nil {
		return nil, err
	}
	change := in.Body.model(s.languageOf(v, in.Body.Language), in.Key)
	change.Household = household
	return s.book(ctx, change)
}

func (s *Server) familyOfHousehold(ctx context.Context, in *ForHousehold) (*familyOutput, error) {
	household, err := pathID[models.HouseholdID](in.Household)
	if err != nil {
		return nil, err
	}
	family, err := s.config.Booking.Families.FamilyOf(ctx, visitOf(ctx).actor, household)
	if err != nil {
		return nil, err
	}
	return &familyOutput{Body: familyOf(family)}, nil
}
