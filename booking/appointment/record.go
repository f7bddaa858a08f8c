package appointment

import (
	"cmp"
	"slices"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// record writes what was arranged: appointments with their claims, one booking row per household, messages, the stored outcome and the audit. Rows of a kind
// go in one statement: this runs for every family of an opening evening, one after the other.
func (w *bookingWork) record() error {
	acts := newChangeSet(w)
	if err := acts.release(w.change.touched()); err != nil {
		return err
	}
	for _, item := range w.change.Cancel {
		if err := acts.cancel(w.present[item.Appointment]); err != nil {
			return err
		}
	}
	for _, placed := range w.placed {
		if err := acts.place(placed); err != nil {
			return err
		}
	}
	if err := acts.write(); err != nil {
		return err
	}
	w.outcome = &Outcome{Bookings: acts.bookingIDs(), Cancelled: acts.cancelled, Unplaced: w.items(), Appointments: w.rendered(acts.placed), Zone: w.tx.School().Location()}
	return w.remember(acts)
}

// changeSet collects what a change does, household by household, and writes it.
type changeSet struct {
	work          *bookingWork
	bookings      map[models.HouseholdID]*models.Booking
	order         []*models.Booking
	made          []*models.Appointment
	seats         []*models.AppointmentStaff
	claims        []*models.Claim
	placed        []*models.Appointment // made and moved
	cancelled     []models.AppointmentID
	confirmations *Confirmations
}

func newChangeSet(w *bookingWork) *changeSet {
	return &changeSet{work: w, bookings: map[models.HouseholdID]*models.Booking{}, confirmations: NewConfirmations()}
}

// booking gives the row of this act for a household, with the maker.
func (a *changeSet) booking(household models.HouseholdID) (*models.Booking, error) {
	if row, ok := a.bookings[household]; ok {
		return row, nil
	}
	maker, err := ensureMaker(a.work, household)
	if err != nil {
		return nil, err
	}
	row := &models.Booking{
		ID: models.New[models.BookingID](), HouseholdID: household, MakerID: maker, ActorKind: a.work.actor.Kind,
		ActorID: models.RowID(a.work.actor.ID), OnBehalf: rules.ActsForFamilies(a.work.actor), At: a.work.tx.Now(),
	}
	a.bookings[household] = row
	a.order = append(a.order, row)
	return row, nil
}

func (a *changeSet) bookingIDs() []models.BookingID {
	ids := make([]models.BookingID, len(a.order))
	for i, row := range a.order {
		ids[i] = row.ID
	}
	return ids
}

func (a *changeSet) placedIDs() []models.AppointmentID {
	ids := make([]models.AppointmentID, len(a.placed))
	for i, placed := range a.placed {
		ids[i] = placed.ID
	}
	return ids
}

func (a *changeSet) release(ids []models.AppointmentID) error { return a.work.tx.ReleaseClaims(ids) }

func (a *changeSet) cancel(appointment *models.Appointment) error {
	row, err := a.booking(appointment.HouseholdID)
	if err != nil {
		return err
	}
	appointment.State = models.AppointmentCancelled
	appointment.Version++
	if err := store.Update(a.work.tx, appointment, "state", "version"); err != nil {
		return err
	}
	row.Cancelled++
	a.cancelled = append(a.cancelled, appointment.ID)
	a.confirmations.Add(appointment, row.ID, appointment.DayID, models.MessageChange{
		Act: models.ActCancel, Appointment: appointment.ID, Previous: appointment.StartTick, Reason: a.work.change.Reason,
	})
	return nil
}

func (a *changeSet) place(p rules.Placement) error {
	row, err := a.booking(p.Request.Household)
	if err != nil {
		return err
	}
	appointment := p.Request.Moved
	if appointment == nil {
		appointment = a.make(p, row)
	} else if err := a.move(p, row); err != nil {
		return err
	}
	appointment.StaffIDs = p.Staff
	for _, member := range p.Staff {
		a.seats = append(a.seats, &models.AppointmentStaff{AppointmentID: appointment.ID, StaffID: member})
	}
	a.placed = append(a.placed, appointment)
	school, family := a.work.state.Holders(p)
	for _, holder := range append(school, family...) {
		for tick := p.Slot.Start; tick < p.End(); tick++ {
			a.claims = append(a.claims, &models.Claim{Holder: holder, Tick: tick, AppointmentID: appointment.ID})
		}
	}
	return nil
}

func (a *changeSet) make(p rules.Placement, row *models.Booking) *models.Appointment {
	made := &models.Appointment{
		ID: models.New[models.AppointmentID](), ConferenceID: p.Request.Conference.ID, DayID: p.Slot.Day, TalkKindID: p.Request.Kind.ID,
		PupilID: p.Request.Pupil.ID, HouseholdID: p.Request.Household, Party: p.Request.Party, BookingID: row.ID, MakerID: row.MakerID,
		StartTick: p.Slot.Start, EndTick: p.End(), RoomID: p.Slot.Room, State: models.AppointmentBooked, Version: 1,
	}
	a.made = append(a.made, made)
	row.Made++
	a.confirmations.Add(made, row.ID, made.DayID, models.MessageChange{Act: models.ActMake, Appointment: made.ID})
	return made
}

func (a *changeSet) move(p rules.Placement, row *models.Booking) error {
	moved := p.Request.Moved
	change := models.MessageChange{Act: models.ActMove, Appointment: moved.ID, Previous: moved.StartTick}
	// The day that is left behind hears of it too: its calendar entry changes or is withdrawn.
	a.confirmations.Add(moved, row.ID, moved.DayID, change)
	moved.DayID, moved.StartTick, moved.EndTick, moved.RoomID = p.Slot.Day, p.Slot.Start, p.End(), p.Slot.Room
	moved.Version++
	if err := store.Update(a.work.tx, moved, "day_id", "start_tick", "end_tick", "room_id", "version"); err != nil {
		return err
	}
	if _, err := store.Delete[models.AppointmentStaff](a.work.tx, store.Eq("appointment_id", moved.ID)); err != nil {
		return err
	}
	row.Moved++
	a.confirmations.Add(moved, row.ID, moved.DayID, change)
	return nil
}

// write inserts what was collected, queues the messages and writes the audit.
func (a *changeSet) write() error {
	tx := a.work.tx
	if err := store.InsertLater(tx, a.order...); err != nil {
		return err
	}
	if err := store.InsertLater(tx, a.made...); err != nil {
		return err
	}
	if err := store.InsertLater(tx, a.seats...); err != nil {
		return err
	}
	// In one order everywhere, so that nobody waits for one who waits for them.
	slices.SortFunc(a.claims, func(one, other *models.Claim) int {
		return cmp.Or(one.Holder.Compare(other.Holder), cmp.Compare(one.Tick, other.Tick))
	})
	complete, err := tx.PlaceClaims(a.claims)
	if err != nil {
		return err
	}
	if !complete {
		return store.Again(errs.Because(errs.Conflict, errs.CodeTryAgain, errLostRace))
	}
	if err := a.confirmations.Queue(tx, a.work.programme, a.work.contactsOf); err != nil {
		return err
	}
	for _, row := range a.order {
		if err := tx.Audited("booking", row.ID, map[string]int{"made": row.Made, "moved": row.Moved, "cancelled": row.Cancelled}); err != nil {
			return err
		}
	}
	return nil
}
