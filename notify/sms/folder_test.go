package sms_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/notify/carrier"
	"github.com/ouderavond/ouderavond/notify/sms"
)

// folder makes a carrier into a fresh mailbox.
func folder(t *testing.T) (*sms.Folder, string) {
	t.Helper()
	dir := t.TempDir()
	f, err := sms.NewFolder(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f, dir
}

func TestTheFolderKeepsAMessage(t *testing.T) {
	t.Parallel()
	f, dir := folder(t)
	m := message()
	m.From, m.Body = "DeRegenboog", "Eén regel\n\nen nog een"
	receipt, err := f.Send(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "school-1", receipt.ID))
	want := "To: +31612345678\nFrom: DeRegenboog\nDate: 2026-11-02T08:00:00Z\nReference: 0198-f000\n\nEén regel\n\nen nog een"
	if err != nil || string(text) != want {
		t.Errorf("got %q, %v", text, err)
	}
	stored, err := sms.List(dir, "school-1", 5)
	if err != nil || len(stored) != 1 {
		t.Fatalf("List: %+v, %v", stored, err)
	}
	if got := stored[0]; got != (sms.Stored{ID: receipt.ID, Date: m.Date, To: m.To, From: m.From, Reference: m.Reference, Body: m.Body}) {
		t.Errorf("read back as %+v", got)
	}
}

func TestListShowsTheNewestOfOneSchool(t *testing.T) {
	t.Parallel()
	f, dir := folder(t)
	for i := range 4 {
		m := message()
		m.Body, m.Date = string(rune('a'+i)), m.Date.Add(time.Duration(i)*time.Minute)
		for range 2 { // the second is the first again
			if _, err := f.Send(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
	}
	other := message()
	other.School = "school-2"
	if _, err := f.Send(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	stored, err := sms.List(dir, "school-1", 3)
	if err != nil || len(stored) != 3 || stored[0].Body+stored[1].Body+stored[2].Body != "dcb" {
		t.Errorf("got %+v, %v", stored, err)
	}
	if _, err := sms.List(dir, "../school-1", 3); err == nil {
		t.Error("a path was taken for a school")
	}
}

func TestTheFolderFailsInClasses(t *testing.T) {
	t.Parallel()
	f, dir := folder(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.Send(gone, message()); carrier.ClassOf(err) != carrier.Temporary || !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who gave up: %v", err)
	}
	for title, change := range map[string]func(*sms.Message){
		"a school with a path": func(m *sms.Message) { m.School = ".." },
		"no reference":         func(m *sms.Message) { m.Reference = "" },
		"no date":              func(m *sms.Message) { m.Date = time.Time{} },
	} {
		m := message()
		change(&m)
		if _, err := f.Send(t.Context(), m); carrier.ClassOf(err) != carrier.Permanent {
			t.Errorf("%s: %v", title, err)
		}
	}
	m := message()
	m.To = "+319001234"
	if _, err := f.Send(t.Context(), m); carrier.ClassOf(err) != carrier.RecipientRefused {
		t.Errorf("a premium number: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "school-1"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Send(t.Context(), message()); carrier.ClassOf(err) != carrier.Temporary || !carrier.IsSetup(err) {
		t.Errorf("a folder that cannot be made: %v", err)
	}
}
