package people

import (
	"slices"

	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/factor"
	"github.com/ouderavond/ouderavond/models/store"
)

// adultAge is the age from which a pupil decides (Dutch Civil Code, book 1, article 233).
const adultAge = 18

// importPupils adds and changes the pupils of the roster who are at the school; leavers are as if they were not in it.
func (w *importer) importPupils() error {
	w.settleClasses()
	who, err := w.identify()
	if err != nil {
		return err
	}
	w.note(who)
	for i := range w.roster.Pupils {
		row := &w.roster.Pupils[i]
		if !row.Active() || w.left[row] {
			continue
		}
		w.rows[row.Key] = row
		id := w.importPupil(row, who.found[row].pupil)
		w.pupils[row.Key], w.rowOf[id] = id, row
		w.present[id] = true
	}
	w.scope = w.scopeOf(w.request, w.hold)
	w.holdPupils()
	insertLater(w, &w.newPupils)
	insertLater(w, &w.newMembers)
	return nil
}

func (w *importer) importPupil(row *roster.Pupil, present *models.Pupil) models.PupilID {
	if present == nil {
		pupil := &models.Pupil{ID: models.New[models.PupilID](), Arrangement: models.ArrangementEach, CreatedAt: w.tx.Now()}
		pupil.Details.ParentsMayBook = true
		w.fill(pupil, row)
		w.filled[pupil.ID] = pupil
		w.change.Added = append(w.change.Added, PupilChange{Key: row.Key, Given: row.Given})
		w.newPupils.add(pupil)
		w.keyed(models.SubjectPupil, row.Key, pupil.ID)
		w.addOtherGroups(pupil.ID, row)
		return pupil.ID
	}
	changed := *present
	w.fill(&changed, row)
	w.keepUntold(present, &changed)
	w.keepOverrides(present, &changed, row)
	w.keepHeld(present, &changed)
	if present.Details.ByHand {
		changed.Details.ByHand = false
		w.change.Adopted = append(w.change.Adopted, PupilChange{Key: row.Key, Given: row.Given})
	}
	w.countErased(present, &changed)
	w.filled[present.ID] = &changed
	fields := changedFields(present, &changed)
	if !w.told[otherGroups] && w.otherGroupsDiffer(present.ID, row) {
		w.untold[otherGroups] = true
	}
	if w.told[otherGroups] && w.otherGroupsDiffer(present.ID, row) {
		fields = append(fields, "groups")
		w.later(func(tx *store.Tx) error {
			_, err := store.Delete[models.PupilGroup](tx, store.Eq("pupil_id", present.ID))
			return err
		})
		w.addOtherGroups(present.ID, row)
	}
	if len(fields) == 0 {
		return present.ID
	}
	w.change.Changed = append(w.change.Changed, PupilChange{Key: row.Key, Given: row.Given, Fields: fields})
	updateLater(w, &changed, "state", "group_id", "year", "protected", "details", "factors")
	return present.ID
}

// fill puts the roster's values into a pupil: only the factors that the school's policy asks for are kept.
func (w *importer) fill(pupil *models.Pupil, row *roster.Pupil) {
	policy := w.request.policyOf(w.tx.School())
	pupil.State, pupil.Year, pupil.GroupID = models.PersonActive, row.Year, w.groups[row.GroupKey]
	pupil.Protected = pupil.Protected || row.Protected
	pupil.Details.Given, pupil.Details.Prefix, pupil.Details.Surname = row.Given, row.Prefix, row.Surname
	facts := factsOf(row)
	switch former := pupil.Details.Key; {
	case former == "", !row.KeyIsTemporary && looseNumber(former) != looseNumber(row.Key):
		pupil.Details.Key = row.Key
	case !row.KeyIsTemporary: // a number stays as it was written first: zeros in front come and go with spreadsheets
		numberIn(&facts, former)
	}
	pupil.Factors = factor.Kept(policy, facts)
	if pupil.Protected {
		pupil.Factors.Postcode = ""
	}
	// The day of coming of age tells the birth date, so it is kept only where it matters within a year.
	pupil.SetComesOfAge(adultFrom(row.BirthDate, w.today))
}

// adultFrom is the day from which somebody decides who may book; zero where that is not near.
func adultFrom(birth, today civil.Date) civil.Date {
	if adult := birth.AddYears(adultAge); !birth.IsZero() && adult.Before(today.AddYears(1)) {
		return adult
	}
	return civil.Date{}
}

// factsOf returns what a row of the roster says for log-in.
func factsOf(row *roster.Pupil) models.PupilFactors {
	facts := models.PupilFactors{Postcode: row.Postcode, BirthDate: row.BirthDate, CitizenLast4: row.CitizenLast4}
	for _, one := range factor.All {
		switch {
		case one.IsKey && !row.KeyIsTemporary:
			one.Put(&facts, row.Key)
		case len(one.Column) > 0:
			one.Put(&facts, row.Facts[string(one.Name)])
		}
	}
	return facts
}

// numberIn sets the factors that are the school's own number.
func numberIn(facts *models.PupilFactors, number string) {
	for _, one := range factor.All {
		if one.IsKey {
			one.Put(facts, number)
		}
	}
}

// keepOverrides keeps what was set by hand, and reports it where the file says something else.
func (w *importer) keepOverrides(present, changed *models.Pupil, row *roster.Pupil) {
	if w.overridden[present.ID.String()+"/protected"] {
		changed.Protected = row.Protected // whatever it was before, which fill lets stay
	}
	for field, access := range pupilFields {
		if !w.overridden[present.ID.String()+"/"+field] {
			continue
		}
		if access.get(changed) != access.get(present) {
			w.change.keep(keptOf(present, field))
		}
		access.copy(changed, present)
	}
	switch birth := changed.Factors.BirthDate; {
	case w.overridden[present.ID.String()+"/adult"]:
		if present.ComesOfAge() != changed.ComesOfAge() {
			w.change.keep(keptOf(present, "adult"))
		}
		changed.SetComesOfAge(present.ComesOfAge())
	case w.overridden[present.ID.String()+"/"+string(models.FactorBirthDate)] && !birth.IsZero():
		changed.SetComesOfAge(adultFrom(birth, w.today))
	}
}

func keptOf(pupil *models.Pupil, field string) KeptValue {
	return KeptValue{pupil.Details.Key, pupil.Details.Given, field}
}

func changedFields(present, changed *models.Pupil) []string {
	var fields []string
	for field, access := range pupilFields {
		if access.get(present) != access.get(changed) {
			fields = append(fields, field)
		}
	}
	if present.State != changed.State {
		fields = append(fields, "state")
	}
	if present.Details.Key != changed.Details.Key {
		fields = append(fields, "key")
	}
	if present.Details.ByHand != changed.Details.ByHand {
		fields = append(fields, "added")
	}
	if present.ComesOfAge() != changed.ComesOfAge() || !present.Details.FormerAdultFrom.IsZero() {
		fields = append(fields, "adult_from")
	}
	slices.Sort(fields)
	return fields
}

// pupilField reaches one field of a pupil that a file or a person can set.
type pupilField struct {
	get  func(*models.Pupil) string
	copy func(to, from *models.Pupil)
}

// pupilFields are the fields of a pupil that a file or a person can set.
var pupilFields = withFactors(map[string]pupilField{
	"given":     {func(p *models.Pupil) string { return p.Details.Given }, func(to, from *models.Pupil) { to.Details.Given = from.Details.Given }},
	"prefix":    {func(p *models.Pupil) string { return p.Details.Prefix }, func(to, from *models.Pupil) { to.Details.Prefix = from.Details.Prefix }},
	"surname":   {func(p *models.Pupil) string { return p.Details.Surname }, func(to, from *models.Pupil) { to.Details.Surname = from.Details.Surname }},
	"group":     {func(p *models.Pupil) string { return p.GroupID.String() }, func(to, from *models.Pupil) { to.GroupID = from.GroupID }},
	"year":      {func(p *models.Pupil) string { return p.Year }, func(to, from *models.Pupil) { to.Year = from.Year }},
	"protected": {func(p *models.Pupil) string { return yesNo(p.Protected) }, func(to, from *models.Pupil) { to.Protected = from.Protected }},
})

// withFactors adds the fields that log-in compares.
func withFactors(fields map[string]pupilField) map[string]pupilField {
	for _, one := range factor.All {
		fields[string(one.Name)] = pupilField{
			func(p *models.Pupil) string { return one.Get(p.Factors) },
			func(to, from *models.Pupil) { one.Put(&to.Factors, one.Get(from.Factors)) },
		}
	}
	return fields
}

func yesNo(value bool) string {
	if value {
		return "yes"
	}
	return "no"
}

func (w *importer) otherGroups(row *roster.Pupil) []models.GroupID {
	var groups []models.GroupID
	for _, key := range row.OtherGroupKeys {
		if id, ok := w.groups[key]; ok && key != row.GroupKey && !slices.Contains(groups, id) {
			groups = append(groups, id)
		}
	}
	return groups
}

func (w *importer) otherGroupsDiffer(pupil models.PupilID, row *roster.Pupil) bool {
	wanted := w.otherGroups(row)
	present := slices.DeleteFunc(slices.Clone(w.people.GroupsOf(pupil)), func(id models.GroupID) bool {
		known, ok := w.people.Pupil(pupil)
		return ok && known.GroupID == id
	})
	slices.SortFunc(wanted, models.GroupID.Compare)
	slices.SortFunc(present, models.GroupID.Compare)
	return !slices.Equal(wanted, present)
}

func (w *importer) addOtherGroups(pupil models.PupilID, row *roster.Pupil) {
	for _, group := range w.otherGroups(row) {
		w.newMembers.add(&models.PupilGroup{PupilID: pupil, GroupID: group})
	}
}

// removeGone takes away the pupils whom the roster no longer has: their coming talks are cancelled, and everything kept of them goes.
func (w *importer) removeGone() error {
	gone := map[models.PupilID]bool{}
	for _, pupil := range w.people.Pupils() {
		if pupil.State != models.PersonActive || w.present[pupil.ID] || pupil.Details.ByHand || w.held[pupil.ID] {
			continue
		}
		w.gone, gone[pupil.ID] = append(w.gone, pupil), true
		w.change.Gone = append(w.change.Gone, PupilChange{Key: pupil.Details.Key, Given: pupil.Details.Given})
	}
	if len(gone) == 0 {
		return nil
	}
	w.memberships = slices.DeleteFunc(w.memberships, func(row models.HouseholdPupil) bool { return gone[row.PupilID] })
	w.later(func(tx *store.Tx) error { return EraseLeavers(tx, w.gone) })
	return nil
}
