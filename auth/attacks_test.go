package auth_test

import (
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/booking/sample"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

func TestNamesOfNobodyAndWrongCodesCloseNothing(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	from := w.elsewhere()
	for n := range 200 {
		w.out("nobody", parent.Answers{Name: fmt.Sprintf("Piet Puk%c%c", 'a'+n%26, 'a'+n/26), Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AB"}}, from)
		w.Clock.Advance(100 * time.Millisecond)
	}
	w.wantCharged("names of nobody", 0)
	w.in(right(), from)
}

// TestAnAttackOfAnEveningLeavesEveryFamilyAWayIn: far misses from three addresses, then hundreds of wrong codes that nobody asked for, then as many misses as it takes until
// the form asks everybody for more. Every family of a primary and of a secondary school gets in all the same: by its link, and by a code or the letter.
func TestAnAttackOfAnEveningLeavesEveryFamilyAWayIn(t *testing.T) {
	t.Parallel()
	for _, spec := range []sample.Spec{sample.Primary(), sample.Secondary()} {
		t.Run(string(spec.Level), func(t *testing.T) {
			t.Parallel()
			s := newSampled(t, spec)
			s.attack()
			links := map[models.HouseholdID]string{}
			made, err := s.service.Parents.Links(t.Context(), storetest.As(s.school), round, models.HouseholdID{}, false)
			if err != nil {
				t.Fatal(err)
			}
			for _, link := range made {
				links[link.Household] = link.Token
			}
			places := make(chan int)
			var byCode, byLetter atomic.Int64
			var families sync.WaitGroup
			for hand := range 24 {
				families.Go(func() {
					for place := range places {
						from := parent.Origin{Address: netip.AddrFrom4([4]byte{100, byte(hand), byte(place >> 8), byte(place)}), Try: session.Try(""), Language: "nl"}
						s.comesByLink(place, links[s.homes[place]], from)
						if s.comesByCode(place, from) {
							byCode.Add(1)
						} else {
							s.comesByLetter(place, from)
							byLetter.Add(1)
						}
					}
				})
			}
			for place := range s.Households {
				places <- place
			}
			close(places)
			families.Wait()
			all := int64(len(s.Households))
			if byCode.Load()+byLetter.Load() != all || byCode.Load() < all*9/10 {
				t.Errorf("%d families by code and %d by letter, of %d", byCode.Load(), byLetter.Load(), all)
			}
		})
	}
}

// sampled is a school of invented people, as its files have them.
type sampled struct {
	*world
	sample.School
	homes []models.HouseholdID
}

func newSampled(t *testing.T, spec sample.Spec) *sampled {
	t.Helper()
	s := &sampled{world: newRound(t), School: sample.Generate(spec)}
	s.write(func(tx *store.Tx) error {
		tx.School().Guessing, tx.School().Channels = models.GuessingNarrow, models.Channels{Mail: true, SMS: true}
		for _, household := range s.Households {
			row := &models.Household{ID: models.New[models.HouseholdID](), Origin: models.OriginSingle, Factors: models.HouseholdFactors{Postcode: household.Address.Postcode}}
			if err := store.Insert(tx, row); err != nil {
				return err
			}
			s.homes = append(s.homes, row.ID)
			for _, guardian := range household.Guardians {
				if err := s.insertGuardian(tx, row.ID, guardian); err != nil {
					return err
				}
			}
		}
		for place, pupil := range s.Pupils {
			if err := s.insertPupil(tx, place, pupil); err != nil {
				return err
			}
		}
		return tx.UpdateSchool("guessing", "channels")
	})
	return s
}

func (s *sampled) insertGuardian(tx *store.Tx, home models.HouseholdID, guardian sample.Guardian) error {
	for kind, value := range map[models.ContactKind]string{models.ContactEmail: guardian.Email, models.ContactPhone: guardian.Phone} {
		if value == "" {
			continue
		}
		row := &models.Contact{
			ID: models.New[models.ContactID](), HouseholdID: home, Kind: kind, Source: models.SourceFile, Purposes: []string{"confirmation", "code"}, Language: "nl",
			Details: models.ContactDetails{Value: value},
		}
		if err := store.Insert(tx, row); err != nil {
			return err
		}
	}
	return nil
}

// insertPupil inserts a pupil; one in a hundred has a protected address.
func (s *sampled) insertPupil(tx *store.Tx, place int, pupil sample.Pupil) error {
	birth, err := civil.Parse(pupil.BirthDate)
	if err != nil {
		return err
	}
	row := &models.Pupil{
		ID: models.New[models.PupilID](), State: models.PersonActive, Arrangement: models.ArrangementEach, Protected: protected(place),
		Details: models.PupilDetails{Given: pupil.Given, Prefix: pupil.Prefix, Surname: pupil.Surname}, Factors: models.PupilFactors{BirthDate: birth, StudentNumber: pupil.Number},
	}
	if err := store.Insert(tx, row); err != nil {
		return err
	}
	for position, home := range pupil.Households {
		if err := store.Insert(tx, &models.HouseholdPupil{HouseholdID: s.homes[home], PupilID: row.ID, Position: position}); err != nil {
			return err
		}
	}
	return nil
}

func protected(place int) bool { return place%100 == 7 }

// typed is what a parent of a household types for its first child.
func (s *sampled) typed(place int) parent.Answers {
	pupil := s.Pupils[s.Households[place].Pupils[0]]
	return parent.Answers{Name: pupil.FullName(), Factors: map[models.Factor]string{models.FactorBirthDate: pupil.BirthDate, models.FactorPostcode: s.Households[place].Address.Postcode}}
}

// wrong is the n-th answer that misses a pupil by far.
func (s *sampled) wrong(n int) parent.Answers {
	return parent.Answers{Name: s.Pupils[n*7%len(s.Pupils)].FullName(), Factors: map[models.Factor]string{models.FactorBirthDate: fmt.Sprintf("28-10-%d", 1990+n%9), models.FactorPostcode: "9999ZZ"}}
}

// attack is an evening's: nine far misses from three addresses, 505 wrong codes from one, and misses until the form is shut.
func (s *sampled) attack() {
	s.Helper()
	wall := s.elsewhere()
	for n := range 9 {
		from := s.elsewhere()
		from.Address = netip.AddrFrom4([4]byte{203, 0, 113, byte(n / 3)})
		s.out("far", s.wrong(n), from)
	}
	for n := range 505 {
		s.out("wrong", parent.Answers{Name: s.Pupils[n%len(s.Pupils)].FullName(), Code: fmt.Sprintf("%08d", n)}, wall)
		s.Clock.Advance(100 * time.Millisecond)
	}
	for n := range 60 {
		s.out("far", s.wrong(10+n), s.elsewhere())
	}
	for place := range 5 {
		s.out("right data", s.typed(place), s.elsewhere())
	}
}

func (s *sampled) comesByLink(place int, link string, from parent.Origin) {
	s.Helper()
	hidden := slices.ContainsFunc(s.Households[place].Pupils, protected)
	if hidden != (link == "") {
		s.Errorf("family %d: a link: %v, a protected child: %v", place, link != "", hidden)
	}
	if link == "" {
		return
	}
	opened, err := s.byPersonal(link, s.typed(place).Factors[models.FactorBirthDate], from)
	if err != nil || opened.Actor.Grants[0].Household != s.homes[place] {
		s.Errorf("family %d by its link: %v", place, err)
	}
}

// comesByCode asks for a code: by the child's data, else by each address of its own. It reports whether a message was sent; then its digits and its link must open.
func (s *sampled) comesByCode(place int, from parent.Origin) bool {
	s.Helper()
	ways := []parent.Answers{s.typed(place)}
	for _, guardian := range s.Households[place].Guardians {
		for _, own := range []string{guardian.Email, guardian.Phone} {
			if own != "" {
				ways = append(ways, parent.Answers{Name: s.typed(place).Name, Contact: own})
			}
		}
	}
	known := map[models.MessageID]bool{}
	news := func() []models.Message {
		sent := rows[models.Message](s.world, store.Eq("household_id", s.homes[place]), store.Eq("kind", models.MessageCode))
		return slices.DeleteFunc(sent, func(message models.Message) bool { return known[message.ID] })
	}
	for _, message := range news() {
		known[message.ID] = true
	}
	for _, answers := range ways {
		if _, err := s.service.Parents.RequestCode(s.Context(), s.school, answers, from); err != nil {
			s.Errorf("family %d asks for a code: %v", place, err)
		}
		sent := news()
		// A child's other home may ask for both at the same time: its digits open where it asked.
		for _, message := range sent {
			opened, err := s.recognise(parent.Answers{Code: message.Details.Code}, from)
			if err == nil && opened.Actor.Grants[0].Household == s.homes[place] && opened.Actor.Grants[0].Confirmed {
				return true
			}
		}
		if len(sent) > 0 {
			s.Errorf("family %d was sent %d messages of which none opens", place, len(sent))
			return true
		}
	}
	return false
}

func (s *sampled) comesByLetter(place int, from parent.Origin) {
	s.Helper()
	letter, err := s.service.Parents.FamilyCode(s.Context(), storetest.As(s.school), s.homes[place])
	if err != nil {
		s.Errorf("family %d has no letter: %v", place, err)
	}
	opened, err := s.recognise(parent.Answers{Name: s.typed(place).Name, FamilyCode: letter}, from)
	if err != nil || opened.Actor.Grants[0].Household != s.homes[place] {
		s.Errorf("family %d by its letter: %v", place, err)
	}
}

func TestBudgetsOfTwoSchoolsAreApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	from := w.elsewhere()
	for n := range 20 {
		_, err := w.service.Parents.Recognise(t.Context(), w.other, wrong(n), from)
		wantUniform(t, "the other school", err)
	}
	w.in(right(), w.elsewhere())
	w.wantCharged("here", 0)
}
