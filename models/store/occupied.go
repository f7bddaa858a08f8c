package store

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/ouderavond/ouderavond/models"
)

const (
	// mostWords is how many words of sets memory keeps of all schools together, sixteen bytes each: an evening of somebody takes one or two.
	mostWords = 1 << 20
	// wordsOfHolder is what a holder takes beside the words of the set.
	wordsOfHolder = 6
)

// occupancy keeps in memory who is busy when, of the schools that families look at now. It is right because one program writes the database: every commit that
// places or releases claims tells it so, in the order of the commits and before anybody is told that they are on disk. What changes claims in a way that it
// does not follow (an appointment that is deleted takes its claims along) makes it forget the school, and the next look reads them all.
//
// Looks are served from it, and who books in a hurry asks it first; but what is booked rests on the rows and their key, and a refusal is checked by the rows.
// Where other programs write too there is none, and everybody reads rows.
type occupancy struct {
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

func newOccupancy() *occupancy {
	return &occupancy{schools: map[models.SchoolID]*occupied{}, commits: map[models.SchoolID]int{}}
}

// claimChanges is what a transaction does to claims.
type claimChanges struct {
	placed, released []models.Claim
	// unknown tells that rows were changed in another way.
	unknown bool
}

func (c *claimChanges) none() bool { return len(c.placed)+len(c.released) == 0 && !c.unknown }

// moment gives what committed wants to know of the moment before a reading transaction begins.
func (o *occupancy) moment(school models.SchoolID) int {
	if o == nil {
		return 0
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.commits[school]
}

// busy gives the busy ticks of some holders between two; false if the school's are not in memory.
func (o *occupancy) busy(school models.SchoolID, holders []models.HolderID) (map[models.HolderID]models.TickSet, bool) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	held, ok := o.schools[school]
	if !ok {
		return nil, false
	}
	o.looks++
	held.used = o.looks
	return among(held.busy, holders), true
}

// among gives what is known of some holders.
func among(busy map[models.HolderID]models.TickSet, holders []models.HolderID) map[models.HolderID]models.TickSet {
	some := make(map[models.HolderID]models.TickSet, len(holders))
	for _, holder := range holders {
		if set, ok := busy[holder]; ok {
			some[holder] = set
		}
	}
	return some
}

// keep takes in what a transaction read of a school, unless something was committed since the moment before it began. The map is then no longer the caller's.
func (o *occupancy) keep(school models.SchoolID, busy map[models.HolderID]models.TickSet, moment int) {
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
func (o *occupancy) grow(held *occupied, words int) {
	held.words += words
	for o.words += words; o.words > mostWords; {
		o.drop(o.oldest())
	}
}

func (o *occupancy) oldest() models.SchoolID {
	var oldest models.SchoolID
	used := o.looks + 1
	for school, held := range o.schools {
		if held.used < used {
			oldest, used = school, held.used
		}
	}
	return oldest
}

func (o *occupancy) drop(school models.SchoolID) {
	if held, ok := o.schools[school]; ok {
		o.words -= held.words
		delete(o.schools, school)
	}
}

// forget takes a school out of memory, of which rows were changed behind its back.
func (o *occupancy) forget(school models.SchoolID) {
	if o == nil {
		return
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.drop(school)
	o.commits[school]++
}

// committed follows a transaction that is on disk. It is called in the order of the commits.
func (o *occupancy) committed(school models.SchoolID, changes *claimChanges) {
	if o == nil || changes.none() {
		return
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.commits[school]++
	held, ok := o.schools[school]
	if !ok {
		return
	}
	if changes.unknown {
		o.drop(school)
		return
	}
	changes.applyTo(held.busy, func(models.HolderID) models.TickSet { return nil })
	o.grow(held, len(changes.placed)) // a word for each claim is more than enough; the next reading counts anew
}

// applyTo changes sets of holders as the transaction changed their claims. Where a holder is missing, former gives the set that was.
func (c *claimChanges) applyTo(busy map[models.HolderID]models.TickSet, former func(models.HolderID) models.TickSet) {
	changeRuns(busy, former, c.released, models.TickSet.Without)
	changeRuns(busy, former, c.placed, models.TickSet.With)
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

// note tells the next functions of a transaction what one did to claims.
func (o *occupancy) note(shared *sharedReads, school models.SchoolID, changes *claimChanges) {
	if o == nil || shared == nil || changes.none() {
		return
	}
	noted := shared.claims[school]
	if noted == nil {
		noted = &uncommitted{busy: map[models.HolderID]models.TickSet{}}
		shared.claims[school] = noted
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	held, ok := o.schools[school]
	if noted.unknown = noted.unknown || changes.unknown || !ok; !noted.unknown {
		changes.applyTo(noted.busy, func(holder models.HolderID) models.TickSet { return held.busy[holder] })
	}
}

// takesClaims are the tables from which a deletion takes claims along, or which hold them.
var takesClaims = []string{"claims", "appointments", "blocks", "conferences", "days", "staff"}

// unpackTicks reads ticks that the database packed into one text.
func unpackTicks(packed string) (models.TickSet, error) {
	ticks := make([]models.Tick, 0, 1+strings.Count(packed, ","))
	for text := range strings.SplitSeq(packed, ",") {
		tick, err := strconv.Atoi(text)
		if err != nil {
			return nil, err
		}
		ticks = append(ticks, models.Tick(tick))
	}
	slices.Sort(ticks)
	var set models.TickSet
	for i := 0; i < len(ticks); {
		from := ticks[i]
		until := from
		for ; i < len(ticks) && ticks[i] == until; i++ {
			until++
		}
		set = set.With(from, until)
	}
	return set, nil
}
