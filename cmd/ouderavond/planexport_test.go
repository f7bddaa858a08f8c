package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/ouderavond/ouderavond/booking/plan"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
)

// export runs the command as `ouderavond plan export` runs it.
func (s *shell) export(arguments ...string) (string, error) {
	s.t.Helper()
	var line struct {
		Settings config.Settings `embed:""`
		Export   planExport      `cmd:""`
	}
	var out bytes.Buffer
	parser, err := kong.New(&line, kong.BindTo(context.Background(), (*context.Context)(nil)), kong.Bind(console.Terminal{In: strings.NewReader(""), Out: &out, Err: &out}))
	if err != nil {
		s.t.Fatal(err)
	}
	command, err := parser.Parse(append([]string{"--data", s.data, "export"}, arguments...))
	if err == nil {
		err = command.Run(&line.Settings)
	}
	return out.String(), err
}

func TestAConferenceIsExportedForPlanning(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.must("", "school", "create", "de-linde", "--name", "De Linde")
	s.must("yes\n", "roster", "import", "--school", "de-linde", samples+"leerlingen-semicolon-windows1252.csv")
	conference := s.conference()
	s.must("", "conference", "hours", "--school", "de-linde", conference, "--from", "19:00", "--until", "21:00")
	path := filepath.Join(t.TempDir(), "instance.json")
	told, err := s.export("--school", "de-linde", "--conference", "Autumn", "-o", path)
	if err != nil || !strings.Contains(told, "3 teachers") {
		t.Fatalf("%v %s", err, told)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	instance, err := plan.ReadInstance(bytes.NewReader(content))
	if err != nil || instance.Days != 1 || instance.Name != conference || len(instance.Teachers) != 3 {
		t.Errorf("%v %s", err, content)
	}
	for _, name := range []string{"Linde", "Autumn", "Yasmina"} {
		if bytes.Contains(content, []byte(name)) {
			t.Errorf("the instance holds %q", name)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	if out, err := s.export("--school", "de-linde", "--conference", conference); err != nil || out != string(content) {
		t.Errorf("to the terminal: %v %s", err, out)
	}
	if _, err := s.export("--school", "de-linde", "--conference", "Spring"); err == nil || !strings.Contains(err.Error(), "no conference") {
		t.Errorf("a conference that is not there: %v", err)
	}
	if _, err := s.export("--conference", "Autumn"); err == nil {
		t.Error("no school was needed")
	}
}
