package flood

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"
)

// Spread is how long something took, in milliseconds.
type Spread struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50_ms"`
	P99   float64 `json:"p99_ms"`
	Max   float64 `json:"max_ms"`
}

// spread sorts the times and reads the percentiles off by the nearest rank.
func spread(took []time.Duration) Spread {
	if len(took) == 0 {
		return Spread{}
	}
	slices.Sort(took)
	at := func(share float64) float64 {
		return float64(took[max(int(math.Ceil(share*float64(len(took)))), 1)-1].Microseconds()) / 1000
	}
	return Spread{len(took), at(0.50), at(0.99), at(1)}
}

// Table is what became of a table.
type Table struct {
	Name string `json:"name"`
	// Before and After are its rows at the begin and the end of the flood, Alone how many came while families came by their links alone.
	Before int64 `json:"before"`
	After  int64 `json:"after"`
	Alone  int64 `json:"alone"`
}

// Report is what was measured.
type Report struct {
	Seconds    float64 `json:"flood_s"`     // how long the flood lasted
	Offered    int     `json:"offered"`     // wrong tries
	Answered   int     `json:"answered"`    // of these, those that got the answer of a wrong try
	TurnedAway int     `json:"turned_away"` // those that were told to come later
	Tries      Spread  `json:"tries"`       // of those that were answered
	// Alone and Beside are log-ins by link without and with the flood, Ratio that of their 99th percentiles.
	Alone  Spread  `json:"alone"`
	Beside Spread  `json:"beside"`
	Ratio  float64 `json:"p99_ratio"`
	// TurnedAwayByLink are families that did not get in by their link.
	TurnedAwayByLink int            `json:"turned_away_by_link"`
	Errors           map[string]int `json:"errors"`
	Tables           []Table        `json:"tables"` // null where nobody knows
}

func (r *Report) fault(what string, status int, err error) {
	kind := "status " + strconv.Itoa(status)
	if err != nil {
		kind = kindOf(err)
	}
	r.merge(map[string]int{what + kind: 1})
}

func (r *Report) merge(errors map[string]int) {
	if r.Errors == nil {
		r.Errors = map[string]int{}
	}
	for kind, count := range errors {
		r.Errors[kind] += count
	}
}

// compare takes the rows before and after each of the three parts.
func (r *Report) compare(rows []map[string]int64) {
	for _, name := range slices.Sorted(maps.Keys(rows[0])) {
		r.Tables = append(r.Tables, Table{name, rows[1][name], rows[2][name], rows[1][name] - rows[0][name] + rows[3][name] - rows[2][name]})
	}
}

// Growth is by how many rows a table grew in the flood over what families who come by their links leave behind.
func (r *Report) Growth(of Table) int64 {
	byFamilies := 0.0
	if r.Alone.Count > 0 {
		byFamilies = float64(max(of.Alone, 0)) / float64(r.Alone.Count) * float64(r.Beside.Count)
	}
	return of.After - of.Before - int64(math.Ceil(byFamilies))
}

// Print writes the report for a person.
func (r *Report) Print(out io.Writer) {
	fmt.Fprintf(out, "\nwrong tries in %.0f s: %d offered (%.0f/s), %d answered, %d turned away\n", r.Seconds, r.Offered, float64(r.Offered)/r.Seconds, r.Answered, r.TurnedAway)
	fmt.Fprintf(out, "\n%-26s %8s %9s %9s %9s  ms\n", "", "count", "p50", "p99", "max")
	for _, line := range []struct {
		what string
		Spread
	}{{"log-ins by link, alone", r.Alone}, {"log-ins by link, flooded", r.Beside}, {"wrong tries answered", r.Tries}} {
		fmt.Fprintf(out, "%-26s %8d %9.2f %9.2f %9.2f\n", line.what, line.Count, line.P50, line.P99, line.Max)
	}
	fmt.Fprintf(out, "\np99 of log-ins by link beside the flood: %.2f times that of alone; turned away by link: %d\n", r.Ratio, r.TurnedAwayByLink)
	for _, kind := range slices.Sorted(maps.Keys(r.Errors)) {
		fmt.Fprintf(out, "  %-40s %d\n", kind, r.Errors[kind])
	}
	if r.Tables == nil {
		return
	}
	fmt.Fprintf(out, "\n%-26s %10s %10s %16s\n", "table", "before", "after", "by the flood")
	for _, table := range r.Tables {
		fmt.Fprintf(out, "%-26s %10d %10d %16d\n", table.Name, table.Before, table.After, r.Growth(table))
	}
}
