package plan

import (
	"fmt"
	"os"
	"testing"
	"time"
)

func TestTry(t *testing.T) {
	for _, n := range []string{"secondary-1"} {
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
		s := newSearch(p, 1)
		fmt.Println(n, "ideal", time.Since(t0))
		s.start(func() bool { return false })
		fmt.Println("first", time.Since(t0), s.total)
		next := t0
		end := 30 * time.Second
		if n == "primary-1" {
			end = 5 * time.Second
		}
		for time.Since(t0) < end {
			for range 50 {
				s.step()
			}
			if time.Now().After(next) {
				next = time.Now().Add(end / 10)
				fmt.Printf("%v round %d best drop %v min %.2f cur %.2f tol %.2f\n", time.Since(t0).Round(time.Millisecond), s.round, s.best.total.dropped[0]/1e6, toMinutes(s.best.total.minutes), toMinutes(s.total.minutes), s.tolerance()/1e6)
			}
		}
	}
}
