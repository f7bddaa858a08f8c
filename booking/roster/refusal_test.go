package roster_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/roster"
)

func TestFilesThatAreNotWhatTheySayAreRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		data   string
		reason roster.Reason
	}{
		"an empty file":              {"", roster.ReasonEmpty},
		"a file of blanks":           {"\ufeff \r\n\t\r\n", roster.ReasonEmpty},
		"half a spreadsheet":         {"PK\x03\x04\x14\x00\x06\x00", roster.ReasonSheetDamaged},
		"an old spreadsheet":         {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", roster.ReasonSheetOld},
		"a PDF":                      {"%PDF-1.7\n", roster.ReasonBinary},
		"a PNG":                      {"\x89PNG\r\n\x1a\n\x00", roster.ReasonBinary},
		"a JPEG":                     {"\xff\xd8\xff\xe0\x00\x10JFIF", roster.ReasonBinary},
		"a gzip archive":             {"\x1f\x8b\x08\x00", roster.ReasonArchive},
		"bytes":                      {"\x00\x01\x02\x03abc\x00", roster.ReasonBinary},
		"a web page":                 {"<!DOCTYPE html>\n<html><body>Log in</body></html>", roster.ReasonHTML},
		"a table saved as HTML":      {"\n<html xmlns:o=\"urn:x\"><table><tr><td>Naam</td></tr></table></html>", roster.ReasonHTML},
		"XHTML":                      {"<?xml version=\"1.0\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><body/></html>", roster.ReasonHTML},
		"a spreadsheet saved as XML": {"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook/>", roster.ReasonSpreadsheet},
		"a flat LibreOffice file":    {"<?xml version=\"1.0\"?>\n<office:document xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\"/>", roster.ReasonSheetOpenDocument},
		"another XML file":           {"<?xml version=\"1.0\"?><rss><channel/></rss>", roster.ReasonUnknownXML},
		"JSON":                       {`[{"naam":"x"}]`, roster.ReasonJSON},
		"fixed width":                {"Jan       de        Bos                 20170101  3A   \nMia                 Smit                20170202  3A   \n", roster.ReasonFixedWidth},
		"prose":                      {"Beste ouders,\nhierbij de lijst; groeten.\n", roster.ReasonNoHeader},
		"rows without a header":      {"1;Jan;de;Bos;3A\n2;Mia;;Smit;3A\n", roster.ReasonNoHeader},
		"a header alone":             {"Leerlingnummer;Roepnaam;Achternaam\n", roster.ReasonNoRows},
		"a header and blank rows":    {"Leerlingnummer;Roepnaam;Achternaam\n;;\n\n", roster.ReasonNoRows},
		"a supplement alone":         {"Leerlingnummer;Postcode\n1;1234AB\n", roster.ReasonNoNames},
		"surnames alone":             {"Leerlingnummer;Achternaam\n1;Bos\n", roster.ReasonNoNames},
		"a teacher table alone":      {"Groep;Leerkracht\n3A;Bos, Jan\n", roster.ReasonNoNames},
		"EdeXML cut off":             {"<EDEX><school><schooljaar>2026-2027</schooljaar></school><leerlingen><leerling key=\"1\"><achternaam>B", roster.ReasonXMLSyntax},
		"EdeXML with a stray &":      {"<EDEX><leerlingen><leerling key=\"1\"><roepnaam>A & B</roepnaam></leerling></leerlingen></EDEX>", roster.ReasonXMLSyntax},
		"EdeXML with an HTML entity": {"<EDEX><leerlingen><leerling key=\"1\"><roepnaam>A&nbsp;B</roepnaam></leerling></leerlingen></EDEX>", roster.ReasonXMLSyntax},
		"EdeXML with a DTD":          {"<?xml version=\"1.0\"?><!DOCTYPE EDEX [<!ENTITY a \"aaaa\">]><EDEX><leerlingen><leerling key=\"1\"><roepnaam>&a;</roepnaam></leerling></leerlingen></EDEX>", roster.ReasonXMLDoctype},
		"EdeXML with wrong nesting":  {"<EDEX><leerlingen><leerling key=\"1\"></leerlingen></leerling></EDEX>", roster.ReasonXMLSyntax},
		"EdeXML without pupils":      {"<EDEX><school/><leerlingen/></EDEX>", roster.ReasonNoPupils},
		"EdeXML nested too deep":     {"<EDEX><leerlingen><leerling key=\"1\">" + strings.Repeat("<a>", 200) + strings.Repeat("</a>", 200) + "</leerling></leerlingen></EDEX>", roster.ReasonXMLTooComplex},
		"EdeXML nested in nothing":   {strings.Repeat("<a>", 100000), roster.ReasonXMLTooComplex},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refused(t, options(), tt.reason, roster.File{Name: "upload", Data: []byte(tt.data)})
		})
	}
	refused(t, options(), roster.ReasonFixedWidth, roster.File{Name: `C:\export\EDEXLL.TXT`, Data: []byte("0001Jan\n0002Mia of Bea\n")})
}

func TestLimitsHold(t *testing.T) {
	t.Parallel()
	small := options()
	small.Limits = roster.Limits{Bytes: 1000, Rows: 5, Files: 2, Elements: 100}
	refused(t, small, roster.ReasonTooLarge, roster.File{Name: "x", Data: bytes.Repeat([]byte("a"), 1001)})
	header := "Nummer;Roepnaam;Achternaam"
	refused(t, small, roster.ReasonTooManyRows, csvFile(header, "1;A;B", "2;A;B", "3;A;B", "4;A;B", "5;A;B", "6;A;B"))
	read(t, small, csvFile(header, "1;A;B", "2;A;B", "3;A;B", "4;A;B", "5;A;B"))
	refused(t, small, roster.ReasonTooManyFiles, csvFile(header), csvFile(header), csvFile(header))
	refused(t, small, roster.ReasonXMLTooComplex, roster.File{Data: []byte("<EDEX><leerlingen>" + strings.Repeat("<x/>", 101) + "</leerlingen></EDEX>")})
	refused(t, options(), roster.ReasonTooLarge, roster.File{Name: "x", Data: make([]byte, 20<<20+1)})
	rows := []string{header}
	for i := range 20_001 {
		rows = append(rows, fmt.Sprintf("%d;A;B", i+1))
	}
	refused(t, options(), roster.ReasonTooManyRows, csvFile(rows...))
}

func TestFaultyRowsAreErrorsWithTheirLine(t *testing.T) {
	t.Parallel()
	header := "Nummer;Roepnaam;Tussenvoegsel;Achternaam;Klas"
	tests := map[string]struct {
		reason roster.Reason
		line   int
		rows   []string
	}{
		"a cell too few":                      {roster.ReasonWrongColumnCount, 3, []string{"1;Jan;de;Bos;3A", "2;Mia;Smit;3A"}},
		"a cell too many in the middle":       {roster.ReasonWrongColumnCount, 2, []string{"1;Jan;x;de;Bos;3A"}},
		"a multi-line cell before":            {roster.ReasonWrongColumnCount, 4, []string{"1;Jan;de;\"Bos\nx\";3A", "2;Mia"}},
		"no given name":                       {roster.ReasonMissingName, 2, []string{"1;;de;Bos;3A"}},
		"no name":                             {roster.ReasonMissingName, 2, []string{"1;;;;3A"}},
		"a name of signs":                     {roster.ReasonMissingName, 2, []string{"1;...;;Bos;3A"}},
		"one number for two pupils":           {roster.ReasonDuplicateKey, 3, []string{"1;Jan;de;Bos;3A", "1;Mia;;Smit;3A"}},
		"one number for a brother":            {roster.ReasonDuplicateKey, 3, []string{"1;Jan;de;Bos;3A", "1;Piet;de;Bos;3A"}},
		"a number turned into a power of ten": {roster.ReasonDamagedKey, 2, []string{"1,00012E+05;Jan;de;Bos;3A"}},
		"a number that never ends":            {roster.ReasonValueTooLong, 2, []string{strings.Repeat("1", 300) + ";Jan;;Bos;3A"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if f := refused(t, options(), tt.reason, csvFile(append([]string{header}, tt.rows...)...)); f.Line != tt.line || f.File != "list.csv" {
				t.Fatalf("finding %s", asJSON(f))
			}
		})
	}
}

func TestErrorsAreListedUpToTwentyAndCounted(t *testing.T) {
	t.Parallel()
	rows := []string{"Nummer;Roepnaam;Achternaam;Postcode"}
	for i := range 300 {
		rows = append(rows, fmt.Sprintf("%d;;Bos;x", i+1))
	}
	r, report := roster.Read([]roster.File{csvFile(rows...)}, options())
	if r != nil || len(report.Errors) != 20 || report.ErrorCount != 300 {
		t.Fatalf("%d errors listed, %d counted", len(report.Errors), report.ErrorCount)
	}
	for i := range rows[1:] {
		rows[i+1] = fmt.Sprintf("%d;Jan;Bos;x", i+1)
	}
	_, report = read(t, options(), csvFile(rows...))
	if len(report.Warnings) != 200 || report.WarningCount != 300 || report.MissingPostcode != 300 {
		t.Fatalf("%d warnings listed, %d counted", len(report.Warnings), report.WarningCount)
	}
}

// Numbers that pass the eleven test; nobody's, as the official test numbers are.
var citizenNumbers = []string{"111222333", "123456782", "999990019", "999990020", "999990032"}

func TestCitizenNumbersAreNeverKeptWhereverTheyStand(t *testing.T) {
	t.Parallel()
	columns := map[string]string{"BSN": "BSN", "Burgerservicenummer": "Burgerservicenummer", "PGN": "PGN", "BSN leerling": "BSN leerling", "Onderwijs-nummer": "Onderwijs-nummer",
		"sofi_nummer": "sofi_nummer", "Rijksregisternr.": "Rijksregisternr.", "Kenmerk": "Kenmerk", "Gezinscode": "Gezinscode", "Huisnummer": "Huisnummer", "999990019": "(unnamed)",
		"Verzorger 1 BSN": "Verzorger 1 BSN", "Relatienr": "Relatienr"}
	for header, named := range columns {
		rows := []string{"Leerlingnummer;Roepnaam;Achternaam;" + header}
		for i, n := range citizenNumbers {
			rows = append(rows, fmt.Sprintf("%d;Jan;Bos%c;%s", i+1, 'a'+i, n))
		}
		opts := options()
		opts.CitizenLast4 = true
		opts.Mapping = map[string]string{header: "family_code"}
		for _, o := range []roster.Options{options(), opts} {
			r, report := read(t, o, csvFile(rows...))
			if !slices.Contains(report.Dropped, named) {
				t.Errorf("%s is not among %q", header, report.Dropped)
			}
			if text := asJSON(r) + asJSON(report); containsAny(text, citizenNumbers...) {
				t.Errorf("a number of column %s was kept", header)
			}
		}
	}
}

func containsAny(text string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(text, p) })
}

func TestCitizenNumbersAsStudentNumbersAreRefused(t *testing.T) {
	t.Parallel()
	rows := []string{"Leerlingnummer;Roepnaam;Achternaam"}
	xml := "<EDEX><leerlingen>"
	for i, n := range citizenNumbers {
		rows = append(rows, fmt.Sprintf("%s;Jan;Bos%c", n, 'a'+i))
		xml += fmt.Sprintf(`<leerling key="%s"><roepnaam>Jan</roepnaam></leerling>`, n)
	}
	xml += "</leerlingen></EDEX>"
	main := csvFile("Leerlingnummer;Roepnaam;Achternaam", "1;Jan;Bos")
	for _, files := range [][]roster.File{{csvFile(rows...)}, {{Name: "x.xml", Data: []byte(xml)}}, {main, csvFile(rows...)}} {
		if f := refused(t, options(), roster.ReasonCitizenNumberAsKey, files...); containsAny(asJSON(f), citizenNumbers...) {
			t.Error("the finding repeats a number")
		}
	}
	for i := range rows[1:] {
		rows[i+1] = fmt.Sprintf("%d;Jan;Bos", 123456781+i*2) // at most one in eleven passes
	}
	read(t, options(), csvFile(rows...))
}

func TestLastFourDigitsAreReadOnlyWhenAskedFor(t *testing.T) {
	t.Parallel()
	opts := options()
	opts.CitizenLast4 = true
	for _, header := range []string{"BSN4", "Laatste 4 BSN", "bsn_ondwnr-4", "BSN (laatste vier cijfers)", "last4"} {
		file := csvFile("Nummer;Roepnaam;Achternaam;"+header, "1;Jan;Bos;0273", "2;Mia;Smit;273", "3;Per;Vos;", "4;Bo;Vis;12a4")
		r, report := read(t, opts, file)
		if got := r.Pupils[0].CitizenLast4 + r.Pupils[1].CitizenLast4 + r.Pupils[2].CitizenLast4 + r.Pupils[3].CitizenLast4; got != "02730273" || !warned(report, roster.ReasonBadCitizenLast4, 5) {
			t.Errorf("%s: digits %q", header, got)
		}
		r, report = read(t, options(), file)
		if strings.Contains(asJSON(r), "0273") || (header != "last4" && !slices.Contains(report.Dropped, header)) {
			t.Errorf("%s was read without being asked for; dropped %q", header, report.Dropped)
		}
		r, report = read(t, opts, csvFile("Nummer;Roepnaam;Achternaam;"+header, "1;Jan;Bos;0273", "2;Mia;Smit;123456782"))
		if r.Pupils[0].CitizenLast4 != "" || !warned(report, roster.ReasonFullCitizenNumber, 0) || !slices.Contains(report.Dropped, header) || strings.Contains(asJSON(report), "123456782") {
			t.Errorf("%s: a whole number was not refused: %s", header, asJSON(report))
		}
	}
}

// TestNoFindingRepeatsAValue feeds faulty files full of marked values and looks for the marks in the report.
func TestNoFindingRepeatsAValue(t *testing.T) {
	t.Parallel()
	mark := "QZX"
	headers := []string{"Leerlingnummer", "Roepnaam", "Achternaam", "Geboortedatum", "Postcode", "Huisnummer", "Klas", "Mentor", "Ouder 1 email", "Ouder 1 mobiel", "Geslacht", "Opmerking", "Uitstroomdatum", "Gezinscode"}
	cells := make([]string, len(headers))
	for i := range cells {
		cells[i] = mark + fmt.Sprint(i)
	}
	row := strings.Join(cells, ";")
	lines := []string{strings.Join(headers, ";"), row, row + ";" + mark, mark, mark + "0;Other;" + mark, strings.Replace(row, mark+"1", "", 1), strings.Replace(row, mark+"1;", "Other;", 1), strings.Repeat(mark, 200) + row}
	files := []roster.File{csvFile(lines...),
		{Name: "x.xml", Data: []byte(`<EDEX><school><schooljaar>QZX</schooljaar><peildatum>QZX</peildatum></school><groepen><groep><naam>QZX</naam></groep></groepen><leerlingen>` +
			`<leerling key="QZX1"><achternaam>QZX</achternaam><geboortedatum>QZX</geboortedatum><groep key="QZX"/><bsn>QZX</bsn><postcodenl>QZX</postcodenl><uitstroomdatum>QZX</uitstroomdatum></leerling>` +
			`<leerling key="QZX1"><achternaam>QZXY</achternaam></leerling><leerling><emailadres>QZX</emailadres></leerling></leerlingen><leerkrachten><leerkracht key="QZX"><achternaam>QZX</achternaam><emailadres>QZX</emailadres></leerkracht></leerkrachten></EDEX>`)},
		{Name: "y.xml", Data: []byte(`<QZX>QZX &QZX; </QZX>`)}, {Name: "z.csv", Data: []byte("QZX;QZX\nQZX;1\n")}}
	for _, file := range files {
		_, report := roster.Read([]roster.File{file}, options())
		if text := asJSON(report); strings.Contains(text, mark) {
			t.Errorf("%s: the report repeats a value: %s", file.Name, text)
		}
		if report.ErrorCount == 0 && report.WarningCount == 0 {
			t.Errorf("%s: nothing was found", file.Name)
		}
	}
}
