package memory

import (
	"slices"
	"sync"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/seal"
)

// maxSessions bounds the sessions that are remembered: less than a kilobyte each.
const maxSessions = 10_000

// SessionPurpose is the purpose of the keyed index of sessions' tokens.
const SessionPurpose = "session"

// Sessions are parents' sessions in memory. Transactions tell it what they change: from then until they have ended nothing of that is kept, and a
// reader that began before keeps nothing of it either, because it may have seen the state before. A nil one remembers nothing.
type Sessions struct {
	mutex sync.Mutex
	now   int64 // counts what transactions tell
	parts [256]changing
	whole changing // of who changes sessions that it does not name
	Held  map[sessionKey]*models.Session
	Keys  map[sessionRow]sessionKey
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

// NewSessions returns a memory of no session.
func NewSessions() *Sessions {
	return &Sessions{Held: map[sessionKey]*models.Session{}, Keys: map[sessionRow]sessionKey{}}
}

// Get gives the session of a token; nil if none is remembered, or the school's key is not held.
func (r *Sessions) Get(key *seal.Key, school models.SchoolID, token string) *models.Session {
	if r == nil || key == nil {
		return nil
	}
	found := sessionKey{school, string(key.Index(SessionPurpose, token))}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.Held[found]
}

// ByID gives a copy of a remembered session that may be changed; nil if it is not remembered.
func (r *Sessions) ByID(school models.SchoolID, id models.SessionID) *models.Session {
	if r == nil {
		return nil
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	key, ok := r.Keys[sessionRow{school, id}]
	if !ok {
		return nil
	}
	copied := Apart(r.Held[key])
	return &copied
}

// Apart copies a session, so that one can be changed and the other not.
func Apart(session *models.Session) models.Session {
	copied := *session
	copied.Data.Grants, copied.Data.Makers = slices.Clone(session.Data.Grants), slices.Clone(session.Data.Makers)
	return copied
}

// Ticket is taken before a session is read, and shown when it is kept.
func (r *Sessions) Ticket() int64 {
	if r == nil {
		return 0
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.now
}

// Keep remembers a session, unless it may have changed since the ticket was taken. A member of staff's is not kept: it goes with the account.
func (r *Sessions) Keep(ticket int64, session *models.Session) {
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
	if len(r.Held) >= maxSessions {
		r.clear()
	}
	key := sessionKey{session.SchoolID, string(session.TokenIndex)}
	r.Held[key], r.Keys[sessionRow{session.SchoolID, session.ID}] = session, key
}

// part gives the part that a session belongs to. The mutex is held.
func (r *Sessions) part(id models.SessionID) *changing {
	return &r.parts[id[len(id)-1]] // the end of an id is random (RFC 9562, version 7)
}

func (r *Sessions) clear() {
	clear(r.Held)
	clear(r.Keys)
}

// Begin is told that some sessions of a school are being changed, or, if none is named, that any may be. What it gives is called once the transaction has ended.
func (r *Sessions) Begin(school models.SchoolID, ids ...models.SessionID) (end func()) {
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
		delete(r.Held, r.Keys[row])
		delete(r.Keys, row)
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

func (r *Sessions) end(parts []*changing) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.now++
	for _, part := range parts {
		part.open, part.last = part.open-1, r.now
	}
}

// SessionChanges is what the tries of one writing transaction do to sessions.
type SessionChanges struct {
	Of     *Sessions
	School models.SchoolID
	ended  []func()
	Opened []models.Session // in the last try
	ticket int64
}

// Again begins a try.
func (c *SessionChanges) Again() *SessionChanges {
	c.Opened, c.ticket = nil, c.Of.Ticket()
	return c
}

// Begin notes sessions that the transaction changes, so that nobody remembers them meanwhile.
func (c *SessionChanges) Begin(ids ...models.SessionID) {
	c.ended = append(c.ended, c.Of.Begin(c.School, ids...))
}

// End is called when the transaction has ended, one way or the other.
func (c *SessionChanges) End() {
	for _, ended := range c.ended {
		ended()
	}
}

// Keep remembers the sessions that a committed transaction has opened: each is asked for at once.
func (c *SessionChanges) Keep() {
	for i := range c.Opened {
		c.Of.Keep(c.ticket, &c.Opened[i])
	}
}
