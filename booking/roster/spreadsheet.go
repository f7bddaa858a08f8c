package roster

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models/names"
)

var (
	dayAndMonth = regexp.MustCompile(`^(\d{1,2})[- ](\pL{3,9})[.]?$`)
	wholeDate   = regexp.MustCompile(`^(\d{1,2}[-/]\d{1,2}[-/]\d{4}|\d{4}-\d{2}-\d{2}.*)$`)
)

// mendGroups turns the names of combined groups that a spreadsheet program took for a date back ("1-feb" was 1-2), where that is certain: the lower year
// stands first.
func (t *table) mendGroups(report *Report) {
	for i, c := range t.columns {
		if c.state != ColumnBound || c.target.field != FieldGroup && c.target.field != FieldOtherGroups {
			continue
		}
		for _, r := range t.rows {
			cell := cleanCell(r.cells[i])
			if !strings.ContainsAny(cell, "-/ ") {
				continue
			}
			place := Finding{File: t.file, Line: r.line, Field: c.header, Reason: ReasonGroupAsDate}
			m := dayAndMonth.FindStringSubmatch(cell)
			month := 0
			if m != nil {
				month, _ = names.Month(m[2])
			}
			switch {
			case month > 0 && number(m[1]) < month:
				r.cells[i] = fmt.Sprintf("%d-%d", number(m[1]), month)
				place.Message = "a spreadsheet program has turned this group into a day and a month; it was read as two numbers again"
			case month > 0 || wholeDate.MatchString(cell):
				place.Message = "a spreadsheet program seems to have turned this group into a date: correct it, and format the column as text"
			default:
				continue
			}
			report.warn(place)
		}
	}
}

// warnSerials names a column whose dates are numbers: old programs for the Macintosh counted from another year, and nothing in the file says so.
func (t *table) warnSerials(field Field, report *Report) {
	for _, r := range t.rows {
		if value, header := t.value(r, field); startsInDigits(value, len("43042")) && serialDay.MatchString(value) {
			report.warn(Finding{File: t.file, Line: r.line, Field: header, Reason: ReasonSerialDates,
				Message: "dates of this column are numbers of days; they were counted from 1900, as spreadsheets do. Compare one with what you know"})
			return
		}
	}
}

func startsInDigits(text string, many int) bool {
	digits, _ := leadingDigits(text[:min(many, len(text))])
	return len(digits) == many
}

// cutOff reports whether a text ends within a row: all rows have one length, but the last is shorter and its line has no end.
func cutOff(text string, rows []row, usual int) bool {
	const fewest = 3
	if len(rows) < fewest || text == "" || text[len(text)-1] == '\n' {
		return false
	}
	last := len(rows) - 1
	return len(rows[last].cells) < usual && !slices.ContainsFunc(rows[:last], func(r row) bool { return len(r.cells) != usual })
}
