package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
)

// roomCommand groups the commands about rooms.
type roomCommand struct {
	List   roomListCommand   `cmd:"" help:"List the rooms: key, name, building, id."`
	Add    roomAddCommand    `cmd:"" help:"Add a room."`
	Set    roomSetCommand    `cmd:"" help:"Change a room."`
	Remove roomRemoveCommand `cmd:"" help:"Remove a room; hours in it stay, without a room."`
}

type roomListCommand struct {
	listOf `embed:""`
}

// Run prints a room a line.
func (c roomListCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return c.print(ctx, s, term, "rooms", func(one listed) []string {
		return []string{one.Key, one.Name, one.Zone, map[bool]string{true: "used alone"}[one.UsedAlone], one.ID}
	})
}

// roomValues are what can be said of a room.
type roomValues struct {
	Key   *string `help:"The school's own key." placeholder:"KEY"`
	Zone  *string `help:"The part of the building; between two, families need time to walk." placeholder:"BUILDING"`
	Alone *bool   `help:"It holds one talk at a time." negatable:""`
}

func (v roomValues) body(name *string) map[string]any {
	body := map[string]any{}
	put(body, "key", v.Key)
	put(body, "zone", v.Zone)
	put(body, "used_alone", v.Alone)
	put(body, "name", name)
	return body
}

// put puts what was given into a request.
func put[T any](body map[string]any, name string, value *T) {
	if value != nil {
		body[name] = *value
	}
}

type roomAddCommand struct {
	School     string `required:"" help:"The school's slug." placeholder:"SLUG"`
	Name       string `arg:"" help:"What it is called."`
	roomValues `embed:""`
}

// Run adds the room and tells its id.
func (c roomAddCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		var made listed
		if err := connection.Call(ctx, http.MethodPost, apiSchools+"/"+c.School+"/rooms", c.body(&c.Name), &made); err != nil {
			return err
		}
		_, err := fmt.Fprintf(term.Out, "%s  %s\n", made.ID, made.Name)
		return err
	})
}

type roomSetCommand struct {
	School     string  `required:"" help:"The school's slug." placeholder:"SLUG"`
	Room       string  `arg:"" help:"The room's id, key or name."`
	Name       *string `help:"What it is called." placeholder:"NAME"`
	roomValues `embed:""`
}

// Run changes what was given.
func (c roomSetCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		id, err := idOf(ctx, connection, c.School, "room", c.Room)
		if err != nil {
			return err
		}
		var changed listed
		if err := connection.Call(ctx, http.MethodPatch, apiSchools+"/"+c.School+"/rooms/"+id, c.body(c.Name), &changed); err != nil {
			return err
		}
		_, err = fmt.Fprintf(term.Out, "%s  %s\n", changed.ID, changed.Name)
		return err
	})
}

type roomRemoveCommand struct {
	School string `required:"" help:"The school's slug." placeholder:"SLUG"`
	Room   string `arg:"" help:"The room's id, key or name."`
}

// Run removes the room.
func (c roomRemoveCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	return connected(ctx, s, term, func(connection *client.Client) error {
		id, err := idOf(ctx, connection, c.School, "room", c.Room)
		if err != nil {
			return err
		}
		if err := connection.Call(ctx, http.MethodDelete, apiSchools+"/"+c.School+"/rooms/"+id, nil, nil); err != nil {
			return err
		}
		_, err = fmt.Fprintf(term.Out, "room %s is removed\n", c.Room)
		return err
	})
}
