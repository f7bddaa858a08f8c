package conference

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/booking/policy"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/store"
)

func (l *readinessLook) setup() {
	conference := l.conference
	if len(conference.Days) == 0 {
		l.ready.Blockers = append(l.ready.Blockers, Notice{Code: "no-days"})
	}
	if len(conference.TalkKinds) == 0 {
		l.ready.Blockers = append(l.ready.Blockers, Notice{Code: "no-talk-kinds"})
	}
	staffed := false
	for _, day := range conference.Days {
		staffed = staffed || len(conference.Staffed(day.ID)) > 0
	}
	if !staffed {
		l.ready.Blockers = append(l.ready.Blockers, Notice{Code: "no-availability"})
	}
	if !l.tx.Now().Before(conference.ClosesAt) {
		l.ready.Blockers = append(l.ready.Blockers, Notice{Code: "closing-is-past"})
	}
}

// blocks and warns add a notice that names things; one of nothing is left out.
func (l *readinessLook) blocks(notice Notice, name string, things []string) {
	if len(things) > 0 {
		notice.Params = map[string]string{name: strings.Join(things, ", ")}
		l.ready.Blockers = append(l.ready.Blockers, notice)
	}
}

func (l *readinessLook) warns(notice Notice, name string, things []string) {
	if len(things) > 0 {
		notice.Params = map[string]string{name: strings.Join(things, ", ")}
		l.ready.Warnings = append(l.ready.Warnings, notice)
	}
}

// days looks for days on which nobody could come: they are over, nobody has hours on them, or they are for nobody whom the roster knows.
func (l *readinessLook) days() {
	zone := l.tx.School().Location()
	today, opens := civil.Of(l.tx.Now().In(zone)), civil.Of(l.conference.OpensAt.In(zone))
	staffed := slices.ContainsFunc(l.conference.Days, func(day *models.Day) bool { return len(l.conference.Staffed(day.ID)) > 0 })
	var past, early, without, empty []string
	for _, day := range l.conference.Days {
		date := day.Date.String()
		switch {
		case day.Date.Before(today):
			past = append(past, date)
		case day.Date.Before(opens):
			early = append(early, date)
		}
		if staffed && len(l.conference.Staffed(day.ID)) == 0 {
			without = append(without, date)
		}
		if !l.expectsSomebody(day) {
			empty = append(empty, date)
		}
	}
	if l.conference.State == models.ConferenceDraft {
		l.blocks(Notice{Code: "day-is-past"}, "days", past)
	} else {
		l.warns(Notice{Code: "day-is-past"}, "days", past) // of one that is opened again, a day may be over
	}
	l.warns(Notice{Code: "day-before-opening"}, "days", early)
	l.warns(Notice{Code: "days-without-hours"}, "days", without)
	l.warns(Notice{Code: "days-for-nobody"}, "days", empty)
}

// rooms looks for rooms that hold one talk at a time and have several teachers in them at once: of each time one of them can be booked.
func (l *readinessLook) rooms() error {
	programme, err := l.tx.Programme()
	if err != nil {
		return err
	}
	shared := []string{}
	for _, room := range programme.Rooms() {
		if most := l.atOnce(room.ID); room.UsedAlone && most > 1 {
			shared = append(shared, fmt.Sprintf("%s (%d)", room.Details.Name, most))
		}
	}
	slices.Sort(shared)
	l.warns(Notice{Code: "rooms-shared"}, "rooms", shared)
	return nil
}

// atOnce gives how many teachers have hours in a room at once, at most.
func (l *readinessLook) atOnce(room models.RoomID) (most int) {
	var windows []models.Availability
	for _, day := range l.conference.Days {
		for _, member := range l.conference.Staffed(day.ID) {
			for _, window := range l.conference.Windows(member, day.ID) {
				if window.RoomID == room {
					windows = append(windows, window)
				}
			}
		}
	}
	for _, one := range windows { // as many as ever are there at once are there when one of them begins
		there := map[models.StaffID]bool{}
		for _, other := range windows {
			if other.StartTick <= one.StartTick && one.StartTick < other.EndTick {
				there[other.StaffID] = true
			}
		}
		most = max(most, len(there))
	}
	return most
}

func (l *readinessLook) expectsSomebody(day *models.Day) bool {
	alone := *l.conference
	alone.Days = []*models.Day{day}
	return slices.ContainsFunc(l.people.Pupils(), func(pupil *models.Pupil) bool {
		return pupil.State == models.PersonActive && len(rules.DaysFor(l.people, &alone, pupil, nil)) > 0
	})
}

// offers looks for what days and offers name and the roster does not have, or no more.
func (l *readinessLook) offers() {
	known := map[string]bool{}
	for _, pupil := range l.people.Pupils() {
		if pupil.State == models.PersonActive && pupil.Year != "" {
			known[pupil.Year] = true
		}
	}
	years, groups, nobody, left := map[string]bool{}, map[string]bool{}, 0, 0
	year := func(name string) bool {
		if name != "" && !known[name] {
			years[name] = true
		}
		return name != "" && !known[name]
	}
	group := func(id models.GroupID) bool {
		found, ok := l.people.Group(id)
		if gone := ok && found.State != models.PersonActive; gone {
			groups[found.Details.Name] = true
			return true
		}
		return false
	}
	for _, day := range l.conference.Days {
		for _, name := range day.Audience.Years {
			year(name)
		}
		for _, id := range day.Audience.Groups {
			group(id)
		}
	}
	for _, offer := range l.conference.Offers {
		pupil, ok := l.people.Pupil(offer.PupilID)
		if gone := ok && pupil.State != models.PersonActive; year(offer.Year) || group(offer.GroupID) || gone {
			nobody++
		}
		if slices.ContainsFunc(offer.StaffIDs, func(id models.StaffID) bool {
			staff, ok := l.people.Staff(id)
			return !ok || staff.State != models.PersonActive
		}) {
			left++
		}
	}
	if len(years) > 0 {
		l.ready.Warnings = append(l.ready.Warnings, Notice{Code: "unknown-years", Params: map[string]string{
			"years": strings.Join(slices.Sorted(maps.Keys(years)), ", "), "known": strings.Join(slices.Sorted(maps.Keys(known)), ", "),
		}})
	}
	l.warns(Notice{Code: "groups-gone"}, "groups", slices.Sorted(maps.Keys(groups)))
	l.counted(map[string]int{"offers-for-nobody": nobody, "offers-of-staff-gone": left})
}

// counted adds a warning for each count that is not zero.
func (l *readinessLook) counted(counts map[string]int) {
	for code, count := range counts {
		if count > 0 {
			l.ready.Warnings = append(l.ready.Warnings, Notice{code, map[string]string{"count": fmt.Sprint(count)}})
		}
	}
}

// counts adds what needs the database: undecided families, households nobody can write to.
func (l *readinessLook) counts() error {
	open, err := store.Count[models.MergeSuggestion](l.tx, store.Eq("state", models.SuggestionOpen))
	if err != nil {
		return err
	}
	l.ready.OpenSuggestions = int(open)
	contacts, err := store.List[models.Contact](l.tx, store.Not("source", models.SourceTyped))
	if err != nil {
		return err
	}
	reached := map[models.HouseholdID]bool{}
	for _, contact := range contacts {
		reached[contact.HouseholdID] = true
	}
	for _, household := range l.people.Households() {
		if !reached[household.ID] && len(l.people.Members(household.ID)) > 0 {
			l.ready.Unreachable++
		}
	}
	if err := l.rooms(); err != nil {
		return err
	}
	if err := l.clashes(); err != nil {
		return err
	}
	if l.ready.Pending, err = policy.Of(l.tx); err != nil {
		return err
	}
	if pending := l.ready.Pending; pending != nil {
		l.ready.Warnings = append(l.ready.Warnings, Notice{Code: "policy-pending", Params: map[string]string{"count": fmt.Sprint(pending.LockedOut)}})
	}
	l.counted(map[string]int{
		"undecided-families": l.ready.OpenSuggestions, "cannot-log-in": len(l.ready.CannotLogIn), "overasked-teachers": len(l.ready.Overasked),
		"pupils-without-offer": len(l.ready.WithoutOffer), "households-without-contact": l.ready.Unreachable,
		"pupils-without-slot": len(l.ready.WithoutSlot), "teachers-without-availability": len(l.ready.WithoutAvailability),
		"pupils-at-two-talks": len(l.ready.AtTwoTalks),
	})
	slices.SortFunc(l.ready.Warnings, func(a, b Notice) int { return cmp.Compare(a.Code, b.Code) })
	return nil
}

// clashes looks for pupils who are to attend two talks at the same time, of which one at least is in the conference.
func (l *readinessLook) clashes() error {
	talks, err := booked(l.tx)
	if err != nil {
		return err
	}
	programme, err := l.tx.Programme()
	if err != nil {
		return err
	}
	for _, pair := range rules.Clashes(programme, talks) {
		pupil, ok := l.people.Pupil(pair[0].PupilID)
		if !ok || pair[0].ConferenceID != l.conference.ID && pair[1].ConferenceID != l.conference.ID {
			continue
		}
		staff := rules.Viewer{People: l.people}.Staff(slices.Concat(pair[0].StaffIDs, pair[1].StaffIDs))
		l.ready.AtTwoTalks = append(l.ready.AtTwoTalks, TwoTalks{l.notice(pupil, "at-two-talks"), max(pair[0].StartTick, pair[1].StartTick).Time(), staff})
	}
	return nil
}
