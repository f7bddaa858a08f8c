package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/completion"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/cmd/internal/importing"
	"github.com/ouderavond/ouderavond/models/factor"
)

// commands is the command line.
type commands struct {
	Settings config.Settings `embed:"" group:"settings"`

	Serve      serveCommand       `cmd:"" help:"Run the server."`
	Init       initCommand        `cmd:"" help:"Make an installation: data folder, master key and database. The server makes one too."`
	Demo       demoCommand        `cmd:"" help:"Run the product with two invented schools, on this machine only."`
	School     schoolCommand      `cmd:"" help:"Make, list and cancel schools."`
	Roster     rosterCommand      `cmd:"" help:"Check and import a school's files."`
	Conference conferenceCommand  `cmd:"" help:"Make, look over and open conferences."`
	Room       roomCommand        `cmd:"" help:"Add, change and remove rooms."`
	Teacher    teacherCommand     `cmd:"" help:"List teachers, add and correct them."`
	Teaching   teachingCommand    `cmd:"" help:"Who teaches whom, by hand: add, remove, substitutes."`
	Group      groupCommand       `cmd:"" help:"List the groups."`
	Pupil      pupilCommand       `cmd:"" help:"List pupils, add and correct them."`
	Household  householdCommand   `cmd:"" help:"List the households; guardians, contacts, languages."`
	Admin      adminCommand       `cmd:"" help:"Accounts of administrators and others of the school."`
	Apikey     apikeyCommand      `cmd:"" help:"Make API keys."`
	Backup     backupCommand      `cmd:"" help:"Copy the database while the server runs, and check the copy."`
	Restore    restoreCommand     `cmd:"" help:"Put a copy in the place of the database."`
	Database   databaseCommand    `cmd:"" help:"Spread the database over several machines."`
	Health     healthCommand      `cmd:"" help:"Ask the running server whether it is well."`
	Bounce     bounceCommand      `cmd:"" help:"Take a mail that came back, from standard input; for a mail server's pipe."`
	Plan       planCommand        `cmd:"" help:"Plan a whole conference."`
	Version    versionCommand     `cmd:"" help:"Tell the version."`
	Completion completion.Command `cmd:"" help:"Print what a shell needs to complete command lines."`
}

func main() {
	syscall.Umask(0o077) // whatever is written here is for its owner only
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], console.Terminal{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}

// run is main with its surroundings handed in; it gives the exit code: 0 done, 1 failed, 2 called wrongly, 75 a mail server is to try again later.
func run(ctx context.Context, arguments []string, term console.Terminal) int {
	var line commands
	exit := -1
	parser, err := newParser(ctx, &line, term, func(code int) { exit = code })
	if err != nil {
		fmt.Fprintln(term.Err, "ouderavond:", err)
		return 2
	}
	if len(arguments) == 0 || arguments[0] == "help" {
		arguments = append([]string{"--help"}, arguments[min(1, len(arguments)):]...)
	}
	if arguments[0] == completion.Ask {
		for _, word := range completion.Words(parser.Model, arguments[1:]) {
			fmt.Fprintln(term.Out, word)
		}
		return 0
	}
	command, err := parser.Parse(arguments)
	if exit >= 0 {
		return exit // help was shown
	}
	if err != nil {
		fmt.Fprintln(term.Err, "ouderavond:", err)
		return 2
	}
	if name, _, _ := strings.Cut(command.Command(), " "); name != "serve" && name != "init" && name != "demo" {
		line.Settings.Data = usualData(&line.Settings, datafolder.Usual)
	}
	toServer := importing.Connect(func(ctx context.Context) (*client.Client, error) { return connect(ctx, &line.Settings, term.Err) })
	if err := command.Run(&line.Settings, toServer); err != nil {
		if !errors.Is(err, console.ErrFailed) {
			fmt.Fprintln(term.Err, "ouderavond:", err)
		}
		if errors.Is(err, errTryLater) {
			return tryLater
		}
		return 1
	}
	return 0
}

func newParser(ctx context.Context, line *commands, term console.Terminal, exit func(int)) (*kong.Kong, error) {
	return kong.New(line,
		kong.Name("ouderavond"),
		kong.Description("Parent-teacher appointments: from a school's export file to a booked family."),
		kong.UsageOnError(),
		// A command's own flags come first: the settings are the same for all of them.
		kong.ExplicitGroups([]kong.Group{{Key: "settings", Title: "Settings of the installation, the same for every command:"}}),
		kong.Vars{"factors": factorNames()},
		kong.Writers(term.Out, term.Err),
		kong.Exit(exit),
		kong.PostBuild(settingsFromEnvironment),
		kong.Configuration(config.File, "/etc/ouderavond.json"),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(term),
		kong.BindTo(term.Out, (*io.Writer)(nil)),
	)
}

// factorNames lists what can be asked at log-in, for help.
func factorNames() string {
	names := make([]string, len(factor.All))
	for i, one := range factor.All {
		names[i] = string(one.Name)
	}
	return strings.Join(names, ", ")
}

// settingsFromEnvironment gives each setting its variable. A command's own flags have none, but for secrets, which say so: what confirms, checks or names
// something is said of one call, and must not be found in the surroundings of the next.
func settingsFromEnvironment(parser *kong.Kong) error {
	for _, flag := range parser.Model.Flags {
		if flag.Name == "help" {
			continue
		}
		flag.Envs = []string{"OUDERAVOND_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))}
		flag.Tag.Envs = flag.Envs
	}
	return nil
}
