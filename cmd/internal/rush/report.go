package rush

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
)

// Report is what came of a rush.
type Report struct {
	Families     int               `json:"families"`
	Served       int               `json:"served"`   // got what they wanted, or know that there is nothing
	Unserved     int               `json:"unserved"` // not answered in time, or turned away
	Nothing      int               `json:"nothing"`  // found nothing free
	Appointments int               `json:"appointments"`
	Bookings     int               `json:"bookings"` // acts that were acknowledged
	Cancelled    int               `json:"cancelled"`
	Took         float64           `json:"took_s"`
	PerSecond    float64           `json:"families_per_s"`
	BookingRate  float64           `json:"bookings_per_s"`
	Steps        map[string]Spread `json:"steps"`
	Conflicts    int               `json:"conflicts"`     // answers that something was taken
	Retries      int               `json:"retries"`       // bookings tried again after that
	LookedAgain  int               `json:"looked_again"`  // because no alternative would do
	LeftOut      int               `json:"left_out"`      // talks that families had to do without
	Repeats      int               `json:"repeats"`       // requests sent again, unanswered or put off
	Replayed     int               `json:"replayed"`      // bookings whose answer had been lost, answered by the Idempotency-Key
	Errors       map[string]int    `json:"errors"`        // by kind
	BytesSent    float64           `json:"bytes_sent"`    // per family, with headers
	BytesRead    float64           `json:"bytes_read"`    // per family
	ServerCPU    *float64          `json:"server_cpu_ms"` // per family; null where nobody knows
	TimesAPI     *float64          `json:"times_api"`     // that as a multiple of a family's by the API in the same go; null where there was none
	// CPUWithMessages is the server's, per family, until the last message of the schools was sent; MessagesAfter how long after the last family that was, in seconds.
	// Null without an office, where nobody knows, and where messages still waited after two minutes.
	CPUWithMessages *float64 `json:"server_cpu_with_messages_ms"`
	MessagesAfter   *float64 `json:"messages_after_s"`
	ClientCPU       float64  `json:"client_cpu_ms"` // per family
	ServerMemory    int64    `json:"server_memory"` // bytes in memory at the end; 0 where nobody knows
	Audit           *Audit   `json:"audit"`         // null without an office

	came int // families that came
}

func (r *run) report(all *stats, took time.Duration, spent *costs) *Report {
	families := float64(max(1, len(all.took[stepWhole]))) // those that came: an interruption leaves some at home
	done := &Report{
		Families: len(r.families), Served: all.served, Unserved: all.unserved, Nothing: all.nothing, Appointments: all.booked, Cancelled: all.cancelled, Took: took.Seconds(),
		Steps: map[string]Spread{}, Conflicts: all.conflicts, Retries: all.retries, LookedAgain: all.looks, LeftOut: all.doneWith, Repeats: all.repeats, Replayed: all.replayed,
		Errors: all.errors, BytesSent: float64(all.sent) / families, BytesRead: float64(all.read) / families,
		ClientCPU: spent.ours.Seconds() * 1000 / families, ServerMemory: spent.resident,
	}
	done.came = int(families)
	done.PerSecond = float64(all.served) / took.Seconds()
	for _, one := range r.ledger.records {
		if one.told != nil {
			done.Bookings++
		}
	}
	done.BookingRate = float64(done.Bookings) / took.Seconds()
	for i, times := range all.took {
		if len(times) > 0 {
			done.Steps[stepNames[i]] = spread(times)
		}
	}
	if done.Errors == nil {
		done.Errors = map[string]int{}
	}
	if spent.known {
		cost := spent.took.Seconds() * 1000 / families
		done.ServerCPU = &cost
	}
	return done
}

// Beside compares a run by pages with one by the API; nil is none.
func (r *Report) Beside(api *Report) {
	if api != nil && api.ServerCPU != nil && r.ServerCPU != nil && *api.ServerCPU > 0 {
		times := *r.ServerCPU / *api.ServerCPU
		r.TimesAPI = &times
	}
}

// Passed reports whether the rush was as it should be: somebody was served, and the audit, if there was one, found no fault.
func (r *Report) Passed() bool {
	return r.Served > 0 && (r.Audit == nil || r.Audit.Passed())
}

// Print writes the report for a person.
func (r *Report) Print(out io.Writer) {
	fmt.Fprintf(out, "\n%d of %d families in %.2f s: %.0f families/s, %d appointments in %d bookings (%.0f/s)\n", r.Served, r.Families, r.Took, r.PerSecond, r.Appointments, r.Bookings, r.BookingRate)
	fmt.Fprintf(out, "\n%-10s %8s %9s %9s %9s %9s  ms\n", "step", "count", "p50", "p95", "p99", "max")
	for _, name := range stepNames {
		if s, ok := r.Steps[name]; ok {
			fmt.Fprintf(out, "%-10s %8d %9.2f %9.2f %9.2f %9.2f\n", name, s.Count, s.P50, s.P95, s.P99, s.Max)
		}
	}
	fmt.Fprintf(out, "\nconflicts %d, tried again %d, looked again %d, talks left out %d, families that found nothing %d, cancelled %d\n",
		r.Conflicts, r.Retries, r.LookedAgain, r.LeftOut, r.Nothing, r.Cancelled)
	fmt.Fprintf(out, "not served %d, requests repeated %d, of these answered by the first one's outcome %d\n", r.Unserved, r.Repeats, r.Replayed)
	for _, kind := range slices.Sorted(maps.Keys(r.Errors)) {
		fmt.Fprintf(out, "  %-40s %d\n", kind, r.Errors[kind])
	}
	server := "not known"
	if r.ServerCPU != nil {
		server = fmt.Sprintf("%.3f ms", *r.ServerCPU)
	}
	fmt.Fprintf(out, "\nprocessor time per family: server %s, this program %.3f ms\n", server, r.ClientCPU)
	if r.TimesAPI != nil {
		fmt.Fprintf(out, "that is %.2f times what a family costs by the API\n", *r.TimesAPI)
	}
	if r.MessagesAfter != nil {
		with := "not known"
		if r.CPUWithMessages != nil {
			with = fmt.Sprintf("%.3f ms", *r.CPUWithMessages)
		}
		fmt.Fprintf(out, "with all messages sent: server %s; the last one went %.1f s after the last family\n", with, *r.MessagesAfter)
	}
	fmt.Fprintf(out, "bytes per family: %.0f sent, %.0f read\n", r.BytesSent, r.BytesRead)
	if r.ServerMemory > 0 {
		fmt.Fprintf(out, "the server has %d MB in memory\n", r.ServerMemory>>20)
	}
	if r.Audit != nil {
		r.Audit.Print(out)
	}
}

// Print writes the audit for a person.
func (a *Audit) Print(out io.Writer) {
	fmt.Fprintf(out, "\naudit: %d bookings were acknowledged, %d were never answered; %d appointments must be there, %d are there, %d by bookings without an answer\n",
		a.Told, a.Unanswered, a.Appointments, a.Found, a.Uncertain)
	if a.Passed() {
		fmt.Fprintln(out, "audit passed: nothing lost, nothing double, nothing unexplained")
		return
	}
	for _, one := range a.Findings {
		fmt.Fprintf(out, "  %-12s %s %s %s: %s\n", one.Kind, one.School, one.Appointment, one.Key, one.Detail)
	}
	fmt.Fprintf(out, "AUDIT FAILED: %d faults\n", a.Faults)
}
