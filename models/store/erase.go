package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models"
)

// ScopedTables lists the tables that have a school_id, from the schema itself, so that a new table cannot be forgotten by the wipe.
func (s *Store) ScopedTables(ctx context.Context) ([]string, error) {
	tables, err := s.scopedTables(s.reader(ctx))
	slices.Sort(tables)
	return tables, s.failure(err)
}

// ledgerTables have a school's id and outlive the school.
var ledgerTables = []string{"erasure_ledger"}

func (s *Store) scopedTables(db *gorm.DB) ([]string, error) {
	tables, err := s.engine.scopedTables(db)
	return slices.DeleteFunc(tables, func(name string) bool { return slices.Contains(ledgerTables, name) }), translate(err)
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
	var counts map[string]int64
	defer in.store.sessions.begin(school)() // all schools' are read anew: wipes are rare
	err := in.store.engine.write(ctx, manner{of: school, queue: longQueue, alone: lone}, func(db *gorm.DB) error {
		counts = map[string]int64{}
		tables, err := in.store.scopedTables(db)
		if err != nil {
			return err
		}
		return eraseRows(db, tables, school, counts)
	})
	if err != nil {
		return nil, in.store.failure(err)
	}
	in.store.forget(school)
	return counts, nil
}

// eraseRows deletes a school's rows from the tables, and the school, and counts them.
func eraseRows(db *gorm.DB, tables []string, school models.SchoolID, counts map[string]int64) error {
	// The names come from the schema, not from anybody's request. Counted first: cascades delete rows that the statement does not count.
	for _, name := range tables {
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
}

// reference is that rows of one table name rows of another.
type reference struct{ Child, Parent string }

// childrenFirst puts tables in an order in which each can be emptied without a row left behind that refers to it.
func childrenFirst(tables []string, references []reference) ([]string, error) {
	left := slices.Clone(tables)
	ordered := make([]string, 0, len(tables))
	for len(left) > 0 {
		free := slices.DeleteFunc(slices.Clone(left), func(table string) bool {
			return slices.ContainsFunc(references, func(r reference) bool { return r.Parent == table && slices.Contains(left, r.Child) })
		})
		if len(free) == 0 {
			return nil, fmt.Errorf("tables refer to one another in a circle: %s", strings.Join(left, ", "))
		}
		ordered = append(ordered, free...)
		left = slices.DeleteFunc(left, func(table string) bool { return slices.Contains(free, table) })
	}
	return ordered, nil
}

// forget lets go of everything that memory holds of a school, and keeps readers of an older moment from bringing it back.
func (s *Store) forget(school models.SchoolID) {
	s.keys.forget(school)
	s.rosters.forget(school)
	s.plans.forget(school)
	s.occupancy.forget(school)
	s.slugs.forget(school)
}

// letGo lets go of what memory holds of a school that was not found: another program on the same database may have wiped it.
func (s *Store) letGo(school models.SchoolID) {
	s.keys.letGo(school)
	s.rosters.letGo(school)
	s.plans.letGo(school)
	s.occupancy.forget(school)
	s.slugs.forget(school)
}

// keepOnly lets go of every school that is not among those that there are.
func (s *Store) keepOnly(schools []models.School) {
	for _, held := range s.keys.held() {
		if !slices.ContainsFunc(schools, func(school models.School) bool { return school.ID == held }) {
			s.letGo(held)
		}
	}
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

// Truncate makes the bytes of deleted rows go from the database's files: on SQLite the write-ahead log is copied into the database and emptied, on PostgreSQL
// the tables are vacuumed. Who is still in an old moment makes it busy; it is tried until the readers' greatest age has passed, waiting with the given
// function, and is errs.Unavailable with the code "readers-busy" after that. Other writers go on between the tries.
func (in Installation) Truncate(ctx context.Context, wait func(context.Context, time.Duration) error) error {
	if err := in.allowed(); err != nil {
		return err
	}
	tables, err := in.store.scopedTables(in.store.reader(ctx))
	if err != nil {
		return in.store.failure(err)
	}
	return in.store.failure(in.store.engine.scrub(ctx, append(tables, "schools"), wait))
}
