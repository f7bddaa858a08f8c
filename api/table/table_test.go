package table_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/ouderavond/ouderavond/api/table"
)

var (
	heads = []string{"Naam", "Nummer"}
	rows  = [][]string{
		{"=1+1", "+31"}, {"-2", "@SUM(A1)"}, {"\t=1", "\r=1"}, {"Özdemir; \"Ayşe\"", "0012"}, {"van 't Hof", ""}, {"regel\neen", "a=b"}, {" =1", "5-3"},
	}
)

func TestATableOpensInASpreadsheetAndNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := table.Write(&out, table.CSV, heads, slices.Values(rows)); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(out.String(), "\ufeff")
	if !marked || !strings.HasPrefix(text, "Naam;Nummer\r\n") {
		t.Errorf("begins with %q", text[:20])
	}
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = ';'
	found, err := reader.ReadAll()
	if err != nil || len(found) != len(rows)+1 {
		t.Fatalf("%d rows, %v", len(found), err)
	}
	for i, row := range found[1:] {
		for j, cell := range row {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") {
				t.Errorf("%q is a formula", cell)
			}
			if bare := strings.TrimPrefix(cell, "'"); strings.ReplaceAll(bare, "\r", "") != strings.ReplaceAll(rows[i][j], "\r", "") {
				t.Errorf("%q became %q", rows[i][j], cell)
			}
		}
	}
}

func TestAWorkbookHasTextsOnly(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := table.Write(&out, table.XLSX, heads, slices.Values(rows)); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	found, err := book.GetRows("Sheet1")
	if err != nil || len(found) != len(rows)+1 || !slices.Equal(found[0], heads) {
		t.Fatalf("%q %v", found, err)
	}
	for i := range rows {
		for j, want := range rows[i] {
			place, _ := excelize.CoordinatesToCellName(j+1, i+2)
			formula, _ := book.GetCellFormula("Sheet1", place)
			kind, _ := book.GetCellType("Sheet1", place)
			value, _ := book.GetCellValue("Sheet1", place)
			if formula != "" || want != "" && kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
				t.Errorf("%s is of type %d with the formula %q", place, kind, formula)
			}
			if strings.ReplaceAll(value, "\r", "") != strings.ReplaceAll(want, "\r", "") {
				t.Errorf("%s: %q, want %q", place, value, want)
			}
		}
	}
}
