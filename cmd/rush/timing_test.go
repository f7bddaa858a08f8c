package main

import (
	"flag"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/cmd/internal/flood"
)

// timingTries is for the long form: go test ./cmd/rush -run TheTimeOfAnAnswer -timing.tries 10000 -timeout 60m -v
var timingTries = flag.Int("timing.tries", 60, "how many failures of each kind are timed over HTTP")

// TestNobodyLearnsFromTheTimeOfAnAnswer times failures of each kind over HTTP, at a server in a process of its own.
func TestNobodyLearnsFromTheTimeOfAnAnswer(t *testing.T) {
	t.Parallel()
	r := newRushed(t)
	var timed flood.Timings
	r.apart(&timed, "timing", "--tries", strconv.Itoa(*timingTries), "--seed", "5")
	kinds := map[string]int{}
	for _, one := range timed.Kinds {
		kinds[one.Situation]++
		t.Logf("%s: %s against %s: %.3f of %d", one.Situation, one.Kind, one.Against, one.Area, one.Tries)
		if one.Tries != *timingTries {
			t.Errorf("%+v", one)
		}
	}
	if kinds["the form is shut"] != 5 || kinds["a child's answers are spent"] != 3 || kinds["an address's answers are spent"] != 5 || kinds["wrong codes"] != 2 {
		t.Errorf("%v", kinds)
	}
	if t.Logf("places %v of %d", timed.Ranks, timed.Dates); len(timed.Ranks) != 5 || timed.Dates == 0 {
		t.Errorf("%+v", timed)
	}
	r.noSchoolLeft()
}

func TestTimingRefusesWhatItMustNotDo(t *testing.T) {
	t.Parallel()
	r := newRushed(t)
	for name, arguments := range map[string][]string{
		"a server elsewhere": {"http://school.example.com"},
		"TLS":                {"https://" + r.address},
		"no try":             {"--tries", "0"},
	} {
		if code, out := r.run(slices.Concat([]string{"timing"}, arguments)...); code != 1 || !strings.Contains(out, "rush:") {
			t.Errorf("%s: exit %d\n%s", name, code, out)
		}
	}
	r.noSchoolLeft()
}
