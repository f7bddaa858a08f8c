package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
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
	quiet := *s
	quiet.LogLevel = "warn"
	a, err := server.NewApp(ctx, &quiet, logs, nil)
	if errors.Is(err, datafolder.ErrInUse) {
		return nil, fmt.Errorf("%w by a program that does not answer on its socket", err)
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
