package erasure

import (
	"context"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/eraser"
	"github.com/ouderavond/ouderavond/models/store"
)

// EraseAgain erases from a database that was put back what the journal says was erased since and did not come back, and returns how many of each kind it found there.
// Nobody is told again.
func (s *Service) EraseAgain(ctx context.Context, journal []Erased) (map[models.ErasureKind]int, error) {
	erased := map[string]bool{}
	journal = slices.Clone(journal)
	slices.SortStableFunc(journal, func(a, b Erased) int { return a.At.Compare(b.At) })
	for _, line := range journal {
		_, back := line.Kind.Of()
		erased[line.Keyed] = !back // it came back with an import that was taken back
	}
	sum := map[models.ErasureKind]int{}
	if len(erased) == 0 {
		return sum, nil
	}
	schools, err := s.store.Installation(models.Actor{Kind: models.ActorSystem, Reason: "restore"}).Schools(ctx)
	if err != nil {
		return nil, err
	}
	for _, school := range schools {
		var found map[models.ErasureKind]int
		err := s.store.For(models.System(school.ID, "restore")).WriteLong(ctx, func(tx *store.Tx) error {
			return household.Change(tx, func() (err error) {
				found, err = eraseAgain(tx, func(kind models.ErasureKind, subject []byte) bool { return erased[s.keyed(school.ID, kind, subject)] })
				return err
			})
		})
		if err != nil {
			return nil, err
		}
		for kind, count := range found {
			sum[kind] += count
		}
	}
	return sum, s.Reach(ctx, func(ctx context.Context, _ time.Duration) error { return ctx.Err() })
}

func eraseAgain(tx *store.Tx, erased func(models.ErasureKind, []byte) bool) (found map[models.ErasureKind]int, err error) {
	found = map[models.ErasureKind]int{}
	if err := forgetAgain(tx, erased, found); err != nil {
		return nil, err
	}
	contacts, err := store.List[models.Contact](tx)
	if err != nil {
		return nil, err
	}
	for i := range contacts {
		contact := &contacts[i]
		if !erased(models.ErasedContact, contact.ID[:]) && !erased(models.ErasedAddress, eraser.Address(tx, contact)) {
			continue
		}
		if err := household.EraseContact(tx, contact); err != nil {
			return nil, err
		}
		found[models.ErasedContact]++
	}
	pupils, err := store.List[models.Pupil](tx)
	if err != nil {
		return nil, err
	}
	for i := range pupils {
		if !erased(models.ErasedPupil, pupils[i].ID[:]) {
			continue
		}
		if err := household.DropGuardiansOf(tx, pupils[i].ID); err != nil {
			return nil, err
		}
		if err := eraser.Pupil(tx, pupils[i].ID); err != nil {
			return nil, err
		}
		found[models.ErasedPupil]++
	}
	households, err := store.List[models.Household](tx, household.NobodyIn)
	if err != nil {
		return nil, err
	}
	for i := range households {
		if !erased(models.ErasedHousehold, households[i].ID[:]) {
			continue
		}
		gone, err := household.EraseIfEmpty(tx, households[i].ID)
		if err != nil {
			return nil, err
		}
		if gone {
			found[models.ErasedHousehold]++
		}
	}
	return found, nil
}

// forgetAgain deletes what imports that are taken back would bring back, of those who were erased by hand since and of imports whose time is over.
func forgetAgain(tx *store.Tx, erased func(models.ErasureKind, []byte) bool, found map[models.ErasureKind]int) error {
	old, err := eraser.ForgetImports(tx, tx.School().UndoDays)
	if err != nil {
		return err
	}
	hand, err := eraser.DeleteKept(tx,
		func(id [16]byte) bool { return erased(models.ErasedKept, id[:]) }, func(index []byte) bool { return erased(models.ErasedAddress, index) })
	if old+hand > 0 {
		found[models.ErasedKept] = int(old + hand)
	}
	return err
}
