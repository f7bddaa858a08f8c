package postgres

import (
	"context"
	"slices"
	"sync"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

// entrances keep a program's writers of one school in the order of their arrival before they take a connection: so those of a school who wait for one another
// hold none, and other schools go on. The zero id stands for what belongs to no school.
type entrances struct {
	max   int // who share are in at most, for each school
	limit int // wait at most, for each school

	mutex   sync.Mutex
	schools map[models.SchoolID]*entrance
}

// entrance is that of one school: how many are in, either one alone or several who share, and who waits.
type entrance struct {
	alone   bool
	inside  int
	waiting []*entrant
}

type entrant struct {
	how engine.Sharing
	in  chan struct{}
}

func newEntrances(most, limit int) *entrances {
	return &entrances{max: most, limit: limit, schools: map[models.SchoolID]*entrance{}}
}

// enter waits until the writer's turn has come and gives the function by which it leaves. Where too many wait already it is errs.Unavailable, code "busy".
func (g *entrances) enter(ctx context.Context, how engine.Manner) (leave func(), err error) {
	g.mutex.Lock()
	at, ok := g.schools[how.Of]
	if !ok {
		at = &entrance{}
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
func (g *entrances) admit(at *entrance) {
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

func (g *entrances) leave(school models.SchoolID, at *entrance) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	at.alone = false
	at.inside--
	g.admit(at)
	g.drop(school, at)
}

// withdraw takes out who waits no more, or was let in at this very moment.
func (g *entrances) withdraw(school models.SchoolID, at *entrance, one *entrant) {
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

// drop forgets a entrance that nobody needs. The mutex is held.
func (g *entrances) drop(school models.SchoolID, at *entrance) {
	if at.inside == 0 && len(at.waiting) == 0 {
		delete(g.schools, school)
	}
}
