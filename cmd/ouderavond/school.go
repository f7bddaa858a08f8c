package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
)

const apiSchools = "/api/v1/schools"

// schoolCommand groups the commands about schools.
type schoolCommand struct {
	Create      schoolCreateCommand      `cmd:"" help:"Make a school."`
	List        schoolListCommand        `cmd:"" help:"List the schools."`
	Show        schoolShowCommand        `cmd:"" help:"Show a school's settings, and a log-in that is to come."`
	Set         schoolSetCommand         `cmd:"" help:"Change a school's settings."`
	Cancel      schoolCancelCommand      `cmd:"" help:"Wipe a school for good, and print the receipt."`
	TestMessage schoolTestMessageCommand `cmd:"" help:"Try the school's channels out with a message to itself, and tell how they stand."`
	Receipts    schoolReceiptsCommand    `cmd:"" help:"Print the receipts of wiped schools."`
}

// schoolSettings are the settings of a school that the command line can give.
type schoolSettings struct {
	Kind         string   `help:"primary, secondary or vocational; decides the words of every text." placeholder:"KIND"`
	Colour       string   `help:"The school's one colour, as #rrggbb." placeholder:"COLOUR"`
	Zone         string   `help:"Time zone." placeholder:"ZONE"`
	Language     []string `help:"Languages offered to parents, the default first." placeholder:"TAG"`
	Factor       []string `help:"What parents are asked beside the child's name: ${factors}." placeholder:"FACTOR"`
	PostcodePart string   `help:"digits, letters or all." placeholder:"PART"`
	LegalGround  string   `help:"Needed for citizen_last4." placeholder:"TEXT"`
	AcceptWeak   bool     `help:"Accept a single factor, knowing what it is worth."`
	Mail         *bool    `help:"Send mail." negatable:""`
	SMS          *bool    `name:"sms" help:"Send SMS." negatable:""`
	NoMessages   bool     `help:"The school wants no messages at all."`
	Rehearsal    *bool    `help:"Every message goes to the mailbox folder." negatable:""`
	ReplyTo      string   `help:"Where parents' questions go." placeholder:"ADDRESS"`
}

// body puts what was given into a request. The API replaces policy and channels as a whole, so what is not given comes from the present ones.
func (s schoolSettings) body(present map[string]any) map[string]any {
	body := map[string]any{}
	for name, value := range map[string]string{"kind": s.Kind, "colour": s.Colour, "zone": s.Zone, "reply_to": s.ReplyTo} {
		if value != "" {
			body[name] = value
		}
	}
	if len(s.Language) > 0 {
		body["languages"] = s.Language
	}
	if s.Rehearsal != nil {
		body["rehearsal"] = *s.Rehearsal
	}
	if s.Mail != nil || s.SMS != nil {
		channels := part(present, "channels", map[string]any{"mail": true, "sms": false})
		if s.Mail != nil {
			channels["mail"] = *s.Mail
		}
		if s.SMS != nil {
			channels["sms"] = *s.SMS
		}
		channels["none"] = false
		body["channels"] = channels
	}
	if s.NoMessages {
		body["channels"] = map[string]any{"mail": false, "sms": false, "none": true}
	}
	if len(s.Factor) > 0 || s.PostcodePart != "" || s.AcceptWeak {
		policy := part(present, "policy", map[string]any{"factors": []string{"birth_date", "postcode"}})
		if len(s.Factor) > 0 {
			policy["factors"] = s.Factor
		}
		if s.PostcodePart != "" {
			policy["postcode_part"] = s.PostcodePart
		}
		if s.LegalGround != "" {
			policy["legal_ground"] = s.LegalGround
		}
		if s.AcceptWeak {
			policy["accept_weak"] = true
		}
		body["policy"] = policy
	}
	return body
}

func part(present map[string]any, name string, otherwise map[string]any) map[string]any {
	if found, ok := present[name].(map[string]any); ok {
		return found
	}
	return otherwise
}

// schoolCreateCommand makes a school.
type schoolCreateCommand struct {
	Slug           string `arg:"" help:"The school's part of addresses: lower-case letters, digits and hyphens."`
	Name           string `required:"" help:"What the school is called."`
	Place          string `help:"Where it is."`
	Administrator  string `help:"The address of the school's first administrator, whose invitation is printed." placeholder:"ADDRESS"`
	schoolSettings `embed:""`
}

// Run makes the school and tells where its parents log in.
func (c schoolCreateCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	connection, err := connect(ctx, s, term.Err)
	if err != nil {
		return err
	}
	defer connection.Close()
	body := c.body(nil)
	body["slug"], body["name"] = c.Slug, c.Name
	if c.Place != "" {
		body["place"] = c.Place
	}
	var made struct{ ID, Slug string }
	if err := connection.Call(ctx, http.MethodPost, apiSchools, body, &made); err != nil {
		return err
	}
	address, err := connection.PublicURL(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(term.Out, "school %s\nid %s\nparents log in at %s/%s\nstaff log in at %s/%s/staff\n", made.Slug, made.ID, address, made.Slug, address, made.Slug)
	if c.Administrator == "" {
		_, err = fmt.Fprintf(term.Out, "its first administrator is invited by: ouderavond admin create --school %s --login ADDRESS\n", made.Slug)
		return err
	}
	return createAccount(ctx, connection, term, made.Slug, map[string]any{"login": c.Administrator, "roles": []string{"administrator"}})
}

// schoolShowCommand shows a school.
type schoolShowCommand struct {
	Slug string `arg:"" help:"The school's slug."`
}

// Run prints the school as the API says it.
func (c schoolShowCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		var school json.RawMessage
		if err := connection.Call(ctx, http.MethodGet, apiSchools+"/"+c.Slug, nil, &school); err != nil {
			return err
		}
		return console.PrintJSON(term, school)
	})
}

// schoolSetCommand changes a school's settings.
type schoolSetCommand struct {
	Slug           string `arg:"" help:"The school's slug."`
	Name           string `help:"What the school is called."`
	Accept         *int   `name:"accept-locked-out" help:"Bring the log-in that is asked for, or that is to come, into force now, although the parents of so many pupils are locked out by it." placeholder:"COUNT"`
	UndoDays       *int   `help:"For how many days an import can be taken back, 0 to 30; with 0 nothing is kept for it." placeholder:"DAYS"`
	schoolSettings `embed:""`
}

// Run changes what was given.
func (c schoolSetCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	connection, err := connect(ctx, s, term.Err)
	if err != nil {
		return err
	}
	defer connection.Close()
	present := map[string]any{}
	if err := connection.Call(ctx, http.MethodGet, apiSchools+"/"+c.Slug, nil, &present); err != nil {
		return err
	}
	body := c.body(present)
	if c.Name != "" {
		body["name"] = c.Name
	}
	put(body, "accept_locked_out", c.Accept)
	put(body, "undo_days", c.UndoDays)
	var changed map[string]any
	if err := connection.Call(ctx, http.MethodPatch, apiSchools+"/"+c.Slug, body, &changed); err != nil {
		return err
	}
	if pending, ok := changed["pending_policy"].(map[string]any); ok {
		fmt.Fprintf(term.Err, "The log-in of today stays in force: by the other one, the parents of %v pupils would be locked out. Import what it needs, or say --accept-locked-out %v.\n", pending["locked_out"], pending["locked_out"])
	}
	return console.PrintJSON(term, changed)
}

// schoolListCommand lists the schools.
type schoolListCommand struct{}

// Run prints a line for each school.
func (schoolListCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	connection, err := connect(ctx, s, term.Err)
	if err != nil {
		return err
	}
	defer connection.Close()
	var answer struct {
		Items []struct{ ID, Slug, Name string }
	}
	if err := connection.Call(ctx, http.MethodGet, apiSchools, nil, &answer); err != nil {
		return err
	}
	for _, school := range answer.Items {
		fmt.Fprintf(term.Out, "%-24s %s  %s\n", school.Slug, school.ID, school.Name)
	}
	return nil
}

// schoolCancelCommand wipes a school.
type schoolCancelCommand struct {
	Slug string `arg:"" help:"The school's slug, or its id to finish a wipe that was cut off."`
	Yes  bool   `help:"Do it without asking for the slug again."`
}

// Run asks for the slug again, wipes the school and prints the receipt.
func (c schoolCancelCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	connection, err := connect(ctx, s, term.Err)
	if err != nil {
		return err
	}
	defer connection.Close()
	if !c.Yes {
		fmt.Fprintf(term.Out, "This erases everything of %s, for good: pupils, families, conferences, appointments, messages.\n", c.Slug)
		if !console.Confirmed(term, "Type the school's slug again: ", c.Slug) {
			fmt.Fprintln(term.Out, "Nothing was erased.")
			return console.ErrFailed
		}
	}
	var receipt json.RawMessage
	if err := connection.Call(ctx, http.MethodPost, apiSchools+"/"+c.Slug+"/cancel", map[string]string{"slug": c.Slug}, &receipt); err != nil {
		return err
	}
	return console.PrintJSON(term, receipt)
}

// schoolReceiptsCommand prints the receipts of wiped schools.
type schoolReceiptsCommand struct{}

// Run prints the receipts.
func (schoolReceiptsCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	connection, err := connect(ctx, s, term.Err)
	if err != nil {
		return err
	}
	defer connection.Close()
	var receipts json.RawMessage
	if err := connection.Call(ctx, http.MethodGet, "/api/v1/erasures", nil, &receipts); err != nil {
		return err
	}
	return console.PrintJSON(term, receipts)
}

// apikeyCommand groups the commands about API keys.
type apikeyCommand struct {
	Create apikeyCreateCommand `cmd:"" help:"Make an API key; it is shown once."`
}

// apikeyCreateCommand makes an API key.
type apikeyCreateCommand struct {
	School   string   `help:"The school's slug." placeholder:"SLUG" xor:"whose" required:""`
	Operator bool     `help:"Make a key of the operator instead, for all schools." xor:"whose" required:""`
	Name     string   `help:"What it is for." default:"API key"`
	Scope    []string `help:"What it may do; everything of the school if left out." placeholder:"SCOPE"`
}

// Run makes the key and shows it.
func (c apikeyCreateCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	connection, err := connect(ctx, s, term.Err)
	if err != nil {
		return err
	}
	defer connection.Close()
	path, body := "/api/v1/operator-keys", map[string]any(nil)
	if !c.Operator {
		path, body = apiSchools+"/"+c.School+"/api-keys", map[string]any{"name": c.Name, "scopes": c.scopes()}
	}
	var made struct{ Key string }
	if err := connection.Call(ctx, http.MethodPost, path, body, &made); err != nil {
		return err
	}
	_, err = fmt.Fprintf(term.Out, "%s\n", made.Key)
	return err
}

// schoolTestMessageCommand tries a school's channels out.
type schoolTestMessageCommand struct {
	Slug     string `arg:"" help:"The school's slug."`
	Email    string `help:"Send a test message to this address." placeholder:"ADDRESS"`
	Phone    string `help:"Send a test message to this mobile number." placeholder:"NUMBER"`
	Language string `help:"Language of the message." placeholder:"TAG"`
	Arrived  string `help:"Say that one arrived, with the link that stands in it." placeholder:"LINK"`
}

// Run sends what was asked for, and tells how the channels stand.
func (c schoolTestMessageCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	connection, err := connect(ctx, s, term.Err)
	if err != nil {
		return err
	}
	defer connection.Close()
	channels := apiSchools + "/" + c.Slug + "/channels"
	if c.Arrived != "" {
		if err := connection.Call(ctx, http.MethodPost, channels+"/confirm", map[string]string{"link": c.Arrived}, nil); err != nil {
			return err
		}
	}
	body := map[string]string{}
	for name, value := range map[string]string{"email": c.Email, "phone": c.Phone, "language": c.Language} {
		if value != "" {
			body[name] = value
		}
	}
	if c.Email != "" || c.Phone != "" {
		if err := connection.Call(ctx, http.MethodPost, channels+"/test", body, nil); err != nil {
			return err
		}
	}
	return printChannels(ctx, connection, channels, term)
}

func printChannels(ctx context.Context, connection *client.Client, path string, term console.Terminal) error {
	var answer struct {
		Items []struct {
			Channel, Carrier string
			On, Arrived      bool
			LastState        string `json:"last_state"`
			LastAbout        string `json:"last_about"`
		}
	}
	if err := connection.Call(ctx, http.MethodGet, path, nil, &answer); err != nil {
		return err
	}
	for _, channel := range answer.Items {
		state := map[bool]string{true: "on", false: "off"}[channel.On] + ", by " + channel.Carrier + ", "
		state += map[bool]string{true: "works", false: "not tried out yet"}[channel.Arrived]
		if channel.LastState != "" {
			state += "; the last test message is " + channel.LastState
		}
		if channel.LastAbout != "" {
			state += ": " + channel.LastAbout
		}
		fmt.Fprintf(term.Out, "%-5s %s\n", channel.Channel, state)
	}
	return nil
}
