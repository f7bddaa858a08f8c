package roster_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"github.com/ouderavond/ouderavond/booking/roster"
)

// document puts parts into an EdeXML document.
func document(parts ...string) roster.File {
	return roster.File{Name: "EDEX.XML", Data: []byte(`<?xml version="1.0" encoding="UTF-8"?><EDEX>` + strings.Join(parts, "\n") + `</EDEX>`)}
}

const (
	schoolPart  = `<school><schooljaar>2026-2027</schooljaar><aanmaakdatum>2026-11-20</aanmaakdatum><xsdversie>1.03</xsdversie></school>`
	groupsPart  = `<groepen><groep key=" G1 "><naam>3A</naam><jaargroep>3</jaargroep></groep><samengestelde_groep key="S1"><naam>Plus</naam></samengestelde_groep></groepen>`
	pupilsPart  = `<leerlingen><leerling key="1 "><achternaam>Bos</achternaam><roepnaam>Jan</roepnaam><groep key="G1"/><samengestelde_groepen><samengestelde_groep key="S1"/></samengestelde_groepen></leerling></leerlingen>`
	teacherPart = `<leerkrachten><leerkracht key="L1"><roepnaam>Anna</roepnaam><rol>OUD</rol><rol>IB</rol><groepen><samengestelde_groep key="S1"/><groep key="G1"><rol>VAK</rol></groep></groepen></leerkracht></leerkrachten>`
)

func TestTheOrderOfTheDocumentDoesNotMatter(t *testing.T) {
	t.Parallel()
	forward, _ := read(t, options(), document(schoolPart, groupsPart, pupilsPart, teacherPart))
	backward, report := read(t, options(), document(teacherPart, pupilsPart, groupsPart, schoolPart))
	if a, b := asJSON(anonymous(forward)), asJSON(anonymous(backward)); a != b {
		t.Fatalf("%s\n%s", a, b)
	}
	p := forward.Pupils[0]
	if p.Key != "1" || p.GroupKey != "G1" || p.OtherGroupKeys[0] != "S1" || p.Year != "3" || report.FormatVersion != "1.03" || len(report.Warnings) != 0 {
		t.Fatalf("pupil %s, report %s", asJSON(p), asJSON(report))
	}
	if got := asJSON(forward.Teachers[0]); got != `{"key":"L1","given":"Anna","display_name":"Anna","roles":["parent","care"],"groups":[{"group_key":"S1","roles":["parent","care"]},{"group_key":"G1","roles":["subject"]}]}` {
		t.Fatalf("teacher %s", got)
	}
}

func TestUWLRMessagesAreReadLikeEdeXML(t *testing.T) {
	t.Parallel()
	plain, _ := read(t, options(), document(schoolPart, groupsPart, pupilsPart, teacherPart))
	inner := schoolPart + groupsPart + pupilsPart + teacherPart
	namespaced := strings.NewReplacer("</", "</u:", "<", "<u:").Replace(inner)
	for name, text := range map[string]string{
		"a bare answer": `<leerlinggegevens xmlns="http://www.edustandaard.nl/leerresultaten/2/leerlinggegevens">` + inner + `</leerlinggegevens>`,
		"a SOAP envelope": `<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header><x><EDEX/></x></soap:Header><soap:Body>` +
			`<leerlinggegevens_antwoord><leerlinggegevens>` + inner + `</leerlinggegevens></leerlinggegevens_antwoord></soap:Body></soap:Envelope>`,
		"a prefix on every element": `<u:leerlinggegevens xmlns:u="http://www.edustandaard.nl/leerresultaten/2/leerlinggegevens">` + namespaced + `</u:leerlinggegevens>`,
	} {
		r, report := read(t, options(), roster.File{Name: "answer.xml", Data: []byte(text)})
		if got, want := asJSON(anonymous(r)), asJSON(anonymous(plain)); got != want || report.Format != "edexml" {
			t.Errorf("%s: %s", name, got)
		}
	}
	r, _ := read(t, options(), roster.File{Data: []byte(`<leerlinggegevens><leerlingen><leerling eckid="https://ketenid.example/1"><roepnaam>Jan</roepnaam></leerling><leerling><roepnaam>Mia</roepnaam></leerling></leerlingen></leerlinggegevens>`)})
	bare, _ := read(t, options(), roster.File{Data: []byte(`<leerlinggegevens>` + strings.NewReplacer("<leerlingen>", "", "</leerlingen>", "", "<leerkrachten>", "", "</leerkrachten>", "", "<groepen><groep key=\" G1 \">", "<groep key=\"G1\">",
		"</samengestelde_groep></groepen>", "</samengestelde_groep>").Replace(inner) + `</leerlinggegevens>`)})
	if a, b := asJSON(anonymous(bare)), asJSON(anonymous(plain)); a != b {
		t.Errorf("without lists\n%s\n%s", a, b)
	}
	if r.Pupils[0].Key != "https://ketenid.example/1" || r.Pupils[0].KeyIsTemporary || !r.Pupils[1].KeyIsTemporary {
		t.Errorf("keys %s", asJSON(r.Pupils))
	}
}

func TestXMLEncodingsAreHonouredAndWrongLabelsSeenThrough(t *testing.T) {
	t.Parallel()
	body := `<EDEX><leerlingen><leerling key="1"><achternaam>Müller</achternaam><roepnaam>Zoë</roepnaam></leerling></leerlingen></EDEX>`
	latin := func(s string) []byte {
		b, _ := charmap.Windows1252.NewEncoder().Bytes([]byte(s))
		return b
	}
	tests := map[string]struct {
		data     []byte
		encoding string
		warning  bool
	}{
		"UTF-8":                         {[]byte(`<?xml version="1.0" encoding="UTF-8"?>` + body), "utf-8", false},
		"no declaration":                {[]byte(body), "utf-8", false},
		"XML 1.1":                       {[]byte(`<?xml version="1.1" encoding="UTF-8"?>` + body), "utf-8", false},
		"a mark before the declaration": {append([]byte("\xef\xbb\xbf"), `<?xml version="1.0" encoding="UTF-8"?>`+body...), "utf-8-bom", false},
		"Windows-1252":                  {latin(`<?xml version="1.0" encoding="windows-1252"?>` + body), "windows-1252", false},
		"Latin-1 without accents":       {[]byte(`<?xml version="1.0" encoding="ISO-8859-1"?>` + strings.NewReplacer("ë", "&#235;", "ü", "&#xfc;").Replace(body)), "windows-1252", false},
		"Latin-1":                       {latin(`<?xml version='1.0' encoding='ISO-8859-1'?>` + body), "windows-1252", false},
		"UTF-16 with mark":              {append([]byte("\xff\xfe"), wide(`<?xml version="1.0" encoding="UTF-16"?>`+body, 0)...), "utf-16le", false},
		"UTF-16 that is UTF-8":          {[]byte(`<?xml version="1.0" encoding="utf-16"?>` + body), "utf-8", false},
		"UTF-8 that is Windows-1252":    {latin(`<?xml version="1.0" encoding="UTF-8"?>` + body), "windows-1252", true},
		"Latin-1 that is UTF-8":         {[]byte(`<?xml version="1.0" encoding="ISO-8859-1"?>` + body), "utf-8", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, report := read(t, options(), roster.File{Name: "x.xml", Data: tt.data})
			if p := r.Pupils[0]; p.Given != "Zoë" || p.Surname != "Müller" || report.Encoding != tt.encoding || warned(report, roster.ReasonMislabelledEncoding, 1) != tt.warning {
				t.Fatalf("pupil %s, encoding %s, warnings %s", brief(p), report.Encoding, asJSON(report.Warnings))
			}
		})
	}
}

func TestLeaversAreToldByTheDateOfTheFile(t *testing.T) {
	t.Parallel()
	pupil := func(left, year string) string {
		return `<leerlingen><leerling key="1"><roepnaam>Jan</roepnaam><achternaam>Bos</achternaam><jaargroep>` + year + `</jaargroep><uitstroomdatum>` + left + `</uitstroomdatum></leerling></leerlingen>`
	}
	tests := map[string]struct {
		school, left, year string
		opts               roster.Options
		leaver             bool
	}{
		"left before the reference date":            {"<peildatum>2026-10-01</peildatum><aanmaakdatum>2026-11-20</aanmaakdatum>", "2026-09-30", "3", roster.Options{}, true},
		"leaves on the reference date":              {"<peildatum>2026-10-01</peildatum>", "2026-10-01", "3", roster.Options{}, false},
		"left between reference and creation":       {"<peildatum>2026-10-01</peildatum><aanmaakdatum>2026-11-20T10:00:00</aanmaakdatum>", "2026-10-30", "3", roster.Options{}, false},
		"left before creation":                      {"<aanmaakdatum>2026-11-20T10:00:00Z</aanmaakdatum>", "2026-10-30", "3", roster.Options{}, true},
		"left before the date of the options":       {"", "2026-10-30", "3", options(), true},
		"leaves after the date of the options":      {"", "2026-12-30+01:00", "3", options(), false},
		"left, and no date is known":                {"", "2026-10-30", "3", roster.Options{}, true},
		"an empty leaving date":                     {"", "", "3", options(), false},
		"historic":                                  {"", "", "H", options(), true},
		"an old file knows better than the options": {"<peildatum>2014-10-01</peildatum>", "2020-01-01", "3", options(), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, report := read(t, tt.opts, document("<school>"+tt.school+"</school>", pupil(tt.left, tt.year)))
			if r.Pupils[0].Leaver != tt.leaver || (report.Leavers == 1) != tt.leaver || report.Pupils != 1 || len(report.Warnings) != 0 {
				t.Fatalf("leaver %v, report %s", r.Pupils[0].Leaver, asJSON(report))
			}
		})
	}
}

func TestOddEdeXMLIsReadWithAWarning(t *testing.T) {
	t.Parallel()
	one := func(inner string) roster.File {
		return document(schoolPart, groupsPart, `<leerlingen><leerling key="1"><roepnaam>Jan</roepnaam><achternaam>Bos</achternaam>`+inner+`</leerling></leerlingen>`)
	}
	tests := map[string]struct {
		file   roster.File
		reason roster.Reason
		want   string
	}{
		"a group that is not there":     {one(`<groep key="nope"/>`), roster.ReasonUnresolvedReference, "1|Jan||Bos|||"},
		"a postcode that is none":       {one(`<postcodenl>12345AB</postcodenl>`), roster.ReasonBadPostcode, "1|Jan||Bos|||"},
		"a child of 40":                 {one(`<geboortedatum>1986-01-01</geboortedatum>`), roster.ReasonImplausibleAge, "1|Jan||Bos|||"},
		"a date that is none":           {one(`<geboortedatum>2017-02-30</geboortedatum>`), roster.ReasonBadDate, "1|Jan||Bos|||"},
		"control characters":            {one("<geboortedatum>2017-02-03</geboortedatum>\x0b"), roster.ReasonControlCharacters, "1|Jan||Bos|2017-02-03||"},
		"a school year out of order":    {document(`<school><schooljaar>2026-2028</schooljaar></school>`, pupilsPart, groupsPart), roster.ReasonBadSchoolYear, "1|Jan||Bos|||G1"},
		"no surname":                    {document(`<leerlingen><leerling key="1"><roepnaam>Jan</roepnaam></leerling></leerlingen>`), roster.ReasonMissingSurname, "1|Jan|||||"},
		"no given name":                 {document(`<leerlingen><leerling key="1"><achternaam>Bos</achternaam></leerling></leerlingen>`), roster.ReasonMissingGivenName, "1|||Bos|||"},
		"the same pupil twice":          {document(pupilsPart, pupilsPart, groupsPart), roster.ReasonRepeatedRow, "1|Jan||Bos|||G1"},
		"letters lost on the way":       {document(`<leerlingen><leerling key="1"><roepnaam>Zo�</roepnaam><achternaam>Bos</achternaam></leerling></leerlingen>`), roster.ReasonDamagedLetters, "1|Zo�||Bos|||"},
		"UTF-8 read as Windows before":  {document(`<leerlingen><leerling key="1"><roepnaam>ZoÃ«</roepnaam><achternaam>Bos</achternaam></leerling></leerlingen>`), roster.ReasonDamagedLetters, "1|ZoÃ«||Bos|||"},
		"no key":                        {document(`<leerlingen><leerling><roepnaam>Jan</roepnaam><achternaam>Bos</achternaam></leerling></leerlingen>`), roster.ReasonMissingKey, "#0001|Jan||Bos|||"},
		"a teacher who is there before": {document(pupilsPart, groupsPart, teacherPart, teacherPart), roster.ReasonRepeatedRow, "1|Jan||Bos|||G1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, report := read(t, options(), tt.file)
			if !warned(report, tt.reason, -1) || report.WarningCount > 2 || brief(r.Pupils[0]) != tt.want || len(r.Pupils) != 1 {
				t.Fatalf("pupil %q, warnings %s", brief(r.Pupils[0]), asJSON(report.Warnings))
			}
		})
	}
	f := refused(t, options(), roster.ReasonDuplicateKey, document(`<leerlingen><leerling key="1"><roepnaam>Jan</roepnaam></leerling>`, `<leerling key="1"><roepnaam>Mia</roepnaam></leerling></leerlingen>`))
	if f.Line != 2 {
		t.Errorf("finding %s", asJSON(f))
	}
	refused(t, options(), roster.ReasonMissingName, document(`<leerlingen><leerling key="1"><voornamen>Jan</voornamen></leerling></leerlingen>`))
	refused(t, options(), roster.ReasonSecondRoster, document(pupilsPart), document(pupilsPart))
}

func TestKeysWithAHashAreTemporary(t *testing.T) {
	t.Parallel()
	r, report := read(t, options(), document(`<leerlingen><leerling key="#001"><roepnaam>Jan</roepnaam><achternaam>de Bos</achternaam><voorvoegsel></voorvoegsel></leerling></leerlingen>`))
	if p := r.Pupils[0]; !p.KeyIsTemporary || p.Key != "#001" || p.Prefix != "de" || report.TemporaryKeys != 1 {
		t.Fatalf("pupil %s", asJSON(p))
	}
}

func TestVendorBlocksHideTheirContentsAtAnyPlace(t *testing.T) {
	t.Parallel()
	block := `<toevoegingen><blok><leerling key="9"><roepnaam>Nobody</roepnaam></leerling><leerlingen><leerling key="8"><roepnaam>Nobody</roepnaam></leerling></leerlingen></blok></toevoegingen>`
	r, report := read(t, options(), document(block, strings.ReplaceAll(schoolPart, "</school>", block+"</school>"), strings.ReplaceAll(groupsPart, "<naam>", block+"<naam>"),
		strings.ReplaceAll(pupilsPart, "<achternaam>", block+"<achternaam>"), block, strings.ReplaceAll(teacherPart, "<rol>IB", block+"<rol>IB")))
	if len(r.Pupils) != 1 || len(report.Warnings) != 0 || strings.Contains(asJSON(r), "Nobody") || asJSON(report.Dropped) != `["toevoegingen"]` {
		t.Fatalf("roster %s, report %s", asJSON(r), asJSON(report))
	}
}

func TestFiveThousandPupilsReadFast(t *testing.T) {
	t.Parallel()
	var xml, list bytes.Buffer
	xml.WriteString("<EDEX>" + schoolPart + groupsPart + "<leerlingen>")
	list.WriteString("Leerlingnummer;Roepnaam;Tussenvoegsel;Achternaam;Geboortedatum;Postcode;Huisnummer;Klas;Mentor;Ouder 1 email;Ouder 1 mobiel\n")
	for i := range 5000 {
		fmt.Fprintf(&xml, `<leerling key="%d"><achternaam>Bos%d</achternaam><voorvoegsel>van den</voorvoegsel><roepnaam>Zoë</roepnaam><geboortedatum>2014-05-%02d</geboortedatum><groep key="G1"/><postcodenl>%dAB</postcodenl></leerling>`,
			i+1, i/2, i%28+1, 1000+i%900)
		fmt.Fprintf(&list, "%d;Zoë;van den;Bos%d;%d-5-2014;%d AB;%d;%dA;Gunes, Ayse;ouder%d@example.com;06-1%07d\n", i+1, i/2, i%28+1, 1000+i%900, i%90+1, i%60, i/2, i/2)
	}
	xml.WriteString("</leerlingen></EDEX>")
	for name, data := range map[string][]byte{"x.xml": xml.Bytes(), "x.csv": list.Bytes()} {
		r, report := read(t, options(), roster.File{Name: name, Data: data})
		if len(r.Pupils) != 5000 || report.MissingBirthDate != 0 || (name == "x.csv" && report.Households.Certain+report.Households.Proposed < 2500) {
			t.Errorf("%s: report %s", name, asJSON(report))
		}
	}
}

func BenchmarkReadFiveThousandPupils(b *testing.B) {
	var list bytes.Buffer
	list.WriteString("Leerlingnummer;Roepnaam;Tussenvoegsel;Achternaam;Geboortedatum;Postcode;Huisnummer;Klas;Mentor;Ouder 1 email;Ouder 1 mobiel\n")
	for i := range 5000 {
		fmt.Fprintf(&list, "%d;Zoë;van den;Bos%d;%d-5-2014;%d AB;%d;%dA;Gunes, Ayse;ouder%d@example.com;06-1%07d\n", i+1, i/2, i%28+1, 1000+i%900, i%90+1, i%60, i/2, i/2)
	}
	for b.Loop() {
		read(b, options(), roster.File{Name: "x.csv", Data: list.Bytes()})
	}
}
