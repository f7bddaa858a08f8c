package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/cmd/internal/demo"
	"github.com/ouderavond/ouderavond/cmd/internal/server"
)

const samples = "../../booking/roster/testdata/"

// shell runs commands on a data folder of its own, as an operator at a terminal would.
type shell struct {
	t    *testing.T
	data string
}

// newShell is a shell with an installation that has no school yet.
func newShell(t *testing.T) *shell {
	t.Helper()
	s := emptyShell(t)
	s.must("", "init")
	return s
}

// emptyShell is a shell whose data folder is empty.
func emptyShell(t *testing.T) *shell {
	t.Helper()
	return &shell{t, t.TempDir()}
}

// run gives the exit code and what was printed, both outputs together.
func (s *shell) run(input string, arguments ...string) (int, string) {
	s.t.Helper()
	var out bytes.Buffer
	code := run(context.Background(), append([]string{"--data", s.data}, arguments...), console.Terminal{In: strings.NewReader(input), Out: &out, Err: &out})
	return code, out.String()
}

// must runs a command that has to succeed.
func (s *shell) must(input string, arguments ...string) string {
	s.t.Helper()
	code, out := s.run(input, arguments...)
	if code != 0 {
		s.t.Fatalf("%v: exit %d\n%s", arguments, code, out)
	}
	return out
}

func (s *shell) contains(out string, parts ...string) {
	s.t.Helper()
	for _, part := range parts {
		if !strings.Contains(out, part) {
			s.t.Errorf("%q is missing in:\n%s", part, out)
		}
	}
}

func TestTheMainJobByCommands(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.contains(s.must("", "school", "create", "de-linde", "--name", "De Linde"), "de-linde")
	if code, _ := s.run("", "school", "create", "de-linde", "--name", "Again"); code != 1 {
		t.Error("one slug was given twice")
	}
	roster := samples + "leerlingen-semicolon-windows1252.csv"
	if code, out := s.run("no\n", "roster", "import", "--school", "de-linde", roster); code != 1 || !strings.Contains(out, "Nothing was changed") {
		t.Errorf("a no was no no: exit %d\n%s", code, out)
	}
	s.contains(s.must("yes\n", "roster", "import", "--school", "de-linde", roster), "12 new", "Done.")
	s.contains(s.must("", "roster", "import", "--school", "de-linde", "--yes", roster), "Nothing changes.")
	s.contains(s.must("", "admin", "create", "--school", "de-linde", "--login", "Office@de-linde.example"), "invitation http", "/de-linde/staff/link/")
	s.contains(s.must("", "admin", "invite", "--school", "de-linde", "office@de-linde.example"), "/de-linde/staff/link/")
	s.contains(s.must("", "admin", "disable", "--school", "de-linde", "OFFICE@de-linde.example"), "disabled")
	s.contains(s.must("", "admin", "list", "--school", "de-linde"), "office", "administrator", "disabled", "missing")
	s.contains(s.must("", "admin", "enable", "--school", "de-linde", "office@de-linde.example"), "enabled")
	s.contains(s.must("", "admin", "password", "--school", "de-linde", "office@de-linde.example"), "password ")
	s.contains(s.must("", "admin", "roles", "--school", "de-linde", "office@de-linde.example", "--role", "reception,coordinator"), "other roles")
	s.contains(s.must("", "admin", "list", "--school", "de-linde"), "coordinator,reception")
	s.contains(s.must("", "admin", "no-second-factor", "--school", "de-linde", "office@de-linde.example"), "no second factor")
	s.contains(s.must("", "admin", "teachers", "--school", "de-linde"), "0 invited, 0 again")
	s.contains(s.must("", "admin", "log-out", "--school", "de-linde", "office@de-linde.example"), "logged out")
	s.contains(s.must("", "admin", "open", "--school", "de-linde", "office@de-linde.example", "--address", "2001:db8::5"), "open from 2001:db8::5 for an hour")
	s.contains(s.must("", "admin", "remove", "--school", "de-linde", "office@de-linde.example"), "removed")
	if code, _ := s.run("", "admin", "remove", "--school", "de-linde", "office@de-linde.example"); code != 1 {
		t.Error("an account was removed twice")
	}
	s.contains(s.must("", "apikey", "create", "--school", "de-linde"), "ok_")
	s.contains(s.must("", "apikey", "create", "--operator"), "oo_")

	conference := s.conference()
	s.contains(s.must("", "conference", "hours", "--school", "de-linde", conference, "--from", "19:00", "--until", "21:00", "--break", "20:00-20:10"), "hours set: 3 teachers, 1 days\n")
	s.contains(s.must("", "conference", "check", "--school", "de-linde", conference), "can be opened", "There is no postcode.", "such as:")
	s.contains(s.must("", "conference", "open", "--school", "de-linde", "Autumn"), "is open")
	s.contains(s.must("", "conference", "list", "--school", "de-linde"), "open", "Autumn")

	if code, _ := s.run("de-lind\n", "school", "cancel", "de-linde"); code != 1 {
		t.Error("the wrong slug was taken")
	}
	s.contains(s.must("", "school", "list"), "De Linde")
	s.contains(s.must("de-linde\n", "school", "cancel", "de-linde"), `"signature"`, `"pupils": 12`)
	if out := s.must("", "school", "list"); strings.Contains(out, "linde") {
		t.Errorf("the school is still there: %s", out)
	}
	s.contains(s.must("", "school", "receipts"), `"signature"`)
	s.forgotten("Yasmina", "1234AB", "m.vandenberg", "Voorbeelddorp", "De Linde", "+31612345678")
}

// conference makes a conference from a file and gives its id.
func (s *shell) conference() string {
	s.t.Helper()
	day := time.Now().AddDate(0, 0, 14)
	wanted := map[string]any{
		"title": "Autumn", "opens_at": time.Now().Add(-time.Hour), "closes_at": day.Add(-24 * time.Hour),
		"days":       []map[string]any{{"date": day.Format(time.DateOnly)}},
		"talk_kinds": []map[string]any{{"title": "Talk", "minutes": 10, "staffing": "group"}},
	}
	content, err := json.Marshal(wanted)
	if err != nil {
		s.t.Fatal(err)
	}
	path := filepath.Join(s.t.TempDir(), "conference.json")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		s.t.Fatal(err)
	}
	return strings.Fields(s.must("", "conference", "create", "--school", "de-linde", path))[0]
}

// forgotten checks that values are nowhere in the data folder.
func (s *shell) forgotten(values ...string) {
	s.t.Helper()
	err := filepath.Walk(s.data, func(path string, info os.FileInfo, err error) error {
		if err != nil || !info.Mode().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		for _, value := range values {
			if bytes.Contains(content, []byte(value)) {
				s.t.Errorf("%q is in %s", value, filepath.Base(path))
			}
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestAReceiptBesideTheDatabaseKeepsAWipedSchoolAway(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.must("", "school", "create", "de-linde", "--name", "De Linde")
	copied, err := os.ReadFile(datafolder.Folder{Path: s.data}.Database())
	if err != nil {
		t.Fatal(err)
	}
	s.must("", "school", "cancel", "de-linde", "--yes")
	if err := os.WriteFile(datafolder.Folder{Path: s.data}.Database(), copied, 0o600); err != nil {
		t.Fatal(err)
	}
	if out := s.must("", "school", "list"); strings.Contains(out, "linde") {
		t.Errorf("the restored copy brought the school back: %s", out)
	}
}

func TestRosterCheckTellsWhatIsInAFile(t *testing.T) {
	t.Parallel()
	for name, wanted := range map[string]struct{ pupils, leavers, certain, proposed int }{
		"edex-2.1-realworld-not-schema-valid.xml": {12, 1, 0, 2},
		"leerlingen-semicolon-utf8bom.csv":        {12, 0, 3, 0},
		"leerlingen-semicolon-windows1252.csv":    {12, 0, 3, 0},
		"magister-style-comma-utf8bom.csv":        {12, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShell(t)
			var report struct {
				Pupils, Leavers int
				Households      struct{ Certain, Proposed int }
			}
			if err := json.Unmarshal([]byte(s.must("", "roster", "check", "--json", samples+name)), &report); err != nil {
				t.Fatal(err)
			}
			if report.Pupils != wanted.pupils || report.Leavers != wanted.leavers || report.Households.Certain != wanted.certain || report.Households.Proposed != wanted.proposed {
				t.Errorf("got %+v, want %+v", report, wanted)
			}
		})
	}
}

func TestRosterCheckReadsASpreadsheetAndSaysWhichSheet(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	f := excelize.NewFile()
	for place, cell := range map[string]any{"B2": "Nummer", "C2": "Roepnaam", "D2": "Achternaam", "E2": "Schoenmaat", "B3": 1, "C3": "Sanne", "D3": "Berg", "E3": 34, "F3": "los", "B4": 2, "D4": "Smit"} {
		if err := f.SetCellValue("Sheet1", place, cell); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.NewSheet("Adressen"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellValue("Adressen", "A1", "leeg"); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "lijst.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	code, out := s.run("", "roster", "check", path)
	if code != 1 {
		t.Errorf("exit %d", code)
	}
	s.contains(out, "NOT READ of lijst.xlsx: Schoenmaat", "READ of lijst.xlsx: sheet Sheet1; NOT READ: Adressen", "lijst.xlsx Sheet1:4 Roepnaam: the pupil has no given name", "wrong-column-count")
	if code, out = s.run("", "roster", "check", "--sheet", "Leerlingen", path); code != 1 {
		t.Errorf("exit %d", code)
	}
	s.contains(out, "no-such-sheet", "Sheet1, Adressen")
}

func TestAFileThatIsNoRosterFailsWithItsReasons(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	path := filepath.Join(t.TempDir(), "picture.csv")
	if err := os.WriteFile(path, []byte("\x89PNG\r\n\x1a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, arguments := range [][]string{{"roster", "check", path}, {"roster", "check", "--json", path}} {
		code, out := s.run("", arguments...)
		if code != 1 {
			t.Errorf("exit %d", code)
		}
		s.contains(out, "error")
	}
	if code, _ := s.run("", "roster", "check", filepath.Join(t.TempDir(), "missing.csv")); code != 1 {
		t.Error("a missing file passed")
	}
}

func TestCommandsCalledWronglyExitWithTwo(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	for _, arguments := range [][]string{{"nonsense"}, {"roster", "import", "x.csv"}, {"school", "create"}, {"--unknown", "serve"}} {
		if code, out := s.run("", arguments...); code != 2 {
			t.Errorf("%v: exit %d\n%s", arguments, code, out)
		}
	}
	if code, out := s.run("", "--help"); code != 0 || !strings.Contains(out, "demo") {
		t.Errorf("help: exit %d\n%s", code, out)
	}
}

func TestASettingThatDoesNotExistIsNotPassedOver(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	path := filepath.Join(t.TempDir(), "config.json")
	for content, wanted := range map[string]string{`{"lisen": "127.0.0.1:1"}`: "lisen", `{listen}`: "config.json", `{"listen": "nowhere", "smtp-host": "x"}`: "--listen"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		code, out := s.run("", "--config", path, "serve")
		if code == 0 {
			t.Errorf("%s: it started", content)
		}
		s.contains(out, wanted)
	}
}

func TestTheNamesOfSettingsAreThoseOfTheFlags(t *testing.T) {
	t.Parallel()
	_, help := newShell(t).run("", "serve", "--help")
	for _, name := range config.SettingNames() {
		if !strings.Contains(help, "--"+name) {
			t.Errorf("there is no flag --%s", name)
		}
	}
}

func TestFaultySettingsStopEveryCommandAtOnce(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	code, out := s.run("", "--listen", "nowhere", "--log-level", "loud", "serve")
	if code != 1 {
		t.Errorf("exit %d", code)
	}
	s.contains(out, "--listen", "--log-level")
}

func TestCommandsReachTheRunningServer(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	ctx, stop := context.WithCancel(context.Background())
	settings := valid()
	settings.Data, settings.LogLevel = s.data, "error"
	a, err := server.NewApp(ctx, settings, os.Stderr, nil)
	if err != nil {
		t.Fatal(err)
	}
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() { done <- a.Serve(ctx, func(address string) { ready <- address }) }()
	<-ready
	s.contains(s.must("", "school", "create", "de-linde", "--name", "De Linde"), "de-linde")
	s.contains(s.must("", "school", "list"), "De Linde")
	stop()
	if err := <-done; err != nil {
		t.Errorf("the server did not stop cleanly: %v", err)
	}
	a.Close()
	s.contains(s.must("", "school", "list"), "De Linde")
}

func TestThePlanOfTheDemonstrationHolds(t *testing.T) {
	t.Parallel()
	settings := valid()
	settings.Data, settings.LogLevel = t.TempDir(), "error"
	notes := &demo.Notes{}
	a, err := server.NewApp(t.Context(), settings, os.Stderr, notes.Pages)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if err := notes.Fill(t.Context(), a, true); err != nil {
		t.Fatal(err)
	}
	if len(notes.Schools) != 2 {
		t.Fatalf("%d schools", len(notes.Schools))
	}
	var out bytes.Buffer
	notes.Print(&out, settings)
	for _, school := range notes.Schools {
		if len(school.Logins) < 5 {
			t.Errorf("%s: %d log-ins", school.Slug, len(school.Logins))
		}
		for _, login := range school.Logins {
			if demo.Expectations[login.Case]["nl"] == "" || demo.Expectations[login.Case]["en"] == "" {
				t.Errorf("nothing is said of %s", login.Case)
			}
		}
		if !strings.Contains(out.String(), school.Key) {
			t.Errorf("the key of %s is not shown", school.Slug)
		}
	}
}
