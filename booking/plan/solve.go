package plan

import (
	"sync"
	"sync/atomic"
)

// Options of Solve. The zero value plans by the interchange objective, with seed 0 and budgets of steps that suit the size of the instance.
type Options struct {
	// Seed chooses among equally good ways to search. The same instance, options and budgets give the same plan, unless Stop ended it.
	Seed uint64
	// Objective is what a plan is measured by; the zero value stands for Interchange().
	Objective Objective
	// Steps is the number of steps of improvement, and BoundSteps the number of steps of the bound. 0 means no limit if Stop is given, and otherwise
	// a number that suits the size; below 0 means none.
	Steps, BoundSteps int
	// Stop, if not nil, is asked often whether to end; Solve then returns the best plan and bound so far. It is called from two goroutines.
	Stop func() bool
	// Spent, if not nil, tells which share of the time there is has passed, from 0 to 1. The search then calms down towards the end, which gives better
	// plans than not knowing when that will be; but the plan depends on the speed of the machine. It is called from the goroutine of Solve.
	Spent func() float64
	// Progress, if not nil, is told of the first plan and then again after every round (a fraction of a second), from the goroutine of Solve.
	Progress func(Progress)
	// Published is the plan that people know already; the search starts from it if it keeps the rules, and Objective.Change counts against it.
	Published *Plan
}

// Progress is how far Solve has come.
type Progress struct {
	// Steps and BoundSteps made so far.
	Steps, BoundSteps int
	// Figures of the best plan so far.
	Figures Figures
	// Bound proven so far.
	Bound Bound
}

// solver holds a search and a climber that work side by side. They meet after every round, where the search receives the prices of the bound; rounds
// are measured in steps, so that the outcome does not depend on which of the two is faster.
type solver struct {
	p         *problem
	options   Options
	objective Objective
	search    *search
	climber   *climber
	weigher   *weigher        // nil as long as it is not needed
	dropped   [tierCount]cost // bound
	start     []cost          // prices of the matching
	grain     cost            // every cost is a multiple of it
	slack     cost            // what the private prices can add to the bound
	proven    cost
	rounds    int
	searchCap int
	climbCap  int
	// climbEffort is the work of the bound in the last round.
	climbEffort int64
}

// Solve plans a whole conference. The plan keeps every hard rule; the bound, which is also noted in the plan, is what no plan goes below (with
// Objective.ByRank: no plan that meets as many wishes by rank). Errors: ErrInvalid.
func Solve(instance Instance, options Options) (Plan, Bound, error) {
	s, err := newSolver(instance, options)
	if err != nil {
		return Plan{}, Bound{}, err
	}
	s.run()
	return s.result()
}

func newSolver(instance Instance, options Options) (*solver, error) {
	if options.Objective == (Objective{}) {
		options.Objective = Interchange()
	}
	p, err := compile(instance, options.Objective, options.Published)
	if err != nil {
		return nil, err
	}
	s := &solver{p: p, options: options, objective: options.Objective, grain: p.grain()}
	s.searchCap, s.climbCap = budget(options.Steps, options.Stop, 100*len(p.units)), budget(options.BoundSteps, options.Stop, 200)
	return s, nil
}

func budget(asked int, stop func() bool, usual int) int {
	switch {
	case asked > 0:
		return asked
	case asked < 0:
		return 0
	case stop != nil:
		return int(^uint(0) >> 1)
	}
	return usual
}

func (s *solver) stopped() bool { return s.options.Stop != nil && s.options.Stop() }

func (s *solver) run() {
	s.search = newSearch(s.p, s.options.Seed)
	if s.options.Published == nil || s.search.load(*s.options.Published) != nil {
		s.search = newSearch(s.p, s.options.Seed)
		s.search.start(s.stopped)
	}
	s.search.spent = s.options.Spent
	s.search.best.keep(s.search.state)
	s.dropped, s.start = s.p.matchingBound()
	s.search.least = s.dropped
	for _, u := range s.p.units {
		s.slack += noiseSpan * cost(len(u.talks))
	}
	s.report()
	if s.climbCap > 0 && !s.stopped() {
		s.climber = newClimber(s.p, s.start, 1)
	}
	for !s.stopped() && s.goOn() {
		s.oneRound()
		s.report()
	}
	if s.climber != nil {
		s.proven = max(s.proven, s.raised(s.climber.proven()))
	}
}

// goOn tells whether there is anything left to do.
func (s *solver) goOn() bool {
	if s.climber != nil && s.scalar() <= s.proven {
		return false
	}
	return s.searching() || s.climbing()
}

func (s *solver) searching() bool {
	return int(s.search.round) < s.searchCap && len(s.p.slots) > 0 && len(s.p.units) > 0
}

func (s *solver) climbing() bool {
	return s.climber != nil && s.climber.steps < s.climbCap && !s.climber.done()
}

// roundClimbs is the number of steps of the bound in a round. The search works as hard meanwhile as the bound did in the round before, or makes
// searchShare steps for every unit where there is no bound to keep up with; so on two cores neither waits long for the other. What is compared is work
// done and not time, which would make the outcome depend on the machine.
const (
	roundClimbs = 8
	searchShare = 3
)

func (s *solver) oneRound() {
	var wait sync.WaitGroup
	var proved atomic.Bool
	pace := s.climbEffort
	s.rounds++
	weigh := s.weigher != nil && !s.weigher.done() && (s.rounds%2 == 0 || !s.climbing())
	beside := func(round func()) {
		wait.Go(func() {
			defer proved.Store(true)
			round()
		})
	}
	switch {
	case weigh:
		beside(func() { s.weigher.round(s.stopped) })
	case s.climbing():
		beside(s.climbRound)
	default:
		pace = 0
	}
	before := s.search.best.total
	s.searchRound(pace, &proved)
	wait.Wait()
	s.weighed(before)
	if s.climber != nil {
		s.search.guide(s.climber.center, s.climber.shares)
		s.proven = max(s.proven, s.raised(toCost(s.climber.value)-s.slack))
	}
}

// searchRound searches for about as long as the bound takes to do its part of the round. Where the plan depends on the clock anyhow, that is taken
// literally.
func (s *solver) searchRound(pace int64, proved *atomic.Bool) {
	begin := s.search.router.effort
	for i := 0; s.searching(); i++ {
		switch {
		case pace == 0 && i >= searchShare*len(s.p.units):
			return
		case pace > 0 && s.options.Spent != nil && proved.Load():
			return
		case pace > 0 && s.options.Spent == nil && s.search.router.effort-begin > pace/4*3:
			return
		case i&15 == 0 && s.stopped():
			return
		}
		s.search.step()
	}
}

func (s *solver) climbRound() {
	before := s.climber.prober.effort()
	for i := 0; i < roundClimbs && s.climbing() && !s.stopped(); i++ {
		s.climber.step()
	}
	s.climbEffort = s.climber.prober.effort() - before
}

// raised lifts a bound to the next amount that a plan can cost.
func (s *solver) raised(bound cost) cost {
	if s.grain > 1 && bound > 0 {
		bound = (bound + s.grain - 1) / s.grain * s.grain
	}
	return bound
}

// scalar is the cost of the best plan as the bound counts it: every dropped talk at its price.
func (s *solver) scalar() cost {
	sum := s.search.best.total.minutes
	for u, picks := range s.search.best.choice {
		for t, pick := range picks {
			if pick < 0 {
				sum += s.p.units[u].talks[t].drop
			}
		}
	}
	return sum
}

// bound expresses what was proven.
func (s *solver) bound() Bound {
	b := Bound{}
	for _, weight := range s.dropped {
		b.DroppedWeight += toMinutes(weight)
	}
	b.Cost = b.DroppedWeight * s.objective.Drop
	if s.p.rates.byRank {
		// The minutes are bounded among the plans that meet the same wishes by rank.
		if s.search.best.total.dropped == s.dropped {
			b.Cost += toMinutes(max(0, s.proven-(s.scalar()-s.search.best.total.minutes)))
		}
		return b
	}
	b.Cost = max(b.Cost, toMinutes(s.proven))
	return b
}

func (s *solver) report() {
	if s.options.Progress == nil {
		return
	}
	now := Progress{Steps: int(s.search.round), Bound: s.bound(), Figures: figuresOf(s.p, s.search.best.choice, s.objective)}
	if s.climber != nil {
		now.BoundSteps = s.climber.steps
	}
	s.options.Progress(now)
}

func (s *solver) result() (Plan, Bound, error) {
	bound := s.bound()
	made := planOf(s.p, s.search.best.choice)
	made.Bound = &bound
	return made, bound, nil
}
