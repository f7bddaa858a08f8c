package roster

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/names"
)

// keyColumn knows how a spreadsheet changed the numbers of a column.
type keyColumn struct {
	decimals  bool // every number ends in ".0"
	thousands bool // numbers are written 100.001
	digits    bool // what has no sign is a number, and there is such
}

// keySigns are what a spreadsheet puts between the digits of a number.
const keySigns = "., '"

var (
	decimalKey    = regexp.MustCompile(`^\d+[.,]0+$`)
	groupedKey    = regexp.MustCompile(`^\d{1,3}([., ']\d{3})+$`)
	plainKey      = regexp.MustCompile(`^\d{1,3}$`)
	scientificKey = regexp.MustCompile(`^\d([.,]\d+)?[eE]\+?\d+$`)
	keySignless   = strings.NewReplacer(".", "", ",", "", " ", "", "'", "")
)

func readKeys(t *table) keyColumn {
	k, grouped, plain := keyColumn{decimals: true, thousands: true, digits: true}, false, false
	for _, i := range t.at[target{field: FieldPupilNumber}] {
		for _, cell := range t.column(i) {
			signs := strings.ContainsAny(cell, keySigns)
			k.decimals = k.decimals && signs && decimalKey.MatchString(cell)
			dotted := signs && groupedKey.MatchString(cell)
			grouped = grouped || dotted
			k.thousands = k.thousands && (dotted || plainKey.MatchString(cell))
			if !signs {
				_, rest := leadingDigits(cell)
				k.digits, plain = k.digits && rest == "", true
			}
		}
	}
	k.thousands, k.digits = k.thousands && grouped, k.digits && plain
	return k
}

// clean takes off what a spreadsheet put into a number. It tells whether that is a sign between thousands that other numbers of the column do not have.
func (k keyColumn) clean(text string) (number string, alone bool) {
	switch {
	case !strings.ContainsAny(text, keySigns):
	case k.thousands:
		text = keySignless.Replace(text)
	case k.decimals:
		text, _, _ = strings.Cut(strings.Replace(text, ",", ".", 1), ".")
	case k.digits && groupedKey.MatchString(text):
		text, alone = keySignless.Replace(text), true
	case decimalKey.MatchString(text) && !groupedKey.MatchString(text):
		text, _, _ = strings.Cut(strings.Replace(text, ",", ".", 1), ".")
	}
	return names.Digits(text), alone
}

const groupedKeyMessage = "a spreadsheet program has put a sign between the thousands of this student number, which others of the column do not have; it was read without it"

// key reads the student number. A pupil without one gets a temporary key.
func (c *csvReader) key(r row, p *Pupil) bool {
	value, header := c.value(r, FieldPupilNumber)
	value, alone := c.keys.clean(value)
	if alone {
		c.report.warn(c.finding(r, header, ReasonGroupedKey, groupedKeyMessage))
	}
	switch {
	case value == "":
		p.KeyIsTemporary = true
		if c.has(FieldPupilNumber) {
			c.report.warn(c.finding(r, header, ReasonMissingKey, "the pupil has no student number and will be recognised again by name and birth date"))
		}
	case scientificKey.MatchString(value):
		c.report.fail(c.finding(r, header, ReasonDamagedKey, "a spreadsheet program has turned this student number into a power of ten: format the column as text and export again"))
		return false
	case len([]rune(value)) > maxKey:
		c.report.fail(c.finding(r, header, ReasonValueTooLong, fmt.Sprintf("the student number is longer than %d characters", maxKey)))
		return false
	default:
		p.KeyIsTemporary = strings.HasPrefix(value, "#")
	}
	p.Key = value
	return true
}

// identity tells pupils apart who have no number: by name and birth date, or by all that a row says if there is no birth date.
func (c *csvReader) identity(p *Pupil) string {
	who := personIdentity(p)
	if p.BirthDate.IsZero() {
		who += "\x00" + p.GroupKey + "\x00" + p.Postcode + "\x00" + p.HouseNumber
	}
	return "\x00" + who
}

func personIdentity(p *Pupil) string { return nameIdentity(p) + "\x00" + p.BirthDate.String() }

func nameIdentity(p *Pupil) string {
	return names.Key(p.Given) + "\x00" + names.Surname(p.Prefix, p.Surname)
}

// add puts a pupil into the roster, or unites it with the one that has the same number: some exports have a row per lesson or per address.
func (c *csvReader) add(p Pupil) {
	id := p.Key
	if id == "" {
		id = c.identity(&p)
	}
	at, known := c.seen[id]
	if !known {
		if p.Key == "" {
			p.Key = temporaryKey(len(c.roster.Pupils) + 1)
		}
		c.seen[id] = len(c.roster.Pupils)
		c.roster.Pupils = append(c.roster.Pupils, p)
		return
	}
	first := &c.roster.Pupils[at]
	if !samePerson(first, &p) {
		c.report.fail(Finding{File: c.file, Line: p.Line, Field: c.headerOf(FieldPupilNumber), Reason: ReasonDuplicateKey,
			Message: fmt.Sprintf("this student number already belongs to another pupil, on line %d", lineIn(first.Line))})
		return
	}
	unite(first, &p, c.file, c.report)
}

func (t *table) headerOf(field Field) string {
	if at := t.at[target{field: field}]; len(at) > 0 {
		return t.columns[at[0]].header
	}
	return ""
}

func temporaryKey(n int) string { return fmt.Sprintf("#%04d", n) }

// samePerson compares names as people write them; a birth date that is missing on one side does not count.
func samePerson(a, b *Pupil) bool {
	return names.Key(a.Given) == names.Key(b.Given) && names.Surname(a.Prefix, a.Surname) == names.Surname(b.Prefix, b.Surname) &&
		(a.BirthDate == b.BirthDate || a.BirthDate.IsZero() || b.BirthDate.IsZero())
}

// unite adds to a pupil what another row says of the same one. What the first row says stays; a difference is a warning.
func unite(first, more *Pupil, file string, report *Report) {
	conflict := func(field string) {
		report.warn(Finding{File: file, Line: more.Line, Field: field, Reason: ReasonConflictingValue,
			Message: fmt.Sprintf("the pupil has another value on line %d, which was kept", lineIn(first.Line))})
	}
	if more.Postcode != "" && first.Postcode != "" && (more.Postcode != first.Postcode || differ(first.HouseNumber, more.HouseNumber)) {
		conflict("postcode")
	} else if more.Postcode != "" && !first.Protected {
		first.Postcode = more.Postcode
		if first.HouseNumber == "" {
			first.HouseNumber, first.HouseNumberAddition = more.HouseNumber, more.HouseNumberAddition
		}
	}
	for _, pair := range []struct {
		into *string
		from string
		name string
	}{
		{&first.Year, more.Year, "year"}, {&first.FamilyCode, more.FamilyCode, "family code"}, {&first.CitizenLast4, more.CitizenLast4, "last digits"},
	} {
		if *pair.into == "" {
			*pair.into = pair.from
		} else if differ(*pair.into, pair.from) {
			conflict(pair.name)
		}
	}
	if first.BirthDate == (civil.Date{}) {
		first.BirthDate = more.BirthDate
	}
	first.Leaver = first.Leaver && more.Leaver
	if more.Protected {
		first.Protected, first.Postcode, first.HouseNumber, first.HouseNumberAddition = true, "", "", ""
	}
	uniteFacts(first, more)
	uniteGroups(first, more)
	if len(first.TeacherKeys) < maxGroups {
		first.TeacherKeys = union(first.TeacherKeys, more.TeacherKeys)
	}
	first.Guardians = uniteGuardians(first.Guardians, more.Guardians)
}

func differ(a, b string) bool { return a != "" && b != "" && a != b }

func uniteGroups(first, more *Pupil) {
	if first.GroupKey == "" {
		first.GroupKey = more.GroupKey
	}
	if len(first.OtherGroupKeys) >= maxGroups {
		return
	}
	first.OtherGroupKeys = union(first.OtherGroupKeys, append([]string{more.GroupKey}, more.OtherGroupKeys...))
	first.OtherGroupKeys = without(first.OtherGroupKeys, first.GroupKey)
}

// warnSimilarKeys names numbers that differ only by zeros in front, which second files could not tell apart.
func warnSimilarKeys(roster *Roster, file string, report *Report) {
	seen := map[string]int{}
	for i := range roster.Pupils {
		p := &roster.Pupils[i]
		loose := names.StudentNumberLoose(p.Key)
		if first, ok := seen[loose]; ok && !p.KeyIsTemporary {
			report.warn(Finding{File: file, Line: p.Line, Reason: ReasonSimilarKey,
				Message: fmt.Sprintf("this student number differs from the one on line %d only by zeros in front or by case", lineIn(first))})
		}
		seen[loose] = p.Line
	}
}
