package roster_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/roster"
)

func TestFilledCellsBehindTheLastColumnAreIgnoredWithOneWarning(t *testing.T) {
	t.Parallel()
	r, report := read(t, options(), csvFile("Nummer;Roepnaam;Achternaam;Klas", "1;Jan;Bos;3A", "2;Mia;Smit;3A;QZX", "3;Per;Vos;3B;;QZX;", "4;Bo;Vis;3B;;"))
	if got := briefs(r); !slices.Equal(got, []string{"1|Jan||Bos|||3A", "2|Mia||Smit|||3A", "3|Per||Vos|||3B", "4|Bo||Vis|||3B"}) {
		t.Fatalf("pupils %q", got)
	}
	if report.WarningCount != 1 || !warned(report, roster.ReasonWrongColumnCount, 3) || strings.Contains(asJSON(report)+asJSON(r), "QZX") {
		t.Fatalf("report %s", asJSON(report))
	}
}

func TestCellsThatASpreadsheetLeftOutAtTheEndAreEmpty(t *testing.T) {
	t.Parallel()
	r, report := read(t, options(), csvFile("Nummer;Roepnaam;Tussenvoegsel;Achternaam;Klas;Ouder 1 email;Ouder 1 mobiel", "1;Jan;de;Bos;3A;jan@example.com;0612345678", "2;Mia;qx-;Smit;3A;mia@example.com", "3;Per;;Vos;3B", "4;Bo;;Vis"))
	if got := briefs(r); !slices.Equal(got, []string{"1|Jan|de|Bos|||3A", "2|Mia|qx-|Smit|||3A", "3|Per||Vos|||3B", "4|Bo||Vis|||"}) || report.WarningCount != 0 {
		t.Fatalf("pupils %q, warnings %s", got, asJSON(report.Warnings))
	}
	if r.Pupils[1].Guardians[0].Email != "mia@example.com" {
		t.Fatalf("guardians %s", asJSON(r.Pupils))
	}
	teachers, report := roster.ParseTeacherTable([]byte("groep;leerkracht;rol;vak;email\n3A;Per Jansen\n4B;Noor Bos;mentor\n"), options())
	if teachers == nil || len(teachers.Teachers) != 2 || report.WarningCount != 0 {
		t.Fatalf("teachers %s", asJSON(report))
	}
}

func TestRowsOfAnotherLengthThatLookShiftedAreErrors(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"the surname is missing":               {"Nummer;Roepnaam;Achternaam", "1;Jan"},
		"the number is missing":                {"Roepnaam;Achternaam;Leerlingnummer", "Jan;Bos"},
		"a prefix is left out in the middle":   {"Nummer;Roepnaam;Tussenvoegsel;Achternaam;Klas", "2;Mia;Smit;3A"},
		"a prefix is left out before a word":   {"Nummer;Roepnaam;Tussenvoegsel;Achternaam;Klas", "2;Mia;Smit;Bevers"},
		"a birth date has moved to the left":   {"Nummer;Roepnaam;Achternaam;Klas;Geboortedatum;Opmerking", "1;Jan;Bos;3-11-2017;x"},
		"a separator within a street":          {"Nummer;Roepnaam;Achternaam;Straat;Postcode;Klas", "1;Jan;Bos;Weg; 3;1234AB;3A"},
		"a separator within a name":            {"Nummer;Roepnaam;Achternaam;Geboortedatum", "1;Jan;Bos;Vos;3-11-2017"},
		"an address has moved to the right":    {"Nummer;Roepnaam;Achternaam;Klas;Ouder 1 email", "1;Jan;Bos;3A;x;jan@example.com"},
		"a table of teachers lacks a teacher":  {"Nummer;Roepnaam;Achternaam;Klas", "1;Jan;Bos;3A"},
		"a supplement lacks the pupil numbers": {"Nummer;Roepnaam;Achternaam;Klas", "1;Jan;Bos;3A"},
	}
	second := map[string]roster.File{
		"a table of teachers lacks a teacher":  csvFile("Rol;Groep;Leerkracht", "mentor;3A"),
		"a supplement lacks the pupil numbers": csvFile("Postcode;Leerlingnummer", "1234AB;1", "1234AB"),
	}
	for name, lines := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := []roster.File{csvFile(lines...)}
			if more, ok := second[name]; ok {
				files = append(files, more)
			}
			refused(t, options(), roster.ReasonWrongColumnCount, files...)
		})
	}
}

func TestFilesThatOnlyGoWithAPupilListSaySo(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		file roster.File
		says []string
	}{
		"a table of teachers": {csvFile("Groep;Leerkracht", "3A;Bos, Jan"), []string{"groups and teachers", "ouderavond roster teachers", "together with"}},
		"a supplement":        {csvFile("Leerlingnummer;Postcode", "1;1234AB"), []string{"postcode", "student number", "give it together with"}},
		"a list of mentors":   {csvFile("Leerlingnummer;Mentor", "1;Bos, Jan"), []string{"student number", "give it together with"}},
		"a list of parents":   {csvFile("Naam;Email;Leerlingnummers", "Bos;a@example.com;1"), []string{"parents", "give it together with"}},
		"surnames alone":      {csvFile("Leerlingnummer;Achternaam", "1;Bos"), []string{"given names", "Roepnaam"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := refused(t, options(), roster.ReasonNoNames, tt.file)
			for _, part := range tt.says {
				if !strings.Contains(f.Message, part) {
					t.Errorf("%q does not say %q", f.Message, part)
				}
			}
		})
	}
	_, report := roster.Read([]roster.File{tests["a table of teachers"].file, tests["a supplement"].file}, options())
	if report.ErrorCount != 2 {
		t.Errorf("two such files: %s", asJSON(report.Errors))
	}
}

func TestTheTeachersAddressBesideAPupilGoesToTheOnlyTeacherOfTheRow(t *testing.T) {
	t.Parallel()
	header := "Nummer;Roepnaam;Achternaam;Klas;Leerkracht;E-mail leerkracht"
	r, report := read(t, options(), csvFile(header, "1;Jan;Bos;3A;Ayse Gunes;A.Gunes@school.example", "2;Mia;Smit;3A;Ayse Gunes;", "3;Per;Vos;3B;Noor Bos / Ed Vis;duo@school.example", "4;Bo;Vis;3C;Noor Bos;noor@school.example", "5;An;Vis;3C;;stray@school.example"))
	var got []string
	for _, teacher := range r.Teachers {
		got = append(got, teacher.DisplayName+" "+teacher.Email)
	}
	if !slices.Equal(got, []string{"Ayse Gunes a.gunes@school.example", "Noor Bos noor@school.example", "Ed Vis "}) {
		t.Errorf("teachers %q", got)
	}
	if !warned(report, roster.ReasonTooManyValues, 4) || strings.Contains(asJSON(report), "duo@") || report.Files[0].Columns[5].State != roster.ColumnBound {
		t.Errorf("report %s", asJSON(report))
	}
	r, report = read(t, options(), csvFile("Nummer;Roepnaam;Achternaam;Klas;docVoornaam;docAchternaam;E-mail leerkracht", "1;Jan;Bos;3A;Ayse;Gunes;a@school.example", "2;Mia;Bos;3A;Ayse;Gunes;no address"))
	if r.Teachers[0].Email != "a@school.example" || !warned(report, roster.ReasonBadEmail, 3) {
		t.Errorf("teachers %s", asJSON(r.Teachers))
	}
	_, report = read(t, options(), csvFile(header, "1;Jan;Bos;3A;Ayse Gunes & Ed Vis;a@school.example"))
	if column := report.Files[0].Columns[5]; column.State != roster.ColumnIgnored || column.Field != "" {
		t.Errorf("column %s", asJSON(column))
	}
	r, _ = read(t, options(), mainList, csvFile("Leerlingnummer;Mentor;Mentor email", "1235;Ayse Gunes;a@school.example"))
	if r.Teachers[0].Email != "a@school.example" {
		t.Errorf("of a second file: %s", asJSON(r.Teachers))
	}
}
