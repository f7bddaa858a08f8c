package names

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxRunes is how much of a stored name counts. Nobody's name is longer; a file may be.
const maxRunes = 200

// word is a run of letters and digits of a name.
type word struct {
	plain, wide string
	hyphen      bool // a hyphen stands before it
	tied        bool // an apostrophe ties it to the word before
}

// splitWords folds a text into its words.
func splitWords(text string) []word {
	text = cut(text, maxRunes)
	if isASCII(text) {
		return plainWords(text)
	}
	return foldedWords(norm.NFKC.String(text))
}

func foldedWords(text string) []word {
	var words []word
	var plain, wide strings.Builder
	hyphen, tied := false, false
	end := func() {
		if plain.Len() > 0 {
			words = append(words, word{plain.String(), wide.String(), hyphen && len(words) > 0, tied})
			hyphen, tied = false, false
		}
		plain.Reset()
		wide.Reset()
	}
	for _, r := range text {
		switch {
		case ignorable(r):
		case strings.ContainsRune(apostrophes, r):
			if elided[plain.String()] {
				end()
				tied = true
			}
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			foldRune(r, &plain, &wide)
		default:
			end()
			tied = false
			hyphen = hyphen || unicode.Is(unicode.Pd, r) || r == '/' || r == '_'
		}
	}
	end()
	return words
}

func cut(text string, runes int) string {
	if len(text) <= runes {
		return text
	}
	for i := range text {
		if runes == 0 {
			return text[:i]
		}
		runes--
	}
	return text
}

// ignorable tells of characters that cannot be seen: marks of direction, joiners, soft hyphens, fillers.
func ignorable(r rune) bool {
	if r < '\u00ad' {
		return false
	}
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || r == '\u3164' || r == '\u115f' || r == '\u1160' || r == '\uffa0'
}

func foldRune(r rune, plain, wide *strings.Builder) {
	if latin, ok := lookalikes[r]; ok {
		r = latin
	}
	r = unicode.ToLower(r)
	if s, ok := letters[r]; ok {
		plain.WriteString(s.plain)
		wide.WriteString(s.wide)
		return
	}
	if value, ok := digitValue(r); ok {
		plain.WriteByte(byte('0' + value))
		wide.WriteByte(byte('0' + value))
		return
	}
	if r < utf8.RuneSelf {
		plain.WriteRune(r)
		wide.WriteRune(r)
		return
	}
	foldParts(r, plain, wide)
}

// foldParts takes an accented letter apart and writes its letters without the marks.
func foldParts(r rune, plain, wide *strings.Builder) {
	parts := norm.NFKD.String(string(r))
	if parts == string(r) {
		if !unicode.IsMark(r) {
			plain.WriteRune(r)
			wide.WriteRune(r)
		}
		return
	}
	for _, part := range parts {
		if !unicode.IsMark(part) && part != r {
			foldRune(part, plain, wide)
		}
	}
}

func digitValue(r rune) (int, bool) {
	if !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	for _, block := range unicode.Nd.R16 {
		if rune(block.Lo) <= r && r <= rune(block.Hi) {
			return int(r-rune(block.Lo)) % 10, true
		}
	}
	for _, block := range unicode.Nd.R32 {
		if rune(block.Lo) <= r && r <= rune(block.Hi) {
			return int(r-rune(block.Lo)) % 10, true
		}
	}
	return 0, false
}

// Digits replaces the decimal digits of every script (Arabic-Indic ٣, Persian ۳, full-width ３) by the Latin ones and leaves all else as it is.
func Digits(s string) string {
	if isASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if value, ok := digitValue(r); ok {
			return rune('0' + value)
		}
		return r
	}, s)
}

// form is one way to write a name or a part of it, in its two spellings.
type form struct{ plain, wide string }

func (f form) empty() bool { return f.plain == "" }

// join writes words as one form. Only here ij becomes y, so that the letters meet in the same way however the words were divided.
func join(words []word) form {
	if len(words) == 1 {
		return formOf(words[0].plain, words[0].wide)
	}
	var plain, wide strings.Builder
	for _, w := range words {
		plain.WriteString(w.plain)
		wide.WriteString(w.wide)
	}
	return formOf(plain.String(), wide.String())
}

func formOf(plain, wide string) form {
	one := ijToY(plain)
	if plain == wide {
		return form{one, one}
	}
	return form{one, ijToY(wide)}
}

func ijToY(s string) string { return strings.ReplaceAll(s, "ij", "y") }

// isClean reports whether a name is of letters and signs of ASCII with single spaces between them, as most are: then nothing is to be done.
func isClean(s string) bool {
	before := byte(' ')
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return before != ' ' || s == ""
}

// Key returns the form in which one part of a name is compared: lower-case letters and digits only, no accents, ij as y. It is empty where the part
// has no letter and no digit. ü becomes u here; the spelled-out form (ue) is known to Keys, TypedKeys and SurnameKeys.
func Key(s string) string {
	if isASCII(s) {
		return plainKey(s)
	}
	return join(splitWords(s)).plain
}

// Clean returns a name as it may be stored and shown: Unicode form NFC, without control characters and invisible marks, white space of every kind as
// single spaces, nothing at the ends. Case, accents and punctuation stay.
func Clean(s string) string {
	if isClean(s) {
		return s
	}
	var b strings.Builder
	space := false
	for _, r := range norm.NFC.String(s) {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			space = b.Len() > 0
		case ignorable(r):
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}
