package roster

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/booking/roster/sheet"
)

// source is one file that was opened.
type source struct {
	name     string
	reader   reader // nil if the file is refused
	encoding string
	sheet    string // of a spreadsheet: the one that is read
	table    *table
	report   FileReport
}

// whole reports whether the file's format says by itself what is a pupil, so that there is no table.
func (s *source) whole() bool {
	return s.reader != nil && s.reader.format() == FormatEdeXML
}

// Read reads a school's files into one roster. The main file is the one that names the pupils, wherever it stands: EdeXML, or a list (CSV or a spreadsheet) with given names. Further lists add to
// its pupils by student number (postcode, house number, guardians, mentors), or tie teachers to groups. If anything in a file is an error, all files are
// refused: the roster is nil, and the report says what to correct. A warning means that a value was left out or a choice was made.
//
// Read returns for any input, in a time that grows with its size, and never panics.
func Read(files []File, options Options) (*Roster, *Report) {
	options.Limits = options.Limits.withDefaults()
	if options.Zone == nil {
		options.Zone = time.UTC
	}
	report := newReport(options.Limits)
	if len(files) == 0 || len(files) > options.Limits.Files {
		reason, message := ReasonNoFile, "no file was handed in"
		if len(files) > 0 {
			reason, message = ReasonTooManyFiles, fmt.Sprintf("more than %d files were handed in", options.Limits.Files)
		}
		report.fail(Finding{Reason: reason, Message: message})
		return nil, report
	}
	for header, word := range options.Mapping {
		if _, ok := parseTarget(word); !ok {
			report.fail(Finding{Field: header, Reason: ReasonBadMapping, Message: "the column is mapped to a field that does not exist"})
		}
	}
	sources := make([]*source, 0, len(files))
	for _, file := range files {
		sources = append(sources, openSource(file, options, report))
	}
	roster := readSources(sources, options, report)
	checkSheet(sources, options.Sheet, report)
	for _, s := range sources {
		report.Files = append(report.Files, s.report)
	}
	finish(report, roster, options)
	if !report.Readable() {
		return nil, report
	}
	return roster, report
}

// openSource finds out what a file is, by looking at it and never by its name, and opens it. What cannot be read goes to the report.
func openSource(file File, options Options, report *Report) *source {
	name := baseName(file.Name)
	s := &source{name: name, report: FileReport{Name: safeLabel(name), Unread: []string{}, Columns: []ColumnReport{}}}
	refuse := func(reason Reason, message string) *source {
		report.fail(Finding{File: name, Reason: reason, Message: message})
		return s
	}
	if len(file.Data) > options.Limits.Bytes {
		return refuse(ReasonTooLarge, fmt.Sprintf("the file is larger than %d bytes", options.Limits.Bytes))
	}
	if sheet.Packed(file.Data) {
		book, err := sheet.Open(file.Data, sheetLimits(options.Limits))
		if err != nil {
			refuseSheet(name, err, report)
			return s
		}
		s.reader = spreadsheet{book}
		return s
	}
	if kind, binary := binaryKind(file.Data); binary {
		return refuse(kind.reason, kind.message)
	}
	d, ok := decode(file.Data), true
	if options.Encoding != "" {
		d, ok = decodeAs(file.Data, options.Encoding)
	}
	if label := recalledEncoding(d, options); label != "" {
		d, ok = decodeAs(file.Data, label)
	}
	switch {
	case !ok:
		return refuse(ReasonUnknownEncoding, "the encoding that was asked for is not known")
	case d.binary, unprintable(d.text):
		return refuse(ReasonBinary, "this is no list that can be read: export it as a spreadsheet (.xlsx), CSV or EdeXML")
	case strings.Trim(d.text, " \t\r\n\ufeff\u00a0\x1a") == "":
		return refuse(ReasonEmpty, "the file is empty")
	}
	kind, refused := sniffText(name, d.text)
	if kind == textRefused {
		return refuse(refused.reason, refused.message)
	}
	s.encoding = d.encoding
	if text := strings.TrimPrefix(d.text, "\ufeff"); kind == textXML {
		s.reader = edexText(text)
	} else {
		s.reader = csvText(text)
	}
	s.report.Encoding = d.encoding
	if d.mixed > 0 {
		report.warn(Finding{File: name, Reason: ReasonMixedEncoding, Message: "most of the file is UTF-8, but some letters are Windows-1252; both were read"})
	}
	return s
}

// readSources finds the main file and applies the others to it.
func readSources(sources []*source, options Options, report *Report) *Roster {
	for _, s := range sources {
		s.prepare(options, report)
	}
	checkMapping(sources, options.Mapping, report)
	main := chooseMain(sources)
	if main == nil {
		if report.Readable() {
			for _, s := range sources {
				report.fail(Finding{File: s.name, Reason: ReasonNoNames, Message: s.withoutNames()})
			}
		}
		describe(report, sources[0])
		return nil
	}
	describe(report, main)
	if !report.Readable() && main.table == nil && !main.whole() {
		return nil
	}
	main.report.Kind, main.report.Format = KindRoster, main.reader.format()
	roster := main.reader.roster(main, options, report)
	if roster == nil {
		return nil
	}
	roster.Format, roster.Encoding = main.reader.format(), main.encoding
	report.Letters = suffering(roster)
	if main.encoding == encodingWindows1252 {
		warnTurkish(main.name, report.Letters, report)
	}
	for _, s := range sources {
		if s != main && s.reader != nil {
			s.apply(roster, options, report)
		}
	}
	for _, s := range sources {
		// Reading can show that a column is of no use after all.
		if s.table != nil {
			s.columns()
		}
	}
	describe(report, main)
	return roster
}

// checkMapping refuses a binding of a column that no file has: a letter mistyped in it would leave the column to chance.
func checkMapping(sources []*source, mapping map[string]string, report *Report) {
	if !report.Readable() {
		return
	}
	for header := range mapping {
		key := MappingKey(header)
		has := func(s *source) bool { return s.table != nil && s.table.columnOf(key) >= 0 }
		if !slices.ContainsFunc(sources, has) {
			report.fail(Finding{Field: header, Reason: ReasonBadMapping, Message: "a column is mapped that no file has: the header must be written as in the file"})
		}
	}
}

// checkSheet refuses the name of a sheet that no file has: another sheet would be read in its place.
func checkSheet(sources []*source, name string, report *Report) {
	if name == "" {
		return
	}
	var sheets []string
	for _, s := range sources {
		if s.sheet != "" && sameSheet(s.sheet, name) {
			return
		}
		for _, one := range s.report.Sheets {
			sheets = append(sheets, one.Name)
		}
	}
	if len(sheets) == 0 && !report.Readable() {
		return // what is wrong with the files goes before that
	}
	report.fail(Finding{Field: name, Reason: ReasonNoSuchSheet, Message: "no file has a sheet of this name that holds anything: " + strings.Join(sheets, ", ")})
}

// withoutNames tells what a file looks like that does not name the pupils, and what can be done with it.
func (s *source) withoutNames() string {
	switch {
	case s.table.isTeachers():
		return "this is a table of groups and teachers, and no file names the pupils: use `ouderavond roster teachers`, or give it together with the pupils' file"
	case s.table.hasNames():
	case s.table.has(FieldPupilNumbers) && !s.table.has(FieldPupilNumber):
		return "this is a list of parents with their children's student numbers, and no file names the pupils: give it together with the pupils' file"
	case s.table.has(FieldPostcode, FieldHouseNumber, FieldAddress):
		return "this looks like a postcode list by student number, and no file names the pupils: give it together with the pupils' file"
	case s.table.isLessons():
		return "this is a list of lessons by student number, and no file names the pupils: use `ouderavond roster teachers`, or give it together with the pupils' file"
	case s.table.has(FieldPupilNumber):
		return "this looks like a list that adds to the pupils by student number, and no file names the pupils: give it together with the pupils' file"
	}
	return "no file names the pupils: a column with given names is needed, such as Roepnaam or Voornaam"
}

// prepare cuts a list into a table and takes out what may not be read.
func (s *source) prepare(options Options, report *Report) {
	if s.reader == nil || s.whole() {
		return
	}
	s.report.Format = s.reader.format()
	s.table = s.reader.table(s, anyList, options, report)
	if s.table == nil {
		s.reader = nil
		return
	}
	s.report.Separator, s.report.Rows = s.table.separator(), len(s.table.rows)
	if len(s.table.rows) == 0 && report.Readable() {
		report.fail(Finding{File: s.name, Reason: ReasonNoRows, Message: "the file has column names but no rows"})
	}
	if !s.table.dropCitizenNumbers(report) {
		s.reader = nil
	}
	s.table.weigh(options.ReferenceDate, report)
	s.columns()
}

// columns puts into the report what became of the columns.
func (s *source) columns() {
	s.report.Columns = s.table.reports()
	s.report.Unread = unread(s.report.Columns)
	s.report.Source, s.report.Chosen = s.table.source(), s.table.chosen()
}

// chooseMain returns the file that names the pupils. EdeXML always does; of several lists with names, the one that says most about a pupil's place
// at school is it, and the first of equals.
func chooseMain(sources []*source) *source {
	var main *source
	best := 0
	for _, s := range sources {
		score := 0
		switch {
		case s.reader == nil:
		case s.whole():
			score = 10
		case s.table.has(FieldGiven, FieldFullName):
			score = 1
			for _, field := range []Field{FieldGroup, FieldPupilNumber, FieldSurname} {
				if s.table.has(field) {
					score += 2
				}
			}
			if s.table.isLessons() {
				score = 1 // it names pupils a hundred times over, to say who teaches them
			}
		}
		if score > best {
			main, best = s, score
		}
	}
	return main
}

func describe(report *Report, main *source) {
	report.Format, report.FormatVersion = main.report.Format, main.report.FormatVersion
	report.Encoding, report.Separator = main.report.Encoding, main.report.Separator
}

// apply adds a further file to the roster.
func (s *source) apply(roster *Roster, options Options, report *Report) {
	switch {
	case s.whole():
		report.fail(Finding{File: s.name, Reason: ReasonSecondRoster, Message: "there are two EdeXML files: hand them in one after the other"})
	case s.table.isLessons():
		s.report.Kind = KindLessons
		applyLessons(s.table, roster, options, report)
	case s.table.isTeachers():
		s.report.Kind = KindTeachers
		applyTeachers(s.table, roster, report)
	case s.table.has(FieldPupilNumber, FieldPupilNumbers) || s.table.hasNames():
		s.report.Kind = KindSupplement
		applySupplement(s.table, roster, options, report)
	default:
		report.fail(Finding{File: s.name, Reason: ReasonUnusable, Message: "the file does not say to which pupils or groups its rows belong"})
	}
}

// finish counts what the roster holds and proposes its families.
func finish(report *Report, roster *Roster, options Options) *Report {
	if roster == nil {
		return report
	}
	if len(roster.Pupils) == 0 && report.Format != "" && len(roster.Teachers) == 0 && report.Readable() {
		report.fail(Finding{Reason: ReasonNoPupils, Message: "the file holds no pupils"})
	}
	book := newContactBook(roster, options.OwnAddresses)
	book.settle(report.mainFile(), report)
	roster.Households = familiesBy(book)
	report.Pupils, report.Groups, report.Teachers = len(roster.Pupils), len(roster.Groups), len(roster.Teachers)
	report.Households = HouseholdCounts{Certain: len(roster.Households.Certain), Proposed: len(roster.Households.Proposed)}
	for i := range roster.Pupils {
		p := &roster.Pupils[i]
		p.Line = lineIn(p.Line)
		if !p.Active() {
			report.Leavers++
			continue
		}
		for counter, counts := range map[*int]bool{
			&report.MissingPostcode: p.Postcode == "", &report.MissingBirthDate: p.BirthDate.IsZero(),
			&report.TemporaryKeys: p.KeyIsTemporary, &report.Protected: p.Protected,
		} {
			if counts {
				*counter++
			}
		}
	}
	return report
}
