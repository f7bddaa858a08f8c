package main

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/cmd/internal/flood"
	"github.com/ouderavond/ouderavond/models/store/backup"
)

// floodCommand floods the log-in form while families come by their personal links.
type floodCommand struct {
	target   `embed:""`
	URL      string        `arg:"" optional:"" help:"The server; the one on this machine if left out."`
	For      time.Duration `help:"How long the flood lasts." default:"10m"`
	Alone    time.Duration `help:"How long families come by their links without it, half before and half after." default:"2m"`
	Rate     int           `help:"How many wrong tries come each second." default:"2000"`
	LogIns   int           `help:"How many families come by their link each second." default:"20"`
	Families int           `help:"How many families the school has that is made for it." default:"200"`
	Seed     uint64        `help:"Another number makes other people; any if left out." placeholder:"N"`
	JSON     bool          `name:"json" help:"Print the report as JSON."`
}

// Run makes a school, floods its form, and wipes the school. The exit code is 0 if every family got in by its link.
func (c floodCommand) Run(ctx context.Context, s *settings, term console.Terminal) (err error) {
	targets, err := c.target.targets(given(c.URL), s)
	if err != nil {
		return err
	}
	options := flood.Options{Target: targets[0], Rate: c.Rate, LogIns: c.LogIns, For: c.For, Alone: c.Alone, Progress: term.Err}
	if err := options.Check(); err != nil {
		return err
	}
	made, err := c.made(ctx, s, term, targets, c.Families, c.Seed)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, made.wipe()) }()
	options.School, options.Names = made.Slug, made.names()
	links, err := made.office.Links(ctx, made.School)
	if err != nil {
		return err
	}
	for _, link := range links {
		options.Links = append(options.Links, flood.Link{Token: link.Token, BirthDate: link.BirthDate})
	}
	database := datafolder.Folder{Path: s.Data}.Database()
	if _, err := os.Stat(database); err == nil {
		options.Rows = func(ctx context.Context) (map[string]int64, error) { return backup.Rows(ctx, database) }
	}
	report, err := flood.Run(ctx, options)
	if err != nil {
		return err
	}
	if c.JSON {
		err = console.PrintJSON(term, report)
	} else {
		report.Print(term.Out)
	}
	if err == nil && report.TurnedAwayByLink > 0 {
		return console.ErrFailed
	}
	return err
}
