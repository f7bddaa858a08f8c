package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/cmd/internal/backup"
	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
)

func TestACommandDoesNotMakeASecondInstallation(t *testing.T) {
	t.Parallel()
	for _, arguments := range [][]string{
		{"school", "create", "de-linde", "--name", "De Linde"}, {"school", "list"}, {"school", "cancel", "de-linde", "--yes"},
		{"admin", "create", "--school", "de-linde", "--login", "office@de-linde.example"}, {"apikey", "create", "--school", "de-linde", "--name", "x"},
		{"roster", "import", "--school", "de-linde", "--yes", samples + "leerlingen-semicolon-utf8bom.csv"}, {"conference", "check", "--school", "de-linde", "x"},
		{"backup", "--to", t.TempDir()}, {"health"},
	} {
		s := emptyShell(t)
		s.data = filepath.Join(s.data, "mistyped")
		code, out := s.run("", arguments...)
		if code == 0 || strings.Contains(out, "administrator") {
			t.Errorf("%v: exit %d\n%s", arguments, code, out)
		}
		if entries, err := os.ReadDir(s.data); err == nil {
			t.Errorf("%v made %v", arguments, entries)
		}
	}
	s := emptyShell(t)
	s.contains(s.must("", "init"), "master key")
	s.contains(s.must("", "init"), "already")
	s.must("", "school", "create", "de-linde", "--name", "De Linde")
}

func TestACommandWithoutAFolderFindsTheUsualOne(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	// No folder "data" is in the folder of these tests.
	if found := usualData(&config.Settings{Data: config.DefaultData}, s.data); found != s.data {
		t.Errorf("the usual folder: %s", found)
	}
	if found := usualData(&config.Settings{Data: config.DefaultData}, t.TempDir()); found != config.DefaultData {
		t.Errorf("an empty usual folder: %s", found)
	}
	if found := usualData(&config.Settings{Data: "elsewhere"}, s.data); found != "elsewhere" {
		t.Errorf("a folder that was named: %s", found)
	}
}

func TestWhoWaitsForTheDataFolderIsToldForWhom(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	release, err := datafolder.Folder{Path: s.data}.Lock()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	code, out := s.run("", "school", "list")
	if pid := "process " + strconv.Itoa(os.Getpid()); code != 1 || !strings.Contains(out, pid) {
		t.Errorf("%d\n%s", code, out)
	}
}

func TestARestoreSaysWhatWouldBeLostBeforeItAsks(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.must("", "school", "create", "de-eik", "--name", "De Eik")
	shelf := filepath.Join(t.TempDir(), "copies")
	s.must("", "backup", "--to", shelf)
	s.must("", "school", "create", "de-linde", "--name", "De Linde")
	s.must("", "roster", "import", "--school", "de-linde", "--yes", samples+"leerlingen-semicolon-utf8bom.csv")
	all, err := backup.Copies{Path: shelf}.List()
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	code, out := s.run("no\n", "restore", all[0].Path)
	if code != 1 || strings.Contains(out, "de-eik:") {
		t.Errorf("%d\n%s", code, out)
	}
	s.contains(out, "loses     1 whole schools, and what 0 others", "ALL of de-linde: ", "Nothing was changed")
	if pupils := figure(t, out, `ALL of de-linde: (\d+) pupils`); pupils == 0 {
		t.Errorf("no pupils are lost:\n%s", out)
	}
	if contacts := figure(t, out, `households, (\d+) contacts`); contacts == 0 {
		t.Errorf("no contacts are lost:\n%s", out)
	}
	if question := strings.Index(out, "?"); question < strings.Index(out, "de-linde") {
		t.Errorf("it asks first:\n%s", out)
	}
	s.must("", "backup", "--to", filepath.Join(shelf, "now.db"))
	_, out = s.run("no\n", "restore", filepath.Join(shelf, "now.db"))
	s.contains(out, "loses     no school, pupil, contact or booking")
}
