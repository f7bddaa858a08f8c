package office

import (
	"context"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/booking/messages"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/contactpoint"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// How many of the latest messages and log entries a family's page has.
const (
	messagesShown = 50
	entriesShown  = 100
)

// Teacher is who teaches a child.
type Teacher struct {
	ID      models.StaffID
	Name    string // as families know the teacher
	Role    models.TeachingRole
	Subject string
	Left    bool // not at the school any more
}

// WholeChild is a child of a family with who teaches it.
type WholeChild struct {
	Child
	Teachers []Teacher // by name
}

// PartContact is a contact on file, as much of it as tells it from others.
type PartContact struct {
	ID            models.ContactID
	Guardian      models.GuardianID
	Kind          models.ContactKind
	Source        models.ContactSource
	To            string
	Suppressed    bool // nothing is sent there
	SuppressedFor string
	SuppressedAt  *time.Time
}

// LiveCode is a one-time code that can still be used. The code itself is nowhere.
type LiveCode struct {
	Kind      models.CodeKind
	CreatedAt time.Time
	Until     time.Time
}

// LinkState tells of the personal link of a family for a conference.
type LinkState struct {
	Conference models.ConferenceID
	Title      string
	MadeAt     time.Time // when the school last got it
}

// Entry is something that was done about a family: a booking, or what staff did to it.
type Entry struct {
	At        time.Time
	Action    string // stable code
	ActorKind models.ActorKind
	OnBehalf  bool // of a booking: staff or a program of the school did it for the family
	Counts    map[string]int
}

// Whole is everything about a family that the office sees at once.
type Whole struct {
	Row
	Origin        models.HouseholdOrigin
	Language      string
	Interpreter   string
	OwnPupil      bool
	HasFamilyCode bool
	Children      []WholeChild
	Guardians     []*models.Guardian
	Contacts      []PartContact
	Talks         []rules.AppointmentView // by start, cancelled ones too
	Messages      []messages.View         // the latest, newest first
	Codes         []LiveCode
	Links         []LinkState // of conferences that are not over
	Log           []Entry     // the latest, newest first
}

// Family gives everything about a family at one moment; errs.NotFound if there is none.
func (s *Service) Family(ctx context.Context, actor models.Actor, id models.HouseholdID) (whole *Whole, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		w := &wholeWork{tx: tx, id: id, whole: &Whole{}}
		if w.people, err = tx.Directory(); err != nil {
			return err
		}
		if w.programme, err = tx.Programme(); err != nil {
			return err
		}
		row, ok := rowOf(w.people, id)
		if !ok {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		w.describe(row)
		for _, step := range []func() error{w.contacts, w.talks, w.messages, w.codes, w.links, w.log} {
			if err := step(); err != nil {
				return err
			}
		}
		whole = w.whole
		return nil
	})
	return whole, err
}

type wholeWork struct {
	tx        *store.Tx
	id        models.HouseholdID
	people    *directory.Directory
	programme *programme.Programme
	whole     *Whole
}

func (w *wholeWork) describe(row Row) {
	home, _ := w.people.Household(w.id)
	w.whole.Row, w.whole.Origin, w.whole.Language, w.whole.Interpreter = row, home.Origin, home.Details.Language, home.Details.Interpreter
	w.whole.OwnPupil, w.whole.HasFamilyCode, w.whole.Guardians = home.Details.OwnPupil, len(home.FamilyCodeIndex) > 0, w.people.Guardians(w.id)
	for _, child := range row.Children {
		one := WholeChild{Child: child, Teachers: []Teacher{}}
		for teaching := range w.people.Teachings(child.ID) {
			staff, ok := w.people.Staff(teaching.StaffID)
			teacher := Teacher{ID: teaching.StaffID, Role: teaching.Role, Subject: teaching.Subject}
			if !ok {
				continue
			}
			teacher.Name, teacher.Left = staff.Details.DisplayName, staff.State != models.PersonActive
			if !slices.Contains(one.Teachers, teacher) {
				one.Teachers = append(one.Teachers, teacher)
			}
		}
		slices.SortStableFunc(one.Teachers, func(a, b Teacher) int { return compareNames(a.Name, b.Name) })
		w.whole.Children = append(w.whole.Children, one)
	}
}

func (w *wholeWork) contacts() error {
	rows, err := store.List[models.Contact](w.tx, store.Eq("household_id", w.id))
	for i := range rows {
		if row := &rows[i]; row.Source.Confirms() {
			w.whole.Contacts = append(w.whole.Contacts, PartContact{
				row.ID, row.GuardianID, row.Kind, row.Source, contactpoint.Masked(row.Details.Value), row.Suppressed, row.SuppressedFor, row.SuppressedAt,
			})
		}
	}
	return err
}

func (w *wholeWork) talks() error {
	rows, err := w.tx.Appointments(store.Eq("household_id", w.id))
	look := rules.NewViewer(w.tx.Actor(), w.people, w.programme, w.tx.Now())
	for i := range rows {
		w.whole.Talks = append(w.whole.Talks, look.Appointment(&rows[i]))
	}
	return err
}

func (w *wholeWork) messages() (err error) {
	w.whole.Messages, err = messages.Latest(w.tx, messagesShown, store.Eq("household_id", w.id))
	return err
}

func (w *wholeWork) codes() error {
	rows, err := store.List[models.Code](w.tx, store.Eq("household_id", w.id))
	now := w.tx.Now()
	for _, row := range rows {
		until := row.ExpiresAt
		if row.LinkExpiresAt != nil && row.LinkExpiresAt.After(until) {
			until = *row.LinkExpiresAt
		}
		if row.UsedAt == nil && now.Before(until) {
			w.whole.Codes = append(w.whole.Codes, LiveCode{row.Kind, row.CreatedAt, until})
		}
	}
	return err
}

func (w *wholeWork) links() error {
	rows, err := store.List[models.PersonalLink](w.tx, store.Eq("household_id", w.id))
	today := w.tx.Now().In(w.tx.School().Location()).Format(time.DateOnly)
	for _, row := range rows {
		conference, ok := w.programme.Conference(row.ConferenceID)
		over := func(day *models.Day) bool { return day.Date.String() < today }
		if !ok || len(conference.Days) > 0 && !slices.ContainsFunc(conference.Days, func(day *models.Day) bool { return !over(day) }) {
			continue
		}
		w.whole.Links = append(w.whole.Links, LinkState{row.ConferenceID, conference.Details.Title, row.MadeAt})
	}
	return err
}

// log gives what was done: the family's bookings, and what the log of the school has about the household and its children.
func (w *wholeWork) log() error {
	bookings, err := store.List[models.Booking](w.tx, store.Eq("household_id", w.id))
	if err != nil {
		return err
	}
	for _, row := range bookings {
		w.whole.Log = append(w.whole.Log, Entry{row.At, "booking", row.ActorKind, row.OnBehalf, map[string]int{"made": row.Made, "moved": row.Moved, "cancelled": row.Cancelled}})
	}
	subjects := []models.RowID{models.RowID(w.id)}
	for _, child := range w.whole.Children {
		subjects = append(subjects, models.RowID(child.ID))
	}
	audits, err := store.List[models.Audit](w.tx, store.In("subject", subjects))
	for _, row := range audits {
		w.whole.Log = append(w.whole.Log, Entry{At: row.At, Action: row.Action, ActorKind: row.ActorKind, Counts: row.Counts})
	}
	slices.SortStableFunc(w.whole.Log, func(a, b Entry) int { return b.At.Compare(a.At) })
	w.whole.Log = w.whole.Log[:min(len(w.whole.Log), entriesShown)]
	return err
}
