package postgres

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

// scrubRest is how long is waited between two looks whether somebody still is in an older moment.
const scrubRest = 250 * time.Millisecond

// ScopedTables lists the tables with a school_id; those that refer to others come before them.
func (e *Engine) ScopedTables(db *gorm.DB) ([]string, error) {
	var tables []string
	err := db.Session(&gorm.Session{NewDB: true}).Raw(`
		SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
		WHERE c.table_schema = current_schema() AND c.column_name = 'school_id' AND t.table_type = 'BASE TABLE' ORDER BY c.table_name`).Scan(&tables).Error
	if err != nil {
		return nil, err
	}
	var references []engine.Reference
	err = db.Session(&gorm.Session{NewDB: true}).Raw(`
		SELECT DISTINCT child.relname AS child, parent.relname AS parent FROM pg_constraint c
		JOIN pg_class child ON child.oid = c.conrelid JOIN pg_class parent ON parent.oid = c.confrelid
		WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace AND child.oid <> parent.oid`).Scan(&references).Error
	if err != nil {
		return nil, err
	}
	return engine.ChildrenFirst(tables, references)
}

// Scrub vacuums the tables once nobody can see what was deleted any more. The table of the schools is written anew as a whole: there lay the key without which
// nothing that may be left in the free space of the other tables can be opened.
func (e *Engine) Scrub(ctx context.Context, tables []string, wait func(context.Context, time.Duration) error) error {
	// A connection of its own: vacuum of a big database takes longer than any statement may.
	return e.writers.WithContext(ctx).Connection(func(db *gorm.DB) error {
		if err := db.Exec("SET statement_timeout = 0").Error; err != nil {
			return err
		}
		defer func() { _ = db.WithContext(context.WithoutCancel(ctx)).Exec("RESET statement_timeout").Error }()
		if err := waitForOlder(ctx, db, wait); err != nil {
			return err
		}
		names := make([]string, len(tables))
		for i, name := range tables {
			names[i] = fmt.Sprintf("%q", name) // from the schema, not from anybody's request
		}
		if err := db.Exec("VACUUM (INDEX_CLEANUP ON) " + strings.Join(names, ", ")).Error; err != nil {
			return err
		}
		return patiently(ctx, wait, func() (bool, error) {
			err := db.Exec("VACUUM (FULL) schools").Error
			if runAgain(err) {
				return false, nil
			}
			return err == nil, err
		})
	})
}

// ScrubLog does nothing: the write-ahead log is the server's, and what it and free pages still hold of a person is sealed. It goes as the server reuses them.
func (e *Engine) ScrubLog(context.Context, func(context.Context, time.Duration) error) error {
	return nil
}

// waitForOlder waits until no transaction of the database can see rows that are deleted now.
func waitForOlder(ctx context.Context, db *gorm.DB, wait func(context.Context, time.Duration) error) error {
	var now string
	if err := db.Raw("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").Scan(&now).Error; err != nil {
		return err
	}
	return patiently(ctx, wait, func() (bool, error) {
		var older int
		err := db.Raw(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
			AND backend_xmin IS NOT NULL AND age(backend_xmin) > age(CAST(? AS text)::xid8::xid)`, now).Scan(&older).Error
		return older == 0, err
	})
}

// patiently tries until it is done, or the readers' greatest age has passed.
func patiently(ctx context.Context, wait func(context.Context, time.Duration) error, try func() (bool, error)) error {
	for range int(2*engine.MaxReadAge/scrubRest) + 1 {
		done, err := try()
		if err != nil || done {
			return err
		}
		if err := wait(ctx, scrubRest); err != nil {
			return err
		}
	}
	return errs.New(errs.Unavailable, "readers-busy")
}
