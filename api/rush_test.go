package api_test

import (
	"flag"
	"net/http"
	"sync"
	"testing"

	"github.com/ouderavond/ouderavond/api/apitest"
)

// The rush is small in the suite; the flags make it as large as an evening.
var (
	rushRounds     = flag.Int("rush.rounds", 3, "how many slots are fought for")
	rushHouseholds = flag.Int("rush.households", 60, "how many households fight for each")
)

// TestOneSlotGoesToOneHousehold lets many households ask for the same slot at the same moment: one gets it, all others are told that it is taken.
func TestOneSlotGoesToOneHousehold(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: *rushHouseholds})
	tokens := make([]string, *rushHouseholds)
	for i := range tokens {
		tokens[i] = s.LogIn(t, i+2)
	}
	for round := range *rushRounds {
		slot := round % 12
		answers := rush(t, w, s, tokens, slot)
		won := 0
		for i, answer := range answers {
			switch answer.Status {
			case http.StatusCreated:
				won++
				cancel := map[string]any{"cancel": []any{map[string]any{"appointment": answer.Want(t, http.StatusCreated).List("appointments")[0].Text("id")}}}
				w.Post(t, tokens[i], s.Path+"/family/bookings", cancel).Want(t, http.StatusCreated)
			case http.StatusConflict:
				items := answer.Want(t, http.StatusConflict).List("items")
				if len(items) != 1 || items[0].Text("reason") != "taken" || len(items[0].List("alternatives")) != 3 {
					t.Errorf("round %d: %s", round, answer.Body)
				}
			default:
				t.Errorf("round %d: %d %s", round, answer.Status, answer.Body)
			}
		}
		if won != 1 {
			t.Fatalf("round %d: %d households got the slot", round, won)
		}
	}
}

func rush(t *testing.T, w *apitest.World, s *apitest.School, tokens []string, slot int) []apitest.Answer {
	t.Helper()
	answers := make([]apitest.Answer, len(tokens))
	start := make(chan struct{})
	var running sync.WaitGroup
	for i, token := range tokens {
		running.Go(func() {
			<-start
			answers[i] = w.Post(t, token, s.Path+"/family/bookings", s.Book(i+2, slot))
		})
	}
	close(start)
	running.Wait()
	return answers
}

// TestOneKeySentManyTimesBooksOnce repeats one call with one key, all at the same moment.
func TestOneKeySentManyTimesBooksOnce(t *testing.T) {
	t.Parallel()
	w := apitest.New(t)
	s := w.School(t, "linde", apitest.Setup{Families: 1})
	token := s.LogIn(t, 2)
	answers := make([]apitest.Answer, 20)
	var running sync.WaitGroup
	for i := range answers {
		running.Go(func() {
			answers[i] = w.Do(t, apitest.Call{
				Method: http.MethodPost, Path: s.Path + "/family/bookings", Token: token, Body: s.Book(2, 0), Header: http.Header{"Idempotency-Key": {"same"}},
			})
		})
	}
	running.Wait()
	first := 0
	for _, answer := range answers {
		answer.Want(t, http.StatusCreated)
		if answer.Header.Get("Idempotent-Replayed") == "" {
			first++
		}
		if string(answer.Body) != string(answers[0].Body) {
			t.Errorf("%s, %s", answer.Body, answers[0].Body)
		}
	}
	if schedule := w.Get(t, s.Admin, s.Path+"/conferences/"+s.Conference.String()+"/schedule").Want(t, http.StatusOK).List("items"); len(schedule) != 1 || first != 1 {
		t.Errorf("%d appointments, %d first answers", len(schedule), first)
	}
}
