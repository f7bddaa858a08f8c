package booking_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/family"
)

// forOthers is the most that a proposal may cost the family for the sake of others: one step of the clock.
const forOthers = 5

// triedTalk is one talk at one time, as somebody with a pencil would try it.
type triedTalk struct {
	start, end time.Time
}

// eveningCost is what a family's talks cost it: days, and minutes of waiting.
type eveningCost struct{ days, wait int }

func (c eveningCost) minutes() int { return 400*c.days + c.wait }

// costOf adds up days and waiting; false where the talks cannot be had by one party.
func costOf(talks []triedTalk) (cost eveningCost, possible bool) {
	sorted := slices.SortedFunc(slices.Values(talks), func(a, b triedTalk) int { return a.start.Compare(b.start) })
	for i, talk := range sorted {
		if i == 0 || sorted[i-1].start.YearDay() != talk.start.YearDay() {
			cost.days++
			continue
		}
		gap := int(talk.start.Sub(sorted[i-1].end) / time.Minute)
		if gap < 0 {
			return cost, false
		}
		cost.wait += gap
	}
	return cost, true
}

// tries lists every time of a request that is free now.
func (w *world) tries(home *family.Family, request family.TalkRequest) []triedTalk {
	var list []triedTalk
	for _, child := range home.Children {
		for _, talk := range child.Talks {
			for _, option := range talk.Options {
				if child.ID != request.Pupil || talk.Kind != request.TalkKind || len(request.Staff) > 0 && !sameMembers(staffOf(option), request.Staff) {
					continue
				}
				for _, slot := range option.Free {
					list = append(list, triedTalk{slot.Start, slot.Start.Add(time.Duration(talk.Minutes) * time.Minute)})
				}
			}
		}
	}
	return list
}

// leastCost tries every combination of times.
func leastCost(chosen []triedTalk, rest [][]triedTalk) (best eveningCost, possible bool) {
	if len(rest) == 0 {
		return costOf(chosen)
	}
	for _, talk := range rest[0] {
		if cost, ok := leastCost(append(slices.Clone(chosen), talk), rest[1:]); ok && (!possible || cost.minutes() < best.minutes()) {
			best, possible = cost, true
		}
	}
	return best, possible
}

// TestTheFirstProposalIsTheFamilysBest compares the first proposal with every combination of times there is, on evenings that others have filled at random, most
// of them early, so that prices would send the family late.
func TestTheFirstProposalIsTheFamilysBest(t *testing.T) {
	t.Parallel()
	compared := 0
	for seed := range 16 {
		w := building(t)
		dice := rand.New(rand.NewPCG(uint64(seed), 7))
		for _, code := range []string{"LON", "VIS", "ZUI"} {
			// The first half hour, which the others take, and some pieces of the evening.
			pieces := []string{"19:00-19:40"}
			for minute := 60 + 10*dice.IntN(3); minute < 150; minute += 20 + 10*dice.IntN(4) {
				pieces = append(pieces, fmt.Sprintf("%d:%02d-%d:%02d", 19+minute/60, minute%60, 19+(minute+20)/60, (minute+20)%60))
			}
			w.available(w.evening, w.windows(code, 0, nil, pieces...), w.windows(code, 1, nil))
		}
		for range 12 + dice.IntN(14) {
			given := []string{"Emma", "Gijs", "Jet"}[dice.IntN(3)]
			item := w.talk(given + " " + []string{"Vak LON", "Vak VIS", "Mentor ZUI"}[dice.IntN(3)] + fmt.Sprintf(" 19:%d0", dice.IntN(6)))
			_, _ = w.booking.Appointments.Book(w.ctx, w.operator, appointment.Change{Household: w.home(given), Make: []appointment.Request{item}})
		}
		bakkers := w.recognised("Anna Bakker")
		asked := w.asked("Anna Vak LON", "Bram Mentor", "Bram Vak VIS")
		if seed%3 == 0 {
			asked = w.asked("Anna Vak LON", "Anna Vak VIS", "Bram Vak LON")
		}
		var rest [][]triedTalk
		home := bakkers.family()
		for _, request := range asked {
			rest = append(rest, w.tries(home, request))
		}
		least, possible := leastCost(nil, rest)
		found := bakkers.propose(family.Question{Talks: asked})
		if !possible || len(found.Proposals) == 0 {
			continue
		}
		compared++
		first := found.Proposals[0]
		if first.Days > least.days || first.WaitMinutes > least.wait+forOthers {
			t.Errorf("seed %d: %v, %d days, waits %d; %+v is possible", seed, w.proposed(first), first.Days, first.WaitMinutes, least)
		}
		for _, other := range found.Proposals[1:] {
			if other.Days < first.Days || other.Days == first.Days && other.WaitMinutes < first.WaitMinutes {
				t.Errorf("seed %d: a later proposal is better: %v, waits %d, before %v, waits %d", seed, w.proposed(other), other.WaitMinutes, w.proposed(first), first.WaitMinutes)
			}
		}
	}
	if compared < 8 {
		t.Errorf("only %d evenings were compared", compared)
	}
}
