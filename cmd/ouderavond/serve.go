package main

import (
	"context"
	"fmt"
	"runtime/debug"
)

// serveCommand runs the server.
type serveCommand struct{}

// Run runs the server until it is told to stop.
func (serveCommand) Run(ctx context.Context, s *settings, term terminal) error {
	a, err := newApp(ctx, s, term.err, nil)
	if err != nil {
		return err
	}
	defer a.close()
	err = a.serve(ctx, func(address string) {
		a.logger.Info("listening", "address", address, "url", a.settings.publicURL(), "data", short(a.folder.path), "version", version())
	})
	a.logger.Info("stopped", "error", err)
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
