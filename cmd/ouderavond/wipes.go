package main

import (
	"context"
	"errors"
	"time"

	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// wipesEvery is how often it is looked whether a wipe was left unfinished, by this program or by another one on the database that died in the middle.
const wipesEvery = 20 * time.Second

// wipes are those of this program: it does one at a time, while no other program on the database is at one.
type wipes struct {
	rows    *store.Store
	booking *booking.Services
}

// alone runs the work of a wipe while nobody else is at one, for whom it waits half a minute; see store.Installation.WipeAlone.
func (w wipes) alone(ctx context.Context, work func(context.Context) error) error {
	return w.installation().WipeAlone(ctx, pause, work)
}

func (w wipes) installation() store.Installation {
	return w.rows.Installation(models.Actor{Kind: models.ActorSystem, Reason: "finish erasures"})
}

// takeOver finishes the wipes that nobody is at, and tells how many there were. Where somebody is, it leaves them to it.
func (w wipes) takeOver(ctx context.Context) (finished int, err error) {
	err = w.installation().WipeAlone(ctx, nil, func(ctx context.Context) (err error) {
		finished, err = w.booking.Erasures.FinishErasures(ctx, pause)
		return err
	})
	if errors.Is(err, store.ErrWiping) {
		return 0, nil
	}
	return finished, err
}

// finish finishes all wipes before it returns, and waits for who is at one: tell is called each half minute that it waits.
func (w wipes) finish(ctx context.Context, tell func()) error {
	for {
		err := w.alone(ctx, func(ctx context.Context) error {
			_, err := w.booking.Erasures.FinishErasures(ctx, pause)
			return err
		})
		if !errors.Is(err, store.ErrWiping) {
			return err
		}
		tell()
	}
}

// finishWipes takes over what is unfinished now and then, until the context ends.
func (a *app) finishWipes(ctx context.Context) {
	for {
		finished, err := a.wipes().takeOver(ctx)
		if finished > 0 {
			a.logger.Info("wipes finished that were left in the middle", "schools", finished)
		}
		if err != nil && ctx.Err() == nil {
			a.logger.Error("wipe", "error", err)
		}
		if pause(ctx, wipesEvery) != nil {
			return
		}
	}
}

func (a *app) wipes() wipes { return wipes{a.store, a.booking} }
