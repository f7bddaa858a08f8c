package conference

import (
	"context"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/models"
)

// ScheduleQuery says which talks of a schedule are wanted.
type ScheduleQuery struct {
	shape.ForConference
	Teacher string `query:"teacher" maxLength:"36" doc:"Of this teacher only." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Day     string `query:"day" maxLength:"36" doc:"Of this day only." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Group   string `query:"group" maxLength:"36" doc:"Of pupils of this group only." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Room    string `query:"room" maxLength:"36" doc:"In this room only." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Family  string `query:"household" maxLength:"36" doc:"Of this household only." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
	Pupil   string `query:"pupil" maxLength:"36" doc:"Of this pupil only." example:"019a1f3e-5c1d-7b2a-8f00-3d5e6f708192"`
}

// filter reads the ids of a query. What is no id names nothing.
func (q ScheduleQuery) filter() (filter conference.ScheduleFilter, err error) {
	for _, read := range []func() error{
		func() error { return narrow(&filter.Staff, q.Teacher) }, func() error { return narrow(&filter.Day, q.Day) },
		func() error { return narrow(&filter.Group, q.Group) }, func() error { return narrow(&filter.Room, q.Room) },
		func() error { return narrow(&filter.Household, q.Family) }, func() error { return narrow(&filter.Pupil, q.Pupil) },
	} {
		if err := read(); err != nil {
			return filter, err
		}
	}
	return filter, nil
}

func narrow[T ~[16]byte](into *T, text string) (err error) {
	if text != "" {
		*into, err = shape.PathID[T](text)
	}
	return err
}

// scheduleLine is a booked appointment as those see it who meet the pupil.
type scheduleLine struct {
	shape.AppointmentBody
	Key   string `json:"key" doc:"The school's own key of the pupil; empty for who may neither read the roster nor meets the pupil." example:"104711"`
	Name  string `json:"name" doc:"The pupil's full name; empty like the key." example:"Sanne van den Berg"`
	Group string `json:"group" doc:"Name of the pupil's main group; empty like the key." example:"Klas 3B"`
	// Families see neither their own nor another's.
	Interpreter string              `json:"interpreter" doc:"Language of the interpreter whom the school asks for this family; empty for none, and empty like the key." example:"Tigrinya"`
	Left        []shape.TeacherName `json:"left" doc:"Those of the teachers who have left the school: somebody has to decide about this talk."`
}

type scheduleOutput struct{ Body shape.List[scheduleLine] }

type scheduleInput struct {
	ScheduleQuery
	shape.AllOrPage
}

func (s *Chapter) getSchedule(ctx context.Context, in *scheduleInput) (*scheduleOutput, error) {
	rows, err := s.schedule(ctx, in.ScheduleQuery)
	if err != nil {
		return nil, err
	}
	show, err := s.scheduleLineOf(ctx)
	if err != nil {
		return nil, err
	}
	start := func(line conference.ScheduleLine) []byte { return shape.ByTime(line.Start, models.RowID(line.ID)) }
	list, err := shape.CutBy(in.AllOrPage, "schedule "+in.Conference, rows, start, show)
	if err != nil {
		return nil, err
	}
	return &scheduleOutput{Body: list}, nil
}

// scheduleLineOf returns what writes the lines of a schedule.
func (s *Chapter) scheduleLineOf(ctx context.Context) (func(conference.ScheduleLine) scheduleLine, error) {
	zone, err := s.base.SchoolZone(ctx)
	appointment := shape.AppointmentOf(zone)
	return func(line conference.ScheduleLine) scheduleLine {
		return scheduleLine{appointment(line.AppointmentView), line.Key, line.Name, line.Group, line.Interpreter, shape.TeacherNames(line.Left)}
	}, err
}

func (s *Chapter) schedule(ctx context.Context, in ScheduleQuery) ([]conference.ScheduleLine, error) {
	v := rest.CallOf(ctx)
	id, err := shape.PathID[models.ConferenceID](in.Conference)
	if err != nil {
		return nil, err
	}
	filter, err := in.filter()
	if err != nil {
		return nil, err
	}
	if filter.Staff, filter.Named, err = scheduleOf(v, filter.Staff); err != nil {
		return nil, err
	}
	return s.conferences.Schedule(ctx, v.Actor, id, filter)
}

// scheduleOf tells whose schedule the caller gets, and whether with full names: whoever may read bookings the one that was asked for, or all, with names if they may
// read the roster; a teacher the own one and no other, with the names of those whom the teacher meets.
func scheduleOf(v *rest.Call, asked models.StaffID) (whose models.StaffID, named bool, err error) {
	reason := access.Decide(v.Actor, access.ReadBookings, v.School)
	if reason == access.Allowed {
		return asked, access.Decide(v.Actor, access.ReadRoster, v.School) == access.Allowed, nil
	}
	own := v.Actor.Staff
	if v.Actor.Kind == models.ActorStaff && !own.IsZero() && (asked.IsZero() || asked == own) {
		return own, true, nil
	}
	v.Refused = string(reason)
	return own, false, rest.Refusal(reason)
}
