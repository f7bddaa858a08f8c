package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/cmd/internal/rush"
)

// target is which server is meant, and how the office's part of the API is reached: by a key, or by the socket of the data folder or the demonstration.
type target struct {
	OperatorKey      string `env:"OUDERAVOND_OPERATOR_KEY" help:"An operator's API key, where the server's data folder is not on this machine. Give it by the environment." placeholder:"KEY"`
	ThisServerIsMine bool   `help:"Say that you run this server and that nobody else is in its way. Needed for any that is not on this machine."`
}

// targets reads the addresses; the default is the one that a server on this machine listens on.
func (c target) targets(given []string, s *settings) ([]*url.URL, error) {
	if len(given) == 0 {
		given = []string{"http://" + s.Listen}
	}
	var targets []*url.URL
	for _, text := range given {
		if err := checkURL(text); err != nil {
			return nil, fmt.Errorf("%s: %w", text, err)
		}
		address, err := url.Parse(text)
		if err != nil {
			return nil, err
		}
		if !rush.Local(address.Host) && !c.ThisServerIsMine {
			return nil, fmt.Errorf("%s is not on this machine, and a rush is a flood: only with --this-server-is-mine", text)
		}
		targets = append(targets, address)
	}
	return targets, nil
}

// office finds the operator's way in.
func (c target) office(s *settings, targets []*url.URL) (*rush.Office, error) {
	if c.OperatorKey != "" {
		office := &rush.Office{HTTP: http.DefaultClient, Key: c.OperatorKey}
		for _, address := range targets {
			office.Bases = append(office.Bases, strings.TrimRight(address.String(), "/"))
		}
		return office, nil
	}
	for _, data := range []string{s.Data, datafolder.DemonstrationFolder(s.Listen)} {
		path := datafolder.Folder{Path: data}.Socket()
		if connection, err := net.Dial("unix", path); err == nil {
			_ = connection.Close()
			return &rush.Office{HTTP: client.OverSocket(path), Bases: []string{"http://ouderavond"}}, nil
		}
	}
	return nil, fmt.Errorf("no server answers on the socket of %s or of the demonstration; give its --data, or --operator-key", datafolder.Short(s.Data))
}

// goCommand is the rush itself.
type goCommand struct {
	target     `embed:""`
	schoolPlan `embed:""`
	URL        []string `arg:"" optional:"" help:"The server, or several on one database; the one on this machine if left out, the demonstration too."`

	From string `help:"Families that 'rush prepare' wrote. Without, a school is made first and wiped afterwards." placeholder:"FILE"`
	Keep bool   `help:"Do not wipe the school that was made."`

	Clients        int           `help:"How many telephones are busy at once." default:"200"`
	Arrive         string        `help:"at-once, peak (half of them in the first seventh of the time) or steady." default:"at-once" enum:"at-once,peak,steady"`
	Over           time.Duration `help:"The time over which they arrive." default:"30s"`
	Talks          int           `help:"How many talks a family wants, over all of its children." default:"3"`
	SameTeachers   float64       `help:"The share of families, 0 to 1, that want the same teachers as early as can be." placeholder:"SHARE"`
	SecondThoughts float64       `help:"The share of families, 0 to 1, that cancel or move a talk afterwards." placeholder:"SHARE"`
	ReadBack       bool          `help:"Let every family look at what it booked."`
	Pages          bool          `help:"Let families come through the pages, as their telephones do. Schools made for it get a run by the API first, for the ratio."`
	Bookings       bool          `help:"Log everybody in and let them choose before the clock starts: measures booking alone."`
	Tries          int           `help:"How often a family tries before it does without." default:"6"`
	Patience       time.Duration `help:"How long a family waits for an answer, with all repeats." default:"60s"`
	Compressed     bool          `help:"Ask for compressed answers, as browsers do."`
	KillProof      string        `help:"Write each booking and each answer to this file before going on, for 'rush audit' after a crash." placeholder:"FILE"`
	PID            []int         `name:"pid" help:"The servers' processes, for what they cost; found by the port if left out." placeholder:"PID"`
	Seed           uint64        `help:"Another number makes other people who choose differently; any if left out." placeholder:"N"`
	JSON           bool          `name:"json" help:"Print the report as JSON."`
}

// Run lets the families come; the exit code is 0 if the audit found nothing.
func (c goCommand) Run(ctx context.Context, s *settings, term console.Terminal) (err error) {
	targets, err := c.targets(c.URL, s)
	if err != nil {
		return err
	}
	office, err := c.office(s, targets)
	if err != nil {
		return err
	}
	if c.Seed == 0 {
		c.Seed = uint64(time.Now().UnixMilli())
	}
	options := c.options(targets, term)
	if err := options.Check(); err != nil {
		return err
	}
	if c.KillProof != "" {
		file, err := os.OpenFile(c.KillProof, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		options.Journal = file
	}
	var api *rush.Report
	if c.Pages && c.From == "" {
		// The same people come to a school of their own by the API first: how much more pages cost is told by one machine in one go.
		byAPI := options
		byAPI.Pages, byAPI.Journal = false, nil
		if api, err = c.rush(ctx, office, byAPI, term); err != nil {
			return err
		}
		if !c.JSON {
			api.Print(term.Out)
		}
	}
	report, err := c.rush(ctx, office, options, term)
	if report == nil {
		return err
	}
	report.Beside(api)
	if c.JSON {
		err = errors.Join(err, console.PrintJSON(term, report))
	} else {
		report.Print(term.Out)
	}
	if err == nil && !report.Passed() {
		return console.ErrFailed
	}
	return err
}

// rush lets families come once, in schools of their own unless there is a file of them.
func (c goCommand) rush(ctx context.Context, office *rush.Office, options rush.Options, term console.Terminal) (report *rush.Report, err error) {
	families, wipe, err := c.families(ctx, office, term)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, wipe()) }()
	return rush.Run(ctx, families, office, options)
}

func (c goCommand) options(targets []*url.URL, term console.Terminal) rush.Options {
	servers := c.PID
	for _, target := range targets {
		if pid, ok := rush.Listener(target.Port()); ok && len(c.PID) == 0 && rush.Local(target.Host) {
			servers = append(servers, pid)
		}
	}
	return rush.Options{
		Targets: targets, Clients: c.Clients, Arrive: rush.Curve(c.Arrive), Over: c.Over, Talks: c.Talks, SameTeachers: c.SameTeachers,
		SecondThoughts: c.SecondThoughts, ReadBack: c.ReadBack, Bookings: c.Bookings, Pages: c.Pages, Tries: c.Tries, Patience: c.Patience, Compressed: c.Compressed,
		Seed: c.Seed, Progress: term.Err, Servers: servers,
	}
}

// families reads the file of families, or makes a school for this rush alone. wipe removes what was made.
func (c goCommand) families(ctx context.Context, office *rush.Office, term console.Terminal) (families *rush.Families, wipe func() error, err error) {
	nothing := func() error { return nil }
	if c.From != "" {
		families, err = readFamilies(c.From)
		return families, nothing, err
	}
	plan := c.plan(c.Seed)
	if c.SameTeachers > 0 && plan.Popular == 0 {
		plan.Popular = 3
	}
	families, err = rush.Prepare(ctx, office, plan, sayer(term.Err))
	if !c.Keep {
		// Also what a rush that was interrupted leaves behind.
		wipe = func() error { return rush.Wipe(context.WithoutCancel(ctx), office, families) }
	} else {
		wipe = nothing
	}
	if err != nil {
		return nil, nil, errors.Join(err, wipe())
	}
	return families, wipe, nil
}

// checkURL accepts what a browser could open: a scheme of the web and a host.
func checkURL(text string) error {
	address, err := url.Parse(text)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return errors.New("not an address like http://127.0.0.1:8080")
	}
	return nil
}
