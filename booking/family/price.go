package family

import (
	"sync"
	"time"

	"github.com/ouderavond/ouderavond/booking/plan"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

const (
	// forOthers is what all talks of a proposal together may cost the family for the sake of others, in minutes of waiting. A proposal is the family's best
	// evening; prices decide between those that are as good, or nearly.
	forOthers = 9
	// earlier is the price of one minute later, for all talks together, so that of two times that are as good the earlier one is proposed.
	earlier = 0.002
)

// slotPrices says what a time costs the others when it goes: the gap that it leaves in the teacher's evening, and how many others want it. The latter is half
// how much of that moment is taken in the whole conference, and half how much of that half of the teacher's day is: families can come early or late, and the
// half that is nearly full is for those who can come at no other time. Measured in proposals_evening_test.go.
type slotPrices struct {
	talks   int // that share what a proposal may cost
	state   *rules.Arrangement
	rule    plan.PriceRule
	popular map[models.ConferenceID]map[models.Tick]float64
	known   map[pricedStaff]map[models.Tick]float64
}

type pricedStaff struct {
	staff      models.StaffID
	conference models.ConferenceID
	minutes    int
}

// of gives the price of a placement, in minutes of waiting.
func (p *slotPrices) of(place rules.Placement) float64 {
	price := 0.0
	for _, member := range place.Staff {
		price += p.ofStaff(place.Request.Conference, member, place.Request.Kind.Minutes)[place.Slot.Start]
	}
	return price / float64(max(1, len(place.Staff)*p.talks))
}

// ofStaff gives the prices of one teacher's slots for talks of a length.
func (p *slotPrices) ofStaff(conference *programme.Conference, staff models.StaffID, minutes int) map[models.Tick]float64 {
	key := pricedStaff{staff, conference.ID, minutes}
	if prices, ok := p.known[key]; ok {
		return prices
	}
	prices := map[models.Tick]float64{}
	for _, day := range conference.Days {
		slots := rules.SlotsOf(conference, []models.StaffID{staff}, models.Ticks(minutes), []models.DayID{day.ID})
		asked := make([]plan.PricedSlot, len(slots))
		for i, open := range slots {
			start := (open.Start - slots[0].Start).Minutes()
			asked[i] = plan.PricedSlot{
				Slot: plan.Slot{Start: start, End: start + minutes}, Popular: p.popular[conference.ID][open.Start],
				Taken: p.state.IsBusy(models.HolderID(staff), open.Start, open.Start+models.Ticks(minutes)),
			}
		}
		addHalves(asked)
		for i, price := range p.rule.Prices(asked) {
			prices[slots[i].Start] = price + earlier*float64(asked[i].Start)
		}
	}
	p.known[key] = prices
	return prices
}

// addHalves mixes into the popularity how much of the same half of the day is taken.
func addHalves(slots []plan.PricedSlot) {
	if len(slots) == 0 {
		return
	}
	middle := slots[len(slots)-1].End / 2
	half := func(s plan.PricedSlot) int {
		if s.Start < middle {
			return 0
		}
		return 1
	}
	var taken, all [2]float64
	for _, s := range slots {
		all[half(s)]++
		if s.Taken {
			taken[half(s)]++
		}
	}
	for i := range slots {
		slots[i].Popular = (slots[i].Popular + taken[half(slots[i])]/all[half(slots[i])]) / 2
	}
}

// gatherPrices looks up how popular each moment of the conferences concerned is.
func (w *proposer) gatherPrices() error {
	w.prices = &slotPrices{
		talks: len(w.requests), state: w.state, rule: plan.PriceRule{Popular: forOthers}, popular: map[models.ConferenceID]map[models.Tick]float64{}, known: map[pricedStaff]map[models.Tick]float64{},
	}
	for _, wanted := range w.requests {
		conference := wanted.request.Conference
		if _, ok := w.prices.popular[conference.ID]; ok {
			continue
		}
		shares, err := w.popularity.of(w.tx, conference)
		if err != nil {
			return err
		}
		w.prices.popular[conference.ID] = shares
	}
	return nil
}

// popularity remembers for each conference how much of each moment is taken, as a share of the moment most taken. Which moments families can come at is
// not asked, so that what they booked so far must tell. It is a price and no promise, and reading it takes longer than planning for a family does; so it is
// read anew once in a while only. The zero value is ready for use, by many at once.
type popularity struct {
	mutex sync.Mutex
	known map[models.ConferenceID]*takenShares
}

type takenShares struct {
	at     time.Time
	shares map[models.Tick]float64
}

const (
	// popularityAge is how old the shares may be.
	popularityAge = 30 * time.Second
	// maxRemembered is how many conferences are remembered; beyond that all are forgotten.
	maxRemembered = 1000
)

// of gives the shares of a conference. The map is shared and must not be changed.
func (p *popularity) of(tx *store.Tx, conference *programme.Conference) (map[models.Tick]float64, error) {
	if shares, fresh := p.remembered(conference.ID, tx.Now()); fresh {
		return shares, nil
	}
	shares, err := takenOf(tx, conference)
	if err != nil {
		return nil, err
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.known == nil || len(p.known) >= maxRemembered {
		p.known = map[models.ConferenceID]*takenShares{}
	}
	p.known[conference.ID] = &takenShares{tx.Now(), shares}
	return shares, nil
}

// remembered gives what is known of a conference. Of many who find it too old, only the first reads it anew; the others take what there is.
func (p *popularity) remembered(id models.ConferenceID, now time.Time) (map[models.Tick]float64, bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	found, ok := p.known[id]
	if !ok {
		return nil, false
	}
	if age := now.Sub(found.at); age >= 0 && age < popularityAge {
		return found.shares, true
	}
	found.at = now
	return found.shares, false
}

// minTalksToCount is how many talks at one moment are so few that their number says little.
const minTalksToCount = 4

// takenOf counts the teachers who are in a talk at each tick of a conference, as a share of the tick at which most are.
func takenOf(tx *store.Tx, conference *programme.Conference) (map[models.Tick]float64, error) {
	rows, err := store.List[models.Appointment](tx, store.Eq("conference_id", conference.ID), store.Eq("state", models.AppointmentBooked))
	if err != nil {
		return nil, err
	}
	shares := map[models.Tick]float64{}
	most := float64(minTalksToCount)
	for i := range rows {
		for tick := rows[i].StartTick; tick < rows[i].EndTick; tick++ {
			shares[tick]++
			most = max(most, shares[tick])
		}
	}
	for tick := range shares {
		shares[tick] /= most
	}
	return shares, nil
}
