package models

import (
	"context"
	"database/sql/driver"
	"errors"
	"reflect"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"
)

// ErrNoSchool refuses a statement on a scoped table whose context carries no school.
var ErrNoSchool = errors.New("statement without a school")

// ErrOtherSchool refuses the creation of a row of another school than the one that the context carries.
var ErrOtherSchool = errors.New("row of another school")

// SchoolID is the id of a school (the tenant), and the second of the four belts that keep schools apart: every scoped row has a column of this type,
// and GORM asks the type for clauses whenever it builds a statement on such a table. The clauses add `school_id = ?` with the school of the
// statement's context, and fail the statement if there is none. On the table of the schools themselves the column is the school's own id.
//
// It does not reach raw SQL, Table(...), string joins, Save, or an upsert that updates: those are kept out of the code by a test over the source.
type SchoolID [16]byte

// String gives the canonical text form.
func (id SchoolID) String() string { return uuid.UUID(id).String() }

// IsZero tells that no school was set; the store refuses such an id everywhere.
func (id SchoolID) IsZero() bool { return id == SchoolID{} }

// MarshalText gives the canonical text form.
func (id SchoolID) MarshalText() ([]byte, error) { return uuid.UUID(id).MarshalText() }

// UnmarshalText reads the canonical text form.
func (id *SchoolID) UnmarshalText(text []byte) error {
	parsed, err := Parse[SchoolID](string(text))
	*id = parsed
	return err
}

// Value stores the id as its sixteen bytes; the zero id is NULL, which no scoped table accepts.
func (id SchoolID) Value() (driver.Value, error) {
	if id.IsZero() {
		return nil, nil
	}
	return id[:], nil
}

// Scan reads what Value stored.
func (id *SchoolID) Scan(column any) error {
	raw, err := scanUUID(column)
	*id = raw
	return err
}

type schoolContextKey struct{}

// WithSchool gives a context whose statements are those of one school. Only the store calls it, from an Actor.
func WithSchool(ctx context.Context, school SchoolID) context.Context {
	return context.WithValue(ctx, schoolContextKey{}, school)
}

// refuses tells that a statement without a school must fail: on every table but that of the schools themselves, whose id is the school. There the
// predicate is added where the context has a school, and the lists of the operator go without.
func refuses(field *schema.Field) bool { return field.DBName != "id" }

func schoolOf(stmt *gorm.Statement) (SchoolID, bool) {
	// For a join GORM hands over a bare statement without context; the one that will run hangs on its DB.
	ctx := stmt.Context
	if ctx == nil && stmt.DB != nil && stmt.DB.Statement != nil {
		ctx = stmt.DB.Statement.Context
	}
	if ctx == nil {
		return SchoolID{}, false
	}
	school, ok := ctx.Value(schoolContextKey{}).(SchoolID)
	return school, ok && !school.IsZero()
}

// QueryClauses adds the school's predicate to a query.
func (SchoolID) QueryClauses(field *schema.Field) []clause.Interface {
	return []clause.Interface{schoolPredicate{field}}
}

// UpdateClauses adds the school's predicate to an update.
func (SchoolID) UpdateClauses(field *schema.Field) []clause.Interface {
	return []clause.Interface{schoolPredicate{field}}
}

// DeleteClauses adds the school's predicate to a deletion.
func (SchoolID) DeleteClauses(field *schema.Field) []clause.Interface {
	return []clause.Interface{schoolPredicate{field}}
}

// CreateClauses checks that each new row is of the school of the context.
func (SchoolID) CreateClauses(field *schema.Field) []clause.Interface {
	return []clause.Interface{schoolOfNewRows{field}}
}

// schoolPredicate is a statement modifier; its Build and MergeClause are never reached.
type schoolPredicate struct{ field *schema.Field }

func (schoolPredicate) Name() string               { return "" }
func (schoolPredicate) Build(clause.Builder)       {}
func (schoolPredicate) MergeClause(*clause.Clause) {}
func (p schoolPredicate) ModifyStatement(stmt *gorm.Statement) {
	school, ok := schoolOf(stmt)
	if !ok {
		if refuses(p.field) {
			_ = stmt.DB.AddError(ErrNoSchool)
		}
		return
	}
	// What was there goes into parentheses of its own: `a OR b` must not become `a OR b AND school_id = ?`.
	if where, ok := stmt.Clauses["WHERE"]; ok {
		if present, ok := where.Expression.(clause.Where); ok && len(present.Exprs) > 0 {
			present.Exprs = []clause.Expression{clause.And(present.Exprs...)}
			where.Expression = present
			stmt.Clauses["WHERE"] = where
		}
	}
	stmt.AddClause(clause.Where{Exprs: []clause.Expression{
		clause.Eq{Column: clause.Column{Table: clause.CurrentTable, Name: p.field.DBName}, Value: school},
	}})
}

type schoolOfNewRows struct{ field *schema.Field }

func (schoolOfNewRows) Name() string               { return "" }
func (schoolOfNewRows) Build(clause.Builder)       {}
func (schoolOfNewRows) MergeClause(*clause.Clause) {}
func (c schoolOfNewRows) ModifyStatement(stmt *gorm.Statement) {
	school, ok := schoolOf(stmt)
	if !ok {
		if refuses(c.field) {
			_ = stmt.DB.AddError(ErrNoSchool)
		}
		return
	}
	check := func(row reflect.Value) {
		value, _ := c.field.ValueOf(stmt.Context, row)
		if value != school {
			_ = stmt.DB.AddError(ErrOtherSchool)
		}
	}
	switch rows := stmt.ReflectValue; rows.Kind() {
	case reflect.Slice, reflect.Array:
		for i := range rows.Len() {
			check(reflect.Indirect(rows.Index(i)))
		}
	case reflect.Struct:
		check(rows)
	default:
		// A map cannot be checked row by row; nothing in the store creates from one.
		_ = stmt.DB.AddError(ErrOtherSchool)
	}
}
