package history

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
)

// Fault is a fault that is planted in a schedule, to see whether the check finds it.
type Fault string

// The faults of a schedule in memory. The first is none.
const (
	Faultless       Fault = ""
	CheckThenInsert Fault = "looks whether a slot is free, and takes it later without looking again"
	ForgetsKeys     Fault = "does a repeated call again, though its answer was given and the talk cancelled since"
	HalfAChange     Fault = "does the first half of a change and acknowledges it all"
	MovesInTwoSteps Fault = "lets a moving talk be seen nowhere"
	NoOverlapCheck  Fault = "lets a family be in two places at once"
	NoLimit         Fault = "lets a child have more talks than allowed"
	RefusesFree     Fault = "says that a slot is taken that nobody has"
)

// Memory is a schedule in memory: what the check must find nothing in, and with a fault planted, what it must find.
type Memory struct {
	size  Size
	fault Fault

	mutex   sync.Mutex
	talks   map[place]Talk
	answers map[string]Answer
	count   int // of changes, for ids and for faults that come now and then
}

// NewMemory makes an empty evening.
func NewMemory(size Size, fault Fault) *Memory {
	return &Memory{size: size, fault: fault, talks: map[place]Talk{}, answers: map[string]Answer{}}
}

// now tells whether a fault that comes now and then comes at this change.
func (m *Memory) now(fault Fault) bool { return m.fault == fault && m.count%7 == 0 }

// step lets others in at a point where a faulty program does not hold what it should hold.
func (m *Memory) step(fault Fault) {
	if m.fault != fault {
		return
	}
	m.mutex.Unlock()
	for range 20 {
		runtime.Gosched()
	}
	m.mutex.Lock()
}

// Book does a change.
func (m *Memory) Book(_ context.Context, household int, key string, change Change) Answer {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if answer, repeated := m.answers[key]; repeated && m.fault != ForgetsKeys {
		return answer
	}
	m.count++
	if reasons := m.reasons(household, change); reasons != nil {
		return Answer{Status: Refused, Reasons: reasons}
	}
	m.step(CheckThenInsert)
	for _, talk := range change.drops() {
		delete(m.talks, talk.place())
	}
	if len(change.Move) > 0 {
		m.step(MovesInTwoSteps)
	}
	answer := Answer{Status: Done}
	for i, talk := range change.takes() {
		talk.Household = household
		if talk.ID == "" {
			talk.ID = fmt.Sprintf("m%d.%d", m.count, i)
		}
		answer.Talks = append(answer.Talks, talk)
		if i > 0 && m.fault == HalfAChange {
			continue
		}
		m.talks[talk.place()] = talk
	}
	m.answers[key] = answer
	return answer
}

// reasons gives why a change cannot be, by item; nil if it can. A talk to drop that is not there refuses the whole without a reason of any item.
func (m *Memory) reasons(household int, change Change) []string {
	takes, drops := change.takes(), change.drops()
	list := make([]string, len(takes))
	for _, talk := range drops {
		if present, ok := m.talks[talk.place()]; !ok || present.ID != talk.ID {
			return list
		}
	}
	var own []Talk
	for _, talk := range m.talks {
		if talk.Household == household && !slices.Contains(drops, talk) {
			own = append(own, talk)
		}
	}
	refused := false
	for i, talk := range takes {
		list[i] = m.reason(talk, own, drops)
		refused = refused || list[i] != ""
		own = append(own, talk)
	}
	if refused {
		return list
	}
	return nil
}

func (m *Memory) reason(talk Talk, own, drops []Talk) string {
	if atLimit(m.size.Most, own, talk) && m.fault != NoLimit {
		return Limit
	}
	if present, held := m.talks[talk.place()]; held && !slices.Contains(drops, present) || m.now(RefusesFree) {
		return Taken
	}
	if overlaps(own, talk) && m.fault != NoOverlapCheck {
		return Overlap
	}
	return ""
}

// atLimit tells whether a household's talks leave no room for another one: a child talks with each teacher once, and no more often than allowed over all.
func atLimit(most int, own []Talk, talk Talk) bool {
	again := slices.ContainsFunc(own, func(other Talk) bool { return other.Child == talk.Child && other.Teacher == talk.Teacher })
	return again || most > 0 && count(own, talk.Child) >= most
}

func count(talks []Talk, child int) int {
	number := 0
	for _, talk := range talks {
		if talk.Child == child {
			number++
		}
	}
	return number
}

// overlaps tells whether one of a household's talks is at the time of another one.
func overlaps(own []Talk, talk Talk) bool {
	return slices.ContainsFunc(own, func(other Talk) bool { return other.Slot == talk.Slot })
}

// Look gives a household's talks.
func (m *Memory) Look(_ context.Context, household int) ([]Talk, bool) {
	all, _ := m.All(context.Background())
	return slices.DeleteFunc(all, func(talk Talk) bool { return talk.Household != household }), true
}

// All gives every talk.
func (m *Memory) All(context.Context) ([]Talk, bool) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	talks := []Talk{}
	for _, talk := range m.talks {
		talks = append(talks, talk)
	}
	slices.SortFunc(talks, compareTalks)
	return talks, true
}
