package roster

import (
	"github.com/ouderavond/ouderavond/api/trail"
	"github.com/ouderavond/ouderavond/models"
)

// Previews and outcomes of imports name pupils by the school's own keys, since many have no row yet, or none any more: who cannot be found by the key is counted only.

// persons are the pupils whom a change names.
func (c rosterChange) persons() []models.Person {
	var keys []string
	for _, list := range [][]pupilChange{c.Added, c.Changed, c.Gone, c.Adopted} {
		for _, one := range list {
			keys = append(keys, one.Key)
		}
	}
	for _, one := range c.Renumbered {
		keys = append(keys, one.From)
	}
	for _, one := range c.Unsure {
		keys = append(keys, one.Key)
	}
	return append(trail.Keyed(models.PersonPupil, keys...), keptPersons(models.PersonPupil, c.Kept)...)
}

// keptPersons are those of whom something is kept against files.
func keptPersons(kind models.PersonKind, list []keptBody) []models.Person {
	keys := make([]string, len(list))
	for i, one := range list {
		keys[i] = one.Key
	}
	return trail.Keyed(kind, keys...)
}

// persons are the pupils whom an import names.
func (v importView) persons() (persons []models.Person) {
	if v.Change != nil {
		persons = v.Change.persons()
	}
	for _, one := range v.Asked {
		if one.Given != "" {
			persons = append(persons, trail.Keyed(models.PersonPupil, one.Subject)...)
		}
	}
	return persons
}

// persons are the pupils and teachers whom an undo names.
func (b undoBody) persons() []models.Person {
	persons := b.Change.persons()
	for _, one := range b.Stays {
		persons = append(persons, trail.Keyed(models.PersonPupil, one.Key)...)
	}
	for _, one := range b.Talks {
		persons = append(persons, trail.Keyed(models.PersonPupil, one.Key)...)
		persons = append(persons, trail.Keyed(models.PersonStaff, make([]string, len(one.Teachers))...)...)
	}
	return persons
}
