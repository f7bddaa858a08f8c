package contactpoint

import (
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"
)

// TestTheShortWayAgreesWithTheLibrary draws numbers that look like Dutch mobile ones: what the short way takes, the library takes for the same.
func TestTheShortWayAgreesWithTheLibrary(t *testing.T) {
	t.Parallel()
	taken := 0
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`(06|\+316|00316|316|\+31 6|0031 06|\+3106|06-)[0-9]( ?-?[0-9]){6,8}`).Draw(t, "text")
		number, ok := dutchMobile(text)
		if !ok {
			return
		}
		taken++
		parsed, err := phonenumbers.Parse(text, "NL")
		if err != nil || !phonenumbers.IsValidNumber(parsed) || phonenumbers.GetNumberType(parsed) != phonenumbers.MOBILE || phonenumbers.Format(parsed, phonenumbers.E164) != number {
			t.Fatalf("%q is %s in short, and %v, %v for the library", text, number, parsed, err)
		}
	})
	if taken == 0 {
		t.Error("the short way was never taken")
	}
}

// TestTheShortWayOfAddressesAgreesWithTheLibrary draws what looks like addresses: what the short way takes, the libraries take as it is.
func TestTheShortWayOfAddressesAgreesWithTheLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zA-Z0-9]{0,2}([.+_\-]?[a-z0-9!]){0,8}[.]?@(xn--|-)?([a-z0-9]{1,3}[-.]{0,3}){0,4}([a-z0-9]{0,70})?[.]([a-z]{1,4}|[0-9a-z]{1,3})`).Draw(t, "text")
		if !plainEmail(text) {
			return
		}
		if address, ok := anyEmail(text); !ok || address != text {
			t.Fatalf("%q is taken in short, and is %q, %v for the libraries", text, address, ok)
		}
	})
	for _, text := range []string{"jan.de-bos@example.com", "o'neill@example.com", "a_b+c9@mail.sub.example1.nl"} {
		if plainEmail(text) == strings.Contains(text, "'") {
			t.Errorf("%s is not decided in short as it should be", text)
		}
	}
}
