package rules

import (
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/programme"
)

// StaffSet is who a family meets in one talk: one teacher, or several together. It is sorted by id, each once.
type StaffSet []models.StaffID

// NewStaffSet returns the set of some staff, each once.
func NewStaffSet(members ...models.StaffID) StaffSet {
	set := slices.Clone(members)
	slices.SortFunc(set, models.StaffID.Compare)
	return slices.Compact(set)
}

// Equal reports whether two sets have the same members.
func (s StaffSet) Equal(other StaffSet) bool { return slices.Equal(s, other) }

// OffersOf gives the staff sets that a talk kind offers a pupil, in a stable order: what the roster's teachings give by the kind's staffing and
// pairing, and the explicit offers.
func OffersOf(people *directory.Directory, conference *programme.Conference, kind *models.TalkKind, pupil *models.Pupil) []StaffSet {
	sets := teachingSets(people, kind, pupil)
	groups := people.GroupsOf(pupil.ID)
	for _, offer := range conference.Offers {
		if offer.TalkKindID != kind.ID || !offerMeant(offer, pupil, groups) {
			continue
		}
		sets = append(sets, NewStaffSet(offer.StaffIDs...))
	}
	return uniqueSets(sets)
}

func offerMeant(offer *models.Offer, pupil *models.Pupil, groups []models.GroupID) bool {
	switch {
	case !offer.PupilID.IsZero():
		return offer.PupilID == pupil.ID
	case !offer.GroupID.IsZero():
		return slices.Contains(groups, offer.GroupID)
	case offer.Year != "":
		return offer.Year == pupil.Year
	default:
		return true
	}
}

// staffedRoles says which teaching roles each staffing means.
var staffedRoles = map[models.Staffing][]models.TeachingRole{
	models.StaffedByMentor:  {models.TeachesMentor},
	models.StaffedByGroup:   {models.TeachesMentor, models.TeachesGroup},
	models.StaffedBySubject: {models.TeachesSubject},
	models.StaffedByCare:    {models.TeachesCare},
}

// RolesOf gives what teachers are to a pupil with whom it talks by a staffing; none for one by offers only.
func RolesOf(staffing models.Staffing) []models.TeachingRole { return staffedRoles[staffing] }

func teachingSets(people *directory.Directory, kind *models.TalkKind, pupil *models.Pupil) []StaffSet {
	roles := staffedRoles[kind.Staffing]
	var sets []StaffSet
	// Pairing is about teachers who share a group or a pupil; teachers of different subjects form no duo.
	shared := map[models.GroupID][]models.StaffID{}
	var order []models.GroupID
	for teaching := range people.Teachings(pupil.ID) {
		staff, known := people.Staff(teaching.StaffID)
		if !known || staff.State != models.PersonActive || !slices.Contains(roles, teaching.Role) {
			continue
		}
		if !slices.Contains(order, teaching.GroupID) {
			order = append(order, teaching.GroupID)
		}
		shared[teaching.GroupID] = append(shared[teaching.GroupID], teaching.StaffID)
	}
	for _, group := range order {
		sets = append(sets, pairedSets(kind, shared[group])...)
	}
	return sets
}

func pairedSets(kind *models.TalkKind, members []models.StaffID) []StaffSet {
	together := NewStaffSet(members...)
	duo := len(together) > 1 && kind.Staffing != models.StaffedBySubject
	if duo && kind.Pairing == models.PairingTogether {
		return []StaffSet{together}
	}
	sets := make([]StaffSet, 0, len(members)+1)
	for _, member := range members {
		sets = append(sets, NewStaffSet(member))
	}
	if duo && kind.Pairing == models.PairingBoth {
		sets = append(sets, together)
	}
	return sets
}

func uniqueSets(sets []StaffSet) []StaffSet {
	var unique []StaffSet
	for _, set := range sets {
		if len(set) > 0 && !slices.ContainsFunc(unique, set.Equal) {
			unique = append(unique, set)
		}
	}
	return unique
}

// DaysFor gives the days of a conference on which a pupil is expected: by group or year, or because a sibling of the same session is.
func DaysFor(people *directory.Directory, conference *programme.Conference, pupil *models.Pupil, siblings []models.PupilID) []models.DayID {
	var days []models.DayID
	for _, day := range conference.Days {
		if audienceMeans(people, day.Audience, pupil) || day.Audience.Siblings && slices.ContainsFunc(siblings, func(id models.PupilID) bool {
			sibling, ok := people.Pupil(id)
			return ok && audienceMeans(people, day.Audience, sibling)
		}) {
			days = append(days, day.ID)
		}
	}
	return days
}

func audienceMeans(people *directory.Directory, audience models.Audience, pupil *models.Pupil) bool {
	if audience.Everybody || pupil.Year != "" && slices.Contains(audience.Years, pupil.Year) {
		return true
	}
	return slices.ContainsFunc(people.GroupsOf(pupil.ID), func(group models.GroupID) bool { return slices.Contains(audience.Groups, group) })
}
