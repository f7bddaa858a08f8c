package store

import (
	"context"
	"errors"

	"github.com/mattn/go-sqlite3"
	"gorm.io/gorm"

	"github.com/ouderavond/ouderavond/models/errs"
)

// translate turns an error of the database into an error of package errs. Its text for people says nothing of the database; the cause keeps the detail.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errs.As(err); ok {
		return err
	}
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return errs.Because(errs.NotFound, "not-found", err)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return errs.Because(errs.Unavailable, "cancelled", err)
	}
	var engine sqlite3.Error
	if !errors.As(err, &engine) {
		return err
	}
	if engine.Code != sqlite3.ErrConstraint {
		// Busy, full, read-only, I/O, corrupt: whatever it is, nothing was acknowledged and a repeat may succeed.
		return errs.Because(errs.Unavailable, "database", err)
	}
	switch engine.ExtendedCode {
	case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey:
		return errs.Because(errs.Conflict, "exists", err)
	case sqlite3.ErrConstraintForeignKey:
		return errs.Because(errs.Conflict, "in-use", err)
	}
	return err
}
