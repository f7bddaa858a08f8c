package history_test

import (
	"bytes"
	"flag"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/ouderavond/ouderavond/api/apitest/history"
)

var storms = flag.Int("storms", 200, "how often one call is sent several times at once")

// together is how many clients send the same call at the same moment.
const together = 5

// storm sends one call of a household with one key from several clients at once. All must be told the same, and exactly one that it was the first.
func storm(t *testing.T, s *history.School, household int, key string, change history.Change) history.Answer {
	t.Helper()
	replies := make([]history.Reply, together)
	start := make(chan struct{})
	var sending sync.WaitGroup
	for i := range replies {
		sending.Go(func() {
			<-start
			var err error
			caller := s.Operator.With(s.Token(household))
			if replies[i], err = caller.Call(t.Context(), http.MethodPost, s.Path()+"/family/bookings", key, s.Body(household, change)); err != nil {
				t.Errorf("%s: %v", key, err)
			}
		})
	}
	close(start)
	sending.Wait()
	first := 0
	for _, reply := range replies {
		if reply.Code != http.StatusCreated || !bytes.Equal(reply.Body, replies[0].Body) {
			t.Errorf("%s: %d %s and %d %s", key, reply.Code, reply.Body, replies[0].Code, replies[0].Body)
		}
		if reply.Header.Get("Idempotent-Replayed") == "" {
			first++
		}
	}
	if first != 1 {
		t.Errorf("%s: %d of %d calls were done", key, first, together)
	}
	return s.Book(t.Context(), household, key, change)
}

// TestStormsOfOneCallHaveOneEffect books, moves and cancels, each in a storm of the same call, for several families at once.
func TestStormsOfOneCallHaveOneEffect(t *testing.T) {
	t.Parallel()
	s := school(t, history.Size{Households: 4, Children: 1, Teachers: 4, Slots: 8})
	each := (*storms + 3*s.Households - 1) / (3 * s.Households)
	var families sync.WaitGroup
	for household := range s.Households {
		families.Go(func() {
			for round := range each {
				wish := history.Talk{Household: household, Teacher: household, Slot: round % s.Slots}
				other := wish
				other.Slot = (wish.Slot + 1) % s.Slots
				name := func(act string) string { return fmt.Sprintf("%s-%d-%d", act, household, round) }
				booked := storm(t, s, household, name("book"), history.Change{Make: []history.Talk{wish}})
				if len(booked.Talks) != 1 {
					t.Errorf("%s: %d talks", name("book"), len(booked.Talks))
					return
				}
				storm(t, s, household, name("move"), history.Change{Move: []history.Move{{From: booked.Talks[0], To: other}}})
				if talks, ok := s.Look(t.Context(), household); !ok || len(talks) != 1 || talks[0].Slot != other.Slot || talks[0].ID != booked.Talks[0].ID {
					t.Errorf("%s: %v", name("move"), talks)
				}
				storm(t, s, household, name("cancel"), history.Change{Cancel: booked.Talks})
				if talks, ok := s.Look(t.Context(), household); !ok || len(talks) != 0 {
					t.Errorf("%s: %v", name("cancel"), talks)
				}
			}
		})
	}
	families.Wait()
	if talks, ok := s.All(t.Context()); !ok || len(talks) != 0 {
		t.Errorf("left over: %v", talks)
	}
	t.Logf("%d storms of %d calls", 3*s.Households*each, together)
}
