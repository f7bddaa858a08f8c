package store

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"

	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

// TestNothingOfASchoolIsInTemporaryFiles asks both kinds of connections: SQLite puts pages before a savepoint, and rows that it sorts, into files outside the
// data folder unless it is told not to.
func TestNothingOfASchoolIsInTemporaryFiles(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	master, err := seal.NewMaster(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	opened, err := Open(ctx, Config{Path: filepath.Join(t.TempDir(), "ouderavond.db"), Master: master, Clock: standingClock{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	const inMemory = 2 // https://www.sqlite.org/pragma.html#pragma_temp_store
	ask := func(db *gorm.DB) error {
		var kept int
		err := db.Raw("PRAGMA temp_store").Scan(&kept).Error
		if kept != inMemory {
			t.Errorf("temp_store is %d", kept)
		}
		return err
	}
	if err := opened.engine.Read(ctx, engine.Lengthy, ask); err != nil {
		t.Error(err)
	}
	if err := opened.engine.Write(ctx, engine.Manner{Queue: engine.OtherQueue}, ask); err != nil {
		t.Error(err)
	}
}
