package parent

import (
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/auth/limiter"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/factor"
	"github.com/ouderavond/ouderavond/models/names"
)

// compared gives the children with whom an answer is compared: those of the typed name or, if there is none, those whose name is one slip away. Both are looked for
// whatever is found. Protected children and those who left are nobody; where a name means too many, nobody is compared.
func (a *attempt) compared() []*models.Pupil {
	protected := func(pupil *models.Pupil) bool { return pupil.Protected }
	exact := slices.DeleteFunc(a.people.ByTypedName(a.answers.Name), protected)
	bySlip := slices.DeleteFunc(a.people.BySlip(a.answers.Name), protected)
	if len(exact) == 0 {
		exact = bySlip
	}
	if len(exact) > limiter.MaxCandidates {
		return nil
	}
	return exact
}

// madeUp is compared where nobody is, so that it takes no other work.
func madeUp() []*models.Pupil { return []*models.Pupil{{Factors: factor.MadeUp()}} }

// readFactors reads the name and the factors that the policy asks for. What is missing or cannot be read is the person's own slip: all of it is told at once, each at
// its field, and counts nothing.
func (a *attempt) readFactors() error {
	a.given = map[models.Factor]string{}
	var faults []errs.Field
	if strings.TrimSpace(a.answers.Name) == "" {
		faults = append(faults, errs.Field{Name: "name", Code: errs.CodeRequired})
	}
	policy := a.tx.School().Policy
	for _, asked := range factor.Asked(policy) {
		typed := asked.Typed(policy, a.answers.Factors[asked.Name])
		a.given[asked.Name] = typed
		switch {
		case typed == "":
			faults = append(faults, errs.Field{Name: string(asked.Name), Code: missing(a.answers.Factors[asked.Name], asked.Fault)})
		case asked.Name == models.FactorPostcode && a.partOfPostcode(typed):
			faults = append(faults, errs.Field{Name: string(asked.Name), Code: asked.Fault})
		}
	}
	if len(faults) > 0 {
		return errs.InvalidFields(faults...)
	}
	return nil
}

// partOfPostcode reports whether digits cannot be the whole postcode of anybody here, as "4811" where 4811 AB is asked: that is a slip and no answer. Where children
// live over the border, whose postcodes are digits, theirs are answers.
func (a *attempt) partOfPostcode(typed string) bool {
	part := a.tx.School().Policy.PostcodePart
	if part == models.PostcodeLetters || strings.Trim(typed, "0123456789") != "" || part != models.PostcodeAll && len(typed) == dutchDigits {
		return false
	}
	for _, pupil := range a.people.Pupils() {
		for _, postcode := range a.people.Postcodes(pupil) {
			if len(postcode) == len(typed) && strings.Trim(postcode, "0123456789") == "" {
				return false
			}
		}
	}
	return true
}

// dutchDigits is how many digits a Dutch postcode has.
const dutchDigits = 4

func missing(typed, code string) string {
	if strings.TrimSpace(typed) == "" {
		return errs.CodeRequired
	}
	return code
}

// farAway is more slips than any real answer has.
const farAway = 1000

// slips counts by how much the typed factors miss a pupil's. A factor that the roster does not have for the pupil never matches: empty is not equal to empty.
func (a *attempt) slips(policy models.Policy, pupil *models.Pupil) int {
	// Where nothing is asked, a name alone must not do.
	if len(policy.Factors) == 0 {
		return farAway
	}
	total := 0
	for _, name := range policy.Factors {
		asked, known := factor.Find(name)
		if !known {
			return farAway // what nobody can compare nobody has answered
		}
		total += a.factorSlips(policy, asked, pupil)
	}
	return min(total, farAway)
}

func (a *attempt) factorSlips(policy models.Policy, asked factor.Factor, pupil *models.Pupil) int {
	best := farAway
	for _, known := range asked.Values(pupil, a.people.Postcodes) {
		best = min(best, compare(a.given[asked.Name], asked.ToCompare(policy, known)))
	}
	return best
}

func compare(typed, known string) int {
	if typed == "" || known == "" {
		return farAway
	}
	return names.Distance(typed, known)
}

// home gives the household that a right answer about a child leads to: its only one, or the one that a factor chose which differs between them.
func (a *attempt) home(pupil *models.Pupil) (models.HouseholdID, bool) {
	memberships := a.people.HouseholdsOf(pupil.ID)
	var chosen []models.HouseholdID
	for _, row := range memberships {
		if len(memberships) == 1 || a.chooses(row.HouseholdID) {
			chosen = append(chosen, row.HouseholdID)
		}
	}
	if len(chosen) != 1 {
		return models.HouseholdID{}, false
	}
	return chosen[0], true
}

// chooses reports whether the typed postcode is this household's own.
func (a *attempt) chooses(id models.HouseholdID) bool {
	policy := a.tx.School().Policy
	household, ok := a.people.Household(id)
	if !ok || !policy.Asks(models.FactorPostcode) || household.Factors.Postcode == "" {
		return false
	}
	asked, _ := factor.Find(models.FactorPostcode)
	return a.given[asked.Name] == asked.ToCompare(policy, household.Factors.Postcode)
}

func activeMembers(people *directory.Directory, household models.HouseholdID) []models.PupilID {
	var active []models.PupilID
	for _, id := range people.Members(household) {
		if pupil, ok := people.Pupil(id); ok && pupil.State == models.PersonActive {
			active = append(active, id)
		}
	}
	return active
}

// answer is what was typed as one text: all that a guess can differ in.
func (a *attempt) answer() string {
	texts := make([]string, len(factor.All))
	for i, one := range factor.All {
		texts[i] = a.given[one.Name]
	}
	return strings.Join(texts, "|")
}
