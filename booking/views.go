package booking

import (
	"cmp"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// StaffName is a teacher as parents know them.
type StaffName struct {
	ID   models.StaffID
	Name string // the display name
}

// AppointmentView is an appointment as its family sees it.
type AppointmentView struct {
	ID         models.AppointmentID
	Conference models.ConferenceID
	Day        models.DayID
	TalkKind   models.TalkKindID
	Title      string // of the talk kind
	Pupil      models.PupilID
	Child      string // first name only
	Household  models.HouseholdID
	Party      int
	Staff      []StaffName
	Start, End time.Time // UTC
	Room       string    // empty for who is recognised only
	State      models.AppointmentState
	Version    int64
	MayChange  bool // by the actor, now
}

// viewer renders rows for one actor.
type viewer struct {
	actor  models.Actor
	people *directory.Directory
	plan   *programme.Programme
	now    time.Time
}

// newViewer returns what renders rows for an actor.
func newViewer(actor models.Actor, people *directory.Directory, plan *programme.Programme, now time.Time) viewer {
	return viewer{actor, people, plan, now}
}

func (v viewer) appointment(row *models.Appointment) AppointmentView {
	view := AppointmentView{
		ID: row.ID, Conference: row.ConferenceID, Day: row.DayID, TalkKind: row.TalkKindID, Pupil: row.PupilID, Household: row.HouseholdID,
		Party: row.Party, Staff: v.staff(row.StaffIDs), Start: row.StartTick.Time(), End: row.EndTick.Time(), State: row.State, Version: row.Version,
	}
	if pupil, ok := v.people.Pupil(row.PupilID); ok {
		view.Child = pupil.Details.Given
	}
	if conference, ok := v.plan.Conference(row.ConferenceID); ok {
		view.MayChange = row.State == models.AppointmentBooked && (actsForFamilies(v.actor) || changeable(conference, view.Start, v.now))
		if kind, ok := conference.TalkKind(row.TalkKindID); ok {
			view.Title = kind.Details.Title
		}
	}
	if room, ok := v.plan.Room(row.RoomID); ok && v.seesRooms(row.HouseholdID) {
		view.Room = room.Details.Name
	}
	return view
}

func (v viewer) seesRooms(household models.HouseholdID) bool {
	if actsForFamilies(v.actor) {
		return true
	}
	grant, ok := v.actor.Grant(household)
	return ok && grant.Confirmed
}

func (v viewer) staff(ids []models.StaffID) []StaffName {
	names := make([]StaffName, 0, len(ids))
	for _, id := range ids {
		if staff, ok := v.people.Staff(id); ok {
			names = append(names, StaffName{id, staff.Details.DisplayName})
		}
	}
	slices.SortFunc(names, func(a, b StaffName) int {
		if a.Name != b.Name {
			if a.Name < b.Name {
				return -1
			}
			return 1
		}
		return a.ID.Compare(b.ID)
	})
	return names
}

func (w *bookingWork) views(ids []models.AppointmentID) ([]AppointmentView, error) {
	if len(ids) == 0 {
		return []AppointmentView{}, nil
	}
	rows, err := w.tx.Appointments(store.In("id", ids))
	if err != nil {
		return nil, err
	}
	appointments := make([]*models.Appointment, len(rows))
	for i := range rows {
		appointments[i] = &rows[i]
	}
	return w.rendered(appointments), nil
}

// rendered shows appointments in the order of their starts.
func (w *bookingWork) rendered(appointments []*models.Appointment) []AppointmentView {
	appointments = slices.Clone(appointments)
	slices.SortFunc(appointments, func(a, b *models.Appointment) int {
		return cmp.Or(cmp.Compare(a.StartTick, b.StartTick), a.ID.Compare(b.ID))
	})
	v := newViewer(w.actor, w.people, w.plan, w.tx.Now())
	views := make([]AppointmentView, len(appointments))
	for i, appointment := range appointments {
		views[i] = v.appointment(appointment)
	}
	return views
}
