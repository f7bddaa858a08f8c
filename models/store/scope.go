package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/seal"
)

// maxReadAge bounds a reading transaction, so that no reader keeps old pages of a wiped school alive.
const maxReadAge = 20 * time.Second

// Scope reads and writes the rows of one actor's school.
type Scope struct {
	store *Store
	actor models.Actor
}

// For gives the scope of an actor. An actor without a school gets a scope whose every call fails with models.ErrNoSchool.
func (s *Store) For(actor models.Actor) Scope { return Scope{s, actor} }

// Tx is a transaction within one school. It is dead after the function it was given to has returned.
type Tx struct {
	db     *gorm.DB
	store  *Store
	actor  models.Actor
	school *models.School
	key    *seal.Key
	now    time.Time

	writing          bool
	rosterTouched    bool
	programmeTouched bool
	afterCommit      []func()
}

// Read runs a function in a reading transaction: everything it sees is of one moment.
func (sc Scope) Read(ctx context.Context, work func(*Tx) error) error {
	if sc.actor.School.IsZero() {
		return models.ErrNoSchool
	}
	ctx, cancel := context.WithTimeout(ctx, maxReadAge)
	defer cancel()
	return sc.store.failure(sc.store.reader.WithContext(models.WithSchool(ctx, sc.actor.School)).Transaction(func(db *gorm.DB) error {
		tx, err := sc.begin(db)
		if err != nil {
			return err
		}
		return work(tx)
	}))
}

// Write runs a function in a writing transaction and returns after the commit is on disk. The function may run more than once, and must have no effect
// beside the transaction; what is to happen after the commit goes into Tx.AfterCommit. An error undoes everything that the function wrote.
func (sc Scope) Write(ctx context.Context, work func(*Tx) error) error {
	if sc.actor.School.IsZero() {
		return models.ErrNoSchool
	}
	var done *Tx
	err := sc.store.writer.WithContext(models.WithSchool(ctx, sc.actor.School)).Transaction(func(db *gorm.DB) error {
		tx, err := sc.begin(db)
		if err != nil {
			return err
		}
		tx.writing = true
		if err := work(tx); err != nil {
			return err
		}
		done = tx
		return tx.bumpVersions()
	})
	if err != nil {
		return sc.store.failure(err)
	}
	for _, after := range done.afterCommit {
		after()
	}
	return nil
}

func (sc Scope) begin(db *gorm.DB) (*Tx, error) {
	tx := &Tx{db: db, store: sc.store, actor: sc.actor, now: sc.store.now(), school: new(models.School)}
	if err := db.Where("id = ?", sc.actor.School).Take(tx.school).Error; err != nil {
		return nil, err
	}
	if tx.school.State != models.SchoolActive && sc.actor.Kind != models.ActorSystem && sc.actor.Kind != models.ActorOperator {
		return nil, errs.New(errs.NotFound, "not-found")
	}
	key, err := sc.store.schoolKey(tx.school)
	if err != nil {
		return nil, err
	}
	tx.key = key
	return tx, openRow(tx, tx.school, false)
}

// bumpVersions tells every opened copy of the roster or the conferences, on any machine, that it is out of date.
func (tx *Tx) bumpVersions() error {
	changes := map[string]any{}
	if tx.rosterTouched {
		changes["roster_version"] = gorm.Expr("roster_version + 1")
	}
	if tx.programmeTouched {
		changes["programme_version"] = gorm.Expr("programme_version + 1")
	}
	if len(changes) == 0 {
		return nil
	}
	return tx.db.Model(&models.School{}).Where("id = ?", tx.school.ID).Updates(changes).Error
}

// Now is the transaction's one timestamp, in UTC.
func (tx *Tx) Now() time.Time { return tx.now }

// Actor is who asked for the transaction.
func (tx *Tx) Actor() models.Actor { return tx.actor }

// School is the school as it stood when the transaction began, opened.
func (tx *Tx) School() *models.School { return tx.school }

// Index gives the keyed index of a value under the school's key.
func (tx *Tx) Index(purpose, value string) []byte { return tx.key.Index(purpose, value) }

// AfterCommit runs a function once the transaction is on disk; it does not run if the transaction fails.
func (tx *Tx) AfterCommit(work func()) { tx.afterCommit = append(tx.afterCommit, work) }

// Lock makes other writers that lock the same rows wait. Rows are named in the order households, pupils, staff, each by id, so that two writers never
// wait for one another. On SQLite the writing transaction has everything locked already.
func (tx *Tx) Lock(models.HouseholdID, []models.PupilID, []models.StaffID) error { return nil }

// Audited writes the audit row of a change: what was done, to which subject, and how much. Never a value of a row.
func (tx *Tx) Audited(action string, subject [16]byte, counts map[string]int) error {
	return Insert(tx, &models.Audit{
		ID: models.New[models.RowID](), At: tx.now, ActorKind: tx.actor.Kind, ActorID: models.RowID(tx.actor.ID),
		Action: action, Subject: models.RowID(subject), Reason: tx.actor.Reason, Counts: counts,
	})
}
