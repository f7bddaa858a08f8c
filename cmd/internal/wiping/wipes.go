package wiping

import (
	"context"
	"errors"

	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/cmd/internal/machine"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// Wipes are those of this program: it does one at a time, while no other program on the database is at one.
type Wipes struct {
	Rows    *store.Store
	Booking *booking.Services
}

// Alone runs the work of a wipe while nobody else is at one, for whom it waits half a minute; see store.Installation.WipeAlone.
func (w Wipes) Alone(ctx context.Context, work func(context.Context) error) error {
	return w.installation().WipeAlone(ctx, machine.Pause, work)
}

func (w Wipes) installation() store.Installation {
	return w.Rows.Installation(models.Actor{Kind: models.ActorSystem, Reason: "finish erasures"})
}

// TakeOver finishes the wipes that nobody is at, and tells how many there were. Where somebody is, it leaves them to it.
func (w Wipes) TakeOver(ctx context.Context) (finished int, err error) {
	err = w.installation().WipeAlone(ctx, nil, func(ctx context.Context) (err error) {
		finished, err = w.Booking.Erasures.FinishErasures(ctx, machine.Pause)
		return err
	})
	if errors.Is(err, store.ErrWiping) {
		return 0, nil
	}
	return finished, err
}

// Finish finishes all wipes before it returns, and waits for who is at one: tell is called each half minute that it waits.
func (w Wipes) Finish(ctx context.Context, tell func()) error {
	for {
		err := w.Alone(ctx, func(ctx context.Context) error {
			_, err := w.Booking.Erasures.FinishErasures(ctx, machine.Pause)
			return err
		})
		if !errors.Is(err, store.ErrWiping) {
			return err
		}
		tell()
	}
}
