package roster

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/names"
)

// What the values of a column say of it: an export without useful headers is still a list of postcodes and dates. Only what has a shape of its own is known by it; a
// first name is not.

const (
	fewestValues = 5  // of a column, below which nothing is said of it
	mostValues   = 60 // of a column that are looked at
	childsAge    = 3  // of the youngest in a column of birth dates
)

// sampled returns some filled cells of a column, from all parts of the list, and how many rows were looked at.
func sampled(rows []row, at int) (cells []string, looked int) {
	step := max(1, len(rows)/mostValues)
	for i := 0; i < len(rows); i += step {
		looked++
		if at >= len(rows[i].cells) {
			continue
		}
		if cell := cleanCell(rows[i].cells[at]); cell != "" {
			cells = append(cells, cell)
		}
	}
	return cells, looked
}

// judge tells what the values of a column plainly are: e-mail addresses, telephone numbers, Dutch postcodes, birth dates of children, student numbers or names of
// classes. It returns nothing where that is not plain.
func judge(rows []row, at int, reference civil.Date) Field {
	cells, looked := sampled(rows, at)
	if len(cells) < fewestValues {
		return ""
	}
	fitting := func(fits func(cell string) bool) bool {
		others := 0
		for _, cell := range cells {
			if !fits(cell) {
				others++
			}
			if 10*others > len(cells) {
				return false
			}
		}
		return true
	}
	different := distinctOf(cells)
	switch {
	case fitting(func(cell string) bool { return strings.Contains(cell, "@") && isEmail(cell) }):
		if ofOneDomain(cells) {
			return "" // accounts of the school: its pupils', or its teachers'
		}
		return FieldGuardianEmail
	case fitting(looksDialled):
		return FieldGuardianPhone
	case fitting(func(cell string) bool { code, _ := names.Postcode(cell); return names.DutchPostcode(code) }):
		return FieldPostcode
	case 5*different >= 3*len(cells) && fitting(func(cell string) bool { return isChildsBirth(cell, reference) }):
		return FieldBirthDate
	case 20*len(cells) >= 19*looked && 20*different >= 19*len(cells) && fitting(looksNumbered) && number(cells[0]) > 1: // what begins with 1 counts the rows
		return FieldPupilNumber
	case 2*different <= len(cells) && fitting(looksGrouped):
		return FieldGroup
	}
	return ""
}

func distinctOf(cells []string) int {
	seen := make(map[string]bool, len(cells))
	for _, cell := range cells {
		seen[cell] = true
	}
	return len(seen)
}

func isEmail(cell string) bool {
	found, bad := emails(cell)
	return len(found) > 0 && bad == 0
}

// ofOneDomain reports whether most addresses are at one domain, where not everybody has one.
func ofOneDomain(cells []string) bool {
	counts := map[string]int{}
	for _, cell := range cells {
		domain := domainOf(strings.ToLower(cell))
		if counts[domain]++; 2*counts[domain] > len(cells) && !anybodys[domain] {
			return true
		}
	}
	return false
}

// looksDialled recognises a telephone number with its zero, its country, or a mobile one without its zero.
func looksDialled(cell string) bool {
	const fewest = 9
	if digits := countDigits(cell); digits < fewest || !strings.ContainsAny(cell[:1], "0+(") && !(cell[0] == '6' && digits == fewest && len(cell) == fewest) {
		return false
	}
	_, verdict := readPhones(dialled(cell))
	return verdict == phoneGood
}

// isChildsBirth recognises a written date on which a pupil can be born. A plain number may be anything.
func isChildsBirth(cell string, reference civil.Date) bool {
	if _, rest := leadingDigits(cell); rest == "" {
		return false
	}
	date, ok := guessDate(cell).settle(reference, time.UTC)
	return ok && (reference.IsZero() || schoolAge(date, reference) && reference.Year-date.Year >= childsAge)
}

func looksNumbered(cell string) bool {
	digits, rest := leadingDigits(cell)
	return rest == "" && len(digits) >= 3 && len(digits) <= 12
}

var classShape = regexp.MustCompile(`(?i)^(?:(?:groep|klas|group|class)\s*)?(?:\d{1,2}\s?[a-z]{1,3}\d?|[a-z]{1,4}\d{1,2}[a-z]{0,3}\d?|\d{1,2}\s?[-/]\s?\d{1,2}\s?[a-z]?)$|^(?i)(?:groep|klas|group)\s*\d{1,2}$`)

func looksGrouped(cell string) bool { return len(cell) <= 12 && classShape.MatchString(cell) }

// contradicts reports whether a column of a field cannot hold what its values plainly are.
func contradicts(field, values Field) bool {
	switch values {
	case FieldGuardianEmail:
		return field != FieldTeacherEmail
	case FieldPostcode:
		return field != FieldAddress
	case FieldBirthDate:
		return !isFact(field)
	case FieldGuardianPhone:
		return !slices.Contains([]Field{FieldPupilNumber, FieldPupilNumbers, FieldFamilyCode, FieldTeacherCode}, field) && !isFact(field)
	case FieldPupilNumber:
		return slices.Contains([]Field{FieldGiven, FieldSurname, FieldFullName, FieldGroup, FieldPostcode, FieldBirthDate}, field)
	case FieldGroup:
		return slices.Contains([]Field{FieldPupilNumber, FieldGiven, FieldSurname, FieldFullName, FieldBirthDate, FieldPostcode, FieldGuardianEmail, FieldGuardianPhone}, field)
	default:
		return false
	}
}
