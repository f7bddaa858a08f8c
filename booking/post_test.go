package booking_test

import (
	"context"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/notify"
	"github.com/ouderavond/ouderavond/notify/mail"
	"github.com/ouderavond/ouderavond/notify/sms"
	"github.com/ouderavond/ouderavond/notify/text"
)

// post is a mailbox folder and the dispatcher that fills it.
type post struct {
	w          *world
	dir        string
	dispatcher *notify.Dispatcher
	sent       *recorder
}

// recorder notes the order in which mails go out. Without a transport it drops them.
type recorder struct {
	mail.Transport
	mutex    sync.Mutex // several go out at once
	messages []mail.Message
}

func (r *recorder) Send(ctx context.Context, message mail.Message) (mail.Receipt, error) {
	r.mutex.Lock()
	r.messages = append(r.messages, message)
	r.mutex.Unlock()
	if r.Transport == nil {
		return mail.Receipt{MessageID: message.MessageID}, nil
	}
	return r.Transport.Send(ctx, message)
}

func (w *world) post() *post {
	w.t.Helper()
	p := &post{w: w, dir: filepath.Join(w.t.TempDir(), "mailbox")}
	mails, err := mail.NewFolder(p.dir)
	w.must(err)
	texts, err := sms.NewFolder(p.dir, nil)
	w.must(err)
	renderer, err := text.New()
	w.must(err)
	p.sent = &recorder{Transport: mails}
	p.dispatcher = notify.NewDispatcher(notify.Config{
		Store: w.store, Clock: w.clock, Logger: slog.New(slog.DiscardHandler), Renderer: renderer, Mail: p.sent, MailFolder: mails, SMS: texts, SMSFolder: texts,
		From: "afspraak@ouderavond.example", BaseURL: "https://ouderavond.example",
	})
	return p
}

// letter is a mail as its reader gets it.
type letter struct {
	mail.Stored
	event event
}

// event is what a calendar takes from an invitation.
type event struct {
	method, uid, status, summary, location, description, attendee string
	sequence                                                      int
	start, end                                                    time.Time
}

// drain sends everything that is due and gives the mails that came in, by addressee and then subject.
func (p *post) drain() []letter {
	p.w.t.Helper()
	before := map[string]bool{}
	for _, entry := range p.entries() {
		before[entry.ID] = true
	}
	p.send()
	letters := []letter{}
	for _, entry := range p.entries() {
		if before[entry.ID] {
			continue
		}
		stored, err := mail.Open(p.dir, p.w.school.String(), entry.ID)
		p.w.must(err)
		letters = append(letters, letter{stored, readEvent(p.w.t, stored.Calendar, stored.CalendarMethod)})
	}
	slices.SortFunc(letters, func(a, b letter) int { return strings.Compare(a.To+a.Subject, b.To+b.Subject) })
	return letters
}

// send sends everything that is due.
func (p *post) send() {
	p.w.t.Helper()
	if _, err := p.dispatcher.Drain(p.w.ctx); err != nil {
		p.w.t.Fatal(err)
	}
}

func (p *post) entries() []mail.Entry {
	p.w.t.Helper()
	entries, err := mail.List(p.dir, p.w.school.String(), 10_000)
	p.w.must(err)
	return entries
}

// texts are the short messages in the folder.
func (p *post) texts() []sms.Stored {
	p.w.t.Helper()
	texts, err := sms.List(p.dir, p.w.school.String(), 1000)
	p.w.must(err)
	return texts
}

// to gives the mails to one address.
func to(letters []letter, address string) []letter {
	return slices.DeleteFunc(slices.Clone(letters), func(l letter) bool { return l.To != address && l.To != "<"+address+">" })
}

// only gives the one mail to an address.
func only(t testing.TB, letters []letter, address string) letter {
	t.Helper()
	found := to(letters, address)
	if len(found) != 1 {
		t.Fatalf("%d mails to %s", len(found), address)
	}
	return found[0]
}

// readEvent reads the calendar file of a mail; the zero event if there is none. What the file and its part say of the method must be the same.
func readEvent(t testing.TB, file, method string) event {
	t.Helper()
	if file == "" {
		return event{}
	}
	fields := map[string]string{}
	for line := range strings.SplitSeq(strings.ReplaceAll(file, "\r\n ", ""), "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		name, _, _ = strings.Cut(name, ";")
		fields[name] = value
	}
	if fields["METHOD"] != method || method == "" {
		t.Errorf("the file's method is %q, that of its part %q", fields["METHOD"], method)
	}
	instant := func(name string) time.Time {
		at, err := time.Parse("20060102T150405Z", fields[name])
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return at
	}
	sequence, err := strconv.Atoi(fields["SEQUENCE"])
	if err != nil {
		t.Errorf("sequence: %v", err)
	}
	return event{
		method: method, uid: fields["UID"], status: fields["STATUS"], sequence: sequence, start: instant("DTSTART"), end: instant("DTEND"),
		summary: fields["SUMMARY"], location: fields["LOCATION"], description: fields["DESCRIPTION"], attendee: fields["ATTENDEE"],
	}
}

// at writes an event as "REQUEST 0: Tue 19:00-19:40".
func (e event) at(t testing.TB) string {
	zone := amsterdam(t)
	text := e.method + " " + strconv.Itoa(e.sequence) + ": " + e.start.In(zone).Format("Mon 15:04")
	if e.method == "REQUEST" {
		text += e.end.In(zone).Format("-15:04")
	}
	return text
}

// calendar is a client that keeps what invitations say: newer versions replace older ones, and a withdrawal takes the entry away (RFC 5546).
type calendar map[string]event

func (c calendar) take(e event) {
	if present, known := c[e.uid]; known && e.sequence < present.sequence {
		return
	}
	c[e.uid] = e
}

// shows gives the entries that are not withdrawn, "Tue 19:00-19:40".
func (c calendar) shows(t testing.TB) []string {
	texts := []string{}
	for _, uid := range slices.Sorted(maps.Keys(c)) {
		if e := c[uid]; e.method == "REQUEST" {
			_, text, _ := strings.Cut(e.at(t), ": ")
			texts = append(texts, text)
		}
	}
	slices.Sort(texts)
	return texts
}

// states counts the messages of the outbox by state, "queued 2, superseded 1".
func (w *world) states() string {
	w.t.Helper()
	counts := map[models.MessageState]int{}
	w.read(func(tx *store.Tx) {
		messages, err := store.List[models.Message](tx)
		w.must(err)
		for _, message := range messages {
			counts[message.State]++
		}
	})
	var texts []string
	for _, state := range slices.Sorted(maps.Keys(counts)) {
		texts = append(texts, string(state)+" "+strconv.Itoa(counts[state]))
	}
	return strings.Join(texts, ", ")
}
