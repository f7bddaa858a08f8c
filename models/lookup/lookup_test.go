package lookup_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/lookup"
)

func numbered[T ~[16]byte](n int) T { return T{0: 1, 14: byte(n >> 8), 15: byte(n)} }

// child is a pupil with a household of its own unless it says whose.
type child struct {
	given, prefix, surname, key string
	guardian, email, phone      string
	group                       int
	left                        bool
}

var children = []child{
	0:  {given: "Jan", prefix: "van der", surname: "Berg", key: "104711", guardian: "M. van der Berg", email: "Marie.vdBerg@Example.com", phone: "+31612345678"},
	1:  {given: "Janneke", prefix: "", surname: "Bergsma", key: "104712", guardian: "K. Bergsma", email: "info@bakkerij-bergsma.example.nl", phone: "+31207654321"},
	2:  {given: "Ayşe", prefix: "", surname: "Özdemir", key: "0012", guardian: "Hülya Özdemir", phone: "+32470123456"},
	3:  {given: "Tim", prefix: "", surname: "O'Neil", key: "104714", group: 1},
	4:  {given: "Bo", prefix: "'t", surname: "Hart", key: "104715", group: 1},
	5:  {given: "Sofie", prefix: "", surname: "d'Hondt", key: "104716", group: 1},
	6:  {given: "Anne-Fleur", prefix: "", surname: "Jansen-de Vries", key: "104717", group: 1},
	7:  {given: "Daan", prefix: "", surname: "Dijkstra", key: "104718", guardian: "Jürgen Müller", email: "j.mueller@example.com"},
	8:  {given: "Lotte", prefix: "de", surname: "Vries", key: "104719"},
	9:  {given: "Noor", prefix: "", surname: "Visser", key: "104720", group: 1},
	10: {given: "Weg", prefix: "", surname: "Gegaan", key: "104721", left: true},
	11: {given: "Jan", prefix: "", surname: "Smit", key: "104722"},
}

func index() *lookup.Index {
	rows := directory.Rows{
		Groups: []models.Group{
			{ID: numbered[models.GroupID](0), Details: models.GroupDetails{Key: "3B", Name: "Klas 3B"}}, {ID: numbered[models.GroupID](1), Details: models.GroupDetails{Key: "H4a", Name: "Havo 4a"}},
		},
		Staff: []models.Staff{
			{ID: numbered[models.StaffID](0), Details: models.StaffDetails{Key: "VSR", DisplayName: "mw. J. Visser", Given: "Jolanda", Surname: "Visser"}},
			{ID: numbered[models.StaffID](1), Details: models.StaffDetails{Key: "KRK", DisplayName: "dhr. Kerkhof"}},
		},
		Teachings: []models.Teaching{
			{StaffID: numbered[models.StaffID](0), GroupID: numbered[models.GroupID](0), Role: models.TeachesMentor}, {StaffID: numbered[models.StaffID](1), PupilID: numbered[models.PupilID](8), Role: models.TeachesCare},
		},
	}
	var contacts []lookup.Contact
	for i, one := range children {
		pupil := models.Pupil{
			ID: numbered[models.PupilID](i), State: models.PersonActive, GroupID: numbered[models.GroupID](one.group),
			Details: models.PupilDetails{Key: one.key, Given: one.given, Prefix: one.prefix, Surname: one.surname},
		}
		if one.left {
			pupil.State = models.PersonLeft
		}
		home := numbered[models.HouseholdID](i)
		rows.Pupils = append(rows.Pupils, pupil)
		rows.Households = append(rows.Households, models.Household{ID: home})
		rows.HouseholdPupils = append(rows.HouseholdPupils, models.HouseholdPupil{HouseholdID: home, PupilID: pupil.ID})
		if one.guardian != "" {
			rows.Guardians = append(rows.Guardians, models.Guardian{ID: numbered[models.GuardianID](i), HouseholdID: home, Details: models.GuardianDetails{Name: one.guardian}})
		}
		if one.email != "" {
			contacts = append(contacts, lookup.Contact{ID: numbered[models.ContactID](2 * i), Household: home, Kind: models.ContactEmail, Value: one.email})
		}
		if one.phone != "" {
			contacts = append(contacts, lookup.Contact{ID: numbered[models.ContactID](2*i + 1), Household: home, Kind: models.ContactPhone, Value: one.phone})
		}
	}
	return lookup.New(directory.New(rows), contacts)
}

func homes(hits []lookup.Hit) (list []int) {
	for _, hit := range hits {
		list = append(list, int(hit.Household[15]))
	}
	return list
}

// The first family of a list is the one that is meant: it is shown first.
func TestWhatPeopleTypeFindsTheFamily(t *testing.T) {
	t.Parallel()
	x := index()
	all := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11}
	for typed, want := range map[string][]int{
		// Names, with and without what belongs between them.
		"van der Berg, Jan": {0}, "jan berg": {0, 1}, "Berg": {0, 1}, "berg jan": {0, 1}, "JAN VAN DER BERG": {0}, "j. v.d. Berg": {0}, "vd berg": {0}, "Jan vanderberg": {0}, "vanderberg": {0},
		"van den Berg": {0, 1}, "jan  berg ": {0, 1}, "Özdemir": {2}, "ozdemir": {2}, "oezdemir": {2}, "ÖZDEMIR": {2}, "ayse": {2}, "Ayşe Ö": {2}, "o'neil": {3}, "O’Neil": {3}, "oneil": {3}, "tim o'n": {3},
		"'t Hart": {4}, "’t hart": {4}, "t hart": {4}, "thart": {4}, "hart": {4}, "d'hondt": {5}, "dhondt": {5}, "D’HONDT": {5}, "hondt": {5}, "jansen-de vries": {6}, "jansen de vries": {6},
		"Jansen": {6}, "anne-fleur": {6}, "anne fleur": {6}, "annefleur": {6}, "anne‑fleur": {6}, "de vries": {6, 8}, "Vries, Lotte de": {8}, "dijkstra": {7}, "dykstra": {7}, "di": {7}, "dij": {7},
		"muller": {7}, "mueller": {7}, "Müller": {7}, "jan": {0, 1, 6, 11}, "hülya": {2}, "hulya": {2},
		// Numbers.
		"104711": {0}, "10 47 11": {0}, "1047": {0, 1, 7, 4, 5, 6, 3, 11, 9, 8}, "0012": {2}, "12": {2}, "jan 104711": {0}, "١٠٤٧١١": {0}, "104721": nil,
		// Telephones and addresses.
		"06-12": {0}, "0612345678": {0}, "06 12 34 56 78": {0}, "+31 6 12345678": {0}, "+31612": {0}, "0031 6 12": {0}, "(06) 12345678": {0}, "6123": {0}, "020": {1}, "020-7654321": {1}, "0470": {2}, "+32 470": {2}, "0612345679": nil,
		"marie.vdberg@example.com": {0}, "MARIE.VDBERG@EXAMPLE.COM": {0}, "vdberg@": {0}, "marie.vd": {0}, "marie": {0}, "bakkerij": {1}, "bakkerij-berg": {1}, "@bakkerij": {1}, "example.nl": {1}, "jan marie@": nil,
		// Groups and teachers.
		"3b": {0, 1, 7, 2, 11, 8}, "Klas 3B": {0, 1, 7, 2, 11, 8}, "klas3b": {0, 1, 7, 2, 11, 8}, "h4a": {4, 5, 6, 3, 9}, "havo": {4, 5, 6, 3, 9}, "berg 3b": {0, 1}, "visser": {9, 0, 1, 7, 2, 11, 8}, "mw. J. Visser": {0, 1, 11, 7, 2, 8},
		"VSR": {0, 1, 7, 2, 11, 8}, "kerkhof": {8}, "jolanda visser": {0, 1, 7, 2, 11, 8}, "lotte kerkhof": {8}, "noor visser": {9},
		// What is nobody, or nothing.
		"": nil, " ": nil, "-": nil, "@": {0, 1, 7}, "%": nil, "*": nil, "xyz": nil, "gegaan": nil, "jan xyz": nil, strings.Repeat("a", 200): nil, strings.Repeat("jan ", 100): {0, 1, 6, 11}, "a": nil,
		"\x00": nil, "jan\tberg": {0, 1}, "\u200bjan berg": {0, 1}, "'": nil, "--": nil, "00": {2, 0, 1},
	} {
		got := homes(x.Search(typed))
		if typed == "a" { // whoever has a word with it
			want = got
		}
		sorted := slices.Sorted(slices.Values(got))
		if len(slices.Compact(sorted)) != len(got) {
			t.Errorf("%q: %v has one twice", typed, got)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%q: %v, want %v", typed, got, want)
		}
		if again := homes(x.Search(typed)); fmt.Sprint(again) != fmt.Sprint(got) {
			t.Errorf("%q: %v, then %v", typed, got, again)
		}
		for _, home := range got {
			if !slices.Contains(all, home) {
				t.Errorf("%q finds %d, who has left", typed, home)
			}
		}
	}
}

func TestEachLetterNarrows(t *testing.T) {
	t.Parallel()
	x := index()
	for _, typed := range []string{"van der berg", "özdemir", "dijkstra", "104711", "0612345678", "marie.vdberg@example.com", "jansen-de vries", "o'neil", "d'hondt"} {
		whole := homes(x.Search(typed))
		for end := range typed {
			if end == 0 {
				continue
			}
			part := homes(x.Search(typed[:end]))
			for _, home := range whole {
				if !slices.Contains(part, home) {
					t.Errorf("%q finds %v, but %q only %v", typed, whole, typed[:end], part)
				}
			}
		}
	}
}

func TestAHitSaysWhatWasFound(t *testing.T) {
	t.Parallel()
	x := index()
	for typed, want := range map[string]string{
		"jan berg":    "[{pupil 0}]",
		"marie berg":  "[{email 0} {pupil 0}]",
		"0612":        "[{phone 1}]",
		"104711":      "[{number 0}]",
		"ozdemir hul": "[{pupil 2} {guardian 2}]",
		"noor h4a":    "[{pupil 9} {group 1}]",
		"kerkhof":     "[{teacher 1}]",
	} {
		hits := x.Search(typed)
		if len(hits) == 0 {
			t.Errorf("%q finds nobody", typed)
			continue
		}
		var got []string
		for _, reason := range hits[0].Reasons {
			got = append(got, fmt.Sprintf("{%s %d}", reason.Field, reason.Thing[15]))
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%q: %v, want %s", typed, got, want)
		}
	}
}

func FuzzSearch(f *testing.F) {
	for _, typed := range []string{"jan berg", "06-12", "@", "'t", "\xff", "v.d. , ;", "+", "(", "0"} {
		f.Add(typed)
	}
	x := index()
	f.Fuzz(func(t *testing.T, typed string) {
		seen := map[models.HouseholdID]bool{}
		for _, hit := range x.Search(typed) {
			if seen[hit.Household] || len(hit.Reasons) == 0 {
				t.Errorf("%q: a family twice, or without a reason", typed)
			}
			seen[hit.Household] = true
		}
	})
}
