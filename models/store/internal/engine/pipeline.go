package engine

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Pipeline is the connection of a writing transaction on PostgreSQL, as GORM uses it. What is to be done later waits until something is asked whose answer is
// needed, and goes to the server with that in one round trip: those are what a booking costs most. It is used by one goroutine at a time.
type Pipeline struct {
	Conn    *sql.Conn
	Later   bool // what is executed now waits
	waiting []statement
}

type statement struct {
	text   string
	values []any
}

// done stands for the result of what waits: nobody asks for it.
const done = driver.RowsAffected(0)

// ExecContext runs a statement, after what waits, or lets it wait too.
func (p *Pipeline) ExecContext(ctx context.Context, text string, values ...any) (sql.Result, error) {
	if p.Later {
		p.waiting = append(p.waiting, statement{text, values})
		return done, nil
	}
	if len(p.waiting) == 0 {
		return p.Conn.ExecContext(ctx, text, values...)
	}
	return p.send(ctx, statement{text, values})
}

// QueryContext asks something, after what waits.
func (p *Pipeline) QueryContext(ctx context.Context, text string, values ...any) (*sql.Rows, error) {
	if err := p.Flush(ctx); err != nil {
		return nil, err
	}
	return p.Conn.QueryContext(ctx, text, values...)
}

// QueryRowContext asks for one row, after what waits. If that failed, so does the transaction, and this with it.
func (p *Pipeline) QueryRowContext(ctx context.Context, text string, values ...any) *sql.Row {
	_ = p.Flush(ctx)
	return p.Conn.QueryRowContext(ctx, text, values...)
}

// PrepareContext is part of what GORM wants of a connection; the driver prepares by itself.
func (p *Pipeline) PrepareContext(ctx context.Context, text string) (*sql.Stmt, error) {
	return p.Conn.PrepareContext(ctx, text)
}

// Flush does what waits.
func (p *Pipeline) Flush(ctx context.Context) error {
	if len(p.waiting) == 0 {
		return nil
	}
	last := p.waiting[len(p.waiting)-1]
	p.waiting = p.waiting[:len(p.waiting)-1]
	_, err := p.send(ctx, last)
	return err
}

// send does what waits and the last statement, and gives the result of the last.
func (p *Pipeline) send(ctx context.Context, last statement) (result sql.Result, err error) {
	var batch pgx.Batch
	for _, one := range append(p.waiting, last) {
		batch.Queue(one.text, one.values...)
	}
	p.waiting = p.waiting[:0]
	err = p.Conn.Raw(func(raw any) (err error) {
		results := raw.(*stdlib.Conn).Conn().SendBatch(ctx, &batch)
		defer func() { err = errors.Join(err, results.Close()) }()
		for range batch.Len() {
			tag, err := results.Exec()
			if err != nil {
				return err
			}
			result = driver.RowsAffected(tag.RowsAffected())
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return result, nil
}
