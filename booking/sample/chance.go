package sample

import "math/rand/v2"

// stage numbers the steps of the generation. Each has its own stream of random numbers, so that a change in one step leaves the others as they were.
type stage uint64

const (
	stageGroups stage = iota + 1
	stageFamilies
	stageTeachers
	stagePeople
	stageAddresses
	stageNumbers
	stageLessons
)

// dice is a stream of random numbers with the few throws that the package needs, all in whole numbers: floating point may differ between processors.
type dice struct{ *rand.Rand }

// newDice starts the stream of one step. A primary and a secondary school of one seed share nothing: a demonstration shows both side by side.
func newDice(spec Spec, s stage) dice {
	stream := uint64(s)
	if spec.Level == LevelSecondary {
		stream += 1 << 32
	}
	return dice{rand.New(rand.NewPCG(spec.Seed, stream))}
}

// chance is true in perMille of a thousand cases.
func (d dice) chance(perMille int) bool { return d.IntN(1000) < perMille }

// early picks below n and prefers low numbers: lists begin with what is common.
func (d dice) early(n int) int { return min(d.IntN(n), d.IntN(n)) }

// between picks from low to high, both included.
func (d dice) between(low, high int) int { return low + d.IntN(high-low+1) }

// weighted picks a place with the given weights; the weights' sum must not be zero.
func (d dice) weighted(weights []int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	at := d.IntN(sum)
	for i, w := range weights {
		if at < w {
			return i
		}
		at -= w
	}
	return len(weights) - 1
}

// shuffled gives the numbers below n in random order.
func (d dice) shuffled(n int) []int { return d.Perm(n) }

// apportion divides total into whole parts by weight (largest remainder first), each at least 1 as long as the total allows.
func apportion(total int, weights []int) []int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	parts := make([]int, len(weights))
	if sum == 0 {
		return parts
	}
	left := total
	if len(weights) <= total {
		for i := range parts {
			parts[i] = 1
		}
		left -= len(weights)
	}
	rest := make([]int, len(weights))
	given := 0
	for i, w := range weights {
		parts[i] += left * w / sum
		given += left * w / sum
		rest[i] = left * w % sum
	}
	for ; given < left; given++ {
		best := 0
		for i := range rest {
			if rest[i] > rest[best] {
				best = i
			}
		}
		parts[best]++
		rest[best] = -1
	}
	return parts
}
