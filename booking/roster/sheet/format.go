package sheet

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// style is what the format of a cell says about its number.
type style struct {
	day  bool
	wide int // digits to which it is filled up with zeros; 0 if it is not
}

// dayFormats are the built-in formats that are dates (ECMA-376 part 1, 18.8.30), those of other calendars too.
var dayFormats = map[int]bool{14: true, 15: true, 16: true, 17: true, 22: true, 27: true, 28: true, 29: true, 30: true, 31: true, 36: true,
	50: true, 51: true, 52: true, 53: true, 54: true, 57: true, 58: true}

var (
	notFormat = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]]*\]`) // texts, single letters, gaps, colours and languages
	onlyZeros = regexp.MustCompile(`^0[0#]*$`)
)

// styleOf reads a format: a built-in one by its number, else its code.
func styleOf(id int, code string) style {
	if code == "" {
		return style{day: dayFormats[id]}
	}
	code, _, _ = strings.Cut(code, ";")
	bare := strings.ToLower(notFormat.ReplaceAllString(code, ""))
	if onlyZeros.MatchString(bare) && bare == code {
		return style{wide: len(bare)}
	}
	day := strings.ContainsAny(bare, "yj") || strings.Contains(bare, "d") && strings.Contains(bare, "m")
	return style{day: day && !strings.HasPrefix(bare, "general") && !strings.HasPrefix(bare, "standa")}
}

// digits writes a number without a power of ten, rounded to the fifteen places that spreadsheets keep, and filled up with zeros to a width. It reports false for
// what is no number.
func digits(text string, wide int) (string, bool) {
	if wide == 0 && plainDigits(text) {
		return text, true
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(value, 0) || math.IsNaN(value) || math.Abs(value) >= 1e21 {
		return text, false
	}
	if rounded, err := strconv.ParseFloat(strconv.FormatFloat(value, 'g', 15, 64), 64); err == nil && value != math.Trunc(value) {
		value = rounded
	}
	written := strconv.FormatFloat(value, 'f', -1, 64)
	if missing := wide - len(written); missing > 0 && value >= 0 {
		written = strings.Repeat("0", missing) + written
	}
	return written, true
}

// plainDigits reports whether a text is a number as it would be written.
func plainDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != "" && len(text) <= 15 && (text[0] != '0' || len(text) == 1)
}

// The first days of the two calendars. That of 1900 counts a 29 February that was not, so its day 0 is put where later days are right.
var (
	first1900 = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	first1904 = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
)

const lastDay = 2_958_465 // 31 December 9999

// day writes a number of days as a date, with the time of day if it has one.
func day(number string, from1904 bool) (string, bool) {
	value, err := strconv.ParseFloat(number, 64)
	if err != nil || !(value >= 1 && value <= lastDay) {
		return "", false
	}
	first := first1900
	if from1904 {
		first = first1904
	}
	whole := math.Floor(value)
	seconds := math.Round((value - whole) * 86_400)
	date := first.AddDate(0, 0, int(whole)).Add(time.Duration(seconds) * time.Second)
	if seconds == 0 || seconds == 86_400 {
		return date.Format(time.DateOnly), true
	}
	return date.Format(time.DateTime), true
}
