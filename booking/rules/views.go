package rules

import (
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/programme"
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
	MayChange  bool // the actor may move it now
	MayCancel  bool // the actor may cancel it now
}

// Viewer renders rows for one actor.
type Viewer struct {
	Actor     models.Actor
	People    *directory.Directory
	Programme *programme.Programme
	Now       time.Time
}

// NewViewer returns what renders rows for an actor.
func NewViewer(actor models.Actor, people *directory.Directory, programme *programme.Programme, now time.Time) Viewer {
	return Viewer{actor, people, programme, now}
}

// Appointment returns an appointment in the words of the people who are at it.
func (v Viewer) Appointment(row *models.Appointment) AppointmentView {
	view := AppointmentView{
		ID: row.ID, Conference: row.ConferenceID, Day: row.DayID, TalkKind: row.TalkKindID, Pupil: row.PupilID, Household: row.HouseholdID,
		Party: row.Party, Staff: v.Staff(row.StaffIDs), Start: row.StartTick.Time(), End: row.EndTick.Time(), State: row.State, Version: row.Version,
	}
	if pupil, ok := v.People.Pupil(row.PupilID); ok {
		view.Child = pupil.Details.Given
	}
	if conference, ok := v.Programme.Conference(row.ConferenceID); ok {
		booked, staff := row.State == models.AppointmentBooked, ActsForFamilies(v.Actor)
		view.MayChange = booked && (staff || Changeable(conference, view.Start, v.Now))
		view.MayCancel = booked && (staff || Cancellable(conference, view.Start, v.Now))
		if kind, ok := conference.TalkKind(row.TalkKindID); ok {
			view.Title = kind.Details.Title
		}
	}
	if room, ok := v.Programme.Room(row.RoomID); ok && v.seesRooms(row.HouseholdID) {
		view.Room = room.Details.Name
	}
	return view
}

func (v Viewer) seesRooms(household models.HouseholdID) bool {
	if ActsForFamilies(v.Actor) {
		return true
	}
	grant, ok := v.Actor.Grant(household)
	return ok && grant.Confirmed
}

// Staff returns the names of those staff that are known.
func (v Viewer) Staff(ids []models.StaffID) []StaffName {
	names := make([]StaffName, 0, len(ids))
	for _, id := range ids {
		if staff, ok := v.People.Staff(id); ok {
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
