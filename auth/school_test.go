package auth_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/store"
)

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

// nameOf returns names that are many slips from one another.
func nameOf(n int) (given, surname string) {
	return strings.Repeat(string(rune('a'+n%26)), 4) + strings.Repeat(string(rune('a'+n/26)), 4), "Testkind"
}

func birthOf(n int) civil.Date    { return civil.Date{Year: 2012, Month: 1, Day: 1}.AddDays(7 * n) }
func postcodeOf(n int) string     { return fmt.Sprintf("%dAB", 2000+13*n) }
func date(d civil.Date) string    { return fmt.Sprintf("%d-%d-%d", d.Day, d.Month, d.Year) }
func full(given, s string) string { return given + " " + s }

// rightOf returns what a parent of the n-th of the others types, missOf the k-th answer that misses that child by far, nearOf one that misses it by a letter.
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
