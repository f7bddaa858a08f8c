package roster_test

import (
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/roster"
)

func TestAFewStudentNumbersThatMayBeCitizenNumbersAreWarnedOf(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		numbers []string
		warned  bool
	}{
		"two that pass":                {[]string{"111222333", "123456782"}, true},
		"one that passes among others": {[]string{"1001", "1002", "999990019"}, true},
		"one of two passes":            {[]string{"111222333", "123456783"}, false},
		"none passes":                  {[]string{"123456783"}, false},
		"of another length":            {[]string{"1001", "1112223330"}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines, xml := []string{"Leerlingnummer;Roepnaam;Achternaam"}, "<EDEX><leerlingen>"
			for i, number := range tt.numbers {
				lines = append(lines, number+";Jan;Bos"+string(rune('a'+i)))
				xml += `<leerling key="` + number + `"><roepnaam>Jan</roepnaam></leerling>`
			}
			for field, file := range map[string]roster.File{"Leerlingnummer": csvFile(lines...), "leerling/@key": {Name: "x.xml", Data: []byte(xml + "</leerlingen></EDEX>")}} {
				_, report := read(t, options(), file)
				if got := warned(report, roster.ReasonPossibleCitizenNumber, 0); got != tt.warned || tt.warned && report.Warnings[0].Field != field {
					t.Errorf("%s: warned %v: %s", field, got, asJSON(report.Warnings))
				}
				if containsAny(asJSON(report), tt.numbers...) {
					t.Errorf("the report repeats a number: %s", asJSON(report))
				}
			}
		})
	}
}

func TestCitizenNumbersWithinNamesAreTakenOut(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"Jan 123456782": "Jan", "123456782 Jan": "Jan", "Jan (123456782)": "Jan", "Jan BSN 123456782": "Jan", "Jan bsn: 123456782": "Jan", "Jan 10000008": "Jan", "Jan 1234.56.782": "Jan", "Jan 123 456 782": "Jan", "Jan123456782": "Jan", "Jan BSN 123456782 x": "Jan x",
		"Jan 2 123456782": "Jan 2", "Jan ١٢٣٤٥٦٧٨٢": "Jan", "Jan 123456783": "", "Jan 2": "", "Jan 1234567821": "", "Jan": "",
	}
	for cell, want := range tests {
		r, report := read(t, options(), csvFile("Nummer;Roepnaam;Achternaam", "1;"+cell+";Bos"))
		taken := want != ""
		if !taken {
			want = cell
		}
		if got := r.Pupils[0].Given; got != want || warned(report, roster.ReasonFullCitizenNumber, 2) != taken {
			t.Errorf("%q is read as %q with %s", cell, got, asJSON(report.Warnings))
		}
		r, report = read(t, options(), roster.File{Name: "x.xml", Data: []byte("<EDEX><leerlingen>\n<leerling key=\"1\"><roepnaam>" + cell + "</roepnaam><achternaam>Bos</achternaam></leerling></leerlingen></EDEX>")})
		if got := r.Pupils[0].Given; got != want || warned(report, roster.ReasonFullCitizenNumber, 2) != taken {
			t.Errorf("EdeXML: %q is read as %q with %s", cell, got, asJSON(report.Warnings))
		}
	}
}

func TestNoNameOfAnyoneKeepsACitizenNumber(t *testing.T) {
	t.Parallel()
	n := "123456782"
	files := [][]roster.File{
		{csvFile("Nummer;Roepnaam;Tussenvoegsel;Achternaam;Klas;Leerkracht;Ouder 1 naam", "1;Jan;de "+n+";Bos "+n+";3A;Ayse Gunes "+n+";M. Bos "+n)},
		{csvFile("Nummer;Leerling;Mentor;docVoornaam;docAchternaam", "1;Bos, Jan "+n+";Gunes "+n+", Ayse;Per "+n+";Vos "+n)},
		{mainList, csvFile("Groep;Leerkracht", "3A;Ayse Gunes "+n)},
		{{Name: "x.xml", Data: []byte(`<EDEX><leerlingen><leerling key="1"><roepnaam>Jan</roepnaam><voorvoegsel>de ` + n + `</voorvoegsel><achternaam>Bos ` + n + `</achternaam></leerling></leerlingen>` +
			`<leerkrachten><leerkracht key="2"><roepnaam>An ` + n + `</roepnaam><achternaam>Vos ` + n + `</achternaam></leerkracht></leerkrachten></EDEX>`)}},
	}
	for i, group := range files {
		r, report := read(t, options(), group...)
		if text := asJSON(r) + asJSON(report); strings.Contains(text, n) || !warned(report, roster.ReasonFullCitizenNumber, -1) || len(r.Pupils) == 0 {
			t.Errorf("files %d: %s", i, text)
		}
	}
	if f := refused(t, options(), roster.ReasonMissingName, csvFile("Nummer;Roepnaam;Achternaam", "1;"+n+";Bos")); strings.Contains(asJSON(f), n) {
		t.Error("the finding repeats a number")
	}
}
