package crashtest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/api/apitest/history"
)

// wipe asks for the end of the school by its id, by which a wipe that was cut off goes on.
func wipe(s *scene) asked {
	reply, err := s.post("/api/v1/schools/"+s.linde.ID+"/cancel", "", map[string]string{"slug": s.linde.Slug})
	return asked{err == nil && reply.Code == http.StatusOK, reply, err}
}

// receipt tells whether a signed receipt of the school's wipe is kept.
func (s *scene) receipt() bool {
	s.t.Helper()
	reply, err := s.caller.Call(context.Background(), http.MethodGet, "/api/v1/erasures", "", nil)
	var list struct {
		Items []struct {
			School, Signature string
			FinishedAt        time.Time `json:"finished_at"`
		}
	}
	if err != nil || json.Unmarshal(reply.Body, &list) != nil {
		s.t.Errorf("receipts: %d %s %v", reply.Code, reply.Body, err)
	}
	for _, one := range list.Items {
		if one.School == s.linde.ID && one.Signature != "" && one.FinishedAt.Year() > 1 {
			return true
		}
	}
	return false
}

// isThere tells whether the school is on the operator's list.
func (s *scene) isThere() bool {
	s.t.Helper()
	reply, err := s.caller.Call(context.Background(), http.MethodGet, "/api/v1/schools", "", nil)
	if err != nil || reply.Code != http.StatusOK || !strings.Contains(string(reply.Body), s.eik.ID) {
		s.t.Errorf("schools: %d %s %v", reply.Code, reply.Body, err)
	}
	return strings.Contains(string(reply.Body), s.linde.ID)
}

// checkWipe expects a school that is there as it was, or one that is gone with its receipt: what was begun is finished before the program listens.
func checkWipe(s *scene, was asked) {
	s.t.Helper()
	there := s.isThere()
	if there {
		if talks, ok := s.linde.All(context.Background()); was.done || !ok || len(talks) != 1 {
			s.t.Errorf("acknowledged: %v; the school is there with %v", was.done, talks)
		}
		if again := wipe(s); !again.done {
			s.t.Errorf("the repeat: %d %s %v", again.reply.Code, again.reply.Body, again.err)
		}
	}
	if s.isThere() || !s.receipt() {
		s.t.Error("the wipe has no end")
	}
	if names, _ := filepath.Glob(filepath.Join(s.data, "mailbox", s.linde.ID, "*")); len(names) > 0 {
		s.t.Errorf("%d messages of the wiped school are kept", len(names))
	}
	if _, err := os.Stat(filepath.Join(s.data, "receipts", s.linde.ID+".json")); err != nil {
		s.t.Error(err)
	}
	if _, ok := s.eik.All(context.Background()); !ok {
		s.t.Error("the other school cannot be read")
	}
}

// unsend puts the first confirmation back into the outbox, as if it had never gone.
func (s *scene) unsend() {
	s.t.Helper()
	s.exec("UPDATE messages SET state = 'queued', sent_at = NULL, attempts = 0, leased_until = NULL, due_at = '2020-01-01 00:00:00+00:00'")
	if err := os.RemoveAll(filepath.Join(s.data, "mailbox")); err != nil {
		s.t.Fatal(err)
	}
}

func checkSent(s *scene, _ asked) {
	s.t.Helper()
	s.settle(s.linde)
	s.truth(s.linde, []history.Talk{s.talk})
	if mails := s.mails(s.linde)[history.Address(0)]; len(mails) != 1 {
		s.t.Errorf("%d mails tell of one booking", len(mails))
	}
}
