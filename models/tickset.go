package models

import (
	"math/bits"
	"slices"
)

// ticksInWord is how many ticks one word of a TickSet tells of.
const ticksInWord = 64

// TickSet is a set of ticks: the time at which somebody is busy, say. Nil is the empty set. Sets are shared and asked some thousand times for each family's
// look, so With and Without leave the set as it is and give another.
type TickSet []tickWord

// tickWord has a bit for each of the ticks from number times ticksInWord on.
type tickWord struct {
	number Tick
	bits   uint64
}

// Has tells whether a tick is in the set.
func (s TickSet) Has(tick Tick) bool { return s.Any(tick, tick+1) }

// Any tells whether some tick between two, the second not included, is in the set.
func (s TickSet) Any(from, until Tick) bool {
	for _, word := range s {
		if word.bits&maskOf(word.number, from, until) != 0 {
			return true
		}
	}
	return false
}

// With gives the set with all ticks between two, the second not included.
func (s TickSet) With(from, until Tick) TickSet {
	if until <= from {
		return s
	}
	grown := make(TickSet, 0, len(s)+1)
	grown = append(grown, s...)
	for number := wordOf(from); number <= wordOf(until-1); number++ {
		at, found := grown.find(number)
		if !found {
			grown = slices.Insert(grown, at, tickWord{number: number})
		}
		grown[at].bits |= maskOf(number, from, until)
	}
	return grown
}

// Union gives the set of what is in either.
func (s TickSet) Union(other TickSet) TickSet {
	if len(s) == 0 {
		return other
	}
	united := slices.Clone(s)
	for _, word := range other {
		at, found := united.find(word.number)
		if !found {
			united = slices.Insert(united, at, tickWord{number: word.number})
		}
		united[at].bits |= word.bits
	}
	return united
}

// find gives the place of a word, or where it would be.
func (s TickSet) find(number Tick) (at int, found bool) {
	return slices.BinarySearchFunc(s, number, func(word tickWord, number Tick) int { return int(word.number - number) })
}

// Without gives the set without all ticks between two, the second not included.
func (s TickSet) Without(from, until Tick) TickSet {
	left := make(TickSet, 0, len(s))
	for _, word := range s {
		if word.bits &^= maskOf(word.number, from, until); word.bits != 0 {
			left = append(left, word)
		}
	}
	return left
}

// Between gives the set's ticks between two, the second not included, in their order.
func (s TickSet) Between(from, until Tick) []Tick {
	var ticks []Tick
	for _, word := range s {
		for left := word.bits & maskOf(word.number, from, until); left != 0; left &= left - 1 {
			ticks = append(ticks, word.number*ticksInWord+Tick(bits.TrailingZeros64(left)))
		}
	}
	return ticks
}

// wordOf gives the number of the word that tells of a tick; ticks before 1970 have negative ones.
func wordOf(tick Tick) Tick {
	if tick < 0 {
		return (tick+1)/ticksInWord - 1
	}
	return tick / ticksInWord
}

// maskOf gives the bits of a word that stand for ticks between two, the second not included.
func maskOf(number, from, until Tick) uint64 {
	first := number * ticksInWord
	low, high := max(from-first, 0), min(until-first, ticksInWord)
	if low >= high {
		return 0
	}
	return ^uint64(0) << low & (^uint64(0) >> (ticksInWord - high))
}
