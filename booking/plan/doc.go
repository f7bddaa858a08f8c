// Package plan is the planning engine: the best itinerary for one family, and the best evening for everybody with a bound that says how far from the
// best possible it is.
//
// It is pure. No context, clock, database, network or cgo may ever come in here, nor anything that knows a person's name: identifiers go in, times come
// out. Whoever calls it owns the time limit (Options.Stop) and the place where plans are kept. Imports: the standard library only.
//
// # One engine
//
// A router finds the cheapest itinerary of one party exactly: dynamic programming in the order of time over the set of talks had, with a price on every
// slot (itinerary.go, trace.go). Everything else asks it:
//
//   - FamilyQuestion.Plan asks it once, or a few times for further proposals; above twelve talks block by block (manytalks.go).
//   - Solve's search takes a few units out of a plan and asks it how to put them back (search.go, ruin.go, repair.go over state.go).
//   - Solve's bound asks it for every party at prices that make parties compete (prober.go, teacherday.go), and raises the prices where too many want
//     the same slot (climb.go, bundle.go). It starts from the prices of a matching (matching.go), which by itself bounds the dropped weight, and of
//     which Shortages is the explanation. Where that bound cannot be met, mostly because of joint talks, it is raised by a climb of its own (weigh.go).
//
// # What is counted
//
// Costs are whole numbers of millionths of a waiting minute. So sums do not depend on their order, a bound is exact, and it can be lifted to the next
// amount that a plan can cost at all. The outcome depends on the instance, the options and the seed, not on the order of the input or the speed of the
// machine, unless Stop ends it.
//
// # What is exact and what is not
//
// A family's plan up to twelve talks is proven best. An evening plan is not, but the bound is a proof of how far off it can be. Two hard cases are
// handled by the search only and left out of the bound, which stays valid but is weaker for them: parties that must be kept apart, and parties with
// more than twelve talks. Long waits that cost extra are judged after the itinerary is found, not while it is.
package plan
