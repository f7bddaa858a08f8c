package store

import (
	"sync"

	"github.com/ouderavond/ouderavond/models"
)

// mostSlugs bounds what is remembered of addresses.
const mostSlugs = 10_000

// slugs remembers which school an address names, so that not every request asks. What it gives is a guess: the transaction that follows reads the school's
// row, and where that is gone or closing the guess is forgotten.
type slugs struct {
	mutex   sync.Mutex
	schools map[string]models.SchoolID
}

func (s *slugs) get(slug string) (models.SchoolID, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	school, ok := s.schools[slug]
	return school, ok
}

func (s *slugs) keep(slug string, school models.SchoolID) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.schools == nil || len(s.schools) >= mostSlugs {
		s.schools = map[string]models.SchoolID{}
	}
	s.schools[slug] = school
}

func (s *slugs) forget(school models.SchoolID) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for slug, known := range s.schools {
		if known == school {
			delete(s.schools, slug)
		}
	}
}
