package parent

import (
	"context"
	"runtime"
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// lined is a queue under test, and who stands in it.
type lined struct {
	*testing.T
	queues queues
	inside []func(end)
	came   chan func(end)
}

// comes lets somebody come who is let in at once, or not.
func (l *lined) comes(what string, atOnce bool) context.CancelFunc {
	l.Helper()
	before := l.of().underWay
	ctx, cancel := context.WithCancel(context.Background())
	waiting := len(l.of().waiting)
	go func() {
		leave, err := l.queues.enter(ctx, models.SchoolID{1})
		if err == nil {
			l.came <- leave
		} else {
			l.came <- nil
		}
	}()
	if atOnce {
		l.inside = append(l.inside, <-l.came)
		return cancel
	}
	for l.waits() == waiting && l.of().underWay == before {
		runtime.Gosched()
	}
	if l.of().underWay != before {
		l.Fatalf("%s: was let in at once", what)
	}
	return cancel
}

// leaves lets who came first leave, and in whoever may come in for it.
func (l *lined) leaves(how end, next int) {
	l.Helper()
	l.inside[0](how)
	l.inside = l.inside[1:]
	for range next {
		l.inside = append(l.inside, <-l.came)
	}
}

func (l *lined) of() queue {
	l.queues.mutex.Lock()
	defer l.queues.mutex.Unlock()
	if one := l.queues.of[models.SchoolID{1}]; one != nil {
		return *one
	}
	return queue{}
}

func (l *lined) waits() int { return len(l.of().waiting) }

func (l *lined) want(what string, underWay, waiting int) {
	l.Helper()
	if one := l.of(); one.underWay != underWay || len(one.waiting) != waiting {
		l.Errorf("%s: %d are under way and %d wait, want %d and %d", what, one.underWay, len(one.waiting), underWay, waiting)
	}
}

func TestEightTriesOfASchoolAreUnderWayAndOneWhereMostFail(t *testing.T) {
	t.Parallel()
	l := &lined{T: t, came: make(chan func(end), 1000)}
	for range triesAtOnce {
		l.comes("of eight", true)
	}
	for range 100 {
		l.comes("the ninth", false)
	}
	l.want("eight at once", 8, 100)
	for range wrongMany - 1 {
		l.leaves(endedWrong, 1)
	}
	l.leaves(endedOtherwise, 1)
	l.want("some failures", 8, 68)
	for range triesAtOnce - 1 {
		l.leaves(endedWrong, 0)
	}
	l.want("many failures", 1, 68)
	l.leaves(endedWrong, 1)
	l.want("one after another", 1, 67)
	// Families get in.
	l.leaves(endedIn, 1)
	l.want("a log-in", 1, 66)
	l.leaves(endedIn, triesAtOnce)
	l.want("log-ins", 8, 58)
}

func TestWhoGoesAwayLeavesNoGapInTheQueue(t *testing.T) {
	t.Parallel()
	l := &lined{T: t, came: make(chan func(end), 1000)}
	for range triesAtOnce {
		l.comes("of eight", true)
	}
	gives := l.comes("who gives up", false)
	l.comes("who waits", false)
	gives()
	if leave := <-l.came; leave != nil {
		t.Fatal("who gave up was let in")
	}
	l.want("after one went", 8, 1)
	l.leaves(endedIn, 1)
	for range triesAtOnce {
		l.leaves(endedIn, 0)
	}
	if len(l.queues.of) != 0 {
		t.Errorf("%d queues are left", len(l.queues.of))
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	for range 100 { // whichever of the two is seen first
		if leave, err := l.queues.enter(gone, models.SchoolID{1}); err == nil {
			leave(endedIn)
		}
	}
	l.want("who was gone before", 0, 0)
	for range triesAtOnce + triesWaiting {
		if len(l.inside) < triesAtOnce {
			l.comes("of eight", true)
		} else {
			l.comes("who waits", false)
		}
	}
	if _, err := l.queues.enter(t.Context(), models.SchoolID{1}); errs.CodeOf(err) != errs.CodeBusy {
		t.Errorf("one too many: %v", err)
	}
	if leave, err := l.queues.enter(t.Context(), models.SchoolID{2}); err != nil {
		t.Errorf("another school: %v", err)
	} else {
		leave(endedIn)
	}
}
