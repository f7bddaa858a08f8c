package plan

// label is the cheapest cost of having just ended a node with a set of talks had, or infinite if the node's talk is not in the set.
func (r *router) label(i int, v *node, set int) cost {
	if v.talk == fixedTalk {
		return r.labels[int(r.offsets[i])+set]
	}
	bit := 1 << v.talk
	if set&bit == 0 {
		return infinite
	}
	low := set & (bit - 1)
	high := set >> (v.talk + 1)
	return r.labels[int(r.offsets[i])+high<<v.talk+low]
}

// trace follows the cheapest itinerary for a set backwards and notes the nodes in r.picked. No predecessors are stored on the way forward: whole-number
// costs make it certain that exactly the cost is found again.
func (r *router) trace(set int, nodes []node, sets int) {
	for d := len(r.days) - 1; d >= 0; d-- {
		fixed := hasFixed(nodes[r.days[d].from:r.days[d].to])
		if !fixed && r.base[(d+1)*sets+set] == r.base[d*sets+set] {
			continue
		}
		if d == r.early.day && set == r.early.set && !r.kept {
			set = r.early.before
			for _, ref := range r.early.picks {
				r.picked[ref.talk] = ref.ref
			}
			continue
		}
		set = r.traceDay(d, set, nodes, sets, fixed)
	}
}

// tracedDay is what was traced of a day while its labels were there, because it was the best so far and mostly stays that: else the labels would have
// to be made again.
type tracedDay struct {
	day, set, before int
	picks            []talkPick
}

type talkPick struct {
	talk int
	ref  int32
}

// traceEarly traces a day that has just been labelled.
func (r *router) traceEarly(d, set int, nodes []node, sets int) {
	fixed := hasFixed(nodes[r.days[d].from:r.days[d].to])
	if !fixed && r.base[(d+1)*sets+set] == r.base[d*sets+set] {
		return
	}
	before := r.traceDay(d, set, nodes, sets, fixed)
	r.early = tracedDay{day: d, set: set, before: before, picks: r.early.picks[:0]}
	for talk, ref := range r.picked {
		if had := set &^ before; had&(1<<talk) != 0 {
			r.early.picks = append(r.early.picks, talkPick{talk, ref})
		}
	}
}

// traceDay notes the nodes of one day and returns the set had before it.
func (r *router) traceDay(d, set int, nodes []node, sets int, fixed bool) int {
	day := r.days[d]
	r.relabel(d, sets, nodes)
	current := -1
	target := r.base[(d+1)*sets+set]
	for i := day.to - 1; i >= day.from; i-- {
		// Among equals the earliest.
		if r.label(i, &nodes[i], set) == target {
			current = i
		}
		if nodes[i].talk == fixedTalk {
			break
		}
	}
	came := r.cameBefore(d, nodes)
	for current >= 0 {
		v := &nodes[current]
		value := r.label(current, v, set) - v.price
		if v.talk != fixedTalk {
			r.picked[v.talk] = v.ref
			set &^= 1 << v.talk
		}
		start := r.base[d*sets+set]
		if set != 0 || came {
			start += r.rates.day
		}
		if value == start && !(fixed && hasFixed(nodes[day.from:current])) {
			return set
		}
		current = r.before(current, value, set, nodes, day)
	}
	return set
}

func (r *router) cameBefore(d int, nodes []node) bool {
	return d > 0 && hasFixed(nodes[:r.days[d].from])
}

// before finds the node from which the party came.
func (r *router) before(current int, value cost, set int, nodes []node, day dayRange) int {
	v := &nodes[current]
	for i := current - 1; i >= day.from; i-- {
		w := &nodes[i]
		walk := r.walk[int(w.zone)*r.zones+int(v.zone)]
		if at := w.end + walk; at <= v.start {
			if r.label(i, w, set)+r.rates.walk*cost(walk)+r.rates.wait*cost(v.start-at) == value {
				return i
			}
		}
		if w.talk == fixedTalk {
			break
		}
	}
	return -1
}
