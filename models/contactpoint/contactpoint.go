// Package contactpoint is the one place that knows what an e-mail address and a telephone number are: for what people type, for files, and for what goes to a
// carrier. Nothing is stored or sent here.
package contactpoint

import (
	"net/mail"
	"slices"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/net/idna"
)

// maxEmail and maxLocal are the greatest lengths, in octets, of an address and of what stands before its @ (RFC 5321, sections 4.5.3.1.3 and 4.5.3.1.1;
// the former without the angle brackets).
const (
	maxEmail = 254
	maxLocal = 64
	maxLabel = 63 // of a part of a domain (RFC 1035, section 2.3.4)
)

// regions are the countries in whose national form a number is understood, in this order: the first in which it is a number at all decides. A landline of
// one must not become somebody's mobile of another: 0475 is Roermond, and a Belgian operator's too.
var regions = []string{"NL", "BE", "DE"}

// Email gives an address as it will be written to, with the domain in lower case; ok is false for anything that is not exactly one plain address with a
// domain that has a dot. Signs that cannot be seen, as a copy from a web page brings along, are taken away, and spaces at the ends; a space within is refused. Letters beyond ASCII
// may be in the domain, which [Wire] writes in another way, and not before the @: few servers take such mail (RFC 6531).
func Email(text string) (address string, ok bool) {
	if plainEmail(text) {
		return text, true
	}
	return anyEmail(text)
}

func anyEmail(text string) (address string, ok bool) {
	text = strings.TrimFunc(strings.Map(withoutFormat, text), invisible)
	if text == "" || len(text) > maxEmail || strings.ContainsFunc(text, invisible) {
		return "", false
	}
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Address != text || parsed.Name != "" {
		return "", false
	}
	at := strings.LastIndexByte(text, '@')
	local, domain := text[:at], strings.ToLower(text[at+1:])
	if !validDomain(domain) || len(local) > maxLocal || strings.ContainsAny(local, "\"\\") || !isASCII(local) {
		return "", false
	}
	if _, ok := Wire(local + "@" + domain); !ok {
		return "", false
	}
	return local + "@" + domain, true
}

// Wire gives an address that [Email] gave in the form that goes over the wire: a domain with letters beyond ASCII becomes punycode (RFC 5891). ok is false for a
// domain that has no such form.
func Wire(address string) (wire string, ok bool) {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return "", false
	}
	domain, err := idna.Lookup.ToASCII(address[at+1:])
	if err != nil || at+1+len(domain) > maxEmail {
		return "", false
	}
	for label := range strings.SplitSeq(domain, ".") {
		if len(label) > maxLabel {
			return "", false
		}
	}
	return address[:at+1] + domain, true
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII })
}

// Domain gives the part of an address after its @, in lower case and in the form of the wire; empty if there is none.
func Domain(address string) string {
	wire, ok := Wire(strings.ToLower(address))
	if !ok {
		return ""
	}
	return wire[strings.LastIndexByte(wire, '@')+1:]
}

// Masked gives a contact as it may be shown where it is to be told from others and not to be used: the first two letters, the last one and the domain of an address
// that has more of them, and the last three digits of a number.
func Masked(contact string) string {
	const dots = "•••"
	if at := strings.LastIndexByte(contact, '@'); at > 0 {
		name := []rune(contact[:at])
		if len(name) < 5 {
			return string(name[:1]) + dots + contact[at:]
		}
		return string(name[:2]) + dots + string(name[len(name)-1:]) + contact[at:]
	}
	if len(contact) < 8 {
		return dots
	}
	return contact[:3] + dots + contact[len(contact)-3:]
}

// withoutFormat takes out signs that have no place of their own, such as a space of no width or a mark of the direction of writing.
func withoutFormat(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
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
	// What ends in a number is the address of a machine.
	last := []rune(labels[len(labels)-1])
	return len(last) > 1 && unicode.IsLetter(last[0])
}

// maxPhone is the greatest length of a typed number, in octets: more than any number with its separators.
const maxPhone = 60

// Line is what sort of telephone a number belongs to.
type Line int

// The sorts of telephones.
const (
	NoLine  Line = iota // no number, or several, or one that only looks like one
	Mobile              // takes text messages
	Fixed               // a fixed line: may be called, and takes no text messages
	Special             // costs the caller, or is nobody's own: premium, personal, freephone and the like
)

// Telephone reads one number, in international form or in the national form of the countries that schools have to do with. number is in E.164.
func Telephone(text string) (number string, line Line) {
	text = strings.TrimFunc(text, invisible)
	if number, ok := dutchMobile(text); ok {
		return number, Mobile
	}
	if len(text) > maxPhone || strings.ContainsFunc(text, notOfANumber) {
		return "", NoLine
	}
	for _, region := range regions {
		parsed, err := phonenumbers.Parse(text, region)
		if err != nil || !phonenumbers.IsValidNumber(parsed) {
			continue
		}
		number = phonenumbers.Format(parsed, phonenumbers.E164)
		switch phonenumbers.GetNumberType(parsed) {
		case phonenumbers.MOBILE, phonenumbers.FIXED_LINE_OR_MOBILE:
			return number, Mobile
		case phonenumbers.FIXED_LINE, phonenumbers.VOIP:
			if region != regions[0] {
				// Fixed lines of the neighbours are believed only with their country code: a number of one's own that lost a digit often looks like one.
				continue
			}
			return number, Fixed
		default:
			return number, Special
		}
	}
	return "", NoLine
}

// MobilePhone gives a number that can receive a text message, in E.164; ok is false for landlines, premium numbers, several numbers at once and what is no
// number.
func MobilePhone(text string) (number string, ok bool) {
	number, line := Telephone(text)
	if line != Mobile {
		return "", false
	}
	return number, true
}

// In reports whether a number in E.164 belongs to one of some countries (ISO 3166).
func In(number string, countries []string) bool {
	parsed, err := phonenumbers.Parse(number, "")
	return err == nil && slices.Contains(countries, phonenumbers.GetRegionCodeForNumber(parsed))
}

// notOfANumber tells what people do not write within a number. The library is more lenient than it is safe to be: it reads letters as keys of a telephone, so
// that "06-12345678 (mother)" becomes another number, and of two numbers with a semicolon it takes the first.
func notOfANumber(r rune) bool {
	return !unicode.IsDigit(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Pd, r) && !strings.ContainsRune("+()./", r)
}
