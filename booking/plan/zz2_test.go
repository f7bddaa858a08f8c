package plan

import (
	"fmt"
	"os"
	"testing"
	"time"
)

func TestBoundTry(t *testing.T) {
	for _, n := range []string{"primary-1", "secondary-1"} {
		f, _ := os.Open("testdata/" + n + ".json")
		in, err := ReadInstance(f)
		if err != nil {
			t.Fatal(err)
		}
		p, err := compile(in, Interchange(), nil)
		if err != nil {
			t.Fatal(err)
		}
		t0 := time.Now()
		d, prices := p.matchingBound()
		fmt.Println(n, "matching", time.Since(t0), d)
		target := cost(3312 * 1e6)
		end := 5 * time.Second
		if n == "secondary-1" {
			target = 177373 * 1e6
			end = 40 * time.Second
		}
		c := newClimber(p, prices, target, 1)
		next := t0
		for time.Since(t0) < end {
			c.step()
			if time.Now().After(next) {
				next = time.Now().Add(end / 10)
				fmt.Printf("%v step %d value %.2f factor %.3f share %.4f\n", time.Since(t0).Round(time.Millisecond), c.steps, toMinutes(c.value), c.factor, c.share)
			}
		}
		fmt.Printf("proven %.3f\n", toMinutes(c.proven()))
	}
}
