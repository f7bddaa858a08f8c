package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"

	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
)

// accountEntry is an account as the API lists them.
type accountEntry struct{ ID, Login, Name, Role, State string }

func accountsPath(school string) string { return apiSchools + "/" + school + "/accounts" }

func accounts(ctx context.Context, connection *client.Client, school string) ([]accountEntry, error) {
	var answer struct{ Items []accountEntry }
	err := connection.Call(ctx, http.MethodGet, accountsPath(school), nil, &answer)
	return answer.Items, err
}

// adminListCommand lists the accounts of a school.
type adminListCommand struct {
	listOf `embed:""`
}

// Run prints an account a line.
func (c adminListCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.print(ctx, s, term, "accounts", func(one listed) []string { return []string{one.Login, one.Role, one.State, one.Name} })
}

// accountArgument names an account of a school.
type accountArgument struct {
	School string `required:"" help:"The school's slug." placeholder:"SLUG"`
	Login  string `arg:"" help:"The account's login name, or its id."`
}

// call makes a request of the account's part of the API.
func (a accountArgument) call(ctx context.Context, s *config.Settings, term console.Terminal, method, below string, body any, done string) error {
	connection, err := connect(ctx, s, term.Err)
	if err != nil {
		return err
	}
	defer connection.Close()
	list, err := accounts(ctx, connection, a.School)
	if err != nil {
		return err
	}
	for _, one := range list {
		if !strings.EqualFold(one.Login, strings.TrimSpace(a.Login)) && one.ID != a.Login {
			continue
		}
		if err := connection.Call(ctx, method, accountsPath(a.School)+"/"+one.ID+below, body, nil); err != nil {
			return err
		}
		_, err := fmt.Fprintf(term.Out, "account %s of %s: %s\n", one.Login, a.School, done)
		return err
	}
	return fmt.Errorf("the school has no account with the login %q", a.Login)
}

// adminDisableCommand switches an account off.
type adminDisableCommand struct {
	accountArgument `embed:""`
}

// Run switches the account off.
func (c adminDisableCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.call(ctx, s, term, http.MethodPatch, "", map[string]any{"disabled": true}, "disabled")
}

// adminEnableCommand switches an account on again.
type adminEnableCommand struct {
	accountArgument `embed:""`
}

// Run switches the account on.
func (c adminEnableCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.call(ctx, s, term, http.MethodPatch, "", map[string]any{"disabled": false}, "enabled")
}

// adminPasswordCommand gives an account another password.
type adminPasswordCommand struct {
	accountArgument `embed:""`
	Password        string `env:"OUDERAVOND_PASSWORD" help:"At least twelve characters; made and shown once if left out. Give it by the environment." placeholder:"PASSWORD"`
}

// Run sets the password and shows it if it was made.
func (c adminPasswordCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	password := c.Password
	if password == "" {
		password = rand.Text()
	}
	if err := c.call(ctx, s, term, http.MethodPatch, "", map[string]any{"password": password}, "has another password"); err != nil {
		return err
	}
	if c.Password == "" {
		fmt.Fprintf(term.Out, "password %s\nIt is not shown again.\n", password)
	}
	return nil
}

// adminLogOutCommand ends all sessions of an account.
type adminLogOutCommand struct {
	accountArgument `embed:""`
}

// Run ends the sessions.
func (c adminLogOutCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.call(ctx, s, term, http.MethodPost, "/log-out", nil, "logged out everywhere")
}

// adminOpenCommand keeps an account's log-in open from an address.
type adminOpenCommand struct {
	accountArgument `embed:""`
	Address         string `required:"" help:"The address that the person logs in from, as the server sees it." placeholder:"ADDRESS"`
}

// Run opens it.
func (c adminOpenCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.call(ctx, s, term, http.MethodPost, "/open", map[string]any{"address": c.Address}, "open from "+c.Address+" for an hour")
}

// adminRemoveCommand removes an account.
type adminRemoveCommand struct {
	accountArgument `embed:""`
}

// Run removes the account.
func (c adminRemoveCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.call(ctx, s, term, http.MethodDelete, "", nil, "removed")
}
