package booking

import (
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/programme"
)

// Reason tells why an item of a booking could not be. The list is closed.
type Reason string

// The reasons.
const (
	ReasonTaken      Reason = "taken"       // the teacher, room or child is not free at that time
	ReasonOverlap    Reason = "overlap"     // the family itself is elsewhere at that time
	ReasonTooFar     Reason = "too_far"     // no time to walk from one talk to the next; may be overruled
	ReasonLimit      Reason = "limit"       // the school's maximum is reached
	ReasonClosed     Reason = "closed"      // not open yet, closed, past, or too short before the start
	ReasonNotOffered Reason = "not_offered" // this child is not offered this talk at this time
)

// maxAlternatives is how many other times a failing item is given.
const maxAlternatives = 3

// wish is one talk to be placed: what is asked, and what would do instead.
type wish struct {
	ref        string
	conference *programme.Conference
	kind       *models.TalkKind
	pupil      *models.Pupil
	household  models.HouseholdID
	party      int
	offered    []staffSet     // what this pupil is offered of this kind
	days       []models.DayID // on which this pupil is expected
	choices    []choice       // what was asked first, then the fallbacks in their order
	nearest    bool           // consent to the nearest free time with the same staff
	moved      *models.Appointment
}

type choice struct {
	staff staffSet
	start models.Tick
}

// placement is a talk with its place in time.
type placement struct {
	wish  *wish
	staff staffSet
	slot  slot
}

func (p placement) end() models.Tick { return p.slot.start + models.Ticks(p.wish.kind.Minutes) }

// refusal is a wish that could not be, why, and what could be instead.
type refusal struct {
	wish         *wish
	reason       Reason
	alternatives []placement
}

// visit is a talk of a family as far as limits and walking are concerned.
type visit struct {
	household  models.HouseholdID
	party      int
	pupil      models.PupilID
	conference models.ConferenceID
	kind       models.TalkKindID
	staff      staffSet
	start, end models.Tick
	zone       string
	hidden     bool // from the session that asks: it must not learn the time or the place
}

// arrangement is the state in which wishes are placed one after another: who is busy when, and what the families have already. It holds values only,
// so that the same placing serves a booking, its alternatives, and tests.
type arrangement struct {
	people    *directory.Directory
	programme *programme.Programme
	now       time.Time
	byStaff   bool                        // staff may place outside the opening times and above limits
	mayWalk   bool                        // the family accepts too little time to walk
	byMemory  bool                        // who is busy may be what memory knows: a refusal is then checked by the rows
	byRows    bool                        // who is busy must be what the rows say
	confirmed map[models.HouseholdID]bool // the households all of whose talks the session may know
	busy      map[models.HolderID]models.TickSet
	visits    []visit
}

func newArrangement(people *directory.Directory, plan *programme.Programme, now time.Time) *arrangement {
	return &arrangement{people: people, programme: plan, now: now, busy: map[models.HolderID]models.TickSet{}}
}

func (a *arrangement) hold(holder models.HolderID, from, until models.Tick) {
	a.busy[holder] = a.busy[holder].With(from, until)
}

func (a *arrangement) holdAll(holder models.HolderID, held models.TickSet) {
	a.busy[holder] = a.busy[holder].Union(held)
}

func (a *arrangement) isBusy(holder models.HolderID, from, until models.Tick) bool {
	return a.busy[holder].Any(from, until)
}

// holders gives everybody whose time a placement takes: those of the school, and those of the family.
func (a *arrangement) holders(p placement) (school, family []models.HolderID) {
	return a.schoolHolders(p.wish, p.staff, p.slot.room), a.familyHolders(p.wish.household, p.wish.party, p.staff)
}

// schoolHolders gives those of the school whose time a wish takes with some staff in a room; zero is no room.
func (a *arrangement) schoolHolders(w *wish, staff staffSet, room models.RoomID) []models.HolderID {
	holders := make([]models.HolderID, 0, len(staff)+2)
	for _, member := range staff {
		holders = append(holders, models.HolderID(member))
	}
	if room, ok := a.programme.Room(room); ok && room.UsedAlone {
		holders = append(holders, models.HolderID(room.ID))
	}
	if w.kind.PupilAttends {
		holders = append(holders, models.HolderID(w.pupil.ID))
	}
	return holders
}

// familyHolders gives the party that goes and, for the first party, the guardians who teach here: they are one person at home and at school. A parent is
// not counted twice in a talk that is their own.
func (a *arrangement) familyHolders(household models.HouseholdID, party int, staff staffSet) []models.HolderID {
	holders := []models.HolderID{models.PartyHolder(household, party)}
	if party > 1 {
		return holders
	}
	for _, guardian := range a.people.Guardians(household) {
		if !guardian.StaffID.IsZero() && !slices.Contains(staff, guardian.StaffID) && !slices.Contains(holders, models.HolderID(guardian.StaffID)) {
			holders = append(holders, models.HolderID(guardian.StaffID))
		}
	}
	return holders
}

func (a *arrangement) zoneOf(p placement) string {
	if room, ok := a.programme.Room(p.slot.room); ok {
		return room.Details.Zone
	}
	return ""
}

// place tries a wish: what was asked, its fallbacks, and then, with consent, the nearest time. It holds what it placed.
func (a *arrangement) place(w *wish) (placement, Reason) {
	first := ReasonNotOffered
	for i, asked := range w.choices {
		found, reason := a.find(w, asked)
		if reason == "" {
			if reason = a.check(found); reason == "" {
				a.take(found)
				return found, ""
			}
		}
		if i == 0 {
			first = reason
		}
	}
	if w.nearest && (first == ReasonTaken || first == ReasonOverlap || first == ReasonTooFar) {
		if near := a.freeNear(w, w.choices[0].staff, w.choices[0].start, 1); len(near) > 0 {
			a.take(near[0])
			return near[0], ""
		}
	}
	return placement{}, first
}

// find turns an asked start into a slot that is offered.
func (a *arrangement) find(w *wish, asked choice) (placement, Reason) {
	if !slices.ContainsFunc(w.offered, asked.staff.equal) {
		return placement{}, ReasonNotOffered
	}
	for _, open := range slotsOf(w.conference, asked.staff, models.Ticks(w.kind.Minutes), w.days) {
		if open.start == asked.start {
			return placement{w, asked.staff, open}, ""
		}
	}
	return placement{}, ReasonNotOffered
}

// check tells why a placement cannot be; empty if it can.
func (a *arrangement) check(p placement) Reason {
	if reason := a.checkRules(p); reason != "" {
		return reason
	}
	school, family := a.holders(p)
	for _, holder := range school {
		if a.isBusy(holder, p.slot.start, p.end()) {
			return ReasonTaken
		}
	}
	for _, holder := range family {
		if a.isBusy(holder, p.slot.start, p.end()) {
			return a.elsewhere(p)
		}
	}
	if !a.mayWalk && a.tooFar(p) {
		return ReasonTooFar
	}
	return ""
}

// elsewhere gives the reason for a time at which the family itself is busy. Where only talks stand in the way that the session may not see, the slot is
// just not to be had: that the family is elsewhere at that time would tell when those talks are.
func (a *arrangement) elsewhere(p placement) Reason {
	if a.confirmed[p.wish.household] {
		return ReasonOverlap
	}
	for _, present := range a.visits {
		if !present.hidden && present.household == p.wish.household && present.party == p.wish.party && present.start < p.end() && p.slot.start < present.end {
			return ReasonOverlap
		}
	}
	return ReasonTaken
}

func (a *arrangement) checkRules(p placement) Reason {
	start := p.slot.start.Time()
	if start.Before(a.now) {
		return ReasonClosed
	}
	if a.byStaff {
		return ""
	}
	rules := p.wish.conference.Rules
	if !changeable(p.wish.conference, start, a.now) {
		return ReasonClosed
	}
	ofPupil, ofKind, ofHousehold, again := 0, 0, 0, false
	for _, present := range a.visits {
		if present.household != p.wish.household || present.conference != p.wish.conference.ID {
			continue
		}
		ofHousehold++
		if present.pupil != p.wish.pupil.ID {
			continue
		}
		ofPupil++
		if present.kind == p.wish.kind.ID {
			ofKind++
			again = again || slices.ContainsFunc(p.staff, func(member models.StaffID) bool { return slices.Contains(present.staff, member) })
		}
	}
	if again || reached(rules.MaxPerPupil, ofPupil) || reached(p.wish.kind.MaxPerPupil, ofKind) || reached(rules.MaxPerHousehold, ofHousehold) {
		return ReasonLimit
	}
	return ""
}

// openAt tells whether parents may book in a conference at an instant.
func openAt(conference *programme.Conference, now time.Time) bool {
	return conference.State == models.ConferenceOpen && !now.Before(conference.OpensAt) && now.Before(conference.ClosesAt)
}

// changeable tells whether parents may make, move or cancel a talk that starts at an instant.
func changeable(conference *programme.Conference, start, now time.Time) bool {
	lead := time.Duration(conference.Rules.LeadMinutes) * time.Minute
	return openAt(conference, now) && !start.Before(now.Add(lead))
}

func reached(limit, present int) bool { return limit > 0 && present >= limit }

// tooFar tells whether the party has a talk in another part of the building with too little time between.
func (a *arrangement) tooFar(p placement) bool {
	walk := models.Ticks(p.wish.conference.Rules.WalkingMinutes + 4)
	if p.wish.conference.Rules.WalkingMinutes == 0 {
		return false
	}
	zone := a.zoneOf(p)
	for _, present := range a.visits {
		if present.hidden || present.household != p.wish.household || present.party != p.wish.party || present.zone == zone {
			continue
		}
		if p.slot.start < present.end+walk && present.start < p.end()+walk {
			return true
		}
	}
	return false
}

func (a *arrangement) take(p placement) {
	school, family := a.holders(p)
	for _, holder := range append(school, family...) {
		a.hold(holder, p.slot.start, p.end())
	}
	a.visits = append(a.visits, visit{
		household: p.wish.household, party: p.wish.party, pupil: p.wish.pupil.ID, conference: p.wish.conference.ID, kind: p.wish.kind.ID,
		staff: p.staff, start: p.slot.start, end: p.end(), zone: a.zoneOf(p),
	})
}

// alternatives gives free placements near to the asked start: with the staff that was asked first; if that staff has none, with other staff of the kind.
func (a *arrangement) alternatives(w *wish) []placement {
	if len(w.choices) == 0 {
		return nil
	}
	asked := w.choices[0]
	sets := slices.DeleteFunc(slices.Clone(w.offered), asked.staff.equal)
	if slices.ContainsFunc(w.offered, asked.staff.equal) {
		sets = slices.Insert(sets, 0, asked.staff)
	}
	for _, set := range sets {
		if found := a.freeNear(w, set, asked.start, maxAlternatives); len(found) > 0 {
			return found
		}
	}
	return nil
}

func (a *arrangement) freeNear(w *wish, set staffSet, start models.Tick, count int) []placement {
	slots := slotsOf(w.conference, set, models.Ticks(w.kind.Minutes), w.days)
	distance := func(s slot) models.Tick { return max(s.start-start, start-s.start) }
	slices.SortStableFunc(slots, func(x, y slot) int { return int(distance(x) - distance(y)) })
	var found []placement
	for _, open := range slots {
		if candidate := (placement{w, set, open}); a.check(candidate) == "" {
			if found = append(found, candidate); len(found) == count {
				break
			}
		}
	}
	return found
}
