package plan

import (
	"fmt"
	"os"
	"testing"
)

func TestDbg(t *testing.T) {
	f, _ := os.Open("testdata/primary-1.json")
	in, _ := ReadInstance(f)
	p, _ := compile(in, Interchange(), nil)
	_, prices := p.matchingBound()
	c := newClimber2(p, prices, 1)
	for range 12 {
		square, gap := c.bundle.combine(c.reach)
		c.bundle.direction(c.dir)
		exp := c.reach*square + gap
		v := c.probe(c.reach)
		along := 0.0
		for s, g := range c.slope {
			along += float64(g) * c.dir[s] * c.reach
		}
		fmt.Println("exp", exp, "sq", square, "gap", gap, "v", v-c.value, "newgap", v-along-c.value, len(c.bundle.cuts))
		c.steps--
		c.step()
	}
}
