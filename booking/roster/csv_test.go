package roster_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"github.com/ouderavond/ouderavond/booking/roster"
)

func TestARowPerLessonBecomesOnePupilWithAllLessons(t *testing.T) {
	t.Parallel()
	r, report := read(t, options(), csvFile(
		"Schoolnaam,Brincode,Locatiecode,Studierichting,lesJaarlaag,Schooljaar,leeStamNummer,leeAchternaam,leeTussenvoegsels,leeVoornaam,lesNaam,vakNaam,docStamNummer,docAchternaam,docTussenvoegsels,docVoornaam,IsMentor",
		"School,99ZX,00,HAVO,2,2026,100001,Berg,van den,Sanne,2HB.wis,Wiskunde,GUN,Gunes,,Ayse,0",
		"School,99ZX,00,HAVO,2,2026,100001,Berg,van den,Sanne,2HB,Mentorles,ELS,Elst,van,Noor,1",
		"School,99ZX,00,HAVO,2,2026,100002,Smit,,Lieke,2HB,Mentorles,ELS,Elst,van,Noor,1",
		"School,99ZX,00,HAVO,2,2026,100002,Smit,,Lieke,2HB.wis,Wiskunde,GUN,Gunes,,Ayse,0"))
	if report.Pupils != 2 || report.Teachers != 2 || report.Groups != 2 || len(report.Warnings) != 0 {
		t.Fatalf("report %s", asJSON(report))
	}
	if p := r.Pupils[0]; p.GroupKey != "2HB.wis" || !slices.Equal(p.OtherGroupKeys, []string{"2HB"}) || !slices.Equal(p.TeacherKeys, []string{"ELS"}) || p.Year != "2" {
		t.Fatalf("pupil %s", asJSON(p))
	}
	want := `[{"key":"GUN","given":"Ayse","surname":"Gunes","display_name":"Ayse Gunes","roles":["subject"],"groups":[{"group_key":"2HB.wis","roles":["subject"],"subject":"Wiskunde"}]},` +
		`{"key":"ELS","given":"Noor","prefix":"van","surname":"Elst","display_name":"Noor van Elst","roles":["mentor","subject"],"groups":[{"group_key":"2HB","roles":["mentor"]},{"group_key":"2HB","roles":["subject"],"subject":"Mentorles"}]}]`
	if got := asJSON(r.Teachers); got != want {
		t.Fatalf("teachers %s", got)
	}
}

func TestRowsAboutOnePupilAreUnited(t *testing.T) {
	t.Parallel()
	header := "Leerlingnummer;Roepnaam;Achternaam;Geboortedatum;Postcode;Huisnummer;Klas;Ouder 1 naam;Ouder 1 email"
	r, report := read(t, options(), csvFile(header,
		"1;Jan;Bos;3-11-2017;1234AB;7;3A;M. Bos;m.bos@example.com",
		"1;JAN;Bos;3-11-2017;1234AB;7;3A;M. Bos;m.bos@example.com",
		"1;Jan;Bos;;9876ZZ;1;Plus;P. Vis;p.vis@example.com"))
	p := r.Pupils[0]
	if len(r.Pupils) != 1 || p.Postcode != "1234AB" || p.HouseNumber != "7" || !slices.Equal(p.OtherGroupKeys, []string{"Plus"}) || len(p.Guardians) != 2 || p.Line != 2 {
		t.Fatalf("pupil %s", asJSON(p))
	}
	if !warned(report, roster.ReasonConflictingValue, 4) || report.WarningCount != 1 {
		t.Fatalf("warnings %s", asJSON(report.Warnings))
	}
	r, _ = read(t, options(), csvFile("Roepnaam;Achternaam;Geboortedatum;Groep", "Jan;Bos;3-11-2017;3A", "Jan;Bos;3-11-2017;Plus", "Jan;Bos;4-12-2016;5A", "Mia;Bos;;3A", "Mia;Bos;;5A", "Mia;Bos;;5A"))
	if got := briefs(r); !slices.Equal(got, []string{"#0001|Jan||Bos|2017-11-03||3A", "#0002|Jan||Bos|2016-12-04||5A", "#0003|Mia||Bos|||3A", "#0004|Mia||Bos|||5A"}) {
		t.Fatalf("pupils without numbers %q", got)
	}
	_, report = read(t, options(), csvFile("Nummer;Roepnaam;Achternaam", "0012;Jan;Bos", "12;Mia;Smit", ";Per;Vos"))
	if !warned(report, roster.ReasonSimilarKey, 3) || !warned(report, roster.ReasonMissingKey, 4) || report.TemporaryKeys != 1 {
		t.Fatalf("warnings %s", asJSON(report.Warnings))
	}
}

func TestContactsAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	phones := map[string]string{"06-12345678": "+31612345678", "0612345678": "+31612345678", "612345678": "+31612345678", "31612345678": "+31612345678", "0031 6 1234 5678": "+31612345678",
		"+31(0)612345678": "+31612345678", "06 12 34 56 78 (moeder)": "+31612345678", "06-12345678 moeder": "+31612345678", "mob: 06-12345678": "+31612345678", "020-6234567 / 06-12345678": "+31612345678",
		"06-12345678, alleen na 17:00": "+31612345678", "0470 12 34 56": "+32470123456", "+48 512 345 678": "+48512345678", "020-6234567": "+31206234567",
		"=\"0612345678\"": "+31612345678", "'0612345678": "+31612345678", "٠٦١٢٣٤٥٦٧٨": "+31612345678", "onbekend": "", "06 1234567": "", "023-123456": "", "0900-1234": "", "112": "", "12": "", "06-12345678 of 020-6234567": "+31612345678", "-": "", "@": ""}
	for cell, want := range phones {
		r, report := read(t, options(), csvFile("Nummer;Roepnaam;Achternaam;Telefoon ouder 2", `1;Jan;Bos;"`+strings.ReplaceAll(cell, `"`, `""`)+`"`))
		got := ""
		if g := r.Pupils[0].Guardians; len(g) == 1 {
			got = g[0].PhoneE164
		}
		silent := cell == "-"
		if got != want || (report.WarningCount > 0) != (want == "" && !silent) {
			t.Errorf("%q is read as %q with %d warnings", cell, got, report.WarningCount)
		}
	}
	mails := map[string]string{"Jan@Example.COM ": "jan@example.com", "jan.bos+school@mail.example.com": "jan.bos+school@mail.example.com", "<jan@example.com>": "jan@example.com", "Jan Bos <jan@example.com>": "jan@example.com",
		"mailto:jan@example.com": "jan@example.com", "jan@example.com; mia@example.com": "jan@example.com,mia@example.com", "jan@example": "", "jan": "", "jan@": "", "@example.com": "", "jan@@example.com": "", "jan..bos@example.com": "",
		"jan@example..com": "", "jan bos@example.com": "bos@example.com", "jan@exa_mple.com": "", "jan@-example.com": "", "geen": "", "jan@example.com\r\nBcc: x@example.com": "jan@example.com,x@example.com", ".jan@example.com": "", "jan@example.c": ""}
	for cell, want := range mails {
		r, report := read(t, options(), csvFile("Nummer;Roepnaam;Achternaam;E-mail ouder/verzorger 1", `1;Jan;Bos;"`+cell+`"`))
		var got []string
		for _, g := range r.Pupils[0].Guardians {
			got = append(got, g.Email)
		}
		if silent := cell == "geen"; strings.Join(got, ",") != want || (report.WarningCount > 0) != (want == "" && !silent) {
			t.Errorf("%q is read as %q with %d warnings", cell, got, report.WarningCount)
		}
	}
}

func TestGuardianColumnsAreKnownByManyNames(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"Verzorger 1 e-mail": "guardian1_email", "Emailadres ouder/verzorger 2": "guardian2_email", "E-mail ouder 1": "guardian1_email", "Ouder2 mailadres": "guardian2_email", "Lid mailadres ouder/verzorger 1": "guardian1_email",
		"Email moeder": "guardian1_email", "Vader: e-mail": "guardian2_email", "Mobiel vader": "guardian2_phone", "Telefoon ouder 1": "guardian1_phone", "Naam ouder 1": "guardian1_name", "Ouder 2": "guardian2_name",
		"Verzorger 1 achternaam": "guardian1_surname", "Parent 2 email": "guardian2_email", "Ouders e-mail": "guardian1_email", "GSM moeder": "guardian1_phone", "Verzorger1postcode": "postcode", "Verzorger 2: Telefoonnummer 1": "guardian2_phone", "Email 2 ouder": "guardian2_email", "E-mailadres ouder(s)/verzorger(s) 1": "guardian1_email", "Tel. mobiel moeder": "guardian1_phone",
		"E-mail": "", "Emailadres": "", "E-mail leerling": "", "Mobiel": "", "Telefoon": "", "Landvader": "", "Verzorger 1 geslacht": "", "Verzorger 2 postcode": "", "Verzorger 1 relatie": "",
	}
	for header, want := range tests {
		_, report := read(t, options(), csvFile("Nummer;Roepnaam;Achternaam;"+header, "1;Jan;Bos;"))
		if got := report.Files[0].Columns[3].Field; got != want {
			t.Errorf("%q is bound to %q, want %q", header, got, want)
		}
	}
}

func TestAddressesKeepNothingButPostcodeAndNumber(t *testing.T) {
	t.Parallel()
	tests := map[string]string{"12": "12", "12A": "12A", "12 bis": "12bis", "12-2": "122", "012": "12", "12.0": "12", "101 III": "101III", "": "", "0": "", "A12": "", "onbekend": "", "12-feb": "12feb"}
	for cell, want := range tests {
		r, _ := read(t, options(), csvFile("Nummer;Roepnaam;Achternaam;Postcode;Huisnummer", "1;Jan;Bos;1234AB;"+cell))
		if p := r.Pupils[0]; p.HouseNumber+p.HouseNumberAddition != want {
			t.Errorf("%q is read as %q and %q", cell, p.HouseNumber, p.HouseNumberAddition)
		}
	}
	for address, want := range map[string]string{"Dorpsstraat 12a": "12a", "Plein 1944 12": "", "Weg 12 2": "", "Postbus": "", "Lange Weg 7 bis": "7bis"} {
		r, _ := read(t, options(), csvFile("Nummer;Roepnaam;Achternaam;Postcode;Adres;Plaats", "1;Jan;Bos;1234AB;"+address+";Dorp"))
		if p := r.Pupils[0]; p.HouseNumber+p.HouseNumberAddition != want || strings.Contains(asJSON(r), "Dorp") {
			t.Errorf("%q is read as %q", address, asJSON(p))
		}
	}
	town, _ := read(t, options(), csvFile("Nummer;Roepnaam;Achternaam;Postcode en plaats", "1;Jan;Bos;1234 ab  Dorp aan Zee"))
	if p := town.Pupils[0]; p.Postcode != "1234AB" {
		t.Errorf("postcode with town %q", p.Postcode)
	}
	r, report := read(t, options(), csvFile("Nummer;Roepnaam;Achternaam;Postcode;Huisnummer;Geheim adres", "1;Jan;Bos;1234AB;7;Ja", "2;Mia;Bos;1234AB;7;Nee"))
	if p := r.Pupils[0]; !p.Protected || p.Postcode != "" || p.HouseNumber != "" || report.Protected != 1 || r.Pupils[1].Postcode != "1234AB" || report.Households != (roster.HouseholdCounts{}) {
		t.Errorf("protected pupil %s", asJSON(r))
	}
}

func TestLeaversOfACSVFile(t *testing.T) {
	t.Parallel()
	r, report := read(t, options(), csvFile("Nummer;Roepnaam;Achternaam;Uitschrijfdatum", "1;Jan;Bos;19-11-2026", "2;Mia;Bos;20-11-2026", "3;Per;Bos;", "4;Bo;Bos;31-7-2027", "5;An;Bos;soon"))
	var left []bool
	for _, p := range r.Pupils {
		left = append(left, p.Leaver)
	}
	if !slices.Equal(left, []bool{true, false, false, false, false}) || report.Leavers != 1 || report.Pupils != 5 || !warned(report, roster.ReasonBadDate, 6) {
		t.Fatalf("left %v, report %s", left, asJSON(report))
	}
}

func TestTeacherCells(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"Gunes, Ayse": "Ayse Gunes", "Noor van Elst": "Noor van Elst", "Berg, Chloë van 't; Jansen-Björk, Per": "Chloë van 't Berg+Per Jansen-Björk", "van den Berg, Anne Marie": "Anne Marie van den Berg",
		"Ayse Gunes / Per Jansen": "Ayse Gunes+Per Jansen", "Ayse Gunes & Per Jansen": "Ayse Gunes+Per Jansen", "Ayse Gunes en Per Jansen": "Ayse Gunes+Per Jansen", "Anna/Petra": "Anna+Petra", "juf Anna": "juf Anna",
		"Mw. A. de Vries": "Mw. A. de Vries", "Jansen, Per (JNP)": "Per Jansen", "P. v/d Berg": "P. v/d Berg", "GUN": "GUN", "-": "", "n.v.t.": "", "": "", ";": "", "Ayse Gunes\nPer Jansen": "Ayse Gunes+Per Jansen",
		"Gunes, Ayse, Jansen, Per": "Ayse Gunes+Per Jansen", "Ayse Gunes, Per Jansen, Noor van Elst": "Ayse Gunes+Per Jansen+Noor van Elst", "Güneş, Ayşe | Bos, Jan": "Ayşe Güneş+Jan Bos",
	}
	for cell, want := range tests {
		r, _ := read(t, options(), csvFile("Nummer;Roepnaam;Achternaam;Klas;Leerkracht", `1;Jan;Bos;3A;"`+cell+`"`))
		var got []string
		for _, teacher := range r.Teachers {
			got = append(got, teacher.DisplayName)
		}
		if strings.Join(got, "+") != want || len(r.Pupils[0].TeacherKeys) != len(got) {
			t.Errorf("%q is read as %q", cell, got)
		}
	}
	r, _ := read(t, options(), csvFile("Nummer;Roepnaam;Achternaam;Klas;Mentor", `1;Jan;Bos;3A;"Ayse Gunes, Per Jansen"`, "2;Mia;Bos;3A;Per Jansen", "3;Bo;Bos;3B;AYSE GUNES", "4;An;Bos;3B;"))
	if len(r.Teachers) != 2 || len(r.Pupils[0].TeacherKeys) != 2 || len(r.Teachers[0].Groups) != 1 || r.Teachers[0].Groups[0].GroupKey != "3B" || len(r.Teachers[1].Groups) != 0 {
		t.Errorf("a list with commas, and a group whose pupils have different mentors: %s", asJSON(r.Teachers))
	}
}

func TestMappingAndEncodingByHand(t *testing.T) {
	t.Parallel()
	file := csvFile("Kolom A;Kolom B;Kolom C;Kolom D;E-mail", "1;Jan;Bos;3A;m@example.com")
	refused(t, options(), roster.ReasonNoHeader, file)
	opts := options()
	opts.Mapping = map[string]string{"kolom a": "pupil_number", "KOLOM B": "given", "Kolom-C": "surname", "Kolom D": "group", "e mail": "guardian2_email"}
	r, report := read(t, opts, file)
	if got := brief(r.Pupils[0]); got != "1|Jan||Bos|||3A" || r.Pupils[0].Guardians[0].Email != "m@example.com" || len(report.Dropped) != 0 {
		t.Fatalf("pupil %s", asJSON(r.Pupils[0]))
	}
	opts.Mapping["Kolom D"] = "shoe size"
	refused(t, opts, roster.ReasonBadMapping, file)
	opts.Mapping["Kolom D"] = "ignore"
	if r, _ = read(t, opts, file); r.Pupils[0].GroupKey != "" {
		t.Fatal("an ignored column was read")
	}
	for _, field := range roster.Fields() {
		opts.Mapping["Kolom D"] = string(field)
		if _, report := roster.Read([]roster.File{file}, opts); slices.ContainsFunc(report.Errors, func(f roster.Finding) bool { return f.Reason == roster.ReasonBadMapping }) {
			t.Errorf("%s is listed but cannot be mapped to", field)
		}
	}
	text := "Nummer;Roepnaam;Achternaam\n1;Zoë;Müller\n"
	for label, charset := range map[string]*charmap.Charmap{"cp850": charmap.CodePage850, "macintosh": charmap.Macintosh, "iso-8859-15": charmap.ISO8859_15} {
		data, err := charset.NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		opts := options()
		opts.Encoding = label
		r, report := read(t, opts, roster.File{Name: "x.csv", Data: data})
		if r.Pupils[0].Given != "Zoë" || r.Pupils[0].Surname != "Müller" || report.Encoding != label {
			t.Errorf("%s: %s in %s", label, brief(r.Pupils[0]), report.Encoding)
		}
		if _, report := read(t, options(), roster.File{Name: "x.csv", Data: data}); label == "cp850" && !warned(report, roster.ReasonDamagedLetters, 2) {
			t.Errorf("%s: damaged letters were not seen", label)
		}
	}
	opts = options()
	opts.Encoding = "klingon"
	refused(t, opts, roster.ReasonUnknownEncoding, file)
	mixed := append([]byte("Nummer;Roepnaam;Achternaam\n1;Zoë;Müller\n2;Noël;Łukasik\n3;Rená;Güneş\n4;Zo"), 0xeb, ';', 'B', 'o', 's')
	r, report = read(t, options(), roster.File{Name: "x.csv", Data: mixed})
	if r.Pupils[3].Given != "Zoë" || r.Pupils[1].Surname != "Łukasik" || !warned(report, roster.ReasonMixedEncoding, 0) {
		t.Errorf("mixed file %q", briefs(r))
	}
}
