// Package factor is what can be asked of a parent at log-in beside the child's name: one table with an entry for each factor, which says how it is typed, read,
// compared, kept, shown and missed. Log-in, policy, imports, hand work, checks and pages all walk over this table, so that a factor is added in one place. It
// is pure; who may be recognised is decided by auth/parent.
package factor

import "github.com/ouderavond/ouderavond/models"

// Factor is everything that the product knows of one factor. Functions that are nil do nothing.
type Factor struct {
	// Name is also the field's name in forms and in the API, and the column's in files.
	Name models.Factor
	// Missing is the stable code told of a pupil who lacks it, Fault that of something that cannot be one.
	Missing, Fault string
	// MadeUp is what is compared where nobody has the typed name: nothing that anybody types matches it.
	MadeUp string
	// Get and Put reach the canonical value among a pupil's facts; empty is none. What Put is given is canonical.
	Get func(models.PupilFactors) string
	Put func(*models.PupilFactors, string)
	// Canonical reads what staff or a file says; false if it cannot be one.
	Canonical func(text string) (string, bool)
	// Typed turns what a parent typed into what is compared; empty if it cannot be one.
	Typed func(policy models.Policy, text string) string
	// Compared turns a canonical value into what is compared, where that is not the value itself.
	Compared func(policy models.Policy, value string) string
	// Forbidden returns the stable code of why a text must not be kept; empty if it may.
	Forbidden func(text string) string
	// Worthless reports whether it is guessed at once where nothing else is asked.
	Worthless func(policy models.Policy) bool
	// OfHousehold says that each household of a pupil may have its own value, which then counts.
	OfHousehold bool
	// IsKey says that the school's own key of the pupil is its value.
	IsKey bool
	// NeedsGround says that asking for it needs a stated legal ground.
	NeedsGround bool
	// Column lists headers under which files have it, in lower case, for a factor that the readers of files know only by this table.
	Column []string
	Page   Page
}

// Page says how a form asks for it. The label is the sentence "login.NAME", the hint "login.NAME_hint".
type Page struct {
	// Mode is the keyboard (inputmode), Autocomplete what browsers may fill in, Length the most characters.
	Mode, Autocomplete, Length string
	// Date asks for day, month and year in fields of their own.
	Date bool
	// Secret is never given back in an answer.
	Secret bool
}

// Find returns the entry of a factor; false if there is none of that name.
func Find(name models.Factor) (Factor, bool) {
	for _, one := range All {
		if one.Name == name {
			return one, true
		}
	}
	return Factor{}, false
}

// Asked returns the entries that a policy asks for, in the policy's order. A name that is in no entry is left out: whoever decides whether somebody is
// recognised has to look at it.
func Asked(policy models.Policy) []Factor {
	asked := make([]Factor, 0, len(policy.Factors))
	for _, name := range policy.Factors {
		if one, ok := Find(name); ok {
			asked = append(asked, one)
		}
	}
	return asked
}

// Kept returns the part of a pupil's facts that a policy, or the one that is to come, asks for: the rest is not to be kept.
func Kept(policy models.Policy, facts models.PupilFactors) models.PupilFactors {
	kept := models.PupilFactors{AdultFrom: facts.AdultFrom}
	for _, one := range All {
		if policy.Keeps(one.Name) {
			one.Put(&kept, one.Get(facts))
		}
	}
	return kept
}

// MadeUp returns the facts of a child that does not exist.
func MadeUp() models.PupilFactors {
	var facts models.PupilFactors
	for _, one := range All {
		one.Put(&facts, one.MadeUp)
	}
	return facts
}

// ToCompare turns a canonical value into what is compared.
func (f Factor) ToCompare(policy models.Policy, value string) string {
	if value == "" || f.Compared == nil {
		return value
	}
	return f.Compared(policy, value)
}

// Refused returns the stable code of why staff may not enter a text, and otherwise its canonical value. The empty text takes the value away.
func (f Factor) Refused(text string) (value, code string) {
	if f.Forbidden != nil {
		if code := f.Forbidden(text); code != "" {
			return "", code
		}
	}
	value, ok := f.Canonical(text)
	if !ok && text != "" {
		return "", f.Fault
	}
	if !ok {
		return "", ""
	}
	return value, ""
}
