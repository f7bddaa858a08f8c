package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/machine"
	"github.com/ouderavond/ouderavond/models/civil"
)

// maxRosterFile is the most that is read of a file: a little over what the readers take, so that they can say that it is too large.
const maxRosterFile = 21 << 20

// rosterCommand groups the commands about a school's files.
type rosterCommand struct {
	Check    rosterCheckCommand    `cmd:"" help:"Read files without a database and tell what is in them."`
	Fields   rosterFieldsCommand   `cmd:"" help:"List what a column of a list can be (--map), and what the school may keep of it."`
	Import   rosterImportCommand   `cmd:"" help:"Show what files would change, ask, and do it."`
	Mappings rosterMappingsCommand `cmd:"" help:"List what is remembered of the columns of lists (--map of earlier imports), or forget it."`
	Talks    rosterTalksCommand    `cmd:"" help:"List the coming talks with teachers who have left or were replaced, and decide them."`
	Teachers rosterTeachersCommand `cmd:"" help:"Read a table of groups and teachers, where the roster has none."`
}

// rosterCheckCommand reads files without a database.
type rosterCheckCommand struct {
	Files        []string          `arg:"" name:"file" help:"The export file; further files add to it (postcodes, contacts, teachers)."`
	JSON         bool              `name:"json" help:"Print the report as JSON."`
	Map          map[string]string `help:"Bind a column by its header: --map 'Nr=pupil_number'." placeholder:"HEADER=FIELD"`
	Encoding     string            `help:"How the letters are written, where the file does not say it and the names shown look wrong: windows-1254, iso-8859-2, macintosh, cp850." placeholder:"NAME"`
	Sheet        string            `help:"The sheet of a spreadsheet that is read, where the one that looks most like the list is not it." placeholder:"NAME"`
	Zone         string            `help:"The school's time zone: which day an instant of the file is." default:"Europe/Amsterdam"`
	CitizenLast4 bool              `name:"citizen-last4" help:"Read the last four digits of the citizen number, as a school with a legal ground does."`
}

// Run prints the report; the exit code is 0 if the files are readable and 1 if not.
func (c rosterCheckCommand) Run(term console.Terminal) error {
	files, err := readFiles(c.Files)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return fmt.Errorf("%q is no time zone that this program knows, such as Europe/Amsterdam", c.Zone)
	}
	_, report := roster.Read(files, roster.Options{
		ReferenceDate: civil.Of(machine.Clock{}.Now().In(zone)), Zone: zone, Mapping: c.Map, Encoding: c.Encoding, Sheet: c.Sheet, CitizenLast4: c.CitizenLast4,
	})
	if c.JSON {
		encoder := json.NewEncoder(term.Out)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		err = encoder.Encode(report)
	} else {
		printReport(term.Out, report)
	}
	if err == nil && !report.Readable() {
		return console.ErrFailed
	}
	return err
}

func readFiles(paths []string) ([]roster.File, error) {
	files := make([]roster.File, 0, len(paths))
	for _, path := range paths {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(io.LimitReader(file, maxRosterFile))
		_ = file.Close()
		if err != nil {
			return nil, err
		}
		files = append(files, roster.File{Name: filepath.Base(path), Data: content})
	}
	return files, nil
}

func printReport(out io.Writer, report *roster.Report) {
	line := func(name string, value any) { fmt.Fprintf(out, "%-22s %v\n", name, value) }
	for _, file := range report.Files {
		printUnread(out, file)
	}
	for _, file := range report.Files {
		printSheets(out, file)
		printColumns(out, file)
	}
	line("format", strings.TrimSpace(cmp.Or(report.Format, "unknown")+" "+report.FormatVersion))
	if report.Encoding != "" {
		line("encoding", report.Encoding)
	}
	if len(report.Letters) > 0 {
		line("letters look right?", strings.Join(report.Letters, ", "))
	}
	line("pupils", report.Pupils)
	line("  of whom leavers", report.Leavers)
	line("groups", report.Groups)
	line("teachers", report.Teachers)
	line("households, certain", report.Households.Certain)
	line("households, proposed", report.Households.Proposed)
	if report.MissingPostcode > 0 {
		line("without postcode", report.MissingPostcode)
	}
	if report.MissingBirthDate > 0 {
		line("without birth date", report.MissingBirthDate)
	}
	if len(report.Dropped) > 0 {
		line("not read, on purpose", strings.Join(report.Dropped, ", "))
	}
	printFindings(out, "warning", report.Warnings, report.WarningCount)
	printFindings(out, "error", report.Errors, report.ErrorCount)
}

func printFindings(out io.Writer, kind string, findings []roster.Finding, all int) {
	for _, finding := range findings {
		place := finding.File
		if finding.Sheet != "" {
			place += " " + finding.Sheet
		}
		if finding.Line > 0 {
			place += fmt.Sprintf(":%d", finding.Line)
		}
		if finding.Field != "" {
			place += " " + finding.Field
		}
		fmt.Fprintf(out, "%s: %s: %s (%s)\n", kind, place, finding.Message, finding.Reason)
	}
	if all > len(findings) {
		fmt.Fprintf(out, "%s: and %d more\n", kind, all-len(findings))
	}
}

// rosterImportCommand imports files into a school.
type rosterImportCommand struct {
	School           string            `required:"" help:"The school's slug." placeholder:"SLUG"`
	Files            []string          `arg:"" name:"file" help:"The export file; further files add to it."`
	Yes              bool              `help:"Do it without asking."`
	Map              map[string]string `help:"Bind a column by its header." placeholder:"HEADER=FIELD"`
	Encoding         string            `help:"How the letters of CSV files are written, if the names shown look wrong: windows-1254, iso-8859-2, macintosh, cp850." placeholder:"NAME"`
	Sheet            string            `help:"The sheet of a spreadsheet that is read, where the one that looks most like the list is not it." placeholder:"NAME"`
	Source           string            `help:"What you call the program that the files come from. What is said by --map, --encoding and --sheet is remembered under it, for its next files; without it, under the row of column names." placeholder:"NAME"`
	AllowRemoval     bool              `help:"Let the import take away more than a fifth of the pupils or of who teaches whom, or empty a field of more than a twentieth of those who had it."`
	AllowRenumbering *bool             `negatable:"" help:"The pupils whom the files have under another number are the same ones, or with --no- are not."`
}

// importAnswer is what the API says of a preview or an import.
type importAnswer struct {
	Report  roster.Report `json:"report"`
	Digest  string        `json:"digest"`
	Applied bool          `json:"applied"`
	Change  struct {
		Added, Changed, Gone []struct {
			Key, Given string
			Fields     []string
		}
		Groups, Teachers, Teachings, Households, Contacts struct{ Added, Changed, Removed int }
		MergeSuggestions                                  int `json:"merge_suggestions"`
		Kept                                              keptValues
		Adopted                                           []struct{ Key, Given string }
		CancelledTalks                                    int `json:"cancelled_talks"`
		Erased                                            []struct {
			Field string
			Count int
		}
		Renumbered []struct {
			From, To, Given string
			Because         []string
		}
		Unsure  []struct{ Key, Given, Reason string }
		Untold  []string
		Nothing bool
	} `json:"change"`
	Consequences talkConsequences `json:"consequences"`
}

// keptValues are what somebody set by hand, and files do not overwrite.
type keptValues []struct{ Key, Name, Field, Detail string }

func (k keptValues) print(out io.Writer) {
	for _, kept := range k {
		fmt.Fprintf(out, "kept as set by hand: %s %s: %s\n", kept.Key, kept.Name, cmp.Or(kept.Detail, kept.Field))
	}
}

// talkConsequences counts what a change of the roster means for talks.
type talkConsequences struct{ Cancelled, Movable, Undecided, Following, Families int }

func (c talkConsequences) print(out io.Writer) {
	for _, talks := range []struct {
		what  string
		count int
	}{
		{"coming talks that this cancels", c.Cancelled}, {"coming talks that stand, and that families can move to other teachers", c.Movable},
		{"coming talks on which the school has to decide (ouderavond roster talks)", c.Undecided},
		{"coming talks that go along to another family", c.Following}, {"families that are told", c.Families},
	} {
		if talks.count > 0 {
			fmt.Fprintf(out, "  %s: %d\n", talks.what, talks.count)
		}
	}
}

// Run shows what would change, asks, and does exactly that.
func (c rosterImportCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	connection, err := connect(ctx, s, term.Err)
	if err != nil {
		return err
	}
	defer connection.Close()
	fields := map[string]string{}
	if len(c.Map) > 0 {
		mapping, err := json.Marshal(c.Map)
		if err != nil {
			return err
		}
		fields["mapping"] = string(mapping)
	}
	if c.Encoding != "" {
		fields["encoding"] = c.Encoding
	}
	if c.Sheet != "" {
		fields["sheet"] = c.Sheet
	}
	if c.Source != "" {
		fields["source"] = c.Source
	}
	if c.AllowRenumbering != nil {
		fields["allow_renumbering"] = strconv.FormatBool(*c.AllowRenumbering)
	}
	path := "/api/v1/schools/" + c.School + "/roster/"
	var preview importAnswer
	if err := connection.Upload(ctx, path+"preview", c.Files, fields, &preview); err != nil {
		return unreadable(err, term.Out)
	}
	printReport(term.Out, &preview.Report)
	preview.print(term.Out)
	if preview.Change.Nothing {
		fmt.Fprintln(term.Out, "Nothing changes.")
		return nil
	}
	if !c.Yes && !console.Agreed(term, "Do this?") {
		fmt.Fprintln(term.Out, "Nothing was changed.")
		return console.ErrFailed
	}
	if renumbered := len(preview.Change.Renumbered) + len(preview.Change.Unsure); renumbered > 0 && !c.Yes && c.AllowRenumbering == nil {
		if !console.Agreed(term, "Are the pupils under another number the same ones?") {
			fmt.Fprintln(term.Out, "Nothing was changed. If they are others, say so with --no-allow-renumbering.")
			return console.ErrFailed
		}
		fields["allow_renumbering"] = "true"
	}
	fields["digest"] = preview.Digest
	if c.AllowRemoval {
		fields["allow_removal"] = "true"
	}
	var done importAnswer
	if err := connection.Upload(ctx, path+"import", c.Files, fields, &done); err != nil {
		return err
	}
	fmt.Fprintln(term.Out, "Done.")
	return nil
}

// unreadable prints what is wrong with files that could not be read, which the server's problem carries. Any other error is returned as it is.
func unreadable(err error, out io.Writer) error {
	var problem *client.Problem
	var report roster.Report
	if !errors.As(err, &problem) || len(problem.Report) == 0 || json.Unmarshal(problem.Report, &report) != nil {
		return err
	}
	printReport(out, &report)
	return console.ErrFailed
}

func (a *importAnswer) print(out io.Writer) {
	fmt.Fprintf(out, "\npupils: %d new, %d changed, %d gone\n", len(a.Change.Added), len(a.Change.Changed), len(a.Change.Gone))
	for _, pupil := range a.Change.Changed {
		fmt.Fprintf(out, "  %s %s: %s\n", pupil.Key, pupil.Given, strings.Join(pupil.Fields, ", "))
	}
	for _, pupil := range a.Change.Gone {
		fmt.Fprintf(out, "  gone: %s %s\n", pupil.Key, pupil.Given)
	}
	for _, pupil := range a.Change.Renumbered {
		fmt.Fprintf(out, "  another number: %s is now %s %s (the same: %s)\n", pupil.From, pupil.To, pupil.Given, strings.Join(pupil.Because, ", "))
	}
	for _, pupil := range a.Change.Unsure {
		fmt.Fprintf(out, "  nobody can say who this is, and it is taken for new: %s %s (%s)\n", pupil.Key, pupil.Given, pupil.Reason)
	}
	a.Consequences.print(out)
	for _, counted := range []struct {
		name  string
		count struct{ Added, Changed, Removed int }
	}{
		{"groups", a.Change.Groups}, {"teachers", a.Change.Teachers}, {"who teaches whom", a.Change.Teachings}, {"households", a.Change.Households}, {"guardians", a.Change.Contacts},
	} {
		fmt.Fprintf(out, "%s: %d new, %d changed, %d gone\n", counted.name, counted.count.Added, counted.count.Changed, counted.count.Removed)
	}
	for _, erased := range a.Change.Erased {
		fmt.Fprintf(out, "ERASED: %s of %d\n", erased.Field, erased.Count)
	}
	if len(a.Change.Untold) > 0 {
		fmt.Fprintf(out, "not in the files, and kept as it is: %s\n", strings.Join(a.Change.Untold, ", "))
	}
	if a.Change.MergeSuggestions > 0 {
		fmt.Fprintf(out, "families to be confirmed by the school: %d\n", a.Change.MergeSuggestions)
	}
	for _, pupil := range a.Change.Adopted {
		fmt.Fprintf(out, "added by hand, and now in the files: %s %s\n", pupil.Key, pupil.Given)
	}
	a.Change.Kept.print(out)
}
