package main

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/ouderavond/ouderavond/booking/sample"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/rush"
)

// attacked is a school that is made to be attacked.
type attacked struct {
	*rush.School
	office *rush.Office
	wipe   func() error
}

// given is the address that a command was given, if any.
func given(address string) []string {
	if address == "" {
		return nil
	}
	return []string{address}
}

// made makes a school of invented people on the server.
func (c target) made(ctx context.Context, s *settings, term console.Terminal, targets []*url.URL, families int, seed uint64) (*attacked, error) {
	office, err := c.office(s, targets)
	if err != nil {
		return nil, err
	}
	if seed == 0 {
		seed = uint64(time.Now().UnixMilli())
	}
	plan := rush.Scale{Schools: 1, Families: families, Level: sample.LevelPrimary, Seed: seed, Evenings: 1, Contacts: 1}
	all, err := rush.Prepare(ctx, office, plan, sayer(term.Err))
	wipe := func() error { return rush.Wipe(context.WithoutCancel(ctx), office, all) }
	if err != nil {
		return nil, errors.Join(err, wipe())
	}
	return &attacked{School: &all.Schools[0], office: office, wipe: wipe}, nil
}

// names are those of its children.
func (a *attacked) names() (names []string) {
	for _, family := range a.Families {
		for _, child := range family.Children {
			names = append(names, child.Name)
		}
	}
	return names
}
