package appointment

import (
	"slices"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
)

func (w *bookingWork) makeRequest(item Request) (*rules.Request, error) {
	household := w.change.Household
	if !rules.ActsForFamilies(w.actor) {
		var ok bool
		if household, ok = rules.HouseholdFor(w.actor, item.Pupil); !ok {
			return nil, errs.New(errs.NotFound, errs.CodeNoChild)
		}
	}
	pupil, ok := w.people.Pupil(item.Pupil)
	if !ok || !slices.Contains(w.people.Members(household), item.Pupil) {
		return nil, errs.New(errs.NotFound, errs.CodeNoChild)
	}
	made := &rules.Request{Ref: item.Ref, Pupil: pupil, Household: household, Party: item.Party, Nearest: w.change.Nearest}
	for _, conference := range w.programme.Conferences() {
		if kind, ok := conference.TalkKind(item.TalkKind); ok {
			made.Conference, made.Kind = conference, kind
		}
	}
	if made.Kind == nil || w.hidden(made.Conference) {
		return nil, errs.New(errs.NotFound, "booking.no-such-talk")
	}
	made.Choices = choices(rules.NewStaffSet(item.Staff...), models.Tick(0), item.Fallbacks)
	made.Choices[0].Start = rules.ExactTick(item.Start)
	w.offer(made)
	return made, nil
}

// hidden conferences are those that parents do not see yet.
func (w *bookingWork) hidden(conference *programme.Conference) bool {
	return conference.State == models.ConferenceDraft && !rules.ActsForFamilies(w.actor)
}

func (w *bookingWork) moveRequest(item MoveItem) (*rules.Request, error) {
	appointment := w.present[item.Appointment]
	conference, ok := w.programme.Conference(appointment.ConferenceID)
	if !ok {
		return nil, errs.New(errs.NotFound, errs.CodeNoAppointment)
	}
	kind, found := conference.TalkKind(appointment.TalkKindID)
	pupil, known := w.people.Pupil(appointment.PupilID)
	if !found || !known {
		return nil, errs.New(errs.NotFound, errs.CodeNoAppointment)
	}
	staff := rules.NewStaffSet(item.Staff...)
	if len(staff) == 0 {
		staff = rules.NewStaffSet(appointment.StaffIDs...)
	}
	moved := &rules.Request{
		Ref: item.Ref, Conference: conference, Kind: kind, Pupil: pupil, Household: appointment.HouseholdID, Party: appointment.Party,
		Nearest: w.change.Nearest, Moved: appointment, Choices: choices(staff, rules.ExactTick(item.Start), item.Fallbacks),
	}
	w.offer(moved)
	return moved, nil
}

func choices(staff rules.StaffSet, start models.Tick, fallbacks []Fallback) []rules.Choice {
	list := []rules.Choice{{Staff: staff, Start: start}}
	for _, fallback := range fallbacks {
		set := rules.NewStaffSet(fallback.Staff...)
		if len(set) == 0 {
			set = staff
		}
		list = append(list, rules.Choice{Staff: set, Start: rules.ExactTick(fallback.Start)})
	}
	return list
}

// offer fills in what the pupil is offered; nothing where the household may not book for the pupil.
func (w *bookingWork) offer(request *rules.Request) {
	zone := w.tx.School().Location()
	if !rules.Bookable(w.people, request.Pupil, request.Household, w.tx.Now().In(zone).Format("2006-01-02")) {
		return
	}
	request.Offered = rules.OffersOf(w.people, request.Conference, request.Kind, request.Pupil)
	request.Days = rules.DaysFor(w.people, request.Conference, request.Pupil, w.people.Members(request.Household))
}
