package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
)

// listedGuardian is a guardian in the list of households.
type listedGuardian struct {
	ID, Name, Language string
	Informed           bool
	ByHand             []string `json:"by_hand"`
}

// householdCommand groups the commands about households.
type householdCommand struct {
	List     householdListCommand     `cmd:"" help:"List the households: children, guardians, number of contacts, what was set by hand, id."`
	Set      householdSetCommand      `cmd:"" help:"Say what language a household is written to in, and whether it needs an interpreter."`
	Guardian householdGuardianCommand `cmd:"" help:"Add, correct and remove guardians; files do not undo it."`
	Contact  householdContactCommand  `cmd:"" help:"Add and remove addresses and numbers; files do not undo it."`
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
		return []string{one.entry().Name, strings.Join(guardians, ", "), fmt.Sprintf("%d contacts", len(one.Contacts)), setByHand(one.byHand()), one.ID}
	})
}

func (g listedGuardian) text() string {
	text := g.Name
	if !g.Informed {
		text += " (told nothing)"
	}
	if slices.Contains(g.ByHand, "added") {
		text += " (added by hand)"
	}
	return text
}

// atHome is what the commands about one household have.
type atHome struct {
	School    string `required:"" help:"The school's slug." placeholder:"SLUG"`
	Household string `arg:"" help:"The household's id, or the key or name of one of its children."`
}

// find gives the one household that is meant.
func (a atHome) find(ctx context.Context, connection *client.Client) (home listed, path string, err error) {
	all, err := things(ctx, connection, a.School, "households")
	if err != nil {
		return home, "", err
	}
	var entries []entry
	for _, one := range all {
		if one.isHomeOf(a.Household) {
			entries = append(entries, entry{ID: one.ID, Key: a.Household, Name: one.entry().Name, About: one.Label})
		}
	}
	id, err := chosen("household", entries, a.Household)
	if err != nil {
		return home, "", fmt.Errorf("%w\nsee: ouderavond household list --school %s", err, a.School)
	}
	at := slices.IndexFunc(all, func(one listed) bool { return one.ID == id })
	return all[at], apiSchools + "/" + a.School + "/households/" + id, nil
}

// guardian gives the path of the guardian of a household who is meant.
func (a atHome) guardian(home listed, name string) (id string, err error) {
	entries := make([]entry, len(home.Guardians))
	for i, guardian := range home.Guardians {
		entries[i] = entry{ID: guardian.ID, Name: guardian.Name}
	}
	return chosen("guardian", entries, name)
}

// save sends what is said of a household or its guardians, and prints the household.
func (a atHome) save(ctx context.Context, connection *client.Client, term console.Terminal, method, path string, body map[string]any) error {
	var home listed
	if err := connection.Call(ctx, method, path, body, &home); err != nil {
		return err
	}
	fmt.Fprintf(term.Out, "%s  %s", home.ID, home.entry().Name)
	for name, value := range map[string]string{"interpreter": home.Interpreter} {
		if value != "" {
			fmt.Fprintf(term.Out, "  %s: %s", name, value)
		}
	}
	fmt.Fprintf(term.Out, "  %s\n", setByHand(home.byHand()))
	for _, guardian := range home.Guardians {
		fmt.Fprintf(term.Out, "  %s  %s", guardian.ID, guardian.text())
		for _, contact := range home.Contacts {
			if contact.Guardian == guardian.ID {
				fmt.Fprintf(term.Out, "  %s", contact.Value)
			}
		}
		fmt.Fprintln(term.Out)
	}
	return nil
}

type householdSetCommand struct {
	atHome      `embed:""`
	Label       *string `help:"The school's own note." placeholder:"TEXT"`
	Language    *string `help:"Language of messages to guardians who have none of their own; empty for the school's." placeholder:"TAG"`
	Interpreter *string `help:"Language of the interpreter whom the school asks to the talks; empty for none. Only staff see it." placeholder:"LANGUAGE"`
	releasing   `embed:""`
}

// Run changes what was given.
func (c householdSetCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		_, path, err := c.find(ctx, connection)
		if err != nil {
			return err
		}
		body := map[string]any{}
		put(body, "label", c.Label)
		put(body, "language", c.Language)
		put(body, "interpreter", c.Interpreter)
		c.put(body)
		return c.save(ctx, connection, term, http.MethodPatch, path, body)
	})
}

// householdGuardianCommand groups the commands about guardians.
type householdGuardianCommand struct {
	Set    guardianSetCommand    `cmd:"" default:"withargs" help:"Correct a guardian, or say that one is told nothing."`
	Add    guardianAddCommand    `cmd:"" help:"Add a guardian, with or without contacts."`
	Remove guardianRemoveCommand `cmd:"" help:"Remove a guardian with the contacts, whom files do not bring back."`
}

type guardianSetCommand struct {
	atHome    `embed:""`
	Guardian  string  `arg:"" help:"The guardian's id or name."`
	Name      *string `help:"The name." placeholder:"NAME"`
	Language  *string `help:"Language of messages; empty for the household's." placeholder:"TAG"`
	Informed  *bool   `help:"Whether anything is sent to the guardian: with --no- neither confirmations nor log-in codes, whatever files say." negatable:""`
	releasing `embed:""`
}

// Run changes what was given, and prints the household.
func (c guardianSetCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		home, path, err := c.find(ctx, connection)
		if err != nil {
			return err
		}
		id, err := c.guardian(home, c.Guardian)
		if err != nil {
			return err
		}
		body := map[string]any{}
		put(body, "name", c.Name)
		put(body, "language", c.Language)
		put(body, "informed", c.Informed)
		c.put(body)
		return c.save(ctx, connection, term, http.MethodPatch, path+"/guardians/"+id, body)
	})
}

// contactValues are ways to reach a guardian.
type contactValues struct {
	Email *string `help:"An e-mail address." placeholder:"ADDRESS"`
	Phone *string `help:"A mobile number." placeholder:"NUMBER"`
}

func (v contactValues) body() map[string]any {
	body := map[string]any{}
	put(body, "email", v.Email)
	put(body, "phone", v.Phone)
	return body
}

type guardianAddCommand struct {
	atHome        `embed:""`
	Name          string  `arg:"" help:"The guardian's name."`
	Language      *string `help:"Language of messages." placeholder:"TAG"`
	Teacher       *string `help:"The guardian also teaches here: the teacher's key, name or id." placeholder:"TEACHER"`
	contactValues `embed:""`
}

// Run adds the guardian, and prints the household.
func (c guardianAddCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		_, path, err := c.find(ctx, connection)
		if err != nil {
			return err
		}
		body := c.body()
		body["name"] = c.Name
		put(body, "language", c.Language)
		if c.Teacher != nil {
			if body["teacher"], err = idOf(ctx, connection, c.School, "teacher", *c.Teacher); err != nil {
				return err
			}
		}
		return c.save(ctx, connection, term, http.MethodPost, path+"/guardians", body)
	})
}

type guardianRemoveCommand struct {
	atHome   `embed:""`
	Guardian string `arg:"" help:"The guardian's id or name."`
}

// Run removes the guardian.
func (c guardianRemoveCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		home, path, err := c.find(ctx, connection)
		if err != nil {
			return err
		}
		id, err := c.guardian(home, c.Guardian)
		if err != nil {
			return err
		}
		return connection.Call(ctx, http.MethodDelete, path+"/guardians/"+id, nil, nil)
	})
}

// householdContactCommand groups the commands about addresses and numbers.
type householdContactCommand struct {
	Add    contactAddCommand    `cmd:"" help:"Add an address or a number to a guardian."`
	Remove contactRemoveCommand `cmd:"" help:"Remove an address or a number, which files do not bring back."`
}

type contactAddCommand struct {
	atHome        `embed:""`
	Guardian      string `arg:"" help:"The guardian's id or name."`
	contactValues `embed:""`
}

// Run adds the contact, and prints the household.
func (c contactAddCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		home, path, err := c.find(ctx, connection)
		if err != nil {
			return err
		}
		id, err := c.guardian(home, c.Guardian)
		if err != nil {
			return err
		}
		body := c.body()
		body["guardian"] = id
		return c.save(ctx, connection, term, http.MethodPost, path+"/contacts", body)
	})
}

type contactRemoveCommand struct {
	atHome  `embed:""`
	Contact string `arg:"" help:"The contact's id, or the address or number as the household has it."`
}

// Run removes the contact.
func (c contactRemoveCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		home, path, err := c.find(ctx, connection)
		if err != nil {
			return err
		}
		entries := make([]entry, len(home.Contacts))
		for i, contact := range home.Contacts {
			entries[i] = entry{ID: contact.ID, Name: contact.Value}
		}
		id, err := chosen("contact", entries, c.Contact)
		if err != nil {
			return err
		}
		return connection.Call(ctx, http.MethodDelete, path+"/contacts/"+id, nil, nil)
	})
}

// isHomeOf reports whether a household is called so, by its id or one of its children.
func (l listed) isHomeOf(name string) bool {
	name = strings.TrimSpace(name)
	return l.ID == name || slices.ContainsFunc(l.Pupils, func(pupil struct{ Key, Name, Group string }) bool {
		return strings.EqualFold(pupil.Key, name) || strings.EqualFold(pupil.Name, name)
	})
}
