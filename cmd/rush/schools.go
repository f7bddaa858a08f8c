package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/ouderavond/ouderavond/booking/sample"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/rush"
)

// schoolPlan is which schools are made.
type schoolPlan struct {
	Schools  int    `help:"How many schools are made." default:"1"`
	Families int    `help:"How many families each has." default:"800"`
	Kind     string `help:"primary or secondary." default:"secondary" enum:"primary,secondary"`
	Evenings int    `help:"On how many evenings the teachers are there: two are enough for three talks a family, one is not." default:"2"`
	Popular  int    `help:"How many teachers everybody may talk to beside their own; three if families want the same teachers." placeholder:"N"`
	Contacts int    `help:"How many guardians of a family are on file; each gets a confirmation." default:"1"`
}

func (p schoolPlan) plan(seed uint64) rush.Scale {
	return rush.Scale{
		Schools: p.Schools, Families: p.Families, Level: sample.Level(p.Kind), Seed: seed, Evenings: p.Evenings, Popular: p.Popular, Contacts: p.Contacts,
	}
}

// prepareCommand makes schools and a file of their families.
type prepareCommand struct {
	target     `embed:""`
	schoolPlan `embed:""`
	URL        []string `arg:"" optional:"" help:"The server; the one on this machine if left out."`
	Out        string   `required:"" help:"Where the families are written." placeholder:"FILE"`
	Seed       uint64   `help:"Another number makes other people." default:"1"`
}

// Run makes the schools.
func (c prepareCommand) Run(ctx context.Context, s *settings, term console.Terminal) error {
	targets, err := c.targets(c.URL, s)
	if err != nil {
		return err
	}
	office, err := c.office(s, targets)
	if err != nil {
		return err
	}
	families, err := rush.Prepare(ctx, office, c.plan(c.Seed), sayer(term.Err))
	if len(families.Schools) == 0 {
		return err
	}
	return errors.Join(err, writeFile(c.Out, families.Write))
}

func sayer(out io.Writer) func(string, ...any) {
	return func(format string, values ...any) { fmt.Fprintf(out, format, values...) }
}

// writeFile writes a file for its owner only.
func writeFile(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}

func readFamilies(path string) (*rush.Families, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return rush.ReadFamilies(file)
}

// auditCommand audits a journal.
type auditCommand struct {
	target  `embed:""`
	Journal string   `arg:"" help:"What --kill-proof wrote."`
	URL     []string `arg:"" optional:"" help:"The server; the one on this machine if left out."`
	JSON    bool     `name:"json" help:"Print the audit as JSON."`
}

// Run audits; the exit code is 0 if there is no fault.
func (c auditCommand) Run(ctx context.Context, s *settings, term console.Terminal) error {
	targets, err := c.targets(c.URL, s)
	if err != nil {
		return err
	}
	office, err := c.office(s, targets)
	if err != nil {
		return err
	}
	file, err := os.Open(filepath.Clean(c.Journal))
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	found, err := rush.AuditJournal(ctx, file, office)
	if err != nil {
		return err
	}
	if c.JSON {
		err = console.PrintJSON(term, found)
	} else {
		found.Print(term.Out)
	}
	if err == nil && !found.Passed() {
		return console.ErrFailed
	}
	return err
}

// wipeCommand erases prepared schools.
type wipeCommand struct {
	target `embed:""`
	From   string   `arg:"" help:"The file of families."`
	URL    []string `arg:"" optional:"" help:"The server; the one on this machine if left out."`
}

// Run erases the schools.
func (c wipeCommand) Run(ctx context.Context, s *settings, _ console.Terminal) error {
	targets, err := c.targets(c.URL, s)
	if err != nil {
		return err
	}
	office, err := c.office(s, targets)
	if err != nil {
		return err
	}
	families, err := readFamilies(c.From)
	if err != nil {
		return err
	}
	return rush.Wipe(ctx, office, families)
}
