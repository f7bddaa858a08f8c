package parent

import (
	"crypto/rand"
	"encoding/binary"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/auth/limiter"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/store"
)

// origins are the keyed indexes of where a try comes from.
type origins struct{ address, network, token []byte }

func originsOf(tx *store.Tx, origin Origin) origins {
	return origins{
		address: tx.Index("login address", budget.Network(origin.Address)), network: tx.Index("login address", budget.Wide(origin.Address)),
		token: tx.Index("login try", origin.Try),
	}
}

func childIndex(tx *store.Tx, id models.PupilID) []byte { return tx.Index("login child", id.String()) }

func householdIndex(tx *store.Tx, id models.HouseholdID) []byte {
	return tx.Index("login household", id.String())
}

// charged reads the wrong answers that count now, by time: of the public form and of known devices.
func charged(tx *store.Tx) (public, devices []models.LoginMiss, err error) {
	rows, err := store.List[models.LoginMiss](tx, store.In("lane", []models.Lane{models.LanePublic, models.LaneDevice}), store.From("at", tx.Now().Add(-limiter.Kept)))
	if err != nil {
		return nil, nil, err
	}
	slices.SortStableFunc(rows, func(a, b models.LoginMiss) int { return a.At.Compare(b.At) })
	for _, row := range rows {
		if row.Lane == models.LanePublic {
			public = append(public, row)
		} else {
			devices = append(devices, row)
		}
	}
	return public, devices, nil
}

// budgetOf turns the rows of the public form into what the limiter decides by.
func budgetOf(tx *store.Tx, total int, public []models.LoginMiss) limiter.School {
	school := limiter.School{Now: tx.Now(), Total: total, Misses: make([]limiter.Miss, len(public))}
	for i, row := range public {
		school.Misses[i] = limiter.Miss{
			At: row.At, Cost: limiter.Quarters(row.Cost), Child: string(row.Child), Address: string(row.Address), Network: string(row.Network), Token: string(row.Token), Answer: string(row.Answer),
		}
	}
	return school
}

// households counts who got in from an address, and from its network, by any proof.
func (o origins) households(tx *store.Tx) (fromAddress, fromNetwork int, err error) {
	since := store.From("at", tx.Now().Add(-limiter.Kept))
	address, err := store.Count[models.LoginSuccess](tx, store.Eq("address", o.address), since)
	if err != nil || string(o.address) == string(o.network) {
		return int(address), int(address), err
	}
	rows, err := store.List[models.LoginSuccess](tx, store.Eq("network", o.network), since)
	different := map[string]bool{}
	for _, row := range rows {
		different[string(row.Household)] = true
	}
	return int(address), len(different), err
}

// gotIn notes that a household got in, by any proof, and takes back the misses at its children that came with the same try tokens: they were slips of its own.
func gotIn(tx *store.Tx, people *directory.Directory, household models.HouseholdID, from origins, public []models.LoginMiss, also ...[]byte) (takenBack int, err error) {
	own := func(token []byte) bool {
		return slices.ContainsFunc(append(also, from.token), func(one []byte) bool { return string(one) == string(token) })
	}
	children := map[string]bool{}
	for _, id := range people.Members(household) {
		children[string(childIndex(tx, id))] = true
	}
	var slots []int64
	for _, row := range public {
		if own(row.Token) && children[string(row.Child)] && row.At.After(tx.Now().Add(-limiter.SchoolWindow)) {
			slots = append(slots, row.Slot)
		}
	}
	if len(slots) > 0 {
		if _, err := store.Delete[models.LoginMiss](tx, store.In("slot", slots)); err != nil {
			return 0, err
		}
	}
	return len(slots), store.Put(tx, &models.LoginSuccess{Address: from.address, Household: householdIndex(tx, household), Network: from.network, At: tx.Now()})
}

// rowsOfAFailure is how many rows each failure writes, whatever was wrong.
const rowsOfAFailure = 4

// ring is how many shadow rows a school has at most.
const ring = 4096

// fail writes the rows of a failure: the misses that are charged, and shadows for the rest. Each failure writes at two places, whatever it charges: time must not tell
// a right answer that was refused from a wrong one, or one that was charged from one that was not.
func fail(tx *store.Tx, misses []*models.LoginMiss) error {
	dice := make([]byte, 16)
	_, _ = rand.Read(dice) // crypto/rand never fails: the program would have stopped
	first, second := int64(binary.BigEndian.Uint64(dice)>>1), int64(binary.BigEndian.Uint64(dice[8:])>>1)
	shadows := make([]*models.LoginShadow, rowsOfAFailure)
	for i := range shadows {
		shadows[i] = shadow(second/rowsOfAFailure%(ring/rowsOfAFailure)*rowsOfAFailure+int64(i), tx.Now())
	}
	for i, miss := range misses {
		miss.Slot = first/2 + int64(i)
	}
	if len(misses) > 0 {
		if err := store.Put(tx, misses...); err != nil || len(misses) == rowsOfAFailure {
			return err
		}
		return store.Put(tx, shadows[len(misses):]...)
	}
	// Somewhere else than the others, and at another place of the four, so that it is none of theirs.
	elsewhere := first % (ring / rowsOfAFailure) * rowsOfAFailure
	if elsewhere == shadows[0].Slot {
		elsewhere = (elsewhere + rowsOfAFailure) % ring
	}
	if err := store.Put(tx, shadow(elsewhere, tx.Now())); err != nil {
		return err
	}
	return store.Put(tx, shadows[1:]...)
}

// shadow is a row of the size of a miss, with nothing in it.
func shadow(slot int64, at time.Time) *models.LoginShadow {
	const size = 32
	noise := make([]byte, 6*size)
	_, _ = rand.Read(noise)
	part := func(n int) []byte { return noise[n*size : (n+1)*size] }
	return &models.LoginShadow{
		Slot: slot, Lane: models.LanePublic, Household: part(0), Child: part(1), Address: part(2), Network: part(3), Token: part(4), Answer: part(5), Cost: int(limiter.Far), At: at,
	}
}
