package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
)

// inConference names a conference of a school.
type inConference struct {
	ofSchool   `embed:""`
	Conference string `arg:"" help:"The conference's id, key or title."`
}

// change makes a request of a part of the conference, and prints the conference as it is then.
func (c inConference) change(ctx context.Context, s *config.Settings, term console.Terminal, method string, below func(*client.Client, conferenceAnswer) (string, any, error)) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		present, err := c.get(ctx, connection)
		if err != nil {
			return err
		}
		path, body, err := below(connection, present)
		if err != nil {
			return err
		}
		if err := connection.Call(ctx, method, c.path("/", present.ID, path), body, nil); err != nil {
			return err
		}
		c.Conference = present.ID
		if present, err = c.get(ctx, connection); err == nil {
			present.print(term.Out)
		}
		return err
	})
}

// get reads the conference.
func (c inConference) get(ctx context.Context, connection *client.Client) (conferenceAnswer, error) {
	var found conferenceAnswer
	id, err := c.find(ctx, connection, c.Conference)
	if err != nil {
		return found, err
	}
	err = connection.Call(ctx, http.MethodGet, c.path("/", id), nil, &found)
	return found, err
}

// dayID gives the id of the day on a date.
func (c conferenceAnswer) dayID(date string) (string, error) {
	var entries []entry
	for _, day := range c.Days {
		entries = append(entries, entry{ID: day.ID, Name: day.Date})
	}
	return chosen("day", entries, date)
}

// kindID gives the id of a talk kind by its id or title.
func (c conferenceAnswer) kindID(name string) (string, error) {
	var entries []entry
	for _, kind := range c.TalkKinds {
		entries = append(entries, entry{ID: kind.ID, Name: kind.Title})
	}
	return chosen("talk kind", entries, name)
}

// dayCommand groups the commands about a conference's days.
type dayCommand struct {
	Add    dayAddCommand    `cmd:"" help:"Add a day."`
	Set    daySetCommand    `cmd:"" help:"Give a day another date, or say for whom it is."`
	Remove dayRemoveCommand `cmd:"" help:"Remove a day, with the hours on it."`
}

// audienceValues say for whom a day is.
type audienceValues struct {
	Everybody bool     `help:"For all pupils."`
	Year      []string `help:"For this year, as the roster names it." placeholder:"YEAR"`
	Group     []string `help:"For this group, by id, key or name." placeholder:"GROUP"`
	Siblings  bool     `help:"A family that may come for one child may bring its other children."`
}

// body gives the audience that was said; nil if none was.
func (v audienceValues) body(ctx context.Context, connection *client.Client, school string) (map[string]any, error) {
	if !v.Everybody && len(v.Year) == 0 && len(v.Group) == 0 && !v.Siblings {
		return nil, nil
	}
	groups, err := idsOf(ctx, connection, school, "group", v.Group)
	if err != nil {
		return nil, err
	}
	return map[string]any{"everybody": v.Everybody, "years": append([]string{}, v.Year...), "groups": groups, "siblings": v.Siblings}, nil
}

type dayAddCommand struct {
	inConference   `embed:""`
	Date           string `arg:"" help:"Such as 2026-11-24."`
	audienceValues `embed:""`
}

// Run adds the day.
func (c dayAddCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.change(ctx, s, term, http.MethodPost, func(connection *client.Client, _ conferenceAnswer) (string, any, error) {
		body := map[string]any{"date": c.Date}
		audience, err := c.body(ctx, connection, c.School)
		if audience != nil {
			body["audience"] = audience
		}
		return "/days", body, err
	})
}

type daySetCommand struct {
	inConference   `embed:""`
	Day            string  `arg:"" help:"The day's date, or its id."`
	Date           *string `help:"Its new date; the teachers' hours go along." placeholder:"DATE"`
	audienceValues `embed:""`
}

// Run changes the day.
func (c daySetCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.change(ctx, s, term, http.MethodPatch, func(connection *client.Client, present conferenceAnswer) (string, any, error) {
		id, err := present.dayID(c.Day)
		if err != nil {
			return "", nil, err
		}
		body := map[string]any{}
		put(body, "date", c.Date)
		audience, err := c.body(ctx, connection, c.School)
		if audience != nil {
			body["audience"] = audience
		}
		return "/days/" + id, body, err
	})
}

type dayRemoveCommand struct {
	inConference `embed:""`
	Day          string `arg:"" help:"The day's date, or its id."`
}

// Run removes the day.
func (c dayRemoveCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.change(ctx, s, term, http.MethodDelete, func(_ *client.Client, present conferenceAnswer) (string, any, error) {
		id, err := present.dayID(c.Day)
		return "/days/" + id, nil, err
	})
}

// kindCommand groups the commands about a conference's talk kinds.
type kindCommand struct {
	Add    kindAddCommand    `cmd:"" help:"Add a talk kind."`
	Set    kindSetCommand    `cmd:"" help:"Change a talk kind."`
	Remove kindRemoveCommand `cmd:"" help:"Remove a talk kind, with its offers."`
}

// kindValues are what can be said of a talk kind.
type kindValues struct {
	Minutes     *int    `help:"Its length." placeholder:"MINUTES"`
	Staffing    *string `help:"With whom, by the roster: mentor, group (mentor or group teacher), subject, care, offer." placeholder:"WHO"`
	Pairing     *string `help:"What two teachers who share a group mean: either, together, both." placeholder:"HOW"`
	Obligation  *string `help:"optional, expected, required." placeholder:"HOW"`
	MaxPerPupil *int    `help:"Talks of this kind per pupil; 0 for no limit." placeholder:"COUNT"`
	OneAtATime  *bool   `help:"A child of two households who comes too is at one talk at a time; then each household sees when the other one comes." negatable:""`
	Attends     *bool   `name:"pupil-attends" help:"The child comes too." negatable:""`
}

func (v kindValues) body(title *string) map[string]any {
	body := map[string]any{}
	put(body, "title", title)
	put(body, "minutes", v.Minutes)
	put(body, "staffing", v.Staffing)
	put(body, "pairing", v.Pairing)
	put(body, "obligation", v.Obligation)
	put(body, "max_per_pupil", v.MaxPerPupil)
	put(body, "pupil_attends", v.Attends)
	put(body, "one_at_a_time", v.OneAtATime)
	return body
}

type kindAddCommand struct {
	inConference `embed:""`
	Title        string `arg:"" help:"What parents read."`
	kindValues   `embed:""`
}

// Run adds the talk kind.
func (c kindAddCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.change(ctx, s, term, http.MethodPost, func(*client.Client, conferenceAnswer) (string, any, error) {
		return "/talk-kinds", c.body(&c.Title), nil
	})
}

type kindSetCommand struct {
	inConference `embed:""`
	Kind         string  `arg:"" help:"The talk kind's title, or its id."`
	Title        *string `help:"What parents read." placeholder:"TITLE"`
	Position     *int    `help:"Its place among the talk kinds, from 0." placeholder:"PLACE"`
	kindValues   `embed:""`
}

// Run changes the talk kind.
func (c kindSetCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.change(ctx, s, term, http.MethodPatch, func(_ *client.Client, present conferenceAnswer) (string, any, error) {
		id, err := present.kindID(c.Kind)
		body := c.body(c.Title)
		put(body, "position", c.Position)
		return "/talk-kinds/" + id, body, err
	})
}

type kindRemoveCommand struct {
	inConference `embed:""`
	Kind         string `arg:"" help:"The talk kind's title, or its id."`
}

// Run removes the talk kind.
func (c kindRemoveCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.change(ctx, s, term, http.MethodDelete, func(_ *client.Client, present conferenceAnswer) (string, any, error) {
		id, err := present.kindID(c.Kind)
		return "/talk-kinds/" + id, nil, err
	})
}

// offerCommand groups the commands about what is offered beside the talk kinds' staffing.
type offerCommand struct {
	Add    offerAddCommand    `cmd:"" help:"Offer teachers to a pupil, a group or a year; to everybody without one."`
	Remove offerRemoveCommand `cmd:"" help:"Take an offer away; talks that were booked by it stay."`
}

type offerAddCommand struct {
	inConference `embed:""`
	Kind         string   `arg:"" help:"The talk kind's title, or its id."`
	Teacher      []string `required:"" help:"A teacher, by id, key or name; several sit in the talk together." placeholder:"TEACHER"`
	Pupil        string   `help:"For this pupil, by id, key or name." placeholder:"PUPIL" xor:"whom"`
	Group        string   `help:"For this group, by id, key or name." placeholder:"GROUP" xor:"whom"`
	Year         string   `help:"For this year." placeholder:"YEAR" xor:"whom"`
}

// Run makes the offer.
func (c offerAddCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.change(ctx, s, term, http.MethodPost, func(connection *client.Client, present conferenceAnswer) (string, any, error) {
		kind, err := present.kindID(c.Kind)
		if err != nil {
			return "", nil, err
		}
		staff, err := idsOf(ctx, connection, c.School, "teacher", c.Teacher)
		if err != nil {
			return "", nil, err
		}
		body := map[string]any{"talk_kind": kind, "staff": staff}
		if c.Year != "" {
			body["year"] = c.Year
		}
		for what, name := range map[string]string{"pupil": c.Pupil, "group": c.Group} {
			if name == "" {
				continue
			}
			if body[what], err = idOf(ctx, connection, c.School, what, name); err != nil {
				return "", nil, err
			}
		}
		return "/offers", body, nil
	})
}

type offerRemoveCommand struct {
	inConference `embed:""`
	Offer        string `arg:"" help:"The offer's id; conference show has it."`
}

// Run takes the offer away.
func (c offerRemoveCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.change(ctx, s, term, http.MethodDelete, func(*client.Client, conferenceAnswer) (string, any, error) {
		return "/offers/" + strings.TrimSpace(c.Offer), nil, nil
	})
}

// conferenceSetCommand changes a conference's own settings.
type conferenceSetCommand struct {
	inConference    `embed:""`
	Title           *string `help:"What it is called." placeholder:"TITLE"`
	Key             *string `help:"The school's own key." placeholder:"KEY"`
	Note            *string `help:"What parents read above their choices." placeholder:"TEXT"`
	Opens           *string `help:"From when on parents may book, such as 2026-11-02T18:00:00Z." placeholder:"TIME"`
	Closes          *string `help:"Until when parents may book." placeholder:"TIME"`
	MaxPerPupil     *int    `help:"Talks per pupil; 0 for no limit." placeholder:"COUNT"`
	MaxPerHousehold *int    `help:"Talks per household; 0 for no limit." placeholder:"COUNT"`
	WalkingMinutes  *int    `help:"What it takes from one part of the building to another." placeholder:"MINUTES"`
	LeadMinutes     *int    `help:"How long before a talk parents can no longer book or move it." placeholder:"MINUTES"`
	CancelMinutes   *int    `help:"How long before a talk parents can no longer cancel it; that goes on after booking has closed." placeholder:"MINUTES"`
}

// Run changes what was given.
func (c conferenceSetCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.change(ctx, s, term, http.MethodPatch, func(_ *client.Client, present conferenceAnswer) (string, any, error) {
		body := map[string]any{}
		put(body, "title", c.Title)
		put(body, "key", c.Key)
		put(body, "note", c.Note)
		put(body, "opens_at", c.Opens)
		put(body, "closes_at", c.Closes)
		limits := map[string]any{}
		put(limits, "max_per_pupil", c.MaxPerPupil)
		put(limits, "max_per_household", c.MaxPerHousehold)
		put(limits, "walking_minutes", c.WalkingMinutes)
		put(limits, "lead_minutes", c.LeadMinutes)
		put(limits, "cancel_minutes", c.CancelMinutes)
		if len(limits) > 0 { // the API replaces them as a whole
			for name, value := range present.Rules {
				if _, given := limits[name]; !given {
					limits[name] = value
				}
			}
			body["rules"] = limits
		}
		return "", body, nil
	})
}

// conferenceRemoveCommand removes a conference.
type conferenceRemoveCommand struct {
	inConference `embed:""`
	Yes          bool `help:"Do it without asking."`
}

// Run asks, and removes the conference.
func (c conferenceRemoveCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		present, err := c.get(ctx, connection)
		if err != nil {
			return err
		}
		present.print(term.Out)
		if !c.Yes && !console.Agreed(term, "Remove this conference with everything that belongs to it?") {
			fmt.Fprintln(term.Out, "Nothing was changed.")
			return console.ErrFailed
		}
		if err := connection.Call(ctx, http.MethodDelete, c.path("/", present.ID), nil, nil); err != nil {
			return err
		}
		_, err = fmt.Fprintf(term.Out, "%s is removed\n", present.Title)
		return err
	})
}
