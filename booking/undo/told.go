package undo

import (
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/models"
)

// tableFields are what a row of a table is to people: who belongs to whom is a field of a pupil.
var tableFields = map[string]string{
	"pupils": "pupil", "groups": "group", "staff": "teacher", "teachings": "teacher", "pupil_groups": "groups", "households": "household", "household_pupils": "household",
	"guardians": "guardian", "guardian_pupils": "guardian", "contacts": "contact", "external_keys": "key", "offers": "offer",
}

// plainFields are the words for fields that are not called by them.
var plainFields = map[string]string{"GroupID": "group", "HouseholdID": "household", "StaffID": "teacher", "FamilyCodeIndex": "family_code", "Subject": "key", "FromRoster": "hand"}

// stay lists something that was changed since.
func (p *plan) stay(at place, row models.RowImage, field string) {
	name := tableFields[at.table]
	if _, after, sealed := strings.Cut(field, "."); sealed {
		name = after
	} else if word, known := plainFields[field]; known {
		name = word
	} else if field != "" {
		name = strings.ToLower(field)
	}
	if key := p.keyOf(at, row); key != "" && name != "" {
		p.stays[Stay{key, name}] = true
	}
}

// keyOf is the school's own key of whom a row is about: a pupil, a teacher, a group; of a household the first pupil's. Empty if there is none.
func (p *plan) keyOf(at place, row models.RowImage) string {
	switch at.table {
	case "pupils", "staff", "groups":
		return textOf(row, "Details.key")
	case "households":
		return p.pupilOf(at.key)
	}
	var home string
	for _, of := range named(at.table, row) {
		if of.table == "households" {
			home = of.key
			continue
		}
		if image := p.image(of); image != nil && (of.table == "pupils" || of.table == "groups" || at.table != "teachings") {
			if key := p.keyOf(of, image); key != "" {
				return key
			}
		}
	}
	return p.pupilOf(home)
}

// pupilOf is the key of the first pupil of a household; empty if nobody is in it.
func (p *plan) pupilOf(home string) (first string) {
	if home == "" {
		return ""
	}
	take := func(row models.RowImage) {
		if idOf(row, "HouseholdID") != home {
			return
		}
		if key := textOf(p.image(place{"pupils", idOf(row, "PupilID")}), "Details.key"); first == "" || key != "" && key < first {
			first = key
		}
	}
	for _, row := range p.now["household_pupils"] {
		take(row.Image)
	}
	for at, row := range p.of.deleted {
		if at.table == "household_pupils" {
			take(row)
		}
	}
	return first
}

// image is a row as it is, or as it was before the import.
func (p *plan) image(of place) models.RowImage {
	if row, there := p.now.at(of); there {
		return row.Image
	}
	return p.of.deleted[of]
}

// change tells what the plan does in the words of an import.
func (p *plan) change() people.RosterChange {
	var change people.RosterChange
	counts := map[string]*people.CountChange{
		"groups": &change.Groups, "staff": &change.Teachers, "teachings": &change.Teachings, "households": &change.Households, "guardians": &change.Contacts,
	}
	for at, row := range p.adds {
		switch {
		case at.table == "pupils":
			change.Added = append(change.Added, people.PupilChange{Key: textOf(row, "Details.key"), Given: textOf(row, "Details.given")})
		case at.table == "merge_suggestions":
			change.Suggestions++
		case counts[at.table] != nil:
			counts[at.table].Added++
		}
	}
	for at := range p.takes {
		row, _ := p.now.at(at)
		switch {
		case at.table == "pupils":
			change.Gone = append(change.Gone, people.PupilChange{Key: textOf(row.Image, "Details.key"), Given: textOf(row.Image, "Details.given")})
		case at.table == "merge_suggestions":
			change.Withdrawn++
		case counts[at.table] != nil:
			counts[at.table].Removed++
		}
	}
	for at, one := range p.sets {
		if counts[at.table] != nil {
			counts[at.table].Changed++
		}
		if at.table != "pupils" {
			continue
		}
		fields := []string{}
		for _, field := range one.fields {
			name := strings.ToLower(field)
			if _, after, sealed := strings.Cut(field, "."); sealed {
				name = after
			} else if word, known := plainFields[field]; known {
				name = word
			}
			fields = append(fields, name)
		}
		change.Changed = append(change.Changed, people.PupilChange{Key: textOf(one.image, "Details.key"), Given: textOf(one.image, "Details.given"), Fields: fields})
	}
	for _, list := range [][]people.PupilChange{change.Added, change.Gone, change.Changed} {
		slices.SortFunc(list, func(a, b people.PupilChange) int { return strings.Compare(a.Key+"\x00"+a.Given, b.Key+"\x00"+b.Given) })
	}
	change.Households.Changed += len(p.moves())
	return change
}

// digest names what the plan does and what it leaves.
func (p *plan) digest(change people.RosterChange) string {
	for _, stay := range p.list() {
		change.Kept = append(change.Kept, people.KeptValue{Key: stay.Key, Field: stay.Field})
	}
	return change.Digest(p.tx.School().RosterVersion, nil)
}

// list gives what stays, in order.
func (p *plan) list() []Stay {
	list := make([]Stay, 0, len(p.stays))
	for one := range p.stays {
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b Stay) int { return strings.Compare(a.Key+"\x00"+a.Field, b.Key+"\x00"+b.Field) })
	return list
}

// empty reports whether the plan does nothing.
func (p *plan) empty() bool { return len(p.adds)+len(p.takes)+len(p.sets) == 0 }
