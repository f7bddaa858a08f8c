package backup_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store/backup"
)

func TestWhatAProgramWouldRefuseIsSeenWhileAnotherUsesIt(t *testing.T) {
	t.Parallel()
	other, err := seal.NewMaster(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	db, _ := filled(t) // it stays open
	if err := backup.Fits(context.Background(), db.Path, db.Store.Master()); err != nil {
		t.Errorf("its own: %v", err)
	}
	if err := backup.Fits(context.Background(), db.Path, other); !errors.Is(err, backup.ErrOtherMasterKey) {
		t.Errorf("another key: %v", err)
	}
	held := raw(t, db.Path)
	exec(t, held, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)")
	if err := backup.Fits(context.Background(), db.Path, db.Store.Master()); !errors.Is(err, backup.ErrNewerSchema) {
		t.Errorf("a newer schema: %v", err)
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	if err := backup.Fits(context.Background(), filepath.Join(t.TempDir(), "none.db"), other); err != nil {
		t.Errorf("none: %v", err)
	}
}
