package plan_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/plan"
)

// row gives free slots of ten minutes from each of the starts.
func row(day int, starts ...int) []plan.FreeSlot {
	var list []plan.FreeSlot
	for _, s := range starts {
		list = append(list, plan.FreeSlot{Day: day, Start: s, End: s + 10})
	}
	return list
}

// twoTeachers asks for two talks of ten minutes in two zones, five minutes apart.
func twoTeachers(a, b []plan.FreeSlot) plan.FamilyQuestion {
	return plan.FamilyQuestion{
		WalkMinutes: [][]int{{0, 5}, {5, 0}},
		Calendars:   []plan.Calendar{{ID: "a", Zone: 0, Free: a}, {ID: "b", Zone: 1, Free: b}},
		Talks: []plan.FamilyRequest{
			{ID: "ta", Teachers: []string{"a"}, Minutes: 10, Weight: 1}, {ID: "tb", Teachers: []string{"b"}, Minutes: 10, Weight: 1},
		},
	}
}

func TestAFamilyPlanKeepsTheRules(t *testing.T) {
	t.Parallel()
	wide := []int{0, 10, 20, 30, 40, 50}
	for name, c := range map[string]struct {
		change  func(*plan.FamilyQuestion)
		starts  []int // of ta and tb, -1 if missing
		reasons []plan.Reason
	}{
		"walking takes time":           {func(*plan.FamilyQuestion) {}, []int{0, 20}, nil},
		"a window holds":               {func(q *plan.FamilyQuestion) { q.Windows = []plan.Window{{From: 20, To: 60}} }, []int{20, 40}, nil},
		"a fixed appointment stays":    {func(q *plan.FamilyQuestion) { q.Fixed = []plan.Stay{{Start: 0, End: 25, Zone: 0}} }, []int{30, 50}, nil},
		"more minutes between":         {func(q *plan.FamilyQuestion) { q.Rules.MinutesBetween = 20 }, []int{0, 30}, nil},
		"after those not to be met":    {func(q *plan.FamilyQuestion) { q.Apart = []plan.Stay{{Start: 5, End: 20}} }, []int{20, 40}, nil},
		"a short window leaves one":    {func(q *plan.FamilyQuestion) { q.Windows = []plan.Window{{From: 0, To: 10}} }, []int{0, -1}, []plan.Reason{plan.InTheWay}},
		"nothing free":                 {func(q *plan.FamilyQuestion) { q.Calendars[1].Free = nil }, []int{0, -1}, []plan.Reason{plan.NothingFree}},
		"free at other times only":     {func(q *plan.FamilyQuestion) { q.Calendars[1].Free = row(1, 0) }, []int{0, 0}, nil},
		"one day only":                 {func(q *plan.FamilyQuestion) { q.Calendars[1].Free = row(1, 0); q.Rules.MostDays = 1 }, []int{0, -1}, []plan.Reason{plan.InTheWay}},
		"free outside the window only": {func(q *plan.FamilyQuestion) { q.Calendars[1].Free = row(1, 0); q.Windows = []plan.Window{{To: 60}} }, []int{0, -1}, []plan.Reason{plan.OutsideWindows}},
		"only while the other is there": {func(q *plan.FamilyQuestion) {
			q.Calendars[1].Free = row(0, 20)
			q.Apart = []plan.Stay{{Start: 20, End: 30}}
		}, []int{0, -1}, []plan.Reason{plan.AgainstRules}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := twoTeachers(row(0, wide...), row(0, wide...))
			c.change(&q)
			found, err := q.Plan()
			if err != nil || len(found) != 1 {
				t.Fatal(found, err)
			}
			got := map[string]int{"ta": -1, "tb": -1}
			for _, at := range found[0].Times {
				got[at.Talk] = at.Start
			}
			// Where both orders cost the same, either will do.
			one, two := []int{got["ta"], got["tb"]}, []int{got["tb"], got["ta"]}
			if !slices.Equal(one, c.starts) && !slices.Equal(two, c.starts) && !samePace(one, c.starts) {
				t.Errorf("starts %v, want %v", one, c.starts)
			}
			var reasons []plan.Reason
			for _, m := range found[0].Missing {
				reasons = append(reasons, m.Reason)
			}
			if !slices.Equal(reasons, c.reasons) {
				t.Errorf("reasons %v, want %v", reasons, c.reasons)
			}
		})
	}
}

// samePace tells whether both talks are held and as far apart as wanted, from the wanted start on or later.
func samePace(got, want []int) bool {
	if min(got[0], got[1], want[0], want[1]) < 0 {
		return false
	}
	apart := func(s []int) int { return max(s[0]-s[1], s[1]-s[0]) }
	return apart(got) == apart(want) && min(got[0], got[1]) >= min(want[0], want[1])
}

func TestPricesFavourGapsAndSpareTheHoursThatSuitEverybody(t *testing.T) {
	t.Parallel()
	slots := []plan.PricedSlot{
		{Slot: plan.Slot{Start: 0, End: 10}, Taken: true}, {Slot: plan.Slot{Start: 10, End: 20}, Popular: 0.5},
		{Slot: plan.Slot{Start: 20, End: 30}, Taken: true}, {Slot: plan.Slot{Start: 40, End: 50}}, {Slot: plan.Slot{Day: 1, Start: 0, End: 10}},
	}
	got := plan.PriceRule{Gap: 0.05, Popular: 60}.Prices(slots)
	for i, want := range []float64{0, 29.5, 0, 0.5, 0} {
		if math.Abs(got[i]-want) > 1e-9 {
			t.Errorf("slot %d: price %v, want %v", i, got[i], want)
		}
	}
}

// crowded is one teacher with two slots and three parties, of which one ranks the talk lower.
func crowded() plan.Instance {
	in := plan.Instance{Format: 1, Days: 1, WalkMinutes: [][]int{{0}}, Teachers: []plan.Teacher{{ID: "t", Slots: []plan.Slot{{Start: 0, End: 10}, {Start: 10, End: 20}}}}}
	for i, id := range []string{"p0", "p1", "p2"} {
		in.Parties = append(in.Parties, plan.Party{
			ID: id, Windows: []plan.Window{{From: 0, To: 20}},
			Requests: []plan.Request{{ID: id + "q", Child: id, Teachers: []string{"t"}, Minutes: 10, Weight: 1, Rank: 1 + i}},
		})
	}
	return in
}

func TestHigherRanksComeFirstWhateverLowerOnesWeigh(t *testing.T) {
	t.Parallel()
	in := crowded()
	in.Parties[2].Requests[0].Weight = 100
	made, _ := solved(t, in, plan.Options{Objective: plan.School(), Steps: 50, BoundSteps: 20})
	for _, a := range made.Assignments {
		if a.Request == "p2q" {
			t.Error("the third wish pushed out a first or second one")
		}
	}
	if len(made.Assignments) != 2 {
		t.Errorf("%d talks", len(made.Assignments))
	}
}

func TestAShortageNamesTheTeacherAndWhatAnHourWouldBring(t *testing.T) {
	t.Parallel()
	list, err := plan.Shortages(crowded())
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	s := list[0]
	if s.Teacher != "t" || s.Asked != 3 || s.Places != 2 || s.Unmet != 1 || s.Crowd != 3 || s.Room != 2 {
		t.Errorf("got %+v", s)
	}
	if s.Hour == nil || s.Hour.Gain != 1 || s.Hour.From != -60 {
		t.Errorf("got hour %+v", s.Hour)
	}
	if list, _ := plan.Shortages(sample(t, "secondary-1")); len(list) < 15 || list[0].Unmet < list[len(list)-1].Unmet {
		t.Errorf("%d shortages in the large sample, or out of order", len(list))
	}
}

func TestAPublishedPlanIsKeptWhereNothingIsGained(t *testing.T) {
	t.Parallel()
	in := sample(t, "primary-1")
	before, _ := solved(t, in, plan.Options{Seed: 1, Steps: 4000, BoundSteps: -1})
	o := plan.Interchange()
	o.Change = 15
	after, _ := solved(t, in, plan.Options{Seed: 2, Steps: 4000, BoundSteps: -1, Objective: o, Published: &before})
	moved := 0
	for _, a := range before.Assignments {
		if !slices.Contains(after.Assignments, a) {
			moved++
		}
	}
	if moved > len(before.Assignments)/10 {
		t.Errorf("%d of %d appointments moved", moved, len(before.Assignments))
	}
}

func TestPinsThatContradictEachOtherAreRefused(t *testing.T) {
	t.Parallel()
	in := crowded()
	in.Pinned = []plan.Assignment{{Request: "p0q"}, {Request: "p1q"}}
	if _, _, err := plan.Solve(in, plan.Options{}); !errors.Is(err, plan.ErrInvalid) {
		t.Errorf("got %v", err)
	}
}

func TestAPictureIsWellFormedAndShowsTheWay(t *testing.T) {
	t.Parallel()
	in := sample(t, "primary-1")
	in.Teachers[0].ID, in.Name = `<a&"`, "x"
	for i := range in.Parties {
		for j := range in.Parties[i].Requests {
			for k, id := range in.Parties[i].Requests[j].Teachers {
				if id == "t0" {
					in.Parties[i].Requests[j].Teachers[k] = in.Teachers[0].ID
				}
			}
		}
	}
	for i := range in.Breaks {
		if in.Breaks[i].Teacher == "t0" {
			in.Breaks[i].Teacher = in.Teachers[0].ID
		}
	}
	made, _ := solved(t, in, plan.Options{Steps: 500, BoundSteps: -1})
	several := ""
	for _, p := range in.Parties {
		if len(p.Requests) > 2 {
			several = p.ID
		}
	}
	var b bytes.Buffer
	if err := plan.Picture(&b, in, made, plan.PictureOptions{Party: several}); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(text, "<polyline") || strings.Count(text, `fill="#b3261e"`) < 3 || !strings.Contains(text, "not met") {
		t.Error("the way or the unmet wishes are missing")
	}
}

func TestAPlanOfAnotherInstanceIsNotDrawn(t *testing.T) {
	t.Parallel()
	err := plan.Picture(io.Discard, crowded(), plan.Plan{Assignments: []plan.Assignment{{Request: "else"}}}, plan.PictureOptions{})
	if !errors.Is(err, plan.ErrBroken) {
		t.Errorf("got %v", err)
	}
}

func TestNothingAskedNeedsNothing(t *testing.T) {
	t.Parallel()
	empty := plan.Instance{Format: 1, Days: 1}
	if made, v := solved(t, empty, plan.Options{}); len(made.Assignments) > 0 || v.Cost != 0 {
		t.Errorf("got %+v", made)
	}
	q := twoTeachers(nil, nil)
	q.Talks = nil
	found, err := q.Plan()
	if err != nil || len(found) != 1 || found[0].Cost != 0 {
		t.Errorf("got %+v, %v", found, err)
	}
	in := crowded()
	in.Teachers[0].Slots = nil
	if _, v := solved(t, in, plan.Options{}); v.DroppedWeight != 3 {
		t.Errorf("dropped %v", v.DroppedWeight)
	}
}

func TestOverlappingSlotsOfOneTeacherAreNeverBothUsed(t *testing.T) {
	t.Parallel()
	in := crowded()
	in.Teachers[0].Slots = []plan.Slot{{Start: 0, End: 10}, {Start: 5, End: 15}, {Start: 10, End: 20}}
	if _, v := solved(t, in, plan.Options{Steps: 100}); v.DroppedWeight != 1 {
		t.Errorf("dropped %v", v.DroppedWeight)
	}
}
