package conference

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/booking/policy"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
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
	// Causes say why pupils stand in the three lists above, each once for all whom it concerns, the most first, and what would mend it.
	Causes []Cause
	// Unreachable counts households without any contact on file.
	Unreachable     int
	OpenSuggestions int
	// AtTwoTalks are pupils of two households who are to attend two talks at the same time; each household booked one, and knows nothing of the other's.
	AtTwoTalks []TwoTalks
	// Pending is the policy of the log-in that is to come; nil if there is none.
	Pending *policy.Pending
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

// TwoTalks are two talks that one pupil is to attend at the same time.
type TwoTalks struct {
	PupilNotice
	Start time.Time // of the later one, UTC
	Staff []rules.StaffName
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
		WithoutSlot: []PupilNotice{}, WithoutAvailability: []rules.StaffName{}, Causes: []Cause{}, AtTwoTalks: []TwoTalks{},
	}, bookable: map[string]bool{}, causes: causes{}}
	look.logIns()
	look.loads()
	look.setup()
	look.days()
	look.offers()
	if len(look.ready.Blockers) == 0 && !look.served {
		look.ready.Blockers = append(look.ready.Blockers, Notice{Code: "nothing-to-book"})
	}
	look.ready.Causes = look.causes.list(look)
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
	causes     causes
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

func (l *readinessLook) logIns() {
	pupils := l.audience()
	out := rules.LockedOut(l.people, l.tx.School().Policy, pupils)
	for _, pupil := range pupils {
		if reason := out[pupil.ID]; reason != "" {
			l.ready.CannotLogIn = append(l.ready.CannotLogIn, l.notice(pupil, reason))
			l.causes.add(pupil, why{about: CannotLogIn, code: reason})
		}
	}
	sortNotices(l.ready.CannotLogIn)
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
