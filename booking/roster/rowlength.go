package roster

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models/names"
)

// rowLengths fits rows that have more or fewer cells than there are columns, and remembers the first whose additional cells were left out.
type rowLengths struct {
	usual      int // cells of most rows, those behind the last column too
	line, more int
}

// usualLength returns how many cells most rows have: some programs end each line with a separator.
func usualLength(rows []row) (usual int) {
	counts := map[int]int{}
	for _, r := range rows {
		counts[len(r.cells)]++
		if n := counts[len(r.cells)]; n > counts[usual] || n == counts[usual] && len(r.cells) < usual {
			usual = len(r.cells)
		}
	}
	return usual
}

// fit gives a row the width of the table, and tells whether it could. Spreadsheets leave empty cells at the end of a line out, and people write remarks
// behind the last column; but a separator that is missing or additional in the middle of a line shifts all that follows.
func (l *rowLengths) fit(t *table, r row) (row, bool) {
	width, filled := len(t.columns), trimTrailing(r.cells)
	switch {
	case len(r.cells) < width:
		missing := width - len(r.cells)
		padded := row{r.line, append(slices.Clone(r.cells), make([]string, missing)...)}
		if !t.ragged && !t.placed && (t.requiredBehind(len(r.cells)) || t.shifted(padded, -missing)) {
			return r, false
		}
		return padded, true
	case len(r.cells) > max(width, l.usual) && !t.ragged && !t.placed && t.shifted(r, len(r.cells)-max(width, l.usual)):
		// Nothing needs to stand behind the last column: empty cells at the end of the line take up what was shifted.
		return r, false
	case len(filled) > width:
		if t.ragged || !t.placed && t.shifted(r, len(filled)-width) {
			return r, false
		}
		if l.line == 0 {
			l.line = r.line
		} else {
			l.more++
		}
	}
	return row{r.line, r.cells[:width]}, true
}

func (l *rowLengths) warn(t *table, report *Report) {
	if l.line == 0 {
		return
	}
	message := "the line has more cells than there are columns; what stands behind the last column was not read"
	if l.more > 0 {
		message += fmt.Sprintf(", here and on %d more lines", l.more)
	}
	report.warn(Finding{File: t.file, Line: l.line, Reason: ReasonWrongColumnCount, Message: message})
}

// requiredBehind reports whether a column stands at or behind a place without which a row says nothing.
func (t *table) requiredBehind(from int) bool {
	required := []Field{FieldPupilNumber, FieldPupilNumbers, FieldGiven, FieldSurname, FieldFullName}
	if t.isTeachers() {
		required = []Field{FieldGroup, FieldOtherGroups, FieldTeacher, FieldMentor, FieldTeacherSurname, FieldTeacherCode}
	}
	return slices.ContainsFunc(t.columns[from:], func(c column) bool { return slices.Contains(required, c.target.field) })
}

// shifted reports whether the cells of a row stand in wrong columns: one does not fit its column, and the one that would have stood there does. A prefix that
// is none is enough by itself, because that column is mostly empty.
func (t *table) shifted(r row, by int) bool {
	for i, c := range t.columns {
		if c.state != ColumnBound {
			continue
		}
		value := cleanCell(r.cells[i])
		if value == "" || fits(c.target.field, value) {
			continue
		}
		if c.target.field == FieldPrefix {
			return true
		}
		if at := i + by; at >= 0 && at < len(r.cells) {
			if other := cleanCell(r.cells[at]); other != "" && fits(c.target.field, other) {
				return true
			}
		}
	}
	return false
}

// fits reports whether a value can stand in a column, as far as values of the field have a shape.
func fits(field Field, value string) bool {
	switch field {
	case FieldPrefix:
		return names.IsPrefix(value) || strings.ToLower(value) == value
	case FieldGiven, FieldSurname:
		onlyPrefix := strings.ToLower(value) == value && names.IsPrefix(value)
		return !onlyPrefix && !strings.ContainsAny(names.Digits(value), "0123456789@")
	case FieldBirthDate, FieldLeavingDate:
		return !guessDate(value).nothing()
	case FieldPostcode:
		_, ok := names.Postcode(value)
		return ok || postcodeAndTown.MatchString(value)
	case FieldGuardianEmail, FieldTeacherEmail:
		return strings.Contains(value, "@")
	case FieldGuardianPhone:
		return countDigits(names.Digits(value)) >= leastDigits && !strings.Contains(value, "@")
	default:
		return true
	}
}
