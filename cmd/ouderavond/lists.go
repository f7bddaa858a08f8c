package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
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
	ID, Key, Name, Given, Prefix, Surname, State, Year, Email, Zone, Label, Login, Interpreter string
	Roles                                                                                      []string
	SecondFactor                                                                               string `json:"second_factor"`
	UsedAlone                                                                                  bool   `json:"used_alone"`
	Group                                                                                      json.RawMessage
	Pupils                                                                                     []struct{ Key, Name, Group string }
	Guardians                                                                                  []listedGuardian
	Contacts                                                                                   []struct{ ID, Value, Guardian string }
	ByHand                                                                                     json.RawMessage `json:"by_hand"`
}

func (l listed) name() string {
	if l.Given == "" {
		return l.Name
	}
	return strings.Join(strings.Fields(l.Given+" "+l.Prefix+" "+l.Surname), " ")
}

// byHand names what was set by hand.
func (l listed) byHand() (fields []string) {
	_ = json.Unmarshal(l.ByHand, &fields)
	return fields
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
