package store

import (
	"errors"
	"fmt"
	"reflect"

	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store/internal/memory"
)

// writeSchoolRow writes the statement that reads a school's row. It locks nothing: see engine.Sharing.
func writeSchoolRow(w *writer, _ form) error {
	w.text("SELECT ").columns().text(" FROM ").table().text(" WHERE ").name("id").text(" = ").places(1)
	return nil
}

// readSchool reads the row of the transaction's school, and opens it unless it is the one that memory has a copy of. It gives gorm.ErrRecordNotFound if there is none.
func (tx *Tx) readSchool() error {
	one, err := tx.store.statements.get(tx.db, form{verb: readingSchool, row: reflect.TypeFor[models.School]()}, writeSchoolRow)
	if err != nil {
		return err
	}
	ctx, id := tx.db.Statement.Context, tx.actor.School
	found, err := tx.db.Statement.ConnPool.QueryContext(ctx, one.text, id)
	if err != nil {
		return err
	}
	defer func() { _ = found.Close() }()
	if !found.Next() {
		if err := found.Err(); err != nil {
			return err
		}
		return gorm.ErrRecordNotFound
	}
	columns, places := make([]any, len(one.fields)), make([]any, len(one.fields))
	for i := range columns {
		places[i] = &columns[i]
	}
	if err := found.Scan(places...); err != nil {
		return err
	}
	if held := tx.store.keys.CopyOf(id); held.Same(columns) {
		*tx.school = held.School
		return errors.Join(found.Close(), tx.open())
	}
	if err := fill(ctx, reflect.ValueOf(tx.school).Elem(), one.fields, places, found.Scan); err != nil {
		return err
	}
	if err := errors.Join(found.Close(), tx.open()); err != nil {
		return err
	}
	if err := openRow(tx, tx.school, false); err != nil {
		return err
	}
	tx.store.keys.KeepCopy(&memory.SchoolCopy{Columns: columns, School: *tx.school})
	return nil
}

func (s *Store) schoolKey(school *models.School) (*seal.Key, error) {
	if key, ok := s.keys.Get(school.ID, school.KeyBox); ok {
		return key, nil
	}
	key, err := s.config.Master.SchoolKey(school.ID, school.KeyBox)
	if err != nil {
		return nil, fmt.Errorf("school %s: %w", school.ID, err)
	}
	s.keys.Keep(school.ID, school.KeyBox, key)
	return key, nil
}
