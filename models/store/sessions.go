package store

import (
	"context"
	"slices"
	"sync"

	"gorm.io/gorm/clause"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/seal"
)

// mostSessions bounds the sessions that are remembered: less than a kilobyte each.
const mostSessions = 10_000

// Session finds the session of a token in an active school; errs.NotFound if there is none. Whether it is still alive is for the caller to say. What it gives
// is shared and must not be changed.
//
// Every request asks this first. Where no other program writes the database, parents' sessions are remembered; one that a transaction changes or ends is
// forgotten before that transaction can commit, so that what is given is never older than the last answered write. For a session that has to be read, more
// runs in the transaction that reads it: what it finds out must follow from a parent's session alone.
func (s *Store) Session(ctx context.Context, school models.SchoolID, token string, more func(*Tx, *models.Session) error) (*models.Session, error) {
	if held := s.sessions.get(s.keys.keyOf(school), school, token); held != nil && !s.closed.Load() {
		return held, nil
	}
	ticket := s.sessions.ticket()
	var found *models.Session
	err := s.For(models.System(school, "session")).Read(ctx, func(tx *Tx) error {
		if tx.School().State != models.SchoolActive {
			return errs.New(errs.NotFound, "not-found")
		}
		var err error
		if found, err = First[models.Session](tx, Eq("token_index", tx.Index(sessionPurpose, token))); err != nil {
			return err
		}
		return more(tx, found)
	})
	if err != nil {
		return nil, err
	}
	s.sessions.keep(ticket, found)
	return found, nil
}

// SessionToWrite gives a session that is going to be written, as GetLocked does. One that is remembered need not be read: no transaction that has changed it
// is under way.
func (tx *Tx) SessionToWrite(id models.SessionID) (*models.Session, error) {
	if err := tx.mayWrite(); err != nil {
		return nil, err
	}
	if held := tx.store.sessions.byID(tx.actor.School, id); held != nil {
		return held, nil
	}
	return GetLocked[models.Session](tx, id)
}

// sessionPurpose is the purpose of the keyed index of sessions' tokens.
const sessionPurpose = "session"

// rememberedSessions are parents' sessions in memory. Transactions tell it what they change: from then until they have ended nothing of that is kept, and a
// reader that began before keeps nothing of it either, because it may have seen the state before. A nil one remembers nothing.
type rememberedSessions struct {
	mutex sync.Mutex
	now   int64 // counts what transactions tell
	parts [256]changing
	whole changing // of who changes sessions that it does not name
	held  map[sessionKey]*models.Session
	keys  map[sessionRow]sessionKey
}

// sessionKey is a session as its token finds it: the school, and the keyed index of the token.
type sessionKey struct {
	school models.SchoolID
	index  string
}

// sessionRow is a session as its row is found: ids are each school's own.
type sessionRow struct {
	school models.SchoolID
	id     models.SessionID
}

// changing tells of the changes to a part of the sessions: how many are under way, and when one last began or ended.
type changing struct {
	open int
	last int64
}

func newRememberedSessions() *rememberedSessions {
	return &rememberedSessions{held: map[sessionKey]*models.Session{}, keys: map[sessionRow]sessionKey{}}
}

// get gives the session of a token; nil if none is remembered, or the school's key is not held.
func (r *rememberedSessions) get(key *seal.Key, school models.SchoolID, token string) *models.Session {
	if r == nil || key == nil {
		return nil
	}
	found := sessionKey{school, string(key.Index(sessionPurpose, token))}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.held[found]
}

// byID gives a copy of a remembered session that may be changed; nil if it is not remembered.
func (r *rememberedSessions) byID(school models.SchoolID, id models.SessionID) *models.Session {
	if r == nil {
		return nil
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	key, ok := r.keys[sessionRow{school, id}]
	if !ok {
		return nil
	}
	copied := apart(r.held[key])
	return &copied
}

// apart copies a session, so that one can be changed and the other not.
func apart(session *models.Session) models.Session {
	copied := *session
	copied.Data.Grants, copied.Data.Makers = slices.Clone(session.Data.Grants), slices.Clone(session.Data.Makers)
	return copied
}

// ticket is taken before a session is read, and shown when it is kept.
func (r *rememberedSessions) ticket() int64 {
	if r == nil {
		return 0
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.now
}

// keep remembers a session, unless it may have changed since the ticket was taken. A member of staff's is not kept: it goes with the account.
func (r *rememberedSessions) keep(ticket int64, session *models.Session) {
	if r == nil || session.Kind != models.SessionParent {
		return
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for _, part := range []*changing{r.part(session.ID), &r.whole} {
		if part.open > 0 || part.last > ticket {
			return
		}
	}
	if len(r.held) >= mostSessions {
		r.clear()
	}
	key := sessionKey{session.SchoolID, string(session.TokenIndex)}
	r.held[key], r.keys[sessionRow{session.SchoolID, session.ID}] = session, key
}

// part gives the part that a session belongs to. The mutex is held.
func (r *rememberedSessions) part(id models.SessionID) *changing {
	return &r.parts[id[len(id)-1]] // the end of an id is random (RFC 9562, version 7)
}

func (r *rememberedSessions) clear() {
	clear(r.held)
	clear(r.keys)
}

// begin is told that some sessions of a school are being changed, or, if none is named, that any may be. What it gives is called once the transaction has ended.
func (r *rememberedSessions) begin(school models.SchoolID, ids ...models.SessionID) (end func()) {
	if r == nil {
		return func() {}
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.now++
	var parts []*changing
	for _, id := range ids {
		parts = append(parts, r.part(id))
		row := sessionRow{school, id}
		delete(r.held, r.keys[row])
		delete(r.keys, row)
	}
	if len(ids) == 0 {
		parts = append(parts, &r.whole)
		r.clear()
	}
	for _, part := range parts {
		part.open, part.last = part.open+1, r.now
	}
	return func() { r.end(parts) }
}

func (r *rememberedSessions) end(parts []*changing) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.now++
	for _, part := range parts {
		part.open, part.last = part.open-1, r.now
	}
}

// sessionChanges is what the tries of one writing transaction do to sessions.
type sessionChanges struct {
	of     *rememberedSessions
	school models.SchoolID
	ended  []func()
	opened []models.Session // in the last try
	ticket int64
}

// again begins a try.
func (c *sessionChanges) again() *sessionChanges {
	c.opened, c.ticket = nil, c.of.ticket()
	return c
}

func (c *sessionChanges) begin(ids ...models.SessionID) {
	c.ended = append(c.ended, c.of.begin(c.school, ids...))
}

// end is called when the transaction has ended, one way or the other.
func (c *sessionChanges) end() {
	for _, ended := range c.ended {
		ended()
	}
}

// keep remembers the sessions that a committed transaction has opened: each is asked for at once.
func (c *sessionChanges) keep() {
	for i := range c.opened {
		c.of.keep(c.ticket, &c.opened[i])
	}
}

// opensSessions notes rows that were inserted, if they are sessions.
func opensSessions[T any](tx *Tx, rows []*T) {
	opened, ok := any(rows).([]*models.Session)
	if !ok {
		return
	}
	for _, row := range opened {
		tx.sessions.opened = append(tx.sessions.opened, apart(row))
	}
}

// changesSession forgets a session that is about to be updated.
func changesSession[T any](tx *Tx, row *T) {
	if session, ok := any(row).(*models.Session); ok {
		tx.sessions.begin(session.ID)
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
				tx.sessions.begin(id)
				return
			}
		}
	}
	tx.sessions.begin()
}
