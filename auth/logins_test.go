package auth_test

import (
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/factor"
	"github.com/ouderavond/ouderavond/models/store"
)

func TestTheSchoolsTotal(t *testing.T) {
	t.Parallel()
	t.Run("eight at once, and who is right goes on by a code", func(t *testing.T) {
		t.Parallel()
		w := newSchool(t)
		w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
		w.guess(0, 8)
		before := len(rows[models.LoginShadow](w))
		w.out("right data", right(), w.elsewhere())
		if got := len(rows[models.LoginShadow](w)) - before; got < 1 || got > 4 {
			t.Errorf("%d more shadows", got)
		}
		w.wantCharged("nothing of it", 8)
		from, sent := w.code()
		w.in(with(sent.Code), from)
		if found := rows[models.LoginSuccess](w); len(found) != 1 {
			t.Errorf("log-ins %+v", found)
		}
	})
	t.Run("one comes back in 2 h 47", func(t *testing.T) {
		t.Parallel()
		w := newSchool(t)
		w.guess(0, 9)
		w.wantCharged("at once", 8)
		w.Clock.Advance(2*time.Hour + 47*time.Minute)
		w.in(rightOf(20), w.elsewhere())
		w.guess(30, 3)
		w.wantCharged("later", 9)
		w.out("right data", rightOf(21), w.elsewhere())
	})
	t.Run("nine in twelve hours", func(t *testing.T) {
		t.Parallel()
		w := newSchool(t)
		w.guess(0, 8)
		w.Clock.Advance(6 * time.Hour)
		w.guess(10, 1)
		w.out("right data", rightOf(20), w.elsewhere())
		w.Clock.Advance(6 * time.Hour)
		w.in(rightOf(20), w.elsewhere())
	})
	t.Run("a hundred at the same time get no more", func(t *testing.T) {
		t.Parallel()
		w := newSchool(t)
		var group sync.WaitGroup
		for n := range 50 {
			from := w.elsewhere()
			group.Go(func() { w.out("a stranger's guess", missOf(n, n), from) })
		}
		group.Wait()
		w.wantCharged("all at once", 8)
	})
	t.Run("what is charged is the same after a restart and at two programs", func(t *testing.T) {
		t.Parallel()
		w := newSchool(t)
		w.guess(0, 4)
		second := *w
		second.service = w.again()
		second.addresses = 1000
		second.guess(10, 8)
		w.wantCharged("together", 8)
		w.out("right data", rightOf(20), w.elsewhere())
		second.out("right data", rightOf(21), second.elsewhere())
	})
	t.Run("four near misses are one", func(t *testing.T) {
		t.Parallel()
		w := newSchool(t)
		w.guess(0, 7)
		for n := range 4 {
			w.out("near", nearOf(20+n, 0), w.elsewhere())
		}
		// Seven and a quarter of eight have no room for a far miss, so nothing more was compared to any effect.
		w.wantCharged("seven far and one near", 8)
		w.out("right data", rightOf(40), w.elsewhere())
	})
	t.Run("a wide one, where no links went out", func(t *testing.T) {
		t.Parallel()
		w := newSchool(t)
		w.write(func(tx *store.Tx) error {
			tx.School().Guessing = ""
			return tx.UpdateSchool("guessing")
		})
		w.guess(0, 20)
		w.wantCharged("of twenty-one, seventeen at once", 17)
	})
}

func TestWhoTakesTheirSlipsBack(t *testing.T) {
	t.Parallel()
	t.Run("the device that gets in", func(t *testing.T) {
		t.Parallel()
		w := newSchool(t)
		from := w.elsewhere()
		w.out("a slip", missOf(1, 1), from)
		w.out("another", missOf(1, 2), from)
		w.wantCharged("before", 2)
		w.in(rightOf(1), from)
		w.wantCharged("after", 0)
	})
	t.Run("no other device", func(t *testing.T) {
		t.Parallel()
		w := newSchool(t)
		from := w.elsewhere()
		w.out("a slip", missOf(1, 1), from)
		w.out("another", missOf(1, 2), from)
		w.in(rightOf(1), w.elsewhere())
		w.wantCharged("after", 2)
	})
	t.Run("for no other family", func(t *testing.T) {
		t.Parallel()
		w := newSchool(t)
		from := w.elsewhere()
		for k := range 3 {
			w.out("a guess", missOf(1, k), from)
		}
		from.Address = w.elsewhere().Address // three of one address are enough for it
		w.in(rightOf(2), from)
		w.wantCharged("after", 3)
	})
	t.Run("for a brother too", func(t *testing.T) {
		t.Parallel()
		w := newSchool(t)
		from := w.elsewhere()
		w.out("a slip", wrong(1), from)
		w.out("another", wrong(2), from)
		w.in(parent.Answers{Name: "Daan de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "7-6-2017", models.FactorPostcode: "1234AB"}}, from)
		w.wantCharged("after", 0)
	})
	t.Run("by a code, by its link and by the letter", func(t *testing.T) {
		t.Parallel()
		w := newSchool(t)
		w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
		letter, err := w.service.Parents.FamilyCode(t.Context(), admin(w.school), household("A"))
		if err != nil {
			t.Fatal(err)
		}
		for _, proof := range []string{"digits", "link", "letter"} {
			from := w.elsewhere()
			w.out("a slip", wrong(1), from)
			w.wantCharged("before "+proof, 1)
			switch proof {
			case "digits":
				w.in(with(w.ask(right(), from)[0].Details.Code), from)
			case "link":
				// Opened on another device; the one that asked made the slip.
				if _, err := w.byLink(w.ask(right(), from)[0].Details.Link, w.elsewhere()); err != nil {
					t.Fatal(err)
				}
			case "letter":
				w.in(parent.Answers{Name: "Sanne de Jong", FamilyCode: letter}, from)
			}
			w.wantCharged("after "+proof, 0)
		}
		if got := len(rows[models.LoginSuccess](w)); got != 3 {
			t.Errorf("%d log-ins are noted", got)
		}
	})
}

func TestAChildsBudget(t *testing.T) {
	t.Parallel()
	t.Run("three different wrong answers in a day", func(t *testing.T) {
		t.Parallel()
		w := newSchool(t)
		w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
		for k := range 3 {
			w.out("wrong", wrong(k), w.elsewhere())
		}
		w.out("right", right(), w.elsewhere())
		w.in(parent.Answers{Name: "Daan de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "7-6-2017", models.FactorPostcode: "1234AB"}}, w.elsewhere())
		from, sent := w.code()
		w.in(with(sent.Code), from)
		w.Clock.Advance(24*time.Hour - time.Second)
		w.out("a second too early", right(), w.elsewhere())
		w.Clock.Advance(time.Second)
		w.in(right(), w.elsewhere())
	})
	t.Run("the same answer counts once for a device, however it is typed", func(t *testing.T) {
		t.Parallel()
		w := newSchool(t)
		from := w.elsewhere()
		for _, name := range []string{"Sanne de Jong", "SANNE DE JONG", "Jong, Sanne de", "Sanne Jong"} {
			for _, birth := range []string{"4-3-2014", "2014-03-04", "4 maart 2014"} {
				w.out("wrong", parent.Answers{Name: name, Factors: map[models.Factor]string{models.FactorBirthDate: birth, models.FactorPostcode: "1234 ab"}}, from)
			}
		}
		w.wantCharged("one device", 1)
		w.out("wrong", parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2014", models.FactorPostcode: "1234 ab"}}, w.elsewhere())
		w.wantCharged("another device", 2)
	})
}

// TestTwoWrongAnswersOfAnyFactorCostTwice asks for each factor alone: one that is left out where answers are told apart would be guessed for nothing.
func TestTwoWrongAnswersOfAnyFactorCostTwice(t *testing.T) {
	t.Parallel()
	guesses := [][2]string{{"9876ZY", "8765XW"}, {"28-10-2013", "27-9-2012"}, {"4321", "8765"}}
	for _, one := range factor.All {
		t.Run(string(one.Name), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.policy(models.PostcodeAll, one.Name)
			asked := models.Policy{Factors: []models.Factor{one.Name}, PostcodePart: models.PostcodeAll}
			from, charged := w.elsewhere(), 0
			for _, pair := range guesses {
				if first := one.Typed(asked, pair[0]); first == "" || first == one.Typed(asked, pair[1]) {
					continue
				}
				for _, guess := range pair {
					w.out("wrong", parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{one.Name: guess}}, from)
				}
				charged = 2
				break
			}
			if charged == 0 {
				t.Fatal("nothing here is an answer; add a pair of guesses")
			}
			w.wantCharged("two answers", 2)
		})
	}
}

func TestAnAddressHasThreeMissesAndWhoGotInFromIt(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ from, same, other string }{
		"version 4":             {"203.0.113.5", "203.0.113.5", "203.0.113.6"},
		"version 4 in 6":        {"203.0.113.5", "::ffff:203.0.113.5", "::ffff:203.0.113.6"},
		"one line of version 6": {"2001:db8:1:2::5", "2001:db8:1:2:ffff::9", "2001:db8:1:3::5"},
		"no address":            {"", "", "203.0.113.6"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newSchool(t)
			at := func(text string) parent.Origin {
				origin := w.elsewhere()
				origin.Address, _ = netip.ParseAddr(text)
				return origin
			}
			for k := range 3 {
				w.out("wrong", missOf(k, k), at(tt.from))
			}
			w.out("right from there", rightOf(20), at(tt.same))
			w.in(rightOf(20), at(tt.other))
			// A household that got in from there, by any proof, is one more.
			letter, err := w.service.Parents.FamilyCode(t.Context(), admin(w.school), household("A"))
			if err != nil {
				t.Fatal(err)
			}
			w.in(parent.Answers{Name: "Sanne de Jong", FamilyCode: letter}, at(tt.from))
			w.in(rightOf(21), at(tt.same))
			w.Clock.Advance(24 * time.Hour)
			w.in(rightOf(22), at(tt.same))
		})
	}
	t.Run("a /48 has twelve", func(t *testing.T) {
		t.Parallel()
		w := newSchool(t)
		w.write(func(tx *store.Tx) error {
			tx.School().Guessing = models.GuessingWide
			return tx.UpdateSchool("guessing")
		})
		for k := range 13 {
			from := w.elsewhere()
			from.Address = netip.MustParseAddr(fmt.Sprintf("2001:db8:7:%x::1", k))
			w.out("wrong", missOf(k, k), from)
		}
		w.wantCharged("of thirteen", 12)
	})
}
