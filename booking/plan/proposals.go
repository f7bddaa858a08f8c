package plan

import (
	"cmp"
	"slices"
)

// clearlyApart is the number of minutes by which coming or going must differ before two proposals on the same days count as different.
const clearlyApart = 30

// visitsOf gives the nodes of an itinerary and the fixed appointments, in the order of time.
func (f *family) visitsOf(found itineraryFound) []node {
	var list []node
	for _, pick := range found.picks {
		if pick >= 0 {
			list = append(list, f.nodes[pick])
		}
	}
	for _, n := range f.nodes {
		if n.talk == fixedTalk {
			list = append(list, n)
		}
	}
	slices.SortFunc(list, func(a, b node) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.start, b.start)) })
	return list
}

// outline is when somebody is there, day by day.
func (f *family) outline(found itineraryFound) []presence {
	var list []presence
	for _, n := range f.visitsOf(found) {
		if last := len(list) - 1; last >= 0 && list[last].day == n.day {
			list[last].to = n.end
		} else {
			list = append(list, presence{n.day, n.start, n.end})
		}
	}
	return list
}

// clearlyDifferent compares two outlines.
func clearlyDifferent(a, b []presence) bool {
	if len(a) != len(b) {
		return true
	}
	for i := range a {
		if a[i].day != b[i].day || apartBy(a[i].from, b[i].from) || apartBy(a[i].to, b[i].to) {
			return true
		}
	}
	return false
}

func apartBy(a, b int32) bool { return a-b >= clearlyApart || b-a >= clearlyApart }

// different finds up to most proposals that differ clearly from each other and meet as much as the best: the best of each part of the possible that
// avoids what all earlier proposals do.
func (f *family) different(best itineraryFound, most int) []itineraryFound {
	chosen := []itineraryFound{best}
	base := f.regions()
	parts := []avoidance{nil}
	for len(chosen) < most {
		parts = f.avoiding(parts, chosen[len(chosen)-1])
		var next *itineraryFound
		for _, part := range parts {
			for _, r := range base {
				found, ok := f.within(func(n *node) bool { return r(n) && part.allows(n) })
				if ok && found.dropped <= best.dropped && f.unlike(found, chosen) && (next == nil || found.cost < next.cost) {
					next = &found
				}
			}
		}
		if next == nil {
			break
		}
		chosen = append(chosen, *next)
	}
	return chosen
}

func (f *family) unlike(found itineraryFound, chosen []itineraryFound) bool {
	own := f.outline(found)
	return len(own) > 0 && !slices.ContainsFunc(chosen, func(c itineraryFound) bool { return !clearlyDifferent(own, f.outline(c)) })
}

// avoidance is a part of the possible in which earlier proposals are not: on each of these days only within these minutes, in the order of the days.
type avoidance []presence

func (a avoidance) allows(n *node) bool {
	for _, p := range a {
		if p.day == n.day && (n.start < p.from || n.end > p.to) {
			return false
		}
	}
	return true
}

// narrowed is the part with one day narrowed further.
func (a avoidance) narrowed(day int16, from, to int32) avoidance {
	narrow := slices.Clone(a)
	at := slices.IndexFunc(narrow, func(p presence) bool { return p.day >= day })
	if at < 0 {
		at = len(narrow)
	}
	if at == len(narrow) || narrow[at].day != day {
		narrow = slices.Insert(narrow, at, presence{day, -maxMinutes, maxMinutes})
	}
	p := &narrow[at]
	if p.from, p.to = max(p.from, from), min(p.to, to); p.from >= p.to {
		p.from, p.to = 0, 0 // not on that day at all
	}
	return narrow
}

// maxParts limits the parts of a question with more talks than fastTalks: each of them takes milliseconds there.
const (
	maxParts  = 12
	fastTalks = 8
)

// avoiding splits parts further so that they exclude a proposal: without one of its days, coming later, or going earlier.
func (f *family) avoiding(parts []avoidance, found itineraryFound) []avoidance {
	var list []avoidance
	add := func(a avoidance) {
		if !slices.ContainsFunc(list, func(o avoidance) bool { return slices.Equal(a, o) }) {
			list = append(list, a)
		}
	}
	for _, part := range parts {
		for _, p := range f.outline(found) {
			add(part.narrowed(p.day, p.from+clearlyApart, maxMinutes))
			add(part.narrowed(p.day, -maxMinutes, p.to-clearlyApart))
			add(part.narrowed(p.day, 0, 0))
		}
	}
	if len(f.talks) > fastTalks && len(list) > maxParts {
		list = list[:maxParts]
	}
	return list
}

// proposal describes an itinerary.
func (f *family) proposal(found itineraryFound) Proposal {
	p := Proposal{Cost: toMinutes(found.cost)}
	var last *node
	for _, n := range f.visitsOf(found) {
		if last == nil || last.day != n.day {
			p.Days++
		} else {
			walk := int(f.real[int(last.zone)*f.router.zones+int(n.zone)])
			p.WalkMinutes += walk
			p.WaitMinutes += int(n.start-last.end) - walk
		}
		last = &n
		if n.talk != fixedTalk {
			p.Times = append(p.Times, TalkTime{Talk: f.talks[n.talk].ID, Day: int(n.day), Start: int(n.start), End: int(n.end)})
		}
	}
	for t, pick := range found.picks {
		if pick < 0 {
			p.Missing = append(p.Missing, f.why(t, found))
		}
	}
	return p
}
