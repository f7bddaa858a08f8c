package appointment

import (
	"context"
	"errors"

	"github.com/ouderavond/ouderavond/models/store"
)

// errRefused tells that something of a change cannot be. Why, and what could be instead, is found out by explain, so that whoever writes next need not wait for it.
var errRefused = errors.New("refused")

// explain tells what is refused and what could be instead, as a reader. Nil where meanwhile the change could be, or was done, or the refusal has to be counted:
// then the change is tried again.
func (s *Service) explain(ctx context.Context, work bookingWork) error {
	var refused error
	err := s.store.For(work.actor).Read(ctx, func(tx *store.Tx) error {
		work := work
		work.tx, refused = tx, nil
		if replayed, err := work.begin(); err != nil || replayed {
			return err
		}
		if err := work.arrange(); err != nil || len(work.hiddenHouseholds()) > 0 {
			return err
		}
		if err := work.resolve(); err != nil || len(work.refusals) == 0 || work.restConsented() {
			return err
		}
		refused = work.itemsError()
		return nil
	})
	if err != nil {
		return nil // who tries again is told what is wrong
	}
	return refused
}
