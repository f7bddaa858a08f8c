package engine

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"slices"

	"github.com/mattn/go-sqlite3"
	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models/errs"
)

// passing are the engine's conditions that say nothing of the statement: nothing was acknowledged, and a repeat may succeed when the cause is gone.
var passing = []sqlite3.ErrNo{
	sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrFull, sqlite3.ErrReadonly, sqlite3.ErrIoErr, sqlite3.ErrCorrupt, sqlite3.ErrNotADB, sqlite3.ErrCantOpen,
	sqlite3.ErrNomem, sqlite3.ErrInterrupt, sqlite3.ErrProtocol, sqlite3.ErrPerm,
}

// broken are what the pool says of a connection or transaction that is gone.
var broken = []error{sql.ErrConnDone, sql.ErrTxDone, driver.ErrBadConn}

// Translate turns an error of the database into an error of package errs. Its text for people says nothing of the database; the cause keeps the detail.
func Translate(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errs.As(err); ok {
		return err
	}
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return errs.Because(errs.NotFound, errs.CodeNotFound, err)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return errs.Because(errs.Unavailable, "cancelled", err)
	}
	if slices.ContainsFunc(broken, func(gone error) bool { return errors.Is(err, gone) }) {
		return errs.Because(errs.Unavailable, errs.CodeDatabase, err)
	}
	if told := translatePostgres(err); told != nil {
		return told
	}
	var engine sqlite3.Error
	if !errors.As(err, &engine) {
		return err
	}
	if slices.Contains(passing, engine.Code) {
		return errs.Because(errs.Unavailable, errs.CodeDatabase, err)
	}
	switch engine.ExtendedCode {
	case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey:
		return errs.Because(errs.Conflict, errs.CodeExists, err)
	case sqlite3.ErrConstraintForeignKey:
		return errs.Because(errs.Conflict, errs.CodeInUse, err)
	}
	return err
}
