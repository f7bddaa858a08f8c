package plan

import (
	"cmp"
	"slices"
)

// blockTalks is the number of talks of a large family that are planned exactly at a time.
const blockTalks = 10

// manyTalks plans more talks than can be planned exactly: block after block, with the talks planned before standing still, and then again and again
// some talks that follow each other together with some that are missing, until that brings nothing more. Not proven best.
func (f *family) manyTalks(nodes []node) (itineraryFound, bool) {
	m := manyPlan{family: f, nodes: nodes, picks: slices.Repeat([]int32{-1}, len(f.talks))}
	order := make([]int, len(f.talks))
	room := make([]int, len(f.talks))
	for _, n := range nodes {
		if n.talk != fixedTalk {
			room[n.talk]++
		}
	}
	for t := range order {
		order[t] = t
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(room[a], room[b]) })
	for from := 0; from < len(order); from += blockTalks {
		if !m.block(order[from:min(from+blockTalks, len(order))]) {
			return itineraryFound{}, false
		}
	}
	for range 6 {
		before := m.cost
		m.round()
		if m.cost == before {
			break
		}
	}
	return f.found(m.cost, m.picks), true
}

type manyPlan struct {
	*family
	nodes []node
	picks []int32
	cost  cost
}

// round plans every stretch of the itinerary anew, half overlapping, each with a few of the missing talks.
func (m *manyPlan) round() {
	standing := m.inOrder()
	for from := 0; from < len(standing); from += blockTalks / 4 {
		block := slices.Clone(standing[from:min(from+blockTalks-2, len(standing))])
		for i, t := range m.missing() {
			if (i+from)%3 == 0 && len(block) < blockTalks {
				block = append(block, t)
			}
		}
		m.block(block)
	}
}

func (m *manyPlan) missing() []int {
	var list []int
	for t, pick := range m.picks {
		if pick < 0 {
			list = append(list, t)
		}
	}
	return list
}

func (m *manyPlan) inOrder() []int {
	var list []int
	for t, pick := range m.picks {
		if pick >= 0 {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(a, b int) int { return cmp.Compare(m.picks[a], m.picks[b]) })
	return list
}

// block plans some talks exactly while the others stand. If there is no way, everything stays as it was.
func (m *manyPlan) block(block []int) bool {
	bit := slices.Repeat([]int8{fixedTalk}, len(m.talks))
	drops := make([]cost, len(block))
	for i, t := range block {
		bit[t] = int8(i)
		drops[i] = m.drops[t]
	}
	var nodes []node
	for _, n := range m.nodes {
		if n.talk != fixedTalk {
			if t := n.talk; bit[t] != fixedTalk {
				n.talk = bit[t]
			} else if m.picks[t] == n.ref {
				n.talk = fixedTalk
			} else {
				continue
			}
		}
		nodes = append(nodes, n)
	}
	c := m.router.route(len(block), withoutOverlaps(nodes), drops)
	if c >= infinite/2 {
		return false
	}
	for i, t := range block {
		m.picks[t] = m.router.picked[i]
	}
	m.cost = c
	for t, pick := range m.picks {
		if pick < 0 && !slices.Contains(block, t) {
			m.cost += m.drops[t]
		}
	}
	return true
}
