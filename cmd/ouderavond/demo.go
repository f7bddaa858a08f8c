package main

import (
	"context"

	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/demo"
	"github.com/ouderavond/ouderavond/cmd/internal/server"
)

// demoCommand runs the product with two invented schools.
type demoCommand struct {
	Folder string `help:"Folder of the demonstration; begun anew at each start. Default: a folder for temporary files." placeholder:"DIR"`
	Keep   bool   `help:"Go on with what the last demonstration left."`
}

// Run starts the demonstration: on this machine only, and without any message leaving it.
func (c demoCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	demoConfig := demo.Settings(s, c.Folder)
	if err := demoConfig.Check(); err != nil {
		return err
	}
	fresh, err := demo.Prepare(demoConfig.Data, c.Keep)
	if err != nil {
		return err
	}
	notes := &demo.Notes{}
	a, err := server.NewApp(ctx, demoConfig, term.Err, notes.Pages)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := notes.Fill(ctx, a, fresh); err != nil {
		return err
	}
	return a.Serve(ctx, func(string) { notes.Print(term.Out, demoConfig) })
}
