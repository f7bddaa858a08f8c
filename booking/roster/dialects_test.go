package roster_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models/civil"
)

// encodings writes a text in every encoding that is recognised, with the name it must be given.
var encodings = map[string]func(string) []byte{
	"utf-8":     func(s string) []byte { return []byte(s) },
	"utf-8-bom": func(s string) []byte { return append([]byte("\xef\xbb\xbf"), s...) },
	"windows-1252": func(s string) []byte {
		b, _ := charmap.Windows1252.NewEncoder().Bytes([]byte(s))
		return b
	},
	"utf-16le with mark":    func(s string) []byte { return append([]byte("\xff\xfe"), wide(s, 0)...) },
	"utf-16be with mark":    func(s string) []byte { return append([]byte("\xfe\xff"), wide(s, 1)...) },
	"utf-16le without mark": func(s string) []byte { return wide(s, 0) },
	"utf-16be without mark": func(s string) []byte { return wide(s, 1) },
}

func wide(s string, bigEndian int) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		if bigEndian == 1 {
			b = append(b, byte(unit>>8), byte(unit))
		} else {
			b = append(b, byte(unit), byte(unit>>8))
		}
	}
	return b
}

func TestEveryEncodingSeparatorAndLineEndGivesTheSameRoster(t *testing.T) {
	t.Parallel()
	base := [][]string{
		{"Leerlingnummer", "Roepnaam", "Tussenvoegsel", "Achternaam", "Geboortedatum", "Postcode", "Huisnr", "Klas", "Mentor"},
		{"1", "Zoë", "van 't", "Hof", "3-11-2017", "1234 ab", "12", "3A", "Müller, Jürgen"},
		{"2", "René", "", "Çelik-Bos", "13-1-2016", "1234AB", "14 A", "3A", "Müller, Jürgen"},
		{"3", "D'Angelo", "de", "Vries", "", "", "", "4/5 | Bevers; \"groot\"", ""},
	}
	want := ""
	for name, encode := range encodings {
		for _, sep := range []rune{';', ',', '\t', '|'} {
			for _, end := range []string{"\r\n", "\n", "\r"} {
				var b bytes.Buffer
				w := csv.NewWriter(&b)
				w.Comma = sep
				if err := w.WriteAll(base); err != nil {
					t.Fatal(err)
				}
				text := strings.ReplaceAll(b.String(), "\n", end)
				r, report := read(t, options(), roster.File{Name: "x.csv", Data: encode(text)})
				if report.Encoding != strings.Fields(name)[0] || report.Separator != string(sep) || r.Encoding != report.Encoding {
					t.Fatalf("%s %q %q was read as %s %q", name, sep, end, report.Encoding, report.Separator)
				}
				got := asJSON(anonymous(r))
				if want == "" {
					want = got
				}
				if got != want {
					t.Fatalf("%s %q %q gives\n%s\nnot\n%s", name, sep, end, got, want)
				}
			}
		}
	}
	if !strings.Contains(want, `"given":"Zoë","prefix":"van 't","surname":"Hof","birth_date":"2017-11-03","postcode":"1234AB","house_number":"12"`) {
		t.Fatalf("roster %s", want)
	}
}

func TestAnyOrderOfColumnsGivesTheSameRoster(t *testing.T) {
	t.Parallel()
	file := sample(t, "leerlingen-semicolon-utf8bom.csv")
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file.Data, []byte("\xef\xbb\xbf"))))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	original, _ := read(t, options(), file)
	want := asJSON(anonymous(original))
	rapid.Check(t, func(t *rapid.T) {
		order := rapid.Permutation(numbers(len(rows[0]))).Draw(t, "order")
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Comma = rapid.SampledFrom([]rune{';', ',', '\t', '|'}).Draw(t, "separator")
		for _, row := range rows {
			var cells []string
			for _, i := range order {
				cells = append(cells, row[i])
			}
			if err := w.Write(cells); err != nil {
				t.Fatal(err)
			}
		}
		w.Flush()
		r, report := roster.Read([]roster.File{{Name: "x.csv", Data: b.Bytes()}}, options())
		if r == nil {
			t.Fatalf("refused: %s", asJSON(report.Errors))
		}
		if got := asJSON(anonymous(r)); got != want {
			t.Fatalf("order %v gives\n%s\nnot\n%s", order, got, want)
		}
	})
}

func numbers(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func TestWhatExportsDoToCSVIsUndone(t *testing.T) {
	t.Parallel()
	plain := []string{"1|Jan|de|Bos||1234AB 7|3A", "2|Mia||Smit||1234AB 9|3A"}
	tests := map[string]string{
		"nothing special":                    "Nr;Roepnaam;Tv;Achternaam;Postcode;Huisnummer;Klas\n1;Jan;de;Bos;1234AB;7;3A\n2;Mia;;Smit;1234AB;9;3A\n",
		"a sep line":                         "sep=;\nNr;Roepnaam;Tv;Achternaam;Postcode;Huisnummer;Klas\n1;Jan;de;Bos;1234AB;7;3A\n2;Mia;;Smit;1234AB;9;3A\n",
		"a quoted sep line":                  "\"sep=,\"\nNr,Roepnaam,Tv,Achternaam,Postcode,Huisnummer,Klas\n1,Jan,de,Bos,1234AB,7,3A\n2,Mia,,Smit,1234AB,9,3A\n",
		"no line end at the end":             "Nr;Roepnaam;Tv;Achternaam;Postcode;Huisnummer;Klas\n1;Jan;de;Bos;1234AB;7;3A\n2;Mia;;Smit;1234AB;9;3A",
		"trailing separators":                "Nr;Roepnaam;Tv;Achternaam;Postcode;Huisnummer;Klas;;\n1;Jan;de;Bos;1234AB;7;3A;;\n2;Mia;;Smit;1234AB;9;3A;\n",
		"trailing separators in rows only":   "Nr;Roepnaam;Tv;Achternaam;Postcode;Huisnummer;Klas\n1;Jan;de;Bos;1234AB;7;3A;;;\n2;Mia;;Smit;1234AB;9;3A;\n",
		"blank lines and a title":            "\n\nLeerlingenlijst 2026;;;;;;\n;;;;;;\nNr;Roepnaam;Tv;Achternaam;Postcode;Huisnummer;Klas\n\n1;Jan;de;Bos;1234AB;7;3A\n;;;;;;\n2;Mia;;Smit;1234AB;9;3A\n;;;;;;\n\n",
		"a total at the end":                 "Nr;Roepnaam;Tv;Achternaam;Postcode;Huisnummer;Klas\n1;Jan;de;Bos;1234AB;7;3A\n2;Mia;;Smit;1234AB;9;3A\nTotaal: 2 leerlingen\n",
		"the header on every page":           "Nr;Roepnaam;Tv;Achternaam;Postcode;Huisnummer;Klas\n1;Jan;de;Bos;1234AB;7;3A\nNr;Roepnaam;Tv;Achternaam;Postcode;Huisnummer;Klas\n2;Mia;;Smit;1234AB;9;3A\n",
		"every cell quoted":                  "\"Nr\";\"Roepnaam\";\"Tv\";\"Achternaam\";\"Postcode\";\"Huisnummer\";\"Klas\"\n\"1\";\"Jan\";\"de\";\"Bos\";\"1234AB\";\"7\";\"3A\"\n\"2\";\"Mia\";\"\";\"Smit\";\"1234AB\";\"9\";\"3A\"\n",
		"every line one quoted cell":         "\"Nr;Roepnaam;Tv;Achternaam;Postcode;Huisnummer;Klas\"\n\"1;Jan;de;Bos;1234AB;7;\"\"3A\"\"\"\n\"2;Mia;;Smit;1234AB;9;3A\"\n",
		"spaces around cells":                " Nr ; Roepnaam ;Tv; Achternaam ;Postcode;Huisnummer;Klas\n 1 ; Jan ; de ;\u00a0Bos ; 1234 AB; 7 ; 3A \n2;Mia;  ;Smit;1234AB;9;3a\n",
		"formulas that protect numbers":      "Nr;Roepnaam;Tv;Achternaam;Postcode;Huisnummer;Klas\n=\"1\";Jan;de;Bos;1234AB;=\"7\";3A\n\"=\"\"2\"\"\";Mia;;Smit;1234AB;'9;3A\n",
		"numbers with decimals":              "Nr;Roepnaam;Tv;Achternaam;Postcode;Huisnummer;Klas\n1.0;Jan;de;Bos;1234AB;7.0;3A\n2.0;Mia;;Smit;1234AB;9,0;3A\n",
		"words for nothing":                  "Nr;Roepnaam;Tv;Achternaam;Postcode;Huisnummer;Klas;Toevoeging\n1;Jan;de;Bos;1234AB;7;3A;-\n2;Mia;-;Smit;1234AB;9;3A;n.v.t.\n",
		"the end-of-file sign of DOS":        "Nr;Roepnaam;Tv;Achternaam;Postcode;Huisnummer;Klas\r\n1;Jan;de;Bos;1234AB;7;3A\r\n2;Mia;;Smit;1234AB;9;3A\r\n\x1a",
		"quotes and line breaks in a remark": "Nr;Opmerking;Roepnaam;Tv;Achternaam;Postcode;Huisnummer;Klas\n1;\"a\nb; \"\"c\"\"\";Jan;de;Bos;1234AB;7;3A\n2;\"PJ\" zegt;Mia;;Smit;1234AB;9;3A\n",
		"an unclosed quote":                  "Nr;Opmerking;Roepnaam;Tv;Achternaam;Postcode;Huisnummer;Klas\n1;\"x;Jan;de;Bos;1234AB;7;3A\n2;y;Mia;;Smit;1234AB;9;3A\n",
		"an address in one cell":             "Nr;Roepnaam;Tv;Achternaam;Postcode;Adres;Klas\n1;Jan;de;Bos;1234AB;Dorpsstraat 7;3A\n2;Mia;;Smit;1234AB;Lange Weg 9;3A\n",
		"street and number":                  "Stamnr;Roepnaam;Tussenv;Achternaam;Straat;Nr;Nr.tv;Postcode;Klas\n1;Jan;de;Bos;Weg;7;;1234AB;3A\n2;Mia;;Smit;Weg;9;;1234AB;3A\n",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, report := read(t, options(), roster.File{Name: "x.csv", Data: []byte(text)})
			if got := briefs(r); !slices.Equal(got, plain) || report.Groups != 1 {
				t.Fatalf("pupils %q in %d groups", got, report.Groups)
			}
		})
	}
}

func TestNamesAreTakenApartHoweverTheColumnsAreCut(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		lines []string
		want  string
	}{
		"prefix within the surname":           {[]string{"Voornaam;Achternaam;Groep", "Jan;de Vries;Groep 3"}, "Jan|de|Vries"},
		"Belgian surname and given name":      {[]string{"Instellingsnummer;Naam;Voornaam;Klas;Klascode;Klasnummer;Gebruikersnaam;Pointer;Stamnummer;", "027938;Van Aerts;Sarah;2 Moderne;2MTW;1;sarah.aerts;900045;9900045;"}, "Sarah|Van|Aerts"},
		"full name with the surname in front": {[]string{"Stamnummer,Leerling,Klas", `1,"Berg, Sanne van den",3A`}, "Sanne|van den|Berg"},
		"prefix before the comma":             {[]string{"Stamnummer,Leerling,Klas", `1,"van den Berg, Sanne",3A`}, "Sanne|van den|Berg"},
		"full name as spoken":                 {[]string{"Nummer;Naam;Klas", "1;Anne Marie van 't Hof;3A"}, "Anne Marie|van 't|Hof"},
		"full name without prefix":            {[]string{"Nummer;Naam;Klas", "1;Anne Marie Bos;3A"}, "Anne Marie||Bos"},
		"full name beside a given name":       {[]string{"Nummer;Roepnaam;Volledige naam;Klas", "1;Ana;Ana García López;3A"}, "Ana||García López"},
		"full name beside all parts":          {[]string{"Leerlingnummer;Roepnaam;Volledige Naam;Achternaam;Stamgroep", "1;Ada;Augusta Ada King;Lovelace;v6a"}, "Ada||Lovelace"},
		"capital prefix with its own column":  {[]string{"Nummer;Roepnaam;Tussenvoegsel;Achternaam", "1;Jan;;De Smet"}, "Jan||De Smet"},
		"prefix in both columns' stead":       {[]string{"Nummer;Roepnaam;Tussenvoegsel;Achternaam", "1;Jan;;de Smet"}, "Jan|de|Smet"},
		"prefix behind the surname":           {[]string{"Nummer;Roepnaam;Achternaam", `1;Jan;"Berg, van den"`}, "Jan|van den|Berg"},
		"no surname at all":                   {[]string{"Nummer;Roepnaam;Achternaam;Klas", "1;Adinda;;3A"}, "Adinda||"},
		"surname that means nothing":          {[]string{"Nummer;Roepnaam;Achternaam", "1;Jan;Null"}, "Jan||Null"},
		"official first names are not read":   {[]string{"Nummer;Voornamen;Roepnaam;Achternaam", "1;Johannes Petrus;Jan;Bos"}, "Jan||Bos"},
		"English headers":                     {[]string{"Student ID,First Name,Last Name,Class", "1,Jan,van Bos,3A"}, "Jan|van|Bos"},
		"German headers":                      {[]string{"Schülernummer;Vorname;Nachname;Klasse", "1;Jürgen;von der Au;3A"}, "Jürgen|von der|Au"},
		"invisible marks":                     {[]string{"Nummer;Roepnaam;Achternaam", "1;\u200fJan\u200b;Bo\u00ads"}, "Jan||Bos"},
		"markup is only text":                 {[]string{"Nummer;Roepnaam;Achternaam", "1;<img onerror=x>;=cmd|x"}, "<img onerror=x>||=cmd|x"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, _ := read(t, options(), csvFile(tt.lines...))
			p := r.Pupils[0]
			if got := p.Given + "|" + p.Prefix + "|" + p.Surname; got != tt.want || len(r.Pupils) != 1 {
				t.Fatalf("name %q, want %q", got, tt.want)
			}
		})
	}
}

func TestBirthDatesOfAColumnAreReadInOneOrder(t *testing.T) {
	t.Parallel()
	good := map[string]string{"3-11-2017": "2017-11-03", "03-11-2017": "2017-11-03", "3/11/2017": "2017-11-03", "3.11.2017": "2017-11-03", "2017-11-03": "2017-11-03",
		"2017-11-03T00:00:00": "2017-11-03", "2017-11-03 00:00:00": "2017-11-03", "3-11-2017 0:00:00": "2017-11-03", "2017/11/03": "2017-11-03", "20171103": "2017-11-03", "03112017": "2017-11-03", "3112017": "2017-11-03",
		"43042": "2017-11-03", "43042,0": "2017-11-03", "3-11-17": "2017-11-03", "3-nov-17": "2017-11-03", "3 nov 2017": "2017-11-03", "3 november 2017": "2017-11-03", "2017-11-03+01:00": "2017-11-03", "1-2-05": "2005-02-01",
		"31-12-1917": "", "3-11-2025": "", "30-2-2017": "", "99-99-9999": "", "unknown": "", "31-13-2017": "", "0-0-0000": "", "1-1-1900": "", "2017": "", "3-11": "", "20-11-2030": ""}
	for cell, want := range good {
		r, report := read(t, options(), csvFile("Nummer;Roepnaam;Achternaam;Geboortedatum", "1;Jan;Bos;"+cell))
		if got := r.Pupils[0].BirthDate.String(); got != want {
			t.Errorf("%q is read as %q, want %q", cell, got, want)
		}
		if bad := warned(report, roster.ReasonBadDate, 2) || warned(report, roster.ReasonImplausibleAge, 2); bad != (want == "") {
			t.Errorf("%q: warnings %s", cell, asJSON(report.Warnings))
		}
	}
	header := "Nummer;Roepnaam;Achternaam;Geboortedatum"
	refused(t, options(), roster.ReasonDateOrder, csvFile(header, "1;Jan;Bos;1/2/2016", "2;Mia;Bos;11/13/2016"))
	f := refused(t, options(), roster.ReasonMixedDateOrder, csvFile(header, "1;Jan;Bos;13/1/2016", "2;Mia;Bos;1/2/2016", "3;Per;Bos;11/23/2016"))
	if f.Line != 4 || f.Field != "Geboortedatum" || strings.Contains(f.Message, "23") {
		t.Errorf("finding %s", asJSON(f))
	}
}

func TestEveryBirthDateComesThroughEverySpelling(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var lines []string
		var want []string
		for i := range 5 {
			d := civil.Date{Year: 2003, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 7500).Draw(t, "days"))
			spelled := rapid.SampledFrom([]string{d.String(), fmt.Sprintf("%d-%d-%d", d.Day, d.Month, d.Year), fmt.Sprintf("%02d/%02d/%d", d.Day, d.Month, d.Year),
				fmt.Sprintf("%d.%d.%02d", d.Day, d.Month, d.Year%100), fmt.Sprint(civil.Date{Year: 1899, Month: 12, Day: 30}.DaysUntil(d))}).Draw(t, "spelling")
			lines, want = append(lines, fmt.Sprintf("%d;A;B;%s", i+1, spelled)), append(want, d.String())
		}
		r, report := roster.Read([]roster.File{csvFile(append([]string{"Nummer;Roepnaam;Achternaam;Geboortedatum"}, lines...)...)}, options())
		if r == nil {
			t.Fatalf("%q: %s", lines, asJSON(report.Errors))
		}
		for i, p := range r.Pupils {
			if p.BirthDate.String() != want[i] {
				t.Fatalf("%q is read as %s", lines[i], p.BirthDate)
			}
		}
	})
}
