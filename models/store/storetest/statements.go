package storetest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// OverAllSchools are the only statements that reach rows of schools without naming one: which schools have messages that are due and how many, and when the next one is.
// They lock nothing.
var OverAllSchools = []*regexp.Regexp{
	regexp.MustCompile(`^SELECT school_id(, SUM\(CASE WHEN [^;]*? THEN 1 ELSE 0 END\) AS [a-z_]+)* FROM messages WHERE [^;]* LIMIT \$\d+$`),
	regexp.MustCompile(`^SELECT due_at AS due FROM messages WHERE [^;]* LIMIT 1$`),
}

var (
	named      = regexp.MustCompile(`(?i)\b(?:FROM|INTO|UPDATE|JOIN)\s+"?([a-z_]+)"?`)
	ofOne      = regexp.MustCompile(`(?i)"?school_id"? = \$\d+`)
	setsSchool = regexp.MustCompile(`(?i)\bSET\b.*"?school_id"?\s*=.*\bWHERE\b`)
	locks      = regexp.MustCompile(`(?i)\bFOR (UPDATE|SHARE|KEY SHARE|NO KEY UPDATE)\b|\bSKIP LOCKED\b`)
	upsert     = regexp.MustCompile(`(?i)\bDO UPDATE\b`)
	// ownUpsert overwrites a row by a key that begins with the school, with values of the new row only: that names the same school.
	ownUpsert = regexp.MustCompile(`(?i)\bON CONFLICT \("school_id",[^)]*\) DO UPDATE SET ("[a-z_]+" = excluded\."[a-z_]+"(, )?)+$`)
	inserts   = regexp.MustCompile(`(?i)^INSERT INTO "?([a-z_]+)"? \(([^)]*)\)`)
)

// FaultOf tells what is wrong with a statement for tables that are distributed by school; empty if nothing is. On a table of a school's rows it must name one
// school: as a value in its WHERE that all else is joined to by AND, or among the columns of new rows. Only what names a school locks, and nothing locks the row of
// a school itself, which several writers share: their turn is an advisory lock.
func FaultOf(statement string, scoped []string) string {
	statement = strings.Join(strings.Fields(strings.TrimSuffix(strings.TrimSpace(statement), ";")), " ")
	tables := map[string]bool{}
	for _, found := range named.FindAllStringSubmatch(statement, -1) {
		tables[found[1]] = true
	}
	ofSchools := slices.ContainsFunc(scoped, func(table string) bool { return tables[table] })
	switch {
	case locks.MatchString(statement) && !ofSchools:
		return "locks rows without naming a school"
	case !ofSchools:
		return ""
	case slices.ContainsFunc(OverAllSchools, func(known *regexp.Regexp) bool { return known.MatchString(statement) }) && !locks.MatchString(statement):
		return ""
	case upsert.MatchString(statement) && !ownUpsert.MatchString(statement):
		return "changes a row of whichever school is there"
	case setsSchool.MatchString(statement):
		return "changes the school of a row"
	}
	if found := inserts.FindStringSubmatch(statement); found != nil {
		if !strings.Contains(found[2], `"school_id"`) || strings.Contains(strings.ToUpper(statement), " SELECT ") {
			return "makes rows without naming their school"
		}
		return ""
	}
	if !hasAtTop(statement, ofOne) {
		return "does not name one school"
	}
	return ""
}

// hasAtTop reports whether a condition is one of those of the WHERE that all hold: outside parentheses, and not beside an OR.
func hasAtTop(statement string, condition *regexp.Regexp) bool {
	_, where, found := strings.Cut(statement, " WHERE ")
	if !found {
		return false
	}
	var top strings.Builder
	depth := 0
	for _, letter := range where {
		switch letter {
		case '(':
			depth++
		case ')':
			depth--
		default:
			if depth == 0 {
				top.WriteRune(letter)
			}
		}
	}
	return condition.MatchString(top.String()) && !strings.Contains(strings.ToUpper(top.String()), " OR ")
}

// Faults tells what is wrong with the statements that were heard.
func (b *Between) Faults(scoped []string) []string {
	var faults []string
	for statement := range b.Heard() {
		if fault := FaultOf(statement, scoped); fault != "" {
			faults = append(faults, fmt.Sprintf("%s: %s", fault, statement))
		}
	}
	slices.Sort(faults)
	return faults
}
