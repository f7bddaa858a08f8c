package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/flood"
)

// timingCommand times failures of the log-in.
type timingCommand struct {
	target `embed:""`
	URL    string  `arg:"" optional:"" help:"The server, on this machine; the one on this machine if left out."`
	Tries  int     `help:"How many failures of each kind are timed." default:"10000"`
	Most   float64 `help:"The greatest area under the curve that passes; 0.53, and more where tries are few, if left out." placeholder:"AREA"`
	Seed   uint64  `help:"Another number makes other people; any if left out." placeholder:"N"`
	JSON   bool    `name:"json" help:"Print what was measured as JSON."`
}

// timedFamilies is how many families the school has: enough that guesses at half of them spend its total.
const timedFamilies = 120

// Run makes a school, times failures of each kind, and wipes the school. The exit code is 0 if no kind can be told from another by its time.
func (c timingCommand) Run(ctx context.Context, s *settings, term console.Terminal) (err error) {
	targets, err := c.target.targets(given(c.URL), s)
	if err != nil {
		return err
	}
	made, err := c.made(ctx, s, term, targets, timedFamilies, c.Seed)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, made.wipe()) }()
	options := flood.TimingOptions{Target: targets[0], School: made.Slug, Tries: c.Tries, Progress: term.Err}
	for _, family := range made.Families {
		options.Children = append(options.Children, flood.Child(family.Children[0]))
	}
	timed, err := flood.Time(ctx, options)
	if err != nil {
		return err
	}
	most := c.Most
	if most == 0 {
		most = flood.Most(c.Tries)
	}
	if c.JSON {
		err = console.PrintJSON(term, timed)
	} else {
		for _, one := range timed.Kinds {
			fmt.Fprintf(term.Out, "%-32s %-34s %-18s %.3f\n", one.Situation, one.Kind, one.Against, one.Area)
		}
		fmt.Fprintf(term.Out, "the right dates of five children are answered at places %v of %d\n", timed.Ranks, timed.Dates)
	}
	switch worst := timed.Worst(); {
	case err != nil:
		return err
	case worst > most:
		fmt.Fprintf(term.Err, "somebody who looks at the clock is right in %.1f of 100 cases; at most %.1f\n", 100*worst, 100*most)
		return console.ErrFailed
	case timed.Found() > 2:
		fmt.Fprintln(term.Err, "a scan of all dates finds the right ones")
		return console.ErrFailed
	}
	return nil
}
