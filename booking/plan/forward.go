package plan

// forward fills base day by day. The labels of the last day remain; those of earlier days are made again when they are needed.
func (r *router) forward(n int, nodes []node) {
	sets := 1 << n
	r.rangeOf(nodes)
	r.denseZones(nodes)
	r.base = grow(r.base, (len(r.days)+1)*sets)
	r.entry = grow(r.entry, sets)
	r.best = grow(r.best, len(r.used)*sets)
	r.offsets = grow(r.offsets, len(nodes))
	setInfinite(r.base[:sets])
	r.base[0] = 0
	r.early.day = -1
	least := infinite / 2
	for d := range r.days {
		before, after := r.base[d*sets:(d+1)*sets], r.base[(d+1)*sets:(d+2)*sets]
		copy(after, before)
		r.enterDay(d, sets, nodes)
		r.oneDay(sets, nodes, r.days[d], after)
		r.labelled = d
		if value, set := r.cheapest(d+1, sets); value < least && d+1 < len(r.days) {
			least = value
			r.traceEarly(d, set, nodes, sets)
		}
	}
}

// enterDay makes room for the labels of a day, and notes what it costs to come on it with each set of talks had before.
func (r *router) enterDay(d, sets int, nodes []node) {
	size := 0
	for i := r.days[d].from; i < r.days[d].to; i++ {
		r.offsets[i] = int32(size)
		if nodes[i].talk == fixedTalk {
			size += sets
		} else {
			size += sets / 2
		}
	}
	r.labels = grow(r.labels, size)
	before := r.base[d*sets : (d+1)*sets]
	for s := range before {
		r.entry[s] = before[s] + r.rates.day
	}
	if !r.cameBefore(d, nodes) {
		r.entry[0] = before[0]
	}
}

// relabel makes the labels of an earlier day again.
func (r *router) relabel(d, sets int, nodes []node) {
	if r.kept || r.labelled == d {
		return
	}
	r.scratch = grow(r.scratch, sets)
	setInfinite(r.scratch)
	r.enterDay(d, sets, nodes)
	r.oneDay(sets, nodes, r.days[d], r.scratch)
	r.labelled = d
}

// oneDay walks through the nodes of one day.
func (r *router) oneDay(sets int, nodes []node, day dayRange, after []cost) {
	setInfinite(r.best[:len(r.used)*sets])
	for z := range r.used {
		r.waiting[z] = r.waiting[z][:0]
	}
	for i := day.from; i < day.to; i++ {
		v := &nodes[i]
		zone := int(r.zoneOf[v.zone])
		r.arrive(zone, v.start, sets, nodes)
		best := r.best[zone*sets : (zone+1)*sets]
		if v.talk == fixedTalk {
			r.passFixed(i, v, sets, best, after)
		} else {
			r.passChoice(i, v, sets, best, after)
		}
		r.leave(i, v)
	}
}

// passChoice labels having had the node's talk.
func (r *router) passChoice(i int, v *node, sets int, best, after []cost) {
	holding{
		talk: v.talk, waited: r.rates.wait * cost(v.start), price: v.price,
		best: best, entry: r.entry[:sets], labels: r.labels[r.offsets[i]:][:sets/2], after: after[:sets],
	}.hold()
}

// passFixed makes every way go through the node: whatever was under way elsewhere is lost, and the day cannot begin later.
func (r *router) passFixed(i int, v *node, sets int, best, after []cost) {
	waited := r.rates.wait * cost(v.start)
	label := r.labels[r.offsets[i] : int(r.offsets[i])+sets]
	for s := range label {
		label[s] = min(best[s]+waited, r.entry[s]) + v.price
	}
	copy(after, label)
	setInfinite(r.entry[:sets])
	setInfinite(r.best[:len(r.used)*sets])
	for z := range r.used {
		r.waiting[z] = r.waiting[z][:0]
	}
}

// leave sends the node's labels on their way to every zone.
func (r *router) leave(i int, v *node) {
	for dense, z := range r.used {
		walk := r.walk[int(v.zone)*r.zones+int(z)]
		at := v.end + walk
		r.waiting[dense] = append(r.waiting[dense], arrival{at: at, node: int32(i), offset: r.rates.walk*cost(walk) - r.rates.wait*cost(at)})
	}
}

// arrive takes into best what has reached the zone by the moment.
func (r *router) arrive(zone int, moment int32, sets int, nodes []node) {
	list := r.waiting[zone]
	keep := list[:0]
	best := r.best[zone*sets : (zone+1)*sets]
	for _, a := range list {
		if a.at > moment {
			keep = append(keep, a)
			continue
		}
		label := r.labels[r.offsets[a.node]:]
		talk := nodes[a.node].talk
		if talk == fixedTalk {
			lower(best, label[:sets], a.offset)
		} else {
			lowerWith(best, label[:sets/2], talk, a.offset)
		}
	}
	r.waiting[zone] = keep
}
