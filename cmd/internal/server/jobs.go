package server

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/machine"
	"github.com/ouderavond/ouderavond/cmd/internal/wiping"
	"github.com/ouderavond/ouderavond/models"
)

// job is what the program does beside answering requests, from its start until it stops. It is periodic, or else runs by itself.
type job struct {
	name string
	// every is the time between two turns.
	every time.Duration
	// alone jobs are done by one of the programs on the database: a row says whose turn it is. Others every program does for itself.
	alone bool
	// do is one turn. What fails is logged, and done again in the next turn.
	do func(ctx context.Context) error
	// done, if not nil, is told when it was last done, by this program or another one.
	done func(at time.Time)
	// run is for a job that is woken by more than the time: it returns when the context ends.
	run func(ctx context.Context)
}

// turnsLooked is how often it is looked at least whether a job that is done alone is due: the program that did it may be gone.
const turnsLooked = time.Minute

// jobs are all that the program does beside answering requests. To add one is to add a line.
func (a *App) jobs() []job {
	return []job{
		{name: "outbox", run: a.sendOutbox},
		{name: "tidy", every: time.Hour, alone: true, do: a.Booking.Erasures.Tidy, done: a.Metrics.tidiedAt},
		// A wipe may have been left unfinished, by this program or by another one on the database that died in the middle.
		{name: "wipes", every: 20 * time.Second, do: a.finishWipes},
		// Another program may have wiped a school, whose receipt is kept beside this one's data too.
		// What was erased of persons lies in the mailbox folder of each program, too, and each keeps the journal.
		{name: "erasures", every: 20 * time.Second, do: a.reachErased},
		{name: "carrier", every: 20 * time.Second, do: func(ctx context.Context) error { return a.dispatcher.DeleteRecords(ctx) }},
		{name: "imports", every: time.Minute, do: a.Booking.Imports.WorkAll},
		{name: "emptied", every: time.Minute, do: a.Booking.Erasures.DropEmptied},
		{name: "aged", every: time.Hour, do: a.Booking.Erasures.ForgetAged},
		{name: "receipts", every: time.Minute, do: a.keepReceipts},
		{name: "copies", every: backupLook, do: a.backups.look},
		{name: "certificate", run: a.watchCertificate},
	}
}

func (s *serving) startJobs(ctx context.Context) {
	s.backups.Warn()
	for _, one := range s.jobs() {
		if one.run != nil {
			s.working.Go(func() { one.run(ctx) })
			continue
		}
		s.working.Go(func() { s.repeat(ctx, one) })
	}
}

// repeat does a periodic job until the context ends, the first time at once.
func (a *App) repeat(ctx context.Context, one job) {
	pause := one.every
	if one.alone {
		pause = min(pause, turnsLooked)
	}
	for {
		if err := a.turn(ctx, one); err != nil && ctx.Err() == nil {
			a.Logger.Error(one.name, "error", err)
		}
		if machine.Pause(ctx, pause) != nil {
			return
		}
	}
}

// turn does a job once, if it is this program's turn.
func (a *App) turn(ctx context.Context, one job) error {
	if !one.alone {
		return one.do(ctx)
	}
	jobs := a.store.Installation(models.Actor{Kind: models.ActorSystem, Reason: "periodic jobs"})
	mine, last, err := jobs.TakeJob(ctx, one.name, one.every)
	if err != nil {
		return err
	}
	if mine {
		if err := one.do(ctx); err != nil {
			return err
		}
	}
	if one.done != nil {
		one.done(last)
	}
	return nil
}

// outboxEvery is how often the outbox is looked at without having been woken: for what is due later.
const outboxEvery = time.Second

func (a *App) sendOutbox(ctx context.Context) {
	ticker := time.NewTicker(outboxEvery)
	defer ticker.Stop()
	a.dispatcher.Run(ctx, ticker.C)
}

func (a *App) watchCertificate(ctx context.Context) {
	if a.certificate == nil {
		return
	}
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGHUP)
	defer signal.Stop(asked)
	a.certificate.run(ctx, asked, a.Logger)
}

func (a *App) finishWipes(ctx context.Context) error {
	finished, err := a.wipes().TakeOver(ctx)
	if finished > 0 {
		a.Logger.Info("wipes finished that were left in the middle", "schools", finished)
	}
	return err
}

func (a *App) keepReceipts(ctx context.Context) error {
	_, err := a.Booking.Erasures.KeepReceipts(ctx)
	return err
}

func (a *App) reachErased(ctx context.Context) error {
	return a.Booking.Erasures.Reach(ctx, machine.Pause)
}

func (a *App) wipes() wiping.Wipes { return wiping.Wipes{Rows: a.store, Booking: a.Booking} }
