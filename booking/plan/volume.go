package plan

import "math"

// climber raises the bound: the volume algorithm of Barahona and Anbil, a subgradient method whose direction is an average of the balances so far,
// started from the prices of the matching.
type climber struct {
	prober  *prober
	center  []float64 // prices with the best value so far
	trial   []cost
	balance []int32
	average []float64
	value   cost // value at the centre, with noise
	factor  float64
	target  cost
	steps   int
	failed  int
	share   float64
	since   cost // value when the share was last reconsidered
}

func newClimber(p *problem, prices []cost, target cost, workers int) *climber {
	c := &climber{
		prober: newProber(p, workers), center: make([]float64, len(prices)), trial: make([]cost, len(prices)), balance: make([]int32, len(prices)),
		average: make([]float64, len(prices)), factor: 1, target: target, share: 0.1,
	}
	copy(c.trial, prices)
	for s, price := range prices {
		c.center[s] = float64(price)
	}
	c.value = c.prober.probe(c.trial, c.balance, true)
	for s, b := range c.balance {
		c.average[s] = float64(b)
	}
	c.since = c.value
	return c
}

// step tries one set of prices.
func (c *climber) step() {
	c.steps++
	length := 0.0
	for _, v := range c.average {
		length += v * v
	}
	if length == 0 {
		return
	}
	size := c.factor * float64(c.target-c.value) / length
	for s, v := range c.average {
		c.trial[s] = cost(math.Round(c.center[s] + size*v))
	}
	value := c.prober.probe(c.trial, c.balance, true)
	along, square, other := 0.0, 0.0, 0.0
	for s, b := range c.balance {
		g := float64(b)
		along += g * c.average[s]
		square += g * g
		other += (g - c.average[s]) * (g - c.average[s])
	}
	c.move(value, along)
	// The new balance gets the share that makes the average shortest, within limits.
	share := c.share
	if other > 0 {
		share = (length - along) / other
		share = max(c.share/10, min(c.share, share))
	}
	for s, b := range c.balance {
		c.average[s] += share * (float64(b) - c.average[s])
	}
	if c.steps%100 == 0 {
		if float64(c.value-c.since) < 0.01*math.Abs(float64(c.target-c.value)) && c.share > 0.0001 {
			c.share /= 2
		}
		c.since = c.value
	}
}

// move takes the trial as the new centre if it is better, and adapts the length of the steps.
func (c *climber) move(value cost, along float64) {
	if value <= c.value {
		if c.failed++; c.failed >= 20 {
			c.factor *= 0.66
			c.failed = 0
		}
		return
	}
	c.value = value
	for s := range c.center {
		c.center[s] = float64(c.trial[s])
	}
	if along > 0 && c.factor < 2 {
		c.factor *= 1.1
	}
}

// proven is the bound at the centre, without noise.
func (c *climber) proven() cost {
	for s, v := range c.center {
		c.trial[s] = cost(math.Round(v))
	}
	return c.prober.probe(c.trial, c.balance, false)
}
