package memory

import (
	"sync"
	"sync/atomic"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/seal"
)

// Snapshots keeps opened copies of schools' rosters or conferences in memory, the least recently used out first. A copy is good for one version only.
type Snapshots struct {
	mutex   sync.Mutex
	limit   int64
	held    int64
	clock   int64
	Opened  atomic.Int64
	Entries map[models.SchoolID]*snapshot
	// gone are the schools that were wiped: a reader that is still in an older moment may open a copy for itself, but nobody keeps it.
	gone map[models.SchoolID]bool
}

type snapshot struct {
	loading sync.Mutex // so that a rush of readers opens a roster once, not each for itself
	key     *seal.Key  // of the school whose copy it is: one that is made again under the same id has another
	version int64
	value   any
	bytes   int64
	used    int64
}

// NewSnapshots returns a memory of up to a number of bytes.
func NewSnapshots(limit int64) *Snapshots {
	return &Snapshots{limit: limit, Entries: map[models.SchoolID]*snapshot{}, gone: map[models.SchoolID]bool{}}
}

func (s *Snapshots) entry(school models.SchoolID) *snapshot {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	entry, ok := s.Entries[school]
	if !ok {
		entry = &snapshot{version: -1}
		if s.gone[school] {
			return entry
		}
		s.Entries[school] = entry
	}
	s.clock++
	entry.used = s.clock
	return entry
}

// Get gives the copy of a version of a school, opened under a key; it opens it if it is not held.
func (s *Snapshots) Get(school models.SchoolID, key *seal.Key, version int64, open func() (any, int64, error)) (any, error) {
	entry := s.entry(school)
	entry.loading.Lock()
	defer entry.loading.Unlock()
	if entry.key == key && entry.version == version {
		return entry.value, nil
	}
	value, bytes, err := open()
	if err != nil {
		return nil, err
	}
	s.Opened.Add(1)
	// A reader of an older moment must not push out a newer copy.
	if entry.key != key || version > entry.version {
		s.mutex.Lock()
		if s.Entries[school] == entry {
			s.held += bytes - entry.bytes
		}
		entry.key, entry.version, entry.value, entry.bytes = key, version, value, bytes
		s.evict(school)
		s.mutex.Unlock()
	}
	return value, nil
}

// Holds tells whether some copy of a school is there, of the latest version or not.
func (s *Snapshots) Holds(school models.SchoolID) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	entry, ok := s.Entries[school]
	return ok && entry.version >= 0
}

// evict lets go of the least recently used copies until the limit is kept. The mutex is held.
func (s *Snapshots) evict(keep models.SchoolID) {
	for s.held > s.limit {
		var oldest models.SchoolID
		for school, entry := range s.Entries {
			if school != keep && entry.bytes > 0 && (oldest.IsZero() || entry.used < s.Entries[oldest].used) {
				oldest = school
			}
		}
		if oldest.IsZero() {
			return
		}
		s.held -= s.Entries[oldest].bytes
		delete(s.Entries, oldest)
	}
}

// Expect undoes forget for a school that is made again, as a restore does.
func (s *Snapshots) Expect(school models.SchoolID) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.gone, school)
}

// Forget drops what is held of a school that is gone, for good.
func (s *Snapshots) Forget(school models.SchoolID) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.gone[school] = true
	s.drop(school)
}

// LetGo takes a school's copy out of memory; should the school be there after all, it is opened again.
func (s *Snapshots) LetGo(school models.SchoolID) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.drop(school)
}

// drop takes a copy out. The mutex is held.
func (s *Snapshots) drop(school models.SchoolID) {
	if entry, ok := s.Entries[school]; ok {
		s.held -= entry.bytes
		delete(s.Entries, school)
	}
}
