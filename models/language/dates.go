package language

import (
	"strconv"
	"time"
)

// words are the names a language has for the parts of a date. Weekdays start
// on Sunday, as [time.Weekday] counts; months on January.
type words struct {
	weekdays, shortWeekdays [7]string
	months, shortMonths     [12]string
	and, at                 string
}

// wordsFor gives the names of a language, Dutch if it has none here.
func wordsFor(lang string) words {
	if lang == "en" {
		return words{
			weekdays:      [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
			shortWeekdays: [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
			months: [12]string{"January", "February", "March", "April", "May", "June", "July",
				"August", "September", "October", "November", "December"},
			shortMonths: [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
			and:         "and",
			at:          "at",
		}
	}
	return words{
		weekdays:      [7]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"},
		shortWeekdays: [7]string{"zo", "ma", "di", "wo", "do", "vr", "za"},
		months: [12]string{"januari", "februari", "maart", "april", "mei", "juni", "juli",
			"augustus", "september", "oktober", "november", "december"},
		shortMonths: [12]string{"jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"},
		and:         "en",
		at:          "om",
	}
}

// Dates writes instants for people, in one language and one time zone.
type Dates struct {
	words words
	zone  *time.Location
}

// NewDates makes a writer for lang ("nl", "en"; anything else is Dutch) that
// shows what the clocks in zone show. A nil zone is UTC.
func NewDates(lang string, zone *time.Location) Dates {
	if zone == nil {
		zone = time.UTC
	}
	return Dates{words: wordsFor(lang), zone: zone}
}

// Date writes the whole date: "dinsdag 24 november 2026".
func (d Dates) Date(t time.Time) string {
	t = t.In(d.zone)
	return d.words.weekdays[t.Weekday()] + " " + strconv.Itoa(t.Day()) + " " +
		d.words.months[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// ShortDate writes the date where room is scarce, without the year: "di 24 nov".
func (d Dates) ShortDate(t time.Time) string {
	t = t.In(d.zone)
	return d.words.shortWeekdays[t.Weekday()] + " " + strconv.Itoa(t.Day()) + " " + d.words.shortMonths[t.Month()-1]
}

// Leaf gives the three words on the leaf of a calendar: "di", "24", "nov".
func (d Dates) Leaf(t time.Time) (weekday, day, month string) {
	t = t.In(d.zone)
	return d.words.shortWeekdays[t.Weekday()], strconv.Itoa(t.Day()), d.words.shortMonths[t.Month()-1]
}

// Time writes the time of day, on the 24-hour clock: "19:10".
func (d Dates) Time(t time.Time) string {
	return t.In(d.zone).Format("15:04")
}

// DateTime writes date and time: "dinsdag 24 november 2026 om 19:10".
func (d Dates) DateTime(t time.Time) string {
	return d.Date(t) + " " + d.words.at + " " + d.Time(t)
}

// Span writes a stretch of time: "19:10–19:20", with an en dash. If it ends on
// another day than it starts on, both days are named.
func (d Dates) Span(start, end time.Time) string {
	if d.SameDay(start, end) {
		return d.Time(start) + "–" + d.Time(end)
	}
	return d.ShortDate(start) + " " + d.Time(start) + " – " + d.ShortDate(end) + " " + d.Time(end)
}

// SameDay tells whether two instants fall on one date in the zone.
func (d Dates) SameDay(a, b time.Time) bool {
	aYear, aMonth, aDay := a.In(d.zone).Date()
	bYear, bMonth, bDay := b.In(d.zone).Date()
	return aYear == bYear && aMonth == bMonth && aDay == bDay
}
