package storetest

import (
	"encoding/json"
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// sweptRecorded gives what the recorded tables hold, but for what is made with the school's own key.
func sweptRecorded(tx *store.Tx) (any, error) {
	all := map[string]int{}
	for _, table := range tx.RecordedTables() {
		rows, err := tx.RecordedRows(table)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			all[table+" "+string(row.Image["Details.key"])+string(row.Image["Year"])]++
		}
	}
	return all, nil
}

// sweptBack puts a group back, and takes it away again.
func sweptBack(tx *store.Tx) (any, error) {
	id := ID[models.GroupID]("back")
	err := tx.PutBack("groups", models.RowImage{"ID": json.RawMessage(`"` + id.String() + `"`), "State": json.RawMessage(`"active"`), "Details.key": json.RawMessage(`"back"`)})
	if err != nil {
		return nil, err
	}
	return nil, tx.TakeBack("groups", string(id[:]))
}

func dumpDirectory(people *directory.Directory, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	pupil, household := ID[models.PupilID]("pupil"), ID[models.HouseholdID]("household")
	names := []any{len(people.Pupils()), len(people.Groups()), len(people.AllStaff()), len(people.Households()), len(people.ByTypedName("Kwartel given 0 Kwartel surname 0"))}
	for _, one := range people.Pupils() {
		names = append(names, one.Details, one.Factors)
	}
	return append(names, people.GroupsOf(pupil), people.HouseholdsOf(pupil) != nil, people.Members(household), len(people.Guardians(household)), len(slices.Collect(people.Teachings(pupil)))), nil
}

func dumpProgramme(plans *programme.Programme, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	dump := []any{len(plans.Conferences()), len(plans.Rooms())}
	for _, conference := range plans.Conferences() {
		staff, day := ID[models.StaffID]("staff"), ID[models.DayID]("day")
		dump = append(dump, conference.Details, len(conference.Days), len(conference.TalkKinds), len(conference.Offers), len(conference.Windows(staff, day)), len(conference.Blocks(staff, day)))
	}
	return dump, nil
}

// plainAll leaves the order out: rows without an id have none that every engine keeps.
func plainAll(rows []any, err error) (any, error) {
	texts := make([]string, len(rows))
	for i := range rows {
		row, _ := plainOne(rows[i], nil)
		texts[i], _ = describe(row)
	}
	slices.Sort(texts)
	return texts, err
}
