package mail

import (
	"errors"
	netmail "net/mail"
	"regexp"
	"strings"

	"golang.org/x/net/idna"
)

// ErrAddress says that a text is not one usable e-mail address. It never holds
// the text.
var ErrAddress = errors.New("mail: not a usable e-mail address")

// Limits of RFC 5321, section 4.5.3.1, and of the address in a path.
const (
	localLimit   = 64
	addressLimit = 254
)

// labelPattern is one part of a host name (RFC 1123, section 2.1).
var labelPattern = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)

// Address checks that text is exactly one address, as a person would type it,
// and gives it in the form that goes over the wire: a domain with letters
// beyond ASCII becomes punycode (RFC 5891). White space around it is dropped;
// names, comments, quotes, several addresses, address literals, domains without
// a dot and letters beyond ASCII before the @ are [ErrAddress].
func Address(text string) (string, error) {
	address, err := sender(text)
	if err != nil || !strings.Contains(address[strings.LastIndexByte(address, '@'):], ".") {
		return "", ErrAddress
	}
	return address, nil
}

// sender is [Address] for our own side, where "school@localhost" is fine.
func sender(text string) (string, error) {
	text = strings.TrimSpace(text)
	if len(text) > addressLimit || strings.ContainsAny(text, "\r\n\x00<>\"()[]\\,;: \t") {
		return "", ErrAddress
	}
	parsed, err := netmail.ParseAddress(text)
	if err != nil || parsed.Name != "" || parsed.Address != text {
		return "", ErrAddress
	}
	at := strings.LastIndexByte(text, '@')
	local, domain := text[:at], text[at+1:]
	for i := range len(local) {
		if local[i] >= 0x80 {
			return "", ErrAddress
		}
	}
	domain, err = idna.Lookup.ToASCII(domain)
	if err != nil || len(local) > localLimit || len(local)+1+len(domain) > addressLimit {
		return "", ErrAddress
	}
	for label := range strings.SplitSeq(domain, ".") {
		if !labelPattern.MatchString(label) {
			return "", ErrAddress
		}
	}
	return local + "@" + domain, nil
}
