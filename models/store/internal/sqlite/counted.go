package sqlite

import (
	"context"
	"database/sql"
	"strings"
)

// countedWrites is a connection that counts what may write: everything but a query that begins as one that only reads.
type countedWrites struct {
	*sql.Conn
	count int
}

// ExecContext runs a statement and counts it.
func (w *countedWrites) ExecContext(ctx context.Context, text string, values ...any) (sql.Result, error) {
	w.count++
	return w.Conn.ExecContext(ctx, text, values...)
}

// QueryContext asks something, and counts it unless it only reads.
func (w *countedWrites) QueryContext(ctx context.Context, text string, values ...any) (*sql.Rows, error) {
	w.countQuery(text)
	return w.Conn.QueryContext(ctx, text, values...)
}

// QueryRowContext asks for one row, and counts it unless it only reads.
func (w *countedWrites) QueryRowContext(ctx context.Context, text string, values ...any) *sql.Row {
	w.countQuery(text)
	return w.Conn.QueryRowContext(ctx, text, values...)
}

// PrepareContext compiles a statement, which may then write uncounted: so it counts as one that does.
func (w *countedWrites) PrepareContext(ctx context.Context, text string) (*sql.Stmt, error) {
	w.count++
	return w.Conn.PrepareContext(ctx, text)
}

func (w *countedWrites) countQuery(text string) {
	if !strings.HasPrefix(text, "SELECT ") {
		w.count++
	}
}
