package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
)

// entry is a thing of a school that commands take by its id, the school's own key or its name.
type entry struct {
	ID, Key, Name string
	About         string // what tells it from another one of the same name
}

// chosen gives the id of the one thing that a name means. An id goes before a key, a key before a name; what two have names neither.
func chosen(kind string, entries []entry, name string) (string, error) {
	name = strings.TrimSpace(name)
	for _, part := range []func(entry) string{func(e entry) string { return e.ID }, func(e entry) string { return e.Key }, func(e entry) string { return e.Name }} {
		var found []entry
		for _, one := range entries {
			if text := part(one); text != "" && strings.EqualFold(text, name) {
				found = append(found, one)
			}
		}
		if len(found) == 1 {
			return found[0].ID, nil
		}
		if len(found) > 1 {
			text := fmt.Sprintf("%q means %d %ss; give the id of one:", name, len(found), kind)
			for _, one := range found {
				text += strings.TrimRight(fmt.Sprintf("\n  %s %s %s %s", one.ID, one.Key, one.Name, one.About), " ")
			}
			return "", fmt.Errorf("%s", text)
		}
	}
	return "", fmt.Errorf("the school has no %s %q", kind, name)
}

// listed is what lists show of pupils, groups, teachers, households, rooms and accounts; each has some of it.
type listed struct {
	ID, Key, Name, Given, Prefix, Surname, State, Year, Email, Zone, Label, Login, Role string
	UsedAlone                                                                           bool `json:"used_alone"`
	Group                                                                               json.RawMessage
	Pupils                                                                              []struct{ Key, Name, Group string }
	Guardians                                                                           []listedGuardian
	Contacts                                                                            []struct{ Value string }
}

func (l listed) name() string {
	if l.Given == "" {
		return l.Name
	}
	return strings.Join(strings.Fields(l.Given+" "+l.Prefix+" "+l.Surname), " ")
}

func (l listed) group() string {
	var group struct{ Name string }
	_ = json.Unmarshal(l.Group, &group)
	return group.Name
}

func (l listed) entry() entry {
	found := entry{ID: l.ID, Key: l.Key, Name: l.name(), About: strings.TrimSpace(l.group() + " " + l.State)}
	if len(l.Pupils) > 0 { // a household is called as its children are
		var names []string
		for _, pupil := range l.Pupils {
			names = append(names, pupil.Name)
		}
		found.Name = strings.Join(names, ", ")
	}
	return found
}

// pages reads a list of the school as a whole, as it came.
func pages(ctx context.Context, connection *client.Client, path string) ([]json.RawMessage, error) {
	var all []json.RawMessage
	query := url.Values{}
	for {
		var page struct {
			Items []json.RawMessage
			Next  string
		}
		if err := connection.Call(ctx, http.MethodGet, path+"?"+query.Encode(), nil, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if page.Next == "" {
			return all, nil
		}
		query.Set("cursor", page.Next)
	}
}

// things reads a list of the school.
func things(ctx context.Context, connection *client.Client, school, list string) ([]listed, error) {
	items, err := pages(ctx, connection, apiSchools+"/"+school+"/"+list)
	if err != nil {
		return nil, err
	}
	all := make([]listed, len(items))
	for i, item := range items {
		if err := json.Unmarshal(item, &all[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// idOf gives the id of a thing of the school that is named by its id, its key or its name.
func idOf(ctx context.Context, connection *client.Client, school, kind, name string) (string, error) {
	all, err := things(ctx, connection, school, kind+"s")
	if err != nil {
		return "", err
	}
	entries := make([]entry, len(all))
	for i, one := range all {
		entries[i] = one.entry()
	}
	id, err := chosen(kind, entries, name)
	if err != nil {
		return "", fmt.Errorf("%w\nsee: ouderavond %s list --school %s", err, kind, school)
	}
	return id, nil
}

// idsOf is idOf for several.
func idsOf(ctx context.Context, connection *client.Client, school, kind string, names []string) ([]string, error) {
	ids := make([]string, 0, len(names))
	for _, name := range names {
		id, err := idOf(ctx, connection, school, kind, name)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// listOf is what the commands that list have.
type listOf struct {
	School string `required:"" help:"The school's slug." placeholder:"SLUG"`
	JSON   bool   `name:"json" help:"As the API says it."`
}

// print writes a line for each thing of a list, of the cells that a function gives.
func (l listOf) print(ctx context.Context, s *config.Settings, term console.Terminal, list string, cells func(listed) []string) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		if l.JSON {
			items, err := pages(ctx, connection, apiSchools+"/"+l.School+"/"+list)
			if err != nil {
				return err
			}
			return console.PrintJSON(term, append([]json.RawMessage{}, items...))
		}
		all, err := things(ctx, connection, l.School, list)
		if err != nil {
			return err
		}
		table := tabwriter.NewWriter(term.Out, 0, 0, 2, ' ', 0)
		for _, one := range all {
			fmt.Fprintln(table, strings.TrimRight(strings.Join(cells(one), "\t"), "\t"))
		}
		return table.Flush()
	})
}

// connected runs something with a client.
func connected(ctx context.Context, s *config.Settings, term console.Terminal, run func(*client.Client) error) error {
	connection, err := connect(ctx, s, term.Err)
	if err != nil {
		return err
	}
	defer connection.Close()
	return run(connection)
}

// teacherCommand groups the commands about teachers.
type teacherCommand struct {
	List teacherListCommand `cmd:"" help:"List the teachers: key, name, state, id."`
	Set  teacherSetCommand  `cmd:"" help:"Say that a teacher has left the school, or is there again; tells the talks that this leaves."`
}

type teacherSetCommand struct {
	School  string  `required:"" help:"The school's slug." placeholder:"SLUG"`
	Teacher string  `arg:"" help:"The teacher's id, key or name."`
	Left    *bool   `help:"The teacher has left the school." negatable:""`
	Name    *string `help:"The name that parents see." placeholder:"NAME"`
	Email   *string `help:"The teacher's address." placeholder:"ADDRESS"`
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
	return c.print(ctx, s, term, "teachers", func(one listed) []string { return []string{one.Key, one.Name, one.State, one.ID} })
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
	List pupilListCommand `cmd:"" help:"List the pupils: key, name, group, year, state, id."`
}

type pupilListCommand struct {
	listOf `embed:""`
}

// Run prints a pupil a line.
func (c pupilListCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.print(ctx, s, term, "pupils", func(one listed) []string {
		return []string{one.Key, one.name(), one.group(), one.Year, one.State, one.ID}
	})
}

// listedGuardian is a guardian in the list of households.
type listedGuardian struct {
	ID, Name, Language string
	Informed           bool
}

// householdCommand groups the commands about households.
type householdCommand struct {
	List     householdListCommand     `cmd:"" help:"List the households: children, guardians, number of contacts, id."`
	Guardian householdGuardianCommand `cmd:"" help:"Correct a guardian, or say that one is told nothing; files do not undo it."`
}

type householdListCommand struct {
	listOf `embed:""`
}

// Run prints a household a line.
func (c householdListCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.print(ctx, s, term, "households", func(one listed) []string {
		var guardians []string
		for _, guardian := range one.Guardians {
			guardians = append(guardians, guardian.text())
		}
		return []string{one.entry().Name, strings.Join(guardians, ", "), fmt.Sprintf("%d contacts", len(one.Contacts)), one.ID}
	})
}

func (g listedGuardian) text() string {
	if g.Informed {
		return g.Name
	}
	return g.Name + " (told nothing)"
}

type householdGuardianCommand struct {
	School    string  `required:"" help:"The school's slug." placeholder:"SLUG"`
	Household string  `arg:"" help:"The household's id, or the key or name of one of its children."`
	Guardian  string  `arg:"" help:"The guardian's id or name."`
	Name      *string `help:"The name." placeholder:"NAME"`
	Language  *string `help:"Language of messages; empty for the school's own." placeholder:"TAG"`
	Informed  *bool   `help:"Whether anything is sent to the guardian: with --no- neither confirmations nor log-in codes, whatever files say." negatable:""`
}

// Run changes what was given, and prints the household's guardians.
func (c householdGuardianCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		all, err := things(ctx, connection, c.School, "households")
		if err != nil {
			return err
		}
		var entries []entry
		for _, home := range all {
			if home.isHomeOf(c.Household) {
				for _, guardian := range home.Guardians {
					entries = append(entries, entry{ID: home.ID + "/guardians/" + guardian.ID, Key: guardian.ID, Name: guardian.Name, About: home.entry().Name})
				}
			}
		}
		if len(entries) == 0 {
			return fmt.Errorf("the school has no household %q with guardians\nsee: ouderavond household list --school %s", c.Household, c.School)
		}
		path, err := chosen("guardian", entries, c.Guardian)
		if err != nil {
			return err
		}
		body := map[string]any{}
		put(body, "name", c.Name)
		put(body, "language", c.Language)
		put(body, "informed", c.Informed)
		var changed listed
		if err := connection.Call(ctx, http.MethodPatch, apiSchools+"/"+c.School+"/households/"+path, body, &changed); err != nil {
			return err
		}
		for _, guardian := range changed.Guardians {
			fmt.Fprintf(term.Out, "%s  %s\n", guardian.ID, guardian.text())
		}
		return nil
	})
}

// isHomeOf reports whether a household is called so, by its id or one of its children.
func (l listed) isHomeOf(name string) bool {
	name = strings.TrimSpace(name)
	return l.ID == name || slices.ContainsFunc(l.Pupils, func(pupil struct{ Key, Name, Group string }) bool {
		return strings.EqualFold(pupil.Key, name) || strings.EqualFold(pupil.Name, name)
	})
}
