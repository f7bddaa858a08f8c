package plan

import "fmt"

// settlePins checks the pinned appointments against each other and takes away every visit that they make impossible. Errors: ErrInvalid.
func (c *compiler) settlePins() error {
	p := c.p
	taken := make([]bool, len(p.slots))
	for u := range p.units {
		if err := c.settleUnit(&p.units[u], taken); err != nil {
			return err
		}
	}
	if len(c.pins) == 0 {
		return nil
	}
	for u := range p.units {
		list := &p.units[u]
		var keep []option
		list.fixed = list.fixed[:0]
		for _, v := range list.visits {
			if v.fixed {
				list.fixed = append(list.fixed, int32(len(keep)))
			} else if anyTaken(v.slots, taken) || list.overlapsFixed(v) {
				continue
			}
			keep = append(keep, v)
		}
		list.visits = keep
	}
	return nil
}

// settleUnit takes the slots of one party's pinned appointments and checks that the party can walk from one to the next.
func (c *compiler) settleUnit(u *unit, taken []bool) error {
	var last *option
	count := 0
	for i := range u.visits {
		v := &u.visits[i]
		if !v.fixed {
			continue
		}
		count++
		if anyTaken(v.slots, taken) {
			return fmt.Errorf("%w: pinned: two appointments take the same slot", ErrInvalid)
		}
		for _, s := range v.slots {
			taken[s] = true
			for _, o := range c.p.slots[s].clash {
				taken[o] = true
			}
		}
		if last != nil && last.day == v.day && v.start < last.end+c.p.walk[int(last.zone)*c.p.zones+int(v.zone)] {
			return fmt.Errorf("%w: pinned: a party cannot get from one appointment to the next", ErrInvalid)
		}
		last = v
	}
	if count != len(u.fixed) {
		return fmt.Errorf("%w: pinned: an appointment stands where its teachers have no slot", ErrInvalid)
	}
	return nil
}

func anyTaken(slots []int32, taken []bool) bool {
	for _, s := range slots {
		if taken[s] {
			return true
		}
	}
	return false
}

func (u *unit) overlapsFixed(v option) bool {
	for _, f := range u.visits {
		if f.fixed && f.day == v.day && f.start < v.end && v.start < f.end {
			return true
		}
	}
	return false
}

// checkSums refuses an instance whose costs could overflow. Errors: ErrInvalid.
func (c *compiler) checkSums() error {
	var sum float64
	for _, u := range c.p.units {
		for _, t := range u.talks {
			sum += float64(t.drop)
		}
	}
	if sum > float64(infinite)/4 {
		return fmt.Errorf("%w: the weights add up to more than can be counted", ErrInvalid)
	}
	return nil
}
