package backup_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store/backup"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// filled is a database with the sample's rows in one school.
func filled(t *testing.T) (*storetest.Database, models.SchoolID) {
	t.Helper()
	db := storetest.NewSQLite(t)
	school := storetest.School(t, db.Store, "de-linde")
	storetest.Fill(t, db.Store, school, storetest.NewSample("Linde", 0))
	return db, school
}

// raw is a connection past the store, as another program would have one.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path+"?_busy_timeout=10000&_loc=UTC")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func exec(t *testing.T, db *sql.DB, statement string, values ...any) {
	t.Helper()
	if _, err := db.Exec(statement, values...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func number(t *testing.T, db *sql.DB, query string, values ...any) int {
	t.Helper()
	var n int
	if err := db.QueryRow(query, values...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func wait(ctx context.Context, length time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(length):
		return nil
	}
}

// copied makes a copy and gives its file.
func copied(t *testing.T, db *storetest.Database) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy.db")
	if err := backup.Copy(t.Context(), db.Path, to, wait); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestACopyIsOneFileForItsOwnerAndHoldsEverything(t *testing.T) {
	t.Parallel()
	db, _ := filled(t)
	to := copied(t, db)
	entries, err := os.ReadDir(filepath.Dir(to))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside the copy: %v %v", entries, err)
	}
	if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v %v", info.Mode(), err)
	}
	content, err := backup.Inspect(t.Context(), to, storetest.Master(t), [][]byte{storetest.Secret()})
	if err != nil {
		t.Fatal(err)
	}
	source := raw(t, db.Path)
	if want := number(t, source, "SELECT count(*) FROM pupils"); want == 0 || content.Pupils != int64(want) || content.Schools != 1 || content.Schema == 0 {
		t.Errorf("%+v, want %d pupils", content, want)
	}
	if entries, _ := os.ReadDir(filepath.Dir(to)); len(entries) != 1 {
		t.Errorf("looking left something behind: %v", entries)
	}
	if err := backup.Copy(t.Context(), db.Path, to, wait); !errors.Is(err, os.ErrExist) {
		t.Errorf("a copy was overwritten: %v", err)
	}
}

func TestACopyIsOfOneMomentWhileOthersWrite(t *testing.T) {
	t.Parallel()
	db, _ := filled(t)
	writer := raw(t, db.Path)
	writer.SetMaxOpenConns(1)
	exec(t, writer, "CREATE TABLE pairs (a INTEGER, b INTEGER)")
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		for n := 0; ctx.Err() == nil; n++ {
			tx, err := writer.Begin()
			if err != nil {
				continue
			}
			_, _ = tx.Exec("INSERT INTO pairs VALUES (?, 1)", n)
			_, _ = tx.Exec("INSERT INTO pairs VALUES (?, -1)", n)
			_ = tx.Commit()
		}
	})
	for range 5 {
		held := raw(t, copied(t, db))
		if sum := number(t, held, "SELECT coalesce(sum(b), 0) FROM pairs"); sum != 0 {
			t.Errorf("half a transaction is in the copy: %d", sum)
		}
	}
	stop()
	running.Wait()
	if number(t, writer, "SELECT count(*) FROM pairs") == 0 {
		t.Error("nobody wrote meanwhile")
	}
}

func TestACopyHoldsNothingThatWasDeleted(t *testing.T) {
	t.Parallel()
	db, _ := filled(t)
	careless := raw(t, db.Path)
	const word = "afscheidsgroet"
	exec(t, careless, "CREATE TABLE notes (note TEXT)")
	exec(t, careless, "INSERT INTO notes VALUES (?)", strings.Repeat(word+" ", 5000))
	exec(t, careless, "PRAGMA secure_delete = OFF")
	exec(t, careless, "DELETE FROM notes")
	exec(t, careless, "PRAGMA wal_checkpoint(TRUNCATE)")
	if content, err := os.ReadFile(db.Path); err != nil || !bytes.Contains(content, []byte(word)) {
		t.Fatalf("the deleted text is not in the source either: %v", err)
	}
	if content, err := os.ReadFile(copied(t, db)); err != nil || bytes.Contains(content, []byte(word)) {
		t.Errorf("the copy holds deleted text: %v", err)
	}
}

// fat makes a copy of the database take its time.
func fat(t *testing.T, db *storetest.Database) {
	t.Helper()
	filler := raw(t, db.Path)
	exec(t, filler, "CREATE TABLE filling (content BLOB)")
	exec(t, filler, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150) INSERT INTO filling SELECT randomblob(1000000) FROM n")
}

func TestACopyGivesWayToAWipe(t *testing.T) {
	t.Parallel()
	db, _ := filled(t)
	fat(t, db)
	wiper := raw(t, db.Path)
	to := filepath.Join(t.TempDir(), "copy.db")
	begun := false
	err := backup.Copy(t.Context(), db.Path, to, func(ctx context.Context, length time.Duration) error {
		if !begun {
			begun = true
			exec(t, wiper, "UPDATE schools SET state = 'closing'")
		}
		return wait(ctx, length/50)
	})
	if !errors.Is(err, backup.ErrWipe) {
		t.Fatalf("got %v", err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(to)); len(entries) != 0 {
		t.Errorf("half a copy is left: %v", entries)
	}
	var busy, log, moved int
	if err := wiper.QueryRow("PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &moved); err != nil || busy != 0 || log != 0 {
		t.Errorf("the log cannot be emptied: busy %d, %d pages, %v", busy, log, err)
	}
	if err := backup.Copy(t.Context(), db.Path, to, wait); !errors.Is(err, backup.ErrWipe) {
		t.Errorf("a copy was begun in the middle of a wipe: %v", err)
	}
	exec(t, wiper, "UPDATE schools SET state = 'active'")
	if err := backup.Copy(t.Context(), db.Path, to, wait); err != nil {
		t.Errorf("after the wipe: %v", err)
	}
}

func TestACopyEndsWithItsContext(t *testing.T) {
	t.Parallel()
	db, _ := filled(t)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	to := filepath.Join(t.TempDir(), "copy.db")
	if err := backup.Copy(ctx, db.Path, to, wait); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(to); !errors.Is(err, os.ErrNotExist) {
		t.Error("there is a file")
	}
}

func TestEachFaultOfACopyIsNamed(t *testing.T) {
	t.Parallel()
	other, err := seal.NewMaster(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	db, _ := filled(t)
	whole, err := os.ReadFile(copied(t, db))
	if err != nil {
		t.Fatal(err)
	}
	sql := func(statement string) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			held := raw(t, path)
			exec(t, held, statement)
			if err := held.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	bytesOf := func(change func([]byte) []byte) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path, change(bytes.Clone(whole)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, tt := range map[string]struct {
		spoil  func(t *testing.T, path string)
		master *seal.Master
		want   error
	}{
		"nothing":                           {bytesOf(func(all []byte) []byte { return all }), nil, nil},
		"an empty file":                     {bytesOf(func([]byte) []byte { return nil }), nil, backup.ErrNotADatabase},
		"a text":                            {bytesOf(func([]byte) []byte { return bytes.Repeat([]byte("text "), 100) }), nil, backup.ErrNotADatabase},
		"the end is missing":                {bytesOf(func(all []byte) []byte { return all[:len(all)-4096] }), nil, backup.ErrTruncated},
		"only the beginning is there":       {bytesOf(func(all []byte) []byte { return all[:200] }), nil, backup.ErrTruncated},
		"a page is lost":                    {bytesOf(func(all []byte) []byte { clear(all[len(all)-8*4096 : len(all)-4096]); return all }), nil, backup.ErrDamaged},
		"the list of tables is lost":        {bytesOf(func(all []byte) []byte { clear(all[100:4096]); return all }), nil, backup.ErrDamaged},
		"another master key":                {bytesOf(func(all []byte) []byte { return all }), other, backup.ErrOtherMasterKey},
		"a newer schema":                    {sql("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)"), nil, backup.ErrNewerSchema},
		"another program's tables":          {sql("DROP TABLE installation"), nil, backup.ErrNotOurs},
		"a reference that leads nowhere":    {sql("DELETE FROM groups"), nil, backup.ErrDamaged},
		"a school's key is changed":         {sql("UPDATE schools SET wrapped_key = randomblob(60)"), nil, backup.ErrDamaged},
		"a school's details are changed":    {sql("UPDATE schools SET details = randomblob(60)"), nil, backup.ErrDamaged},
		"the master key is inside":          {sql("CREATE TABLE x AS SELECT '" + hex.EncodeToString(storetest.Secret()) + "' AS y"), nil, backup.ErrHoldsMasterKey},
		"the master key's bytes are inside": {sql("CREATE TABLE x AS SELECT X'" + hex.EncodeToString(storetest.Secret()) + "' AS y"), nil, backup.ErrHoldsMasterKey},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "copy.db")
			bytesOf(func(all []byte) []byte { return all })(t, path)
			tt.spoil(t, path)
			master := tt.master
			if master == nil {
				master = storetest.Master(t)
			}
			secrets := [][]byte{storetest.Secret(), []byte(hex.EncodeToString(storetest.Secret()))}
			if _, err := backup.Inspect(t.Context(), path, master, secrets); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}
