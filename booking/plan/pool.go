package plan

import "sync"

// maxKept is the number of labels up to which a router's memory is kept for the next question: 16 MB. A question that needs more is rare.
const maxKept = 2 << 20

// routers are kept between questions of families: they need megabytes, and getting those anew would take as long as the planning.
var routers = sync.Pool{New: func() any { return new(router) }}

// borrowRouter gives a router for one question; release gives it back.
func borrowRouter(walk []int32, zones int, rates rates) *router {
	r := routers.Get().(*router)
	r.walk, r.zones, r.rates = walk, zones, rates
	r.zoneOf = grow(r.zoneOf, zones)
	return r
}

func (r *router) release() {
	if cap(r.labels) <= maxKept && cap(r.vectors) <= maxKept {
		routers.Put(r)
	}
}
