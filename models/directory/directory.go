// Package directory is a school's roster opened in memory: pupils, groups, staff, households, and who belongs to whom. Log-in matching, staff search and
// pages read it; the store builds it for one version of the roster and never changes it afterwards. Rows, queries and decisions never live here.
package directory

import (
	"iter"
	"slices"

	"github.com/ouderavond/ouderavond/models"
)

// Directory is the opened roster of one school. It is read by many at once and must not be changed.
type Directory struct {
	pupils     table[models.PupilID, models.Pupil]
	groups     table[models.GroupID, models.Group]
	staff      table[models.StaffID, models.Staff]
	households table[models.HouseholdID, models.Household]

	pupilGroups     ties[models.GroupID]
	pupilHouseholds ties[models.HouseholdPupil]
	members         ties[models.PupilID]
	guardians       ties[*models.Guardian]
	groupTeachings  ties[taught]
	pupilTeachings  ties[taught]
	byName, bySlip  nameIndex
	active          int
	bytes           int64
}

// New opens the rows, which are the directory's from then on. Their sealed columns are let go of: what was in them is in the open ones.
func New(rows Rows) *Directory {
	rows.compact()
	d := &Directory{
		pupils:     newTable(rows.Pupils, func(row *models.Pupil) models.PupilID { return row.ID }),
		groups:     newTable(rows.Groups, func(row *models.Group) models.GroupID { return row.ID }),
		staff:      newTable(rows.Staff, func(row *models.Staff) models.StaffID { return row.ID }),
		households: newTable(rows.Households, func(row *models.Household) models.HouseholdID { return row.ID }),
	}
	d.tie(rows)
	d.byName, d.bySlip = newNameIndex(d.pupils.list, exactKeys), newNameIndex(d.pupils.list, slipKeys)
	d.bytes = rows.bytes() + 8*int64(len(d.byName.entries)+len(d.bySlip.entries))
	for _, pupil := range d.pupils.list {
		if pupil.State == models.PersonActive {
			d.active++
		}
	}
	return d
}

func (d *Directory) tie(rows Rows) {
	d.pupilGroups = newTies(d.pupils, memberships(rows),
		func(row *models.PupilGroup) models.PupilID { return row.PupilID }, func(row *models.PupilGroup) models.GroupID { return row.GroupID })
	d.members = newTies(d.households, rows.HouseholdPupils,
		func(row *models.HouseholdPupil) models.HouseholdID { return row.HouseholdID }, func(row *models.HouseholdPupil) models.PupilID { return row.PupilID })
	first := exactly(rows.HouseholdPupils)
	slices.SortStableFunc(first, func(a, b models.HouseholdPupil) int { return a.Position - b.Position })
	d.pupilHouseholds = newTies(d.pupils, first, func(row *models.HouseholdPupil) models.PupilID { return row.PupilID }, func(row *models.HouseholdPupil) models.HouseholdPupil { return *row })
	d.guardians = newTies(d.households, rows.Guardians,
		func(row *models.Guardian) models.HouseholdID { return row.HouseholdID }, func(row *models.Guardian) *models.Guardian { return row })
	d.teach(rows.Teachings)
}

// teach ties teachers to groups and pupils, as it is with what staff said: those who were taken away do not teach, and who stands in does.
func (d *Directory) teach(teachings []models.Teaching) {
	inForce := make([]taught, 0, len(teachings))
	for i := range teachings {
		if row := &teachings[i]; !row.Removed {
			inForce = append(inForce, taught{row.Teacher(), row.GroupID, row.PupilID, row.Role, row.Subject})
		}
	}
	same := func(row *taught) taught { return *row }
	d.groupTeachings = newTies(d.groups, inForce, func(row *taught) models.GroupID { return row.group }, same)
	d.pupilTeachings = newTies(d.pupils, inForce, func(row *taught) models.PupilID { return row.pupil }, same)
}

// taught is a teaching as it is looked up.
type taught struct {
	staff   models.StaffID
	group   models.GroupID
	pupil   models.PupilID
	role    models.TeachingRole
	subject string
}

func (t taught) teaching() models.Teaching {
	return models.Teaching{StaffID: t.staff, GroupID: t.group, PupilID: t.pupil, Role: t.role, Subject: t.subject}
}

// Taught is the same directory with other rows of who teaches whom.
func (d *Directory) Taught(teachings []models.Teaching) *Directory {
	other := *d
	other.teach(teachings)
	return &other
}

// memberships gives which pupils are in which groups, each once and the main group first.
func memberships(rows Rows) []models.PupilGroup {
	main := make(map[models.PupilID]models.GroupID, len(rows.Pupils))
	all := make([]models.PupilGroup, 0, len(rows.Pupils)+len(rows.PupilGroups))
	for _, pupil := range rows.Pupils {
		if !pupil.GroupID.IsZero() {
			main[pupil.ID] = pupil.GroupID
			all = append(all, models.PupilGroup{PupilID: pupil.ID, GroupID: pupil.GroupID})
		}
	}
	for _, row := range rows.PupilGroups {
		if main[row.PupilID] != row.GroupID {
			all = append(all, row)
		}
	}
	return all
}

// Bytes is about how much memory the directory takes.
func (d *Directory) Bytes() int64 { return d.bytes }

// Pupil gives a pupil, with the factors opened.
func (d *Directory) Pupil(id models.PupilID) (*models.Pupil, bool) {
	return d.pupils.get(id)
}

// Pupils gives all pupils, those who left too, in the order in which they came.
func (d *Directory) Pupils() []*models.Pupil { return d.pupils.list }

// Active returns how many pupils there are who have not left.
func (d *Directory) Active() int { return d.active }

// Group gives a group.
func (d *Directory) Group(id models.GroupID) (*models.Group, bool) {
	return d.groups.get(id)
}

// Groups gives all groups.
func (d *Directory) Groups() []*models.Group { return d.groups.list }

// Staff gives a member of staff.
func (d *Directory) Staff(id models.StaffID) (*models.Staff, bool) {
	return d.staff.get(id)
}

// AllStaff gives all staff, those who left too.
func (d *Directory) AllStaff() []*models.Staff { return d.staff.list }

// Household gives a household, with the factors opened.
func (d *Directory) Household(id models.HouseholdID) (*models.Household, bool) {
	return d.households.get(id)
}

// Households gives all households.
func (d *Directory) Households() []*models.Household { return d.households.list }

// GroupsOf gives a pupil's groups, the main one first.
func (d *Directory) GroupsOf(pupil models.PupilID) []models.GroupID {
	return of(d.pupilGroups, d.pupils, pupil)
}

// HouseholdsOf gives the households a pupil belongs to, the first one first.
func (d *Directory) HouseholdsOf(pupil models.PupilID) []models.HouseholdPupil {
	return of(d.pupilHouseholds, d.pupils, pupil)
}

// Members gives the pupils of a household.
func (d *Directory) Members(household models.HouseholdID) []models.PupilID {
	return of(d.members, d.households, household)
}

// Guardians gives the guardians of a household.
func (d *Directory) Guardians(household models.HouseholdID) []*models.Guardian {
	return of(d.guardians, d.households, household)
}

// Teachings gives who teaches a pupil: by the groups and by name, those who stand in included. Each has the teacher, the group or the pupil, role and subject, and no
// more of the row.
func (d *Directory) Teachings(pupil models.PupilID) iter.Seq[models.Teaching] {
	return func(yield func(models.Teaching) bool) {
		for _, teaching := range of(d.pupilTeachings, d.pupils, pupil) {
			if !yield(teaching.teaching()) {
				return
			}
		}
		for _, group := range d.GroupsOf(pupil) {
			for _, teaching := range of(d.groupTeachings, d.groups, group) {
				if !yield(teaching.teaching()) {
					return
				}
			}
		}
	}
}
