package booking

import (
	"slices"

	"github.com/ouderavond/ouderavond/models"
)

// propose works out the proposals from what was gathered.
func (w *proposing) propose() (*FamilyProposals, error) {
	var possible []*wantedTalk
	for _, wanted := range w.wanted {
		reason := w.findPlaces(wanted)
		if reason != "" {
			w.missing = append(w.missing, w.missed(wanted.wish, wanted.talk, wanted.sets, reason))
			continue
		}
		possible = append(possible, wanted)
	}
	answer := &FamilyProposals{Wishes: w.question.Talks, Zone: w.zone}
	ways, over, err := w.within(possible)
	if err != nil {
		return nil, err
	}
	for _, way := range ways {
		if proposal := w.proposal(way, over); len(proposal.Talks) > 0 {
			answer.Proposals = append(answer.Proposals, proposal)
		} else if len(answer.Proposals) == 0 {
			answer.Missing = proposal.Missing
		}
	}
	if len(ways) == 0 {
		// What the family has already cannot be kept by the rules of walking: then nothing is planned around it.
		answer.Missing = w.missing
		for _, wanted := range possible {
			answer.Missing = append(answer.Missing, w.missed(wanted.wish, wanted.talk, wanted.sets, MissingOwn))
		}
	}
	answer.Missing = inAll(answer)
	return answer, nil
}

// inAll gives the talks that are missing in every proposal.
func inAll(answer *FamilyProposals) []MissingTalk {
	if len(answer.Proposals) == 0 {
		return answer.Missing
	}
	return slices.DeleteFunc(slices.Clone(answer.Proposals[0].Missing), func(missing MissingTalk) bool {
		return slices.ContainsFunc(answer.Proposals[1:], func(other FamilyProposal) bool {
			return !slices.ContainsFunc(other.Missing, func(m MissingTalk) bool { return m.Wish.Ref == missing.Wish.Ref })
		})
	})
}

// findPlaces finds where a talk could be by itself, or why nowhere.
func (w *proposing) findPlaces(wanted *wantedTalk) MissingReason {
	if len(wanted.sets) == 0 {
		return MissingNotOffered
	}
	reasons := map[MissingReason]bool{}
	for party := 1; party <= w.question.Parties; party++ {
		talk := *wanted.talk
		talk.party = party
		for _, set := range wanted.sets {
			for _, open := range slotsOf(talk.conference, set, models.Ticks(talk.kind.Minutes), talk.days) {
				place := placement{&talk, set, open}
				if reason := w.check(place); reason != "" {
					reasons[reason] = true
					continue
				}
				wanted.places[party] = append(wanted.places[party], priced{place, w.prices.of(place)})
			}
		}
	}
	if len(wanted.places[1])+len(wanted.places[2]) > 0 {
		return ""
	}
	for _, reason := range []MissingReason{MissingOwn, MissingWindows, MissingLimit, MissingClosed} {
		if reasons[reason] {
			return reason
		}
	}
	return MissingFull
}

// check tells why a talk cannot be at a place; empty if it can. What is free but not when the family can come is told apart from what is taken, and what the
// family itself does at a time at which it cannot come counts for nothing.
func (w *proposing) check(place placement) MissingReason {
	inside := w.windows == nil || slices.ContainsFunc(w.windows[place.slot.day], func(open span) bool {
		return open.start <= place.slot.start && place.end() <= open.end
	})
	reason := missingFor[w.state.check(place)]
	switch {
	case reason == "" && w.refused(place):
		return MissingFull
	case reason == "" && !inside:
		return MissingWindows
	case reason == MissingOwn && !inside:
		return MissingFull
	}
	return reason
}

// refused tells whether a booking refused this place a moment ago.
func (w *proposing) refused(place placement) bool {
	return slices.ContainsFunc(w.question.Refused, func(item MakeItem) bool {
		return item.Pupil == place.wish.pupil.ID && item.TalkKind == place.wish.kind.ID && exactTick(item.Start) == place.slot.start &&
			newStaffSet(item.Staff...).equal(place.staff)
	})
}

// way is a way of the whole family: one route, or one of each party.
type way []route

func (w way) missing() (list []missedTalk) {
	for _, route := range w {
		list = append(list, route.missing...)
	}
	return list
}

// mostRounds is how often talks above the limits may take the place of talks that turned out to be impossible.
const mostRounds = 4

// within plans the talks that the rules of the conferences allow, the first wishes first. Where one of them turns out to be impossible, one that was above a
// limit takes its place.
func (w *proposing) within(possible []*wantedTalk) (ways []way, over []*wantedTalk, err error) {
	var never []*wantedTalk
	for range mostRounds {
		var chosen []*wantedTalk
		chosen, over = w.allowed(slices.DeleteFunc(slices.Clone(possible), func(one *wantedTalk) bool { return slices.Contains(never, one) }))
		if ways, err = w.ways(chosen); err != nil || len(ways) == 0 {
			return nil, possible, err
		}
		missing := ways[0].missing()
		if len(over) == 0 || len(missing) == 0 {
			break
		}
		for _, missed := range missing {
			never = append(never, missed.wanted)
		}
	}
	return ways, over, nil
}

// ways plans for the family: together, or split up.
func (w *proposing) ways(chosen []*wantedTalk) ([]way, error) {
	if w.question.Parties > 1 {
		return w.split(chosen)
	}
	anywhere := func(placement) bool { return true }
	routes, err := w.routes(1, chosen, w.question.Most, anywhere)
	if err == nil && w.question.Most > len(routes) {
		routes, err = w.third(1, chosen, routes, anywhere)
	}
	ways := make([]way, len(routes))
	for i := range routes {
		ways[i] = way{routes[i]}
	}
	return ways, err
}

// allowed takes the talks that stay within the limits, and gives those above apart. Required talks come first, then each child's first wish, and so on.
func (w *proposing) allowed(possible []*wantedTalk) (chosen, over []*wantedTalk) {
	if w.state.byStaff {
		return possible, nil
	}
	order := slices.Clone(possible)
	slices.SortStableFunc(order, func(a, b *wantedTalk) int {
		return rankOf(a) - rankOf(b)
	})
	visits := slices.Clone(w.state.visits)
	for _, wanted := range order {
		if w.aboveLimit(visits, wanted) {
			over = append(over, wanted)
			continue
		}
		chosen = append(chosen, wanted)
		visits = append(visits, visit{
			household: wanted.talk.household, pupil: wanted.talk.pupil.ID, conference: wanted.talk.conference.ID, kind: wanted.talk.kind.ID,
		})
	}
	return chosen, over
}

func rankOf(wanted *wantedTalk) int {
	if wanted.talk.kind.Obligation == models.Required {
		return 0
	}
	return wanted.rank
}

// aboveLimit tells whether a talk would be more than the rules allow beside what is there.
func (w *proposing) aboveLimit(visits []visit, wanted *wantedTalk) bool {
	ofPupil, ofKind, ofHousehold := 0, 0, 0
	talk := wanted.talk
	for _, present := range visits {
		if present.household != talk.household || present.conference != talk.conference.ID {
			continue
		}
		ofHousehold++
		if present.pupil == talk.pupil.ID {
			ofPupil++
			if present.kind == talk.kind.ID {
				ofKind++
			}
		}
	}
	rules := talk.conference.Rules
	return reached(rules.MaxPerPupil, ofPupil) || reached(talk.kind.MaxPerPupil, ofKind) || reached(rules.MaxPerHousehold, ofHousehold)
}
