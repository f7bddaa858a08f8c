package store

import (
	"reflect"
	"sync"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"
)

// written is a statement in the words of the engine, and the fields of a row that it fills or whose values it takes, in their order.
type written struct {
	text   string
	fields []*schema.Field
}

// form is what tells one statement from another.
type form struct {
	verb verb
	// row is the type of its rows; nil where it is about no whole rows.
	row reflect.Type
	// words is what makes up the statement beside that, as its verb reads them.
	words string
	// count is of how many rows or holders it is, except how many appointments it leaves out.
	count, except int
}

type verb int

const (
	inserting verb = iota
	insertingNew
	putting
	selecting
	updating
	readingSchool
	askingBusy
	revising
)

// heldInsertions is up to how many rows the statement that inserts them is kept: a booking's, not an import's.
const heldInsertions = 64

// kept reports whether the statement will be asked for again.
func (f form) kept() bool {
	return f.verb != inserting && f.verb != insertingNew && f.verb != putting || f.count <= heldInsertions
}

// statements keeps what this package writes itself, from GORM's own knowledge of the types: each statement once, and not anew for every booking, which took
// longer than to run it. Rows of a school are reached only by what names the school in its text.
type statements struct {
	mutex sync.RWMutex
	held  map[form]*written
}

func newStatements() *statements { return &statements{held: map[form]*written{}} }

// get gives the statement of a form; write writes it if there is none yet.
func (s *statements) get(db *gorm.DB, of form, write func(*writer, form) error) (*written, error) {
	s.mutex.RLock()
	held := s.held[of]
	s.mutex.RUnlock()
	if held != nil {
		return held, nil
	}
	w := &writer{statement: &gorm.Statement{DB: db}}
	if of.row != nil {
		if err := w.statement.Parse(reflect.New(of.row).Interface()); err != nil {
			return nil, err
		}
	}
	if err := write(w, of); err != nil {
		return nil, err
	}
	made := &written{w.statement.SQL.String(), w.fields}
	if of.kept() {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		s.held[of] = made
	}
	return made, nil
}

// writer writes a statement piece by piece.
type writer struct {
	statement *gorm.Statement
	fields    []*schema.Field
}

// text writes what is the same for every engine.
func (w *writer) text(text string) *writer {
	_, _ = w.statement.WriteString(text) // into memory
	return w
}

// name writes a name as the engine quotes it.
func (w *writer) name(name string) *writer {
	w.statement.WriteQuoted(name)
	return w
}

// table writes the name of the rows' table.
func (w *writer) table() *writer { return w.name(w.statement.Table) }

// places writes the places of some values, as the engine numbers them, with commas between.
func (w *writer) places(count int) *writer {
	w.statement.AddVar(w.statement, make([]any, count)...)
	return w
}

// columns writes the names of all columns, with commas between, and notes their fields.
func (w *writer) columns() *writer {
	for i, name := range w.statement.Schema.DBNames {
		if i > 0 {
			w.text(",")
		}
		w.name(name)
		w.fields = append(w.fields, w.field(name))
	}
	return w
}

// field gives the field of a column; nil if there is none.
func (w *writer) field(name string) *schema.Field { return w.statement.Schema.FieldsByDBName[name] }

// equals writes that a column has a value, and notes its field.
func (w *writer) equals(field *schema.Field) {
	w.fields = append(w.fields, field)
	w.name(field.DBName).text(" = ").places(1)
}
