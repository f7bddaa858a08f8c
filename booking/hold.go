package booking

import (
	"math"
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

// holdAsked loads the claims at the asked times only, of those who are asked: all that is needed where everything can be placed there.
func holdAsked(tx *store.Tx, state *arrangement, wishes []*wish, released []models.AppointmentID) error {
	var holders []models.HolderID
	from, until := models.Tick(math.MaxInt32), models.Tick(0)
	for _, wished := range wishes {
		for _, asked := range wished.choices {
			from, until = min(from, asked.start), max(until, asked.start+models.Ticks(wished.kind.Minutes))
			for _, member := range asked.staff {
				holders = append(holders, models.HolderID(member))
			}
		}
		if wished.kind.PupilAttends {
			holders = append(holders, models.HolderID(wished.pupil.ID))
		}
		holders = append(holders, state.familyHolders(wished.household, wished.party, nil)...)
	}
	return holdBetween(tx, state, append(holders, roomHolders(state)...), from, until, released)
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
	return append(holders, roomHolders(state)...)
}

func roomHolders(state *arrangement) []models.HolderID {
	var holders []models.HolderID
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
	return holdBetween(tx, state, holders, from, until, released)
}

// fewTicks is up to how long a time, in which hardly anybody asked is busy, claims are read one by one.
const fewTicks = 24

func holdBetween(tx *store.Tx, state *arrangement, holders []models.HolderID, from, until models.Tick, released []models.AppointmentID) error {
	if until <= from {
		return nil
	}
	slices.SortFunc(holders, models.HolderID.Compare)
	if state.byMemory && len(released) == 0 {
		if busy, ok := tx.Remembered(slices.Compact(holders)); ok {
			for holder, ticks := range busy {
				state.holdAll(holder, ticks)
			}
			return nil
		}
	}
	if until-from <= fewTicks {
		claims, err := tx.Claims(slices.Compact(holders), from, until)
		for _, claim := range claims {
			if claim.AppointmentID.IsZero() || !slices.Contains(released, claim.AppointmentID) {
				state.hold(claim.Holder, claim.Tick, claim.Tick+1)
			}
		}
		return err
	}
	ask := tx.Busy
	if state.byRows {
		ask = tx.BusyInRows
	}
	busy, err := ask(slices.Compact(holders), from, until, released)
	if err != nil {
		return err
	}
	for holder, ticks := range busy {
		state.holdAll(holder, ticks)
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
