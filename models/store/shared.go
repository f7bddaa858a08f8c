package store

import (
	"context"

	"github.com/ouderavond/ouderavond/models"
)

// sharedReads is what the functions of one group of writes need not each read again: they are in one transaction, one after another.
type sharedReads struct {
	schools map[models.SchoolID]models.School
	claims  map[models.SchoolID]*uncommitted
}

// uncommitted is what earlier functions of a transaction did to a school's claims: the sets of those holders whose time they changed.
type uncommitted struct {
	busy    map[models.HolderID]models.TickSet
	unknown bool
}

type sharedReadsKey struct{}

func newSharedReads() *sharedReads {
	return &sharedReads{schools: map[models.SchoolID]models.School{}, claims: map[models.SchoolID]*uncommitted{}}
}

func withSharedReads(ctx context.Context, shared *sharedReads) context.Context {
	return context.WithValue(ctx, sharedReadsKey{}, shared)
}

// sharedReadsOf gives what the functions of this transaction share; nil where each has its own.
func sharedReadsOf(ctx context.Context) *sharedReads {
	shared, _ := ctx.Value(sharedReadsKey{}).(*sharedReads)
	return shared
}

// school gives the school as an earlier function of the transaction opened it.
func (s *sharedReads) school(id models.SchoolID) (models.School, bool) {
	if s == nil {
		return models.School{}, false
	}
	school, ok := s.schools[id]
	return school, ok
}

func (s *sharedReads) keep(school *models.School) {
	if s != nil {
		s.schools[school.ID] = *school
	}
}

// forget is for who writes the school's row.
func (s *sharedReads) forget(id models.SchoolID) {
	if s != nil {
		delete(s.schools, id)
	}
}

// claimsOf gives what earlier functions of the transaction did to a school's claims; nil if nothing.
func (s *sharedReads) claimsOf(school models.SchoolID) *uncommitted {
	if s == nil {
		return nil
	}
	return s.claims[school]
}
