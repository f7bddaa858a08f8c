package booking_test

import (
	"testing"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

func asks(factors ...models.Factor) *models.Policy {
	return &models.Policy{Factors: factors, PostcodePart: models.PostcodeAll}
}

func (w *world) policy(patch school.Patch) error {
	w.t.Helper()
	return second(w.booking.Schools.Update(w.ctx, w.operator, patch))
}

// logsIn reports whether Anna's parents get in by what the little school asked at first.
func (w *world) logsIn() bool {
	_, err := w.auth.Parents.Recognise(w.ctx, w.school, parent.Answers{Name: "Anna Bakker", Factors: map[models.Factor]string{models.FactorBirthDate: "1-3-2014", models.FactorPostcode: "1234AB"}}, parent.Origin{})
	return err == nil
}

func (w *world) lockedOut() int {
	w.t.Helper()
	pending, err := w.booking.Schools.Pending(w.ctx, w.operator)
	w.must(err)
	if pending == nil {
		return -1
	}
	return pending.LockedOut
}

func (w *world) inForce() (list []models.Factor) {
	w.read(func(tx *store.Tx) { list = tx.School().Policy.Factors })
	return list
}

func TestAPolicyForWhichDataAreMissingIsToCome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wanted := asks(models.FactorStudentNumber, models.FactorPostcode)
	w.must(w.policy(school.Patch{Policy: wanted}))
	if !w.logsIn() || w.lockedOut() != 9 {
		t.Fatalf("in by the policy of today: %v, locked out by the other: %d", w.logsIn(), w.lockedOut())
	}
	found := ""
	for _, notice := range w.ready(w.evening.ID).Warnings {
		if notice.Code == "policy-pending" {
			found = notice.Params["count"]
		}
	}
	if pending := w.ready(w.evening.ID).Pending; found != "9" || pending == nil || pending.LockedOut != 9 {
		t.Errorf("the check says %q, %+v", found, pending)
	}
	// An import brings the numbers and keeps the birth dates, which are in force until its end.
	w.again()
	if w.lockedOut() != -1 || len(w.inForce()) != 2 || w.inForce()[0] != models.FactorStudentNumber {
		t.Fatalf("locked out %d, in force %v", w.lockedOut(), w.inForce())
	}
	if w.logsIn() {
		t.Error("the birth date still opens")
	}
	_, directory, err := w.booking.People.Pupils(w.ctx, w.operator)
	w.must(err)
	for _, pupil := range directory.Pupils() {
		if pupil.Factors.StudentNumber == "" || !pupil.Factors.BirthDate.IsZero() {
			t.Errorf("kept of %s: %+v", pupil.Details.Given, pupil.Factors)
		}
	}
}

func TestTheSchoolSaysNowOverTheCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	wanted := asks(models.FactorStudentNumber, models.FactorPostcode)
	err := w.policy(school.Patch{Policy: wanted, AcceptLockedOut: ptr(8)})
	if failed, ok := errs.As(err); !ok || failed.Code != "school.locks-out" || failed.Params["pupils"] != "9" {
		t.Errorf("got %v", err)
	}
	if w.lockedOut() != -1 || !w.logsIn() {
		t.Errorf("something changed: %d", w.lockedOut())
	}
	w.must(w.policy(school.Patch{Policy: wanted}))
	if failed, ok := errs.As(w.policy(school.Patch{AcceptLockedOut: ptr(0)})); !ok || failed.Code != "school.locks-out" || w.lockedOut() != 9 {
		t.Errorf("got %v, %d", failed, w.lockedOut())
	}
	w.must(w.policy(school.Patch{AcceptLockedOut: ptr(9)}))
	if w.lockedOut() != -1 || w.logsIn() {
		t.Errorf("not in force: %d", w.lockedOut())
	}
}

func TestAPolicyThatLocksNobodyOutIsInForceAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.policy(school.Patch{Policy: asks(models.FactorStudentNumber, models.FactorPostcode)}))
	// The one in force, asked for again, takes back the other.
	w.must(w.policy(school.Patch{Policy: asks(models.FactorBirthDate, models.FactorPostcode)}))
	if w.lockedOut() != -1 || !w.logsIn() {
		t.Errorf("not taken back: %d", w.lockedOut())
	}
	single := asks(models.FactorBirthDate)
	single.AcceptWeak = true
	w.must(w.policy(school.Patch{Policy: single}))
	if w.lockedOut() != -1 || len(w.inForce()) != 1 {
		t.Errorf("in force %v", w.inForce())
	}
	w.read(func(tx *store.Tx) {
		directory, err := tx.Directory()
		w.must(err)
		for _, home := range directory.Households() {
			if home.Factors != (models.HouseholdFactors{}) {
				t.Error("a postcode is kept that nobody asks for")
			}
		}
	})
	if err := w.policy(school.Patch{Policy: asks()}); errs.KindOf(err) != errs.Invalid {
		t.Errorf("got %v", err)
	}
}
