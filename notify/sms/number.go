package sms

import (
	"errors"
	"regexp"

	"github.com/ouderavond/ouderavond/models/contactpoint"
)

// ErrNumber says that a text is no number that may be sent to. It never holds
// the text.
var ErrNumber = errors.New("sms: not a mobile number of a country that is switched on")

var (
	numberPattern    = regexp.MustCompile(`^\+[0-9]{6,15}$`)
	namePattern      = regexp.MustCompile(`^[A-Za-z0-9 ]*[A-Za-z][A-Za-z0-9 ]*$`)
	referencePattern = regexp.MustCompile(`^[A-Za-z0-9_-]{0,64}$`)
)

// isSender knows what a phone can show as the sender: a number, or up to eleven
// letters and digits of which one is a letter (3GPP TS 23.040, section
// 9.1.2.5).
func isSender(from string) bool {
	return numberPattern.MatchString(from) || len(from) <= 11 && namePattern.MatchString(from)
}

// DefaultRegions are the countries (ISO 3166) sent to unless a school switches
// on others.
func DefaultRegions() []string { return []string{"NL", "BE", "DE"} }

// Number checks that text is one mobile number, as [contactpoint.MobilePhone]
// knows one, of one of the regions, and gives it in international form,
// "+31612345678". No regions are [DefaultRegions].
//
// Land lines, premium and personal numbers and short codes are [ErrNumber]:
// sending to them is refused or costs the school money that somebody else gets.
func Number(text string, regions []string) (string, error) {
	if len(regions) == 0 {
		regions = DefaultRegions()
	}
	number, ok := contactpoint.MobilePhone(text)
	if !ok || !contactpoint.In(number, regions) {
		return "", ErrNumber
	}
	return number, nil
}
