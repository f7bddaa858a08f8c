package models

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/models/seal"
)

// UndoHashSize is how many bytes of a keyed hash an undo keeps.
const UndoHashSize = 8

// For how many days a school can take an import back.
const (
	UndoDays    = 7
	MaxUndoDays = 30
)

// UndoRow is what an import did to one row of the roster, or the list of the rows of one table that it added. Only who takes the import back opens it.
type UndoRow struct {
	SchoolID   SchoolID `gorm:"primaryKey"`
	ID         RowID    `gorm:"primaryKey"`
	ImportID   RowID
	At         time.Time   // when the import was; its age counts from then, also of what followed later
	Kind       string      // the table of the row, or UndoTalks
	DetailsBox seal.Box    `gorm:"column:details"`
	Details    UndoDetails `gorm:"-"`
}

// UndoTalks is the kind of a row about a talk that was lost with its pupil.
const UndoTalks = "talks"

// UndoDetails says what an import did. Of a row that it deleted there is Before alone, of one that it changed After as well.
type UndoDetails struct {
	Key    []byte            `json:"key,omitempty"`    // of the row, as the store writes it
	Before RowImage          `json:"before,omitempty"` // all of its fields
	After  map[string][]byte `json:"after,omitempty"`  // the fields that were changed, each with the keyed hash of what it became
	Added  AddedRows         `json:"added,omitempty"`
	Talk   *FormerTalk       `json:"talk,omitempty"`
}

// RowImage is a row as an undo keeps it: the values of its fields as JSON, by the names that Go has for them, those of sealed values with a dot ("Details.Given").
type RowImage map[string]json.RawMessage

// Into puts the values into a row.
func (i RowImage) Into(row any) error {
	whole, parts := map[string]any{}, map[string]RowImage{}
	for name, value := range i {
		part, field, sealed := strings.Cut(name, ".")
		if !sealed {
			whole[name] = value
			continue
		}
		if parts[part] == nil {
			parts[part] = RowImage{}
			whole[part] = parts[part]
		}
		parts[part][field] = value
	}
	text, err := json.Marshal(whole)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, row)
}

// AddedRow is a row that an import added, with a keyed hash of how the import left it.
type AddedRow struct{ Key, Hash []byte }

// AddedRows are added rows one after another: of a school of thousands they are tens of thousands.
type AddedRows []byte

// Append adds a row. Its hash is cut to what is kept of it.
func (a AddedRows) Append(row AddedRow) AddedRows {
	a = binary.AppendUvarint(a, uint64(len(row.Key)))
	a = append(a, row.Key...)
	return append(a, row.Hash[:UndoHashSize]...)
}

// List gives the rows.
func (a AddedRows) List() ([]AddedRow, error) {
	var list []AddedRow
	for len(a) > 0 {
		length, size := binary.Uvarint(a)
		if size <= 0 || uint64(len(a)-size) < length+UndoHashSize {
			return nil, errors.New("rows that an import added: cut off")
		}
		a = a[size:]
		list = append(list, AddedRow{Key: a[:length:length], Hash: a[length : length+UndoHashSize : length+UndoHashSize]})
		a = a[length+UndoHashSize:]
	}
	return list, nil
}

// FormerTalk is when and with whom a pupil had a talk that was lost with the pupil: it does not come back by itself.
type FormerTalk struct {
	Pupil      PupilID      `json:"pupil"`
	Household  HouseholdID  `json:"household"`
	Conference ConferenceID `json:"conference"`
	Day        DayID        `json:"day"`
	Kind       TalkKindID   `json:"kind"`
	Start      Tick         `json:"start"`
	End        Tick         `json:"end"`
	Staff      []StaffID    `json:"staff"`
}

// TableName is the table of what imports did.
func (UndoRow) TableName() string { return "undo_rows" }

// Row gives the id that sealed values of this row are bound to.
func (u *UndoRow) Row() [16]byte { return u.ID }

// Sealed lists the sealed columns. They are guarded: whoever lists rows does not see who left.
func (u *UndoRow) Sealed() []seal.Column {
	return []seal.Column{{Name: "details", Box: &u.DetailsBox, Value: &u.Details, Guarded: true}}
}
