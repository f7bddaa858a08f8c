package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

// TurnToWipe takes the lock of who wipes in a session of its own, which the server ends with the program. It is nil while another one has it. The pools are not
// used: one session more can always be had, and none of them is missing meanwhile.
func (e *Engine) TurnToWipe(ctx context.Context) (*engine.Turn, error) {
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
func held(ctx context.Context, conn *pgx.Conn) *engine.Turn {
	ctx, lose := context.WithCancelCause(ctx)
	listening, stop := context.WithCancel(context.WithoutCancel(ctx))
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		// Nobody notifies it: it returns when the line breaks, or is stopped.
		if _, err := conn.WaitForNotification(listening); err != nil && listening.Err() == nil {
			lose(fmt.Errorf("%w: %w", engine.ErrLostTurn, err))
		}
	}()
	return &engine.Turn{Ctx: ctx, End: func() {
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
