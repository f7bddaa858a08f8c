package sheet

// Kind is what a cell is, as the spreadsheet has it.
type Kind uint8

// The kinds of cells.
const (
	Text Kind = iota
	// Number is a number in plain digits with a decimal point, whatever power of ten it was written with.
	Number
	// Day is a number that the spreadsheet shows as a date: yyyy-mm-dd, with the time of day behind it where there is one.
	Day
	// Truth is true or false.
	Truth
	// Failure is an error of the spreadsheet, such as #N/A. It has no text.
	Failure
	// Uncounted is a formula without its value: the program that wrote the file did not calculate. It has no text.
	Uncounted
)

// Cell is one cell of a row. The zero Cell is empty.
type Cell struct {
	Text string
	Kind Kind
	// Spread tells that the cell is merged with cells above it, and that the text is theirs.
	Spread bool
}

// Row is a row that holds something.
type Row struct {
	Number int  // as the spreadsheet shows it, from 1
	Hidden bool // by hand or by a filter
	// Cells begin with column A and end with the last filled one, at most MaxColumns and one that tells of more. They are good until the next row is asked for.
	Cells []Cell
}

// Tab is a sheet by its name.
type Tab struct {
	Name   string
	Hidden bool
}

// Book is an opened spreadsheet, whatever its format.
type Book interface {
	// Tabs returns the sheets that hold cells, in the order of the file.
	Tabs() []Tab
	// Rows calls each with the rows of a sheet (its place in Tabs) that hold something, in order, until it returns false. A Fault says why a sheet cannot be read.
	Rows(tab int, each func(Row) (more bool)) error
	// Day returns the date, as of the kind Day, that a Number is in the calendar of this file.
	Day(number string) (date string, ok bool)
}

// Limits bounds what is read of a file.
type Limits struct {
	Rows     int   // of a sheet that are returned; one more tells that there are more
	Unpacked int64 // bytes of all parts together that are looked at
	Cells    int   // filled ones of a sheet
	Strings  int   // different texts of a file
}

// DefaultLimits are far above the list of the largest school and far below what would hurt a server. Rows is left to the caller.
func DefaultLimits() Limits {
	return Limits{Rows: 20_000, Unpacked: 64 << 20, Cells: 1_000_000, Strings: 400_000}
}

// MaxColumns is how many columns of a sheet are returned.
const MaxColumns = 500

const (
	maxCell    = 4096 // bytes of a cell that are returned; no field is that long
	maxTabs    = 255  // sheets of a file
	maxEntries = 5000 // files within the file
	maxRatio   = 300  // of a part's size to its packed size, where it is large enough to matter
	ratioFrom  = 1 << 20
	maxWidth   = 10_000_000 // columns of all rows together, counted to the last filled one
	lastColumn = 16_384     // XFD
	lastRow    = 1_048_576
)

// Fault says why a file cannot be read, in words that package roster explains.
type Fault string

// The faults.
const (
	Locked       Fault = "locked"        // encrypted with a password
	OldExcel     Fault = "old-excel"     // .xls
	BinaryExcel  Fault = "binary-excel"  // .xlsb
	OpenDocument Fault = "open-document" // .ods
	Numbers      Fault = "numbers"       // Apple's
	Document     Fault = "document"      // a text document or slides
	Archive      Fault = "archive"       // a ZIP file of other things
	Damaged      Fault = "damaged"
	TooLarge     Fault = "too-large" // unpacks to more than is read
	TooWide      Fault = "too-wide"  // columns that no spreadsheet has
)

// Error returns the fault's word.
func (f Fault) Error() string { return string(f) }

// ColumnName returns the letters of a column, from 1: A, B, ... AA.
func ColumnName(number int) string {
	letters := ""
	for ; number > 0; number = (number - 1) / 26 {
		letters = string(rune('A'+(number-1)%26)) + letters
	}
	return letters
}
