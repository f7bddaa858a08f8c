package lookup

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/names"
)

// Reason is where a word that was typed stands in a family.
type Reason struct {
	Field Field
	// Thing is the pupil, guardian, contact, group or teacher: its id.
	Thing models.RowID
}

// Hit is a family that was found.
type Hit struct {
	Household models.HouseholdID
	// Rank says how far the family is from being the one that is meant, 0 for not at all. Families of one rank are in the order of their names.
	Rank    int
	Reasons []Reason // one for each word, each once
}

// maxWords is how many words of what was typed count.
const maxWords = 16

// Search gives the families in which everything typed is found: each word begins a word of a name, of a group or of a teacher, a number begins a number, and what may be an address
// begins a part of one. Families whose own names were typed come first, in the order of names. Where nothing is found so, prefixes of surnames (van, v.d.) may be
// missing, and then spaces. A text without a letter or a digit finds nobody.
func (x *Index) Search(typed string) []Hit {
	for _, words := range readings(typed) {
		if hits := x.all(words); len(hits) > 0 {
			return hits
		}
	}
	return nil
}

// word is one thing that has to be found, in any of several ways.
type word struct {
	starts []string // a word of the index has to begin with one of them
	all    []word   // or else all of these must be found in one family, as one thing that was typed
}

// readings gives the ways in which a text may be meant, the likeliest first.
func readings(typed string) (list [][]word) {
	tokens := strings.FieldsFunc(typed, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;", r) })
	tokens = tokens[:min(len(tokens), maxWords)]
	add := func(words []word) {
		if len(words) > 0 {
			list = append(list, words)
		}
	}
	joined := joinNumbers(tokens)
	add(wordsOf(joined))
	if len(joined) < len(tokens) {
		add(wordsOf(tokens))
	}
	kept := slices.DeleteFunc(slices.Clone(joined), isPrefix)
	if len(kept) < len(joined) {
		add(wordsOf(kept))
	}
	if whole := names.SearchWhole(typed); len(tokens) > 1 && len(whole) > 0 {
		add([]word{{starts: whole}})
	}
	return list
}

func isPrefix(token string) bool {
	words := names.SearchWords(token)
	return len(words) > 0 && !slices.ContainsFunc(words, func(spellings []string) bool { return !names.PrefixWord(spellings[0]) })
}

// isNumber reports whether a text is digits and what stands between those of a telephone number.
func isNumber(token string) bool {
	return strings.Trim(names.Digits(token), "0123456789+-./()") == ""
}

// joinNumbers puts numbers that stand beside one another together: people write them with spaces.
func joinNumbers(tokens []string) (joined []string) {
	number := false
	for _, token := range tokens {
		if isNumber(token) && number {
			joined[len(joined)-1] += token
			continue
		}
		number = isNumber(token)
		joined = append(joined, token)
	}
	return joined
}

func wordsOf(tokens []string) (words []word) {
	for _, token := range tokens {
		one := word{}
		digits := digitsOf(token)
		switch {
		case isNumber(token) && digits != "":
			one.starts = append(names.SearchWhole(digits), phones(token, digits)...)
		case strings.ContainsRune(token, '@'):
			one.starts = []string{emailSign + strings.ToLower(strings.TrimLeft(token, "@"))}
		default:
			parts := names.SearchWords(token)
			if len(parts) == 0 {
				continue
			}
			one.starts = append(names.SearchWhole(token), emailSign+strings.ToLower(token))
			for _, spellings := range parts {
				if len(parts) > 1 {
					one.all = append(one.all, word{starts: spellings})
				}
			}
		}
		words = append(words, one)
	}
	return words
}

// phones gives what the digits of a number on file begin with, of a number as people begin to type it: with the country before it or without.
func phones(token, digits string) []string {
	switch {
	case strings.HasPrefix(strings.TrimLeft(token, "("), "+"):
		return []string{phoneSign + digits}
	case strings.HasPrefix(digits, "00"):
		return []string{phoneSign + digits[2:]}
	case strings.HasPrefix(digits, "0"):
		return []string{phoneSign + "31" + digits[1:], phoneSign + "32" + digits[1:], phoneSign + "49" + digits[1:]}
	}
	return []string{phoneSign + "31" + digits, phoneSign + digits}
}

// best is the best place at which a word was found in a home; rank none if it was not.
type best struct {
	rank  uint8
	thing models.RowID
}

const none = 255

// all gives the families in which all words are found.
func (x *Index) all(words []word) []Hit {
	found := make([][]best, len(words))
	for i := range words {
		found[i] = x.one(&words[i])
	}
	var hits []Hit
homes:
	for place, home := range x.homes {
		hit := Hit{Household: home}
		for i := range words {
			at := found[i][place]
			if at.rank == none {
				continue homes
			}
			hit.Rank += int(at.rank)
		}
		for i := range words {
			reason := Reason{fields[found[i][place].rank], found[i][place].thing}
			if !slices.Contains(hit.Reasons, reason) {
				hit.Reasons = append(hit.Reasons, reason)
			}
		}
		hits = append(hits, hit)
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(a.Rank, b.Rank) })
	return hits
}

// one gives for each home where a word is found in it.
func (x *Index) one(sought *word) []best {
	at := make([]best, len(x.homes))
	for i := range at {
		at[i].rank = none
	}
	for _, start := range sought.starts {
		x.each(start, func(home int32, found *find) {
			if found.rank < at[home].rank {
				at[home] = best{found.rank, found.thing}
			}
		})
	}
	if len(sought.all) == 0 {
		return at
	}
	parts := make([][]best, len(sought.all))
	for i := range sought.all {
		parts[i] = x.one(&sought.all[i])
	}
	for home := range at {
		worst := parts[0][home]
		for _, part := range parts[1:] {
			if part[home].rank > worst.rank {
				worst = part[home]
			}
		}
		if worst.rank < at[home].rank {
			at[home] = worst
		}
	}
	return at
}

// each calls a function for each home at which a word with a beginning stands.
func (x *Index) each(start string, visit func(home int32, found *find)) {
	first, _ := slices.BinarySearch(x.words, start)
	for i := first; i < len(x.words) && strings.HasPrefix(x.words[i], start); i++ {
		for at := x.from[i]; at < x.from[i+1]; at++ {
			found := &x.finds[at]
			if field := fields[found.rank]; field != FieldGroup && field != FieldTeacher {
				visit(found.of, found)
				continue
			}
			for _, home := range x.clusters[found.of] {
				visit(home, found)
			}
		}
	}
}
