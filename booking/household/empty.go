package household

import (
	"slices"
	"strconv"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/eraser"
	"github.com/ouderavond/ouderavond/models/store"
)

// NobodyIn holds for a household without a pupil.
var NobodyIn = store.Unnamed[models.HouseholdPupil]("household_id")

// DropEmpty erases the households in which nobody is left, which made no appointments, and which have no message to get any more.
func DropEmpty(tx *store.Tx) (int, error) {
	households, err := store.List[models.Household](tx, NobodyIn)
	if err != nil {
		return 0, err
	}
	removed := 0
	for _, household := range households {
		waiting, err := store.Count[models.Message](tx, store.Eq("household_id", household.ID), store.In("state", []models.MessageState{models.MessageQueued, models.MessageSending}))
		if err != nil {
			return removed, err
		}
		if waiting > 0 {
			continue // it is told first
		}
		var gone bool
		err = asEmptied(tx, household.ID, func() (err error) {
			gone, err = EraseIfEmpty(tx, household.ID)
			return err
		})
		if err != nil {
			return removed, err
		}
		if gone {
			removed++
		}
	}
	return removed, nil
}

// asEmptied erases a household on behalf of the import by which the last child left it, be it long ago: who takes that back has the household again.
func asEmptied(tx *store.Tx, home models.HouseholdID, erase func() error) error {
	of, at := tx.Recording()
	here := func(row models.RowImage) bool { return string(row["HouseholdID"]) == strconv.Quote(home.String()) }
	if tx.Touched("household_pupils", here) {
		return erase()
	}
	rows, err := store.List[models.UndoRow](tx, store.Eq("kind", "household_pupils"))
	if err != nil {
		return err
	}
	if err := store.OpenGuarded(tx, rows); err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, func(row models.UndoRow) bool { return !here(row.Details.Before) || row.Details.After != nil })
	if len(rows) == 0 {
		return erase()
	}
	last := slices.MaxFunc(rows, func(a, b models.UndoRow) int { return a.At.Compare(b.At) })
	if err := tx.Record(last.ImportID, last.At); err != nil {
		return err
	}
	if err := erase(); err != nil {
		return err
	}
	return tx.Record(of, at)
}

// Leave erases those of some households in which nobody is left, at once: with guardians, contacts and what still waited to be sent to them.
func Leave(tx *store.Tx, homes []models.HouseholdID) error {
	for _, home := range homes {
		inside, err := store.Count[models.HouseholdPupil](tx, store.Eq("household_id", home))
		if err == nil && inside == 0 {
			_, err = EraseIfEmpty(tx, home)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// EraseIfEmpty erases a household in which no pupil is left. Talks of a child that lives elsewhere by now keep theirs.
func EraseIfEmpty(tx *store.Tx, home models.HouseholdID) (gone bool, err error) {
	talks, err := store.Count[models.Appointment](tx, store.Eq("household_id", home))
	if err != nil || talks > 0 {
		return false, err
	}
	return true, eraser.Household(tx, home)
}
