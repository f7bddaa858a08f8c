package sample

import (
	"strings"
	"unicode/utf8"
)

// surname is a family's name with its prefix apart.
type surname struct{ prefix, name string }

// nameLists is a lexicon taken apart.
type nameLists struct {
	given    map[Sex][]string
	surnames []surname
	dutch    int
}

// catalog is all names, ready to be picked from.
type catalog struct {
	lists   []nameLists
	weights []int
	adults  []string
}

// dutch is the place of the Dutch names in the catalog.
const dutch = 0

func newCatalog() catalog {
	c := catalog{adults: strings.Fields(dutchAdults)}
	for _, l := range lexicons {
		c.weights = append(c.weights, l.perMille)
		c.lists = append(c.lists, nameLists{
			given:    map[Sex][]string{Girl: strings.Fields(l.girls), Boy: strings.Fields(l.boys)},
			surnames: parseSurnames(l.surnames),
			dutch:    l.dutch,
		})
	}
	return c
}

func parseSurnames(lines []string) []surname {
	var all []surname
	for _, line := range lines {
		prefix, names, _ := strings.Cut(line, "|")
		for _, name := range strings.Fields(names) {
			all = append(all, surname{prefix, name})
		}
	}
	return all
}

// culture picks the names' origin for a family.
func (c catalog) culture(d dice) int { return d.weighted(c.weights) }

// surname picks a family name.
func (c catalog) surname(d dice, culture int) surname {
	list := c.lists[culture].surnames
	return list[d.early(len(list))]
}

// otherSurname picks a family name that differs from those given.
func (c catalog) otherSurname(d dice, culture int, not ...surname) surname {
	for range 20 {
		s := c.surname(d, culture)
		if !contains(not, s) {
			return s
		}
	}
	// A short list may hold nothing else; Dutch names are many.
	for _, s := range c.lists[dutch].surnames {
		if !contains(not, s) {
			return s
		}
	}
	return surname{name: "Anders"}
}

func contains(list []surname, s surname) bool {
	for _, other := range list {
		if strings.EqualFold(other.name, s.name) {
			return true
		}
	}
	return false
}

// child picks a given name for a child.
func (c catalog) child(d dice, culture int, sex Sex) string {
	if d.chance(c.lists[culture].dutch) {
		culture = dutch
	}
	list := c.lists[culture].given[sex]
	return list[d.early(len(list))]
}

// frequent is how many names at the head of a Dutch list count as frequent: two strangers may well bear the same.
const frequent = 30

func (c catalog) frequentSurname(d dice) surname { return c.lists[dutch].surnames[d.IntN(frequent)] }

func (c catalog) frequentGiven(d dice, sex Sex) string {
	return c.lists[dutch].given[sex][d.IntN(frequent)]
}

// adult picks a given name for a teacher.
func (c catalog) adult(d dice, culture int) string {
	list := c.adults
	if culture != dutch {
		list = c.lists[culture].given[Sex(d.between(1, 2))]
	}
	return list[d.IntN(len(list))]
}

// double joins two family names into one as married people and, since 2024, children in the Netherlands may bear them.
func (s surname) double(other surname, join string) surname {
	return surname{s.prefix, s.name + join + joinName(other.prefix, other.name)}
}

const letters = "ABCDEFGHIJKLMNPRSTVWYZ"

// initials makes up to three initials, the first from the given name; an empty given name leaves all to chance.
func initials(d dice, given string) string {
	first, _ := utf8.DecodeRuneInString(given)
	text := string(first)
	if given == "" {
		text = letter(d)
	}
	for n := d.weighted([]int{5, 4, 1}); n > 0; n-- {
		text += letter(d)
	}
	return text
}

func letter(d dice) string {
	at := d.IntN(len(letters))
	return letters[at : at+1]
}

// dotted writes initials with dots: "MJ" as "M.J.".
func dotted(initials string) string {
	var b strings.Builder
	for _, r := range initials {
		b.WriteRune(r)
		b.WriteByte('.')
	}
	return b.String()
}
