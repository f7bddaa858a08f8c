package factor_test

import (
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/factor"
)

func TestTheBestGuessIsTheCommonestOfEachFactor(t *testing.T) {
	t.Parallel()
	pupil := func(year string, day int, postcode string) *models.Pupil {
		one := &models.Pupil{Year: year, Factors: models.PupilFactors{Postcode: postcode}}
		if day > 0 {
			one.Factors.BirthDate = civil.Date{Year: 2017, Month: 5, Day: day}
		}
		return one
	}
	both := models.Policy{Factors: []models.Factor{models.FactorBirthDate, models.FactorPostcode}, PostcodePart: models.PostcodeAll}
	dates := models.Policy{Factors: []models.Factor{models.FactorBirthDate}}
	year := []*models.Pupil{pupil("3", 1, "1234AB"), pupil("3", 1, "1234AB"), pupil("3", 2, "1234AB"), pupil("3", 0, "")}
	even := []*models.Pupil{pupil("3", 1, ""), pupil("3", 2, ""), pupil("3", 3, ""), pupil("3", 4, "")}
	for name, tt := range map[string]struct {
		policy models.Policy
		pupils []*models.Pupil
		want   float64
	}{
		"two factors":      {both, year, 0.5 * 0.75},
		"the weakest year": {dates, append([]*models.Pupil{pupil("4", 1, ""), pupil("4", 1, "")}, even...), 1},
		"nothing is known": {dates, []*models.Pupil{pupil("3", 0, ""), pupil("3", 0, "")}, 0.5},
		"all different":    {dates, even, 0.25},
		"no pupils":        {dates, nil, 0},
	} {
		postcodes := func(pupil *models.Pupil) []string {
			if pupil.Factors.Postcode == "" {
				return nil
			}
			return []string{pupil.Factors.Postcode}
		}
		if got := factor.Chance(tt.policy, tt.pupils, postcodes); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}
