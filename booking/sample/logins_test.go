package sample_test

import (
	"reflect"
	"testing"

	"github.com/ouderavond/ouderavond/booking/sample"
)

func TestLoginsShowEveryCaseTheSchoolHas(t *testing.T) {
	t.Parallel()
	eachSchool(t, func(t *testing.T, s sample.School) {
		want := []sample.LoginCase{sample.CaseThreeChildren, sample.CaseTwins, sample.CaseSeparatedFirst, sample.CaseSeparatedSecond, sample.CaseBlended}
		if s.Spec.Level == sample.LevelSecondary {
			want = append(want, sample.CaseStaff, sample.CaseAdult)
		}
		want = append(want, sample.CaseNamesake, sample.CaseNoPostcode, sample.CaseNoContact, sample.CaseOrdinary, sample.CaseOrdinary)
		logins := s.Logins(len(want))
		var got []sample.LoginCase
		for _, l := range logins {
			got = append(got, l.Case)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("cases are %v, want %v", got, want)
		}
	})
}

func TestLoginsAreWhatTheHouseholdKnows(t *testing.T) {
	t.Parallel()
	eachSchool(t, func(t *testing.T, s sample.School) {
		households := map[int]bool{}
		for _, l := range s.Logins(30) {
			h := s.Households[l.Household]
			if households[l.Household] || l.Expect == "" || len(l.Enters) != len(h.Pupils) {
				t.Errorf("%s: twice the same household, or something is missing", l.Case)
			}
			households[l.Household] = true
			for i, e := range l.Enters {
				p := s.Pupils[e.Pupil]
				if e.Pupil != h.Pupils[i] || e.Name != p.FullName() || e.BirthDate != p.BirthDate || e.StudentNumber != p.Number || e.Postcode != h.Address.Postcode {
					t.Errorf("%s: pupil %s is entered wrongly", l.Case, p.Number)
				}
				fileAgrees := e.Postcode == p.Address.Postcode
				if differs := l.Case == sample.CaseSeparatedSecond || l.Case == sample.CaseNoPostcode; fileAgrees == differs {
					t.Errorf("%s: the typed postcode agrees with the file: %v", l.Case, fileAgrees)
				}
			}
		}
	})
}

func TestSeparatedParentsOfOneChildLogInOneAfterTheOther(t *testing.T) {
	t.Parallel()
	s := sample.Generate(sample.Primary())
	logins := s.Logins(4)
	first, second := logins[2], logins[3]
	if first.Enters[0].Pupil != second.Enters[0].Pupil || first.Household == second.Household || first.Enters[0].Postcode == second.Enters[0].Postcode {
		t.Errorf("the logins %s and %s are not of two homes of one child", first.Case, second.Case)
	}
}

func TestMoreLoginsOnlyAddToFewer(t *testing.T) {
	t.Parallel()
	s := sample.Generate(sample.Secondary())
	all := s.Logins(40)
	for n := range all {
		if got := s.Logins(n); len(got) != n || (n > 0 && !reflect.DeepEqual(got, all[:n])) {
			t.Fatalf("%d logins are not the first of forty", n)
		}
	}
	if got := s.Logins(-1); len(got) != 0 {
		t.Errorf("%d logins for a negative number", len(got))
	}
}
