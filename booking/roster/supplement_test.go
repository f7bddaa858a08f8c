package roster_test

import (
	"slices"
	"testing"

	"github.com/ouderavond/ouderavond/booking/roster"
)

var mainList = csvFile("Leerlingnummer;Roepnaam;Achternaam;Klas", "001234;Jan;Bos;3A", "1235;Mia;Smit;3A", "00077;Per;Vos;3B", "77;Bo;Vis;3B")

func TestSupplementsFindPupilsByNumber(t *testing.T) {
	t.Parallel()
	r, report := read(t, options(), mainList, csvFile("stamnr;pc;huisnr;Ouder 1 email;Gezinscode", "1234 ;1234ab;7;a@example.com;F1", "001235;1234AB;7;;F1", "77;9999XX;1;;", "077;1111AA;1;;", "4711;1111AA;1;;", ";1111AA;1;;"))
	want := []string{"001234|Jan||Bos||1234AB 7|3A", "1235|Mia||Smit||1234AB 7|3A", "00077|Per||Vos|||3B", "77|Bo||Vis||9999XX 1|3B"}
	if got := briefs(r); !slices.Equal(got, want) || r.Pupils[0].Guardians[0].Email != "a@example.com" {
		t.Fatalf("pupils %q", got)
	}
	if !warned(report, roster.ReasonAmbiguousPupil, 5) || !warned(report, roster.ReasonUnknownPupil, 6) || !warned(report, roster.ReasonMissingKey, 7) {
		t.Fatalf("warnings %s", asJSON(report.Warnings))
	}
	if asJSON(r.Households.Certain) != `[{"pupil_keys":["001234","1235"],"reason":"family-code","vetoes":[]}]` {
		t.Fatalf("households %s", asJSON(r.Households))
	}
}

func TestSupplementsWithoutNumbersGoByNameAndBirthDate(t *testing.T) {
	t.Parallel()
	list := csvFile("Roepnaam;Tussenvoegsel;Achternaam;Geboortedatum;Klas", "Jan;de;Bos;3-11-2017;3A", "Jan;de;Bos;4-12-2015;5A", "Mia;;Smit;1-1-2016;5A")
	parents := csvFile("Roepnaam;Achternaam;Geboortedatum;E-mailadres ouder/verzorger 1", "Jan;de Bos;2015-12-04;a@example.com", "MIA;Smit;;b@example.com", "Jan;de Bos;;c@example.com", "Mia;Smit;2-1-2016;d@example.com")
	for _, files := range [][]roster.File{{list, parents}, {parents, list}} {
		r, report := read(t, options(), files...)
		if len(r.Pupils) != 3 || r.Pupils[1].Guardians[0].Email != "a@example.com" || r.Pupils[2].Guardians[0].Email != "b@example.com" || len(r.Pupils[0].Guardians) != 0 ||
			!warned(report, roster.ReasonAmbiguousPupil, 4) || !warned(report, roster.ReasonUnknownPupil, 5) {
			t.Fatalf("pupils %s, warnings %s", asJSON(r.Pupils), asJSON(report.Warnings))
		}
	}
}

func TestAListOfParentsNamesTheirChildren(t *testing.T) {
	t.Parallel()
	r, report := read(t, options(), mainList, csvFile("Code;Achternaam;Email;Leerlingcodes", `p1;Bos;ouder@example.com;"1234, 1235"`, "p2;Vos;vos@example.com;00077", "p3;X;x@example.com;999"))
	if r.Pupils[0].Guardians[0] != r.Pupils[1].Guardians[0] || r.Pupils[0].Guardians[0].Email != "ouder@example.com" || r.Pupils[2].Guardians[0].Name != "Vos" || len(r.Pupils[3].Guardians) != 0 {
		t.Fatalf("pupils %s", asJSON(r.Pupils))
	}
	if report.Households.Certain != 1 || r.Households.Certain[0].Reason != roster.BecauseGuardian || !warned(report, roster.ReasonUnknownPupil, 4) {
		t.Fatalf("households %s", asJSON(r.Households))
	}
}

func TestSupplementsKeepWhatTheMainFileSays(t *testing.T) {
	t.Parallel()
	list := csvFile("Leerlingnummer;Roepnaam;Achternaam;Postcode;Klas", "1;Jan;Bos;1234AB;3A", "2;Mia;Smit;;3A")
	r, report := read(t, options(), list, csvFile("Leerlingnummer;Postcode;Huisnummer;Klas;Clusters;Geboortedatum;Mentor", "1;9999ZZ;5;klas 3a;Plus, Schaak;3-11-2017;Bos, An", "2;1234AB;9;3A;;;", "1;1234AB;7;3A;;;"))
	p := r.Pupils[0]
	if p.Postcode != "1234AB" || p.HouseNumber != "7" || p.GroupKey != "3A" || !slices.Equal(p.OtherGroupKeys, []string{"Plus", "Schaak"}) || p.BirthDate.String() != "2017-11-03" || len(p.TeacherKeys) != 1 {
		t.Fatalf("pupil %s", asJSON(p))
	}
	if report.Groups != 3 || !warned(report, roster.ReasonConflictingValue, 2) {
		t.Fatalf("report %s", asJSON(report))
	}
}

func TestASecondFileThatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	refused(t, options(), roster.ReasonUnusable, mainList, csvFile("Leerlingnummer;Postcode", "5;1234AB", "6;1234AB"))
	refused(t, options(), roster.ReasonSecondRoster, mainList, csvFile("Leerlingnummer;Roepnaam;Achternaam;Klas", "1235;Mia;Smit;3A", "6;Jo;Vos;3A", "8;Ed;Vos;3A"))
	refused(t, options(), roster.ReasonNoHeader, mainList, csvFile("x;y", "1;2"))
}

func TestTeacherTablesAreReadFromFilesAndFromTheClipboard(t *testing.T) {
	t.Parallel()
	want := `[{"key":"gunes|ayse","key_from_name":true,"given":"Ayse","surname":"Gunes","display_name":"Ayse Gunes","email":"a.gunes@school.example","roles":["mentor"],"groups":[{"group_key":"3A","roles":["mentor"]}]},` +
		`{"key":"jansen|per","key_from_name":true,"given":"Per","surname":"Jansen","display_name":"Per Jansen","roles":["group","subject"],"groups":[{"group_key":"3A","roles":["group"]},{"group_key":"4B","roles":["subject"],"subject":"Gym"}]}]`
	for name, text := range map[string]string{
		"a CSV file":            "groep;leerkracht;rol;vak;email\r\n3A;Gunes, Ayse;mentor;;A.Gunes@School.example\r\n3A;Per Jansen;;;\r\n4B;Per Jansen;vak;Gym;\r\n4b;;;;\r\n",
		"pasted with header":    "Groep\tLeerkracht\tRol\tVak\tE-mail\n3A\tGunes, Ayse\tmentor\t\ta.gunes@school.example\n3A\tPer Jansen\tLRK\t\t\n4B\tPer Jansen\t\tGym\t\n",
		"pasted without header": "3A\tGunes, Ayse\tmentor\t\ta.gunes@school.example\n3A\tPer Jansen\n4B\tPer Jansen\tVAK\tGym\n",
		"columns in any order":  "email,vak,leerkracht,klas,rol\na.gunes@school.example,,\"Gunes, Ayse\",3A,mentor\n,,Per Jansen,3A,leerkracht\n,Gym,Per Jansen,4B,\n",
	} {
		r, report := roster.ParseTeacherTable([]byte(text), options())
		if r == nil {
			t.Errorf("%s: %s", name, asJSON(report.Errors))
			continue
		}
		if got := asJSON(r.Teachers); got != want || report.Groups != 2 {
			t.Errorf("%s: %s", name, got)
		}
	}
	for _, text := range []string{"", "\x00\x01", "<html>", "PK\x03\x04"} {
		if r, report := roster.ParseTeacherTable([]byte(text), options()); r != nil || report.Readable() {
			t.Errorf("%q was read", text)
		}
	}
}
