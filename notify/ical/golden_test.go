package ical_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/notify/ical"
)

var update = flag.Bool("update", false, "write the golden files anew")

// evening is an event as a family of two children would get it.
func evening() ical.Event {
	return ical.Event{
		UID:      "0198f000-0000-7000-8000-000000000001@deregenboog.example",
		Sequence: 0,
		Stamp:    time.Date(2026, time.November, 2, 8, 0, 0, 0, time.UTC),
		Start:    time.Date(2026, time.November, 24, 18, 10, 0, 0, time.UTC),
		End:      time.Date(2026, time.November, 24, 18, 50, 0, 0, time.UTC),
		Summary:  "Oudergesprekken november, De Regenboog",
		Description: "19:10–19:20 Sam, met mevrouw De Vries (mentorgesprek)\n" +
			"19:40–19:50 Noor, met meneer Bakker\n\nVerzetten of afzeggen doet u via de link in de mail van school.",
		Location:  "De Regenboog, Schoolstraat 1",
		URL:       "https://deregenboog.example/gesprekken",
		Organizer: ical.Person{Name: "De Regenboog", Address: "gesprekken@deregenboog.example"},
		Attendee:  ical.Person{Address: "ouder@example.org"},
	}
}

// with changes a copy of the event above.
func with(change func(*ical.Event)) ical.Event {
	e := evening()
	change(&e)
	return e
}

// invitations are the events that have a golden file, by its name.
func invitations(zone *time.Location) map[string]ical.Event {
	return map[string]ical.Event{
		"request": evening(),
		"request-moved": with(func(e *ical.Event) {
			e.Sequence = 3
			e.Stamp = e.Stamp.Add(time.Hour)
			e.Start = e.Start.Add(20 * time.Minute)
		}),
		"cancel": with(func(e *ical.Event) {
			e.Sequence = 4
			e.Cancelled = true
		}),
		"bare": with(func(e *ical.Event) {
			e.Description, e.Location, e.URL, e.Organizer.Name = "", "", "", ""
		}),
		"local-times-become-utc": with(func(e *ical.Event) {
			e.Start = time.Date(2027, time.March, 30, 19, 0, 0, 999, zone)
			e.End = time.Date(2027, time.March, 30, 19, 30, 0, 0, zone)
		}),
		"escapes": with(func(e *ical.Event) {
			e.UID = "a;b,c\\d@example"
			e.Summary = "Gesprek; met, \\ en \"aanhaling\""
			e.Location = "Aula\rboven\nof\r\nbeneden"
			e.URL = "https://example.org/a;b,c\\d?q=ë&r=\r\n2"
		}),
		"names-in-parameters": with(func(e *ical.Event) {
			e.Organizer.Name = "School \"De Boog\"; afdeling: Noord,\r\nZuid"
			e.Attendee = ical.Person{Name: "ouder, verzorger", Address: "o+x%y=z&w@example.org"}
		}),
		"long-lines": with(func(e *ical.Event) {
			e.Summary = strings.Repeat("é", 100)
			e.Description = strings.Repeat("gesprek €😀 ", 60)
			e.Location = strings.Repeat("x", 2048)
		}),
		"line-ends-of-other-kinds": with(func(e *ical.Event) {
			e.Summary = "a\u2028b\u2029c\u0085d\ve\ff"
			e.Description = "a\x00b\x07c\x1b[31md\u202Ee\u2066f\tg\xffh"
		}),
		"injection": with(func(e *ical.Event) {
			e.Summary = "Sam\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2"
			e.Location = "A1\nATTENDEE:mailto:x@example.org"
		}),
		"arabic": with(func(e *ical.Event) {
			e.Summary = "محادثات أولياء الأمور"
			e.Description = "ياسمين، مع السيدة دي فريس، " + strings.Repeat("محادثة ", 30)
		}),
	}
}

func TestInvitationsAreTheGoldenFiles(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	for name, event := range invitations(zone) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ical.Encode(event)
			if err != nil {
				t.Fatalf("Encode: %v", err)
			}
			compare(t, name, got)
			readBack(t, got, event)
		})
	}
}

func TestFeedsAreTheGoldenFiles(t *testing.T) {
	t.Parallel()
	feeds := map[string]ical.Feed{
		"feed": {Name: "Gesprekken school", Refresh: 30 * time.Minute, Talks: []ical.Event{
			with(func(e *ical.Event) { e.UID = "1@example" }),
			with(func(e *ical.Event) { e.UID, e.Cancelled, e.Organizer = "2@example", true, ical.Person{} }),
		}},
		"feed-empty": {Name: "Gesprekken; school"},
	}
	for name, feed := range feeds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ical.EncodeFeed(feed)
			if err != nil {
				t.Fatalf("EncodeFeed: %v", err)
			}
			compare(t, name, got)
			calendar, err := read(got)
			if err != nil {
				t.Fatalf("read back: %v", err)
			}
			if calendar.get("METHOD").value != "PUBLISH" || len(calendar.children) != len(feed.Talks) {
				t.Errorf("method %q, %d events", calendar.get("METHOD").value, len(calendar.children))
			}
			if bytes.Contains(got, []byte("ATTENDEE")) {
				t.Error("a feed names its reader")
			}
		})
	}
}

// compare holds what was written against the golden file of that name.
func compare(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name+".ics")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("differs from %s:\n%s", file, got)
	}
}

// readBack reads the file with the reader of this test and looks whether the
// event is in it, once and unharmed.
func readBack(t *testing.T, file []byte, e ical.Event) {
	t.Helper()
	calendar, err := read(file)
	if err != nil {
		t.Fatalf("read back: %v", err)
	}
	if len(calendar.children) != 1 || calendar.children[0].name != "VEVENT" {
		t.Fatalf("want one event, got %d", len(calendar.children))
	}
	if got := calendar.get("METHOD").value; got != e.Method() {
		t.Errorf("METHOD %q, want %q", got, e.Method())
	}
	event := calendar.children[0]
	for name, want := range map[string]time.Time{"DTSTAMP": e.Stamp, "DTSTART": e.Start, "DTEND": e.End} {
		got, err := time.Parse("20060102T150405Z", event.get(name).value)
		if err != nil || !got.Equal(want.Truncate(time.Second)) {
			t.Errorf("%s is %q, want %v", name, event.get(name).value, want.UTC())
		}
	}
	attendee := event.get("ATTENDEE")
	if attendee.params["RSVP"] != "FALSE" || !strings.HasPrefix(attendee.value, "mailto:") {
		t.Errorf("attendee %+v", attendee)
	}
	if !strings.HasPrefix(event.get("ORGANIZER").value, "mailto:") {
		t.Errorf("organizer %+v", event.get("ORGANIZER"))
	}
	if plain := onlyPlain(e.UID); plain && event.get("UID").text() != e.UID {
		t.Errorf("UID %q, want %q", event.get("UID").text(), e.UID)
	}
	if onlyPlain(e.Summary) && event.get("SUMMARY").text() != e.Summary {
		t.Errorf("SUMMARY %q, want %q", event.get("SUMMARY").text(), e.Summary)
	}
}

// onlyPlain tells whether a text survives cleaning as it is.
func onlyPlain(s string) bool {
	return s == strings.TrimSpace(s) && strings.IndexFunc(s, func(r rune) bool {
		return r < ' ' || r == 0x7f || r >= 0x80 && r <= 0x9f || r == '\uFFFD' || r >= '\u2028' && r <= '\u202E' ||
			r >= '\u2066' && r <= '\u2069' || r == '\uFEFF'
	}) < 0
}
