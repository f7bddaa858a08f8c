package crashtest_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/api/apitest/history"
)

// several is one school behind several instances of the program. Each call goes to any of them; who gets no answer asks again, perhaps another one, as a
// client behind a proxy does.
type several []*history.School

func (s several) any() *history.School { return s[rand.IntN(len(s))] }

func (s several) Book(ctx context.Context, household int, key string, change history.Change) history.Answer {
	return s.any().Book(ctx, household, key, change)
}

func (s several) Look(ctx context.Context, household int) (talks []history.Talk, ok bool) {
	for range 20 {
		if talks, ok = s.any().Look(ctx, household); ok {
			return talks, true
		}
	}
	return talks, false
}

func (s several) All(ctx context.Context) (talks []history.Talk, ok bool) {
	for range 20 {
		if talks, ok = s.any().All(ctx); ok {
			return talks, true
		}
	}
	return talks, false
}

// TestOneOfTwoInstancesIsKilledInARush kills one of two instances on one database while families book through both: nothing is lost, the other goes on, and
// sends what the dead one had begun to send.
func TestOneOfTwoInstancesIsKilledInARush(t *testing.T) {
	t.Parallel()
	if !knowsPostgres(t) {
		t.Skip("the program has no engine for several instances")
	}
	database, key := newDatabase(t), newKey()
	first, second := onPostgres(newSite(t, nil), database, key), onPostgres(newSite(t, nil), database, key)
	// The mailbox folder is the mail server of this test, so it is one for both.
	if err := os.Symlink(filepath.Join(first.data, "mailbox"), filepath.Join(second.data, "mailbox")); err != nil {
		t.Fatal(err)
	}
	first.start()
	second.start()
	school := first.school("linde", rushed)
	if err := school.Acquaint(context.Background()); err != nil {
		t.Fatal(err)
	}
	second.caller.Token = first.caller.Token
	other := *school
	other.Operator = second.caller

	const killAfter, stopAfter = 200, 500
	var begun atomic.Int64
	moment := time.Now()
	crowd := &history.Crowd{Schedule: several{school, &other}, Size: rushed, Seed: *seed, Patience: 20, Clock: func() int64 { return int64(time.Since(moment)) }}
	crowd.Before = func() bool {
		number := begun.Add(1)
		if number == killAfter {
			go first.kill()
		}
		return number < stopAfter
	}
	crowd.Run(context.Background(), nil)
	<-first.ended
	crowd.Schedule = several{&other}
	acts, err := crowd.LookAtAll(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	verdict := history.Check(rushed, nil, acts)
	talks, _ := other.All(context.Background())
	lost, double := history.Lost(nil, acts, talks), history.Doubles(rushed, talks)
	t.Logf("one of two killed after %d of %d acts: %d acknowledged, %d left open, %d lost, %d double, %d illegal, %d undecided", killAfter, len(acts),
		verdict.Acknowledged, verdict.Open, len(lost), len(double), len(verdict.Illegal), verdict.Undecided)
	if len(lost)+len(double)+len(verdict.Illegal) > 0 {
		t.Errorf("lost %q, double %q, illegal: %s", lost, double, strings.Join(verdict.Illegal, "; "))
	}
	if !second.isRunning() || begun.Load() < stopAfter {
		t.Errorf("the other instance did not go on: %d of %d acts", begun.Load(), stopAfter)
	}
	second.timePasses()
	second.delivered(&other)
	second.truth(&other, talks)
	first.start()
	if again, ok := school.All(context.Background()); !ok || len(again) != len(talks) {
		t.Errorf("the instance that came back sees %d talks of %d", len(again), len(talks))
	}
}

// TestTheWipeOfAKilledInstanceIsFinishedByTheOther kills one of two instances in the middle of a wipe: the other one finishes it by itself, with its receipt.
func TestTheWipeOfAKilledInstanceIsFinishedByTheOther(t *testing.T) {
	t.Parallel()
	if !knowsPostgres(t) {
		t.Skip("the program has no engine for several instances")
	}
	first := newWireScene(t)
	end := operation{name: "a wipe", do: wipe, check: checkWipe}
	middle := first.length(end) / 2
	first.renew()
	direct := strings.Replace(first.database, first.wire.listener.Addr().String(), first.wire.server, 1)
	second := (&scene{site: onPostgres(newSite(t, nil), direct, first.key), from: first.from}).enter()
	first.start()
	second.start()
	first.quiet()
	first.dieAt(uint64(middle), 0)
	if was := wipe(first); was.done {
		t.Fatal("it was done before the program died")
	}
	<-first.ended
	second.until("the wipe is finished", time.Minute, func() (string, bool) {
		return "there is no receipt", second.receipt()
	})
	if second.isThere() {
		t.Error("the school is there")
	}
	checkWipe(second, asked{})
}
