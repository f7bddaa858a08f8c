package store_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/migrate"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

func TestADatabaseThatIsInUseIsLookedAtBeforeItIsOpened(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storetest.NewPostgreSQL(t)
	storetest.School(t, db.Store, "here")
	raw := db.Raw(t)
	master := storetest.Master(t)
	if err := store.Fits(ctx, db.URL, master); err != nil {
		t.Errorf("its own database: %v", err)
	}
	other, err := seal.NewMaster([]byte(strings.Repeat("o", 32)))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Fits(ctx, db.URL, other); !errors.Is(err, store.ErrWrongMasterKey) {
		t.Errorf("another master key: %v", err)
	}
	exec(t, raw, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
	fault := store.Fits(ctx, db.URL, master)
	if !errors.Is(fault, migrate.ErrNewerSchema) {
		t.Fatalf("a newer schema: %v", fault)
	}
	// It says what a start says.
	if _, err := store.Open(ctx, store.Config{URL: db.URL, Master: master, Clock: db.Clock}); err == nil || err.Error() != fault.Error() {
		t.Errorf("a start: %v, and the look: %v", err, fault)
	}
	exec(t, raw, "DELETE FROM goose_db_version WHERE version_id = 99999")
	if err := store.Fits(ctx, db.URL, master); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestALookAtAnEmptyDatabaseLeavesItEmpty(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	db := storetest.NewPostgreSQL(t)
	admin := db.Raw(t)
	address := func(encoding string) string {
		name := fmt.Sprintf("ouderavond_%s_%x", encoding, models.New[models.RowID]())
		exec(t, admin, "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING '"+encoding+"' LC_COLLATE 'C' LC_CTYPE 'C'")
		t.Cleanup(func() { exec(t, admin, "DROP DATABASE "+name+" WITH (FORCE)") })
		parsed, err := url.Parse(db.URL)
		if err != nil {
			t.Fatal(err)
		}
		parsed.Path = "/" + name
		return parsed.String()
	}
	empty := address("utf8")
	if err := store.Fits(ctx, empty, storetest.Master(t)); err != nil {
		t.Errorf("an empty database: %v", err)
	}
	var tables int
	scan(t, (&storetest.Database{URL: empty}).Raw(t), &tables, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
	if tables != 0 {
		t.Errorf("%d tables were made", tables)
	}
	if err := store.Fits(ctx, address("latin1"), storetest.Master(t)); err == nil || !strings.Contains(err.Error(), "UTF8") {
		t.Errorf("a database of another encoding: %v", err)
	}
	nowhere := strings.Replace(empty, "/ouderavond_utf8", "/nothing", 1)
	if err := store.Fits(ctx, nowhere, storetest.Master(t)); err == nil || errs.KindOf(err) == errs.Unavailable {
		t.Errorf("a database that is not there: %v", err)
	}
	for _, away := range []string{"postgres://root:geheim@127.0.0.1:1/x?sslmode=disable", "postgres://root:geheim@%zz/x"} {
		if err := store.Fits(ctx, away, storetest.Master(t)); err == nil || strings.Contains(away, ":1/") && errs.KindOf(err) != errs.Unavailable || strings.Contains(err.Error(), "geheim") {
			t.Errorf("no database: %v", err)
		}
	}
}
