package store

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/seal"
)

// snapshots keeps opened copies of schools' rosters or conferences in memory, the least recently used out first. A copy is good for one version only.
type snapshots struct {
	mutex   sync.Mutex
	limit   int64
	held    int64
	clock   int64
	opened  atomic.Int64
	entries map[models.SchoolID]*snapshot
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

func newSnapshots(limit int64) *snapshots {
	return &snapshots{limit: limit, entries: map[models.SchoolID]*snapshot{}, gone: map[models.SchoolID]bool{}}
}

func (s *snapshots) entry(school models.SchoolID) *snapshot {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	entry, ok := s.entries[school]
	if !ok {
		entry = &snapshot{version: -1}
		if s.gone[school] {
			return entry
		}
		s.entries[school] = entry
	}
	s.clock++
	entry.used = s.clock
	return entry
}

// get gives the copy of a version of a school, opened under a key; it opens it if it is not held.
func (s *snapshots) get(school models.SchoolID, key *seal.Key, version int64, open func() (any, int64, error)) (any, error) {
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
	s.opened.Add(1)
	// A reader of an older moment must not push out a newer copy.
	if entry.key != key || version > entry.version {
		s.mutex.Lock()
		if s.entries[school] == entry {
			s.held += bytes - entry.bytes
		}
		entry.key, entry.version, entry.value, entry.bytes = key, version, value, bytes
		s.evict(school)
		s.mutex.Unlock()
	}
	return value, nil
}

// holds tells whether some copy of a school is there, of the latest version or not.
func (s *snapshots) holds(school models.SchoolID) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	entry, ok := s.entries[school]
	return ok && entry.version >= 0
}

// evict lets go of the least recently used copies until the limit is kept. The mutex is held.
func (s *snapshots) evict(keep models.SchoolID) {
	for s.held > s.limit {
		var oldest models.SchoolID
		for school, entry := range s.entries {
			if school != keep && entry.bytes > 0 && (oldest.IsZero() || entry.used < s.entries[oldest].used) {
				oldest = school
			}
		}
		if oldest.IsZero() {
			return
		}
		s.held -= s.entries[oldest].bytes
		delete(s.entries, oldest)
	}
}

// expect undoes forget for a school that is made again, as a restore does.
func (s *snapshots) expect(school models.SchoolID) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.gone, school)
}

func (s *snapshots) forget(school models.SchoolID) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.gone[school] = true
	s.drop(school)
}

// letGo takes a school's copy out of memory; should the school be there after all, it is opened again.
func (s *snapshots) letGo(school models.SchoolID) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.drop(school)
}

// drop takes a copy out. The mutex is held.
func (s *snapshots) drop(school models.SchoolID) {
	if entry, ok := s.entries[school]; ok {
		s.held -= entry.bytes
		delete(s.entries, school)
	}
}

// Opened opens the school's roster and conferences beforehand if they are not in memory. Who is going to write and needs them calls it first: opening takes
// some milliseconds, and in the writer's turn everybody would wait for it. It is no promise that they still are in memory then.
func (sc Scope) Opened(ctx context.Context) error {
	if sc.store.rosters.holds(sc.actor.School) && sc.store.plans.holds(sc.actor.School) {
		return nil
	}
	return sc.Read(ctx, func(tx *Tx) error {
		if _, err := tx.Directory(); err != nil {
			return err
		}
		_, err := tx.Programme()
		return err
	})
}

// RostersOpened counts how often a roster was opened since the program started: once for a school whose families come, and once after each change of it. Much
// more than that, and more schools are in use at once than Config.SnapshotBytes has room for.
func (s *Store) RostersOpened() int64 { return s.rosters.opened.Load() }

// Directory gives the school's opened roster. It must not be changed.
func (tx *Tx) Directory() (*directory.Directory, error) {
	open := func() (any, int64, error) {
		opened, err := tx.openDirectory()
		if err != nil {
			return nil, 0, err
		}
		return opened, opened.Bytes(), nil
	}
	if tx.rosterTouched {
		opened, _, err := open()
		if err != nil {
			return nil, err
		}
		return opened.(*directory.Directory), nil
	}
	rosters, _ := tx.copies()
	held, err := rosters.get(tx.school.ID, tx.key, tx.school.RosterVersion, open)
	if err != nil {
		return nil, err
	}
	return held.(*directory.Directory), nil
}

func (tx *Tx) openDirectory() (*directory.Directory, error) {
	var rows directory.Rows
	var err error
	load := func(step func() error) {
		if err == nil {
			err = step()
		}
	}
	load(func() (e error) { rows.Pupils, e = List[models.Pupil](tx); return })
	load(func() error { return OpenGuarded(tx, rows.Pupils) })
	load(func() (e error) { rows.Groups, e = List[models.Group](tx); return })
	load(func() (e error) { rows.PupilGroups, e = List[models.PupilGroup](tx); return })
	load(func() (e error) { rows.Staff, e = List[models.Staff](tx); return })
	load(func() (e error) { rows.Teachings, e = List[models.Teaching](tx); return })
	load(func() (e error) { rows.Households, e = List[models.Household](tx); return })
	load(func() error { return OpenGuarded(tx, rows.Households) })
	load(func() (e error) { rows.HouseholdPupils, e = List[models.HouseholdPupil](tx); return })
	load(func() (e error) { rows.Guardians, e = List[models.Guardian](tx); return })
	if err != nil {
		return nil, err
	}
	return directory.New(rows), nil
}

// Programme gives the school's opened conferences. It must not be changed.
func (tx *Tx) Programme() (*programme.Programme, error) {
	open := func() (any, int64, error) {
		opened, err := tx.openProgramme()
		if err != nil {
			return nil, 0, err
		}
		return opened, opened.Bytes(), nil
	}
	if tx.programmeTouched {
		opened, _, err := open()
		if err != nil {
			return nil, err
		}
		return opened.(*programme.Programme), nil
	}
	_, plans := tx.copies()
	held, err := plans.get(tx.school.ID, tx.key, tx.school.ProgrammeVersion, open)
	if err != nil {
		return nil, err
	}
	return held.(*programme.Programme), nil
}

func (tx *Tx) openProgramme() (*programme.Programme, error) {
	var rows programme.Rows
	var err error
	load := func(step func() error) {
		if err == nil {
			err = step()
		}
	}
	load(func() (e error) { rows.Conferences, e = List[models.Conference](tx); return })
	load(func() (e error) { rows.Days, e = List[models.Day](tx); return })
	load(func() (e error) { rows.TalkKinds, e = List[models.TalkKind](tx); return })
	load(func() (e error) { rows.Offers, e = List[models.Offer](tx); return })
	load(func() (e error) { rows.OfferStaff, e = List[models.OfferStaff](tx); return })
	load(func() (e error) { rows.Availabilities, e = List[models.Availability](tx); return })
	load(func() (e error) { rows.Blocks, e = List[models.Block](tx); return })
	load(func() (e error) { rows.Rooms, e = List[models.Room](tx); return })
	if err != nil {
		return nil, err
	}
	return programme.New(rows), nil
}
