package conference

import (
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/factor"
	"github.com/ouderavond/ouderavond/models/names"
)

// logIns lists the pupils whose parents log-in by name and factors keeps out.
func (l *readinessLook) logIns() {
	policy := l.tx.School().Policy
	same := map[string][]*models.Pupil{}
	for _, pupil := range l.audience() {
		if reason := l.missingFactor(policy, pupil); reason != "" {
			l.ready.CannotLogIn = append(l.ready.CannotLogIn, l.notice(pupil, reason))
			l.causes.add(pupil, why{about: CannotLogIn, code: reason})
			continue
		}
		key := names.PersonKey(pupil.Details.Given, pupil.Details.Prefix, pupil.Details.Surname, "")
		same[key] = append(same[key], pupil)
	}
	for _, pupils := range same {
		for _, pupil := range pupils {
			if slices.ContainsFunc(pupils, func(other *models.Pupil) bool { return other != pupil && l.hides(policy, other, pupil) }) {
				l.ready.CannotLogIn = append(l.ready.CannotLogIn, l.notice(pupil, "not-unique"))
				l.causes.add(pupil, why{about: CannotLogIn, code: "not-unique"})
			}
		}
	}
	sortNotices(l.ready.CannotLogIn)
}

// hides reports whether everything that opens a pupil also opens another of the same name: then neither is known for certain.
func (l *readinessLook) hides(policy models.Policy, other, pupil *models.Pupil) bool {
	return !slices.ContainsFunc(factor.Asked(policy), func(asked factor.Factor) bool {
		theirs := l.compared(policy, asked, other)
		return slices.ContainsFunc(l.compared(policy, asked, pupil), func(value string) bool { return !slices.Contains(theirs, value) })
	})
}

// compared returns what log-in compares of a pupil for a factor.
func (l *readinessLook) compared(policy models.Policy, asked factor.Factor, pupil *models.Pupil) (values []string) {
	known := []string{asked.Get(pupil.Factors)}
	if asked.OfHousehold {
		known = l.people.Postcodes(pupil)
	}
	for _, value := range known {
		if value = asked.ToCompare(policy, value); value != "" {
			values = append(values, value)
		}
	}
	return values
}

func (l *readinessLook) missingFactor(policy models.Policy, pupil *models.Pupil) string {
	if pupil.Protected {
		return "protected"
	}
	homes := l.people.HouseholdsOf(pupil.ID)
	if len(homes) == 0 {
		return "no-household"
	}
	for _, asked := range factor.Asked(policy) {
		if len(l.compared(policy, asked, pupil)) == 0 {
			return asked.Missing
		}
	}
	if len(homes) > 1 && !l.toldApart(policy, homes) {
		return "two-homes-alike"
	}
	return ""
}

// toldApart reports whether each of a pupil's homes has a postcode of which log-in asks a part that the others have not.
func (l *readinessLook) toldApart(policy models.Policy, homes []models.HouseholdPupil) bool {
	asked, _ := factor.Find(models.FactorPostcode)
	seen := map[string]bool{"": true}
	for _, row := range homes {
		value := ""
		if home, ok := l.people.Household(row.HouseholdID); ok && policy.Asks(asked.Name) {
			value = asked.ToCompare(policy, home.Factors.Postcode)
		}
		if seen[value] {
			return false
		}
		seen[value] = true
	}
	return true
}
