package roster

import "strings"

// row is a row of a CSV file with the line on which it begins.
type row struct {
	line  int
	cells []string
}

// blank tells whether all cells are empty.
func (r row) blank() bool {
	for _, cell := range r.cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

// maxQuotedLines is how many lines a quoted cell may span. A quote that is not closed within them is a letter like any other; otherwise one forgotten
// quote would swallow the rest of the file.
const maxQuotedLines = 20

// splitter cuts a text into rows and cells (RFC 4180 with any separator), lenient with quotes that stand where the standard has none.
type splitter struct {
	text string
	sep  byte
	pos  int
	line int
	// width is the number of cells of the row before, for which there is room in the next one.
	width int
}

// maxColumns is how many cells of a row are kept. A file with more columns has no header that is recognised.
const maxColumns = 500

// splitRows cuts a text whose line ends are all "\n". Blank rows are left out. At most limit rows are returned; zero means all.
func splitRows(text string, sep byte, limit int) []row {
	s := splitter{text: text, sep: sep, line: 1}
	var rows []row
	for s.pos < len(s.text) && (limit == 0 || len(rows) < limit) {
		if r := s.row(); !r.blank() {
			rows = append(rows, r)
		}
	}
	return rows
}

func (s *splitter) row() row {
	r := row{line: s.line, cells: make([]string, 0, s.width)}
	defer func() { s.width = len(r.cells) }()
	for {
		if cell := s.cell(); len(r.cells) <= maxColumns {
			r.cells = append(r.cells, cell)
		}
		if s.pos >= len(s.text) {
			return r
		}
		end := s.text[s.pos] == '\n'
		s.pos++
		if end {
			s.line++
			return r
		}
		if s.pos == len(s.text) { // a separator at the very end
			r.cells = append(r.cells, "")
			return r
		}
	}
}

// cell reads one cell and stops at the separator or line end behind it.
func (s *splitter) cell() string {
	start := s.pos
	for start < len(s.text) && s.text[start] == ' ' {
		start++
	}
	if start < len(s.text) && s.text[start] == '"' {
		if value, next, ok := s.quoted(start + 1); ok {
			s.line += strings.Count(s.text[s.pos:next], "\n")
			s.pos = next
			return value
		}
	}
	end := s.bareEnd(s.pos)
	value := s.text[s.pos:end]
	s.pos = end
	return value
}

func (s *splitter) bareEnd(from int) int {
	for i := from; i < len(s.text); i++ {
		if s.text[i] == s.sep || s.text[i] == '\n' {
			return i
		}
	}
	return len(s.text)
}

// quoted reads from behind the opening quote. It reports false if the quote opens nothing.
func (s *splitter) quoted(from int) (value string, next int, ok bool) {
	var b strings.Builder
	lines := 0
	for i := from; i < len(s.text); i++ {
		switch c := s.text[i]; {
		case c == '\n':
			if lines++; lines > maxQuotedLines {
				return "", 0, false
			}
			b.WriteByte(c)
		case c != '"':
			b.WriteByte(c)
		case i+1 < len(s.text) && s.text[i+1] == '"':
			b.WriteByte('"')
			i++
		default:
			if next, ok := s.afterQuote(i + 1); ok {
				return b.String(), next, true
			}
			return s.badlyQuoted(from, i, b.String())
		}
	}
	return "", 0, false
}

// afterQuote skips spaces behind a closing quote, which must be followed by a separator or an end.
func (s *splitter) afterQuote(i int) (int, bool) {
	for i < len(s.text) && s.text[i] == ' ' && s.sep != ' ' {
		i++
	}
	return i, i == len(s.text) || s.text[i] == s.sep || s.text[i] == '\n'
}

// badlyQuoted handles a quote in the middle of a quoted cell. If the cell, up to the next separator, ends with a quote, that one closes it ("Jan "PJ"
// Smit"); else the cell was not quoted at all ("PJ" Smit).
func (s *splitter) badlyQuoted(from, at int, read string) (string, int, bool) {
	end := s.bareEnd(at)
	rest := strings.TrimRight(s.text[at:end], " ")
	if len(rest) < 2 || !strings.HasSuffix(rest, `"`) || strings.Contains(s.text[from:at], "\n") {
		return "", 0, false
	}
	return read + strings.ReplaceAll(rest[:len(rest)-1], `""`, `"`), end, true
}

// unifyLines makes every line end "\n", also the lone "\r" of old Macintosh programs, and cuts the end-of-file sign of DOS.
func unifyLines(text string) string {
	text = strings.TrimRight(text, "\x1a")
	if !strings.Contains(text, "\r") {
		return text
	}
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// unwrapLines undoes what a spreadsheet does to a CSV with another separator than its own: every line became one quoted cell.
func unwrapLines(text string) (string, bool) {
	if !strings.HasPrefix(strings.TrimLeft(text, "\n "), `"`) {
		return "", false
	}
	var b strings.Builder
	line := 1
	for _, r := range splitRows(text, '\x00', 0) {
		// Blank lines are put back, so that the line numbers stay right.
		b.WriteString(strings.Repeat("\n", max(0, r.line-line)))
		b.WriteString(r.cells[0] + "\n")
		line = r.line + strings.Count(r.cells[0], "\n") + 1
	}
	return b.String(), true
}
