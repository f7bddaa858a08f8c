// Package table writes tables for spreadsheets, as CSV and as a workbook, row by row into the answer. Nothing is kept, and what stands in the rows is decided by who asks: no
// service is called here.
package table

import (
	"encoding/csv"
	"io"
	"iter"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/xuri/excelize/v2"
)

// Format is what a table is written as.
type Format string

// The formats, by how names of files end.
const (
	CSV  Format = "csv"  // RFC 4180 in UTF-8 with a byte order mark, and semicolons, as spreadsheets in Dutch read it
	XLSX Format = "xlsx" // a workbook of Office Open XML (ECMA-376) of one sheet
)

var types = map[Format]string{CSV: "text/csv; charset=utf-8", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}

// File is an answer that is a table.
type File struct {
	Type        string `header:"Content-Type" doc:"The type of the file." example:"text/csv; charset=utf-8"`
	Disposition string `header:"Content-Disposition" doc:"What to call the file." example:"attachment; filename=\"schedule.csv\""`
	Body        func(huma.Context)
}

// New makes an answer of a table, which is written when the answer is. The name is that of the file without its ending: letters and hyphens.
func New(format Format, name string, heads []string, rows iter.Seq[[]string]) *File {
	return &File{types[format], `attachment; filename="` + name + "." + string(format) + `"`, func(answer huma.Context) {
		_ = Write(answer.BodyWriter(), format, heads, rows) // a client that has gone is nobody's fault
	}}
}

// Write writes a table.
func Write(to io.Writer, format Format, heads []string, rows iter.Seq[[]string]) error {
	if format == XLSX {
		return writeWorkbook(to, heads, rows)
	}
	return writeCSV(to, heads, rows)
}

func writeCSV(to io.Writer, heads []string, rows iter.Seq[[]string]) error {
	if _, err := io.WriteString(to, "\ufeff"); err != nil { // or spreadsheets take it for another encoding
		return err
	}
	out := csv.NewWriter(to)
	out.Comma, out.UseCRLF = ';', true
	if err := out.Write(heads); err != nil {
		return err
	}
	for row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = disarmed(cell)
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// disarmed is a cell that no spreadsheet takes for a formula: names come from files that somebody else wrote.
func disarmed(cell string) string {
	if strings.IndexAny(cell, "=+-@\t\r") == 0 {
		return "'" + cell
	}
	return cell
}

// widthOfColumn is how many characters of a column a workbook shows.
const widthOfColumn = 22

// writeWorkbook writes every cell as text, which no program takes for a formula: a sign before it would only be seen.
func writeWorkbook(to io.Writer, heads []string, rows iter.Seq[[]string]) error {
	book := excelize.NewFile()
	defer func() { _ = book.Close() }()
	sheet, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if err := sheet.SetColWidth(1, max(1, len(heads)), widthOfColumn); err != nil {
		return err
	}
	if err := sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	at := 1
	write := func(cells []string, style int) error {
		values := make([]any, len(cells))
		for i, cell := range cells {
			values[i] = excelize.Cell{StyleID: style, Value: cell}
		}
		place, err := excelize.CoordinatesToCellName(1, at)
		if err != nil {
			return err
		}
		at++
		return sheet.SetRow(place, values)
	}
	if err := write(heads, bold); err != nil {
		return err
	}
	for row := range rows {
		if err := write(row, 0); err != nil {
			return err
		}
	}
	if err := sheet.Flush(); err != nil {
		return err
	}
	return book.Write(to)
}
