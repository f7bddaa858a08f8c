package plan

import "slices"

// maxDense is the number of talks up to which the labels of all days are kept and ways are gathered by the moment at which they leave.
const maxDense = 9

// departure is everything that leaves a zone at one moment: for each set of talks had, the cheapest cost.
type departure struct {
	end    int32
	zone   int8
	vector int32 // where its costs begin
}

// dense is forward for few talks and nothing fixed, which is nearly every call: nodes that end in one zone at one moment go on together, and labels stay.
func (r *router) dense(n int, nodes []node) {
	sets := 1 << n
	r.rangeOf(nodes)
	r.denseZones(nodes)
	zones := len(r.used)
	r.base = grow(r.base, (len(r.days)+1)*sets)
	r.entry = grow(r.entry, sets)
	r.best = grow(r.best, zones*sets)
	r.offsets = grow(r.offsets, len(nodes))
	r.labels = grow(r.labels, len(nodes)*sets/2)
	setInfinite(r.base[:sets])
	r.base[0] = 0
	for d, day := range r.days {
		before, after := r.base[d*sets:(d+1)*sets], r.base[(d+1)*sets:(d+2)*sets]
		copy(after, before)
		for s := range before {
			r.entry[s] = before[s] + r.rates.day
		}
		r.entry[0] = before[0]
		r.denseDay(sets, nodes, day, after)
	}
}

// denseDay walks through the moments of one day.
func (r *router) denseDay(sets int, nodes []node, day dayRange, after []cost) {
	setInfinite(r.best)
	for z := range r.used {
		r.waiting[z] = r.waiting[z][:0]
	}
	r.vectors = r.vectors[:0]
	for i := day.from; i < day.to; {
		moment := nodes[i].start
		r.leaving = r.leaving[:0]
		arrived := uint64(0)
		for ; i < day.to && nodes[i].start == moment; i++ {
			v := &nodes[i]
			zone := r.zoneOf[v.zone]
			if arrived&(1<<zone) == 0 {
				arrived |= 1 << zone
				r.gatherArrivals(int(zone), moment, sets)
			}
			r.denseNode(i, v, sets, r.best[int(zone)*sets:][:sets], r.departing(v, sets))
		}
		for _, d := range r.leaving {
			r.depart(d, sets, after)
		}
	}
}

// departing finds or begins the vector of those who leave with a node.
func (r *router) departing(v *node, sets int) []cost {
	for _, d := range r.leaving {
		if d.end == v.end && d.zone == v.zone {
			return r.vectors[d.vector:][:sets]
		}
	}
	at := len(r.vectors)
	r.vectors = slices.Grow(r.vectors, sets)[:at+sets]
	setInfinite(r.vectors[at:])
	r.leaving = append(r.leaving, departure{v.end, v.zone, int32(at)})
	return r.vectors[at:]
}

// denseNode labels having had the node's talk.
func (r *router) denseNode(i int, v *node, sets int, best, leaving []cost) {
	half := sets / 2
	r.offsets[i] = int32(i * half)
	holding{
		talk: v.talk, waited: r.rates.wait * cost(v.start), price: v.price,
		best: best, entry: r.entry[:sets], labels: r.labels[i*half:][:half], after: leaving,
	}.hold()
}

// depart notes what a departure ends the day with, and sends it on its way to every zone.
func (r *router) depart(d departure, sets int, after []cost) {
	vector := r.vectors[d.vector:][:sets]
	lower(after, vector, 0)
	for dense, z := range r.used {
		walk := r.walk[int(d.zone)*r.zones+int(z)]
		at := d.end + walk
		r.waiting[dense] = append(r.waiting[dense], arrival{at: at, node: d.vector, offset: r.rates.walk*cost(walk) - r.rates.wait*cost(at)})
	}
}

// gatherArrivals takes into best what has reached the zone by the moment.
func (r *router) gatherArrivals(zone int, moment int32, sets int) {
	list := r.waiting[zone]
	keep := list[:0]
	best := r.best[zone*sets:][:sets]
	for _, a := range list {
		if a.at > moment {
			keep = append(keep, a)
			continue
		}
		lower(best, r.vectors[a.node:][:sets], a.offset)
	}
	r.waiting[zone] = keep
}
