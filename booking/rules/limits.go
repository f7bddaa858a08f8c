package rules

import (
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/programme"
)

// Counts are how many talks a household has in a conference: all of them, those of one pupil, and those of one kind for that pupil. Limits count per pupil and
// household, as schools say them.
type Counts struct{ OfHousehold, OfPupil, OfKind int }

// CountTalks counts the talks that matter for one more of a kind.
func CountTalks(talks []FamilyTalk, household models.HouseholdID, pupil models.PupilID, conference models.ConferenceID, kind models.TalkKindID) (counts Counts) {
	for i := range talks {
		present := &talks[i]
		if present.Household != household || present.Conference != conference {
			continue
		}
		counts.OfHousehold++
		if present.Pupil != pupil {
			continue
		}
		counts.OfPupil++
		if present.Kind == kind {
			counts.OfKind++
		}
	}
	return counts
}

// Left returns how many more talks of a kind the limits of a conference allow; -1 where there is no limit.
func (c Counts) Left(conference *programme.Conference, kind *models.TalkKind) int {
	left := -1
	for _, limit := range [...]struct{ most, present int }{
		{kind.MaxPerPupil, c.OfKind}, {conference.Rules.MaxPerPupil, c.OfPupil}, {conference.Rules.MaxPerHousehold, c.OfHousehold},
	} {
		if more := max(0, limit.most-limit.present); limit.most > 0 && (left < 0 || more < left) {
			left = more
		}
	}
	return left
}

// count counts the talks that matter for a request.
func (r *Request) count(talks []FamilyTalk) Counts {
	return CountTalks(talks, r.Household, r.Pupil.ID, r.Conference.ID, r.Kind.ID)
}

// AboveLimit reports whether a request would be more than the limits allow beside some talks.
func (r *Request) AboveLimit(talks []FamilyTalk) bool {
	return r.count(talks).Left(r.Conference, r.Kind) == 0
}
