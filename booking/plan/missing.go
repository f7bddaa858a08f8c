package plan

import "slices"

// Reason says why a talk is missing in a proposal.
type Reason string

// Reasons, the plainest first.
const (
	// NothingFree: its teachers have no free slot in common that is long enough.
	NothingFree Reason = "nothing_free"
	// OutsideWindows: there are free slots, but not while the family can come, or only during a fixed appointment.
	OutsideWindows Reason = "outside_windows"
	// AgainstRules: not together with the fixed appointments, the number of days, or those whom the family must not meet.
	AgainstRules Reason = "against_rules"
	// InTheWay: it could be held, but then other talks could not; Instead names them.
	InTheWay Reason = "in_the_way"
)

// Missing is a talk that a proposal leaves out.
type Missing struct {
	Talk   string
	Reason Reason
	// Instead lists talks that would be left out if this one were held; given for InTheWay, up to twelve talks.
	Instead []string
}

// why explains why a talk is missing.
func (f *family) why(t int, found itineraryFound) Missing {
	m := Missing{Talk: f.talks[t].ID}
	own := slices.ContainsFunc(f.nodes, func(n node) bool { return n.talk == int8(t) })
	switch {
	case f.free[t] == 0:
		m.Reason = NothingFree
	case !own:
		m.Reason = OutsideWindows
	case !f.possibleAlone(t):
		m.Reason = AgainstRules
	default:
		m.Reason = InTheWay
		m.Instead = f.instead(t, found)
	}
	return m
}

// possibleAlone tells whether a talk could be held if the family wanted nothing else.
func (f *family) possibleAlone(t int) bool {
	alone := *f
	alone.talks, alone.drops = f.talks[t:t+1], []cost{infinite / 4}
	alone.nodes = nil
	for _, n := range f.nodes {
		if n.talk == int8(t) {
			n.talk = 0
		} else if n.talk != fixedTalk {
			continue
		}
		alone.nodes = append(alone.nodes, n)
	}
	found, ok := alone.bestOver(alone.regions())
	return ok && found.cost < infinite/8
}

// instead lists what would have to go for a talk.
func (f *family) instead(t int, found itineraryFound) []string {
	if len(f.talks) > maxExact {
		return nil
	}
	again := *f
	again.drops = slices.Clone(f.drops)
	again.drops[t] = infinite / 4
	other, ok := again.bestOver(again.regions())
	if !ok {
		return nil
	}
	var list []string
	for i, pick := range other.picks {
		if pick < 0 && found.picks[i] >= 0 {
			list = append(list, f.talks[i].ID)
		}
	}
	return list
}
