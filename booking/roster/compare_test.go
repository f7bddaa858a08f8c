package roster_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/booking/roster"
)

func TestTheSameRosterTwiceIsNoDifference(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"leerlingen-semicolon-utf8bom.csv", "magister-style-comma-utf8bom.csv", "EDEXML.Voorbeeld.2.1.xml", "edex-2.1-schema-valid.xml"} {
		a, _ := read(t, options(), sample(t, name))
		b, _ := read(t, options(), sample(t, name))
		slices.Reverse(b.Pupils)
		d := roster.Compare(a, b)
		active := 0
		for _, p := range a.Pupils {
			if p.Active() {
				active++
			}
		}
		if !d.Empty() || d.Pupils.Unchanged != active {
			t.Errorf("%s: %s", name, asJSON(d))
		}
	}
}

func TestCompareNamesWhatChanged(t *testing.T) {
	t.Parallel()
	header := "Leerlingnummer;Roepnaam;Achternaam;Postcode;Klas;Mentor;Ouder 1 email;Uitschrijfdatum"
	before, _ := read(t, options(), csvFile(header, "1;Jan;Bos;1234AB;3A;Vos, An;a@example.com;", "2;Mia;Smit;1234AB;3A;Vos, An;;", "003;Per;Vis;;3A;Vos, An;;", "4;Bo;Bos;;3B;Vos, An;;", "5;Gone;Bos;;3B;Vos, An;;1-1-2020"))
	after, _ := read(t, options(), csvFile(header, "7;New;Bos;;4A;Bos, Jo;;", "1;Jan;Bos;1234AC;4A;Bos, Jo;b@example.com;", "2;Mia;Smit;1234AB;3A;Vos, An;;", "3;Per;Vis;;3A;Vos, An;;", "4;Bo;Bos;;3B;Vos, An;;1-9-2026", "8;Left;Bos;;3B;Vos, An;;1-1-2020"))
	d := roster.Compare(before, after)
	want := `{"added":["7"],"changed":[{"key":"1","old_key":"1","fields":["group","guardians","postcode","teachers"]}],"gone":["4"],"unchanged":2}`
	if got := asJSON(d.Pupils); got != want {
		t.Errorf("pupils %s", got)
	}
	if got := asJSON(d.Groups); got != `{"added":["4A"],"changed":[],"gone":[],"unchanged":2}` {
		t.Errorf("groups %s", got)
	}
	if got := asJSON(d.Teachers); got != `{"added":["bos|jo"],"changed":[],"gone":[],"unchanged":1}` {
		t.Errorf("teachers %s", got)
	}
	if got := asJSON(roster.Compare(nil, before).Pupils.Added); got != `["1","2","003","4"]` {
		t.Errorf("all new %s", got)
	}
	if got := asJSON(roster.Compare(before, nil)); got != `{"pupils":{"added":[],"changed":[],"gone":["1","2","003","4"],"unchanged":0},"groups":{"added":[],"changed":[],"gone":["3A","3B"],"unchanged":0},"teachers":{"added":[],"changed":[],"gone":["vos|an"],"unchanged":0}}` {
		t.Errorf("all gone %s", got)
	}
}

func TestPupilsWithoutNumbersAreRecognisedByNameAndBirthDate(t *testing.T) {
	t.Parallel()
	header := "Roepnaam;Achternaam;Geboortedatum;Groep"
	before, _ := read(t, options(), csvFile(header, "Jan;Bos;3-11-2017;3A", "Mia;Smit;;3A", "Mia;Smit;;4B", "Per;Vos;1-1-2016;5A"))
	after, _ := read(t, options(), csvFile(header, "Per;Vos;1-1-2016;6A", "MIA;Smit;;4B", "Mia;Smit;;3A", "Jan;Bos;3-11-2017;3A", "Jan;Bos;4-11-2015;3A"))
	d := roster.Compare(before, after)
	if got := asJSON(d.Pupils); got != `{"added":["#0005"],"changed":[{"key":"#0001","old_key":"#0004","fields":["group"]},{"key":"#0002","old_key":"#0003","fields":["given"]}],"gone":[],"unchanged":2}` {
		t.Fatalf("pupils %s", got)
	}
}

func TestPupilsKeepTheirPlaceWhenTheyGetNumbers(t *testing.T) {
	t.Parallel()
	without, _ := read(t, options(), csvFile("Roepnaam;Achternaam;Geboortedatum;Groep", "Jan;Bos;3-11-2017;3A", "Mia;Smit;;3A"))
	with, _ := read(t, options(), csvFile("Nummer;Roepnaam;Achternaam;Geboortedatum;Groep", "7;Jan;Bos;3-11-2017;3A", "8;Mia;Smit;;3A"))
	other, _ := read(t, options(), csvFile("Nummer;Roepnaam;Achternaam;Geboortedatum;Groep", "9;Jan;Bos;3-11-2017;3A"))
	if got := asJSON(roster.Compare(without, with).Pupils); got != `{"added":["8"],"changed":[{"key":"7","old_key":"#0001","fields":["key_is_temporary"]}],"gone":["#0002"],"unchanged":0}` {
		t.Errorf("numbers gained: %s", got)
	}
	if got := asJSON(roster.Compare(other, with).Pupils.Changed); got != `[]` {
		t.Errorf("another number is another pupil: %s", got)
	}
}

func TestEveryChangedFieldIsNamed(t *testing.T) {
	t.Parallel()
	changes := map[string]func(*roster.Pupil){
		"given": func(p *roster.Pupil) { p.Given = "X" }, "prefix": func(p *roster.Pupil) { p.Prefix = "de" }, "surname": func(p *roster.Pupil) { p.Surname = "X" },
		"birth_date": born("2010-01-01"), "postcode": func(p *roster.Pupil) { p.Postcode = "9999XX" }, "house_number": func(p *roster.Pupil) { p.HouseNumber = "9" },
		"house_number_addition": addition("Z"), "citizen_last4": func(p *roster.Pupil) { p.CitizenLast4 = "0001" }, "year": func(p *roster.Pupil) { p.Year = "8" },
		"group": func(p *roster.Pupil) { p.GroupKey = "8" }, "other_groups": func(p *roster.Pupil) { p.OtherGroupKeys = []string{"x"} }, "teachers": func(p *roster.Pupil) { p.TeacherKeys = []string{"x"} },
		"family_code": coded("F"), "guardians": parents("m"), "protected": secret,
	}
	rapid.Check(t, func(t *rapid.T) {
		p := child("1", "Bos", "1234AB", "7")
		var want []string
		for name, change := range changes {
			if rapid.Bool().Draw(t, name) {
				change(&p)
				want = append(want, name)
			}
		}
		slices.Sort(want)
		d := roster.Compare(&roster.Roster{Pupils: []roster.Pupil{child("1", "Bos", "1234AB", "7")}}, &roster.Roster{Pupils: []roster.Pupil{p}})
		if len(want) == 0 {
			if !d.Empty() {
				t.Fatalf("difference %s", asJSON(d))
			}
			return
		}
		if len(d.Pupils.Changed) != 1 || !slices.Equal(d.Pupils.Changed[0].Fields, want) {
			t.Fatalf("changed %v, named %s", want, asJSON(d.Pupils))
		}
	})
}
