package undo

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/booking/byhand"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// Stay is something that the import did and that stays, because it was changed since. Key is the school's own key of whom it is about.
type Stay struct{ Key, Field string }

// plan is what taking an import back does. It only reads.
type plan struct {
	tx  *store.Tx
	now rows
	of  *record

	adds  map[place]models.RowImage // rows that come back
	takes map[place]bool            // rows that go
	sets  map[place]*setting        // rows that get former values
	stays map[Stay]bool
	// held are the households in which something of a child that lives there stays, so that what moved with the child does.
	held map[string]bool
	busy map[place]bool // teachers and groups that conferences name
	// broken are the sets of which something has changed since: a set is taken back wholly or not at all.
	broken map[place]bool
	keys   map[string][]place // see keysBefore
}

type setting struct {
	image  models.RowImage // the whole row, as it becomes
	fields []string
}

func newPlan(tx *store.Tx, id models.RowID) (*plan, error) {
	of, err := recordOf(tx, id)
	if err != nil {
		return nil, err
	}
	p := &plan{
		tx: tx, of: of, adds: map[place]models.RowImage{}, takes: map[place]bool{}, sets: map[place]*setting{}, stays: map[Stay]bool{}, held: map[string]bool{}, busy: map[place]bool{},
		broken: map[place]bool{}, keys: keysBefore(of),
	}
	if p.now, err = rowsIn(tx); err != nil {
		return nil, err
	}
	if err := p.findBusy(); err != nil {
		return nil, err
	}
	p.compare()
	p.settle()
	p.values()
	return p, nil
}

// findBusy notes the teachers and groups that conferences name: they stay.
func (p *plan) findBusy() error {
	windows, err := store.List[models.Availability](p.tx)
	if err != nil {
		return err
	}
	for _, row := range windows {
		p.busy[place{"staff", string(row.StaffID[:])}] = true
	}
	blocks, err := store.List[models.Block](p.tx)
	if err != nil {
		return err
	}
	for _, row := range blocks {
		p.busy[place{"staff", string(row.StaffID[:])}] = true
	}
	talks, err := store.List[models.AppointmentStaff](p.tx)
	if err != nil {
		return err
	}
	for _, row := range talks {
		p.busy[place{"staff", string(row.StaffID[:])}] = true
	}
	accounts, err := store.List[models.Account](p.tx)
	if err != nil {
		return err
	}
	for _, row := range accounts {
		p.busy[place{"staff", string(row.StaffID[:])}] = true
	}
	days, err := store.List[models.Day](p.tx)
	for _, day := range days {
		for _, group := range day.Audience.Groups {
			p.busy[place{"groups", string(group[:])}] = true
		}
	}
	return err
}

// compare finds out which of the rows that the import added or deleted are still as it left them.
func (p *plan) compare() {
	for at, hash := range p.of.added {
		row, there := p.now.at(at)
		switch {
		case !there:
		case bytes.Equal(row.Hash, hash) && !p.busy[at]:
			p.takes[at] = true
		default:
			p.stay(at, row.Image, "")
		}
	}
	for at, before := range p.of.deleted {
		if row, there := p.now.at(at); there {
			if !same(row.Image, before) {
				p.stay(at, before, "")
			}
			continue
		}
		if p.comesBack(at, before) {
			p.adds[at] = before
		}
	}
}

// comesBack reports whether a row that was deleted may come back at all: nobody has its key, and what it refers to beside the roster is there.
func (p *plan) comesBack(at place, row models.RowImage) bool {
	switch at.table {
	case "contacts":
		return idOf(row, "MakerID") == "" && !p.removed(at, row) // what was typed went with who typed it
	case "guardians":
		return !p.removed(at, row)
	case "households":
		if code := row["FamilyCodeIndex"]; len(code) > 0 && string(code) != "null" {
			for _, other := range p.now["households"] {
				if bytes.Equal(other.Image["FamilyCodeIndex"], code) && p.of.changed[place{"households", other.Key}].After["FamilyCodeIndex"] == nil {
					row["FamilyCodeIndex"], row["Details.family_code"] = json.RawMessage("null"), json.RawMessage(`""`)
				}
			}
		}
	case "overrides", "merge_suggestions":
		unique := map[string][]string{"overrides": {"Kind", "Subject", "Field"}, "merge_suggestions": {"Members"}}[at.table]
		for key, other := range p.now[at.table] {
			if !p.takes[place{at.table, key}] && !slices.ContainsFunc(unique, func(field string) bool { return !bytes.Equal(other.Image[field], row[field]) }) {
				return false
			}
		}
	case "offers", "personal_links":
		_, err := store.Get[models.Conference](p.tx, models.ConferenceID([]byte(idOf(row, "ConferenceID"))))
		return err == nil
	}
	return true
}

// removed reports whether staff has taken a guardian or a contact away since.
func (p *plan) removed(at place, row models.RowImage) bool {
	var fields []string
	if at.table == "contacts" {
		value := textOf(row, "Details.value")
		fields = append(fields, byhand.RemovedContact(p.tx, value), byhand.RemovedGuardian(p.tx, value))
	}
	for _, name := range []string{textOf(row, "Details.name"), textOf(row, "Details.file_name")} {
		if at.table == "guardians" && name != "" {
			fields = append(fields, byhand.RemovedGuardian(p.tx, name))
		}
	}
	for _, override := range p.now["overrides"] {
		if idOf(override.Image, "Subject") == idOf(row, "HouseholdID") && slices.Contains(fields, textOf(override.Image, "Field")) {
			return true
		}
	}
	return false
}

// set tells of which set a row is one: who teaches a subject to a group, who lives where, whose guardians... A set is taken back wholly or not at all. Rows of other tables are none.
func set(table string, row models.RowImage) string {
	switch table {
	case "teachings":
		return idOf(row, "GroupID") + "/" + idOf(row, "PupilID") + "/" + textOf(row, "Role") + "/" + textOf(row, "Subject")
	case "pupil_groups", "household_pupils":
		return idOf(row, "PupilID")
	case "external_keys":
		return textOf(row, "Kind") + idOf(row, "Subject")
	case "contacts":
		if guardian := idOf(row, "GuardianID"); guardian != "" {
			return guardian + "/" + textOf(row, "Kind")
		}
	case "guardians":
		name := textOf(row, "Details.file_name")
		if name == "" {
			name = textOf(row, "Details.name")
		}
		return idOf(row, "HouseholdID") + "/" + strings.ToLower(name)
	}
	return ""
}

// pupilIn is the pupil in the key of a row that names one.
func pupilIn(at place) string {
	if at.table == "household_pupils" {
		return at.key[16:]
	}
	return at.key[:16]
}

// comes reports whether a row is about a pupil who comes back: then nothing that is there now can speak against it.
func (p *plan) comes(at place, row models.RowImage) bool {
	return slices.ContainsFunc(named(at.table, row), func(of place) bool { return of.table == "pupils" && p.adds[of] != nil })
}

func (p *plan) drop(at place, row models.RowImage) {
	delete(p.adds, at)
	p.broken[place{at.table, set(at.table, row)}] = true
	p.stay(at, row, "")
	p.hold(at, row)
}

func (p *plan) hold(at place, row models.RowImage) {
	if at.table == "household_pupils" {
		p.held[idOf(row, "HouseholdID")] = true
	}
}

// values finds the fields that get their former values.
func (p *plan) values() {
	for _, at := range slices.SortedFunc(maps.Keys(p.of.changed), comparePlaces) {
		details := p.of.changed[at]
		row, there := p.now.at(at)
		if !there {
			p.stay(at, details.Before, "")
			continue
		}
		image, fields := maps.Clone(row.Image), []string(nil)
		for _, field := range sortedKeys(details.After) {
			switch former, present := details.Before[field], row.Image[field]; {
			case bytes.Equal(former, present):
			case !bytes.Equal(p.tx.FieldHash(at.table, []byte(at.key), field, present), details.After[field]):
				p.stay(at, row.Image, field)
			case p.follows(at, field, row.Image, details.Before):
				p.stay(at, row.Image, field)
			default:
				put(image, field, former)
				fields = append(fields, field)
			}
		}
		if len(fields) == 0 {
			continue
		}
		if slices.ContainsFunc(named(at.table, image), func(of place) bool { return !p.there(of) }) {
			p.stay(at, row.Image, "")
			continue
		}
		p.sets[at] = &setting{image, fields}
	}
}

// follows reports whether a field follows a child to another household that the child stays in, so that it stays too.
func (p *plan) follows(at place, field string, present, before models.RowImage) bool {
	switch {
	case field == "HouseholdID":
		return p.held[idOf(present, field)] || p.held[idOf(before, field)]
	case at.table == "households" && (field == "FamilyCodeIndex" || field == "Details.family_code"):
		return p.held[at.key]
	}
	return false
}

// put sets a field of an image; a field that had no value has none again.
func put(image models.RowImage, field string, value json.RawMessage) {
	if value == nil {
		delete(image, field)
		return
	}
	image[field] = value
}

// same reports whether two rows say the same.
func same(a, b models.RowImage) bool {
	return maps.EqualFunc(a, b, func(x, y json.RawMessage) bool { return bytes.Equal(x, y) })
}

func comparePlaces(a, b place) int {
	if order := strings.Compare(a.table, b.table); order != 0 {
		return order
	}
	return strings.Compare(a.key, b.key)
}
