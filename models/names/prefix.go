package names

import (
	"slices"
	"strings"
	"unicode"
)

// SplitPrefix takes the prefix off a surname that holds both: "van den Berg" gives "van den" and "Berg". It also knows the prefix behind ("Berg, van
// den", "Berg van den"). The list of prefixes is fixed; a word that is not in it stays in the surname, and a surname is never left empty. The parts are
// returned as they were written.
func SplitPrefix(fullSurname string) (prefix, surname string) {
	full := Clean(fullSurname)
	if !strings.ContainsAny(full, " ,") {
		return "", full
	}
	if before, after, found := strings.Cut(full, ","); found {
		before, after = strings.TrimSpace(before), strings.TrimSpace(after)
		if before != "" && after != "" && IsPrefix(after) {
			return after, before
		}
	}
	parts := strings.Fields(full)
	lead := 0
	for lead < len(parts)-1 && IsPrefix(parts[lead]) {
		lead++
	}
	if lead > 0 {
		return strings.Join(parts[:lead], " "), strings.Join(parts[lead:], " ")
	}
	tail := len(parts)
	for tail > 1 && IsPrefix(parts[tail-1]) && startsLower(parts[tail-1]) {
		tail--
	}
	return strings.Join(parts[tail:], " "), strings.Join(parts[:tail], " ")
}

// IsPrefix tells whether a text consists of words of surname prefixes and nothing else: "van den", "v.d.", "in 't", "El".
// Capitals standing alone are initials, not a prefix ("V.D.").
func IsPrefix(text string) bool {
	words := splitWords(text)
	if !allPrefix(words) {
		return false
	}
	long := slices.ContainsFunc(words, func(w word) bool { return len(w.plain) > 1 })
	return long || startsLower(text) || strings.IndexFunc(text, unicode.IsLetter) > 0
}

func allPrefix(words []word) bool {
	return len(words) > 0 && !slices.ContainsFunc(words, func(w word) bool { return !prefixWords[w.plain] })
}

func startsLower(text string) bool {
	for _, r := range text {
		if unicode.IsLetter(r) {
			return unicode.IsLower(r)
		}
	}
	return false
}

// core returns the words that carry the name: without prefixes, unless nothing would be left.
func core(words []word, loose bool) []word {
	if !slices.ContainsFunc(words, func(w word) bool { return prefixWords[w.plain] || loose && looseWords[w.plain] }) {
		return words
	}
	kept := make([]word, 0, len(words))
	for _, w := range words {
		if !prefixWords[w.plain] && !(loose && looseWords[w.plain]) {
			kept = append(kept, w)
		}
	}
	if len(kept) == 0 {
		return words
	}
	return kept
}

// Surname returns the key by which the surnames of a family are compared. It does not depend on the prefix, nor on whether the prefix has its own
// field: ("van den", "Berg"), ("", "van den Berg") and ("", "Berg") give the same.
func Surname(prefix, surname string) string { return surnameCore(prefix, surname).plain }

func surnameCore(prefix, surname string) form {
	words := splitWords(surname)
	if len(words) == 0 {
		words = splitWords(prefix)
	}
	return join(core(words, false))
}

// SurnameKeys returns Surname in its spellings: one key, or two where a letter can be spelled out (muller and mueller). Two surnames are the same when
// they share a key. None for an empty surname.
func SurnameKeys(prefix, surname string) []string {
	return spellings(nil, surnameCore(prefix, surname))
}

// SurnameHalves returns the keys of the two halves of a double surname, first and last, in their spellings; none for a surname that is not double.
func SurnameHalves(prefix, surname string) []string {
	words := splitWords(surname)
	var keys []string
	for _, half := range halves(words) {
		keys = spellings(keys, join(half))
	}
	return keys
}

// halves divides a double surname at its hyphens, or at its spaces if it has no hyphen, and returns the core of the first and the last part. It
// returns nothing where there is only one part.
func halves(words []word) [][]word {
	if len(words) < 2 {
		return nil
	}
	groups := hyphenGroups(words)
	if len(groups) > 1 {
		return [][]word{core(groups[0], true), core(groups[len(groups)-1], true)}
	}
	kept := core(words, true)
	if len(kept) < 2 {
		return nil
	}
	return [][]word{kept[:1], kept[len(kept)-1:]}
}

func hyphenGroups(words []word) [][]word {
	var groups [][]word
	start := 0
	for i := 1; i <= len(words); i++ {
		if i == len(words) || words[i].hyphen {
			// The s of 's-Gravesande and the like is no half of a name.
			if group := words[start:i]; !allPrefix(group) {
				groups = append(groups, group)
			}
			start = i
		}
	}
	return groups
}

func spellings(keys []string, f form) []string {
	for _, key := range [...]string{f.plain, f.wide} {
		if key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}
