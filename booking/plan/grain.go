package plan

// minuteGrid is the number of minutes of which the start and the end of every slot and every visit is a multiple.
func (p *problem) minuteGrid() cost {
	minute := cost(0)
	for s := range p.slots {
		minute = divisor(minute, abs(cost(p.slots[s].start)))
		minute = divisor(minute, abs(cost(p.slots[s].end)))
	}
	for u := range p.units {
		for _, v := range p.units[u].visits {
			minute = divisor(divisor(minute, abs(cost(v.start))), abs(cost(v.end)))
		}
	}
	return minute
}

// grain is the greatest amount of which every possible cost is a multiple.
func (p *problem) grain() cost {
	minute, grain := p.grid, cost(0)
	for _, w := range p.walk {
		minute = divisor(minute, cost(w))
	}
	for u := range p.units {
		for _, t := range p.units[u].talks {
			grain = divisor(grain, t.drop)
		}
	}
	if p.rates.long > 0 {
		minute = divisor(minute, cost(p.rates.longAfter))
	}
	for _, rate := range []cost{p.rates.wait, p.rates.walk, p.rates.idle, p.rates.long} {
		grain = divisor(grain, rate*minute)
	}
	return divisor(divisor(divisor(grain, p.rates.day), p.rates.change), p.rates.incomplete)
}

func abs(c cost) cost { return max(c, -c) }
