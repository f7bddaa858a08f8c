package crashtest_test

import (
	"context"
	"flag"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/api/apitest/history"
	"github.com/ouderavond/ouderavond/models/store/storetest/faultdisk"
)

// The long form: go test ./cmd/ouderavond/crashtest -run 'Kill|Cut' -kills 500 -cuts 200 -timeout 60m
var (
	kills = flag.Int("kills", 10, "how often the program is killed at a random moment under load")
	cuts  = flag.Int("cuts", 5, "how often the power is cut under load")
	seed  = flag.Uint64("seed", 1, "decides the moments and what clients want")
)

// rushed is small, so that families meet.
var rushed = history.Size{Households: 12, Children: 2, Teachers: 4, Slots: 8, Most: 2}

// figures are what a run of crashes came to.
type figures struct {
	crashes, acknowledged, open, lost, double, illegal, undecided int
}

// rush lets families book in a school of a site until the program dies, starts it again, asks again what was not answered, and audits everything.
type rush struct {
	*site
	school  *history.School
	chances *rand.Rand
	clock   func() int64
	present []history.Talk
	sum     figures
	// before, if set, is called between a death and the next start.
	before func(round int)
}

func newRush(s *site) *rush {
	s.t.Helper()
	s.start()
	begun := time.Now()
	school := s.school("linde", rushed)
	if err := school.Acquaint(context.Background()); err != nil {
		s.t.Fatal(err)
	}
	return &rush{
		site: s, school: school, chances: rand.New(rand.NewPCG(*seed, 3)),
		clock: func() int64 { return int64(time.Since(begun)) },
	}
}

// crash runs one round. die is called when the given number of acts was begun; the program has to end of it.
func (r *rush) crash(round, after int, die func()) {
	r.t.Helper()
	var begun atomic.Int64
	crowd := &history.Crowd{Schedule: r.school, Size: rushed, Clock: r.clock, Seed: *seed<<20 + uint64(round), Patience: 1}
	crowd.Before = func() bool {
		if begun.Add(1) == int64(after) {
			go die()
		}
		return r.isRunning()
	}
	acts := crowd.Run(context.Background(), r.present)
	<-r.ended
	r.caller.Client.CloseIdleConnections()
	if r.before != nil {
		r.before(round)
	}
	r.start()
	r.sum.crashes++
	r.repeat(acts)
	acts, err := crowd.LookAtAll(context.Background())
	if err != nil {
		r.t.Fatal(err)
	}
	r.audit(round, acts)
}

// repeat sends again, with the same key, what was not answered and some of what was: the first may be done now or have been done, the others must be
// answered as before.
func (r *rush) repeat(acts []history.Act) {
	for i := range acts {
		act := &acts[i]
		if act.Look || act.Answer.Status == history.Refused || act.Answer.Status == history.Done && i < len(acts)-8 {
			continue
		}
		again := r.school.Book(context.Background(), act.Household, act.Key, act.Change)
		switch {
		case act.Answer.Status == history.Unknown:
			if again.Status == history.Done {
				act.Answer, act.Return = again, r.clock()
			}
		case again.Status != history.Done:
			r.t.Errorf("an acknowledged act is answered otherwise when it is repeated: %d %s", again.Code, again.Body)
			r.sum.lost++
		}
	}
}

// audit compares the schedule with what was acknowledged: by the models, and by plain counting.
func (r *rush) audit(round int, acts []history.Act) {
	r.t.Helper()
	verdict := history.Check(rushed, r.present, acts)
	r.sum.acknowledged += verdict.Acknowledged
	r.sum.open += verdict.Open
	r.sum.illegal += len(verdict.Illegal)
	r.sum.undecided += verdict.Undecided
	if len(verdict.Illegal) > 0 {
		r.t.Errorf("round %d: illegal: %s", round, strings.Join(verdict.Illegal, "; "))
	}
	talks, ok := r.school.All(context.Background())
	if !ok {
		r.t.Fatal("the schedule cannot be read")
	}
	for _, missing := range history.Lost(r.present, acts, talks) {
		r.sum.lost++
		r.t.Errorf("round %d: lost: %s", round, missing)
	}
	for _, double := range history.Doubles(rushed, talks) {
		r.sum.double++
		r.t.Errorf("round %d: %s", round, double)
	}
	r.present = talks
}

func (r *rush) report(what string) {
	r.t.Helper()
	r.t.Logf("%d %s, %d acts acknowledged, %d left open, %d lost, %d double, %d illegal histories, %d undecided, slowest start %s", r.sum.crashes, what,
		r.sum.acknowledged, r.sum.open, r.sum.lost, r.sum.double, r.sum.illegal, r.sum.undecided, r.slowest.Round(time.Millisecond))
	if r.slowest > opensIn {
		r.t.Errorf("it took %s to open", r.slowest)
	}
	if r.sum.acknowledged < 10*r.sum.crashes {
		r.t.Errorf("%d acknowledged acts in %d rounds say too little", r.sum.acknowledged, r.sum.crashes)
	}
}

func TestKilledAtRandomMoments(t *testing.T) {
	t.Parallel()
	for _, engine := range engines(t) {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			r := newRush(engine.site(t))
			for round := range *kills {
				r.crash(round, 40+r.chances.IntN(200), r.kill)
			}
			r.report("kills")
			r.messages()
		})
	}
}

func TestThePowerIsCutUnderLoad(t *testing.T) {
	t.Parallel()
	disk := faultdisk.New(t)
	disk.Remember(*seed)
	r := newRush(newSite(t, disk))
	var unflushed, sectors uint64
	r.before = func(round int) {
		operations, taken := disk.TakenBack()
		unflushed, sectors = unflushed+operations, sectors+taken
		disk.Reset()
		disk.Remember(*seed + uint64(round) + 1)
	}
	for round := range *cuts {
		r.crash(round, 20, func() { disk.DieAt(disk.Operations()+uint64(20+r.chances.IntN(600)), faultdisk.PowerCut) })
	}
	t.Logf("the cuts met %d operations that were not flushed, and took %d sectors of them back", unflushed, sectors)
	r.report("power cuts")
	r.messages()
}
