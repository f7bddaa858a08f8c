package memory

import (
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/seal"
)

func TestNothingOfAWipedSchoolComesBackIntoMemory(t *testing.T) {
	t.Parallel()
	school, wrapped, key := models.New[models.SchoolID](), seal.Box{}, &seal.Key{}
	keys := NewKeyring()
	keys.Keep(school, wrapped, key)
	keys.Forget(school)
	if keys.KeyOf(school) != nil {
		t.Error("the key of a wiped school is in memory")
	}
	keys.Keep(school, wrapped, key) // by a reader of an older moment
	if keys.KeyOf(school) != nil {
		t.Error("the key of a wiped school came back")
	}
	keys.Expect(school)
	keys.Keep(school, wrapped, key)
	if keys.KeyOf(school) == nil {
		t.Error("the key of a school that is there again is not kept")
	}

	rosters := NewSnapshots(1000)
	open := func() (any, int64, error) { return "roster", 10, nil }
	read := func() {
		t.Helper()
		if value, err := rosters.Get(school, key, 1, open); err != nil || value != "roster" {
			t.Errorf("%v, %v", value, err)
		}
	}
	read()
	rosters.Forget(school)
	read() // an older moment still sees it
	if rosters.Holds(school) || rosters.held != 0 {
		t.Error("the roster of a wiped school came back")
	}
	rosters.Expect(school)
	read()
	if !rosters.Holds(school) {
		t.Error("the roster of a school that is there again is not kept")
	}
}

func TestATimeThatIsGivenUpAndTakenAgainIsBusy(t *testing.T) {
	t.Parallel()
	o, school, holder := NewOccupancy(), models.New[models.SchoolID](), models.HolderID{1}
	o.Keep(school, map[models.HolderID]models.TickSet{holder: models.TickSet(nil).With(5, 7)}, 0)
	changes := func() *ClaimChanges {
		return &ClaimChanges{Released: []models.Claim{{Holder: holder, Tick: 5}, {Holder: holder, Tick: 6}}, Placed: []models.Claim{{Holder: holder, Tick: 6}, {Holder: holder, Tick: 7}}}
	}
	o.Committed(school, changes())
	busy, ok := o.Busy(school, []models.HolderID{holder})
	if got := busy[holder].Between(0, 100); !ok || len(got) != 2 || got[0] != 6 || got[1] != 7 {
		t.Errorf("busy at %v, %t", got, ok)
	}
}
