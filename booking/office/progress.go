package office

import (
	"context"
	"slices"
	"time"

	conferences "github.com/ouderavond/ouderavond/booking/conference"
	families "github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// ProgressState is how far a family has come with a conference.
type ProgressState string

// The states, of which each family has one: the first that is true of it.
const (
	BookedAll    ProgressState = "booked"     // everything that the school requires or expects, or something where it expects nothing
	BookedSome   ProgressState = "partly"     // something, and the school expects more
	ChoseNothing ProgressState = "looked"     // logged in since booking opened, and has no talk
	NoContact    ProgressState = "no_contact" // never logged in, and there is no address or number to write to
	MailReturned ProgressState = "returned"   // never logged in, and all that is written to it comes back
	NeverOpened  ProgressState = "silent"     // never logged in
)

// ProgressStates are all states, in the order in which they are shown.
func ProgressStates() []ProgressState {
	return []ProgressState{BookedAll, BookedSome, ChoseNothing, NeverOpened, MailReturned, NoContact}
}

// ProgressFilter narrows a list of families; what is empty narrows nothing.
type ProgressFilter struct {
	States []ProgressState
	Group  models.GroupID // the main group of a child who is invited
	Limit  int            // how many are given at most; 0 is all
	// After is the family at which the page before ended; zero for the first page.
	After models.HouseholdID
}

// FamilyProgress is a family of a conference.
type FamilyProgress struct {
	Row
	State ProgressState
	Talks int // booked in the conference
	Open  int // that the school requires or expects beside them
	// Returned tells that what is sent to one of its contacts on file comes back, also where others are good.
	Returned bool
}

// GroupProgress counts the families with an invited child in a group.
type GroupProgress struct {
	Group  models.GroupID
	Name   string
	Counts map[ProgressState]int
}

// Progress is how far the families of a conference have come.
type Progress struct {
	Families []FamilyProgress
	Count    int // of all pages
	Next     models.HouseholdID
	// Counts and Groups are of all families of the conference, whatever the filter.
	Counts map[ProgressState]int
	Groups []GroupProgress // by name; a family with children in several groups counts in each
}

// Progress tells how far the families have come that a conference invites: those with a child to whom it offers a talk. They stand in the order of their names. errs.NotFound if
// there is no such conference; the field "cursor" is not-valid where the family at which the page before ended is gone.
func (s *Service) Progress(ctx context.Context, actor models.Actor, id models.ConferenceID, filter ProgressFilter) (progress Progress, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		w, err := newProgressWork(tx, actor, id)
		if err != nil {
			return err
		}
		index, err := tx.Lookup()
		if err != nil {
			return err
		}
		last, there := index.Place(filter.After)
		if !filter.After.IsZero() && !there {
			return errs.InvalidField("cursor", "not-valid")
		}
		progress = Progress{Families: []FamilyProgress{}, Counts: map[ProgressState]int{}}
		groups := map[models.GroupID]map[ProgressState]int{}
		for place, home := range index.Households() {
			one, in, invited, err := w.family(home)
			if err != nil {
				return err
			}
			if !invited {
				continue
			}
			progress.Counts[one.State]++
			for _, group := range in {
				if groups[group] == nil {
					groups[group] = map[ProgressState]int{}
				}
				groups[group][one.State]++
			}
			if !filter.passes(one.State, in) {
				continue
			}
			progress.Count++
			if !filter.After.IsZero() && place <= last {
				continue
			}
			if filter.Limit > 0 && len(progress.Families) == filter.Limit {
				progress.Next = progress.Families[filter.Limit-1].Household
				continue
			}
			row, _ := rowOf(w.people, home)
			one.Row = row
			progress.Families = append(progress.Families, one)
		}
		progress.Groups = namedGroups(w.people, groups)
		return nil
	})
	return progress, err
}

func (f ProgressFilter) passes(state ProgressState, groups []models.GroupID) bool {
	return (len(f.States) == 0 || slices.Contains(f.States, state)) && (f.Group.IsZero() || slices.Contains(groups, f.Group))
}

func namedGroups(people *directory.Directory, counts map[models.GroupID]map[ProgressState]int) []GroupProgress {
	list := []GroupProgress{}
	for _, group := range people.Groups() {
		if of := counts[group.ID]; of != nil {
			list = append(list, GroupProgress{group.ID, group.Details.Name, of})
		}
	}
	slices.SortStableFunc(list, func(a, b GroupProgress) int { return compareNames(a.Name, b.Name) })
	return list
}

// progressWork is what the families of a conference are held against.
type progressWork struct {
	tx         *store.Tx
	actor      models.Actor
	conference *programme.Conference
	people     *directory.Directory
	booked     map[models.HouseholdID][]models.Appointment
	logins     map[models.HouseholdID]time.Time
	contacts   map[models.HouseholdID]reach
	today      string
}

// reach says whether a family can be written to.
type reach struct{ good, returned bool }

func newProgressWork(tx *store.Tx, actor models.Actor, id models.ConferenceID) (*progressWork, error) {
	conference, err := conferences.In(tx, id)
	if err != nil {
		return nil, err
	}
	people, err := tx.Directory()
	if err != nil {
		return nil, err
	}
	w := &progressWork{
		tx: tx, actor: actor, conference: conference, people: people, booked: map[models.HouseholdID][]models.Appointment{}, logins: map[models.HouseholdID]time.Time{},
		today: tx.Now().In(tx.School().Location()).Format(time.DateOnly),
	}
	rows, err := tx.Appointments(store.Eq("conference_id", id), store.Eq("state", models.AppointmentBooked))
	if err != nil {
		return nil, err
	}
	for i := range rows {
		w.booked[rows[i].HouseholdID] = append(w.booked[rows[i].HouseholdID], rows[i])
	}
	logins, err := store.List[models.HouseholdLogin](tx, store.From("at", conference.OpensAt))
	if err != nil {
		return nil, err
	}
	for _, row := range logins {
		w.logins[row.HouseholdID] = row.At
	}
	w.contacts, err = reaches(tx)
	return w, err
}

// reachable is a contact without what is sealed in it: whether it is good is told without opening ten thousand addresses.
type reachable struct {
	SchoolID      models.SchoolID  `gorm:"primaryKey"`
	ID            models.ContactID `gorm:"primaryKey"`
	HouseholdID   models.HouseholdID
	Suppressed    bool
	SuppressedFor string
}

// TableName is the table of contacts.
func (reachable) TableName() string { return models.Contact{}.TableName() }

func reaches(tx *store.Tx) (map[models.HouseholdID]reach, error) {
	rows, err := store.List[reachable](tx, store.In("source", []models.ContactSource{models.SourceFile, models.SourceStaff}))
	if err != nil {
		return nil, err
	}
	homes := make(map[models.HouseholdID]reach, len(rows))
	for _, row := range rows {
		home := homes[row.HouseholdID]
		home.good = home.good || !row.Suppressed
		home.returned = home.returned || row.Suppressed && row.SuppressedFor != models.SuppressedUninformed
		homes[row.HouseholdID] = home
	}
	return homes, nil
}

// family gives how far a family has come, and in which groups its invited children are; false for one that the conference does not invite and that has no talk in it.
func (w *progressWork) family(home models.HouseholdID) (one FamilyProgress, groups []models.GroupID, invited bool, err error) {
	rows := w.booked[home]
	for _, pupil := range w.invited(home, rows) {
		invited = true
		if !pupil.GroupID.IsZero() && !slices.Contains(groups, pupil.GroupID) {
			groups = append(groups, pupil.GroupID)
		}
	}
	if !invited {
		return one, nil, false, nil
	}
	one.Talks, one.Returned = len(rows), w.contacts[home].returned
	expected, err := families.Expected(w.tx, w.actor, w.conference, home, rows)
	one.Open = len(expected)
	one.State = w.stateOf(home, len(rows), len(expected))
	return one, groups, true, err
}

func (w *progressWork) stateOf(home models.HouseholdID, talks, open int) ProgressState {
	_, looked := w.logins[home]
	contacts := w.contacts[home]
	switch {
	case talks > 0 && open == 0:
		return BookedAll
	case talks > 0:
		return BookedSome
	case looked:
		return ChoseNothing
	case contacts.good:
		return NeverOpened
	case contacts.returned:
		return MailReturned
	default:
		return NoContact
	}
}

// invited gives the children of a family to whom the conference offers a talk, or who have one.
func (w *progressWork) invited(home models.HouseholdID, rows []models.Appointment) (list []*models.Pupil) {
	members := w.people.Members(home)
	for _, id := range members {
		pupil, ok := w.people.Pupil(id)
		if !ok {
			continue
		}
		has := slices.ContainsFunc(rows, func(row models.Appointment) bool { return row.PupilID == id })
		if has || rules.Bookable(w.people, pupil, home, w.today) && w.offered(pupil, members) {
			list = append(list, pupil)
		}
	}
	return list
}

func (w *progressWork) offered(pupil *models.Pupil, siblings []models.PupilID) bool {
	return len(rules.DaysFor(w.people, w.conference, pupil, siblings)) > 0 && slices.ContainsFunc(w.conference.TalkKinds, func(kind *models.TalkKind) bool {
		return len(rules.OffersOf(w.people, w.conference, kind, pupil)) > 0
	})
}
