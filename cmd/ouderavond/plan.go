package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/booking/plan"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/cmd/internal/machine"
)

// planCommand groups the commands that plan a whole conference.
type planCommand struct {
	Make   planMakeCommand `cmd:"" default:"withargs" help:"Plan a conference from a file in the interchange format; needs no server and no data folder."`
	Export planExport      `cmd:"" help:"Write what a real conference asks for in the interchange format."`
}

// planMakeCommand plans an instance file.
type planMakeCommand struct {
	Instance      string   `arg:"" help:"The file that says who wants to speak to whom, and when everybody can."`
	Out           string   `short:"o" required:"" help:"Where the plan is written, as JSON; - for the terminal." placeholder:"PLAN.json"`
	Seconds       float64  `default:"30" help:"How long to plan at most. Ends sooner when the plan is proven best."`
	BoundSeconds  *float64 `help:"How much longer to work on the proof of how good the plan is, while the plan is polished; as long as --seconds if left out." placeholder:"SECONDS"`
	Seed          uint64   `help:"Another number, another search."`
	Steps         int      `help:"End the search after so many steps: with the same seed and steps the plan is the same on every machine."`
	BoundSteps    int      `help:"End the proof after so many steps."`
	IgnoreUnknown bool     `help:"Pass over keys in the file that the format does not know."`
	Picture       string   `help:"Draw the plan as well." placeholder:"FILE.svg"`
	Family        string   `help:"Whose way the picture shows." placeholder:"PARTY"`
}

// Run plans. Interrupted, it ends with the best plan so far.
func (c planMakeCommand) Run(ctx context.Context, term console.Terminal) error {
	instance, err := c.read()
	if err != nil {
		return err
	}
	outputs, err := c.open(term)
	if err != nil {
		return err
	}
	defer outputs.discard()
	if err := explainShortages(term.Err, instance); err != nil {
		return err
	}
	limit := seconds(c.Seconds) + seconds(c.boundSeconds())
	if c.Steps == 0 {
		fmt.Fprintf(term.Err, "Takes %s at most: %s to plan, %s for the proof.\n", limit, seconds(c.Seconds), seconds(c.boundSeconds()))
	}
	limited, stop := context.WithTimeout(ctx, limit)
	defer stop()
	show := newPlanProgress(term.Err, instance)
	made, bound, err := plan.Solve(instance, plan.Options{
		Seed: c.Seed, Steps: c.Steps, BoundSteps: c.BoundSteps, Progress: show.tell, Stop: func() bool { return limited.Err() != nil }, Spent: c.spent(limit),
	})
	if err != nil {
		return fmt.Errorf("%s: %w", datafolder.Short(c.Instance), err)
	}
	show.end()
	figures, err := plan.Measure(instance, made, plan.Interchange())
	if err != nil {
		return err
	}
	if err := outputs.finish(instance, made, c.Family); err != nil {
		return err
	}
	if ctx.Err() != nil {
		fmt.Fprintln(term.Err, "Stopped. The best plan so far has been written.")
	}
	printFigures(term.Err, instance, figures, bound)
	return nil
}

// spent tells which share of the time has passed, so that the search can calm down towards the end. With a number of steps the clock must not matter.
func (c planMakeCommand) spent(limit time.Duration) func() float64 {
	if c.Steps > 0 || limit <= 0 {
		return nil
	}
	begin := machine.Clock{}.Now()
	return func() float64 { return machine.Clock{}.Now().Sub(begin).Seconds() / limit.Seconds() }
}

// boundSeconds is how long to work on the proof.
func (c planMakeCommand) boundSeconds() float64 {
	if c.BoundSeconds != nil {
		return *c.BoundSeconds
	}
	return c.Seconds
}

func seconds(n float64) time.Duration {
	return time.Duration(max(0, min(n, 1e6)) * float64(time.Second))
}

// read reads the instance and refuses what makes no sense, naming the place.
func (c planMakeCommand) read() (plan.Instance, error) {
	file, err := os.Open(c.Instance)
	if err != nil {
		return plan.Instance{}, planFileFault(c.Instance, err)
	}
	defer func() { _ = file.Close() }()
	instance, unknown, err := plan.ReadInstanceStrictly(file)
	if err != nil {
		return plan.Instance{}, planFileFault(c.Instance, err)
	}
	if len(unknown) > 0 && !c.IgnoreUnknown {
		return plan.Instance{}, fmt.Errorf("%s: the format does not know %s (--ignore-unknown passes over what it does not know)",
			datafolder.Short(c.Instance), strings.Join(unknown, ", "))
	}
	if c.Family != "" && !slices.ContainsFunc(instance.Parties, func(p plan.Party) bool { return p.ID == c.Family }) {
		return plan.Instance{}, fmt.Errorf("%s: there is no party %q", datafolder.Short(c.Instance), c.Family)
	}
	if c.Family != "" && c.Picture == "" {
		return plan.Instance{}, errors.New("--family needs --picture")
	}
	return instance, nil
}

// planFileFault says what is wrong with a file without repeating its whole path.
func planFileFault(path string, err error) error {
	var fault *os.PathError
	if errors.As(err, &fault) {
		err = fault.Err
	}
	return fmt.Errorf("%s: %w", datafolder.Short(path), err)
}

// planOutputs are the files that are written. They appear under their names only when they are whole, and are made before the planning begins, so that
// nobody waits a minute to be told that a folder does not exist.
type planOutputs struct {
	plan, picture planOutput
}

// planOutput is one file under way; without a path it goes to the terminal, or nowhere.
type planOutput struct {
	path string
	file *os.File
	to   io.Writer
}

func (c planMakeCommand) open(term console.Terminal) (o planOutputs, err error) {
	if c.Out == "-" {
		o.plan.to = term.Out
	} else if o.plan, err = newPlanOutput(c.Out); err != nil {
		return o, err
	}
	if c.Picture != "" {
		if o.picture, err = newPlanOutput(c.Picture); err != nil {
			o.discard()
			return o, err
		}
	}
	return o, nil
}

func newPlanOutput(path string) (planOutput, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return planOutput{}, fmt.Errorf("%s is a folder", datafolder.Short(path))
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".plan-*")
	if err != nil {
		return planOutput{}, planFileFault(path, err)
	}
	return planOutput{path: path, file: file, to: file}, nil
}

// finish writes everything.
func (o *planOutputs) finish(instance plan.Instance, made plan.Plan, family string) error {
	if err := made.Write(o.plan.to); err != nil {
		return err
	}
	if o.picture.to != nil {
		if err := plan.Picture(o.picture.to, instance, made, plan.PictureOptions{Party: family}); err != nil {
			return err
		}
	}
	return errors.Join(o.plan.keep(), o.picture.keep())
}

// keep gives a finished file its name.
func (o *planOutput) keep() error {
	if o.file == nil {
		return nil
	}
	err := o.file.Close()
	if err == nil {
		err = os.Rename(o.file.Name(), o.path)
	}
	if err != nil {
		return planFileFault(o.path, err)
	}
	o.file = nil
	return nil
}

// discard removes what was not finished.
func (o *planOutputs) discard() {
	for _, one := range []*planOutput{&o.plan, &o.picture} {
		if one.file != nil {
			_ = one.file.Close()
			_ = os.Remove(one.file.Name())
		}
	}
}

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
