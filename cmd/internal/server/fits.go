package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/backup"
)

// Fits looks whether the program would refuse its database, which may be in use.
func (a *App) Fits(ctx context.Context) error {
	if a.Settings.OnPostgreSQL() {
		master, err := a.master()
		if err != nil {
			return err
		}
		err = store.Fits(ctx, a.Settings.Database, master)
		if errs.KindOf(err) == errs.Unavailable {
			a.Logger.Warn("the database was not looked at, as it cannot be asked", "error", err)
			return nil
		}
		return err
	}
	return a.fitsFile(ctx)
}

// fitsFile is fits for the SQLite database of the data folder.
func (a *App) fitsFile(ctx context.Context) error {
	raw, err := a.Folder.MasterBytes(a.Settings.MasterKey)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // a start makes one, or says why not
	}
	if err != nil {
		return err
	}
	master, err := seal.NewMaster(raw)
	if err != nil {
		return err
	}
	if err := backup.Fits(ctx, a.Folder.Database(), master); err != nil {
		return fmt.Errorf("the database cannot be used: %w", err)
	}
	return nil
}
