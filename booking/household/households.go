package household

import (
	"context"
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// maxHouseholdPupils is how many children one household may have by hand.
const maxHouseholdPupils = 20

// MergeSuggestions lists the proposed households that nobody has decided yet.
func (s *Service) MergeSuggestions(ctx context.Context, actor models.Actor) (list []models.MergeSuggestion, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		list, err = store.List[models.MergeSuggestion](tx, store.Eq("state", models.SuggestionOpen))
		return err
	})
	return list, err
}

// DecideMergeSuggestions accepts or declines merge suggestions. With none named, it accepts all that have no veto: the school's one tap.
func (s *Service) DecideMergeSuggestions(ctx context.Context, actor models.Actor, ids []models.RowID, accept bool) (decided int, err error) {
	err = s.change(ctx, actor, func(tx *store.Tx) error {
		decided = 0
		open, err := store.List[models.MergeSuggestion](tx, store.Eq("state", models.SuggestionOpen))
		if err != nil {
			return err
		}
		for i := range open {
			suggestion := &open[i]
			if len(ids) > 0 && !slices.Contains(ids, suggestion.ID) || len(ids) == 0 && len(suggestion.Vetoes) > 0 {
				continue
			}
			err := decideMergeSuggestion(tx, suggestion, accept)
			if len(ids) == 0 && errs.CodeOf(err) == errs.CodeBothBooked {
				continue // not for the one tap; named, it says why
			}
			if err != nil {
				return err
			}
			decided++
		}
		if len(ids) > 0 && decided < len(ids) {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		if _, err := DropEmpty(tx); err != nil {
			return err
		}
		return tx.Audited("merge-suggestions", [16]byte{}, map[string]int{"decided": decided})
	})
	return decided, err
}

func decideMergeSuggestion(tx *store.Tx, suggestion *models.MergeSuggestion, accept bool) error {
	suggestion.State = models.SuggestionDeclined
	if accept {
		suggestion.State = models.SuggestionAccepted
		if _, err := join(tx, suggestion.PupilIDs, models.OriginSuggestion); err != nil {
			return err
		}
	}
	return store.Update(tx, suggestion, "state")
}

// join puts pupils into one household: the first one's. The other members of their households come along with their guardians and contacts, and so do the talks that
// are past. Which guardian came with which children is written down, so that a split gives them back.
func join(tx *store.Tx, pupils []models.PupilID, origin models.HouseholdOrigin) (Parted, error) {
	rows, err := store.List[models.HouseholdPupil](tx, store.In("pupil_id", pupils))
	if err != nil {
		return Parted{}, err
	}
	if len(rows) == 0 {
		return Parted{}, errs.InvalidField("pupils", errs.CodeUnknown)
	}
	var homes []models.HouseholdID
	for _, row := range rows {
		if row.Position == 0 && !slices.Contains(homes, row.HouseholdID) {
			homes = append(homes, row.HouseholdID)
		}
	}
	slices.SortFunc(homes, models.HouseholdID.Compare)
	target, err := joinTarget(tx, homes)
	if err != nil {
		return Parted{}, err
	}
	var moves []Move
	for _, home := range homes {
		if len(homes) > 1 {
			if err := cameFor(tx, home); err != nil {
				return Parted{}, err
			}
		}
		if home == target {
			continue
		}
		moved, err := moveMembers(tx, home, target)
		if err != nil {
			return Parted{}, err
		}
		moves = append(moves, Move{From: home, To: target, Pupils: moved})
	}
	if err := decideMembers(tx, target); err != nil {
		return Parted{}, err
	}
	household, err := store.Get[models.Household](tx, target)
	if err != nil {
		return Parted{}, err
	}
	household.Origin = origin
	if err := store.Update(tx, household, "origin"); err != nil {
		return Parted{}, err
	}
	parted, err := Rehouse(tx, moves)
	parted.Household = target
	return parted, err
}

// decideMembers writes down that a person decided who lives in a household.
func decideMembers(tx *store.Tx, home models.HouseholdID) error {
	present, err := store.List[models.HouseholdPupil](tx, store.Eq("household_id", home))
	if err != nil {
		return err
	}
	for i := range present {
		present[i].ByStaff = true
		if err := updateMembership(tx, present[i]); err != nil {
			return err
		}
	}
	return nil
}

// joinTarget chooses the household that the others move into: the one that has coming talks, or the oldest. Two that both have talks are not joined: whose
// time they claim would have to change, and they may be at the same minute.
func joinTarget(tx *store.Tx, homes []models.HouseholdID) (models.HouseholdID, error) {
	now, _ := models.TickAt(tx.Now())
	target, busy := homes[0], 0
	for _, home := range homes {
		coming, err := store.Count[models.Appointment](tx, store.Eq("household_id", home), store.Eq("state", models.AppointmentBooked), store.From("end_tick", now))
		if err != nil {
			return target, err
		}
		if coming > 0 {
			target = home
			busy++
		}
	}
	if busy > 1 {
		return target, errs.New(errs.Conflict, errs.CodeBothBooked)
	}
	return target, nil
}

// updateMembership writes a membership anew; its columns are its key, so it is taken out and put back.
func updateMembership(tx *store.Tx, row models.HouseholdPupil) error {
	if _, err := store.Delete[models.HouseholdPupil](tx, store.Eq("household_id", row.HouseholdID), store.Eq("pupil_id", row.PupilID)); err != nil {
		return err
	}
	return store.Insert(tx, &row)
}

// moveMembers moves the children of one household into another, and returns them.
func moveMembers(tx *store.Tx, from, to models.HouseholdID) (moved []models.PupilID, err error) {
	members, err := store.List[models.HouseholdPupil](tx, store.Eq("household_id", from))
	if err != nil {
		return nil, err
	}
	for _, row := range members {
		if _, err := store.Delete[models.HouseholdPupil](tx, store.Eq("household_id", from), store.Eq("pupil_id", row.PupilID)); err != nil {
			return nil, err
		}
		row.HouseholdID = to
		if _, err := store.InsertNew(tx, &row); err != nil {
			return nil, err
		}
		moved = append(moved, row.PupilID)
	}
	return moved, nil
}

// Join makes one household of some pupils, by hand.
func (s *Service) Join(ctx context.Context, actor models.Actor, pupils []models.PupilID) (parted Parted, err error) {
	if len(pupils) < 2 || len(pupils) > maxHouseholdPupils {
		return parted, errs.InvalidField("pupils", "out-of-range")
	}
	err = s.change(ctx, actor, func(tx *store.Tx) error {
		if err := allPupils(tx, pupils); err != nil {
			return err
		}
		if parted, err = join(tx, pupils, models.OriginStaff); err != nil {
			return err
		}
		tx.AfterCommit(s.wake)
		if _, err := DropEmpty(tx); err != nil {
			return err
		}
		return tx.Audited("household-joined", parted.Household, map[string]int{"pupils": len(pupils), "talks": parted.Kept, "cancelled": parted.Cancelled})
	})
	return parted, err
}

func allPupils(tx *store.Tx, pupils []models.PupilID) error {
	for _, pupil := range pupils {
		if _, err := store.Get[models.Pupil](tx, pupil); err != nil {
			if errs.KindOf(err) == errs.NotFound {
				return errs.InvalidField("pupils", errs.CodeUnknown)
			}
			return err
		}
	}
	return nil
}
