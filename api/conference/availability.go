package conference

import (
	"context"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/booking/availability"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/programme"
)

// windowBody is a time of the day in which a teacher can be met.
type windowBody struct {
	From  string                         `json:"from" pattern:"^[0-9]{2}:[0-9]{2}$" doc:"As the school's clocks show it; on five minutes." example:"19:00"`
	Until string                         `json:"until" pattern:"^[0-9]{2}:[0-9]{2}$" doc:"As the school's clocks show it; 24:00 for midnight." example:"21:30"`
	Room  shape.Clearable[models.RoomID] `json:"room,omitzero" doc:"Where. Left out, the teacher stays in the room of that time; the empty text takes it away."`
}

// breakBody is a time within a window in which a teacher cannot be met.
type breakBody struct {
	From  string `json:"from" pattern:"^[0-9]{2}:[0-9]{2}$" doc:"As the school's clocks show it; on five minutes." example:"20:00"`
	Until string `json:"until" pattern:"^[0-9]{2}:[0-9]{2}$" doc:"As the school's clocks show it." example:"20:10"`
	Kind  string `json:"kind,omitempty" enum:"break,blocked" doc:"Why; break where left out." example:"break"`
}

// teacherDay is a teacher's availability on one day.
type teacherDay struct {
	Teacher shape.Ref[models.StaffID] `json:"teacher" doc:"The teacher's id."`
	Day     shape.Ref[models.DayID]   `json:"day" doc:"The day's id."`
	Windows []windowBody              `json:"windows" maxItems:"20" doc:"When the teacher can be met; none for not at all."`
	Breaks  []breakBody               `json:"breaks,omitempty" maxItems:"40" doc:"Times within the windows when not."`
}

func (d teacherDay) model() availability.TeacherDay {
	return availability.TeacherDay{
		Staff: d.Teacher.Value, Day: d.Day.Value,
		Windows: shape.Mapped(d.Windows, func(w windowBody) rules.Window {
			return rules.Window{From: w.From, Until: w.Until, Room: w.Room.Value, KeepRoom: !w.Room.Given}
		}),
		Breaks: shape.Mapped(d.Breaks, func(b breakBody) rules.Window {
			return rules.Window{From: b.From, Until: b.Until, Kind: models.BlockKind(b.Kind)}
		}),
	}
}

type availabilityInput struct {
	shape.ForConference
	Body struct {
		Days []teacherDay `json:"days" minItems:"1" maxItems:"2000" doc:"What is set; what is not listed stays as it is."`
	}
}

// outsideBody is an appointment that lies outside its teacher's availability.
type outsideBody struct {
	Appointment shape.Ref[models.AppointmentID] `json:"appointment" doc:"The appointment's id."`
	Start       time.Time                       `json:"start" doc:"UTC." example:"2026-11-24T18:10:00Z"`
	Local       string                          `json:"local" doc:"The same start as the school's clocks show it." example:"2026-11-24T19:10"`
}

type outsideOutput struct {
	Body struct {
		Outside []outsideBody `json:"outside" doc:"Appointments that now lie outside the availability. They stand; the school decides."`
	}
}

func (s *Chapter) setAvailability(ctx context.Context, in *availabilityInput) (*outsideOutput, error) {
	v := rest.CallOf(ctx)
	id, err := shape.PathID[models.ConferenceID](in.Conference)
	if err != nil {
		return nil, err
	}
	for _, day := range in.Body.Days {
		if reason := access.DecideStaff(v.Actor, v.School, day.Teacher.Value); reason != access.Allowed {
			v.Refused = string(reason)
			return nil, rest.Refusal(reason)
		}
	}
	zone, err := s.base.SchoolZone(ctx)
	if err != nil {
		return nil, err
	}
	outside, err := s.hours.Set(ctx, v.Actor, id, shape.Mapped(in.Body.Days, teacherDay.model))
	if err != nil {
		return nil, err
	}
	out := &outsideOutput{}
	out.Body.Outside = shape.Mapped(outside, func(one availability.Outside) outsideBody {
		return outsideBody{shape.RefTo(one.Appointment), one.Start.UTC(), shape.LocalTime(one.Start, zone)}
	})
	return out, nil
}

type availabilityOutput struct {
	Body struct {
		Days []teacherDay `json:"days" doc:"The availability of each teacher and day that has any."`
	}
}

type teacherQuery struct {
	shape.ForConference
	Teacher string `query:"teacher" maxLength:"36" doc:"Of this teacher only." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

// teacher reads the teacher that a query names; the zero id for all.
func (q teacherQuery) teacher() (models.StaffID, error) {
	if q.Teacher == "" {
		return models.StaffID{}, nil
	}
	return shape.PathID[models.StaffID](q.Teacher)
}

func (s *Chapter) getAvailability(ctx context.Context, in *teacherQuery) (*availabilityOutput, error) {
	id, err := shape.PathID[models.ConferenceID](in.Conference)
	if err != nil {
		return nil, err
	}
	teacher, err := in.teacher()
	if err != nil {
		return nil, err
	}
	zone, err := s.base.SchoolZone(ctx)
	if err != nil {
		return nil, err
	}
	conference, err := s.conferences.Get(ctx, rest.CallOf(ctx).Actor, id)
	if err != nil {
		return nil, err
	}
	out := &availabilityOutput{}
	out.Body.Days = []teacherDay{}
	for _, day := range conference.Days {
		staffed := slices.Clone(conference.Staffed(day.ID))
		slices.SortFunc(staffed, models.StaffID.Compare)
		for _, member := range staffed {
			if teacher.IsZero() || teacher == member {
				out.Body.Days = append(out.Body.Days, dayOf(conference, member, day, zone))
			}
		}
	}
	return out, nil
}

func dayOf(conference *programme.Conference, member models.StaffID, day *models.Day, zone *time.Location) teacherDay {
	date := day.Date.String()
	clock := func(tick models.Tick) string {
		shown := tick.Time().In(zone)
		if text := shown.Format("15:04"); text != "00:00" || shown.Format(time.DateOnly) == date {
			return text
		}
		return "24:00"
	}
	return teacherDay{
		Teacher: shape.RefTo(member), Day: shape.RefTo(day.ID),
		Windows: shape.Mapped(conference.Windows(member, day.ID), func(window models.Availability) windowBody {
			return windowBody{clock(window.StartTick), clock(window.EndTick), shape.Clearable[models.RoomID]{Value: window.RoomID, Given: !window.RoomID.IsZero()}}
		}),
		Breaks: shape.Mapped(conference.Blocks(member, day.ID), func(block models.Block) breakBody {
			return breakBody{clock(block.StartTick), clock(block.EndTick), string(block.Kind)}
		}),
	}
}
