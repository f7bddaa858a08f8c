package postgres

import (
	"context"
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

// Whoever waits may give up in the very moment in which it is let in: then both are so, and it must not stay inside.
func TestWhoGivesUpAsItIsLetInLeavesTheEntrance(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]engine.Sharing{"alone": engine.Exclusively, "with others": engine.Shared} {
		g, school := newEntrances(4, 10), models.New[models.SchoolID]()
		leave, err := g.enter(context.Background(), engine.Manner{Of: school})
		if err != nil {
			t.Fatal(err)
		}
		one := &entrant{how, make(chan struct{})}
		at := g.schools[school]
		at.waiting = append(at.waiting, one)
		leave() // lets the other one in
		<-one.in
		g.withdraw(school, at, one)
		if len(g.schools) != 0 {
			t.Errorf("%s: %d are inside, alone %t", name, at.inside, at.alone)
		}
	}
}
