package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/machine"
	"github.com/ouderavond/ouderavond/models/store"
)

// databaseCommand is about the database itself, and about no school.
type databaseCommand struct {
	Distribute distributeCommand `cmd:"" help:"Spread a PostgreSQL database with Citus over its nodes, school by school. Again after each upgrade."`
}

// distributeCommand spreads the database over the nodes of Citus.
type distributeCommand struct{}

// Run brings the schema up to date and distributes what is not distributed yet, and tells what it does.
func (distributeCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	if err := s.Check(); err != nil {
		return err
	}
	if !s.OnPostgreSQL() {
		return errors.New("the rows are in a file: only a PostgreSQL database (--database) can be distributed")
	}
	return store.Distribute(ctx, store.Config{URL: s.Database, Clock: machine.Clock{}}, func(format string, values ...any) {
		fmt.Fprintf(term.Out, format+"\n", values...)
	})
}
