package roster

import (
	"time"

	"github.com/ouderavond/ouderavond/booking/roster/sheet"
	"github.com/ouderavond/ouderavond/models/civil"
)

// File is one file as it was handed in.
type File struct {
	Name string // shown in findings; only its last path element counts
	Data []byte
}

// Options says how files are read. The zero value is good for files that state their own date.
type Options struct {
	// ReferenceDate is the day that decides who has left and which birth dates are plausible, where the file does not state one. Usually today in the
	// school's zone. Without any date, a pupil with a leaving date has left, and no age is checked.
	ReferenceDate civil.Date
	// Zone is the school's time zone: an instant in a date column is a day of it. Nil is UTC.
	Zone *time.Location
	// CitizenLast4 lets the last four digits of the citizen service number in: EdeXML's four-digit element or a four-digit column. A whole number
	// never gets in.
	CitizenLast4 bool
	// Mapping binds columns of lists by their header: header -> Field, or "ignore". It goes before the program's own choice. Headers are
	// compared without case, accents, spaces and punctuation.
	Mapping map[string]string
	// Recall gives what is remembered of a list with a row of column names, as SourceOf writes it; Remembered is what is remembered of all lists of this reading, by
	// whatever the caller knows them. Both may be nil. What Mapping, Encoding and Sheet say goes before.
	Recall     func(source string) (Recalled, bool)
	Remembered *Recalled
	// Encoding overrides the detection: a label of the WHATWG Encoding Standard such as "windows-1254", "iso-8859-2" or "macintosh", or an IANA name of a
	// code page of DOS such as "cp850".
	Encoding string
	// Sheet is the sheet of spreadsheets that is read; empty lets the reader choose. A file that has no sheet of this name is read as without it.
	Sheet string
	// OwnAddresses are e-mail addresses of the school itself: its own, and its people's. What else is at their domain is no parent's.
	OwnAddresses []string
	// Limits that are zero are DefaultLimits.
	Limits Limits
}

// Limits bounds what is read.
type Limits struct {
	Bytes    int // of one file
	Rows     int // of one list, or pupils of an EdeXML file
	Files    int
	Elements int // of an EdeXML file
	Depth    int // of an EdeXML file
	Errors   int // listed in a report
	Warnings int // listed in a report
}

// DefaultLimits are far above the largest school and far below what would hurt a server.
func DefaultLimits() Limits {
	return Limits{Bytes: 20 << 20, Rows: 20_000, Files: 10, Elements: 1_000_000, Depth: 40, Errors: 20, Warnings: 200}
}

// sheetLimits are the limits of a spreadsheet, which is bounded by what it unpacks to. Rows above the column names do not count.
func sheetLimits(l Limits) sheet.Limits {
	limits := sheet.DefaultLimits()
	limits.Rows = l.Rows + 2*headerSearch
	return limits
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	for _, pair := range []struct{ value, standard *int }{
		{&l.Bytes, &d.Bytes}, {&l.Rows, &d.Rows}, {&l.Files, &d.Files}, {&l.Elements, &d.Elements},
		{&l.Depth, &d.Depth}, {&l.Errors, &d.Errors}, {&l.Warnings, &d.Warnings},
	} {
		if *pair.value <= 0 {
			*pair.value = *pair.standard
		}
	}
	return l
}
