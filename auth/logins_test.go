package auth_test

import (
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/factor"
	"github.com/ouderavond/ouderavond/models/store"
)

const receipt = "od_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// others are pupils beside the named ones, so that the school has three hundred: nine misses in twelve hours, eight at once.
const others = 287

// newSchool is a world with three hundred pupils that chose the narrow total.
func newSchool(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.write(func(tx *store.Tx) error {
		for n := range others {
			id := models.New[models.HouseholdID]()
			if err := store.Insert(tx, &models.Household{ID: id, Origin: models.OriginSingle, Factors: models.HouseholdFactors{Postcode: postcodeOf(n)}}); err != nil {
				return err
			}
			given, surname := nameOf(n)
			row := &models.Pupil{
				ID: models.New[models.PupilID](), State: models.PersonActive, Arrangement: models.ArrangementEach, Details: models.PupilDetails{Given: given, Surname: surname},
				Factors: models.PupilFactors{BirthDate: birthOf(n)},
			}
			if err := store.Insert(tx, row); err != nil {
				return err
			}
			if err := store.Insert(tx, &models.HouseholdPupil{HouseholdID: id, PupilID: row.ID}); err != nil {
				return err
			}
		}
		tx.School().Guessing = models.GuessingNarrow
		return tx.UpdateSchool("guessing")
	})
	return w
}

// nameOf gives names that are many slips from one another.
func nameOf(n int) (given, surname string) {
	return strings.Repeat(string(rune('a'+n%26)), 4) + strings.Repeat(string(rune('a'+n/26)), 4), "Testkind"
}

func birthOf(n int) civil.Date    { return civil.Date{Year: 2012, Month: 1, Day: 1}.AddDays(7 * n) }
func postcodeOf(n int) string     { return fmt.Sprintf("%dAB", 2000+13*n) }
func date(d civil.Date) string    { return fmt.Sprintf("%d-%d-%d", d.Day, d.Month, d.Year) }
func full(given, s string) string { return given + " " + s }

// rightOf gives what a parent of the n-th of the others types, missOf the k-th answer that misses that child by far, nearOf one that misses it by a letter.
func rightOf(n int) parent.Answers {
	return parent.Answers{Name: full(nameOf(n)), Factors: map[models.Factor]string{models.FactorBirthDate: date(birthOf(n)), models.FactorPostcode: postcodeOf(n)}}
}

func missOf(n, k int) parent.Answers {
	answers := rightOf(n)
	answers.Factors[models.FactorBirthDate], answers.Factors[models.FactorPostcode] = date(civil.Date{Year: 2009, Month: 12, Day: 28}.AddDays(k)), "9876ZY"
	return answers
}

func nearOf(n, k int) parent.Answers {
	answers := rightOf(n)
	answers.Factors[models.FactorPostcode] = postcodeOf(n)[:5] + string(rune('C'+k))
	return answers
}

// guess has some of the others missed by strangers of their own.
func (w *world) guess(from, times int) {
	w.Helper()
	for n := range times {
		w.out("a stranger's guess", missOf(from+n, n), w.elsewhere())
	}
}

// charged counts the misses of the public form.
func (w *world) charged() int {
	w.Helper()
	return len(rows[models.LoginMiss](w, store.Eq("lane", models.LanePublic)))
}

func (w *world) wantCharged(what string, want int) {
	w.Helper()
	if got := w.charged(); got != want {
		w.Errorf("%s: %d are charged, want %d", what, got, want)
	}
}

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

func TestWhoIsComparedAndCharged(t *testing.T) {
	t.Parallel()
	birth, postcode := models.FactorBirthDate, models.FactorPostcode
	for name, tt := range map[string]struct {
		answers parent.Answers
		costs   []int
	}{
		"one digit of the date":       {parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{birth: "5-3-2015", postcode: "1234AB"}}, []int{1}},
		"one letter of the code":      {parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{birth: "4-3-2015", postcode: "1234AC"}}, []int{1}},
		"one of each":                 {parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{birth: "5-3-2015", postcode: "1234AC"}}, []int{4}},
		"another date":                {parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{birth: "28-10-2013", postcode: "1234AB"}}, []int{4}},
		"a name that nobody has":      {parent.Answers{Name: "Piet Puk", Factors: map[models.Factor]string{birth: "4-3-2015", postcode: "1234AB"}}, nil},
		"right, but two households":   {parent.Answers{Name: "Finn Smit", Factors: map[models.Factor]string{birth: "5-5-2013", postcode: "6789FG"}}, nil},
		"right, but two children":     {parent.Answers{Name: "Lotte Dekker", Factors: map[models.Factor]string{birth: "6-6-2016", postcode: "9012KL"}}, nil},
		"namesakes, both wrong":       {parent.Answers{Name: "Emma Bakker", Factors: map[models.Factor]string{birth: "28-10-2013", postcode: "9876ZY"}}, []int{4, 4}},
		"a protected address":         {parent.Answers{Name: "Zoë Mulder", Factors: map[models.Factor]string{birth: "11-11-2015", postcode: "1111ZZ"}}, nil},
		"a child who left":            {parent.Answers{Name: "Mila Vos", Factors: map[models.Factor]string{birth: "1-1-2011", postcode: "8901HJ"}}, nil},
		"a slip in the name, too":     {parent.Answers{Name: "Sanne de Jnog", Factors: map[models.Factor]string{birth: "28-10-2013", postcode: "1234AB"}}, []int{4}},
		"a slip from two, both wrong": {parent.Answers{Name: "Emma Baker", Factors: map[models.Factor]string{birth: "28-10-2013", postcode: "9876ZY"}}, []int{4, 4}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.out(name, tt.answers, w.elsewhere())
			var costs []int
			for _, miss := range rows[models.LoginMiss](w) {
				costs = append(costs, miss.Cost)
			}
			if fmt.Sprint(costs) != fmt.Sprint(tt.costs) {
				t.Errorf("charged %v, want %v", costs, tt.costs)
			}
			// Whatever the failure, four rows are written.
			if got := len(costs) + len(rows[models.LoginShadow](w)); got != 4 {
				t.Errorf("%d rows", got)
			}
		})
	}
}

func TestOneSlipInANameIsLetIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	slip := right()
	slip.Name = "Sane de Jong"
	wantGrant(t, w.in(slip, w.elsewhere()), "A", false, "sanne", "daan")
	// A name that is a slip from two is the one whose data are right.
	wantGrant(t, w.in(parent.Answers{Name: "Emma Baker", Factors: map[models.Factor]string{models.FactorBirthDate: "2-1-2016", models.FactorPostcode: "3456CD"}}, w.elsewhere()), "C", false, "emma2")
	// A name that somebody has means nobody else.
	w.write(func(tx *store.Tx) error {
		return insertChild(tx, child{name: "namesake", given: "Sanne", prefix: "de", surname: "Jonge", birth: "2011-01-01", number: "020001", households: "K"})
	})
	other := right()
	other.Name = "Sanne de Jonge"
	w.out("the other's name", other, w.elsewhere())
	if misses := rows[models.LoginMiss](w); len(misses) != 1 {
		t.Errorf("charged %d", len(misses))
	}
}

func TestAKnownDevice(t *testing.T) {
	t.Parallel()
	setUp := func(t *testing.T) *world {
		t.Helper()
		w := newSchool(t)
		w.guess(0, 8)
		return w
	}
	known := func(w *world) parent.Origin {
		from := w.elsewhere()
		from.Device = receipt
		return from
	}
	t.Run("passes for its household, until five wrong answers", func(t *testing.T) {
		t.Parallel()
		w := setUp(t)
		w.maker("A", receipt, "sanne")
		wantGrant(t, w.in(right(), known(w)), "A", false, "sanne", "daan")
		w.out("for another household", rightOf(20), known(w))
		for k := range 5 {
			w.in(right(), known(w))
			w.out("wrong", wrong(k), known(w))
			w.out("the same again", wrong(k), known(w))
		}
		w.out("after five", right(), known(w))
		w.wantCharged("publicly", 8)
		w.Clock.Advance(24 * time.Hour)
		w.in(right(), known(w))
	})
	t.Run("where it was confirmed", func(t *testing.T) {
		t.Parallel()
		w := setUp(t)
		letter, err := w.service.Parents.FamilyCode(t.Context(), admin(w.school), household("A"))
		if err != nil {
			t.Fatal(err)
		}
		from := w.elsewhere()
		from.Device = w.in(parent.Answers{Name: "Sanne de Jong", FamilyCode: letter}, from).Device
		w.in(right(), from)
		from.Device = w.in(right(), from).Device
		w.in(right(), from)
	})
	t.Run("that too many know passes nothing", func(t *testing.T) {
		t.Parallel()
		w := setUp(t)
		for _, letter := range []string{"A", "B", "C", "D"} {
			w.maker(letter, receipt)
		}
		w.in(right(), known(w))
		w.maker("H", receipt)
		w.out("five households", right(), known(w))
	})
	t.Run("that somebody says is not theirs passes nothing and keeps nothing", func(t *testing.T) {
		t.Parallel()
		w := newSchool(t)
		w.maker("A", receipt, "sanne")
		from := known(w)
		from.Shared = true
		if opened := w.in(right(), from); opened.Device != "" || len(opened.Actor.Makers) != 0 {
			t.Errorf("opened %+v", opened)
		}
		w.guess(0, 8)
		w.out("shut", right(), from)
	})
	t.Run("of another household, or past its time, passes nothing", func(t *testing.T) {
		t.Parallel()
		w := setUp(t)
		w.maker("B", receipt, "emma")
		expired := w.maker("A", "od_CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "sanne")
		w.write(func(tx *store.Tx) error {
			row, err := store.Get[models.Maker](tx, expired)
			if err != nil {
				return err
			}
			row.ExpiresAt = tx.Now()
			return store.Update(tx, row, "expires_at")
		})
		for _, device := range []string{receipt, "od_CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "", "x"} {
			from := w.elsewhere()
			from.Device = device
			w.out("device "+device, right(), from)
		}
	})
}

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

// TestAnAttackOfAnEveningLeavesEveryFamilyAWayIn: far misses from three addresses until the form asks everybody for more, then hundreds of wrong codes that nobody asked for.
func TestAnAttackOfAnEveningLeavesEveryFamilyAWayIn(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	for n := range 9 {
		from := w.elsewhere()
		from.Address = netip.AddrFrom4([4]byte{203, 0, 113, byte(n / 3)})
		w.out("far", missOf(n, n), from)
	}
	w.out("right data", right(), w.elsewhere())
	from := w.elsewhere()
	for n := range 505 {
		w.out("wrong", parent.Answers{Name: full(nameOf(n % others)), Code: fmt.Sprintf("%08d", n)}, from)
		w.Clock.Advance(100 * time.Millisecond)
	}
	asked := w.elsewhere()
	asked.Address = from.Address // the same wall of the school
	queued := w.ask(right(), asked)
	if len(queued) != 1 || len(queued[0].Details.Code) != 8 {
		t.Fatalf("messages %+v", queued)
	}
	w.in(with(queued[0].Details.Code), asked)
}

func TestManyTriesASecondFromOneAddressAreTurnedAway(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	from := w.elsewhere()
	tries := func(many int, answers ...parent.Answers) (turned int) {
		for n := range many {
			if _, err := w.recognise(answers[n%len(answers)], from); err != nil && err.Error() == "too-many" {
				turned++
			}
		}
		return turned
	}
	any := []parent.Answers{missOf(1, 1), {Name: "Sanne de Jong", Code: "00000000"}, {}}
	if turned := tries(24, any...); turned != 4 {
		t.Errorf("%d were turned away", turned)
	}
	before := len(rows[models.LoginShadow](w))
	if turned := tries(20, right()); turned != 20 || len(rows[models.LoginShadow](w)) != before {
		t.Errorf("%d right ones were turned away", turned)
	}
	w.Clock.Advance(time.Second)
	tries(1, right())
	// A household came from there, so ten times as many may.
	if turned := tries(190, any...); turned != 0 {
		t.Errorf("%d were turned away", turned)
	}
	if turned := tries(40, any...); turned == 0 {
		t.Error("nobody was turned away in the end")
	}
	if _, err := w.recognise(rightOf(30), w.elsewhere()); err != nil {
		t.Errorf("another address: %v", err)
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

func TestRightAnswersOfOneInstantAllGetIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var group sync.WaitGroup
	tokens := sync.Map{}
	for range 20 {
		from := w.elsewhere()
		group.Go(func() {
			if opened, err := w.recognise(right(), from); err != nil {
				t.Error(err)
			} else {
				tokens.Store(opened.Token, true)
			}
		})
	}
	group.Wait()
	different := 0
	tokens.Range(func(any, any) bool { different++; return true })
	if different != 20 || len(rows[models.LoginSuccess](w)) != 20 {
		t.Errorf("%d sessions, %d log-ins noted", different, len(rows[models.LoginSuccess](w)))
	}
}
