package plan

// PricedSlot is one slot of a teacher, with whether it is taken already.
type PricedSlot struct {
	Slot
	Taken bool
	// Popular is the share of families (0 to 1) that could come at this time.
	Popular float64
}

// PriceRule says what a slot costs the others when a family books for itself. Without prices, families that each take the plan that is best for them
// leave fewer places for the rest than families who just book somewhere.
type PriceRule struct {
	// Gap is the price of one more unused minute between a teacher's first and last talk of a day.
	Gap float64
	// Popular is the price of a time at which everybody can come. It keeps those times for those who can come at no other.
	Popular float64
}

// UsualPrices are prices that were measured to bring self-booking close to the best possible evening. A price on gaps is not among them: even a small one
// makes families wait longer and meets no more wishes; it only saves teachers idle time.
func UsualPrices() PriceRule { return PriceRule{Popular: 60} }

// Prices gives the price of each of one teacher's slots, in minutes of waiting; taken slots get 0.
func (r PriceRule) Prices(slots []PricedSlot) []float64 {
	use := map[int]*spanUse{}
	for _, s := range slots {
		if !s.Taken {
			continue
		}
		u := use[s.Day]
		if u == nil {
			u = &spanUse{first: int32(s.Start), last: int32(s.End)}
			use[s.Day] = u
		}
		u.first, u.last = min(u.first, int32(s.Start)), max(u.last, int32(s.End))
	}
	prices := make([]float64, len(slots))
	for i, s := range slots {
		if s.Taken {
			continue
		}
		prices[i] = r.Popular * s.Popular
		if u := use[s.Day]; u != nil {
			stretch := max(u.last, int32(s.End)) - min(u.first, int32(s.Start)) - (u.last - u.first)
			prices[i] += r.Gap * float64(int(stretch)-(s.End-s.Start))
		}
	}
	return prices
}
