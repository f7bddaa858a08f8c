package family

import (
	"cmp"
	"slices"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

// propose works out the proposals from what was gathered.
func (w *proposer) propose() (*Proposals, error) {
	var possible []*timedRequest
	for _, wanted := range w.requests {
		reason := w.findPlaces(wanted)
		if reason != "" {
			w.missing = append(w.missing, w.missed(wanted.asked, wanted.request, wanted.sets, reason))
			continue
		}
		possible = append(possible, wanted)
	}
	answer := &Proposals{Requests: w.question.Talks, Zone: w.zone}
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
	if w.question.Parties == 1 {
		bestFirst(answer.Proposals)
	}
	if len(ways) == 0 {
		// What the family has already cannot be kept by the rules of walking: then nothing is planned around it.
		answer.Missing = w.missing
		for _, wanted := range possible {
			answer.Missing = append(answer.Missing, w.missed(wanted.asked, wanted.request, wanted.sets, MissingOwn))
		}
	}
	answer.Missing = inAll(answer)
	return answer, nil
}

// bestFirst puts what is best for the family itself first, whatever it costs others. What is proven of one holds for what is better.
func bestFirst(proposals []Proposal) {
	if len(proposals) < 2 {
		return
	}
	proven := proposals[0].Proven
	walk := objective().Walk
	minutes := func(p Proposal) float64 { return float64(p.WaitMinutes) + walk*float64(p.WalkMinutes) }
	slices.SortStableFunc(proposals, func(a, b Proposal) int {
		return cmp.Or(len(a.Missing)-len(b.Missing), a.Days-b.Days, cmp.Compare(minutes(a), minutes(b)))
	})
	for i := range proposals {
		proposals[i].Proven = proven && i == 0
	}
}

// inAll gives the talks that are missing in every proposal.
func inAll(answer *Proposals) []MissingTalk {
	if len(answer.Proposals) == 0 {
		return answer.Missing
	}
	return slices.DeleteFunc(slices.Clone(answer.Proposals[0].Missing), func(missing MissingTalk) bool {
		return slices.ContainsFunc(answer.Proposals[1:], func(other Proposal) bool {
			return !slices.ContainsFunc(other.Missing, func(m MissingTalk) bool { return m.Request.Ref == missing.Request.Ref })
		})
	})
}

// findPlaces finds where a talk could be by itself, or why nowhere.
func (w *proposer) findPlaces(wanted *timedRequest) MissingReason {
	if len(wanted.sets) == 0 {
		return MissingNotOffered
	}
	reasons := map[MissingReason]bool{}
	for party := 1; party <= w.question.Parties; party++ {
		talk := *wanted.request
		talk.Party = party
		for _, set := range wanted.sets {
			for _, open := range rules.SlotsOf(talk.Conference, set, models.Ticks(talk.Kind.Minutes), talk.Days) {
				place := rules.Placement{Request: &talk, Staff: set, Slot: open}
				if reason := w.check(place); reason != "" {
					reasons[reason] = true
					continue
				}
				wanted.places[party] = append(wanted.places[party], pricedPlacement{place, w.prices.of(place)})
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
func (w *proposer) check(place rules.Placement) MissingReason {
	inside := w.windows == nil || slices.ContainsFunc(w.windows[place.Slot.Day], func(open rules.Span) bool {
		return open.Start <= place.Slot.Start && place.End() <= open.End
	})
	reason := missingFor[w.state.Check(place)]
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

// refused reports whether a booking refused this place a moment ago.
func (w *proposer) refused(place rules.Placement) bool {
	return slices.ContainsFunc(w.question.Refused, func(item appointment.Request) bool {
		return item.Pupil == place.Request.Pupil.ID && item.TalkKind == place.Request.Kind.ID && rules.ExactTick(item.Start) == place.Slot.Start &&
			rules.NewStaffSet(item.Staff...).Equal(place.Staff)
	})
}

// way is a way of the whole family: one route, or one of each party.
type way []route

func (w way) missing() (list []missed) {
	for _, route := range w {
		list = append(list, route.missing...)
	}
	return list
}

// maxRounds is how often talks above the limits may take the place of talks that turned out to be impossible.
const maxRounds = 4

// within plans the talks that the rules of the conferences allow, the first requests first. Where one of them turns out to be impossible, one that was above a
// limit takes its place.
func (w *proposer) within(possible []*timedRequest) (ways []way, over []*timedRequest, err error) {
	var never []*timedRequest
	for range maxRounds {
		var chosen []*timedRequest
		chosen, over = w.allowed(slices.DeleteFunc(slices.Clone(possible), func(one *timedRequest) bool { return slices.Contains(never, one) }))
		if ways, err = w.ways(chosen); err != nil || len(ways) == 0 {
			return nil, possible, err
		}
		missing := ways[0].missing()
		if len(over) == 0 || len(missing) == 0 {
			break
		}
		for _, missed := range missing {
			never = append(never, missed.request)
		}
	}
	return ways, over, nil
}

// ways plans for the family: together, or split up.
func (w *proposer) ways(chosen []*timedRequest) ([]way, error) {
	if w.question.Parties > 1 {
		return w.split(chosen)
	}
	anywhere := func(rules.Placement) bool { return true }
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

// allowed takes the talks that stay within the limits, and gives those above apart. Required talks come first, then each child's first request, and so on.
func (w *proposer) allowed(possible []*timedRequest) (chosen, over []*timedRequest) {
	if w.state.ByStaff {
		return possible, nil
	}
	order := slices.Clone(possible)
	slices.SortStableFunc(order, func(a, b *timedRequest) int {
		return rankOf(a) - rankOf(b)
	})
	visits := slices.Clone(w.state.Talks)
	for _, wanted := range order {
		if wanted.request.AboveLimit(visits) {
			over = append(over, wanted)
			continue
		}
		chosen = append(chosen, wanted)
		visits = append(visits, rules.FamilyTalk{
			Household: wanted.request.Household, Pupil: wanted.request.Pupil.ID, Conference: wanted.request.Conference.ID, Kind: wanted.request.Kind.ID,
		})
	}
	return chosen, over
}

func rankOf(wanted *timedRequest) int {
	if wanted.request.Kind.Obligation == models.Required {
		return 0
	}
	return wanted.rank
}
