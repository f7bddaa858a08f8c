package roster

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models/names"
)

// table is a list cut into columns with a meaning and rows of data.
type table struct {
	file string
	sep  byte // of a CSV file
	columnSet
	rows []row
	at   map[target][]int
	// guardians are the numbers of the guardians who have columns.
	guardians []int
	// ragged tells that a row may lack cells at its end, as in what was pasted without column names.
	ragged bool
	// placed tells that each cell stands in its column by itself, as in a spreadsheet: no separator can be missing, and empty cells at the end are none.
	placed bool
	// tabs are the classes of the sheets of which the list was put together, by their place; none where a column says it.
	tabs []string
}

// separator is what stands between the columns of a CSV file; a spreadsheet has none.
func (t *table) separator() string {
	if t.placed {
		return ""
	}
	return string(t.sep)
}

const (
	headerSearch = 20        // rows among which a header is looked for
	headBytes    = 256 << 10 // of the text that is looked at to find the separator
)

var separators = []byte{';', ',', '\t', '|'}

// readTable finds separator and header and cuts the text. Findings go to the report; nil means that there is no table.
func readTable(file, text string, options Options, report *Report) *table {
	text = withoutEntities(unifyLines(text))
	found, ok := findHeader(text, options)
	if !ok {
		if unwrapped, wrapped := unwrapLines(text); wrapped {
			text = unwrapped
			found, ok = findHeader(text, options)
		}
	}
	if !ok {
		report.fail(Finding{File: file, Line: 1, Reason: ReasonNoHeader,
			Message: "no line with column names was recognised: the first line must name the columns, such as Leerlingnummer;Roepnaam;Achternaam;Groep"})
		return nil
	}
	return cutTable(file, text, found, options.Limits, report)
}

func cutTable(file, text string, found header, limits Limits, report *Report) *table {
	if found.isLessons() || found.isTeachers() && found.onlyLessons() {
		limits.Rows *= rowsOfLessons
	}
	t := &table{file: file, sep: found.sep, columnSet: found.columnSet, ragged: found.index < 0}
	rows := splitRows(text, found.sep, limits.Rows+2*headerSearch)
	if body := rows[found.index+1:]; !t.ragged && cutOff(text, body, usualLength(body)) {
		report.fail(Finding{File: file, Line: body[len(body)-1].line, Reason: ReasonCutOff,
			Message: "the file ends in the middle of a line, so lines may be missing behind it: export or copy it again"})
		rows = rows[:len(rows)-1]
	}
	t.rows = t.dataRows(rows, found, limits, report)
	t.index()
	t.mendGroups(report)
	t.warnSerials(FieldBirthDate, report)
	return t
}

// header is where and with which separator the column names were found.
type header struct {
	columnSet
	sep   byte
	index int // among the rows of the text; -1 if it is not written there
	row   row
	score int
	// explained tells that somebody once said what these names mean: then no other row has them.
	explained bool
	// lame is the row with most known names where none of them says of whom the rows speak, and the values of a column do.
	lame *header
}

// findHeader tries every separator and keeps the one with which most column names are known. A first line "sep=;" goes first.
func findHeader(text string, options Options) (header, bool) {
	head := text
	if len(head) > headBytes {
		head = head[:strings.LastIndexByte(head[:headBytes], '\n')+1]
	}
	var best header
	candidates := separators
	if declared, ok := declaredSeparator(head); ok {
		candidates = append([]byte{declared}, separators...)
	}
	for _, sep := range candidates {
		best.search(splitRows(head, sep, headerSearch), sep, options)
	}
	return best.settled()
}

func (h *header) goesBefore(other *header) bool {
	if h.explained != other.explained {
		return h.explained
	}
	return h.score > other.score
}

// settled returns the column names that were found; false if there are none.
func (h *header) settled() (header, bool) {
	if h.score == 0 && h.lame != nil {
		return *h.lame, true
	}
	return *h, h.score > 0
}

// search looks for column names among the first rows of a list, and keeps them if more of them are known than of those that were found before.
func (h *header) search(rows []row, sep byte, options Options) {
	var above []string
	for i, r := range rows {
		headers := trimTrailing(r.cells)
		if len(headers) == 0 || len(headers) > maxColumns {
			above = nil
			continue
		}
		if options.Recall == nil && filled(headers)+filled(above) <= h.score { // each column has one meaning at most
			above = headers
			continue
		}
		joined := headersUnder(above, headers, options)
		above = headers
		set := bindColumns(joined, options)
		found := header{columnSet: set, sep: sep, index: i, row: r, score: set.known(), explained: options.explained(joined), lame: h.lame}
		switch {
		case set.usable() && found.goesBefore(h) && (found.score > 1 || len(headers) == 1):
			*h = found
		case h.score == 0 && len(headers) > 1 && (h.lame == nil || found.score > h.lame.score) && found.makeDo(rows[i+1:], options):
			h.lame = &found
		}
	}
}

// headersUnder puts the headings of the line above before those column names that say whose they are only with them: "Verzorger 1" over "Naam" and "E-mail". A
// heading stands in the first of its columns. Where nothing stands below a heading that is a column name by itself, it is one.
func headersUnder(above, headers []string, options Options) []string {
	if len(above) == 0 {
		return headers
	}
	joined, heading := slices.Clone(headers), ""
	for i, header := range above {
		if i < len(joined) && strings.TrimSpace(joined[i]) != "" || bindAlone(names.Clean(header), chosenField{}, options.CitizenLast4).state == ColumnIgnored {
			continue
		}
		for len(joined) <= i {
			joined = append(joined, "")
		}
		joined[i] = header
	}
	for i, header := range headers {
		if i < len(above) && strings.TrimSpace(above[i]) != "" {
			heading = above[i]
		}
		if whose, ok := guardianTarget(foldHeader(heading)); !ok || whose.field != FieldGuardianName {
			continue
		}
		_, alone := guardianTarget(foldHeader(header))
		if _, together := guardianTarget(foldHeader(heading + header)); together && !alone && strings.TrimSpace(header) != "" {
			joined[i] = names.Clean(heading) + " " + names.Clean(header)
		}
	}
	return joined
}

var separatorLine = regexp.MustCompile(`^"?sep=(.)"?[^\n]*\n`)

func declaredSeparator(text string) (byte, bool) {
	if m := separatorLine.FindStringSubmatch(text); m != nil && m[1][0] < 0x80 && m[1] != `"` {
		return m[1][0], true
	}
	return 0, false
}

func trimTrailing(cells []string) []string {
	for len(cells) > 0 && names.Clean(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// dataRows keeps the rows behind the header that hold data and have the right number of cells.
func (t *table) dataRows(rows []row, found header, limits Limits, report *Report) []row {
	var kept []row
	var under []string // the group that a heading above names, of each row that is kept
	heading, place := t.above(rows[:found.index+1]), -1
	rows = rows[found.index+1:]
	lengths := rowLengths{usual: usualLength(rows)}
	for i, r := range rows {
		if at := r.line / sheetLines; at != place && at < len(t.tabs) {
			heading, place = t.tabs[at], at
		}
		fitted, ok := lengths.fit(t, r)
		switch {
		case sameCells(r.cells, found.row.cells):
			report.warn(Finding{File: t.file, Line: r.line, Reason: ReasonSkippedLine, Message: "the column names are repeated here; the line was skipped"})
		case t.isHeading(r):
			heading = t.under(r, heading, report)
		case isFooter(r, rows[i+1:]):
			report.warn(Finding{File: t.file, Line: r.line, Reason: ReasonSkippedLine, Message: "the last line looks like a total; it was skipped"})
		case !ok:
			report.fail(Finding{File: t.file, Line: r.line, Reason: ReasonWrongColumnCount,
				Message: fmt.Sprintf("the line has %d cells, but there are %d columns, and they look shifted: look for a missing or an additional separator", len(r.cells), len(t.columns))})
		case t.longCell(fitted, report):
		default:
			kept, under = append(kept, fitted), append(under, heading)
		}
	}
	lengths.warn(t, report)
	if len(kept) > limits.Rows {
		report.fail(Finding{File: t.file, Reason: ReasonTooManyRows, Message: fmt.Sprintf("the file has more than %d rows", limits.Rows)})
		return nil
	}
	if heading != "" {
		t.group(kept, under)
	}
	return kept
}

const maxCell = 4000 // bytes of a cell that is read

// longCell refuses a row with a cell that no field can fill; usually a quote is missing there.
func (t *table) longCell(r row, report *Report) bool {
	for i, c := range t.columns {
		if c.state == ColumnBound && len(r.cells[i]) > maxCell {
			report.fail(Finding{File: t.file, Line: r.line, Field: c.header, Reason: ReasonValueTooLong,
				Message: fmt.Sprintf("the cell is longer than %d bytes: look for a missing quote or separator", maxCell)})
			return true
		}
	}
	return false
}

func sameCells(a, b []string) bool {
	a, b = trimTrailing(a), trimTrailing(b)
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if names.Clean(a[i]) != names.Clean(b[i]) {
			return false
		}
	}
	return true
}

var footerWords = regexp.MustCompile(`(?i)^(totaal|totalen|aantal|total|gemaakt|afgedrukt|geprint|gegenereerd|printed|exported|einde|pagina)\b`)

// isFooter recognises a last line with a single filled cell that speaks of the list.
func isFooter(r row, rest []row) bool {
	filled := 0
	for _, cell := range r.cells {
		if strings.TrimSpace(cell) != "" {
			filled++
		}
	}
	if filled > 2 || !footerWords.MatchString(names.Clean(r.cells[0])) {
		return false
	}
	return len(rest) == 0 || rest[0].line/sheetLines != r.line/sheetLines
}

// index remembers which columns hold a field. Several columns of one field stand in the order of the file.
func (t *table) index() {
	t.at, t.guardians = map[target][]int{}, nil
	for i, c := range t.columns {
		if c.state != ColumnBound {
			continue
		}
		t.at[c.target] = append(t.at[c.target], i)
		if n := c.target.guardian; n > 0 && !slices.Contains(t.guardians, n) {
			t.guardians = append(t.guardians, n)
		}
	}
	slices.Sort(t.guardians)
}

// warnDuplicates names the fields for which two columns stand, where one of them can only be a fallback.
func (t *table) warnDuplicates(report *Report) {
	for i, c := range t.columns {
		several := c.target.field == FieldGroup || c.target.field == FieldOtherGroups || c.target.field == FieldTeacher || c.target.field == FieldMentor ||
			c.target.field == FieldGuardianPhone || c.target.field == FieldTeacherEmail
		if c.state != ColumnBound || several || t.at[c.target][0] == i {
			continue
		}
		report.warn(Finding{File: t.file, Line: 0, Field: c.header, Reason: ReasonDuplicateColumn,
			Message: fmt.Sprintf("another column already holds the field %s; this one is read only where that one is empty", c.target)})
	}
}

// cells returns the filled cells of a field in a row, as they are.
func (t *table) cells(r row, want target) []string {
	var values []string
	for _, i := range t.at[want] {
		if strings.TrimSpace(r.cells[i]) != "" {
			values = append(values, r.cells[i])
		}
	}
	return values
}

// value returns the first filled cell of a field, cleaned of what spreadsheets add, and the column's header.
func (t *table) value(r row, field Field) (value, header string) {
	at := t.at[target{field: field}]
	for _, i := range at {
		if value := cleanCell(r.cells[i]); value != "" {
			return value, t.columns[i].header
		}
	}
	if len(at) > 0 {
		return "", t.columns[at[0]].header
	}
	return "", ""
}

// text is value without the header.
func (t *table) text(r row, field Field) string {
	value, _ := t.value(r, field)
	return value
}

func filled(cells []string) (count int) {
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			count++
		}
	}
	return count
}

const longestNothing = len("#waarde!")

var nothing = map[string]bool{"-": true, "--": true, "---": true, ".": true, "?": true, "n.v.t.": true, "nvt": true, "n.v.t": true, "null": true, "(leeg)": true,
	"#n/b": true, "#n/a": true, "n/a": true, "nan": true, "geen": true, "#ref!": true, "#waarde!": true, "#value!": true, "(null)": true, "n/b": true}

// cleanCell takes off what spreadsheets put around a value (="001", '001) and turns words for nothing into nothing.
func cleanCell(cell string) string {
	value := bareCell(cell)
	if len(value) <= longestNothing && nothing[strings.ToLower(value)] {
		return ""
	}
	return value
}

// cleanName is cleanCell for names, where Null and Geen are possible names.
func cleanName(cell string) string {
	value := bareCell(cell)
	if strings.Trim(value, "-.?*/ ") == "" {
		return ""
	}
	return value
}

func bareCell(cell string) string {
	value := names.Clean(cell)
	if rest, ok := strings.CutPrefix(value, `="`); ok && strings.HasSuffix(rest, `"`) {
		value = names.Clean(strings.TrimSuffix(rest, `"`))
	}
	if len(value) > 1 && value[0] == '\'' && (value[1] >= '0' && value[1] <= '9' || value[1] == '+') {
		value = value[1:]
	}
	return value
}
