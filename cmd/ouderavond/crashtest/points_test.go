package crashtest_test

import (
	"flag"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models/store/storetest/faultdisk"
)

// The long form: go test ./cmd/ouderavond/crashtest -run Point -points 0 -timeout 60m
var points = flag.Int("points", quickPoints, "at how many points of each operation the program dies, spread evenly; 0 for every write and flush of it")

// quickPoints is what suffices beside each change.
const quickPoints = 4

// deaths are the ways to die, taken in turns, on a disk and on the wire to PostgreSQL.
var (
	deaths     = []faultdisk.Death{faultdisk.Before, faultdisk.Halfway, faultdisk.After, faultdisk.PowerCut}
	wireDeaths = []bool{false, true} // with the message arriving after all
)

// TestKilledAtEachPointOfAnOperation lets the program die in the course of one operation, at writes and flushes of its SQLite database or at messages to its
// PostgreSQL server, and looks after the restart whether the operation was done or was not.
func TestKilledAtEachPointOfAnOperation(t *testing.T) {
	t.Parallel()
	for _, operation := range operations() {
		t.Run("SQLite/"+operation.name, func(t *testing.T) {
			t.Parallel()
			newScene(t, faultdisk.New(t)).sweep(operation)
		})
		if knowsPostgres(t) {
			t.Run("PostgreSQL/"+operation.name, func(t *testing.T) {
				t.Parallel()
				newWireScene(t).sweep(operation)
			})
		}
	}
}

func (s *scene) sweep(operation operation) {
	s.t.Helper()
	last := s.length(operation)
	chosen := *points
	if chosen == 0 || chosen > last {
		chosen = last
	}
	acknowledged := 0
	for i := range chosen {
		point := 1 + i*(last-1)/max(1, chosen-1)
		if s.dies(operation, uint64(point), i).done {
			acknowledged++
		}
		if s.t.Failed() {
			s.t.Fatalf("at point %d of %d, way to die %d", point, last, i)
		}
	}
	s.t.Logf("%d points of %d, %d acknowledged before the death, slowest start %s", chosen, last, acknowledged, s.slowest.Round(time.Millisecond))
	if s.slowest > opensIn {
		s.t.Errorf("it took %s to open", s.slowest)
	}
}

// length counts the points of an operation, to its last consequence.
func (s *scene) length(operation operation) int {
	s.t.Helper()
	s.renew()
	base := uint64(0)
	if operation.start {
		operation.before(s)
		base = s.counter()()
	}
	s.start()
	s.quiet()
	if !operation.start {
		base = s.counter()()
		if was := operation.do(s); !was.done {
			s.t.Fatalf("without a death: %d %s %v", was.reply.Code, was.reply.Body, was.err)
		}
	}
	if operation.ends != nil {
		operation.ends(s)
	}
	count := s.counter()() - base
	operation.check(s, asked{})
	s.kill()
	return int(count)
}

// dieAt lets the program die at a point from now on, in one of the ways.
func (s *scene) dieAt(point uint64, way int) {
	if s.wire != nil {
		s.wire.breakAt(s.wire.sent.Load()+point, wireDeaths[way%len(wireDeaths)], s.killFromAfar)
		return
	}
	s.disk.DieAt(s.disk.Operations()+point, deaths[way%len(deaths)])
}

// mend takes back what dieAt asked for, for the next process.
func (s *scene) mend(chances uint64) {
	if s.wire != nil {
		s.wire.mend()
		return
	}
	s.disk.Reset()
	s.disk.Remember(chances)
}

// dies lets the program die at a point of an operation, starts it again after some minutes, and checks what is there.
func (s *scene) dies(operation operation, point uint64, way int) asked {
	s.t.Helper()
	s.renew()
	s.mend(point)
	was := asked{}
	if operation.start {
		operation.before(s)
		s.dieAt(point, way)
		_ = s.tryStart() // it may die before it listens
	} else {
		s.start()
		s.quiet()
		s.dieAt(point, way)
		was = operation.do(s)
	}
	select {
	case <-s.ended:
	case <-time.After(3 * time.Second): // it took fewer steps this time
	}
	s.kill()
	s.mend(0)
	s.timePasses()
	s.start()
	operation.check(s, was)
	s.kill()
	return was
}
