package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/importing"
	"github.com/ouderavond/ouderavond/cmd/internal/machine"
	"github.com/ouderavond/ouderavond/models/civil"
)

// maxRosterFile is the most that is read of a file: a little over what the readers take, so that they can say that it is too large.
const maxRosterFile = 21 << 20

// rosterCommand groups the commands about a school's files.
type rosterCommand struct {
	Check    rosterCheckCommand        `cmd:"" help:"Read files without a database and tell what is in them."`
	Fields   importing.FieldsCommand   `cmd:"" help:"List what a column of a list can be (--map), and what the school may keep of it."`
	Import   importing.ImportCommand   `cmd:"" help:"Show what files would change, ask, and do it."`
	Imports  importing.ListCommand     `cmd:"" help:"List the imports: those that lie there, and what became of others."`
	Show     importing.ShowCommand     `cmd:"" help:"Show an import: what it would do, and what it asks."`
	Answer   importing.AnswerCommand   `cmd:"" help:"Answer what an import asks."`
	Commit   importing.CommitCommand   `cmd:"" help:"Do what an import would do."`
	Withdraw importing.WithdrawCommand `cmd:"" help:"Withdraw an import, and delete its files."`
	Watch    importing.WatchCommand    `cmd:"" help:"Take the files that appear in a folder, every night as long as it runs."`
	Mappings importing.MappingsCommand `cmd:"" help:"List what is remembered of the columns of lists (--map of earlier imports), or forget it."`
	Talks    rosterTalksCommand        `cmd:"" help:"List the coming talks with teachers who have left or were replaced, and decide them."`
	Teachers rosterTeachersCommand     `cmd:"" help:"Read a table of groups and teachers, or a list of lessons, where the roster has none."`
	Undo     importing.UndoCommand     `cmd:"" help:"Show what taking an import back would change, ask, and do it."`
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
		importing.PrintReport(term.Out, report)
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
