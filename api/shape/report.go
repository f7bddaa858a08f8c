package shape

// HouseholdCounts counts households of two or more pupils.
type HouseholdCounts struct {
	Certain  int `json:"certain" doc:"Of which the files leave no doubt." example:"96"`
	Proposed int `json:"proposed" doc:"For the school to confirm." example:"7"`
}

// RosterReport is what reading files found. It holds no personal value but Letters.
type RosterReport struct {
	Readable         bool            `json:"readable" doc:"The files could be read as a whole. If not, nothing is taken from them." example:"true"`
	Format           string          `json:"format" doc:"edexml, csv or xlsx; empty if unknown." example:"csv"`
	FormatVersion    string          `json:"format_version" doc:"Version of EdeXML; empty for lists." example:"2.1"`
	Encoding         string          `json:"encoding" doc:"How the characters of the main file were read; empty for a spreadsheet, which says it." example:"windows-1252"`
	Letters          []string        `json:"letters" doc:"Up to three words of names with letters beyond ASCII, as they were read. If they look wrong, give the encoding." example:"[\"Zoë\"]"`
	Separator        string          `json:"separator" doc:"Between the columns of a CSV file; empty for others." example:";"`
	Pupils           int             `json:"pupils" doc:"Pupils read, leavers too." example:"412"`
	Leavers          int             `json:"leavers" doc:"Of these, pupils who have left." example:"3"`
	Groups           int             `json:"groups" doc:"Groups read." example:"16"`
	Teachers         int             `json:"teachers" doc:"Teachers read." example:"24"`
	Households       HouseholdCounts `json:"households" doc:"Households of two or more pupils."`
	MissingPostcode  int             `json:"missing_postcode" doc:"Pupils without a postcode." example:"2"`
	MissingBirthDate int             `json:"missing_birth_date" doc:"Pupils without a birth date." example:"0"`
	TemporaryKeys    int             `json:"temporary_keys" doc:"Pupils whose key means nothing outside the file." example:"0"`
	Protected        int             `json:"protected" doc:"Pupils with a protected address." example:"1"`
	Dropped          []string        `json:"dropped" doc:"Fields that were recognised and passed over because they may not be kept." example:"[\"bsn\"]"`
	Errors           []FindingBody   `json:"errors" doc:"Why the files cannot be read."`
	Warnings         []FindingBody   `json:"warnings" doc:"What was left out or chosen."`
	ErrorCount       int             `json:"error_count" doc:"All errors, also those that are not listed." example:"0"`
	WarningCount     int             `json:"warning_count" doc:"All warnings, also those that are not listed." example:"4"`
	Files            []FileBody      `json:"files" doc:"The files, in the order in which they came."`
}

// FindingBody is one thing found at a place of a file.
type FindingBody struct {
	File    string `json:"file" doc:"The file." example:"leerlingen.csv"`
	Sheet   string `json:"sheet,omitempty" doc:"The sheet, of a spreadsheet." example:"Leerlingen"`
	Line    int    `json:"line" doc:"The line, from 1, and the row of a spreadsheet as it is shown; 0 for the whole file." example:"17"`
	Field   string `json:"field" doc:"The column or element; empty for the whole line." example:"Geboortedatum"`
	Reason  string `json:"reason" doc:"Stable code." example:"invalid-date"`
	Detail  string `json:"detail" doc:"The finding for a person, in the language asked for." example:"This is no date; it was left out."`
	Message string `json:"message" doc:"The finding in English, with what is special about this one." example:"the date cannot be read; it was left out"`
}

// FileBody is one file.
type FileBody struct {
	Name          string       `json:"name" doc:"The file." example:"leerlingen.csv"`
	Kind          string       `json:"kind" doc:"roster, supplement, teachers or lessons; empty if not readable." example:"roster"`
	Format        string       `json:"format" doc:"edexml, csv or xlsx." example:"csv"`
	FormatVersion string       `json:"format_version" doc:"Version of EdeXML." example:""`
	Encoding      string       `json:"encoding" doc:"How the characters were read." example:"utf-8"`
	Separator     string       `json:"separator" doc:"Between the columns." example:";"`
	Rows          int          `json:"rows" doc:"Rows of a list, or EdeXML pupils." example:"412"`
	Sheets        []SheetBody  `json:"sheets,omitempty" doc:"The sheets of a spreadsheet that hold anything."`
	Unread        []string     `json:"unread" doc:"The columns of a list that were not read and that nobody kept out on purpose; one without a name by its letter." example:"[\"Kolom1\",\"[F]\"]"`
	Columns       []ColumnBody `json:"columns" doc:"What became of the columns of a list, in its order, and why."`
}

// SheetBody is a sheet of a spreadsheet.
type SheetBody struct {
	Name   string `json:"name" doc:"The sheet." example:"Leerlingen"`
	Hidden bool   `json:"hidden,omitempty" doc:"It does not show." example:"false"`
	Read   bool   `json:"read,omitempty" doc:"It is the one that was read." example:"true"`
}

// ColumnBody is what became of a column.
type ColumnBody struct {
	Header string `json:"header" doc:"The column's header." example:"Leerlingnummer"`
	Letter string `json:"letter,omitempty" doc:"The column as a spreadsheet names it. A column without a header is mapped by it: [A]." example:"A"`
	Field  string `json:"field" doc:"What it was taken for; empty if not used." example:"pupil_number"`
	// Suggested is a guess.
	Suggested string `json:"suggested,omitempty" doc:"What its values look like, where it was not read as that. If they are, say so by the field mapping." example:"birth_date"`
	State     string `json:"state" doc:"bound, suggested (not read, but its values look like something), ignored or dropped (may not be kept)." example:"bound"`
	Because   string `json:"because,omitempty" doc:"Why: header, values, header-and-values, chosen (by the mapping sent along) or remembered (of an earlier one). Empty if nothing says anything." example:"header-and-values"`
}
