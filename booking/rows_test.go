package booking_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// counts is how many rows each table of the school has, seen from outside the product.
func (w *world) counts() map[string]int {
	w.t.Helper()
	db := w.db.Raw(w.t)
	tables, err := w.store.ScopedTables(w.ctx)
	w.must(err)
	counted := map[string]int{}
	for _, table := range tables {
		var count int
		w.must(db.QueryRow(fmt.Sprintf("SELECT count(*) FROM %q WHERE school_id = $1", table), w.school).Scan(&count))
		counted[table] = count
	}
	return counted
}

// appeared tells which rows came and went since a count: "audits+1 claims-2", by table.
func (w *world) appeared(before map[string]int) string {
	w.t.Helper()
	after := w.counts()
	var changes []string
	for _, table := range slices.Sorted(maps.Keys(after)) {
		if difference := after[table] - before[table]; difference != 0 {
			changes = append(changes, fmt.Sprintf("%s%+d", table, difference))
		}
	}
	return strings.Join(changes, " ")
}

// versions tells how often the opened copies of roster and conferences were made out of date.
func (w *world) versions() [2]int64 {
	w.t.Helper()
	var versions [2]int64
	w.read(func(tx *store.Tx) { versions = [2]int64{tx.School().RosterVersion, tx.School().ProgrammeVersion} })
	return versions
}

// consistent checks what must always hold of claims and appointments, from the rows alone: every booked appointment claims exactly the time of everybody
// in it, nothing else is claimed but breaks, and nobody is in two places.
func (w *world) consistent() {
	w.t.Helper()
	w.read(func(tx *store.Tx) {
		appointments, err := tx.Appointments()
		w.must(err)
		claims, err := store.List[models.Claim](tx)
		w.must(err)
		blocks, err := store.List[models.Block](tx)
		w.must(err)
		claimed := map[models.AppointmentID]map[models.HolderID]int{}
		var blocked int
		for _, claim := range claims {
			if claim.AppointmentID.IsZero() {
				blocked++
				continue
			}
			if claimed[claim.AppointmentID] == nil {
				claimed[claim.AppointmentID] = map[models.HolderID]int{}
			}
			claimed[claim.AppointmentID][claim.Holder]++
		}
		where := map[string]models.AppointmentID{}
		for i := range appointments {
			row := &appointments[i]
			want := map[models.HolderID]int{}
			if row.State == models.AppointmentBooked {
				for _, holder := range w.peopleIn(tx, row) {
					want[holder] = int(row.EndTick - row.StartTick)
					for tick := row.StartTick; tick < row.EndTick; tick++ {
						place := fmt.Sprintf("%s %d", holder, tick)
						if other, taken := where[place]; taken {
							w.t.Errorf("somebody is in appointments %s and %s at once", other, row.ID)
						}
						where[place] = row.ID
					}
				}
			}
			if got := claimed[row.ID]; !maps.Equal(got, want) {
				w.t.Errorf("appointment %s (%s) claims %v, want %v", row.ID, row.State, got, want)
			}
		}
		breaks := 0
		for _, block := range blocks {
			breaks += int(block.EndTick - block.StartTick)
		}
		if blocked > breaks {
			w.t.Errorf("%d ticks are claimed for breaks of %d ticks", blocked, breaks)
		}
	})
}

// peopleIn is everybody whose time an appointment takes, by what the school knows of them.
func (w *world) peopleIn(tx *store.Tx, row *models.Appointment) []models.HolderID {
	w.t.Helper()
	holders := []models.HolderID{models.PartyHolder(row.HouseholdID, row.Party)}
	for _, member := range row.StaffIDs {
		holders = append(holders, models.HolderID(member))
	}
	programme, err := tx.Programme()
	w.must(err)
	people, err := tx.Directory()
	w.must(err)
	conference, _ := programme.Conference(row.ConferenceID)
	if kind, ok := conference.TalkKind(row.TalkKindID); ok && kind.PupilAttends {
		pupil, _ := people.Pupil(row.PupilID)
		holders = append(holders, rules.PupilHolder(people, kind, pupil, row.HouseholdID))
	}
	if room, ok := programme.Room(row.RoomID); ok && room.UsedAlone {
		holders = append(holders, models.HolderID(room.ID))
	}
	for _, guardian := range people.Guardians(row.HouseholdID) {
		if row.Party == 1 && !guardian.StaffID.IsZero() && !slices.Contains(holders, models.HolderID(guardian.StaffID)) {
			holders = append(holders, models.HolderID(guardian.StaffID))
		}
	}
	return holders
}
