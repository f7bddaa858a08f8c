package names

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Person is a name in its stored parts. Given or Surname may be empty; people with one name exist.
type Person struct {
	Given   string
	Prefix  string
	Surname string
}

// between stands between given name and surname in a key. A folded name cannot contain it, so a key of one name never equals a key of two.
const between = "|"

// Keys returns the keys under which a person is found when somebody types the whole name in one of the ways in which people write it. The set is
// finite and small (at most about fifty keys); the order is fixed. Somebody with a given name and a surname is never found by one of them alone.
// Nothing is returned for a person without any letter.
func Keys(p Person) []string {
	given, surname := givenForms(splitWords(p.Given)), surnameForms(p)
	switch {
	case len(given) == 0:
		return bareKeys(surname)
	case len(surname) == 0:
		return bareKeys(given)
	}
	var keys []string
	seen := map[string]bool{}
	for _, g := range given {
		for _, s := range surname {
			for _, left := range spellings(nil, g) {
				for _, right := range spellings(nil, s) {
					if key := left + between + right; !seen[key] {
						seen[key] = true
						keys = append(keys, key)
					}
				}
			}
		}
	}
	return keys
}

// minSlipLetters is how many letters a name has at least in which a slip is forgiven: in a shorter one, one letter is too much of it.
const minSlipLetters = 6

// SlipKeys returns the keys in which a slip of the finger is looked for: those of the whole name, with the given names in full and the first alone, and the
// surname with its prefix and without. Names under six letters have none.
func SlipKeys(p Person) []string {
	given, surname := splitWords(p.Given), splitWords(p.Surname)
	if len(given) == 0 || len(surname) == 0 {
		return nil
	}
	var keys []string
	for _, g := range distinct([]form{join(given), join(given[:unitEnds(given)[0]])}) {
		for _, s := range distinct([]form{join(core(surname, true)), join(append(slices.Clone(splitWords(p.Prefix)), surname...))}) {
			if key := g.plain + between + s.plain; utf8.RuneCountInString(key) > minSlipLetters && !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// LettersLeftOut calls a function with a key, and with what is left of it where one of its letters is left out. Two keys of which one is a slip away from the
// other, a letter too many, too few, another or swapped with its neighbour, have one of these in common.
func LettersLeftOut(key string, each func(string)) {
	each(key)
	for at, letter := range key {
		if string(letter) != between {
			each(key[:at] + key[at+utf8.RuneLen(letter):])
		}
	}
}

// OneSlip reports whether one of some typed keys is exactly one slip away from one of a person's.
func OneSlip(typed, keys []string) bool {
	for _, key := range keys {
		for _, one := range typed {
			if strings.Contains(one, between) && utf8.RuneCountInString(one) > minSlipLetters && Distance(one, key) == 1 {
				return true
			}
		}
	}
	return false
}

func bareKeys(forms []form) []string {
	var keys []string
	for _, f := range forms {
		keys = spellings(keys, f)
	}
	return keys
}

// givenForms returns all given names, the first alone and the first two.
func givenForms(words []word) []form {
	if len(words) == 0 {
		return nil
	}
	forms := []form{join(words)}
	ends := unitEnds(words)
	for i := range min(2, len(ends)-1) {
		forms = append(forms, join(words[:ends[i]]))
	}
	return distinct(forms)
}

// unitEnds returns where each name ends, counting words tied by an apostrophe (D'Angelo) as one name.
func unitEnds(words []word) []int {
	var ends []int
	for i := range words {
		if i+1 == len(words) || !words[i+1].tied {
			ends = append(ends, i+1)
		}
	}
	return ends
}

// surnameForms returns the surname without prefix, with it, and each half of a double one.
func surnameForms(p Person) []form {
	prefix, surname := splitWords(p.Prefix), splitWords(p.Surname)
	if len(surname) == 0 {
		surname, prefix = prefix, nil
	}
	if len(surname) == 0 {
		return nil
	}
	whole := append(slices.Clone(prefix), surname...)
	forms := []form{join(core(surname, false)), join(core(surname, true)), join(whole), join(surname)}
	for _, half := range halves(surname) {
		forms = append(forms, join(half))
	}
	if groups := hyphenGroups(surname); len(groups) > 1 {
		forms = append(forms, join(groups[0]), join(groups[len(groups)-1]))
	}
	return distinct(forms)
}

func distinct(forms []form) []form {
	var kept []form
	for _, f := range forms {
		if !f.empty() && !slices.Contains(kept, f) {
			kept = append(kept, f)
		}
	}
	return kept
}

// PersonKey returns what two rows of a roster must share to be the same person where no number tells: the name as it is compared, and the birth date.
func PersonKey(given, prefix, surname, birthDate string) string {
	return Key(given) + "|" + Surname(prefix, surname) + "|" + birthDate
}
