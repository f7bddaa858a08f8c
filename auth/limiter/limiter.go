package limiter

import (
	"slices"
	"time"
)

// Quarters counts misses in quarters of a far one.
type Quarters int

// What a miss costs the school: a slip of the finger less than a guess.
const (
	Near Quarters = 1
	Far  Quarters = 4
)

// CostOf returns what a wrong answer costs that is some slips from the truth, over all factors together.
func CostOf(slips int) Quarters {
	if slips <= 1 {
		return Near
	}
	return Far
}

// The windows and bounds of the budgets.
const (
	SchoolWindow = 12 * time.Hour
	// Kept is how long a miss counts for anything at all; the level of the school is a walk over the misses of that time.
	Kept = 24 * time.Hour
	// PerChild is how many wrong answers a child has within Kept.
	PerChild = 3
	// PerAddress is how many wrong answers an address has within Kept, beside one for each household that got in from it.
	PerAddress = 3
	// PerNetwork is the same for a /48.
	PerNetwork = 12
	// PerDevice is how many wrong answers about a household's children a device has within Kept that the household knows.
	PerDevice = 5
	// MaxCandidates is how many children a typed name may mean; where it means more, nobody is compared.
	MaxCandidates = 4
	// refill is in how long as much comes back as a whole total: a fifth of it in five hours.
	refill = 25 * time.Hour
)

// Miss is a wrong answer that was charged in the public lane. The texts are opaque keys.
type Miss struct {
	At                      time.Time
	Cost                    Quarters
	Child, Address, Network string
	Token, Answer           string
}

// School is a school's budget at a moment.
type School struct {
	Now   time.Time
	Total int // see Totals
	// Misses are those of the public lane, by time; older ones than Kept do not count. Misses of the future count as of now.
	Misses []Miss
}

// AtOnce returns how many misses a school has room for in one go: four fifths of its total, rounded up.
func AtOnce(total int) int { return (4*total + 4) / 5 }

// Most returns the greatest number of rows that a school of that total can have within SchoolWindow: all near misses, of which each needs the room of a far one.
func Most(total int) int { return 4*total - 3 }

// Spent returns what was charged within SchoolWindow.
func (s School) Spent() Quarters {
	var spent Quarters
	for _, miss := range s.Misses {
		if miss.At.After(s.Now.Add(-SchoolWindow)) {
			spent += miss.Cost
		}
	}
	return spent
}

// level returns the level of the leaking budget, times refill: exact in whole numbers, so that two programs never differ.
func (s School) level() int64 {
	return walk(s.recent(), s.Now, int64(refill/time.Microsecond), 4*int64(s.Total))
}

// recent returns the misses that count for anything.
func (s School) recent() []Miss {
	first := slices.IndexFunc(s.Misses, func(m Miss) bool { return m.At.After(s.Now.Add(-Kept)) })
	if first < 0 {
		return nil
	}
	return s.Misses[first:]
}

// walk goes over misses by time: each raises the level by its cost times weight, and each microsecond in between lowers it by rate, never below nothing.
func walk(misses []Miss, now time.Time, weight, rate int64) int64 {
	var level int64
	var last time.Time
	fall := func(to time.Time) {
		if level > 0 && to.After(last) {
			level = max(0, level-rate*to.Sub(last).Microseconds())
		}
		last = later(last, to)
	}
	for _, miss := range misses {
		fall(miss.At)
		level += int64(miss.Cost) * weight
	}
	fall(now)
	return level
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Room reports whether some more far misses fit into the school's budget, at once and in twelve hours.
func (s School) Room(misses int) bool {
	weight := int64(refill / time.Microsecond)
	fits := s.level()+4*int64(misses)*weight <= 4*int64(AtOnce(s.Total))*weight
	return fits && int(s.Spent())+4*misses <= 4*s.Total
}

// Shut returns since when the public form has asked everybody for more proof; ok is false if it does not.
func (s School) Shut() (since time.Time, ok bool) {
	misses := s.recent()
	if s.Room(1) || len(misses) == 0 {
		return time.Time{}, false
	}
	// Nothing is charged while there is no room, so the last miss was the one that left none.
	return misses[len(misses)-1].At, true
}

func (s School) count(of func(Miss) bool) int {
	count := 0
	for _, miss := range s.recent() {
		if of(miss) {
			count++
		}
	}
	return count
}

// answers counts answers and not the children that each was compared with.
func (s School) answers(of func(Miss) bool) int {
	type answer struct {
		at            time.Time
		token, answer string
	}
	counted := map[answer]bool{}
	return s.count(func(m Miss) bool {
		one := answer{m.At, m.Token, m.Answer}
		if !of(m) || counted[one] {
			return false
		}
		counted[one] = true
		return true
	})
}

// repeated reports whether a try token gave this very answer at a child before.
func (s School) repeated(try Try, child string) bool {
	return slices.ContainsFunc(s.recent(), func(m Miss) bool { return m.Token == try.Token && m.Answer == try.Answer && m.Child == child })
}
