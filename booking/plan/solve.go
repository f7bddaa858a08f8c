package plan

// Options of Solve. The zero value plans with seed 0 and small budgets of steps.
type Options struct {
	// Seed chooses among equally good ways to search. The same instance, seed and budgets give the same plan, unless Stop ended it.
	Seed uint64
	// Objective is what a plan is measured by; the zero value stands for Interchange().
	Objective Objective
	// Steps is the number of improvement steps; 0 means DefaultSteps when Stop is nil, otherwise no limit.
	Steps int
	// Stop, if not nil, is asked often whether to end; the best plan so far is then returned. It may be called from several goroutines at once.
	Stop func() bool
}
