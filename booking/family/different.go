package family

import (
	"slices"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

const (
	// clearlyApart is by how much coming or going must differ before two proposals on the same days count as different.
	clearlyApart = models.Tick(6)
	// maxAvoided is up to how many talks a proposal is looked for that differs from two others: every part of the evening is planned for itself then.
	maxAvoided = 8
)

// presence is when a party is at the school on a day, for its new talks.
type presence struct {
	day      models.DayID
	from, to models.Tick
}

func (r route) presence() []presence {
	var days []presence
	for _, placed := range r.placed {
		at := slices.IndexFunc(days, func(p presence) bool { return p.day == placed.Slot.Day })
		if at < 0 {
			days = append(days, presence{placed.Slot.Day, placed.Slot.Start, placed.End()})
			continue
		}
		days[at].from, days[at].to = min(days[at].from, placed.Slot.Start), max(days[at].to, placed.End())
	}
	slices.SortFunc(days, func(a, b presence) int { return int(a.from - b.from) })
	return days
}

// unlike tells whether two routes are clearly different: on other days, or half an hour apart in coming or going.
func (r route) unlike(other route) bool {
	mine, theirs := r.presence(), other.presence()
	if len(mine) != len(theirs) {
		return true
	}
	apart := func(a, b models.Tick) bool { return a-b >= clearlyApart || b-a >= clearlyApart }
	for i := range mine {
		if mine[i].day != theirs[i].day || apart(mine[i].from, theirs[i].from) || apart(mine[i].to, theirs[i].to) {
			return true
		}
	}
	return false
}

// avoiding lists the parts of the possible in which a route is not: without one of its days, coming later, or going earlier.
func (r route) avoiding() []func(rules.Placement) bool {
	var parts []func(rules.Placement) bool
	for _, there := range r.presence() {
		parts = append(parts,
			func(p rules.Placement) bool { return p.Slot.Day != there.day },
			func(p rules.Placement) bool {
				return p.Slot.Day != there.day || p.Slot.Start >= there.from+clearlyApart
			},
			func(p rules.Placement) bool { return p.Slot.Day != there.day || p.End() <= there.to-clearlyApart })
	}
	return parts
}

// third looks for a route that differs clearly from two others and meets as much: the best of each part of the possible that avoids both. The planning
// engine itself gives the second one, but looks for the third beside the second only.
func (w *proposer) third(party int, talks []*timedRequest, two []route, allowed func(rules.Placement) bool) ([]route, error) {
	if len(two) != 2 || len(talks) > maxAvoided {
		return two, nil
	}
	var best *route
	for _, first := range two[0].avoiding() {
		for _, second := range two[1].avoiding() {
			found, err := w.routes(party, talks, 1, func(p rules.Placement) bool { return first(p) && second(p) && allowed(p) })
			if err != nil {
				return nil, err
			}
			if len(found) == 0 || len(found[0].missing) > len(two[0].missing) || !found[0].unlike(two[0]) || !found[0].unlike(two[1]) {
				continue
			}
			if best == nil || found[0].cost < best.cost {
				best = &found[0]
			}
		}
	}
	if best != nil {
		best.proven = false
		two = append(two, *best)
	}
	return two, nil
}
