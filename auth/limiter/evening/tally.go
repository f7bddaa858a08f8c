package evening

import (
	"runtime"
	"sync"
)

// Tally is what came of many evenings of one kind.
type Tally struct {
	Evenings int
	Sum      Result
	// Worst is the greatest number of guesses evaluated on one of them.
	Worst int
}

// Many plays evenings of one kind with the seeds that follow on the given one's, on all processors. However many there are, the tally is the same.
func Many(kind Evening, evenings int) Tally {
	workers := max(1, runtime.GOMAXPROCS(0))
	parts := make([]Tally, workers)
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			for i := worker; i < evenings; i += workers {
				one := kind
				one.Seed = kind.Seed*1_000_003 + uint64(i)
				result := Play(one)
				parts[worker].Sum.Add(result)
				parts[worker].Worst = max(parts[worker].Worst, result.Evaluated)
				runtime.Gosched()
			}
		})
	}
	group.Wait()
	tally := Tally{Evenings: evenings}
	for _, part := range parts {
		tally.Sum.Add(part.Sum)
		tally.Worst = max(tally.Worst, part.Worst)
	}
	return tally
}

func share(part, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(part) / float64(of)
}

// Asked is the share of the families of the public form with right data who were asked for more.
func (t Tally) Asked() float64 { return share(t.Sum.Asked, t.Sum.Public) }

// Evaluated is how many guesses of a stranger were compared to any effect, on average.
func (t Tally) Evaluated() float64 { return share(t.Sum.Evaluated, t.Evenings) }

// NoWay is how many of all families, in a thousand, had no way in before the desk opened, and NoWayAfter how many after.
func (t Tally) NoWay() float64 { return 1000 * share(t.Sum.NoWay, t.Sum.Families) }

// NoWayAfter is how many of all families, in a thousand, the desk did not reach either.
func (t Tally) NoWayAfter() float64 { return 1000 * share(t.Sum.NoWayAfter, t.Sum.Families) }

// WrongLeft is the share of the families with wrong data whom neither link, code nor letter let in.
func (t Tally) WrongLeft() float64 { return share(t.Sum.WrongLeft, t.Sum.Wrong) }

// LinkedOut is the share of the families with a personal link who did not get in.
func (t Tally) LinkedOut() float64 { return share(t.Sum.LinkedOut, t.Sum.Linked) }
