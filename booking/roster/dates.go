package roster

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/names"
)

const (
	youngest = 2  // years of age that a pupil may have
	oldest   = 25 // on the reference date
)

var (
	zoneSuffix  = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2})$`)
	monthName   = regexp.MustCompile(`^(\d{1,2})[- /.]*(\pL+)[.]?[- /.]*(\d{2})$`)
	serialDay   = regexp.MustCompile(`^(\d{5})([.,]\d+)?$`)
	shortDigits = regexp.MustCompile(`^\d{7}$`)
)

// firstSerial is day 0 of the day numbers of spreadsheets; so chosen that their invented 29 February 1900 does not matter for later days.
var firstSerial = civil.Date{Year: 1899, Month: 12, Day: 30}

// dateGuess is a cell of a date column before the order of the column is known.
type dateGuess struct {
	date          civil.Date // certain whatever the order; zero if not
	first, second int        // the two numbers that are day and month in some order; zero if date is certain or nothing was read
	year          int
	short         bool // the year has two digits
	clock         clock
}

func (g dateGuess) dayFirst() bool { return g.first > 12 && g.first <= 31 && g.second <= 12 }

func (g dateGuess) monthFirst() bool { return g.second > 12 && g.second <= 31 && g.first <= 12 }

func (g dateGuess) nothing() bool { return g.date.IsZero() && g.first == 0 }

func guessDate(cell string) dateGuess {
	text, clock := cutClock(names.Digits(cell))
	if len(text) > len(time.DateOnly) {
		text = zoneSuffix.ReplaceAllString(text, "$1")
	}
	guess := guessDay(text)
	guess.clock = clock
	return guess
}

// guessDay reads the date of a cell without its time.
func guessDay(text string) dateGuess {
	if one, other, last, ok := threeNumbers(text); ok {
		if len(one) == len("2006") {
			if date, ok := civil.New(number(one), number(other), number(last)); ok {
				return dateGuess{date: inCentury(date)}
			}
			return dateGuess{}
		}
		return dateGuess{first: number(one), second: number(other), year: number(last), short: len(last) == len("06")}
	}
	if m := serialDay.FindStringSubmatch(text); m != nil {
		return dateGuess{date: plausible(firstSerial.AddDays(number(m[1])))}
	}
	if m := monthName.FindStringSubmatch(text); m != nil {
		if month, ok := names.Month(m[2]); ok {
			return dateGuess{first: number(m[1]), second: month, year: number(m[3]), short: true}
		}
	}
	if shortDigits.MatchString(text) { // ddmmyyyy that lost its zero
		text = "0" + text
	}
	date, _ := names.BirthDate(text)
	return dateGuess{date: date}
}

// threeNumbers cuts a date that is written in numbers: the year stands first, and no space beside a separator, or it stands last, with two or four digits.
func threeNumbers(text string) (one, other, last string, ok bool) {
	one, text = leadingDigits(text)
	tight, text, apart := cutSeparator(text)
	other, text = leadingDigits(text)
	also, text, still := cutSeparator(text)
	last, text = leadingDigits(text)
	if !apart || !still || text != "" || other == "" || len(other) > 2 {
		return "", "", "", false
	}
	if len(one) == len("2006") {
		return one, other, last, tight && also && (len(last) == 1 || len(last) == 2)
	}
	return one, other, last, (len(one) == 1 || len(one) == 2) && (len(last) == len("06") || len(last) == len("2006"))
}

func leadingDigits(text string) (digits, rest string) {
	end := 0
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	return text[:end], text[end:]
}

// cutSeparator takes what stands between two numbers off a text: a sign, or a space, with a space before and behind it at most. It tells whether there was the sign alone.
func cutSeparator(text string) (tight bool, rest string, ok bool) {
	end := 0
	for end < len(text) && strings.IndexByte("-/. ", text[end]) >= 0 {
		end++
	}
	between, rest := text[:end], text[end:]
	switch end {
	case 1:
		return true, rest, true
	case 2:
		return false, rest, between[0] == ' ' || between[1] == ' '
	case 3:
		return false, rest, between[0] == ' ' && between[2] == ' '
	}
	return false, rest, false
}

func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

// inCentury keeps a date that somebody alive can have.
func inCentury(date civil.Date) civil.Date {
	if date.Year < 1900 || date.Year > 2099 {
		return civil.Date{}
	}
	return date
}

// plausible keeps a date that somebody at a school can have.
func plausible(date civil.Date) civil.Date {
	if date.Year < 1940 || date.Year > 2099 {
		return civil.Date{}
	}
	return date
}

// settle returns the date of a guess in a zone, the day before the month. A year of two digits becomes the year in which a pupil of today was born.
func (g dateGuess) settle(reference civil.Date, zone *time.Location) (civil.Date, bool) {
	date, ok := g.written(reference)
	if !ok {
		return date, false
	}
	return g.clock.day(date, zone), true
}

// written returns the date as it stands in the cell.
func (g dateGuess) written(reference civil.Date) (civil.Date, bool) {
	if g.nothing() {
		return civil.Date{}, false
	}
	if !g.date.IsZero() {
		return g.date, true
	}
	if !g.short {
		date, ok := civil.New(g.year, g.second, g.first)
		return date, ok && g.year >= 1900 && g.year <= 2099
	}
	for _, century := range []int{2000, 1900} {
		date, ok := civil.New(century+g.year, g.second, g.first)
		if ok && (reference.IsZero() || schoolAge(date, reference)) {
			return date, true
		}
	}
	return civil.Date{}, false
}

func schoolAge(birth, reference civil.Date) bool {
	age := reference.Year - birth.Year
	if reference.Month < birth.Month || (reference.Month == birth.Month && reference.Day < birth.Day) {
		age--
	}
	return age >= youngest && age <= oldest
}

// dateColumn is a field whose cells were read together, because only together they show in which order day and month stand.
type dateColumn struct {
	guesses map[int]dateGuess // by line
	zone    *time.Location
	ok      bool
}

// readDates reads all cells of a date field. A column with the month in front, or with both orders, is an error: guessing would give wrong birth dates.
func (t *table) readDates(field Field, zone *time.Location, report *Report) dateColumn {
	column := dateColumn{zone: zone, ok: true}
	if !t.has(field) {
		return column
	}
	column.guesses = make(map[int]dateGuess, len(t.rows))
	var dayLine, monthLine int
	header := ""
	for _, r := range t.rows {
		value, name := t.value(r, field)
		if value == "" {
			continue
		}
		guess := guessDate(value)
		column.guesses[r.line], header = guess, name
		if guess.dayFirst() && dayLine == 0 {
			dayLine = r.line
		}
		if guess.monthFirst() && monthLine == 0 {
			monthLine = r.line
		}
	}
	switch {
	case monthLine > 0 && dayLine > 0:
		column.ok = false
		report.fail(Finding{File: t.file, Line: monthLine, Field: header, Reason: ReasonMixedDateOrder,
			Message: "here the month stands before the day, elsewhere in the column (line " + strconv.Itoa(lineIn(dayLine)) + ") the day before the month: correct the dates, or export them as yyyy-mm-dd"})
	case monthLine > 0:
		column.ok = false
		report.fail(Finding{File: t.file, Line: monthLine, Field: header, Reason: ReasonDateOrder,
			Message: "in this column the month stands before the day: export the dates as dd-mm-yyyy or yyyy-mm-dd"})
	}
	return column
}

// birthDate gives the birth date of a row; zero, with a warning, if there is none that can be right.
func (c dateColumn) birthDate(t *table, r row, reference civil.Date, report *Report) civil.Date {
	guess, filled := c.guesses[r.line]
	if !filled || !c.ok {
		return civil.Date{}
	}
	_, header := t.value(r, FieldBirthDate)
	return checkBirthDate(guess, reference, c.zone, Finding{File: t.file, Line: r.line, Field: header}, report)
}

func checkBirthDate(guess dateGuess, reference civil.Date, zone *time.Location, place Finding, report *Report) civil.Date {
	date, ok := guess.settle(reference, zone)
	if ok && guess.clock.odd(date, zone) {
		odd := place
		odd.Reason, odd.Message = ReasonTimeOfDay, "this birth date has a time of day that is not midnight at the school: look whether the day is right"
		report.warn(odd)
	}
	switch {
	case !ok:
		place.Reason, place.Message = ReasonBadDate, "this is no birth date that can be read; it was left out"
	case !reference.IsZero() && !schoolAge(date, reference):
		place.Reason, place.Message = ReasonImplausibleAge, "a pupil with this birth date would be younger than 2 or older than 25 years; it was left out"
	default:
		return date
	}
	report.warn(place)
	return civil.Date{}
}

// isoDate reads a date or instant of XML Schema, as the day that it is in a zone.
func isoDate(text string, zone *time.Location) (civil.Date, bool) {
	guess := isoGuess(text)
	return guess.settle(civil.Date{}, zone)
}

// isoGuess reads the date that stands in the first ten characters, and the time behind it.
func isoGuess(text string) (guess dateGuess) {
	text, clock := cutClock(strings.TrimSpace(text))
	if len(text) < len(time.DateOnly) {
		return guess
	}
	guess.date, _ = civil.Parse(text[:len(time.DateOnly)])
	guess.clock = clock
	return guess
}
