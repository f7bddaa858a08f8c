package family

import (
	"slices"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

// proposal tells a way to the family. Everything in it is tried once more the way a booking does, one after the other: whatever the planning may not have
// seen, what is proposed can be booked.
func (w *proposer) proposal(found way, over []*timedRequest) Proposal {
	made := Proposal{Missing: slices.Clone(w.missing), Proven: len(found) == 1}
	state := w.state.Scratch()
	for _, kept := range w.kept {
		made.Talks = append(made.Talks, w.proposed(kept.item, kept.Placement, true))
	}
	for _, route := range found {
		made.Days, made.WaitMinutes, made.WalkMinutes = max(made.Days, route.days), made.WaitMinutes+route.wait, made.WalkMinutes+route.walk
		made.Proven = made.Proven && route.proven
		for _, placed := range route.placed {
			if reason := state.Check(placed.Placement); reason != "" {
				made.Proven = false
				made.Missing = append(made.Missing, w.missed(placed.request.asked, placed.request.request, placed.request.sets, missingFor[reason]))
				continue
			}
			state.Take(placed.Placement)
			made.Talks = append(made.Talks, w.proposed(itemOf(placed), placed.Placement, false))
		}
		for _, missed := range route.missing {
			told := w.missed(missed.request.asked, missed.request.request, missed.request.sets, missed.reason)
			for _, other := range missed.instead {
				told.Instead = append(told.Instead, other.asked.Ref)
			}
			made.Missing = append(made.Missing, told)
		}
	}
	for _, wanted := range over {
		made.Missing = append(made.Missing, w.missed(wanted.asked, wanted.request, wanted.sets, MissingLimit))
	}
	slices.SortStableFunc(made.Talks, func(a, b Placement) int { return a.Item.Start.Compare(b.Item.Start) })
	if len(found) > 1 {
		made.Days = daysOf(made.Talks)
	}
	return made
}

func itemOf(placed placed) appointment.Request {
	return appointment.Request{
		Ref: placed.request.asked.Ref, Pupil: placed.Request.Pupil.ID, TalkKind: placed.Request.Kind.ID, Staff: placed.Staff, Start: placed.Slot.Start.Time(),
		Party: placed.Request.Party,
	}
}

func (w *proposer) proposed(item appointment.Request, at rules.Placement, kept bool) Placement {
	return Placement{
		Item: item, Conference: at.Request.Conference.ID, Day: at.Slot.Day, Title: at.Request.Kind.Details.Title, Child: at.Request.Pupil.Details.Given,
		Household: at.Request.Household, Staff: w.Staff(at.Staff), End: at.End().Time(), Kept: kept,
	}
}

func daysOf(talks []Placement) int {
	days := map[models.DayID]bool{}
	for _, talk := range talks {
		days[talk.Day] = true
	}
	return len(days)
}
