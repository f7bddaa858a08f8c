package plan_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"sync"
	"testing"

	"github.com/ouderavond/ouderavond/booking/plan"
)

// Planners keep their memory between questions; what one question left there must not show in the answer to the next.
func TestQuestionsAskedAtOnceOrInAnyOrderGetTheSameAnswers(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(8, 1))
	questions := make([]plan.FamilyQuestion, 60)
	answers := make([][]plan.Proposal, len(questions))
	for i := range questions {
		questions[i] = inventQuestion(r, 1+i%11, 1+r.IntN(3), 12, []float64{0.3, 0.6, 0.85}[r.IntN(3)])
		questions[i].Proposals = 1 + i%3
		answers[i], _ = questions[i].Plan()
	}
	var wait sync.WaitGroup
	for asker := range 4 {
		order := rand.New(rand.NewPCG(9, uint64(asker))).Perm(len(questions))
		wait.Go(func() {
			for _, i := range order {
				if again, err := questions[i].Plan(); err != nil || !reflect.DeepEqual(again, answers[i]) {
					t.Errorf("question %d: another answer, %v", i, err)
				}
			}
		})
	}
	wait.Wait()
}

// A fixed appointment is a talk that must be had at its one time: so trying everything knows the answer here as well.
func TestAPlanAroundFixedAppointmentsCostsWhatTryingEverythingCosts(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(10, 1))
	for i := range 600 {
		q := inventQuestion(r, 1+i%3, 1+r.IntN(3), 6, []float64{0.3, 0.6}[r.IntN(2)])
		q.Windows = nil
		same := q
		for n := range 1 + r.IntN(2) {
			stay := plan.Stay{Day: n, Start: 5 * r.IntN(10), Zone: r.IntN(3)}
			stay.End = stay.Start + 10
			q.Fixed = append(q.Fixed, stay)
			id := fmt.Sprint("fixed", n)
			same.Calendars = append(same.Calendars, plan.Calendar{ID: id, Zone: stay.Zone, Free: []plan.FreeSlot{{Day: stay.Day, Start: stay.Start, End: stay.End}}})
			same.Talks = append(same.Talks, plan.FamilyRequest{ID: id, Teachers: []string{id}, Minutes: 10, Weight: 10000})
		}
		found, err := q.Plan()
		if err != nil || len(found) == 0 {
			t.Fatalf("case %d: no plan: %v", i, err)
		}
		if want := bruteForce(same); math.Abs(found[0].Cost-want) > 1e-6 {
			t.Fatalf("case %d: planned %v, best %v", i, found[0].Cost, want)
		}
	}
}

// Twelve talks on three days are what the planner is made for. Memory is what made it slow: a bound on it holds on every machine, which one on time does not.
func TestPlanningTwelveTalksNeedsLittleNewMemory(t *testing.T) {
	q := inventQuestion(rand.New(rand.NewPCG(11, 1)), 12, 3, 40, 0.3)
	if got := testing.AllocsPerRun(20, func() {
		if _, err := q.Plan(); err != nil {
			t.Error(err)
		}
	}); got > 150 {
		t.Errorf("%v allocations for one plan", got)
	}
}
