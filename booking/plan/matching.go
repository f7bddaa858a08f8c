package plan

import (
	"cmp"
	"slices"
)

// client is one talk or break as one of its teachers sees it. A joint talk is shared out among its teachers, so that the sum over the teachers never
// counts it more than once.
type client struct {
	unit   int32
	talk   int16
	tier   int8
	drop   cost
	weight cost
	slots  []int32
}

// assignment is the best that one teacher could do if nobody else mattered: a matching of clients to slots with the greatest weight, found greedily
// with augmenting paths (sets of clients that can be served form a matroid).
type assignment struct {
	clients []client
	holder  map[int32]int // slot -> client
	missing []int         // clients without a slot, heaviest first
}

// teacherClients lists the clients of every teacher, heaviest first. With leaning, the whole weight of a joint talk counts at its most wanted teacher,
// otherwise each of its teachers gets an equal share.
func (p *problem) teacherClients(leaning bool) [][]client {
	all := make([][]client, len(p.teachers))
	var load []float64
	if leaning {
		load = p.load()
	}
	for u := range p.units {
		unit := &p.units[u]
		for t := range unit.talks {
			if !unit.talks[t].pinned {
				p.addClients(all, load, int32(u), t)
			}
		}
	}
	for t := range all {
		slices.SortStableFunc(all[t], func(a, b client) int {
			return cmp.Or(cmp.Compare(b.drop, a.drop), cmp.Compare(len(a.slots), len(b.slots)))
		})
	}
	return all
}

func (p *problem) addClients(all [][]client, load []float64, u int32, t int) {
	unit := &p.units[u]
	slots := map[int32][]int32{}
	var order []int32
	for i := range unit.visits {
		if unit.visits[i].talk != int8(t) {
			continue
		}
		for _, s := range unit.visits[i].slots {
			teacher := p.slots[s].teacher
			if slots[teacher] == nil {
				order = append(order, teacher)
			}
			slots[teacher] = append(slots[teacher], s)
		}
	}
	slices.Sort(order)
	share := cost(len(order))
	if load != nil && len(order) > 0 {
		share = 1
		order = []int32{slices.MaxFunc(order, func(a, b int32) int { return cmp.Compare(load[a], load[b]) })}
	}
	for _, teacher := range order {
		talk := &unit.talks[t]
		all[teacher] = append(all[teacher], client{unit: u, talk: int16(t), tier: talk.tier, drop: talk.drop / share, weight: talk.weight / share, slots: slots[teacher]})
	}
}

// load is, for each teacher, the number of talks wanted for each slot.
func (p *problem) load() []float64 {
	load := make([]float64, len(p.teachers))
	for t, clients := range p.teacherClients(false) {
		load[t] = float64(len(clients))
	}
	for t := range load {
		load[t] /= max(1, float64(len(p.slotsOf(int32(t)))))
	}
	return load
}

// match serves the clients of one teacher as well as possible.
func match(clients []client) assignment {
	a := assignment{clients: clients, holder: map[int32]int{}}
	for c := range clients {
		if !a.augment(c, map[int32]bool{}) {
			a.missing = append(a.missing, c)
		}
	}
	return a
}

func (a *assignment) augment(c int, seen map[int32]bool) bool {
	for _, s := range a.clients[c].slots {
		if _, taken := a.holder[s]; !taken {
			a.holder[s] = c
			return true
		}
	}
	for _, s := range a.clients[c].slots {
		if seen[s] {
			continue
		}
		seen[s] = true
		if a.augment(a.holder[s], seen) {
			a.holder[s] = c
			return true
		}
	}
	return false
}

// reach lists the slots that a client competes for, directly or through those who hold them; seen is extended.
func (a *assignment) reach(c int, seen map[int32]bool) []int32 {
	var list []int32
	queue := []int{c}
	for len(queue) > 0 {
		next := queue[0]
		queue = queue[1:]
		for _, s := range a.clients[next].slots {
			if seen[s] {
				continue
			}
			seen[s] = true
			list = append(list, s)
			if holder, ok := a.holder[s]; ok {
				queue = append(queue, holder)
			}
		}
	}
	return list
}

// matchingBound is what no plan can go below in dropped weight, and prices of the slots that prove it: where there is competition, the weight of the
// heaviest client who has to go without. Where talks are joint, the better of two ways to count them is taken.
func (p *problem) matchingBound() (dropped [tierCount]cost, prices []cost) {
	dropped, prices = p.matchedBound(true)
	if other, otherPrices := p.matchedBound(false); slices.Compare(other[:], dropped[:]) > 0 {
		dropped, prices = other, otherPrices
	}
	for t := range dropped {
		dropped[t] = p.roundUp(t, dropped[t])
	}
	return dropped, prices
}

func (p *problem) matchedBound(leaning bool) (dropped [tierCount]cost, prices []cost) {
	prices = make([]cost, len(p.slots))
	for u := range p.units {
		for t, talk := range p.units[u].talks {
			if !talk.pinned && !p.units[u].canHold(t) {
				dropped[talk.tier] += talk.weight
			}
		}
	}
	for _, clients := range p.teacherClients(leaning) {
		a := match(clients)
		seen := map[int32]bool{}
		for _, c := range a.missing {
			dropped[clients[c].tier] += clients[c].weight
			for _, s := range a.reach(c, seen) {
				prices[s] = clients[c].drop
			}
		}
	}
	return dropped, prices
}

// roundUp raises a dropped weight to the next that a plan can have: a multiple of what divides all weights of the tier.
func (p *problem) roundUp(tier int, weight cost) cost {
	unit := cost(0)
	for u := range p.units {
		for _, t := range p.units[u].talks {
			if int(t.tier) == tier {
				unit = divisor(unit, t.weight)
			}
		}
	}
	if unit == 0 {
		return weight
	}
	return (weight + unit - 1) / unit * unit
}

func divisor(a, b cost) cost {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// canHold tells whether there is any moment for a talk.
func (u *unit) canHold(t int) bool {
	return slices.ContainsFunc(u.visits, func(v option) bool { return v.talk == int8(t) })
}
