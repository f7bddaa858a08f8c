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
	early    tracedDay
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

func setInfinite(s []cost) {
	for i := range s {
		s[i] = infinite
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
	r.sumDrops(n, drop)
	if r.kept = n <= maxDense && !hasFixed(nodes); r.kept {
		r.dense(n, nodes)
	} else {
		r.forward(n, nodes)
	}
	value, set := r.cheapest(len(r.days), 1<<n)
	for i := range r.picked {
		r.picked[i] = -1
	}
	if value < infinite/2 {
		r.trace(set, nodes, 1<<n)
	}
	return value
}

// sumDrops adds up, for each set of talks had, the prices of leaving out the others.
func (r *router) sumDrops(n int, drop []cost) {
	sets := 1 << n
	r.dropSum = grow(r.dropSum, sets)
	r.dropSum[sets-1] = 0
	for s := sets - 2; s >= 0; s-- {
		missing := lowestZero(s)
		r.dropSum[s] = r.dropSum[s|1<<missing] + drop[missing]
		if s|1<<missing == sets-1 {
			r.dropSum[s] += r.rates.incomplete
		}
	}
}

// cheapest finds what is best if nothing happens from a day on: the cost, drops included, and the set of talks had.
func (r *router) cheapest(day, sets int) (value cost, set int) {
	base, drops := r.base[day*sets:][:sets], r.dropSum[:sets]
	value, set = base[sets-1], sets-1
	for s := sets - 2; s >= 0; s-- {
		if c := base[s] + drops[s]; c < value {
			value, set = c, s
		}
	}
	return value, set
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
	value := drop + r.rates.incomplete
	r.picked[0] = -1
	for i := range nodes {
		if nodes[i].price < value {
			value, r.picked[0] = nodes[i].price, nodes[i].ref
		}
	}
	return value
}

func (r *router) rangeOf(nodes []node) {
	r.days = r.days[:0]
	for i := 0; i < len(nodes); {
		j := i
		for j < len(nodes) && nodes[j].day == nodes[i].day {
			j++
		}
		r.days = append(r.days, dayRange{i, j})
		i = j
	}
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
