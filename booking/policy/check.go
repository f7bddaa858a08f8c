package policy

import (
	"strings"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/factor"
)

// Check refuses, as errs.Invalid, factors that nobody knows, a citizen number without a ground, and what a class list is enough to guess.
func Check(policy models.Policy) error {
	seen, needsGround := map[models.Factor]bool{}, false
	for _, name := range policy.Factors {
		asked, known := factor.Find(name)
		if !known {
			return errs.InvalidField("policy.factors", errs.CodeUnknown)
		}
		if seen[name] {
			return errs.InvalidField("policy.factors", "twice")
		}
		seen[name] = true
		needsGround = needsGround || asked.NeedsGround
	}
	switch policy.PostcodePart {
	case models.PostcodeAll, models.PostcodeDigits, models.PostcodeLetters:
	default:
		return errs.InvalidField("policy.postcode_part", errs.CodeUnknown)
	}
	if needsGround && strings.TrimSpace(policy.LegalGround) == "" {
		return errs.InvalidField("policy.legal_ground", errs.CodeRequired)
	}
	return checkWeak(policy)
}

// checkWeak refuses a single factor that a class list is enough to guess, and wants any other single one accepted by name.
func checkWeak(policy models.Policy) error {
	if len(policy.Factors) == 0 {
		return errs.InvalidField("policy.factors", errs.CodeRequired)
	}
	if len(policy.Factors) > 1 {
		return nil
	}
	if only := factor.Asked(policy)[0]; only.Worthless != nil && only.Worthless(policy) {
		return errs.InvalidField("policy.factors", "worthless")
	}
	if !policy.AcceptWeak {
		return errs.InvalidField("policy.factors", "one-is-weak")
	}
	return nil
}
