package store

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
	"github.com/ouderavond/ouderavond/models/store/internal/memory"
)

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
	concurrent       bool // others of the school write at the same time
	rosterTouched    bool
	programmeTouched bool
	contactsTouched  bool
	shared           *memory.Shared
	sessions         *memory.SessionChanges
	afterCommit      []func()
	claims           memory.ClaimChanges
	recording        *recording // what is noted for an undo; nil if nothing is
	moment           int        // before a reading transaction began, see occupancy
}

// Read runs a function in a reading transaction: everything it sees is of one moment.
func (sc Scope) Read(ctx context.Context, work func(*Tx) error) error {
	if sc.actor.School.IsZero() {
		return models.ErrNoSchool
	}
	ctx, cancel := context.WithTimeout(ctx, engine.MaxReadAge)
	defer cancel()
	moment := sc.store.occupancy.Moment(sc.actor.School)
	return sc.store.failure(sc.store.engine.Read(models.WithSchool(ctx, sc.actor.School), readingOf(sc.actor), func(db *gorm.DB) error {
		tx, err := sc.begin(db)
		if err != nil {
			return err
		}
		tx.moment = moment
		return work(tx)
	}))
}

// Write runs a function in a writing transaction and returns after the commit is on disk. The function may run more than once, and must have no effect
// beside the transaction; what is to happen after the commit goes into Tx.AfterCommit. An error undoes everything that the function wrote. Where too many
// writes wait already it is errs.Unavailable with the code "busy", and nothing has run.
//
// Writers of one school come one after another, on every engine: what the function reads is true until its commit.
func (sc Scope) Write(ctx context.Context, work func(*Tx) error) error {
	return sc.write(ctx, mannerOf(sc.actor), work)
}

// WriteConcurrent is Write for a function that takes care of others of the same school that write at the same time: it locks the rows that it depends on with
// Tx.Lock before it reads them, or depends on none. Where one writer holds the whole database anyway it is the same as Write.
func (sc Scope) WriteConcurrent(ctx context.Context, work func(*Tx) error) error {
	return sc.write(ctx, concurrentFor(sc.actor), work)
}

// Append is WriteConcurrent for a function that adds rows which depend on no other and on which none depends. It waits among the school's writes, behind no family.
func (sc Scope) Append(ctx context.Context, work func(*Tx) error) error {
	return sc.write(ctx, engine.Manner{Of: sc.actor.School, School: engine.Shared, Queue: engine.OtherQueue}, work)
}

// WriteLong is Write for a function that writes many rows: it takes turns with the short writes, one by one, so that neither starves.
func (sc Scope) WriteLong(ctx context.Context, work func(*Tx) error) error {
	return sc.write(ctx, engine.Manner{Of: sc.actor.School, School: engine.Exclusively, Queue: engine.LongQueue}, work)
}

func (sc Scope) write(ctx context.Context, how engine.Manner, work func(*Tx) error) error {
	if sc.actor.School.IsZero() {
		return models.ErrNoSchool
	}
	var done *Tx
	how.Kept = func(shared *memory.Shared) { sc.store.occupancy.Note(shared, sc.actor.School, &done.claims) }
	how.Committed = func() { sc.store.occupancy.Committed(sc.actor.School, &done.claims) }
	sessions := memory.SessionChanges{Of: sc.store.sessions, School: sc.actor.School}
	defer sessions.End()
	err := sc.store.engine.Write(models.WithSchool(ctx, sc.actor.School), how, func(db *gorm.DB) error {
		tx, err := sc.begin(db)
		if err != nil {
			return err
		}
		tx.writing, tx.concurrent, tx.sessions = true, how.School == engine.Shared, sessions.Again()
		if err := work(tx); err != nil {
			return err
		}
		if err := tx.keepRecorded(); err != nil {
			return err
		}
		if tx.concurrent && (tx.rosterTouched || tx.programmeTouched || tx.contactsTouched) {
			return errConcurrent
		}
		done = tx
		return tx.bumpVersions()
	})
	if err != nil {
		return sc.store.failure(err)
	}
	sc.store.written.Add(1)
	sessions.Keep()
	for _, after := range done.afterCommit {
		after()
	}
	return nil
}

func (sc Scope) begin(db *gorm.DB) (*Tx, error) {
	tx := &Tx{db: db, store: sc.store, actor: sc.actor, now: sc.store.now(), school: new(models.School), shared: memory.SharedOf(db.Statement.Context)}
	if known, ok := tx.shared.School(sc.actor.School); ok {
		*tx.school = known
		return tx, tx.open()
	}
	if err := tx.readSchool(); err != nil {
		if errors.Is(err, gorm.ErrRecordNotFound) {
			sc.store.letGo(sc.actor.School) // wiped, by another program perhaps
		}
		return nil, err
	}
	tx.shared.Keep(tx.school)
	return tx, nil
}

// open checks that the actor may be here and takes the school's key.
func (tx *Tx) open() error {
	if tx.school.State != models.SchoolActive {
		tx.store.slugs.Forget(tx.school.ID)
	}
	if tx.school.State != models.SchoolActive && tx.actor.Kind != models.ActorSystem && tx.actor.Kind != models.ActorOperator {
		return errs.New(errs.NotFound, errs.CodeNotFound)
	}
	var err error
	tx.key, err = tx.store.schoolKey(tx.school)
	return err
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
	if tx.contactsTouched {
		changes["contacts_version"] = gorm.Expr("contacts_version + 1")
	}
	if len(changes) == 0 {
		return nil
	}
	tx.shared.Changed(tx.school.ID, tx.rosterTouched, tx.programmeTouched)
	return tx.db.Model(&models.School{}).Where("id = ?", tx.school.ID).Updates(changes).Error
}

// Now is the transaction's one timestamp, in UTC.
func (tx *Tx) Now() time.Time { return tx.now }

// Actor is who asked for the transaction.
func (tx *Tx) Actor() models.Actor { return tx.actor }

// School is the school as it stood when the transaction began, opened. Its fields may be set anew for UpdateSchool, but what its lists and maps hold must not be
// changed: transactions share them.
func (tx *Tx) School() *models.School { return tx.school }

// Index gives the keyed index of a value under the school's key.
func (tx *Tx) Index(purpose, value string) []byte { return tx.key.Index(purpose, value) }

// AfterCommit runs a function once the transaction is on disk; it does not run if the transaction fails.
func (tx *Tx) AfterCommit(work func()) { tx.afterCommit = append(tx.afterCommit, work) }

// Audited writes the audit row of a change: what was done, to which subject, and how much. Never a value of a row.
func (tx *Tx) Audited(action string, subject [16]byte, counts map[string]int) error {
	return InsertLater(tx, &models.Audit{
		ID: models.New[models.RowID](), At: tx.now, ActorKind: tx.actor.Kind, ActorID: models.RowID(tx.actor.ID),
		Action: action, Subject: models.RowID(subject), Reason: tx.actor.Reason, Counts: counts,
	})
}

// mannerOf is how an ordinary write of an actor is done.
func mannerOf(actor models.Actor) engine.Manner {
	if actor.Kind == models.ActorParent {
		return engine.Manner{Of: actor.School, Queue: engine.FamilyQueue}
	}
	return engine.Manner{Of: actor.School, Queue: engine.OtherQueue}
}

func concurrentFor(actor models.Actor) engine.Manner {
	return engine.Manner{Of: actor.School, School: engine.Shared, Queue: engine.FamilyQueue}
}

func readingOf(actor models.Actor) engine.Reading {
	if actor.Kind == models.ActorParent || actor.Kind == models.ActorSystem {
		return engine.Brief
	}
	return engine.Lengthy
}
