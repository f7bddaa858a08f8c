package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
)

// serveCommand runs the server.
type serveCommand struct {
	Check bool `help:"Only look whether the server could start with these settings."`
}

// Run runs the server until it is told to stop, or until another program takes its place (SIGUSR2).
func (c serveCommand) Run(ctx context.Context, s *settings, term terminal) error {
	if c.Check {
		return checkStart(s, term)
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

// checkStart looks at what can be seen without the data folder's lock and the database: settings, certificate, master key, carriers, the folder for copies.
// Before an upgrade the running program asks it, so whatever passes here and stops a start all the same is an outage.
func checkStart(s *settings, term terminal) error {
	if err := s.check(); err != nil {
		return err
	}
	a := &app{settings: s, folder: folder{s.Data}, logger: newLogger(s, term.err), clock: machineClock{}, metrics: newMetrics()}
	if s.onPostgreSQL() {
		if _, err := a.master(); err != nil {
			return err
		}
	} else if _, err := a.folder.masterBytes(s.MasterKey); err != nil && !errors.Is(err, fs.ErrNotExist) {
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
