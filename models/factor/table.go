package factor

import (
	"strings"
	"unicode/utf8"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/names"
	"github.com/ouderavond/ouderavond/models/typed"
)

// All are the factors, in the order in which they are told.
var All = []Factor{
	{
		Name: models.FactorPostcode, Missing: "no-postcode", Fault: "not-a-postcode", MadeUp: "0000XX", OfHousehold: true,
		Get:       func(f models.PupilFactors) string { return f.Postcode },
		Put:       func(f *models.PupilFactors, value string) { f.Postcode = value },
		Canonical: names.Postcode,
		Typed:     func(policy models.Policy, text string) string { return typedPostcode(policy.PostcodePart, text) },
		Compared:  func(policy models.Policy, value string) string { return postcodePart(policy.PostcodePart, value) },
		Worthless: func(policy models.Policy) bool { return policy.PostcodePart != models.PostcodeAll },
		Page:      Page{Autocomplete: "postal-code"},
	},
	{
		Name: models.FactorBirthDate, Missing: "no-birth-date", Fault: "not-a-date", MadeUp: "",
		Get: func(f models.PupilFactors) string { return f.BirthDate.String() },
		Put: func(f *models.PupilFactors, value string) { f.BirthDate, _ = civil.Parse(value) },
		Canonical: func(text string) (string, bool) {
			date, ok := names.BirthDate(text)
			return date.String(), ok
		},
		Typed: func(_ models.Policy, text string) string {
			date, _ := names.BirthDate(text)
			return date.String()
		},
		Page: Page{Date: true},
	},
	{
		Name: models.FactorStudentNumber, Missing: "no-student-number", Fault: "not-a-number", MadeUp: "0", IsKey: true,
		Get:       func(f models.PupilFactors) string { return f.StudentNumber },
		Put:       func(f *models.PupilFactors, value string) { f.StudentNumber = value },
		Canonical: func(text string) (string, bool) { return strings.TrimSpace(text), true },
		Typed:     func(_ models.Policy, text string) string { return names.StudentNumberLoose(text) },
		Compared:  func(_ models.Policy, value string) string { return names.StudentNumberLoose(value) },
		Forbidden: citizenNumber,
		Worthless: func(models.Policy) bool { return true },
	},
	{
		Name: models.FactorCitizenLast4, Missing: "no-citizen-number", Fault: "not-four-digits", MadeUp: "none", NeedsGround: true,
		Get: func(f models.PupilFactors) string { return f.CitizenLast4 },
		Put: func(f *models.PupilFactors, value string) { f.CitizenLast4 = value },
		Canonical: func(text string) (string, bool) {
			text = strings.TrimSpace(text)
			return text, text == "" || isFourDigits(text)
		},
		Typed: func(_ models.Policy, text string) string {
			if text = strings.TrimSpace(names.Digits(text)); isFourDigits(text) {
				return text
			}
			return ""
		},
		// Never given back: a whole number typed by mistake must not stand in any answer.
		Page: Page{Mode: "numeric", Length: "4", Secret: true},
	},
}

// typedPostcode takes the asked part out of what was typed: parents type the whole postcode where only a part is asked, or the part alone.
func typedPostcode(part models.PostcodePart, text string) string {
	if letters := strings.ToUpper(strings.TrimSpace(text)); part == models.PostcodeLetters && utf8.RuneCountInString(letters) == 2 {
		text = "1000" + letters // any digits: only the letters are taken out again
	}
	canonical, ok := names.Postcode(text)
	if !ok {
		return ""
	}
	return postcodePart(part, canonical)
}

func postcodePart(part models.PostcodePart, canonical string) string {
	switch part {
	case models.PostcodeDigits:
		return strings.Map(only("0123456789"), canonical)
	case models.PostcodeLetters:
		return strings.Map(only("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), canonical)
	default:
		return canonical
	}
}

func only(allowed string) func(rune) rune {
	return func(r rune) rune {
		if strings.ContainsRune(allowed, r) {
			return r
		}
		return -1
	}
}

func isFourDigits(text string) bool { return len(text) == 4 && strings.Trim(text, "0123456789") == "" }

// citizenNumber refuses a whole citizen service number where another number is expected: it is never kept.
func citizenNumber(text string) string {
	if typed.IsCitizenNumber(text) {
		return "citizen-number"
	}
	return ""
}
