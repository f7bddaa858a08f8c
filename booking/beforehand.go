package booking

import (
	"context"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// refusedBeforehand looks whether a change is refused already, as a reader and beside other readers, so that it need not wait for its turn to write only to
// hear that: on an opening evening every third is refused because somebody was faster. It does so only where memory says that an asked time is taken. Nil says
// nothing: the change has to be tried.
func (s *Service) refusedBeforehand(ctx context.Context, actor models.Actor, change *Change, contact contactGiven) error {
	scope := s.store.For(actor)
	if !change.looksTaken(scope) {
		return nil
	}
	var refused error
	err := scope.Read(ctx, func(tx *store.Tx) error {
		work := &bookingWork{tx: tx, actor: actor, change: change, contact: contact}
		var err error
		refused, err = work.refusal()
		return err
	})
	if err != nil {
		return nil // who writes is told what is wrong
	}
	return refused
}

func (c *Change) looksTaken(scope store.Scope) bool {
	for _, item := range c.Make {
		for _, member := range item.Staff {
			if scope.SeemsBusy(models.HolderID(member), exactTick(item.Start)) {
				return true
			}
		}
	}
	return false
}

// refusal gives the refusal of a change as things are; nil if it could be, if it was done before, or if the refusal has to be counted.
func (w *bookingWork) refusal() (error, error) {
	if replayed, err := w.begin(); err != nil || replayed {
		return nil, err
	}
	if err := w.arrange(); err != nil || len(w.hiddenHouseholds()) > 0 {
		return nil, err
	}
	if err := w.resolve(); err != nil || len(w.refusals) == 0 || w.restConsented() {
		return nil, err
	}
	return w.itemsError(), nil
}
