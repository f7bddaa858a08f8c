package carrier_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/notify/carrier"
)

var noon = time.Date(2026, time.November, 2, 12, 0, 0, 5, time.UTC)

// open makes a mailbox in a folder that does not exist yet.
func open(t *testing.T) (*carrier.Mailbox, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "deep", "mailbox")
	m, err := carrier.OpenMailbox(dir)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return m, dir
}

// write stores a message of a school, a number of minutes after noon.
func write(t *testing.T, m *carrier.Mailbox, school string, minute int, suffix, text string) string {
	t.Helper()
	name := carrier.FileName(noon.Add(time.Duration(minute)*time.Minute), text, suffix)
	if err := m.Write(school, name, []byte(text)); err != nil {
		t.Fatalf("Write: %v", err)
	}
	return name
}

func TestMessagesAreListedNewestFirstUpToALimit(t *testing.T) {
	t.Parallel()
	m, _ := open(t)
	var names []string
	for minute := range 5 {
		names = append(names, write(t, m, "school-1", minute, ".eml", fmt.Sprint(minute)))
	}
	write(t, m, "school-1", 9, ".sms.txt", "another kind")
	write(t, m, "school-2", 9, ".eml", "another school")
	got, err := m.List("school-1", ".eml", 3)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{names[4], names[3], names[2]}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for limit, want := range map[int]int{-1: 0, 0: 0, 99: 5} {
		if got, _ := m.List("school-1", ".eml", limit); len(got) != want {
			t.Errorf("limit %d gives %d", limit, len(got))
		}
	}
	if got, err := m.List("nobody", ".eml", 9); err != nil || len(got) != 0 {
		t.Errorf("a school without messages: %v, %v", got, err)
	}
}

func TestAMessageReadsBack(t *testing.T) {
	t.Parallel()
	m, dir := open(t)
	name := write(t, m, "s", 0, ".eml", "hello\r\n")
	data, err := m.Read("s", name)
	if err != nil || string(data) != "hello\r\n" {
		t.Errorf("got %q, %v", data, err)
	}
	at, err := carrier.FileMoment(name)
	if err != nil || !at.Equal(noon) {
		t.Errorf("moment %v, %v", at, err)
	}
	info, err := os.Stat(filepath.Join(dir, "s", name))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if info, err := os.Stat(filepath.Join(dir, "s")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder's mode %v, %v", info.Mode(), err)
	}
}

func TestAMessageWrittenTwiceIsThereOnce(t *testing.T) {
	t.Parallel()
	m, dir := open(t)
	first := write(t, m, "s", 0, ".eml", "same")
	second := write(t, m, "s", 0, ".eml", "same")
	entries, err := os.ReadDir(filepath.Join(dir, "s"))
	if err != nil || first != second || len(entries) != 1 {
		t.Errorf("%q, %q, %d files, %v", first, second, len(entries), err)
	}
}

func TestManyWritersNeverShowHalfAFile(t *testing.T) {
	t.Parallel()
	m, dir := open(t)
	name := carrier.FileName(noon, "id", ".eml")
	var wait sync.WaitGroup
	for i := range 8 {
		text := bytes.Repeat([]byte{byte('a' + i)}, 1<<16)
		wait.Go(func() {
			for range 10 {
				if err := m.Write("s", name, text); err != nil {
					t.Errorf("Write: %v", err)
				}
				data, err := m.Read("s", name)
				if err != nil || len(data) != 1<<16 || bytes.Count(data, data[:1]) != len(data) {
					t.Errorf("half a file: %d bytes, %v", len(data), err)
				}
			}
		})
	}
	wait.Wait()
	if entries, err := os.ReadDir(filepath.Join(dir, "s")); err != nil || len(entries) != 1 {
		t.Errorf("%d files are left, %v", len(entries), err)
	}
}

func TestNoNameLeadsOutOfTheFolder(t *testing.T) {
	t.Parallel()
	m, dir := open(t)
	good := write(t, m, "s", 0, ".eml", "x")
	secret := filepath.Join(filepath.Dir(dir), "secret.eml")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, school := range []string{"", ".", "..", "../x", "/etc", "a/b", `a\b`, "a\x00", strings.Repeat("a", 65), "s\n"} {
		if _, err := m.Read(school, good); !errors.Is(err, carrier.ErrName) {
			t.Errorf("read of school %q: %v", school, err)
		}
		if err := m.Write(school, good, nil); !errors.Is(err, carrier.ErrName) {
			t.Errorf("write of school %q: %v", school, err)
		}
		if _, err := m.List(school, ".eml", 1); !errors.Is(err, carrier.ErrName) {
			t.Errorf("list of school %q: %v", school, err)
		}
		if err := m.Erase(school); !errors.Is(err, carrier.ErrName) {
			t.Errorf("erasing school %q: %v", school, err)
		}
	}
	for _, name := range []string{"", "..", "../secret.eml", "../../secret.eml", ".draft-x", good + "/..", "x.eml", good + "\n"} {
		if _, err := m.Read("s", name); !errors.Is(err, carrier.ErrName) {
			t.Errorf("read of %q: %v", name, err)
		}
		if err := m.Write("s", name, nil); !errors.Is(err, carrier.ErrName) {
			t.Errorf("write of %q: %v", name, err)
		}
		if _, err := carrier.FileMoment(name); !errors.Is(err, carrier.ErrName) {
			t.Errorf("moment of %q: %v", name, err)
		}
	}
}

func TestALinkIsNotFollowedOut(t *testing.T) {
	t.Parallel()
	m, dir := open(t)
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	name := write(t, m, "s", 0, ".eml", "x")
	link := filepath.Join(dir, "s", name)
	if err := errors.Join(os.Remove(link), os.Symlink(filepath.Join(outside, "secret"), link)); err != nil {
		t.Fatal(err)
	}
	if data, err := m.Read("s", name); err == nil {
		t.Errorf("read %q through a link", data)
	}
	other := write(t, m, "other", 1, ".eml", "another school's")
	inside := filepath.Join(dir, "s", other)
	if err := os.Symlink(filepath.Join("..", "other", other), inside); err != nil {
		t.Fatal(err)
	}
	if data, err := m.Read("s", other); err == nil {
		t.Errorf("read %q of another school through a link", data)
	}
	if err := os.Symlink(outside, filepath.Join(dir, "linked")); err != nil {
		t.Fatal(err)
	}
	if err := m.Write("linked", name, []byte("x")); err == nil {
		t.Error("wrote through a link")
	}
	if err := m.Erase("linked"); err != nil {
		t.Errorf("Erase: %v", err)
	}
	if _, err := os.Stat(filepath.Join(outside, "secret")); err != nil {
		t.Errorf("erasing went through the link: %v", err)
	}
}

func TestErasingOneSchoolLeavesTheOther(t *testing.T) {
	t.Parallel()
	m, dir := open(t)
	gone := write(t, m, "gone", 0, ".eml", "x")
	write(t, m, "gone", 1, ".sms.txt", "x")
	stays := write(t, m, "stays", 0, ".eml", "x")
	for range 2 { // erasing what is gone is no error
		if err := m.Erase("gone"); err != nil {
			t.Fatalf("Erase: %v", err)
		}
	}
	if _, err := m.Read("gone", gone); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("still there: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "gone")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
	if _, err := m.Read("stays", stays); err != nil {
		t.Errorf("the other school lost a message: %v", err)
	}
}

func TestAFileTooLargeIsNotRead(t *testing.T) {
	t.Parallel()
	m, dir := open(t)
	name := write(t, m, "s", 0, ".eml", "x")
	if err := os.Truncate(filepath.Join(dir, "s", name), carrier.MailboxLimit+1); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Read("s", name); err == nil {
		t.Error("it was read")
	}
}

func TestOpenRefusesWhatIsNoFolder(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"", file, filepath.Join(file, "below")} {
		if _, err := carrier.OpenMailbox(dir); err == nil {
			t.Errorf("%q was opened", dir)
		}
	}
}
