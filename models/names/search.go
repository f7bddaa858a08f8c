package names

import "slices"

// SearchWords returns the words of a text as people look for them: in lower case and without accents, each in its spellings (one, or more where a letter can be spelled out or
// ij is written as y). Words of a text and what is typed mean the same where they share a spelling, or where one of what is typed begins one of the text. Marks between
// letters divide words, but for apostrophes: O'Neil is one word, d'Hondt is two, of which the first is d. Of a text longer than 200 characters the rest does not count.
func SearchWords(text string) [][]string {
	words := splitWords(text)
	list := make([][]string, len(words))
	for i, w := range words {
		list[i] = searched(w.plain, w.wide)
	}
	return list
}

// SearchWhole returns all words of a text written as one, in its spellings: how those type a name who leave out spaces and marks. None for a text without a word.
func SearchWhole(text string) []string {
	var plain, wide string
	for _, w := range splitWords(text) {
		plain, wide = plain+w.plain, wide+w.wide
	}
	return searched(plain, wide)
}

func searched(plain, wide string) (spellings []string) {
	if plain == "" {
		return nil
	}
	spellings = []string{plain}
	for _, other := range [...]string{ijToY(plain), wide, ijToY(wide)} {
		if !slices.Contains(spellings, other) {
			spellings = append(spellings, other)
		}
	}
	return spellings
}

// PrefixWord reports whether a word, as SearchWords gives it, stands in prefixes of surnames only: van, der, v, vd.
func PrefixWord(word string) bool { return prefixWords[word] }
