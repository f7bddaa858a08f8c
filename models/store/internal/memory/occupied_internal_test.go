package memory

import (
	"testing"

	"github.com/ouderavond/ouderavond/models"
)

// Memory has room for so much; who was looked at longest ago goes first, and comes back with the next look.
func TestTheSchoolLookedAtLongestAgoGoesFirst(t *testing.T) {
	t.Parallel()
	o := NewOccupancy()
	schools := []models.SchoolID{models.New[models.SchoolID](), models.New[models.SchoolID](), models.New[models.SchoolID]()}
	large := func() map[models.HolderID]models.TickSet {
		return map[models.HolderID]models.TickSet{{1}: models.TickSet(nil).With(0, ticksOf(maxWords*2/5))}
	}
	for _, school := range schools[:2] {
		o.Keep(school, large(), 0)
	}
	o.Busy(schools[0], nil)
	o.Keep(schools[2], large(), 0)
	for i, want := range []bool{true, false, true} {
		if _, held := o.Busy(schools[i], nil); held != want {
			t.Errorf("school %d is held: %t", i, held)
		}
	}
	o.Committed(schools[0], &ClaimChanges{Placed: make([]models.Claim, maxWords)})
	if _, held := o.schools[schools[2]]; o.words > maxWords || len(o.schools) != 1 || !held {
		t.Errorf("%d words of %d schools are held", o.words, len(o.schools))
	}
	o.Forget(schools[2])
	if o.words != 0 {
		t.Errorf("%d words are held of nobody", o.words)
	}
}

func ticksOf(words int) models.Tick { return models.Tick(words * 64) }
