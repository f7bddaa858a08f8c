package plan

import (
	"cmp"
	"slices"
)

// gather lists every moment at which a talk could be held, and the fixed appointments.
func (f *family) gather() {
	calendars := make(map[string]*Calendar, len(f.q.Calendars))
	room := len(f.q.Fixed)
	for i := range f.q.Calendars {
		c := f.q.Calendars[i]
		c.Free = inOrder(c.Free)
		calendars[c.ID] = &c
		room += len(c.Free)
	}
	f.free = make([]int, len(f.talks))
	f.nodes = make([]node, 0, room)
	for t := range f.talks {
		f.gatherTalk(t, calendars)
	}
	for _, s := range f.q.Fixed {
		f.nodes = append(f.nodes, node{day: int16(s.Day), start: int32(s.Start), end: int32(s.End), zone: int8(s.Zone), talk: fixedTalk})
	}
	f.nodes = sortedNodes(f.nodes)
	for i := range f.nodes {
		f.nodes[i].ref = int32(i)
		if len(f.days) == 0 || f.days[len(f.days)-1] != f.nodes[i].day {
			f.days = append(f.days, f.nodes[i].day)
		}
	}
}

// gatherTalk lists the moments of one talk: where each of its teachers has a free slot that is long enough.
func (f *family) gatherTalk(t int, calendars map[string]*Calendar) {
	talk := &f.talks[t]
	lead := calendars[talk.Teachers[0]]
	for _, s := range lead.Free {
		n := node{price: toCost(s.Price), day: int16(s.Day), start: int32(s.Start), end: int32(s.Start + talk.Minutes), zone: int8(lead.Zone), talk: int8(t)}
		possible := s.End >= s.Start+talk.Minutes
		for _, teacher := range talk.Teachers[1:] {
			if !possible {
				break
			}
			with := calendars[teacher].Free
			at, found := slices.BinarySearchFunc(with, s, compareSlots)
			if possible = found && with[at].End >= s.Start+talk.Minutes; possible {
				n.price += toCost(with[at].Price)
			}
		}
		if !possible {
			continue
		}
		f.free[t]++
		if f.allowed(n) {
			f.nodes = append(f.nodes, n)
		}
	}
}

func compareSlots(a, b FreeSlot) int {
	if a.Day != b.Day {
		return a.Day - b.Day
	}
	return a.Start - b.Start
}

// inOrder gives free slots in the order of time; of those that begin together, the one given last.
func inOrder(free []FreeSlot) []FreeSlot {
	ready := true
	for i := 1; i < len(free) && ready; i++ {
		ready = compareSlots(free[i-1], free[i]) < 0
	}
	if ready {
		return free
	}
	free = slices.Clone(free)
	slices.Reverse(free)
	slices.SortStableFunc(free, compareSlots)
	return slices.CompactFunc(free, func(a, b FreeSlot) bool { return compareSlots(a, b) == 0 })
}

// sortedNodes puts nodes in the order of day, start and talk. Sorting whole numbers in which all that is packed takes a fraction of the time that a
// function of comparison takes.
func sortedNodes(nodes []node) []node {
	if len(nodes) >= 1<<20 {
		slices.SortFunc(nodes, func(a, b node) int {
			return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.start, b.start), cmp.Compare(a.talk, b.talk))
		})
		return nodes
	}
	keys := make([]uint64, len(nodes))
	for i := range nodes {
		n := &nodes[i]
		keys[i] = uint64(n.day)<<48 | uint64(n.start+maxMinutes)<<28 | uint64(n.talk+1)<<20 | uint64(i)
	}
	slices.Sort(keys)
	list := make([]node, len(nodes))
	for i, key := range keys {
		list[i] = nodes[key&(1<<20-1)]
	}
	return list
}

// allowed tells whether a moment lies within the windows and beside the fixed appointments.
func (f *family) allowed(n node) bool {
	inside := len(f.q.Windows) == 0
	for _, w := range f.q.Windows {
		inside = inside || int16(w.Day) == n.day && int32(w.From) <= n.start && n.end <= int32(w.To)
	}
	return inside && !slices.ContainsFunc(f.q.Fixed, func(s Stay) bool {
		return int16(s.Day) == n.day && int32(s.Start) < n.end && n.start < int32(s.End)
	})
}

// region is a part of what is possible: a filter over moments, fixed appointments excepted.
type region func(n *node) bool

// regions are the parts whose best itineraries include the best of all that keeps the rules: one for each set of days that may be combined, and on each
// day with somebody whom the family must not meet, one for coming before and one for coming after.
func (f *family) regions() []region {
	list := []region{func(*node) bool { return true }}
	if most := f.q.Rules.MostDays; most > 0 && most < len(f.days) {
		list = list[:0]
		for _, set := range daySets(f.days, f.fixedDays(), most) {
			list = append(list, func(n *node) bool { return slices.Contains(set, n.day) })
		}
	}
	others := f.others()
	if len(others) == 0 {
		return list
	}
	var split []region
	for _, r := range list {
		for sides := range 1 << min(len(others), 10) {
			if slices.ContainsFunc(f.nodes, func(n node) bool { return n.talk == fixedTalk && clashesWith(others, sides, n) }) {
				continue
			}
			split = append(split, func(n *node) bool { return r(n) && !clashesWith(others, sides, *n) })
		}
	}
	if len(split) == 0 {
		// The fixed appointments are at odds with the others already: then nothing is added on such days.
		for _, r := range list {
			split = append(split, func(n *node) bool {
				return r(n) && !slices.ContainsFunc(others, func(o presence) bool { return o.day == n.day })
			})
		}
	}
	return split
}

func (f *family) others() []presence {
	var list []presence
	for _, s := range f.q.Apart {
		one := presence{int16(s.Day), int32(s.Start), int32(s.End)}
		at := slices.IndexFunc(list, func(p presence) bool { return p.day == one.day })
		if at < 0 {
			list = append(list, one)
		} else {
			list[at].from, list[at].to = min(list[at].from, one.from), max(list[at].to, one.to)
		}
	}
	return list
}

func (f *family) fixedDays() []int16 {
	var days []int16
	for _, s := range f.q.Fixed {
		if !slices.Contains(days, int16(s.Day)) {
			days = append(days, int16(s.Day))
		}
	}
	return days
}

// daySets lists the largest sets of days that may be combined; they include the days of fixed appointments.
func daySets(days, must []int16, most int) [][]int16 {
	size := max(len(must), min(most, len(days)))
	sets := [][]int16{slices.Clone(must)}
	for _, d := range days {
		if slices.Contains(must, d) {
			continue
		}
		for _, s := range sets {
			if len(s) < size {
				sets = append(sets, append(slices.Clone(s), d))
			}
		}
	}
	return slices.DeleteFunc(sets, func(s []int16) bool { return len(s) < size })
}

// bestOver finds the cheapest itinerary over some regions.
func (f *family) bestOver(regions []region) (best itineraryFound, ok bool) {
	best.cost = infinite / 2
	for _, r := range regions {
		if found, possible := f.within(r); possible && found.cost < best.cost {
			best, ok = found, true
		}
	}
	return best, ok
}

// within finds the cheapest itinerary inside a region.
func (f *family) within(r region) (itineraryFound, bool) {
	nodes := make([]node, 0, len(f.nodes))
	for i := range f.nodes {
		if n := &f.nodes[i]; n.talk == fixedTalk || r(n) {
			nodes = append(nodes, *n)
		}
	}
	if len(f.talks) > maxExact {
		return f.manyTalks(nodes)
	}
	c := f.router.route(len(f.talks), nodes, f.drops)
	if c >= infinite/2 {
		return itineraryFound{}, false
	}
	return f.found(c, f.router.picked), true
}

func (f *family) found(c cost, picks []int32) itineraryFound {
	found := itineraryFound{cost: c, picks: slices.Clone(picks)}
	for t, pick := range picks {
		if pick < 0 {
			found.dropped += f.drops[t]
		}
	}
	return found
}
