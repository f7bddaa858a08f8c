package history_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/api/apitest"
	"github.com/ouderavond/ouderavond/api/apitest/history"
)

// A longer run: go test ./api/apitest/history -run Histor -seeds 200 -steps 40
var (
	seeds = flag.Int("seeds", 20, "how many histories are recorded and checked")
	steps = flag.Int("steps", 25, "how many acts each client does")
)

// evening is small, so that families meet: fewer places than they would like.
var evening = history.Size{Households: 8, Children: 2, Teachers: 3, Slots: 6, Most: 2}

// clock counts nanoseconds from when it was made, and never goes back.
func clock() func() int64 {
	begun := time.Now()
	return func() int64 { return int64(time.Since(begun)) }
}

// server runs the product for a test and gives a caller with the rights of the operator.
func server(t *testing.T) (*apitest.World, history.Caller) {
	t.Helper()
	w := apitest.New(t)
	listening := httptest.NewServer(w.Server.Handler())
	t.Cleanup(listening.Close)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	t.Cleanup(client.CloseIdleConnections)
	return w, history.Caller{Client: client, Base: func() string { return listening.URL }, Token: w.Operator}
}

func school(t *testing.T, size history.Size) *history.School {
	t.Helper()
	w, operator := server(t)
	made, err := history.NewSchool(t.Context(), operator, "linde", size, w.Database.Clock.Now())
	if err == nil {
		err = made.Acquaint(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// record lets a crowd at a schedule in bad weather, waits until nothing is under way, looks at what is left, and checks it all.
func record(t *testing.T, schedule history.Schedule, seed, bad int) history.Verdict {
	t.Helper()
	weather := history.NewWeather(schedule, bad, uint64(seed))
	crowd := &history.Crowd{Schedule: weather, Size: evening, Clock: clock(), Seed: uint64(seed), Steps: *steps, Patience: 20}
	crowd.Run(t.Context(), nil)
	weather.Calm()
	acts, err := crowd.LookAtAll(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return history.Check(evening, nil, acts)
}

func TestHistoriesOfTheProductCanBeExplained(t *testing.T) {
	t.Parallel()
	totals := make([]history.Verdict, *seeds)
	t.Run("seeds", func(t *testing.T) {
		for seed := range totals {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				totals[seed] = record(t, school(t, evening), seed, 8)
				if len(totals[seed].Illegal) > 0 {
					t.Errorf("illegal: %s", strings.Join(totals[seed].Illegal, "; "))
				}
			})
		}
	})
	var sum history.Verdict
	for _, verdict := range totals {
		sum.Acts, sum.Acknowledged, sum.Open = sum.Acts+verdict.Acts, sum.Acknowledged+verdict.Acknowledged, sum.Open+verdict.Open
		sum.Illegal, sum.Undecided = append(sum.Illegal, verdict.Illegal...), sum.Undecided+verdict.Undecided
	}
	t.Logf("%d histories, %d acts, %d acknowledged, %d left open, %d illegal, %d undecided", *seeds, sum.Acts, sum.Acknowledged, sum.Open, len(sum.Illegal), sum.Undecided)
	if sum.Acknowledged < *seeds*20 || sum.Open < *seeds/2 || sum.Undecided > *seeds/4 {
		t.Errorf("the histories say too little: %+v", sum)
	}
}

func TestASoundScheduleIsNeverFoundFaulty(t *testing.T) {
	t.Parallel()
	for seed := range *seeds {
		if verdict := record(t, history.NewMemory(evening, history.Faultless), seed, 10); len(verdict.Illegal) > 0 {
			t.Errorf("seed %d: %+v", seed, verdict)
		}
	}
}

// headline is the first thing that cannot be explained, without its story.
func headline(verdict history.Verdict) string {
	line, _, _ := strings.Cut(verdict.Illegal[0], "\n")
	return line
}

// planted are the faults; each must be found, or the check is worth nothing.
var planted = []history.Fault{
	history.CheckThenInsert, history.ForgetsKeys, history.HalfAChange, history.MovesInTwoSteps, history.NoOverlapCheck, history.NoLimit, history.RefusesFree,
	history.StaleReads, history.FalseYes, history.LosesWrites,
}

func TestEveryPlantedFaultIsFound(t *testing.T) {
	t.Parallel()
	for _, fault := range planted {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			for seed := range 60 {
				memory := history.NewMemory(evening, fault)
				schedule := &history.Between{Schedule: memory, Fault: fault, Undo: memory.Undo}
				if verdict := record(t, schedule, seed, 10); len(verdict.Illegal) > 0 {
					t.Logf("found in history %d: %s", seed+1, headline(verdict))
					return
				}
			}
			t.Error("not found in 60 histories")
		})
	}
}

// TestFaultsInFrontOfTheProductAreFound plants faults between the clients and the product itself.
func TestFaultsInFrontOfTheProductAreFound(t *testing.T) {
	t.Parallel()
	for _, fault := range []history.Fault{history.StaleReads, history.FalseYes, history.LosesWrites} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			for seed := range 10 {
				behind := school(t, evening)
				schedule := &history.Between{Schedule: behind, Fault: fault, Undo: func(ctx context.Context, talk history.Talk) {
					_ = behind.CancelAsStaff(ctx, talk) // the family may have been faster
				}}
				if verdict := record(t, schedule, seed, 0); len(verdict.Illegal) > 0 {
					t.Logf("found in history %d: %s", seed+1, headline(verdict))
					return
				}
			}
			t.Error("not found in 10 histories")
		})
	}
}

func TestLostTalksAreCounted(t *testing.T) {
	t.Parallel()
	was := history.Talk{Household: 1, Child: 0, Teacher: 2, Slot: 3, ID: "a"}
	moved := history.Talk{Household: 1, Child: 0, Teacher: 2, Slot: 5, ID: "a"}
	made := history.Talk{Household: 2, Child: 1, Teacher: 0, Slot: 1, ID: "b"}
	move := history.Act{Household: 1, Change: history.Change{Move: []history.Move{{From: was, To: moved}}}, Answer: history.Answer{Status: history.Done, Talks: []history.Talk{moved}}}
	open := move
	open.Answer = history.Answer{}
	booked := history.Act{Household: 2, Change: history.Change{Make: []history.Talk{made}}, Answer: history.Answer{Status: history.Done, Talks: []history.Talk{made}}}
	for name, tt := range map[string]struct {
		acts  []history.Act
		there []history.Talk
		want  int
	}{
		"nothing happened":                   {nil, []history.Talk{was}, 0},
		"what was there is gone":             {nil, nil, 1},
		"a move and a booking, both there":   {[]history.Act{move, booked}, []history.Talk{moved, made}, 0},
		"a booking is missing":               {[]history.Act{move, booked}, []history.Talk{moved}, 1},
		"a move was lost":                    {[]history.Act{move}, []history.Talk{was}, 2},
		"a move without an answer, done":     {[]history.Act{open}, []history.Talk{moved}, 0},
		"a move without an answer, not done": {[]history.Act{open}, []history.Talk{was}, 0},
		"a talk that nobody asked for":       {nil, []history.Talk{was, made}, 1},
		"a refused booking that is there all the same": {
			[]history.Act{{Household: 2, Change: booked.Change, Answer: history.Answer{Status: history.Refused}}}, []history.Talk{was, made}, 1,
		},
	} {
		if got := history.Lost([]history.Talk{was}, tt.acts, tt.there); len(got) != tt.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
