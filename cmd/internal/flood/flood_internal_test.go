package flood

import (
	"math"
	"testing"
	"time"
)

func TestTheAreaSaysHowWellTwoListsAreToldApart(t *testing.T) {
	t.Parallel()
	low, high := []time.Duration{1, 2, 3, 4}, []time.Duration{5, 6, 7, 8}
	for name, tt := range map[string]struct {
		first, second []time.Duration
		want          float64
	}{
		"later always":   {high, low, 1},
		"earlier always": {low, high, 0},
		"the same":       {low, low, 0.5},
		"half of ties":   {[]time.Duration{1, 1}, []time.Duration{1, 2}, 0.25},
	} {
		if got := area(tt.first, tt.second); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
	all := Timings{Kinds: []Timed{{Area: 0.51}, {Area: 0.2}}, Dates: 1000, Ranks: []int{1, 10, 11, 500, 990, 991}}
	if got := all.Worst(); math.Abs(got-0.8) > 1e-9 {
		t.Errorf("the worst: %v", got)
	}
	if got := all.Found(); got != 3 {
		t.Errorf("found %d", got)
	}
}

func TestRowsThatFamiliesLeaveAreNotTheFloods(t *testing.T) {
	t.Parallel()
	r := &Report{Alone: Spread{Count: 10}, Beside: Spread{Count: 40}}
	r.compare([]map[string]int64{{"sessions": 0, "shadows": 0}, {"sessions": 5, "shadows": 0}, {"sessions": 45, "shadows": 4096}, {"sessions": 50, "shadows": 4096}})
	for _, table := range r.Tables {
		if want := map[string]int64{"sessions": 0, "shadows": 4096}[table.Name]; r.Growth(table) != want {
			t.Errorf("%+v grew by %d, want %d", table, r.Growth(table), want)
		}
	}
}

func TestSlipsAreOfOneFormWithTheTruth(t *testing.T) {
	t.Parallel()
	child := Child{"Sanne de Jong", "2015-03-04", "1234AB"}
	if name := nobody(child.Name); len(name) != len(child.Name) || name == child.Name {
		t.Errorf("%q", name)
	}
	for n := range 100 {
		near, far := child.near(n), child.far(n)
		if near["postcode"] == child.Postcode || near["postcode"][:5] != "1234A" || near["birth_date"] != child.BirthDate {
			t.Errorf("near: %v", near)
		}
		if far["birth_date"] == child.BirthDate || far["postcode"] == child.Postcode || far["name"] != child.Name {
			t.Errorf("far: %v", far)
		}
	}
}
