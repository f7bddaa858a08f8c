package conference

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// busyShare is the share of a teacher's pupils above which, per slot, the school is warned: two pupils for one slot and more.
const busyShare = 2

// Readiness is what a school should see before it opens a conference.
type Readiness struct {
	// Blockers keep the conference from being opened.
	Blockers []Notice
	// Warnings do not, but somebody should look.
	Warnings []Notice
	// CannotLogIn are the pupils whose parents could not log in by the policy: a factor is missing, or two children cannot be told apart.
	CannotLogIn []PupilNotice
	// Overasked are the teachers with far more pupils than slots, the worst first.
	Overasked []TeacherLoad
	// WithoutOffer are pupils of the conference's audience who are offered no talk.
	WithoutOffer []PupilNotice
	// WithoutSlot are pupils of the audience who are offered talks, of which none can ever be: nobody whom they could meet has time on a day of theirs.
	WithoutSlot []PupilNotice
	// WithoutAvailability are teachers with whom talks are offered and who have not a single slot, by name.
	WithoutAvailability []rules.StaffName
	// Unreachable counts households without any contact on file.
	Unreachable     int
	OpenSuggestions int
}

// Notice is something to look at; the code is stable, the parameters no personal data.
type Notice struct {
	Code   string
	Params map[string]string
}

// PupilNotice names a pupil and why.
type PupilNotice struct {
	Pupil  models.PupilID
	Key    string
	Name   string // for staff
	Group  string
	Reason string // stable code
}

// TeacherLoad is a teacher's pupils and slots in a conference.
type TeacherLoad struct {
	Staff  rules.StaffName
	Pupils int // who are offered a talk with this teacher
	Slots  int
}

// Readiness looks at a conference before it is opened.
func (s *Service) Readiness(ctx context.Context, actor models.Actor, id models.ConferenceID) (*Readiness, error) {
	var ready *Readiness
	err := s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		conference, err := In(tx, id)
		if err != nil {
			return err
		}
		people, err := tx.Directory()
		if err != nil {
			return err
		}
		ready, err = s.readinessOf(tx, people, conference)
		return err
	})
	return ready, err
}

func (s *Service) readinessOf(tx *store.Tx, people *directory.Directory, conference *programme.Conference) (*Readiness, error) {
	look := &readinessLook{tx: tx, people: people, conference: conference, ready: &Readiness{
		Blockers: []Notice{}, Warnings: []Notice{}, CannotLogIn: []PupilNotice{}, Overasked: []TeacherLoad{}, WithoutOffer: []PupilNotice{},
		WithoutSlot: []PupilNotice{}, WithoutAvailability: []rules.StaffName{},
	}, bookable: map[string]bool{}}
	look.logIns()
	look.loads()
	look.setup()
	for _, code := range s.carriers.Blockers(tx.School()) {
		look.ready.Blockers = append(look.ready.Blockers, Notice{Code: code})
	}
	return look.ready, look.counts()
}

type readinessLook struct {
	tx         *store.Tx
	people     *directory.Directory
	conference *programme.Conference
	ready      *Readiness
	served     bool            // somebody could book something
	bookable   map[string]bool // whether a kind of talk with some staff has a slot on some days
}

// audience gives the active pupils whom the conference is for.
func (l *readinessLook) audience() []*models.Pupil {
	var pupils []*models.Pupil
	for _, pupil := range l.people.Pupils() {
		if pupil.State == models.PersonActive && len(rules.DaysFor(l.people, l.conference, pupil, nil)) > 0 {
			pupils = append(pupils, pupil)
		}
	}
	return pupils
}

func sortNotices(notices []PupilNotice) {
	slices.SortFunc(notices, func(a, b PupilNotice) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.Name, b.Name), a.Pupil.Compare(b.Pupil))
	})
}

func (l *readinessLook) notice(pupil *models.Pupil, reason string) PupilNotice {
	notice := PupilNotice{Pupil: pupil.ID, Key: pupil.Details.Key, Name: pupil.Details.FullName(), Reason: reason}
	if group, ok := l.people.Group(pupil.GroupID); ok {
		notice.Group = group.Details.Name
	}
	return notice
}

func (l *readinessLook) loads() {
	pupils := map[models.StaffID]int{}
	slots := map[models.StaffID]int{}
	served := 0
	for _, pupil := range l.audience() {
		asked, bookable := l.offered(pupil, slots)
		switch {
		case len(asked) == 0:
			l.ready.WithoutOffer = append(l.ready.WithoutOffer, l.notice(pupil, "no-offer"))
		case !bookable:
			l.ready.WithoutSlot = append(l.ready.WithoutSlot, l.notice(pupil, "no-slot"))
		default:
			served++
		}
		for member := range asked {
			pupils[member]++
		}
	}
	l.served = served > 0
	for member, count := range pupils {
		if count < busyShare*slots[member] && slots[member] > 0 {
			continue
		}
		if staff, ok := l.people.Staff(member); ok {
			name := rules.StaffName{ID: member, Name: staff.Details.DisplayName}
			l.ready.Overasked = append(l.ready.Overasked, TeacherLoad{name, count, slots[member]})
			if slots[member] == 0 {
				l.ready.WithoutAvailability = append(l.ready.WithoutAvailability, name)
			}
		}
	}
	slices.SortFunc(l.ready.WithoutAvailability, func(a, b rules.StaffName) int { return cmp.Or(cmp.Compare(a.Name, b.Name), a.ID.Compare(b.ID)) })
	slices.SortFunc(l.ready.Overasked, func(a, b TeacherLoad) int {
		return cmp.Or(cmp.Compare(b.Pupils*max(1, a.Slots), a.Pupils*max(1, b.Slots)), cmp.Compare(a.Staff.Name, b.Staff.Name), a.Staff.ID.Compare(b.Staff.ID))
	})
	sortNotices(l.ready.WithoutOffer)
	sortNotices(l.ready.WithoutSlot)
}

// offered tells with whom a pupil is offered talks, and whether one of these talks could be. The slots of who was not met before are counted on the way.
func (l *readinessLook) offered(pupil *models.Pupil, slots map[models.StaffID]int) (asked map[models.StaffID]bool, bookable bool) {
	asked = map[models.StaffID]bool{}
	days := rules.DaysFor(l.people, l.conference, pupil, l.siblings(pupil))
	for _, kind := range l.conference.TalkKinds {
		for _, set := range rules.OffersOf(l.people, l.conference, kind, pupil) {
			bookable = bookable || l.hasSlot(kind, set, days)
			for _, member := range set {
				asked[member] = true
				if _, known := slots[member]; !known {
					slots[member] = l.slotCount(member, kind)
				}
			}
		}
	}
	return asked, bookable
}

// siblings gives the pupils of the homes of a pupil, with whom it may come on days that are not its own.
func (l *readinessLook) siblings(pupil *models.Pupil) []models.PupilID {
	var siblings []models.PupilID
	for _, home := range l.people.HouseholdsOf(pupil.ID) {
		siblings = append(siblings, l.people.Members(home.HouseholdID)...)
	}
	return siblings
}

func (l *readinessLook) hasSlot(kind *models.TalkKind, set rules.StaffSet, days []models.DayID) bool {
	key := fmt.Sprint(kind.ID, set, days) // the same for most of a group
	has, known := l.bookable[key]
	if !known {
		has = len(rules.SlotsOf(l.conference, set, models.Ticks(kind.Minutes), days)) > 0
		l.bookable[key] = has
	}
	return has
}

func (l *readinessLook) slotCount(member models.StaffID, kind *models.TalkKind) int {
	days := make([]models.DayID, len(l.conference.Days))
	for i, day := range l.conference.Days {
		days[i] = day.ID
	}
	return len(rules.SlotsOf(l.conference, rules.StaffSet{member}, models.Ticks(kind.Minutes), days))
}

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
	if len(l.ready.Blockers) == 0 && !l.served {
		l.ready.Blockers = append(l.ready.Blockers, Notice{Code: "nothing-to-book"})
	}
	if !l.tx.Now().Before(conference.ClosesAt) {
		l.ready.Blockers = append(l.ready.Blockers, Notice{Code: "closing-is-past"})
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
	for code, count := range map[string]int{
		"undecided-families": l.ready.OpenSuggestions, "cannot-log-in": len(l.ready.CannotLogIn), "overasked-teachers": len(l.ready.Overasked),
		"pupils-without-offer": len(l.ready.WithoutOffer), "households-without-contact": l.ready.Unreachable,
		"pupils-without-slot": len(l.ready.WithoutSlot), "teachers-without-availability": len(l.ready.WithoutAvailability),
	} {
		if count > 0 {
			l.ready.Warnings = append(l.ready.Warnings, Notice{code, map[string]string{"count": fmt.Sprint(count)}})
		}
	}
	slices.SortFunc(l.ready.Warnings, func(a, b Notice) int { return cmp.Compare(a.Code, b.Code) })
	return nil
}

// Open opens a conference: parents may book between its opening and closing times. What stands in the way is errs.Conflict, code
// "conference.not-ready", with the first blocker; warnings do not stop it.
func (s *Service) Open(ctx context.Context, actor models.Actor, id models.ConferenceID) (*programme.Conference, error) {
	err := s.changeConference(ctx, actor, id, "conference-opened", func(tx *store.Tx, row *models.Conference) error {
		conference, err := In(tx, id)
		if err != nil {
			return err
		}
		people, err := tx.Directory()
		if err != nil {
			return err
		}
		ready, err := s.readinessOf(tx, people, conference)
		if err != nil {
			return err
		}
		if len(ready.Blockers) > 0 {
			return errs.New(errs.Conflict, "conference.not-ready").With("blocker", ready.Blockers[0].Code)
		}
		row.State = models.ConferenceOpen
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.Get(ctx, actor, id)
}

// Close closes a conference: parents see their appointments and change nothing any more.
func (s *Service) Close(ctx context.Context, actor models.Actor, id models.ConferenceID) (*programme.Conference, error) {
	err := s.changeConference(ctx, actor, id, "conference-closed", func(_ *store.Tx, row *models.Conference) error {
		row.State = models.ConferenceClosed
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.Get(ctx, actor, id)
}

// Schedule gives the booked appointments of a conference, of one teacher if given, by start.
func (s *Service) Schedule(ctx context.Context, actor models.Actor, id models.ConferenceID, staff models.StaffID) (views []rules.AppointmentView, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		if _, err := In(tx, id); err != nil {
			return err
		}
		people, err := tx.Directory()
		if err != nil {
			return err
		}
		programme, err := tx.Programme()
		if err != nil {
			return err
		}
		rows, err := tx.Appointments(store.Eq("conference_id", id), store.Eq("state", models.AppointmentBooked))
		if err != nil {
			return err
		}
		look := rules.NewViewer(actor, people, programme, tx.Now())
		views = []rules.AppointmentView{}
		for i := range rows {
			if staff.IsZero() || slices.Contains(rows[i].StaffIDs, staff) {
				views = append(views, look.Appointment(&rows[i]))
			}
		}
		return nil
	})
	return views, err
}
