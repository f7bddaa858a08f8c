package roster_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/roster"
)

var update = flag.Bool("update", false, "write the golden previews of spreadsheets anew")

// preview writes what a report and a roster say, for people.
func preview(r *roster.Roster, report *roster.Report) string {
	var out strings.Builder
	for _, file := range report.Files {
		fmt.Fprintf(&out, "%s: %s %s, %d rows\n", file.Name, file.Format, file.Kind, file.Rows)
		for _, sheet := range file.Sheets {
			fmt.Fprintf(&out, "  sheet %s%s%s\n", sheet.Name, map[bool]string{true: " (hidden)"}[sheet.Hidden], map[bool]string{true: ": read"}[sheet.Read])
		}
		for _, column := range file.Columns {
			fmt.Fprintf(&out, "  %s %s: %s %s\n", column.Letter, column.Header, column.State, column.Field)
		}
	}
	if r != nil {
		for i, p := range r.Pupils {
			fmt.Fprintf(&out, "pupil at %d: %s", p.Line, briefs(r)[i])
			if p.Year != "" {
				fmt.Fprintf(&out, " year %s", p.Year)
			}
			if p.Protected {
				out.WriteString(" protected")
			}
			for _, g := range p.Guardians {
				fmt.Fprintf(&out, " (%s)", strings.Join(slices.DeleteFunc([]string{g.Name, g.Email, g.PhoneE164}, func(s string) bool { return s == "" }), " "))
			}
			out.WriteString("\n")
		}
		for _, teacher := range r.Teachers {
			fmt.Fprintf(&out, "teacher %s: %s %s\n", teacher.Key, teacher.DisplayName, asJSON(teacher.Groups))
		}
	}
	for _, list := range []struct {
		kind     string
		findings []roster.Finding
	}{{"warning", report.Warnings}, {"error", report.Errors}} {
		for _, f := range list.findings {
			fmt.Fprintf(&out, "%s at %s [%s] %d %s: %s (%s)\n", list.kind, f.File, f.Sheet, f.Line, f.Field, f.Message, f.Reason)
		}
	}
	return out.String()
}

func TestSpreadsheetsAsSecretariesMakeThem(t *testing.T) {
	t.Parallel()
	for name, c := range sheetCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opts := options()
			if c.options != nil {
				c.options(&opts)
			}
			r, report := roster.Read(append([]roster.File{c.file(t)}, c.beside...), opts)
			if (r != nil) != report.Readable() {
				t.Fatalf("roster %v, %d errors", r != nil, report.ErrorCount)
			}
			got, path := preview(r, report), filepath.Join("testdata", "sheets", name+".txt")
			if *update {
				must(t, os.WriteFile(path, []byte(got), 0o600))
				return
			}
			want, err := os.ReadFile(path)
			must(t, err)
			if got != string(want) {
				t.Errorf("preview\n%swant\n%s", got, want)
			}
		})
	}
	stored, err := filepath.Glob("testdata/sheets/*.txt")
	must(t, err)
	if len(stored) != len(sheetCases) && !*update {
		t.Errorf("%d golden previews of %d spreadsheets", len(stored), len(sheetCases))
	}
}
