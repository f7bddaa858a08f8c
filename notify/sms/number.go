package sms

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
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

// Number checks that text is one mobile number of one of the regions and gives
// it in international form, "+31612345678". A number without a country is taken
// for one of the first region. No regions are [DefaultRegions].
//
// Land lines, premium and personal numbers and short codes are [ErrNumber]:
// sending to them is refused or costs the school money that somebody else gets.
func Number(text string, regions []string) (string, error) {
	if len(regions) == 0 {
		regions = DefaultRegions()
	}
	text = strings.TrimSpace(text)
	// The parser also reads words, extensions and numbers of any length.
	if len(text) > 30 || strings.Trim(text, "+0123456789 ()-./") != "" {
		return "", ErrNumber
	}
	number, err := phonenumbers.Parse(text, regions[0])
	if err != nil || !phonenumbers.IsValidNumber(number) {
		return "", ErrNumber
	}
	if !slices.Contains(regions, phonenumbers.GetRegionCodeForNumber(number)) {
		return "", ErrNumber
	}
	switch phonenumbers.GetNumberType(number) {
	case phonenumbers.MOBILE, phonenumbers.FIXED_LINE_OR_MOBILE:
		return phonenumbers.Format(number, phonenumbers.E164), nil
	}
	return "", ErrNumber
}
