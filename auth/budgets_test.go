package auth_test

import (
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/factor"
	"github.com/ouderavond/ouderavond/models/store"
)

// spent sums the budgets of a name, over all subjects and windows.
func (w *world) spent(budget budget.Budget) int {
	w.Helper()
	total := 0
	for _, row := range rows[models.Budget](w, store.Eq("name", budget.Name)) {
		total += row.Spent
	}
	return total
}

// manyLogins lets the school have had so many log-ins that its budget for far misses is not in the way.
func (w *world) manyLogins() {
	w.Helper()
	w.write(func(tx *store.Tx) error {
		return store.Insert(tx, &models.Budget{Name: budget.Logins.Name, Subject: tx.Index("budget", "school"), Window: tx.Now().Truncate(time.Hour), Spent: 1_000_000})
	})
}

const receipt = "od_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

func TestAfterThreeWrongAnswersTheRightOneAsksForMoreProof(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.maker("A", receipt, "sanne")
	for n := range 3 {
		if n == 2 {
			w.in(right(), w.elsewhere()) // two are no matter
		}
		w.out("wrong", wrong(n), w.elsewhere())
	}
	w.out("right", right(), w.elsewhere())
	w.out("the brother's wrong", parent.Answers{Name: "Daan de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "1-1-2011", models.FactorPostcode: "9999XX"}}, w.elsewhere())
	w.in(parent.Answers{Name: "Daan de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "7-6-2017", models.FactorPostcode: "1234AB"}}, w.elsewhere())
	known := w.elsewhere()
	known.Device = receipt
	wantGrant(t, w.in(right(), known), "A", false, "sanne", "daan")
	known.Device = "od_BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	w.out("another device", right(), known)
}

func TestADeviceOpensItsOwnHouseholdOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
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
	for n := range 3 {
		w.out("wrong", wrong(n), w.elsewhere())
	}
	origin := w.elsewhere()
	for _, device := range []string{receipt, "od_CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "", "x"} {
		origin.Device = device
		w.out("device "+device, right(), origin)
	}
}

func TestOneWrongAnswerCountsOnceHoweverItIsTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"Sanne de Jong", "SANNE DE JONG", "Jong, Sanne de", "Sanne Jong"} {
		for _, birth := range []string{"4-3-2014", "2014-03-04", "4 maart 2014"} {
			w.out("wrong", parent.Answers{Name: name, Factors: map[models.Factor]string{models.FactorBirthDate: birth, models.FactorPostcode: "1234 ab"}}, w.elsewhere())
		}
	}
	if got := w.spent(budget.Child); got != 1 {
		t.Errorf("counted %d", got)
	}
	w.in(right(), w.elsewhere())
}

// TestTwoWrongAnswersOfAnyFactorCostTwice asks for each factor alone: one that is left out where answers are told apart would be guessed for nothing.
func TestTwoWrongAnswersOfAnyFactorCostTwice(t *testing.T) {
	t.Parallel()
	guesses := [][2]string{{"28-10-2013", "27-9-2012"}, {"9876ZY", "8765XW"}, {"4321", "8765"}}
	for _, one := range factor.All {
		t.Run(string(one.Name), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.policy(models.PostcodeAll, one.Name)
			asked := models.Policy{Factors: []models.Factor{one.Name}, PostcodePart: models.PostcodeAll}
			at := slices.IndexFunc(guesses, func(pair [2]string) bool {
				return one.Typed(asked, pair[0]) != "" && one.Typed(asked, pair[0]) != one.Typed(asked, pair[1])
			})
			if at < 0 {
				t.Fatal("nothing here is an answer; add a pair of guesses")
			}
			for _, guess := range guesses[at] {
				w.out("wrong", parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{one.Name: guess}}, w.elsewhere())
			}
			if got := w.spent(budget.Child); got != 2 {
				t.Errorf("two answers cost %d", got)
			}
		})
	}
}

func TestNearMissesCostTheChildOnlyAndFarOnesAllThree(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answers              parent.Answers
		child, address, wide int
	}{
		"one digit of the date":     {parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "5-3-2015", models.FactorPostcode: "1234AB"}}, 1, 0, 0},
		"one letter of the code":    {parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AC"}}, 1, 0, 0},
		"one of each":               {parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "5-3-2015", models.FactorPostcode: "1234AC"}}, 1, 1, 1},
		"another date":              {parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "28-10-2013", models.FactorPostcode: "1234AB"}}, 1, 1, 1},
		"a name that nobody has":    {parent.Answers{Name: "Piet Puk", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AB"}}, 1, 1, 1},
		"right, but two households": {parent.Answers{Name: "Finn Smit", Factors: map[models.Factor]string{models.FactorBirthDate: "5-5-2013", models.FactorPostcode: "6789FG"}}, 1, 0, 0},
		"namesakes, both wrong":     {parent.Answers{Name: "Emma Bakker", Factors: map[models.Factor]string{models.FactorBirthDate: "28-10-2013", models.FactorPostcode: "9876ZY"}}, 2, 1, 1},
		"a protected address":       {parent.Answers{Name: "Zoë Mulder", Factors: map[models.Factor]string{models.FactorBirthDate: "11-11-2015", models.FactorPostcode: "1111ZZ"}}, 1, 1, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.out(name, tt.answers, w.elsewhere())
			if got := [3]int{w.spent(budget.Child), w.spent(budget.Address), w.spent(budget.School)}; got != [3]int{tt.child, tt.address, tt.wide} {
				t.Errorf("counted %v", got)
			}
			// Whatever the miss, the same number of counts is written.
			if got := w.spent(budget.Address) + w.spent(budget.NearAddress) + w.spent(budget.School) + w.spent(budget.NearSchool); got != 2 {
				t.Errorf("%d counts beside the child's", got)
			}
		})
	}
}

func TestARightAnswerThatIsNotLetInDoesTheWorkOfAWrongOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for n := range 3 {
		w.out("wrong", wrong(n), w.elsewhere())
	}
	work := func(answers parent.Answers) (first, again int) {
		t.Helper()
		origin := w.elsewhere()
		before := w.everything()
		w.out("not let in", answers, origin)
		middle := w.everything()
		w.out("not let in, again", answers, origin)
		return middle - before, w.everything() - middle
	}
	first, again := work(wrong(7))
	rightFirst, rightAgain := work(right())
	if first != rightFirst || again != rightAgain || again != 0 {
		t.Errorf("a wrong answer counts %d and %d, the right one %d and %d", first, again, rightFirst, rightAgain)
	}
	if got := w.spent(budget.Logins); got != 0 {
		t.Errorf("%d log-ins were counted", got)
	}
}

// everything sums all budgets.
func (w *world) everything() int {
	w.Helper()
	total := 0
	for _, row := range rows[models.Budget](w) {
		total += row.Spent
	}
	return total
}

func TestTheSchoolsFarMissesAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for n := range budget.School.Max {
		w.in(right(), w.elsewhere())
		w.out("wrong", parent.Answers{Name: fmt.Sprintf("Piet Puk%c", 'a'+n), Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AB"}}, w.elsewhere())
	}
	w.out("right", right(), w.elsewhere())
	known := w.elsewhere()
	known.Device = receipt
	w.maker("A", receipt, "sanne")
	w.in(right(), known)
	w.Clock.Advance(budget.School.Within + time.Hour)
	w.in(right(), w.elsewhere())
}

func TestLogInsEarnTheSchoolMissesOncePerHousehold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 45 {
		w.in(right(), w.elsewhere())
	}
	w.in(parent.Answers{Name: "Daan de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "7-6-2017", models.FactorPostcode: "1234AB"}}, w.elsewhere())
	w.in(parent.Answers{Name: "Emma Bakker", Factors: map[models.Factor]string{models.FactorBirthDate: "2-1-2016", models.FactorPostcode: "2345BC"}}, w.elsewhere())
	if got := w.spent(budget.Logins); got != 2 {
		t.Errorf("%d log-ins were counted", got)
	}
	if budget.SchoolMax(0) != 8 || budget.SchoolMax(19) != 8 || budget.SchoolMax(20) != 9 || budget.SchoolMax(1000) != 58 {
		t.Error("log-ins earn another number of misses")
	}
}

func TestAnAddressHasItsOwnBudget(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		from, same, other string
	}{
		"version 4":             {"203.0.113.5", "203.0.113.5", "203.0.113.6"},
		"version 4 in 6":        {"203.0.113.5", "::ffff:203.0.113.5", "::ffff:203.0.113.6"},
		"one line of version 6": {"2001:db8:1:2::5", "2001:db8:1:2:ffff::9", "2001:db8:1:3::5"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.manyLogins()
			from := parent.Origin{Address: netip.MustParseAddr(tt.from)}
			for n := range budget.Address.Max {
				w.in(right(), from)
				w.out("wrong", parent.Answers{Name: fmt.Sprintf("Piet Puk%c%c", 'a'+n%26, 'a'+n/26), Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AB"}}, from)
			}
			w.out("right from there", right(), from)
			w.out("right from the same", right(), parent.Origin{Address: netip.MustParseAddr(tt.same)})
			w.in(right(), parent.Origin{Address: netip.MustParseAddr(tt.other)})
			w.Clock.Advance(budget.Address.Within + time.Minute)
			w.in(right(), from)
		})
	}
	t.Run("without an address there is one budget", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.out("wrong", wrong(1), parent.Origin{})
		if got := w.spent(budget.Address); got != 1 {
			t.Errorf("counted %d", got)
		}
		w.in(right(), parent.Origin{})
	})
}

func TestAChildsBudgetComesBackWithTheClock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for n := range 3 {
		w.out("wrong", wrong(n), w.elsewhere())
		w.Clock.Advance(7 * time.Hour)
	}
	w.out("right, within a day of all three", right(), w.elsewhere())
	w.Clock.Advance(5 * time.Hour)
	w.in(right(), w.elsewhere())
	w.out("wrong", wrong(4), w.elsewhere())
	w.out("right, after one more", right(), w.elsewhere())
}

func TestEverySpellingThatMeansAChildChargesTheChild(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// "Sanne Jong" means this child too, who comes first in the roster's order of names or does not.
	w.write(func(tx *store.Tx) error {
		return insertChild(tx, child{name: "namesake", given: "Sanne", surname: "Jong", birth: "2011-01-01", number: "020001", households: "K"})
	})
	for n, name := range []string{"Sanne de Jong", "Sanne Jong", "Jong, Sanne"} {
		answers := wrong(n)
		answers.Name = name
		w.out(name, answers, w.elsewhere())
	}
	w.out("right", right(), w.elsewhere())
}

func TestANamesakesBudgetIsHerOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	// The second Emma is known by another name too, which the first is not.
	w.write(func(tx *store.Tx) error {
		row, err := store.Get[models.Pupil](tx, pupil("emma2"))
		if err != nil {
			return err
		}
		row.Details.Aliases = []string{"Em Smeets"}
		return store.Update(tx, row, "details")
	})
	for n := range 3 {
		answers := wrong(n)
		answers.Name = "Em Smeets"
		w.out("wrong", answers, w.elsewhere())
	}
	emma := parent.Answers{Name: "Emma Bakker", Factors: map[models.Factor]string{models.FactorBirthDate: "2-1-2016", models.FactorPostcode: "2345BC"}}
	w.in(emma, w.elsewhere())
	emma.Factors[models.FactorPostcode] = "3456CD"
	w.out("the second", emma, w.elsewhere())
}

func TestWrongAnswersOfOneInstantAllCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const many = 100
	var group sync.WaitGroup
	from := w.elsewhere()
	for n := range many {
		group.Go(func() { w.out("wrong", wrong(n), from) })
	}
	group.Wait()
	if got := [3]int{w.spent(budget.Child), w.spent(budget.Address), w.spent(budget.School)}; got != [3]int{many, many, 3} {
		t.Errorf("counted %v", got)
	}
	w.out("right", right(), w.elsewhere())
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
	if different != 20 || w.spent(budget.Logins) != 1 {
		t.Errorf("%d sessions, %d log-ins counted", different, w.spent(budget.Logins))
	}
}

func TestBudgetsOfTwoSchoolsAreApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	from := w.elsewhere()
	for n := range 40 {
		_, err := w.service.Parents.Recognise(t.Context(), w.other, wrong(n), from)
		wantUniform(t, "the other school", err)
	}
	w.in(right(), from)
}
