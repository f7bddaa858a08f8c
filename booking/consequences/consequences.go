// Package consequences decides what becomes of talks when the roster changes: who is gone, who has another class or other teachers, which teacher is there no more,
// which children live elsewhere. It only decides; what is written and told is the affair of those who change the roster.
package consequences

import (
	"slices"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/programme"
)

// Rules names the rules below, for whoever agrees to them beforehand: it changes when they do.
const Rules = "gone: cancelled; class changed: kept, movable; teacher gone: undecided; moved: follows"

// Verdict is what becomes of a talk.
type Verdict string

// The verdicts.
const (
	Cancelled Verdict = "cancelled" // the pupil is gone; the family is told
	Movable   Verdict = "movable"   // the pupil has other teachers now; it stands, and the family is told that it can move it
	Undecided Verdict = "undecided" // the teacher is there no more, or was replaced; it stands until the school decides, and the family is told then
	Follows   Verdict = "follows"   // the pupil lives elsewhere; it goes along, and both families are told
)

// Talk is a talk that a change of the roster touches.
type Talk struct {
	Appointment *models.Appointment
	Verdict     Verdict
}

// Roster is a school's roster at a moment, with its conferences.
type Roster struct {
	People    *directory.Directory
	Programme *programme.Programme
}

// Change is what a roster becomes.
type Change struct {
	After *directory.Directory
	// Moved are the pupils who live in another household afterwards, by the household that they leave.
	Moved map[models.HouseholdID][]models.PupilID
}

// Of returns those of some coming talks that a change touches, in their order, each with what becomes of it.
func Of(before Roster, change Change, talks []models.Appointment) []Talk {
	var touched []Talk
	for i := range talks {
		if verdict := verdictOn(before, change, &talks[i]); verdict != "" {
			touched = append(touched, Talk{&talks[i], verdict})
		}
	}
	return touched
}

func verdictOn(before Roster, change Change, talk *models.Appointment) Verdict {
	pupil, stays := change.After.Pupil(talk.PupilID)
	switch {
	case !stays || pupil.State != models.PersonActive:
		return Cancelled
	case slices.ContainsFunc(talk.StaffIDs, func(id models.StaffID) bool { return Left(change.After, id) && !Left(before.People, id) }):
		return Undecided
	}
	after := Roster{change.After, before.Programme}
	former, known := before.People.Pupil(talk.PupilID)
	if known && Offered(before, former, talk) && !Offered(after, pupil, talk) {
		if sameGroups(before.People.GroupsOf(talk.PupilID), change.After.GroupsOf(talk.PupilID)) && former.Year == pupil.Year {
			return Undecided
		}
		return Movable
	}
	if slices.Contains(change.Moved[talk.HouseholdID], talk.PupilID) {
		return Follows
	}
	return ""
}

// Left reports whether a teacher is not at the school any more.
func Left(people *directory.Directory, id models.StaffID) bool {
	staff, ok := people.Staff(id)
	return !ok || staff.State != models.PersonActive
}

// Offered reports whether a pupil is offered a talk with the teachers of one that is booked.
func Offered(roster Roster, pupil *models.Pupil, talk *models.Appointment) bool {
	conference, ok := roster.Programme.Conference(talk.ConferenceID)
	if !ok {
		return true
	}
	kind, ok := conference.TalkKind(talk.TalkKindID)
	return !ok || slices.ContainsFunc(rules.OffersOf(roster.People, conference, kind, pupil), rules.NewStaffSet(talk.StaffIDs...).Equal)
}

func sameGroups(one, other []models.GroupID) bool {
	one, other = slices.Clone(one), slices.Clone(other)
	slices.SortFunc(one, models.GroupID.Compare)
	slices.SortFunc(other, models.GroupID.Compare)
	return slices.Equal(one, other)
}

// Families returns the households that are told of talks: all but those of whose talks the school has not decided yet. Each once, in the order of the talks.
func Families(touched []Talk) []models.HouseholdID {
	var families []models.HouseholdID
	for _, talk := range touched {
		if talk.Verdict != Undecided && !slices.Contains(families, talk.Appointment.HouseholdID) {
			families = append(families, talk.Appointment.HouseholdID)
		}
	}
	return families
}

// Figures counts what a change of the roster means, or would mean, for what is booked at the moment.
type Figures struct {
	Cancelled int // talks of pupils who are gone
	Movable   int // talks of pupils who have other teachers now: they stand, and can be moved
	Undecided int // talks with teachers who are there no more, or whom others replace: the school decides
	Following int // talks of pupils who live elsewhere now: they go along
	Families  int // who are told
	LogInsEnd int // households that children leave: log-ins for them end
}

// Count puts touched talks into figures.
func Count(touched []Talk) Figures {
	figures := Figures{Families: len(Families(touched))}
	for _, talk := range touched {
		switch talk.Verdict {
		case Cancelled:
			figures.Cancelled++
		case Movable:
			figures.Movable++
		case Undecided:
			figures.Undecided++
		case Follows:
			figures.Following++
		}
	}
	return figures
}
