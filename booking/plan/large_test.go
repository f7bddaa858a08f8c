package plan_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/plan"
	"github.com/ouderavond/ouderavond/booking/plan/invent"
)

// Above twelve talks a plan is made block by block. Where the exact one can still be had, it costs little less.
func TestMoreThanTwelveTalksCostLittleMoreThanTheBest(t *testing.T) {
	t.Parallel()
	cases := 12
	if *long {
		cases = 60
	}
	r := rand.New(rand.NewPCG(12, 1))
	worst, planned, least := 0.0, 0.0, 0.0
	for i := range cases {
		q := inventQuestion(r, 13+i%3, 1+i%2, 30, []float64{0.3, 0.5}[i/2%2])
		found, err := q.Plan()
		if err != nil || len(found) == 0 {
			t.Fatal(err)
		}
		exact, err := plan.ExactCost(q)
		if err != nil {
			t.Fatal(err)
		}
		// What counts is how long they stay: talks, waiting and walking, and what is not met.
		stay := 10 * float64(len(q.Talks))
		above := 100 * (found[0].Cost - exact) / (exact + stay)
		worst, planned, least = max(worst, above), planned+found[0].Cost+stay, least+exact+stay
		if found[0].Cost < exact-1e-6 {
			t.Errorf("case %d: planned %v below the best %v", i, found[0].Cost, exact)
		}
	}
	t.Logf("%d cases: %.1f %% above the best on the average, %.1f %% at worst", cases, 100*(planned-least)/least, worst)
	if worst > 15 {
		t.Errorf("%.1f %% above the best", worst)
	}
}

// Up to five children with twelve teachers each: every talk has its time, and the stay is little longer than the talks and the way from one to the next.
// (With fewer moments than here free, teachers' calendars decide how long it takes.)
func TestAFamilyWithManyTalksHasThemAllAndHardlyWaits(t *testing.T) {
	t.Parallel()
	for _, talks := range []int{13, 20, 30, 45, 60} {
		for _, taken := range []float64{0.3, 0.6} {
			r := rand.New(rand.NewPCG(uint64(talks), 3))
			worst, slowest := 0.0, time.Duration(0)
			for range 3 {
				q := crowdedFamily(r, talks, taken)
				begin := time.Now()
				found, err := q.Plan()
				slowest = max(slowest, time.Since(begin))
				if err != nil || len(found) == 0 {
					t.Fatal(err)
				}
				p := found[0]
				if len(p.Missing) > 0 || p.Proven {
					t.Errorf("%d talks: %d are missing, proven best: %v", talks, len(p.Missing), p.Proven)
				}
				worst = max(worst, float64(p.WaitMinutes)/float64(slotLength*len(p.Times)+p.WalkMinutes))
			}
			t.Logf("%d talks, %.0f %% of the slots taken: the stay is at most %.1f %% longer than talks and walks; %v", talks, 100*taken, 100*worst, slowest)
			if worst > 0.15 {
				t.Errorf("%d talks, %.0f %% taken: the stay is %.1f %% longer than talks and walks", talks, 100*taken, 100*worst)
			}
		}
	}
}

const slotLength = 10

// crowdedFamily wants one talk with each of some teachers on three days of forty slots, in three parts of a building.
func crowdedFamily(r *rand.Rand, talks int, taken float64) plan.FamilyQuestion {
	q := plan.FamilyQuestion{WalkMinutes: [][]int{{0, 5, 5}, {5, 0, 5}, {5, 5, 0}}}
	for n := range talks {
		c := plan.Calendar{ID: fmt.Sprint("t", n), Zone: r.IntN(3)}
		for s := range 3 * 40 {
			if r.Float64() >= taken {
				c.Free = append(c.Free, plan.FreeSlot{Day: s / 40, Start: s % 40 * slotLength, End: s%40*slotLength + slotLength})
			}
		}
		q.Calendars = append(q.Calendars, c)
		q.Talks = append(q.Talks, plan.FamilyRequest{ID: fmt.Sprintf("q%02d", n), Teachers: []string{c.ID}, Minutes: slotLength, Weight: 1})
	}
	return q
}

// The work of a step grows no faster than the school: with the wishes for the proof, not at all for the search.
func TestEffortGrowsWithTheWishesOnly(t *testing.T) {
	t.Parallel()
	var perWish, perStep []float64
	for _, times := range []int{1, 2, 4} {
		in := invent.Secondary(1, invent.SecondarySize{Teachers: 40 * times, Pupils: 600 * times, Days: 2, Slots: 24})
		wishes := 0
		for _, p := range in.Parties {
			wishes += len(p.Requests)
		}
		proof, search, err := plan.Efforts(in, 1500)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d wishes: %d labels a step of the proof, %d a step of the search", wishes, proof, search)
		perWish, perStep = append(perWish, float64(proof)/float64(wishes)), append(perStep, float64(search))
	}
	for i := range perWish {
		if perWish[i] > 1.5*perWish[0] || perStep[i] > 1.5*perStep[0] {
			t.Errorf("%.0f labels a wish, %.0f a step, in the smallest school %.0f and %.0f", perWish[i], perStep[i], perWish[0], perStep[0])
		}
	}
}

// Joint talks make the matching, which looks at every teacher alone, too hopeful: then the bound on the dropped weight is raised until it meets a plan.
func TestAsManyJointTalksAsCanBeProvenAreMet(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	type school struct {
		seed  uint64
		size  invent.SecondarySize
		steps int
	}
	small := invent.SecondarySize{Teachers: 22, Pupils: 300, Days: 2, Slots: 22, Joint: 0.1}
	schools := []school{{4, small, 20000}, {5, small, 20000}}
	if *long {
		big := invent.Joined
		for seed := range uint64(3) {
			schools = append(schools, school{seed + 1, big, 400000})
		}
		big.Slots = 22
		schools = append(schools, school{1, big, 400000}, school{2, big, 400000})
	}
	raised := false
	for _, s := range schools {
		in := invent.Secondary(s.seed, s.size)
		_, matching, err := plan.Solve(in, plan.Options{Steps: -1, BoundSteps: -1})
		if err != nil {
			t.Fatal(err)
		}
		made, v := solved(t, in, plan.Options{Seed: 1, Steps: s.steps, BoundSteps: 120})
		t.Logf("%d teachers, seed %d: %d wishes, %g not met, bound %g, matching alone %g, minutes part %.1f %% above", s.size.Teachers, s.seed, v.Requests, v.DroppedWeight,
			made.Bound.DroppedWeight, matching.DroppedWeight, v.MinutesAboveLeast)
		raised = raised || made.Bound.DroppedWeight > matching.DroppedWeight
		// In the large ones a wish may stay between what is found and what is proven: the bound is that of the fractional problem.
		if v.DroppedWeight > made.Bound.DroppedWeight+float64(s.size.Teachers/100) {
			t.Errorf("seed %d: %g not met, bound %g", s.seed, v.DroppedWeight, made.Bound.DroppedWeight)
		}
	}
	if !raised {
		t.Error("the matching was good enough everywhere: these schools show nothing")
	}
}
