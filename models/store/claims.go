package store

import (
	"cmp"
	"slices"

	"gorm.io/gorm/clause"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store/internal/engine"
)

// maxValues is how many values go into one In of the store's own; the engines take some 32,000 parameters in a statement.
const maxValues = 10_000

// Claims gives who holds what of some holders' time between two ticks, the second not included.
func (tx *Tx) Claims(holders []models.HolderID, from, until models.Tick) ([]models.Claim, error) {
	return List[models.Claim](tx, In("holder", holders), From("tick", from), Before("tick", until))
}

// PlaceClaims inserts claims and tells whether all of them came in. If not, somebody else holds one of them; the caller must then let the whole
// transaction fail. This, with the table's primary key, is the one guard against anybody being in two places.
func (tx *Tx) PlaceClaims(claims []*models.Claim) (bool, error) {
	known := tx.claims
	placed, err := InsertNew(tx, claims...)
	if complete := placed == len(claims); !complete || err != nil {
		tx.store.occupancy.Forget(tx.actor.School) // which thought otherwise, perhaps
		return complete, err
	}
	tx.claims = known
	for _, claim := range claims {
		tx.claims.Placed = append(tx.claims.Placed, *claim)
	}
	return true, nil
}

// ReleaseClaims deletes the claims of appointments.
func (tx *Tx) ReleaseClaims(appointments []models.AppointmentID) error {
	for batch := range slices.Chunk(appointments, maxValues) {
		if err := tx.release(In("appointment_id", batch)); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) release(of Condition) error {
	if tx.store.occupancy == nil {
		_, err := Delete[models.Claim](tx, of)
		return err
	}
	if err := tx.mayWrite(); err != nil {
		return err
	}
	var released []models.Claim
	columns := []clause.Column{{Name: "holder"}, {Name: "tick"}}
	if err := tx.where([]Condition{of}).Clauses(clause.Returning{Columns: columns}).Delete(&released).Error; err != nil {
		return engine.Translate(err)
	}
	// What this transaction placed before and takes away again is released last.
	tx.claims.Unknown = tx.claims.Unknown || len(tx.claims.Placed) > 0
	tx.claims.Released = append(tx.claims.Released, released...)
	return nil
}

// AppointmentStaff gives the staff of appointments.
func (tx *Tx) AppointmentStaff(appointments []models.AppointmentID) (map[models.AppointmentID][]models.StaffID, error) {
	staff := make(map[models.AppointmentID][]models.StaffID, len(appointments))
	for batch := range slices.Chunk(appointments, maxValues) {
		rows, err := List[models.AppointmentStaff](tx, In("appointment_id", batch))
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			staff[row.AppointmentID] = append(staff[row.AppointmentID], row.StaffID)
		}
	}
	return staff, nil
}

// Appointments gives appointments with their staff, in the order of their starts.
func (tx *Tx) Appointments(conditions ...Condition) ([]models.Appointment, error) {
	rows, err := find[models.Appointment](tx, conditions)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(rows, func(a, b models.Appointment) int { return cmp.Compare(a.StartTick, b.StartTick) })
	ids := make([]models.AppointmentID, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	staff, err := tx.AppointmentStaff(ids)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		rows[i].StaffIDs = staff[rows[i].ID]
	}
	return rows, nil
}
