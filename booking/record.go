package booking

import (
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// record writes what was arranged: appointments with their claims, one booking row per household, messages, the stored outcome and the audit.
func (w *bookingWork) record() error {
	acts := newActs(w)
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
	if err := acts.claim(); err != nil {
		return err
	}
	if err := acts.finish(); err != nil {
		return err
	}
	w.outcome = &Outcome{Bookings: acts.bookingIDs(), Cancelled: acts.cancelled, Unplaced: w.items()}
	if err := w.remember(acts); err != nil {
		return err
	}
	var err error
	w.outcome.Appointments, err = w.views(acts.placed)
	return err
}

// acts collects what a change does, household by household.
type acts struct {
	work      *bookingWork
	bookings  map[models.HouseholdID]*models.Booking
	order     []*models.Booking
	makers    map[models.HouseholdID]models.MakerID
	claims    []*models.Claim
	placed    []models.AppointmentID
	cancelled []models.AppointmentID
	news      *news
}

func newActs(w *bookingWork) *acts {
	return &acts{work: w, bookings: map[models.HouseholdID]*models.Booking{}, makers: map[models.HouseholdID]models.MakerID{}, news: newNews()}
}

// booking gives the row of this act for a household, with the maker; it is inserted at once, because appointments refer to it.
func (a *acts) booking(household models.HouseholdID) (*models.Booking, error) {
	if row, ok := a.bookings[household]; ok {
		return row, nil
	}
	maker, err := ensureMaker(a.work, household)
	if err != nil {
		return nil, err
	}
	row := &models.Booking{
		ID: models.New[models.BookingID](), HouseholdID: household, MakerID: maker, ActorKind: a.work.actor.Kind,
		ActorID: models.RowID(a.work.actor.ID), OnBehalf: actsForFamilies(a.work.actor), At: a.work.tx.Now(),
	}
	if err := store.Insert(a.work.tx, row); err != nil {
		return nil, err
	}
	a.bookings[household], a.makers[household] = row, maker
	a.order = append(a.order, row)
	return row, nil
}

func (a *acts) bookingIDs() []models.BookingID {
	ids := make([]models.BookingID, len(a.order))
	for i, row := range a.order {
		ids[i] = row.ID
	}
	return ids
}

func (a *acts) release(ids []models.AppointmentID) error { return a.work.tx.ReleaseClaims(ids) }

func (a *acts) cancel(appointment *models.Appointment) error {
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
	a.news.add(appointment, row.ID, appointment.DayID, models.MessageChange{Act: models.ActCancel, Appointment: appointment.ID, Previous: appointment.StartTick})
	return nil
}

func (a *acts) place(p placement) error {
	row, err := a.booking(p.wish.household)
	if err != nil {
		return err
	}
	var appointment *models.Appointment
	if p.wish.moved != nil {
		appointment, err = a.move(p, row)
	} else {
		appointment, err = a.make(p, row)
	}
	if err != nil {
		return err
	}
	a.placed = append(a.placed, appointment.ID)
	school, family := a.work.state.holders(p)
	for _, holder := range append(school, family...) {
		for tick := p.slot.start; tick < p.end(); tick++ {
			a.claims = append(a.claims, &models.Claim{Holder: holder, Tick: tick, AppointmentID: appointment.ID})
		}
	}
	return nil
}

func (a *acts) make(p placement, row *models.Booking) (*models.Appointment, error) {
	made := &models.Appointment{
		ID: models.New[models.AppointmentID](), ConferenceID: p.wish.conference.ID, DayID: p.slot.day, TalkKindID: p.wish.kind.ID,
		PupilID: p.wish.pupil.ID, HouseholdID: p.wish.household, Party: p.wish.party, BookingID: row.ID, MakerID: row.MakerID,
		StartTick: p.slot.start, EndTick: p.end(), RoomID: p.slot.room, State: models.AppointmentBooked, Version: 1,
	}
	if err := store.Insert(a.work.tx, made); err != nil {
		return nil, err
	}
	row.Made++
	a.news.add(made, row.ID, made.DayID, models.MessageChange{Act: models.ActMake, Appointment: made.ID})
	return made, a.seat(made.ID, p.staff)
}

func (a *acts) move(p placement, row *models.Booking) (*models.Appointment, error) {
	moved := p.wish.moved
	change := models.MessageChange{Act: models.ActMove, Appointment: moved.ID, Previous: moved.StartTick}
	// The day that is left behind hears of it too: its calendar entry changes or is withdrawn.
	a.news.add(moved, row.ID, moved.DayID, change)
	moved.DayID, moved.StartTick, moved.EndTick, moved.RoomID = p.slot.day, p.slot.start, p.end(), p.slot.room
	moved.Version++
	if err := store.Update(a.work.tx, moved, "day_id", "start_tick", "end_tick", "room_id", "version"); err != nil {
		return nil, err
	}
	if _, err := store.Delete[models.AppointmentStaff](a.work.tx, store.Eq("appointment_id", moved.ID)); err != nil {
		return nil, err
	}
	row.Moved++
	a.news.add(moved, row.ID, moved.DayID, change)
	return moved, a.seat(moved.ID, p.staff)
}

func (a *acts) seat(appointment models.AppointmentID, staff staffSet) error {
	rows := make([]*models.AppointmentStaff, len(staff))
	for i, member := range staff {
		rows[i] = &models.AppointmentStaff{AppointmentID: appointment, StaffID: member}
	}
	return store.Insert(a.work.tx, rows...)
}

func (a *acts) claim() error {
	complete, err := a.work.tx.PlaceClaims(a.claims)
	if err != nil {
		return err
	}
	if !complete {
		return errs.Because(errs.Conflict, "booking.try-again", errLostRace)
	}
	return nil
}

// finish completes the booking rows, queues the messages and writes the audit.
func (a *acts) finish() error {
	for _, row := range a.order {
		if err := store.Update(a.work.tx, row, "made", "moved", "cancelled"); err != nil {
			return err
		}
		counts := map[string]int{"made": row.Made, "moved": row.Moved, "cancelled": row.Cancelled}
		if err := a.work.tx.Audited("booking", row.ID, counts); err != nil {
			return err
		}
	}
	return a.news.queue(a.work.tx, a.work.plan)
}
