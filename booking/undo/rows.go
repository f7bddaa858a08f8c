package undo

import (
	"encoding/json"
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// place names a row: its table, and its key as the store writes it.
type place struct{ table, key string }

// reference is a field that names rows of another table by their ids.
type reference struct {
	field, table string
	// list tells that the field holds several, all of which must be there.
	list bool
}

// references are how rows of the roster name one another. A key or a value set by hand names what its kind says, see named.
var references = map[string][]reference{
	"pupils":            {{field: "GroupID", table: "groups"}},
	"pupil_groups":      {{field: "PupilID", table: "pupils"}, {field: "GroupID", table: "groups"}},
	"household_pupils":  {{field: "HouseholdID", table: "households"}, {field: "PupilID", table: "pupils"}},
	"guardians":         {{field: "HouseholdID", table: "households"}, {field: "StaffID", table: "staff"}},
	"guardian_pupils":   {{field: "GuardianID", table: "guardians"}, {field: "PupilID", table: "pupils"}},
	"contacts":          {{field: "HouseholdID", table: "households"}, {field: "GuardianID", table: "guardians"}},
	"teachings":         {{field: "StaffID", table: "staff"}, {field: "GroupID", table: "groups"}, {field: "PupilID", table: "pupils"}},
	"merge_suggestions": {{field: "PupilIDs", table: "pupils", list: true}},
	"personal_links":    {{field: "HouseholdID", table: "households"}},
	"offers":            {{field: "PupilID", table: "pupils"}, {field: "GroupID", table: "groups"}},
	"offer_staff":       {{field: "OfferID", table: "offers"}, {field: "StaffID", table: "staff"}},
}

// kindTables are the tables of what has keys of the school's own and values set by hand, by the kind.
var kindTables = map[models.SubjectKind]string{
	models.SubjectPupil: "pupils", models.SubjectGroup: "groups", models.SubjectStaff: "staff", models.SubjectHousehold: "households",
}

// mere are tables whose rows keep nothing: they go with what they name. A suggestion says nothing that the next import would not, and a link is made anew.
var mere = []string{"merge_suggestions", "personal_links"}

// named returns the rows that a row names.
func named(table string, row models.RowImage) (places []place) {
	for _, one := range references[table] {
		for _, id := range idsOf(row[one.field], one.list) {
			places = append(places, place{one.table, id})
		}
	}
	if table == "external_keys" || table == "overrides" {
		if of, ok := kindTables[models.SubjectKind(textOf(row, "Kind"))]; ok {
			for _, id := range idsOf(row["Subject"], false) {
				places = append(places, place{of, id})
			}
		}
	}
	return places
}

func idsOf(value json.RawMessage, list bool) (keys []string) {
	ids := make([]models.RowID, 1)
	into := any(&ids[0])
	if list {
		into = &ids
	}
	if len(value) == 0 || json.Unmarshal(value, into) != nil {
		return nil
	}
	for _, id := range ids {
		if !id.IsZero() {
			keys = append(keys, string(id[:]))
		}
	}
	return keys
}

// idOf is the id in a field, as a key; empty if there is none.
func idOf(row models.RowImage, field string) string {
	if keys := idsOf(row[field], false); len(keys) > 0 {
		return keys[0]
	}
	return ""
}

func textOf(row models.RowImage, field string) (text string) {
	if json.Unmarshal(row[field], &text) != nil {
		return ""
	}
	return text
}

// rows are the recorded tables of a school at a moment, by table and key.
type rows map[string]map[string]store.RecordedRow

func rowsIn(tx *store.Tx) (rows, error) {
	all := rows{}
	for _, table := range tx.RecordedTables() {
		found, err := tx.RecordedRows(table)
		if err != nil {
			return nil, err
		}
		all[table] = found
	}
	return all, nil
}

func (r rows) at(of place) (store.RecordedRow, bool) {
	row, ok := r[of.table][of.key]
	return row, ok
}

// each calls a function for every row, in a stable order.
func (r rows) each(tables []string, visit func(place, models.RowImage)) {
	for _, table := range tables {
		for _, key := range sortedKeys(r[table]) {
			visit(place{table, key}, r[table][key].Image)
		}
	}
}

func sortedKeys[T any](of map[string]T) []string {
	keys := make([]string, 0, len(of))
	for key := range of {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
