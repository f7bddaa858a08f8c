package text

import (
	"strings"
	"unicode"
)

// How many characters are shown of what somebody typed. Real names are far
// below; the limits keep one name from filling a screen.
const (
	subjectLimit = 200
	reasonLimit  = 300
	nameLimit    = 120
	smsNameLimit = 40
	linkLimit    = 500
)

// line makes one line of any text: no control characters, no line ends of any
// kind, no invisible marks that turn the direction of what follows, single
// spaces. What is longer than limit characters is cut and ends in an ellipsis.
func line(s string, limit int) string {
	if len(s) <= limit && isPlain(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.In(r, unicode.Zl, unicode.Zp):
			return ' '
		case r == '\u200C', r == '\u200D': // joiners, which some scripts need
			return r
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > limit {
		return strings.TrimSpace(string(runes[:limit-1])) + "…"
	}
	return s
}

// isPlain tells what is one line as it stands, as nearly every name is: ASCII
// with single spaces between words.
func isPlain(s string) bool {
	space := true // none at the beginning
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < ' ' || c > '~' || c == ' ' && space:
			return false
		default:
			space = c == ' '
		}
	}
	return !space || s == ""
}

// shortLine is [line] for an SMS, where an ellipsis would cost half the room:
// it is not in the phone's short alphabet.
func shortLine(s string) string {
	s = line(s, nameLimit)
	if runes := []rune(s); len(runes) > smsNameLimit {
		return strings.TrimSpace(string(runes[:smsNameLimit-3])) + "..."
	}
	return s
}
