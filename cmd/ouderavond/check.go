package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"text/tabwriter"

	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
)

// conferenceCheckCommand tells what to look at before opening.
type conferenceCheckCommand struct {
	inConference `embed:""`
	JSON         bool `name:"json" help:"As the API says it, with every pupil."`
}

// checkAnswer is what the API says of a conference before it opens.
type checkAnswer struct {
	Ready              bool
	Blockers, Warnings []struct{ Code, Detail string }
	Causes             []checkCause
	Two                []struct {
		Key, Name, Local string
		Teachers         []struct{ Name string }
	} `json:"at_two_talks"`
	Overasked []struct {
		Teacher       struct{ Name string }
		Pupils, Slots int
	}
}

// checkCause is one cause for all whom it concerns.
type checkCause struct {
	About, Code, Detail, Mend string
	Pupils                    int
	Groups                    []struct {
		Name   string
		Pupils int
	}
	Teachers []struct{ Name string }
	Examples []struct{ Key, Name, Group string }
	Change   *struct{ Title, Staffing string }
}

// Run prints the findings, each cause once.
func (c conferenceCheckCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		present, err := c.get(ctx, connection)
		if err != nil {
			return err
		}
		var findings json.RawMessage
		if err := connection.Call(ctx, http.MethodGet, c.path("/", present.ID, "/readiness"), nil, &findings); err != nil {
			return err
		}
		if c.JSON {
			return console.PrintJSON(term, findings)
		}
		var found checkAnswer
		if err := json.Unmarshal(findings, &found); err != nil {
			return err
		}
		found.print(term.Out, c, present)
		return nil
	})
}

func (a checkAnswer) print(out io.Writer, c conferenceCheckCommand, present conferenceAnswer) {
	fmt.Fprintf(out, "%s (%s): %s\n", present.Title, present.State, map[bool]string{true: "can be opened", false: "cannot be opened yet"}[a.Ready])
	if len(a.Blockers) > 0 {
		fmt.Fprintln(out, "\nIn the way:")
		for _, one := range a.Blockers {
			fmt.Fprintf(out, "  %s\n", one.Detail)
		}
	}
	if len(a.Warnings) > 0 {
		fmt.Fprintln(out, "\nTo look at:")
		for _, one := range a.Warnings {
			fmt.Fprintf(out, "  %s\n", one.Detail)
		}
	}
	about := ""
	for _, cause := range a.Causes {
		if cause.About != about {
			about = cause.About
			fmt.Fprintln(out, map[string]string{
				"cannot_log_in": "\nParents who cannot log in:", "without_offer": "\nPupils who are offered no talk:", "without_slot": "\nPupils who are offered talks that can never be:",
			}[about])
		}
		cause.print(out, c)
	}
	if len(a.Two) > 0 {
		fmt.Fprintln(out, "\nPupils of two households who are to be at two talks at the same time:")
	}
	for _, two := range a.Two {
		var names []string
		for _, teacher := range two.Teachers {
			names = append(names, teacher.Name)
		}
		fmt.Fprintf(out, "  %s  %s %s with %s\n", strings.Replace(two.Local, "T", " ", 1), two.Key, two.Name, strings.Join(names, ", "))
	}
	if len(a.Overasked) > 0 {
		fmt.Fprintln(out, "\nTeachers with far more pupils than slots:")
		for i, one := range a.Overasked {
			if i == most {
				fmt.Fprintf(out, "  and %d more\n", len(a.Overasked)-most)
				break
			}
			fmt.Fprintf(out, "  %s: %d pupils, %d slots\n", one.Teacher.Name, one.Pupils, one.Slots)
		}
	}
}

// most is how many names a line of the check holds.
const most = 8

// some writes the first of some names, and how many more there are.
func some(names []string) string {
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

func (c checkCause) print(out io.Writer, command conferenceCheckCommand) {
	fmt.Fprintf(out, "  %d: %s\n", c.Pupils, c.Detail)
	var groups, teachers, examples []string
	for _, group := range c.Groups {
		groups = append(groups, fmt.Sprintf("%s (%d)", group.Name, group.Pupils))
	}
	for _, teacher := range c.Teachers {
		teachers = append(teachers, teacher.Name)
	}
	for _, pupil := range c.Examples {
		examples = append(examples, strings.TrimSpace(pupil.Key+" "+pupil.Name))
	}
	for _, line := range []struct {
		name  string
		names []string
	}{{"groups", groups}, {"teachers", teachers}, {"such as", examples}} {
		if len(line.names) > 0 {
			fmt.Fprintf(out, "      %s: %s\n", line.name, some(line.names))
		}
	}
	if c.Mend != "" {
		fmt.Fprintf(out, "      %s\n", c.Mend)
	}
	if c.Change != nil {
		fmt.Fprintf(out, "      ouderavond conference kind set --school %s %q %q --staffing %s\n", command.School, command.Conference, c.Change.Title, c.Change.Staffing)
	}
}

// conferenceScheduleCommand shows who meets whom when.
type conferenceScheduleCommand struct {
	inConference `embed:""`
	Teacher      string `help:"Of this teacher, by id, key or name." placeholder:"TEACHER"`
	Day          string `help:"Of this day, by its date." placeholder:"DATE"`
	Group        string `help:"Of pupils of this group, by id, key or name." placeholder:"GROUP"`
	Room         string `help:"In this room, by id, key or name." placeholder:"ROOM"`
	CSV          bool   `name:"csv" help:"As a table for a spreadsheet." xor:"form"`
	JSON         bool   `name:"json" help:"As the API says it." xor:"form"`
}

// query gives what narrows the schedule.
func (c conferenceScheduleCommand) query(ctx context.Context, connection *client.Client, present conferenceAnswer) (string, error) {
	query := url.Values{}
	for what, name := range map[string]string{"teacher": c.Teacher, "group": c.Group, "room": c.Room} {
		if name == "" {
			continue
		}
		id, err := idOf(ctx, connection, c.School, what, name)
		if err != nil {
			return "", err
		}
		query.Set(what, id)
	}
	if c.Day != "" {
		id, err := present.dayID(c.Day)
		if err != nil {
			return "", err
		}
		query.Set("day", id)
	}
	return "?" + query.Encode(), nil
}

// Run prints a talk a line.
func (c conferenceScheduleCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		present, err := c.get(ctx, connection)
		if err != nil {
			return err
		}
		query, err := c.query(ctx, connection, present)
		if err != nil {
			return err
		}
		if c.CSV {
			return connection.Copy(ctx, c.path("/", present.ID, "/schedule.csv", query), term.Out)
		}
		var answer struct {
			Items []struct {
				Local, Title, Name, Child, Group, Room string
				Staff, Left                            []struct{ Name string }
			}
		}
		var whole json.RawMessage
		if err := connection.Call(ctx, http.MethodGet, c.path("/", present.ID, "/schedule", query), nil, &whole); err != nil {
			return err
		}
		if c.JSON {
			return console.PrintJSON(term, whole)
		}
		if err := json.Unmarshal(whole, &answer); err != nil {
			return err
		}
		table := tabwriter.NewWriter(term.Out, 0, 0, 2, ' ', 0)
		for _, talk := range answer.Items {
			var staff []string
			for _, one := range talk.Staff {
				staff = append(staff, one.Name)
			}
			left := ""
			if len(talk.Left) > 0 {
				left = "teacher has left"
			}
			cells := []string{strings.Replace(talk.Local, "T", " ", 1), strings.Join(staff, ", "), cmp.Or(talk.Name, talk.Child), talk.Group, talk.Room, talk.Title, left}
			fmt.Fprintln(table, strings.TrimRight(strings.Join(cells, "\t"), "\t"))
		}
		return table.Flush()
	})
}
