package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/models"
)

// An import that can be taken back is recorded while it is carried out: what each row of the roster was before its first write in the transaction, with the rows that
// go along with a deleted one, and at the end what it has become. The importer knows nothing of it.

// recording is what one transaction notes for imports.
type recording struct {
	of      models.RowID
	at      time.Time
	touched map[string]*touch // by table and key
	order   []*touch
	talks   []*models.UndoRow
}

// touch is a row that was written.
type touch struct {
	table  *recordedTable
	key    string
	of     models.RowID
	at     time.Time
	before models.RowImage // nil of a row that was not there
	hash   []byte          // of one that was added, if nothing was written to it since
}

// Record notes from now on what is written to rows of the roster, so that an import can be taken back: of is the import's row, which must be there at the end of the
// transaction or nothing is kept, and at is when the import was. The zero id notes nothing from now on. A school that keeps nothing for this has nothing recorded.
func (tx *Tx) Record(of models.RowID, at time.Time) error {
	if err := tx.mayWrite(); err != nil {
		return err
	}
	if tx.school.UndoDays == 0 {
		return nil
	}
	if tx.recording == nil {
		tx.recording = &recording{touched: map[string]*touch{}}
	}
	tx.recording.of, tx.recording.at = of, at
	return nil
}

// notes reports whether writes are noted.
func (tx *Tx) notes() bool { return tx.recording != nil && !tx.recording.of.IsZero() }

// Recording returns the import for which writes are noted; zero if none is.
func (tx *Tx) Recording() (of models.RowID, at time.Time) {
	if tx.recording == nil {
		return of, at
	}
	return tx.recording.of, tx.recording.at
}

// Touched reports whether the transaction has noted a write to a row of a table that meets a condition.
func (tx *Tx) Touched(table string, meets func(models.RowImage) bool) bool {
	return tx.recording != nil && slices.ContainsFunc(tx.recording.order, func(one *touch) bool { return one.table.name == table && meets(one.before) })
}

// RecordTalk notes a talk that is lost with its pupil.
func (tx *Tx) RecordTalk(talk models.FormerTalk) {
	if tx.notes() {
		tx.recording.talks = append(tx.recording.talks, &models.UndoRow{
			ID: models.New[models.RowID](), ImportID: tx.recording.of, At: tx.recording.at, Kind: models.UndoTalks, Details: models.UndoDetails{Talk: &talk},
		})
	}
}

// records returns how rows of a type are recorded; nil if nothing is noted.
func records[T any](tx *Tx) *recordedTable {
	if !tx.notes() {
		return nil
	}
	return tx.store.recorded.named[tableOf[T]()]
}

// note remembers a row at its first write; before is nil of one that is added, and hash then what it was added as.
func (r *recording) note(table *recordedTable, key string, before models.RowImage, hash []byte) {
	name := table.name + "\x00" + key
	if known, ok := r.touched[name]; ok {
		known.hash = nil
		return
	}
	one := &touch{table, key, r.of, r.at, before, hash}
	r.touched[name] = one
	r.order = append(r.order, one)
}

// added is a row that is about to be added, as it is noted.
type added struct {
	key  string
	hash []byte
}

// addedOf describes rows that will be added; none if rows of the type are not recorded. It needs no recording: what is prepared is described before it begins.
func addedOf[T any](tx *Tx, rows []*T) ([]added, error) {
	table := tx.store.recorded.named[tableOf[T]()]
	if table == nil || tx.school.UndoDays == 0 {
		return nil, nil
	}
	list := make([]added, len(rows))
	for i, row := range rows {
		hash, err := table.hash(tx, row)
		if err != nil {
			return nil, err
		}
		list[i] = added{keyOf(row), hash}
	}
	return list, nil
}

func (tx *Tx) noteAdded(table string, rows []added) {
	if of := tx.store.recorded.named[table]; of != nil && tx.notes() {
		for _, row := range rows {
			tx.recording.note(of, row.key, nil, row.hash)
		}
	}
}

// noteInserting notes rows that are inserted; where some may be there already (InsertNew, Put), what they are.
func noteInserting[T any](tx *Tx, rows []*T, mayBeThere bool) error {
	table := records[T](tx)
	if table == nil || len(rows) == 0 {
		return nil
	}
	if mayBeThere {
		keys := make([]string, len(rows))
		for i, row := range rows {
			keys[i] = keyOf(row)
		}
		if err := tx.noteKeys(table, keys); err != nil {
			return err
		}
	}
	list, err := addedOf(tx, rows)
	if err != nil {
		return err
	}
	for _, row := range list {
		if mayBeThere && table.lookup == "id" {
			row.hash = nil // another row may stand in its way, by a key that is not the primary one: the end tells
		}
		tx.recording.note(table, row.key, nil, row.hash)
	}
	return nil
}

// noteUpdating notes a row that is about to be updated.
func noteUpdating[T any](tx *Tx, row *T) error {
	table := records[T](tx)
	if table == nil {
		return nil
	}
	return tx.noteKeys(table, []string{keyOf(row)})
}

// noteKeys notes rows with some keys as they are now.
func (tx *Tx) noteKeys(table *recordedTable, keys []string) error {
	fresh := slices.DeleteFunc(slices.Clone(keys), func(key string) bool {
		known, ok := tx.recording.touched[table.name+"\x00"+key]
		if ok {
			known.hash = nil
		}
		return ok
	})
	rows, err := tx.rowsOf(table, fresh)
	for key, row := range rows {
		image, failed := imageOf(row)
		if failed != nil {
			return failed
		}
		tx.recording.note(table, key, image, nil)
	}
	return err
}

// rowsOf reads rows of a table by their keys.
func (tx *Tx) rowsOf(table *recordedTable, keys []string) (map[string]any, error) {
	found := map[string]any{}
	for chunk := range slices.Chunk(keys, insertBatch) {
		values, wanted := make([]any, len(chunk)), map[string]bool{}
		for i, key := range chunk {
			values[i], wanted[key] = table.valueOf(key), true
		}
		rows, err := table.list(tx, In(table.lookup, values))
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if key := keyOf(row); wanted[key] {
				found[key] = row
			}
		}
	}
	return found, nil
}

// noteDeleting notes the rows that are about to be deleted, and those that go with them.
func noteDeleting[T any](tx *Tx, conditions []Condition) error {
	table := records[T](tx)
	if table == nil {
		return nil
	}
	return tx.noteAll(table, conditions)
}

func (tx *Tx) noteAll(table *recordedTable, conditions []Condition) error {
	rows, err := table.list(tx, conditions...)
	if err != nil || len(rows) == 0 {
		return err
	}
	var ids []any
	for _, row := range rows {
		image, err := imageOf(row)
		if err != nil {
			return err
		}
		key := keyOf(row)
		tx.recording.note(table, key, image, nil)
		if len(table.takes) > 0 {
			ids = append(ids, table.valueOf(key))
		}
	}
	for _, with := range table.takes {
		for chunk := range slices.Chunk(ids, insertBatch) {
			if err := tx.noteAll(tx.store.recorded.named[with.table], []Condition{In(with.column, chunk)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// keepRecorded writes what was noted. It runs at the end of a transaction, when every row is what it has become.
func (tx *Tx) keepRecorded() error {
	noted := tx.recording
	tx.recording = nil
	if noted == nil {
		return nil
	}
	present, err := tx.presentOf(noted)
	if err != nil {
		return err
	}
	rows, lists := noted.talks, map[string]*models.UndoRow{}
	for _, one := range noted.order {
		details, changed, err := one.became(tx, present[one.table.name][one.key])
		switch {
		case err != nil:
			return err
		case !changed:
			continue
		case details.Before != nil:
			rows = append(rows, &models.UndoRow{ID: models.New[models.RowID](), ImportID: one.of, At: one.at, Kind: one.table.name, Details: details})
			continue
		}
		name := one.of.String() + one.table.name
		if lists[name] == nil {
			lists[name] = &models.UndoRow{ID: models.New[models.RowID](), ImportID: one.of, At: one.at, Kind: one.table.name}
			rows = append(rows, lists[name])
		}
		lists[name].Details.Added = lists[name].Details.Added.Append(models.AddedRow{Key: details.Key, Hash: one.hash})
	}
	if rows, err = tx.ofImports(rows); err != nil {
		return err
	}
	return Insert(tx, rows...)
}

// ofImports leaves out what is of imports that left no row of their own: those that changed nothing.
func (tx *Tx) ofImports(rows []*models.UndoRow) ([]*models.UndoRow, error) {
	there := map[models.RowID]bool{}
	for _, row := range rows {
		if _, asked := there[row.ImportID]; asked {
			continue
		}
		count, err := Count[models.Import](tx, Eq("id", row.ImportID))
		if err != nil {
			return nil, err
		}
		there[row.ImportID] = count > 0
	}
	return slices.DeleteFunc(rows, func(row *models.UndoRow) bool { return !there[row.ImportID] }), nil
}

// presentOf reads the noted rows that have to be read: all but those that were added, and not written again.
func (tx *Tx) presentOf(noted *recording) (map[string]map[string]any, error) {
	keys := map[*recordedTable][]string{}
	for _, one := range noted.order {
		if one.hash == nil {
			keys[one.table] = append(keys[one.table], one.key)
		}
	}
	present := map[string]map[string]any{}
	for table, of := range keys {
		rows, err := tx.rowsOf(table, of)
		if err != nil {
			return nil, err
		}
		present[table.name] = rows
	}
	return present, nil
}

// became says what has become of a noted row, and whether that is anything else than it was.
func (t *touch) became(tx *Tx, present any) (details models.UndoDetails, changed bool, err error) {
	details = models.UndoDetails{Key: []byte(t.key), Before: t.before}
	switch {
	case t.before == nil && t.hash != nil, t.before != nil && present == nil:
		return details, true, nil
	case present == nil:
		return details, false, nil
	case t.before == nil:
		t.hash, err = t.table.hash(tx, present)
		return details, true, err
	}
	after, err := imageOf(present)
	if err != nil {
		return details, false, err
	}
	details.After = map[string][]byte{}
	for name, value := range after {
		if !t.table.lives(name) && !bytes.Equal(value, t.before[name]) {
			details.After[name] = tx.FieldHash(t.table.name, []byte(t.key), name, value)
		}
	}
	for name := range t.before {
		if _, still := after[name]; !still && !t.table.lives(name) {
			details.After[name] = tx.FieldHash(t.table.name, []byte(t.key), name, nil)
		}
	}
	return details, len(details.After) > 0, nil
}

// FieldHash is the keyed hash of a field of a row, cut to what is kept of it. A field without a value has one too.
func (tx *Tx) FieldHash(table string, key []byte, field string, value json.RawMessage) []byte {
	return tx.key.Index("undo field", fmt.Sprintf("%s %x %s %s", table, key, field, cmp.Or(string(value), "none")))[:models.UndoHashSize]
}

// hash is the keyed hash of a row as an import left it.
func (t *recordedTable) hash(tx *Tx, row any) ([]byte, error) {
	fields := reflect.New(reflect.TypeOf(row).Elem()).Elem()
	fields.Set(reflect.ValueOf(row).Elem())
	for _, name := range t.living {
		fields.FieldByName(name).SetZero()
	}
	text, err := json.Marshal(fields.Addr().Interface())
	return tx.key.Index("undo row", t.name+" "+string(text)), err
}
