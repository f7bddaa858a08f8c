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
