package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

// ScopedTables lists the tables that have a school_id, from the schema itself, so that a new table cannot be forgotten by the wipe.
func (s *Store) ScopedTables(ctx context.Context) ([]string, error) {
	tables, err := s.scopedTables(s.reader(ctx))
	slices.Sort(tables)
	return tables, s.failure(err)
}

// ledgerTables have a school's id and outlive the school.
var ledgerTables = []string{"erasure_ledger", "carrier_records"}

// sharedTables have a school's id and are still no school's: where a database is distributed by school, every node has a copy of them.
var sharedTables = []string{"erasure_ledger"}

func (s *Store) scopedTables(db *gorm.DB) ([]string, error) {
	tables, err := s.engine.ScopedTables(db)
	return slices.DeleteFunc(tables, func(name string) bool { return slices.Contains(ledgerTables, name) }), engine.Translate(err)
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
	defer in.store.sessions.Begin(school)() // all schools' are read anew: wipes are rare
	err := in.store.engine.Write(ctx, engine.Manner{Of: school, Queue: engine.LongQueue, Alone: engine.Lone}, func(db *gorm.DB) error {
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
	if err := db.Exec("DELETE FROM school_slugs WHERE school = ?", school).Error; err != nil {
		return err
	}
	gone := db.Exec("DELETE FROM schools WHERE id = ?", school)
	if gone.Error != nil {
		return gone.Error
	}
	counts["schools"] = gone.RowsAffected
	return addToLedger(db, school, counts)
}

// forget lets go of everything that memory holds of a school, and keeps readers of an older moment from bringing it back.
func (s *Store) forget(school models.SchoolID) {
	s.keys.Forget(school)
	s.rosters.Forget(school)
	s.plans.Forget(school)
	s.lookups.Forget(school)
	s.occupancy.Forget(school)
	s.slugs.Forget(school)
}

// letGo lets go of what memory holds of a school that was not found: another program on the same database may have wiped it.
func (s *Store) letGo(school models.SchoolID) {
	s.keys.LetGo(school)
	s.rosters.LetGo(school)
	s.plans.LetGo(school)
	s.lookups.LetGo(school)
	s.occupancy.Forget(school)
	s.slugs.Forget(school)
}

// keepOnly lets go of every school that is not among those that there are.
func (s *Store) keepOnly(schools []models.School) {
	for _, held := range s.keys.Held() {
		if !slices.ContainsFunc(schools, func(school models.School) bool { return school.ID == held }) {
			s.letGo(held)
		}
	}
}

// expect undoes forget for a school that is made again, as a restore does.
func (s *Store) expect(school models.SchoolID) {
	s.keys.Expect(school)
	s.rosters.Expect(school)
	s.plans.Expect(school)
	s.lookups.Expect(school)
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
	return in.store.failure(in.store.engine.Scrub(ctx, append(tables, "schools"), wait))
}

// TruncateLog makes the bytes of a person's deleted rows go from the files of SQLite, like Truncate; without a function to wait with it is tried once. On
// PostgreSQL it does nothing.
func (in Installation) TruncateLog(ctx context.Context, wait func(context.Context, time.Duration) error) error {
	if err := in.allowed(); err != nil {
		return err
	}
	return in.store.failure(in.store.engine.ScrubLog(ctx, wait))
}

// PersonErasures gives what was erased of persons since an instant, of all schools, the oldest first.
func (in Installation) PersonErasures(ctx context.Context, since time.Time) ([]models.PersonErasure, error) {
	if err := in.allowed(); err != nil {
		return nil, err
	}
	var rows []models.PersonErasure
	err := in.store.reader(ctx).Session(&gorm.Session{NewDB: true}).Raw(
		"SELECT school_id, id, kind, subject, messages, at FROM person_erasures WHERE at >= @since ORDER BY at, id", map[string]any{"since": inUTC(since)}).Scan(&rows).Error
	return rows, in.store.failure(err)
}

// RememberCarrierRecord notes that a carrier has a record of a message, to be deleted at the latest at an instant, in UTC. Message and school may be gone by now.
func (in Installation) RememberCarrierRecord(ctx context.Context, school models.SchoolID, message models.MessageID, carrierID string, due time.Time) error {
	if err := in.allowed(); err != nil {
		return err
	}
	row := models.CarrierRecord{SchoolID: models.RawSchoolID(school), CarrierID: carrierID, MessageID: models.RowID(message), DueAt: inUTC(due), CreatedAt: in.store.now()}
	return in.store.failure(in.write(ctx, func(db *gorm.DB) error { return db.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error }))
}

// DueCarrierRecords lists what carriers are to be asked to delete now, of all schools, with a limit: records whose time has come, and those whose message has come
// to its end or is gone, with its school or without. Until then the record is needed to learn what becomes of the message.
func (in Installation) DueCarrierRecords(ctx context.Context, limit int) ([]models.CarrierRecord, error) {
	if err := in.allowed(); err != nil {
		return nil, err
	}
	var rows []models.CarrierRecord
	err := in.store.reader(ctx).Session(&gorm.Session{NewDB: true}).Raw(
		"SELECT r.school_id, r.carrier_id, r.message_id, r.due_at, r.tries, r.created_at FROM carrier_records r LEFT JOIN messages m"+
			" ON m.school_id = r.school_id AND m.id = r.message_id AND m.state = 'sent' WHERE r.due_at <= @now OR r.tries = 0 AND m.id IS NULL ORDER BY r.due_at, r.school_id, r.carrier_id LIMIT @limit",
		map[string]any{"now": in.store.now(), "limit": limit}).Scan(&rows).Error
	return rows, in.store.failure(err)
}

// OldestCarrierRecord gives when the oldest record was made that a carrier still has; zero if there is none.
func (in Installation) OldestCarrierRecord(ctx context.Context) (time.Time, error) {
	if err := in.allowed(); err != nil {
		return time.Time{}, err
	}
	var rows []models.CarrierRecord
	err := in.store.reader(ctx).Order("created_at").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return time.Time{}, in.store.failure(err)
	}
	return rows[0].CreatedAt.UTC(), nil
}

// CarrierAsked notes what became of asking a carrier: the record is deleted, or is asked for again at an instant, in UTC.
func (in Installation) CarrierAsked(ctx context.Context, record models.CarrierRecord, deleted bool, again time.Time) error {
	if err := in.allowed(); err != nil {
		return err
	}
	return in.store.failure(in.write(ctx, func(db *gorm.DB) error {
		one := db.Where("school_id = ? AND carrier_id = ?", record.SchoolID, record.CarrierID)
		if deleted {
			return one.Delete(&models.CarrierRecord{}).Error
		}
		return one.Model(&models.CarrierRecord{}).Updates(map[string]any{"due_at": inUTC(again), "tries": record.Tries + 1}).Error
	}))
}

const (
	// wipeRest and wipeTries say how long is waited for the end of another wipe: half a minute, which leaves time for the own one before a request ends.
	wipeRest  = 250 * time.Millisecond
	wipeTries = 120
)

// ErrWiping tells that somebody else has the turn to wipe.
var ErrWiping = errors.New("another wipe is under way")

// WipeAlone runs the work while no other program on the database, and nobody else in this one, is in a WipeAlone: so one that finishes what another left never
// does the same at the same time. The turn of a program that dies is free at once, that of a machine that is not heard of any more within half a minute; the
// work's context ends if the turn is lost.
//
// While another has the turn it looks again and again, with pauses by the given function; without one it does not wait. What it waited for in vain is
// errs.Unavailable with the code "busy" because of ErrWiping, and the work has not run.
func (in Installation) WipeAlone(ctx context.Context, wait func(context.Context, time.Duration) error, work func(context.Context) error) error {
	if err := in.allowed(); err != nil {
		return err
	}
	for try := 1; ; try++ {
		ran, err := in.store.wipeIfFree(ctx, work)
		if ran || err != nil {
			return in.store.failure(err)
		}
		if wait == nil || try == wipeTries {
			return errs.Because(errs.Unavailable, errs.CodeBusy, ErrWiping)
		}
		if err := wait(ctx, wipeRest); err != nil {
			return in.store.failure(err)
		}
	}
}

func (s *Store) wipeIfFree(ctx context.Context, work func(context.Context) error) (ran bool, err error) {
	if !s.wiping.TryLock() {
		return false, nil
	}
	defer s.wiping.Unlock()
	turn, err := s.engine.TurnToWipe(ctx)
	if err != nil || turn == nil {
		return false, err
	}
	defer turn.End()
	err = work(turn.Ctx)
	if cause := context.Cause(turn.Ctx); err != nil && errors.Is(cause, engine.ErrLostTurn) {
		err = errs.Because(errs.Unavailable, errs.CodeDatabase, errors.Join(cause, err))
	}
	return true, err
}
