package store

import (
	"context"
	"errors"
	"time"

	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

const (
	// wipeRest and wipeTries say how long is waited for the end of another wipe: half a minute, which leaves time for the own one before a request ends.
	wipeRest  = 250 * time.Millisecond
	wipeTries = 120
)

// ErrWiping tells that somebody else has the turn to wipe.
var ErrWiping = errors.New("another wipe is under way")

// WipeAlone runs the work while no other program on the database, and nobody else in this one, is in a WipeAlone: so one that finishes what another left never
// does the same at the same time. The turn of a program that dies is free at once, that of a machine that is not heard of any more within half a minute; the
// work's context ends if the turn is lost.
//
// While another has the turn it looks again and again, with pauses by the given function; without one it does not wait. What it waited for in vain is
// errs.Unavailable with the code "busy" because of ErrWiping, and the work has not run.
func (in Installation) WipeAlone(ctx context.Context, wait func(context.Context, time.Duration) error, work func(context.Context) error) error {
	if err := in.allowed(); err != nil {
		return err
	}
	for try := 1; ; try++ {
		ran, err := in.store.wipeIfFree(ctx, work)
		if ran || err != nil {
			return in.store.failure(err)
		}
		if wait == nil || try == wipeTries {
			return errs.Because(errs.Unavailable, errs.CodeBusy, ErrWiping)
		}
		if err := wait(ctx, wipeRest); err != nil {
			return in.store.failure(err)
		}
	}
}

func (s *Store) wipeIfFree(ctx context.Context, work func(context.Context) error) (ran bool, err error) {
	if !s.wiping.TryLock() {
		return false, nil
	}
	defer s.wiping.Unlock()
	turn, err := s.engine.TurnToWipe(ctx)
	if err != nil || turn == nil {
		return false, err
	}
	defer turn.End()
	err = work(turn.Ctx)
	if cause := context.Cause(turn.Ctx); err != nil && errors.Is(cause, engine.ErrLostTurn) {
		err = errs.Because(errs.Unavailable, errs.CodeDatabase, errors.Join(cause, err))
	}
	return true, err
}
