package roster

import (
	"fmt"

	"github.com/ouderavond/ouderavond/booking/roster/sheet"
	"github.com/ouderavond/ouderavond/models/civil"
)

// ColumnReport tells what became of a column of a list, and why. It holds no value.
type ColumnReport struct {
	Header string `json:"header"`
	Letter string `json:"letter,omitempty"` // as a spreadsheet names it: A, B, ...
	Field  string `json:"field,omitempty"`  // a Field, with the guardian's number where there is one; empty if not used
	// Suggested is the field that the values look like, where the column is not read as that.
	Suggested string `json:"suggested,omitempty"`
	State     string `json:"state"`             // ColumnBound, ColumnSuggested, ColumnIgnored or ColumnDropped
	Because   string `json:"because,omitempty"` // BecauseHeader and the others; empty if nothing says anything
}

// What becomes of a column.
const (
	ColumnBound     = "bound"
	ColumnSuggested = "suggested" // not read; its values look like those of a field
	ColumnIgnored   = "ignored"   // not known, or not needed
	ColumnDropped   = "dropped"   // may not be kept
)

// Why that became of it.
const (
	BecauseHeader          = "header"
	BecauseValues          = "values"
	BecauseHeaderAndValues = "header-and-values"
	BecauseChosen          = "chosen"     // by Options.Mapping
	BecauseRemembered      = "remembered" // by Options.Recall
)

// weigh compares what the headers of the columns say with what stands below them. A column of which the header says nothing is suggested, and one whose header says
// something else is told.
func (t *table) weigh(reference civil.Date, report *Report) {
	for i := range t.columns {
		c := &t.columns[i]
		if c.heading || c.state == ColumnDropped || c.byHand && c.state != ColumnBound {
			continue
		}
		values := judge(t.rows, i, reference)
		switch {
		case c.because == BecauseValues:
			report.warn(Finding{File: t.file, Field: t.nameOf(i), Reason: ReasonColumnByValues,
				Message: fmt.Sprintf("nothing but the values of this column says that it is %s; it was read as that, because the list could not be read without", c.target)})
		case values == "":
		case c.state == ColumnIgnored:
			t.suggest(i, values, report)
		case c.target.field == values && c.because == BecauseHeader:
			c.because = BecauseHeaderAndValues
		case c.target.field != values && contradicts(c.target.field, values):
			c.suggest = t.free(values)
			report.warn(Finding{File: t.file, Field: t.nameOf(i), Reason: ReasonColumnContradicted,
				Message: fmt.Sprintf("this column is read as %s, but its values look like %s: say what it is (--map, or the field mapping)", c.target, c.suggest)})
		}
	}
}

// suggest offers what the values of a column look like, if no other column is read as that.
func (t *table) suggest(i int, values Field, report *Report) {
	several := values == FieldGuardianEmail || values == FieldGuardianPhone
	if !several && t.has(values) || values == FieldPupilNumber && t.has(FieldPupilNumbers) || t.isTeachers() && values != FieldGroup {
		return
	}
	suggested := t.free(values)
	if suggested.guardian > maxGuardians {
		return
	}
	c := &t.columns[i]
	c.state, c.because, c.suggest = ColumnSuggested, BecauseValues, suggested
	report.warn(Finding{File: t.file, Field: t.nameOf(i), Reason: ReasonColumnSuggested,
		Message: fmt.Sprintf("this column was not read, but its values look like %s: if they are, say so (--map '%s=%s', or the field mapping)", suggested, t.mapped(i), suggested)})
}

// free is the field as the next column of it would have it: that of the first guardian without one.
func (t *table) free(field Field) target {
	one := target{field: field}
	if field != FieldGuardianEmail && field != FieldGuardianPhone {
		return one
	}
	taken := func(c column) bool { return c.target == one || c.suggest == one }
	for one.guardian = 1; containsColumn(t.columns, taken); one.guardian++ {
	}
	return one
}

func containsColumn(columns []column, fits func(column) bool) bool {
	for _, c := range columns {
		if fits(c) {
			return true
		}
	}
	return false
}

// nameOf is the header of a column, or its letter if it has none.
func (t *table) nameOf(i int) string {
	if header := t.columns[i].header; header != "" {
		return header
	}
	return placeKey(i)
}

// mapped is how a mapping names a column.
func (t *table) mapped(i int) string { return safeLabel(t.nameOf(i)) }

// placeKey names a column without a header in a mapping: [C].
func placeKey(i int) string { return "[" + sheet.ColumnName(i+1) + "]" }

// reports tells what became of the columns, in the order of the file. One without a name and cells is none.
func (t *table) reports() []ColumnReport {
	reports := []ColumnReport{}
	for i, c := range t.columns {
		one := ColumnReport{Header: safeLabel(c.header), State: c.state, Because: c.because}
		if !c.heading && !t.ragged {
			one.Letter = sheet.ColumnName(i + 1)
		}
		if c.state == ColumnBound {
			one.Field = c.target.String()
		}
		if c.suggest.field != "" {
			one.Suggested = c.suggest.String()
		}
		if c.header != "" || len(t.column(i)) > 0 {
			reports = append(reports, one)
		}
	}
	return reports
}

// unread names the columns that were not read and that nobody kept out on purpose.
func unread(columns []ColumnReport) []string {
	names := []string{}
	for _, one := range columns {
		switch {
		case one.State != ColumnIgnored && one.State != ColumnSuggested:
		case one.Header != "":
			names = append(names, one.Header)
		default:
			names = append(names, "["+one.Letter+"]")
		}
	}
	return names
}
