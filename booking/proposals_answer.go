package booking

import (
	"maps"
	"slices"

	"github.com/ouderavond/ouderavond/models"
)

// scratch copies an arrangement, so that something can be tried in it.
func (a *arrangement) scratch() *arrangement {
	copied := *a
	copied.visits = slices.Clone(a.visits)
	copied.busy = maps.Clone(a.busy)
	return &copied
}

// proposal tells a way to the family. Everything in it is tried once more the way a booking does, one after the other: whatever the planning may not have
// seen, what is proposed can be booked.
func (w *proposing) proposal(found way, over []*wantedTalk) FamilyProposal {
	made := FamilyProposal{Missing: slices.Clone(w.missing), Proven: len(found) == 1}
	state := w.state.scratch()
	for _, kept := range w.kept {
		made.Talks = append(made.Talks, w.proposed(kept.item, kept.placement, true))
	}
	for _, route := range found {
		made.Days, made.WaitMinutes, made.WalkMinutes = max(made.Days, route.days), made.WaitMinutes+route.wait, made.WalkMinutes+route.walk
		made.Proven = made.Proven && route.proven
		for _, placed := range route.placed {
			if reason := state.check(placed.placement); reason != "" {
				made.Proven = false
				made.Missing = append(made.Missing, w.missed(placed.wanted.wish, placed.wanted.talk, placed.wanted.sets, missingFor[reason]))
				continue
			}
			state.take(placed.placement)
			made.Talks = append(made.Talks, w.proposed(itemOf(placed), placed.placement, false))
		}
		for _, missed := range route.missing {
			told := w.missed(missed.wanted.wish, missed.wanted.talk, missed.wanted.sets, missed.reason)
			for _, other := range missed.instead {
				told.Instead = append(told.Instead, other.wish.Ref)
			}
			made.Missing = append(made.Missing, told)
		}
	}
	for _, wanted := range over {
		made.Missing = append(made.Missing, w.missed(wanted.wish, wanted.talk, wanted.sets, MissingLimit))
	}
	slices.SortStableFunc(made.Talks, func(a, b ProposedTalk) int { return a.Item.Start.Compare(b.Item.Start) })
	if len(found) > 1 {
		made.Days = daysOf(made.Talks)
	}
	return made
}

func itemOf(placed placedTalk) MakeItem {
	return MakeItem{
		Ref: placed.wanted.wish.Ref, Pupil: placed.wish.pupil.ID, TalkKind: placed.wish.kind.ID, Staff: placed.staff, Start: placed.slot.start.Time(),
		Party: placed.wish.party,
	}
}

func (w *proposing) proposed(item MakeItem, at placement, kept bool) ProposedTalk {
	return ProposedTalk{
		Item: item, Conference: at.wish.conference.ID, Day: at.slot.day, Title: at.wish.kind.Details.Title, Child: at.wish.pupil.Details.Given,
		Household: at.wish.household, Staff: w.staff(at.staff), End: at.end().Time(), Kept: kept,
	}
}

func daysOf(talks []ProposedTalk) int {
	days := map[models.DayID]bool{}
	for _, talk := range talks {
		days[talk.Day] = true
	}
	return len(days)
}
