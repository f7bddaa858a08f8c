package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/cmd/internal/demo"
	"github.com/ouderavond/ouderavond/cmd/internal/machine"
	"github.com/ouderavond/ouderavond/cmd/internal/server"
)

// serveCommand runs the server.
type serveCommand struct {
	Check bool `help:"Only look whether the server could start with these settings."`
}

// Run runs the server until it is told to stop, or until another program takes its place (SIGUSR2).
func (c serveCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	if c.Check {
		return checkStart(ctx, s, term)
	}
	a, err := server.NewWaitingApp(ctx, s, term)
	if err != nil {
		return err
	}
	a.Upgradable = true
	for _, variable := range config.Unused(os.Environ()) {
		a.Logger.Warn("this variable is no setting, and changes nothing", "variable", variable)
	}
	err = a.Serve(ctx, func(address string) {
		about := []any{"address", address, "url", a.Settings.PublicURL(), "data", datafolder.Short(a.Folder.Path), "version", server.Version()}
		a.Logger.Info("listening", append(about, a.Settings.Told()...)...)
		if first, code := a.FirstSchool(ctx); first != "" {
			fmt.Fprintf(term.Out, "\nThere is no school yet. Make the first one, and its administrator, at\n  %s\nFrom another machine it asks for the code %s\n\n", first, code)
		}
	})
	a.Close()
	if errors.Is(err, server.ErrUpgrade) {
		a.Logger.Info("giving way to the new program")
		err = server.BecomeSuccessor(a.Sockets, a.Keeper.Variable())
	}
	a.Logger.Info("stopped", "error", err)
	return err
}

// checkStart looks at what can be seen without the data folder's lock: settings, certificate, master key, carriers, the folder for copies, and whether the
// program knows the schema of the database. Before an upgrade the running program asks it, so whatever passes here and stops a start all the same is an outage.
func checkStart(ctx context.Context, s *config.Settings, term console.Terminal) error {
	if err := s.Check(); err != nil {
		return err
	}
	a := &server.App{Settings: s, Folder: datafolder.Folder{Path: s.Data}, Logger: server.NewLogger(s, term.Err), Clock: machine.Clock{}, Metrics: server.NewMetrics()}
	if err := a.Fits(ctx); err != nil {
		return err
	}
	if _, err := a.SMTP(nil); err != nil {
		return err
	}
	if _, err := a.Twilio(nil); err != nil {
		return err
	}
	if _, err := a.NewBackupJob(); err != nil {
		return err
	}
	for _, variable := range config.Unused(os.Environ()) {
		fmt.Fprintln(term.Err, variable, "is no setting, and changes nothing")
	}
	fmt.Fprintln(term.Out, "ouderavond", server.Version(), "can start with these settings")
	fmt.Fprintln(term.Out, s.Told()...)
	return nil
}

// versionCommand tells the version.
type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(term console.Terminal) error {
	_, err := fmt.Fprintln(term.Out, "ouderavond", server.Version())
	return err
}

// healthFor bounds the question.
const healthFor = 5 * time.Second

// healthCommand asks the running server how it is, over its local socket: TLS, proxies and addresses have no part in it.
type healthCommand struct {
	Alive bool `help:"Ask only whether the program runs, and not whether it can do its work."`
}

// Run ends with 0 if the server is well.
func (c healthCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	ctx, cancel := context.WithTimeout(ctx, healthFor)
	defer cancel()
	path := "/readyz"
	if c.Alive {
		path = "/healthz"
	}
	var answer struct{ Status string }
	err := (&client.Client{HTTP: client.OverSocket(datafolder.Folder{Path: s.Data}.Socket())}).Call(ctx, http.MethodGet, path, nil, &answer)
	told := (*client.Problem)(nil)
	if err != nil && !errors.As(err, &told) {
		return fmt.Errorf("no server answers in %s", datafolder.Short(s.Data))
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(term.Out, answer.Status)
	return err
}

// demoCommand runs the product with two invented schools.
type demoCommand struct {
	Folder string `help:"Folder of the demonstration; begun anew at each start. Default: a folder for temporary files." placeholder:"DIR"`
	Keep   bool   `help:"Go on with what the last demonstration left."`
}

// Run starts the demonstration: on this machine only, and without any message leaving it.
func (c demoCommand) Run(ctx context.Context, s *config.Settings, term console.Terminal) error {
	demoConfig := demo.Settings(s, c.Folder)
	if err := demoConfig.Check(); err != nil {
		return err
	}
	fresh, err := demo.Prepare(demoConfig.Data, c.Keep)
	if err != nil {
		return err
	}
	notes := &demo.Notes{}
	a, err := server.NewApp(ctx, demoConfig, term.Err, notes.Pages)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := notes.Fill(ctx, a, fresh); err != nil {
		return err
	}
	return a.Serve(ctx, func(string) { notes.Print(term.Out, demoConfig) })
}
