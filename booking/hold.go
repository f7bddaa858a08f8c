package booking

import (
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// noTick is a start that no slot has: what is not on a whole tick is offered by nobody.
const noTick = models.Tick(-1)

// exactTick gives the tick that starts at an instant, or noTick.
func exactTick(instant time.Time) models.Tick {
	tick, exact := models.TickAt(instant)
	if !exact {
		return noTick
	}
	return tick
}

// holdClaims loads the claims of everybody whom the wishes could concern, over the days they are offered, without those of released appointments.
func holdClaims(tx *store.Tx, state *arrangement, wishes []*wish, released []models.AppointmentID) error {
	holders := schoolHolders(state, wishes)
	for _, wished := range wishes {
		holders = append(holders, state.familyHolders(wished.household, wished.party, nil)...)
	}
	return loadClaims(tx, state, wishes, holders, released)
}

// holdSchoolClaims loads the claims of teachers, rooms and pupils only: what any session may know of.
func holdSchoolClaims(tx *store.Tx, state *arrangement, wishes []*wish) error {
	return loadClaims(tx, state, wishes, schoolHolders(state, wishes), nil)
}

// holdFamilyClaims loads the claims of the families themselves: what a confirmed session may know of.
func holdFamilyClaims(tx *store.Tx, state *arrangement, wishes []*wish) error {
	var holders []models.HolderID
	for _, wished := range wishes {
		holders = append(holders, state.familyHolders(wished.household, wished.party, nil)...)
	}
	return loadClaims(tx, state, wishes, holders, nil)
}

func schoolHolders(state *arrangement, wishes []*wish) []models.HolderID {
	var holders []models.HolderID
	for _, wished := range wishes {
		for _, set := range wished.offered {
			for _, member := range set {
				holders = append(holders, models.HolderID(member))
			}
		}
		if wished.kind.PupilAttends {
			holders = append(holders, models.HolderID(wished.pupil.ID))
		}
	}
	for _, room := range state.programme.Rooms() {
		if room.UsedAlone {
			holders = append(holders, models.HolderID(room.ID))
		}
	}
	return holders
}

func loadClaims(tx *store.Tx, state *arrangement, wishes []*wish, holders []models.HolderID, released []models.AppointmentID) error {
	from, until := models.Tick(0), models.Tick(0)
	for _, wished := range wishes {
		start, end := wishRange(wished)
		if from == 0 || start != 0 && start < from {
			from = start
		}
		until = max(until, end)
	}
	if until == 0 {
		return nil
	}
	slices.SortFunc(holders, models.HolderID.Compare)
	claims, err := tx.Claims(slices.Compact(holders), from, until)
	if err != nil {
		return err
	}
	for _, claim := range claims {
		if claim.AppointmentID.IsZero() || !slices.Contains(released, claim.AppointmentID) {
			state.hold(claim.Holder, claim.Tick, claim.Tick+1)
		}
	}
	return nil
}

// wishRange is the time over which a wish could be placed: all windows of the staff it is offered, on its days.
func wishRange(wished *wish) (from, until models.Tick) {
	for _, set := range wished.offered {
		for _, member := range set {
			for _, day := range wished.days {
				for _, window := range wished.conference.Windows(member, day) {
					if from == 0 || window.StartTick < from {
						from = window.StartTick
					}
					until = max(until, window.EndTick)
				}
			}
		}
	}
	return from, until
}
