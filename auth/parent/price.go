package parent

import "github.com/ouderavond/ouderavond/auth/limiter"

// Openings returns in how many families somebody who guesses all evening with a class list gets in, on average, at a school of some pupils where chance is that of
// the best guess at one child (models/factor.Chance): with the total of a round whose personal links went out, and with the wide one of a round without them. What a
// school chose stands for both. The number of guesses that a total lets through is the total itself: docs/login.md has it from a simulation.
func Openings(choice string, pupils int, chance float64) (byLinks, wide float64) {
	of := func(linked int) float64 {
		totals := limiter.Totals{Choice: limiter.Choice(choice), Pupils: pupils, Households: pupils, Linked: linked}
		return float64(totals.Total(func() float64 { return chance })) * chance
	}
	return of(pupils), of(0)
}
