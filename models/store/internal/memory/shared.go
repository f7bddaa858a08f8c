package memory

import (
	"context"

	"github.com/ouderavond/ouderavond/models"
)

// Shared is what the functions of one group of writes need not each read again: they are in one transaction, one after another.
type Shared struct {
	schools map[models.SchoolID]models.School
	claims  map[models.SchoolID]*Uncommitted
	// Rosters and plans are the opened copies of what earlier functions of the transaction changed: nobody else may be given them, for if the transaction is
	// undone, others will have their version and not their content.
	Rosters, Plans ownCopies
}

// ownCopies keeps a transaction's own copies, school by school.
type ownCopies map[models.SchoolID]*Snapshots

// Or gives where a school's copy is kept: among those of everybody unless the transaction has its own.
func (o ownCopies) Or(common *Snapshots, school models.SchoolID) *Snapshots {
	if own, ok := o[school]; ok {
		return own
	}
	return common
}

// Uncommitted is what earlier functions of a transaction did to a school's claims: the sets of those holders whose time they changed.
type Uncommitted struct {
	Busy    map[models.HolderID]models.TickSet
	Unknown bool
}

type sharedReadsKey struct{}

// NewShared returns what nothing has been read into yet.
func NewShared() *Shared {
	return &Shared{
		schools: map[models.SchoolID]models.School{}, claims: map[models.SchoolID]*Uncommitted{}, Rosters: ownCopies{}, Plans: ownCopies{},
	}
}

// WithShared returns a context whose transactions share what they read.
func WithShared(ctx context.Context, shared *Shared) context.Context {
	return context.WithValue(ctx, sharedReadsKey{}, shared)
}

// SharedOf gives what the functions of this transaction share; nil where each has its own.
func SharedOf(ctx context.Context) *Shared {
	shared, _ := ctx.Value(sharedReadsKey{}).(*Shared)
	return shared
}

// School gives the school as an earlier function of the transaction opened it.
func (s *Shared) School(id models.SchoolID) (models.School, bool) {
	if s == nil {
		return models.School{}, false
	}
	school, ok := s.schools[id]
	return school, ok
}

// Keep remembers a copy of a school's row.
func (s *Shared) Keep(school *models.School) {
	if s != nil {
		s.schools[school.ID] = *school
	}
}

// Forget is for who writes the school's row.
func (s *Shared) Forget(id models.SchoolID) {
	if s != nil {
		delete(s.schools, id)
	}
}

// Changed is for who gives a school's roster or conferences another version.
func (s *Shared) Changed(id models.SchoolID, roster, programme bool) {
	if s == nil {
		return
	}
	s.Forget(id)
	if roster {
		s.Rosters[id] = NewSnapshots(0) // of one school, whose copy is never let go of for want of room
	}
	if programme {
		s.Plans[id] = NewSnapshots(0)
	}
}

// ClaimsOf gives what earlier functions of the transaction did to a school's claims; nil if nothing.
func (s *Shared) ClaimsOf(school models.SchoolID) *Uncommitted {
	if s == nil {
		return nil
	}
	return s.claims[school]
}
