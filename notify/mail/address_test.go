package mail_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/notify/mail"
)

func TestAddressAccepts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"a plain address":              {"ouder@example.org", "ouder@example.org"},
		"white space around it":        {" \touder@example.org\r\n ", "ouder@example.org"},
		"a plus and dots":              {"j.de-vries+school@mail.example.org", "j.de-vries+school@mail.example.org"},
		"an apostrophe":                {"o'brien@example.org", "o'brien@example.org"},
		"a domain beyond ASCII":        {"ouder@bücher.example", "ouder@xn--bcher-kva.example"},
		"upper case before the at":     {"Ouder@example.org", "Ouder@example.org"},
		"upper case in the domain":     {"ouder@Example.ORG", "ouder@example.org"},
		"sixty-four letters before it": {strings.Repeat("a", 64) + "@example.org", strings.Repeat("a", 64) + "@example.org"},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			got, err := mail.Address(test.text)
			if err != nil || got != test.want {
				t.Errorf("got %q, %v; want %q", got, err, test.want)
			}
		})
	}
}

func TestAddressRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"nothing":                       "",
		"no at":                         "ouder",
		"no domain":                     "ouder@",
		"nothing before the at":         "@example.org",
		"a domain without dot":          "ouder@gmail",
		"an address literal":            "ouder@[127.0.0.1]",
		"a name":                        "Ouder <ouder@example.org>",
		"angle brackets":                "<ouder@example.org>",
		"a comment":                     "ouder@example.org (ouder)",
		"quotes":                        `"ouder"@example.org`,
		"two addresses":                 "a@example.org,b@example.org",
		"two addresses by semicolon":    "a@example.org;b@example.org",
		"a group":                       "g:a@example.org;",
		"a line end inside":             "a@example.org\r\nBcc: b@example.org",
		"a null byte":                   "a\x00@example.org",
		"a space":                       "a b@example.org",
		"two dots":                      "a..b@example.org",
		"a dot at the end":              "a.@example.org",
		"a domain that ends in a dot":   "a@example.org.",
		"a domain with two dots":        "a@example..org",
		"a domain with a hyphen at end": "a@example-.org",
		"a domain with an underscore":   "a@exa_mple.org",
		"two ats":                       "a@b@example.org",
		"letters beyond ASCII before":   "zoë@example.org",
		"too long before the at":        strings.Repeat("a", 65) + "@example.org",
		"too long as a whole":           "a@" + strings.Repeat("a.", 130) + "org",
		"a percent route":               "a%b@example.org@example.net",
	}
	for title, text := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			got, err := mail.Address(text)
			if !errors.Is(err, mail.ErrAddress) || got != "" {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func FuzzAddress(f *testing.F) {
	for _, text := range []string{"a@example.org", "a@bücher.example", "A <a@b.c>", "\"a b\"@c.d", "a@[::1]", "\r\n@"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := mail.Address(text)
		if err != nil {
			return
		}
		if strings.ContainsAny(got, "\r\n <>\",;") || strings.Count(got, "@") != 1 || len(got) > 254 {
			t.Errorf("%q passed", got)
		}
		if again, err := mail.Address(got); err != nil || again != got {
			t.Errorf("%q is not itself again: %q, %v", got, again, err)
		}
	})
}
