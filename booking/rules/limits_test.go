package rules_test

import (
	"testing"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/programme"
)

func TestTalksAreCountedPerHouseholdPupilAndKind(t *testing.T) {
	t.Parallel()
	here, there := models.New[models.HouseholdID](), models.New[models.HouseholdID]()
	anna, bram := models.New[models.PupilID](), models.New[models.PupilID]()
	now, before := models.New[models.ConferenceID](), models.New[models.ConferenceID]()
	mentor, subject := models.New[models.TalkKindID](), models.New[models.TalkKindID]()
	talks := []rules.FamilyTalk{
		{Household: here, Pupil: anna, Conference: now, Kind: subject},
		{Household: here, Pupil: anna, Conference: now, Kind: mentor},
		{Household: here, Pupil: bram, Conference: now, Kind: subject},
		{Household: there, Pupil: anna, Conference: now, Kind: subject},
		{Household: here, Pupil: anna, Conference: before, Kind: subject},
	}
	counts := rules.CountTalks(talks, here, anna, now, subject)
	if counts != (rules.Counts{OfHousehold: 3, OfPupil: 2, OfKind: 1}) {
		t.Errorf("%+v", counts)
	}
}

func TestTheTightestLimitSaysWhatIsLeft(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		household, pupil, kind int // the limits; 0 is none
		counts                 rules.Counts
		want                   int
	}{
		"no limit":                      {0, 0, 0, rules.Counts{OfHousehold: 9, OfPupil: 9, OfKind: 9}, -1},
		"of the kind":                   {0, 0, 2, rules.Counts{OfKind: 1}, 1},
		"of the pupil":                  {0, 3, 2, rules.Counts{OfPupil: 3, OfKind: 1}, 0},
		"of the household":              {4, 0, 0, rules.Counts{OfHousehold: 2}, 2},
		"the household's, the tightest": {4, 3, 2, rules.Counts{OfHousehold: 4}, 0},
		"more than the limit":           {0, 0, 1, rules.Counts{OfKind: 2}, 0},
	}
	for name, tt := range tests {
		limits := models.ConferenceRules{MaxPerHousehold: tt.household, MaxPerPupil: tt.pupil}
		conference := &programme.Conference{Conference: &models.Conference{Rules: limits}}
		if got := tt.counts.Left(conference, &models.TalkKind{MaxPerPupil: tt.kind}); got != tt.want {
			t.Errorf("%s: %d left, want %d", name, got, tt.want)
		}
	}
}
