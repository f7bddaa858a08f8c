package roster_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/ouderavond/ouderavond/booking/roster"
)

// partsOf are the parts of a workbook with one sheet, whose cells and texts are given as XML.
func partsOf(sheet, texts string) map[string]string {
	return map[string]string{
		"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"_rels/.rels":                `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Blad1" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + sheet + `</sheetData></worksheet>`,
		"xl/sharedStrings.xml":       `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` + texts + `</sst>`,
	}
}

const headRow = `<row r="1"><c t="inlineStr"><is><t>Nummer</t></is></c><c t="inlineStr"><is><t>Roepnaam</t></is></c><c t="inlineStr"><is><t>Achternaam</t></is></c></row>`

func workbook(t testing.TB, sheet, texts string) []byte { return zipped(t, partsOf(sheet, texts)) }

// without is a workbook with parts changed; an empty one is taken out.
func changed(t testing.TB, changes map[string]string) []byte {
	parts := partsOf(headRow+`<row r="2"><c><v>1</v></c><c t="s"><v>0</v></c></row>`, `<si><t>Jan</t></si>`)
	for name, content := range changes {
		if parts[name] = content; content == "" {
			delete(parts, name)
		}
	}
	return zipped(t, parts)
}

// lying is a ZIP file of which a part is larger than its directory says.
func lying(t testing.TB, part string, says uint64) []byte {
	t.Helper()
	var packed bytes.Buffer
	writer := zip.NewWriter(&packed)
	parts := partsOf(headRow, "")
	for name, content := range parts {
		if name == part {
			continue
		}
		entry, err := writer.Create(name)
		must(t, err)
		_, err = entry.Write([]byte(content))
		must(t, err)
	}
	content := []byte(parts[part])
	entry, err := writer.CreateRaw(&zip.FileHeader{Name: part, Method: zip.Store, CRC32: crc32.ChecksumIEEE(content), CompressedSize64: uint64(len(content)), UncompressedSize64: says})
	must(t, err)
	_, err = entry.Write(content)
	must(t, err)
	must(t, writer.Close())
	return packed.Bytes()
}

// entries is a ZIP file of files by their names as they are given, one after the other.
func entries(t testing.TB, names ...string) []byte {
	t.Helper()
	var packed bytes.Buffer
	writer := zip.NewWriter(&packed)
	parts := partsOf(headRow, "")
	for name, content := range parts {
		entry, err := writer.Create(name)
		must(t, err)
		_, err = entry.Write([]byte(content))
		must(t, err)
	}
	for _, name := range names {
		entry, err := writer.CreateRaw(&zip.FileHeader{Name: name})
		must(t, err)
		_, err = entry.Write(nil)
		must(t, err)
	}
	must(t, writer.Close())
	return packed.Bytes()
}

func utf16LE(text string) (out string) {
	for _, r := range text {
		out += string([]byte{byte(r), 0})
	}
	return out
}

func locked(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	must(t, f.SetCellValue("Sheet1", "A1", "Roepnaam"))
	var packed bytes.Buffer
	must(t, f.Write(&packed, excelize.Options{Password: "geheim"}))
	return packed.Bytes()
}

const ole = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// badSheets are files that are no spreadsheets, are none that is read, or would hurt.
var badSheets = map[string]struct {
	reason roster.Reason
	data   func(testing.TB) []byte
}{
	"a picture":   {roster.ReasonBinary, text("\x89PNG\r\n\x1a\n\x00\x00")},
	"nothing":     {roster.ReasonEmpty, text("")},
	"a text":      {roster.ReasonNoHeader, text("Beste ouders")},
	"half a file": {roster.ReasonSheetDamaged, func(t testing.TB) []byte { b := workbook(t, headRow, ""); return b[:len(b)/2] }},
	"a file with a hole": {roster.ReasonSheetDamaged, func(t testing.TB) []byte {
		b := workbook(t, headRow, "")
		copy(b[len(b)/2:], make([]byte, 20))
		return b
	}},
	"protected by a password": {roster.ReasonSheetLocked, locked},
	"an old one":              {roster.ReasonSheetOld, text(ole + utf16LE("Root Entry") + utf16LE("Workbook"))},
	"an old text document":    {roster.ReasonDocument, text(ole + utf16LE("Root Entry") + utf16LE("WordDocument"))},
	"a binary one": {roster.ReasonSheetBinary, func(t testing.TB) []byte {
		return changed(t, map[string]string{"xl/workbook.xml": "", "xl/workbook.bin": "x"})
	}},
	"one of LibreOffice": {roster.ReasonSheetOpenDocument, func(t testing.TB) []byte {
		return zipped(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"})
	}},
	"one of Numbers": {roster.ReasonSheetNumbers, func(t testing.TB) []byte {
		return zipped(t, map[string]string{"Index/CalculationEngine.iwa": "x", "Index/Document.iwa": "x", "preview.jpg": "x"})
	}},
	"a text document": {roster.ReasonDocument, func(t testing.TB) []byte {
		return zipped(t, map[string]string{"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"})
	}},
	"slides": {roster.ReasonDocument, func(t testing.TB) []byte { return zipped(t, map[string]string{"ppt/presentation.xml": "<x/>"}) }},
	"an open text document": {roster.ReasonDocument, func(t testing.TB) []byte {
		return zipped(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"})
	}},
	"a ZIP file of lists":      {roster.ReasonArchive, func(t testing.TB) []byte { return zipped(t, map[string]string{"leerlingen.csv": "Roepnaam\nJan\n"}) }},
	"an empty workbook":        {roster.ReasonEmpty, func(t testing.TB) []byte { return workbook(t, "", "") }},
	"a workbook of blank rows": {roster.ReasonEmpty, func(t testing.TB) []byte { return workbook(t, strings.Repeat(`<row><c s="1"/></row>`, 5000), "") }},
	"no sheet at all":          {roster.ReasonEmpty, func(t testing.TB) []byte { return changed(t, map[string]string{"xl/worksheets/sheet1.xml": ""}) }},
	"rows without names":       {roster.ReasonNoHeader, func(t testing.TB) []byte { return workbook(t, `<row><c><v>1</v></c></row>`, "") }},
	"names without rows":       {roster.ReasonNoRows, func(t testing.TB) []byte { return workbook(t, headRow, "") }},
	"no list of sheets":        {roster.ReasonSheetDamaged, func(t testing.TB) []byte { return changed(t, map[string]string{"xl/workbook.xml": "<workbook"}) }},
	"a sheet cut off": {roster.ReasonSheetDamaged, func(t testing.TB) []byte {
		return changed(t, map[string]string{"xl/worksheets/sheet1.xml": "<worksheet><sheetData><row>"})
	}},
	"a sheet of something else": {roster.ReasonSheetDamaged, func(t testing.TB) []byte {
		return changed(t, map[string]string{"xl/worksheets/sheet1.xml": "\x00\x01"})
	}},
	"texts cut off": {roster.ReasonSheetDamaged, func(t testing.TB) []byte {
		return changed(t, map[string]string{"xl/sharedStrings.xml": "<sst><si><t>J"})
	}},
	"texts that are not there": {roster.ReasonSheetDamaged, func(t testing.TB) []byte {
		return workbook(t, headRow+`<row><c t="s"><v>7</v></c></row>`, "<si><t>Jan</t></si>")
	}},
	"an entity": {roster.ReasonSheetDamaged, func(t testing.TB) []byte {
		return changed(t, map[string]string{"xl/sharedStrings.xml": `<!DOCTYPE sst [<!ENTITY a "aaa">]><sst><si><t>&a;</t></si></sst>`})
	}},
	"rows in disorder": {roster.ReasonSheetDamaged, func(t testing.TB) []byte { return workbook(t, headRow+`<row r="9"/><row r="3"/>`, "") }},
	"cells in disorder": {roster.ReasonSheetDamaged, func(t testing.TB) []byte {
		return workbook(t, `<row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>`, "")
	}},
	"a row beyond the last": {roster.ReasonSheetDamaged, func(t testing.TB) []byte { return workbook(t, `<row r="1048577"><c><v>1</v></c></row>`, "") }},
	"a place that is none":  {roster.ReasonSheetDamaged, func(t testing.TB) []byte { return workbook(t, `<row><c r="11"><v>1</v></c></row>`, "") }},
	"a column beyond the last": {roster.ReasonSheetTooWide, func(t testing.TB) []byte {
		return workbook(t, headRow+`<row r="2"><c r="BDWGN2"><v>1</v></c></row>`, "")
	}},
	"a million columns": {roster.ReasonSheetTooWide, func(t testing.TB) []byte {
		return workbook(t, "<row>"+manyCells(1_000_000)+"</row>", "")
	}},
	"many columns with names": {roster.ReasonSheetTooWide, func(t testing.TB) []byte {
		return workbook(t, "<row>"+strings.Repeat(`<c t="s"><v>0</v></c>`, 2000)+"</row>", "<si><t>Roepnaam</t></si>")
	}},
	"depth without end":          {roster.ReasonSheetDamaged, func(t testing.TB) []byte { return workbook(t, strings.Repeat("<a>", 100_000), "") }},
	"a path out of the file":     {roster.ReasonSheetDamaged, func(t testing.TB) []byte { return entries(t, "../../etc/passwd") }},
	"a path from the root":       {roster.ReasonSheetDamaged, func(t testing.TB) []byte { return entries(t, "/etc/passwd") }},
	"a path of a drive":          {roster.ReasonSheetDamaged, func(t testing.TB) []byte { return entries(t, `C:\x`) }},
	"a part that is there twice": {roster.ReasonSheetDamaged, func(t testing.TB) []byte { return entries(t, "xl/Worksheets/sheet1.xml") }},
	"a part larger than said":    {roster.ReasonSheetDamaged, func(t testing.TB) []byte { return lying(t, "xl/worksheets/sheet1.xml", 10) }},
	"a part smaller than said":   {roster.ReasonSheetDamaged, func(t testing.TB) []byte { return lying(t, "xl/worksheets/sheet1.xml", 100_000) }},
	"too many parts":             {roster.ReasonSheetTooLarge, func(t testing.TB) []byte { return entries(t, numbered(6000)...) }},
	"too many sheets": {roster.ReasonSheetTooLarge, func(t testing.TB) []byte {
		return changed(t, map[string]string{"xl/workbook.xml": "<workbook><sheets>" + strings.Repeat(`<sheet name="x"/>`, 300) + "</sheets></workbook>"})
	}},
	"a sheet that unpacks to 100 MB": {roster.ReasonSheetTooLarge, func(t testing.TB) []byte { return workbook(t, strings.Repeat(" ", 100<<20), "") }},
	"a sheet packed too well":        {roster.ReasonSheetTooLarge, func(t testing.TB) []byte { return workbook(t, strings.Repeat(" ", 20<<20), "") }},
	"texts that unpack to 100 MB": {roster.ReasonSheetTooLarge, func(t testing.TB) []byte {
		return workbook(t, headRow, strings.Repeat(" ", 100<<20))
	}},
	"a size that lies by far": {roster.ReasonSheetTooLarge, func(t testing.TB) []byte { return lying(t, "xl/sharedStrings.xml", 1<<40) }},
	"600,000 texts":           {roster.ReasonSheetTooLarge, func(t testing.TB) []byte { return workbook(t, headRow, manyTexts(600_000)) }},
	"1,200,000 cells": {roster.ReasonSheetTooLarge, func(t testing.TB) []byte {
		return workbook(t, manyRows(1, 20_000, strings.Repeat("<c><v>1</v></c>", 60)), "")
	}},
	"far cells in every row": {roster.ReasonSheetTooLarge, func(t testing.TB) []byte { return workbook(t, manyRows(1, 20_000, `<c r="XFD1"><v>1</v></c>`), "") }},
	"a text longer than a field": {roster.ReasonValueTooLong, func(t testing.TB) []byte {
		return workbook(t, headRow+`<row r="2"><c><v>1</v></c><c t="s"><v>0</v></c></row>`, "<si><t>"+noiseText(1<<20)+"</t></si>")
	}},
	"one long text everywhere": {roster.ReasonValueTooLong, func(t testing.TB) []byte {
		return workbook(t, headRow+manyRows(2, 12_000, `<c/><c t="s"><v>0</v></c>`), "<si><t>"+noiseText(1<<20)+"</t></si>")
	}},
	"too many rows": {roster.ReasonTooManyRows, func(t testing.TB) []byte {
		return workbook(t, headRow+manyRows(2, 60_000, `<c><v>1</v></c><c t="s"><v>0</v></c>`), "<si><t>Jan</t></si>")
	}},
	"merged without end": {roster.ReasonMissingName, func(t testing.TB) []byte { return mergedWithoutEnd(t) }},
}

func text(s string) func(testing.TB) []byte { return func(testing.TB) []byte { return []byte(s) } }

func numbered(count int) (names []string) {
	for i := range count {
		names = append(names, strconv.Itoa(i))
	}
	return names
}

// manyRows are rows from one on; no two are alike, or they would pack too well.
func manyRows(from, count int, cells string) string {
	var out strings.Builder
	for i := range count {
		fmt.Fprintf(&out, `<row r="%d" ht="%d">%s</row>`, from+i, i*7919%100_003, cells)
	}
	return out.String()
}

func manyCells(count int) string {
	var out strings.Builder
	for i := range count {
		fmt.Fprintf(&out, "<c><v>%d</v></c>", i*7919%1_000_003)
	}
	return out.String()
}

func manyTexts(count int) string {
	var out strings.Builder
	for i := range count {
		fmt.Fprintf(&out, "<si><t>%d</t></si>", i*7919%1_000_003)
	}
	return out.String()
}

// noiseText is letters that do not pack well.
func noiseText(length int) string {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	out := []byte(noise(length))
	for i := range out {
		out[i] = letters[int(out[i])%len(letters)]
	}
	return string(out)
}

func mergedWithoutEnd(t testing.TB) []byte {
	t.Helper()
	parts := partsOf(headRow+manyRows(2, 15_000, `<c><v>1</v></c>`), "")
	var merges strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&merges, `<mergeCell ref="%s%d:XFD1048576"/>`, string(rune('A'+i%26)), i%900+1)
	}
	parts["xl/worksheets/sheet1.xml"] = strings.Replace(parts["xl/worksheets/sheet1.xml"], "</worksheet>", "<mergeCells>"+merges.String()+"</mergeCells></worksheet>", 1)
	return zipped(t, parts)
}

func TestWhatIsNoSpreadsheetIsRefusedInWords(t *testing.T) {
	t.Parallel()
	for name, bad := range badSheets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := refused(t, options(), bad.reason, roster.File{Name: "leerlingen.xlsx", Data: bad.data(t)})
			if found.File != "leerlingen.xlsx" || len(found.Message) < 10 {
				t.Errorf("finding %s", asJSON(found))
			}
		})
	}
}

// bigSheets are spreadsheets of twenty megabytes and what unpacks to much.
var bigSheets = map[string]func(testing.TB) []byte{
	"a CSV file of 20 MB": func(testing.TB) []byte {
		var list bytes.Buffer
		list.WriteString("Leerlingnummer;Roepnaam;Achternaam;Geboortedatum;Klas;E-mail ouder 1;Mobiel ouder 1;Kenmerk;Bijlage\n")
		letters := noiseText(20_000_000)
		for i := 0; list.Len() < 20<<20-1200 && i < 20_000; i++ {
			rest := letters[i*950:]
			fmt.Fprintf(&list, "%d;N%s;V%s;%d-5-%d;%d%c;ouder%d@example.com;06-1%07d;%s;%s\n", 100_000+i, rest[:5], rest[5:12], i%28+1, 2011+i%6, i%6+1, 'A'+i%25, i/2, i*31, rest[12:400], rest[400:950])
		}
		return list.Bytes()
	},
	"a picture of 20 MB":      func(t testing.TB) []byte { return hand{tabs: one(plain), picture: 19 << 20}.file(t, "x.xlsx").Data },
	"long texts, 20 MB":       func(t testing.TB) []byte { return longTexts(t, 3000, 20, 535, false) },
	"texts in cells, 20 MB":   func(t testing.TB) []byte { return longTexts(t, 3000, 20, 535, true) },
	"20,000 rows of 20 texts": func(t testing.TB) []byte { return longTexts(t, 19_900, 20, 12, false) },
	"20,000 rows of 40 numbers": func(t testing.TB) []byte {
		return workbook(t, headRow+manyRows(2, 19_900, `<c><v>1</v></c><c t="s"><v>0</v></c>`+strings.Repeat("<c><v>31612345678</v></c>", 40)), "<si><t>Jan</t></si>")
	},
}

// longTexts is a list with columns of texts beside the names.
func longTexts(t testing.TB, rows, columns, length int, inline bool) []byte {
	t.Helper()
	letters := noiseText(rows*columns*length + length)
	list := lists([]any{"Nummer", "Roepnaam", "Achternaam"})
	for i := range rows {
		row := []any{i + 1, "Jan", "Bos"}
		for range columns {
			row = append(row, letters[:length])
			letters = letters[length:]
		}
		list = append(list, row)
	}
	return hand{tabs: one(list), inline: inline}.file(t, "x.xlsx").Data
}

const (
	mostMemory  = 200 << 20
	fewestBytes = 100 << 10 // of a file that is worth a process of its own
)

// TestSpreadsheetsStayWithinMemory reads each file in a process of its own and looks at the most memory that it ever had.
func TestSpreadsheetsStayWithinMemory(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the most memory of a process is read from /proc")
	}
	if path := os.Getenv("OUDERAVOND_TEST_SHEET"); path != "" {
		data, err := os.ReadFile(path)
		must(t, err)
		_, report := roster.Read([]roster.File{{Name: "x.xlsx", Data: data}}, options())
		status, err := os.ReadFile("/proc/self/status")
		must(t, err)
		_, after, _ := strings.Cut(string(status), "VmHWM:")
		fmt.Printf("most: %s %d pupils\n", strings.Fields(after)[0], report.Pupils)
		return
	}
	files := map[string]func(testing.TB) []byte{}
	for name, bad := range badSheets {
		files[name] = bad.data
	}
	for name, big := range bigSheets {
		files[name] = big
	}
	for name, data := range files {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x.xlsx")
			content := data(t)
			if len(content) < fewestBytes {
				t.Skip("too little to hurt")
			}
			must(t, os.WriteFile(path, content, 0o600))
			command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSpreadsheetsStayWithinMemory$")
			command.Env = append(os.Environ(), "OUDERAVOND_TEST_SHEET="+path)
			out, err := command.Output()
			must(t, err)
			_, after, found := strings.Cut(string(out), "most: ")
			if !found {
				t.Fatalf("the process said %q", out)
			}
			most, err := strconv.Atoi(strings.Fields(after)[0])
			must(t, err)
			t.Logf("%.1f MB on disk, %d MB of memory", float64(len(content))/(1<<20), most>>10)
			if _, big := bigSheets[name]; big == (strings.Fields(after)[1] == "0") {
				t.Errorf("%s pupils were read", strings.Fields(after)[1])
			}
			if most<<10 > mostMemory {
				t.Errorf("%d MB, at most %d", most>>10, mostMemory>>20)
			}
		})
	}
}
