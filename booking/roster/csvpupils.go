package roster

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/names"
)

const (
	maxName = 200 // characters
	maxKey  = 256 // characters, as EdeXML 2.1 allows
)

// csvReader reads the rows of the main file into pupils.
type csvReader struct {
	*table
	options Options
	report  *Report
	roster  *Roster
	births  dateColumn
	leaving dateColumn
	keys    keyColumn
	people  *staffRoom
	classes *classRooms
	seen    map[string]int // key or identity -> place in roster.Pupils
	mails   teacherMails
}

func readCSVRoster(t *table, options Options, report *Report) *Roster {
	roster := &Roster{Format: FormatCSV, ReferenceDate: options.ReferenceDate, Pupils: make([]Pupil, 0, len(t.rows)), Groups: []Group{}, Teachers: []Teacher{}}
	c := &csvReader{table: t, options: options, report: report, roster: roster, seen: make(map[string]int, len(t.rows))}
	c.warnDuplicates(report)
	c.births, c.leaving = c.readDates(FieldBirthDate, options.Zone, report), c.readDates(FieldLeavingDate, options.Zone, report)
	c.keys = readKeys(t)
	c.people, c.classes = newStaffRoom(roster), newClassRooms(roster)
	c.people.learn(t)
	if !t.has(FieldPupilNumber) {
		report.warn(Finding{File: t.file, Reason: ReasonNoKeyColumn,
			Message: "no column holds a student number: pupils will be recognised again by name and birth date, and no second file can add to them by number"})
	}
	teachings, named := newTeachings(), t.namesTeachers()
	for i := range t.rows {
		if pupil, ok := c.pupil(t.rows[i]); ok {
			c.place(t.rows[i], &pupil)
			if named {
				c.teach(t.rows[i], &pupil, teachings)
			}
			c.add(pupil)
		}
	}
	teachings.settle(c.people, c.roster)
	c.settleTeacherEmails()
	c.people.settle(t, report)
	c.classes.years(roster)
	warnSimilarKeys(roster, t.file, report)
	return roster
}

func (c *csvReader) finding(r row, field string, reason Reason, message string) Finding {
	return Finding{File: c.file, Line: r.line, Field: field, Reason: reason, Message: message}
}

// pupil reads one row. It reports false for a row that cannot be a pupil; the report then has an error.
func (c *csvReader) pupil(r row) (Pupil, bool) {
	p := Pupil{Line: r.line}
	if !c.name(r, &p) || !c.key(r, &p) {
		return p, false
	}
	p.BirthDate = c.births.birthDate(c.table, r, c.roster.ReferenceDate, c.report)
	p.Protected = truthy(c.text(r, FieldProtected))
	if !p.Protected {
		c.address(r, &p)
	}
	p.Year = cleanYear(c.text(r, FieldYear))
	p.FamilyCode = c.familyCode(r)
	p.CitizenLast4 = c.last4(r)
	p.Facts = c.facts(r)
	p.Guardians = c.guardians(r)
	p.Leaver = c.left(r)
	return p, true
}

// name reads given name, prefix and surname, from their own columns or out of a full name.
func (c *csvReader) name(r row, p *Pupil) bool {
	given, givenHeader := c.nameCell(r, FieldGiven)
	prefix, _ := c.nameCell(r, FieldPrefix)
	surname, surnameHeader := c.nameCell(r, FieldSurname)
	full, fullHeader := c.nameCell(r, FieldFullName)
	if full != "" && (given == "" || surname == "") {
		given, prefix, surname = mergeFullName(full, given, prefix, surname)
	}
	if prefix == "" {
		prefix, surname = splitSurname(surname, c.has(FieldPrefix))
	}
	p.Given, p.Prefix, p.Surname = given, prefix, surname
	header := firstFilled(givenHeader, fullHeader, surnameHeader)
	if len([]rune(given)) > maxName || len([]rune(surname)) > maxName || len([]rune(prefix)) > maxName {
		finding := c.finding(r, header, ReasonValueTooLong, fmt.Sprintf("a name is longer than %d characters: look for a missing quote or separator", maxName))
		if slices.ContainsFunc(r.cells, func(cell string) bool { return strings.Contains(cell, "\n") }) {
			c.report.fail(finding) // a cell that swallowed others, and who knows how many lines
		} else {
			finding.Message = fmt.Sprintf("a name is longer than %d characters; the line was left out", maxName)
			c.report.warn(finding)
		}
		return false
	}
	if names.Key(given) == "" {
		c.report.fail(c.finding(r, header, ReasonMissingName, "the pupil has no given name; a parent logs in with it and sees nothing else of the child"))
		return false
	}
	if names.Key(surname) == "" {
		c.report.warn(c.finding(r, surnameHeader, ReasonMissingSurname, "the pupil has no surname; a parent must type the given name alone"))
	}
	if damaged(given) || damaged(prefix) || damaged(surname) {
		c.report.warn(c.finding(r, header, ReasonDamagedLetters, "accented letters of this name look damaged: say which encoding the file has, such as cp850 or macintosh, or export it as UTF-8"))
	}
	return true
}

func (c *csvReader) nameCell(r row, field Field) (value, header string) {
	for _, i := range c.at[target{field: field}] {
		header = firstFilled(header, c.columns[i].header)
		if value := cleanName(r.cells[i]); value != "" {
			return value, c.columns[i].header
		}
	}
	return "", header
}

func firstFilled(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// splitSurname takes the prefix off a surname. Where the file has a column for prefixes, only one in small letters is taken off: "De Smet" with an empty
// prefix is then the registered name.
func splitSurname(surname string, prefixColumn bool) (prefix, rest string) {
	prefix, rest = names.SplitPrefix(surname)
	if prefixColumn && prefix != strings.ToLower(prefix) {
		return "", surname
	}
	return prefix, rest
}

// mergeFullName fills what is missing from a full name.
func mergeFullName(full, given, prefix, surname string) (string, string, string) {
	g, p, s := splitFullName(full)
	switch {
	case given == "" && surname == "":
		return g, p, s
	case given == "":
		return g, prefix, surname
	}
	if rest, ok := strings.CutPrefix(full, given+" "); ok {
		p, s = names.SplitPrefix(rest)
	}
	return given, p, s
}

var bracketed = regexp.MustCompile(`^(.+?)\s*\(([^()]+)\)$`)

// splitFullName reads "Berg, Sanne van den", "van den Berg, Sanne", "Sanne van den Berg", "Anne Marie Bos", "Sanne Berg (van den)" and "VAN DEN BERG Sanne".
func splitFullName(full string) (given, prefix, surname string) {
	if m := bracketed.FindStringSubmatch(full); m != nil && names.IsPrefix(strings.TrimSpace(m[2])) {
		given, _, surname = splitFullName(m[1])
		return given, strings.TrimSpace(m[2]), surname
	}
	if surname, given, ok := capitalsFirst(full); ok {
		prefix, surname = names.SplitPrefix(surname)
		return given, prefix, surname
	}
	if before, after, found := strings.Cut(full, ","); found {
		before, after = strings.TrimSpace(before), strings.TrimSpace(after)
		if before != "" && after != "" {
			return splitBehindComma(before, after)
		}
		full = before + after
	}
	parts := strings.Fields(full)
	for i := 1; i < len(parts)-1; i++ {
		if names.IsPrefix(parts[i]) {
			prefix, surname = names.SplitPrefix(strings.Join(parts[i:], " "))
			return strings.Join(parts[:i], " "), prefix, surname
		}
	}
	if len(parts) < 2 {
		return full, "", ""
	}
	return strings.Join(parts[:len(parts)-1], " "), "", parts[len(parts)-1]
}

// capitalsFirst parts a name whose first words are all capitals, which are a surname, from the others, which are not.
func capitalsFirst(full string) (surname, given string, ok bool) {
	parts := strings.Fields(full)
	capitals := func(word string) bool {
		return strings.ToUpper(word) == word && strings.ToLower(word) != word && len([]rune(strings.Trim(word, "."))) > 1
	}
	at := 0
	for at < len(parts) && capitals(parts[at]) {
		at++
	}
	if at == 0 || at == len(parts) || slices.ContainsFunc(parts[at:], func(word string) bool { return capitals(word) || names.IsPrefix(word) }) {
		return "", "", false
	}
	return strings.Join(parts[:at], " "), strings.Join(parts[at:], " "), true
}

func splitBehindComma(before, after string) (given, prefix, surname string) {
	parts := strings.Fields(after)
	tail := len(parts)
	for tail > 1 && names.IsPrefix(parts[tail-1]) {
		tail--
	}
	prefix, surname = names.SplitPrefix(before)
	if tail < len(parts) {
		prefix, surname = strings.Join(parts[tail:], " "), before
	}
	return strings.Join(parts[:tail], " "), prefix, surname
}

var houseNumber = regexp.MustCompile(`^0*([1-9]\d{0,5})(?:[.,]0+)?(?:\s*[-/ ]?\s*([\pL\d][\pL\d .\-/]{0,11}))?$`)

// address reads postcode and house number. Only the number of a written address is kept.
func (c *csvReader) address(r row, p *Pupil) {
	p.Postcode = c.postcode(r)
	p.HouseNumber, p.HouseNumberAddition = c.house(r)
}

// postcodeAndTown is what stands in a column for both; the town is not kept.
var postcodeAndTown = regexp.MustCompile(`^(\d{4}\s?[A-Za-z]{2})[\s,]+\pL.*$`)

func (t *table) postcodeOf(r row, report *Report) string {
	value, header := t.value(r, FieldPostcode)
	if value == "" {
		return ""
	}
	if m := postcodeAndTown.FindStringSubmatch(value); m != nil {
		value = m[1]
	}
	code, ok := names.Postcode(strings.TrimSuffix(value, ".0"))
	if !ok {
		report.warn(Finding{File: t.file, Line: r.line, Field: header, Reason: ReasonBadPostcode, Message: "this is no postcode; it was left out"})
	}
	return code
}

func (c *csvReader) postcode(r row) string { return c.postcodeOf(r, c.report) }

func (c *csvReader) house(r row) (number, addition string) { return c.houseOf(r, c.report) }

// plainAddress is a street whose name holds no digit, so that the number behind it is the house number.
var plainAddress = regexp.MustCompile(`^[^\d]+\s(\d{1,5})\s*[-/]?\s*(\pL{0,4})$`)

func (t *table) houseOf(r row, report *Report) (number, addition string) {
	value, header := t.value(r, FieldHouseNumber)
	addition = t.text(r, FieldHouseAddition)
	if value == "" {
		if m := plainAddress.FindStringSubmatch(t.text(r, FieldAddress)); m != nil && !strings.HasPrefix(m[1], "0") {
			return m[1], firstFilled(addition, m[2])
		}
		return "", ""
	}
	if digits, rest := leadingDigits(value); rest == "" && value[0] != '0' && len(digits) <= mostHouseDigits {
		return digits, shortAddition(addition)
	}
	m := houseNumber.FindStringSubmatch(names.Digits(value))
	if m == nil {
		if strings.Trim(value, "0") != "" {
			report.warn(Finding{File: t.file, Line: r.line, Field: header, Reason: ReasonBadHouseNumber, Message: "this is no house number; it was left out"})
		}
		return "", ""
	}
	return m[1], firstFilled(shortAddition(addition), m[2])
}

// mostHouseDigits is how many digits a house number has at most.
const mostHouseDigits = 6

func shortAddition(addition string) string {
	if len([]rune(addition)) > 12 {
		return ""
	}
	return addition
}

func (c *csvReader) familyCode(r row) string {
	code := c.text(r, FieldFamilyCode)
	if strings.Trim(code, "0-. ") == "" || len(code) > maxKey {
		return ""
	}
	return code
}

// last4 reads the last digits of the citizen service number; only a column that dropCitizenNumbers left bound has any. A spreadsheet drops zeros in
// front.
func (c *csvReader) last4(r row) string {
	value, header := c.value(r, FieldCitizenLast4)
	if value == "" || !c.options.CitizenLast4 {
		return ""
	}
	digits := digitsOnly(names.Digits(value))
	if digits == "" || len(digits) > 4 {
		c.report.warn(c.finding(r, header, ReasonBadCitizenLast4, "these are not four digits; they were left out"))
		return ""
	}
	return strings.Repeat("0", 4-len(digits)) + digits
}

func (c *csvReader) left(r row) bool {
	guess, filled := c.leaving.guesses[r.line]
	if !filled || !c.leaving.ok {
		return false
	}
	date, ok := guess.settle(civil.Date{}, c.options.Zone)
	if !ok {
		_, header := c.value(r, FieldLeavingDate)
		c.report.warn(c.finding(r, header, ReasonBadDate, "this is no date that can be read; the pupil is taken to be at the school"))
		return false
	}
	return hasLeft(date, c.roster.ReferenceDate)
}

// hasLeft reports whether somebody with a leaving date has left: the day itself is the last one at school.
func hasLeft(leaving, reference civil.Date) bool {
	return !leaving.IsZero() && (reference.IsZero() || leaving.Before(reference))
}

var yearWords = regexp.MustCompile(`(?i)^(?:groep|leerjaar|jaar|klas|jaargroep)\s*(\d{1,2})$`)

// cleanYear keeps a year as the roster names it, without the word before it.
func cleanYear(text string) string {
	if text == "" {
		return ""
	}
	text = strings.TrimSuffix(text, ".0")
	if m := yearWords.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	if len([]rune(text)) > 32 {
		return ""
	}
	return text
}

var yes = words("ja j 1 true waar x yes y wahr oui aan geheim beschermd afgeschermd")

func truthy(text string) bool { return yes[strings.ToLower(text)] }
