package rules

import (
	"cmp"
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/programme"
)

// PupilHolder gives whose time a talk takes that a pupil attends. That is the pupil's own, unless the pupil has two households and the school has not chosen that it is
// at one talk at a time all the same: then a time that one household took would be gone for the other one, who would learn when it comes. Within one household
// the pupil is never at two talks.
func PupilHolder(people *directory.Directory, kind *models.TalkKind, pupil *models.Pupil, household models.HouseholdID) models.HolderID {
	if len(people.HouseholdsOf(pupil.ID)) < 2 || oneAtATime(kind, pupil) {
		return models.HolderID(pupil.ID)
	}
	return models.PupilAtHome(pupil.ID, household)
}

func oneAtATime(kind *models.TalkKind, pupil *models.Pupil) bool {
	if pupil.Details.OneAtATime != nil {
		return *pupil.Details.OneAtATime
	}
	return kind.Details.OneAtATime
}

// Clashes gives the pairs of some booked talks that one pupil is to attend at the same time, by start.
func Clashes(programme *programme.Programme, talks []models.Appointment) (pairs [][2]*models.Appointment) {
	byPupil := map[models.PupilID][]*models.Appointment{}
	for i := range talks {
		if conference, ok := programme.Conference(talks[i].ConferenceID); ok {
			if kind, ok := conference.TalkKind(talks[i].TalkKindID); ok && kind.PupilAttends {
				byPupil[talks[i].PupilID] = append(byPupil[talks[i].PupilID], &talks[i])
			}
		}
	}
	for _, mine := range byPupil {
		for i, one := range mine {
			for _, other := range mine[i+1:] {
				if one.StartTick < other.EndTick && other.StartTick < one.EndTick {
					pairs = append(pairs, [2]*models.Appointment{one, other})
				}
			}
		}
	}
	slices.SortFunc(pairs, func(a, b [2]*models.Appointment) int {
		return cmp.Or(cmp.Compare(a[0].StartTick, b[0].StartTick), a[0].ID.Compare(b[0].ID), a[1].ID.Compare(b[1].ID))
	})
	return pairs
}
