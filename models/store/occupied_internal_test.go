package store

import (
	"testing"

	"github.com/ouderavond/ouderavond/models"
)

// Memory has room for so much; who was looked at longest ago goes first, and comes back with the next look.
func TestTheSchoolLookedAtLongestAgoGoesFirst(t *testing.T) {
	t.Parallel()
	o := newOccupancy()
	schools := []models.SchoolID{models.New[models.SchoolID](), models.New[models.SchoolID](), models.New[models.SchoolID]()}
	large := func() map[models.HolderID]models.TickSet {
		return map[models.HolderID]models.TickSet{{1}: models.TickSet(nil).With(0, ticksOf(mostWords*2/5))}
	}
	for _, school := range schools[:2] {
		o.keep(school, large(), 0)
	}
	o.busy(schools[0], nil)
	o.keep(schools[2], large(), 0)
	for i, want := range []bool{true, false, true} {
		if _, held := o.busy(schools[i], nil); held != want {
			t.Errorf("school %d is held: %t", i, held)
		}
	}
	o.committed(schools[0], &claimChanges{placed: make([]models.Claim, mostWords)})
	if _, held := o.schools[schools[2]]; o.words > mostWords || len(o.schools) != 1 || !held {
		t.Errorf("%d words of %d schools are held", o.words, len(o.schools))
	}
	o.forget(schools[2])
	if o.words != 0 {
		t.Errorf("%d words are held of nobody", o.words)
	}
}

func ticksOf(words int) models.Tick { return models.Tick(words * 64) }
