package engine

import (
	"errors"
	"io"
	"net"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/ouderavond/ouderavond/models/errs"
)

// The conditions of PostgreSQL (its manual, appendix A) that say nothing of the statement: nothing was acknowledged, and a repeat may succeed when the cause
// is gone. A class is its first two characters.
var (
	passingClasses = []string{
		"08", // connection
		"53", // insufficient resources: disk full, out of memory, too many connections
		"57", // operator intervention: shut down, cancelled, statement_timeout
		"58", // system error: disk
		"XX", // data corrupted
	}
	passingStates = []string{
		"25006", // read only: the server has become a standby
		"25P03", // idle for too long in a transaction
		"55P03", // lock not available
		"40001", // could not be put in order with others
		"40P01", // in a circle of waits
	}
)

// translatePostgres is translate for errors of the PostgreSQL driver; nil for any other.
func translatePostgres(err error) error {
	var connecting *pgconn.ConnectError
	var network net.Error
	if errors.As(err, &connecting) || errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, pgconn.ErrConnClosed) {
		return errs.Because(errs.Unavailable, errs.CodeDatabase, err)
	}
	var server *pgconn.PgError
	if !errors.As(err, &server) || len(server.Code) != 5 {
		if pgconn.SafeToRetry(err) {
			return errs.Because(errs.Unavailable, errs.CodeDatabase, err) // the connection was gone before anything was sent
		}
		return nil
	}
	switch server.Code {
	case "23505":
		return errs.Because(errs.Conflict, errs.CodeExists, err)
	case "23503":
		return errs.Because(errs.Conflict, errs.CodeInUse, err)
	case "22021", "22P05": // a zero byte, or no UTF-8: what only this engine refuses in a text
		return errs.Because(errs.Invalid, "invalid", err)
	}
	if slices.Contains(passingClasses, server.Code[:2]) || slices.Contains(passingStates, server.Code) {
		return errs.Because(errs.Unavailable, errs.CodeDatabase, err)
	}
	return nil
}
