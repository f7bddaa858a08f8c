// Package contactpoint checks and normalises what people type as an e-mail address or a telephone number. Nothing is stored or sent here.
package contactpoint

import (
	"net/mail"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// maxEmail is the greatest length of an address (RFC 5321, section 4.5.3.1.3, without the angle brackets).
const maxEmail = 254

// regions are the countries in whose national form a number is understood, in this order.
var regions = []string{"NL", "BE", "DE"}

// Email gives an address as it will be written to, with the domain in lower case; ok is false for anything that is not exactly one plain address with a
// domain that has a dot.
func Email(text string) (address string, ok bool) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > maxEmail || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
		return "", false
	}
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Address != text || parsed.Name != "" {
		return "", false
	}
	at := strings.LastIndexByte(text, '@')
	local, domain := text[:at], strings.ToLower(text[at+1:])
	if !validDomain(domain) || strings.ContainsAny(local, "\"\\") {
		return "", false
	}
	return local + "@" + domain, true
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

// MobilePhone gives a number that can receive a text message, in E.164; ok is false for landlines, premium numbers and what is no number.
func MobilePhone(text string) (number string, ok bool) {
	if len(text) > 40 {
		return "", false
	}
	// The library reads letters as keys of a telephone: "06-12345678 (mother)" would become another number.
	if strings.ContainsFunc(text, unicode.IsLetter) {
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
	}
	return "", false
}
