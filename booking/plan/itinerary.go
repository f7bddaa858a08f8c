package plan

// maxExact is the number of talks of one party up to which itineraries are found exactly; the work doubles with every talk.
const maxExact = 12

// fixedTalk marks a node that is not a choice: the party is there, whatever else happens.
const fixedTalk = -1

// node is one moment at which one talk of a party could take place.
type node struct {
	price      cost // everything this choice costs by itself
	start, end int32
	ref        int32 // the caller's own number
	day        int16
	zone       int8
	talk       int8 // bit of the talk, or fixedTalk
}

// router finds the cheapest itinerary of one party: dynamic programming over the nodes in the order of time, for every set of talks had. It keeps its
// working memory between calls and must not be shared between goroutines.
//
// best[zone][set] is the cheapest way to stand in a zone with a set of talks had, less the waiting rate times the moment of arrival; so waiting needs no
// step of its own. labels hold the same for having just ended a node; a label enters best of each zone when the walk from the node is over.
type router struct {
	walk   []int32 // zones x zones
	zones  int
	rates  rates
	zoneOf []int8 // zone -> dense number in this call
	used   []int8 // dense number -> zone
	best   []cost
	base   []cost // (day, set): cheapest way to have had a set before that day
	entry  []cost
	labels []cost
	// labelled is the day whose labels are there.
	labelled int
	kept     bool // labels of all days are there
	// effort adds up the labels made: a measure of work that does not depend on the machine.
	effort  int64
	vectors []cost
	leaving []departure
	scratch []cost
	offsets []int32
	waiting [][]arrival
	dropSum []cost
	days    []dayRange
	picked  []int32
}

// arrival is a node that has been left on foot towards a zone and gets there at a moment.
type arrival struct {
	at, node int32
	offset   cost
}

// dayRange is the stretch of nodes of one day.
type dayRange struct{ from, to int }

func newRouter(walk []int32, zones int, r rates) *router {
	return &router{walk: walk, zones: zones, rates: r, zoneOf: make([]int8, zones)}
}

func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	return s[:n]
}

func fill(s []cost, c cost) {
	for i := range s {
		s[i] = c
	}
}

// route finds the cheapest itinerary for n talks over nodes sorted by day and start; drop is the price of leaving out each talk. Nodes that overlap a
// fixed node must have been left out. The result is the cost, or at least infinite/2 if the fixed nodes cannot be kept; r.picked then holds the ref of
// the node chosen for each talk, or -1.
func (r *router) route(n int, nodes []node, drop []cost) cost {
	r.picked = grow(r.picked, n)
	if n == 1 && !hasFixed(nodes) {
		return r.single(nodes, drop[0])
	}
	r.effort += int64(len(nodes)) << n
	if r.kept = n <= mostDense && !hasFixed(nodes); r.kept {
		r.dense(n, nodes)
	} else {
		r.forward(n, nodes)
	}
	sets := 1 << n
	r.dropSum = grow(r.dropSum, sets)
	last := r.base[len(r.days)*sets:]
	r.dropSum[sets-1] = 0
	value, set := last[sets-1], sets-1
	for s := sets - 2; s >= 0; s-- {
		missing := lowestZero(s)
		r.dropSum[s] = r.dropSum[s|1<<missing] + drop[missing]
		if c := last[s] + r.dropSum[s]; c < value {
			value, set = c, s
		}
	}
	for i := range r.picked {
		r.picked[i] = -1
	}
	if value < infinite/2 {
		r.trace(set, nodes, sets)
	}
	return value
}

func lowestZero(s int) int {
	for i := 0; ; i++ {
		if s&(1<<i) == 0 {
			return i
		}
	}
}

func hasFixed(nodes []node) bool {
	for i := range nodes {
		if nodes[i].talk == fixedTalk {
			return true
		}
	}
	return false
}

// single is the case of one talk and nothing fixed: no waiting, no walking.
func (r *router) single(nodes []node, drop cost) cost {
	value := drop
	r.picked[0] = -1
	for i := range nodes {
		if nodes[i].price < value {
			value, r.picked[0] = nodes[i].price, nodes[i].ref
		}
	}
	return value
}

func (r *router) rangeOf(nodes []node) []dayRange {
	r.days = r.days[:0]
	for i := 0; i < len(nodes); {
		j := i
		for j < len(nodes) && nodes[j].day == nodes[i].day {
			j++
		}
		r.days = append(r.days, dayRange{i, j})
		i = j
	}
	return r.days
}

// forward fills base day by day. The labels of the last day remain; those of earlier days are made again when they are needed.
func (r *router) forward(n int, nodes []node) {
	sets := 1 << n
	r.rangeOf(nodes)
	r.denseZones(nodes)
	r.base = grow(r.base, (len(r.days)+1)*sets)
	r.entry = grow(r.entry, sets)
	r.best = grow(r.best, len(r.used)*sets)
	r.offsets = grow(r.offsets, len(nodes))
	fill(r.base[:sets], infinite)
	r.base[0] = 0
	for d := range r.days {
		before, after := r.base[d*sets:(d+1)*sets], r.base[(d+1)*sets:(d+2)*sets]
		copy(after, before)
		r.enterDay(d, sets, nodes)
		r.oneDay(sets, nodes, r.days[d], after)
		r.labelled = d
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
	fill(r.scratch, infinite)
	r.enterDay(d, sets, nodes)
	r.oneDay(sets, nodes, r.days[d], r.scratch)
	r.labelled = d
}

func (r *router) denseZones(nodes []node) {
	for i := range r.zoneOf {
		r.zoneOf[i] = -1
	}
	r.used = r.used[:0]
	for i := range nodes {
		if z := nodes[i].zone; r.zoneOf[z] < 0 {
			r.zoneOf[z] = int8(len(r.used))
			r.used = append(r.used, z)
		}
	}
	for len(r.waiting) < len(r.used) {
		r.waiting = append(r.waiting, nil)
	}
}

// oneDay walks through the nodes of one day.
func (r *router) oneDay(sets int, nodes []node, day dayRange, after []cost) {
	fill(r.best[:len(r.used)*sets], infinite)
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
	bit, waited, price := 1<<v.talk, r.rates.wait*cost(v.start), v.price
	label := r.labels[r.offsets[i]:][:sets/2]
	entry := r.entry[:len(best)]
	after = after[:len(best)]
	if bit < wideBlock {
		for k, set := range setsWith(v.talk, sets) {
			before := int(set) &^ bit
			c := min(best[before]+waited, entry[before]) + price
			label[k] = c
			after[set] = min(after[set], c)
		}
		return
	}
	for high := 0; high < sets; high += 2 * bit {
		b, e, l := best[high:high+bit], entry[high:high+bit], label[:bit]
		a := after[high+bit : high+2*bit]
		label = label[bit:]
		for j, c := range b {
			c = min(c+waited, e[j]) + price
			l[j] = c
			a[j] = min(a[j], c)
		}
	}
}

// passFixed makes every way go through the node: whatever was under way elsewhere is lost, and the day cannot begin later.
func (r *router) passFixed(i int, v *node, sets int, best, after []cost) {
	waited := r.rates.wait * cost(v.start)
	label := r.labels[r.offsets[i] : int(r.offsets[i])+sets]
	for s := range label {
		label[s] = min(best[s]+waited, r.entry[s]) + v.price
	}
	copy(after, label)
	fill(r.entry[:sets], infinite)
	fill(r.best[:len(r.used)*sets], infinite)
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
			for s := range best {
				best[s] = min(best[s], label[s]+a.offset)
			}
			continue
		}
		bit := 1 << talk
		if bit < wideBlock {
			offset := a.offset
			label = label[:sets/2]
			for k, set := range setsWith(talk, sets) {
				best[set] = min(best[set], label[k]+offset)
			}
			continue
		}
		for high := bit; high < sets; high += 2 * bit {
			b, l := best[high:high+bit], label[:bit]
			label = label[bit:]
			for j, c := range l {
				b[j] = min(b[j], c+a.offset)
			}
		}
	}
	r.waiting[zone] = keep
}

// wideBlock is the bit from which sets are walked in blocks; below it a table of sets is faster.
const wideBlock = 8

// smallBits lists, for each of the three lowest bits, the sets that contain it.
var smallBits = func() (table [3][1 << (maxExact - 1)]int32) {
	for talk := range table {
		k := 0
		for set := range int32(1 << maxExact) {
			if set&(1<<talk) != 0 {
				table[talk][k] = set
				k++
			}
		}
	}
	return table
}()

func setsWith(talk int8, sets int) []int32 { return smallBits[talk][:sets/2] }
