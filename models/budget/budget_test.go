package budget_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/models"
	budgets "github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

var all = []budgets.Budget{budgets.Hidden, budgets.Messages, budgets.Staff, budgets.StaffAll}

func write(t rapid.TB, db *storetest.Database, school models.SchoolID, work func(*store.Tx) error) {
	t.Helper()
	if err := db.Store.For(storetest.As(school)).Write(context.Background(), work); err != nil {
		t.Fatal(err)
	}
}

func spent(t rapid.TB, db *storetest.Database, school models.SchoolID, budget budgets.Budget, subject string) (count int) {
	t.Helper()
	write(t, db, school, func(tx *store.Tx) (err error) {
		count, err = budgets.Spent(tx, budget, []byte(subject))
		return err
	})
	return count
}

func spend(budget budgets.Budget, subject string) func(*store.Tx) error {
	return func(tx *store.Tx) error { return budgets.Spend(tx, budget, []byte(subject)) }
}

func TestBudgetsHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, budget := range all {
		if seen[budget.Name] || budget.Name == "" || budget.Within <= 0 {
			t.Errorf("budget %+v", budget)
		}
		seen[budget.Name] = true
	}
}

func TestWhatIsSpentCountsForItsSubjectBudgetAndSchool(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	here, there := storetest.School(t, db.Store, "here"), storetest.School(t, db.Store, "there")
	for range 3 {
		write(t, db, here, spend(budgets.Hidden, "one"))
	}
	for name, tt := range map[string]struct {
		school  models.SchoolID
		budget  budgets.Budget
		subject string
		want    int
	}{
		"itself": {here, budgets.Hidden, "one", 3}, "another subject": {here, budgets.Hidden, "two", 0}, "another budget": {here, budgets.Staff, "one", 0},
		"another school": {there, budgets.Hidden, "one", 0},
	} {
		if got := spent(t, db, tt.school, tt.budget, tt.subject); got != tt.want {
			t.Errorf("%s: %d", name, got)
		}
	}
}

func TestABudgetIsExhaustedAtItsMost(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	school := storetest.School(t, db.Store, "here")
	for n := range budgets.Hidden.Max + 2 {
		write(t, db, school, func(tx *store.Tx) error {
			exhausted, err := budgets.Exhausted(tx, budgets.Hidden, []byte("one"))
			if want := n >= budgets.Hidden.Max; exhausted != want {
				t.Errorf("after %d: %v", n, exhausted)
			}
			if err != nil {
				return err
			}
			return budgets.Spend(tx, budgets.Hidden, []byte("one"))
		})
	}
}

func TestWhatIsReturnedIsNotSpent(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	school := storetest.School(t, db.Store, "here")
	for range 3 {
		write(t, db, school, spend(budgets.Staff, "one"))
	}
	taken := db.Clock.Now()
	db.Clock.Advance(3 * time.Minute)
	write(t, db, school, func(tx *store.Tx) error { return budgets.Return(tx, budgets.Staff, []byte("one"), taken) })
	if got := spent(t, db, school, budgets.Staff, "one"); got != 2 {
		t.Errorf("%d are left", got)
	}
	// The window may be gone already; then there is nothing to return to.
	write(t, db, school, func(tx *store.Tx) error {
		return budgets.Return(tx, budgets.Staff, []byte("one"), taken.Add(-time.Hour))
	})
	if got := spent(t, db, school, budgets.Staff, "one"); got != 2 {
		t.Errorf("%d are left", got)
	}
}

func TestManyAtOnceAllCount(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	school := storetest.School(t, db.Store, "here")
	var group sync.WaitGroup
	for range 100 {
		group.Go(func() { write(t, db, school, spend(budgets.Hidden, "one")) })
	}
	group.Wait()
	if got := spent(t, db, school, budgets.Hidden, "one"); got != 100 {
		t.Errorf("%d were counted", got)
	}
}

// Whoever spends whenever the budget lets them never spends more than it in any stretch of its time; and after twice that time everything is forgotten.
func TestNoStretchOfTimeHasMoreThanTheBudget(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	school := storetest.School(t, db.Store, "here")
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		subject := string(rune('a'+run%26)) + time.Duration(run).String()
		budget := rapid.SampledFrom([]budgets.Budget{budgets.Hidden, budgets.Staff, budgets.StaffAll}).Draw(t, "budget")
		var at []time.Time
		for _, minutes := range rapid.SliceOfN(rapid.IntRange(0, int(budget.Within/time.Minute)/3), 1, 25).Draw(t, "pauses") {
			now := db.Clock.Advance(time.Duration(minutes) * time.Minute)
			write(t, db, school, func(tx *store.Tx) error {
				exhausted, err := budgets.Exhausted(tx, budget, []byte(subject))
				if err != nil || exhausted {
					return err
				}
				at = append(at, now)
				return budgets.Spend(tx, budget, []byte(subject))
			})
		}
		for i := budget.Max; i < len(at); i++ {
			if stretch := at[i].Sub(at[i-budget.Max]); stretch < budget.Within {
				t.Fatalf("%d of %s within %v", budget.Max+1, budget.Name, stretch)
			}
		}
		db.Clock.Advance(2 * budget.Within)
		if left := spent(t, db, school, budget, subject); left != 0 {
			t.Fatalf("%d of %s are never forgotten", left, budget.Name)
		}
	})
}

func TestSeveralCountsAreWhatEachIsByItself(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	school := storetest.School(t, db.Store, "here")
	sampled, subjects := []budgets.Budget{budgets.Hidden, budgets.Messages, budgets.Staff, budgets.StaffAll}, []string{"one", "two", "three"}
	rapid.Check(t, func(t *rapid.T) {
		count := func(t *rapid.T) budgets.Count {
			return budgets.Count{Budget: rapid.SampledFrom(sampled).Draw(t, "budget"), Subject: []byte(rapid.SampledFrom(subjects).Draw(t, "subject"))}
		}
		for range rapid.IntRange(0, 4).Draw(t, "times") {
			spend := count(t)
			write(t, db, school, func(tx *store.Tx) error { return budgets.Spend(tx, spend.Budget, spend.Subject) })
			db.Clock.Advance(time.Duration(rapid.IntRange(0, 90).Draw(t, "minutes")) * time.Minute)
		}
		asked := rapid.SliceOfN(rapid.Custom(count), 1, 12).Draw(t, "asked")
		write(t, db, school, func(tx *store.Tx) error {
			together, err := budgets.SpentOf(tx, asked...)
			for i, one := range asked {
				alone, failed := budgets.Spent(tx, one.Budget, one.Subject)
				if err != nil || failed != nil || together[i] != alone {
					t.Errorf("%s of %s: %d together, %d alone (%v, %v)", one.Budget.Name, one.Subject, together[i], alone, err, failed)
				}
			}
			return nil
		})
	})
}
