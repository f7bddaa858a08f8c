package mail_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/notify/carrier"
	"github.com/ouderavond/ouderavond/notify/mail"
)

// folder makes a transport into a fresh mailbox.
func folder(t *testing.T) (*mail.Folder, string) {
	t.Helper()
	dir := t.TempDir()
	f, err := mail.NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	return f, dir
}

// keep sends a message into the folder.
func keep(t *testing.T, f *mail.Folder, m mail.Message) mail.Receipt {
	t.Helper()
	receipt, err := f.Send(t.Context(), m)
	if err != nil {
		t.Fatalf("Send: %v", err)
	}
	return receipt
}

func TestTheFolderKeepsTheBytesThatAServerWouldGet(t *testing.T) {
	t.Parallel()
	f, dir := folder(t)
	receipt := keep(t, f, letter())
	want, err := mail.Compose(letter())
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "school-1", receipt.File))
	if err != nil || string(got) != string(want) {
		t.Errorf("%v; got %s", err, got)
	}
	if receipt.MessageID != letter().MessageID {
		t.Errorf("receipt %+v", receipt)
	}
}

func TestAMailReadsBackWhole(t *testing.T) {
	t.Parallel()
	f, dir := folder(t)
	m := with(func(m *mail.Message) { m.Subject, m.FromName = "Gesprekken – één", "’t Kofschip" })
	receipt := keep(t, f, m)
	got, err := mail.Open(dir, "school-1", receipt.File)
	if err != nil {
		t.Fatal(err)
	}
	crlf := func(s string) string { return string(normalise(s)) }
	for name, pair := range map[string][2]string{
		"id": {got.ID, receipt.File}, "subject": {got.Subject, m.Subject}, "to": {got.To, "<ouder@example.org>"},
		"from":     {got.From, `’t Kofschip <gesprekken@deregenboog.example>`},
		"reply to": {got.ReplyTo, "<info@deregenboog.example>"}, "text": {got.Text, crlf(m.Text)}, "HTML": {got.HTML, crlf(m.HTML)},
		"calendar": {got.Calendar, string(m.Calendar)}, "method": {got.CalendarMethod, "REQUEST"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %q, want %q", name, pair[0], pair[1])
		}
	}
	if !got.Date.Equal(m.Date) || got.Damaged || len(got.Raw) == 0 {
		t.Errorf("date %v, damaged %v, %d bytes", got.Date, got.Damaged, len(got.Raw))
	}
}

// normalise ends lines as a mail does.
func normalise(s string) []byte {
	var out []byte
	for i := range len(s) {
		if s[i] == '\n' {
			out = append(out, '\r')
		}
		out = append(out, s[i])
	}
	return out
}

func TestAMessageSentTwiceIsThereOnce(t *testing.T) {
	t.Parallel()
	f, dir := folder(t)
	if first := keep(t, f, letter()); first != keep(t, f, letter()) {
		t.Error("the receipts differ")
	}
	if entries, err := mail.List(dir, "school-1", 10); err != nil || len(entries) != 1 {
		t.Errorf("%d mails, %v", len(entries), err)
	}
}

func TestListShowsTheNewestOfOneSchool(t *testing.T) {
	t.Parallel()
	f, dir := folder(t)
	for i := range 4 {
		keep(t, f, with(func(m *mail.Message) {
			m.Subject, m.Date = string(rune('a'+i)), m.Date.Add(time.Duration(i)*time.Hour)
		}))
	}
	keep(t, f, with(func(m *mail.Message) { m.School, m.Subject = "school-2", "other" }))
	entries, err := mail.List(dir, "school-1", 3)
	if err != nil {
		t.Fatal(err)
	}
	var subjects string
	for _, entry := range entries {
		subjects += entry.Subject
	}
	if subjects != "dcb" {
		t.Errorf("got %q", subjects)
	}
	if entries, err := mail.List(dir, "nobody", 3); err != nil || len(entries) != 0 {
		t.Errorf("a school without mail has %d, %v", len(entries), err)
	}
}

func TestADamagedFileIsListedAsSuch(t *testing.T) {
	t.Parallel()
	f, dir := folder(t)
	file := keep(t, f, letter()).File
	for title, content := range map[string]string{"no mail": "no header at all", "empty": ""} {
		if err := os.WriteFile(filepath.Join(dir, "school-1", file), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		entries, err := mail.List(dir, "school-1", 3)
		if err != nil || len(entries) != 1 || !entries[0].Damaged || !entries[0].Date.Equal(letter().Date) {
			t.Errorf("%s: %+v, %v", title, entries, err)
		}
		if stored, err := mail.Open(dir, "school-1", file); err != nil || !stored.Damaged || string(stored.Raw) != content {
			t.Errorf("%s: %+v, %v", title, stored, err)
		}
	}
}

func TestErasingASchoolTakesItsMails(t *testing.T) {
	t.Parallel()
	f, dir := folder(t)
	file := keep(t, f, letter()).File
	keep(t, f, with(func(m *mail.Message) { m.School = "school-2" }))
	if err := mail.Erase(dir, "school-1"); err != nil {
		t.Fatal(err)
	}
	if _, err := mail.Open(dir, "school-1", file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if entries, err := mail.List(dir, "school-2", 3); err != nil || len(entries) != 1 {
		t.Errorf("the other school has %d, %v", len(entries), err)
	}
}

func TestOneSchoolCannotOpenAnothersMail(t *testing.T) {
	t.Parallel()
	f, dir := folder(t)
	file := keep(t, f, letter()).File
	keep(t, f, with(func(m *mail.Message) { m.School, m.MessageID = "school-2", "other@example.org" }))
	if _, err := mail.Open(dir, "school-2", file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	for _, id := range []string{"../school-1/" + file, "", "x", file + "/../" + file, file[:len(file)-4] + ".sms.txt"} {
		if _, err := mail.Open(dir, "school-2", id); !errors.Is(err, carrier.ErrName) {
			t.Errorf("id %q: %v", id, err)
		}
	}
}

func TestTheFolderFailsInClasses(t *testing.T) {
	t.Parallel()
	f, dir := folder(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Send(gone, letter()); carrier.ClassOf(err) != carrier.Temporary || !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who gave up: %v", err)
	}
	if _, err := f.Send(t.Context(), with(func(m *mail.Message) { m.School = "../x" })); carrier.ClassOf(err) != carrier.Permanent {
		t.Errorf("a school with a path: %v", err)
	}
	if _, err := f.Send(t.Context(), with(func(m *mail.Message) { m.To = "x" })); carrier.ClassOf(err) != carrier.Permanent {
		t.Errorf("a malformed address: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "school-1"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Send(t.Context(), letter()); carrier.ClassOf(err) != carrier.Temporary || !carrier.IsSetup(err) {
		t.Errorf("a folder that cannot be made: %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	raw, err := mail.Compose(letter())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte("Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n"))
	f.Add([]byte("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n=\xff"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		dir := t.TempDir()
		box, err := carrier.OpenMailbox(dir)
		if err != nil {
			t.Fatal(err)
		}
		name := carrier.FileName(letter().Date, "x", ".eml")
		if err := box.Write("s", name, raw); err != nil {
			t.Fatal(err)
		}
		stored, err := mail.Open(dir, "s", name)
		if err != nil || string(stored.Raw) != string(raw) {
			t.Fatalf("Open: %v", err)
		}
	})
}
