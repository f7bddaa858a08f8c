package store

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/seal"
)

// keyring keeps schools' opened keys and rows in memory, so that unwrapping costs once and not in each transaction.
type keyring struct {
	mutex  sync.Mutex
	opened map[models.SchoolID]openedKey
	// gone are the schools that were wiped: a reader that is still in an older moment must not bring a key back.
	gone map[models.SchoolID]bool
}

type openedKey struct {
	wrapped seal.Box
	key     *seal.Key
	row     *schoolCopy // nil until the school's row was opened
}

func newKeyring() *keyring {
	return &keyring{opened: map[models.SchoolID]openedKey{}, gone: map[models.SchoolID]bool{}}
}

func (k *keyring) get(school models.SchoolID, wrapped seal.Box) (*seal.Key, bool) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	held, ok := k.opened[school]
	return held.key, ok && held.wrapped.Equal(wrapped)
}

func (k *keyring) keep(school models.SchoolID, wrapped seal.Box, key *seal.Key) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if !k.gone[school] {
		k.opened[school] = openedKey{wrapped: wrapped, key: key}
	}
}

// keyOf gives a school's opened key; nil if none is held.
func (k *keyring) keyOf(school models.SchoolID) *seal.Key {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return k.opened[school].key
}

// copyOf gives the copy of a school's row; nil if none is held.
func (k *keyring) copyOf(school models.SchoolID) *schoolCopy {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return k.opened[school].row
}

// keepCopy keeps a copy of a school's row beside the key that opened it; without the key it is let go, too.
func (k *keyring) keepCopy(row *schoolCopy) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	held, ok := k.opened[row.school.ID]
	if ok && held.wrapped.Equal(row.school.KeyBox) {
		held.row = row
		k.opened[row.school.ID] = held
	}
}

func (k *keyring) forget(school models.SchoolID) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	delete(k.opened, school)
	k.gone[school] = true
}

// letGo takes a school's key out of memory; should the school be there after all, it is opened again.
func (k *keyring) letGo(school models.SchoolID) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	delete(k.opened, school)
}

// held lists the schools whose keys are in memory.
func (k *keyring) held() []models.SchoolID {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return slices.Collect(maps.Keys(k.opened))
}

// expect undoes forget for a school that is made again, as a restore does.
func (k *keyring) expect(school models.SchoolID) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	delete(k.gone, school)
}

func (s *Store) schoolKey(school *models.School) (*seal.Key, error) {
	if key, ok := s.keys.get(school.ID, school.KeyBox); ok {
		return key, nil
	}
	key, err := s.config.Master.SchoolKey(school.ID, school.KeyBox)
	if err != nil {
		return nil, fmt.Errorf("school %s: %w", school.ID, err)
	}
	s.keys.keep(school.ID, school.KeyBox, key)
	return key, nil
}
