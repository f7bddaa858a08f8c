package roster_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models/civil"
)

func amsterdam(t testing.TB) roster.Options {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	opts := options()
	opts.Zone = zone
	return opts
}

func TestAnInstantIsTheSchoolsDay(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"2014-11-13T23:00:00.000Z":      "2014-11-14", // midnight in winter
		"2014-07-02T22:00:00Z":          "2014-07-03", // midnight in summer
		"2014-03-29T23:00:00Z":          "2014-03-30", // the night before the clocks change
		"2014-07-02T00:00:00Z":          "2014-07-02",
		"2014-07-02T00:00:00+02:00":     "2014-07-02",
		"2014-07-02T00:00:00.000+0000":  "2014-07-02",
		"2014-07-02 22:00:00":           "2014-07-03", // the same without saying so
		"2014-07-02 00:00:00":           "2014-07-02",
		"2014-07-02T10:30:00":           "2014-07-02",
		"13-11-2014 23:00":              "2014-11-14",
		"13-11-2014 0:00":               "2014-11-13",
		"31-12-2014 23:00:00":           "2015-01-01",
		"11/13/2014":                    "",
		"2014-11-13T22:00:00Z":          "2014-11-13", // no midnight at all: said
		"2014-11-13T11:00:00 PM":        "2014-11-14",
		"2014-11-13T23:00:00.000-05:00": "2014-11-14",
	} {
		_, report := roster.Read([]roster.File{csvFile("Nummer;Roepnaam;Achternaam;Geboortedatum", "1;Jan;Bos;"+cell)}, amsterdam(t))
		if want == "" {
			if report.Readable() {
				t.Errorf("%q was read", cell)
			}
			continue
		}
		r, report := read(t, amsterdam(t), csvFile("Nummer;Roepnaam;Achternaam;Geboortedatum", "1;Jan;Bos;"+cell))
		if got := r.Pupils[0].BirthDate.String(); got != want {
			t.Errorf("%q is %s, want %s", cell, got, want)
		}
		odd := strings.Contains(cell, "22:00:00Z") && strings.Contains(cell, "-11-") || strings.HasSuffix(cell, "-05:00")
		if warned(report, roster.ReasonTimeOfDay, 2) != odd {
			t.Errorf("%q: warnings %s", cell, asJSON(report.Warnings))
		}
	}
	xml := strings.Replace(string(sample(t, "edex-2.1-schema-valid.xml").Data), "<geboortedatum>", "<geboortedatum>2016-07-02T22:00:00Z</geboortedatum><x>", 1)
	xml = strings.Replace(xml, "</geboortedatum>", "§", 1)
	xml = strings.Replace(xml, "</geboortedatum>", "</x>", 1)
	xml = strings.Replace(xml, "§", "</geboortedatum>", 1)
	r, _ := read(t, amsterdam(t), roster.File{Name: "x.xml", Data: []byte(xml)})
	if want, _ := civil.New(2016, 7, 3); !slices.ContainsFunc(r.Pupils, func(p roster.Pupil) bool { return p.BirthDate == want }) {
		t.Error("an instant of EdeXML is not the school's day")
	}
}

func TestLettersThatSuffered(t *testing.T) {
	t.Parallel()
	file := func(names ...string) roster.File {
		lines := []string{"Nummer;Roepnaam;Achternaam"}
		for i, name := range names {
			lines = append(lines, string(rune('1'+i))+";"+name)
		}
		return csvFile(lines...)
	}
	_, report := read(t, options(), file("Jan;Bos", "Zo\xeb;Bos", "Ren\xe9e;Vos", "An\xefs;Vis", "Chlo\xeb;Smit"))
	if !slices.Equal(report.Letters, []string{"Zoë", "Renée", "Anïs"}) || report.WarningCount != 0 || report.Encoding != "windows-1252" {
		t.Errorf("Windows-1252: %q, %s", report.Letters, asJSON(report.Warnings))
	}
	turkish := file("Zo\xeb;Bos", "Ay\xfee;\xdeahin")
	if _, report = read(t, options(), turkish); !warned(report, roster.ReasonDamagedLetters, 0) || report.Letters[0] != "Ayþe" {
		t.Errorf("Turkish: %q, %s", report.Letters, asJSON(report.Warnings))
	}
	for encoding, tt := range map[string]struct {
		file roster.File
		want []string
	}{
		"windows-1254": {turkish, []string{"Zoë", "Ayşe", "Şahin"}},
		"iso-8859-2":   {file("Stanis\xb3aw;Bos"), []string{"Stanisław"}},
		"macintosh":    {file("Zo\x91;Bos"), []string{"Zoë"}},
		"cp437":        {file("Zo\x89;M\x81ller"), []string{"Zoë", "Müller"}},
	} {
		opts := options()
		if _, report := read(t, opts, tt.file); !slices.ContainsFunc(report.Warnings, func(f roster.Finding) bool { return f.Reason == roster.ReasonDamagedLetters }) && encoding != "macintosh" {
			t.Errorf("%s: nothing is said of %q", encoding, report.Letters)
		}
		opts.Encoding = encoding
		if _, report := read(t, opts, tt.file); !slices.Equal(report.Letters, tt.want) {
			t.Errorf("%s: %q", encoding, report.Letters)
		}
	}
	if _, report = read(t, options(), file("Jan;Bos")); report.Letters == nil || len(report.Letters) != 0 {
		t.Errorf("of plain letters: %#v", report.Letters)
	}
}

func TestLettersOfWebPagesAreDecoded(t *testing.T) {
	t.Parallel()
	for _, sep := range []string{";", ","} {
		r, _ := read(t, options(), csvFile(strings.ReplaceAll("Nummer;Roepnaam;Achternaam;Klas", ";", sep), strings.Join([]string{"1", "Ren&eacute;e", "O&#039;Neill", "3A &amp; 3B"}, sep),
			strings.Join([]string{"2", "Zo&amp;euml;", "Bos&Vis", "A&B"}, sep)))
		if got := briefs(r); !strings.HasPrefix(got[0], "1|Renée||O'Neill|") || !strings.HasPrefix(got[1], "2|Zoë||Bos&Vis|") {
			t.Errorf("%q", got)
		}
	}
	r, _ := read(t, options(), csvFile("Nummer,Roepnaam,Achternaam", `1,Jan,"Bos&quot;x&#44;y&#10;z"`))
	if len(r.Pupils) != 1 || strings.Contains(r.Pupils[0].Surname, "\n") {
		t.Errorf("%q", briefs(r))
	}
}

func TestEveryTelephoneNumberOfACellIsRead(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string][]string{
		"0612345678 / 0687654321":                      {"+31612345678", "+31687654321"},
		"06-12345678 (moeder) 06-87654321 (vader)":     {"+31612345678", "+31687654321"},
		"06 12345678 06 87654321":                      {"+31612345678", "+31687654321"},
		"moeder: 0612345678, vader: 0687654321":        {"+31612345678", "+31687654321"},
		"+31 6 12345678 en +32 470 12 34 56":           {"+31612345678", "+32470123456"},
		"0612345678 0612345678":                        {"+31612345678"},
		"0612345678 (na 17.00)":                        {"+31612345678"},
		"0612345678 of 020-6234567":                    {"+31612345678"},
		"06-12345678 | 06-87654321 | 06-11112222":      {"+31612345678", "+31687654321", "+31611112222"},
		"mob. 06-12345678 - werk 020-6234567 tst 1234": {"+31612345678"},
	} {
		r, _ := read(t, options(), csvFile("Nummer,Roepnaam,Achternaam,Naam ouder 1,Telefoon ouder 1", `1,Jan,Bos,M. Bos,"`+cell+`"`))
		var got []string
		for _, g := range r.Pupils[0].Guardians {
			got = append(got, g.PhoneE164)
		}
		if !slices.Equal(got, want) || r.Pupils[0].Guardians[0].Name != "M. Bos" {
			t.Errorf("%q: %q", cell, got)
		}
	}
}

func TestAShiftedLineIsAnError(t *testing.T) {
	t.Parallel()
	header := "Nummer;Roepnaam;Achternaam;Adres;Telefoon ouder 1;E-mail ouder 1;Opmerking;Zorg"
	sound := "1;Jan;Bos;Laan 1;0612345678;jan@example.com;;"
	for name, line := range map[string]string{
		"a separator in the address, nothing behind":  "2;Mia;Vos;Laan 2; boven;0612345679;mia@example.com;;",
		"a separator in the name, a remark behind":    "2;Mia;Vos; Smit;Laan 2;0612345679;mia@example.com;rustig;",
		"a separator in the address, the end cut off": "2;Mia;Vos;Laan 2; boven;0612345679;mia@example.com;x;y",
	} {
		f := refused(t, options(), roster.ReasonWrongColumnCount, csvFile(header, sound, line, "3;Tom;Dijk;Laan 3;0612345670;tom@example.com;;"))
		if f.Line != 3 {
			t.Errorf("%s: line %d", name, f.Line)
		}
	}
	r, report := read(t, options(), csvFile(header, sound+";", "2;Mia;Vos;Laan 2;0612345679;mia@example.com;;;", "3;Tom;Dijk;Laan 3;onbekend;tom@example.com;;;"))
	if len(r.Pupils) != 3 || report.WarningCount != 1 {
		t.Errorf("separators at the end of each line: %s", asJSON(report.Warnings))
	}
}

func TestHeadersAsSchoolsWriteThem(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"Geboortedatum (dd-mm-jjjj)": "birth_date", "Klas/groep": "group", "Groep / klas": "group", "Achternaam, roepnaam": "full_name", "Achternaam, voornaam": "full_name", "Weergavenaam": "full_name",
		"Forename": "given", "Form tutor": "mentor", "E-mailadres 1e verzorger": "guardian1_email", "Mobiel 2e ouder": "guardian2_phone", "Stamnummer leerling": "pupil_number",
		"Huisnr. + toev.": "house_number", "Postcode (woonadres)": "postcode", "Telefoon 2de verzorger": "guardian2_phone",
		"BSN (leerling)": "", "Opmerking (intern)": "", "Klas/kluisje": "",
	} {
		_, report := roster.Read([]roster.File{csvFile("Nummer;Roepnaam;Achternaam;"+header, "1;Jan;Bos;")}, options())
		column := report.Files[0].Columns[3]
		if full := want == "full_name" && column.State == roster.ColumnIgnored; column.Field != want && !full && header != "Stamnummer leerling" {
			t.Errorf("%q is %+v, want %q", header, column, want)
		}
	}
	r, _ := read(t, options(), csvFile("Stamnummer leerling;Achternaam, roepnaam;Klas/groep", `1;"Berg, Sanne van den";3A`))
	if got := brief(r.Pupils[0]); got != "1|Sanne|van den|Berg|||3A" {
		t.Error(got)
	}
	opts := options()
	opts.Mapping = map[string]string{"Nummre": "pupil_number"}
	if f := refused(t, opts, roster.ReasonBadMapping, csvFile("Nummer;Roepnaam;Achternaam", "1;Jan;Bos")); f.Field != "Nummre" {
		t.Errorf("%+v", f)
	}
}

func TestHeadingsOverTwoLines(t *testing.T) {
	t.Parallel()
	r, _ := read(t, options(), csvFile("Leerlingenlijst;;;;;;", "Leerling;;;Verzorger 1;;Verzorger 2;", "Nummer;Roepnaam;Achternaam;Naam;E-mail;Naam;Mobiel", "1;Jan;Bos;M. Bos;m.bos@example.com;P. Vis;0612345678"))
	g := r.Pupils[0].Guardians
	if len(g) != 2 || g[0].Name != "M. Bos" || g[0].Email != "m.bos@example.com" || g[1].Name != "P. Vis" || g[1].PhoneE164 != "+31612345678" {
		t.Errorf("guardians %s", asJSON(g))
	}
}

func TestWhatSpreadsheetsDoToCells(t *testing.T) {
	t.Parallel()
	r, report := read(t, options(), csvFile("Nummer;Roepnaam;Achternaam;Groep", "1;Jan;Bos;1-feb", "2;Mia;Vos;3-apr", "3;Tom;Vis;5-jun.", "4;Per;Smit;2-jan", "5;Els;Smit;1-2-2026", "6;Bas;Smit;3A"))
	if got := []string{r.Pupils[0].GroupKey, r.Pupils[1].GroupKey, r.Pupils[2].GroupKey, r.Pupils[5].GroupKey}; !slices.Equal(got, []string{"1-2", "3-4", "5-6", "3A"}) {
		t.Errorf("groups %q", got)
	}
	for line := 2; line <= 6; line++ {
		if !warned(report, roster.ReasonGroupAsDate, line) {
			t.Errorf("line %d: nothing is said", line)
		}
	}
	r, _ = read(t, options(), csvFile("Nummer;Roepnaam;Achternaam", "100.001;Jan;Bos", "1.100.002;Mia;Vos", "99;Tom;Vis"))
	if r.Pupils[0].Key != "100001" || r.Pupils[1].Key != "1100002" || r.Pupils[2].Key != "99" {
		t.Errorf("numbers %q", briefs(r))
	}
	r, _ = read(t, options(), csvFile("Nummer;Roepnaam;Achternaam", "1.23;Jan;Bos", "100.001;Mia;Vos"))
	if r.Pupils[0].Key != "1.23" || r.Pupils[1].Key != "100.001" {
		t.Errorf("numbers with a point of their own %q", briefs(r))
	}
	for written, want := range map[string]string{"100.001": "100001", "100,001": "100001", "1.100.001": "1100001", "100 001": "100001", "100'001": "100001", "1001.00": "1001"} {
		r, report = read(t, options(), csvFile("Nummer;Roepnaam;Achternaam", "001234;Jan;Bos", written+";Mia;Vos", "000099;Tom;Vis"))
		if r.Pupils[0].Key != "001234" || r.Pupils[1].Key != want || warned(report, roster.ReasonGroupedKey, 3) != strings.HasSuffix(written, "001") {
			t.Errorf("among numbers with zeros in front, %s gives %q, %s", written, briefs(r), asJSON(report.Warnings))
		}
	}
	r, report = read(t, options(), csvFile("Nummer;Roepnaam;Achternaam", "A-12;Jan;Bos", "100.001;Mia;Vos"))
	if r.Pupils[1].Key != "100.001" || warned(report, roster.ReasonGroupedKey, 3) {
		t.Errorf("numbers beside codes %q", briefs(r))
	}
	if _, report = read(t, options(), csvFile("Nummer;Roepnaam;Achternaam;Geboortedatum", "1;Jan;Bos;42000")); !warned(report, roster.ReasonSerialDates, 2) {
		t.Error("dates that are numbers are not named")
	}
	whole := "Nummer;Roepnaam;Achternaam;Klas\n1;Jan;Bos;3A\n2;Mia;Vos;3A\n3;Tom;Vis;3A\n"
	refused(t, options(), roster.ReasonCutOff, roster.File{Name: "x.csv", Data: []byte(whole[:len(whole)-5])})
	read(t, options(), roster.File{Name: "x.csv", Data: []byte(whole[:len(whole)-1])})
	long := strings.Repeat("Jan ", 80)
	r, report = read(t, options(), csvFile("Nummer;Roepnaam;Achternaam", "1;"+long+";Bos", "2;Mia;Vos"))
	if len(r.Pupils) != 1 || !warned(report, roster.ReasonValueTooLong, 2) {
		t.Errorf("a name of 320 letters: %q, %s", briefs(r), asJSON(report.Warnings))
	}
	refused(t, options(), roster.ReasonValueTooLong, csvFile("Nummer;Roepnaam;Achternaam", `1;"`+long+"\r\n"+long+`";Bos`, "2;Mia;Vos"))
	r, report = read(t, options(), csvFile("Nummer;Roepnaam;Achternaam;Klas", "1;Jan;Bos;3A 111222333", "2;Mia;Vos;3A"))
	if r.Pupils[0].GroupKey != "3A" || !warned(report, roster.ReasonFullCitizenNumber, 2) {
		t.Errorf("a citizen number in a class: %q", briefs(r))
	}
}

func TestNamesInOneCell(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"Sanne Berg (van den)": "Sanne|van den|Berg", "SMIT Jan": "Jan||SMIT", "VAN DEN BERG Sanne": "Sanne|VAN DEN|BERG", "DE JONG-SMIT Anne Marie": "Anne Marie|DE|JONG-SMIT",
		"Jan Smit": "Jan||Smit", "JAN SMIT": "JAN||SMIT", "J. Smit": "J.||Smit", "Jan SMIT": "Jan||SMIT", "Sanne van den Berg": "Sanne|van den|Berg",
	} {
		r, _ := read(t, options(), csvFile("Nummer,Leerling", `1,"`+cell+`"`))
		p := r.Pupils[0]
		if got := p.Given + "|" + p.Prefix + "|" + p.Surname; got != want {
			t.Errorf("%q is %q, want %q", cell, got, want)
		}
	}
}
