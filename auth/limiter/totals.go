package limiter

// Choice is how much guessing a school bears with before its public form asks for more proof.
type Choice string

const (
	// ByLinks is Narrow for a round of which personal links went to at least six in ten households, else Wide.
	ByLinks Choice = ""
	// Narrow is 3 misses and one for every 50 pupils, in twelve hours.
	Narrow Choice = "narrow"
	// Wide is 3 misses and six for every 100 pupils: fewer honest parents are asked for more, and more guesses are evaluated.
	Wide Choice = "wide"
)

// Choices are all of them.
var Choices = []Choice{ByLinks, Narrow, Wide}

// Goal is the chance that somebody with a class list may have of getting in anywhere at a school in an attacked evening.
const Goal = 0.0001

// NarrowTotal returns the default total of a school with some active pupils.
func NarrowTotal(pupils int) int { return 3 + pupils/50 }

// WideTotal returns the total of a school that chose it, or has no links.
func WideTotal(pupils int) int { return 3 + 6*pupils/100 }

// Totals are what a school's total depends on.
type Totals struct {
	Choice Choice
	Pupils int // active ones
	// Households is how many there are, and Linked how many of them were sent a personal link for the present round.
	Households, Linked int
}

// Choose returns which of the two totals applies: what the school chose, or what follows from its links.
func (t Totals) Choose() Choice {
	if t.Choice != ByLinks {
		return t.Choice
	}
	if t.Households > 0 && 10*t.Linked >= 6*t.Households {
		return Narrow
	}
	return Wide
}

// Total returns the school's total. chance is called where it matters, and returns the chance of the best guess at one child (see Chance): where a policy is so
// strong that more guesses stay within the goal, a narrow total rises as far as that, and at most to the wide one.
func (t Totals) Total(chance func() float64) int {
	narrow, wide := NarrowTotal(t.Pupils), WideTotal(t.Pupils)
	if t.Choose() == Wide {
		return wide
	}
	best := chance()
	if best <= 0 {
		return narrow
	}
	return max(narrow, int(min(float64(wide), Goal/best)))
}
