package roster_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/booking/roster/sheet"
)

// hand writes a workbook part by part, in the ways of the programs that write them.
type hand struct {
	tabs     []tab
	inline   bool   // texts in the cells, as exports of web programs have them; else shared ones, as Excel and LibreOffice
	bare     bool   // no places of rows and cells, no formats, no dimension
	prefix   string // of every element, such as "x:"
	absolute bool   // the targets of relations begin at the root
	strict   bool   // the names of ISO/IEC 29500 Strict
	from1904 bool
	texts    string // the name of the part of shared texts, if it is another
	upper    bool   // parts are named in capitals here and there
	picture  int    // bytes of a picture that lies within
}

// tab is a sheet of it.
type tab struct {
	name, state string
	rows        [][]any // nil is a row that is not there
	hidden      []int   // rows
	merges      []string
	tail        string // XML behind the rows
}

// Cells that are no plain texts and numbers.
type (
	day     float64                      // a number that is shown as a date
	dayLong float64                      // the same with a format of its own
	padded  int                          // a number that is filled up with zeros to six places
	fault   string                       // an error
	written string                       // a number as it is written
	formula struct{ text, value string } // with the value that was calculated; "-" is none
	rich    []string                     // a text of several runs
	raw     string                       // XML
	styled  struct{}                     // an empty cell with a format
)

const handStyles = `<styleSheet xmlns="%s"><numFmts count="2"><numFmt numFmtId="164" formatCode="[$-413]dd\-mm\-yyyy;@"/><numFmt numFmtId="165" formatCode="000000"/></numFmts>` +
	`<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`

// file packs the workbook.
func (h hand) file(t testing.TB, name string) roster.File {
	t.Helper()
	main, office := "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	if h.strict {
		main, office = "http://purl.oclc.org/ooxml/spreadsheetml/main", "http://purl.oclc.org/ooxml/officeDocument/relationships"
	}
	base, texts := "", "sharedStrings.xml"
	if h.absolute {
		base = "/xl/"
	}
	if h.texts != "" {
		texts = h.texts
	}
	w := &handWriter{hand: h, shared: map[string]int{}}
	var sheets, relations strings.Builder
	parts := map[string]string{}
	for i, one := range h.tabs {
		fmt.Fprintf(&sheets, `<%ssheet name="%s" sheetId="%d" state="%s" r:id="rId%d"/>`, h.prefix, escaped(one.name), i+1, orVisible(one.state), i+1)
		fmt.Fprintf(&relations, `<Relationship Id="rId%d" Type="%s/worksheet" Target="%sworksheets/sheet%d.xml"/>`, i+1, office, base, i+1)
		parts[fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)] = w.sheet(one, main)
	}
	if !h.inline {
		fmt.Fprintf(&relations, `<Relationship Id="rId90" Type="%s/sharedStrings" Target="%s%s"/>`, office, base, texts)
		parts["xl/"+texts] = fmt.Sprintf(`<%ssst xmlns%s="%s">%s</%ssst>`, h.prefix, colon(h.prefix), main, w.list.String(), h.prefix)
	}
	if !h.bare {
		fmt.Fprintf(&relations, `<Relationship Id="rId91" Type="%s/styles" Target="%sstyles.xml"/>`, office, base)
		parts["xl/styles.xml"] = fmt.Sprintf(handStyles, main)
	}
	epoch := ""
	if h.from1904 {
		epoch = fmt.Sprintf(`<%sworkbookPr date1904="1"/>`, h.prefix)
	}
	parts["xl/workbook.xml"] = fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?><%sworkbook xmlns%s="%s" xmlns:r="%s">%s<%ssheets>%s</%ssheets></%sworkbook>`, h.prefix, colon(h.prefix), main, office,
		epoch, h.prefix, sheets.String(), h.prefix, h.prefix)
	parts["xl/_rels/workbook.xml.rels"] = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + relations.String() + `</Relationships>`
	parts["_rels/.rels"] = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + office + `/officeDocument" Target="` + base[:min(len(base), 1)] + `xl/workbook.xml"/></Relationships>`
	parts["[Content_Types].xml"] = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`
	if h.picture > 0 {
		parts["xl/media/image1.png"] = noise(h.picture)
	}
	if h.upper {
		for from, to := range map[string]string{"xl/worksheets/sheet1.xml": "xl/Worksheets/Sheet1.XML", "[Content_Types].xml": "[content_types].xml"} {
			parts[to] = parts[from]
			delete(parts, from)
		}
	}
	return roster.File{Name: name, Data: zipped(t, parts)}
}

func orVisible(state string) string {
	if state == "" {
		return "visible"
	}
	return state
}

func colon(prefix string) string {
	if prefix == "" {
		return ""
	}
	return ":" + strings.TrimSuffix(prefix, ":")
}

// zipped packs parts in the order of their names.
func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var packed bytes.Buffer
	writer := zip.NewWriter(&packed)
	writer.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestSpeed) })
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		entry, err := writer.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := entry.Write([]byte(parts[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// unzipped unpacks the parts of a file.
func unzipped(t testing.TB, data []byte) map[string]string {
	t.Helper()
	packed, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	must(t, err)
	parts := map[string]string{}
	for _, entry := range packed.File {
		opened, err := entry.Open()
		must(t, err)
		content, err := io.ReadAll(opened)
		must(t, err)
		parts[entry.Name] = string(content)
	}
	return parts
}

func escaped(text string) string {
	var out bytes.Buffer
	_ = xml.EscapeText(&out, []byte(text)) // a buffer takes everything
	return out.String()
}

// handWriter writes the sheets and gathers their texts.
type handWriter struct {
	hand
	shared map[string]int
	list   strings.Builder
}

func (w *handWriter) sheet(one tab, main string) string {
	var out strings.Builder
	p := w.prefix
	fmt.Fprintf(&out, `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><%sworksheet xmlns%s="%s">`, p, colon(p), main)
	if !w.bare {
		fmt.Fprintf(&out, `<%sdimension ref="A1:Z%d"/><%ssheetViews><%ssheetView workbookViewId="0"/></%ssheetViews>`, p, len(one.rows), p, p, p)
	}
	fmt.Fprintf(&out, "<%ssheetData>", p)
	for i, row := range one.rows {
		if row == nil && !w.bare {
			continue
		}
		place := ""
		if !w.bare {
			place = fmt.Sprintf(` r="%d"`, i+1)
		}
		for _, hidden := range one.hidden {
			if hidden == i+1 {
				place += ` hidden="1"`
			}
		}
		fmt.Fprintf(&out, "<%srow%s>", p, place)
		for j, cell := range row {
			if cell == nil && !w.bare {
				continue
			}
			out.WriteString(w.cell(cell, fmt.Sprintf("%s%d", sheet.ColumnName(j+1), i+1)))
		}
		fmt.Fprintf(&out, "</%srow>", p)
	}
	fmt.Fprintf(&out, "</%ssheetData>", p)
	if len(one.merges) > 0 {
		fmt.Fprintf(&out, "<%smergeCells>", p)
		for _, place := range one.merges {
			fmt.Fprintf(&out, `<%smergeCell ref="%s"/>`, p, place)
		}
		fmt.Fprintf(&out, "</%smergeCells>", p)
	}
	fmt.Fprintf(&out, "%s</%sworksheet>", one.tail, p)
	return out.String()
}

// cell writes a cell with its place, type and format.
func (w *handWriter) cell(value any, place string) string {
	attributes := ""
	if !w.bare {
		attributes = fmt.Sprintf(` r="%s"`, place)
	}
	p := w.prefix
	put := func(more, content string) string {
		return fmt.Sprintf("<%sc%s%s>%s</%sc>", p, attributes, more, content, p)
	}
	v := func(text string) string { return fmt.Sprintf("<%sv>%s</%sv>", p, text, p) }
	switch value := value.(type) {
	case nil:
		return put("", "")
	case styled:
		return put(` s="1"`, "")
	case raw:
		return string(value)
	case string:
		item := fmt.Sprintf(`<%st xml:space="preserve">%s</%st>`, p, escaped(value), p)
		return w.text(item, put, v)
	case rich:
		item := ""
		for _, run := range value {
			item += fmt.Sprintf(`<%sr><%srPr><%sb/></%srPr><%st xml:space="preserve">%s</%st></%sr>`, p, p, p, p, p, escaped(run), p, p)
		}
		return w.text(item, put, v)
	case int, float64:
		return put("", v(fmt.Sprint(value)))
	case written:
		return put("", v(string(value)))
	case day:
		return put(` s="1"`, v(fmt.Sprint(float64(value))))
	case dayLong:
		return put(` s="2"`, v(fmt.Sprint(float64(value))))
	case padded:
		return put(` s="3"`, v(fmt.Sprint(int(value))))
	case bool:
		return put(` t="b"`, v(map[bool]string{true: "1", false: "0"}[value]))
	case fault:
		return put(` t="e"`, v(string(value)))
	case formula:
		f := fmt.Sprintf("<%sf>%s</%sf>", p, escaped(value.text), p)
		if value.value == "-" {
			return put("", f)
		}
		if strings.Trim(value.value, "0123456789.") == "" && value.value != "" {
			return put("", f+v(value.value))
		}
		return put(` t="str"`, f+v(escaped(value.value)))
	}
	return fmt.Sprintf("<!-- %T -->", value)
}

func (w *handWriter) text(item string, put func(string, string) string, v func(string) string) string {
	if w.inline {
		return put(` t="inlineStr"`, fmt.Sprintf("<%sis>%s</%sis>", w.prefix, item, w.prefix))
	}
	at, known := w.shared[item]
	if !known {
		at = len(w.shared)
		w.shared[item] = at
		fmt.Fprintf(&w.list, "<%ssi>%s</%ssi>", w.prefix, item, w.prefix)
	}
	return put(` t="s"`, v(fmt.Sprint(at)))
}

// noise is bytes that cannot be packed, the same ones each time.
func noise(size int) string {
	out := make([]byte, size)
	state := uint64(88172645463325252)
	for i := range out {
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		out[i] = byte(state)
	}
	return string(out)
}
