package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
)

// fromEnvironment are the flags of commands that may be given by the environment: secrets, which a command line shows to everybody on the machine.
var fromEnvironment = []string{"OUDERAVOND_PASSWORD"}

func TestOnlySettingsAndSecretsComeFromTheEnvironment(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	parser, err := newParser(context.Background(), &commands{}, console.Terminal{In: strings.NewReader(""), Out: &out, Err: &out}, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	var settings []string
	for _, name := range config.SettingNames() {
		settings = append(settings, "OUDERAVOND_"+strings.ToUpper(strings.ReplaceAll(name, "-", "_")))
	}
	var found []string
	for _, flag := range parser.Model.Flags {
		found = append(found, flag.Envs...)
	}
	slices.Sort(settings)
	if slices.Sort(found); !slices.Equal(found, settings) {
		t.Errorf("settings by the environment: %q, there are %q", found, settings)
	}
	own := map[string]bool{}
	var walk func(*kong.Node)
	walk = func(node *kong.Node) {
		for _, child := range node.Children {
			for _, flag := range child.Flags {
				for _, name := range flag.Envs {
					if own[name] = true; !slices.Contains(fromEnvironment, name) {
						t.Errorf("%s --%s comes from %s", child.FullPath(), flag.Name, name)
					}
				}
			}
			walk(child)
		}
	}
	walk(parser.Model.Node)
	if len(own) != len(fromEnvironment) {
		t.Errorf("flags by the environment: %v", own)
	}
}

func TestTheEnvironmentConfirmsNothing(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.must("", "school", "create", "de-linde", "--name", "De Linde")
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	run := func(arguments ...string) (string, error) {
		command := asProgramCommand(t.Context(), binary, arguments...)
		command.Env = append(command.Env, "OUDERAVOND_DATA="+s.data, "OUDERAVOND_YES=true", "OUDERAVOND_CHECK=true", "OUDERAVOND_SCHOOL=de-linde", "OUDERAVOND_ALLOW_REMOVAL=true")
		out, err := command.CombinedOutput()
		return string(out), err
	}
	if out, err := run("school", "cancel", "de-linde"); err == nil || !strings.Contains(out, "Nothing was erased") {
		t.Errorf("a wipe was confirmed: %v %s", err, out)
	}
	if out, err := run("conference", "list"); err == nil || !strings.Contains(out, "--school") {
		t.Errorf("a school was named: %v %s", err, out)
	}
	if out, err := run("school", "list"); err != nil || !strings.Contains(out, "de-linde") {
		t.Errorf("the folder is not that of the environment: %v %s", err, out)
	}
	if out, err := run("admin", "create", "--school", "de-linde", "--login", "office@de-linde.example"); err != nil || !strings.Contains(out, "invitation ") {
		t.Errorf("an account: %v %s", err, out)
	}
}

// TestTheEnvironmentGoesBeforeTheFile is not parallel: it sets a variable.
func TestTheEnvironmentGoesBeforeTheFile(t *testing.T) {
	t.Setenv("OUDERAVOND_SMTP_PORT", "2600")
	path := filepath.Join(t.TempDir(), "settings.json")
	if err := os.WriteFile(path, []byte(`{"smtp-port": 2500, "smtp-host": "mail.example.com", "listen": "127.0.0.1:1"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	var line commands
	parser, err := newParser(t.Context(), &line, console.Terminal{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard}, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse([]string{"serve", "--config", path, "--listen", "127.0.0.1:2"}); err != nil {
		t.Fatal(err)
	}
	if got := []string{line.Settings.SMTPPort, line.Settings.SMTPHost, line.Settings.Listen}; !slices.Equal(got, []string{"2600", "mail.example.com", "127.0.0.1:2"}) {
		t.Errorf("settings %q", got)
	}
}
