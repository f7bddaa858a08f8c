package sample_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/sample"
)

// edex is what a plain reader takes from an EDEXML file.
type edex struct {
	School struct {
		Year    string `xml:"schooljaar"`
		Version string `xml:"xsdversie"`
	} `xml:"school"`
	Groups []struct {
		Key  string `xml:"key,attr"`
		Year string `xml:"jaargroep"`
	} `xml:"groepen>groep"`
	Cross []struct {
		Key string `xml:"key,attr"`
	} `xml:"groepen>samengestelde_groep"`
	Pupils []struct {
		Key       string `xml:"key,attr"`
		ECK       string `xml:"eckid,attr"`
		Surname   string `xml:"achternaam"`
		Prefix    string `xml:"voorvoegsel"`
		Given     string `xml:"roepnaam"`
		BirthDate string `xml:"geboortedatum"`
		Group     struct {
			Key string `xml:"key,attr"`
		} `xml:"groep"`
		Postcode string `xml:"postcodenl"`
		Belgian  string `xml:"postnummerbe"`
		Other    string `xml:"postcodeoverig"`
	} `xml:"leerlingen>leerling"`
	Teachers []struct {
		Key    string `xml:"key,attr"`
		Groups []struct {
			Key   string   `xml:"key,attr"`
			Roles []string `xml:"rol"`
		} `xml:"groepen>groep"`
	} `xml:"leerkrachten>leerkracht"`
}

// smallSecondary has every year and track but few pupils, since XML takes its time.
func smallSecondary() sample.Spec {
	spec := sample.Secondary()
	spec.Pupils, spec.Teachers, spec.Groups, spec.CrossGroups = 240, 25, 15, 2
	return spec
}

func TestEdeXMLReadsBackInEveryVersion(t *testing.T) {
	t.Parallel()
	versions := map[sample.EdeXMLVersion]string{sample.EdeXML103: "1.03", sample.EdeXML20: "2.0", sample.EdeXML21: "2.1"}
	for version, label := range versions {
		for _, realworld := range []bool{false, true} {
			for _, spec := range []sample.Spec{sample.Primary(), smallSecondary()} {
				s := sample.Generate(spec)
				file := s.EdeXML(sample.EdeXMLOptions{Version: version, Realworld: realworld})
				if bytes.HasPrefix(file, []byte("\uFEFF")) != realworld || bytes.Contains(file, []byte("\r\n")) != realworld {
					t.Errorf("%s: byte order mark or line ends are wrong", label)
				}
				var x edex
				if err := xml.Unmarshal(bytes.TrimPrefix(file, []byte("\uFEFF")), &x); err != nil {
					t.Fatalf("%s does not parse: %v", label, err)
				}
				if x.School.Version != label || x.School.Year != "2026-2027" {
					t.Errorf("version %s of %s", x.School.Version, x.School.Year)
				}
				compareEdex(t, s, x, version)
			}
		}
	}
}

func compareEdex(t *testing.T, s sample.School, x edex, version sample.EdeXMLVersion) {
	t.Helper()
	if len(x.Pupils) != len(s.Pupils) || len(x.Teachers) != len(s.Teachers) || len(x.Groups) != len(s.Groups) {
		t.Fatalf("%d pupils, %d teachers, %d groups", len(x.Pupils), len(x.Teachers), len(x.Groups))
	}
	if want := len(s.CrossGroups); version != sample.EdeXML103 && len(x.Cross) != want {
		t.Errorf("%d cross groups, want %d", len(x.Cross), want)
	}
	for i, p := range s.Pupils {
		got := x.Pupils[i]
		if got.Key != p.Number || got.Surname != p.Surname || got.Prefix != p.Prefix || got.Given != p.Given || got.BirthDate != p.BirthDate ||
			got.Group.Key != p.Groups[0] || got.Postcode+got.Belgian+got.Other != p.Address.Postcode {
			t.Fatalf("pupil %s differs from the truth", p.Number)
		}
		if (got.ECK != "") != (version == sample.EdeXML21) || (p.Address.Country != "NL" && got.Postcode != "") {
			t.Errorf("pupil %s: an element that does not belong there", p.Number)
		}
	}
	for i, teacher := range s.Teachers {
		groups := map[string]bool{}
		for _, a := range teacher.Groups {
			if _, home := homeGroup(s, a.Group); home {
				groups[a.Group] = true
			}
		}
		if len(x.Teachers[i].Groups) != len(groups) {
			t.Errorf("teacher %s has %d groups, want %d", teacher.Code, len(x.Teachers[i].Groups), len(groups))
		}
		for _, g := range x.Teachers[i].Groups {
			if !groups[g.Key] || (len(g.Roles) > 0) == (version == sample.EdeXML103) {
				t.Errorf("teacher %s in group %s: unknown or with wrong roles", teacher.Code, g.Key)
			}
		}
	}
}

func homeGroup(s sample.School, key string) (sample.Group, bool) {
	for _, g := range s.Groups {
		if g.Key == key {
			return g, true
		}
	}
	return sample.Group{}, false
}

// elementOrder is the order in which the schemas of EDEXML want the elements of these parents; each may be left out.
var elementOrder = map[string]string{
	"EDEX":   "school vestigingen groepen leerlingen leerkrachten",
	"school": "schooljaar peildatum brincode dependancecode schoolkey aanmaakdatum auteur xsdversie commentaar",
	"leerling": "achternaam voorvoegsel voorletters-1 roepnaam geboortedatum geslacht jaargroep groep samengestelde_groepen vestiging postcodenl " +
		"postnummerbe postcodeoverig instroomdatum toevoegingen mutatiedatum",
	"leerkracht": "achternaam voorvoegsel roepnaam emailadres groepen",
}

// notIn103 are elements that came with version 2.0.
var notIn103 = strings.Fields("peildatum vestigingen vestiging samengestelde_groep samengestelde_groepen emailadres rol postnummerbe")

func TestTidyEdeXMLKeepsTheOrderAndLimitsOfTheSchema(t *testing.T) {
	t.Parallel()
	for _, version := range []sample.EdeXMLVersion{sample.EdeXML103, sample.EdeXML20, sample.EdeXML21} {
		for _, spec := range []sample.Spec{sample.Primary(), smallSecondary()} {
			s := sample.Generate(spec)
			walk(t, s.EdeXML(sample.EdeXMLOptions{Version: version}), func(parent, element, previous, text string) {
				if version == sample.EdeXML103 && (slices.Contains(notIn103, element) || (parent == "leerling" && element == "jaargroep")) {
					t.Errorf("%s is not in version 1.03", element)
				}
				if order, known := elementOrder[parent]; known {
					list := strings.Fields(order)
					if at := slices.Index(list, element); at < 0 || at <= slices.Index(list, previous) {
						t.Errorf("%s in %s stands behind %s", element, parent, previous)
					}
				}
				limits := map[string]int{"voorvoegsel": 10, "voorletters-1": 6, "achternaam": 70, "naam": 64, "schoolkey": 64}
				if limit, limited := limits[element]; limited && (len([]rune(text)) < 1 || len([]rune(text)) > limit) {
					t.Errorf("%s has %d letters", element, len([]rune(text)))
				}
			})
		}
	}
}

func TestRealworldEdeXMLBreaksTheOrderAndHasANestedPupil(t *testing.T) {
	t.Parallel()
	s := sample.Generate(sample.Primary())
	late, nested, empty := 0, 0, 0
	walk(t, s.EdeXML(sample.EdeXMLOptions{Realworld: true}), func(parent, element, previous, text string) {
		if element == "toevoegingen" && previous == "mutatiedatum" {
			late++
		}
		if parent == "blok" && element == "leerling" {
			nested++
		}
		if element == "voorvoegsel" && text == "" {
			empty++
		}
	})
	if late != len(s.Pupils) || nested != len(s.Pupils) || empty == 0 {
		t.Errorf("%d late blocks, %d nested pupils, %d empty prefixes", late, nested, empty)
	}
}

// walk visits every element when it ends, with its parent, the sibling before it and its own text.
func walk(t *testing.T, file []byte, visit func(parent, element, previous, text string)) {
	t.Helper()
	type level struct{ name, previous, text string }
	stack := []level{{}}
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(file, []byte("\uFEFF"))))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("the file does not parse: %v", err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			stack = append(stack, level{name: x.Name.Local})
		case xml.CharData:
			stack[len(stack)-1].text += string(x)
		case xml.EndElement:
			done := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			parent := &stack[len(stack)-1]
			visit(parent.name, done.name, parent.previous, strings.TrimSpace(done.text))
			parent.previous = done.name
		}
	}
}
