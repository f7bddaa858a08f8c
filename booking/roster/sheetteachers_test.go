package roster_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/roster"
)

func TestTheTableOfTeachersMayBeASpreadsheet(t *testing.T) {
	t.Parallel()
	named := lists([]any{"Schooljaar 2026-2027"}, nil, []any{"Groep", "Leerkracht", "Rol", "Vak", "E-mail"}, []any{"1B", "Noor van Elst", "mentor", nil, "elst@school.example"}, []any{"1B", "Gunes, Ayse", "vak", "Wiskunde", nil})
	bare := lists([]any{"1B", "Noor van Elst", "mentor"}, []any{"1B", "Ayse Gunes", "vak", "Wiskunde"})
	for name, h := range map[string]hand{
		"alone":                   {tabs: []tab{{name: "Blad1", rows: named}}},
		"behind a list of pupils": {tabs: []tab{{name: "Leerlingen", rows: plain}, {name: "Docenten", rows: named}}},
		"without column names":    {tabs: []tab{{name: "Blad1", rows: bare}}},
		"of a web program":        {inline: true, bare: true, tabs: []tab{{name: "Blad1", rows: bare}}},
	} {
		r, report := roster.ParseTeacherTable(h.file(t, "x.xlsx").Data, roster.Options{})
		if !report.Readable() || len(r.Teachers) != 2 || len(r.Groups) != 1 || r.Groups[0].Name != "1B" || r.Format != roster.FormatXLSX {
			t.Fatalf("%s: %s", name, asJSON(report))
		}
		if got := r.Teachers[1]; got.Given != "Ayse" || got.Groups[0].Subject != "Wiskunde" || got.Groups[0].Roles[0] != roster.RoleSubject {
			t.Errorf("%s: %s", name, asJSON(got))
		}
	}
	two := hand{tabs: []tab{{name: "Oud", rows: bare}, {name: "Nieuw", rows: named}}}
	if r, report := roster.ParseTeacherTable(two.file(t, "x.xlsx").Data, roster.Options{Sheet: "oud"}); r == nil || r.Teachers[0].Email != "" {
		t.Errorf("the sheet that was asked for: %s", asJSON(report))
	}
	if r, report := roster.ParseTeacherTable(two.file(t, "x.xlsx").Data, roster.Options{}); r == nil || r.Teachers[0].Email == "" {
		t.Errorf("the sheet with column names: %s", asJSON(report))
	}
	if _, report := roster.ParseTeacherTable(two.file(t, "x.xlsx").Data, roster.Options{Sheet: "Derde"}); report.Readable() || report.Errors[0].Reason != roster.ReasonNoSuchSheet {
		t.Errorf("a sheet that is not there: %s", asJSON(report))
	}
	for _, bad := range [][]byte{[]byte(ole), locked(t), []byte("PK\x03\x04")} {
		if _, report := roster.ParseTeacherTable(bad, roster.Options{}); report.Readable() || !strings.HasPrefix(string(report.Errors[0].Reason), "spreadsheet-") {
			t.Errorf("a bad file: %s", asJSON(report))
		}
	}
}

func TestASpreadsheetAndItsCSVAreTheSamePupils(t *testing.T) {
	t.Parallel()
	text := sample(t, "leerlingen-semicolon-utf8bom.csv")
	lines := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text.Data), "\ufeff")))
	lines.Comma, lines.FieldsPerRecord = ';', -1
	written, err := lines.ReadAll()
	must(t, err)
	var rows [][]any
	for _, line := range written {
		var row []any
		for _, cell := range line {
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	plain, _ := read(t, options(), text)
	for _, h := range []hand{{tabs: one(rows)}, {inline: true, bare: true, tabs: one(rows)}, {prefix: "x:", strict: true, tabs: one(rows)}} {
		sheet, _ := read(t, options(), h.file(t, "leerlingen.xlsx"))
		if got, want := content(sheet), strings.Replace(content(plain), `"format":"csv"`, `"format":"xlsx"`, 1); got != want {
			t.Errorf("%s is not %s", got, want)
		}
	}
}
