package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/migrate"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// onDisk gives every byte of the database's file and its companions.
func onDisk(t *testing.T, path string) []byte {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) == 0 {
		t.Fatalf("files of %s: %v, %v", path, files, err)
	}
	var all []byte
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, content...)
	}
	return all
}

// raw opens a second connection to the file, past the store.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?_busy_timeout=5000&_foreign_keys=on")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func exec(t *testing.T, db *sql.DB, statement string, values ...any) {
	t.Helper()
	if _, err := db.Exec(statement, values...); err != nil {
		t.Fatal(err)
	}
}

// leaves gives all texts in a JSON value.
func leaves(value any) []string {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		var all []string
		for _, element := range value {
			all = append(all, leaves(element)...)
		}
		return all
	case map[string]any:
		var all []string
		for _, element := range value {
			all = append(all, leaves(element)...)
		}
		return all
	}
	return nil
}

// sealedTexts gives every text of a sample that may be on disk in sealed form only.
func sealedTexts(t *testing.T, sample *storetest.Sample) []string {
	t.Helper()
	var all []string
	for _, row := range sample.Rows {
		sealed, ok := row.Value.(interface{ Sealed() []seal.Column })
		if !ok {
			continue
		}
		for _, column := range sealed.Sealed() {
			content, err := json.Marshal(column.Value)
			if err != nil {
				t.Fatal(err)
			}
			var value any
			if err := json.Unmarshal(content, &value); err != nil {
				t.Fatal(err)
			}
			all = append(all, leaves(value)...)
		}
	}
	return all
}

func TestNoSealedValueIsOnDisk(t *testing.T) {
	t.Parallel()
	db := storetest.NewSQLite(t)
	school := storetest.School(t, db.Store, "kwartel")
	sample := storetest.NewSample("Kwartel", 0)
	storetest.Fill(t, db.Store, school, sample)
	texts := append(sealedTexts(t, sample), "School kwartel")
	if len(texts) < 30 {
		t.Fatalf("only %d texts", len(texts))
	}
	check := func(when string) {
		t.Helper()
		content := onDisk(t, db.Path)
		if !bytes.Contains(content, []byte("Kwartel subject 0")) {
			t.Fatalf("%s: not even an open column is on disk: the search proves nothing", when)
		}
		for _, text := range texts {
			// An id names nobody, and stands in open columns too.
			if _, err := models.Parse[models.RowID](text); err != nil && text != string(models.ActMove) && bytes.Contains(content, []byte(text)) {
				t.Errorf("%s: %q is on disk", when, text)
			}
		}
	}
	check("after the commit")
	if err := db.Store.Installation(storetest.Operator()).Truncate(context.Background(), func(context.Context, time.Duration) error { return nil }); err != nil {
		t.Fatal(err)
	}
	check("after the checkpoint")
}

func TestASealedValueThatWasMovedDoesNotOpen(t *testing.T) {
	t.Parallel()
	move := func(t *testing.T, statement string, values ...any) error {
		t.Helper()
		db := storetest.NewSQLite(t)
		school, other := storetest.School(t, db.Store, "here"), storetest.School(t, db.Store, "there")
		for _, id := range []models.SchoolID{school, other} {
			storetest.Fill(t, db.Store, id, storetest.NewSample("Kwartel", 0))
		}
		for i, value := range values {
			switch value {
			case "here":
				values[i] = school[:]
			case "there":
				values[i] = other[:]
			}
		}
		exec(t, raw(t, db.Path), statement, values...)
		return db.Store.For(storetest.As(school)).Read(context.Background(), func(tx *store.Tx) error {
			_, err := tx.Directory()
			return err
		})
	}
	tests := map[string]struct {
		statement string
		values    []any
	}{
		"from another school's row of the same id": {
			"UPDATE pupils SET details = (SELECT details FROM pupils WHERE school_id = ?) WHERE school_id = ?", []any{"there", "here"},
		},
		"from another table":  {"UPDATE pupils SET details = (SELECT details FROM staff WHERE school_id = ?) WHERE school_id = ?", []any{"here", "here"}},
		"from another column": {"UPDATE pupils SET factors = details WHERE school_id = ?", []any{"here"}},
		"to another row": {
			"INSERT INTO groups SELECT school_id, randomblob(16), state, year, created_at, details FROM groups WHERE school_id = ?", []any{"here"},
		},
		"cut short":      {"UPDATE pupils SET details = substr(details, 1, 20) WHERE school_id = ?", []any{"here"}},
		"of one byte":    {"UPDATE pupils SET details = x'01' WHERE school_id = ?", []any{"here"}},
		"of another key": {"UPDATE pupils SET details = CAST(x'02' || substr(details, 2) AS BLOB) WHERE school_id = ?", []any{"here"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := move(t, tt.statement, tt.values...); !errors.Is(err, seal.ErrOpen) {
				t.Errorf("error %v", err)
			}
		})
	}
	if err := move(t, "UPDATE pupils SET year = 'x' WHERE school_id = ?", "here"); err != nil {
		t.Errorf("nothing moved: %v", err)
	}
}

func TestAWipedSchoolLeavesNoByteBehind(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storetest.NewSQLite(t)
	school, other := storetest.School(t, db.Store, "wiped"), storetest.School(t, db.Store, "staying")
	storetest.Fill(t, db.Store, other, storetest.NewSample("Merel", 0))
	plant(t, db, school)
	in := db.Store.Installation(models.System(school, "wipe"))
	reading, ended := make(chan struct{}), make(chan struct{})
	end := make(chan struct{})
	go func() {
		defer close(ended)
		_ = db.Store.For(storetest.As(other)).Read(ctx, func(*store.Tx) error {
			close(reading)
			<-end
			return nil
		})
	}()
	<-reading
	if _, err := in.EraseSchool(ctx, school); err != nil {
		t.Fatal(err)
	}
	waits := 0
	err := in.Truncate(ctx, func(context.Context, time.Duration) error {
		if waits++; waits == 3 {
			// While the wipe waits for the reader, others write.
			err := db.Store.For(storetest.As(other)).Write(ctx, func(tx *store.Tx) error { return tx.Audited("test", [16]byte{1}, nil) })
			if err != nil {
				t.Error(err)
			}
			close(end)
			<-ended
		}
		return nil
	})
	if err != nil || waits != 3 {
		t.Fatalf("truncated after %d waits: %v", waits, err)
	}
	content := onDisk(t, db.Path)
	if bytes.Contains(content, []byte("planted")) || bytes.Contains(content, []byte("wiped")) {
		t.Error("a planted value is still on disk")
	}
	if !bytes.Contains(content, []byte("Merel subject 0")) {
		t.Error("the other school's values are gone")
	}
	wal, err := os.Stat(db.Path + "-wal")
	if err != nil || wal.Size() != 0 {
		t.Errorf("write-ahead log: %v, %v", wal, err)
	}
}

// plant writes open values of a school over many pages and makes sure that they are on disk.
func plant(t *testing.T, db *storetest.Database, school models.SchoolID) {
	t.Helper()
	storetest.Fill(t, db.Store, school, storetest.NewSample("planted", 0))
	err := db.Store.For(storetest.As(school)).Write(context.Background(), func(tx *store.Tx) error {
		var rows []*models.Import
		for range 300 {
			rows = append(rows, &models.Import{ID: models.New[models.RowID](), State: models.ImportApplied, Format: "planted", Dropped: []string{strings.Repeat("planted ", 100)}})
		}
		return store.Insert(tx, rows...)
	})
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Count(onDisk(t, db.Path), []byte("planted")) < 30_000 {
		t.Fatal("nothing was planted")
	}
}

func TestAReaderThatDoesNotEndIsReported(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storetest.NewSQLite(t)
	school := storetest.School(t, db.Store, "here")
	err := db.Store.For(storetest.As(school)).Read(ctx, func(*store.Tx) error {
		err := db.Store.Installation(storetest.Operator()).Truncate(ctx, func(context.Context, time.Duration) error { return nil })
		if errs.KindOf(err) != errs.Unavailable || errs.CodeOf(err) != "readers-busy" {
			t.Errorf("error %v", err)
		}
		stopped := errors.New("stopped waiting")
		err = db.Store.Installation(storetest.Operator()).Truncate(ctx, func(context.Context, time.Duration) error { return stopped })
		if !errors.Is(err, stopped) {
			t.Errorf("error %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestADatabaseOfAnotherMasterKeyIsRefused(t *testing.T) {
	t.Parallel()
	db := storetest.NewSQLite(t)
	other, err := seal.NewMaster(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(context.Background(), store.Config{Path: db.Path, Master: other, Clock: db.Clock})
	if !errors.Is(err, store.ErrWrongMasterKey) {
		t.Errorf("error %v", err)
	}
	storetest.Open(t, store.Config{Path: db.Path, Clock: db.Clock})
}

func TestADatabaseOfANewerProgramIsRefusedUnchanged(t *testing.T) {
	t.Parallel()
	db := storetest.NewSQLite(t)
	second := raw(t, db.Path)
	exec(t, second, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)")
	_, err := store.Open(context.Background(), store.Config{Path: db.Path, Master: storetest.Master(t), Clock: db.Clock})
	if !errors.Is(err, migrate.ErrNewerSchema) {
		t.Errorf("error %v", err)
	}
	var steps int
	if err := second.QueryRow("SELECT count(*) FROM goose_db_version WHERE version_id = 99999").Scan(&steps); err != nil || steps != 1 {
		t.Errorf("%d steps, %v", steps, err)
	}
}

func TestAPathOfAnySpellingIsThatPath(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "50% of #1 & more? yes")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "school's ouderavond.db")
	opened := storetest.Open(t, store.Config{Path: path, Clock: storetest.NewClock(storetest.Start())})
	storetest.School(t, opened, "here")
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func TestADamagedDatabaseIsAway(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storetest.NewSQLite(t)
	school := storetest.School(t, db.Store, "here")
	plant(t, db, school)
	if err := db.Store.Installation(storetest.Operator()).Truncate(ctx, func(context.Context, time.Duration) error { return nil }); err != nil {
		t.Fatal(err)
	}
	size, err := os.Stat(db.Path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(db.Path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	// All but the first page, which both pools have read already.
	if _, err := file.WriteAt(bytes.Repeat([]byte{0xFF}, int(size.Size())-4096), 4096); err != nil {
		t.Fatal(err)
	}
	list := func(tx *store.Tx) error { _, err := store.List[models.Import](tx); return err }
	if err := db.Store.For(storetest.As(school)).Read(ctx, list); errs.KindOf(err) != errs.Unavailable {
		t.Errorf("read: %v", err)
	}
}

func TestOpenedCopiesThatDoNotFitAreStillRight(t *testing.T) {
	t.Parallel()
	db := storetest.NewSQLite(t)
	small := storetest.Open(t, store.Config{Path: db.Path, Clock: db.Clock, SnapshotBytes: 1})
	schools := []models.SchoolID{storetest.School(t, small, "a"), storetest.School(t, small, "b"), storetest.School(t, small, "c")}
	for round := 1; round <= 3; round++ {
		for i, school := range schools {
			err := small.For(storetest.As(school)).Write(context.Background(), func(tx *store.Tx) error {
				for range i + 1 {
					if err := store.Insert(tx, &models.Group{ID: models.New[models.GroupID](), State: models.PersonActive}); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for i, school := range schools {
			err := small.For(storetest.As(school)).Read(context.Background(), func(tx *store.Tx) error {
				people, err := tx.Directory()
				if err == nil && len(people.Groups()) != round*(i+1) {
					t.Errorf("round %d, school %d: %d groups", round, i, len(people.Groups()))
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}
