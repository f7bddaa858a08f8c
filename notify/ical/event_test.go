package ical_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/notify/ical"
	"pgregory.net/rapid"
)

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*ical.Event){
		"an event without UID":                 func(e *ical.Event) { e.UID = "" },
		"an event with a UID of controls only": func(e *ical.Event) { e.UID = "\r\n\x00" },
		"an event without title":               func(e *ical.Event) { e.Summary = " " },
		"a negative sequence":                  func(e *ical.Event) { e.Sequence = -1 },
		"no stamp":                             func(e *ical.Event) { e.Stamp = time.Time{} },
		"no start":                             func(e *ical.Event) { e.Start = time.Time{} },
		"an end that is the start":             func(e *ical.Event) { e.End = e.Start },
		"an end before the start":              func(e *ical.Event) { e.End = e.Start.Add(-time.Minute) },
		"a year of five digits":                func(e *ical.Event) { e.End = time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC) },
		"a script as URL":                      func(e *ical.Event) { e.URL = "javascript:alert(1)" },
		"a URL without host":                   func(e *ical.Event) { e.URL = "https:///path" },
		"a script behind a line end":           func(e *ical.Event) { e.URL = "\r\nhttps://example.org" },
		"no organizer":                         func(e *ical.Event) { e.Organizer = ical.Person{Name: "school"} },
		"no attendee":                          func(e *ical.Event) { e.Attendee = ical.Person{} },
		"two attendees in one address":         func(e *ical.Event) { e.Attendee.Address = "a@example.org, b@example.org" },
		"an address with a name":               func(e *ical.Event) { e.Attendee.Address = "A <a@example.org>" },
		"an address with a line end":           func(e *ical.Event) { e.Attendee.Address = "a@example.org\r\nX: y" },
	}
	for title, change := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			file, err := ical.Encode(with(change))
			if !errors.Is(err, ical.ErrInvalid) {
				t.Errorf("got %v", err)
			}
			if file != nil {
				t.Error("bytes came with the error")
			}
		})
	}
}

func TestErrorsDoNotRepeatWhatWasHandedIn(t *testing.T) {
	t.Parallel()
	_, err := ical.Encode(with(func(e *ical.Event) { e.Attendee.Address = "geheim" }))
	if err == nil || strings.Contains(err.Error(), "geheim") {
		t.Errorf("got %v", err)
	}
}

func TestFeedRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]ical.Feed{
		"a talk without UID":         {Talks: []ical.Event{with(func(e *ical.Event) { e.UID = "" })}},
		"two talks with one UID":     {Talks: []ical.Event{evening(), evening()}},
		"an organizer of no address": {Talks: []ical.Event{with(func(e *ical.Event) { e.Organizer.Address = "x" })}},
	}
	for title, feed := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			if _, err := ical.EncodeFeed(feed); !errors.Is(err, ical.ErrInvalid) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAWithdrawalKeepsWhatClientsCompare(t *testing.T) {
	t.Parallel()
	request, err := ical.Encode(evening())
	if err != nil {
		t.Fatal(err)
	}
	withdrawal, err := ical.Encode(with(func(e *ical.Event) { e.Cancelled, e.Sequence = true, 1 }))
	if err != nil {
		t.Fatal(err)
	}
	before, after := mustRead(t, request), mustRead(t, withdrawal)
	for _, name := range []string{"UID", "ORGANIZER", "ATTENDEE", "DTSTART", "DTEND"} {
		if before.get(name).value != after.get(name).value {
			t.Errorf("%s changed from %q to %q", name, before.get(name).value, after.get(name).value)
		}
	}
	if after.get("STATUS").value != "CANCELLED" || before.get("STATUS").value != "CONFIRMED" {
		t.Errorf("status %q, then %q", before.get("STATUS").value, after.get("STATUS").value)
	}
	if after.get("SEQUENCE").value != "1" {
		t.Errorf("sequence %q", after.get("SEQUENCE").value)
	}
}

// mustRead reads a file of one event.
func mustRead(t *testing.T, file []byte) *component {
	t.Helper()
	calendar, err := read(file)
	if err != nil {
		t.Fatalf("read back: %v", err)
	}
	return calendar.children[0]
}

func TestAnyTextComesBackAsOneEvent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := with(func(e *ical.Event) {
			// The letter in front keeps a UID or title of controls only away.
			e.UID = "u" + rapid.String().Draw(t, "uid")
			e.Summary = "s" + rapid.String().Draw(t, "summary")
			e.Description = rapid.String().Draw(t, "description")
			e.Location = rapid.String().Draw(t, "location")
			e.Organizer.Name = rapid.String().Draw(t, "organizer")
			e.Sequence = rapid.IntRange(0, 1<<30).Draw(t, "sequence")
		})
		file, err := ical.Encode(e)
		if err != nil {
			t.Fatalf("Encode: %v", err)
		}
		calendar, err := read(file)
		if err != nil {
			t.Fatalf("read back: %v", err)
		}
		if len(calendar.children) != 1 {
			t.Fatalf("%d events", len(calendar.children))
		}
		if got := calendar.children[0].get("SUMMARY").text(); onlyPlain(e.Summary) && got != e.Summary {
			t.Fatalf("%q came back as %q", e.Summary, got)
		}
	})
}

func FuzzEncode(f *testing.F) {
	f.Add("uid", "summary", "https://example.org/x", "school")
	f.Add("a;b", "a\r\nEND:VEVENT", "https://example.org/\r\nX:1", "a\"b")
	f.Add("\xff", strings.Repeat("é", 80), "javascript:1", "\u202e")
	f.Fuzz(func(t *testing.T, uid, summary, address, name string) {
		file, err := ical.Encode(with(func(e *ical.Event) {
			e.UID, e.Summary, e.URL, e.Organizer.Name = uid, summary, address, name
			e.Description, e.Location = summary, name
		}))
		if err != nil {
			if !errors.Is(err, ical.ErrInvalid) {
				t.Fatalf("undescribed error: %v", err)
			}
			return
		}
		calendar, err := read(file)
		if err != nil {
			t.Fatalf("read back: %v\n%s", err, file)
		}
		if len(calendar.children) != 1 || len(calendar.children[0].children) != 0 {
			t.Fatalf("not one event:\n%s", file)
		}
	})
}
