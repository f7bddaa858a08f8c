package people

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/byhand"
	"github.com/ouderavond/ouderavond/booking/consequences"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// Decisions is about the talks of which a change of the roster leaves it to the school what becomes. It is safe for concurrent use.
type Decisions struct {
	store *store.Store
	wake  func()
}

// NewDecisions makes the service. wake is called after each commit that queued a message.
func NewDecisions(rows *store.Store, wake func()) *Decisions { return &Decisions{rows, wake} }

// UndecidedTalk is a coming talk that could not be booked like this any more: it stands until the school or the family does something about it.
type UndecidedTalk struct {
	rules.AppointmentView
	Left bool // a teacher has left the school; otherwise the child is not offered this talk with these teachers any more
}

// UndecidedTalks are the talks on which the school has to decide, with its time zone.
type UndecidedTalks struct {
	Talks []UndecidedTalk
	Zone  *time.Location
}

// Undecided lists the coming talks with teachers who have left the school or whom the child does not have any more, by start.
func (s *Decisions) Undecided(ctx context.Context, actor models.Actor) (list UndecidedTalks, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		rows, now, err := undecided(tx)
		if err != nil {
			return err
		}
		viewer := rules.NewViewer(actor, now.People, now.Programme, tx.Now())
		list = UndecidedTalks{make([]UndecidedTalk, len(rows)), tx.School().Location()}
		for i := range rows {
			list.Talks[i] = UndecidedTalk{viewer.Appointment(&rows[i]), someLeft(now.People, &rows[i])}
		}
		return nil
	})
	return list, err
}

func undecided(tx *store.Tx) (rows []models.Appointment, now consequences.Roster, err error) {
	if now, err = rosterOf(tx); err != nil {
		return nil, now, err
	}
	coming, err := talksToCome(tx, store.From("party", 1))
	if err != nil {
		return nil, now, err
	}
	rows = slices.DeleteFunc(coming, func(row models.Appointment) bool {
		pupil, ok := now.People.Pupil(row.PupilID)
		return !ok || !someLeft(now.People, &row) && consequences.Offered(now, pupil, &row)
	})
	kept, err := keptAsTheyAre(tx, rows)
	return slices.DeleteFunc(rows, func(row models.Appointment) bool { return kept[keptField(tx, now, &row)] }), now, err
}

// keptTalk begins the fields of the overrides that keep talks as they are.
const keptTalk = "talk "

// keptAsTheyAre returns the fields that keep talks of the pupils of some talks as they are.
func keptAsTheyAre(tx *store.Tx, rows []models.Appointment) (map[string]bool, error) {
	pupils := make([]models.RowID, len(rows))
	for i, row := range rows {
		pupils[i] = models.RowID(row.PupilID)
	}
	overrides, err := store.List[models.Override](tx, store.Eq("kind", models.SubjectPupil), store.In("subject", pupils))
	kept := map[string]bool{}
	for _, override := range overrides {
		kept[override.Field] = true
	}
	return kept, err
}

// keptField is the field of the override that keeps a talk as it is, as long as nothing else is true of it: the same teachers have left, and the pupil is in the same
// groups and offered the same teachers. It holds the index of that alone.
func keptField(tx *store.Tx, now consequences.Roster, row *models.Appointment) string {
	facts := []string{row.ID.String()}
	for _, staff := range rules.NewStaffSet(row.StaffIDs...) {
		facts = append(facts, fmt.Sprint(staff, consequences.Left(now.People, staff)))
	}
	pupil, ok := now.People.Pupil(row.PupilID)
	if conference, known := now.Programme.Conference(row.ConferenceID); ok && known {
		groups := slices.SortedFunc(slices.Values(now.People.GroupsOf(pupil.ID)), models.GroupID.Compare)
		facts = append(facts, pupil.Year, fmt.Sprint(groups))
		if kind, known := conference.TalkKind(row.TalkKindID); known {
			var offers []string
			for _, offer := range rules.OffersOf(now.People, conference, kind, pupil) {
				offers = append(offers, fmt.Sprint(offer))
			}
			slices.Sort(offers)
			facts = append(facts, offers...)
		}
	}
	return keptTalk + hex.EncodeToString(tx.Index("kept talk", strings.Join(facts, "\n")))
}

func someLeft(people *directory.Directory, row *models.Appointment) bool {
	return slices.ContainsFunc(row.StaffIDs, func(id models.StaffID) bool { return consequences.Left(people, id) })
}

// Decision is what the school does about undecided talks: cancel them, give them to another teacher at the same time, or keep them as they are. Families are told
// of the first two.
type Decision struct {
	Appointments []models.AppointmentID
	Cancel       bool
	Reason       string         // why, in the school's own words, for the families of those that are cancelled; see appointment.CheckReason
	Teacher      models.StaffID // who takes them over
	Keep         bool           // until something else is true of them
}

// valid refuses anything but one of the three.
func (d Decision) valid() error {
	chosen := 0
	for _, one := range []bool{d.Cancel, !d.Teacher.IsZero(), d.Keep} {
		if one {
			chosen++
		}
	}
	if chosen != 1 {
		return errs.InvalidField("teacher", errs.CodeRequired)
	}
	return nil
}

// Decide decides undecided talks, and returns those that stay as they are because the teacher who is to take them over is busy then. A talk that is not undecided is
// errs.NotFound, and nothing is done.
func (s *Decisions) Decide(ctx context.Context, actor models.Actor, decision Decision) (busy []models.AppointmentID, err error) {
	if err := decision.valid(); err != nil {
		return nil, err
	}
	if decision.Reason, err = appointment.CheckReason(decision.Reason); err != nil {
		return nil, err
	}
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		rows, now, err := undecided(tx)
		if err != nil {
			return err
		}
		rows = slices.DeleteFunc(rows, func(row models.Appointment) bool { return !slices.Contains(decision.Appointments, row.ID) })
		asked := slices.Compact(slices.SortedFunc(slices.Values(decision.Appointments), models.AppointmentID.Compare))
		if len(rows) < len(asked) {
			return errs.New(errs.NotFound, errs.CodeNoAppointment)
		}
		switch {
		case decision.Keep:
			err = keep(tx, now, rows)
		case decision.Cancel:
			err = appointment.CancelBySchool(tx, rows, models.WhyTeacherGone, decision.Reason)
		default:
			busy, err = appointment.HandOver(tx, rows, replaced(now), decision.Teacher, models.WhyTeacherGone)
		}
		if err != nil {
			return err
		}
		tx.AfterCommit(s.wake)
		return tx.Audited("talks-decided", [16]byte{}, map[string]int{"talks": len(rows) - len(busy)})
	})
	return busy, err
}

// keep writes down that talks stay as they are.
func keep(tx *store.Tx, now consequences.Roster, rows []models.Appointment) error {
	for i := range rows {
		if err := byhand.Set(tx, models.SubjectPupil, rows[i].PupilID, keptField(tx, now, &rows[i])); err != nil {
			return err
		}
	}
	return nil
}

// replaced tells who of a talk's teachers is replaced: those who have left, or else those whom the child does not have any more.
func replaced(now consequences.Roster) func(*models.Appointment) []models.StaffID {
	return func(row *models.Appointment) []models.StaffID {
		left := slices.DeleteFunc(slices.Clone(row.StaffIDs), func(id models.StaffID) bool { return !consequences.Left(now.People, id) })
		if len(left) > 0 {
			return left
		}
		taught := map[models.StaffID]bool{}
		for teaching := range now.People.Teachings(row.PupilID) {
			taught[teaching.StaffID] = true
		}
		gone := slices.DeleteFunc(slices.Clone(row.StaffIDs), func(id models.StaffID) bool { return taught[id] })
		if len(gone) == 0 {
			return row.StaffIDs
		}
		return gone
	}
}
