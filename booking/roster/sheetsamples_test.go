package roster_test

import (
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/ouderavond/ouderavond/booking/roster"
)

// sheetCase is a spreadsheet as a secretary makes it.
type sheetCase struct {
	file    func(testing.TB) roster.File
	beside  []roster.File
	options func(*roster.Options)
}

// Rows of invented pupils; the days are those of spreadsheets: 41946 is 3 November 2014.
var (
	plainHead = []any{"Leerlingnummer", "Roepnaam", "Tussenvoegsel", "Achternaam", "Geboortedatum", "Klas", "Postcode", "Huisnummer", "E-mail ouder 1", "Mobiel ouder 1"}
	sanne     = []any{100001, "Sanne", "van den", "Berg", day(41946), "3A", "1234 AB", 12, "jan@example.com", 612345678}
	bram      = []any{100002, "Bram", "van den", "Berg", day(42507), "1B", "1234 AB", 12, "jan@example.com", 612345678}
	zoe       = []any{100003, "Zoë", nil, "Yıldız", day(42036), "3A", "1235XZ", "7 bis", "fatma@example.com", "06-12 34 56 70"}
	plain     = [][]any{plainHead, sanne, bram, zoe}
)

func lists(rows ...[]any) [][]any { return rows }

func one(rows [][]any) []tab { return []tab{{name: "Blad1", rows: rows}} }

func byHand(h hand) sheetCase {
	return sheetCase{file: func(t testing.TB) roster.File { return h.file(t, "leerlingen.xlsx") }}
}

func sheetOf(name string) func(*roster.Options) {
	return func(o *roster.Options) { o.Sheet = name }
}

func with(c sheetCase, options func(*roster.Options), beside ...roster.File) sheetCase {
	c.options, c.beside = options, beside
	return c
}

// byLibrary is a workbook that the library writes.
func byLibrary(fill func(t testing.TB, f *excelize.File)) sheetCase {
	return sheetCase{file: func(t testing.TB) roster.File {
		t.Helper()
		f := excelize.NewFile()
		fill(t, f)
		packed, err := f.WriteToBuffer()
		must(t, err)
		must(t, f.Close())
		return roster.File{Name: "export.xlsx", Data: packed.Bytes()}
	}}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func setRows(t testing.TB, f *excelize.File, sheet string, rows ...[]any) {
	t.Helper()
	for i, row := range rows {
		place, err := excelize.CoordinatesToCellName(1, i+1)
		must(t, err)
		must(t, f.SetSheetRow(sheet, place, &row))
	}
}

// groupsBelow is a list in blocks, with a heading and a blank row between them.
func groupsBelow() [][]any {
	head := []any{"Nr", "Roepnaam", "Achternaam", "Geboortedatum", "Telefoon moeder"}
	return lists([]any{"Overzicht leerlingen"}, nil, []any{"Groep 3A"}, head, []any{1, "Sanne", "Berg", day(41946), 612345678}, []any{2, "Bram", "Smit", day(41947), 612345679},
		nil, []any{"Groep 4B"}, head, []any{3, "Zoë", "Vos", day(41600), 612345671}, nil, nil, []any{"Totaal: 3"})
}

func emptyBehind(rows [][]any) [][]any {
	for range 30_000 {
		rows = append(rows, []any{styled{}, styled{}, styled{}})
	}
	return rows
}

func farCell() [][]any {
	row := append([]any{}, sanne...)
	for len(row) < 700 {
		row = append(row, nil)
	}
	return lists(plainHead, append(row, "losse opmerking"), bram, zoe)
}

var sheetCases = map[string]sheetCase{
	"excel":               byHand(hand{tabs: one(plain)}),
	"libreoffice":         byHand(hand{tabs: one(lists(plainHead, []any{100001, "Sanne", "van den", "Berg", dayLong(41946), "3A", "1234 AB", 12, "jan@example.com", "0612345678"}))}),
	"web-export":          byHand(hand{inline: true, bare: true, tabs: one(lists(plainHead, []any{"100001", "Sanne", "van den", "Berg", "03-11-2014", "3A", "1234 AB", "12", "jan@example.com", "0612345678"}, []any{}, []any{"100003", "Zoë", nil, "Yıldız", "1-2-2015", "3A", nil, nil, nil, nil}))}),
	"prefixes":            byHand(hand{prefix: "x:", tabs: one(plain)}),
	"prefixes-inline":     byHand(hand{prefix: "x:", inline: true, bare: true, tabs: one(lists(plainHead, sanne[:4], bram[:4]))}),
	"absolute-paths":      byHand(hand{absolute: true, tabs: one(plain)}),
	"strict":              byHand(hand{strict: true, tabs: one(plain)}),
	"texts-elsewhere":     byHand(hand{texts: "strings1.xml", tabs: one(plain)}),
	"names-in-capitals":   byHand(hand{upper: true, tabs: one(plain)}),
	"a-picture-within":    byHand(hand{picture: 100_000, tabs: one(plain)}),
	"title-rows":          byHand(hand{tabs: one(lists([]any{"Basisschool De Linde"}, []any{"Leerlingenlijst", nil, nil, "peildatum", day(46000)}, nil, plainHead, sanne, bram))}),
	"beginning-at-c4":     byHand(hand{tabs: one(lists(nil, nil, nil, append([]any{nil, nil}, plainHead...), append([]any{nil, nil}, sanne...), append([]any{nil, nil}, bram...)))}),
	"headings-over-two":   byHand(hand{tabs: []tab{{name: "Blad1", merges: []string{"A1:A2", "B1:D1", "E1:F1", "G1:H1"}, rows: lists([]any{"Leerlingnummer", "Leerling", nil, nil, "Verzorger 1", nil, "Verzorger 2", nil}, []any{nil, "Roepnaam", "Tussenvoegsel", "Achternaam", "Naam", "E-mail", "Naam", "Mobiel"}, []any{1, "Sanne", "van den", "Berg", "M. Bos", "m.bos@example.com", "P. Vis", 612345678})}}}),
	"headings-not-merged": byHand(hand{tabs: one(lists([]any{"Leerlingnummer", "Naam", nil, nil, "Klas", "Vader", nil, "Moeder"}, []any{nil, "Roepnaam", "Tussenvoegsel", "Achternaam", nil, "Mobiel", "E-mail", "Mobiel"}, []any{1, "Sanne", "van den", "Berg", "3A", 612345678, "v@example.com", 687654321}))}),
	"several-sheets":      byHand(hand{tabs: []tab{{name: "Toelichting", rows: lists([]any{"Deze lijst is gemaakt door de administratie"})}, {name: "Docenten", rows: lists([]any{"Groep", "Leerkracht"}, []any{"3A", "Noor van Elst"})}, {name: "Leerlingen", rows: plain}}}),
	"an-old-list-hidden":  byHand(hand{tabs: []tab{{name: "Oud", state: "hidden", rows: lists(plainHead, zoe)}, {name: "Nu", rows: lists(plainHead[:6], sanne[:6])}}}),
	"hidden-alone":        byHand(hand{tabs: []tab{{name: "Uitleg", rows: lists([]any{"Zie de andere bladen"})}, {name: "Data", state: "veryHidden", rows: plain}}}),
	"rows-that-end-early": byHand(hand{tabs: one(lists([]any{"Nummer", "Roepnaam", "Tussenvoegsel", "Achternaam", "Geboortedatum"}, []any{1, "Sanne", nil, "Berg", day(41946)},
		[]any{2, "Bram"}, []any{3, "Zoë", "Vos", "3-11-2014"}, []any{4, "Mia", "Bos", "3-11-2014", "4-11-2014", nil, "een opmerking"}, []any{5, "Tom", "Vis", "3-11-2014", nil, "nog een"}))}),
	"classes-on-tabs": byHand(hand{tabs: []tab{
		{name: "Uitleg", rows: lists([]any{"Eén blad per klas"})},
		{name: "Groep 3", rows: lists([]any{"Leerlingnummer", "Roepnaam", "Achternaam", "Geboortedatum"}, []any{1, "Sanne", "Berg", day(41946)}, []any{2, "Mia", nil, "onbekend"}, []any{"Totaal", 2})},
		{name: "1B", rows: lists([]any{"Klassenlijst"}, []any{"Leerlingnummer", "Roepnaam", "Achternaam", "Geboortedatum"}, []any{3, "Bram", "Smit", day(42507)}, []any{4, "Zoë", "Vos", "x"}, []any{2, "Tom", "Vis", day(42508)})}}}),
	"classes-on-tabs-in-a-column": byHand(hand{tabs: []tab{{name: "3A", rows: lists(plainHead, sanne)}, {name: "1B", rows: lists(plainHead, bram)}, {name: "Adressen", rows: lists([]any{"Leerlingnummer", "Postcode"}, []any{100001, "1234AB"})}}}),
	"classes-on-tabs-right":       byHand(hand{tabs: []tab{{name: "klas 3A", rows: lists([]any{"Roepnaam", "Achternaam"}, []any{"Sanne", "Berg"})}, {name: "klas 3B", rows: lists([]any{"Roepnaam", "Achternaam"}, []any{"Bram", "Smit"}, []any{"Zoë", "Vos"})}}}),
	"classes-on-tabs-unlike":      byHand(hand{tabs: []tab{{name: "3A", rows: lists(plainHead, sanne)}, {name: "1B", rows: lists(plainHead[:4], bram[:4])}}}),
	"classes-beside-a-whole-list": byHand(hand{tabs: []tab{{name: "3A", rows: lists(plainHead, sanne)}, {name: "1B", rows: lists(plainHead, bram)}, {name: "Alle", rows: plain}}}),
	"two-alike":                   byHand(hand{tabs: []tab{{name: "2025-2026", rows: plain}, {name: "2026-2027", rows: lists(plainHead, zoe)}}}),
	"two-alike-one-chosen":        with(byHand(hand{tabs: []tab{{name: "Vorig jaar", rows: plain}, {name: "Dit jaar", rows: lists(plainHead, zoe)}}}), sheetOf("dit jaar ")),
	"two-of-unlike-worth":         byHand(hand{tabs: []tab{{name: "Namen", rows: lists([]any{"Roepnaam", "Achternaam"}, []any{"Sanne", "Berg"})}, {name: "Alles", rows: plain}}}),
	"a-sheet-that-is-not":         with(byHand(hand{tabs: one(plain)}), sheetOf("Leerlingen")),
	"days-of-1904":                byHand(hand{from1904: true, tabs: one(lists(plainHead, []any{1, "Sanne", nil, "Berg", day(41946 - 1462), "3A"}))}),
	"bare-days-of-1904":           byHand(hand{from1904: true, tabs: one(lists(plainHead, []any{1, "Sanne", nil, "Berg", 41946 - 1462, "3A"}))}),
	"bare-days":                   byHand(hand{tabs: one(lists(plainHead, []any{1, "Sanne", nil, "Berg", 41946, "3A"}, []any{2, "Bram", nil, "Smit", 20150522, "3A"}, []any{3, "Zoë", nil, "Vos", 3112014, "3A"}, []any{4, "Mia", nil, "Bos", written("4.1946E4"), "3A"}))}),
	"days-and-texts":              byHand(hand{tabs: one(lists(plainHead, []any{1, "Sanne", nil, "Berg", day(41946)}, []any{2, "Bram", nil, "Smit", "13-11-2014"}, []any{3, "Zoë", nil, "Vos", "3 nov 2014"}, []any{4, "Mia", nil, "Bos", day(41946.9583333)}, []any{5, "Els", nil, "Bos", "onbekend"}))}),
	"american-texts":              byHand(hand{tabs: one(lists(plainHead, []any{1, "Sanne", nil, "Berg", "11/13/2014"}, []any{2, "Bram", nil, "Smit", "05/22/2015"}))}),
	"lost-zeros":                  byHand(hand{tabs: one(lists(plainHead, []any{padded(123), "Sanne", nil, "Berg", nil, nil, nil, nil, nil, written("6.12345678E8")}, []any{padded(4711), "Bram", nil, "Smit", nil, nil, nil, nil, nil, written("31612345679")}, []any{padded(99), "Zoë", nil, "Vos", nil, nil, 6971, nil, nil, 31622334455.0}))}),
	"a-number-lost":               byHand(hand{tabs: one(lists(plainHead, []any{"1,00012E+05", "Sanne", nil, "Berg"}))}),
	"numbers-as-texts":            byHand(hand{tabs: one(lists(plainHead, []any{"'000123", "Sanne", nil, "Berg", "'03-11-2014", nil, nil, "12.0", nil, `="0612345678"`}))}),
	"formulas":                    byHand(hand{tabs: one(lists(plainHead, []any{formula{"A1+1", "100001"}, formula{`"San"&"ne"`, "Sanne"}, formula{`IF(1=2,"x","")`, ""}, "Berg", formula{"DATE(2014,11,3)", "41946"}, formula{`"3"&"A"`, "3A"}}))}),
	"formulas-not-counted":        byHand(hand{tabs: one(lists(plainHead, []any{1, "Sanne", nil, "Berg", nil, formula{"X1", "-"}, formula{"VLOOKUP(A2,X:Y,2)", "-"}}, []any{2, "Bram", nil, "Smit", nil, formula{"X2", "-"}, nil}, []any{formula{"X3", "-"}}))}),
	"errors-of-the-sheet":         byHand(hand{tabs: one(lists(plainHead, []any{1, "Sanne", fault("#N/A"), "Berg", nil, "3A", fault("#REF!")}, []any{2, "Bram", fault("#N/A"), "Smit", nil, fault("#VALUE!"), fault("#N/A")}))}),
	"a-family-merged":             byHand(hand{tabs: []tab{{name: "Gezinnen", merges: []string{"C2:C3", "D2:E3", "A1:B1"}, rows: lists([]any{"Leerling", nil, "Achternaam", "Postcode", "Woonplaats", "Roepnaam"}, []any{nil, nil, "van den Berg", "1234AB", nil, "Sanne"}, []any{nil, nil, nil, nil, nil, "Bram"}, []any{nil, nil, "Vos", "1235XZ", nil, "Zoë"})}}}),
	"yes-and-no":                  byHand(hand{tabs: one(lists([]any{"Nummer", "Roepnaam", "Achternaam", "Postcode", "Geheim adres"}, []any{1, "Sanne", "Berg", "1234AB", true}, []any{2, "Bram", "Smit", "1234AC", false}))}),
	"rich-texts":                  byHand(hand{tabs: one(lists(plainHead, []any{1, rich{"San", "ne"}, nil, rich{"Berg", "-", "Smit"}, nil, "3A"}))}),
	"rich-texts-inline":           byHand(hand{inline: true, tabs: one(lists(plainHead, []any{1, rich{"San", "ne"}, nil, rich{"Berg", "-", "Smit"}, nil, "3A"}))}),
	"empty-rows-behind":           byHand(hand{tabs: one(emptyBehind(lists(plainHead, sanne, bram)))}),
	"blank-rows-between":          byHand(hand{tabs: one(lists(plainHead, sanne, nil, nil, bram, []any{styled{}, styled{}}, zoe))}),
	"groups-as-headings":          byHand(hand{tabs: one(groupsBelow())}),
	"rows-hidden":                 byHand(hand{tabs: []tab{{name: "Blad1", hidden: []int{3, 4}, rows: plain}}}),
	"groups-made-days":            byHand(hand{tabs: one(lists(plainHead, []any{1, "Sanne", nil, "Berg", nil, day(46115)}, []any{2, "Bram", nil, "Smit", nil, day(46085)}, []any{3, "Zoë", nil, "Vos", nil, "3-4"}))}),
	"columns-without-names":       byHand(hand{tabs: one(lists([]any{"Nummer", "Roepnaam", nil, "Achternaam"}, []any{1, "Sanne", "x", "Berg", "opmerking erachter"}, []any{2, "Bram", "y", "Smit"}))}),
	"a-cell-far-away":             byHand(hand{tabs: one(farCell())}),
	"full-names":                  byHand(hand{tabs: one(lists([]any{"Leerling", "Groep", "Ouder 1", "Telefoon ouder 1", "E-mail ouder 1"}, []any{"Berg, Sanne van den", "3A", "Jan van den Berg", 612345678, "jan@example.com"}, []any{"Zoë Yıldız", "3A", nil, nil, "fatma@example.com; emre@example.com"}))}),
	"lines-in-cells":              byHand(hand{tabs: one(lists(plainHead, []any{1, "Sanne\u00a0", nil, " Berg", nil, "3A", nil, nil, "jan@example.com\nmia@example.com", "06-12345678 (vader)\r\n06-87654321 (moeder)"}, []any{2, "Ren&eacute;e", nil, "O&#039;Neill"}))}),
	"citizen-numbers":             byHand(hand{tabs: one(lists([]any{"Nummer", "Roepnaam", "Achternaam", "BSN", "Kenmerk"}, []any{1, "Sanne", "Berg", 123456782, 111222333}, []any{2, "Bram", "Smit", 999990019, 123456782}, []any{3, "Zoë", "Vos", 999990020, 999990032}))}),
	"groups-and-years":            byHand(hand{tabs: one(lists([]any{"Roepnaam", "Tussenvoegsel", "Achternaam", "Geboortedatum", "Klasnaam", "Leerjaar"}, []any{"Sanne", "van den", "Berg", day(41946), 3, 3}, []any{"Bram", nil, "Smit", day(41947), "Groep 4", 4.0}))}),
	"lessons": byHand(hand{tabs: one(lists([]any{"leeStamNummer", "leeAchternaam", "leeTussenvoegsels", "leeVoornaam", "lesNaam", "vakNaam", "docStamNummer", "docAchternaam", "docVoornaam", "IsMentor"},
		[]any{1, "Berg", "van den", "Sanne", "2HB", "Wiskunde", "GUN", "Gunes", "Ayse", false}, []any{1, "Berg", "van den", "Sanne", "2HB", "Nederlands", "ELS", "Elst", "Noor", true}))}),
	"a-list-beside-csv": with(byHand(hand{tabs: one(lists([]any{"Leerlingnummer", "Postcode", "Huisnummer"}, []any{100001, "1234AB", 12}, []any{100002, "1235XZ", 7}))}), nil,
		csvFile("Leerlingnummer;Roepnaam;Achternaam;Klas", "100001;Sanne;Berg;3A", "0100002;Bram;Smit;3A")),
	"by-the-library": byLibrary(func(t testing.TB, f *excelize.File) {
		setRows(t, f, "Sheet1", []any{"Stamnummer", "Roepnaam", "Tussenvoegsel", "Achternaam", "Klas", "Klassenmentor 1", "Geboortedatum"},
			[]any{100001, "Sanne", "van den", "Berg", "2HB", "Noor van Elst", time.Date(2012, 11, 3, 0, 0, 0, 0, time.UTC)},
			[]any{100002, "Bram", "", "Smit", "2HB", "Noor van Elst", time.Date(2013, 2, 1, 0, 0, 0, 0, time.UTC)})
	}),
	"with-charts-and-filters": byLibrary(func(t testing.TB, f *excelize.File) {
		must(t, f.SetSheetName("Sheet1", "Leerlingen"))
		setRows(t, f, "Leerlingen", plainHead[:6], []any{1, "Sanne", "van den", "Berg", 41946, "3A"}, []any{2, "Bram", "", "Smit", 41947, "3A"})
		must(t, f.AutoFilter("Leerlingen", "A1:F3", nil))
		must(t, f.SetRowVisible("Leerlingen", 3, false))
		must(t, f.AddChartSheet("Grafiek", &excelize.Chart{Type: excelize.Col, Series: []excelize.ChartSeries{{Name: "Leerlingen!$A$1", Values: "Leerlingen!$A$2:$A$3"}}}))
		must(t, f.AddComment("Leerlingen", excelize.Comment{Cell: "B2", Author: "x", Text: "let op"}))
	}),
	"streamed": byLibrary(func(t testing.TB, f *excelize.File) {
		w, err := f.NewStreamWriter("Sheet1")
		must(t, err)
		must(t, w.SetRow("A1", []any{"Leerlingnummer", "Roepnaam", "Achternaam", "Klas"}))
		must(t, w.SetRow("A3", []any{1, "Sanne", "Berg", "3A"}))
		must(t, w.SetRow("B9", []any{"Bram", "Smit", "3A"}))
		must(t, w.Flush())
	}),
}
