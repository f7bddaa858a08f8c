package byhand

import (
	"slices"

	"github.com/ouderavond/ouderavond/models"
)

// Some of what people set no file can say at all, and so there is no note of it: it shows in the row. The functions here name that too.

// OfPupil returns what people set of a pupil, in order; never nil.
func (f Fields) OfPupil(pupil *models.Pupil) []string {
	details := pupil.Details
	return f.with(pupil.ID, map[string]bool{
		"added": details.ByHand, "aliases": len(details.Aliases) > 0, "arrangement": pupil.Arrangement != models.ArrangementEach,
		"parents_may_book": !details.ParentsMayBook, "one_at_a_time": details.OneAtATime != nil,
	})
}

// OfStaff returns what people set of a teacher, in order; never nil.
func (f Fields) OfStaff(staff *models.Staff) []string {
	return f.with(staff.ID, map[string]bool{"aliases": len(staff.Details.Aliases) > 0, "left": staff.State == models.PersonLeft})
}

// OfHousehold returns what people set of a household, in order; never nil. byStaff says that a person decided who belongs to it.
func (f Fields) OfHousehold(home *models.Household, byStaff bool) []string {
	details := home.Details
	return f.with(home.ID, map[string]bool{
		"pupils": byStaff, "label": details.Label != "", "language": details.Language != "", "interpreter": details.Interpreter != "", "own_pupil": details.OwnPupil,
	})
}

// OfGuardian returns what people set of a guardian, in order; never nil.
func OfGuardian(guardian *models.Guardian) []string {
	details := guardian.Details
	return Fields{}.with([16]byte{}, map[string]bool{
		"added": !guardian.FromRoster, "name": details.FileName != "", "language": guardian.Language != "", "informed": details.Uninformed,
	})
}

func (f Fields) with(subject [16]byte, more map[string]bool) []string {
	names := f.Of(subject)
	for name, set := range more {
		if set {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
