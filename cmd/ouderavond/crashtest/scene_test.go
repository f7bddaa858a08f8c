package crashtest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/api/apitest/history"
	"github.com/ouderavond/ouderavond/models/store/storetest/faultdisk"
)

// small is the evening of a scene.
var small = history.Size{Households: 3, Children: 1, Teachers: 3, Slots: 6}

// more is how many families an import adds.
const more = 40

// prepared is a data folder with two schools, as the program left it when it was stopped, made once and copied for each scene.
type prepared struct {
	data string
	// database is the PostgreSQL database, and key its master key; empty for SQLite.
	database, key string
	linde, eik    *history.School
	token         string
	talk          history.Talk // a talk of the first school that was booked; its confirmation was sent
}

var (
	prepare  sync.Once
	template *prepared
)

// scene is a copy of the prepared data folder with a program on a disk of its own.
type scene struct {
	*site
	from       *prepared
	wire       *wire // between the program and PostgreSQL; nil for SQLite
	linde, eik *history.School
	talk       history.Talk
}

// newScene copies the prepared folder. The program is not started.
func newScene(t testing.TB, disk *faultdisk.Disk) *scene {
	t.Helper()
	prepare.Do(func() { template = makeTemplate(newSite(t, nil)) })
	if template == nil {
		t.Fatal("the scene could not be prepared")
	}
	s := (&scene{site: newSite(t, disk), from: template}).enter()
	s.renew()
	return s
}

// enter brings the prepared schools to the scene's program.
func (s *scene) enter() *scene {
	s.caller.Token = s.from.token
	linde, eik := *s.from.linde, *s.from.eik
	linde.Operator, eik.Operator = s.caller, s.caller
	s.linde, s.eik, s.talk = &linde, &eik, s.from.talk
	return s
}

// renew puts the prepared data back.
func (s *scene) renew() {
	s.t.Helper()
	if err := os.RemoveAll(s.data); err != nil {
		s.t.Fatal(err)
	}
	if err := os.CopyFS(s.data, os.DirFS(s.from.data)); err != nil {
		s.t.Fatal(err)
	}
	if s.wire != nil {
		s.renewDatabase()
	}
}

// makeTemplate fills an empty site and keeps what it left.
func makeTemplate(s *site) *prepared {
	t := s.t
	t.Helper()
	s.start()
	made := &prepared{database: s.database, key: s.key, linde: s.school("linde", small), eik: s.school("eik", small), token: s.caller.Token}
	answer := made.linde.Book(context.Background(), 0, "first", history.Change{Make: []history.Talk{{Household: 0, Teacher: 2, Slot: 5}}})
	if answer.Status != history.Done {
		t.Errorf("prepare: %d %s", answer.Code, answer.Body)
		return nil
	}
	made.talk = answer.Talks[0]
	s.until("the first confirmation is sent", 20*time.Second, func() (string, bool) {
		rows := s.outbox(made.linde)
		return fmt.Sprint(rows), len(rows) == 1 && rows[0].State == "sent"
	})
	s.stop()
	folder, err := os.MkdirTemp(filepath.Dir(s.program), "prepared")
	if err == nil {
		err = os.CopyFS(filepath.Join(folder, "data"), os.DirFS(s.data))
	}
	if err != nil {
		t.Error(err)
		return nil
	}
	made.data = filepath.Join(folder, "data")
	_ = os.Remove(filepath.Join(made.data, "ouderavond.sock"))
	return made
}

// quiet waits until the jobs of the start have done what they write.
func (s *scene) quiet() {
	s.t.Helper()
	before, same := ^uint64(0), 0
	count := s.counter()
	s.until("the program writes nothing", 20*time.Second, func() (string, bool) {
		now := count()
		if same++; now != before {
			before, same = now, 0
		}
		return fmt.Sprint(now), same == 3
	})
}

// counter gives how what the program does is counted: by what it writes to its disk, or what it sends to PostgreSQL.
func (s *scene) counter() func() uint64 {
	if s.wire != nil {
		return s.wire.sent.Load
	}
	return s.disk.Operations
}

// asked is what a client was told of an operation.
type asked struct {
	// done tells that it was acknowledged.
	done  bool
	reply history.Reply
	err   error
}

// operation is something that the program does in several steps on disk.
type operation struct {
	name string
	// start tells that the program does it by itself when it starts, after before has changed the data.
	start  bool
	before func(s *scene)
	do     func(s *scene) asked
	// ends waits for what the program does after it answered.
	ends func(s *scene)
	// check looks whether it was done or not, and nothing in between, and then lets it be done.
	check func(s *scene, was asked)
}

// wish is what the booking of a scene asks for: two talks in one act.
var wish = history.Change{Make: []history.Talk{{Household: 1, Teacher: 0, Slot: 0}, {Household: 1, Teacher: 1, Slot: 2}}}

func operations() []operation {
	return []operation{
		{name: "a booking and its confirmation", do: book, ends: sent, check: checkBooking},
		{name: "an import", do: importRoster, check: checkImport},
		{name: "a wipe", do: wipe, check: checkWipe},
		{name: "sending at the start", start: true, before: (*scene).unsend, ends: sent, check: checkSent},
	}
}

// sent waits until every message of the school was sent.
func sent(s *scene) {
	s.t.Helper()
	s.until("every message was sent", 20*time.Second, func() (string, bool) {
		rows := s.outbox(s.linde)
		return fmt.Sprint(rows), !slices.ContainsFunc(rows, func(row messageRow) bool { return row.State != "sent" })
	})
}

func (s *scene) post(path, key string, body any) (history.Reply, error) {
	return s.caller.Call(context.Background(), http.MethodPost, path, key, body)
}

func book(s *scene) asked {
	caller := s.caller.With(s.linde.Token(1))
	reply, err := caller.Call(context.Background(), http.MethodPost, s.linde.Path()+"/family/bookings", "wish", s.linde.Body(1, wish))
	return asked{err == nil && reply.Code == http.StatusCreated, reply, err}
}

func checkBooking(s *scene, was asked) {
	s.t.Helper()
	talks, ok := s.linde.All(context.Background())
	switch {
	case !ok:
		s.t.Error("the schedule cannot be read")
	case was.done && len(talks) != 3:
		s.t.Errorf("an acknowledged booking is not there: %v", talks)
	case len(talks) != 1 && len(talks) != 3:
		s.t.Errorf("half a booking is there: %v", talks)
	}
	if again := book(s); !again.done || was.done && string(again.reply.Body) != string(was.reply.Body) {
		s.t.Errorf("the repeat: %d %s %v, first %s", again.reply.Code, again.reply.Body, again.err, was.reply.Body)
	}
	if talks, _ = s.linde.All(context.Background()); len(talks) != 3 {
		s.t.Errorf("after the repeat there are %v", talks)
	}
	s.settle(s.linde)
	s.truth(s.linde, talks)
	if mails := s.mails(s.linde)[history.Address(1)]; len(mails) != 1 {
		s.t.Errorf("%d mails tell of one booking", len(mails))
	}
}

func importRoster(s *scene) asked {
	reply, err := s.caller.Upload(context.Background(), s.linde.Path()+"/roster/import", "leerlingen.csv", s.linde.Roster(more))
	return asked{err == nil && reply.Code == http.StatusOK, reply, err}
}

// missing counts the pupils that an import of the file would add.
func (s *scene) missing() int {
	s.t.Helper()
	reply, err := s.caller.Upload(context.Background(), s.linde.Path()+"/roster/preview", "leerlingen.csv", s.linde.Roster(more))
	var preview struct {
		Change struct{ Added, Changed, Gone []any }
	}
	if err != nil || json.Unmarshal(reply.Body, &preview) != nil || len(preview.Change.Changed)+len(preview.Change.Gone) > 0 {
		s.t.Errorf("preview: %d %s %v", reply.Code, reply.Body, err)
	}
	return len(preview.Change.Added)
}

func checkImport(s *scene, was asked) {
	s.t.Helper()
	missing := s.missing()
	if was.done && missing != 0 || missing != 0 && missing != more {
		s.t.Errorf("acknowledged: %v; %d of %d pupils are missing", was.done, missing, more)
	}
	if again := importRoster(s); !again.done || s.missing() != 0 {
		s.t.Errorf("the repeat: %d %s %v", again.reply.Code, again.reply.Body, again.err)
	}
	if talks, ok := s.linde.All(context.Background()); !ok || len(talks) != 1 || talks[0] != s.talk {
		s.t.Errorf("the import changed the schedule: %v", talks)
	}
}
