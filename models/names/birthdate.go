package names

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/ouderavond/ouderavond/models/civil"
)

const (
	maxDateRunes  = 40
	firstYear     = 1900
	lastYear      = 2099
	compactLength = len("20060102")
	shortLength   = len("020106")
	firstOfLast   = 40 // a year of two digits from here on is one of the last century
)

// months holds month names and their usual shortenings in Dutch, English, German and French, folded.
var months = monthTable(
	"januari jan january januar janner janvier janv",
	"februari feb febr february februar fevrier fevr",
	"maart mrt march mar maerz marz mars",
	"april apr avril avr",
	"mei may mai",
	"juni jun june juin",
	"juli jul july juillet juil",
	"augustus aug august aout",
	"september sep sept septembre",
	"oktober okt october oct octobre",
	"november nov novembre",
	"december dec dezember dez decembre",
)

func monthTable(lists ...string) map[string]int {
	table := map[string]int{}
	for i, list := range lists {
		for _, name := range strings.Fields(list) {
			table[name] = i + 1
		}
	}
	return table
}

// Month returns the number (1 to 12) of a month named in Dutch, English, German or French, in full or shortened, in any case.
func Month(name string) (month int, ok bool) {
	month, ok = months[Key(name)]
	return month, ok
}

// fillers are words, folded, that stand in a written date and mean nothing.
var fillers = set("of de der den van the le " +
	"maandag dinsdag woensdag donderdag vrydag zaterdag zondag ma di wo do vr za zo " +
	"monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun")

// ordinals are what may follow the day: 3rd, 1e, 8ste.
var ordinals = set("st nd rd th e de ste er")

// BirthDate reads a birth date as parents type it: 3-11-2017, 03/11/2017, 3.11.2017, 3 11 2017, 03112017, 2017-11-03, 3 nov 2017, November 3, 2017. The
// day comes before the month, always. A year has four digits, from 1900 to 2099, or two, behind day and month: 5-3-15, 050315. Of two it is one of this century
// below 40 and one of the last from there, which is right for whoever goes to school. A date that does not exist and everything else give false. Whether the date lies in the future is for the caller to say, who has a clock.
func BirthDate(s string) (date civil.Date, ok bool) {
	text := norm.NFKC.String(cut(s, maxDateRunes+1))
	if len([]rune(text)) > maxDateRunes {
		return civil.Date{}, false
	}
	parts, ok := dateParts(Digits(text))
	if !ok {
		return civil.Date{}, false
	}
	switch {
	case len(parts) == 1 && len(parts[0]) == compactLength:
		return compactDate(parts[0])
	case len(parts) == 1 && len(parts[0]) == shortLength && allDigits(parts[0]):
		return dateOf(parts[0][4:], parts[0][2:4], parts[0][:2])
	case len(parts) == 3:
		return orderedDate(parts)
	}
	return civil.Date{}, false
}

// dateParts cuts a date into runs of digits and words, leaving out fillers and ordinal endings.
func dateParts(text string) ([]string, bool) {
	var parts []string
	for _, field := range strings.FieldsFunc(text, dateSeparator) {
		for _, run := range runs(field) {
			word := Key(run)
			if fillers[word] || (len(parts) > 0 && ordinals[word]) {
				continue
			}
			if word == "" || len(parts) == 3 {
				return nil, false
			}
			if _, isMonth := months[word]; !isMonth && !allDigits(run) {
				return nil, false
			}
			parts = append(parts, run)
		}
	}
	return parts, true
}

func dateSeparator(r rune) bool {
	return unicode.IsSpace(r) || ignorable(r) || unicode.Is(unicode.Pd, r) || strings.ContainsRune("/.,\\'’", r)
}

// runs divides a text where digits and other characters meet.
func runs(field string) []string {
	var out []string
	start, wasDigit := 0, false
	for i, r := range field {
		digit := unicode.IsDigit(r)
		if i > 0 && digit != wasDigit {
			out = append(out, field[start:i])
			start = i
		}
		wasDigit = digit
	}
	return append(out, field[start:])
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func compactDate(digits string) (civil.Date, bool) {
	if !allDigits(digits) {
		return civil.Date{}, false
	}
	if date, ok := dateOf(digits[4:], digits[2:4], digits[:2]); ok {
		return date, true
	}
	return dateOf(digits[:4], digits[4:6], digits[6:])
}

func orderedDate(parts []string) (civil.Date, bool) {
	switch {
	case allDigits(parts[0]) && len(parts[0]) == 4:
		return dateOf(parts[0], parts[1], parts[2])
	case !allDigits(parts[0]):
		return dateOf(parts[2], parts[0], parts[1])
	}
	return dateOf(parts[2], parts[1], parts[0])
}

func dateOf(year, month, day string) (civil.Date, bool) {
	if len(year) != 4 && len(year) != 2 || len(day) > 2 || !allDigits(year) || !allDigits(day) {
		return civil.Date{}, false
	}
	m, ok := months[Key(month)]
	if !ok {
		if len(month) > 2 || !allDigits(month) {
			return civil.Date{}, false
		}
		m, _ = strconv.Atoi(month)
	}
	y, _ := strconv.Atoi(year)
	switch {
	case len(year) == 4:
	case y < firstOfLast:
		y += 2000
	default:
		y += 1900
	}
	d, _ := strconv.Atoi(day)
	if y < firstYear || y > lastYear {
		return civil.Date{}, false
	}
	date, ok := civil.New(y, m, d)
	if !ok {
		return civil.Date{}, false
	}
	return date, true
}
