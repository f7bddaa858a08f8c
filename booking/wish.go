package booking

import (
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
)

func (w *bookingWork) makeWish(item MakeItem) (*wish, error) {
	household := w.change.Household
	if !actsForFamilies(w.actor) {
		var ok bool
		if household, ok = householdFor(w.actor, item.Pupil); !ok {
			return nil, errs.New(errs.NotFound, "booking.no-such-child")
		}
	}
	pupil, ok := w.people.Pupil(item.Pupil)
	if !ok || !slices.Contains(w.people.Members(household), item.Pupil) {
		return nil, errs.New(errs.NotFound, "booking.no-such-child")
	}
	made := &wish{ref: item.Ref, pupil: pupil, household: household, party: item.Party, nearest: w.change.Nearest}
	for _, conference := range w.plan.Conferences() {
		if kind, ok := conference.TalkKind(item.TalkKind); ok {
			made.conference, made.kind = conference, kind
		}
	}
	if made.kind == nil || w.hidden(made.conference) {
		return nil, errs.New(errs.NotFound, "booking.no-such-talk")
	}
	made.choices = choices(newStaffSet(item.Staff...), models.Tick(0), item.Fallbacks)
	made.choices[0].start = exactTick(item.Start)
	w.offer(made)
	return made, nil
}

// hidden conferences are those that parents do not see yet.
func (w *bookingWork) hidden(conference *programme.Conference) bool {
	return conference.State == models.ConferenceDraft && !actsForFamilies(w.actor)
}

func (w *bookingWork) moveWish(item MoveItem) (*wish, error) {
	appointment := w.present[item.Appointment]
	conference, ok := w.plan.Conference(appointment.ConferenceID)
	if !ok {
		return nil, errs.New(errs.NotFound, "booking.no-such-appointment")
	}
	kind, found := conference.TalkKind(appointment.TalkKindID)
	pupil, known := w.people.Pupil(appointment.PupilID)
	if !found || !known {
		return nil, errs.New(errs.NotFound, "booking.no-such-appointment")
	}
	staff := newStaffSet(item.Staff...)
	if len(staff) == 0 {
		staff = newStaffSet(appointment.StaffIDs...)
	}
	moved := &wish{
		ref: item.Ref, conference: conference, kind: kind, pupil: pupil, household: appointment.HouseholdID, party: appointment.Party,
		nearest: w.change.Nearest, moved: appointment, choices: choices(staff, exactTick(item.Start), item.Fallbacks),
	}
	w.offer(moved)
	return moved, nil
}

func choices(staff staffSet, start models.Tick, fallbacks []Fallback) []choice {
	list := []choice{{staff, start}}
	for _, fallback := range fallbacks {
		set := newStaffSet(fallback.Staff...)
		if len(set) == 0 {
			set = staff
		}
		list = append(list, choice{set, exactTick(fallback.Start)})
	}
	return list
}

// offer fills in what the pupil is offered; nothing where the household may not book for the pupil.
func (w *bookingWork) offer(wished *wish) {
	zone := w.tx.School().Location()
	if !bookable(w.people, wished.pupil, wished.household, w.tx.Now().In(zone).Format("2006-01-02")) {
		return
	}
	wished.offered = offersOf(w.people, wished.conference, wished.kind, wished.pupil)
	wished.days = daysFor(w.people, wished.conference, wished.pupil, w.people.Members(wished.household))
}
