package roster

import (
	"regexp"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models/names"
)

// groupHeading is a line between the rows of a list that names the group of those below.
var groupHeading = regexp.MustCompile(`(?i)^(?:groep|klas|stamgroep|stamklas|basisgroep|class|group)\s*:?\s+(\S.{0,40})$`)

// leastBeside is how many columns a list has, at least, in which a row of one cell says nothing of a pupil.
const leastBeside = 4

// isHeading recognises a row between others whose only cell speaks of those below it.
func (t *table) isHeading(r row) bool {
	filled := onlyCell(r)
	return filled != "" && len(t.columns) >= leastBeside && (t.placed || groupHeading.MatchString(filled)) && !footerWords.MatchString(filled)
}

// onlyCell returns the cell of a row that has one; else nothing.
func onlyCell(r row) string {
	only := ""
	for _, cell := range r.cells {
		if cell = names.Clean(cell); cell != "" {
			if only != "" {
				return ""
			}
			only = cell
		}
	}
	return only
}

// above returns the group that the row before the column names is a heading for, where no column says it.
func (t *table) above(rows []row) string {
	if len(rows) < 2 || !t.placed || t.has(FieldGroup) {
		return ""
	}
	if m := groupHeading.FindStringSubmatch(onlyCell(rows[len(rows)-2])); m != nil {
		return strings.TrimSpace(m[1])
	}
	return ""
}

// under returns the group that a heading names, which no column does; else the group of the heading before.
func (t *table) under(r row, before string, report *Report) string {
	message := "the line has one cell and looks like a heading; it was skipped"
	if m := groupHeading.FindStringSubmatch(onlyCell(r)); m != nil && t.placed && !t.has(FieldGroup) {
		before, message = strings.TrimSpace(m[1]), "the line is a heading that names a group; the lines below it were put into that group"
	}
	report.warn(Finding{File: t.file, Line: r.line, Reason: ReasonSkippedLine, Message: message})
	return before
}

// group adds a column of groups that stand nowhere but above the rows.
func (t *table) group(rows []row, groups []string) {
	t.columns = append(t.columns, column{header: "groep", key: "groep", target: target{field: FieldGroup}, state: ColumnBound, heading: true})
	for i := range rows {
		rows[i].cells = append(slices.Clip(rows[i].cells), groups[i])
	}
}
