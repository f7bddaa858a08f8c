package names

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestTheShortWaysAgreeWithTheLongOnes draws texts of ASCII, of which the short ways take most: they give what the long ways give.
func TestTheShortWaysAgreeWithTheLongOnes(t *testing.T) {
	t.Parallel()
	text := rapid.OneOf(rapid.StringMatching(`[ -~\t\n\x00\x7f]{0,240}`), rapid.StringMatching(`([Dd]|'[sS]|l|van|IJ|ij|Berg|jansen)?['`+"`"+`]?[-/_ .,]?[A-Za-z0-9ij]{0,6}[ -][A-Za-z]{0,9}`))
	rapid.Check(t, func(t *rapid.T) {
		name := text.Draw(t, "name")
		words := foldedWords(cut(name, maxRunes))
		if short := plainWords(cut(name, maxRunes)); !slices.Equal(short, words) {
			t.Fatalf("%q is %v in short, and %v", name, short, words)
		}
		if short, long := plainKey(name), join(words).plain; short != long {
			t.Fatalf("%q has the key %q in short, and %q", name, short, long)
		}
	})
	code := rapid.OneOf(text, rapid.StringMatching(`[0-9O]{3,5}[ -]?[A-Za-z0]{1,3}`), rapid.StringMatching(`[1-9][0-9]{3} ?[A-Za-z]{2}`))
	rapid.Check(t, func(t *rapid.T) {
		postcode := code.Draw(t, "postcode")
		short, ok := plainPostcode(postcode)
		if !ok {
			return
		}
		if long, ok := anyPostcode(postcode); !ok || long != short {
			t.Fatalf("%q is %q in short, and %q, %v", postcode, short, long, ok)
		}
	})
	for _, postcode := range []string{"1234AB", "1234 ab"} {
		if short, ok := plainPostcode(postcode); !ok || short != "1234AB" {
			t.Errorf("%s is not taken in short", postcode)
		}
	}
}
