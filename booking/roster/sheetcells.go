package roster

import (
	"fmt"
	"strings"

	"github.com/ouderavond/ouderavond/booking/roster/sheet"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/names"
)

// plainRow is a row of a sheet as one of a CSV file.
func plainRow(r sheet.Row) row {
	one := row{line: r.Number, cells: make([]string, len(r.Cells))}
	for i, cell := range r.Cells {
		one.cells[i] = cell.Text
		if cell.Kind == sheet.Text && strings.ContainsAny(cell.Text, "&\r") {
			one.cells[i] = withoutEntities(unifyLines(cell.Text))
		}
	}
	return one
}

// sheetRows are the rows of a sheet with what only a sheet has.
type sheetRows struct {
	rows   []row
	kinds  [][]sheet.Kind // of the cells of each row; nil if all are texts
	spread []mergedCells  // by column
	missed map[missed]tally
	hidden tally
}

// tally is the first line of something, and how many there are.
type tally struct{ line, count int }

func (t *tally) add(line int) {
	if t.count++; t.count == 1 {
		t.line = line
	}
}

// missed is a column in which cells of a kind have no value.
type missed struct {
	column int
	kind   sheet.Kind
}

type mergedCells = tally

// readSheets reads the rows of the first sheet, and of further ones what follows on their column names.
func (b spreadsheet) readSheets(c *candidate, limits Limits) (*sheetRows, error) {
	all := &sheetRows{missed: map[missed]tally{}}
	err := b.readSheet(all, c, 0, limits)
	for i, one := range c.more {
		if err == nil {
			err = b.readSheet(all, one, i+1, limits)
		}
	}
	return all, err
}

func (b spreadsheet) readSheet(all *sheetRows, c *candidate, place int, limits Limits) error {
	heading := c.found.row.line
	return b.book.Rows(c.at, func(r sheet.Row) bool {
		if place > 0 && r.Number <= heading {
			return true
		}
		after := r.Number > heading
		if r.Number += place * sheetLines; after {
			all.note(r)
		}
		if one := plainRow(r); !one.blank() {
			all.rows, all.kinds = append(all.rows, one), append(all.kinds, kindsOf(r))
		}
		return len(all.rows) <= limits.Rows+2*headerSearch
	})
}

func kindsOf(r sheet.Row) []sheet.Kind {
	var kinds []sheet.Kind
	for i, cell := range r.Cells {
		if cell.Kind != sheet.Text {
			if kinds == nil {
				kinds = make([]sheet.Kind, len(r.Cells))
			}
			kinds[i] = cell.Kind
		}
	}
	return kinds
}

// note counts what has to be said of a row.
func (a *sheetRows) note(r sheet.Row) {
	if r.Hidden {
		a.hidden.add(r.Number)
	}
	for i, cell := range r.Cells {
		switch {
		case cell.Kind == sheet.Failure, cell.Kind == sheet.Uncounted:
			counted := a.missed[missed{i, cell.Kind}]
			counted.add(r.Number)
			a.missed[missed{i, cell.Kind}] = counted
		case cell.Spread:
			for len(a.spread) <= i {
				a.spread = append(a.spread, mergedCells{})
			}
			a.spread[i].add(r.Number)
		}
	}
}

// table reads the sheet that is the list into the table that a CSV file gives.
func (b spreadsheet) table(s *source, want listKind, options Options, report *Report) *table {
	chosen := b.choose(s, want, options, report)
	if chosen == nil {
		return nil
	}
	if want == teacherList && (!chosen.known || !chosen.found.isTeachers() && !chosen.found.isLessons()) {
		chosen.found, chosen.known = assumedSheetHeader(chosen.top, options), true
	}
	switch {
	case slicesHasOneRoster(chosen.top):
		report.fail(Finding{File: s.name, Reason: ReasonOneRoster, Message: oneRosterMessage})
		return nil
	case !chosen.known && tooWide(chosen.top):
		report.fail(Finding{File: s.name, Reason: ReasonSheetTooWide, Message: fmt.Sprintf("the sheet has more than %d columns: copy the list alone into a new workbook", maxColumns)})
		return nil
	case !chosen.known:
		report.fail(Finding{File: s.name, Line: chosen.top[0].line, Reason: ReasonNoHeader,
			Message: "no row with column names was recognised: a row above the list must name the columns, such as Leerlingnummer, Roepnaam, Achternaam, Groep"})
		return nil
	}
	all, err := b.readSheets(chosen, options.Limits)
	if err != nil {
		refuseSheet(s.name, err, report)
		return nil
	}
	t := &table{file: s.name, columnSet: chosen.found.columnSet, placed: true, tabs: chosen.classes()}
	all.settle(t, chosen.found.index, b.book)
	t.rows = t.dataRows(all.rows, chosen.found, options.Limits, report)
	t.index()
	t.mendGroups(report)
	t.warnSerials(FieldBirthDate, report)
	all.tell(t, report)
	return t
}

// classes are the classes of sheets that are one each, by their place, where no column says the class.
func (c *candidate) classes() (tabs []string) {
	if len(c.more) == 0 || c.found.has(FieldGroup) {
		return nil
	}
	for _, one := range append([]*candidate{c}, c.more...) {
		name := names.Clean(one.Name)
		if m := groupHeading.FindStringSubmatch(name); m != nil {
			name = strings.TrimSpace(m[1])
		}
		tabs = append(tabs, name)
	}
	return tabs
}

func slicesHasOneRoster(top []row) bool {
	for _, r := range top[:min(len(top), oneRosterSearch)] {
		if isOneRosterHeader(trimTrailing(r.cells)) {
			return true
		}
	}
	return false
}

func tooWide(top []row) bool {
	for _, r := range top {
		if len(r.cells) > maxColumns {
			return true
		}
	}
	return false
}

// settle writes the cells that are no texts as their column means them: a number in a column of dates is a day, one in a column of telephones has lost its zero, and a
// date in a column of groups was none.
func (a *sheetRows) settle(t *table, heading int, book sheet.Book) {
	for i := heading + 1; i < len(a.rows); i++ {
		for at, kind := range a.kinds[i] {
			if kind == sheet.Text || at >= len(t.columns) || t.columns[at].state != ColumnBound {
				continue
			}
			cell := &a.rows[i].cells[at]
			switch field := t.columns[at].target.field; {
			case kind == sheet.Number && (field == FieldBirthDate || field == FieldLeavingDate):
				if day, ok := book.Day(*cell); ok && plausibleDay(day) {
					*cell = day
				}
			case kind == sheet.Number && field == FieldGuardianPhone:
				*cell = dialled(*cell)
			case kind == sheet.Day && (field == FieldGroup || field == FieldOtherGroups):
				*cell = dayAndMonthOf(*cell)
			}
		}
	}
}

// dialled puts back what a spreadsheet takes off a mobile number that it has for a number: the zero in front of the 6, or the sign before the country.
func dialled(number string) string {
	switch {
	case len(number) == len("612345678") && number[0] == '6':
		return "0" + number
	case len(number) == len("31612345678") && strings.HasPrefix(number, "316"):
		return "+" + number
	}
	return number
}

// plausibleDay reports whether a date can be that of somebody at a school, and not the number of a day, a month and a year.
func plausibleDay(day string) bool {
	date, err := civil.Parse(day[:min(len(day), len("2006-01-02"))])
	return err == nil && !plausible(date).IsZero()
}

var monthsShort = [...]string{"jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"}

// dayAndMonthOf writes a date as the spreadsheet shows what somebody typed as 3-4.
func dayAndMonthOf(day string) string {
	date, err := civil.Parse(day[:min(len(day), len("2006-01-02"))])
	if err != nil {
		return day
	}
	return fmt.Sprintf("%d-%s", date.Day, monthsShort[date.Month-1])
}

// tell says what a spreadsheet does to its values, of the columns that are read.
func (a *sheetRows) tell(t *table, report *Report) {
	more := func(count int) string {
		if count == 1 {
			return ""
		}
		return fmt.Sprintf(", here and in %d more rows", count-1)
	}
	for at, c := range t.columns {
		if c.state != ColumnBound {
			continue
		}
		if one := a.missed[missed{at, sheet.Failure}]; one.count > 0 {
			report.warn(Finding{File: t.file, Line: one.line, Field: c.header, Reason: ReasonErrorValue,
				Message: "the cell holds an error of the spreadsheet, such as #N/A; it was taken for empty" + more(one.count)})
		}
		if one := a.missed[missed{at, sheet.Uncounted}]; one.count > 0 {
			report.warn(Finding{File: t.file, Line: one.line, Field: c.header, Reason: ReasonUncounted,
				Message: "the formula has no value in the file: open the spreadsheet, let it calculate, and save it; it was taken for empty" + more(one.count)})
		}
		if at < len(a.spread) && a.spread[at].count > 0 {
			report.warn(Finding{File: t.file, Line: a.spread[at].line, Field: c.header, Reason: ReasonMergedCells,
				Message: "the cell is merged with cells above it; it was given their value" + more(a.spread[at].count)})
		}
	}
	if a.hidden.count > 0 {
		report.warn(Finding{File: t.file, Line: a.hidden.line, Reason: ReasonHiddenRows, Message: "the row is hidden, by hand or by a filter; it was read like any other" + more(a.hidden.count)})
	}
}
