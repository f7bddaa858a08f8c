package rules

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/programme"
)

// maxAlternatives is how many other times a failing item is given.
const maxAlternatives = 3

// Request is one talk to be placed: what is asked, and what would do instead.
type Request struct {
	Ref        string
	Conference *programme.Conference
	Kind       *models.TalkKind
	Pupil      *models.Pupil
	Household  models.HouseholdID
	Party      int
	Offered    []StaffSet     // what this pupil is offered of this kind
	Days       []models.DayID // on which this pupil is expected
	Choices    []Choice       // what was asked first, then the fallbacks in their order
	Nearest    bool           // consent to the nearest free time with the same staff
	Moved      *models.Appointment
}

// Choice is who and when: a staff set and the tick at which the talk would start.
type Choice struct {
	Staff StaffSet
	Start models.Tick
}

// Placement is a talk with its place in time.
type Placement struct {
	Request *Request
	Staff   StaffSet
	Slot    Slot
}

// End returns the tick at which the talk is over.
func (p Placement) End() models.Tick { return p.Slot.Start + models.Ticks(p.Request.Kind.Minutes) }

// Refusal is a request that could not be, why, and what could be instead.
type Refusal struct {
	Request      *Request
	Reason       Reason
	Alternatives []Placement
}

// FamilyTalk is a talk of a family as far as limits and walking are concerned.
type FamilyTalk struct {
	Household  models.HouseholdID
	party      int
	Pupil      models.PupilID
	Conference models.ConferenceID
	Kind       models.TalkKindID
	staff      StaffSet
	start, end models.Tick
	Zone       string
	Hidden     bool // from the session that asks: it must not learn the time or the place
}

// Arrangement is the state in which requests are placed one after another: who is busy when, and what the families have already. It holds values only,
// so that the same placing serves a booking, its alternatives, and tests.
type Arrangement struct {
	People    *directory.Directory
	Programme *programme.Programme
	now       time.Time
	ByStaff   bool                        // staff may place outside the opening times and above limits
	MayWalk   bool                        // the family accepts too little time to walk
	ByMemory  bool                        // who is busy may be what memory knows: a refusal is then checked by the rows
	ByRows    bool                        // who is busy must be what the rows say
	Confirmed map[models.HouseholdID]bool // the households all of whose talks the session may know
	Busy      map[models.HolderID]models.TickSet
	Talks     []FamilyTalk
}

// NewArrangement returns a state in which nobody is busy. Now decides what is past.
func NewArrangement(people *directory.Directory, programme *programme.Programme, now time.Time) *Arrangement {
	return &Arrangement{People: people, Programme: programme, now: now, Busy: map[models.HolderID]models.TickSet{}}
}

// Occupy holds a holder's time from a tick until another.
func (a *Arrangement) Occupy(holder models.HolderID, from, until models.Tick) {
	a.Busy[holder] = a.Busy[holder].With(from, until)
}

// OccupyAll holds all of a set of a holder's ticks.
func (a *Arrangement) OccupyAll(holder models.HolderID, held models.TickSet) {
	a.Busy[holder] = a.Busy[holder].Union(held)
}

// IsBusy reports whether anything of a holder's time from a tick until another is held.
func (a *Arrangement) IsBusy(holder models.HolderID, from, until models.Tick) bool {
	return a.Busy[holder].Any(from, until)
}

// Holders gives everybody whose time a placement takes: those of the school, and those of the family.
func (a *Arrangement) Holders(p Placement) (school, family []models.HolderID) {
	return a.SchoolHolders(p.Request, p.Staff, p.Slot.Room), a.FamilyHolders(p.Request.Household, p.Request.Party, p.Staff)
}

// SchoolHolders gives those of the school whose time a request takes with some staff in a room, and the pupil's if the pupil attends; zero is no room.
func (a *Arrangement) SchoolHolders(w *Request, staff StaffSet, room models.RoomID) []models.HolderID {
	return append(a.StaffHolders(staff, room), a.PupilHolders(w)...)
}

// StaffHolders gives the holders of staff in a room, if only one talk at a time is held there; zero is no room.
func (a *Arrangement) StaffHolders(staff StaffSet, room models.RoomID) []models.HolderID {
	holders := make([]models.HolderID, 0, len(staff)+2)
	for _, member := range staff {
		holders = append(holders, models.HolderID(member))
	}
	if room, ok := a.Programme.Room(room); ok && room.UsedAlone {
		holders = append(holders, models.HolderID(room.ID))
	}
	return holders
}

// PupilHolders gives whose time a request takes of a pupil who attends; nobody's where the pupil does not.
func (a *Arrangement) PupilHolders(w *Request) []models.HolderID {
	if !w.Kind.PupilAttends {
		return nil
	}
	return []models.HolderID{PupilHolder(a.People, w.Kind, w.Pupil, w.Household)}
}

// FamilyHolders gives the party that goes and, for the first party, the guardians who teach here: they are one person at home and at school. A parent is
// not counted twice in a talk that is their own.
func (a *Arrangement) FamilyHolders(household models.HouseholdID, party int, staff StaffSet) []models.HolderID {
	holders := []models.HolderID{models.PartyHolder(household, party)}
	if party > 1 {
		return holders
	}
	for _, guardian := range a.People.Guardians(household) {
		if !guardian.StaffID.IsZero() && !slices.Contains(staff, guardian.StaffID) && !slices.Contains(holders, models.HolderID(guardian.StaffID)) {
			holders = append(holders, models.HolderID(guardian.StaffID))
		}
	}
	return holders
}

// ZoneOf returns the part of the building where a placement is; empty if its room is not known.
func (a *Arrangement) ZoneOf(p Placement) string {
	if room, ok := a.Programme.Room(p.Slot.Room); ok {
		return room.Details.Zone
	}
	return ""
}

// Place tries a request: what was asked, its fallbacks, and then, with consent, the nearest time. It holds what it placed.
func (a *Arrangement) Place(w *Request) (Placement, Reason) {
	first := ReasonNotOffered
	for i, asked := range w.Choices {
		found, reason := a.Find(w, asked)
		if reason == "" {
			if reason = a.Check(found); reason == "" {
				a.Take(found)
				return found, ""
			}
		}
		if i == 0 {
			first = reason
		}
	}
	if w.Nearest && (first == ReasonTaken || first == ReasonOverlap || first == ReasonTooFar) {
		if near := a.freeNear(w, w.Choices[0].Staff, w.Choices[0].Start, 1); len(near) > 0 {
			a.Take(near[0])
			return near[0], ""
		}
	}
	return Placement{}, first
}

// Find turns an asked start into a slot that is offered.
func (a *Arrangement) Find(w *Request, asked Choice) (Placement, Reason) {
	if !slices.ContainsFunc(w.Offered, asked.Staff.Equal) {
		return Placement{}, ReasonNotOffered
	}
	for _, open := range SlotsOf(w.Conference, asked.Staff, models.Ticks(w.Kind.Minutes), w.Days) {
		if open.Start == asked.Start {
			return Placement{w, asked.Staff, open}, ""
		}
	}
	return Placement{}, ReasonNotOffered
}

// Check tells why a placement cannot be; empty if it can.
func (a *Arrangement) Check(p Placement) Reason {
	if reason := a.checkRules(p); reason != "" {
		return reason
	}
	school, family := a.Holders(p)
	for _, holder := range school {
		if a.IsBusy(holder, p.Slot.Start, p.End()) {
			return ReasonTaken
		}
	}
	for _, holder := range family {
		if a.IsBusy(holder, p.Slot.Start, p.End()) {
			return a.elsewhere(p)
		}
	}
	if !a.MayWalk && a.tooFar(p) {
		return ReasonTooFar
	}
	return ""
}

// elsewhere gives the reason for a time at which the family itself is busy. Where only talks stand in the way that the session may not see, the slot is
// just not to be had: that the family is elsewhere at that time would tell when those talks are.
func (a *Arrangement) elsewhere(p Placement) Reason {
	if a.Confirmed[p.Request.Household] {
		return ReasonOverlap
	}
	for _, present := range a.Talks {
		if !present.Hidden && present.Household == p.Request.Household && present.party == p.Request.Party && present.start < p.End() && p.Slot.Start < present.end {
			return ReasonOverlap
		}
	}
	return ReasonTaken
}

func (a *Arrangement) checkRules(p Placement) Reason {
	start := p.Slot.Start.Time()
	if start.Before(a.now) {
		return ReasonClosed
	}
	if a.ByStaff {
		return ""
	}
	if !Changeable(p.Request.Conference, start, a.now) {
		return ReasonClosed
	}
	again := slices.ContainsFunc(a.Talks, func(present FamilyTalk) bool {
		return present.Household == p.Request.Household && present.Conference == p.Request.Conference.ID && present.Pupil == p.Request.Pupil.ID &&
			present.Kind == p.Request.Kind.ID && slices.ContainsFunc(p.Staff, func(member models.StaffID) bool { return slices.Contains(present.staff, member) })
	})
	if again || p.Request.AboveLimit(a.Talks) {
		return ReasonLimit
	}
	return ""
}

// OpenAt reports whether parents may book in a conference at an instant.
func OpenAt(conference *programme.Conference, now time.Time) bool {
	return conference.State == models.ConferenceOpen && !now.Before(conference.OpensAt) && now.Before(conference.ClosesAt)
}

// Changeable reports whether parents may make or move a talk that starts at an instant.
func Changeable(conference *programme.Conference, start, now time.Time) bool {
	lead := time.Duration(conference.Rules.LeadMinutes) * time.Minute
	return OpenAt(conference, now) && !start.Before(now.Add(lead))
}

// Cancellable reports whether parents may cancel a talk that starts at an instant. That has a time of its own: after booking has closed nobody can come in a
// family's place, but who cannot come can still say so, unless the school has closed the conference by hand.
func Cancellable(conference *programme.Conference, start, now time.Time) bool {
	lead := time.Duration(conference.Rules.CancelMinutes) * time.Minute
	return conference.State == models.ConferenceOpen && start.After(now.Add(lead))
}

// tooFar reports whether the party has a talk in another part of the building with too little time between.
func (a *Arrangement) tooFar(p Placement) bool {
	walk := models.TicksUp(p.Request.Conference.Rules.WalkingMinutes)
	if p.Request.Conference.Rules.WalkingMinutes == 0 {
		return false
	}
	zone := a.ZoneOf(p)
	for _, present := range a.Talks {
		if present.Hidden || present.Household != p.Request.Household || present.party != p.Request.Party || !Walks(present.Zone, zone) {
			continue
		}
		if p.Slot.Start < present.end+walk && present.start < p.End()+walk {
			return true
		}
	}
	return false
}

// online is the part of a building that is nowhere: a talk by video needs no walk.
const online = "online"

// Walks reports whether a family has to walk from one part of the building to another. To a talk in the part that is called online nobody walks.
func Walks(from, to string) bool {
	return from != to && !strings.EqualFold(from, online) && !strings.EqualFold(to, online)
}

// Take holds the time of everybody who is at a placement.
func (a *Arrangement) Take(p Placement) {
	school, family := a.Holders(p)
	for _, holder := range append(school, family...) {
		a.Occupy(holder, p.Slot.Start, p.End())
	}
	a.Talks = append(a.Talks, FamilyTalk{
		Household: p.Request.Household, party: p.Request.Party, Pupil: p.Request.Pupil.ID, Conference: p.Request.Conference.ID, Kind: p.Request.Kind.ID,
		staff: p.Staff, start: p.Slot.Start, end: p.End(), Zone: a.ZoneOf(p),
	})
}

// Alternatives gives free placements near to the asked start: with the staff that was asked first; if that staff has none, with other staff of the kind.
func (a *Arrangement) Alternatives(w *Request) []Placement {
	if len(w.Choices) == 0 {
		return nil
	}
	asked := w.Choices[0]
	sets := slices.DeleteFunc(slices.Clone(w.Offered), asked.Staff.Equal)
	if slices.ContainsFunc(w.Offered, asked.Staff.Equal) {
		sets = slices.Insert(sets, 0, asked.Staff)
	}
	for _, set := range sets {
		if found := a.freeNear(w, set, asked.Start, maxAlternatives); len(found) > 0 {
			return found
		}
	}
	return nil
}

func (a *Arrangement) freeNear(w *Request, set StaffSet, start models.Tick, count int) []Placement {
	slots := SlotsOf(w.Conference, set, models.Ticks(w.Kind.Minutes), w.Days)
	distance := func(s Slot) models.Tick { return max(s.Start-start, start-s.Start) }
	slices.SortStableFunc(slots, func(x, y Slot) int { return int(distance(x) - distance(y)) })
	var found []Placement
	for _, open := range slots {
		if candidate := (Placement{w, set, open}); a.Check(candidate) == "" {
			if found = append(found, candidate); len(found) == count {
				break
			}
		}
	}
	return found
}

// FamilyTalkOf returns what an appointment means for the family's other talks.
func FamilyTalkOf(programme *programme.Programme, appointment *models.Appointment) FamilyTalk {
	zone := ""
	if room, ok := programme.Room(appointment.RoomID); ok {
		zone = room.Details.Zone
	}
	return FamilyTalk{
		Household: appointment.HouseholdID, party: appointment.Party, Pupil: appointment.PupilID, Conference: appointment.ConferenceID,
		Kind: appointment.TalkKindID, staff: NewStaffSet(appointment.StaffIDs...), start: appointment.StartTick, end: appointment.EndTick, Zone: zone,
	}
}

// Scratch copies an arrangement, so that something can be tried in it.
func (a *Arrangement) Scratch() *Arrangement {
	copied := *a
	copied.Talks = slices.Clone(a.Talks)
	copied.Busy = maps.Clone(a.Busy)
	return &copied
}
