package history

import (
	"context"
	"sync"
)

// The faults that stand between the clients and a schedule that is sound.
const (
	StaleReads  Fault = "answers some reads with what was there before"
	FalseYes    Fault = "acknowledges bookings that were rolled back"
	LosesWrites Fault = "loses a booking after it was acknowledged"
)

// Between is a faulty part in front of a sound schedule, real or in memory.
type Between struct {
	Schedule
	Fault Fault
	// Undo takes a talk back behind everybody's back, for LosesWrites.
	Undo func(ctx context.Context, talk Talk)

	mutex  sync.Mutex
	count  int
	before map[int][]Talk
	all    []Talk
}

// turn tells whether the fault comes at this call.
func (b *Between) turn(fault Fault, every int) bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.count++
	return b.Fault == fault && b.count%every == 0
}

// Book does a change, or only says so.
func (b *Between) Book(ctx context.Context, household int, key string, change Change) Answer {
	if len(change.Cancel)+len(change.Move) == 0 && b.turn(FalseYes, 6) {
		answer := Answer{Status: Done}
		for _, talk := range change.Make {
			talk.ID = "00000000-0000-7000-8000-000000000000"
			answer.Talks = append(answer.Talks, talk)
		}
		return answer
	}
	answer := b.Schedule.Book(ctx, household, key, change)
	if answer.Status == Done && len(answer.Talks) > 0 && b.turn(LosesWrites, 6) {
		b.Undo(ctx, answer.Talks[0])
	}
	return answer
}

// Look reads a household's talks, or gives those of an earlier read.
func (b *Between) Look(ctx context.Context, household int) ([]Talk, bool) {
	talks, ok := b.Schedule.Look(ctx, household)
	stale := b.turn(StaleReads, 2)
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if before, known := b.before[household]; stale && known {
		return before, ok
	}
	if b.before == nil {
		b.before = map[int][]Talk{}
	}
	b.before[household] = talks
	return talks, ok
}

// All reads the evening, or gives it as an earlier read found it.
func (b *Between) All(ctx context.Context) ([]Talk, bool) {
	talks, ok := b.Schedule.All(ctx)
	stale := b.turn(StaleReads, 2)
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if stale && b.all != nil {
		return b.all, ok
	}
	b.all = talks
	return talks, ok
}

// Undo takes a talk out of the schedule without a trace.
func (m *Memory) Undo(_ context.Context, talk Talk) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.talks[talk.place()].ID == talk.ID {
		delete(m.talks, talk.place())
	}
}
