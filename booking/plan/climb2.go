package plan

import "math"

type climber2 struct {
	prober  *prober
	bundle  bundle
	center  []float64 // minutes
	trial   []cost
	slope   []float32
	balance []int32
	dir     []float64
	value   float64
	reach   float64
	steps   int
	good    int
	nulls   int
	delta   float64
}

func newClimber2(p *problem, prices []cost, workers int) *climber2 {
	c := &climber2{prober: newProber(p, workers), center: make([]float64, len(prices)), trial: make([]cost, len(prices)), balance: make([]int32, len(prices)),
		slope: make([]float32, len(prices)), dir: make([]float64, len(prices)), reach: 1}
	for s, price := range prices {
		c.center[s] = toMinutes(price)
	}
	c.value = c.probe(0)
	c.bundle.add(c.slope, 0)
	return c
}

func (c *climber2) probe(size float64) float64 {
	for s, v := range c.center {
		c.trial[s] = cost(math.Round((v + size*c.dir[s]) * float64(perMinute)))
	}
	v := toMinutes(c.prober.probe(c.trial, c.balance, true))
	for s, b := range c.balance {
		c.slope[s] = float32(b)
	}
	return v
}

func (c *climber2) step() {
	c.steps++
	square, gap := c.bundle.combine(c.reach)
	c.bundle.direction(c.dir)
	expected := c.reach*square + gap
	c.delta = expected
	value := c.probe(c.reach)
	// along: slope of new cut in the direction moved
	along := 0.0
	for s, g := range c.slope {
		along += float64(g) * c.dir[s] * c.reach
	}
	if value >= c.value+0.1*expected {
		moved := value - c.value
		for i := range c.bundle.cuts {
			k := &c.bundle.cuts[i]
			rise := 0.0
			for s, g := range k.slope {
				rise += float64(g) * c.dir[s]
			}
			k.gap = max(0, k.gap+c.reach*rise-moved)
		}
		for s := range c.center {
			c.center[s] += c.reach * c.dir[s]
		}
		c.value = value
		c.bundle.add(c.slope, 0)
		c.nulls = 0
		c.good++
		if moved >= 0.5*expected || c.good >= 3 {
			c.reach *= 1.5
			c.good = 0
		}
		return
	}
	newGap := max(0, value-along-c.value)
	c.bundle.add(c.slope, newGap)
	c.good = 0
	c.nulls++
	if c.nulls >= nullWait && c.value-value > overs*expected {
		c.reach *= 0.7
		c.nulls = 0
	}
}

var nullWait, overs = 8, 1.0
