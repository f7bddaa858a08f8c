package rules

import (
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
)

// ActsForFamilies reports whether the actor is staff, a key or the operator: somebody who books on behalf of families. What they may do at all was decided by the
// guard of the route (package access).
func ActsForFamilies(actor models.Actor) bool {
	return actor.Kind == models.ActorStaff || actor.Kind == models.ActorKey || actor.Kind == models.ActorOperator || actor.Kind == models.ActorSystem
}

// Sees reports whether an actor may see and change an appointment: staff all of their school's; a parent those of a confirmed household, and those that its
// own device or typed contact made.
func Sees(actor models.Actor, appointment *models.Appointment) bool {
	if ActsForFamilies(actor) {
		return true
	}
	grant, ok := actor.Grant(appointment.HouseholdID)
	if !ok {
		return false
	}
	return grant.Confirmed || actor.HasMaker(appointment.MakerID)
}

// Bookable reports whether a household may book for a pupil, by the arrangement between the pupil's households and by age.
func Bookable(people *directory.Directory, pupil *models.Pupil, household models.HouseholdID, today string) bool {
	if pupil.State != models.PersonActive {
		return false
	}
	memberships := people.HouseholdsOf(pupil.ID)
	index := slices.IndexFunc(memberships, func(row models.HouseholdPupil) bool { return row.HouseholdID == household })
	if index < 0 {
		return false
	}
	if pupil.Arrangement != models.ArrangementEach && index > 0 {
		return false
	}
	adult := pupil.ComesOfAge()
	if adult.IsZero() || adult.String() > today || pupil.Details.ParentsMayBook {
		return true
	}
	home, ok := people.Household(household)
	return ok && home.Details.OwnPupil
}

// HouseholdFor gives the household of the actor's session that books for a pupil.
func HouseholdFor(actor models.Actor, pupil models.PupilID) (models.HouseholdID, bool) {
	for _, grant := range actor.Grants {
		if slices.Contains(grant.Pupils, pupil) {
			return grant.Household, true
		}
	}
	return models.HouseholdID{}, false
}
