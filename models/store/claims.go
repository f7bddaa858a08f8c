package store

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	memories "github.com/ouderavond/ouderavond/models/store/internal/memory"

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

// writeBusy writes the statement that asks who of a number of holders is busy, leaving out a number of appointments. The school stands in its text.
func writeBusy(w *writer, of form) error {
	w.text("SELECT holder, string_agg(CAST(tick AS TEXT), ',') FROM claims WHERE school_id = ").places(1)
	w.text(" AND tick >= ").places(1).text(" AND tick < ").places(1).text(" AND holder IN (").places(of.count).text(")")
	if of.except > 0 {
		w.text(" AND (appointment_id IS NULL OR appointment_id NOT IN (").places(of.except).text("))")
	}
	w.text(" GROUP BY holder")
	return nil
}

// Busy gives the ticks between two, the second not included, at which some holders are busy, leaving out the claims of some appointments. Other ticks of theirs
// may be in the sets too. A holder who is free may be missing.
//
// In a reading transaction it may know what was committed since the transaction began.
func (tx *Tx) Busy(holders []models.HolderID, from, until models.Tick, except []models.AppointmentID) (map[models.HolderID]models.TickSet, error) {
	if len(holders) == 0 {
		return nil, nil
	}
	if memory := tx.store.occupancy; memory != nil && !tx.writing && len(except) == 0 {
		if busy, ok := memory.Busy(tx.actor.School, holders); ok {
			return busy, nil
		}
		busy, err := tx.allBusy()
		if err != nil {
			return nil, err
		}
		some := memories.Among(busy, holders) // what is kept is changed by whoever commits next
		memory.Keep(tx.actor.School, busy, tx.moment)
		return some, nil
	}
	return tx.BusyInRows(holders, from, until, except)
}

// BusyInRows is Busy by the rows alone, whatever memory knows: for who refuses somebody.
func (tx *Tx) BusyInRows(holders []models.HolderID, from, until models.Tick, except []models.AppointmentID) (map[models.HolderID]models.TickSet, error) {
	if len(holders) == 0 {
		return nil, nil
	}
	values := make([]any, 0, 3+len(holders)+len(except))
	values = append(values, tx.actor.School, from, until)
	for _, holder := range holders {
		values = append(values, holder)
	}
	for _, appointment := range except {
		values = append(values, appointment)
	}
	one, err := tx.store.statements.get(tx.db, form{verb: askingBusy, count: len(holders), except: len(except)}, writeBusy)
	if err != nil {
		return nil, err
	}
	return tx.askBusy(one.text, values)
}

// Remembered gives the busy ticks of some holders as memory knows them, without asking the database; false if it does not. In a writing transaction that is what
// was committed and what earlier functions of the transaction did. It is to be trusted for an acceptance, which the key of the claims checks once more; a
// refusal is to be checked by the rows.
func (tx *Tx) Remembered(holders []models.HolderID) (map[models.HolderID]models.TickSet, bool) {
	memory := tx.store.occupancy
	if memory == nil || !tx.claims.None() {
		return nil, false
	}
	noted := tx.shared.ClaimsOf(tx.actor.School)
	if noted != nil && noted.Unknown {
		return nil, false
	}
	busy, ok := memory.Busy(tx.actor.School, holders)
	if !ok || noted == nil {
		return busy, ok
	}
	for _, holder := range holders {
		if set, changed := noted.Busy[holder]; changed {
			busy[holder] = set
		}
	}
	return busy, true
}

// allBusy reads the claims of the whole school.
func (tx *Tx) allBusy() (map[models.HolderID]models.TickSet, error) {
	return tx.askBusy("SELECT holder, string_agg(CAST(tick AS TEXT), ',') FROM claims WHERE school_id = ? GROUP BY holder", []any{tx.actor.School})
}

// askBusy reads who is busy: the database packs each holder's ticks into one text, because a row for each would cost ten times as much to read.
func (tx *Tx) askBusy(query string, values []any) (map[models.HolderID]models.TickSet, error) {
	rows, err := tx.db.Statement.ConnPool.QueryContext(tx.db.Statement.Context, query, values...)
	if err != nil {
		return nil, engine.Translate(err)
	}
	defer func() { _ = rows.Close() }()
	busy := map[models.HolderID]models.TickSet{}
	for rows.Next() {
		var holder models.HolderID
		var packed string
		if err := rows.Scan(&holder, &packed); err != nil {
			return nil, err
		}
		if busy[holder], err = unpackTicks(packed); err != nil {
			return nil, err
		}
	}
	return busy, engine.Translate(rows.Err())
}

// takesClaims are the tables from which a deletion takes claims along, or which hold them.
var takesClaims = []string{"claims", "appointments", "blocks", "conferences", "days", "staff"}

// unpackTicks reads ticks that the database packed into one text.
func unpackTicks(packed string) (models.TickSet, error) {
	ticks := make([]models.Tick, 0, 1+strings.Count(packed, ","))
	for text := range strings.SplitSeq(packed, ",") {
		tick, err := strconv.Atoi(text)
		if err != nil {
			return nil, err
		}
		ticks = append(ticks, models.Tick(tick))
	}
	slices.Sort(ticks)
	var set models.TickSet
	for i := 0; i < len(ticks); {
		from := ticks[i]
		until := from
		for ; i < len(ticks) && ticks[i] == until; i++ {
			until++
		}
		set = set.With(from, until)
	}
	return set, nil
}
