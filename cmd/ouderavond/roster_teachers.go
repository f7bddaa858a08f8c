package main

import (
	"context"
	"fmt"
	"io"

	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
)

// rosterTeachersCommand reads a table of groups and teachers.
type rosterTeachersCommand struct {
	School       string `required:"" help:"The school's slug." placeholder:"SLUG"`
	File         string `arg:"" help:"The table: group, teacher, and if wanted role, subject and e-mail address."`
	Yes          bool   `help:"Do it without asking."`
	AllowRemoval bool   `help:"Let the table leave less than four fifths of who teaches whom."`
}

// teachersAnswer is what the API says of a table of groups and teachers.
type teachersAnswer struct {
	Report    roster.Report                         `json:"report"`
	Digest    string                                `json:"digest"`
	Teachers  struct{ Added, Changed, Removed int } `json:"teachers"`
	Teachings struct{ Added, Changed, Removed int } `json:"teachings"`
	Unknown   []string                              `json:"unknown_groups"`
	Kept      []string                              `json:"kept"`
	Unserved  int                                   `json:"pupils_without_teachers"`
	Nothing   bool                                  `json:"nothing"`
}

// Run shows what the table would do, asks, and does exactly that.
func (c rosterTeachersCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	connection, err := connect(ctx, s, term.Err)
	if err != nil {
		return err
	}
	defer connection.Close()
	path := "/api/v1/schools/" + c.School + "/roster/teachers"
	var preview teachersAnswer
	if err := connection.Upload(ctx, path+"/preview", []string{c.File}, nil, &preview); err != nil {
		return err
	}
	preview.print(term.Out)
	if preview.Nothing {
		fmt.Fprintln(term.Out, "Nothing changes.")
		return nil
	}
	if !c.Yes && !console.Agreed(term, "Do this?") {
		fmt.Fprintln(term.Out, "Nothing was changed.")
		return console.ErrFailed
	}
	fields := map[string]string{"digest": preview.Digest}
	if c.AllowRemoval {
		fields["allow_removal"] = "true"
	}
	var done teachersAnswer
	if err := connection.Upload(ctx, path, []string{c.File}, fields, &done); err != nil {
		return err
	}
	fmt.Fprintln(term.Out, "Done.")
	return nil
}

func (a *teachersAnswer) print(out io.Writer) {
	printFindings(out, "warning", a.Report.Warnings, a.Report.WarningCount)
	fmt.Fprintf(out, "teachers: %d new, %d changed\nwho teaches whom: %d new, %d gone\n", a.Teachers.Added, a.Teachers.Changed, a.Teachings.Added, a.Teachings.Removed)
	for _, group := range a.Unknown {
		fmt.Fprintf(out, "no such group: %s\n", group)
	}
	if a.Unserved > 0 {
		fmt.Fprintf(out, "PUPILS WHO WOULD HAVE NO TEACHER ANY MORE: %d\n", a.Unserved)
	}
	for _, kept := range a.Kept {
		fmt.Fprintf(out, "kept as set by hand: %s\n", kept)
	}
}
