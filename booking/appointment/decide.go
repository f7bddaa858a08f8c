package appointment

import (
	"slices"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// CancelBySchool cancels coming talks for the school, and tells the families why, with what the school wrote about it.
func CancelBySchool(tx *store.Tx, talks []models.Appointment, why models.Why, reason string) error {
	told := NewConfirmations()
	for i := range talks {
		row := &talks[i]
		if err := tx.ReleaseClaims([]models.AppointmentID{row.ID}); err != nil {
			return err
		}
		row.State = models.AppointmentCancelled
		row.Version++
		if err := store.Update(tx, row, "state", "version"); err != nil {
			return err
		}
		told.Add(row, row.BookingID, row.DayID, models.MessageChange{Act: models.ActCancel, Appointment: row.ID, Previous: row.StartTick, Why: why, Reason: reason})
	}
	return tellAll(tx, told)
}

// HandOver gives coming talks to another teacher at the same time, in place of some of those who were to be there, and tells the families why. Those at whose time the
// teacher is busy stay as they are, and are returned.
func HandOver(tx *store.Tx, talks []models.Appointment, instead func(*models.Appointment) []models.StaffID, to models.StaffID, why models.Why) (busy []models.AppointmentID, err error) {
	people, err := tx.Directory()
	if err != nil {
		return nil, err
	}
	programme, err := tx.Programme()
	if err != nil {
		return nil, err
	}
	if staff, ok := people.Staff(to); !ok || staff.State != models.PersonActive {
		return nil, errs.InvalidField("teacher", errs.CodeUnknown)
	}
	told := NewConfirmations()
	for i := range talks {
		row := &talks[i]
		held, err := tx.Claims([]models.HolderID{models.HolderID(to)}, row.StartTick, row.EndTick)
		if err != nil {
			return nil, err
		}
		if len(held) > 0 || slices.Contains(row.StaffIDs, to) {
			busy = append(busy, row.ID)
			continue
		}
		gone := instead(row)
		row.StaffIDs = rules.NewStaffSet(append(slices.DeleteFunc(slices.Clone(row.StaffIDs), func(id models.StaffID) bool { return slices.Contains(gone, id) }), to)...)
		if _, err := store.Delete[models.AppointmentStaff](tx, store.Eq("appointment_id", row.ID)); err != nil {
			return nil, err
		}
		for _, member := range row.StaffIDs {
			if err := store.Insert(tx, &models.AppointmentStaff{AppointmentID: row.ID, StaffID: member}); err != nil {
				return nil, err
			}
		}
		row.Version++
		if err := store.Update(tx, row, "version"); err != nil {
			return nil, err
		}
		if err := reclaim(tx, people, programme, []claiming{{row: row}}); err != nil {
			return nil, err
		}
		told.Add(row, row.BookingID, row.DayID, models.MessageChange{Act: models.ActKeep, Appointment: row.ID, Why: why})
	}
	return busy, tellAll(tx, told)
}

func tellAll(tx *store.Tx, told *Confirmations) error {
	programme, err := tx.Programme()
	if err != nil {
		return err
	}
	return told.Queue(tx, programme, ContactsIn(tx))
}
