// Command rush lets families of invented schools come to a server as on an opening evening: it measures, and afterwards compares the schedule with what the
// families were told. It knows of the product what any client knows, and is no part of the program that schools run.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/ouderavond/ouderavond/cmd/internal/console"
)

// settings say where a server on this machine is found.
type settings struct {
	Data   string `env:"OUDERAVOND_DATA" help:"The server's data folder, for its socket." default:"data" placeholder:"DIR"`
	Listen string `env:"OUDERAVOND_LISTEN" help:"The address on which a server of this machine listens." default:"127.0.0.1:8080"`
}

// commands is the command line.
type commands struct {
	Settings settings `embed:""`

	Go      goCommand      `cmd:"" default:"withargs" help:"Let families come as on an opening evening, measure, and compare the schedule with what they were told."`
	Prepare prepareCommand `cmd:"" help:"Make schools of invented people for a rush, and a file of their families."`
	Audit   auditCommand   `cmd:"" help:"Compare the schedule with the journal of a rush, for instance after the server was killed."`
	Wipe    wipeCommand    `cmd:"" help:"Erase the schools of a file of families."`
	Flood   floodCommand   `cmd:"" help:"Flood the log-in form with wrong tries while families come by their personal links, and compare."`
	Timing  timingCommand  `cmd:"" help:"Time failures of the log-in, and print how well their kinds can be told apart by it."`
}

func main() {
	syscall.Umask(0o077) // whatever is written here is for its owner only
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], console.Terminal{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}

// run is main with its surroundings handed in; it returns the exit code: 0 done, 1 failed, 2 called wrongly.
func run(ctx context.Context, arguments []string, term console.Terminal) int {
	var line commands
	exit := -1
	parser, err := kong.New(&line,
		kong.Name("rush"), kong.Description("Load for an Ouderavond server: families come as on an opening evening."), kong.UsageOnError(),
		kong.Writers(term.Out, term.Err), kong.Exit(func(code int) { exit = code }), kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(term),
	)
	if err != nil {
		fmt.Fprintln(term.Err, "rush:", err)
		return 2
	}
	command, err := parser.Parse(arguments)
	if exit >= 0 {
		return exit // help was shown
	}
	if err != nil {
		fmt.Fprintln(term.Err, "rush:", err)
		return 2
	}
	if err := command.Run(&line.Settings); err != nil {
		if !errors.Is(err, console.ErrFailed) {
			fmt.Fprintln(term.Err, "rush:", err)
		}
		return 1
	}
	return 0
}
