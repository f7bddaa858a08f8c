package roster

import (
	"regexp"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"github.com/ouderavond/ouderavond/models/names"
)

// mailAddress is narrower than RFC 5322: no quoted local part, no comment, no address literal, and a domain with a dot, because nothing else reaches a
// parent.
var mailAddress = regexp.MustCompile(`^[\pL\pN.!#$&'*+/=?^_{|}~%-]{1,64}@([\pL\pN]([\pL\pN-]{0,61}[\pL\pN])?\.)+[\pL][\pL\pN-]{1,61}$`)

// email reads one e-mail address, in lower case.
func email(text string) (string, bool) {
	text = strings.Trim(text, " <>;,")
	text = strings.TrimPrefix(strings.ToLower(text), "mailto:")
	local, _, _ := strings.Cut(text, "@")
	bad := len(text) > 254 || !mailAddress.MatchString(text) || strings.Contains(text, "..") || strings.HasPrefix(text, ".") || strings.HasSuffix(local, ".")
	if bad {
		return "", false
	}
	return text, true
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

// onePhone reads a number as a Dutch one, else as a Belgian or German mobile one. Fixed lines of the neighbours are believed only with their country
// code: a Dutch number that lost a digit often looks like one.
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
	for _, region := range []string{"NL", "BE", "DE"} {
		parsed, err := phonenumbers.Parse(digits, region)
		if err != nil || !phonenumbers.IsValidNumber(parsed) {
			continue
		}
		found := phone{raw: digits, e164: phonenumbers.Format(parsed, phonenumbers.E164)}
		switch phonenumbers.GetNumberType(parsed) {
		case phonenumbers.MOBILE, phonenumbers.FIXED_LINE_OR_MOBILE:
			found.mobile = true
			return found, phoneGood
		case phonenumbers.FIXED_LINE, phonenumbers.VOIP:
			if region == "NL" {
				return found, phoneGood
			}
		default:
			return phone{}, phonePremium
		}
	}
	return phone{}, phoneBad
}
