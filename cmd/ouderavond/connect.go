package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/cmd/internal/server"
)

// connect gives a client. If no server runs on the data folder, the folder is locked and opened until close is called.
func connect(ctx context.Context, s *config.Settings, logs io.Writer) (*client.Client, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	if present, ok := client.Running(datafolder.Folder{Path: s.Data}); ok {
		return present, nil
	}
	if err := hasInstallation(s); err != nil {
		return nil, err
	}
	quiet := *s
	quiet.LogLevel = "warn"
	a, err := server.NewApp(ctx, &quiet, logs, nil)
	if errors.Is(err, datafolder.ErrInUse) {
		return nil, fmt.Errorf("%w, which does not answer on its socket", err)
	}
	if err != nil {
		return nil, err
	}
	listener, err := a.ListenLocal()
	if err != nil {
		a.Close()
		return nil, err
	}
	server := server.NewServer(a.API.LocalHandler(), a.Logger)
	go func() { _ = server.Serve(listener) }()
	return &client.Client{HTTP: client.OverSocket(a.Folder.Socket()), Close: func() {
		// A command that ends at once may be here before Serve has begun, which then would leave the socket behind for the next one to find.
		_ = listener.Close()
		_ = server.Close()
		a.Close()
	}}, nil
}

// hasInstallation refuses to work where there is no installation: a command that made one would have a master key and schools of its own, which nobody serves.
func hasInstallation(s *config.Settings) error {
	if s.OnPostgreSQL() {
		return nil // the installation is in the database, and its key is given
	}
	there, err := datafolder.Folder{Path: s.Data}.HasInstallation()
	if err != nil {
		return fmt.Errorf("data folder %s: %w", datafolder.Short(s.Data), err)
	}
	if there {
		return nil
	}
	return fmt.Errorf("there is no installation in %s: say with --data where it is, or make one with \"ouderavond init\" or \"ouderavond serve\"", absolute(s.Data))
}

// absolute is a path as it is shown where it matters from where a command was called.
func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	return datafolder.Short(path)
}

// usualData returns the data folder for a command that was not told one: the default, if there is an installation, or else the one of the systemd unit.
func usualData(s *config.Settings, usual string) string {
	if s.Data != config.DefaultData || s.OnPostgreSQL() {
		return s.Data
	}
	if here, _ := (datafolder.Folder{Path: s.Data}).HasInstallation(); here {
		return s.Data
	}
	if there, err := (datafolder.Folder{Path: usual}).HasInstallation(); there || errors.Is(err, fs.ErrPermission) {
		return usual
	}
	return s.Data
}

// initCommand makes an installation without serving it.
type initCommand struct{}

// Run makes the data folder, the master key and the database, and tells where they are.
func (initCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	if err := s.Check(); err != nil {
		return err
	}
	if there, _ := (datafolder.Folder{Path: s.Data}).HasInstallation(); there {
		fmt.Fprintf(term.Out, "There is an installation in %s already.\n", absolute(s.Data))
		return nil
	}
	quiet := *s
	quiet.LogLevel = "warn"
	a, err := server.NewApp(ctx, &quiet, term.Err, nil)
	if err != nil {
		return err
	}
	a.Close()
	fmt.Fprintf(term.Out, "Made an installation in %s. Keep a copy of its master key elsewhere: without it the data cannot be read.\n", absolute(s.Data))
	return nil
}
