package availability

import (
	"context"
	"slices"
	"time"

	conferences "github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/typed"
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
		return conferences.ChangeIn(tx, id, "availability", func(tx *store.Tx, _ *models.Conference) error {
			conference, err := conferences.In(tx, id)
			if err != nil {
				return err
			}
			for _, day := range days {
				if err := replaceDay(tx, conference, day); err != nil {
					return err
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
	mine := []store.Condition{store.Eq("day_id", day.ID), store.Eq("staff_id", wanted.Staff)}
	if _, err := store.Delete[models.Availability](tx, mine...); err != nil {
		return err
	}
	removed, err := store.Delete[models.Block](tx, mine...)
	if err != nil {
		return err
	}
	if removed > 0 {
		if err := claimBlocks(tx, wanted.Staff); err != nil {
			return err
		}
	}
	for _, open := range windows {
		err := store.Insert(tx, &models.Availability{
			ID: models.New[models.RowID](), ConferenceID: conference.ID, DayID: day.ID, StaffID: wanted.Staff, StartTick: open.Start, EndTick: open.End, RoomID: open.Room,
		})
		if err != nil {
			return errs.AsUnknown(err, "room")
		}
	}
	for i, closed := range breaks {
		if err := insertBlock(tx, conference.ID, day.ID, wanted.Staff, closed, wanted.Breaks[i].Kind); err != nil {
			return err
		}
	}
	return nil
}

func insertBlock(tx *store.Tx, conference models.ConferenceID, day models.DayID, staff models.StaffID, closed rules.Span, kind models.BlockKind) error {
	if kind == "" {
		kind = models.BlockBreak
	}
	if kind != models.BlockBreak && kind != models.BlockBlocked {
		return errs.InvalidField("breaks.kind", errs.CodeUnknown)
	}
	block := &models.Block{ID: models.New[models.RowID](), ConferenceID: conference, DayID: day, StaffID: staff, StartTick: closed.Start, EndTick: closed.End, Kind: kind}
	if err := store.Insert(tx, block); err != nil {
		return err
	}
	added, err := store.InsertNew(tx, blockClaims(block)...)
	if err != nil || models.Tick(added) == closed.End-closed.Start {
		return err
	}
	return notTeaching(tx, staff, closed)
}

func blockClaims(block *models.Block) []*models.Claim {
	var claims []*models.Claim
	for tick := block.StartTick; tick < block.EndTick; tick++ {
		claims = append(claims, &models.Claim{Holder: models.HolderID(block.StaffID), Tick: tick, BlockID: block.ID})
	}
	return claims
}

// claimBlocks claims the time of a teacher's breaks anew, where another break that held it went.
func claimBlocks(tx *store.Tx, staff models.StaffID) error {
	left, err := store.List[models.Block](tx, store.Eq("staff_id", staff))
	if err != nil {
		return err
	}
	for i := range left {
		if _, err := store.InsertNew(tx, blockClaims(&left[i])...); err != nil {
			return err
		}
	}
	return nil
}

// notTeaching refuses a break in which the teacher has a talk with a family. A break in another conference of the same evening is no obstacle, nor is the
// teacher's own visit to a colleague as a parent: both mean that the teacher is away.
func notTeaching(tx *store.Tx, staff models.StaffID, closed rules.Span) error {
	claims, err := tx.Claims([]models.HolderID{models.HolderID(staff)}, closed.Start, closed.End)
	if err != nil {
		return err
	}
	var appointments []models.AppointmentID
	for _, claim := range claims {
		if !claim.AppointmentID.IsZero() && !slices.Contains(appointments, claim.AppointmentID) {
			appointments = append(appointments, claim.AppointmentID)
		}
	}
	seated, err := tx.AppointmentStaff(appointments)
	if err != nil {
		return err
	}
	for _, members := range seated {
		if slices.Contains(members, staff) {
			return errs.New(errs.Conflict, "availability.booked")
		}
	}
	return nil
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

// CreateRoom makes a room.
func (s *Service) CreateRoom(ctx context.Context, actor models.Actor, key, name, zone string, usedAlone bool) (*models.Room, error) {
	name, zone = typed.OneLine(name), typed.OneLine(zone)
	if !typed.Readable(name) || len(name) > 200 || len(zone) > 100 {
		return nil, errs.InvalidField("name", errs.CodeRequired)
	}
	room := &models.Room{ID: models.New[models.RoomID](), UsedAlone: usedAlone, Details: models.RoomDetails{Key: key, Name: name, Zone: zone}}
	err := s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		if err := store.Insert(tx, room); err != nil {
			return err
		}
		if err := tx.AddExternalKey(models.SubjectRoom, key, room.ID); err != nil {
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
