package roster

import (
	"regexp"
	"strings"

	"github.com/ouderavond/ouderavond/models/contactpoint"
	"github.com/ouderavond/ouderavond/models/names"
)

// email reads one e-mail address, in lower case.
func email(text string) (string, bool) {
	text = strings.Trim(text, " <>;,")
	return contactpoint.Email(strings.TrimPrefix(strings.ToLower(text), "mailto:"))
}

// emails reads the addresses of a cell; a name may stand before an address in angle brackets. It also tells how many things in the cell were none.
func emails(cell string) (found []string, bad int) {
	if _, after, ok := strings.Cut(cell, "<"); ok && strings.Contains(after, "@") && strings.Count(cell, "@") == 1 {
		cell, _, _ = strings.Cut(after, ">")
	}
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(";,/| \n\t\u00a0", r) }) {
		if address, ok := email(names.Clean(part)); ok {
			found = append(found, address)
		} else {
			bad++
		}
	}
	return found, bad
}

// phone is a number that was found valid.
type phone struct {
	raw    string // without the words around it
	e164   string
	mobile bool
}

// phoneVerdict is what became of a cell with numbers.
type phoneVerdict int

const (
	phoneNone phoneVerdict = iota
	phoneGood
	phoneBad
	phonePremium
)

var (
	phoneSeparators = regexp.MustCompile(`[/;|\n]| of | en | or `)
	phoneStart      = regexp.MustCompile(`[+(]?\d`)
	phoneLetters    = regexp.MustCompile(`[\pL,"'].*$`)
)

// maxNumbers is how many numbers of a cell are tried.
const maxNumbers = 4

// readPhone finds the best number in a cell: the first mobile one, else the first valid one.
func readPhone(cell string) (phone, phoneVerdict) {
	verdict, best := phoneNone, phone{}
	for _, part := range phoneSeparators.Split(cell, maxNumbers+1) {
		part = names.Clean(part)
		if part == "" {
			continue
		}
		found, v := onePhone(part)
		switch {
		case v == phoneGood && (verdict != phoneGood || (found.mobile && !best.mobile)):
			verdict, best = v, found
		case verdict != phoneGood && v != phoneGood:
			verdict = v
		}
	}
	return best, verdict
}

// onePhone reads a number out of the words around it.
func onePhone(text string) (phone, phoneVerdict) {
	digits := names.Digits(text)
	start := phoneStart.FindStringIndex(digits)
	if start == nil {
		return phone{}, phoneBad
	}
	digits = strings.TrimSpace(phoneLetters.ReplaceAllString(digits[start[0]:], ""))
	if open := strings.LastIndexByte(digits, '('); open > 0 && !strings.Contains(digits[open:], ")") {
		digits = strings.TrimSpace(digits[:open])
	}
	if len(digits) > 40 {
		return phone{}, phoneBad
	}
	number, line := contactpoint.Telephone(digits)
	switch line {
	case contactpoint.Mobile, contactpoint.Fixed:
		return phone{raw: digits, e164: number, mobile: line == contactpoint.Mobile}, phoneGood
	case contactpoint.Special:
		return phone{}, phonePremium
	default:
		return phone{}, phoneBad
	}
}
