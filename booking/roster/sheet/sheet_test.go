package sheet_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/ouderavond/ouderavond/booking/roster/sheet"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// opened packs a workbook and opens it again.
func opened(t *testing.T, f *excelize.File) sheet.Book {
	t.Helper()
	var packed bytes.Buffer
	must(t, f.Write(&packed))
	if !sheet.Packed(packed.Bytes()) {
		t.Fatal("a workbook is not packed")
	}
	book, err := sheet.Open(packed.Bytes(), sheet.DefaultLimits())
	must(t, err)
	return book
}

func TestTheFormatSaysWhatANumberIs(t *testing.T) {
	t.Parallel()
	for format, want := range map[string]sheet.Cell{
		"General":                     {Text: "41946", Kind: sheet.Number},
		"0":                           {Text: "41946", Kind: sheet.Number},
		"#,##0.00":                    {Text: "41946", Kind: sheet.Number},
		"000000":                      {Text: "041946", Kind: sheet.Number},
		"0#########":                  {Text: "0000041946", Kind: sheet.Number},
		`0.00 "dagen per jaar"`:       {Text: "41946", Kind: sheet.Number},
		`[Red]0`:                      {Text: "41946", Kind: sheet.Number},
		"0.00E+00":                    {Text: "41946", Kind: sheet.Number},
		"hh:mm":                       {Text: "41946", Kind: sheet.Number},
		"dd-mm-yyyy":                  {Text: "2014-11-03", Kind: sheet.Day},
		`[$-413]d\ mmmm\ yyyy;@`:      {Text: "2014-11-03", Kind: sheet.Day},
		"d-mmm":                       {Text: "2014-11-03", Kind: sheet.Day},
		"mmm-yy":                      {Text: "2014-11-03", Kind: sheet.Day},
		"[$-F800]dddd, mmmm dd, yyyy": {Text: "2014-11-03", Kind: sheet.Day},
		"dd-mm-jjjj":                  {Text: "2014-11-03", Kind: sheet.Day},
	} {
		f := excelize.NewFile()
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		must(t, err)
		must(t, f.SetCellValue("Sheet1", "A1", 41946))
		must(t, f.SetCellStyle("Sheet1", "A1", "A1", style))
		must(t, opened(t, f).Rows(0, func(r sheet.Row) bool {
			if r.Cells[0] != want {
				t.Errorf("%s: %+v, want %+v", format, r.Cells[0], want)
			}
			return true
		}))
	}
}

func TestADayIsOfTheCalendarOfTheFile(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		from1904     bool
		number, want string
	}{
		"from 1900":           {false, "41946", "2014-11-03"},
		"from 1904":           {true, "40484", "2014-11-03"},
		"with a time":         {false, "41946.5", "2014-11-03 12:00:00"},
		"nearly midnight":     {false, "41945.999999999", "2014-11-03"},
		"the last day":        {false, "2958465", "9999-12-31"},
		"behind the last":     {false, "2958466", ""},
		"a time of day alone": {false, "0.5", ""},
		"no number":           {false, "drie", ""},
		"less than nothing":   {false, "-3", ""},
		"not a number":        {false, "NaN", ""},
	} {
		f := excelize.NewFile()
		must(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &tt.from1904}))
		if got, ok := opened(t, f).Day(tt.number); got != tt.want || ok != (tt.want != "") {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
}

func TestRowsAreReadAsFarAsTheyAreWanted(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	for _, place := range []string{"A2", "C5", "B9"} {
		must(t, f.SetCellValue("Sheet1", place, place))
	}
	_, err := f.NewSheet("Tweede")
	must(t, err)
	must(t, f.SetCellValue("Tweede", "A1", "x"))
	must(t, f.SetSheetVisible("Tweede", false))
	book := opened(t, f)
	if got := book.Tabs(); !slices.Equal(got, []sheet.Tab{{Name: "Sheet1"}, {Name: "Tweede", Hidden: true}}) {
		t.Fatalf("tabs %+v", got)
	}
	rows := func(tab, most int) (numbers []int) {
		must(t, book.Rows(tab, func(r sheet.Row) bool {
			numbers = append(numbers, r.Number)
			return len(numbers) < most
		}))
		return numbers
	}
	// In whatever order, and as often as wanted.
	for range 2 {
		if got := rows(0, 2); !slices.Equal(got, []int{2, 5}) {
			t.Errorf("two rows: %v", got)
		}
		if got := rows(1, 9); !slices.Equal(got, []int{1}) {
			t.Errorf("the second sheet: %v", got)
		}
		if got := rows(0, 9); !slices.Equal(got, []int{2, 5, 9}) {
			t.Errorf("all rows: %v", got)
		}
	}
}

func TestColumnsHaveLetters(t *testing.T) {
	t.Parallel()
	for number, want := range map[int]string{1: "A", 26: "Z", 27: "AA", 52: "AZ", 702: "ZZ", 703: "AAA", 16384: "XFD"} {
		if got := sheet.ColumnName(number); got != want {
			t.Errorf("%d is %s, want %s", number, got, want)
		}
	}
}
