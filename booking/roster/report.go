package roster

import (
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models/names"
)

// Report tells what reading files found. Lists are never nil. It holds no personal value but Letters.
type Report struct {
	Format        string `json:"format"`                   // FormatEdeXML, FormatCSV, FormatXLSX, or empty if unknown
	FormatVersion string `json:"format_version,omitempty"` // EdeXML: "1.03", "2.1"
	// Encoding is how the main file's characters were read: "utf-8", "utf-8-bom", "windows-1252", "utf-16le", "utf-16be", or the label of Options.
	Encoding string `json:"encoding"`
	// Letters are up to three words of names with letters beyond ASCII, as they were read: whoever knows the pupils sees whether the encoding is right. They are
	// the only values of a file in a report, for the eyes of the person who handed it in.
	Letters   []string `json:"letters"`
	Separator string   `json:"separator,omitempty"` // CSV: ";", ",", "|" or a tab

	Pupils     int             `json:"pupils"`  // all that were read
	Leavers    int             `json:"leavers"` // of these
	Groups     int             `json:"groups"`
	Teachers   int             `json:"teachers"`
	Households HouseholdCounts `json:"households"`

	// These count pupils who are not leavers.
	MissingPostcode  int `json:"missing_postcode"`
	MissingBirthDate int `json:"missing_birth_date"`
	TemporaryKeys    int `json:"temporary_keys"`
	Protected        int `json:"protected"`

	// Dropped names the fields that were recognised and passed over because they may not be kept.
	Dropped []string `json:"dropped"`

	Warnings     []Finding    `json:"warnings"`
	Errors       []Finding    `json:"errors"`
	WarningCount int          `json:"warning_count"` // all, also those beyond the list's limit
	ErrorCount   int          `json:"error_count"`
	Files        []FileReport `json:"files"` // in the order handed in

	limits Limits
	sheets map[string][]string // the sheets that are read, by file
}

// HouseholdCounts counts households of two or more pupils.
type HouseholdCounts struct {
	Certain  int `json:"certain"`
	Proposed int `json:"proposed"`
}

// Finding is one thing that a report says about a place in a file.
type Finding struct {
	File    string `json:"file"`
	Sheet   string `json:"sheet,omitempty"` // of a spreadsheet
	Line    int    `json:"line"`            // from 1, and the row of a spreadsheet; 0 for the whole file
	Field   string `json:"field"`           // column header or element name; empty for the whole line
	Reason  Reason `json:"reason"`
	Message string `json:"message"` // plain English, for the reader of the report
}

// The kinds of a file among others.
const (
	KindRoster     = "roster"     // the main file
	KindSupplement = "supplement" // adds to pupils by number or by name
	KindTeachers   = "teachers"   // ties teachers to groups
	KindLessons    = "lessons"    // ties teachers to pupils, by their lessons
)

// FileReport describes one file.
type FileReport struct {
	Name          string        `json:"name"`
	Kind          string        `json:"kind,omitempty"` // KindRoster, KindSupplement, KindTeachers, or empty if not readable
	Format        string        `json:"format,omitempty"`
	FormatVersion string        `json:"format_version,omitempty"`
	Encoding      string        `json:"encoding,omitempty"`
	Separator     string        `json:"separator,omitempty"`
	Rows          int           `json:"rows"`             // of a list, or EdeXML pupils
	Sheets        []SheetReport `json:"sheets,omitempty"` // of a spreadsheet, those that hold anything
	// Unread names the columns that were not read and that nobody kept out on purpose; one without a name by its letter: [C].
	Unread []string `json:"unread"`
	// Source is how the list is known again (SourceOf), and Chosen the field of each header that Options.Mapping bound, both for whoever remembers it. They hold headers as
	// they stand in the file.
	Source  string            `json:"-"`
	Chosen  map[string]string `json:"-"`
	Columns []ColumnReport    `json:"columns"`
}

// SheetReport is a sheet of a spreadsheet.
type SheetReport struct {
	Name   string `json:"name"`
	Hidden bool   `json:"hidden,omitempty"`
	Read   bool   `json:"read,omitempty"`
}

func newReport(limits Limits) *Report {
	return &Report{Letters: []string{}, Dropped: []string{}, Warnings: []Finding{}, Errors: []Finding{}, Files: []FileReport{}, limits: limits,
		sheets: map[string][]string{}}
}

// Readable reports whether the files could be read as a whole. If not, there is no roster.
func (r *Report) Readable() bool { return r.ErrorCount == 0 }

// mainFile is the name of the file that names the pupils.
func (r *Report) mainFile() string {
	for _, file := range r.Files {
		if file.Kind == KindRoster {
			return file.Name
		}
	}
	return ""
}

func (r *Report) fail(f Finding) {
	r.ErrorCount++
	if len(r.Errors) < r.limits.Errors {
		f = r.placed(f)
		r.Errors = append(r.Errors, f.safe())
	}
}

func (r *Report) warn(f Finding) {
	r.WarningCount++
	if len(r.Warnings) < r.limits.Warnings {
		f = r.placed(f)
		r.Warnings = append(r.Warnings, f.safe())
	}
}

// sheetLines parts the lines of several sheets that are read as one list: that many lines are more than a sheet can have.
const sheetLines = 1 << 21

// lineIn is a line as its own sheet counts.
func lineIn(line int) int { return line % sheetLines }

// placed says on which sheet a finding is.
func (r *Report) placed(f Finding) Finding {
	if sheets := r.sheets[f.File]; len(sheets) > 0 && (f.Line > 0 || len(sheets) == 1) {
		f.Sheet = sheets[min(f.Line/sheetLines, len(sheets)-1)]
	}
	f.Line = lineIn(f.Line)
	return f
}

// drop notes the name of a field that was passed over.
func (r *Report) drop(field string) {
	field = safeLabel(field)
	if at, found := slices.BinarySearch(r.Dropped, field); field != "" && !found {
		r.Dropped = slices.Insert(r.Dropped, at, field)
	}
}

func (f Finding) safe() Finding {
	f.File, f.Field = safeLabel(f.File), safeLabel(f.Field)
	return f
}

const maxLabel = 80

// safeLabel shortens a name that a file gave to one of its own parts, and hides one that is a number itself: then it is a value and not a name.
func safeLabel(label string) string {
	label = names.Clean(label)
	digits := 0
	for _, r := range label {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	// "/@" names an attribute of an element.
	if digits >= 6 && !strings.Contains(label, ".") || strings.Contains(strings.ReplaceAll(label, "/@", ""), "@") {
		return "(unnamed)"
	}
	if runes := []rune(label); len(runes) > maxLabel {
		return string(runes[:maxLabel]) + "…"
	}
	return label
}
