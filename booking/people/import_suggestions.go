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
	memberships, err := store.List[models.HouseholdPupil](w.tx)
	if err != nil {
		return err
	}
	house := map[models.PupilID][]models.HouseholdID{}
	for _, row := range memberships {
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
		added, err := store.InsertNew(w.tx, row)
		if err != nil {
			return err
		}
		w.change.Suggestions += added
	}
	return w.withdraw(suggested)
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

// togetherAlready tells whether pupils share a household.
func togetherAlready(house map[models.PupilID][]models.HouseholdID, members []models.PupilID) bool {
	return slices.ContainsFunc(house[members[0]], func(home models.HouseholdID) bool {
		return !slices.ContainsFunc(members, func(id models.PupilID) bool { return !slices.Contains(house[id], home) })
	})
}

// withdraw removes the open suggestions that are not among the suggested ones.
func (w *importer) withdraw(suggested map[string]bool) error {
	open, err := store.List[models.MergeSuggestion](w.tx, store.Eq("state", models.SuggestionOpen))
	if err != nil {
		return err
	}
	for _, row := range open {
		if suggested[string(row.Members)] {
			continue
		}
		if _, err := store.Delete[models.MergeSuggestion](w.tx, store.Eq("id", row.ID)); err != nil {
			return err
		}
		w.change.Withdrawn++
	}
	return nil
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
