package plan_test

import (
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/booking/plan"
	"github.com/ouderavond/ouderavond/booking/plan/judge"
)

func sample(t testing.TB, name string) plan.Instance {
	t.Helper()
	f, err := os.Open("testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	instance, err := plan.ReadInstance(f)
	if err != nil {
		t.Fatal(err)
	}
	return instance
}

func solved(t testing.TB, instance plan.Instance, o plan.Options) (plan.Plan, judge.Verdict) {
	t.Helper()
	made, bound, err := plan.Solve(instance, o)
	if err != nil {
		t.Fatal(err)
	}
	if made.Bound == nil || *made.Bound != bound {
		t.Fatal("the plan does not carry its bound")
	}
	v := judgePlan(instance, made)
	if len(v.Faults) > 0 {
		t.Fatalf("the plan breaks rules: %v", v.Faults)
	}
	return made, v
}

// smallSchool draws a small school with everything in it: joint talks, mixed lengths, breaks, pinned appointments, parties to keep apart.
func smallSchool(t *rapid.T) plan.Instance {
	size := schoolSize{
		Teachers: rapid.IntRange(3, 8).Draw(t, "teachers"), Pupils: rapid.IntRange(3, 30).Draw(t, "pupils"), Days: rapid.IntRange(1, 3).Draw(t, "days"),
		Slots: rapid.IntRange(4, 10).Draw(t, "slots"), Least: 1, Most: 3, Joint: 0.3, Lengths: []int{10, 15},
	}
	instance := inventSchool(rapid.Uint64().Draw(t, "school"), size)
	for i := 1; i < len(instance.Parties); i += 5 {
		instance.Apart = append(instance.Apart, plan.Apart{A: instance.Parties[i-1].ID, B: instance.Parties[i].ID, Minutes: 5})
	}
	return instance
}

func TestNoPlanBreaksARuleAndNoBoundLiesAboveAPlan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		instance := smallSchool(rt)
		o := plan.Options{Seed: 1, Steps: 300, BoundSteps: 20}
		made, v := solved(t, instance, o)
		figures, err := plan.Measure(instance, made, plan.Interchange())
		if err != nil {
			rt.Fatal(err)
		}
		if math.Abs(figures.Cost-v.Cost) > 1e-6 || figures.Met != v.Met || figures.OverThirty != v.OverThirty {
			rt.Fatalf("figures %+v differ from the judge's %+v", figures, v)
		}
	})
}

func TestForcingAUnitNeverBooksASlotTwice(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		instance := inventSchool(seed, schoolSize{Teachers: 6, Pupils: 40, Days: 2, Slots: 10, Least: 2, Most: 4, Joint: 0.2})
		doubled, err := plan.DoubleBooked(instance, 2000)
		if err != nil {
			t.Fatal(err)
		}
		if doubled > 0 {
			t.Errorf("school %d: after %d steps a slot was held twice", seed, doubled)
		}
	}
}

func TestPinnedAppointmentsStay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		instance := smallSchool(rt)
		before, _ := solved(t, instance, plan.Options{Steps: 100, BoundSteps: -1})
		for i, a := range before.Assignments {
			if i%3 == 0 {
				instance.Pinned = append(instance.Pinned, a)
			}
		}
		after, _ := solved(t, instance, plan.Options{Seed: 9, Steps: 200, BoundSteps: 10})
		for _, pin := range instance.Pinned {
			if !slices.Contains(after.Assignments, pin) {
				rt.Fatalf("a pinned appointment is gone: %+v", pin)
			}
		}
	})
}

func TestTheOrderOfTheInputDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		instance := smallSchool(rt)
		o := plan.Options{Seed: 3, Steps: 200, BoundSteps: 10}
		one, _ := solved(t, instance, o)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 1))
		shuffle(r, instance.Teachers)
		shuffle(r, instance.Parties)
		shuffle(r, instance.Breaks)
		for i := range instance.Teachers {
			shuffle(r, instance.Teachers[i].Slots)
		}
		for i := range instance.Parties {
			shuffle(r, instance.Parties[i].Requests)
			shuffle(r, instance.Parties[i].Windows)
		}
		if two, _ := solved(t, instance, o); !reflect.DeepEqual(one, two) {
			rt.Fatal("another order, another plan")
		}
	})
}

func shuffle[T any](r *rand.Rand, list []T) {
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

func TestMoreStepsNeverGiveWorse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		instance := smallSchool(rt)
		steps := rapid.IntRange(1, 200).Draw(rt, "steps")
		more := steps + rapid.IntRange(1, 200).Draw(rt, "more")
		_, short := solved(t, instance, plan.Options{Seed: 5, Steps: steps, BoundSteps: 10})
		_, long := solved(t, instance, plan.Options{Seed: 5, Steps: more, BoundSteps: 10})
		if long.Cost > short.Cost+1e-6 {
			rt.Fatalf("%d steps cost %v, %d steps %v", steps, short.Cost, more, long.Cost)
		}
	})
}

// bestEvening tries every plan of a tiny instance.
func bestEvening(instance plan.Instance) float64 {
	best := math.Inf(1)
	type wish struct {
		id, teacher string
		rest        bool
	}
	var wishes []wish
	for _, p := range instance.Parties {
		for _, r := range p.Requests {
			wishes = append(wishes, wish{r.ID, r.Teachers[0], false})
		}
	}
	for _, b := range instance.Breaks {
		wishes = append(wishes, wish{b.ID, b.Teacher, true})
	}
	var try func(i int, made plan.Plan)
	try = func(i int, made plan.Plan) {
		v := judgePlan(instance, made)
		if len(v.Faults) > 0 {
			return
		}
		best = min(best, v.Cost)
		if i == len(wishes) {
			return
		}
		try(i+1, made)
		for _, t := range instance.Teachers {
			for _, s := range t.Slots {
				if t.ID != wishes[i].teacher {
					continue
				}
				next := plan.Plan{Assignments: slices.Clone(made.Assignments), Breaks: slices.Clone(made.Breaks)}
				if wishes[i].rest {
					next.Breaks = append(next.Breaks, plan.BreakTime{Break: wishes[i].id, Day: s.Day, Start: s.Start})
				} else {
					next.Assignments = append(next.Assignments, plan.Assignment{Request: wishes[i].id, Day: s.Day, Start: s.Start})
				}
				try(i+1, next)
			}
		}
	}
	try(0, plan.Plan{})
	return best
}

func TestOnTinySchoolsThePlanIsTheBestAndTheBoundBelowIt(t *testing.T) {
	t.Parallel()
	for seed := range uint64(25) {
		instance := inventSchool(seed, schoolSize{Teachers: 2, Pupils: 3, Days: 1, Slots: 4, Least: 1, Most: 2, Joint: 0.3})
		instance.Parties = instance.Parties[:min(2, len(instance.Parties))]
		for i := range instance.Parties {
			p := &instance.Parties[i]
			p.Requests = p.Requests[:min(2, len(p.Requests))]
		}
		instance.Breaks = instance.Breaks[:1]
		made, v := solved(t, instance, plan.Options{Seed: seed, Steps: 400, BoundSteps: 100})
		best := bestEvening(instance)
		if made.Bound.Cost > best+1e-6 {
			t.Errorf("school %d: bound %v above the best %v", seed, made.Bound.Cost, best)
		}
		if v.Cost > best+1e-6 {
			t.Errorf("school %d: planned %v, best %v", seed, v.Cost, best)
		}
	}
}

func TestTheSamplesMeetAllThatMatchingAllows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name           string
		steps, climbs  int
		dropped, limit float64
	}{{"primary-1", 20000, 300, 3, 3320}, {"secondary-1", 25000, 60, 172, 178200}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && c.name != "primary-1" {
				t.Skip("takes some seconds")
			}
			made, v := solved(t, sample(t, c.name), plan.Options{Seed: 1, Steps: c.steps, BoundSteps: c.climbs})
			if v.DroppedWeight != c.dropped || made.Bound.DroppedWeight != c.dropped {
				t.Errorf("dropped weight %v, bound %v, want %v", v.DroppedWeight, made.Bound.DroppedWeight, c.dropped)
			}
			if v.Cost > c.limit {
				t.Errorf("cost %v above %v", v.Cost, c.limit)
			}
			if v.OverThirty > 0 {
				t.Errorf("%d parties wait over thirty minutes", v.OverThirty)
			}
		})
	}
}

func TestStopEndsWithAValidPlan(t *testing.T) {
	t.Parallel()
	instance := sample(t, "primary-1")
	for _, calls := range []int64{0, 1, 5, 30, 200} {
		var asked atomic.Int64
		solved(t, instance, plan.Options{Stop: func() bool { return asked.Add(1) > calls }})
	}
}

func TestProgressTellsOfEverBetterPlans(t *testing.T) {
	t.Parallel()
	last, bound, told := math.Inf(1), 0.0, 0
	solved(t, sample(t, "primary-1"), plan.Options{Steps: 3000, BoundSteps: 40, Progress: func(p plan.Progress) {
		told++
		if p.Figures.Cost > last || p.Bound.Cost < bound {
			t.Errorf("worse: cost %v after %v, bound %v after %v", p.Figures.Cost, last, p.Bound.Cost, bound)
		}
		last, bound = p.Figures.Cost, p.Bound.Cost
	}})
	if told < 3 {
		t.Errorf("told %d times", told)
	}
}

func TestHeadroomSpeaksOfWishesAndMinutes(t *testing.T) {
	t.Parallel()
	f := plan.Figures{DroppedWeight: 5, Cost: 5300, PartiesComing: 100}
	got := f.Headroom(plan.Bound{DroppedWeight: 3, Cost: 3200}, 1, 1000)
	if want := (plan.Headroom{Wishes: 2, Minutes: 3}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	f.DroppedWeight, f.Cost = 3, 3300
	if got, want := f.Headroom(plan.Bound{DroppedWeight: 3, Cost: 3200}, 1, 1000), (plan.Headroom{Minutes: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
