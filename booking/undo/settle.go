package undo

import (
	"bytes"
	"maps"
	"slices"

	"github.com/ouderavond/ouderavond/models"
)

// settle takes out, until nothing is left to take out, what cannot go because something names it that stays, and what cannot come back because what it names does not.
func (p *plan) settle() {
	for changed := true; changed; {
		changed = p.wholly()
		changed = p.settleAdds() || changed
		changed = p.settleTakes() || changed
		changed = p.settleHomes() || changed
	}
}

// settleAdds takes out what would come back without what it belongs to.
func (p *plan) settleAdds() (changed bool) {
	for _, at := range slices.SortedFunc(maps.Keys(p.adds), comparePlaces) {
		row := p.adds[at]
		if row == nil {
			continue
		}
		refused := slices.ContainsFunc(named(at.table, row), func(of place) bool { return !p.there(of) })
		if at.table == "pupils" {
			refused = refused || p.keyTaken(at)
		}
		if at.table == "guardians" {
			refused = refused || p.double(at, row)
		}
		if refused {
			p.drop(at, row)
			changed = true
		}
	}
	return changed
}

// there reports whether a row is there afterwards.
func (p *plan) there(of place) bool {
	_, present := p.now.at(of)
	return p.adds[of] != nil || present && !p.takes[of]
}

// keyTaken reports whether somebody else has the number of a pupil who would come back.
func (p *plan) keyTaken(pupil place) bool {
	for _, at := range p.keys[pupil.key] {
		row, there := p.now.at(at)
		if !there || idOf(row.Image, "Subject") == pupil.key {
			continue
		}
		details, changed := p.of.changed[at]
		if !changed || !bytes.Equal(p.tx.FieldHash(at.table, []byte(at.key), "Subject", row.Image["Subject"]), details.After["Subject"]) {
			return true
		}
	}
	return false
}

// keysBefore are the keys that something had before the import, and lost by it, by the id of the thing.
func keysBefore(of *record) map[string][]place {
	keys := map[string][]place{}
	note := func(at place, before models.RowImage) {
		if at.table == "external_keys" {
			subject := idOf(before, "Subject")
			keys[subject] = append(keys[subject], at)
		}
	}
	for at, before := range of.deleted {
		note(at, before)
	}
	for at, details := range of.changed {
		note(at, details.Before)
	}
	return keys
}

// double reports whether a household has a guardian of the same name already, whom somebody entered or a later import brought.
func (p *plan) double(at place, row models.RowImage) bool {
	if textOf(row, "Details.name") == "" {
		return false
	}
	for key, other := range p.now[at.table] {
		of := place{at.table, key}
		_, own := p.of.added[of]
		since := own || p.of.newer[of] || string(other.Image["FromRoster"]) == "false"
		if !p.takes[of] && since && set(at.table, other.Image) == set(at.table, row) {
			return true
		}
	}
	return false
}

// settleTakes takes out what cannot go: something that stays names it, or it is part of something that the import added and that stays.
func (p *plan) settleTakes() (changed bool) {
	if len(p.takes) == 0 {
		return false
	}
	stays := func(at place, row models.RowImage) {
		if slices.Contains(mere, at.table) {
			return
		}
		for _, of := range named(at.table, row) {
			if p.takes[of] {
				delete(p.takes, of)
				kept, _ := p.now.at(of)
				p.stay(of, kept.Image, "")
				changed = true
			}
		}
	}
	p.now.each(p.tx.RecordedTables(), func(at place, row models.RowImage) {
		if p.takes[at] {
			return
		}
		if given := p.given(at); given != nil {
			row = given
		}
		stays(at, row)
	})
	for at, row := range p.adds {
		stays(at, row)
	}
	for at := range p.takes {
		row, _ := p.now.at(at)
		for _, of := range named(at.table, row.Image) {
			if _, own := p.of.added[of]; own && !p.takes[of] && !slices.Contains(mere, at.table) {
				delete(p.takes, at)
				p.hold(at, row.Image)
				changed = true
				break
			}
		}
	}
	return changed
}

// given is what a changed row becomes as far as that is certain: of the fields that name other rows, those that still are as the import left them.
func (p *plan) given(at place) models.RowImage {
	details, changed := p.of.changed[at]
	row, there := p.now.at(at)
	if !changed || !there {
		return nil
	}
	image := maps.Clone(row.Image)
	for field, after := range details.After {
		if bytes.Equal(p.tx.FieldHash(at.table, []byte(at.key), field, row.Image[field]), after) {
			put(image, field, details.Before[field])
		}
	}
	return image
}

// settleHomes lets nobody be without a household: a pupil stays in the new one unless the former is there again, and who comes back without one does not come.
func (p *plan) settleHomes() (changed bool) {
	homes, homeless, lived := map[string]bool{}, map[string][]place{}, map[string]bool{}
	for key, row := range p.now["household_pupils"] {
		at := place{"household_pupils", key}
		pupil := idOf(row.Image, "PupilID")
		if !p.takes[at] {
			homes[pupil], lived[idOf(row.Image, "HouseholdID")] = true, true
		} else if !p.takes[place{"pupils", pupil}] {
			homeless[pupil] = append(homeless[pupil], at)
		}
	}
	for at, row := range p.adds {
		if at.table == "household_pupils" {
			homes[idOf(row, "PupilID")], lived[idOf(row, "HouseholdID")] = true, true
		}
	}
	for pupil, moved := range homeless {
		if homes[pupil] {
			continue
		}
		for _, at := range moved {
			row, _ := p.now.at(at)
			delete(p.takes, at)
			p.stay(at, row.Image, "")
			p.hold(at, row.Image)
			changed = true
		}
	}
	for at, row := range p.adds {
		if at.table == "pupils" && !homes[at.key] || at.table == "households" && !lived[at.key] {
			p.drop(at, row)
			changed = true
		}
	}
	return changed
}

// wholly leaves the sets as they are of which something was changed since: what the import added to them is gone or another by now, or a later import added more.
func (p *plan) wholly() (changed bool) {
	for at := range p.of.added {
		if p.takes[at] {
			continue
		}
		if row, there := p.now.at(at); there {
			p.broken[place{at.table, set(at.table, row.Image)}] = true
		} else if at.table == "household_pupils" || at.table == "pupil_groups" {
			p.broken[place{at.table, pupilIn(at)}] = true
		}
	}
	for at := range p.of.newer {
		if row, there := p.now.at(at); there {
			p.broken[place{at.table, set(at.table, row.Image)}] = true
		}
	}
	for at, row := range p.adds {
		if name := set(at.table, row); name != "" && p.broken[place{at.table, name}] && !p.comes(at, row) {
			p.drop(at, row)
			changed = true
		}
	}
	for at := range p.takes {
		row, _ := p.now.at(at)
		if name := set(at.table, row.Image); name != "" && p.broken[place{at.table, name}] && !p.goes(at, row.Image) {
			delete(p.takes, at)
			p.stay(at, row.Image, "")
			p.hold(at, row.Image)
			changed = true
		}
	}
	return changed
}

// goes reports whether a row is about a pupil who goes.
func (p *plan) goes(at place, row models.RowImage) bool {
	return slices.ContainsFunc(named(at.table, row), func(of place) bool { return of.table == "pupils" && p.takes[of] })
}
