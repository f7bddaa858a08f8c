package booking_test

import (
	"testing"

	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// TestWhatNobodyAsksIsNotKeptOfAPupilByHand adds a pupil with everything that a form can hold, at a school that asks for less.
func TestWhatNobodyAsksIsNotKeptOfAPupilByHand(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	given, surname, group := "Nieuw", "Kind", models.GroupID{}
	w.read(func(tx *store.Tx) {
		groups, err := store.List[models.Group](tx)
		w.must(err)
		group = groups[0].ID
		if tx.School().Policy.Keeps(models.FactorStudentNumber) || tx.School().Policy.Keeps(models.FactorCitizenLast4) {
			t.Fatal("this school asks for the number")
		}
	})
	added, err := w.booking.People.AddPupil(w.ctx, w.operator, people.NewPupil{Key: "new-1", Patch: people.PupilPatch{
		Given: &given, Surname: &surname, Group: &group,
		Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234 AB", models.FactorStudentNumber: "4711", models.FactorCitizenLast4: "0123"},
	}})
	w.must(err)
	w.read(func(tx *store.Tx) {
		known, err := tx.Directory()
		w.must(err)
		pupil, ok := known.Pupil(added.ID)
		if !ok || pupil.Factors.BirthDate.IsZero() || pupil.Factors.StudentNumber != "" || pupil.Factors.CitizenLast4 != "" {
			t.Errorf("kept %+v", pupil.Factors)
		}
	})
}

// TestTheNumberOfAnErasedPupilIsForgotten looks for the keyed index by which the school's next file would find the pupil again.
func TestTheNumberOfAnErasedPupilIsForgotten(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	keys := func() (count int64) {
		w.read(func(tx *store.Tx) {
			var err error
			count, err = store.Count[models.ExternalKey](tx, store.Eq("subject", models.RowID(w.pupils["Anna"])))
			w.must(err)
		})
		return count
	}
	if keys() == 0 {
		t.Fatal("there is no number to forget")
	}
	w.must(w.booking.People.ErasePupil(w.ctx, w.operator, w.pupils["Anna"]))
	if left := keys(); left != 0 {
		t.Errorf("%d indexes of the number are left", left)
	}
}
