package memory

import (
	"sync"

	"github.com/ouderavond/ouderavond/models"
)

// maxSlugs bounds what is remembered of addresses.
const maxSlugs = 10_000

// Slugs remembers which school an address names, so that not every request asks. What it gives is a guess: the transaction that follows reads the school's
// row, and where that is gone or closing the guess is forgotten.
type Slugs struct {
	mutex   sync.Mutex
	schools map[string]models.SchoolID
}

// Get returns the school of a slug, if it is remembered.
func (s *Slugs) Get(slug string) (models.SchoolID, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	school, ok := s.schools[slug]
	return school, ok
}

// Keep remembers the school of a slug.
func (s *Slugs) Keep(slug string, school models.SchoolID) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.schools == nil || len(s.schools) >= maxSlugs {
		s.schools = map[string]models.SchoolID{}
	}
	s.schools[slug] = school
}

// Forget drops all slugs of a school.
func (s *Slugs) Forget(school models.SchoolID) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for slug, known := range s.schools {
		if known == school {
			delete(s.schools, slug)
		}
	}
}
