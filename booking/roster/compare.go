package roster

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models/names"
)

// Difference is what a new roster changes in an old one. Only pupils at the school count: one who is a leaver in the new roster is gone. Lists are never
// nil and stand in the order of the new roster, what is gone in the order of the old one.
type Difference struct {
	Pupils   Changes `json:"pupils"`
	Groups   Changes `json:"groups"`
	Teachers Changes `json:"teachers"`
}

// Changes are the differences of one kind.
type Changes struct {
	Added     []string `json:"added"` // keys of the new roster
	Changed   []Change `json:"changed"`
	Gone      []string `json:"gone"` // keys of the old roster
	Unchanged int      `json:"unchanged"`
}

// Change is what differs in somebody or something that both rosters have.
type Change struct {
	Key    string   `json:"key"`     // in the new roster
	OldKey string   `json:"old_key"` // in the old one; differs for temporary keys and zeros in front
	Fields []string `json:"fields"`  // sorted names of what changed, never values
}

// Empty tells whether nothing was added, changed or lost.
func (d Difference) Empty() bool {
	for _, c := range []Changes{d.Pupils, d.Groups, d.Teachers} {
		if len(c.Added)+len(c.Changed)+len(c.Gone) > 0 {
			return false
		}
	}
	return true
}

// Compare tells what the new roster changes. Pupils are recognised by key, then by key without zeros in front; where one of the two has a temporary key,
// by name and birth date, or by name and group. A nil roster is an empty one.
func Compare(old, updated *Roster) Difference {
	if old == nil {
		old = &Roster{}
	}
	if updated == nil {
		updated = &Roster{}
	}
	pupils := pairUp(active(old.Pupils), active(updated.Pupils), pupilNames)
	return Difference{
		Pupils:   pupils.changes(func(p Pupil) string { return p.Key }, pupilFields),
		Groups:   pairUp(old.Groups, updated.Groups, groupNames).changes(func(g Group) string { return g.Key }, groupFields),
		Teachers: pairUp(old.Teachers, updated.Teachers, teacherNames).changes(func(t Teacher) string { return t.Key }, teacherFields),
	}
}

func active(pupils []Pupil) []Pupil {
	var found []Pupil
	for _, p := range pupils {
		if p.Active() {
			found = append(found, p)
		}
	}
	return found
}

// The names under which two entries are recognised, strongest first. An empty name is none.

func pupilNames(p Pupil) []string {
	person, name := personIdentity(&p), nameIdentity(&p)
	if p.KeyIsTemporary {
		found := []string{"", "", person + "\x00" + p.GroupKey, person, name + "\x00" + p.GroupKey, ""}
		if !p.BirthDate.IsZero() {
			found[numberGained] = "temporary " + person
		}
		return found
	}
	found := []string{"key " + p.Key, "loose " + names.StudentNumberLoose(p.Key), "", "", "", ""}
	if !p.BirthDate.IsZero() {
		found[numberGained] = "lasting " + person
	}
	return found
}

// numberGained is the last way to recognise pupils: one side has a temporary key and the other a lasting one, as when a school begins to export numbers.
const numberGained = 5

// otherSide turns the name of that way into the one that the partner has.
func otherSide(name string) string {
	if rest, ok := strings.CutPrefix(name, "temporary "); ok {
		return "lasting " + rest
	}
	if rest, ok := strings.CutPrefix(name, "lasting "); ok {
		return "temporary " + rest
	}
	return name
}

func groupNames(g Group) []string { return []string{"key " + g.Key} }

func teacherNames(t Teacher) []string {
	if t.KeyFromName {
		return []string{"", "key " + t.Key}
	}
	return []string{"key " + t.Key, ""}
}

// pairing is which old entry belongs to which new one.
type pairing[T any] struct {
	old, updated []T
	partner      map[int]int // new -> old
}

// pairUp pairs entries by their strongest name first. A name that several entries share pairs them in order if both sides have equally many of them, and
// nobody otherwise.
func pairUp[T any](old, updated []T, namesOf func(T) []string) pairing[T] {
	p := pairing[T]{old, updated, map[int]int{}}
	taken := map[int]bool{}
	for level := range numberGained + 1 {
		left, right := index(old, namesOf, level), index(updated, namesOf, level)
		for _, name := range slices.Sorted(maps.Keys(right)) {
			olds := slices.DeleteFunc(left[otherSide(name)], func(i int) bool { return taken[i] })
			news := slices.DeleteFunc(right[name], func(i int) bool { _, paired := p.partner[i]; return paired })
			if len(olds) != len(news) {
				continue
			}
			for k := range news {
				p.partner[news[k]] = olds[k]
				taken[olds[k]] = true
			}
		}
	}
	return p
}

func index[T any](items []T, namesOf func(T) []string, level int) map[string][]int {
	found := map[string][]int{}
	for i, item := range items {
		if all := namesOf(item); level < len(all) && all[level] != "" {
			found[all[level]] = append(found[all[level]], i)
		}
	}
	return found
}

func (p pairing[T]) changes(key func(T) string, fields func(old, updated T) []string) Changes {
	c := Changes{Added: []string{}, Changed: []Change{}, Gone: []string{}}
	kept := map[int]bool{}
	for i, item := range p.updated {
		at, paired := p.partner[i]
		if !paired {
			c.Added = append(c.Added, key(item))
			continue
		}
		kept[at] = true
		if changed := fields(p.old[at], item); len(changed) > 0 {
			c.Changed = append(c.Changed, Change{Key: key(item), OldKey: key(p.old[at]), Fields: changed})
		} else {
			c.Unchanged++
		}
	}
	for i, item := range p.old {
		if !kept[i] {
			c.Gone = append(c.Gone, key(item))
		}
	}
	return c
}

// differing returns the names of the pairs that differ, sorted.
func differing(pairs map[string][2]string) []string {
	var found []string
	for name, pair := range pairs {
		if pair[0] != pair[1] {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return found
}

func pupilFields(a, b Pupil) []string {
	return differing(map[string][2]string{
		"given": {a.Given, b.Given}, "prefix": {a.Prefix, b.Prefix}, "surname": {a.Surname, b.Surname},
		"birth_date": {a.BirthDate.String(), b.BirthDate.String()}, "postcode": {a.Postcode, b.Postcode},
		"house_number": {a.HouseNumber, b.HouseNumber}, "house_number_addition": {a.HouseNumberAddition, b.HouseNumberAddition},
		"citizen_last4": {a.CitizenLast4, b.CitizenLast4}, "year": {a.Year, b.Year}, "group": {a.GroupKey, b.GroupKey},
		"other_groups": {sorted(a.OtherGroupKeys), sorted(b.OtherGroupKeys)}, "teachers": {sorted(a.TeacherKeys), sorted(b.TeacherKeys)},
		"family_code": {a.FamilyCode, b.FamilyCode}, "guardians": {guardianText(a.Guardians), guardianText(b.Guardians)},
		"protected": {flag(a.Protected), flag(b.Protected)}, "key_is_temporary": {flag(a.KeyIsTemporary), flag(b.KeyIsTemporary)},
	})
}

func groupFields(a, b Group) []string {
	return differing(map[string][2]string{"name": {a.Name, b.Name}, "year": {a.Year, b.Year}, "composite": {flag(a.Composite), flag(b.Composite)}})
}

func teacherFields(a, b Teacher) []string {
	return differing(map[string][2]string{
		"given": {a.Given, b.Given}, "prefix": {a.Prefix, b.Prefix}, "surname": {a.Surname, b.Surname}, "display_name": {a.DisplayName, b.DisplayName},
		"email": {a.Email, b.Email}, "roles": {sorted(a.Roles), sorted(b.Roles)}, "groups": {teachingText(a.Groups), teachingText(b.Groups)},
	})
}

func flag(on bool) string {
	if on {
		return "yes"
	}
	return ""
}

func sorted[T ~string](list []T) string {
	var texts []string
	for _, item := range list {
		texts = append(texts, string(item))
	}
	slices.Sort(texts)
	return strings.Join(texts, "\x00")
}

func guardianText(list []Guardian) string {
	var texts []string
	for _, g := range list {
		texts = append(texts, strings.Join([]string{g.Name, g.Email, cmp.Or(g.PhoneE164, g.Phone)}, "\x01"))
	}
	return sorted(texts)
}

func teachingText(list []Teaching) string {
	var texts []string
	for _, t := range list {
		texts = append(texts, strings.Join([]string{t.GroupKey, t.Subject, sorted(t.Roles)}, "\x01"))
	}
	return sorted(texts)
}
