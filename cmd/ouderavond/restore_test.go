package main

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/ouderavond/ouderavond/cmd/internal/backup"
	"github.com/ouderavond/ouderavond/cmd/internal/client"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
)

// bookOnce makes a family book one talk and cancel nothing.
func bookOnce(t *testing.T, family *familySession, nth int) *booker {
	t.Helper()
	b := newBooker(t, family, nth)
	body := map[string]any{"make": []any{map[string]any{"pupil": b.pupil, "talk_kind": b.kind, "staff": []string{b.staff}, "start": b.start}},
		"contact": map[string]string{"email": "ouder@example.com"}}
	var made struct{ Appointments []struct{ ID string } }
	if status, err := b.send(http.MethodPost, "/bookings", body, &made); err != nil || status != http.StatusCreated {
		t.Fatalf("book: %d %v", status, err)
	}
	b.appointment = made.Appointments[0].ID
	return b
}

// figure reads a number out of what a command printed.
func figure(t *testing.T, out, pattern string) int {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(out)
	if found == nil {
		t.Fatalf("%s is not in:\n%s", pattern, out)
	}
	n, err := strconv.Atoi(found[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// mails counts the messages in the mailbox folder.
func mails(t *testing.T, data string) int {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(datafolder.Folder{Path: data}.Mailbox(), "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return len(found)
}

// messageStates asks a running server how many of a school's messages are still to be sent, and how many it marked as of before the restore.
func messageStates(t *testing.T, data, school string) (waiting, marked int) {
	t.Helper()
	operator := &client.Client{HTTP: client.OverSocket(datafolder.Folder{Path: data}.Socket())}
	var list struct {
		Items []struct{ State, Problem string }
	}
	if err := operator.Call(t.Context(), http.MethodGet, apiSchools+"/"+school+"/messages", nil, &list); err != nil {
		t.Fatal(err)
	}
	for _, message := range list.Items {
		if message.State == "queued" || message.State == "sending" {
			waiting++
		}
		if message.State == "unknown" && message.Problem == "restored" {
			marked++
		}
	}
	return waiting, marked
}

// inBytes tells in which files of a folder a value stands.
func inBytes(t *testing.T, path, value string) []string {
	t.Helper()
	var holding []string
	files, err := filepath.Glob(filepath.Join(path, "ouderavond.db*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(value)) {
			holding = append(holding, filepath.Base(file))
		}
	}
	return holding
}

// TestYesterdaysCopyAfterAWipe is the drill of docs/operating.md, with programs in processes of their own.
func TestYesterdaysCopyAfterAWipe(t *testing.T) {
	t.Parallel()
	s := emptyShell(t)
	notes := seeded(t, s.data)
	gone, stays := notes.Schools[0], notes.Schools[1]
	shelf := filepath.Join(t.TempDir(), "copies")

	// There is a file where the school's messages belong, so that they wait.
	inTheWay := filepath.Join(datafolder.Folder{Path: s.data}.Mailbox(), stays.ID.String())
	if err := errors.Join(os.RemoveAll(inTheWay), os.WriteFile(inTheWay, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	p := start(t, os.Args[0], s.data)
	bookOnce(t, logIn(t, p.address, gone, gone.Logins[0]), 0)
	family := bookOnce(t, logIn(t, p.address, stays, stays.Logins[0]), 0)
	s.contains(s.must("", "backup", "--to", shelf), "2 schools", "2 appointments", "that key is not inside")
	later := bookOnce(t, logIn(t, p.address, stays, stays.Logins[1]), 5)
	s.contains(s.must("", "school", "cancel", gone.Slug, "--yes"), `"signature"`)
	all, err := backup.Copies{Path: shelf}.List()
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	if code, out := s.run("", "restore", "--yes", all[0].Path); code != 1 || !strings.Contains(out, "stop it first") {
		t.Fatalf("restored beside a running server: %d\n%s", code, out)
	}
	p.signal(syscall.SIGKILL) // as if the machine had died: the write-ahead log is still there
	<-p.done

	if code, out := s.run("no\n", "restore", all[0].Path); code != 1 || !strings.Contains(out, "Nothing was changed") {
		t.Errorf("a no was no no: %d\n%s", code, out)
	}
	if err := os.Remove(inTheWay); err != nil { // what is sent from now on is seen
		t.Fatal(err)
	}
	sent := mails(t, s.data)
	out := s.must("yes\n", "restore", all[0].Path)
	s.contains(out, "of these in the copy, and wiped from it again: 1\n          "+gone.ID.String(), "1 bookings of the present database are not in the copy", "1 schools", "before-restore-")
	if waiting := figure(t, out, `messages  (\d+) were waiting`); waiting == 0 {
		t.Errorf("no message was waiting:\n%s", out)
	}
	if figure(t, out, `ended     (\d+) sessions`) == 0 {
		t.Errorf("nobody was logged in:\n%s", out)
	}
	if holding := inBytes(t, s.data, gone.Slug); len(holding) != 0 {
		t.Errorf("the wiped school is in %v", holding)
	}

	p = start(t, os.Args[0], s.data)
	if status, _ := p.get("/api/v1/schools/" + gone.Slug + "/front"); status != http.StatusNotFound {
		t.Errorf("the wiped school came back: %d", status)
	}
	base := "http://" + p.address + "/api/v1/schools/" + stays.Slug + "/family"
	for name, old := range map[string]*booker{"before": family, "after": later} {
		old.base = base
		if status, err := old.send(http.MethodGet, "", nil, nil); err != nil || status != http.StatusUnauthorized {
			t.Errorf("a session from %s the copy goes on: %d %v", name, status, err)
		}
	}
	again := &booker{familySession: logIn(t, p.address, stays, stays.Logins[0])}
	var view familyView
	if status, err := again.send(http.MethodGet, "", nil, &view); err != nil || status != http.StatusOK || len(view.Children) == 0 {
		t.Errorf("the family that stays: %d %v", status, err)
	}
	if schedule := s.must("", "school", "list"); !strings.Contains(schedule, stays.Slug) || strings.Contains(schedule, gone.Slug) {
		t.Errorf("schools: %s", schedule)
	}
	waiting, unknown := messageStates(t, s.data, stays.Slug)
	if waiting != 0 || unknown == 0 {
		t.Errorf("%d messages wait to be sent, %d are marked", waiting, unknown)
	}
	p.stop()
	if now := mails(t, s.data); now != sent {
		t.Errorf("%d messages went out again", now-sent)
	}
}

func TestARestoreOnANewMachineTakesReceiptsAlong(t *testing.T) {
	t.Parallel()
	old, fresh := newShell(t), emptyShell(t)
	for _, slug := range []string{"de-linde", "de-eik"} {
		old.must("", "school", "create", slug, "--name", slug)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	old.must("", "backup", "--to", copied)
	old.must("", "school", "cancel", "de-linde", "--yes")

	if code, out := fresh.run("", "restore", "--yes", copied); code != 1 || !strings.Contains(out, "master key is missing") {
		t.Fatalf("restored without a key: %d\n%s", code, out)
	}
	if _, err := os.Stat(datafolder.Folder{Path: fresh.data}.KeyFile()); err == nil {
		t.Fatal("a key was made")
	}
	key, err := os.ReadFile(datafolder.Folder{Path: old.data}.KeyFile())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(datafolder.Folder{Path: fresh.data}.KeyFile(), key, 0o600); err != nil {
		t.Fatal(err)
	}
	fresh.contains(fresh.must("", "restore", "--yes", "--receipts", datafolder.Folder{Path: old.data}.Receipts(), copied), "wiped from it again: 1", "no present database")
	if out := fresh.must("", "school", "list"); strings.Contains(out, "linde") || !strings.Contains(out, "de-eik") {
		t.Errorf("schools: %s", out)
	}
	if holding := inBytes(t, fresh.data, "de-linde"); len(holding) != 0 {
		t.Errorf("the wiped school is in %v", holding)
	}
	// The receipt came along: the next restore knows by itself.
	fresh.contains(fresh.must("", "restore", "--yes", copied), "wiped from it again: 1")
	if out := fresh.must("", "school", "list"); strings.Contains(out, "linde") {
		t.Errorf("schools: %s", out)
	}
}

func TestAForgedReceiptWipesNothing(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.must("", "school", "create", "de-linde", "--name", "De Linde")
	id := strings.Fields(s.must("", "school", "list"))[1]
	copied := filepath.Join(t.TempDir(), "copy.db")
	s.must("", "backup", "--to", copied)
	shelf := t.TempDir()
	if err := os.WriteFile(filepath.Join(shelf, id+datafolder.ReceiptSuffix), []byte(`{"school":"`+id+`","rows":{},"public_key":"","signature":""}`), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out := s.run("", "restore", "--yes", "--receipts", shelf, copied)
	if code != 1 || !strings.Contains(out, "signature") || !strings.Contains(out, "present database is as it was") {
		t.Errorf("%d\n%s", code, out)
	}
	s.contains(s.must("", "school", "list"), "de-linde")
}

func TestACopyThatIsOfNoUseChangesNothing(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.must("", "school", "create", "de-linde", "--name", "De Linde")
	whole := filepath.Join(t.TempDir(), "copy.db")
	s.must("", "backup", "--to", whole)
	content, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(datafolder.Folder{Path: s.data}.Database())
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		content []byte
		says    string
	}{
		"cut off":        {content[:len(content)/2], "ends too early"},
		"not a database": {[]byte("PK\x03\x04"), "not a SQLite database"},
		"damaged":        {append(bytes.Clone(content[:100]), make([]byte, len(content)-100)...), "damaged"},
	} {
		path := filepath.Join(t.TempDir(), "copy.db")
		if err := os.WriteFile(path, tt.content, 0o600); err != nil {
			t.Fatal(err)
		}
		if code, out := s.run("", "restore", "--yes", path); code != 1 || !strings.Contains(out, tt.says) || !strings.Contains(out, "Nothing was changed") {
			t.Errorf("%s: %d\n%s", name, code, out)
		}
	}
	if code, out := s.run("", "--master-key", strings.Repeat("ab", 32), "restore", "--yes", whole); code != 1 || !strings.Contains(out, "another master key") {
		t.Errorf("another key: %d\n%s", code, out)
	}
	if code, out := s.run("", "restore", "--yes", datafolder.Folder{Path: s.data}.Database()); code != 1 || !strings.Contains(out, "present database itself") {
		t.Errorf("itself: %d\n%s", code, out)
	}
	if code, _ := s.run("", "restore", "--yes", filepath.Join(t.TempDir(), "missing.db")); code != 1 {
		t.Error("a missing file passed")
	}
	after, err := os.ReadFile(datafolder.Folder{Path: s.data}.Database())
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the present database changed: %v", err)
	}
	if entries, err := os.ReadDir(datafolder.Folder{Path: s.data}.Restoring()); err == nil {
		t.Errorf("left behind: %v", entries)
	}
}

func TestACopyIsWrittenWhereItMayBeOnly(t *testing.T) {
	t.Parallel()
	s := emptyShell(t)
	if code, out := s.run("", "backup", "--to", t.TempDir()); code != 1 || !strings.Contains(out, "no database") {
		t.Errorf("without a database: %d\n%s", code, out)
	}
	s.must("", "init")
	s.must("", "school", "create", "de-linde", "--name", "De Linde")
	keyed := t.TempDir()
	if err := os.WriteFile(filepath.Join(keyed, "master.key"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(s.data, link); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{
		"nowhere": "", "the data folder": s.data, "a file in it": filepath.Join(s.data, "copy.db"), "a link to it": link,
		"the mailbox folder": datafolder.Folder{Path: s.data}.Mailbox(), "beside a key": keyed, "a file beside a key": filepath.Join(keyed, "copy.db"),
	} {
		if code, out := s.run("", "backup", "--to", to); code != 1 {
			t.Errorf("%s: %d\n%s", name, code, out)
		}
	}
	fine := filepath.Join(s.data, "copies")
	s.must("", "backup", "--to", fine)
	all, err := backup.Copies{Path: fine}.List()
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	if code, out := s.run("", "backup", "--to", all[0].Path); code != 1 || !strings.Contains(out, "never overwrites") {
		t.Errorf("overwritten: %d\n%s", code, out)
	}
}
