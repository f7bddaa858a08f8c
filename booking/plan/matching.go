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

// teacherClients lists the clients of every teacher, heaviest first.
func (p *problem) teacherClients() [][]client {
	all := make([][]client, len(p.teachers))
	for u := range p.units {
		unit := &p.units[u]
		for t := range unit.talks {
			if !unit.talks[t].pinned {
				p.addClients(all, int32(u), t)
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

func (p *problem) addClients(all [][]client, u int32, t int) {
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
	for _, teacher := range order {
		talk := &unit.talks[t]
		all[teacher] = append(all[teacher], client{unit: u, talk: int16(t), tier: talk.tier, drop: talk.drop / share, weight: talk.weight / share, slots: slots[teacher]})
	}
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
// heaviest client who has to go without.
func (p *problem) matchingBound() (dropped [tierCount]cost, prices []cost) {
	prices = make([]cost, len(p.slots))
	for u := range p.units {
		for t, talk := range p.units[u].talks {
			if !talk.pinned && !p.units[u].canHold(t) {
				dropped[talk.tier] += talk.weight
			}
		}
	}
	for _, clients := range p.teacherClients() {
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

// canHold tells whether there is any moment for a talk.
func (u *unit) canHold(t int) bool {
	return slices.ContainsFunc(u.visits, func(v visit) bool { return v.talk == int8(t) })
}
