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
	"github.com/ouderavond/ouderavond/models"
)

// accountEntry is an account as the API lists them.
type accountEntry struct{ ID, Login, Name, State string }

func accountsPath(school string) string { return apiSchools + "/" + school + "/accounts" }

func accounts(ctx context.Context, connection *client.Client, school string) ([]accountEntry, error) {
	var answer struct{ Items []accountEntry }
	err := connection.Call(ctx, http.MethodGet, accountsPath(school), nil, &answer)
	return answer.Items, err
}

// adminCommand groups the commands about accounts of the school's people.
type adminCommand struct {
	Create   adminCreateCommand   `cmd:"" help:"Invite an administrator or somebody else of the school, and print the link; with a password, make the account at once."`
	List     adminListCommand     `cmd:"" help:"List the accounts."`
	Invite   adminInviteCommand   `cmd:"" help:"Print a new link for an invitation that nobody has accepted."`
	Teachers adminTeachersCommand `cmd:"" help:"Invite every teacher of the roster who has no account, by mail."`
	Roles    adminRolesCommand    `cmd:"" help:"Say what an account may do."`
	Disable  adminDisableCommand  `cmd:"" help:"Let nobody in with an account any more; whoever is logged in with it is out at once."`
	Enable   adminEnableCommand   `cmd:"" help:"Let an account in again."`
	Password adminPasswordCommand `cmd:"" help:"Give an account another password; whoever is logged in with it is out at once."`
	NoSecond adminNoSecondCommand `cmd:"" name:"no-second-factor" help:"Take a lost second factor away: its owner sets up another one at the next log-in."`
	LogOut   adminLogOutCommand   `cmd:"" help:"End all sessions of an account."`
	Open     adminOpenCommand     `cmd:"" help:"Let an account log in from an address for an hour, whatever others type for its login."`
	Remove   adminRemoveCommand   `cmd:"" help:"Remove an account."`
}

// roleFlag is a set of roles.
type roleFlag struct {
	Role []string `help:"What the account may do: administrator, coordinator, teacher, reception, read-only. More than one by commas." enum:"administrator,coordinator,teacher,reception,read-only" placeholder:"ROLE"`
}

// adminCreateCommand makes a staff account.
type adminCreateCommand struct {
	School   string `required:"" help:"The school's slug." placeholder:"SLUG"`
	Login    string `required:"" help:"The address by which its owner logs in; with a password it may be any name."`
	Name     string `help:"Whose account it is."`
	Teacher  string `help:"The teacher that it is: the id, key or name. Without a role it is a teacher's account then." placeholder:"TEACHER"`
	Password string `env:"OUDERAVOND_PASSWORD" help:"Make the account at once, without an invitation. Give it by the environment." placeholder:"PASSWORD"`
	roleFlag `embed:""`
}

// Run makes the account and prints the invitation's link.
func (c adminCreateCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		roles := []string{"administrator"}
		body := map[string]any{"login": c.Login}
		if c.Password != "" {
			body["password"] = c.Password
		}
		if c.Name != "" {
			body["name"] = c.Name
		}
		if c.Teacher != "" {
			id, err := idOf(ctx, connection, c.School, "teacher", c.Teacher)
			if err != nil {
				return err
			}
			roles, body["teacher"] = []string{"teacher"}, id
		}
		if len(c.Role) > 0 {
			roles = c.Role
		}
		body["roles"] = roles
		return createAccount(ctx, connection, term, c.School, body)
	})
}

// createAccount makes an account and prints what is handed on.
func createAccount(ctx context.Context, connection *client.Client, term console.Terminal, school string, body map[string]any) error {
	var made struct{ ID, Invitation string }
	if err := connection.Call(ctx, http.MethodPost, accountsPath(school), body, &made); err != nil {
		return err
	}
	fmt.Fprintf(term.Out, "account %s of %s\n", body["login"], school)
	return printInvitation(ctx, connection, term, school, made.Invitation)
}

func printInvitation(ctx context.Context, connection *client.Client, term console.Terminal, school, token string) error {
	if token == "" {
		return nil
	}
	address, err := connection.PublicURL(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(term.Out, "invitation %s/%s%s%s\nGood once, for 14 days. It is not shown again, and was not sent.\n", address, school, models.StaffLinkPath, token)
	return err
}

// adminInviteCommand prints a new link of an invitation.
type adminInviteCommand struct {
	accountArgument `embed:""`
}

// Run makes the link.
func (c adminInviteCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		one, err := c.find(ctx, connection)
		if err != nil {
			return err
		}
		var made struct{ Invitation string }
		if err := connection.Call(ctx, http.MethodPost, accountsPath(c.School)+"/"+one.ID+"/invite", nil, &made); err != nil {
			return err
		}
		return printInvitation(ctx, connection, term, c.School, made.Invitation)
	})
}

// adminTeachersCommand invites all teachers.
type adminTeachersCommand struct {
	School string `required:"" help:"The school's slug." placeholder:"SLUG"`
	Again  bool   `help:"Those anew who have not accepted."`
}

// Run sends the invitations.
func (c adminTeachersCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		var done struct {
			New, Again, Have int
			Missing          []string
		}
		if err := connection.Call(ctx, http.MethodPost, accountsPath(c.School)+"/invite-teachers", map[string]any{"again": c.Again}, &done); err != nil {
			return err
		}
		_, err := fmt.Fprintf(term.Out, "%d invited, %d again, %d have an account, %d have no address of their own\n", done.New, done.Again, done.Have, len(done.Missing))
		return err
	})
}

// adminRolesCommand changes what an account may do.
type adminRolesCommand struct {
	accountArgument `embed:""`
	roleFlag        `embed:""`
}

// Run changes the roles.
func (c adminRolesCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.call(ctx, s, term, http.MethodPatch, "", map[string]any{"roles": c.Role}, "has other roles")
}

// adminNoSecondCommand takes a second factor away.
type adminNoSecondCommand struct {
	accountArgument `embed:""`
}

// Run takes it away.
func (c adminNoSecondCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.call(ctx, s, term, http.MethodPatch, "", map[string]any{"second_factor": false}, "has no second factor any more")
}

// adminListCommand lists the accounts of a school.
type adminListCommand struct {
	listOf `embed:""`
}

// Run prints an account a line.
func (c adminListCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.print(ctx, s, term, "accounts", func(one listed) []string {
		return []string{one.Login, strings.Join(one.Roles, ","), one.State, one.SecondFactor, one.Name}
	})
}

// accountArgument names an account of a school.
type accountArgument struct {
	School string `required:"" help:"The school's slug." placeholder:"SLUG"`
	Login  string `arg:"" help:"The account's login, or its id."`
}

// call makes a request of the account's part of the API.
func (a accountArgument) call(ctx context.Context, s *config.Settings, term console.Terminal, method, below string, body any, done string) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		one, err := a.find(ctx, connection)
		if err != nil {
			return err
		}
		if err := connection.Call(ctx, method, accountsPath(a.School)+"/"+one.ID+below, body, nil); err != nil {
			return err
		}
		_, err = fmt.Fprintf(term.Out, "account %s of %s: %s\n", one.Login, a.School, done)
		return err
	})
}

// find looks the account up.
func (a accountArgument) find(ctx context.Context, connection *client.Client) (accountEntry, error) {
	list, err := accounts(ctx, connection, a.School)
	if err != nil {
		return accountEntry{}, err
	}
	for _, one := range list {
		if strings.EqualFold(one.Login, strings.TrimSpace(a.Login)) || one.ID == a.Login {
			return one, nil
		}
	}
	return accountEntry{}, fmt.Errorf("the school has no account with the login %q", a.Login)
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
