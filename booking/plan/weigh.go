package plan

import "slices"

// maxWeighing is the number of steps in vain after which the bound on the dropped weight is left as it is.
const maxWeighing = 48

// weigher raises the bound on the dropped weight above that of the matching, which looks at every teacher alone: it climbs the Lagrangean of the same
// instance with nothing counted but what is dropped. It is slow beside the matching and mostly finds nothing more, except where talks are joint.
type weigher struct {
	climber *climber
	p       *problem
	slack   cost
	dropped cost // proven, in millionths of weight
	vain    int  // steps since the last that proved more
	reached bool // a plan drops no more than that
}

// perWeight is what one unit of weight counts in the weigher's problem: so much that private prices do not matter.
const perWeight = 1000

func newWeigher(p *problem, prices []cost) *weigher {
	bare := *p
	bare.rates = rates{}
	bare.units = slices.Clone(p.units)
	w := &weigher{p: p}
	for u := range bare.units {
		unit := &bare.units[u]
		unit.talks, unit.visits = slices.Clone(unit.talks), slices.Clone(unit.visits)
		for t := range unit.talks {
			unit.talks[t].drop = perWeight * unit.talks[t].weight
		}
		for v := range unit.visits {
			unit.visits[v].price = 0
		}
		w.slack += noiseSpan * cost(len(unit.talks))
	}
	scale := float64(perWeight*perMinute) / float64(p.rates.drop)
	scaled := make([]cost, len(prices))
	for i, price := range prices {
		scaled[i] = cost(scale * float64(price))
	}
	w.climber = newClimber(&bare, scaled, 1)
	return w
}

// round makes some steps.
func (w *weigher) round(stopped func() bool) {
	for range roundClimbs {
		if stopped() || w.climber.done() {
			break
		}
		w.climber.step()
		w.vain++
	}
	// Private prices only raise the value, by the slack at most.
	least := max(0, toCost(w.climber.value)-w.slack)
	if proven := w.p.roundUp(0, (least+perWeight-1)/perWeight); proven > w.dropped {
		w.dropped, w.vain = proven, 0
	}
}

// done tells whether more steps are of no use.
func (w *weigher) done() bool {
	return w.reached || w.vain >= maxWeighing || w.climber.done()
}

// weighed begins to bound the dropped weight more closely when a round of the search met no more wishes although the matching leaves room, and takes in
// what was found. Where wishes have ranks the matching is all there is: weights alone decide nothing there.
func (s *solver) weighed(before value) {
	if s.climber == nil || s.p.rates.byRank || s.p.rates.drop <= 0 {
		return
	}
	now := s.search.best.total
	if s.weigher == nil {
		if s.climbing() && now.tier(value{dropped: s.dropped}) > 0 && now.tier(before) == 0 {
			s.weigher = newWeigher(s.p, s.start)
		}
		return
	}
	s.dropped[0] = max(s.dropped[0], s.weigher.dropped)
	s.search.least = s.dropped
	s.weigher.reached = now.tier(value{dropped: s.dropped}) <= 0
}
