package rush

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
)

// request is a talk that a family wants, at the place it has in mind.
type request struct {
	ref     string
	pupil   string
	kind    string
	minutes int64
	options []option // with whom it could be, best first
	at      place
	placed  bool
}

// taste is how a family chooses.
type taste struct {
	talks int  // how many talks it wants, over all of its children
	hot   bool // it wants what everybody wants: the same teachers, as early as can be
	kind  string
	dice  *rand.Rand
	taken *taken // what others of this run chose already; nil if everybody chooses alone
}

// taken is what was chosen in one school before anything was booked: for runs that measure booking and not conflicts.
type taken struct {
	lock  sync.Mutex
	ticks map[string]map[int64]bool
}

// tick is the unit in which people's time is taken, in minutes.
const tick = 5

func (t *taken) holds(staff []string, minute, length int64) bool {
	for _, member := range staff {
		for at := minute; at < minute+length; at += tick {
			if t.ticks[member][at] {
				return true
			}
		}
	}
	return false
}

func (t *taken) hold(staff []string, minute, length int64) {
	if t.ticks == nil {
		t.ticks = map[string]map[int64]bool{}
	}
	for _, member := range staff {
		if t.ticks[member] == nil {
			t.ticks[member] = map[int64]bool{}
		}
		for at := minute; at < minute+length; at += tick {
			t.ticks[member][at] = true
		}
	}
}

// requests makes the list of what a family wants: first what the school expects, once for each child; then more, child by child, until it has enough.
func (t taste) requests(seen screen) []request {
	var list []request
	for round := 0; len(list) < max(t.talks, len(seen.children)); round++ {
		before := len(list)
		for i := range seen.children {
			if round > 0 && len(list) >= t.talks {
				break
			}
			if made, ok := t.next(&seen.children[i], list); ok {
				made.ref = strconv.Itoa(len(list))
				list = append(list, made)
			}
		}
		if len(list) == before {
			break
		}
	}
	return list
}

// next gives the next talk that a child should have beside those it has.
func (t taste) next(c *child, list []request) (request, bool) {
	for _, kind := range t.order(c.talks) {
		had, used := 0, map[string]bool{}
		for _, other := range list {
			if other.pupil == c.id && other.kind == kind.kind {
				had++
				for _, option := range other.options[:1] {
					for _, member := range option.staff {
						used[member] = true
					}
				}
			}
		}
		if had >= kind.left {
			continue
		}
		if options := t.options(kind, used); len(options) > 0 {
			return request{pupil: c.id, kind: kind.kind, minutes: int64(kind.minutes), options: options}, true
		}
	}
	return request{}, false
}

// order puts what the family wants most first.
func (t taste) order(talks []talk) []talk {
	ordered := make([]talk, 0, len(talks))
	rank := func(one talk) int {
		switch {
		case t.hot && one.kind == t.kind:
			return 0
		case one.expected:
			return 1
		case one.kind != t.kind:
			return 2
		}
		return 3
	}
	for wanted := range 4 {
		for _, one := range talks {
			if rank(one) == wanted {
				ordered = append(ordered, one)
			}
		}
	}
	return ordered
}

// options gives with whom a talk could be, in the order of preference, without teachers whom the child meets already.
func (t taste) options(kind talk, used map[string]bool) []option {
	var list []option
	for _, one := range kind.options {
		again := false
		for _, member := range one.staff {
			again = again || used[member]
		}
		if !again && !one.none() {
			list = append(list, one)
		}
	}
	if !t.hot {
		t.dice.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	return list
}

// place puts all requests that have no place yet at a free time: the first anywhere, the others near to it, as people like to come once. It gives those that
// have one; the others have to do without.
func (t taste) place(list []request) []request {
	if t.taken != nil {
		t.taken.lock.Lock()
		defer t.taken.lock.Unlock()
	}
	anchor := int64(-1)
	for i := range list {
		if list[i].placed {
			anchor = list[i].at.minute
			break
		}
	}
	kept := list[:0]
	for i := range list {
		one := list[i]
		if !one.placed && !t.find(&one, kept, list[i+1:], anchor) {
			continue
		}
		if anchor < 0 {
			anchor = one.at.minute
		}
		kept = append(kept, one)
	}
	return kept
}

// find looks for a time for a request beside what the family has already.
func (t taste) find(one *request, before, after []request, anchor int64) bool {
	for at, candidate := range one.options {
		if meets(before, one, candidate) || meets(after, one, candidate) {
			continue
		}
		best, distance, seen := int64(-1), int64(-1), 0
		candidate.starts(func(minute int64) {
			if overlaps(before, minute, one.minutes) || overlaps(after, minute, one.minutes) || t.taken != nil && t.taken.holds(candidate.staff, minute, one.minutes) {
				return
			}
			seen++
			switch away := max(minute-anchor, anchor-minute); {
			case anchor >= 0:
				if best < 0 || away < distance {
					best, distance = minute, away
				}
			case t.hot:
				if best < 0 {
					best = minute
				}
			case t.dice.IntN(seen) == 0: // each as likely as any other
				best = minute
			}
		})
		if best >= 0 {
			one.at, one.placed = place{candidate.staff, best}, true
			one.options[0], one.options[at] = one.options[at], one.options[0]
			if t.taken != nil {
				t.taken.hold(candidate.staff, best, one.minutes)
			}
			return true
		}
	}
	return false
}

// meets tells whether a talk of the same child and kind is with one of an option's teachers already.
func meets(list []request, one *request, candidate option) bool {
	for _, other := range list {
		if !other.placed || other.pupil != one.pupil || other.kind != one.kind {
			continue
		}
		for _, member := range candidate.staff {
			if slices.Contains(other.at.staff, member) {
				return true
			}
		}
	}
	return false
}

func overlaps(list []request, minute, length int64) bool {
	for _, other := range list {
		if other.placed && minute < other.at.minute+other.minutes && other.at.minute < minute+length {
			return true
		}
	}
	return false
}
