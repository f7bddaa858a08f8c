package plan

import (
	"cmp"
	"slices"
)

// Shortage explains, for one teacher, why some wishes cannot be met by any plan.
type Shortage struct {
	Teacher string
	// Asked is the number of talks and breaks wanted, Places the number of slots, and Unmet how many must go without in the best case.
	Asked, Places, Unmet int
	// Nowhere is the number of further wishes for which there is no time at all: the family cannot come when the teacher has slots. They count in none of
	// the other numbers; where a talk is with several teachers, it is noted at the first.
	Nowhere int
	// Crowd of talks want the same Room of slots, and there are fewer of those: the tightest part of the shortage. It can be far smaller than Asked and
	// Places where the families can come only at some times.
	Crowd, Room int
	// Hour is the hour that would help most if the teacher had it in addition; nil if no single hour helps.
	Hour *ExtraHour
}

// ExtraHour is an hour of a teacher, in minutes from the start of the day's grid.
type ExtraHour struct {
	Day, From, To int
	// Gain is the number of further wishes that could be met. Parties whose window reaches the edge of a day are taken to be able to come right before
	// or after it as well.
	Gain int
}

// Shortages lists the teachers who are asked for more than there is, or at times that they do not have, the worst first. It needs no plan, and looks at every teacher alone, so that the
// numbers hold for every plan. Errors: ErrInvalid.
func Shortages(instance Instance) ([]Shortage, error) {
	p, err := compile(instance, Interchange(), nil)
	if err != nil {
		return nil, err
	}
	var list []Shortage
	hours := newHours(instance)
	nowhere := p.nowhere()
	for t, clients := range p.teacherClients(false) {
		a := match(clients)
		if len(a.missing) == 0 && nowhere[t] == 0 {
			continue
		}
		s := Shortage{Teacher: p.teachers[t], Asked: len(clients), Places: len(p.slotsOf(int32(t))), Unmet: len(a.missing), Nowhere: nowhere[t]}
		if s.Unmet > 0 {
			s.Crowd, s.Room = a.crowd()
			s.Hour = hours.best(p, int32(t), clients, len(a.missing))
		}
		list = append(list, s)
	}
	slices.SortStableFunc(list, func(a, b Shortage) int {
		return cmp.Or(cmp.Compare(b.Unmet, a.Unmet), cmp.Compare(b.Nowhere, a.Nowhere))
	})
	return list, nil
}

// nowhere counts, for each teacher, the wishes that can be held at no time.
func (p *problem) nowhere() []int {
	count := make([]int, len(p.teachers))
	for u := range p.units {
		for t := range p.units[u].talks {
			if !p.units[u].canHold(t) {
				count[p.units[u].talks[t].teachers[0]]++
			}
		}
	}
	return count
}

// crowd counts who competes for what with those who go without: more clients than slots, by Hall's theorem the reason.
func (a *assignment) crowd() (clients, slots int) {
	seen := map[int32]bool{}
	for _, c := range a.missing {
		a.reach(c, seen)
	}
	return len(seen) + len(a.missing), len(seen)
}

// hours looks for hours that a teacher could have in addition.
type hours struct {
	instance Instance
	windows  map[string][]Window
	length   map[string]int // of each request and break
	from, to []int          // edges of each day's grid
}

func newHours(instance Instance) *hours {
	h := &hours{instance: instance, windows: map[string][]Window{}, length: map[string]int{}}
	h.from, h.to = make([]int, instance.Days), make([]int, instance.Days)
	seen := make([]bool, instance.Days)
	for _, t := range instance.Teachers {
		for _, s := range t.Slots {
			if !seen[s.Day] {
				h.from[s.Day], h.to[s.Day], seen[s.Day] = s.Start, s.End, true
			}
			h.from[s.Day], h.to[s.Day] = min(h.from[s.Day], s.Start), max(h.to[s.Day], s.End)
		}
	}
	for _, p := range instance.Parties {
		for _, r := range p.Requests {
			h.windows[r.ID], h.length[r.ID] = p.Windows, r.Minutes
		}
	}
	return h
}

// best tries every hour in which the teacher has no slot, an hour before and after each day included.
func (h *hours) best(p *problem, teacher int32, clients []client, unmet int) *ExtraHour {
	slots := p.slotsOf(teacher)
	length := 10
	if len(slots) > 0 {
		length = int(slots[0].end - slots[0].start)
	}
	var best *ExtraHour
	for day := range h.instance.Days {
		for from := h.from[day] - 60; from <= h.to[day]; from += 30 {
			if slices.ContainsFunc(slots, func(s seat) bool { return int(s.day) == day && int(s.start) < from+60 && from < int(s.end) }) {
				continue
			}
			gain := unmet - len(match(h.extended(p, clients, day, from, length)).missing)
			if gain > 0 && (best == nil || gain > best.Gain) {
				best = &ExtraHour{Day: day, From: from, To: from + 60, Gain: gain}
			}
		}
	}
	return best
}

// extended gives the clients the slots of one more hour, with numbers above all real ones.
func (h *hours) extended(p *problem, clients []client, day, from, length int) []client {
	list := slices.Clone(clients)
	for i := range list {
		c := &list[i]
		unit := &p.units[c.unit]
		if unit.rest || h.length[unit.talks[c.talk].id] > length {
			continue
		}
		slots := slices.Clone(c.slots)
		for n := 0; (n+1)*length <= 60; n++ {
			if h.canCome(unit.talks[c.talk].id, day, from+n*length, length) {
				slots = append(slots, int32(len(p.slots)+n))
			}
		}
		c.slots = slots
	}
	return list
}

func (h *hours) canCome(request string, day, start, length int) bool {
	return slices.ContainsFunc(h.windows[request], func(w Window) bool {
		if w.Day != day {
			return false
		}
		from, to := w.From, w.To
		if from <= h.from[day] {
			from -= 60
		}
		if to >= h.to[day] {
			to += 60
		}
		return from <= start && start+length <= to
	})
}
