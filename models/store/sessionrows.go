package store

import (
	"context"

	"gorm.io/gorm/clause"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store/internal/memory"
)

// Session finds the session of a token in an active school; errs.NotFound if there is none. Whether it is still alive is for the caller to say. What it gives
// is shared and must not be changed.
//
// Every request asks this first. Where no other program writes the database, parents' sessions are remembered; one that a transaction changes or ends is
// forgotten before that transaction can commit, so that what is given is never older than the last answered write. For a session that has to be read, more
// runs in the transaction that reads it: what it finds out must follow from a parent's session alone.
func (s *Store) Session(ctx context.Context, school models.SchoolID, token string, more func(*Tx, *models.Session) error) (*models.Session, error) {
	if held := s.sessions.Get(s.keys.KeyOf(school), school, token); held != nil && !s.closed.Load() {
		return held, nil
	}
	ticket := s.sessions.Ticket()
	var found *models.Session
	err := s.For(models.System(school, "session")).Read(ctx, func(tx *Tx) error {
		if tx.School().State != models.SchoolActive {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		var err error
		if found, err = First[models.Session](tx, Eq("token_index", tx.Index(memory.SessionPurpose, token))); err != nil {
			return err
		}
		return more(tx, found)
	})
	if err != nil {
		return nil, err
	}
	s.sessions.Keep(ticket, found)
	return found, nil
}

// SessionToWrite gives a session that is going to be written, as GetLocked does. One that is remembered need not be read: no transaction that has changed it
// is under way.
func (tx *Tx) SessionToWrite(id models.SessionID) (*models.Session, error) {
	if err := tx.mayWrite(); err != nil {
		return nil, err
	}
	if held := tx.store.sessions.ByID(tx.actor.School, id); held != nil {
		return held, nil
	}
	return GetLocked[models.Session](tx, id)
}

// opensSessions notes rows that were inserted, if they are sessions.
func opensSessions[T any](tx *Tx, rows []*T) {
	opened, ok := any(rows).([]*models.Session)
	if !ok {
		return
	}
	for _, row := range opened {
		tx.sessions.Opened = append(tx.sessions.Opened, memory.Apart(row))
	}
}

// changesSession forgets a session that is about to be updated.
func changesSession[T any](tx *Tx, row *T) {
	if session, ok := any(row).(*models.Session); ok {
		tx.sessions.Begin(session.ID)
	}
}

// endsSessions forgets the sessions that are about to be deleted: the one that the conditions name, or all.
func endsSessions[T any](tx *Tx, conditions []Condition) {
	if _, ok := any((*T)(nil)).(*models.Session); !ok {
		return
	}
	for _, condition := range conditions {
		if asked, ok := condition.expression.(clause.Eq); ok && asked.Column == column("id") {
			if id, ok := asked.Value.(models.SessionID); ok {
				tx.sessions.Begin(id)
				return
			}
		}
	}
	tx.sessions.Begin()
}
