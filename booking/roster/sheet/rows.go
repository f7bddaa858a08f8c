package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// librarySheet is where the library looks for a sheet.
const librarySheet = "xl/worksheets/sheet%d.xml"

// openLibrary gives the library a package with nothing in it but sheets of the right number. Their parts are put there one at a time when they are read, so that it
// never holds more than one, unpacks nothing itself and writes nothing to disk.
func (b *workbook) openLibrary() error {
	var packed bytes.Buffer
	writer := zip.NewWriter(&packed)
	var sheets, relations strings.Builder
	for i := range b.tabs {
		fmt.Fprintf(&sheets, `<sheet name="%d" sheetId="%d" r:id="rId%d"/>`, i+1, i+1, i+1)
		fmt.Fprintf(&relations, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, officeRelations, i+1)
	}
	parts := [][2]string{
		{"_rels/.rels", relationsOf(`<Relationship Id="rId1" Type="` + officeRelations + `/officeDocument" Target="xl/workbook.xml"/>`)},
		{"xl/_rels/workbook.xml.rels", relationsOf(relations.String())},
		{"xl/workbook.xml", `<workbook xmlns="` + spreadsheetML + `" xmlns:r="` + officeRelations + `"><sheets>` + sheets.String() + `</sheets></workbook>`},
	}
	for i := range b.tabs {
		parts = append(parts, [2]string{fmt.Sprintf(librarySheet, i+1), `<worksheet xmlns="` + spreadsheetML + `"/>`})
	}
	for _, part := range parts {
		entry, err := writer.CreateHeader(&zip.FileHeader{Name: part[0], Method: zip.Store})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(entry, part[1]); err != nil {
			return err
		}
	}
	if err := writer.Close(); err != nil {
		return err
	}
	var err error
	b.library, err = excelize.OpenReader(&packed, excelize.Options{RawCellValue: true})
	return err
}

const (
	spreadsheetML   = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	officeRelations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
)

func relationsOf(list string) string {
	return `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + list + `</Relationships>`
}

// load unpacks a sheet, looks through it once, and gives it to the library instead of the one before.
func (b *workbook) load(tab int) (*contents, error) {
	name := fmt.Sprintf(librarySheet, tab+1)
	if b.loaded == name {
		return b.contents[tab], nil
	}
	b.library.Pkg.Delete(b.loaded)
	part, err := b.read(b.parts[tab])
	if err != nil {
		return nil, err
	}
	if b.contents[tab] == nil {
		if b.contents[tab], err = b.inspect(part); err != nil {
			return nil, err
		}
	}
	b.library.Pkg.Store(name, part)
	b.loaded = name
	return b.contents[tab], nil
}

func (b *workbook) Rows(tab int, each func(Row) bool) error {
	found, err := b.load(tab)
	if err != nil {
		return err
	}
	rows, err := b.library.Rows(fmt.Sprint(tab + 1))
	if err != nil {
		return Damaged
	}
	defer func() { _ = rows.Close() }()
	reader := rowReader{book: b, found: found, merges: found.merges, spread: map[int]spread{}}
	number := 0
	for i := range found.rows {
		for number < found.rows[i].number {
			if number++; !rows.Next() {
				return Damaged
			}
		}
		texts, err := rows.Columns()
		if err != nil {
			return Damaged
		}
		if row, ok := reader.row(i, texts); ok && !each(row) {
			return nil
		}
	}
	return nil
}

// rowReader puts together what the library says of a row and what the look through the sheet did.
type rowReader struct {
	book   *workbook
	found  *contents
	cells  []Cell
	merges []merge        // that begin further down
	spread map[int]spread // by column: ranges that reach this row
}

// spread is the cell of a merged range that holds its text.
type spread struct {
	cell Cell
	to   int
}

// row returns a row. It reports false for one that holds nothing but what ranges spread from above.
func (r *rowReader) row(at int, texts []string) (Row, bool) {
	mark := r.found.rows[at]
	end := len(r.found.cells)
	if at+1 < len(r.found.rows) {
		end = r.found.rows[at+1].marks
	}
	own := false
	r.cells = r.cells[:0]
	for i, text := range texts {
		if i > MaxColumns {
			own = own || text != ""
			if r.cells[MaxColumns].Text == "" {
				r.cells[MaxColumns].Text = text
			}
			continue
		}
		own = own || text != ""
		r.cells = append(r.cells, Cell{Text: clipped(text)})
	}
	for _, cell := range r.found.cells[mark.marks:end] {
		at := min(int(cell.column)-1, MaxColumns)
		for len(r.cells) <= at {
			r.cells = append(r.cells, Cell{})
		}
		switch {
		case cell.text > 0:
			r.cells[at] = Cell{Text: r.book.texts[cell.text-1]}
		case at < MaxColumns:
			r.cells[at] = r.book.cell(r.cells[at].Text, cell)
		}
		own = own || r.cells[at] != Cell{}
	}
	r.spreadInto(mark.number)
	return Row{Number: mark.number, Hidden: mark.hidden, Cells: r.cells}, own
}

// clipped cuts a text that is longer than any field.
func clipped(text string) string {
	if len(text) <= maxCell {
		return text
	}
	return strings.Clone(strings.ToValidUTF8(text[:maxCell], "")) // or the whole of it would be kept
}

// cell gives a cell that is no text the text of what it is.
func (b *workbook) cell(text string, mark cellMark) Cell {
	switch mark.kind {
	case Truth:
		if truth(strings.ToLower(text)) {
			return Cell{Text: "true", Kind: Truth}
		}
		return Cell{Text: "false", Kind: Truth}
	case Failure, Uncounted:
		return Cell{Kind: mark.kind}
	case Day:
		if date, ok := day(text, b.from1904); ok {
			return Cell{Text: date, Kind: Day}
		}
	case Text, Number:
	}
	number, ok := digits(text, int(mark.wide))
	if !ok {
		return Cell{Text: text}
	}
	return Cell{Text: number, Kind: Number}
}

// spreadInto fills the cells of a row that are merged with cells above it.
func (r *rowReader) spreadInto(number int) {
	for len(r.merges) > 0 && r.merges[0].from <= number {
		if next := r.merges[0]; next.from == number && next.column <= len(r.cells) && r.cells[next.column-1].Text != "" {
			r.spread[next.column] = spread{r.cells[next.column-1], next.to}
		}
		r.merges = r.merges[1:]
	}
	for column, above := range r.spread {
		if number > above.to {
			delete(r.spread, column)
			continue
		}
		for len(r.cells) < column {
			r.cells = append(r.cells, Cell{})
		}
		if cell := &r.cells[column-1]; cell.Text == "" && cell.Kind == Text {
			*cell = Cell{Text: above.cell.Text, Kind: above.cell.Kind, Spread: true}
		}
	}
}
