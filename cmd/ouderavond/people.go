package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"text/tabwriter"

	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
)

// teacherCommand groups the commands about teachers.
type teacherCommand struct {
	List teacherListCommand `cmd:"" help:"List the teachers: key, name, state, what was set by hand, id."`
	Add  teacherAddCommand  `cmd:"" help:"Add a teacher by hand."`
	Set  teacherSetCommand  `cmd:"" help:"Say that a teacher has left the school, or is there again; tells the talks that this leaves."`
}

type teacherSetCommand struct {
	School    string  `required:"" help:"The school's slug." placeholder:"SLUG"`
	Teacher   string  `arg:"" help:"The teacher's id, key or name."`
	Left      *bool   `help:"The teacher has left the school." negatable:""`
	Name      *string `help:"The name that parents see." placeholder:"NAME"`
	Email     *string `help:"The teacher's address." placeholder:"ADDRESS"`
	releasing `embed:""`
}

// releasing gives what was set by hand back to the files.
type releasing struct {
	Release []string `help:"What was set by hand and files decide again, from the next import on, as lists name it." placeholder:"FIELD"`
}

func (r releasing) put(body map[string]any) {
	if len(r.Release) > 0 {
		body["release"] = r.Release
	}
}

// setByHand says of a line of a list what was set by hand.
func setByHand(fields []string) string {
	if len(fields) == 0 {
		return ""
	}
	return "by hand: " + strings.Join(fields, ", ")
}

type teacherAddCommand struct {
	School string  `required:"" help:"The school's slug." placeholder:"SLUG"`
	Key    string  `arg:"" help:"The school's own key or code, by which files are matched."`
	Name   string  `arg:"" help:"The name that parents see."`
	Email  *string `help:"The teacher's address." placeholder:"ADDRESS"`
}

// Run adds the teacher and tells the id.
func (c teacherAddCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		body := map[string]any{"key": c.Key, "name": c.Name}
		put(body, "email", c.Email)
		var added listed
		if err := connection.Call(ctx, http.MethodPost, apiSchools+"/"+c.School+"/teachers", body, &added); err != nil {
			return err
		}
		fmt.Fprintf(term.Out, "%s  %s\n", added.ID, added.Name)
		return nil
	})
}

// Run changes what was given, and tells which talks stand with somebody who has left.
func (c teacherSetCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		id, err := idOf(ctx, connection, c.School, "teacher", c.Teacher)
		if err != nil {
			return err
		}
		body := map[string]any{}
		put(body, "left", c.Left)
		put(body, "name", c.Name)
		put(body, "email", c.Email)
		c.releasing.put(body)
		var changed struct {
			listed
			Talks []struct{ Local, Appointment string }
		}
		if err := connection.Call(ctx, http.MethodPatch, apiSchools+"/"+c.School+"/teachers/"+id, body, &changed); err != nil {
			return err
		}
		fmt.Fprintf(term.Out, "%s  %s (%s)\n", changed.ID, changed.Name, changed.State)
		if len(changed.Talks) > 0 {
			fmt.Fprintf(term.Out, "Coming talks that are booked with this teacher, and stand: %d\n", len(changed.Talks))
		}
		for _, talk := range changed.Talks {
			fmt.Fprintf(term.Out, "  %s  %s\n", talk.Local, talk.Appointment)
		}
		return nil
	})
}

type teacherListCommand struct {
	listOf `embed:""`
}

// Run prints a teacher a line.
func (c teacherListCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.print(ctx, s, term, "teachers", func(one listed) []string {
		return []string{one.Key, one.Name, one.State, setByHand(one.byHand()), one.ID}
	})
}

// groupCommand groups the commands about groups.
type groupCommand struct {
	List groupListCommand `cmd:"" help:"List the groups: key, name, year, state, id."`
}

type groupListCommand struct {
	listOf `embed:""`
}

// Run prints a group a line.
func (c groupListCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.print(ctx, s, term, "groups", func(one listed) []string { return []string{one.Key, one.Name, one.Year, one.State, one.ID} })
}

// pupilCommand groups the commands about pupils.
type pupilCommand struct {
	List  pupilListCommand  `cmd:"" help:"List the pupils: key, name, group, year, state, what was set by hand, id."`
	Add   pupilAddCommand   `cmd:"" help:"Add a pupil by hand, such as one who came in November. A file that has the pupil later is matched."`
	Set   pupilSetCommand   `cmd:"" help:"Correct a pupil; files do not undo it."`
	Erase pupilEraseCommand `cmd:"" help:"Erase a pupil, with everything kept of the pupil."`
}

// pupilValues are what can be said of a pupil.
type pupilValues struct {
	Given          *string           `help:"First name." placeholder:"NAME"`
	Prefix         *string           `help:"Prefix of the surname." placeholder:"PREFIX"`
	Surname        *string           `help:"Surname without the prefix." placeholder:"NAME"`
	Group          *string           `help:"The main group, by its key, name or id; empty for none." placeholder:"GROUP"`
	Year           *string           `help:"The year, as files name it." placeholder:"YEAR"`
	Factor         map[string]string `help:"What a log-in compares (${factors}), if the school asks for it: --factor birth_date=24-11-2015." placeholder:"NAME=VALUE"`
	Protected      *bool             `help:"The address is secret: never grouped, no postcode kept, no log-in by it." negatable:""`
	Adult          *bool             `help:"The pupil is of age and decides who may book, or with --no- is not, whatever birth dates say." negatable:""`
	ParentsMayBook *bool             `help:"The parents of a pupil who is of age may still book, or with --no- may not." negatable:""`
}

func (v pupilValues) body(ctx context.Context, connection *client.Client, school string) (map[string]any, error) {
	body := map[string]any{}
	for name, value := range v.Factor {
		body[name] = value
	}
	put(body, "given", v.Given)
	put(body, "prefix", v.Prefix)
	put(body, "surname", v.Surname)
	put(body, "year", v.Year)
	put(body, "protected", v.Protected)
	put(body, "adult", v.Adult)
	put(body, "parents_may_book", v.ParentsMayBook)
	if v.Group == nil || *v.Group == "" {
		put(body, "group", v.Group)
		return body, nil
	}
	id, err := idOf(ctx, connection, school, "group", *v.Group)
	body["group"] = id
	return body, err
}

type pupilAddCommand struct {
	School      string  `required:"" help:"The school's slug." placeholder:"SLUG"`
	Key         *string `help:"The student number, if somebody knows it." placeholder:"NUMBER"`
	pupilValues `embed:""`
}

// Run adds the pupil and tells the id.
func (c pupilAddCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		body, err := c.body(ctx, connection, c.School)
		if err != nil {
			return err
		}
		put(body, "key", c.Key)
		return savePupil(ctx, connection, term, http.MethodPost, apiSchools+"/"+c.School+"/pupils", body)
	})
}

type pupilSetCommand struct {
	School      string `required:"" help:"The school's slug." placeholder:"SLUG"`
	Pupil       string `arg:"" help:"The pupil's id, number or name."`
	pupilValues `embed:""`
	releasing   `embed:""`
}

// Run changes what was given.
func (c pupilSetCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		id, err := idOf(ctx, connection, c.School, "pupil", c.Pupil)
		if err != nil {
			return err
		}
		body, err := c.body(ctx, connection, c.School)
		if err != nil {
			return err
		}
		c.put(body)
		return savePupil(ctx, connection, term, http.MethodPatch, apiSchools+"/"+c.School+"/pupils/"+id, body)
	})
}

// savePupil sends what is said of a pupil, and prints the pupil.
func savePupil(ctx context.Context, connection *client.Client, term console.Terminal, method, path string, body map[string]any) error {
	var saved listed
	if err := connection.Call(ctx, method, path, body, &saved); err != nil {
		return err
	}
	fmt.Fprintf(term.Out, "%s  %s %s  %s\n", saved.ID, saved.Key, saved.name(), setByHand(saved.byHand()))
	return nil
}

type pupilEraseCommand struct {
	School string `required:"" help:"The school's slug." placeholder:"SLUG"`
	Pupil  string `arg:"" help:"The pupil's id, number or name."`
	Yes    bool   `help:"Do it without asking."`
}

// Run asks, and erases the pupil.
func (c pupilEraseCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		id, err := idOf(ctx, connection, c.School, "pupil", c.Pupil)
		if err != nil {
			return err
		}
		if !c.Yes && !console.Agreed(term, "Erase this pupil, with the talks and everything else?") {
			fmt.Fprintln(term.Out, "Nothing was changed.")
			return console.ErrFailed
		}
		return connection.Call(ctx, http.MethodDelete, apiSchools+"/"+c.School+"/pupils/"+id, nil, nil)
	})
}

type pupilListCommand struct {
	listOf `embed:""`
}

// Run prints a pupil a line.
func (c pupilListCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.print(ctx, s, term, "pupils", func(one listed) []string {
		return []string{one.Key, one.name(), one.group(), one.Year, one.State, setByHand(one.byHand()), one.ID}
	})
}

// tie is who teaches whom, as the API says it.
type tie struct {
	ID, Role, Subject string
	Teacher           struct{ ID, Name string }
	Substitute        struct{ ID, Name string }
	Group             struct{ ID, Name string }
	Pupil             struct{ Name, Key string }
	ByHand            []string `json:"by_hand"`
}

func (t tie) cells() []string {
	teacher := t.Teacher.Name
	if t.Substitute.Name != "" {
		teacher = t.Substitute.Name + " for " + teacher
	}
	return []string{teacher, cmp.Or(t.Group.Name, strings.TrimSpace(t.Pupil.Key+" "+t.Pupil.Name)), t.Role, t.Subject, setByHand(t.ByHand), t.ID}
}

type teachingListCommand struct {
	listOf  `embed:""`
	Teacher string `help:"Of this teacher only." placeholder:"TEACHER"`
	Group   string `help:"Of this group only." placeholder:"GROUP"`
}

// Run prints a tie a line.
func (c teachingListCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		teacher, group := "", ""
		for _, named := range []struct {
			kind, name string
			id         *string
		}{{"teacher", c.Teacher, &teacher}, {"group", c.Group, &group}} {
			if named.name == "" {
				continue
			}
			id, err := idOf(ctx, connection, c.School, named.kind, named.name)
			if err != nil {
				return err
			}
			*named.id = id
		}
		items, err := pages(ctx, connection, apiSchools+"/"+c.School+"/teachings")
		if err != nil {
			return err
		}
		if c.JSON {
			return console.PrintJSON(term, append([]json.RawMessage{}, items...))
		}
		table := tabwriter.NewWriter(term.Out, 0, 0, 2, ' ', 0)
		for _, item := range items {
			var one tie
			if err := json.Unmarshal(item, &one); err != nil {
				return err
			}
			if teacher != "" && teacher != one.Teacher.ID && teacher != one.Substitute.ID || group != "" && group != one.Group.ID {
				continue
			}
			fmt.Fprintln(table, strings.Join(one.cells(), "\t"))
		}
		return table.Flush()
	})
}
