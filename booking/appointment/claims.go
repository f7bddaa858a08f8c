package appointment

import (
	"math"
	"slices"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// loadAsked loads the claims at the asked times only, of those who are asked: all that is needed where everything can be placed there.
func loadAsked(tx *store.Tx, state *rules.Arrangement, requests []*rules.Request, released []models.AppointmentID) error {
	var holders []models.HolderID
	from, until := models.Tick(math.MaxInt32), models.Tick(0)
	for _, request := range requests {
		for _, asked := range request.Choices {
			from, until = min(from, asked.Start), max(until, asked.Start+models.Ticks(request.Kind.Minutes))
			for _, member := range asked.Staff {
				holders = append(holders, models.HolderID(member))
			}
		}
		if request.Kind.PupilAttends {
			holders = append(holders, rules.PupilHolder(state.People, request.Kind, request.Pupil, request.Household))
		}
		holders = append(holders, state.FamilyHolders(request.Household, request.Party, nil)...)
	}
	return loadBetween(tx, state, append(holders, roomHolders(state)...), from, until, released)
}

// loadClaims loads the claims of everybody whom the wishes could concern, over the days they are offered, without those of released appointments.
func loadClaims(tx *store.Tx, state *rules.Arrangement, requests []*rules.Request, released []models.AppointmentID) error {
	holders := schoolHolders(state, requests)
	for _, request := range requests {
		holders = append(holders, state.FamilyHolders(request.Household, request.Party, nil)...)
	}
	return loadOver(tx, state, requests, holders, released)
}

// LoadSchoolClaims loads the claims of teachers, rooms and pupils only: what any session may know of.
func LoadSchoolClaims(tx *store.Tx, state *rules.Arrangement, requests []*rules.Request) error {
	return loadOver(tx, state, requests, schoolHolders(state, requests), nil)
}

// LoadFamilyClaims loads the claims of the families themselves: what a confirmed session may know of.
func LoadFamilyClaims(tx *store.Tx, state *rules.Arrangement, requests []*rules.Request) error {
	var holders []models.HolderID
	for _, request := range requests {
		holders = append(holders, state.FamilyHolders(request.Household, request.Party, nil)...)
	}
	return loadOver(tx, state, requests, holders, nil)
}

func schoolHolders(state *rules.Arrangement, requests []*rules.Request) []models.HolderID {
	var holders []models.HolderID
	for _, request := range requests {
		for _, set := range request.Offered {
			for _, member := range set {
				holders = append(holders, models.HolderID(member))
			}
		}
		if request.Kind.PupilAttends {
			holders = append(holders, rules.PupilHolder(state.People, request.Kind, request.Pupil, request.Household))
		}
	}
	return append(holders, roomHolders(state)...)
}

func roomHolders(state *rules.Arrangement) []models.HolderID {
	var holders []models.HolderID
	for _, room := range state.Programme.Rooms() {
		if room.UsedAlone {
			holders = append(holders, models.HolderID(room.ID))
		}
	}
	return holders
}

func loadOver(tx *store.Tx, state *rules.Arrangement, requests []*rules.Request, holders []models.HolderID, released []models.AppointmentID) error {
	from, until := models.Tick(0), models.Tick(0)
	for _, request := range requests {
		start, end := requestRange(request)
		if from == 0 || start != 0 && start < from {
			from = start
		}
		until = max(until, end)
	}
	return loadBetween(tx, state, holders, from, until, released)
}

// maxTicksOneByOne is up to how long a time, in which hardly anybody asked is busy, claims are read one by one.
const maxTicksOneByOne = 24

func loadBetween(tx *store.Tx, state *rules.Arrangement, holders []models.HolderID, from, until models.Tick, released []models.AppointmentID) error {
	if until <= from {
		return nil
	}
	slices.SortFunc(holders, models.HolderID.Compare)
	if state.ByMemory && len(released) == 0 {
		if busy, ok := tx.Remembered(slices.Compact(holders)); ok {
			for holder, ticks := range busy {
				state.OccupyAll(holder, ticks)
			}
			return nil
		}
	}
	if until-from <= maxTicksOneByOne {
		claims, err := tx.Claims(slices.Compact(holders), from, until)
		for _, claim := range claims {
			if claim.AppointmentID.IsZero() || !slices.Contains(released, claim.AppointmentID) {
				state.Occupy(claim.Holder, claim.Tick, claim.Tick+1)
			}
		}
		return err
	}
	ask := tx.Busy
	if state.ByRows {
		ask = tx.BusyInRows
	}
	busy, err := ask(slices.Compact(holders), from, until, released)
	if err != nil {
		return err
	}
	for holder, ticks := range busy {
		state.OccupyAll(holder, ticks)
	}
	return nil
}

// requestRange is the time over which a wish could be placed: all windows of the staff it is offered, on its days.
func requestRange(request *rules.Request) (from, until models.Tick) {
	for _, set := range request.Offered {
		for _, member := range set {
			for _, day := range request.Days {
				for _, window := range request.Conference.Windows(member, day) {
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
