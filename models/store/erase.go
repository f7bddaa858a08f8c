package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// ScopedTables lists the tables that have a school_id, from the schema itself, so that a new table cannot be forgotten by the wipe.
func (s *Store) ScopedTables(ctx context.Context) ([]string, error) {
	return scopedTables(s.writer.WithContext(ctx))
}

// ledgerTables have a school's id and outlive the school.
var ledgerTables = []string{"erasure_ledger"}

func scopedTables(db *gorm.DB) ([]string, error) {
	var tables []string
	err := db.Session(&gorm.Session{NewDB: true}).Raw(
		`SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'school_id' WHERE m.type = 'table' ORDER BY m.name`).Scan(&tables).Error
	tables = slices.DeleteFunc(tables, func(name string) bool { return slices.Contains(ledgerTables, name) })
	return tables, translate(err)
}

// EraseSchool deletes every row of a school from every scoped table and the school itself, in one transaction, and tells how many went from each. It
// then forgets the school's key and opened copies. The pages of the database still hold what was deleted until Truncate has run.
func (in Installation) EraseSchool(ctx context.Context, school models.SchoolID) (map[string]int64, error) {
	if err := in.allowed(); err != nil {
		return nil, err
	}
	if school.IsZero() {
		return nil, models.ErrNoSchool
	}
	counts := map[string]int64{}
	err := in.store.writer.WithContext(ctx).Transaction(func(db *gorm.DB) error {
		// References within the school are checked at the commit, when both ends are gone.
		if err := db.Exec("PRAGMA defer_foreign_keys = ON").Error; err != nil {
			return err
		}
		tables, err := scopedTables(db)
		if err != nil {
			return err
		}
		for _, name := range tables {
			// The names come from the schema, not from anybody's request. Counted first: cascades delete rows that the statement does not count.
			var rows int64
			if err := db.Raw(fmt.Sprintf("SELECT count(*) FROM %q WHERE school_id = ?", name), school).Scan(&rows).Error; err != nil {
				return err
			}
			counts[name] = rows
		}
		for _, name := range tables {
			if err := db.Exec(fmt.Sprintf("DELETE FROM %q WHERE school_id = ?", name), school).Error; err != nil {
				return err
			}
		}
		counts["schools"] = 1
		return db.Exec("DELETE FROM schools WHERE id = ?", school).Error
	})
	if err != nil {
		return nil, translate(err)
	}
	in.store.keys.Delete(school)
	in.store.rosters.forget(school)
	in.store.plans.forget(school)
	return counts, nil
}

// Truncate copies the write-ahead log into the database and empties it, so that nothing deleted remains in either. A reader that is still in an old
// moment makes it busy; it is tried until the readers' greatest age has passed, waiting with the given function.
func (in Installation) Truncate(ctx context.Context, wait func(context.Context, time.Duration) error) error {
	if err := in.allowed(); err != nil {
		return err
	}
	const pause = 50 * time.Millisecond
	for range int(2*maxReadAge/pause) + 1 {
		var result struct{ Busy, Log, Checkpointed int }
		if err := in.store.writer.WithContext(ctx).Raw("PRAGMA wal_checkpoint(TRUNCATE)").Scan(&result).Error; err != nil && errs.KindOf(translate(err)) != errs.Unavailable {
			return translate(err)
		} else if err == nil && result.Busy == 0 {
			return nil
		}
		if err := wait(ctx, pause); err != nil {
			return err
		}
	}
	return errs.New(errs.Unavailable, "readers-busy")
}
