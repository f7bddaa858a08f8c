package conference

import (
	"context"
	"slices"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/names"
	"github.com/ouderavond/ouderavond/models/store"
)

// ScheduleFilter narrows a schedule; what is zero narrows nothing.
type ScheduleFilter struct {
	Staff     models.StaffID
	Day       models.DayID
	Group     models.GroupID // the pupil's main group, or another one of its groups
	Room      models.RoomID
	Household models.HouseholdID
	Pupil     models.PupilID
	// Named asks for the full names, keys and groups of pupils: for who meets them, or may read the roster. Without it a line has the first name only.
	Named bool
}

// ScheduleLine is a booked appointment as those see it who meet the pupil.
type ScheduleLine struct {
	rules.AppointmentView
	Key, Name, Group string // of the pupil; empty unless asked for
	// SortName is what lists by family are sorted by: the pupil's surname without its prefix, or the first name where the full one was not asked for. It is not for people.
	SortName string
	// Interpreter is the language of the interpreter whom the school asks for the family; empty for none, and unless names are asked for.
	Interpreter string
	// Left are those of the staff who are not at the school any more: somebody has to decide about the talk.
	Left []rules.StaffName
}

// Schedule gives the booked appointments of a conference by start.
func (s *Service) Schedule(ctx context.Context, actor models.Actor, id models.ConferenceID, filter ScheduleFilter) (lines []ScheduleLine, err error) {
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
		lines = []ScheduleLine{}
		for i := range rows {
			if filter.passes(people, &rows[i]) {
				lines = append(lines, filter.line(look, &rows[i]))
			}
		}
		return nil
	})
	return lines, err
}

func (f ScheduleFilter) passes(people *directory.Directory, row *models.Appointment) bool {
	return (f.Staff.IsZero() || slices.Contains(row.StaffIDs, f.Staff)) && (f.Day.IsZero() || row.DayID == f.Day) && (f.Room.IsZero() || row.RoomID == f.Room) &&
		(f.Household.IsZero() || row.HouseholdID == f.Household) && (f.Pupil.IsZero() || row.PupilID == f.Pupil) &&
		(f.Group.IsZero() || slices.Contains(people.GroupsOf(row.PupilID), f.Group))
}

func (f ScheduleFilter) line(look rules.Viewer, row *models.Appointment) ScheduleLine {
	line := ScheduleLine{AppointmentView: look.Appointment(row)}
	var left []models.StaffID
	for _, id := range row.StaffIDs {
		if staff, ok := look.People.Staff(id); ok && staff.State != models.PersonActive {
			left = append(left, id)
		}
	}
	line.Left = look.Staff(left)
	line.SortName = names.Key(line.Child)
	pupil, ok := look.People.Pupil(row.PupilID)
	if !ok || !f.Named {
		return line
	}
	line.Key, line.Name = pupil.Details.Key, pupil.Details.FullName()
	line.SortName = names.Surname(pupil.Details.Prefix, pupil.Details.Surname)
	if home, ok := look.People.Household(row.HouseholdID); ok {
		line.Interpreter = home.Details.Interpreter
	}
	if group, ok := look.People.Group(pupil.GroupID); ok {
		line.Group = group.Details.Name
	}
	return line
}
