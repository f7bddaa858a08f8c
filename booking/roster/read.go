package roster

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// source is one file after decoding.
type source struct {
	name     string
	kind     textKind
	text     string // empty if the file is refused
	encoding string
	table    *table
	report   FileReport
}

// Read reads a school's files into one roster. The main file is the one that names the pupils, wherever it stands: EdeXML, or CSV with given names. Further CSV files add to
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
	for _, s := range sources {
		report.Files = append(report.Files, s.report)
	}
	finish(report, roster, options)
	if !report.Readable() {
		return nil, report
	}
	return roster, report
}

// openSource decodes a file and cuts a CSV file into a table. What cannot be read goes to the report.
func openSource(file File, options Options, report *Report) *source {
	name := baseName(file.Name)
	s := &source{name: name, report: FileReport{Name: safeLabel(name), Columns: []ColumnReport{}}}
	refuse := func(reason Reason, message string) *source {
		report.fail(Finding{File: name, Reason: reason, Message: message})
		s.text = ""
		return s
	}
	if len(file.Data) > options.Limits.Bytes {
		return refuse(ReasonTooLarge, fmt.Sprintf("the file is larger than %d bytes", options.Limits.Bytes))
	}
	if kind, binary := binaryKind(file.Data); binary {
		return refuse(kind.reason, kind.message)
	}
	d, ok := decode(file.Data), true
	if options.Encoding != "" {
		d, ok = decodeAs(file.Data, options.Encoding)
	}
	switch {
	case !ok:
		return refuse(ReasonUnknownEncoding, "the encoding that was asked for is not known")
	case d.binary, unprintable(d.text):
		return refuse(ReasonBinary, "this is no text file: export the list as CSV or EdeXML")
	case strings.Trim(d.text, " \t\r\n\ufeff\u00a0\x1a") == "":
		return refuse(ReasonEmpty, "the file is empty")
	}
	kind, refused := sniffText(name, d.text)
	if kind == textRefused {
		return refuse(refused.reason, refused.message)
	}
	s.kind, s.text, s.encoding = kind, strings.TrimPrefix(d.text, "\ufeff"), d.encoding
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
	if !report.Readable() && main.table == nil && main.kind != textXML {
		return nil
	}
	roster := main.read(options, report)
	if roster == nil {
		return nil
	}
	roster.Encoding = main.encoding
	report.Letters = suffering(roster)
	if main.encoding == encodingWindows1252 {
		warnTurkish(main.name, report.Letters, report)
	}
	for _, s := range sources {
		if s != main && s.text != "" {
			s.apply(roster, options, report)
		}
	}
	for _, s := range sources {
		// Reading can show that a column is of no use after all.
		if s.table != nil {
			s.report.Columns = s.table.reports()
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
		key := foldHeader(header)
		has := func(s *source) bool {
			return s.table != nil && slices.ContainsFunc(s.table.columns, func(c column) bool { return c.key == key })
		}
		if !slices.ContainsFunc(sources, has) {
			report.fail(Finding{Field: header, Reason: ReasonBadMapping, Message: "a column is mapped that no file has: the header must be written as in the file"})
		}
	}
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
	case s.table.has(FieldPupilNumber):
		return "this looks like a list that adds to the pupils by student number, and no file names the pupils: give it together with the pupils' file"
	}
	return "no file names the pupils: a column with given names is needed, such as Roepnaam or Voornaam"
}

// prepare cuts a CSV file into a table and takes out what may not be read.
func (s *source) prepare(options Options, report *Report) {
	if s.text == "" || s.kind != textCSV {
		return
	}
	s.report.Format = FormatCSV
	s.table = readTable(s.name, s.text, options, report)
	if s.table == nil {
		s.text = ""
		return
	}
	s.report.Separator, s.report.Rows = string(s.table.sep), len(s.table.rows)
	if len(s.table.rows) == 0 && report.Readable() {
		report.fail(Finding{File: s.name, Reason: ReasonNoRows, Message: "the file has column names but no rows"})
	}
	if !s.table.dropCitizenNumbers(report) {
		s.text = ""
	}
	s.report.Columns = s.table.reports()
}

// chooseMain returns the file that names the pupils. EdeXML always does; of several CSV files with names, the one that says most about a pupil's place
// at school is it, and the first of equals.
func chooseMain(sources []*source) *source {
	var main *source
	best := 0
	for _, s := range sources {
		score := 0
		switch {
		case s.text == "":
		case s.kind == textXML:
			score = 10
		case s.table.has(FieldGiven, FieldFullName):
			score = 1
			for _, field := range []Field{FieldGroup, FieldPupilNumber, FieldSurname} {
				if s.table.has(field) {
					score += 2
				}
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

func (s *source) read(options Options, report *Report) *Roster {
	s.report.Kind = KindRoster
	if s.kind == textXML {
		s.report.Format = FormatEdeXML
		return readEdeXML(s, options, report)
	}
	return readCSVRoster(s.table, options, report)
}

// apply adds a further file to the roster.
func (s *source) apply(roster *Roster, options Options, report *Report) {
	switch {
	case s.kind == textXML:
		report.fail(Finding{File: s.name, Reason: ReasonSecondRoster, Message: "there are two EdeXML files: hand them in one after the other"})
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
	newContactBook(roster, options.OwnAddresses).settle(report.mainFile(), report)
	roster.Households = FamiliesOf(roster)
	report.Pupils, report.Groups, report.Teachers = len(roster.Pupils), len(roster.Groups), len(roster.Teachers)
	report.Households = HouseholdCounts{Certain: len(roster.Households.Certain), Proposed: len(roster.Households.Proposed)}
	for i := range roster.Pupils {
		p := &roster.Pupils[i]
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
