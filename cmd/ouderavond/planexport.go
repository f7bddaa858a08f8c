package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
)

// planExport writes the planning question of a real conference: `ouderavond plan export --school SLUG --conference ID -o FILE`.
type planExport struct {
	ofSchool   `embed:""`
	Conference string `required:"" help:"The conference's id, key or title." placeholder:"CONFERENCE"`
	Output     string `short:"o" help:"Where to write it; to the terminal if left out." placeholder:"FILE" type:"path"`
}

// Run asks the API for the instance and writes it, as it came.
func (c planExport) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	connection, err := connect(ctx, s, term.Err)
	if err != nil {
		return err
	}
	defer connection.Close()
	if c.Conference, err = c.find(ctx, connection, c.Conference); err != nil {
		return err
	}
	var instance json.RawMessage
	if err := connection.Call(ctx, http.MethodGet, c.path("/", c.Conference, "/plan-instance"), nil, &instance); err != nil {
		return err
	}
	if c.Output == "" {
		_, err = fmt.Fprintln(term.Out, string(instance))
		return err
	}
	// Ids only, but they are a school's: nobody else on the machine needs to read them.
	if err := os.WriteFile(c.Output, append(instance, '\n'), 0o600); err != nil {
		return err
	}
	var counted struct {
		Days              int
		Teachers, Parties []json.RawMessage
		Pinned            []json.RawMessage
	}
	if err := json.Unmarshal(instance, &counted); err != nil {
		return err
	}
	_, err = fmt.Fprintf(term.Err, "%s: %d teachers, %d parties, %d days, %d appointments pinned\n", c.Output, len(counted.Teachers), len(counted.Parties), counted.Days, len(counted.Pinned))
	return err
}
