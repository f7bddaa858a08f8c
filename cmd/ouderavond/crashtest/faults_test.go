package crashtest_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/api/apitest/history"
	"github.com/ouderavond/ouderavond/models/store/storetest/faultdisk"
)

// fault is a way in which the disk fails.
type fault struct {
	name string
	how  faultdisk.Failure
	// reads tells that only reading fails: what is in memory can be answered still.
	reads bool
}

var faults = []fault{
	{name: "full", how: faultdisk.Failure{Errno: syscall.ENOSPC, Kinds: faultdisk.Write | faultdisk.OpenToWrite}},
	{name: "full in the middle of a write", how: faultdisk.Failure{Errno: syscall.ENOSPC, Kinds: faultdisk.Write, Short: true}},
	{name: "an error of input and output when writing", how: faultdisk.Failure{Errno: syscall.EIO, Kinds: faultdisk.Write | faultdisk.Truncate}},
	{name: "a failing flush", how: faultdisk.Failure{Errno: syscall.EIO, Kinds: faultdisk.Sync}},
	{name: "read-only", how: faultdisk.Failure{Errno: syscall.EROFS, Kinds: faultdisk.Write | faultdisk.Truncate | faultdisk.OpenToWrite}},
	{name: "an error of input and output when reading", how: faultdisk.Failure{Errno: syscall.EIO, Kinds: faultdisk.Read}, reads: true},
}

// diskFailsAfter gives after how many hundredths of an operation the disk begins to fail: at three places, or at as many as -points says; 0 is each of them.
func diskFailsAfter() []int {
	places := *points
	switch {
	case places == quickPoints:
		return []int{0, 50, 90}
	case places == 0 || places > 100:
		places = 100
	}
	parts := make([]int, places)
	for i := range parts {
		parts[i] = i * 100 / places
	}
	return parts
}

// TestAFailingDiskIsToldAndHeals lets the disk fail at each operation: the answer is a clean error, and when the disk is well again the same program does
// the operation without anybody's help.
func TestAFailingDiskIsToldAndHeals(t *testing.T) {
	t.Parallel()
	for _, fault := range faults {
		for _, operation := range operations() {
			if operation.start {
				continue
			}
			for _, part := range diskFailsAfter() {
				t.Run(fmt.Sprintf("%s/%s after %d in a hundred", fault.name, operation.name, part), func(t *testing.T) {
					t.Parallel()
					newScene(t, faultdisk.New(t)).fails(fault, operation, part)
				})
			}
		}
	}
}

// fails lets the disk fail from a part of an operation on.
func (s *scene) fails(fault fault, operation operation, part int) {
	s.t.Helper()
	from := 0
	if part > 0 {
		from = s.length(operation) * part / 100
		s.renew()
		s.disk.Reset()
	}
	s.start()
	s.quiet()
	s.disk.Fail(s.disk.Operations()+uint64(from), fault.how)
	was := operation.do(s)
	s.refused(fault, part, was)
	s.stillAnswers()
	s.disk.Heal()
	was = s.heals(operation)
	operation.check(s, was)
	s.stop()
	s.start()
	if _, ok := s.eik.All(context.Background()); !ok || s.isThere() == (operation.name == "a wipe") {
		s.t.Error("after another start the schools are not as they were left")
	}
}

// refused checks an answer that was given while the disk failed: nothing is acknowledged that is not on disk.
func (s *scene) refused(fault fault, part int, was asked) {
	s.t.Helper()
	// What is in memory is read without the disk, and what an operation does late it may do after its answer.
	if was.done && part == 0 && !fault.reads {
		s.t.Errorf("it was acknowledged: %s", was.reply.Body)
	}
	if !was.done {
		s.isClean(was)
	}
}

// isClean checks that a refusal is one that a client can act on: later, the same again.
func (s *scene) isClean(was asked) {
	s.t.Helper()
	kind, wait := was.reply.Header.Get("Content-Type"), was.reply.Header.Get("Retry-After")
	if was.err != nil || was.reply.Code != http.StatusServiceUnavailable || kind != "application/problem+json" || wait == "" {
		s.t.Errorf("answered %d %s, retry after %q, %v: %s", was.reply.Code, kind, wait, was.err, was.reply.Body)
	}
	if strings.Contains(strings.ToLower(string(was.reply.Body)), "disk") {
		s.t.Errorf("the answer tells of the machine: %s", was.reply.Body)
	}
}

// stillAnswers checks that the program runs and says so.
func (s *scene) stillAnswers() {
	s.t.Helper()
	reply, err := s.caller.Call(context.Background(), http.MethodGet, "/healthz", "", nil)
	if !s.isRunning() || err != nil || reply.Code != http.StatusOK {
		s.t.Errorf("the program does not answer any more: %d %v", reply.Code, err)
	}
}

// heals repeats an operation until it is done, without starting the program again.
func (s *scene) heals(operation operation) asked {
	s.t.Helper()
	var was asked
	s.until("the operation is done when the disk is well", 15*time.Second, func() (string, bool) {
		was = operation.do(s)
		return fmt.Sprintf("%d %s %v", was.reply.Code, was.reply.Body, was.err), was.done
	})
	return was
}

func TestAMessageWaitsForTheDisk(t *testing.T) {
	t.Parallel()
	for _, fault := range faults {
		t.Run(fault.name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, faultdisk.New(t))
			s.start()
			s.quiet()
			if was := book(s); !was.done {
				t.Fatalf("%d %s %v", was.reply.Code, was.reply.Body, was.err)
			}
			s.disk.Fail(0, fault.how)
			ticks := 0
			s.until("the outbox was looked at", 15*time.Second, func() (string, bool) {
				ticks++
				return fmt.Sprint(s.disk.Failed()), s.disk.Failed() > 3 || ticks > 40
			})
			s.stillAnswers()
			s.disk.Heal()
			s.settle(s.linde)
			talks, _ := s.linde.All(context.Background())
			s.truth(s.linde, talks)
			if mails := s.mails(s.linde)[history.Address(1)]; len(mails) != 1 {
				t.Errorf("%d mails tell of one booking", len(mails))
			}
		})
	}
}

func TestAProgramThatStartsOnAFailingDiskSaysSo(t *testing.T) {
	t.Parallel()
	for _, fault := range faults {
		t.Run(fault.name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, faultdisk.New(t))
			s.unsend()
			s.disk.Fail(0, fault.how)
			err := s.tryStart()
			// It ends with a word, or runs and says that it is not ready.
			waits := err != nil && s.isRunning() && strings.Contains(err.Error(), "not ready: 503")
			if err != nil && s.isRunning() && !waits {
				t.Errorf("it neither works nor ends: %v", err)
			}
			if err != nil && !waits && !strings.Contains(s.log.tail(4000), "ouderavond: ") {
				t.Errorf("it ended without a word: %s", s.log.tail(4000))
			}
			s.disk.Heal()
			s.kill()
			s.start()
			checkSent(s, asked{})
		})
	}
}
