package names

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// MaxTypedKeys is the largest number of keys that TypedKeys returns, whatever was typed.
	MaxTypedKeys = 32

	maxTypedWords = 16
	maxGivenWords = 4
)

// TypedKeys returns the keys to try for a full name typed in one field: given name first or surname first, with a comma or without, with the prefix in
// front, behind or missing. A person is found when Keys and TypedKeys share a key. It returns at most MaxTypedKeys keys, and none for a text that is
// empty, has no letters, is longer than 200 characters, or holds a character that no name holds (such as *, %, _, a control character): nothing typed
// is ever a wildcard.
func TypedKeys(typed string) []string {
	if !typable(typed) {
		return nil
	}
	guess := guesses{}
	if left, right, comma := strings.Cut(typed, ","); comma {
		surname, given := splitWords(left), splitWords(right)
		if len(surname) > 0 && len(given) > 0 && !allPrefix(given) && len(surname)+len(given) <= maxTypedWords {
			guess.bare(append(slices.Clone(surname), given...))
			guess.reversed(surname, given)
			return guess.keys()
		}
	}
	words := splitWords(typed)
	if len(words) == 0 || len(words) > maxTypedWords {
		return nil
	}
	guess.bare(words)
	guess.straight(words)
	guess.turned(words)
	return guess.keys()
}

func typable(typed string) bool {
	if len(typed) > maxRunes*utf8.UTFMax || !utf8.ValidString(typed) || utf8.RuneCountInString(typed) > maxRunes {
		return false
	}
	letter := false
	for _, r := range typed {
		switch {
		case unicode.IsLetter(r):
			letter = true
		case unicode.IsDigit(r), unicode.IsMark(r), ignorable(r), strings.ContainsRune(typedMarks, r):
		default:
			return false
		}
	}
	return letter
}

// guesses collects what may be given name and surname, likeliest first.
type guesses struct{ plain, wide []string }

func (g *guesses) bare(words []word) {
	f := join(words)
	g.plain, g.wide = append(g.plain, f.plain), append(g.wide, f.wide)
}

func (g *guesses) add(given form, surnames ...form) {
	if given.empty() {
		return
	}
	for _, s := range surnames {
		if !s.empty() {
			g.plain = append(g.plain, given.plain+between+s.plain)
			g.wide = append(g.wide, given.wide+between+s.wide)
		}
	}
}

// straight reads "given [prefix] surname" with the border after each of the first words.
func (g *guesses) straight(words []word) {
	for n := 1; n < len(words) && n <= maxGivenWords; n++ {
		given, rest := join(words[:n]), words[n:]
		g.add(given, join(core(rest, true)), join(rest))
		if n > 2 {
			continue
		}
		for _, half := range halves(rest) {
			g.add(given, join(half))
		}
	}
}

// turned reads "surname given" without a comma, with the prefix in front or behind.
func (g *guesses) turned(words []word) {
	last := len(words)
	for last > 1 && prefixWords[words[last-1].plain] {
		last--
	}
	if last < 2 {
		return
	}
	given := join(words[last-1 : last])
	g.add(given, join(core(words[:last-1], true)), join(words[:last-1]))
	g.add(join(words[1:last]), join(words[:1]))
}

// reversed reads "surname, given [prefix]".
func (g *guesses) reversed(surname, given []word) {
	last := len(given)
	for last > 1 && prefixWords[given[last-1].plain] {
		last--
	}
	whole := append(slices.Clone(given[last:]), surname...)
	forms := distinct([]form{join(core(surname, true)), join(surname), join(whole)})
	g.add(join(given[:last]), forms...)
	g.add(join(given[:1]), forms...)
	if last < len(given) {
		g.add(join(given), forms...)
	}
	for _, half := range halves(surname) {
		g.add(join(given[:last]), join(half))
		g.add(join(given[:1]), join(half))
	}
	// An unknown prefix behind the given name ("ie, Wimpie imp") belongs to the surname.
	if len(given) > 1 {
		g.add(join(given[:1]), join(append(slices.Clone(given[1:]), surname...)))
	}
}

func (g *guesses) keys() []string {
	keys := make([]string, 0, MaxTypedKeys)
	for _, key := range append(g.plain, g.wide...) {
		if key != "" && len(keys) < MaxTypedKeys && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}
