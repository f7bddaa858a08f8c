package availability

import (
	"context"
	"fmt"
	"slices"
	"time"

	conferences "github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// TeacherDay is a teacher's availability on one day: windows, and the breaks within them. Setting it replaces what was there.
type TeacherDay struct {
	Staff   models.StaffID
	Day     models.DayID
	Windows []rules.Window
	Breaks  []rules.Window
}

// Outside is an appointment that lies outside its teacher's availability after a change. It is not dropped: the school sees it and decides.
type Outside struct {
	Appointment models.AppointmentID
	Start       time.Time // UTC
}

// Set replaces the availability of teachers on days of a conference, all in one act, and lists the appointments that now lie outside. A break
// where a family has an appointment is refused (errs.Conflict, code "availability.booked"): claims cannot be had twice.
func (s *Service) Set(ctx context.Context, actor models.Actor, id models.ConferenceID, days []TeacherDay) ([]Outside, error) {
	var outside []Outside
	err := s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		return conferences.ChangeIn(tx, conferences.At{Conference: id}, "availability", func(tx *store.Tx, _ *models.Conference) error {
			conference, err := conferences.In(tx, id)
			if err != nil {
				return err
			}
			for i, day := range days {
				if err := replaceDay(tx, conference, day); err != nil {
					return inRow(err, i)
				}
			}
			if conference, err = conferences.In(tx, id); err != nil {
				return err
			}
			outside, err = outsideOf(tx, conference, days)
			return err
		})
	})
	return outside, err
}

// inRow says in which of the rows that were sent a fault is.
func inRow(err error, row int) error {
	known, ok := errs.As(err)
	if !ok {
		return err
	}
	placed := *known
	placed.Fields = nil
	for _, field := range known.Fields {
		field.Name = fmt.Sprintf("days[%d].%s", row, field.Name)
		placed.Fields = append(placed.Fields, field)
	}
	if known.Code == "availability.booked" {
		placed.Fields = []errs.Field{{Name: fmt.Sprintf("days[%d].breaks", row), Code: "booked"}}
	}
	return &placed
}

// keepRooms gives windows for which no room was named the one in which the teacher was for the longest part of that time, or the only one of the day.
func keepRooms(windows []rules.Span, asked []rules.Window, before []models.Availability) {
	for i := range windows {
		if !asked[i].KeepRoom {
			continue
		}
		longest, only := models.Tick(0), len(before) > 0
		for _, old := range before {
			only = only && old.RoomID == before[0].RoomID
			if shared := min(old.EndTick, windows[i].End) - max(old.StartTick, windows[i].Start); shared > longest {
				longest, windows[i].Room = shared, old.RoomID
			}
		}
		if longest == 0 && only {
			windows[i].Room = before[0].RoomID
		}
	}
}

func replaceDay(tx *store.Tx, conference *programme.Conference, wanted TeacherDay) error {
	day, ok := conference.Day(wanted.Day)
	if !ok {
		return errs.InvalidField("day", errs.CodeUnknown)
	}
	if _, err := store.Get[models.Staff](tx, wanted.Staff); err != nil {
		if errs.KindOf(err) == errs.NotFound {
			return errs.InvalidField("teacher", errs.CodeUnknown)
		}
		return err
	}
	zone := tx.School().Location()
	windows, err := rules.SpansOf(day.Date, wanted.Windows, zone, "windows", nil)
	if err != nil {
		return err
	}
	breaks, err := rules.SpansOf(day.Date, wanted.Breaks, zone, "breaks", windows)
	if err != nil {
		return err
	}
	keepRooms(windows, wanted.Windows, conference.Windows(wanted.Staff, day.ID))
	mine := []store.Condition{store.Eq("day_id", day.ID), store.Eq("staff_id", wanted.Staff)}
	if _, err := store.Delete[models.Availability](tx, mine...); err != nil {
		return err
	}
	removed, err := store.Delete[models.Block](tx, mine...)
	if err != nil {
		return err
	}
	if removed > 0 {
		if err := conferences.ReclaimBlocks(tx, wanted.Staff); err != nil {
			return err
		}
	}
	for i, open := range windows {
		err := store.Insert(tx, &models.Availability{
			ID: models.New[models.RowID](), ConferenceID: conference.ID, DayID: day.ID, StaffID: wanted.Staff, StartTick: open.Start, EndTick: open.End, RoomID: open.Room,
		})
		if err != nil {
			return errs.AsUnknown(err, fmt.Sprintf("windows[%d].room", i))
		}
	}
	for i, closed := range breaks {
		if err := insertBlock(tx, conference.ID, day.ID, wanted.Staff, closed, wanted.Breaks[i].Kind, i); err != nil {
			return err
		}
	}
	return nil
}

func insertBlock(tx *store.Tx, conference models.ConferenceID, day models.DayID, staff models.StaffID, closed rules.Span, kind models.BlockKind, place int) error {
	if kind == "" {
		kind = models.BlockBreak
	}
	if kind != models.BlockBreak && kind != models.BlockBlocked {
		return errs.InvalidField(fmt.Sprintf("breaks[%d].kind", place), errs.CodeUnknown)
	}
	block := &models.Block{ID: models.New[models.RowID](), ConferenceID: conference, DayID: day, StaffID: staff, StartTick: closed.Start, EndTick: closed.End, Kind: kind}
	if err := store.Insert(tx, block); err != nil {
		return err
	}
	return conferences.ClaimBlock(tx, block)
}

func outsideOf(tx *store.Tx, conference *programme.Conference, days []TeacherDay) ([]Outside, error) {
	appointments, err := tx.Appointments(store.Eq("conference_id", conference.ID), store.Eq("state", models.AppointmentBooked))
	if err != nil {
		return nil, err
	}
	outside := []Outside{}
	for i := range appointments {
		row := &appointments[i]
		concerned := slices.ContainsFunc(days, func(d TeacherDay) bool { return d.Day == row.DayID && slices.Contains(row.StaffIDs, d.Staff) })
		if concerned && !within(conference, row) {
			outside = append(outside, Outside{row.ID, row.StartTick.Time()})
		}
	}
	return outside, nil
}

func within(conference *programme.Conference, row *models.Appointment) bool {
	for _, member := range row.StaffIDs {
		inside := slices.ContainsFunc(rules.FreeSpans(conference, member, row.DayID), func(open rules.Span) bool { return open.Start <= row.StartTick && row.EndTick <= open.End })
		if !inside {
			return false
		}
	}
	return true
}
