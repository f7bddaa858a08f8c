package sample_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/sample"
)

// eachSchool runs a test on both usual schools and on a few seeds, so that nothing holds by luck.
func eachSchool(t *testing.T, test func(t *testing.T, s sample.School)) {
	t.Helper()
	for _, spec := range []sample.Spec{sample.Primary(), sample.Secondary()} {
		for seed := uint64(1); seed <= 4; seed++ {
			seeded := spec
			seeded.Seed = seed
			t.Run(fmt.Sprintf("%s school of seed %d", spec.Level, seed), func(t *testing.T) {
				t.Parallel()
				test(t, sample.Generate(seeded))
			})
		}
	}
}

func count(s sample.School, is func(sample.Pupil) bool) int {
	n := 0
	for _, p := range s.Pupils {
		if is(p) {
			n++
		}
	}
	return n
}

func between(t *testing.T, what string, got, low, high int) {
	t.Helper()
	if got < low || got > high {
		t.Errorf("%s: %d, want %d to %d", what, got, low, high)
	}
}

func TestSchoolsAreSound(t *testing.T) {
	t.Parallel()
	eachSchool(t, func(t *testing.T, s sample.School) { checkIntegrity(t, s) })
}

func TestTraitsOccurInBelievableShares(t *testing.T) {
	t.Parallel()
	eachSchool(t, func(t *testing.T, s sample.School) {
		n := len(s.Pupils)
		siblings := count(s, func(p sample.Pupil) bool { return len(s.Households[p.Households[0]].Pupils) > 1 })
		if s.Spec.Level == sample.LevelPrimary {
			between(t, "pupils with siblings", siblings, n*38/100, n*43/100)
		} else {
			between(t, "pupils with siblings", siblings, n*19/100, n*22/100)
		}
		between(t, "separated parents", count(s, func(p sample.Pupil) bool { return p.Traits.SeparatedParents }), n*7/100, n*9/100)
		between(t, "twins", count(s, func(p sample.Pupil) bool { return p.Traits.Twin }), 4, n*5/100)
		between(t, "blended", count(s, func(p sample.Pupil) bool { return p.Traits.Blended }), 4, n*6/100)
		between(t, "no contact", count(s, func(p sample.Pupil) bool { return p.Traits.NoContact }), 2, n*6/100)
		between(t, "no postcode", count(s, func(p sample.Pupil) bool { return p.Traits.NoPostcode }), 2, n*3/100)
		between(t, "namesakes", count(s, func(p sample.Pupil) bool { return p.Traits.Namesake }), 2, max(2, n/100))
		between(t, "abroad", count(s, func(p sample.Pupil) bool { return p.Traits.Abroad }), 1, n/100)
		between(t, "prefix", count(s, func(p sample.Pupil) bool { return p.Prefix != "" }), n*25/100, n*65/100)
		between(t, "double surname", count(s, func(p sample.Pupil) bool { return strings.ContainsAny(p.Surname, "- ") }), n*2/100, n*9/100)
		foreign := func(p sample.Pupil) bool {
			return strings.ContainsAny(p.FullName(), "ığşİĞŞŁłąćęńóśźżễầạảöøüäåéëï")
		}
		between(t, "letters beyond English", count(s, foreign), n*8/100, n*40/100)
		if s.Spec.Level == sample.LevelSecondary {
			between(t, "adults", count(s, func(p sample.Pupil) bool { return p.Traits.Adult }), 1, n*3/100)
			between(t, "children of staff", count(s, func(p sample.Pupil) bool { return p.Traits.StaffChild }), 3, 12)
		} else {
			between(t, "adults", count(s, func(p sample.Pupil) bool { return p.Traits.Adult }), 0, 0)
		}
	})
}

func TestFamiliesHaveUpToFourChildren(t *testing.T) {
	t.Parallel()
	eachSchool(t, func(t *testing.T, s sample.School) {
		sizes := map[int]int{}
		for _, h := range s.Households {
			sizes[len(h.Pupils)]++
		}
		for size := 1; size <= 4; size++ {
			if sizes[size] == 0 {
				t.Errorf("no household of %d", size)
			}
		}
		for size := range sizes {
			between(t, "children in a household", size, 1, 4)
		}
	})
}

func TestBirthDatesFitTheYearAndTheMother(t *testing.T) {
	t.Parallel()
	eachSchool(t, func(t *testing.T, s sample.School) {
		regular := 0
		october := time.Date(s.Spec.SchoolYearStart, time.October, 1, 0, 0, 0, 0, time.UTC)
		for _, p := range s.Pupils {
			youngest := p.Year + 3
			if s.Spec.Level == sample.LevelSecondary {
				youngest = p.Year + 11
			}
			// Who is born on 1 October belongs to the younger cohort, so the cohorts are told apart the day before.
			age := ageOn(t, p.BirthDate, october.AddDate(0, 0, -1))
			between(t, "age above the regular one", age-youngest, -1, 1)
			if age == youngest {
				regular++
			}
			if p.Traits.Adult != (ageOn(t, p.BirthDate, october) >= 18) {
				t.Errorf("pupil %s of %d: adult is %v", p.Number, age, p.Traits.Adult)
			}
			if p.Enrolled <= p.BirthDate || p.Enrolled > october.Format(time.DateOnly) {
				t.Errorf("pupil %s was enrolled on an impossible day", p.Number)
			}
		}
		between(t, "regular pupils per cent", regular*100/len(s.Pupils), 88, 99)
		for _, h := range s.Households {
			checkBirths(t, s, h)
		}
	})
}

func ageOn(t *testing.T, birthDate string, on time.Time) int {
	t.Helper()
	born := parseDay(t, birthDate)
	age := on.Year() - born.Year()
	if on.AddDate(-age, 0, 0).Before(born) {
		age--
	}
	return age
}

func parseDay(t *testing.T, iso string) time.Time {
	t.Helper()
	day, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		t.Fatalf("not a date: %v", err)
	}
	return day
}

// checkBirths wants brothers and sisters born nine months apart, twins together. Step brothers and sisters may be born at any time.
func checkBirths(t *testing.T, s sample.School, h sample.Household) {
	t.Helper()
	twins := 0
	for i, a := range h.Pupils {
		for _, b := range h.Pupils[:i] {
			one, two := s.Pupils[a], s.Pupils[b]
			days := int(parseDay(t, one.BirthDate).Sub(parseDay(t, two.BirthDate)).Abs().Hours() / 24)
			switch {
			case h.Blended:
			case one.Traits.Twin && two.Traits.Twin:
				twins++
				between(t, "days between twins", days, 0, 1)
			default:
				between(t, "days between siblings", days, 270, 8000)
			}
			if one.Given == two.Given {
				t.Errorf("household %s calls two children the same", h.Code)
			}
		}
	}
	if h.Twins != (twins == 1) {
		t.Errorf("household %s has %d pairs of twins, the mark says %v", h.Code, twins, h.Twins)
	}
}

func TestOnlyBlendedHouseholdsMixSurnames(t *testing.T) {
	t.Parallel()
	eachSchool(t, func(t *testing.T, s sample.School) {
		for _, h := range s.Households {
			names := map[string]bool{}
			for _, p := range h.Pupils {
				names[s.Pupils[p].Prefix+" "+s.Pupils[p].Surname] = true
			}
			if h.Blended != (len(names) == 2) || len(names) > 2 {
				t.Errorf("household %s: %d surnames, blended %v", h.Code, len(names), h.Blended)
			}
		}
	})
}

func TestSeparatedParentsLiveApartAndHaveTheirOwnContacts(t *testing.T) {
	t.Parallel()
	eachSchool(t, func(t *testing.T, s sample.School) {
		for _, p := range s.Pupils {
			if len(p.Households) < 2 {
				continue
			}
			one, two := s.Households[p.Households[0]], s.Households[p.Households[1]]
			if one.Address.Postcode == two.Address.Postcode || one.Code == two.Code || !one.Separated || !two.Separated {
				t.Errorf("pupil %s: the households are not apart", p.Number)
			}
			for _, a := range one.Guardians {
				for _, b := range two.Guardians {
					if (a.Email != "" && a.Email == b.Email) || (a.Phone != "" && a.Phone == b.Phone) {
						t.Errorf("pupil %s: the households share a contact", p.Number)
					}
				}
			}
		}
	})
}

func TestGroupsAreOfOrdinarySize(t *testing.T) {
	t.Parallel()
	eachSchool(t, func(t *testing.T, s sample.School) {
		sizes := map[string]int{}
		for _, p := range s.Pupils {
			sizes[p.Groups[0]]++
		}
		combined, years := 0, map[int]bool{}
		for _, g := range s.Groups {
			between(t, "pupils in a group", sizes[g.Key], 20, 30)
			if len(g.Years) > 1 {
				combined++
			}
			for _, y := range g.Years {
				years[y] = true
			}
		}
		if s.Spec.Level == sample.LevelPrimary {
			between(t, "combination groups", combined, 4, 8)
			between(t, "years", len(years), 8, 8)
		} else {
			between(t, "combination groups", combined, 0, 0)
			between(t, "years", len(years), 6, 6)
		}
	})
}

func TestPrimaryGroupsAreSometimesShared(t *testing.T) {
	t.Parallel()
	s := sample.Generate(sample.Primary())
	teachers, everyGroup := map[string]int{}, 0
	for _, teacher := range s.Teachers {
		for _, a := range teacher.Groups {
			if a.Role == sample.RoleGroup {
				teachers[a.Group]++
			}
		}
		if len(teacher.Groups) >= len(s.Groups) {
			everyGroup++
		}
	}
	shared := 0
	for _, n := range teachers {
		if n == 2 {
			shared++
		}
	}
	between(t, "groups with two teachers", shared, 4, 6)
	between(t, "teachers with all groups", everyGroup, 3, 3)
	between(t, "pupils in the cross group", count(s, func(p sample.Pupil) bool { return len(p.Groups) == 2 }), 12, 12)
}

func TestSecondaryClassesHaveTenTeachersAndSomeTeachersFarTooManyPupils(t *testing.T) {
	t.Parallel()
	for seed := uint64(1); seed <= 4; seed++ {
		spec := sample.Secondary()
		spec.Seed = seed
		s := sample.Generate(spec)
		sizes, subjects := map[string]int{}, map[string]int{}
		for _, p := range s.Pupils {
			sizes[p.Groups[0]]++
		}
		busiest, mentors := 0, 0
		for _, teacher := range s.Teachers {
			pupils, classes := 0, 0
			for _, a := range teacher.Groups {
				switch a.Role {
				case sample.RoleSubject:
					subjects[a.Group]++
					pupils += sizes[a.Group]
				case sample.RoleMentor:
					classes++
				}
			}
			mentors += classes
			between(t, "classes of mentor "+teacher.Code, classes, 0, 1)
			busiest = max(busiest, pupils)
			if pupils == 0 {
				t.Errorf("teacher %s has no pupils", teacher.Code)
			}
		}
		for _, g := range s.Groups {
			between(t, "subject teachers of "+g.Key, subjects[g.Key], 9, 12)
		}
		between(t, "mentors", mentors, 48, 48)
		between(t, "pupils of the busiest teacher", busiest, 200, 400)
	}
}

func TestATeacherIsAlsoAParent(t *testing.T) {
	t.Parallel()
	s := sample.Generate(sample.Secondary())
	parents, sameAddress := 0, 0
	for _, h := range s.Households {
		for _, g := range h.Guardians {
			if g.TeacherCode == "" {
				continue
			}
			parents++
			teacher, _ := s.Teacher(g.TeacherCode)
			if g.Surname != teacher.Surname || g.Prefix != teacher.Prefix || !strings.HasPrefix(g.Initials, string([]rune(teacher.Given)[0])) {
				t.Errorf("teacher %s has another name as a parent", teacher.Code)
			}
			if g.Email == teacher.Email {
				sameAddress++
			}
		}
	}
	between(t, "teachers who are parents", parents, 3, 3)
	between(t, "of these with the address at work", sameAddress, 1, 1)
}
