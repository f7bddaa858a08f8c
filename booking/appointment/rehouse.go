package appointment

import (
	"cmp"
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// Rehousing is some children of a household who live in another from now on.
type Rehousing struct {
	From, To models.HouseholdID
	Pupils   []models.PupilID
	Whole    bool // nobody stays behind
}

func (r Rehousing) concerns(pupil models.PupilID) bool {
	return r.Whole || slices.Contains(r.Pupils, pupil)
}

// Rehoused counts what became of the talks of children who live elsewhere now.
type Rehoused struct {
	Kept, Cancelled int // coming talks
	SharedMakers    int // who had booked for children of both households, and stay with those who stay
}

// Rehouse lets talks follow the children who have moved to other households, with who made them, and tells both families. Who lives where, and which guardians
// belong to whom, must be written already. A coming talk at which its new family is elsewhere is the second parent's; if both are, it is cancelled.
func Rehouse(tx *store.Tx, moves []Rehousing) (Rehoused, error) {
	work := &rehousing{tx: tx, told: NewConfirmations()}
	for _, move := range moves {
		if err := work.move(move); err != nil {
			return work.done, err
		}
	}
	return work.done, work.finish()
}

type rehousing struct {
	tx       *store.Tx
	told     *Confirmations
	affected []models.HouseholdID
	coming   []movedTalk
	done     Rehoused
}

// movedTalk is a coming talk whose household is another now.
type movedTalk struct {
	row    *models.Appointment
	former models.Appointment // as it was before
	whole  bool
}

func (w *rehousing) move(move Rehousing) error {
	rows, err := w.tx.Appointments(store.Eq("household_id", move.From))
	if err != nil {
		return err
	}
	var moved, staying []models.Appointment
	for _, row := range rows {
		if move.concerns(row.PupilID) {
			moved = append(moved, row)
		} else {
			staying = append(staying, row)
		}
	}
	makers, err := w.moveMakers(move, moved, staying)
	if err != nil {
		return err
	}
	if err := w.moveMessages(move, moved); err != nil {
		return err
	}
	if err := w.catchUp(move); err != nil {
		return err
	}
	booking, err := w.moveBookings(move, len(moved) > 0)
	if err != nil {
		return err
	}
	w.affected = append(w.affected, move.From, move.To)
	now, _ := models.TickAt(w.tx.Now())
	for i := range moved {
		row := &moved[i]
		former := *row
		row.HouseholdID = move.To
		if !row.MakerID.IsZero() {
			row.MakerID = cmp.Or(makers[row.MakerID], row.MakerID)
		}
		if !move.Whole {
			row.BookingID = booking
		}
		row.Version++
		if err := store.Update(w.tx, row, "household_id", "maker_id", "booking_id", "version"); err != nil {
			return err
		}
		if row.State == models.AppointmentBooked && row.EndTick > now {
			w.coming = append(w.coming, movedTalk{row, former, move.Whole})
		}
	}
	return nil
}

// catchUp raises the revision of the household that children come to above that of the one they left: what a contact that moves is told next is newer than
// what it was told there.
func (w *rehousing) catchUp(move Rehousing) error {
	from, err := store.Get[models.Household](w.tx, move.From)
	if err != nil {
		return err
	}
	for revision := int64(-1); revision < from.Revision; {
		if revision, err = w.tx.Revise(move.To); err != nil {
			return err
		}
	}
	return nil
}

// moveMakers lets makers go with the children for whom alone they booked, with what was typed for them. Who booked for children of both households stays with those
// who stay; the device is known to the other household by a maker of its own, which the map gives. What was typed is not: its owner lives with the others.
func (w *rehousing) moveMakers(move Rehousing, moved, staying []models.Appointment) (map[models.MakerID]models.MakerID, error) {
	makers, err := store.List[models.Maker](w.tx, store.Eq("household_id", move.From))
	if err != nil {
		return nil, err
	}
	twins := map[models.MakerID]models.MakerID{}
	for i := range makers {
		maker := &makers[i]
		made := func(row models.Appointment) bool { return row.MakerID == maker.ID }
		here, there := slices.ContainsFunc(moved, made), slices.ContainsFunc(staying, made)
		stranger := func(id models.PupilID) bool { return !move.concerns(id) }
		switch {
		case here && there:
			w.done.SharedMakers++
			twin := *maker
			twin.ID, twin.HouseholdID, twin.CreatedAt = models.New[models.MakerID](), move.To, w.tx.Now()
			twin.PupilIDs = slices.DeleteFunc(slices.Clone(maker.PupilIDs), stranger)
			if err := store.Insert(w.tx, &twin); err != nil {
				return nil, err
			}
			twins[maker.ID] = twin.ID
			maker.PupilIDs = slices.DeleteFunc(maker.PupilIDs, move.concerns)
		case here || move.Whole || !there && !slices.ContainsFunc(maker.PupilIDs, stranger):
			maker.HouseholdID = move.To
			maker.PupilIDs = slices.DeleteFunc(maker.PupilIDs, stranger)
			if err := w.moveTyped(maker, move.To); err != nil {
				return nil, err
			}
		default:
			maker.PupilIDs = slices.DeleteFunc(maker.PupilIDs, move.concerns)
		}
		if err := store.Update(w.tx, maker, "household_id", "pupil_ids"); err != nil {
			return nil, err
		}
	}
	return twins, nil
}

func (w *rehousing) moveTyped(maker *models.Maker, to models.HouseholdID) error {
	contacts, err := store.List[models.Contact](w.tx, store.Eq("maker_id", maker.ID))
	if err != nil {
		return err
	}
	for i := range contacts {
		if err := MoveContact(w.tx, &contacts[i], to); err != nil {
			return err
		}
	}
	return nil
}

// MoveContact puts a contact into another household, with its calendar entries.
func MoveContact(tx *store.Tx, contact *models.Contact, to models.HouseholdID) error {
	contact.HouseholdID = to
	if err := store.Update(tx, contact, "household_id"); err != nil {
		return err
	}
	entries, err := store.List[models.Invitation](tx, store.Eq("contact_id", contact.ID), store.Not("household_id", to))
	if err != nil || len(entries) == 0 {
		return err
	}
	if _, err := store.Delete[models.Invitation](tx, store.Eq("contact_id", contact.ID), store.Not("household_id", to)); err != nil {
		return err
	}
	for i := range entries {
		entries[i].HouseholdID = to
		if _, err := store.InsertNew(tx, &entries[i]); err != nil {
			return err
		}
	}
	return nil
}

// moveMessages lets messages go with their contacts: all of a household in which nobody stays, for the school's list; else what is not sent yet of what happened to
// the children's talks. What else waits for a contact that has gone elsewhere is not sent.
func (w *rehousing) moveMessages(move Rehousing, moved []models.Appointment) error {
	messages, err := store.List[models.Message](w.tx, store.Eq("household_id", move.From))
	if err != nil {
		return err
	}
	for i := range messages {
		message := &messages[i]
		if move.Whole {
			message.HouseholdID = move.To
			if err := store.Update(w.tx, message, "household_id"); err != nil {
				return err
			}
			continue
		}
		if message.State != models.MessageQueued || message.ContactID.IsZero() {
			continue
		}
		contact, err := store.Get[models.Contact](w.tx, message.ContactID)
		if err != nil {
			return err
		}
		if contact.HouseholdID == move.From {
			continue
		}
		message.Details.Changes = slices.DeleteFunc(message.Details.Changes, func(change models.MessageChange) bool {
			return !slices.ContainsFunc(moved, func(row models.Appointment) bool { return row.ID == change.Appointment })
		})
		if message.Kind != models.MessageConfirmation || len(message.Details.Changes) == 0 {
			if err := Supersede(w.tx, []models.Message{*message}); err != nil {
				return err
			}
			continue
		}
		message.HouseholdID = move.To
		if err := store.Update(w.tx, message, "household_id", "details"); err != nil {
			return err
		}
	}
	return nil
}

// moveBookings gives the talks that move a booking of their new household: one of several households' talks would keep the one from being removed without the other.
func (w *rehousing) moveBookings(move Rehousing, some bool) (models.BookingID, error) {
	if !move.Whole {
		actor := w.tx.Actor()
		row := &models.Booking{
			ID: models.New[models.BookingID](), HouseholdID: move.To, ActorKind: actor.Kind, ActorID: models.RowID(actor.ID), OnBehalf: true, At: w.tx.Now(),
		}
		if !some {
			return row.ID, nil
		}
		return row.ID, store.Insert(w.tx, row)
	}
	bookings, err := store.List[models.Booking](w.tx, store.Eq("household_id", move.From))
	if err != nil {
		return models.BookingID{}, err
	}
	for i := range bookings {
		bookings[i].HouseholdID = move.To
		if err := store.Update(w.tx, &bookings[i], "household_id"); err != nil {
			return models.BookingID{}, err
		}
	}
	return models.BookingID{}, nil
}

// finish takes everybody's time anew, and tells both families.
func (w *rehousing) finish() error {
	rows, err := w.tx.Appointments(store.In("household_id", w.affected), store.Eq("state", models.AppointmentBooked))
	if err != nil || len(rows) == 0 {
		return err
	}
	people, err := w.tx.Directory()
	if err != nil {
		return err
	}
	programme, err := w.tx.Programme()
	if err != nil {
		return err
	}
	var talks []claiming
	for i := range rows {
		at := slices.IndexFunc(w.coming, func(talk movedTalk) bool { return talk.row.ID == rows[i].ID })
		talks = append(talks, claiming{row: &rows[i], moved: at >= 0})
	}
	if err := reclaim(w.tx, people, programme, talks); err != nil {
		return err
	}
	for _, talk := range talks {
		at := slices.IndexFunc(w.coming, func(moved movedTalk) bool { return moved.row.ID == talk.row.ID })
		if at < 0 {
			continue
		}
		w.tell(talk.row, w.coming[at])
	}
	if w.done.Kept+w.done.Cancelled == 0 {
		return nil
	}
	return w.told.Queue(w.tx, programme, ContactsIn(w.tx))
}

func (w *rehousing) tell(row *models.Appointment, moved movedTalk) {
	left := models.MessageChange{Act: models.ActLeave, Appointment: row.ID, Previous: row.StartTick, Why: models.WhyFamilyChanged}
	here := models.MessageChange{Act: models.ActKeep, Appointment: row.ID, Why: models.WhyFamilyChanged}
	w.done.Kept++
	if row.State == models.AppointmentCancelled {
		here.Act, here.Previous = models.ActCancel, row.StartTick
		w.done.Kept, w.done.Cancelled = w.done.Kept-1, w.done.Cancelled+1
	}
	if !moved.whole {
		w.told.Add(&moved.former, moved.former.BookingID, row.DayID, left)
	}
	w.told.Add(row, row.BookingID, row.DayID, here)
}
