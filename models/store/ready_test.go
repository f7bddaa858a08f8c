package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// TestADatabaseThatKeepsNothingIsNotReady lets the server read as ever and refuse what is written, as on a full disk.
func TestADatabaseThatKeepsNothingIsNotReady(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		open          storetest.Opener
		full, emptied string
	}{
		"SQLite": {storetest.NewSQLite, "CREATE TRIGGER full BEFORE UPDATE ON jobs BEGIN SELECT RAISE(FAIL, 'full'); END", "DROP TRIGGER full"},
		"PostgreSQL": {
			storetest.NewPostgreSQL,
			`CREATE FUNCTION keeps_nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$;
			CREATE TRIGGER full_disk BEFORE UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION keeps_nothing()`,
			"DROP TRIGGER full_disk ON jobs; DROP FUNCTION keeps_nothing",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := test.open(t)
			ctx := context.Background()
			if err := db.Store.Ready(ctx); err != nil {
				t.Fatal(err)
			}
			raw := db.Raw(t)
			exec(t, raw, test.full)
			t.Cleanup(func() { _, _ = raw.Exec(test.emptied) })
			eventually(t, "it is found", func() bool { return db.Store.Ready(ctx) != nil })
			exec(t, raw, test.emptied)
			eventually(t, "it is well again", func() bool { return db.Store.Ready(ctx) == nil })
		})
	}
}

// TestASilentServerIsNotReadyWithinTwoSeconds takes what is said to the server and never passes it on.
func TestASilentServerIsNotReadyWithinTwoSeconds(t *testing.T) {
	t.Parallel()
	db, between := storetest.NewHeard(t)
	silent := make(chan struct{})
	between.Watch(func(string) bool { <-silent; return false })
	begun := time.Now()
	err := db.Store.Ready(context.Background())
	if took := time.Since(begun); errs.KindOf(err) != errs.Unavailable || took > 3*time.Second {
		t.Errorf("after %v: %v", took, err)
	}
	between.Watch(nil)
	close(silent)
	eventually(t, "it is heard again", func() bool { return db.Store.Ready(context.Background()) == nil })
}
