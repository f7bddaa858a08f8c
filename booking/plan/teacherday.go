package plan

// teacherDay is the other half of the bound: for one teacher's day, the pattern of used slots that is cheapest in idle minutes less the prices earned.
// A day whose pattern is not free (pinned appointments, overlapping slots) is taken without idle minutes, which can only be lower.
func (p *problem) teacherDay(span int, prices []cost, plain bool, used []bool) cost {
	from, to := int(p.spanFirst[span]), int(p.spanFirst[span+1])
	if plain || p.rates.idle == 0 {
		var sum cost
		for s := from; s < to; s++ {
			if used[s] = prices[s] > 0; used[s] {
				sum -= prices[s]
			}
		}
		return sum
	}
	open, openFrom := infinite, from // cheapest way to be between the first and the last use, and the first
	value, first, last := cost(0), 0, -1
	for s := from; s < to; s++ {
		seat := &p.slots[s]
		if s > from {
			open += p.rates.idle * cost(seat.start-p.slots[s-1].end)
		}
		run, runFrom := -prices[s], s
		if open < 0 {
			run, runFrom = run+open, openFrom
		}
		if run < value {
			value, first, last = run, runFrom, s
		}
		idle := p.rates.idle * cost(seat.end-seat.start)
		if open += idle; run < open {
			open, openFrom = run, runFrom
		}
	}
	for s := from; s < to; s++ {
		inside := s >= first && s <= last
		used[s] = inside && (s == first || s == last || -prices[s] < p.rates.idle*cost(p.slots[s].end-p.slots[s].start))
	}
	return value
}
