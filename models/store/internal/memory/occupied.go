package memory

import (
	"cmp"
	"slices"
	"sync"

	"github.com/ouderavond/ouderavond/models"
)

const (
	// maxWords is how many words of sets memory keeps of all schools together, sixteen bytes each: an evening of somebody takes one or two.
	maxWords = 1 << 20
	// wordsOfHolder is what a holder takes beside the words of the set.
	wordsOfHolder = 6
)

// Occupancy keeps in memory who is busy when, of the schools that families look at now. It is right because one program writes the database: every commit that
// places or releases claims tells it so, in the order of the commits and before anybody is told that they are on disk. What changes claims in a way that it
// does not follow (an appointment that is deleted takes its claims along) makes it forget the school, and the next look reads them all.
//
// Looks are served from it, and who books in a hurry asks it first; but what is booked rests on the rows and their key, and a refusal is checked by the rows.
// Where other programs write too there is none, and everybody reads rows.
type Occupancy struct {
	mutex   sync.Mutex
	schools map[models.SchoolID]*occupied
	// commits counts the commits that changed claims of a school, kept or not: a copy that was read is good if none came between.
	commits map[models.SchoolID]int
	words   int
	looks   int
}

// occupied is what is known of one school.
type occupied struct {
	busy  map[models.HolderID]models.TickSet
	words int // at most
	used  int
}

// NewOccupancy returns a memory of no school.
func NewOccupancy() *Occupancy {
	return &Occupancy{schools: map[models.SchoolID]*occupied{}, commits: map[models.SchoolID]int{}}
}

// ClaimChanges is what a transaction does to claims.
type ClaimChanges struct {
	Placed, Released []models.Claim
	// Unknown tells that rows were changed in another way.
	Unknown bool
}

// None reports whether the transaction did nothing to claims.
func (c *ClaimChanges) None() bool { return len(c.Placed)+len(c.Released) == 0 && !c.Unknown }

// Moment gives what committed wants to know of the moment before a reading transaction begins.
func (o *Occupancy) Moment(school models.SchoolID) int {
	if o == nil {
		return 0
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.commits[school]
}

// Busy gives the busy ticks of some holders between two; false if the school's are not in memory.
func (o *Occupancy) Busy(school models.SchoolID, holders []models.HolderID) (map[models.HolderID]models.TickSet, bool) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	held, ok := o.schools[school]
	if !ok {
		return nil, false
	}
	o.looks++
	held.used = o.looks
	return Among(held.busy, holders), true
}

// Among gives what is known of some holders.
func Among(busy map[models.HolderID]models.TickSet, holders []models.HolderID) map[models.HolderID]models.TickSet {
	some := make(map[models.HolderID]models.TickSet, len(holders))
	for _, holder := range holders {
		if set, ok := busy[holder]; ok {
			some[holder] = set
		}
	}
	return some
}

// Keep takes in what a transaction read of a school, unless something was committed since the moment before it began. The map is then no longer the caller's.
func (o *Occupancy) Keep(school models.SchoolID, busy map[models.HolderID]models.TickSet, moment int) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if o.commits[school] != moment {
		return
	}
	o.drop(school)
	o.looks++
	o.schools[school] = &occupied{busy: busy, used: o.looks}
	size := 0
	for _, set := range busy {
		size += wordsOfHolder + len(set)
	}
	o.grow(o.schools[school], size)
}

// grow makes room for what a school takes more.
func (o *Occupancy) grow(held *occupied, words int) {
	held.words += words
	for o.words += words; o.words > maxWords; {
		o.drop(o.oldest())
	}
}

func (o *Occupancy) oldest() models.SchoolID {
	var oldest models.SchoolID
	used := o.looks + 1
	for school, held := range o.schools {
		if held.used < used {
			oldest, used = school, held.used
		}
	}
	return oldest
}

func (o *Occupancy) drop(school models.SchoolID) {
	if held, ok := o.schools[school]; ok {
		o.words -= held.words
		delete(o.schools, school)
	}
}

// Forget takes a school out of memory, of which rows were changed behind its back.
func (o *Occupancy) Forget(school models.SchoolID) {
	if o == nil {
		return
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.drop(school)
	o.commits[school]++
}

// Committed follows a transaction that is on disk. It is called in the order of the commits.
func (o *Occupancy) Committed(school models.SchoolID, changes *ClaimChanges) {
	if o == nil || changes.None() {
		return
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.commits[school]++
	held, ok := o.schools[school]
	if !ok {
		return
	}
	if changes.Unknown {
		o.drop(school)
		return
	}
	changes.applyTo(held.busy, func(models.HolderID) models.TickSet { return nil })
	o.grow(held, len(changes.Placed)) // a word for each claim is more than enough; the next reading counts anew
}

// applyTo changes sets of holders as the transaction changed their claims. Where a holder is missing, former gives the set that was.
func (c *ClaimChanges) applyTo(busy map[models.HolderID]models.TickSet, former func(models.HolderID) models.TickSet) {
	changeRuns(busy, former, c.Released, models.TickSet.Without)
	changeRuns(busy, former, c.Placed, models.TickSet.With)
}

// changeRuns changes sets by runs of claims that follow one another.
func changeRuns(busy map[models.HolderID]models.TickSet, former func(models.HolderID) models.TickSet, claims []models.Claim,
	how func(set models.TickSet, from, until models.Tick) models.TickSet) {
	slices.SortFunc(claims, func(a, b models.Claim) int { return cmp.Or(a.Holder.Compare(b.Holder), cmp.Compare(a.Tick, b.Tick)) })
	for i := 0; i < len(claims); {
		first := claims[i]
		until := first.Tick
		for ; i < len(claims) && claims[i].Holder == first.Holder && claims[i].Tick == until; i++ {
			until++
		}
		set, ok := busy[first.Holder]
		if !ok {
			set = former(first.Holder)
		}
		busy[first.Holder] = how(set, first.Tick, until)
	}
}

// Note tells the next functions of a transaction what one did to claims.
func (o *Occupancy) Note(shared *Shared, school models.SchoolID, changes *ClaimChanges) {
	if o == nil || shared == nil || changes.None() {
		return
	}
	noted := shared.claims[school]
	if noted == nil {
		noted = &Uncommitted{Busy: map[models.HolderID]models.TickSet{}}
		shared.claims[school] = noted
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	held, ok := o.schools[school]
	if noted.Unknown = noted.Unknown || changes.Unknown || !ok; !noted.Unknown {
		changes.applyTo(noted.Busy, func(holder models.HolderID) models.TickSet { return held.busy[holder] })
	}
}
