package importing

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/machine"
)

// Connect gives a client of the server; the caller closes it.
type Connect func(context.Context) (*client.Client, error)

// OfSchool names the school that a command is about.
type OfSchool struct {
	School string `required:"" help:"The school's slug." placeholder:"SLUG"`
}

func (o OfSchool) path() string { return "/api/v1/schools/" + o.School + "/imports" }

// Reading says how files are read.
type Reading struct {
	Map      map[string]string `help:"Bind a column by its header." placeholder:"HEADER=FIELD"`
	Encoding string            `help:"How the letters of CSV files are written, if the names shown look wrong: windows-1254, iso-8859-2, macintosh, cp850." placeholder:"NAME"`
	Sheet    string            `help:"The sheet of a spreadsheet that is read, where the one that looks most like the list is not it." placeholder:"NAME"`
	Source   string            `help:"What you call the program that the files come from. Earlier files of it that still lie there are withdrawn, and what is said by --map, --encoding and --sheet is remembered under it; without it, under the row of column names." placeholder:"NAME"`
	Groups   []string          `help:"The groups for which the files speak: keys or names. Of others, as of another site, they say nothing." placeholder:"GROUP,..."`
}

func (r Reading) fields() (map[string]string, error) {
	fields := map[string]string{"encoding": r.Encoding, "sheet": r.Sheet, "source": r.Source}
	for name, value := range map[string]any{"mapping": r.Map, "groups": r.Groups} {
		text, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		if string(text) != "null" {
			fields[name] = string(text)
		}
	}
	return fields, nil
}

// ImportCommand hands files in, shows what they would do, asks, and does it.
type ImportCommand struct {
	OfSchool         `embed:""`
	Reading          `embed:""`
	Files            []string `arg:"" name:"file" help:"The export file; further files add to it."`
	Yes              bool     `help:"Do it without asking."`
	LeaveQuestions   bool     `help:"Leave what is asked as it is, instead of asking it here."`
	AllowRemoval     bool     `help:"Let the import take away more than a fifth of the pupils or of who teaches whom, or empty a field of more than a twentieth of those who had it."`
	AllowRenumbering *bool    `negatable:"" help:"The pupils whom the files have under another number are the same ones, or with --no- are not."`
	JSON             bool     `name:"json" help:"Print what becomes of it as JSON, and ask nothing; without --yes nothing is done, and the import lies there."`
}

func (c ImportCommand) answers() (list []answer) {
	if c.AllowRemoval {
		for _, kind := range []string{"pupils", "lessons", "field"} {
			list = append(list, answer{kind, "yes"})
		}
	}
	if c.AllowRenumbering != nil {
		list = append(list, answer{"who", map[bool]string{true: "same", false: "new"}[*c.AllowRenumbering]})
	}
	return list
}

// Run shows what would change, asks, and does exactly that.
func (c ImportCommand) Run(ctx context.Context, connect Connect, term console.Terminal) error {
	connection, err := connect(ctx)
	if err != nil {
		return err
	}
	defer connection.Close()
	fields, err := c.fields()
	if err != nil {
		return err
	}
	if list := c.answers(); len(list) > 0 {
		text, err := json.Marshal(list)
		if err != nil {
			return err
		}
		fields["answers"] = string(text)
	}
	it := session{connection: connection, school: c.School, path: c.path(), term: term, asking: asking{bufio.NewReader(term.In), term.Out}}
	if err := it.handIn(ctx, c.Files, fields); err != nil {
		return err
	}
	if c.JSON {
		return it.plain(ctx, c.Yes, c.LeaveQuestions)
	}
	return it.talk(ctx, c.Yes, c.LeaveQuestions)
}

// session is one import at the terminal.
type session struct {
	connection *client.Client
	school     string
	path       string
	term       console.Terminal
	asking     asking
	view
}

// handIn sends the files, and waits until they are read.
func (s *session) handIn(ctx context.Context, files []string, fields map[string]string) error {
	done := s.connection.Show(s.term.Err, "sending")
	err := s.connection.Upload(ctx, s.path, files, fields, &s.view)
	done()
	if err != nil {
		return err
	}
	done = s.connection.Show(s.term.Err, "reading")
	defer done()
	for s.State == "reading" {
		if err := machine.Pause(ctx, time.Second); err != nil {
			return err
		}
		if err := s.call(ctx, http.MethodGet, "", nil); err != nil {
			return err
		}
	}
	return nil
}

// call asks about the import that was handed in, and keeps the answer.
func (s *session) call(ctx context.Context, method, what string, body any) error {
	var answer view
	into := any(&answer)
	if method == http.MethodDelete {
		into = nil
	}
	if err := s.connection.Call(ctx, method, s.path+"/"+s.ID+what, body, into); err != nil {
		return err
	}
	if into != nil {
		s.view = answer
	}
	return nil
}

func (s *session) commit(ctx context.Context, leave bool) error {
	said := map[string]any{"leave_questions": leave}
	if !leave { // the digest names what is done if everything is answered
		said["digest"] = s.Digest
	}
	return s.call(ctx, http.MethodPost, "/commit", said)
}

// plain does what a program wants, and prints it.
func (s *session) plain(ctx context.Context, yes, leave bool) error {
	if yes && s.State == "ready" {
		if err := s.commit(ctx, leave); err != nil {
			return err
		}
	}
	if err := console.PrintJSON(s.term, s.view); err != nil {
		return err
	}
	if s.State != "ready" && s.State != "applied" {
		return console.ErrFailed
	}
	return nil
}

// talk shows, asks and does.
func (s *session) talk(ctx context.Context, yes, leave bool) error {
	if s.Report != nil {
		PrintReport(s.term.Out, s.Report)
	}
	if s.State != "ready" {
		return s.refused(ctx)
	}
	s.print(s.term.Out)
	if !yes && !leave && s.Questions > 0 {
		answers, left := s.asking.all(s.Asked)
		leave = left
		if len(answers) > 0 {
			if err := s.call(ctx, http.MethodPatch, "", map[string]any{"answers": answers}); err != nil {
				return err
			}
			fmt.Fprintln(s.term.Out, "\nWith these answers:")
			s.print(s.term.Out)
		}
	}
	if s.Change.Nothing && !leave {
		fmt.Fprintln(s.term.Out, "Nothing changes.")
		return s.call(ctx, http.MethodDelete, "", nil)
	}
	if !yes && !s.asking.agreed("Do this?") {
		fmt.Fprintln(s.term.Out, "Nothing was changed.")
		if err := s.call(ctx, http.MethodDelete, "", nil); err != nil {
			return err
		}
		return console.ErrFailed
	}
	if err := s.commit(ctx, leave); err != nil {
		_ = s.call(ctx, http.MethodDelete, "", nil) // the files are here, and can be handed in again
		return err
	}
	fmt.Fprintln(s.term.Out, "Done.")
	if s.Questions > 0 {
		fmt.Fprintf(s.term.Out, "Questions that are left: %d. Answer them by: ouderavond roster answer --school %s %s\n", s.Questions, s.school, s.ID)
	}
	return nil
}

// refused ends an import whose files cannot be used.
func (s *session) refused(ctx context.Context) error {
	if s.Problem != "" {
		fmt.Fprintln(s.term.Out, "the server could not deal with these files:", s.Problem)
	}
	if s.State == "unreadable" {
		if err := s.call(ctx, http.MethodDelete, "", nil); err != nil {
			return err
		}
	}
	return console.ErrFailed
}
