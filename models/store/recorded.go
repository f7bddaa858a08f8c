package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// recordedTable is a table whose rows are recorded for an undo.
type recordedTable struct {
	name string
	// lookup is the column by which rows are read again; valueOf gives its value of a row's key.
	lookup  string
	valueOf func(key string) any
	// takes are the tables whose rows go with a row of this one, by a reference that cascades.
	takes []taken
	// living are fields that change while families and carriers use the row: they are kept, and do not make it another row.
	living []string

	row  reflect.Type
	list func(*Tx, ...Condition) ([]any, error)

	insert func(*Tx, any) error
	update func(*Tx, any, ...string) error
	remove func(*Tx, any) error
}

type taken struct{ table, column string }

func (t *recordedTable) lives(field string) bool { return slices.Contains(t.living, field) }

func recordedAs[T any](lookup string, takes ...taken) *recordedTable {
	return &recordedTable{
		name: tableOf[T](), lookup: lookup, valueOf: func(key string) any { return models.RowID([]byte(key)[:16]) }, takes: takes, row: reflect.TypeFor[T](),
		list: func(tx *Tx, conditions ...Condition) ([]any, error) {
			rows, err := List[T](tx, conditions...)
			if err != nil {
				return nil, err
			}
			list := make([]any, len(rows))
			for i := range rows {
				list[i] = &rows[i]
			}
			return list, OpenGuarded(tx, rows)
		},
		insert: func(tx *Tx, row any) error { return Insert(tx, row.(*T)) },
		update: func(tx *Tx, row any, columns ...string) error { return Update(tx, row.(*T), columns...) },
		remove: func(tx *Tx, row any) error {
			_, err := Delete[T](tx, conditionsOf(tx, row)...)
			return err
		},
	}
}

func (t *recordedTable) except(living ...string) *recordedTable {
	t.living = living
	return t
}

// recordedTables are the tables that an import writes, and those whose rows go with theirs: all but what a wipe or an undo has no use for. Makers, bookings, messages
// and the like go with a family and do not come back.
type recordedTables struct {
	named map[string]*recordedTable
	order []string // in which rows can be added
}

func newRecordedTables() *recordedTables {
	tables := &recordedTables{named: map[string]*recordedTable{}}
	keys := recordedAs[models.ExternalKey]("key_index")
	keys.valueOf = func(key string) any { return []byte(key)[strings.IndexByte(key, 0)+1:] }
	for _, one := range []*recordedTable{
		recordedAs[models.Group]("id", taken{"pupil_groups", "group_id"}, taken{"teachings", "group_id"}, taken{"offers", "group_id"}),
		recordedAs[models.Staff]("id", taken{"teachings", "staff_id"}, taken{"offer_staff", "staff_id"}),
		recordedAs[models.Pupil]("id", taken{"pupil_groups", "pupil_id"}, taken{"teachings", "pupil_id"}, taken{"household_pupils", "pupil_id"},
			taken{"guardian_pupils", "pupil_id"}, taken{"offers", "pupil_id"}),
		recordedAs[models.Household]("id", taken{"household_pupils", "household_id"}, taken{"guardians", "household_id"}, taken{"contacts", "household_id"},
			taken{"personal_links", "household_id"}).except("Revision"),
		recordedAs[models.PupilGroup]("pupil_id"),
		recordedAs[models.HouseholdPupil]("household_id"),
		recordedAs[models.Guardian]("id", taken{"guardian_pupils", "guardian_id"}, taken{"contacts", "guardian_id"}),
		recordedAs[models.GuardianPupil]("guardian_id"),
		recordedAs[models.Contact]("id").except("VerifiedAt", "Suppressed", "SuppressedAt", "SuppressedFor"),
		recordedAs[models.Teaching]("id"),
		keys,
		recordedAs[models.Override]("id"),
		recordedAs[models.MergeSuggestion]("id"),
		recordedAs[models.PersonalLink]("conference_id").except("People", "MadeAt"),
		recordedAs[models.Offer]("id", taken{"offer_staff", "offer_id"}),
		recordedAs[models.OfferStaff]("offer_id"),
	} {
		tables.named[one.name] = one
		tables.order = append(tables.order, one.name)
	}
	return tables
}

// RecordedTables are the tables of which an import can be taken back, in an order in which rows can be added.
func (tx *Tx) RecordedTables() []string { return slices.Clone(tx.store.recorded.order) }

// RecordedRow is a row of a recorded table as it is now.
type RecordedRow struct {
	Key   string
	Image models.RowImage
	Hash  []byte // as an import keeps it of a row that it added
}

// RecordedRows returns all rows of a recorded table, by their keys, with everything that is sealed in them.
func (tx *Tx) RecordedRows(table string) (map[string]RecordedRow, error) {
	of := tx.store.recorded.named[table]
	if of == nil {
		return nil, fmt.Errorf("%s is not recorded", table)
	}
	rows, err := of.list(tx)
	found := make(map[string]RecordedRow, len(rows))
	for _, row := range rows {
		one := RecordedRow{Key: keyOf(row)}
		if one.Image, err = imageOf(row); err != nil {
			return nil, err
		}
		hash, err := of.hash(tx, row)
		if err != nil {
			return nil, err
		}
		one.Hash = hash[:models.UndoHashSize]
		found[one.Key] = one
	}
	return found, err
}

// PutBack adds a row of a recorded table as an image has it.
func (tx *Tx) PutBack(table string, image models.RowImage) error {
	of, row, err := tx.rowOf(table, image)
	if err != nil {
		return err
	}
	return of.insert(tx, row)
}

// SetBack writes fields of a row of a recorded table as an image has them; the image is the whole row.
func (tx *Tx) SetBack(table string, image models.RowImage, fields []string) error {
	of, row, err := tx.rowOf(table, image)
	if err != nil {
		return err
	}
	statement := &gorm.Statement{DB: tx.db}
	if err := statement.Parse(row); err != nil {
		return err
	}
	var columns []string
	for _, name := range fields {
		whole, _, sealed := strings.Cut(name, ".")
		if sealed {
			whole += "Box"
		}
		field := statement.Schema.LookUpField(whole)
		if field == nil {
			return fmt.Errorf("%s has no field %s", table, name)
		}
		if !slices.Contains(columns, field.DBName) {
			columns = append(columns, field.DBName)
		}
	}
	return of.update(tx, row, columns...)
}

func (tx *Tx) rowOf(table string, image models.RowImage) (*recordedTable, any, error) {
	of := tx.store.recorded.named[table]
	if of == nil {
		return nil, nil, fmt.Errorf("%s is not recorded", table)
	}
	row := reflect.New(of.row).Interface()
	return of, row, image.Into(row)
}

// imageOf is a row as an undo keeps it. Whose school it is, and what was sealed in what form, is not in it.
func imageOf(row any) (models.RowImage, error) {
	text, err := json.Marshal(row)
	if err != nil {
		return nil, err
	}
	image := models.RowImage{}
	if err := json.Unmarshal(text, &image); err != nil {
		return nil, err
	}
	delete(image, "SchoolID")
	sealable, ok := row.(sealedRow)
	if !ok {
		return image, nil
	}
	for _, sealed := range sealable.Sealed() {
		part := strings.ToUpper(sealed.Name[:1]) + sealed.Name[1:]
		fields := models.RowImage{}
		if err := json.Unmarshal(image[part], &fields); err != nil {
			return nil, err
		}
		delete(image, part)
		delete(image, part+"Box")
		for name, value := range fields {
			image[part+"."+name] = value
		}
	}
	return image, nil
}

// conditionsOf hold for the row with a row's key.
func conditionsOf(tx *Tx, row any) (conditions []Condition) {
	statement := &gorm.Statement{DB: tx.db}
	if statement.Parse(row) != nil {
		return []Condition{{}}
	}
	for _, field := range statement.Schema.PrimaryFields {
		value, _ := field.ValueOf(tx.db.Statement.Context, reflect.ValueOf(row).Elem())
		conditions = append(conditions, Eq(field.DBName, value))
	}
	return conditions
}

// keyOf is a row's key without the school. It must have one.
func keyOf(row any) string {
	fields := reflect.ValueOf(row).Elem()
	var key bytes.Buffer
	for _, i := range shapeOf(fields.Type()).keys {
		switch field := fields.Field(i); {
		case i == shapeOf(fields.Type()).school:
		case field.Kind() == reflect.String:
			key.WriteString(field.String())
			key.WriteByte(0)
		default:
			key.Write(field.Bytes())
		}
	}
	return key.String()
}

// TakeBack deletes a row of a recorded table; errs.NotFound if it is not there.
func (tx *Tx) TakeBack(table, key string) error {
	of := tx.store.recorded.named[table]
	if of == nil {
		return fmt.Errorf("%s is not recorded", table)
	}
	rows, err := tx.rowsOf(of, []string{key})
	if err != nil {
		return err
	}
	row, there := rows[key]
	if !there {
		return errs.New(errs.NotFound, errs.CodeNotFound)
	}
	return of.remove(tx, row)
}
