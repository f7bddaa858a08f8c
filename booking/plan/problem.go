package plan

import (
	"cmp"
	"slices"
)

// problem is an instance made ready for planning: everything numbered, in an order that depends on the identifiers only, so that the order of the input
// cannot matter.
type problem struct {
	walk      []int32
	zones     int
	rates     rates
	longest   int // talks of the party with the most talks
	teachers  []string
	slots     []seat
	spanFirst []int32 // first slot of each (teacher, day); the slots of one follow each other; one entry more at the end
	units     []unit  // parties, then breaks
	clashes   bool
	grid      cost // minutes of which every start and end is a multiple
}

// seat is one slot of one teacher.
type seat struct {
	teacher, span int32
	day           int16
	start, end    int32
	clash         []int32 // slots of the same teacher that overlap
	users         []int32 // units that could use it
}

// unit is a party, or a break of one teacher.
type unit struct {
	id     string
	rest   bool
	talks  []talk
	drops  []cost
	visits []option // in the order of time; may include fixed ones
	fixed  []int32  // numbers of the fixed options
	apart  []apart
}

type talk struct {
	id       string
	drop     cost
	tier     int8
	weight   cost // dropped weight in millionths
	pinned   bool
	teachers []int32
}

// wants tells whether a teacher takes part in the talk.
func (t *talk) wants(teacher int32) bool { return slices.Contains(t.teachers, teacher) }

// numbers gives the numbers of teachers.
func (p *problem) numbers(teachers ...string) []int32 {
	list := make([]int32, len(teachers))
	for i, id := range teachers {
		at, _ := slices.BinarySearch(p.teachers, id)
		list[i] = int32(at)
	}
	return list
}

type apart struct {
	unit    int32
	minutes int32
}

// option is one possible time of one talk.
type option struct {
	talk       int8 // number within the unit; for fixed options as well
	fixed      bool
	zone       int8
	day        int16
	start, end int32
	price      cost // change against the published plan
	slots      []int32
}

// compile validates and numbers the instance. Errors: ErrInvalid.
func compile(instance Instance, o Objective, published *Plan) (*problem, error) {
	if err := instance.Validate(); err != nil {
		return nil, err
	}
	p := &problem{zones: len(instance.WalkMinutes), rates: o.rates()}
	for _, row := range instance.WalkMinutes {
		for _, minutes := range row {
			p.walk = append(p.walk, int32(minutes))
		}
	}
	c := compiler{p: p, instance: instance, slotAt: map[slotKey]int32{}, zone: map[string]int8{}, pins: timesOf(instance.Pinned)}
	if published != nil {
		c.published = timesOf(published.Assignments)
		c.publishedBreaks = map[string]moment{}
		for _, b := range published.Breaks {
			c.publishedBreaks[b.Break] = moment{b.Day, b.Start}
		}
	}
	c.numberSlots()
	c.parties()
	c.breaks()
	c.keepApart()
	if err := c.settlePins(); err != nil {
		return nil, err
	}
	if err := c.checkSums(); err != nil {
		return nil, err
	}
	c.noteUsers()
	p.grid = p.minuteGrid()
	return p, nil
}

type slotKey struct {
	teacher    string
	day, start int
}

type moment struct{ day, start int }

func timesOf(list []Assignment) map[string]moment {
	times := map[string]moment{}
	for _, a := range list {
		times[a.Request] = moment{a.Day, a.Start}
	}
	return times
}

type compiler struct {
	p               *problem
	instance        Instance
	slotAt          map[slotKey]int32
	zone            map[string]int8
	pins            map[string]moment
	published       map[string]moment
	publishedBreaks map[string]moment
	unitOf          map[string]int32
}

// sorted returns a copy in the order of the key.
func sorted[T any](list []T, key func(T) string) []T {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
	return list
}

func (c *compiler) numberSlots() {
	p := c.p
	for t, teacher := range sorted(c.instance.Teachers, func(t Teacher) string { return t.ID }) {
		p.teachers = append(p.teachers, teacher.ID)
		c.zone[teacher.ID] = int8(teacher.Zone)
		slots := slices.Clone(teacher.Slots)
		slices.SortFunc(slots, func(a, b Slot) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Start, b.Start)) })
		for n, s := range slots {
			if n == 0 || slots[n-1].Day != s.Day {
				p.spanFirst = append(p.spanFirst, int32(len(p.slots)))
			}
			c.slotAt[slotKey{teacher.ID, s.Day, s.Start}] = int32(len(p.slots))
			p.slots = append(p.slots, seat{teacher: int32(t), span: int32(len(p.spanFirst) - 1), day: int16(s.Day), start: int32(s.Start), end: int32(s.End)})
		}
	}
	p.spanFirst = append(p.spanFirst, int32(len(p.slots)))
	for s := range p.slots {
		for o := s + 1; o < len(p.slots) && p.slots[o].span == p.slots[s].span && p.slots[o].start < p.slots[s].end; o++ {
			p.slots[s].clash = append(p.slots[s].clash, int32(o))
			p.slots[o].clash = append(p.slots[o].clash, int32(s))
			p.clashes = true
		}
	}
}

// starts gives the visits of a talk that lasts some minutes with a set of teachers at once, within windows.
func (c *compiler) starts(number int, teachers []string, minutes int, windows []Window) []option {
	var list []option
	lead, _ := slices.BinarySearch(c.p.teachers, teachers[0])
	for _, first := range c.p.slotsOf(int32(lead)) {
		v := option{talk: int8(number), zone: c.zone[teachers[0]], day: first.day, start: first.start, end: first.start + int32(minutes)}
		if !within(windows, v) {
			continue
		}
		for _, t := range teachers {
			s, ok := c.slotAt[slotKey{t, int(v.day), int(v.start)}]
			if !ok || c.p.slots[s].end < v.end {
				break
			}
			v.slots = append(v.slots, s)
		}
		if len(v.slots) == len(teachers) {
			list = append(list, v)
		}
	}
	return list
}

// slotsOf gives the slots of one teacher.
func (p *problem) slotsOf(teacher int32) []seat {
	compare := func(s seat, t int32) int { return cmp.Compare(s.teacher, t) }
	from, _ := slices.BinarySearchFunc(p.slots, teacher, compare)
	to, _ := slices.BinarySearchFunc(p.slots, teacher+1, compare)
	return p.slots[from:to]
}

func within(windows []Window, v option) bool {
	for _, w := range windows {
		if int16(w.Day) == v.day && int32(w.From) <= v.start && v.end <= int32(w.To) {
			return true
		}
	}
	return false
}

func (c *compiler) parties() {
	c.unitOf = map[string]int32{}
	for _, party := range sorted(c.instance.Parties, func(p Party) string { return p.ID }) {
		u := unit{id: party.ID}
		for n, r := range sorted(party.Requests, func(r Request) string { return r.ID }) {
			drop, tier := c.p.rates.dropCost(r.Weight, r.Rank, r.Must)
			visits := c.starts(n, r.Teachers, r.Minutes, party.Windows)
			pin, pinned := c.pins[r.ID]
			if pinned {
				visits = c.pinVisits(n, r, pin)
				u.fixed = append(u.fixed, 0)
			} else if was, ok := c.published[r.ID]; ok {
				priceChange(visits, was, c.p.rates.change)
			}
			u.visits = append(u.visits, visits...)
			u.talks = append(u.talks, talk{id: r.ID, drop: drop, tier: tier, weight: toCost(r.Weight), pinned: pinned, teachers: c.p.numbers(r.Teachers...)})
		}
		c.unitOf[party.ID] = int32(len(c.p.units))
		c.add(u)
	}
}

// pinVisits is the one visit of a pinned request. A pin may lie outside the party's window, since people agreed on it; it must be held in real slots.
func (c *compiler) pinVisits(number int, r Request, pin moment) []option {
	all := []Window{{Day: pin.day, From: pin.start, To: pin.start + r.Minutes}}
	visits := c.starts(number, r.Teachers, r.Minutes, all)
	for i := range visits {
		visits[i].fixed = true
	}
	return visits
}

func priceChange(visits []option, was moment, price cost) {
	for i := range visits {
		if int(visits[i].day) != was.day || int(visits[i].start) != was.start {
			visits[i].price = price
		}
	}
}

func (c *compiler) breaks() {
	for _, b := range sorted(c.instance.Breaks, func(b Break) string { return b.ID }) {
		drop, tier := c.p.rates.dropCost(b.Weight, 0, true)
		visits := c.starts(0, []string{b.Teacher}, b.Minutes, b.Windows)
		if was, ok := c.publishedBreaks[b.ID]; ok {
			priceChange(visits, was, c.p.rates.change)
		}
		c.add(unit{id: b.ID, rest: true, visits: visits, talks: []talk{{id: b.ID, drop: drop, tier: tier, weight: toCost(b.Weight), teachers: c.p.numbers(b.Teacher)}}})
	}
}

func (c *compiler) add(u unit) {
	slices.SortStableFunc(u.visits, func(a, b option) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.start, b.start)) })
	for _, t := range u.talks {
		u.drops = append(u.drops, t.drop)
	}
	c.p.longest = max(c.p.longest, len(u.talks))
	c.p.units = append(c.p.units, u)
}

func (c *compiler) keepApart() {
	for _, a := range c.instance.Apart {
		one, two := c.unitOf[a.A], c.unitOf[a.B]
		c.p.units[one].apart = append(c.p.units[one].apart, apart{two, int32(a.Minutes)})
		c.p.units[two].apart = append(c.p.units[two].apart, apart{one, int32(a.Minutes)})
	}
}

// noteUsers lists who could use each slot.
func (c *compiler) noteUsers() {
	for u := range c.p.units {
		for _, v := range c.p.units[u].visits {
			for _, s := range v.slots {
				list := c.p.slots[s].users
				if len(list) == 0 || list[len(list)-1] != int32(u) {
					c.p.slots[s].users = append(list, int32(u))
				}
			}
		}
	}
}
