package directory

import (
	"slices"

	"github.com/ouderavond/ouderavond/models"
)

// Postcodes returns the postcodes that count as a pupil's at log-in: each household's, and the pupil's own unless a person gave the household another one. Brothers
// and sisters can have two, where the file knows of the move of one of them only. A pupil of two households has theirs alone, which tell the two apart.
func (d *Directory) Postcodes(pupil *models.Pupil) []string {
	var known []string
	homes := d.HouseholdsOf(pupil.ID)
	own := len(homes) <= 1
	for _, row := range homes {
		if home, ok := d.Household(row.HouseholdID); ok && home.Factors.Postcode != "" {
			known = append(known, home.Factors.Postcode)
			own = own && home.Factors.OfPupils
		}
	}
	if value := pupil.Factors.Postcode; value != "" && (own || len(known) == 0) && !slices.Contains(known, value) {
		known = append(known, value)
	}
	return known
}
