package roster_test

import (
	"bytes"
	"flag"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/ouderavond/ouderavond/booking/roster"
)

var sheetMost = flag.Float64("sheet.most", 3, "the most processor time of reading a spreadsheet, as a multiple of merely parsing it")

// schoolSheet is the list of a school of 3,000 pupils with their guardians.
func schoolSheet(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	must(t, err)
	dated, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	must(t, err)
	must(t, w.SetRow("A1", []any{"Leerlingnummer", "Roepnaam", "Tussenvoegsel", "Achternaam", "Geboortedatum", "Klas", "Postcode", "Huisnummer",
		"Naam ouder 1", "E-mail ouder 1", "Mobiel ouder 1", "Naam ouder 2", "E-mail ouder 2", "Mobiel ouder 2", "Mentor"}))
	letters := noiseText(40_000)
	for i := range 3000 {
		name := "V" + letters[i*8:i*8+7]
		must(t, w.SetRow(fmt.Sprintf("A%d", i+2), []any{100_000 + i, "N" + letters[i*8:i*8+5], "van den", name, excelize.Cell{Value: 41_000 + i%1500, StyleID: dated}, fmt.Sprintf("%d%c", i%6+1, 'A'+i%5),
			fmt.Sprintf("%d AB", 1234+i%700), i%90 + 1, "J. " + name, fmt.Sprintf("ouder%d@example.com", i), 612_000_000 + i*131, "M. " + name, fmt.Sprintf("andere%d@example.com", i),
			fmt.Sprintf("06-%08d", 20_000_000+i*131), fmt.Sprintf("Docent %c. Vos", 'A'+i%20)}))
	}
	must(t, w.Flush())
	packed, err := f.WriteToBuffer()
	must(t, err)
	must(t, f.Close())
	return packed.Bytes()
}

// parseSheet is what is the least that can be done with a spreadsheet.
func parseSheet(t testing.TB, data []byte) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true})
	must(t, err)
	for _, name := range f.GetSheetList() {
		rows, err := f.Rows(name)
		must(t, err)
		for rows.Next() {
			_, err := rows.Columns()
			must(t, err)
		}
		must(t, rows.Close())
	}
	must(t, f.Close())
}

func processorTime(t testing.TB) time.Duration {
	t.Helper()
	var used syscall.Rusage
	must(t, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// TestReadingASpreadsheetCostsLittle compares the processor time of reading a school's list with that of merely parsing the same file, in turns. It is not
// parallel, so that nothing else of this process is counted.
func TestReadingASpreadsheetCostsLittle(t *testing.T) {
	data := schoolSheet(t)
	least := func(best time.Duration, work func()) time.Duration {
		before := processorTime(t)
		work()
		if spent := processorTime(t) - before; best == 0 || spent < best {
			return spent
		}
		return best
	}
	var parsing, reading time.Duration
	for range 3 {
		parsing = least(parsing, func() { parseSheet(t, data) })
		reading = least(reading, func() {
			if r, _ := read(t, options(), roster.File{Name: "x.xlsx", Data: data}); len(r.Pupils) != 3000 || len(r.Pupils[0].Guardians) != 2 {
				t.Fatalf("%d pupils", len(r.Pupils))
			}
		})
	}
	ratio := reading.Seconds() / parsing.Seconds()
	t.Logf("parsing %d ms, reading %d ms of processor time: %.1f times", parsing.Milliseconds(), reading.Milliseconds(), ratio)
	if ratio > *sheetMost {
		t.Errorf("%.1f times, at most %.1f", ratio, *sheetMost)
	}
}

func BenchmarkReadSpreadsheet(b *testing.B) {
	data := schoolSheet(b)
	b.ReportAllocs()
	for b.Loop() {
		roster.Read([]roster.File{{Name: "x.xlsx", Data: data}}, options())
	}
}
