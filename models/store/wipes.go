package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ouderavond/ouderavond/models/errs"
)

const (
	// wipeRest and wipeTries say how long is waited for the end of another wipe: half a minute, which leaves time for the own one before a request ends.
	wipeRest  = 250 * time.Millisecond
	wipeTries = 120
)

// ErrWiping tells that somebody else has the turn to wipe.
var ErrWiping = errors.New("another wipe is under way")

// errLostTurn tells that the server let go of the turn of a program that still wiped: another one may have taken over.
var errLostTurn = errors.New("the connection that held the turn to wipe is gone")

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
			return errs.Because(errs.Unavailable, "busy", ErrWiping)
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
	turn, err := s.engine.turnToWipe(ctx)
	if err != nil || turn == nil {
		return false, err
	}
	defer turn.end()
	err = work(turn.ctx)
	if cause := context.Cause(turn.ctx); err != nil && errors.Is(cause, errLostTurn) {
		err = errs.Because(errs.Unavailable, "database", errors.Join(cause, err))
	}
	return true, err
}

// turn is the right to wipe, while its context lives.
type turn struct {
	ctx context.Context
	end func()
}

// turnToWipe is there always: a file is open in one program only.
func (e *sqliteEngine) turnToWipe(ctx context.Context) (*turn, error) {
	return &turn{ctx, func() {}}, nil
}

// turnToWipe takes the lock of who wipes in a session of its own, which the server ends with the program. It is nil while another one has it. The pools are not
// used: one session more can always be had, and none of them is missing meanwhile.
func (e *postgresEngine) turnToWipe(ctx context.Context) (*turn, error) {
	config, err := pgx.ParseConfig(e.url)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["application_name"] = "ouderavond wipe"
	// This side gives a silent line up earlier than the server does, which then lets another program begin.
	config.RuntimeParams["tcp_keepalives_idle"], config.RuntimeParams["tcp_keepalives_interval"], config.RuntimeParams["tcp_keepalives_count"] = "10", "5", "4"
	config.DialFunc = (&net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 5 * time.Second, Count: 2}}).DialContext
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	var free bool
	if err := conn.QueryRow(ctx, fmt.Sprintf("SELECT pg_try_advisory_lock(%d, 0)", wipers)).Scan(&free); err != nil || !free {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return held(ctx, conn), nil
}

// held makes the turn that lasts as long as a session, and ends with it.
func held(ctx context.Context, conn *pgx.Conn) *turn {
	ctx, lose := context.WithCancelCause(ctx)
	listening, stop := context.WithCancel(context.WithoutCancel(ctx))
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		// Nobody notifies it: it returns when the line breaks, or is stopped.
		if _, err := conn.WaitForNotification(listening); err != nil && listening.Err() == nil {
			lose(fmt.Errorf("%w: %w", errLostTurn, err))
		}
	}()
	return &turn{ctx, func() {
		stop()
		<-heard
		lose(nil)
		giveBack(conn)
	}}
}

// giveBack frees the lock for who looks next, and ends the session, with which it would be free a moment later.
func giveBack(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), rollbackWait)
	defer cancel()
	_, _ = conn.Exec(ctx, fmt.Sprintf("SELECT pg_advisory_unlock(%d, 0)", wipers))
	_ = conn.Close(ctx)
}
