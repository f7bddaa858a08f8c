package factor

import "github.com/ouderavond/ouderavond/models"

// Values returns what is known of a pupil for the factor, each of which counts. postcodes gives those of a pupil's households, as directory.Directory.Postcodes does.
func (f Factor) Values(pupil *models.Pupil, postcodes func(*models.Pupil) []string) []string {
	if f.OfHousehold {
		return postcodes(pupil)
	}
	if value := f.Get(pupil.Factors); value != "" {
		return []string{value}
	}
	return nil
}

// Chance returns the chance of the best guess at one child by a policy: the product over the factors of the share of the commonest value within a year group, of
// that year group where it is greatest. A value that is not known is nobody's. postcodes is as for Values.
func Chance(policy models.Policy, pupils []*models.Pupil, postcodes func(*models.Pupil) []string) float64 {
	years := map[string][]*models.Pupil{}
	for _, pupil := range pupils {
		years[pupil.Year] = append(years[pupil.Year], pupil)
	}
	best := 0.0
	for _, year := range years {
		chance := 1.0
		for _, asked := range Asked(policy) {
			commonest, counts := 1, map[string]int{}
			for _, pupil := range year {
				known := asked.Values(pupil, postcodes)
				if len(known) == 0 {
					continue
				}
				value := asked.ToCompare(policy, known[0])
				counts[value]++
				commonest = max(commonest, counts[value])
			}
			chance *= float64(commonest) / float64(len(year))
		}
		best = max(best, chance)
	}
	return best
}
