package sample_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/text/encoding/charmap"

	"github.com/ouderavond/ouderavond/booking/sample"
)

// readTable reads a CSV file into one map per row.
func readTable(t *testing.T, file []byte, separator rune) []map[string]string {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte("\uFEFF"))))
	r.Comma = separator
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatalf("the file does not parse: %v", err)
	}
	var table []map[string]string
	for _, row := range rows[1:] {
		entry := map[string]string{}
		for i, value := range row {
			entry[rows[0][i]] = value
		}
		table = append(table, entry)
	}
	return table
}

func TestParnasSysFilesSayWhatTheSchoolKnows(t *testing.T) {
	t.Parallel()
	s := sample.Generate(sample.Primary())
	for _, quirks := range []bool{false, true} {
		d := sample.ParnasSysCSV(sample.UTF8BOM)
		d.Quirks, d.FamilyCodes = quirks, true
		table := readTable(t, s.CSV(d), ';')
		if len(table) != len(s.Pupils) {
			t.Fatalf("%d rows for %d pupils", len(table), len(s.Pupils))
		}
		for i, row := range table {
			p := s.Pupils[i]
			home, _ := s.Group(p.Groups[0])
			want := []string{p.Number, p.Given, p.Prefix, p.Surname, p.Address.HouseNumber, p.Address.Addition, home.Name, p.FamilyCode, p.Guardians[0].Name}
			got := []string{row["Leerlingnummer"], row["Roepnaam"], row["Tussenvoegsel"], row["Achternaam"], row["Huisnummer"], row["Toevoeging"],
				row["Groep"], row["Gezinscode"], row["Verzorger 1 naam"]}
			if !slices.Equal(got, want) {
				t.Fatalf("row of pupil %s differs from the truth", p.Number)
			}
			if born, err := time.Parse("2-1-2006", row["Geboortedatum"]); err != nil || born.Format(time.DateOnly) != p.BirthDate {
				t.Errorf("pupil %s: birth date does not read back (%v)", p.Number, err)
			}
			if plain := strings.ToUpper(strings.ReplaceAll(row["Postcode"], " ", "")); plain != p.Address.Postcode {
				t.Errorf("pupil %s: postcode does not read back", p.Number)
			}
			if !strings.EqualFold(strings.TrimSpace(row["Verzorger 1 e-mail"]), p.Guardians[0].Email) {
				t.Errorf("pupil %s: e-mail address does not read back", p.Number)
			}
			samePhone(t, row["Verzorger 1 mobiel"], p.Guardians[0].Phone)
		}
	}
}

func samePhone(t *testing.T, got, want string) {
	t.Helper()
	if (got == "") != (want == "") {
		t.Error("a number is there in the file or in the truth only")
	}
	if got == "" || want == "" {
		return
	}
	one, err := phonenumbers.Parse(got, "NL")
	two, _ := phonenumbers.Parse(want, "NL")
	if err != nil || phonenumbers.Format(one, phonenumbers.E164) != phonenumbers.Format(two, phonenumbers.E164) {
		t.Errorf("a number does not read back: %v", err)
	}
}

func TestQuirksChangeTheSpellingOfManyRowsAndTidyFilesOfNone(t *testing.T) {
	t.Parallel()
	s := sample.Generate(sample.Primary())
	spellings := func(quirks bool, column string, shape func(string) string) int {
		d := sample.ParnasSysCSV(sample.UTF8)
		d.Quirks = quirks
		kinds := map[string]bool{}
		for _, row := range readTable(t, s.CSV(d), ';') {
			if row["Postcode"] != "" && len(row["Postcode"]) > 5 && row[column] != "" {
				kinds[shape(row[column])] = true
			}
		}
		return len(kinds)
	}
	shape := func(value string) string {
		return strings.Map(func(r rune) rune {
			switch {
			case r >= '0' && r <= '9':
				return '0'
			case r >= 'a' && r <= 'z':
				return 'a'
			case r >= 'A' && r <= 'Z':
				return 'A'
			}
			return r
		}, value)
	}
	for column, kinds := range map[string]int{"Postcode": 4, "Geboortedatum": 4, "Verzorger 1 mobiel": 6} {
		if got := spellings(false, column, shape); got != 1 {
			t.Errorf("the tidy file spells %s in %d ways", column, got)
		}
		if got := spellings(true, column, shape); got != kinds {
			t.Errorf("the untidy file spells %s in %d ways, want %d", column, got, kinds)
		}
	}
}

func TestTeachersOfAGroupStandInOneCell(t *testing.T) {
	t.Parallel()
	s := sample.Generate(sample.Primary())
	shared := false
	for i, row := range readTable(t, s.CSV(sample.ParnasSysCSV(sample.UTF8)), ';') {
		var want []string
		for _, teacher := range s.Teachers {
			if slices.Contains(teacher.Groups, sample.Assignment{Group: s.Pupils[i].Groups[0], Role: sample.RoleGroup}) {
				want = append(want, teacher.ListName())
			}
		}
		shared = shared || len(want) == 2
		if got := strings.Split(row["Leerkracht"], "; "); !slices.Equal(got, want) {
			t.Fatalf("teachers are %q, want %q", got, want)
		}
	}
	if !shared {
		t.Error("no group has two teachers")
	}
}

func TestWindows1252KeepsWesternLettersAndLosesOthers(t *testing.T) {
	t.Parallel()
	s := sample.Generate(sample.Secondary())
	file, err := charmap.Windows1252.NewDecoder().Bytes(s.CSV(sample.ParnasSysCSV(sample.Windows1252)))
	if err != nil {
		t.Fatal(err)
	}
	kept, plain, lost := 0, 0, 0
	for i, row := range readTable(t, file, ';') {
		want := s.Pupils[i].Surname
		got := row["Achternaam"]
		switch {
		case got == want && strings.ContainsAny(want, "öüÖçëéøä"):
			kept++
		case got == want:
		case strings.Contains(got, "?"):
			lost++
		case len([]rune(got)) == len([]rune(want)):
			plain++
		default:
			t.Errorf("a surname of %d letters became one of %d", len([]rune(want)), len([]rune(got)))
		}
	}
	if kept == 0 || plain == 0 || lost == 0 {
		t.Errorf("%d surnames kept their marks, %d became plain, %d lost letters: want some of each", kept, plain, lost)
	}
}

func TestMagisterAndItsSupplementsFitTogether(t *testing.T) {
	t.Parallel()
	s := sample.Generate(sample.Secondary())
	raw := s.CSV(sample.MagisterCSV())
	if !bytes.HasPrefix(raw, []byte("\uFEFFStamnummer,Roepnaam,Tussenvoegsel,Achternaam,Klas,Klassenmentor 1\r\n")) || !bytes.Contains(raw, []byte(`,"",`)) {
		t.Error("the file does not begin or quote as Magister does")
	}
	supplement, found := bytes.CutPrefix(s.CSV(sample.SupplementCSV()), []byte("sep=;\r\n"))
	if !found {
		t.Error("the supplement lacks the line for Excel")
	}
	d := sample.ContactsCSV()
	d.GuardianAddresses = true
	main, postcodes, contacts := readTable(t, raw, ','), readTable(t, supplement, ';'), readTable(t, s.CSV(d), ';')
	otherHomes := 0
	for i, p := range s.Pupils {
		mentor := ""
		for _, teacher := range s.Teachers {
			if slices.Contains(teacher.Groups, sample.Assignment{Group: p.Groups[0], Role: sample.RoleMentor}) {
				mentor = teacher.FullName()
			}
		}
		if main[i]["Stamnummer"] != p.Number || main[i]["Klas"] != p.Groups[0] || main[i]["Klassenmentor 1"] != mentor {
			t.Fatalf("pupil %s: wrong number, class or mentor", p.Number)
		}
		if postcodes[i]["Leerlingnummer"] != p.Number || strings.ReplaceAll(postcodes[i]["Postcode"], " ", "") != p.Address.Postcode {
			t.Fatalf("pupil %s: wrong row in the supplement", p.Number)
		}
		if len(p.Guardians) == 2 && p.Traits.SeparatedParents && !p.Traits.NoPostcode {
			want := s.Households[p.Households[1]].Address.Postcode
			if got := strings.ReplaceAll(contacts[i]["Verzorger 2 postcode"], " ", ""); got != want {
				t.Errorf("pupil %s: the second guardian lives at %s, want %s", p.Number, got, want)
			}
			otherHomes++
		}
	}
	if otherHomes == 0 {
		t.Error("no second home in the file")
	}
}

func TestTheTeacherTableHoldsEveryAssignment(t *testing.T) {
	t.Parallel()
	eachSchool(t, func(t *testing.T, s sample.School) {
		words := map[string]sample.Role{
			"mentor": sample.RoleMentor, "groepsleerkracht": sample.RoleGroup, "vakdocent": sample.RoleSubject, "intern begeleider": sample.RoleCare,
		}
		table := readTable(t, s.TeacherTable(), ';')
		total := 0
		for _, teacher := range s.Teachers {
			total += len(teacher.Groups)
		}
		if len(table) != total {
			t.Errorf("%d rows for %d assignments", len(table), total)
		}
		for _, row := range table {
			teacher, found := s.Teacher(row["leerkrachtcode"])
			if !found || row["leerkracht"] != teacher.FullName() || row["email"] != teacher.Email {
				t.Errorf("unknown teacher %s", row["leerkrachtcode"])
			}
			fits := slices.ContainsFunc(teacher.Groups, func(a sample.Assignment) bool {
				g, _ := s.Group(a.Group)
				return g.Name == row["groep"] && a.Subject == row["vak"] && a.Role == words[row["rol"]]
			})
			if !fits {
				t.Errorf("teacher %s has no such assignment in %s", row["leerkrachtcode"], row["groep"])
			}
		}
	})
}

func TestUnknownOptionsAreTheFirstOnes(t *testing.T) {
	t.Parallel()
	s := sample.Generate(sample.Primary())
	if !bytes.Equal(s.CSV(sample.Dialect{Layout: 99, FamilyCodes: true}), s.CSV(sample.Dialect{FamilyCodes: true})) {
		t.Error("an unknown layout is not written as the first one")
	}
	if !bytes.Equal(s.EdeXML(sample.EdeXMLOptions{Version: 99}), s.EdeXML(sample.EdeXMLOptions{})) {
		t.Error("an unknown version is not written as the first one")
	}
}
