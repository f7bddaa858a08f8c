package factor_test

import (
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/factor"
)

// policy asks for everything, whole.
func policy() models.Policy {
	asked := models.Policy{PostcodePart: models.PostcodeAll}
	for _, one := range factor.All {
		asked.Factors = append(asked.Factors, one.Name)
	}
	return asked
}

// samples are a value for each factor as people write it, and its canonical form. A factor that is added gets a line.
var samples = map[models.Factor][2]string{
	models.FactorPostcode:      {"1234 ab", "1234AB"},
	models.FactorBirthDate:     {"24-11-2015", "2015-11-24"},
	models.FactorStudentNumber: {" 104711", "104711"},
	models.FactorCitizenLast4:  {"0123 ", "0123"},
}

func TestEveryFactorIsWhole(t *testing.T) {
	t.Parallel()
	seen := map[models.Factor]bool{}
	for _, one := range factor.All {
		if one.Name == "" || seen[one.Name] || one.Missing == "" || one.Fault == "" || one.Get == nil || one.Put == nil || one.Canonical == nil || one.Typed == nil {
			t.Errorf("%s: the entry lacks something", one.Name)
		}
		seen[one.Name] = true
		if found, ok := factor.Find(one.Name); !ok || found.Name != one.Name {
			t.Errorf("%s is not found", one.Name)
		}
		if _, ok := samples[one.Name]; !ok {
			t.Errorf("%s has no sample here", one.Name)
		}
	}
	if _, ok := factor.Find("shoe_size"); ok {
		t.Error("what nobody knows is found")
	}
}

func TestAValueIsReadKeptComparedAndTakenAway(t *testing.T) {
	t.Parallel()
	for _, one := range factor.All {
		written, canonical := samples[one.Name][0], samples[one.Name][1]
		value, code := one.Refused(written)
		if value != canonical || code != "" {
			t.Errorf("%s: %q is read as %q, %s", one.Name, written, value, code)
		}
		var facts models.PupilFactors
		one.Put(&facts, value)
		if one.Get(facts) != canonical {
			t.Errorf("%s: kept as %q", one.Name, one.Get(facts))
		}
		if typed := one.Typed(policy(), written); typed == "" || typed != one.ToCompare(policy(), canonical) {
			t.Errorf("%s: typed as %q, compared with %q", one.Name, typed, one.ToCompare(policy(), canonical))
		}
		if only := (models.Policy{Factors: []models.Factor{one.Name}}); factor.Kept(only, facts) != facts || factor.Kept(models.Policy{}, facts) != (models.PupilFactors{}) {
			t.Errorf("%s: kept against the policy", one.Name)
		}
		if value, code := one.Refused(""); value != "" || code != "" {
			t.Errorf("%s: nothing is %q, %s", one.Name, value, code)
		}
		if one.Get(factor.MadeUp()) != "" && one.Typed(policy(), written) == one.ToCompare(policy(), one.Get(factor.MadeUp())) {
			t.Errorf("%s: the made-up child has what somebody types", one.Name)
		}
	}
}

func TestWhatMustNotBeKeptIsRefused(t *testing.T) {
	t.Parallel()
	for name, refused := range map[models.Factor]map[string]string{
		models.FactorStudentNumber: {"123456782": "citizen-number"},
		models.FactorCitizenLast4:  {"123456782": "not-four-digits", "12a4": "not-four-digits"},
		models.FactorBirthDate:     {"31-2-2015": "not-a-date"},
		models.FactorPostcode:      {"Amersfoort": "not-a-postcode"},
	} {
		one, _ := factor.Find(name)
		for text, want := range refused {
			if value, code := one.Refused(text); value != "" || code != want {
				t.Errorf("%s: %q is %q, %q", name, text, value, code)
			}
		}
	}
}
