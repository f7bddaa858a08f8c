package typed

import (
	"strings"
	"unicode"

	"github.com/ouderavond/ouderavond/models/names"
)

// OneLine returns one line of what somebody typed: without ends of lines, control characters and characters that cannot be seen.
func OneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	return strings.TrimSpace(names.Clean(text))
}

// Readable reports whether a line has something to read in it: a letter or a digit of any script.
func Readable(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// longNumber is how many digits in a row no name has: a citizen service number has nine, one without its leading zero eight.
const longNumber = 8

// HoldsLongNumber reports whether a name holds a number that does not belong into a name and may be one that must not be kept.
func HoldsLongNumber(text string) bool {
	run := 0
	for _, r := range names.Digits(text) {
		if r < '0' || r > '9' {
			run = 0
			continue
		}
		if run++; run >= longNumber {
			return true
		}
	}
	return false
}

// IsCitizenNumber reports whether a text is a whole Dutch citizen service number: nine digits that pass the eleven test, nine times the first, eight times the second and
// so on, minus the last, a multiple of eleven (Logisch Ontwerp BSN).
func IsCitizenNumber(text string) bool {
	digits := strings.TrimSpace(names.Digits(text))
	if len(digits) != 9 || strings.Trim(digits, "0123456789") != "" || strings.Trim(digits, "0") == "" {
		return false
	}
	sum := 0
	for i := range 8 {
		sum += (9 - i) * int(digits[i]-'0')
	}
	return (sum-int(digits[8]-'0'))%11 == 0
}
