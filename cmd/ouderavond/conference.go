package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/models"
)

// scopes are the scopes asked for, or all.
func (c apikeyCreateCommand) scopes() []string {
	if len(c.Scope) > 0 {
		return c.Scope
	}
	var all []string
	for _, scope := range models.AllScopes() {
		all = append(all, string(scope))
	}
	return all
}

// conferenceCommand groups the commands about conferences.
type conferenceCommand struct {
	Create   conferenceCreateCommand   `cmd:"" help:"Make a conference from a file, as the API takes it."`
	List     conferenceListCommand     `cmd:"" help:"List the conferences."`
	Show     conferenceShowCommand     `cmd:"" help:"Show a conference with its days, talk kinds and offers."`
	Set      conferenceSetCommand      `cmd:"" help:"Change a conference's title, times and limits."`
	Remove   conferenceRemoveCommand   `cmd:"" help:"Remove a conference."`
	Day      dayCommand                `cmd:"" help:"Add, change and remove days."`
	Kind     kindCommand               `cmd:"" help:"Add, change and remove talk kinds."`
	Offer    offerCommand              `cmd:"" help:"Offer teachers beside what the talk kinds say."`
	Hours    conferenceHoursCommand    `cmd:"" help:"Say when teachers can be met."`
	Check    conferenceCheckCommand    `cmd:"" help:"Tell what to look at before opening, and what would mend it."`
	Schedule conferenceScheduleCommand `cmd:"" help:"Show who meets whom when; as a table with --csv."`
	Open     conferenceOpenCommand     `cmd:"" help:"Open a conference for parents."`
	Close    conferenceCloseCommand    `cmd:"" help:"Close a conference."`
}

// ofSchool is what the commands about conferences share.
type ofSchool struct {
	School string `required:"" help:"The school's slug." placeholder:"SLUG"`
}

func (o ofSchool) path(rest ...string) string {
	return apiSchools + "/" + o.School + "/conferences" + strings.Join(rest, "")
}

// conferenceAnswer is what the commands read of a conference.
type conferenceAnswer struct {
	ID, Key, Title, State string
	OpensAt               time.Time `json:"opens_at"`
	ClosesAt              time.Time `json:"closes_at"`
	Rules                 map[string]any
	Days                  []struct {
		ID, Date string
		Audience struct {
			Everybody, Siblings bool
			Groups, Years       []string
		}
	}
	TalkKinds []struct {
		ID, Title, Staffing, Pairing, Obligation string
		Minutes                                  int
	} `json:"talk_kinds"`
	Offers []struct {
		ID, Pupil, Group, Year string
		TalkKind               string `json:"talk_kind"`
		Staff                  []string
	}
}

// print writes the conference for people.
func (c conferenceAnswer) print(out io.Writer) {
	fmt.Fprintf(out, "%s  %s (%s)\n  parents may book from %s until %s\n", c.ID, c.Title, c.State, c.OpensAt.Format(time.RFC3339), c.ClosesAt.Format(time.RFC3339))
	for _, day := range c.Days {
		whom := "everybody"
		if !day.Audience.Everybody {
			whom = fmt.Sprintf("years %s, %d groups", strings.Join(day.Audience.Years, " "), len(day.Audience.Groups))
		}
		fmt.Fprintf(out, "  day %s for %s\n", day.Date, whom)
	}
	for _, kind := range c.TalkKinds {
		fmt.Fprintf(out, "  talk %q of %d minutes, staffing %s, pairing %s, %s\n", kind.Title, kind.Minutes, kind.Staffing, kind.Pairing, kind.Obligation)
	}
	for _, offer := range c.Offers {
		fmt.Fprintf(out, "  offer %s of %d teachers\n", offer.ID, len(offer.Staff))
	}
}

// find gives the id of a conference that is named by its id, its key or its title.
func (o ofSchool) find(ctx context.Context, connection *client.Client, name string) (string, error) {
	var answer struct{ Items []conferenceAnswer }
	if err := connection.Call(ctx, http.MethodGet, o.path(), nil, &answer); err != nil {
		return "", err
	}
	id, err := named(answer.Items, name)
	if err != nil {
		return "", fmt.Errorf("%w; see: ouderavond conference list --school %s", err, o.School)
	}
	return id, nil
}

// named gives the id of the one conference that a name means. An id goes before a key, a key before a title; what two have names neither.
func named(conferences []conferenceAnswer, name string) (string, error) {
	for _, part := range []func(conferenceAnswer) string{
		func(c conferenceAnswer) string { return c.ID }, func(c conferenceAnswer) string { return c.Key }, func(c conferenceAnswer) string { return c.Title },
	} {
		var found []conferenceAnswer
		for _, conference := range conferences {
			if part(conference) == name {
				found = append(found, conference)
			}
		}
		if len(found) == 1 {
			return found[0].ID, nil
		}
		if len(found) > 1 {
			var all []string
			for _, conference := range found {
				var dates []string
				for _, day := range conference.Days {
					dates = append(dates, day.Date)
				}
				all = append(all, fmt.Sprintf("\n  %s %s %s", conference.ID, conference.State, strings.Join(dates, ", ")))
			}
			return "", fmt.Errorf("%d conferences are called %q; give the id of one:%s", len(found), name, strings.Join(all, ""))
		}
	}
	return "", fmt.Errorf("the school has no conference %q", name)
}

// conferenceCreateCommand makes a conference.
type conferenceCreateCommand struct {
	ofSchool `embed:""`
	File     string `arg:"" help:"JSON: title, opens_at, closes_at, rules, days, talk_kinds. See /api/docs, operation create-conference."`
}

// Run makes the conference and tells its id.
func (c conferenceCreateCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	content, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	if !json.Valid(content) {
		return fmt.Errorf("%s is not JSON", c.File)
	}
	connection, err := connect(ctx, s, term.Err)
	if err != nil {
		return err
	}
	defer connection.Close()
	var made conferenceAnswer
	if err := connection.Call(ctx, http.MethodPost, c.path(), json.RawMessage(content), &made); err != nil {
		return err
	}
	_, err = fmt.Fprintf(term.Out, "%s  %s (%s)\n", made.ID, made.Title, made.State)
	return err
}

// conferenceListCommand lists the conferences of a school.
type conferenceListCommand struct {
	ofSchool `embed:""`
	JSON     bool `name:"json" help:"As the API says it."`
}

// Run prints a line for each conference.
func (c conferenceListCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		items, err := pages(ctx, connection, c.path())
		if err != nil {
			return err
		}
		if c.JSON {
			return console.PrintJSON(term, append([]json.RawMessage{}, items...))
		}
		for _, item := range items {
			var conference conferenceAnswer
			if err := json.Unmarshal(item, &conference); err != nil {
				return err
			}
			fmt.Fprintf(term.Out, "%s  %-8s %-16s %s\n", conference.ID, conference.State, conference.Key, conference.Title)
		}
		return nil
	})
}

// conferenceShowCommand shows a conference.
type conferenceShowCommand struct {
	inConference `embed:""`
	JSON         bool `name:"json" help:"As the API says it."`
}

// Run prints the conference.
func (c conferenceShowCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		present, err := c.get(ctx, connection)
		if err != nil {
			return err
		}
		if !c.JSON {
			present.print(term.Out)
			return nil
		}
		var whole json.RawMessage
		if err := connection.Call(ctx, http.MethodGet, c.path("/", present.ID), nil, &whole); err != nil {
			return err
		}
		return console.PrintJSON(term, whole)
	})
}

// conferenceHoursCommand sets availability for many teachers at once.
type conferenceHoursCommand struct {
	ofSchool   `embed:""`
	Conference string   `arg:"" help:"The conference's id, key or title."`
	From       string   `help:"Start on the school's clock." placeholder:"19:00"`
	Until      string   `help:"End." placeholder:"21:30"`
	None       bool     `help:"Take the hours away instead."`
	Break      []string `help:"A break within it." placeholder:"20:00-20:10"`
	Teacher    []string `help:"Only these teachers, by id, key or name; all if left out." placeholder:"TEACHER"`
	Date       []string `help:"Only these days; all if left out." placeholder:"2026-11-24"`
	Room       string   `help:"In this room, by id, key or name; where they are now if left out." placeholder:"ROOM"`
}

// Run sets the hours and tells which appointments lie outside them now.
func (c conferenceHoursCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	connection, err := connect(ctx, s, term.Err)
	if err != nil {
		return err
	}
	defer connection.Close()
	if c.Conference, err = c.find(ctx, connection, c.Conference); err != nil {
		return err
	}
	var conference conferenceAnswer
	if err := connection.Call(ctx, http.MethodGet, c.path("/", c.Conference), nil, &conference); err != nil {
		return err
	}
	ids, err := c.teachers(ctx, connection)
	if err != nil {
		return err
	}
	windows, err := c.windows(ctx, connection)
	if err != nil {
		return err
	}
	days, err := c.days(conference, ids, windows)
	if err != nil {
		return err
	}
	var answer struct {
		Outside []json.RawMessage `json:"outside"`
	}
	if err := connection.Call(ctx, http.MethodPut, c.path("/", c.Conference, "/availability"), map[string]any{"days": days}, &answer); err != nil {
		return err
	}
	fmt.Fprintf(term.Out, "hours set: %d teachers, %d days\n", len(ids), len(days)/max(1, len(ids)))
	if len(answer.Outside) == 0 {
		return nil
	}
	fmt.Fprintln(term.Out, "These appointments lie outside them now:")
	return console.PrintJSON(term, answer.Outside)
}

func (c conferenceHoursCommand) teachers(ctx context.Context, connection *client.Client) ([]string, error) {
	var ids []string
	if len(c.Teacher) == 0 {
		list, err := things(ctx, connection, c.School, "teachers")
		for _, teacher := range list {
			if teacher.State == "active" {
				ids = append(ids, teacher.ID)
			}
		}
		return ids, err
	}
	return idsOf(ctx, connection, c.School, "teacher", c.Teacher)
}

// windows gives the hours as the API takes them.
func (c conferenceHoursCommand) windows(ctx context.Context, connection *client.Client) ([]map[string]string, error) {
	if c.None {
		return []map[string]string{}, nil
	}
	if c.From == "" || c.Until == "" {
		return nil, fmt.Errorf("say the hours by --from and --until, or --none to take them away")
	}
	window := map[string]string{"from": c.From, "until": c.Until}
	if c.Room != "" {
		room, err := idOf(ctx, connection, c.School, "room", c.Room)
		if err != nil {
			return nil, err
		}
		window["room"] = room
	}
	return []map[string]string{window}, nil
}

func (c conferenceHoursCommand) days(conference conferenceAnswer, teachers []string, windows []map[string]string) ([]map[string]any, error) {
	breaks := []map[string]string{}
	for _, text := range c.Break {
		from, until, ok := strings.Cut(text, "-")
		if !ok {
			return nil, fmt.Errorf("--break %q: must be such as 20:00-20:10", text)
		}
		breaks = append(breaks, map[string]string{"from": from, "until": until})
	}
	wanted := map[string]bool{}
	for _, date := range c.Date {
		if _, err := conference.dayID(date); err != nil {
			return nil, err
		}
		wanted[date] = true
	}
	var days []map[string]any
	for _, day := range conference.Days {
		if len(wanted) > 0 && !wanted[day.Date] {
			continue
		}
		for _, teacher := range teachers {
			days = append(days, map[string]any{
				"teacher": teacher, "day": day.ID, "windows": windows, "breaks": breaks,
			})
		}
	}
	return days, nil
}

// conferenceOpenCommand opens a conference.
type conferenceOpenCommand struct {
	ofSchool   `embed:""`
	Conference string `arg:"" help:"The conference's id, key or title."`
}

// Run opens the conference.
func (c conferenceOpenCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.turn(ctx, s, term, c.Conference, "/open")
}

// conferenceCloseCommand closes a conference.
type conferenceCloseCommand struct {
	ofSchool   `embed:""`
	Conference string `arg:"" help:"The conference's id, key or title."`
}

// Run closes the conference.
func (c conferenceCloseCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.turn(ctx, s, term, c.Conference, "/close")
}

func (o ofSchool) turn(ctx context.Context, s *config.Settings, term console.Terminal, name, act string) error {
	connection, err := connect(ctx, s, term.Err)
	if err != nil {
		return err
	}
	defer connection.Close()
	id, err := o.find(ctx, connection, name)
	if err != nil {
		return err
	}
	var turned conferenceAnswer
	if err := connection.Call(ctx, http.MethodPost, o.path("/", id, act), nil, &turned); err != nil {
		return err
	}
	_, err = fmt.Fprintf(term.Out, "%s is %s\n", turned.Title, turned.State)
	return err
}
