package sample_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/booking/sample"
)

// fingerprint covers the truth and every file of a school.
func fingerprint(t *testing.T, s sample.School) string {
	t.Helper()
	truth, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	logins, err := json.Marshal(s.Logins(20))
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	for _, part := range [][]byte{
		truth, logins, s.CSV(sample.ParnasSysCSV(sample.Windows1252)), s.CSV(sample.MagisterCSV()), s.CSV(sample.SupplementCSV()),
		s.CSV(sample.Dialect{Layout: sample.LayoutContacts, Quirks: true, FamilyCodes: true, GuardianAddresses: true}),
		s.EdeXML(sample.EdeXMLOptions{}), s.EdeXML(sample.EdeXMLOptions{Version: sample.EdeXML103, Realworld: true}), s.TeacherTable(),
	} {
		h.Write(part)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// The demonstration and the load figures of different days can only be compared if the schools stay the same. Whoever changes the generator on purpose
// writes the new value here.
func TestTheSameSeedGivesTheSameBytesForEver(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		spec sample.Spec
		want string
	}{
		{"primary", sample.Primary(), "8ec94f5b2c16512b32000c1c448a40e558cb682b06043d66dc3a00bcf52b818b"},
		{"secondary", sample.Secondary(), "3e66abf4d8251b4eda0bf3bf2e1d6c13298857628a6f459ec47cae293303e7b3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := fingerprint(t, sample.Generate(c.spec)); got != c.want {
				t.Errorf("fingerprint is %s, want %s", got, c.want)
			}
		})
	}
}

func TestAnotherSeedGivesOtherPeople(t *testing.T) {
	t.Parallel()
	one, other := sample.Primary(), sample.Primary()
	other.Seed = 2
	if reflect.DeepEqual(sample.Generate(one).Pupils, sample.Generate(other).Pupils) {
		t.Error("seeds 1 and 2 give the same pupils")
	}
}

func TestPrimaryAndSecondaryOfOneSeedShareNoStaff(t *testing.T) {
	t.Parallel()
	primary, secondary := sample.Generate(sample.Primary()), sample.Generate(sample.Secondary())
	if primary.Teachers[0].FullName() == secondary.Teachers[0].FullName() && primary.Teachers[1].FullName() == secondary.Teachers[1].FullName() {
		t.Error("both schools begin with the same teachers")
	}
}

func TestAnEmptySpecIsThePrimarySchool(t *testing.T) {
	t.Parallel()
	got := sample.Generate(sample.Spec{}).Spec
	want := sample.Primary()
	want.Seed, want.CrossGroups = 0, 0
	if got != want {
		t.Errorf("spec is %+v, want %+v", got, want)
	}
}

func TestASchoolNeverGrowsBeyondTheLimit(t *testing.T) {
	t.Parallel()
	spec := sample.Secondary()
	spec.Pupils, spec.Groups = sample.MaxPupils+5, 700
	s := sample.Generate(spec)
	if len(s.Pupils) != sample.MaxPupils {
		t.Errorf("%d pupils, want %d", len(s.Pupils), sample.MaxPupils)
	}
	checkIntegrity(t, s)
}

func TestEverySpecGivesASoundSchool(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spec := sample.Spec{
			Seed:            rapid.Uint64().Draw(t, "seed"),
			Level:           rapid.SampledFrom([]sample.Level{sample.LevelPrimary, sample.LevelSecondary, "", "other"}).Draw(t, "level"),
			Pupils:          rapid.IntRange(1, 260).Draw(t, "pupils"),
			Teachers:        rapid.IntRange(-1, 30).Draw(t, "teachers"),
			Groups:          rapid.IntRange(-1, 30).Draw(t, "groups"),
			CrossGroups:     rapid.IntRange(-1, 3).Draw(t, "cross groups"),
			SchoolYearStart: rapid.SampledFrom([]int{0, 1999, 2008, 2026, 2027}).Draw(t, "year"),
		}
		s := sample.Generate(spec)
		checkIntegrity(t, s)
		if len(s.Pupils) != spec.Pupils {
			t.Errorf("%d pupils, asked for %d", len(s.Pupils), spec.Pupils)
		}
		if spec.Teachers > 0 && len(s.Teachers) != spec.Teachers {
			t.Errorf("%d teachers, asked for %d", len(s.Teachers), spec.Teachers)
		}
		if spec.Groups > 0 && len(s.Groups) != min(spec.Groups, len(s.Pupils)) {
			t.Errorf("%d groups, asked for %d", len(s.Groups), spec.Groups)
		}
		s.Logins(50)
		if len(s.CSV(sample.Dialect{Quirks: true})) == 0 || len(s.EdeXML(sample.EdeXMLOptions{Realworld: true})) == 0 || len(s.TeacherTable()) == 0 {
			t.Error("a file is empty")
		}
	})
}

// reporter is what testing.T and rapid.T have in common here.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

// checkIntegrity asks of a school what every part of the product takes for granted.
func checkIntegrity(t reporter, s sample.School) {
	t.Helper()
	numbers, codes, keys, emails := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	for _, groups := range [][]sample.Group{s.Groups, s.CrossGroups} {
		for _, g := range groups {
			keys[g.Key]++
		}
	}
	sizes := map[string]int{}
	for i, p := range s.Pupils {
		numbers[p.Number]++
		sizes[p.Groups[0]]++
		checkPupil(t, s, i, keys)
	}
	for _, teacher := range s.Teachers {
		codes[teacher.Code]++
		emails[teacher.Email]++
		for _, a := range teacher.Groups {
			if keys[a.Group] == 0 || (a.Subject == "") == (a.Role == sample.RoleSubject) {
				t.Errorf("teacher %s has the assignment %+v", teacher.Code, a)
			}
		}
	}
	for i, h := range s.Households {
		codes[h.Code]++
		checkHousehold(t, s, i)
	}
	for what, counts := range map[string]map[string]int{"student number": numbers, "code": codes, "group key": keys, "teacher's e-mail": emails} {
		for value, n := range counts {
			if n != 1 || value == "" {
				t.Errorf("%s %q occurs %d times", what, value, n)
			}
		}
	}
	for _, g := range s.Groups {
		if sizes[g.Key] == 0 {
			t.Errorf("group %s has no pupils", g.Key)
		}
	}
	checkEveryGroupIsTaught(t, s)
}

func checkPupil(t reporter, s sample.School, i int, groups map[string]int) {
	t.Helper()
	p := s.Pupils[i]
	home, found := s.Group(p.Groups[0])
	if !found || !slices.Contains(home.Years, p.Year) {
		t.Errorf("pupil %s of year %d is in group %+v", p.Number, p.Year, home)
	}
	for _, key := range p.Groups {
		if groups[key] == 0 {
			t.Errorf("pupil %s is in unknown group %s", p.Number, key)
		}
	}
	if p.Given == "" || p.Surname == "" || p.BirthDate == "" || p.Initials == "" {
		t.Errorf("pupil %s lacks a name or birth date", p.Number)
	}
	if n := len(p.Households); n < 1 || n > 2 || p.Traits.SeparatedParents != (n == 2) {
		t.Errorf("pupil %s has %d households", p.Number, n)
	}
	for _, h := range p.Households {
		if !slices.Contains(s.Households[h].Pupils, i) {
			t.Errorf("household %d does not know pupil %s", h, p.Number)
		}
	}
	if n := len(p.Guardians); n < 1 || n > 2 {
		t.Errorf("pupil %s has %d guardians in the file", p.Number, n)
	}
	for _, g := range p.Guardians {
		if !slices.Contains(p.Households, g.Household) || !slices.Contains(s.Households[g.Household].Guardians, g) {
			t.Errorf("pupil %s lists a guardian who is in none of its households", p.Number)
		}
	}
	if !p.Traits.NoPostcode && p.Address != s.Households[p.Households[0]].Address {
		t.Errorf("pupil %s has another address than its first household", p.Number)
	}
	if p.Traits.NoPostcode != (p.Address.Postcode == "") {
		t.Errorf("pupil %s: the trait and the postcode disagree", p.Number)
	}
}

func checkHousehold(t reporter, s sample.School, i int) {
	t.Helper()
	h := s.Households[i]
	if len(h.Pupils) == 0 || len(h.Guardians) == 0 || h.Address.Postcode == "" || h.Address.HouseNumber == "" {
		t.Errorf("household %s lacks pupils, guardians or an address", h.Code)
	}
	for _, p := range h.Pupils {
		if !slices.Contains(s.Pupils[p].Households, i) {
			t.Errorf("pupil %s does not know household %s", s.Pupils[p].Number, h.Code)
		}
	}
	for _, g := range h.Guardians {
		if g.Household != i {
			t.Errorf("a guardian of household %s points elsewhere", h.Code)
		}
		if _, found := s.Teacher(g.TeacherCode); g.TeacherCode != "" && !found {
			t.Errorf("a guardian of household %s is an unknown teacher", h.Code)
		}
	}
}

func checkEveryGroupIsTaught(t reporter, s sample.School) {
	t.Helper()
	responsible := map[string]int{}
	for _, teacher := range s.Teachers {
		for _, a := range teacher.Groups {
			if a.Role == sample.RoleMentor || a.Role == sample.RoleGroup {
				responsible[a.Group]++
			}
		}
	}
	for _, g := range s.Groups {
		if n := responsible[g.Key]; n == 0 || (s.Spec.Level == sample.LevelSecondary && n != 1) {
			t.Errorf("group %s has %d responsible teachers", g.Key, n)
		}
	}
}

func BenchmarkGenerateSecondary(b *testing.B) {
	for b.Loop() {
		sample.Generate(sample.Secondary())
	}
}
