package memory

import (
	"bytes"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/seal"
)

// Keyring keeps schools' opened keys and rows in memory, so that unwrapping costs once and not in each transaction.
type Keyring struct {
	mutex  sync.Mutex
	opened map[models.SchoolID]openedKey
	// gone are the schools that were wiped: a reader that is still in an older moment must not bring a key back.
	gone map[models.SchoolID]bool
}

type openedKey struct {
	wrapped seal.Box
	key     *seal.Key
	row     *SchoolCopy // nil until the school's row was opened
}

// NewKeyring returns a ring without keys.
func NewKeyring() *Keyring {
	return &Keyring{opened: map[models.SchoolID]openedKey{}, gone: map[models.SchoolID]bool{}}
}

// Get returns a school's opened key, if it is the one of this wrapping.
func (k *Keyring) Get(school models.SchoolID, wrapped seal.Box) (*seal.Key, bool) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	held, ok := k.opened[school]
	return held.key, ok && held.wrapped.Equal(wrapped)
}

// Keep remembers a school's opened key, unless the school is gone.
func (k *Keyring) Keep(school models.SchoolID, wrapped seal.Box, key *seal.Key) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if !k.gone[school] {
		k.opened[school] = openedKey{wrapped: wrapped, key: key}
	}
}

// KeyOf gives a school's opened key; nil if none is held.
func (k *Keyring) KeyOf(school models.SchoolID) *seal.Key {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return k.opened[school].key
}

// CopyOf gives the copy of a school's row; nil if none is held.
func (k *Keyring) CopyOf(school models.SchoolID) *SchoolCopy {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return k.opened[school].row
}

// KeepCopy keeps a copy of a school's row beside the key that opened it; without the key it is let go, too.
func (k *Keyring) KeepCopy(row *SchoolCopy) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	held, ok := k.opened[row.School.ID]
	if ok && held.wrapped.Equal(row.School.KeyBox) {
		held.row = row
		k.opened[row.School.ID] = held
	}
}

// Forget drops the key of a school that is gone, for good.
func (k *Keyring) Forget(school models.SchoolID) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	delete(k.opened, school)
	k.gone[school] = true
}

// LetGo takes a school's key out of memory; should the school be there after all, it is opened again.
func (k *Keyring) LetGo(school models.SchoolID) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	delete(k.opened, school)
}

// Held lists the schools whose keys are in memory.
func (k *Keyring) Held() []models.SchoolID {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return slices.Collect(maps.Keys(k.opened))
}

// Expect undoes forget for a school that is made again, as a restore does.
func (k *Keyring) Expect(school models.SchoolID) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	delete(k.gone, school)
}

// SchoolCopy is a school's row as it came from the database, and what it was opened to. Every transaction reads the row, and nearly always it is the same.
type SchoolCopy struct {
	Columns []any
	School  models.School
}

// Same tells whether a row that was read is the one that the copy was made of.
func (c *SchoolCopy) Same(columns []any) bool {
	return c != nil && slices.EqualFunc(c.Columns, columns, func(a, b any) bool {
		if left, ok := a.([]byte); ok {
			right, ok := b.([]byte)
			return ok && bytes.Equal(left, right)
		}
		if left, ok := a.(time.Time); ok {
			right, ok := b.(time.Time)
			return ok && left.Equal(right)
		}
		return a == b
	})
}
