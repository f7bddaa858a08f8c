package backup_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/ouderavond/ouderavond/models/store/backup"
)

func TestRowsOfEachTableAreCountedWhileAnotherWrites(t *testing.T) {
	t.Parallel()
	db, _ := filled(t) // it stays open
	before, err := backup.Rows(context.Background(), db.Path)
	if err != nil || before["pupils"] == 0 || before["schools"] != 1 {
		t.Fatalf("%v, %v", before, err)
	}
	held := raw(t, db.Path)
	exec(t, held, "INSERT INTO jobs (name, next_at) VALUES ('one more', '2026-01-01 00:00:00+00:00')")
	after, err := backup.Rows(context.Background(), db.Path)
	if err != nil || len(after) != len(before) {
		t.Fatalf("%v, %v", after, err)
	}
	for table, rows := range before {
		if want := number(t, held, "SELECT count(*) FROM "+table); after[table] != int64(want) || table != "jobs" && after[table] != rows {
			t.Errorf("%s: %d, want %d", table, after[table], want)
		}
	}
	if rows, err := backup.Rows(context.Background(), filepath.Join(t.TempDir(), "none.db")); err == nil {
		t.Errorf("no database has %v", rows)
	}
}
