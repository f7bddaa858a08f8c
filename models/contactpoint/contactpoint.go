// Package contactpoint checks and normalises what people type as an e-mail address or a telephone number. Nothing is stored or sent here.
package contactpoint

import (
	"net/mail"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// maxEmail and maxLocal are the greatest lengths, in octets, of an address and of what stands before its @ (RFC 5321, sections 4.5.3.1.3 and 4.5.3.1.1;
// the former without the angle brackets).
const (
	maxEmail = 254
	maxLocal = 64
)

// regions are the countries in whose national form a number is understood, in this order: the first in which it is a number at all decides. A landline of
// one must not become somebody's mobile of another: 0475 is Roermond, and a Belgian operator's too.
var regions = []string{"NL", "BE", "DE"}

// Email gives an address as it will be written to, with the domain in lower case; ok is false for anything that is not exactly one plain address with a
// domain that has a dot. Signs that cannot be seen, as a copy from a web page brings along, are taken away at the ends and refused within.
func Email(text string) (address string, ok bool) {
	text = strings.TrimFunc(text, invisible)
	if text == "" || len(text) > maxEmail || strings.ContainsFunc(text, invisible) {
		return "", false
	}
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Address != text || parsed.Name != "" {
		return "", false
	}
	at := strings.LastIndexByte(text, '@')
	local, domain := text[:at], strings.ToLower(text[at+1:])
	if !validDomain(domain) || len(local) > maxLocal || strings.ContainsAny(local, "\"\\") {
		return "", false
	}
	return local + "@" + domain, true
}

func invisible(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar
}

func validDomain(domain string) bool {
	labels := strings.Split(domain, ".")
	if len(labels) < 2 {
		return false
	}
	for _, label := range labels {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
		if strings.ContainsFunc(label, func(r rune) bool { return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			return false
		}
	}
	return len(labels[len(labels)-1]) > 1
}

// maxPhone is the greatest length of a typed number, in octets: more than any number with its separators.
const maxPhone = 60

// MobilePhone gives a number that can receive a text message, in E.164; ok is false for landlines, premium numbers, several numbers at once and what is no
// number.
func MobilePhone(text string) (number string, ok bool) {
	text = strings.TrimFunc(text, invisible)
	if len(text) > maxPhone || strings.ContainsFunc(text, notOfANumber) {
		return "", false
	}
	for _, region := range regions {
		parsed, err := phonenumbers.Parse(text, region)
		if err != nil || !phonenumbers.IsValidNumber(parsed) {
			continue
		}
		switch phonenumbers.GetNumberType(parsed) {
		case phonenumbers.MOBILE, phonenumbers.FIXED_LINE_OR_MOBILE:
			return phonenumbers.Format(parsed, phonenumbers.E164), true
		}
		return "", false
	}
	return "", false
}

// notOfANumber tells what people do not write within a number. The library is more lenient than it is safe to be: it reads letters as keys of a telephone, so
// that "06-12345678 (mother)" becomes another number, and of two numbers with a semicolon it takes the first.
func notOfANumber(r rune) bool {
	return !unicode.IsDigit(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Pd, r) && !strings.ContainsRune("+()./", r)
}
