package roster_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/roster"
)

func TestRealWorldEdeXMLReadsWhollyThoughNoSchemaAcceptsIt(t *testing.T) {
	t.Parallel()
	r, report := read(t, roster.Options{}, sample(t, "edex-2.1-realworld-not-schema-valid.xml"))
	if report.Pupils != 12 || report.Leavers != 1 || report.Groups != 3 || report.Teachers != 3 || report.Format != "edexml" || report.FormatVersion != "2.1" ||
		report.Encoding != "utf-8-bom" || report.MissingPostcode != 1 || len(report.Warnings) != 0 {
		t.Fatalf("report %s", asJSON(report))
	}
	if r.SchoolYear != "2026-2027" || r.ReferenceDate != today || r.SchoolCode != "99ZX" {
		t.Fatalf("header %s %s %s", r.SchoolYear, r.ReferenceDate, r.SchoolCode)
	}
	want := []string{"100001|Sanne|van den|Berg|2017-11-03|1234AB|G3A", "100002|Thijs|van den|Berg|2015-02-17|1234AB|G56", "100003|Yasmina|El|Amrani|2018-01-22|1234AB|G3A",
		"100004|Zoë|de|Vries|2017-12-30|1235XZ|G3A", "100005|Noël|de|Vries|2017-12-30|1235XZ|G3A", "100006|Efe||Özdemir-Smit|2014-06-09|1236CD|G56",
		"100007|Lieke||Smit|2018-03-14|1236CD|G3A", "100008|Kacper||Łukasik|2014-09-01|1237EE|G56", "100009|Renée||Peeters|2015-05-28|2387|G56",
		"100010|Jürgen||Müller|2014-10-11|47533|G56", "100011|D'Angelo|van 't|Hof|2015-07-19||G56", "100012|Mila|van|Dijk|2018-04-02|1238FG|G3A"}
	if got := briefs(r); !slices.Equal(got, want) {
		t.Fatalf("pupils\n%s", strings.Join(got, "\n"))
	}
	if p := r.Pupils[1]; p.Year != "5" || !slices.Equal(p.OtherGroupKeys, []string{"SG1"}) || p.Leaver {
		t.Fatalf("pupil %s", asJSON(p))
	}
	if !r.Pupils[11].Leaver || r.Pupils[11].Historic {
		t.Fatal("100012 has not left")
	}
	if c, p := r.Households.Certain, r.Households.Proposed; len(c) != 0 || len(p) != 2 || p[0].Reason != roster.BecausePostcode || len(p[0].Vetoes) != 0 ||
		!slices.Equal(p[0].PupilKeys, []string{"100001", "100002"}) || !slices.Equal(p[1].PupilKeys, []string{"100004", "100005"}) {
		t.Fatalf("households %s", asJSON(r.Households))
	}
	if !slices.Equal(report.Dropped, []string{"geslacht", "toevoegingen", "voorletters-1"}) {
		t.Fatalf("dropped %q", report.Dropped)
	}
}

func TestSchemaValidEdeXMLGivesTheSamePupils(t *testing.T) {
	t.Parallel()
	a, _ := read(t, roster.Options{}, sample(t, "edex-2.1-realworld-not-schema-valid.xml"))
	b, _ := read(t, roster.Options{}, sample(t, "edex-2.1-schema-valid.xml"))
	if one, other := content(a), content(b); one != other {
		t.Fatalf("%s is not %s", one, other)
	}
	if got := a.Teachers[2]; got.DisplayName != "Per Jansen-Björk" || asJSON(got.Groups) != `[{"group_key":"G56","roles":["group"]},{"group_key":"G3A","roles":["assistant"]}]` {
		t.Fatalf("teacher %s", asJSON(got))
	}
}

func TestOfficialEdeXMLExampleReads(t *testing.T) {
	t.Parallel()
	r, report := read(t, roster.Options{CitizenLast4: true}, sample(t, "EDEXML.Voorbeeld.2.1.xml"))
	want := []string{"00001|Wimpie|imp|ie|2006-06-21||GRP4B", "00002|||Assati||6971VB|", "12345|Gradje|van 't|Hof|2006-06-21||"}
	if got := briefs(r); !slices.Equal(got, want) {
		t.Fatalf("pupils %q", got)
	}
	if last := r.Pupils[2]; !last.Historic || !last.Leaver || last.CitizenLast4 != "2731" || report.Leavers != 1 {
		t.Fatalf("historic pupil %s", asJSON(last))
	}
	if !slices.Contains(report.Dropped, "bsn") || !slices.Contains(report.Dropped, "land_vader") || !slices.Contains(report.Dropped, "eckid") {
		t.Fatalf("dropped %q", report.Dropped)
	}
	if text := asJSON(r) + asJSON(report); strings.Contains(text, "133456785") || strings.Contains(text, "Ismaël") || strings.Contains(text, "id.school") {
		t.Fatal("a value that may not be kept was kept")
	}
	without, report := read(t, roster.Options{}, sample(t, "EDEXML.Voorbeeld.2.1.xml"))
	if without.Pupils[2].CitizenLast4 != "" || !slices.Contains(report.Dropped, "bsn_ondwnr-4") {
		t.Fatal("the last digits were read without being asked for")
	}
	if lk2 := r.Teachers[1]; len(lk2.Groups) != 5 || lk2.Groups[1].GroupKey != "sg1" {
		t.Fatalf("teacher %s", asJSON(lk2))
	}
}

func TestTheTwoDutchCSVTwinsGiveTheSamePupils(t *testing.T) {
	t.Parallel()
	utf8, first := read(t, options(), sample(t, "leerlingen-semicolon-utf8bom.csv"))
	ansi, second := read(t, options(), sample(t, "leerlingen-semicolon-windows1252.csv"))
	if first.Encoding != "utf-8-bom" || second.Encoding != "windows-1252" || first.Separator != ";" {
		t.Fatalf("encodings %s and %s", first.Encoding, second.Encoding)
	}
	utf8.Pupils[7].Surname = strings.ReplaceAll(utf8.Pupils[7].Surname, "Ł", "L") // Windows-1252 has no such letter
	if one, other := content(utf8), content(ansi); one != other {
		t.Fatalf("%s is not %s", one, other)
	}
	for _, report := range []*roster.Report{first, second} {
		if report.Pupils != 12 || report.Groups != 2 || report.Teachers != 3 || report.Households != (roster.HouseholdCounts{Certain: 3}) ||
			!slices.Equal(report.Dropped, []string{"Geslacht"}) || report.WarningCount != 2 ||
			!warned(report, roster.ReasonBadEmail, 12) || !warned(report, roster.ReasonBadPhone, 12) {
			t.Fatalf("report %s", asJSON(report))
		}
	}
	edex, _ := read(t, options(), sample(t, "edex-2.1-realworld-not-schema-valid.xml"))
	for i, p := range ansi.Pupils {
		other := edex.Pupils[i]
		if p.Key != other.Key || p.Given != other.Given || p.Prefix != other.Prefix || p.BirthDate != other.BirthDate || p.Postcode != other.Postcode {
			t.Errorf("CSV has %s, EdeXML %s", brief(p), brief(other))
		}
	}
}

func TestDutchCSVDetails(t *testing.T) {
	t.Parallel()
	r, _ := read(t, options(), sample(t, "leerlingen-semicolon-utf8bom.csv"))
	wantPhones := []string{"+31612345678", "+31612345678", "+31612345670", "+31612345671", "+31612345671", "+31612345672", "+31612345672", "+48512345678", "+32470123456", "+4915123456789", "", "+31612345674"}
	for i, p := range r.Pupils {
		if got := p.Guardians[0].PhoneE164; got != wantPhones[i] || (got != "") != p.Guardians[0].PhoneMobile {
			t.Errorf("pupil %d: phone %q, mobile %v", i, got, p.Guardians[0].PhoneMobile)
		}
	}
	if g := r.Pupils[3].Guardians[1]; g.PhoneE164 != "+31206234567" || g.PhoneMobile || g.Email != "" {
		t.Errorf("fixed line %s", asJSON(g))
	}
	if g := r.Pupils[10].Guardians; asJSON(g) != `[{"name":"W. van 't Hof"}]` {
		t.Errorf("guardian without contacts %s", asJSON(g))
	}
	if got := r.Pupils[5].Guardians[0].Email; got != "s.smit@example.com" {
		t.Errorf("e-mail %q", got)
	}
	var teachers []string
	for _, teacher := range r.Teachers {
		teachers = append(teachers, teacher.DisplayName+"/"+teacher.Surname)
	}
	if want := []string{"Ayse Gunes/Gunes", "Chloë van 't Berg/Berg", "Per Jansen-Björk/Jansen-Björk"}; !slices.Equal(teachers, want) {
		t.Errorf("teachers %q", teachers)
	}
	if p := r.Pupils[1]; len(p.TeacherKeys) != 2 || p.TeacherKeys[1] != r.Teachers[2].Key || p.HouseNumber != "12" {
		t.Errorf("pupil %s", asJSON(p))
	}
	if g := r.Teachers[0].Groups; asJSON(g) != `[{"group_key":"3A Zeesterren","roles":["group"]}]` {
		t.Errorf("groups %s", asJSON(g))
	}
}

func TestMagisterListWithAndWithoutItsSupplement(t *testing.T) {
	t.Parallel()
	magister, supplement := sample(t, "magister-style-comma-utf8bom.csv"), sample(t, "postcode-supplement.csv")
	r, report := read(t, options(), magister)
	if report.Households != (roster.HouseholdCounts{}) || report.Separator != "," || r.Teachers[0].DisplayName != "Noor van Elst" || report.MissingPostcode != 12 {
		t.Fatalf("report %s", asJSON(report))
	}
	if r.Pupils[1].TeacherKeys != nil || len(r.Pupils[0].TeacherKeys) != 1 || asJSON(r.Teachers[0].Groups) != `[{"group_key":"2HB","roles":["mentor"]}]` {
		t.Fatalf("mentor %s %s", asJSON(r.Pupils[:2]), asJSON(r.Teachers))
	}
	both, report := read(t, options(), magister, supplement)
	turned, _ := read(t, options(), supplement, magister)
	if asJSON(both) != asJSON(turned) {
		t.Fatal("the order of the files matters")
	}
	if report.MissingPostcode != 0 || report.Encoding != "utf-8-bom" || len(report.Files) != 2 || report.Files[1].Kind != roster.KindSupplement || report.Files[1].Encoding != "utf-8" {
		t.Fatalf("report %s", asJSON(report))
	}
	households := `{"certain":[{"pupil_keys":["100001","100002"],"reason":"same-address","vetoes":[]},{"pupil_keys":["100004","100005"],"reason":"same-address","vetoes":[]}],` +
		`"proposed":[{"pupil_keys":["100006","100007"],"reason":"half-surname","vetoes":[]}]}`
	if got := asJSON(both.Households); got != households {
		t.Fatalf("households %s", got)
	}
	if p := both.Pupils[10]; p.Postcode != "1239ZZ" || p.HouseNumber != "" {
		t.Fatalf("pupil without house number %s", brief(p))
	}
}

func TestASupplementAddsToEdeXMLToo(t *testing.T) {
	t.Parallel()
	edex, supplement := sample(t, "edex-2.1-realworld-not-schema-valid.xml"), sample(t, "postcode-supplement.csv")
	r, report := read(t, options(), edex, supplement)
	if report.Format != "edexml" || report.Households != (roster.HouseholdCounts{Certain: 2, Proposed: 1}) || r.Pupils[0].HouseNumber != "12" || r.Pupils[10].Postcode != "1239ZZ" {
		t.Fatalf("report %s", asJSON(report))
	}
	teachers := csvFile("groep;leerkracht;rol;vak;email", "3a zeesterren;Gunes, Ayse;;;other@school.example", "Plusklas;Anna Bos;vak;Chess;a.bos@school.example", "4C;Anna Bos;;;")
	r, report = read(t, options(), teachers, edex, supplement)
	if report.Teachers != 4 || !warned(report, roster.ReasonUnknownGroup, 4) {
		t.Fatalf("report %s", asJSON(report))
	}
	if got := asJSON(r.Teachers[0].Groups); got != `[{"group_key":"G3A","roles":["group"]}]` || r.Teachers[0].Email != "a.gunes@school.example" {
		t.Fatalf("known teacher %s %s", got, r.Teachers[0].Email)
	}
	if got := asJSON(r.Teachers[3]); got != `{"key":"bos|anna","key_from_name":true,"given":"Anna","surname":"Bos","display_name":"Anna Bos","email":"a.bos@school.example","roles":["subject"],"groups":[{"group_key":"SG1","roles":["subject"],"subject":"Chess"}]}` {
		t.Fatalf("new teacher %s", got)
	}
}

func TestReportWritesItsListsEvenIfEmpty(t *testing.T) {
	t.Parallel()
	_, report := read(t, options(), sample(t, "magister-style-comma-utf8bom.csv"))
	text := asJSON(report)
	for _, want := range []string{`"format":"csv"`, `"encoding":"utf-8-bom"`, `"pupils":12`, `"leavers":0`, `"groups":1`, `"teachers":1`,
		`"households":{"certain":0,"proposed":0}`, `"dropped":[]`, `"warnings":[]`, `"errors":[]`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing in %s", want, text)
		}
	}
	_, report = roster.Read(nil, options())
	if text := asJSON(report); strings.Contains(text, "null") || report.Readable() {
		t.Errorf("report of nothing %s", text)
	}
}

// where says from which file a thing came: in what writing, of when, and on which lines.
var where = regexp.MustCompile(`"(encoding|school_year|reference_date)":"[^"]*",|,"line":\d+`)

// content gives what a roster says, without where it stood.
func content(r *roster.Roster) string { return where.ReplaceAllString(asJSON(r), "") }
