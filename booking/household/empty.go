package household

import (
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// NobodyIn holds for a household without a pupil.
var NobodyIn = store.Unnamed[models.HouseholdPupil]("household_id")

// DropEmpty removes the households in which nobody is left and which made no appointments.
func DropEmpty(tx *store.Tx) (int, error) {
	households, err := store.List[models.Household](tx, NobodyIn)
	if err != nil {
		return 0, err
	}
	removed := 0
	for _, household := range households {
		appointments, err := store.Count[models.Appointment](tx, store.Eq("household_id", household.ID))
		if err != nil {
			return removed, err
		}
		waiting, err := store.Count[models.Message](tx, store.Eq("household_id", household.ID), store.In("state", []models.MessageState{models.MessageQueued, models.MessageSending}))
		if err != nil {
			return removed, err
		}
		// One that still has a message to get goes later, with the tidying.
		if appointments+waiting > 0 {
			continue
		}
		if _, err := store.Delete[models.Override](tx, store.Eq("kind", models.SubjectHousehold), store.Eq("subject", household.ID)); err != nil {
			return removed, err
		}
		if _, err := store.Delete[models.Household](tx, store.Eq("id", household.ID)); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, nil
}
