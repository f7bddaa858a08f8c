package contactpoint

import (
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
