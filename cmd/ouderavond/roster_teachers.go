package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/importing"
)

// rosterTeachersCommand reads a table of groups and teachers, or a list of lessons.
type rosterTeachersCommand struct {
	School       string `required:"" help:"The school's slug." placeholder:"SLUG"`
	File         string `arg:"" help:"A table of groups and teachers (and if wanted role, subject, e-mail address), or a list of lessons: student number or lesson group, subject, teacher or code. A spreadsheet (.xlsx) or CSV."`
	Sheet        string `help:"The sheet of a spreadsheet that is read, where the one that looks most like such a table is not it." placeholder:"NAME"`
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
	Kept      importing.KeptValues                  `json:"kept"`
	NoPupils  int                                   `json:"unknown_pupils"`
	Unserved  int                                   `json:"pupils_without_teachers"`
	Nothing   bool                                  `json:"nothing"`

	Consequences importing.Consequences `json:"consequences"`
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
	if err := connection.Upload(ctx, path+"/preview", []string{c.File}, c.fields(), &preview); err != nil {
		return unreadable(err, term.Out)
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
	fields := c.fields()
	fields["digest"] = preview.Digest
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

// unreadable prints what is wrong with a table that could not be read, which the server's problem carries. Any other error is returned as it is.
func unreadable(err error, out io.Writer) error {
	var problem *client.Problem
	var report roster.Report
	if !errors.As(err, &problem) || len(problem.Report) == 0 || json.Unmarshal(problem.Report, &report) != nil {
		return err
	}
	importing.PrintReport(out, &report)
	return console.ErrFailed
}

func (c rosterTeachersCommand) fields() map[string]string {
	if c.Sheet == "" {
		return map[string]string{}
	}
	return map[string]string{"sheet": c.Sheet}
}

func (a *teachersAnswer) print(out io.Writer) {
	importing.PrintFindings(out, "warning", a.Report.Warnings, a.Report.WarningCount)
	fmt.Fprintf(out, "teachers: %d new, %d changed\nwho teaches whom: %d new, %d gone\n", a.Teachers.Added, a.Teachers.Changed, a.Teachings.Added, a.Teachings.Removed)
	for _, group := range a.Unknown {
		fmt.Fprintf(out, "no such group: %s\n", group)
	}
	if a.NoPupils > 0 {
		fmt.Fprintf(out, "pupils of the list whom the school does not have: %d\n", a.NoPupils)
	}
	if a.Unserved > 0 {
		fmt.Fprintf(out, "PUPILS WHO WOULD HAVE NO TEACHER ANY MORE: %d\n", a.Unserved)
	}
	a.Consequences.Print(out)
	a.Kept.Print(out)
}

// rosterTalksCommand lists the talks on which the school has to decide, and decides them.
type rosterTalksCommand struct {
	School  string   `required:"" help:"The school's slug." placeholder:"SLUG"`
	Keep    bool     `help:"Keep the named talks as they are; they are listed again if something else becomes true of them." xor:"what"`
	Cancel  bool     `help:"Cancel the named talks and tell the families." xor:"what"`
	Reason  string   `help:"Why, in the school's own words, for the families of the talks that are cancelled." placeholder:"TEXT"`
	Teacher string   `help:"Give the named talks to this teacher (the school's own key or code) at the same time, and tell the families." placeholder:"KEY" xor:"what"`
	Talks   []string `arg:"" optional:"" name:"talk" help:"Ids from the list; 'all' for every talk on it."`
}

type undecidedAnswer struct {
	Items []struct {
		Appointment struct {
			ID, Title, Child, Local string
			Staff                   []struct{ Name string }
		}
		Reason string
	}
}

// Run lists, or decides.
func (c rosterTalksCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	connection, err := connect(ctx, s, term.Err)
	if err != nil {
		return err
	}
	defer connection.Close()
	path := "/api/v1/schools/" + c.School + "/undecided-talks"
	var list undecidedAnswer
	if err := connection.Call(ctx, http.MethodGet, path, nil, &list); err != nil {
		return err
	}
	if !c.Cancel && !c.Keep && c.Teacher == "" {
		list.print(term)
		return nil
	}
	body := map[string]any{"appointments": c.named(list), "cancel": c.Cancel, "keep": c.Keep}
	if c.Reason != "" {
		body["reason"] = c.Reason
	}
	if c.Teacher != "" {
		teacher, err := c.teacher(ctx, connection)
		if err != nil {
			return err
		}
		body["teacher"] = teacher
	}
	var done struct {
		Decided int
		Busy    []string
	}
	if err := connection.Call(ctx, http.MethodPost, path+"/decide", body, &done); err != nil {
		return err
	}
	fmt.Fprintf(term.Out, "decided: %d\n", done.Decided)
	for _, id := range done.Busy {
		fmt.Fprintf(term.Out, "stays as it is, because the teacher is busy then: %s\n", id)
	}
	return nil
}

func (a undecidedAnswer) print(term console.Terminal) {
	if len(a.Items) == 0 {
		fmt.Fprintln(term.Out, "There is no talk to decide on.")
	}
	for _, item := range a.Items {
		var teachers []string
		for _, teacher := range item.Appointment.Staff {
			teachers = append(teachers, teacher.Name)
		}
		fmt.Fprintf(term.Out, "%s  %s  %s, %s, %s: %s\n", item.Appointment.ID, item.Appointment.Local, item.Appointment.Child, item.Appointment.Title, strings.Join(teachers, " + "), item.Reason)
	}
}

// named returns the ids of the talks that are meant.
func (c rosterTalksCommand) named(list undecidedAnswer) []string {
	if len(c.Talks) != 1 || c.Talks[0] != "all" {
		return c.Talks
	}
	var all []string
	for _, item := range list.Items {
		all = append(all, item.Appointment.ID)
	}
	return all
}

// teacher finds a teacher by the school's own key.
func (c rosterTalksCommand) teacher(ctx context.Context, connection *client.Client) (string, error) {
	var teachers struct{ Items []struct{ ID, Key string } }
	if err := connection.Call(ctx, http.MethodGet, "/api/v1/schools/"+c.School+"/teachers", nil, &teachers); err != nil {
		return "", err
	}
	for _, teacher := range teachers.Items {
		if strings.EqualFold(teacher.Key, c.Teacher) {
			return teacher.ID, nil
		}
	}
	return "", fmt.Errorf("the school has no teacher with the key %q", c.Teacher)
}

// teachingCommand groups the commands about who teaches whom.
type teachingCommand struct {
	List       teachingListCommand       `cmd:"" help:"List who teaches whom: teacher, group or pupil, role, subject, what was set by hand, id."`
	Add        teachingAddCommand        `cmd:"" help:"Tie a teacher to a group or a pupil; files do not undo it."`
	Remove     teachingRemoveCommand     `cmd:"" help:"Take a tie away, which files do not bring back."`
	Release    teachingReleaseCommand    `cmd:"" help:"Let files decide about a tie again."`
	Substitute teachingSubstituteCommand `cmd:"" help:"Let somebody stand in for a teacher from now on, or take that back."`
}

// handwork is what the commands that change who teaches whom have.
type handwork struct {
	School string `required:"" help:"The school's slug." placeholder:"SLUG"`
	Yes    bool   `help:"Do it without asking."`
}

// teachingsChanged is what the API says of a change of who teaches whom.
type teachingsChanged struct {
	Teachings    []tie
	Consequences importing.Consequences
}

// do shows what a change would do, asks, and does it.
func (h handwork) do(term console.Terminal, call func(preview bool, answer any) error) error {
	var preview teachingsChanged
	if err := call(true, &preview); err != nil {
		return err
	}
	for _, one := range preview.Teachings {
		fmt.Fprintln(term.Out, " ", strings.Join(slices.DeleteFunc(one.cells(), func(cell string) bool { return cell == "" }), "  "))
	}
	preview.Consequences.Print(term.Out)
	if !h.Yes && !console.Agreed(term, "Do this?") {
		fmt.Fprintln(term.Out, "Nothing was changed.")
		return console.ErrFailed
	}
	if err := call(false, &teachingsChanged{}); err != nil {
		return err
	}
	fmt.Fprintln(term.Out, "Done.")
	return nil
}

type teachingAddCommand struct {
	handwork `embed:""`
	Teacher  string  `arg:"" help:"The teacher's key, name or id."`
	Group    *string `help:"The group." placeholder:"GROUP" xor:"whom"`
	Pupil    *string `help:"The one pupil." placeholder:"PUPIL" xor:"whom"`
	Role     string  `help:"What the teacher is to them: mentor, group, subject, care." enum:"mentor,group,subject,care" default:"subject"`
	Subject  *string `help:"The subject." placeholder:"SUBJECT"`
}

// Run shows, asks and adds.
func (c teachingAddCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		body := map[string]any{"role": c.Role}
		put(body, "subject", c.Subject)
		for _, named := range []struct {
			kind string
			name *string
		}{{"teacher", &c.Teacher}, {"group", c.Group}, {"pupil", c.Pupil}} {
			if named.name == nil {
				continue
			}
			id, err := idOf(ctx, connection, c.School, named.kind, *named.name)
			if err != nil {
				return err
			}
			body[named.kind] = id
		}
		return c.do(term, func(preview bool, answer any) error {
			body["preview"] = preview
			return connection.Call(ctx, http.MethodPost, apiSchools+"/"+c.School+"/teachings", body, answer)
		})
	})
}

type teachingRemoveCommand struct {
	handwork `embed:""`
	Tie      string `arg:"" help:"The id, from the list."`
}

// Run shows, asks and takes away.
func (c teachingRemoveCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		return c.do(term, func(preview bool, answer any) error {
			return connection.Call(ctx, http.MethodDelete, fmt.Sprintf("%s/%s/teachings/%s?preview=%t", apiSchools, c.School, c.Tie, preview), nil, answer)
		})
	})
}

type teachingReleaseCommand struct {
	handwork `embed:""`
	Tie      string `arg:"" help:"The id, from the list."`
}

// Run shows, asks and gives back.
func (c teachingReleaseCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		return c.do(term, func(preview bool, answer any) error {
			return connection.Call(ctx, http.MethodPost, fmt.Sprintf("%s/%s/teachings/%s/release?preview=%t", apiSchools, c.School, c.Tie, preview), nil, answer)
		})
	})
}

type teachingSubstituteCommand struct {
	handwork `embed:""`
	Teacher  string  `arg:"" help:"The teacher's key, name or id."`
	By       *string `help:"Who stands in: the other teacher's key, name or id." placeholder:"TEACHER" xor:"what"`
	Back     bool    `help:"The teacher teaches again." xor:"what"`
	Group    *string `help:"For this group and its pupils; otherwise for everybody whom the teacher teaches." placeholder:"GROUP"`
}

// Run shows, asks and does it.
func (c teachingSubstituteCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	if c.By == nil && !c.Back {
		return errors.New("give --by TEACHER, who stands in, or --back")
	}
	return connected(ctx, s, term, func(connection *client.Client) error {
		teacher, err := idOf(ctx, connection, c.School, "teacher", c.Teacher)
		if err != nil {
			return err
		}
		path, body, query := apiSchools+"/"+c.School+"/teachers/"+teacher+"/substitute", map[string]any{}, url.Values{}
		if c.Group != nil {
			group, err := idOf(ctx, connection, c.School, "group", *c.Group)
			if err != nil {
				return err
			}
			body["group"] = group
			query.Set("group", group)
		}
		if c.Back {
			return c.do(term, func(preview bool, answer any) error {
				query.Set("preview", strconv.FormatBool(preview))
				return connection.Call(ctx, http.MethodDelete, path+"?"+query.Encode(), nil, answer)
			})
		}
		if body["substitute"], err = idOf(ctx, connection, c.School, "teacher", *c.By); err != nil {
			return err
		}
		return c.do(term, func(preview bool, answer any) error {
			body["preview"] = preview
			return connection.Call(ctx, http.MethodPut, path, body, answer)
		})
	})
}
