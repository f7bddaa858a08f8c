package plan

import (
	"math"
	"slices"
)

// leastReach is how far a step goes at least; with less, the private prices are all that is learnt from it.
const leastReach = 1.0

// climber raises the bound by the proximal bundle method: it remembers how the Lagrangean bent at prices tried before, and goes where the remembered
// pieces promise most, but not far. It starts from the prices of the matching, without which nothing of the kind comes near the optimum.
//
// Amounts are in minutes here: prices need no exactness while the search for them goes on, only the value proven at the end does.
type climber struct {
	prober    *prober
	bundle    bundle
	center    []float64 // prices with the best value so far
	shares    []cost    // what each unit's cheapest itinerary costs at these prices
	trial     []cost
	balance   []int32
	slope     []float32
	direction []float64
	value     float64 // at the centre, with the private prices
	reach     float64 // how far a step goes along the slope
	promised  float64 // what the last step was expected to bring
	steps     int
	gains     int // good steps in a row
	misses    int // steps since the last good one
}

func newClimber(p *problem, prices []cost, workers int) *climber {
	n := len(prices)
	c := &climber{
		prober: newProber(p, workers), center: make([]float64, n), trial: make([]cost, n), balance: make([]int32, n),
		slope: make([]float32, n), direction: make([]float64, n), reach: leastReach, promised: math.Inf(1),
	}
	for s, price := range prices {
		c.center[s] = toMinutes(price)
	}
	c.value = c.probe(0)
	c.shares = slices.Clone(c.prober.values)
	c.bundle.add(c.slope, 0)
	return c
}

// probe evaluates the Lagrangean some way along the direction.
func (c *climber) probe(reach float64) float64 {
	for s, v := range c.center {
		c.trial[s] = toCost(v + reach*c.direction[s])
	}
	value := toMinutes(c.prober.probe(c.trial, c.balance, true))
	for s, b := range c.balance {
		c.slope[s] = float32(b)
	}
	return value
}

// step tries one set of prices.
func (c *climber) step() {
	c.steps++
	square, gap := c.bundle.combine(c.reach)
	c.bundle.towards(c.direction)
	c.promised = c.reach*square + gap
	value := c.probe(c.reach)
	if value >= c.value+0.1*c.promised {
		c.advance(value)
	} else {
		c.learn(value)
	}
}

// advance makes the trial the new centre.
func (c *climber) advance(value float64) {
	moved := value - c.value
	c.bundle.shift(c.direction, c.reach, moved)
	for s, d := range c.direction {
		c.center[s] += c.reach * d
	}
	c.value = value
	copy(c.shares, c.prober.values)
	c.bundle.add(c.slope, 0)
	c.misses = 0
	if c.gains++; moved >= 0.5*c.promised || c.gains >= 3 {
		c.reach *= 1.5
		c.gains = 0
	}
}

// learn keeps the centre and remembers why the trial was not better.
func (c *climber) learn(value float64) {
	along := 0.0
	for s, g := range c.slope {
		along += float64(g) * c.direction[s]
	}
	c.bundle.add(c.slope, max(0, value-c.reach*along-c.value))
	c.gains = 0
	if c.misses++; c.misses >= 8 && c.value-value > c.promised {
		c.reach = max(c.reach*0.7, leastReach)
		c.misses = 0
	}
}

// done tells whether next to nothing is promised any more.
func (c *climber) done() bool { return c.promised < 1e-3 }

// proven is the bound at the centre, without private prices: exact, in whole numbers.
func (c *climber) proven() cost {
	for s, v := range c.center {
		c.trial[s] = toCost(v)
	}
	return c.prober.probe(c.trial, c.balance, false)
}
