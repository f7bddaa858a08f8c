package policy

import (
	"slices"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/factor"
)

// Price is what a policy is worth with a roster.
type Price struct {
	Policy models.Policy
	// LockedOut counts the pupils whose parents could not log in by it, Pupils all active ones.
	LockedOut, Pupils int
	// Chance is that of the best guess at one child, who is known by name; see factor.Chance.
	Chance float64
}

// usual are the policies that schools choose among, weakest first; without the citizen number's digits, which need a legal ground.
var usual = []models.Policy{
	{Factors: []models.Factor{models.FactorBirthDate, models.FactorPostcode}, PostcodePart: models.PostcodeDigits},
	{Factors: []models.Factor{models.FactorBirthDate, models.FactorStudentNumber}},
	{Factors: []models.Factor{models.FactorPostcode, models.FactorStudentNumber}, PostcodePart: models.PostcodeAll},
	{Factors: []models.Factor{models.FactorBirthDate, models.FactorPostcode}, PostcodePart: models.PostcodeAll},
	{Factors: []models.Factor{models.FactorBirthDate, models.FactorPostcode, models.FactorStudentNumber}, PostcodePart: models.PostcodeAll},
}

// Prices tells what the usual policies, that of the school and the one that is to come are worth with a roster whose pupils have everything that files say of them,
// the school's first.
func Prices(people *directory.Directory, present models.Policy) []Price {
	var pupils []*models.Pupil
	for _, pupil := range people.Pupils() {
		if pupil.State == models.PersonActive {
			pupils = append(pupils, pupil)
		}
	}
	wanted := []models.Policy{present}
	if present.Next != nil {
		wanted = append(wanted, *present.Next)
	}
	var prices []Price
	for _, one := range slices.Concat(wanted, usual) {
		one.Next = nil
		if slices.ContainsFunc(prices, func(known Price) bool { return same(known.Policy, one) }) {
			continue
		}
		prices = append(prices, Price{one, len(rules.LockedOut(people, one, pupils)), len(pupils), factor.Chance(one, pupils, people.Postcodes)})
	}
	return prices
}
