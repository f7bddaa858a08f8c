package mail

import (
	"errors"
	"strings"

	"github.com/ouderavond/ouderavond/models/contactpoint"
)

// ErrAddress says that a text is not one usable e-mail address. It never holds
// the text.
var ErrAddress = errors.New("mail: not a usable e-mail address")

// Address checks that text is exactly one address, as [contactpoint.Email]
// knows one, and gives it in the form that goes over the wire: a domain with
// letters beyond ASCII becomes punycode (RFC 5891).
func Address(text string) (string, error) {
	address, ok := contactpoint.Email(text)
	if !ok {
		return "", ErrAddress
	}
	address, _ = contactpoint.Wire(address) // Email has tried it
	return address, nil
}

// sender is [Address] for our own side, where "school@localhost" is fine.
func sender(text string) (string, error) {
	const alone = ".example"
	text = strings.TrimSpace(text)
	if strings.Contains(text[strings.LastIndexByte(text, '@')+1:], ".") {
		return Address(text)
	}
	address, err := Address(text + alone)
	return strings.TrimSuffix(address, alone), err
}
