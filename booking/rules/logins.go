package rules

import (
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/factor"
	"github.com/ouderavond/ouderavond/models/names"
)

// LockedOut tells which of some pupils' parents log-in by name and factors keeps out by a policy, and why: a factor is missing, or two children cannot be told
// apart. The reasons are stable codes.
func LockedOut(people *directory.Directory, policy models.Policy, pupils []*models.Pupil) map[models.PupilID]string {
	look := logInLook{people, policy}
	out := map[models.PupilID]string{}
	same := map[string][]*models.Pupil{}
	for _, pupil := range pupils {
		if reason := look.missingFactor(pupil); reason != "" {
			out[pupil.ID] = reason
			continue
		}
		key := names.PersonKey(pupil.Details.Given, pupil.Details.Prefix, pupil.Details.Surname, "")
		same[key] = append(same[key], pupil)
	}
	for _, alike := range same {
		for _, pupil := range alike {
			if reason := look.notTold(alike, pupil); reason != "" {
				out[pupil.ID] = reason
			}
		}
	}
	return out
}

// logInLook compares pupils as a log-in by a policy does.
type logInLook struct {
	people *directory.Directory
	policy models.Policy
}

// notTold gives the reason of a pupil who cannot be told from another one of the same name; empty if it can.
func (l logInLook) notTold(alike []*models.Pupil, pupil *models.Pupil) string {
	if slices.ContainsFunc(alike, func(other *models.Pupil) bool { return other != pupil && l.hides(other, pupil) }) {
		return "not-unique"
	}
	return ""
}

// hides reports whether everything that opens a pupil also opens another of the same name: then neither is known for certain.
func (l logInLook) hides(other, pupil *models.Pupil) bool {
	return !slices.ContainsFunc(factor.Asked(l.policy), func(asked factor.Factor) bool {
		theirs := l.compared(asked, other)
		return slices.ContainsFunc(l.compared(asked, pupil), func(value string) bool { return !slices.Contains(theirs, value) })
	})
}

// compared returns what log-in compares of a pupil for a factor.
func (l logInLook) compared(asked factor.Factor, pupil *models.Pupil) (values []string) {
	for _, value := range asked.Values(pupil, l.people.Postcodes) {
		if value = asked.ToCompare(l.policy, value); value != "" {
			values = append(values, value)
		}
	}
	return values
}

func (l logInLook) missingFactor(pupil *models.Pupil) string {
	if pupil.Protected {
		return "protected"
	}
	homes := l.people.HouseholdsOf(pupil.ID)
	if len(homes) == 0 {
		return "no-household"
	}
	for _, asked := range factor.Asked(l.policy) {
		if len(l.compared(asked, pupil)) == 0 {
			return asked.Missing
		}
	}
	if len(homes) > 1 && !l.toldApart(homes) {
		return "two-homes-alike"
	}
	return ""
}

// toldApart reports whether each of a pupil's homes has a postcode of which log-in asks a part that the others have not.
func (l logInLook) toldApart(homes []models.HouseholdPupil) bool {
	asked, _ := factor.Find(models.FactorPostcode)
	seen := map[string]bool{"": true}
	for _, row := range homes {
		value := ""
		if home, ok := l.people.Household(row.HouseholdID); ok && l.policy.Asks(asked.Name) {
			value = asked.ToCompare(l.policy, home.Factors.Postcode)
		}
		if seen[value] {
			return false
		}
		seen[value] = true
	}
	return true
}
