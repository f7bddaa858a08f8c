package main

import (
	"flag"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/flood"
)

// The long form: go test ./cmd/rush -run Flood -flood.for 10m -flood.ratio 2 -timeout 30m -v
var (
	floodFor   = flag.Duration("flood.for", 4*time.Second, "how long the log-in form is flooded")
	floodRatio = flag.Float64("flood.ratio", 0, "the most p99 of a log-in by link beside the flood, as a multiple of alone; 0 only reports it")
)

// TestAFloodOfTheFormKeepsNobodyFromTheirLink starts the program and floods its log-in form with 2,000 wrong tries a second. In the short form, beside all other tests,
// times say nothing: who got in and what was written does.
func TestAFloodOfTheFormKeepsNobodyFromTheirLink(t *testing.T) {
	t.Parallel()
	r := newRushed(t)
	var report flood.Report
	r.apart(&report, "flood", "--for", floodFor.String(), "--alone", max(*floodFor/5, 2*time.Second).String(), "--families", "40", "--seed", "3")
	t.Logf("%d of %d tries were answered, %d turned away; a log-in by link took %+v alone, %+v beside: %.2f times at p99", report.Answered, report.Offered, report.TurnedAway, report.Alone, report.Beside, report.Ratio)
	if report.Answered == 0 || report.TurnedAwayByLink != 0 || len(report.Errors) != 0 || report.Offered != report.Answered+report.TurnedAway {
		t.Errorf("%+v", report)
	}
	if report.Beside.Count < 20*int(floodFor.Seconds()) || report.Alone.Count < 20 {
		t.Errorf("too few families came by their link: %+v", report)
	}
	if *floodRatio > 0 && report.Ratio > *floodRatio {
		t.Errorf("the flood makes a log-in by link take %.2f times as long", report.Ratio)
	}
	// What the form writes is bounded; all else is what families leave behind who come by their links.
	bounds := map[string]int64{"login_misses": 4 * 30, "login_shadows": 4096}
	for _, table := range report.Tables {
		if grown, few := report.Growth(table), int64(report.Beside.Count/20+5); grown > max(bounds[table.Name], few) {
			t.Errorf("%s grew by %d rows", table.Name, grown)
		}
	}
	if len(report.Tables) < 30 {
		t.Errorf("only %d tables were counted", len(report.Tables))
	}
	r.noSchoolLeft()
}

func TestAFloodRefusesWhatItMustNotDo(t *testing.T) {
	t.Parallel()
	r := newRushed(t)
	for name, arguments := range map[string][]string{
		"a server elsewhere": {"http://school.example.com"},
		"no try":             {"--rate", "0"},
		"no log-in":          {"--log-ins", "0"},
		"no time":            {"--for", "1ms"},
		"no time alone":      {"--alone", "0s"},
		"TLS":                {"https://" + r.address},
		"no family":          {"--families", strconv.Itoa(0)},
	} {
		if code, out := r.run(append([]string{"flood"}, arguments...)...); code != 1 || !strings.Contains(out, "rush:") {
			t.Errorf("%s: exit %d\n%s", name, code, out)
		}
	}
	r.noSchoolLeft()
}
