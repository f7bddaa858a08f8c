package plan_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/plan"
)

// BenchmarkFamily plans one family on three days of forty slots, with 30, 60 and 85 percent of them taken, and reports the 99th percentile.
func BenchmarkFamily(b *testing.B) {
	for _, talks := range []int{2, 4, 6, 8, 10, 12, 30, 60} {
		for _, taken := range []float64{0.3, 0.6, 0.85} {
			b.Run(fmt.Sprintf("talks=%d/taken=%.0f", talks, 100*taken), func(b *testing.B) {
				r := rand.New(rand.NewPCG(1, uint64(talks)))
				questions := make([]plan.FamilyQuestion, 50)
				for i := range questions {
					questions[i] = inventQuestion(r, talks, 3, 40, taken)
				}
				var times []time.Duration
				for i := 0; b.Loop(); i++ {
					begin := time.Now()
					if _, err := questions[i%len(questions)].Plan(); err != nil {
						b.Fatal(err)
					}
					times = append(times, time.Since(begin))
				}
				slices.Sort(times)
				b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
				b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
			})
		}
	}
}

// BenchmarkEvening makes a fixed number of steps of search and bound.
func BenchmarkEvening(b *testing.B) {
	for _, name := range []string{"primary-1", "secondary-1"} {
		b.Run(name, func(b *testing.B) {
			instance := sample(b, name)
			for b.Loop() {
				if _, _, err := plan.Solve(instance, plan.Options{Steps: 5000, BoundSteps: 8}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
