package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// ScopedTables lists the tables that have a school_id, from the schema itself, so that a new table cannot be forgotten by the wipe.
func (s *Store) ScopedTables(ctx context.Context) ([]string, error) {
	tables, err := scopedTables(s.reader.WithContext(ctx))
	return tables, s.failure(err)
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
// notes that in the ledger's line of the school, if there is one, and forgets the school's key and opened copies. The pages of the database still hold what
// was deleted until Truncate has run.
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
		gone := db.Exec("DELETE FROM schools WHERE id = ?", school)
		if gone.Error != nil {
			return gone.Error
		}
		counts["schools"] = gone.RowsAffected
		return addToLedger(db, school, counts)
	})
	if err != nil {
		return nil, in.store.failure(err)
	}
	in.store.forget(school)
	return counts, nil
}

// forget lets go of everything that memory holds of a school, and keeps readers of an older moment from bringing it back.
func (s *Store) forget(school models.SchoolID) {
	s.keys.forget(school)
	s.rosters.forget(school)
	s.plans.forget(school)
}

// expect undoes forget for a school that is made again, as a restore does.
func (s *Store) expect(school models.SchoolID) {
	s.keys.expect(school)
	s.rosters.expect(school)
	s.plans.expect(school)
}

// addToLedger adds what was erased to the school's line of the ledger, if it has one, in the transaction that erases: a wipe that is cut off right after
// still has its figures.
func addToLedger(db *gorm.DB, school models.SchoolID, counts map[string]int64) error {
	var lines []models.Erasure
	if err := db.Where("school_id = ?", school).Find(&lines).Error; err != nil || len(lines) == 0 {
		return err
	}
	if lines[0].Counts == nil {
		lines[0].Counts = map[string]int64{}
	}
	for table, count := range counts {
		lines[0].Counts[table] += count
	}
	return db.Model(&lines[0]).Select("counts").Updates(&lines[0]).Error
}

// Truncate copies the write-ahead log into the database and empties it, so that nothing deleted remains in either. A reader that is still in an old
// moment makes it busy; it is tried until the readers' greatest age has passed, waiting with the given function. Other writers go on between the tries.
func (in Installation) Truncate(ctx context.Context, wait func(context.Context, time.Duration) error) error {
	if err := in.allowed(); err != nil {
		return err
	}
	const pause = 50 * time.Millisecond
	for range int(2*maxReadAge/pause) + 1 {
		done, err := in.checkpoint(ctx)
		if err != nil || done {
			return in.store.failure(err)
		}
		if err := wait(ctx, pause); err != nil {
			return err
		}
	}
	return errs.New(errs.Unavailable, "readers-busy")
}

// checkpoint tries once and does not wait for readers: the writer's only connection would be held, and every booking with it.
func (in Installation) checkpoint(ctx context.Context) (done bool, err error) {
	err = in.store.writer.WithContext(ctx).Connection(func(db *gorm.DB) error {
		if err := db.Exec("PRAGMA busy_timeout = 0").Error; err != nil {
			return err
		}
		var result struct{ Busy, Log, Checkpointed int }
		failed := db.Raw("PRAGMA wal_checkpoint(TRUNCATE)").Scan(&result).Error
		// The connection goes back to the pool as it was, even where the caller has stopped waiting.
		again := db.WithContext(context.WithoutCancel(ctx)).Exec(fmt.Sprintf("PRAGMA busy_timeout = %d", busyTimeout/time.Millisecond)).Error
		if failed != nil && errs.CodeOf(translate(failed)) != "database" {
			return errors.Join(failed, again)
		}
		done = failed == nil && result.Busy == 0
		return again
	})
	return done, err
}
