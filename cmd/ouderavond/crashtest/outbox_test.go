package crashtest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"github.com/ouderavond/ouderavond/api/apitest/history"
)

// messageRow is a message of the outbox as the API lists it.
type messageRow struct {
	ID, State, Kind, Problem string
	Attempts                 int
	DueAt                    time.Time `json:"due_at"`
}

// outbox lists a school's messages.
func (s *site) outbox(school *history.School) []messageRow {
	s.t.Helper()
	reply, err := s.operator().Call(context.Background(), http.MethodGet, school.Path()+"/messages?limit=1000", "", nil)
	var list struct{ Items []messageRow }
	if err != nil || reply.Code != http.StatusOK || json.Unmarshal(reply.Body, &list) != nil {
		s.t.Fatalf("messages: %d %s %v", reply.Code, reply.Body, err)
	}
	return list.Items
}

// until polls a condition; it fails the test if it does not come true in time.
func (s *site) until(what string, within time.Duration, holds func() (seen string, ok bool)) {
	s.t.Helper()
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for deadline := time.Now().Add(within); ; <-ticker.C {
		seen, ok := holds()
		if ok {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("not within %s: %s, but %s", within, what, seen)
		}
	}
}

// underWay tells that a message is not at its end.
func (r messageRow) underWay() bool { return r.State == "queued" || r.State == "sending" }

// settle lets every message come to its end: the program is killed, time passes, and the program is started again.
func (s *site) settle(school *history.School) {
	s.t.Helper()
	s.kill()
	s.timePasses()
	s.start()
	s.delivered(school)
}

// delivered waits until no message is under way, and checks that each was sent or made needless. One that was on its way when the program died may have gone, and
// is made needless by a newer one only as far as the next try: its fate stays unknown.
func (s *site) delivered(school *history.School) {
	s.t.Helper()
	s.until("every message has come to its end", 30*time.Second, func() (string, bool) {
		waiting := slices.DeleteFunc(s.outbox(school), func(row messageRow) bool { return !row.underWay() })
		return fmt.Sprintf("%+v", waiting), len(waiting) == 0
	})
	for _, row := range s.outbox(school) {
		if interrupted := row.State == "unknown" && row.Problem == "interrupted"; row.State != "sent" && row.State != "superseded" && !interrupted {
			s.t.Errorf("a message is %s: %s", row.State, row.Problem)
		}
	}
}

// times finds the starts of talks in a mail's text.
var times = regexp.MustCompile(`(?m)^  (\d\d:\d\d)=E2=80=93`)

// mails reads the mailbox folder and gives, of each address, the mails in the order in which they were written for it.
func (s *site) mails(school *history.School) map[string][]string {
	s.t.Helper()
	names, err := filepath.Glob(filepath.Join(s.data, "mailbox", school.ID, "*.eml"))
	if err != nil {
		s.t.Fatal(err)
	}
	slices.Sort(names)
	to := map[string][]string{}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			s.t.Fatal(err)
		}
		text := strings.ReplaceAll(string(content), "\r\n", "\n")
		_, rest, _ := strings.Cut(text, "\nTo: <")
		address, _, _ := strings.Cut(rest, ">")
		to[address] = append(to[address], text)
	}
	return to
}

// told gives the times that a mail says the family is expected, sorted.
func told(mail string) []string {
	if strings.Contains(mail, "METHOD:CANCEL") || strings.Contains(mail, "method=CANCEL") {
		return nil
	}
	plain, _, _ := strings.Cut(mail, "Content-Type: text/html")
	var found []string
	for _, match := range times.FindAllStringSubmatch(plain, -1) {
		found = append(found, match[1])
	}
	slices.Sort(found)
	return found
}

// startOf writes a slot as the school's clocks show it: the evening begins at noon.
func startOf(slot int) string { return fmt.Sprintf("%02d:%02d", 12+slot/6, slot%6*10) }

// truth checks that the last mail to each household that ever booked says what is in the schedule.
func (s *site) truth(school *history.School, talks []history.Talk) {
	s.t.Helper()
	mails := s.mails(school)
	for household := range school.Households {
		var want []string
		for _, talk := range talks {
			if talk.Household == household {
				want = append(want, startOf(talk.Slot))
			}
		}
		slices.Sort(want)
		sent := mails[history.Address(household)]
		switch {
		case len(sent) == 0 && len(want) > 0:
			s.t.Errorf("household %d has %v and was never written to", household, want)
		case len(sent) > 0 && !slices.Equal(told(sent[len(sent)-1]), want):
			s.t.Errorf("household %d has %v, and the last of %d mails says %v\n%.1500s", household, want, len(sent), told(sent[len(sent)-1]), sent[len(sent)-1])
		}
	}
}

// messages audits the outbox at the end of a rush: nothing is lost, and the last message is the truth.
func (r *rush) messages() {
	r.t.Helper()
	r.settle(r.school)
	r.truth(r.school, r.present)
	r.stop()
}
