package booking

import (
	"context"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// Window is a time of the day in which a teacher can be met, or a break within it, as clocks on the school's wall show it: "19:00".
type Window struct {
	From, Until string
	Room        models.RoomID
	Kind        models.BlockKind // of a break; empty for a window
}

// TeacherDay is a teacher's availability on one day: windows, and the breaks within them. Setting it replaces what was there.
type TeacherDay struct {
	Staff   models.StaffID
	Day     models.DayID
	Windows []Window
	Breaks  []Window
}

// Outside is an appointment that lies outside its teacher's availability after a change. It is not dropped: the school sees it and decides.
type Outside struct {
	Appointment models.AppointmentID
	Start       time.Time
}

// SetAvailability replaces the availability of teachers on days of a conference, all in one act, and lists the appointments that now lie outside. A break
// where a family has an appointment is refused (errs.Conflict, code "availability.booked"): claims cannot be had twice.
func (s *Service) SetAvailability(ctx context.Context, actor models.Actor, id models.ConferenceID, days []TeacherDay) ([]Outside, error) {
	var outside []Outside
	err := s.changeConference(ctx, actor, id, "availability", func(tx *store.Tx, _ *models.Conference) error {
		conference, err := conferenceIn(tx, id)
		if err != nil {
			return err
		}
		for _, day := range days {
			if err := replaceDay(tx, conference, day); err != nil {
				return err
			}
		}
		if conference, err = conferenceIn(tx, id); err != nil {
			return err
		}
		outside, err = outsideOf(tx, conference, days)
		return err
	})
	return outside, err
}

func replaceDay(tx *store.Tx, conference *programme.Conference, wanted TeacherDay) error {
	day, ok := conference.Day(wanted.Day)
	if !ok {
		return errs.InvalidField("day", "unknown")
	}
	if _, err := store.Get[models.Staff](tx, wanted.Staff); err != nil {
		if errs.KindOf(err) == errs.NotFound {
			return errs.InvalidField("teacher", "unknown")
		}
		return err
	}
	zone := tx.School().Location()
	windows, err := ticksOf(day.Date, wanted.Windows, zone, "windows")
	if err != nil {
		return err
	}
	breaks, err := ticksOf(day.Date, wanted.Breaks, zone, "breaks")
	if err != nil {
		return err
	}
	mine := []store.Condition{store.Eq("day_id", day.ID), store.Eq("staff_id", wanted.Staff)}
	if _, err := store.Delete[models.Availability](tx, mine...); err != nil {
		return err
	}
	if _, err := store.Delete[models.Block](tx, mine...); err != nil {
		return err
	}
	for _, open := range windows {
		err := store.Insert(tx, &models.Availability{
			ID: models.New[models.RowID](), ConferenceID: conference.ID, DayID: day.ID, StaffID: wanted.Staff, StartTick: open.start, EndTick: open.end, RoomID: open.room,
		})
		if err != nil {
			return asUnknown(err, "room")
		}
	}
	for i, closed := range breaks {
		if err := insertBlock(tx, conference.ID, day.ID, wanted.Staff, closed, wanted.Breaks[i].Kind); err != nil {
			return err
		}
	}
	return nil
}

func insertBlock(tx *store.Tx, conference models.ConferenceID, day models.DayID, staff models.StaffID, closed span, kind models.BlockKind) error {
	if kind == "" {
		kind = models.BlockBreak
	}
	if kind != models.BlockBreak && kind != models.BlockBlocked {
		return errs.InvalidField("breaks.kind", "unknown")
	}
	block := &models.Block{ID: models.New[models.RowID](), ConferenceID: conference, DayID: day, StaffID: staff, StartTick: closed.start, EndTick: closed.end, Kind: kind}
	if err := store.Insert(tx, block); err != nil {
		return err
	}
	var claims []*models.Claim
	for tick := closed.start; tick < closed.end; tick++ {
		claims = append(claims, &models.Claim{Holder: models.HolderID(staff), Tick: tick, BlockID: block.ID})
	}
	placed, err := tx.PlaceClaims(claims)
	if err == nil && !placed {
		return errs.New(errs.Conflict, "availability.booked")
	}
	return err
}

// ticksOf turns times of the wall clock into ticks. Windows may not overlap one another; they may go on past midnight up to the morning.
func ticksOf(date civil.Date, windows []Window, zone *time.Location, field string) ([]span, error) {
	spans := make([]span, 0, len(windows))
	for _, window := range windows {
		start, err := wallTick(date, window.From, zone, field+".from")
		if err != nil {
			return nil, err
		}
		end, err := wallTick(date, window.Until, zone, field+".until")
		if err != nil {
			return nil, err
		}
		if end <= start {
			return nil, errs.InvalidField(field+".until", "before-start")
		}
		spans = append(spans, span{start, end, window.Room})
	}
	sorted := slices.Clone(spans)
	slices.SortFunc(sorted, func(a, b span) int { return int(a.start - b.start) })
	for i := 1; i < len(sorted); i++ {
		if sorted[i].start < sorted[i-1].end {
			return nil, errs.InvalidField(field, "overlap")
		}
	}
	return spans, nil
}

// wallTick reads a time of the school's wall clock on a date. A time that does not exist on that date, or exists twice, is refused and not guessed; so is
// one that is not on five minutes.
func wallTick(date civil.Date, text string, zone *time.Location, field string) (models.Tick, error) {
	clock, err := time.Parse("15:04", text)
	if text == "24:00" {
		clock, err = time.Time{}, nil
		date = date.AddDays(1)
	}
	if err != nil {
		return 0, errs.InvalidField(field, "not-a-time")
	}
	instant, err := WallTime(date, clock.Hour(), clock.Minute(), zone)
	if err != nil {
		return 0, errs.InvalidField(field, errs.CodeOf(err))
	}
	tick, exact := models.TickAt(instant)
	if !exact {
		return 0, errs.InvalidField(field, "not-a-multiple-of-five")
	}
	return tick, nil
}

// WallTime gives the instant at which clocks in a zone show a time on a date. If the clocks never do (they were put forward) the error has the code
// "no-such-time"; if they do twice (they were put back), "twice".
func WallTime(date civil.Date, hour, minute int, zone *time.Location) (time.Time, error) {
	instant := time.Date(date.Year, time.Month(date.Month), date.Day, hour, minute, 0, 0, zone)
	if instant.Hour() != hour || instant.Minute() != minute {
		return time.Time{}, errs.New(errs.Invalid, "no-such-time")
	}
	for _, shift := range []time.Duration{-time.Hour, time.Hour, -30 * time.Minute, 30 * time.Minute} {
		other := instant.Add(shift)
		if other.Hour() == hour && other.Minute() == minute && other.Day() == instant.Day() {
			return time.Time{}, errs.New(errs.Invalid, "twice")
		}
	}
	return instant.UTC(), nil
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
		inside := slices.ContainsFunc(freeSpans(conference, member, row.DayID), func(open span) bool { return open.start <= row.StartTick && row.EndTick <= open.end })
		if !inside {
			return false
		}
	}
	return true
}

// CreateRoom makes a room.
func (s *Service) CreateRoom(ctx context.Context, actor models.Actor, key, name, zone string, usedAlone bool) (*models.Room, error) {
	if name == "" || len(name) > 200 || len(zone) > 100 {
		return nil, errs.InvalidField("name", "required")
	}
	room := &models.Room{ID: models.New[models.RoomID](), Zone: zone, UsedAlone: usedAlone, Details: models.RoomDetails{Key: key, Name: name}}
	err := s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		if err := store.Insert(tx, room); err != nil {
			return err
		}
		if err := addExternalKey(tx, models.SubjectRoom, key, room.ID); err != nil {
			return err
		}
		return tx.Audited("room", room.ID, nil)
	})
	return room, err
}

// Rooms lists the rooms.
func (s *Service) Rooms(ctx context.Context, actor models.Actor) (rooms []models.Room, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		rooms, err = store.List[models.Room](tx)
		return err
	})
	return rooms, err
}
