package people

import (
	"maps"
	"slices"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/consequences"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/store"
)

// Consequences counts what an import means, or would mean, for what is booked at the moment.
type Consequences = consequences.Figures

// consequencesIn decides what the planned change does to the talks that are booked in a transaction.
func (w *importer) consequencesIn(tx *store.Tx) ([]consequences.Talk, error) {
	if w.change.Empty() {
		return nil, nil
	}
	plans, err := tx.Programme()
	if err != nil {
		return nil, err
	}
	coming, err := TalksToCome(tx)
	if err != nil || len(coming) == 0 {
		return nil, err
	}
	moved := map[models.HouseholdID][]models.PupilID{}
	for _, move := range w.moves {
		moved[move.From] = append(moved[move.From], move.Pupils...)
	}
	return consequences.Of(consequences.Roster{People: w.people, Programme: plans}, consequences.Change{After: w.after(), Moved: moved}, coming), nil
}

// Count puts talks that a change touches into figures, with the children who live elsewhere afterwards.
func Count(touched []consequences.Talk, moves []household.Move) Consequences {
	figures := consequences.Count(touched)
	left := map[models.HouseholdID]bool{}
	for _, move := range moves {
		left[move.From] = true
	}
	figures.LogInsEnd = len(left)
	return figures
}

// after is the roster as it will be, as far as offers go by it.
func (w *importer) after() *directory.Directory {
	gone := map[models.PupilID]bool{}
	for _, pupil := range w.gone {
		gone[pupil.ID] = true
	}
	var rows directory.Rows
	for _, pupil := range w.people.Pupils() {
		if filled, ok := w.filled[pupil.ID]; ok {
			pupil = filled
		}
		if gone[pupil.ID] {
			continue
		}
		rows.Pupils = append(rows.Pupils, *pupil)
		for _, group := range w.groupsAfter(pupil) {
			rows.PupilGroups = append(rows.PupilGroups, models.PupilGroup{PupilID: pupil.ID, GroupID: group})
		}
	}
	for _, staff := range w.people.AllStaff() {
		rows.Staff = append(rows.Staff, *staff)
	}
	known := map[models.StaffID]bool{}
	for _, staff := range rows.Staff {
		known[staff.ID] = true
	}
	groups := map[models.GroupID]bool{}
	for _, group := range w.people.Groups() {
		rows.Groups = append(rows.Groups, *group)
		groups[group.ID] = true
	}
	for _, id := range slices.Collect(maps.Values(w.staff)) {
		if !known[id] {
			known[id] = true
			rows.Staff = append(rows.Staff, models.Staff{ID: id, State: models.PersonActive})
		}
	}
	for _, id := range slices.Collect(maps.Values(w.groups)) {
		if !groups[id] {
			groups[id] = true
			rows.Groups = append(rows.Groups, models.Group{ID: id, State: models.PersonActive})
		}
	}
	for _, row := range w.teachings {
		if row.PupilID.IsZero() || !gone[row.PupilID] {
			rows.Teachings = append(rows.Teachings, row)
		}
	}
	return directory.New(rows)
}

// groupsAfter returns a pupil's groups beside the main one, after the import.
func (w *importer) groupsAfter(pupil *models.Pupil) []models.GroupID {
	if w.told[otherGroups] && w.present[pupil.ID] {
		for key, id := range w.pupils {
			if id == pupil.ID {
				return w.otherGroups(w.rows[key])
			}
		}
	}
	former, known := w.people.Pupil(pupil.ID)
	return slices.DeleteFunc(slices.Clone(w.people.GroupsOf(pupil.ID)), func(id models.GroupID) bool { return known && id == former.GroupID })
}

// tellingFamilies changes a pupil by hand within a transaction, and tells the families of talks that stand although the child has other teachers afterwards.
func tellingFamilies(tx *store.Tx, pupil models.PupilID, change func() error) error {
	coming, err := talksToCome(tx, store.Eq("pupil_id", pupil))
	if err != nil {
		return err
	}
	if len(coming) == 0 {
		return change()
	}
	before, err := rosterOf(tx)
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	after, err := tx.Directory()
	if err != nil {
		return err
	}
	return TellMovable(tx, consequences.Of(before, consequences.Change{After: after}, coming))
}

// rosterOf returns a school's roster and conferences as they are in a transaction.
func rosterOf(tx *store.Tx) (now consequences.Roster, err error) {
	if now.People, err = tx.Directory(); err == nil {
		now.Programme, err = tx.Programme()
	}
	return now, err
}

// TellMovable tells families of talks that stand although their child has other teachers now.
func TellMovable(tx *store.Tx, touched []consequences.Talk) error {
	var ids []models.AppointmentID
	for _, talk := range touched {
		if talk.Verdict == consequences.Movable {
			ids = append(ids, talk.Appointment.ID)
		}
	}
	rows, err := tx.Appointments(store.In("id", ids), store.Eq("state", models.AppointmentBooked))
	if err != nil || len(rows) == 0 {
		return err
	}
	plans, err := tx.Programme()
	if err != nil {
		return err
	}
	told := appointment.NewConfirmations()
	for i := range rows {
		row := &rows[i] // as it is now: it may have gone along to another household
		told.Add(row, row.BookingID, row.DayID, models.MessageChange{Act: models.ActKeep, Appointment: row.ID, Why: models.WhyClassChanged})
	}
	return told.Queue(tx, plans, appointment.ContactsIn(tx))
}
