package undo

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/ouderavond/ouderavond/booking/byhand"
	"github.com/ouderavond/ouderavond/booking/consequences"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/eraser"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/factor"
)

// moves are the pupils who live in another household afterwards.
func (p *plan) moves() (moves []household.Move) {
	from := map[string]string{}
	for at := range p.takes {
		if at.table == "household_pupils" && !p.takes[place{"pupils", at.key[16:]}] {
			from[at.key[16:]] = at.key[:16]
		}
	}
	for _, at := range slices.SortedFunc(maps.Keys(p.adds), comparePlaces) {
		left, moved := from[lives(at)]
		if at.table != "household_pupils" || !moved {
			continue
		}
		move := household.Move{From: models.HouseholdID([]byte(left)), To: models.HouseholdID([]byte(at.key[:16]))}
		pupil := models.PupilID([]byte(at.key[16:]))
		if i := slices.IndexFunc(moves, func(one household.Move) bool { return one.From == move.From && one.To == move.To }); i >= 0 {
			moves[i].Pupils = append(moves[i].Pupils, pupil)
			continue
		}
		move.Pupils = []models.PupilID{pupil}
		moves = append(moves, move)
	}
	return moves
}

// after is the roster as it will be, as far as offers go by it.
func (p *plan) after() (*directory.Directory, error) {
	var made directory.Rows
	for table, into := range map[string]func(models.RowImage) error{
		"pupils":       appendTo(&made.Pupils),
		"pupil_groups": appendTo(&made.PupilGroups),
		"groups":       appendTo(&made.Groups),
		"staff":        appendTo(&made.Staff),
		"teachings":    appendTo(&made.Teachings),
	} {
		for _, key := range sortedKeys(p.now[table]) {
			at := place{table, key}
			row := p.now[table][key].Image
			if set := p.sets[at]; set != nil {
				row = set.image
			}
			if p.takes[at] || p.goes(at, row) {
				continue
			}
			if err := into(row); err != nil {
				return nil, err
			}
		}
		for _, at := range slices.SortedFunc(maps.Keys(p.adds), comparePlaces) {
			if at.table != table {
				continue
			}
			if err := into(p.adds[at]); err != nil {
				return nil, err
			}
		}
	}
	return directory.New(made), nil
}

func appendTo[T any](list *[]T) func(models.RowImage) error {
	return func(image models.RowImage) error {
		var row T
		err := image.Into(&row)
		*list = append(*list, row)
		return err
	}
}

// touched decides what the change does to the talks that are booked.
func (p *plan) touched(after *directory.Directory) ([]consequences.Talk, error) {
	now := consequences.Roster{}
	var err error
	if now.People, err = p.tx.Directory(); err != nil {
		return nil, err
	}
	if now.Programme, err = p.tx.Programme(); err != nil {
		return nil, err
	}
	coming, err := people.TalksToCome(p.tx)
	if err != nil {
		return nil, err
	}
	moved := map[models.HouseholdID][]models.PupilID{}
	for _, move := range p.moves() {
		moved[move.From] = append(moved[move.From], move.Pupils...)
	}
	return consequences.Of(now, consequences.Change{After: after, Moved: moved}, coming), nil
}

// write carries the plan out. What is to be free for others goes first, what others need comes before them, and what others named goes last.
func (p *plan) write() error {
	for _, step := range []func() error{p.clearCodes, p.takeParts, p.addAll, p.setAll, p.rehouse, p.takePupils, p.returned, p.takeOthers} {
		if err := step(); err != nil {
			return err
		}
	}
	_, err := household.DropEmpty(p.tx)
	return err
}

// clearCodes takes family codes from households that got them by the import, before the former ones have them again.
func (p *plan) clearCodes() error {
	for _, at := range slices.SortedFunc(maps.Keys(p.sets), comparePlaces) {
		one := p.sets[at]
		code := one.image["FamilyCodeIndex"]
		if at.table != "households" || !slices.Contains(one.fields, "FamilyCodeIndex") || len(code) > 0 && string(code) != "null" {
			continue
		}
		if err := p.tx.SetBack(at.table, one.image, one.fields); err != nil {
			return err
		}
		delete(p.sets, at)
	}
	return nil
}

// last are the tables whose rows go last, each with what goes with its rows.
var last = []string{"pupils", "households", "groups", "staff"}

// takeParts deletes what was added, but for what goes with a pupil or a household that goes.
func (p *plan) takeParts() error {
	tables, leaving := p.tx.RecordedTables(), map[string]bool{}
	for _, row := range p.now["household_pupils"] {
		if p.takes[place{"pupils", idOf(row.Image, "PupilID")}] {
			leaving[idOf(row.Image, "HouseholdID")] = true
		}
	}
	slices.Reverse(tables)
	for _, table := range tables {
		if slices.Contains(last, table) {
			continue
		}
		for _, at := range slices.SortedFunc(maps.Keys(p.takes), comparePlaces) {
			row, _ := p.now.at(at)
			with := func(of place) bool { // a family that goes is told first
				return p.takes[of] && (of.table == "pupils" || leaving[of.key] && at.table != "household_pupils")
			}
			if at.table != table || slices.ContainsFunc(named(at.table, row.Image), with) {
				continue
			}
			if err := p.tx.TakeBack(at.table, at.key); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *plan) addAll() error {
	for _, table := range p.tx.RecordedTables() {
		for _, at := range slices.SortedFunc(maps.Keys(p.adds), comparePlaces) {
			if at.table != table {
				continue
			}
			image, err := p.asKept(at, p.adds[at])
			if err != nil {
				return err
			}
			if err := p.tx.PutBack(at.table, image); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *plan) setAll() error {
	for _, at := range slices.SortedFunc(maps.Keys(p.sets), comparePlaces) {
		one := p.sets[at]
		image, err := p.asKept(at, one.image)
		if err != nil {
			return err
		}
		if err := p.tx.SetBack(at.table, image, one.fields); err != nil {
			return err
		}
	}
	return nil
}

// asKept is a row as the school keeps it now: only the factors of its policy, and nothing for a guardian who is told nothing meanwhile.
func (p *plan) asKept(at place, image models.RowImage) (models.RowImage, error) {
	switch at.table {
	case "pupils":
		return p.keptFactors(image)
	case "contacts":
		return p.silenced(image), nil
	}
	return image, nil
}

func (p *plan) keptFactors(image models.RowImage) (models.RowImage, error) {
	var pupil models.Pupil
	if err := image.Into(&pupil); err != nil {
		return nil, err
	}
	pupil.Factors = factor.Kept(p.tx.School().Policy, pupil.Factors)
	text, err := json.Marshal(pupil.Factors)
	if err != nil {
		return nil, err
	}
	factors := models.RowImage{}
	if err := json.Unmarshal(text, &factors); err != nil {
		return nil, err
	}
	kept := maps.Clone(image)
	maps.DeleteFunc(kept, func(field string, _ json.RawMessage) bool { return len(field) > 8 && field[:8] == "Factors." })
	for field, value := range factors {
		kept["Factors."+field] = value
	}
	return kept, nil
}

// silenced has a contact be told nothing if that was said of its guardian, or of the address itself, since.
func (p *plan) silenced(image models.RowImage) models.RowImage {
	home := idOf(image, "HouseholdID")
	names := []string{textOf(image, "Details.value")}
	guardian := place{"guardians", idOf(image, "GuardianID")}
	row := p.adds[guardian]
	if present, there := p.now.at(guardian); there {
		row = present.Image
	}
	names = append(names, textOf(row, "Details.name"), textOf(row, "Details.file_name"))
	for _, override := range p.now["overrides"] {
		for _, name := range names {
			if name == "" || idOf(override.Image, "Subject") != home || textOf(override.Image, "Field") != byhand.Uninformed(p.tx, name) {
				continue
			}
			silent := maps.Clone(image)
			silent["Suppressed"] = json.RawMessage("true")
			silent["SuppressedFor"], _ = json.Marshal(models.SuppressedUninformed)
			silent["SuppressedAt"], _ = json.Marshal(p.tx.Now())
			return silent
		}
	}
	return image
}

// takePupils takes away whom the import added, as it would one who leaves.
func (p *plan) takePupils() error {
	var gone []*models.Pupil
	roster, err := p.tx.Directory()
	if err != nil {
		return err
	}
	for _, at := range slices.SortedFunc(maps.Keys(p.takes), comparePlaces) {
		if at.table != "pupils" {
			continue
		}
		if pupil, ok := roster.Pupil(models.PupilID([]byte(at.key))); ok {
			gone = append(gone, pupil)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return people.EraseLeavers(p.tx, gone)
}

func (p *plan) rehouse() error {
	moves := p.moves()
	if len(moves) == 0 {
		return nil
	}
	_, err := household.Rehouse(p.tx, moves)
	return err
}

// returned notes who is there again, for restores.
func (p *plan) returned() error {
	kinds := map[string]models.ErasureKind{"pupils": models.ErasedPupil, "households": models.ErasedHousehold, "contacts": models.ErasedContact}
	for _, at := range slices.SortedFunc(maps.Keys(p.adds), comparePlaces) {
		kind, known := kinds[at.table]
		if !known {
			continue
		}
		if err := eraser.Returned(p.tx, kind, []byte(at.key)); err != nil {
			return err
		}
		if at.table != "contacts" {
			continue
		}
		var contact models.Contact
		if err := p.adds[at].Into(&contact); err != nil {
			return err
		}
		if err := eraser.Returned(p.tx, models.ErasedAddress, eraser.Address(p.tx, &contact)); err != nil {
			return err
		}
	}
	return nil
}

// takeOthers deletes the groups and teachers that were added, and households in which nobody ever was. Those that a family leaves go when it has been told.
func (p *plan) takeOthers() error {
	for _, at := range slices.SortedFunc(maps.Keys(p.takes), comparePlaces) {
		if at.table != "groups" && at.table != "staff" {
			continue
		}
		if err := p.tx.TakeBack(at.table, at.key); err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
	}
	return nil
}

// lives is the pupil of a row that says who lives where; empty of others.
func lives(at place) string {
	if at.table != "household_pupils" {
		return ""
	}
	return at.key[16:]
}
