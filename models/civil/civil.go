// Package civil holds the calendar date: a year, a month and a day without a time or a zone, such as a birth date or the date of an evening.
// Instants and times of day never live here.
package civil

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"time"
)

// ErrBadDate tells that a text or a column is not a date of the calendar. It never repeats the text.
var ErrBadDate = errors.New("not a date")

// Date is a day of the Gregorian calendar. The zero Date is no date.
type Date struct {
	Year  int
	Month int // 1 to 12
	Day   int // 1 to 31
}

// New gives a date; ok is false if the calendar has no such day.
func New(year, month, day int) (date Date, ok bool) {
	date = Date{Year: year, Month: month, Day: day}
	return date, date.Valid()
}

// Parse reads the form 2006-01-02 (ISO 8601). The error is ErrBadDate.
func Parse(text string) (Date, error) {
	parsed, err := time.Parse(time.DateOnly, text)
	if err != nil || parsed.Year() < 1 {
		return Date{}, ErrBadDate
	}
	return Of(parsed), nil
}

// Of gives the date that a clock in the instant's own zone shows.
func Of(instant time.Time) Date {
	return Date{Year: instant.Year(), Month: int(instant.Month()), Day: instant.Day()}
}

// Valid tells whether the calendar has such a day.
func (d Date) Valid() bool {
	if d.Year < 1 || d.Year > 9999 || d.Month < 1 || d.Month > 12 || d.Day < 1 {
		return false
	}
	return Of(d.utc()) == d
}

// IsZero tells that there is no date.
func (d Date) IsZero() bool { return d == Date{} }

// String gives the form 2006-01-02; empty for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

func (d Date) utc() time.Time {
	return time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC)
}

// Compare is negative if d comes before other, positive if after.
func (d Date) Compare(other Date) int { return d.utc().Compare(other.utc()) }

// Before tells whether d comes before other.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }

// After tells whether d comes after other.
func (d Date) After(other Date) bool { return d.Compare(other) > 0 }

// AddDays gives the date a number of days later, or earlier if negative.
func (d Date) AddDays(days int) Date { return Of(d.utc().AddDate(0, 0, days)) }

// AddYears gives the same day some years later; 29 February becomes 1 March where there is none.
func (d Date) AddYears(years int) Date { return Of(d.utc().AddDate(years, 0, 0)) }

// DaysUntil is the number of days from d to other; negative if other is earlier.
func (d Date) DaysUntil(other Date) int {
	const secondsOfDay = 24 * 60 * 60 // of UTC, which has no longer or shorter days; a time.Duration ends after 292 years
	return int((other.utc().Unix() - d.utc().Unix()) / secondsOfDay)
}

// MarshalText gives the form of String.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the form of String; empty is no date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := Parse(string(text))
	*d = parsed
	return err
}

// Value stores the form of String; no date is NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads what Value stored, or the midnight that a driver makes of a DATE column.
func (d *Date) Scan(column any) error {
	switch value := column.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.UnmarshalText([]byte(value))
	case []byte:
		return d.UnmarshalText(value)
	case time.Time:
		*d = Of(value)
		return nil
	default:
		return fmt.Errorf("%w: column of type %T", ErrBadDate, column)
	}
}
