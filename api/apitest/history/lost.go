package history

import (
	"fmt"
	"slices"
)

// Lost compares what is there at the end with what was acknowledged, by plain counting: it gives talks that were acknowledged and are missing, and, of
// households whose every act was answered, talks that are there though they were cancelled, moved away or never asked for.
func Lost(present []Talk, acts []Act, talks []Talk) []string {
	must, open := map[int][]Talk{}, map[int]bool{}
	for _, talk := range present {
		must[talk.Household] = append(must[talk.Household], talk)
	}
	for _, act := range acts {
		if act.Look || act.Answer.Status == Refused {
			continue
		}
		gone := act.Change.drops()
		kept := slices.DeleteFunc(slices.Clone(must[act.Household]), func(talk Talk) bool {
			return slices.ContainsFunc(gone, func(drop Talk) bool { return drop.ID == talk.ID })
		})
		if act.Answer.Status == Done {
			kept = append(kept, act.Answer.Talks...)
		} else {
			open[act.Household] = true
		}
		must[act.Household] = kept
	}
	var found []string
	for household, kept := range must {
		for _, talk := range kept {
			talk.Household = household
			if !slices.Contains(talks, talk) {
				found = append(found, fmt.Sprintf("acknowledged and missing: %s", talk))
			}
		}
	}
	for _, talk := range talks {
		if !open[talk.Household] && !slices.Contains(must[talk.Household], talk) {
			found = append(found, fmt.Sprintf("there and not acknowledged: %s", talk))
		}
	}
	return found
}
