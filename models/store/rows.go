package store

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

// insertBatch is how many rows go into one statement: below the engines' limits on parameters for the widest table.
const insertBatch = 500

// table is what every row type of package models is.
type table interface{ TableName() string }

// sealedRow is a row with sealed columns.
type sealedRow interface {
	table
	Row() [16]byte
	Sealed() []seal.Column
}

// rosterTables and programmeTables hold what the opened copies in memory are made of; a change to one of them makes the copies out of date.
var (
	rosterTables    = []string{"pupils", "groups", "pupil_groups", "staff", "teachings", "households", "household_pupils", "guardians"}
	programmeTables = []string{"conferences", "days", "talk_kinds", "offers", "offer_staff", "availabilities", "blocks", "rooms"}
	// cascading are the roster's tables whose rows take rows of the programme with them when they are deleted.
	cascading = []string{"pupils", "groups", "staff"}
)

// scoped refuses types whose rows belong to no school: the schools themselves and what Installation reaches.
func scoped[T any]() error {
	if field, ok := reflect.TypeFor[T]().FieldByName("SchoolID"); ok && field.Type == reflect.TypeFor[models.SchoolID]() {
		return nil
	}
	return fmt.Errorf("%s is no row of a school", reflect.TypeFor[T]())
}

func (tx *Tx) mayWrite() error {
	if !tx.writing {
		return fmt.Errorf("write in a reading transaction")
	}
	return nil
}

func tableOf[T any]() string { return any(new(T)).(table).TableName() }

func (tx *Tx) touch(name string) {
	tx.rosterTouched = tx.rosterTouched || slices.Contains(rosterTables, name)
	tx.programmeTouched = tx.programmeTouched || slices.Contains(programmeTables, name)
	tx.claims.Unknown = tx.claims.Unknown || name == "claims"
}

// touchContacts notes that contacts on file were written: those of typed ones nobody keeps a copy.
func touchContacts[T any](tx *Tx, rows []*T) {
	for _, row := range rows {
		contact, ok := any(row).(*models.Contact)
		if !ok {
			return
		}
		tx.contactsTouched = tx.contactsTouched || contact.Source.Confirms()
	}
}

// Condition narrows a List or a Delete. Conditions given together must all hold; the zero Condition never holds.
//
// The zero id, a nil slice and a nil pointer are no value: Eq with one holds where the column has none, and Not where it has one.
type Condition struct{ expression clause.Expression }

func column(name string) clause.Column { return clause.Column{Table: clause.CurrentTable, Name: name} }

// Eq holds where a column equals a value.
func Eq(name string, value any) Condition {
	return Condition{clause.Eq{Column: column(name), Value: stored(value)}}
}

// Not holds where a column has a value and it differs from the given one.
func Not(name string, value any) Condition {
	return Condition{clause.Neq{Column: column(name), Value: stored(value)}}
}

// In holds where a column is one of some values; none of them if the list is empty.
func In[T any](name string, values []T) Condition {
	list := make([]any, len(values))
	for i, value := range values {
		list[i] = stored(value)
	}
	return Condition{clause.IN{Column: column(name), Values: list}}
}

// Before holds where a column is less than a value.
func Before(name string, value any) Condition {
	return Condition{clause.Lt{Column: column(name), Value: stored(value)}}
}

// From holds where a column is at least a value.
func From(name string, value any) Condition {
	return Condition{clause.Gte{Column: column(name), Value: stored(value)}}
}

// Null holds where a column has no value.
func Null(name string) Condition { return Condition{clause.Eq{Column: column(name), Value: nil}} }

// Named holds where some row of type C has this row's id in a column.
func Named[C any](name string) Condition { return naming[C]("EXISTS", name) }

// Unnamed holds where no row of type C has this row's id in a column.
func Unnamed[C any](name string) Condition { return naming[C]("NOT EXISTS", name) }

func naming[C any](how, name string) Condition {
	other := tableOf[C]()
	return Condition{clause.Expr{
		SQL: how + " (SELECT 1 FROM ? WHERE ? = ? AND ? = ?)",
		Vars: []any{
			clause.Table{Name: other}, clause.Column{Table: other, Name: "school_id"}, column("school_id"), clause.Column{Table: other, Name: name}, column("id"),
		},
	}}
}

// never tells that no row can meet the condition, so that nobody needs to be asked.
func (c Condition) never() bool {
	list, ok := c.expression.(clause.IN)
	return c.expression == nil || ok && len(list.Values) == 0
}

func (tx *Tx) where(conditions []Condition) *gorm.DB {
	expressions := make([]clause.Expression, len(conditions))
	for i, condition := range conditions {
		expressions[i] = condition.expression
		if condition.expression == nil {
			expressions[i] = clause.Expr{SQL: "1 = 0"}
		}
	}
	return tx.db.Clauses(clause.Where{Exprs: expressions})
}

// inOrder puts rows that have an id into its order, which is the order in which they were made. The database is not asked to: SQLite then reads all rows of
// the school by their primary key, instead of the few that the conditions ask for by the index made for them.
func inOrder[T any](rows []T) {
	field, ok := reflect.TypeFor[T]().FieldByName("ID")
	if !ok || len(rows) < 2 {
		return
	}
	id := func(row *T) []byte {
		array := reflect.ValueOf(row).Elem().FieldByIndex(field.Index)
		return array.Bytes()
	}
	slices.SortFunc(rows, func(a, b T) int { return bytes.Compare(id(&a), id(&b)) })
}

// List gives the school's rows that meet the conditions, in the order of their keys, with their sealed columns opened save the guarded ones.
func List[T any](tx *Tx, conditions ...Condition) ([]T, error) {
	rows, err := find[T](tx, conditions)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		if err := openRow(tx, &rows[i], false); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func find[T any](tx *Tx, conditions []Condition) ([]T, error) {
	if err := scoped[T](); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(conditions, Condition.never) {
		return nil, nil
	}
	rows, done, err := selectRows[T](tx, conditions)
	if !done && err == nil {
		err = tx.where(conditions).Find(&rows).Error
	}
	if err != nil {
		return nil, engine.Translate(err)
	}
	inOrder(rows)
	return rows, nil
}

// Count counts the school's rows that meet the conditions.
func Count[T any](tx *Tx, conditions ...Condition) (int64, error) {
	if err := scoped[T](); err != nil {
		return 0, err
	}
	var count int64
	err := tx.where(conditions).Model(new(T)).Count(&count).Error
	return count, engine.Translate(err)
}

// First gives the first row, by key, that meets the conditions; errs.NotFound if there is none. It reads all that do, so they are to be few.
func First[T any](tx *Tx, conditions ...Condition) (*T, error) {
	rows, err := find[T](tx, conditions)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	if err := openRow(tx, &rows[0], false); err != nil {
		return nil, err
	}
	return &rows[0], nil
}

// Get gives the row with an id; errs.NotFound if the school has none, whether or not another school does.
func Get[T any](tx *Tx, id any) (*T, error) { return First[T](tx, Eq("id", id)) }

// Find gives the row that the school knows by a key of its own; errs.NotFound if there is none.
func Find[T any](tx *Tx, kind models.SubjectKind, key string) (*T, error) {
	row, err := First[models.ExternalKey](tx, Eq("kind", kind), Eq("key_index", tx.Index(string(kind), key)))
	if err != nil {
		return nil, err
	}
	return Get[T](tx, row.Subject)
}

// Insert adds rows. The school's id is filled in; a row that names another school is refused.
func Insert[T any](tx *Tx, rows ...*T) error {
	if err := readyAll(tx, rows); err != nil {
		return err
	}
	if err := noteInserting(tx, rows, false); err != nil {
		return err
	}
	for batch := range slices.Chunk(rows, insertBatch) {
		if _, err := create(tx, batch, inserting); err != nil {
			return err
		}
		opensSessions(tx, batch)
		tx.touch(tableOf[T]())
		touchContacts(tx, batch)
	}
	return nil
}

// InsertNew adds those of the rows whose keys are not taken yet, and tells how many came in.
func InsertNew[T any](tx *Tx, rows ...*T) (int, error) {
	if err := readyAll(tx, rows); err != nil {
		return 0, err
	}
	if err := noteInserting(tx, rows, true); err != nil {
		return 0, err
	}
	added := 0
	for batch := range slices.Chunk(rows, insertBatch) {
		came, err := create(tx, batch, insertingNew)
		if err != nil {
			return 0, err
		}
		added += int(came)
	}
	if added > 0 {
		tx.touch(tableOf[T]())
		touchContacts(tx, rows)
	}
	return added, nil
}

func readyAll[T any](tx *Tx, rows []*T) error {
	if err := scoped[T](); err != nil {
		return err
	}
	for _, row := range rows {
		if err := tx.ready(row, nil); err != nil {
			return err
		}
	}
	return nil
}

// Update writes the named columns of a row; errs.NotFound if the school has no such row. Sealed columns are named like the others. At least one column
// is needed, and the row must have its whole key: without it the statement would reach every row of the school.
func Update[T any](tx *Tx, row *T, columns ...string) error {
	if err := tx.mayWrite(); err != nil {
		return err
	}
	text, values, err := alteration(tx, row, columns)
	if err != nil {
		return err
	}
	return alter(tx, row, text, values)
}

// Delete removes the rows that meet the conditions, and tells how many. At least one condition is needed: removing everything of a kind is the wipe's work.
func Delete[T any](tx *Tx, conditions ...Condition) (int64, error) {
	if len(conditions) == 0 {
		return 0, fmt.Errorf("delete without a condition")
	}
	if err := scoped[T](); err != nil {
		return 0, err
	}
	if err := tx.mayWrite(); err != nil {
		return 0, err
	}
	endsSessions[T](tx, conditions)
	if err := noteDeleting[T](tx, conditions); err != nil {
		return 0, err
	}
	row := new(T)
	result := tx.where(conditions).Delete(row)
	if result.RowsAffected > 0 {
		tx.touch(tableOf[T]())
		tx.contactsTouched = tx.contactsTouched || tableOf[T]() == models.Contact{}.TableName()
		tx.programmeTouched = tx.programmeTouched || slices.Contains(cascading, tableOf[T]())
		tx.claims.Unknown = tx.claims.Unknown || slices.Contains(takesClaims, tableOf[T]())
	}
	return result.RowsAffected, engine.Translate(result.Error)
}

// ready fills in the school and seals what is to be written: all sealed columns, or those among the named ones.
func (tx *Tx) ready(row any, columns []string) error {
	if err := tx.mayWrite(); err != nil {
		return err
	}
	return tx.fit(row, columns)
}

// fit is ready for a row that a later transaction writes.
func (tx *Tx) fit(row any, columns []string) error {
	fields := reflect.ValueOf(row).Elem()
	switch school := fields.Field(shapeOf(fields.Type()).school).Addr().Interface().(*models.SchoolID); *school {
	case models.SchoolID{}:
		*school = tx.actor.School
	case tx.actor.School:
	default:
		return models.ErrOtherSchool
	}
	complete(fields)
	sealable, ok := row.(sealedRow)
	if !ok {
		return nil
	}
	for _, sealed := range sealable.Sealed() {
		if columns != nil && !slices.Contains(columns, sealed.Name) {
			continue
		}
		box, err := tx.key.Seal(placeOf(sealable, sealed), sealed.Value)
		if err != nil {
			return err
		}
		*sealed.Box = box
	}
	return nil
}

func placeOf(row sealedRow, sealed seal.Column) seal.Place {
	return seal.Place{Table: row.TableName(), Column: sealed.Name, Row: row.Row()}
}

// openRow opens the sealed columns of a row: the guarded ones if asked, else the others.
func openRow(tx *Tx, row any, guarded bool) error {
	sealable, ok := row.(sealedRow)
	if !ok {
		return nil
	}
	for _, sealed := range sealable.Sealed() {
		if sealed.Guarded != guarded || sealed.Box.IsZero() {
			continue
		}
		if err := tx.key.Open(placeOf(sealable, sealed), *sealed.Box, sealed.Value); err != nil {
			return err
		}
	}
	return nil
}

// OpenGuarded opens the guarded columns of rows beside those that are open already: what a log-in compares. Only auth and the import have a reason to.
func OpenGuarded[T any](tx *Tx, rows []T) error {
	for i := range rows {
		if err := openRow(tx, &rows[i], true); err != nil {
			return err
		}
	}
	return nil
}
