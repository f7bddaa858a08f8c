package shape

import (
	"time"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

// TeacherName is a teacher as parents know them.
type TeacherName struct {
	ID   Ref[models.StaffID] `json:"id" doc:"The teacher's id."`
	Name string              `json:"name" doc:"The display name." example:"mw. J. Visser"`
}

// TeacherNames returns staff as the API names them.
func TeacherNames(names []rules.StaffName) []TeacherName {
	return Mapped(names, func(n rules.StaffName) TeacherName { return TeacherName{RefTo(n.ID), n.Name} })
}

// AppointmentBody is an appointment.
type AppointmentBody struct {
	ID         Ref[models.AppointmentID] `json:"id" doc:"The appointment's id."`
	Conference Ref[models.ConferenceID]  `json:"conference" doc:"The conference's id."`
	Day        Ref[models.DayID]         `json:"day" doc:"The day's id."`
	TalkKind   Ref[models.TalkKindID]    `json:"talk_kind" doc:"The talk kind's id."`
	Title      string                    `json:"title" doc:"What the talk is called." example:"Mentorgesprek"`
	Pupil      Ref[models.PupilID]       `json:"pupil" doc:"The pupil's id."`
	Child      string                    `json:"child" doc:"First name only." example:"Sanne"`
	Household  Ref[models.HouseholdID]   `json:"household" doc:"The household that comes."`
	Party      int                       `json:"party" doc:"1, or 2 where the household splits up." example:"1"`
	Staff      []TeacherName             `json:"staff" doc:"The teachers."`
	Start      time.Time                 `json:"start" doc:"UTC." example:"2026-11-24T18:10:00Z"`
	End        time.Time                 `json:"end" doc:"UTC." example:"2026-11-24T18:20:00Z"`
	Local      string                    `json:"local" doc:"The start as the school's clocks show it." example:"2026-11-24T19:10"`
	Room       string                    `json:"room" doc:"Where; empty for who is only recognised." example:"B1.04"`
	State      string                    `json:"state" enum:"booked,cancelled" doc:"Where it stands." example:"booked"`
	Version    int64                     `json:"version" doc:"Counts its changes." example:"1"`
	MayChange  bool                      `json:"may_change" doc:"The caller may move it now." example:"true"`
	MayCancel  bool                      `json:"may_cancel" doc:"The caller may cancel it now. Parents may for longer than they may move it." example:"true"`
}

// AppointmentOf returns what writes appointments, with wall times of a zone beside the instants.
func AppointmentOf(zone *time.Location) func(rules.AppointmentView) AppointmentBody {
	return func(view rules.AppointmentView) AppointmentBody {
		return AppointmentBody{
			ID: RefTo(view.ID), Conference: RefTo(view.Conference), Day: RefTo(view.Day), TalkKind: RefTo(view.TalkKind), Title: view.Title, Pupil: RefTo(view.Pupil),
			Child: view.Child, Household: RefTo(view.Household), Party: view.Party, Staff: TeacherNames(view.Staff), Start: view.Start.UTC(), End: view.End.UTC(),
			Local: LocalTime(view.Start, zone), Room: view.Room, State: string(view.State), Version: view.Version, MayChange: view.MayChange, MayCancel: view.MayCancel,
		}
	}
}
