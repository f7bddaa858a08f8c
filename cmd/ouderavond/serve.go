package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"

	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/backup"
)

// serveCommand runs the server.
type serveCommand struct {
	Check bool `help:"Only look whether the server could start with these settings."`
}

// Run runs the server until it is told to stop, or until another program takes its place (SIGUSR2).
func (c serveCommand) Run(ctx context.Context, s *settings, term terminal) error {
	if c.Check {
		return checkStart(ctx, s, term)
	}
	a, err := newWaitingApp(ctx, s, term)
	if err != nil {
		return err
	}
	a.upgradable = true
	err = a.serve(ctx, func(address string) {
		a.logger.Info("listening", "address", address, "url", a.settings.publicURL(), "data", short(a.folder.path), "version", version())
	})
	a.close()
	if errors.Is(err, errUpgrade) {
		a.logger.Info("giving way to the new program")
		err = becomeSuccessor(a.sockets, a.keeper.variable())
	}
	a.logger.Info("stopped", "error", err)
	return err
}

// checkStart looks at what can be seen without the data folder's lock: settings, certificate, master key, carriers, the folder for copies, and whether the
// program knows the schema of the database. Before an upgrade the running program asks it, so whatever passes here and stops a start all the same is an outage.
func checkStart(ctx context.Context, s *settings, term terminal) error {
	if err := s.check(); err != nil {
		return err
	}
	a := &app{settings: s, folder: folder{s.Data}, logger: newLogger(s, term.err), clock: machineClock{}, metrics: newMetrics()}
	if err := a.fits(ctx); err != nil {
		return err
	}
	if _, err := a.smtp(nil); err != nil {
		return err
	}
	if _, err := a.twilio(nil); err != nil {
		return err
	}
	if _, err := a.newBackupJob(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(term.out, "ouderavond", version(), "can start with these settings")
	return err
}

// fits looks whether the program would refuse its database, which may be in use.
func (a *app) fits(ctx context.Context) error {
	if a.settings.onPostgreSQL() {
		master, err := a.master()
		if err != nil {
			return err
		}
		err = store.Fits(ctx, a.settings.Database, master)
		if errs.KindOf(err) == errs.Unavailable {
			a.logger.Warn("the database was not looked at, as it cannot be asked", "error", err)
			return nil
		}
		return err
	}
	return a.fitsFile(ctx)
}

// fitsFile is fits for the SQLite database of the data folder.
func (a *app) fitsFile(ctx context.Context) error {
	raw, err := a.folder.masterBytes(a.settings.MasterKey)
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
	if err := backup.Fits(ctx, a.folder.database(), master); err != nil {
		return fmt.Errorf("the database cannot be used: %w", err)
	}
	return nil
}

// versionCommand tells the version.
type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(term terminal) error {
	_, err := fmt.Fprintln(term.out, "ouderavond", version())
	return err
}

// version is the version the binary was built from: the module's, or the revision of the source.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) >= 12 {
			return setting.Value[:12]
		}
	}
	return info.Main.Version
}
