package parent

import (
	"github.com/ouderavond/ouderavond/auth/limiter"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// maxHomes is to how many households a device may be known and still pass for them: one that more know is a library's or a school's.
const maxHomes = 4

// device is what a known device may do: the households that know it, and what was charged to it.
type device struct {
	index  []byte
	homes  map[models.HouseholdID]bool
	misses []models.LoginMiss
}

// deviceOf gives the households that know the device of a try, because it booked or was confirmed for them. A device that too many know is known to nobody.
func deviceOf(tx *store.Tx, origin Origin) (device, error) {
	known := device{homes: map[models.HouseholdID]bool{}}
	if origin.Shared || !session.IsDevice(origin.Device) {
		return known, nil
	}
	known.index = tx.Index("device", origin.Device)
	makers, err := store.List[models.Maker](tx, store.Eq("device_index", known.index))
	if err != nil {
		return known, err
	}
	for _, maker := range makers {
		if tx.Now().Before(maker.ExpiresAt) {
			known.homes[maker.HouseholdID] = true
		}
	}
	sessions, err := store.List[models.Session](tx, store.Eq("device_index", known.index))
	if err != nil {
		return known, err
	}
	for _, row := range sessions {
		for _, grant := range row.Data.Grants {
			if grant.Confirmed {
				known.homes[grant.Household] = true
			}
		}
	}
	if len(known.homes) > maxHomes {
		clear(known.homes)
	}
	return known, nil
}

// of gives the device's budget at a child; nil if no household of the child knows it.
func (d device) of(a *attempt, child models.PupilID, answer []byte) *limiter.Device {
	for _, row := range a.people.HouseholdsOf(child) {
		if !d.homes[row.HouseholdID] {
			continue
		}
		budget, children := &limiter.Device{}, map[string]bool{}
		for _, id := range a.people.Members(row.HouseholdID) {
			children[string(childIndex(a.tx, id))] = true
		}
		for _, miss := range d.misses {
			if string(miss.Token) != string(d.index) || !children[string(miss.Child)] || !miss.At.After(a.tx.Now().Add(-limiter.Kept)) {
				continue
			}
			budget.Misses++
			budget.Repeated = budget.Repeated || string(miss.Answer) == string(answer) && string(miss.Child) == string(childIndex(a.tx, child))
		}
		return budget
	}
	return nil
}
