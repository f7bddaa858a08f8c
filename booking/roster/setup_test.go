package roster_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models/civil"
)

// today is the reference date of the tests; the files hold children of that time.
var today = civil.Date{Year: 2026, Month: 11, Day: 20}

func options() roster.Options { return roster.Options{ReferenceDate: today} }

func sample(t testing.TB, name string) roster.File {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return roster.File{Name: name, Data: data}
}

func csvFile(lines ...string) roster.File {
	return roster.File{Name: "list.csv", Data: []byte(strings.Join(lines, "\r\n") + "\r\n")}
}

// read reads files that must be readable.
func read(t testing.TB, opts roster.Options, files ...roster.File) (*roster.Roster, *roster.Report) {
	t.Helper()
	r, report := roster.Read(files, opts)
	if r == nil || !report.Readable() {
		t.Fatalf("refused: %s", asJSON(report.Errors))
	}
	return r, report
}

// refused reads files that must be refused for a reason.
func refused(t testing.TB, opts roster.Options, reason roster.Reason, files ...roster.File) roster.Finding {
	t.Helper()
	r, report := roster.Read(files, opts)
	if r != nil || report.Readable() {
		t.Fatalf("not refused for %s", reason)
	}
	for _, f := range report.Errors {
		if f.Reason == reason {
			if f.Message == "" {
				t.Fatalf("%s has no message", reason)
			}
			return f
		}
	}
	t.Fatalf("refused, but not for %s: %s", reason, asJSON(report.Errors))
	return roster.Finding{}
}

// warned tells whether a report has a warning of a reason on a line.
func warned(report *roster.Report, reason roster.Reason, line int) bool {
	for _, f := range report.Warnings {
		if f.Reason == reason && (line < 0 || f.Line == line) {
			return true
		}
	}
	return false
}

func asJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// brief writes a pupil in one line.
func brief(p roster.Pupil) string {
	address := strings.TrimSpace(fmt.Sprintf("%s %s%s", p.Postcode, p.HouseNumber, p.HouseNumberAddition))
	return strings.Join([]string{p.Key, p.Given, p.Prefix, p.Surname, p.BirthDate.String(), address, p.GroupKey}, "|")
}

func briefs(r *roster.Roster) []string {
	var all []string
	for _, p := range r.Pupils {
		all = append(all, brief(p))
	}
	return all
}

// anonymous takes out of a roster what tells only how it was written down.
func anonymous(r *roster.Roster) roster.Roster {
	plain := *r
	plain.Encoding = ""
	plain.Pupils = append([]roster.Pupil(nil), r.Pupils...)
	for i := range plain.Pupils {
		plain.Pupils[i].Line = 0
	}
	return plain
}
