package roster

import (
	"strings"

	"github.com/ouderavond/ouderavond/models/typed"
)

const fewestCitizenNumbers = 3

// looksCitizen tells whether a column holds citizen service numbers: at least half of its numbers of nine digits pass the test, and there are at least
// three of these. Numbers of eight digits, which lost a zero in front, count too where others have nine. A random number passes once in eleven times.
func looksCitizen(cells []string) bool {
	nine, eight, pass := 0, 0, 0
	for _, cell := range cells {
		switch number := digitsOnly(cell); len(number) {
		case 9:
			nine++
			if typed.IsCitizenNumber(number) {
				pass++
			}
		case 8:
			eight++
			if typed.IsCitizenNumber("0" + number) {
				pass++
			}
		}
	}
	return nine > 0 && nine+eight >= fewestCitizenNumbers && pass >= fewestCitizenNumbers-1 && 2*pass >= nine+eight
}

// digitsOnly returns the digits of a cell that holds a number and nothing else, with the usual separators taken out; else nothing.
func digitsOnly(cell string) string {
	bare := bareCell(cell)
	if digits, rest := leadingDigits(bare); rest == "" {
		return digits
	} else if !strings.ContainsAny(rest[:1], " .-") {
		return ""
	}
	number := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-", r) {
			return -1
		}
		return r
	}, bare)
	if strings.Trim(number, "0123456789") != "" {
		return ""
	}
	return number
}

// allBeginWithSix tells whether the numbers of a guardian's phone column are mobile numbers whose zero was lost: then passing the test is chance.
func allBeginWithSix(cells []string) bool {
	for _, cell := range cells {
		if number := digitsOnly(cell); len(number) == 9 && number[0] != '6' {
			return false
		}
	}
	return true
}

// dropCitizenNumbers takes columns out that hold citizen service numbers, whatever their header says, and columns that the report must name. A file
// whose student numbers are such numbers is refused: false.
func (t *table) dropCitizenNumbers(report *Report) bool {
	for i := range t.columns {
		c := &t.columns[i]
		cells := t.column(i)
		switch {
		case c.state == ColumnDropped:
		case c.target.field == FieldGuardianPhone && allBeginWithSix(cells):
		case !looksCitizen(cells):
		case c.target.field == FieldPupilNumber || c.target.field == FieldPupilNumbers:
			report.fail(Finding{File: t.file, Field: c.header, Reason: ReasonCitizenNumberAsKey,
				Message: "the student numbers in this column are citizen service numbers (BSN); these may not be used: export the school's own number instead"})
			return false
		default:
			c.release(ColumnDropped)
			c.because = BecauseValues
		}
		if c.target.field == FieldPupilNumber && mayBeCitizen(cells) {
			report.warn(Finding{File: t.file, Field: c.header, Reason: ReasonPossibleCitizenNumber, Message: possibleCitizenMessage})
		}
		if c.target.field == FieldCitizenLast4 {
			t.checkLast4(c, cells, report)
		}
		if c.state == ColumnDropped {
			report.drop(c.header)
		}
	}
	t.index()
	t.cleanNames(report)
	return true
}

// checkLast4 drops a column of last digits altogether if one of its cells holds more than four.
func (t *table) checkLast4(c *column, cells []string, report *Report) {
	for _, cell := range cells {
		if len(digitsOnly(cell)) > 4 {
			c.release(ColumnDropped)
			c.because = BecauseValues
			report.warn(Finding{File: t.file, Field: c.header, Reason: ReasonFullCitizenNumber,
				Message: "this column should hold the last four digits only, but holds longer numbers; it was not read"})
			return
		}
	}
}

// column returns the filled cells of a column.
func (t *table) column(i int) []string {
	cells := make([]string, 0, len(t.rows))
	for _, r := range t.rows {
		if cell := cleanCell(r.cells[i]); cell != "" {
			cells = append(cells, cell)
		}
	}
	return cells
}
