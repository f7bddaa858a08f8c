package names

import "strings"

// maxNumberRunes is the longest key that the pupil formats allow.
const maxNumberRunes = 256

// StudentNumber returns a student number as it is compared at first: nothing at the ends, digits of every script as Latin ones, letters in capitals,
// no invisible marks. Zeros in front stay. It is empty for a text that holds nothing or more than 256 characters.
func StudentNumber(s string) string {
	if len(s) > 4*maxNumberRunes {
		return ""
	}
	number := strings.ToUpper(Digits(Clean(s)))
	if len([]rune(number)) > maxNumberRunes {
		return ""
	}
	return number
}

// StudentNumberLoose returns StudentNumber without its leading zeros, because spreadsheets and some systems drop them. A number of zeros only keeps one.
func StudentNumberLoose(s string) string {
	number := StudentNumber(s)
	trimmed := strings.TrimLeft(number, "0")
	if trimmed == "" && number != "" {
		return "0"
	}
	return trimmed
}
