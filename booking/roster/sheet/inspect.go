package sheet

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
)

// contents is what a look through a sheet found: which rows hold something, and what those cells are that are no texts. The library says neither.
type contents struct {
	rows   []rowMark
	cells  []cellMark
	merges []merge // in the order of their first rows
}

type rowMark struct {
	number int
	hidden bool
	marks  int // where the marks of its cells begin
}

// cellMark is a cell that is no text of its own.
type cellMark struct {
	column uint16
	kind   Kind
	wide   uint8 // digits to which a Number is filled up
	text   int32 // the place of a shared text, from 1; 0 if it is none
}

// merge is a range of cells that are one, if it reaches over several rows.
type merge struct{ column, from, to int }

// inspector goes through the XML of a sheet.
type inspector struct {
	book *workbook
	*tokens
	found   *contents
	row     rowMark
	column  int
	filled  int // the last filled column of the row
	cells   int // filled ones of the sheet
	width   int
	written int64 // bytes of the shared texts, as often as cells have them
	more    bool  // the rows that are wanted are full
	done    bool  // the data ended
}

const (
	maxMerges = 100_000
	maxZeros  = 30
)

// inspect checks a sheet to its end before the library sees it: that the XML is whole, that rows and cells stand in their order, that texts are there, and that
// it is no larger than a spreadsheet can be.
func (b *workbook) inspect(part []byte) (*contents, error) {
	i := &inspector{book: b, tokens: newTokens(bytes.NewReader(part)), found: &contents{}}
	for {
		token, err := i.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch element := token.(type) {
		case xml.StartElement:
			err = i.start(&element)
		case xml.EndElement:
			i.end(&element)
		}
		if err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(i.found.merges, func(a, b merge) int { return a.from - b.from })
	return i.found, nil
}

func (i *inspector) start(element *xml.StartElement) error {
	switch name := element.Name.Local; {
	case name == "row" && !i.done:
		return i.startRow(element)
	case name == "c" && !i.done:
		return i.cell(element)
	case name == "mergeCell":
		i.merge(attribute(element, "ref"))
	}
	return nil
}

func (i *inspector) end(element *xml.EndElement) {
	switch element.Name.Local {
	case "row":
		if i.filled == 0 {
			i.found.cells = i.found.cells[:min(i.row.marks, len(i.found.cells))]
			return
		}
		if i.more {
			return
		}
		i.found.rows = append(i.found.rows, i.row)
		i.width += i.filled
		i.filled, i.more = 0, len(i.found.rows) > i.book.limits.Rows
	case "sheetData":
		i.done = true
	}
}

func attribute(element *xml.StartElement, name string) string {
	for _, one := range element.Attr {
		if one.Name.Local == name && one.Name.Space == "" {
			return one.Value
		}
	}
	return ""
}

func (i *inspector) startRow(element *xml.StartElement) error {
	number := i.row.number + 1
	if text := attribute(element, "r"); text != "" {
		given, err := strconv.Atoi(text)
		if err != nil || given < number || given > lastRow {
			return Damaged
		}
		number = given
	}
	i.row = rowMark{number: number, hidden: truth(attribute(element, "hidden")), marks: len(i.found.cells)}
	i.column, i.filled = 0, 0
	return nil
}

// cell looks at one cell, to its end.
func (i *inspector) cell(element *xml.StartElement) error {
	var place, kind, format string
	for _, one := range element.Attr {
		switch {
		case one.Name.Space != "":
		case one.Name.Local == "r":
			place = one.Value
		case one.Name.Local == "t":
			kind = one.Value
		case one.Name.Local == "s":
			format = one.Value
		}
	}
	column := i.column + 1
	if place != "" {
		given := columnOf(place)
		if given == 0 || given < column {
			return Damaged
		}
		column = given
	}
	if column > lastColumn {
		return TooWide
	}
	i.column = column
	in, err := i.inside()
	if err != nil {
		return err
	}
	if in == (inner{valued: in.valued}) {
		return nil
	}
	i.filled = column
	if i.more {
		return nil
	}
	if i.cells++; i.cells > i.book.limits.Cells || i.width > maxWidth {
		return TooLarge
	}
	return i.mark(kind, format, in)
}

// inner is what a cell holds.
type inner struct {
	value   string
	valued  bool // there is a value, be it empty
	text    bool // of its own
	formula bool
}

// inside reads a cell to its end.
func (i *inspector) inside() (found inner, err error) {
	in := ""
	for depth := 1; depth > 0; {
		token, err := i.next()
		if err != nil {
			return found, Damaged
		}
		switch element := token.(type) {
		case xml.StartElement:
			if depth++; depth == 2 {
				in = element.Name.Local
				found.formula, found.valued = found.formula || in == "f", found.valued || in == "v"
			}
		case xml.EndElement:
			if depth--; depth == 1 {
				in = ""
			}
		case xml.CharData:
			switch in {
			case "v":
				found.value += string(element)
			case "is":
				found.text = found.text || len(element) > 0
			}
		}
	}
	return found, nil
}

// mark notes what a filled cell is, if it is no text.
func (i *inspector) mark(kind, format string, in inner) error {
	mark := cellMark{column: uint16(i.column)}
	switch {
	case kind == "s":
		at, err := strconv.Atoi(strings.TrimSpace(in.value))
		if in.value == "" {
			return nil
		}
		if err != nil || at < 0 || at >= len(i.book.texts) {
			return Damaged
		}
		if i.written += int64(len(i.book.texts[at])); i.written > i.book.limits.Unpacked {
			return TooLarge
		}
		mark.text = int32(at) + 1
	case in.formula && (!in.valued || in.value == "" && kind != "str"):
		mark.kind = Uncounted
	case kind == "str", kind == "inlineStr", kind == "d", in.value == "":
		return nil
	case kind == "b":
		mark.kind = Truth
	case kind == "e":
		mark.kind = Failure
	default:
		mark.kind = Number
		if at, err := strconv.Atoi(format); err == nil && at >= 0 && at < len(i.book.styles) {
			mark.wide = uint8(min(i.book.styles[at].wide, maxZeros))
			if i.book.styles[at].day {
				mark.kind = Day
			}
		}
	}
	i.found.cells = append(i.found.cells, mark)
	return nil
}

// columnOf returns the number of the column of a place such as AB12; 0 if that is none.
func columnOf(place string) (column int) {
	letters := 0
	for letters < len(place) {
		letter := place[letters] | 0x20
		if letter < 'a' || letter > 'z' {
			break
		}
		if column = column*26 + int(letter-'a') + 1; column > lastColumn {
			return lastColumn + 1
		}
		letters++
	}
	if letters == len(place) || strings.Trim(place[letters:], "0123456789") != "" {
		return 0
	}
	return column
}

// merge notes a range that reaches over several rows. What lies behind the last column that is returned does not matter.
func (i *inspector) merge(place string) {
	first, last, found := strings.Cut(place, ":")
	column := columnOf(first)
	if !found || column == 0 || column > MaxColumns || columnOf(last) == 0 || len(i.found.merges) >= maxMerges {
		return
	}
	row := func(place string) int {
		number, _ := strconv.Atoi(strings.TrimLeft(strings.ToUpper(place), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		return number
	}
	if from, to := row(first), row(last); from > 0 && to > from {
		i.found.merges = append(i.found.merges, merge{column, from, to})
	}
}
