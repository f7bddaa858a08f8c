package plan

import (
	"fmt"
	"os"
	"testing"
	"time"
)

func TestSubTry(t *testing.T) {
	for _, n := range []string{"primary-1", "secondary-1"} {
		f, _ := os.Open("testdata/" + n + ".json")
		in, err := ReadInstance(f)
		if err != nil {
			t.Fatal(err)
		}
		p, _ := compile(in, Interchange(), nil)
		_, prices := p.matchingBound()
		c := newClimber2(p, prices, 2)
		t0 := time.Now()
		for c.steps < 1000 && time.Since(t0) < 25*time.Second {
			c.step()
			if c.steps%100 == 0 {
				fmt.Printf("%s %v %d value %.2f reach %.4f delta %.3f\n", n, time.Since(t0).Round(time.Millisecond), c.steps, c.value, c.reach, c.delta)
			}
		}
	}
}
