package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// drafted makes a school from a primary school's file, with a conference that a secondary school would make.
func (s *shell) drafted(staffing string) {
	s.t.Helper()
	s.must("", "school", "create", "de-linde", "--name", "De Linde", "--rehearsal")
	s.must("", "roster", "import", "--school", "de-linde", "--yes", samples+"edex-2.1-schema-valid.xml")
	path := filepath.Join(s.t.TempDir(), "conference.json")
	content := `{"title": "Autumn", "opens_at": "2026-11-23T18:00:00Z", "closes_at": "2099-12-07T12:00:00Z", "days": [{"date": "2099-12-08"}],
		"talk_kinds": [{"title": "Mentor", "minutes": 20, "staffing": "` + staffing + `", "max_per_pupil": 1}, {"title": "Subject", "minutes": 10, "staffing": "subject"}]}`
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		s.t.Fatal(err)
	}
	s.must("", "conference", "create", "--school", "de-linde", path)
	s.must("", "conference", "hours", "--school", "de-linde", "Autumn", "--from", "19:00", "--until", "21:30", "--break", "20:00-20:10")
}

func TestTheCheckSaysWhyAndWhatWouldMendIt(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.drafted("mentor")
	out := s.must("", "conference", "check", "--school", "de-linde", "Autumn")
	const mend = `ouderavond conference kind set --school de-linde "Autumn" "Mentor" --staffing group`
	s.contains(out, "cannot be opened yet", "11: Their teachers are class teachers by the roster", "5/6 Bevers (6), 3A Zeesterren (5)", "such as: ", mend)
	if lines := strings.Count(out, "\n"); lines > 25 {
		t.Errorf("%d lines for eleven pupils:\n%s", lines, out)
	}
	s.contains(s.must("", "conference", "check", "--school", "de-linde", "--json", "Autumn"), `"without_offer"`, `"causes"`)
	s.contains(s.must("", "conference", "kind", "set", "--school", "de-linde", "Autumn", "Mentor", "--staffing", "group"), "staffing group")
	s.contains(s.must("", "conference", "check", "--school", "de-linde", "Autumn"), "can be opened")
	s.contains(s.must("", "conference", "open", "--school", "de-linde", "Autumn"), "is open")
}

func TestTheConferenceOfTheReadmeOpensInAPrimarySchool(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), `{"title": "Mentor", "minutes": 20, "staffing": "`)
	staffing, _, _ := strings.Cut(rest, `"`)
	s := newShell(t)
	s.drafted(staffing)
	s.contains(s.must("", "conference", "open", "--school", "de-linde", "Autumn"), "is open")
}

func TestThingsAreNamedByKeyOrNameWhereverAnIDIs(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.drafted("group")
	conference := func(arguments ...string) string {
		return s.must("", append([]string{"conference", arguments[0], arguments[1], "--school", "de-linde", "Autumn"}, arguments[2:]...)...)
	}
	s.must("", "room", "add", "--school", "de-linde", "B1.04", "--key", "B104", "--zone", "B")
	s.must("", "room", "set", "--school", "de-linde", "b104", "--name", "Aula", "--alone")
	s.contains(s.must("", "room", "list", "--school", "de-linde"), "B104", "Aula", "used alone")
	s.contains(s.must("", "teacher", "list", "--school", "de-linde"), "LK01", "Ayşe Güneş", "active")
	s.contains(s.must("", "group", "list", "--school", "de-linde"), "G3A", "3A Zeesterren")
	s.contains(s.must("", "pupil", "list", "--school", "de-linde"), "100001", "Sanne van den Berg", "3A Zeesterren")
	s.contains(s.must("", "household", "list", "--school", "de-linde"), "Sanne van den Berg")
	s.contains(s.must("", "teacher", "list", "--school", "de-linde", "--json"), `"key": "LK01"`)
	conference("day", "add", "2099-12-10", "--group", "3a zeesterren", "--siblings")
	s.contains(conference("day", "set", "2099-12-10", "--date", "2099-12-11", "--year", "3"), "2099-12-11 for years 3")
	s.contains(conference("day", "remove", "2099-12-11"), "2099-12-08")
	s.contains(conference("kind", "add", "Zorg", "--minutes", "10", "--staffing", "offer"), `"Zorg"`)
	s.contains(conference("offer", "add", "Zorg", "--teacher", "LK01", "--pupil", "Sanne van den Berg"), "offer ")
	s.contains(conference("kind", "remove", "Zorg"), `"Mentor"`)
	s.must("", "conference", "hours", "--school", "de-linde", "Autumn", "--from", "19:00", "--until", "21:00", "--teacher", "Ayşe Güneş", "--room", "Aula")
	s.must("", "conference", "hours", "--school", "de-linde", "Autumn", "--none", "--teacher", "LK02")
	s.contains(s.must("", "conference", "set", "--school", "de-linde", "Autumn", "--title", "Herfst", "--walking-minutes", "5"), "Herfst")
	if code, out := s.run("", "room", "remove", "--school", "de-linde", "nowhere"); code != 1 || !strings.Contains(out, `no room "nowhere"`) {
		t.Errorf("%d %s", code, out)
	}
	s.must("", "room", "add", "--school", "de-linde", "Aula")
	if code, out := s.run("", "room", "remove", "--school", "de-linde", "Aula"); code != 1 || !strings.Contains(out, "means 2 rooms") || !strings.Contains(out, "B104") {
		t.Errorf("%d %s", code, out)
	}
	s.must("", "room", "remove", "--school", "de-linde", "B104")
	if code, out := s.run("", "conference", "close", "--school", "de-linde", "Herfst"); code != 1 || !strings.Contains(out, "never opened") {
		t.Errorf("%d %s", code, out)
	}
	if code, out := s.run("no\n", "conference", "remove", "--school", "de-linde", "Herfst"); code != 1 || !strings.Contains(out, "Nothing was changed") {
		t.Errorf("%d %s", code, out)
	}
	s.contains(s.must("", "conference", "remove", "--school", "de-linde", "Herfst", "--yes"), "is removed")
}
