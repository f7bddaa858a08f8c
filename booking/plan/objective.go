package plan

import "math"

// Objective says what a plan is measured by, in minutes of waiting of one party.
type Objective struct {
	// Drop is the cost of one unit of weight that is not met.
	Drop float64
	// Day is the cost of each day on which a party comes beyond its first.
	Day float64
	// Wait and Walk are the costs of one minute of waiting between two talks and of one minute of walking between zones.
	Wait, Walk float64
	// Idle is the cost of one unused minute of a teacher between the first and the last use of a day.
	Idle float64
	// LongWaitAfter and LongWaitExtra: each minute that a party waits beyond LongWaitAfter in all costs LongWaitExtra more. Zero extra turns it off.
	LongWaitAfter int
	LongWaitExtra float64
	// ByRank puts tiers before everything else: breaks and talks the school asks for, then each child's first wish, then the second, and so on (from
	// the fourth on alike). No number of lower wishes outweighs a higher one.
	ByRank bool
	// Incomplete is the cost of each party that does not get everything it asks for. Among plans that meet as many wishes it favours those in which more
	// families have all of theirs. It does not count in a FamilyQuestion.
	Incomplete float64
	// Change is the cost of each appointment that stands elsewhere than in the plan handed in as published.
	Change float64
}

// Interchange is the objective of the interchange format: 1000 for each unit of dropped weight, 60 for each extra day, 1 and 0.3 for a minute of waiting
// and of walking, 0.05 for an idle minute of a teacher.
func Interchange() Objective {
	return Objective{Drop: 1000, Day: 60, Wait: 1, Walk: 0.3, Idle: 0.05}
}

// School is the objective for a school's own evening: like Interchange, by rank, with every minute of waiting beyond twenty counted double, an
// hour for a family that does not get everything, and a quarter of an hour for moving an appointment that was already published.
func School() Objective {
	o := Interchange()
	o.ByRank, o.LongWaitAfter, o.LongWaitExtra, o.Incomplete, o.Change = true, 20, 1, 60, 15
	return o
}

// cost is a fixed-point amount: millionths of a minute of waiting. Whole numbers make sums independent of their order, and bounds exact.
type cost = int64

const (
	perMinute cost = 1_000_000
	// infinite is far above every sum of real costs, and still leaves room to add some.
	infinite cost = 1 << 60
	// tiers of wishes: musts and breaks, then the ranks one to four.
	tierCount = 5
	// tierFactor is how much heavier each tier is than the next within one party.
	tierFactor = 8
)

func toCost(minutes float64) cost { return cost(math.Round(minutes * float64(perMinute))) }

func toMinutes(c cost) float64 { return float64(c) / float64(perMinute) }

// rates are the objective's amounts as fixed-point numbers.
type rates struct {
	drop, day, wait, walk, idle, long, change, incomplete cost
	longAfter                                             int32
	byRank                                                bool
}

func (o Objective) rates() rates {
	return rates{
		drop: toCost(o.Drop), day: toCost(o.Day), wait: toCost(o.Wait), walk: toCost(o.Walk), idle: toCost(o.Idle),
		long: toCost(o.LongWaitExtra), change: toCost(o.Change), incomplete: toCost(o.Incomplete), longAfter: int32(o.LongWaitAfter), byRank: o.ByRank,
	}
}

// dropCost is the price of not meeting one wish, and the tier it belongs to.
func (r rates) dropCost(weight float64, rank int, must bool) (amount cost, tier int8) {
	amount = toCost(weight * toMinutes(r.drop))
	if !r.byRank {
		return amount, 0
	}
	switch {
	case must:
		tier = 0
	case rank <= 1:
		tier = 1
	default:
		tier = int8(min(rank, tierCount-1))
	}
	for t := int(tier); t < tierCount-1; t++ {
		amount *= tierFactor
	}
	return amount, tier
}
