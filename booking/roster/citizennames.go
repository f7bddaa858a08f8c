package roster

import (
	"regexp"
	"strings"

	"github.com/ouderavond/ouderavond/models/names"
	"github.com/ouderavond/ouderavond/models/typed"
)

const (
	possibleCitizenMessage = "one or two student numbers here pass the test of the citizen service number (BSN), which may be chance: if they are BSNs, they may not be used; " +
		"export the school's own number instead"
	citizenInNameMessage = "a number within this name passes the test of the citizen service number (BSN); it was taken out"
)

// mayBeCitizen reports whether the few numbers of nine digits among others all pass the test, too few for looksCitizen to decide.
func mayBeCitizen(cells []string) bool {
	nine := 0
	for _, cell := range cells {
		number := digitsOnly(names.Digits(cell))
		if len(number) != 9 {
			continue
		}
		if !typed.IsCitizenNumber(number) {
			return false
		}
		nine++
	}
	return nine > 0 && nine < fewestCitizenNumbers
}

// Runs of digits, without and with what people write between them, and with the word and brackets around them.
var digitRuns = []*regexp.Regexp{
	regexp.MustCompile(`(?i)(?:\bbsn\b[:.]?\s*)?[(\[]?\d+[)\]]?`),
	regexp.MustCompile(`(?i)(?:\bbsn\b[:.]?\s*)?[(\[]?\d(?:[ .-]?\d)+[)\]]?`),
}

// withoutCitizenNumber takes runs of nine digits that pass the test out of a name, and of eight that lost a zero in front; it tells whether there were any.
func withoutCitizenNumber(name string) (string, bool) {
	const fewest = 8 // digits of such a number, without the zero in front
	latin, found := names.Digits(name), false
	if len(latin) < fewest || countDigits(latin) < fewest {
		return name, false
	}
	for _, runs := range digitRuns {
		latin = runs.ReplaceAllStringFunc(latin, func(run string) string {
			digits := onlyDigits(run)
			if typed.IsCitizenNumber(digits) || len(digits) == fewest && typed.IsCitizenNumber("0"+digits) {
				found = true
				return " "
			}
			return run
		})
	}
	if !found {
		return name, false
	}
	return strings.ReplaceAll(names.Clean(latin), " ,", ","), true
}

func onlyDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// written are the fields that hold a name of somebody or of something, and so anything that somebody typed.
var written = map[Field]bool{FieldGroup: true, FieldOtherGroups: true, FieldYear: true, FieldSubject: true, FieldHouseAddition: true, FieldAddress: true,
	FieldGiven: true, FieldPrefix: true, FieldSurname: true, FieldFullName: true, FieldTeacher: true, FieldMentor: true, FieldTeacherGiven: true,
	FieldTeacherPrefix: true, FieldTeacherSurname: true, FieldGuardianName: true, FieldGuardianGiven: true, FieldGuardianPrefix: true, FieldGuardianFamily: true}

// cleanNames takes citizen service numbers out of the names of all rows, so that nothing that reads the table can see them.
func (t *table) cleanNames(report *Report) {
	for i, c := range t.columns {
		if c.state != ColumnBound || !written[c.target.field] {
			continue
		}
		for _, r := range t.rows {
			name, found := withoutCitizenNumber(r.cells[i])
			if !found {
				continue
			}
			r.cells[i] = name
			report.warn(Finding{File: t.file, Line: r.line, Field: c.header, Reason: ReasonFullCitizenNumber, Message: citizenInNameMessage})
		}
	}
}

// name reads an element that holds a person's name, without a citizen service number that stands in it.
func (e *edexReader) name(n *node, element string) string {
	name, found := withoutCitizenNumber(n.child(element))
	if found {
		e.warn(n.line, element, ReasonFullCitizenNumber, citizenInNameMessage)
	}
	return cleanName(name)
}
