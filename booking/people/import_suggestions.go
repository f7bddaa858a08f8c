package people

import (
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// suggest keeps what only looks like a family for the school to decide. One that was decided before is not proposed again, and an open one that the roster
// no longer suggests, or that was joined by hand meanwhile, is withdrawn: nobody should accept what is no longer so.
func (w *importer) suggest() error {
	all, err := store.List[models.MergeSuggestion](w.tx)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, row := range all {
		known[string(row.Members)] = true
	}
	house := map[models.PupilID][]models.HouseholdID{}
	for _, row := range w.memberships {
		house[row.PupilID] = append(house[row.PupilID], row.HouseholdID)
	}
	suggested := map[string]bool{}
	for _, family := range w.roster.Households.Proposed {
		members := w.membersOf(family)
		if len(members) < 2 || togetherAlready(house, members) {
			continue
		}
		vetoes := []string{}
		for _, veto := range family.Vetoes {
			vetoes = append(vetoes, string(veto))
		}
		row := &models.MergeSuggestion{
			ID: models.New[models.RowID](), State: models.SuggestionOpen, PupilIDs: members, Reason: string(family.Reason), Vetoes: vetoes,
			Members: w.tx.Index(membersPurpose, membersText(members)), CreatedAt: w.tx.Now(),
		}
		suggested[string(row.Members)] = true
		if known[string(row.Members)] {
			continue
		}
		w.change.Suggestions++
		w.later(func(tx *store.Tx) error {
			_, err := store.InsertNew(tx, row)
			return err
		})
	}
	w.withdraw(all, suggested)
	return nil
}

func (w *importer) membersOf(family roster.Family) []models.PupilID {
	var members []models.PupilID
	for _, key := range family.PupilKeys {
		if id, ok := w.pupils[key]; ok {
			members = append(members, id)
		}
	}
	slices.SortFunc(members, models.PupilID.Compare)
	return slices.Compact(members)
}

// togetherAlready reports whether pupils share a household.
func togetherAlready(house map[models.PupilID][]models.HouseholdID, members []models.PupilID) bool {
	return slices.ContainsFunc(house[members[0]], func(home models.HouseholdID) bool {
		return !slices.ContainsFunc(members, func(id models.PupilID) bool { return !slices.Contains(house[id], home) })
	})
}

// withdraw removes the open suggestions that are not among the suggested ones. Those of a pupil who is gone go with the pupil.
func (w *importer) withdraw(all []models.MergeSuggestion, suggested map[string]bool) {
	for _, row := range all {
		goes := slices.ContainsFunc(w.gone, func(pupil *models.Pupil) bool { return slices.Contains(row.PupilIDs, pupil.ID) })
		held := slices.ContainsFunc(row.PupilIDs, func(id models.PupilID) bool { return w.held[id] })
		if held || row.State != models.SuggestionOpen || suggested[string(row.Members)] || goes {
			continue
		}
		w.change.Withdrawn++
		w.later(func(tx *store.Tx) error {
			_, err := store.Delete[models.MergeSuggestion](tx, store.Eq("id", row.ID), store.Eq("state", models.SuggestionOpen))
			return err
		})
	}
}

func membersText(members []models.PupilID) string {
	texts := make([]string, len(members))
	for i, id := range members {
		texts[i] = id.String()
	}
	return strings.Join(texts, ",")
}

// membersPurpose is the purpose of the keyed index of a suggestion's members. It stands in what is stored and never changes.
const membersPurpose = "proposal"
