package roster_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/booking/roster"
)

// checkRead reads files and checks what must hold for any input.
func checkRead(t interface{ Fatalf(string, ...any) }, files ...roster.File) {
	opts := options()
	opts.Limits = roster.Limits{Elements: 2000, Rows: 500}
	r, report := roster.Read(files, opts)
	if (r != nil) != report.Readable() || report.Readable() != (len(report.Errors) == 0) {
		t.Fatalf("roster %v, %d errors", r != nil, len(report.Errors))
	}
	raw, err := json.Marshal(report)
	if err != nil || strings.Contains(string(raw), "null") && !strings.Contains(string(raw), "null\\") && strings.Contains(string(raw), ":null") {
		t.Fatalf("report %s, %v", raw, err)
	}
	again, second := roster.Read(files, opts)
	if asJSON(again) != asJSON(r) || asJSON(second) != string(raw) {
		t.Fatalf("reading twice differs")
	}
	if r != nil {
		checkRoster(t, r, report)
	}
}

func checkRoster(t interface{ Fatalf(string, ...any) }, r *roster.Roster, report *roster.Report) {
	if report.Pupils != len(r.Pupils) || report.Pupils == 0 || report.Leavers > report.Pupils || report.Households.Certain != len(r.Households.Certain) {
		t.Fatalf("report %s", asJSON(report))
	}
	groups, teachers, keys := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, g := range r.Groups {
		groups[g.Key] = true
	}
	for _, teacher := range r.Teachers {
		teachers[teacher.Key] = true
		for _, teaching := range teacher.Groups {
			if !groups[teaching.GroupKey] || len(teaching.Roles) == 0 {
				t.Fatalf("teacher %s", asJSON(teacher))
			}
		}
	}
	for _, p := range r.Pupils {
		if p.Key == "" || keys[p.Key] || p.Given+p.Surname == "" || p.Line < 1 || p.CitizenLast4 != "" || p.GroupKey != "" && !groups[p.GroupKey] {
			t.Fatalf("pupil %s", asJSON(p))
		}
		keys[p.Key] = true
		for _, key := range p.OtherGroupKeys {
			if !groups[key] || key == p.GroupKey {
				t.Fatalf("pupil %s", asJSON(p))
			}
		}
		for _, key := range p.TeacherKeys {
			if !teachers[key] {
				t.Fatalf("pupil %s", asJSON(p))
			}
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	for _, name := range []string{"leerlingen-semicolon-utf8bom.csv", "leerlingen-semicolon-windows1252.csv", "magister-style-comma-utf8bom.csv", "postcode-supplement.csv"} {
		f.Add(sample(f, name).Data)
	}
	f.Add([]byte("\"Nr;Roepnaam;Achternaam\"\n\"1;\"\"Jan\"\";Bos\"\n"))
	f.Add([]byte("sep=|\rNaam|Geboortedatum|Leerkracht\rBos, Jan|43042|a,b,c;d/e\r"))
	f.Fuzz(func(t *testing.T, data []byte) {
		checkRead(t, roster.File{Name: "a.csv", Data: data})
		checkRead(t, csvFile("Leerlingnummer;Roepnaam;Achternaam;Klas", "100001;Jan;Bos;3A", "2;Mia;Bos;3B"), roster.File{Name: "b.csv", Data: data})
		roster.ParseTeacherTable(data, options())
	})
}

// FuzzReadTeacherTable reads what was pasted as a table of groups and teachers.
func FuzzReadTeacherTable(f *testing.F) {
	for _, text := range []string{"groep;leerkracht;rol;vak;email\n1B;Noor van Elst;mentor;;elst@school.example\n", "1B\tGunes, Ayse\tvak\tWiskunde\n", "Kolom1;Leerkracht\n1A;a b\n1A;c d\n2B;e f\n2B;g h\n3C;i j\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, report := roster.ParseTeacherTable(data, options())
		if (r != nil) != report.Readable() || r != nil && len(r.Pupils) > 0 {
			t.Fatalf("report %s", asJSON(report))
		}
	})
}

// FuzzReadExplained reads a list of which somebody said something: of a column, of its letters, or earlier.
func FuzzReadExplained(f *testing.F) {
	f.Add([]byte("Kolom1;Kolom2;Kolom3\n1;Jan;Bos\n"), "Kolom1", "pupil_number", "cp850", "kolom1\nkolom2\nkolom3", "[B]")
	f.Add([]byte("Nummer;Roepnaam;\n1;Jan;1234AB\n"), "[C]", "postcode", "", "", "Roepnaam")
	f.Add([]byte("Nummer;Roepnaam;BSN\n1;Jan;123456782\n"), "BSN", "family_code", "windows-1254", "nummer\nroepnaam\nbsn", "bsn")
	f.Fuzz(func(t *testing.T, data []byte, header, word, encoding, source, earlier string) {
		opts := options()
		opts.Mapping, opts.Encoding, opts.Limits = map[string]string{header: word}, encoding, roster.Limits{Rows: 500}
		opts.Recall = func(asked string) (roster.Recalled, bool) {
			return roster.Recalled{Mapping: map[string]string{earlier: word, header: "given"}, Encoding: encoding, Sheet: header}, asked == source
		}
		r, report := roster.Read([]roster.File{{Name: "a.csv", Data: data}}, opts)
		if (r != nil) != report.Readable() {
			t.Fatalf("roster %v, report %s", r != nil, asJSON(report))
		}
		if r != nil {
			checkRoster(t, r, report)
		}
	})
}

func FuzzReadEdeXML(f *testing.F) {
	for _, name := range []string{"EDEXML.Voorbeeld.2.1.xml", "edex-2.1-realworld-not-schema-valid.xml"} {
		f.Add(sample(f, name).Data)
	}
	f.Add(document(teacherPart, pupilsPart, groupsPart, schoolPart).Data)
	f.Add([]byte(`<!DOCTYPE x [<!ENTITY a "b">]><EDEX>&a;</EDEX>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		checkRead(t, roster.File{Name: "EDEX.XML", Data: data})
	})
}

// FuzzReadSpreadsheet changes the parts of a workbook rather than the bytes of the ZIP file, whose sums would refuse nearly every change.
func FuzzReadSpreadsheet(f *testing.F) {
	for _, name := range []string{"excel", "web-export", "prefixes", "headings-over-two", "formulas", "a-family-merged", "rich-texts", "groups-as-headings", "errors-of-the-sheet"} {
		parts := unzipped(f, sheetCases[name].file(f).Data)
		f.Add(parts["xl/worksheets/sheet1.xml"], parts["xl/sharedStrings.xml"], parts["xl/styles.xml"], parts["xl/workbook.xml"])
	}
	f.Fuzz(func(t *testing.T, sheet, texts, styles, book string) {
		parts := partsOf("", "")
		parts["xl/_rels/workbook.xml.rels"] = strings.Replace(parts["xl/_rels/workbook.xml.rels"], "</Relationships>",
			`<Relationship Id="r3" Type="x/styles" Target="styles.xml"/></Relationships>`, 1)
		parts["xl/worksheets/sheet1.xml"], parts["xl/sharedStrings.xml"], parts["xl/styles.xml"], parts["xl/workbook.xml"] = sheet, texts, styles, strings.ReplaceAll(book, "rId1\"", "r1\"")
		file := roster.File{Name: "a.xlsx", Data: zipped(t, parts)}
		checkRead(t, file)
		checkRead(t, csvFile("Leerlingnummer;Roepnaam;Achternaam;Klas", "100001;Jan;Bos;3A", "2;Mia;Bos;3B"), file)
		roster.ParseTeacherTable(file.Data, options())
	})
}

// FuzzOpenSpreadsheet changes bytes of the ZIP file itself.
func FuzzOpenSpreadsheet(f *testing.F) {
	for _, name := range []string{"excel", "web-export", "texts-elsewhere"} {
		f.Add(sheetCases[name].file(f).Data)
	}
	f.Add(locked(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		checkRead(t, roster.File{Name: "a.xlsx", Data: data})
	})
}

// TestNastyCSVNeverBreaksTheReader makes files out of headers and cells that have hurt readers before.
func TestNastyCSVNeverBreaksTheReader(t *testing.T) {
	t.Parallel()
	cells := rapid.SampledFrom([]string{"", "1", "0001", "Jan", "\"", "\"\"", "\"a", "a\"b\"c", ";", ",", "\t", "\n", "\r", "\r\n", "a;b", "=1+1", "\x00", "\xff", "\ufeff", "\u202e", "2017-02-30", "1-13-2017",
		"13-1-2017", "123456782", "999990019", "06-12345678", "a@b.nl", "1234AB", strings.Repeat("x", 5000), "Bos, Jan", "#1", "1E+05", "🙂", "Ãë", "sep=;", "n.v.t.", "<EDEX>", "van", "'t", "&", "/"})
	headers := rapid.SampledFrom([]string{"Leerlingnummer", "Roepnaam", "Achternaam", "Naam", "Tussenvoegsel", "Geboortedatum", "Postcode", "Huisnummer", "Klas", "Mentor", "BSN", "Ouder 1 email", "Ouder 1 mobiel", "x", "", "Klas",
		"Leerlingcodes", "Vak", "IsMentor", "docAchternaam", "Uitschrijfdatum", "Gezinscode", "Nr", "Straat", "Cluster"})
	rapid.Check(t, func(t *rapid.T) {
		sep := rapid.SampledFrom([]string{";", ",", "\t", "|"}).Draw(t, "separator")
		end := rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "line end")
		names := rapid.SliceOfN(headers, 1, 8).Draw(t, "headers")
		lines := []string{strings.Join(append([]string{"Roepnaam", "Achternaam"}, names...), sep)}
		for range rapid.IntRange(0, 6).Draw(t, "rows") {
			row := rapid.SliceOfN(cells, len(names)+1, len(names)+3).Draw(t, "cells")
			lines = append(lines, strings.Join(row, sep))
		}
		checkRead(t, roster.File{Name: "nasty.csv", Data: []byte(strings.Join(lines, end))})
	})
}

// TestMonstersAreReadOrRefused reads files of one thing over and over, with which a careless reader spends time or memory without end.
func TestMonstersAreReadOrRefused(t *testing.T) {
	t.Parallel()
	many := func(s string) string { return strings.Repeat(s, 100_000/len(s)) }
	header := "Naam;Groep;Mentor;Ouder 1 mobiel;Clusters\n"
	for name, text := range map[string]string{
		"separators": many(";"), "lines": many("a\n"), "blank rows": header + many(";\n"), "quotes": many(`"`), "open quotes": header + many("\"a;"), "quoted lines": header + many("\"a\n"),
		"returns": many("\r"), "zero bytes": many("\x00"), "control characters": many("\x01a"), "broken UTF-8": many("\xff"), "accents": header + "a" + many("\u0301") + ";b;c;d;e", "columns": many("naam;") + "\n" + many("a;"),
		"teachers": header + "a;b;" + many("c d|") + ";;", "numbers": header + "a;b;;" + many("06 / ") + ";", "groups": header + "a;b;;;" + many("g,"), "names": header + many("Jan ") + ";;;;", "one pupil": header + many("a b;c;;;\n"),
		"elements": "<EDEX><leerlingen><leerling key='1'>" + many("<rol/>"), "pupils": "<EDEX><leerlingen>" + many("<leerling/>"), "attributes": "<EDEX " + many("a='b' ") + "/>", "text": "<EDEX><leerlingen><leerling><roepnaam>" + many("a"),
		"comments": "<EDEX>" + many("<!-- -->"), "instructions": many("<?a?>"), "references": "<EDEX><leerlingen><leerling key='1'><roepnaam>a</roepnaam>" + many("<groep key='x'/>") + "</leerling></leerlingen></EDEX>", "depth": many("<a>"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkRead(t, roster.File{Name: name, Data: []byte(text)})
		})
	}
}
