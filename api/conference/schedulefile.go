package conference

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/api/table"
	"github.com/ouderavond/ouderavond/api/trail"
	"github.com/ouderavond/ouderavond/auth/access"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

type scheduleFileInput struct {
	ScheduleQuery
	By string `query:"by" default:"time" enum:"time,teacher,family" doc:"In which order: by start, by teacher (a talk with several stands with each of them), or by family." example:"teacher"`
}

// scheduleFile returns what answers the schedule as a table.
func (s *Chapter) scheduleFile(format table.Format) func(context.Context, *scheduleFileInput) (*table.File, error) {
	return func(ctx context.Context, in *scheduleFileInput) (*table.File, error) {
		v := rest.CallOf(ctx)
		if access.Decide(v.Actor, access.ReadBookings, v.School) == access.Allowed { // a teacher's own list is no export
			if reason := access.Decide(v.Actor, access.ExportPeople, v.School); reason != access.Allowed {
				v.Refused = string(reason)
				return nil, rest.Refusal(reason)
			}
		}
		rows, err := s.schedule(ctx, in.ScheduleQuery)
		if err != nil {
			return nil, err
		}
		show, err := s.scheduleLineOf(ctx)
		if err != nil {
			return nil, err
		}
		zone, err := s.base.SchoolZone(ctx)
		if err != nil {
			return nil, err
		}
		trail.ShownIn(ctx, rows) // before the table is written, line by line
		heads := []string{"date", "start", "end", "teachers", "room", "talk", "key", "pupil", "group", "interpreter", "left"}
		titles := shape.Mapped(heads, func(head string) string { return s.base.Texts.Say(v.Voice(), "column."+head, nil) })
		return table.New(format, "schedule", titles, func(yield func([]string) bool) {
			for _, row := range inOrder(rows, in.By, in.Teacher) {
				line := show(row)
				if !yield([]string{
					line.Local[:10], line.Local[11:], shape.LocalTime(line.End, zone)[11:], teacherList(line.Staff), line.Room, line.Title, line.Key, cmp.Or(line.Name, line.Child), line.Group,
					line.Interpreter, teacherList(line.Left),
				}) {
					return
				}
			}
		}), nil
	}
}

// inOrder puts the lines of a schedule, which are by start, in another order. By teacher each of a talk's teachers has a line of it, unless one teacher was asked for.
func inOrder(rows []conference.ScheduleLine, by, teacher string) []conference.ScheduleLine {
	switch by {
	case "teacher":
		return byTeacher(rows, teacher)
	case "family":
		first := map[models.HouseholdID]string{} // the name by which a family is called
		for _, row := range rows {
			if name, there := first[row.Household]; !there || row.SortName < name {
				first[row.Household] = row.SortName
			}
		}
		rows = slices.Clone(rows)
		slices.SortStableFunc(rows, func(a, b conference.ScheduleLine) int {
			return cmp.Or(strings.Compare(first[a.Household], first[b.Household]), a.Household.Compare(b.Household))
		})
	}
	return rows
}

func byTeacher(rows []conference.ScheduleLine, only string) []conference.ScheduleLine {
	type place struct {
		name string
		id   models.StaffID
		line conference.ScheduleLine
	}
	var places []place
	for _, row := range rows {
		for _, one := range row.Staff {
			if only == "" || one.ID.String() == only {
				places = append(places, place{one.Name, one.ID, row})
			}
		}
	}
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Or(strings.Compare(a.name, b.name), a.id.Compare(b.id)) })
	return shape.Mapped(places, func(at place) conference.ScheduleLine {
		line := at.line // the teacher whose line it is stands first
		line.Staff = slices.Clone(line.Staff)
		slices.SortStableFunc(line.Staff, func(a, b rules.StaffName) int {
			switch at.id {
			case a.ID:
				return -1
			case b.ID:
				return 1
			}
			return 0
		})
		return line
	})
}

func teacherList(teachers []shape.TeacherName) string {
	return strings.Join(shape.Mapped(teachers, func(one shape.TeacherName) string { return one.Name }), ", ")
}
