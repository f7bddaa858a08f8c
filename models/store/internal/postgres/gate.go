package postgres

import (
	"context"
	"slices"
	"sync"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

// gates keep a program's writers of one school in the order of their arrival before they take a connection: so those of a school who wait for one another
// hold none, and other schools go on. The zero id stands for what belongs to no school.
type gates struct {
	max   int // who share are in at most, for each school
	limit int // wait at most, for each school

	mutex   sync.Mutex
	schools map[models.SchoolID]*gate
}

// gate is that of one school: how many are in, either one alone or several who share, and who waits.
type gate struct {
	alone   bool
	inside  int
	waiting []*entrant
}

type entrant struct {
	how engine.Sharing
	in  chan struct{}
}

func newGates(most, limit int) *gates {
	return &gates{max: most, limit: limit, schools: map[models.SchoolID]*gate{}}
}

// enter waits until the writer's turn has come and gives the function by which it leaves. Where too many wait already it is errs.Unavailable, code "busy".
func (g *gates) enter(ctx context.Context, how engine.Manner) (leave func(), err error) {
	g.mutex.Lock()
	at, ok := g.schools[how.Of]
	if !ok {
		at = &gate{}
		g.schools[how.Of] = at
	}
	if len(at.waiting) >= g.limit {
		g.mutex.Unlock()
		return nil, errs.New(errs.Unavailable, errs.CodeBusy)
	}
	one := &entrant{how.School, make(chan struct{})}
	at.waiting = append(at.waiting, one)
	g.admit(at)
	g.mutex.Unlock()
	select {
	case <-one.in:
		return func() { g.leave(how.Of, at) }, nil
	case <-ctx.Done():
		g.withdraw(how.Of, at, one)
		return nil, ctx.Err()
	}
}

// admit lets in whoever stands first, as long as those inside allow it. The mutex is held.
func (g *gates) admit(at *gate) {
	for len(at.waiting) > 0 {
		first := at.waiting[0]
		if at.alone || at.inside > 0 && (first.how != engine.Shared || at.inside >= g.max) {
			return
		}
		at.alone = first.how != engine.Shared
		at.inside++
		at.waiting = slices.Delete(at.waiting, 0, 1)
		close(first.in)
	}
}

func (g *gates) leave(school models.SchoolID, at *gate) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	at.alone = false
	at.inside--
	g.admit(at)
	g.drop(school, at)
}

// withdraw takes out who waits no more, or was let in at this very moment.
func (g *gates) withdraw(school models.SchoolID, at *gate, one *entrant) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if place := slices.Index(at.waiting, one); place >= 0 {
		at.waiting = slices.Delete(at.waiting, place, place+1)
	} else {
		at.alone = false
		at.inside--
	}
	g.admit(at)
	g.drop(school, at)
}

// drop forgets a gate that nobody needs. The mutex is held.
func (g *gates) drop(school models.SchoolID, at *gate) {
	if at.inside == 0 && len(at.waiting) == 0 {
		delete(g.schools, school)
	}
}
