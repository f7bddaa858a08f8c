package people

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/factor"
)

// A file that says nothing of a field takes nothing away: a column that is missing, that was mapped away, or that is empty throughout is a column that somebody did
// not export, and not the news that nobody has a birth date any more. A field that some rows have and others have lost is taken as it is, but if that is more than
// a few of those who had it, it is asked first.

// Above these, an import that empties a field must be told that it may.
const (
	erasedShare = 20 // one in twenty of those who had it
	erasedLeast = 3
)

// The names of what is told of guardians. Those of pupils are the fields of pupilFields, and otherGroups.
const (
	otherGroups   = "groups"
	toldGuardians = "guardians"
	toldNames     = "guardian_name"
	toldEmails    = "guardian_email"
	toldPhones    = "guardian_phone"
	toldTeachings = "teachings"
	// ownPostcode counts the households whose own postcode, which is none of their pupils', an import takes away.
	ownPostcode = "household_postcode"
)

// toldFields returns the fields that at least one of the pupils who are at the school has in the roster.
func toldFields(read *roster.Roster) map[string]bool {
	told := map[string]bool{"given": true, "surname": true, "protected": true}
	tell := func(field string, said bool) { told[field] = told[field] || said }
	for i := range read.Pupils {
		row := &read.Pupils[i]
		if !row.Active() {
			continue
		}
		tell("prefix", row.Prefix != "")
		tell("group", row.GroupKey != "")
		tell("year", row.Year != "")
		tell(otherGroups, len(row.OtherGroupKeys) > 0)
		facts := factsOf(row)
		for _, one := range factor.All {
			tell(string(one.Name), one.Get(facts) != "")
		}
		for _, guardian := range row.Guardians {
			tell(toldGuardians, true)
			tell(toldNames, guardian.Name != "")
			tell(toldEmails, guardian.Email != "")
			tell(toldPhones, mobileOf(guardian) != "")
		}
	}
	return told
}

// settleClasses takes back that the first of a pupil's other groups is the class, where the school has classes and the files name none of them: then the column of
// classes is missing.
func (w *importer) settleClasses() {
	named := map[models.GroupID]bool{}
	for _, id := range w.groups {
		named[id] = true
	}
	inClass := false
	for _, pupil := range w.people.Pupils() {
		if named[pupil.GroupID] {
			return
		}
		inClass = inClass || !pupil.GroupID.IsZero()
	}
	guessed := map[string]bool{}
	for i := range w.roster.Pupils {
		if row := &w.roster.Pupils[i]; inClass && row.GroupIsGuessed {
			guessed[row.GroupKey] = true
			row.OtherGroupKeys = append([]string{row.GroupKey}, row.OtherGroupKeys...)
			row.GroupKey, row.GroupIsGuessed = "", false
		}
	}
	for i := range w.roster.Teachers {
		teacher := &w.roster.Teachers[i] // whoever teaches the class that the file does not name
		teacher.Groups = slices.DeleteFunc(teacher.Groups, func(tie roster.Teaching) bool { return guessed[tie.GroupKey] })
	}
	w.told = toldFields(w.roster)
}

// keepUntold gives back to a pupil what the files do not tell of anybody.
func (w *importer) keepUntold(present, changed *models.Pupil) {
	for field, access := range pupilFields {
		switch {
		case w.told[field]:
		case field == "prefix" && changed.Details.Surname != present.Details.Surname: // it may stand within the surname
		default:
			access.copy(changed, present)
			if access.get(present) != access.get(&models.Pupil{}) {
				w.untold[field] = true
			}
		}
	}
	// What the school does not ask any more is not kept for having been there.
	changed.Factors = factor.Kept(w.request.policyOf(w.tx.School()), changed.Factors)
	if changed.Protected {
		changed.Factors.Postcode = ""
	}
	if !w.told[string(models.FactorBirthDate)] {
		changed.SetComesOfAge(present.ComesOfAge())
		if birth := changed.Factors.BirthDate; !birth.IsZero() {
			changed.SetComesOfAge(adultFrom(birth, w.today))
		}
	}
}

// countErased counts the fields that a pupil had, and those that the import empties.
func (w *importer) countErased(present, changed *models.Pupil) {
	for field, access := range pupilFields {
		empty := access.get(&models.Pupil{})
		_, isFactor := factor.Find(models.Factor(field))
		if isFactor && !w.request.policyOf(w.tx.School()).Keeps(models.Factor(field)) || field == string(models.FactorPostcode) && changed.Protected || access.get(present) == empty {
			continue
		}
		w.had[field]++
		if access.get(changed) == empty {
			w.erased(field, 1)
		}
	}
}

func (w *importer) erased(field string, count int) {
	if count == 0 {
		return
	}
	if w.change.Erased == nil {
		w.change.Erased = map[string]int{}
	}
	w.change.Erased[field] += count
}

// mayErase refuses an import that empties a field of more than a few who had it.
func (w *importer) mayErase() error {
	worst := ""
	for _, field := range slices.Sorted(maps.Keys(w.change.Erased)) {
		if w.erasesMany(field) && (worst == "" || w.change.Erased[field] > w.change.Erased[worst]) {
			worst = field
		}
	}
	if worst == "" {
		return nil
	}
	return errs.New(errs.Conflict, "import.erases-many").With("field", worst).With("erased", fmt.Sprint(w.change.Erased[worst])).With("present", fmt.Sprint(w.had[worst]))
}

// erasesMany reports whether a field is emptied of more than a few who had it.
func (w *importer) erasesMany(field string) bool {
	count := w.change.Erased[field]
	return count > erasedLeast && count*erasedShare > w.had[field]
}

// keepHeld restores the fields of a pupil that must not be emptied.
func (w *importer) keepHeld(present, changed *models.Pupil) {
	for field := range w.hold.fields {
		if access, ok := pupilFields[field]; ok && access.get(changed) == access.get(&models.Pupil{}) {
			access.copy(changed, present)
		}
	}
}

// completed gives a guardian of the file what the files tell of no guardian at all, from the one that is there.
func (w *importer) completed(entry guardianKey, present []guardianKey) guardianKey {
	for _, known := range present {
		same := entry.name != "" && entry.name == known.name || !w.told[toldNames] && (entry.email != "" && entry.email == known.email || entry.phone != "" && entry.phone == known.phone)
		if !same {
			continue
		}
		for field, values := range map[string]struct{ to, from *string }{
			toldNames: {&entry.name, &known.name}, toldEmails: {&entry.email, &known.email}, toldPhones: {&entry.phone, &known.phone},
		} {
			if !w.told[field] && *values.from != "" {
				*values.to = cmp.Or(*values.to, *values.from)
				w.untold[field] = true
			}
		}
		entry.emailShared = entry.emailShared || entry.email == known.email && known.emailShared
		entry.phoneShared = entry.phoneShared || entry.phone == known.phone && known.phoneShared
		return entry
	}
	return entry
}

// countContacts counts the households that had an e-mail address or a number on file, and those that the import leaves without one.
func (w *importer) countContacts(present, wanted []guardianKey) {
	for field, of := range map[string]func(guardianKey) string{
		toldEmails: func(key guardianKey) string { return key.email }, toldPhones: func(key guardianKey) string { return key.phone },
	} {
		have := func(keys []guardianKey) map[models.HouseholdID]bool {
			homes := map[models.HouseholdID]bool{}
			for _, key := range keys {
				if of(key) != "" {
					homes[key.household] = true
				}
			}
			return homes
		}
		before, after := have(present), have(wanted)
		lost := 0
		for home := range before {
			if !after[home] {
				lost++
			}
		}
		w.had[field] = len(before)
		w.erased(field, lost)
	}
}
