package plan

import "slices"

// maxRepair is the number of talks of one unit that the search places at once; a unit with more is placed in blocks.
const maxRepair = 8

// anyDay stands for all days.
const anyDay int16 = -1

// repairer puts one unit into a plan in the cheapest way that the rest of the plan leaves.
type repairer struct {
	*state
	router *router
	nodes  []node
	subset []node
	picks  []int32
	before []int32
	drops  []cost
	bits   []int8
	prices []cost // what the bound says a slot is worth, or nil
	evict  cost   // price of taking a slot from another unit
	boost  cost   // by how much a teacher's idle time counts more than it does
	// onlyDay is the day to which a unit is kept, or anyDay.
	onlyDay int16
	mayOut  bool   // whether slots may be taken from others at all
	sparse  uint64 // share of such slots that are looked at, of 256
	dice    uint64
	locked  []bool // units that may not be pushed out
}

func newRepairer(s *state) *repairer {
	return &repairer{state: s, boost: 1, onlyDay: anyDay, router: newRouter(s.p.walk, s.p.zones, s.p.rates), locked: make([]bool, len(s.p.units)), bits: make([]int8, maxTalks)}
}

// choose finds the best picks for a unit that is not in the plan. The result is overwritten by the next call.
func (r *repairer) choose(u int) []int32 {
	unit := &r.p.units[u]
	r.picks = grow(r.picks, len(unit.talks))
	for t := range r.picks {
		r.picks[t] = -1
	}
	if len(unit.talks) <= maxRepair && len(unit.fixed) == 0 {
		if len(unit.talks) > 0 {
			r.chooseBlock(u, nil)
		}
	} else {
		r.chooseLarge(u, unit.openTalks())
	}
	if r.p.clashes {
		r.dropClashes(unit)
	}
	return r.picks
}

// chooseLarge places the talks block by block.
func (r *repairer) chooseLarge(u int, open []int) {
	for from := 0; from < len(open); from += maxRepair {
		r.chooseBlock(u, open[from:min(from+maxRepair, len(open))])
	}
	if len(open) > maxRepair {
		r.polish(u, open)
	}
}

// again plans some talks of a unit that was just taken out, while the others go back to where they were. It tells whether that was possible.
func (r *repairer) again(u int, old []int32, block []int) bool {
	unit := &r.p.units[u]
	r.picks = append(grow(r.picks, 0), old...)
	for t, pick := range old {
		if pick < 0 || unit.talks[t].pinned || slices.Contains(block, t) {
			continue
		}
		for _, s := range unit.visits[pick].slots {
			if r.busy[s] != 0 {
				return false
			}
		}
	}
	return r.chooseBlock(u, block)
}

// dropClashes gives up a talk whose slot overlaps the slot of another talk of the same unit, which can only be where slots of one teacher overlap.
func (r *repairer) dropClashes(unit *unit) {
	for t, pick := range r.picks {
		if pick < 0 || unit.visits[pick].fixed {
			continue
		}
		for other, o := range r.picks {
			if o >= 0 && other != t && slices.ContainsFunc(unit.visits[pick].slots, func(s int32) bool {
				return slices.ContainsFunc(r.p.slots[s].clash, func(c int32) bool { return slices.Contains(unit.visits[o].slots, c) })
			}) {
				r.picks[t] = -1
				break
			}
		}
	}
}

// openTalks lists the talks that are not pinned.
func (u *unit) openTalks() []int {
	var open []int
	for t := range u.talks {
		if !u.talks[t].pinned {
			open = append(open, t)
		}
	}
	return open
}

// polish plans blocks of a large unit again, each time with the other talks standing still.
func (r *repairer) polish(u int, open []int) {
	for round := range 2 {
		for from := round * maxRepair / 2; from < len(open); from += maxRepair / 2 {
			var block []int
			for i := range maxRepair {
				block = append(block, open[(from+i)%len(open)])
			}
			slices.Sort(block)
			r.chooseBlock(u, slices.Compact(block))
		}
	}
}

// chooseBlock picks the talks of a block (nil: all), while the other picks stand. It tells whether there was a way.
func (r *repairer) chooseBlock(u int, block []int) bool {
	unit := &r.p.units[u]
	n := len(block)
	r.drops = r.drops[:0]
	for t := range unit.talks {
		r.bits[t] = -1
	}
	if block == nil {
		n = len(unit.talks)
		r.drops = append(r.drops, unit.drops...)
		for t := range unit.talks {
			r.bits[t] = int8(t)
		}
	}
	r.before = append(r.before[:0], r.picks...)
	for i, t := range block {
		r.bits[t] = int8(i)
		r.drops = append(r.drops, unit.drops[t])
		r.picks[t] = -1
	}
	r.nodes = r.gather(unit, r.nodes[:0])
	nodes := r.nodes
	if len(unit.fixed) > 0 || block != nil {
		nodes = withoutOverlaps(nodes)
	}
	picked, ok := r.routeApart(u, n, nodes)
	if !ok {
		// Without some talk in between, the way from one standing talk to the next may be too long: then it stays as it was.
		copy(r.picks, r.before)
		return false
	}
	for t := range unit.talks {
		if b := r.bits[t]; b >= 0 {
			r.picks[t] = picked[b]
		}
	}
	return true
}

// gather lists the moments at which the plan leaves room.
func (r *repairer) gather(unit *unit, nodes []node) []node {
	for i := range unit.visits {
		v := &unit.visits[i]
		bit := r.bits[v.talk]
		if bit < 0 {
			if v.fixed || r.picks[v.talk] == int32(i) {
				nodes = append(nodes, node{start: v.start, end: v.end, ref: int32(i), day: v.day, zone: v.zone, talk: fixedTalk})
			}
			continue
		}
		if r.onlyDay != anyDay && v.day != r.onlyDay {
			continue
		}
		price, ok := v.price, true
		for _, s := range v.slots {
			if r.prices != nil {
				price += r.prices[s]
			}
			if r.busy[s] == 0 {
				price += r.boost * r.idlePrice(s)
				continue
			}
			owner := r.owner[s]
			if !r.mayOut || owner < 0 || r.locked[owner] || !r.lucky() {
				ok = false
				break
			}
			price += r.evict
		}
		if ok {
			nodes = append(nodes, node{price: price, start: v.start, end: v.end, ref: int32(i), day: v.day, zone: v.zone, talk: bit})
		}
	}
	return nodes
}

// lucky leaves out some of the slots of others at random: fewer nodes, and another neighbourhood each time.
func (r *repairer) lucky() bool {
	r.dice ^= r.dice << 13
	r.dice ^= r.dice >> 7
	r.dice ^= r.dice << 17
	return r.dice>>24&255 < r.sparse
}

// withoutOverlaps leaves out the nodes that overlap a fixed one.
func withoutOverlaps(nodes []node) []node {
	var fixed []node
	for _, n := range nodes {
		if n.talk == fixedTalk {
			fixed = append(fixed, n)
		}
	}
	return slices.DeleteFunc(nodes, func(n node) bool {
		return n.talk != fixedTalk && slices.ContainsFunc(fixed, func(f node) bool { return f.day == n.day && f.start < n.end && n.start < f.end })
	})
}

// routeApart finds the itinerary that also keeps away from those the party must not meet: on each day that they are there, all before or all after.
func (r *repairer) routeApart(u, n int, nodes []node) ([]int32, bool) {
	others := r.presences(u)
	if len(others) == 0 {
		c := r.router.route(n, nodes, r.drops)
		return r.router.picked, c < infinite/2
	}
	best, picked := infinite/2, make([]int32, n)
	for i := range picked {
		picked[i] = -1
	}
	for sides := range 1 << min(len(others), 10) {
		if slices.ContainsFunc(nodes, func(v node) bool { return v.talk == fixedTalk && clashesWith(others, sides, v) }) {
			continue
		}
		r.subset = append(r.subset[:0], nodes...)
		r.subset = slices.DeleteFunc(r.subset, func(v node) bool { return v.talk != fixedTalk && clashesWith(others, sides, v) })
		if c := r.router.route(n, r.subset, r.drops); c < best {
			best = c
			copy(picked, r.router.picked)
		}
	}
	return picked, best < infinite/2
}

// presence is when another party is in the building, with the distance to keep added on both sides.
type presence struct {
	day      int16
	from, to int32
}

// clashesWith tells whether a visit is on the wrong side of one of the presences; bit i of sides lets the party come after presence i.
func clashesWith(others []presence, sides int, v node) bool {
	for i, o := range others {
		if o.day != v.day {
			continue
		}
		if sides&(1<<i) != 0 && v.start < o.to || sides&(1<<i) == 0 && v.end > o.from {
			return true
		}
	}
	return false
}

// presences lists when those are there whom a unit must not meet.
func (r *repairer) presences(u int) []presence {
	var list []presence
	for _, a := range r.p.units[u].apart {
		other := &r.p.units[a.unit]
		first := len(list)
		for _, pick := range r.itinerary(int(a.unit)) {
			v := &other.visits[pick]
			if len(list) > first && list[len(list)-1].day == v.day {
				list[len(list)-1].to = max(list[len(list)-1].to, v.end+a.minutes)
			} else {
				list = append(list, presence{v.day, v.start - a.minutes, v.end + a.minutes})
			}
		}
	}
	return list
}
