package store

import (
	"context"

	"github.com/ouderavond/ouderavond/models"
)

// sharedReads is what the functions of one group of writes need not each read again: they are in one transaction, one after another.
type sharedReads struct {
	schools map[models.SchoolID]models.School
	claims  map[models.SchoolID]*uncommitted
	// rosters and plans are the opened copies of what earlier functions of the transaction changed: nobody else may be given them, for if the transaction is
	// undone, others will have their version and not their content.
	rosters, plans ownCopies
}

// ownCopies keeps a transaction's own copies, school by school.
type ownCopies map[models.SchoolID]*snapshots

// or gives where a school's copy is kept: among those of everybody unless the transaction has its own.
func (o ownCopies) or(common *snapshots, school models.SchoolID) *snapshots {
	if own, ok := o[school]; ok {
		return own
	}
	return common
}

// uncommitted is what earlier functions of a transaction did to a school's claims: the sets of those holders whose time they changed.
type uncommitted struct {
	busy    map[models.HolderID]models.TickSet
	unknown bool
}

type sharedReadsKey struct{}

func newSharedReads() *sharedReads {
	return &sharedReads{
		schools: map[models.SchoolID]models.School{}, claims: map[models.SchoolID]*uncommitted{}, rosters: ownCopies{}, plans: ownCopies{},
	}
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

// changed is for who gives a school's roster or conferences another version.
func (s *sharedReads) changed(id models.SchoolID, roster, programme bool) {
	if s == nil {
		return
	}
	s.forget(id)
	if roster {
		s.rosters[id] = newSnapshots(0) // of one school, whose copy is never let go of for want of room
	}
	if programme {
		s.plans[id] = newSnapshots(0)
	}
}

// copies gives where the copies of the school's roster and conferences are kept.
func (tx *Tx) copies() (rosters, plans *snapshots) {
	if tx.shared == nil {
		return tx.store.rosters, tx.store.plans
	}
	return tx.shared.rosters.or(tx.store.rosters, tx.school.ID), tx.shared.plans.or(tx.store.plans, tx.school.ID)
}

// claimsOf gives what earlier functions of the transaction did to a school's claims; nil if nothing.
func (s *sharedReads) claimsOf(school models.SchoolID) *uncommitted {
	if s == nil {
		return nil
	}
	return s.claims[school]
}
