package contactpoint_test

import (
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/models/contactpoint"
)

func TestEmailTakesOnePlainAddress(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 64)
	domain := strings.Repeat(strings.Repeat("d", 60)+".", 3) + "nl"
	tests := map[string]struct{ typed, want string }{
		"an ordinary address":                    {"sanne@example.nl", "sanne@example.nl"},
		"capitals, of which the domain's go":     {"Sanne.Jansen@Example.NL", "Sanne.Jansen@example.nl"},
		"spaces around it":                       {"  sanne@example.nl \t", "sanne@example.nl"},
		"a line break behind it":                 {"sanne@example.nl\r\n", "sanne@example.nl"},
		"a sign without width around it":         {"\u200bsanne@example.nl\ufeff", "sanne@example.nl"},
		"a plus":                                 {"sanne+school@example.nl", "sanne+school@example.nl"},
		"an apostrophe":                          {"d'arc@example.nl", "d'arc@example.nl"},
		"a hyphen in the domain":                 {"sanne@mijn-school.example.nl", "sanne@mijn-school.example.nl"},
		"a domain of digits":                     {"sanne@163.com", "sanne@163.com"},
		"a local part of the greatest length":    {long + "@example.nl", long + "@example.nl"},
		"a domain with letters beyond ASCII":     {"sanne@bücher.example", "sanne@bücher.example"},
		"a local part that is too long":          {long + "a@example.nl", ""},
		"an address that is too long":            {long + "@" + strings.Repeat("d", 10) + domain, ""},
		"a label that is too long":               {"sanne@" + long + ".nl", ""},
		"nothing":                                {"", ""},
		"spaces only":                            {"   ", ""},
		"a name only":                            {"sanne", ""},
		"no domain":                              {"sanne@", ""},
		"no local part":                          {"@example.nl", ""},
		"two addresses with a comma":             {"sanne@example.nl,daan@example.nl", ""},
		"two addresses with a semicolon":         {"sanne@example.nl;daan@example.nl", ""},
		"two addresses with a space":             {"sanne@example.nl daan@example.nl", ""},
		"a name before it":                       {"Sanne <sanne@example.nl>", ""},
		"angle brackets":                         {"<sanne@example.nl>", ""},
		"a comment behind it":                    {"sanne@example.nl (moeder)", ""},
		"a scheme":                               {"mailto:sanne@example.nl", ""},
		"a space within":                         {"sanne @example.nl", ""},
		"a comma for a dot":                      {"sanne@example,nl", ""},
		"no dot in the domain":                   {"sanne@localhost", ""},
		"a dot at the end":                       {"sanne@example.nl.", ""},
		"two dots":                               {"sanne@example..nl", ""},
		"two dots in front":                      {"sanne..jansen@example.nl", ""},
		"a dot before the @":                     {"sanne.@example.nl", ""},
		"two @":                                  {"sanne@@example.nl", ""},
		"a top domain of one letter":             {"sanne@example.n", ""},
		"a hyphen that begins a label":           {"sanne@-example.nl", ""},
		"an underscore in the domain":            {"sanne@my_school.nl", ""},
		"a number for a domain":                  {"sanne@[192.0.2.1]", ""},
		"quotes":                                 {`"sanne jansen"@example.nl`, ""},
		"a backslash":                            {`sanne\@example.nl`, ""},
		"a header smuggled in":                   {"sanne@example.nl\r\nBcc: daan@example.nl", ""},
		"a line feed within":                     {"sanne\n@example.nl", ""},
		"a sign without width within":            {"san\u200bne@example.nl", "sanne@example.nl"},
		"a sign that turns the direction within": {"san\u202ene@exam\u00adple.nl", "sanne@example.nl"},
		"a zero byte":                            {"sanne\x00@example.nl", ""},
		"bytes that are no text":                 {"sanne\xff@example.nl", ""},
	}
	for name, tt := range tests {
		got, ok := contactpoint.Email(tt.typed)
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
}

func TestMobilePhoneTakesWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	const want = "+31612345678"
	for _, typed := range []string{
		"0612345678", "06-12345678", "06 12 34 56 78", "06 - 123 456 78", "06.12.34.56.78", "06/12345678", "(06) 12345678", "+31612345678", "+31 6 12345678", "+31-6-12345678",
		"+31(0)612345678", "+31 (0)6 1234 5678", "0031612345678", "0031 6 12345678", "31612345678", "612345678", " 0612345678\n", "\u202a06 12345678\u202c", "06\u00a012345678",
		"06‑12345678", "06–12345678", "٠٦١٢٣٤٥٦٧٨", "０６１２３４５６７８",
	} {
		if got, ok := contactpoint.MobilePhone(typed); got != want || !ok {
			t.Errorf("%q: %q, %v", typed, got, ok)
		}
	}
}

func TestMobilePhoneOfOtherCountries(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"+32 470 12 34 56": "+32470123456", "0032470123456": "+32470123456", "0470 12 34 56": "+32470123456", "0470/12.34.56": "+32470123456",
		"+49 151 12345678": "+4915112345678", "0151 12345678": "+4915112345678", "0170-1234567": "+491701234567", "+90 532 123 45 67": "+905321234567",
	} {
		if got, ok := contactpoint.MobilePhone(typed); got != want || !ok {
			t.Errorf("%q: %q, %v", typed, got, ok)
		}
	}
}

func TestMobilePhoneRefusesTheRest(t *testing.T) {
	t.Parallel()
	for name, typed := range map[string]string{
		"nothing": "", "spaces": "  ", "a plus": "+", "a word": "geen", "a landline of Amsterdam": "020-1234567", "a premium number": "0900-1234", "a free number": "0800-1234",
		"an internet number": "085-1234567", "a pager": "066-1234567", "an emergency number": "112", "a digit too few": "061234567", "a digit too many": "06123456789",
		"two numbers with a slash": "0612345678 / 0687654321", "two with a comma": "0612345678,0687654321", "two with a semicolon": "0612345678;0687654321",
		"two with a space": "0612345678 0687654321", "a remark": "0612345678 (moeder)", "a remark in front": "mama 0612345678", "an extension": "0612345678#12",
		"a service code": "*31#0612345678", "a scheme": "tel:0612345678", "letters for keys": "06SANNEBEL", "an e-mail address": "sanne@example.nl",
		"very long": strings.Repeat("0612345678", 10), "a zero byte": "0612\x00345678", "a text that is none": "06123\xff45678", "another plus": "+31+612345678",
		// Landlines of the south, which in Belgium would be somebody's mobile.
		"a landline of Roermond": "0475-123456", "of Weert": "0495 123456", "of Helmond": "0492-123456", "of Heerlen": "045-5123456", "of Sittard": "046-4123456",
		"of Best": "0499-123456", "of Cuijk": "0485-123456",
	} {
		if got, ok := contactpoint.MobilePhone(typed); ok || got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func FuzzEmail(f *testing.F) {
	for _, seed := range []string{"sanne@example.nl", "Sanne <sanne@example.nl>", "a@b.cd\r\nBcc: x@y.zz", `"a b"@c.de`, "ü@ü.de", "\u202esanne@example.nl"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		address, ok := contactpoint.Email(typed)
		if ok != (address != "") {
			t.Fatalf("%q, %v", address, ok)
		}
		if !ok {
			return
		}
		if strings.ContainsFunc(address, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) || strings.ContainsAny(address, `<>",;:()[]\`) {
			t.Fatalf("%q has more than an address", address)
		}
		parsed, err := mail.ParseAddress(address)
		if err != nil || parsed.Address != address || parsed.Name != "" {
			t.Fatalf("%q reads as %v, %v", address, parsed, err)
		}
		if again, ok := contactpoint.Email(address); !ok || again != address {
			t.Fatalf("%q became %q", address, again)
		}
	})
}

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

func FuzzMobilePhone(f *testing.F) {
	for _, seed := range []string{"0612345678", "+31 (0)6-12345678", "0470/12.34.56", "0475-123456", "06;07", "٠٦١٢٣٤٥٦٧٨"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		number, ok := contactpoint.MobilePhone(typed)
		if ok != (number != "") || ok && !e164.MatchString(number) {
			t.Fatalf("%q became %q, %v", typed, number, ok)
		}
		if again, same := contactpoint.MobilePhone(number); ok && (!same || again != number) {
			t.Fatalf("%q became %q", number, again)
		}
	})
}

func TestEveryDutchMobileInAnySpellingIsThatNumber(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rest := rapid.StringMatching(`[1-5][0-9]{7}`).Draw(t, "rest")
		prefix := rapid.SampledFrom([]string{"06", "+316", "00316", "+31(0)6", "+31 6", "(06)"}).Draw(t, "prefix")
		var typed strings.Builder
		typed.WriteString(prefix)
		for _, digit := range rest {
			typed.WriteString(rapid.SampledFrom([]string{"", "", " ", "-", "."}).Draw(t, "separator"))
			typed.WriteRune(digit)
		}
		if got, ok := contactpoint.MobilePhone(typed.String()); !ok || got != "+316"+rest {
			t.Fatalf("%q became %q, %v", typed.String(), got, ok)
		}
	})
}
