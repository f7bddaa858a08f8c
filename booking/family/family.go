package family

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// Phase is where a conference stands for parents.
type Phase string

// The phases.
const (
	PhaseBefore Phase = "before" // booking opens later
	PhaseOpen   Phase = "open"
	PhaseAfter  Phase = "after" // booking is over; appointments can still be looked at
)

// Family is everything a family needs on one screen: its children, with whom they may talk and when, over all conferences, and what it has booked.
type Family struct {
	Zone         *time.Location // the school's
	Children     []Child
	Conferences  []ConferenceSummary
	Appointments []rules.AppointmentView // that the session may see, by start
}

// ConferenceSummary is a conference as parents see it.
type ConferenceSummary struct {
	ID                models.ConferenceID
	Title, Note       string
	Phase             Phase
	OpensAt, ClosesAt time.Time // UTC
	WalkingMinutes    int
	Days              []DaySummary
}

// DaySummary is a day of a conference.
type DaySummary struct {
	ID   models.DayID
	Date string // 2006-01-02, the school's calendar
}

// Child is a pupil of the session's households.
type Child struct {
	ID        models.PupilID
	Given     string
	Group     string
	Household models.HouseholdID
	Confirmed bool
	// AskSchool tells that this household does not book for this child itself: the school decides.
	AskSchool bool
	// BookedElsewhere tells that there are appointments of this household that the session may not see. Nothing more is told of them.
	BookedElsewhere bool
	Talks           []Talk
}

// Talk is a talk kind that a child is offered.
type Talk struct {
	Conference models.ConferenceID
	Kind       models.TalkKindID
	Title      string
	Minutes    int
	Obligation models.Obligation
	Attends    bool
	// Left is how many more talks of this kind may be booked for this child as things are; -1 is no limit.
	Left    int
	Options []TalkOption
}

// TalkOption is a staff set that the talk can be with, and when they are free.
type TalkOption struct {
	Staff []rules.StaffName
	// Subject is what a subject teacher teaches the child, as the roster names it; empty for other talks.
	Subject string
	Free    []FreeSlot
}

// FreeSlot is a start that is free now.
type FreeSlot struct {
	Day   models.DayID
	Start time.Time // UTC
}

// Family gives a parent's session its family.
func (s *Service) Family(ctx context.Context, actor models.Actor) (*Family, error) {
	return s.family(ctx, actor, actor.Grants)
}

// FamilyOf gives staff the family of a household, as the family itself would see it when confirmed.
func (s *Service) FamilyOf(ctx context.Context, actor models.Actor, household models.HouseholdID) (*Family, error) {
	if !rules.ActsForFamilies(actor) {
		return nil, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	return s.family(ctx, actor, []models.Grant{{Household: household, Confirmed: true}})
}

// WasCancelled reports whether an appointment that the actor could see is cancelled: by the family, or because something changed at school.
func (s *Service) WasCancelled(ctx context.Context, actor models.Actor, id models.AppointmentID) (was bool, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		rows, err := tx.Appointments(store.Eq("id", id), store.Eq("state", models.AppointmentCancelled))
		was = err == nil && len(rows) > 0 && rules.Sees(actor, &rows[0])
		return err
	})
	return was, err
}

func (s *Service) family(ctx context.Context, actor models.Actor, grants []models.Grant) (*Family, error) {
	var family *Family
	err := s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		people, err := tx.Directory()
		if err != nil {
			return err
		}
		programme, err := tx.Programme()
		if err != nil {
			return err
		}
		look := &familyLook{Viewer: rules.NewViewer(actor, people, programme, tx.Now()), tx: tx, grants: grants}
		if family, err = look.run(); err == nil {
			family.Zone = tx.School().Location()
		}
		return err
	})
	return family, err
}

type familyLook struct {
	rules.Viewer
	tx       *store.Tx
	grants   []models.Grant
	visible  []models.Appointment
	counted  []rules.FamilyTalk   // the visible ones, as limits count them
	all      []models.Appointment // of the session's households, those it may not see too
	state    *rules.Arrangement   // who of the school is busy when
	own      *rules.Arrangement   // when the families themselves are busy, as far as the session may know
	asked    []*offeredRequest
	children []*Child
	slots    []rules.Slot // of the option that was looked at last; their memory serves the next
}

// offeredRequest is a talk whose slots are looked for.
type offeredRequest struct {
	child   *Child
	talk    Talk
	request *rules.Request
}

func (l *familyLook) run() (*Family, error) {
	if err := l.checkHouseholds(); err != nil {
		return nil, err
	}
	if err := l.appointments(); err != nil {
		return nil, err
	}
	for _, grant := range l.grants {
		l.addChildren(grant)
	}
	if err := l.freeSlots(); err != nil {
		return nil, err
	}
	family := &Family{Children: make([]Child, 0, len(l.children)), Conferences: l.conferences(), Appointments: make([]rules.AppointmentView, 0, len(l.visible))}
	for _, asked := range l.asked {
		asked.child.Talks = append(asked.child.Talks, asked.talk)
	}
	for _, child := range l.children {
		family.Children = append(family.Children, *child)
	}
	for i := range l.visible {
		family.Appointments = append(family.Appointments, l.Appointment(&l.visible[i]))
	}
	return family, nil
}

// checkHouseholds leaves out the households that are gone: joined with others by staff, or without a child since the last import.
func (l *familyLook) checkHouseholds() error {
	var present []models.Grant
	for _, grant := range l.grants {
		if _, ok := l.People.Household(grant.Household); !ok {
			continue
		}
		if rules.ActsForFamilies(l.Actor) {
			grant.Pupils = l.People.Members(grant.Household)
		}
		present = append(present, grant)
	}
	if len(present) == 0 && len(l.grants) > 0 {
		return errs.New(errs.NotFound, errs.CodeNotFound)
	}
	l.grants = present
	return nil
}

func (l *familyLook) appointments() error {
	households := make([]models.HouseholdID, len(l.grants))
	for i, grant := range l.grants {
		households[i] = grant.Household
	}
	var err error
	if l.all, err = l.tx.Appointments(store.In("household_id", households), store.Eq("state", models.AppointmentBooked)); err != nil {
		return err
	}
	for i := range l.all {
		if rules.Sees(l.Actor, &l.all[i]) {
			row := &l.all[i]
			l.visible = append(l.visible, *row)
			l.counted = append(l.counted, rules.FamilyTalk{Household: row.HouseholdID, Pupil: row.PupilID, Conference: row.ConferenceID, Kind: row.TalkKindID})
		}
	}
	return nil
}

func (l *familyLook) addChildren(grant models.Grant) {
	today := l.Now.In(l.tx.School().Location()).Format(time.DateOnly)
	for _, id := range grant.Pupils {
		pupil, ok := l.People.Pupil(id)
		if !ok || pupil.State != models.PersonActive || !slices.Contains(l.People.Members(grant.Household), id) {
			continue
		}
		child := &Child{ID: id, Given: pupil.Details.Given, Household: grant.Household, Confirmed: grant.Confirmed}
		if group, ok := l.People.Group(pupil.GroupID); ok {
			child.Group = group.Details.Name
		}
		child.AskSchool = !rules.Bookable(l.People, pupil, grant.Household, today)
		child.BookedElsewhere = slices.ContainsFunc(l.all, func(row models.Appointment) bool {
			return row.PupilID == id && row.HouseholdID == grant.Household && !rules.Sees(l.Actor, &row) && row.EndTick.Time().After(l.Now)
		})
		l.children = append(l.children, child)
		if !child.AskSchool {
			l.askTalks(child, pupil)
		}
	}
}

func (l *familyLook) askTalks(child *Child, pupil *models.Pupil) {
	for _, conference := range l.Programme.Conferences() {
		if phaseOf(conference, l.Now) == PhaseAfter && !rules.ActsForFamilies(l.Actor) || conference.State == models.ConferenceDraft && !rules.ActsForFamilies(l.Actor) {
			continue
		}
		days := rules.DaysFor(l.People, conference, pupil, l.People.Members(child.Household))
		if len(days) == 0 {
			continue
		}
		for _, kind := range conference.TalkKinds {
			offered := rules.OffersOf(l.People, conference, kind, pupil)
			if len(offered) == 0 {
				continue
			}
			l.asked = append(l.asked, &offeredRequest{
				child: child,
				talk: Talk{
					Conference: conference.ID, Kind: kind.ID, Title: kind.Details.Title, Minutes: kind.Minutes, Obligation: kind.Obligation,
					Attends: kind.PupilAttends, Left: l.left(conference, kind, child),
				},
				request: &rules.Request{Conference: conference, Kind: kind, Pupil: pupil, Household: child.Household, Party: 1, Offered: offered, Days: days},
			})
		}
	}
}

// left counts what the session may see only: how many talks another device booked is none of its business.
func (l *familyLook) left(conference *programme.Conference, kind *models.TalkKind, child *Child) int {
	return rules.CountTalks(l.counted, child.Household, child.ID, conference.ID, kind.ID).Left(conference, kind)
}

func (l *familyLook) freeSlots() error {
	l.state, l.own = rules.NewArrangement(l.People, l.Programme, l.Now), rules.NewArrangement(l.People, l.Programme, l.Now)
	var requests, confirmed []*rules.Request
	for _, asked := range l.asked {
		requests = append(requests, asked.request)
		if asked.child.Confirmed {
			confirmed = append(confirmed, asked.request)
		}
	}
	if err := appointment.LoadSchoolClaims(l.tx, l.state, requests); err != nil {
		return err
	}
	// What the family itself does stands in the way too, but only as far as the session may know of it.
	if err := appointment.LoadFamilyClaims(l.tx, l.own, confirmed); err != nil {
		return err
	}
	for i := range l.visible {
		row := &l.visible[i]
		for _, holder := range l.own.FamilyHolders(row.HouseholdID, row.Party, row.StaffIDs) {
			l.own.Occupy(holder, row.StartTick, row.EndTick)
		}
	}
	for _, asked := range l.asked {
		for _, set := range asked.request.Offered {
			option := TalkOption{Staff: l.Staff(set), Subject: l.subject(asked.request, set), Free: []FreeSlot{}}
			if phaseOf(asked.request.Conference, l.Now) == PhaseOpen || rules.ActsForFamilies(l.Actor) {
				option.Free = l.free(asked.request, set)
			}
			asked.talk.Options = append(asked.talk.Options, option)
		}
	}
	return nil
}

// subject names what a teacher teaches the child: parents know subjects better than names.
func (l *familyLook) subject(w *rules.Request, set rules.StaffSet) string {
	if w.Kind.Staffing != models.StaffedBySubject || len(set) != 1 {
		return ""
	}
	var subjects []string
	for teaching := range l.People.Teachings(w.Pupil.ID) {
		if teaching.StaffID == set[0] && teaching.Role == models.TeachesSubject && teaching.Subject != "" && !slices.Contains(subjects, teaching.Subject) {
			subjects = append(subjects, teaching.Subject)
		}
	}
	return strings.Join(subjects, ", ")
}

func (l *familyLook) free(w *rules.Request, set rules.StaffSet) []FreeSlot {
	slots := rules.SlotsInto(l.slots, w.Conference, set, models.Ticks(w.Kind.Minutes), w.Days)
	l.slots = slots
	free := make([]FreeSlot, 0, len(slots))
	family := l.own.FamilyHolders(w.Household, w.Party, set)
	var room models.RoomID
	school := l.state.SchoolHolders(w, set, room)
	for _, open := range slots {
		start := open.Start.Time()
		if start.Before(l.Now) || !rules.ActsForFamilies(l.Actor) && !rules.Changeable(w.Conference, start, l.Now) {
			continue
		}
		if open.Room != room {
			room, school = open.Room, l.state.SchoolHolders(w, set, open.Room)
		}
		end := rules.Placement{Request: w, Staff: set, Slot: open}.End()
		busyIn := func(state *rules.Arrangement) func(models.HolderID) bool {
			return func(holder models.HolderID) bool { return state.IsBusy(holder, open.Start, end) }
		}
		if !slices.ContainsFunc(school, busyIn(l.state)) && !slices.ContainsFunc(family, busyIn(l.own)) {
			free = append(free, FreeSlot{open.Day, start})
		}
	}
	return free
}

func (l *familyLook) conferences() []ConferenceSummary {
	summaries := []ConferenceSummary{}
	for _, conference := range l.Programme.Conferences() {
		if conference.State == models.ConferenceDraft && !rules.ActsForFamilies(l.Actor) {
			continue
		}
		summary := ConferenceSummary{
			ID: conference.ID, Title: conference.Details.Title, Note: conference.Details.Note, Phase: phaseOf(conference, l.Now),
			OpensAt: conference.OpensAt, ClosesAt: conference.ClosesAt, WalkingMinutes: conference.Rules.WalkingMinutes, Days: []DaySummary{},
		}
		for _, day := range conference.Days {
			summary.Days = append(summary.Days, DaySummary{day.ID, day.Date.String()})
		}
		summaries = append(summaries, summary)
	}
	return summaries
}

func phaseOf(conference *programme.Conference, now time.Time) Phase {
	switch {
	case conference.Over(now):
		return PhaseAfter
	case rules.OpenAt(conference, now):
		return PhaseOpen
	default:
		return PhaseBefore
	}
}
