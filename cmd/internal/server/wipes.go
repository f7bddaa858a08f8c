package server

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/machine"
	"github.com/ouderavond/ouderavond/cmd/internal/wiping"
)

// wipesEvery is how often it is looked whether a wipe was left unfinished, by this program or by another one on the database that died in the middle.
const wipesEvery = 20 * time.Second

// finishWipes takes over what is unfinished now and then, until the context ends.
func (a *App) finishWipes(ctx context.Context) {
	for {
		finished, err := a.wipes().TakeOver(ctx)
		if finished > 0 {
			a.Logger.Info("wipes finished that were left in the middle", "schools", finished)
		}
		if err != nil && ctx.Err() == nil {
			a.Logger.Error("wipe", "error", err)
		}
		if machine.Pause(ctx, wipesEvery) != nil {
			return
		}
	}
}

func (a *App) wipes() wiping.Wipes { return wiping.Wipes{Rows: a.store, Booking: a.Booking} }
