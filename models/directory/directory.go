// Package directory is a school's roster opened in memory: pupils, groups, staff, households, and who belongs to whom. Log-in matching, staff search and
// pages read it; the store builds it for one version of the roster and never changes it afterwards. Rows, queries and decisions never live here.
package directory

import (
	"iter"
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/names"
)

// Rows is what a Directory is built from: all rows of one school, with their guarded columns opened.
type Rows struct {
	Pupils          []models.Pupil
	Groups          []models.Group
	PupilGroups     []models.PupilGroup
	Staff           []models.Staff
	Teachings       []models.Teaching
	Households      []models.Household
	HouseholdPupils []models.HouseholdPupil
	Guardians       []models.Guardian
}

// Directory is the opened roster of one school. It is read by many at once and must not be changed.
type Directory struct {
	pupils     map[models.PupilID]*models.Pupil
	pupilList  []*models.Pupil
	groups     map[models.GroupID]*models.Group
	groupList  []*models.Group
	staff      map[models.StaffID]*models.Staff
	staffList  []*models.Staff
	households map[models.HouseholdID]*models.Household
	houseList  []*models.Household

	pupilGroups     map[models.PupilID][]models.GroupID
	pupilHouseholds map[models.PupilID][]models.HouseholdPupil
	members         map[models.HouseholdID][]models.PupilID
	guardians       map[models.HouseholdID][]*models.Guardian
	groupTeachings  map[models.GroupID][]models.Teaching
	pupilTeachings  map[models.PupilID][]models.Teaching
	byName          map[string][]models.PupilID
	bytes           int64
}

// New opens the rows.
func New(rows Rows) *Directory {
	d := &Directory{
		pupils: map[models.PupilID]*models.Pupil{}, groups: map[models.GroupID]*models.Group{}, staff: map[models.StaffID]*models.Staff{},
		households: map[models.HouseholdID]*models.Household{}, pupilGroups: map[models.PupilID][]models.GroupID{},
		pupilHouseholds: map[models.PupilID][]models.HouseholdPupil{}, members: map[models.HouseholdID][]models.PupilID{},
		guardians: map[models.HouseholdID][]*models.Guardian{}, groupTeachings: map[models.GroupID][]models.Teaching{},
		pupilTeachings: map[models.PupilID][]models.Teaching{}, byName: map[string][]models.PupilID{},
	}
	d.addPeople(rows)
	d.addTies(rows)
	d.bytes = int64(1600*len(rows.Pupils) + 400*len(rows.Staff) + 300*len(rows.Groups) + 500*len(rows.Households) + 250*(len(rows.Teachings)+len(rows.HouseholdPupils)+len(rows.PupilGroups)+len(rows.Guardians)))
	return d
}

func (d *Directory) addPeople(rows Rows) {
	for i := range rows.Groups {
		d.groups[rows.Groups[i].ID] = &rows.Groups[i]
		d.groupList = append(d.groupList, &rows.Groups[i])
	}
	for i := range rows.Pupils {
		pupil := &rows.Pupils[i]
		d.pupils[pupil.ID] = pupil
		d.pupilList = append(d.pupilList, pupil)
		if !pupil.GroupID.IsZero() {
			d.pupilGroups[pupil.ID] = []models.GroupID{pupil.GroupID}
		}
		if pupil.State == models.PersonActive {
			d.indexName(pupil)
		}
	}
	for i := range rows.Staff {
		d.staff[rows.Staff[i].ID] = &rows.Staff[i]
		d.staffList = append(d.staffList, &rows.Staff[i])
	}
	for i := range rows.Households {
		d.households[rows.Households[i].ID] = &rows.Households[i]
		d.houseList = append(d.houseList, &rows.Households[i])
	}
}

func (d *Directory) indexName(pupil *models.Pupil) {
	keys := names.Keys(names.Person{Given: pupil.Details.Given, Prefix: pupil.Details.Prefix, Surname: pupil.Details.Surname})
	for _, alias := range pupil.Details.Aliases {
		keys = append(keys, names.TypedKeys(alias)...)
	}
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		d.byName[key] = append(d.byName[key], pupil.ID)
	}
}

func (d *Directory) addTies(rows Rows) {
	for _, row := range rows.PupilGroups {
		if !slices.Contains(d.pupilGroups[row.PupilID], row.GroupID) {
			d.pupilGroups[row.PupilID] = append(d.pupilGroups[row.PupilID], row.GroupID)
		}
	}
	for _, row := range rows.HouseholdPupils {
		d.pupilHouseholds[row.PupilID] = append(d.pupilHouseholds[row.PupilID], row)
		d.members[row.HouseholdID] = append(d.members[row.HouseholdID], row.PupilID)
	}
	for _, list := range d.pupilHouseholds {
		slices.SortStableFunc(list, func(a, b models.HouseholdPupil) int { return a.Position - b.Position })
	}
	for i := range rows.Guardians {
		guardian := &rows.Guardians[i]
		d.guardians[guardian.HouseholdID] = append(d.guardians[guardian.HouseholdID], guardian)
	}
	for _, row := range rows.Teachings {
		if !row.GroupID.IsZero() {
			d.groupTeachings[row.GroupID] = append(d.groupTeachings[row.GroupID], row)
		}
		if !row.PupilID.IsZero() {
			d.pupilTeachings[row.PupilID] = append(d.pupilTeachings[row.PupilID], row)
		}
	}
}

// Bytes is about how much memory the directory takes.
func (d *Directory) Bytes() int64 { return d.bytes }

// Pupil gives a pupil, with the factors opened.
func (d *Directory) Pupil(id models.PupilID) (*models.Pupil, bool) {
	pupil, ok := d.pupils[id]
	return pupil, ok
}

// Pupils gives all pupils, those who left too, in the order in which they came.
func (d *Directory) Pupils() []*models.Pupil { return d.pupilList }

// Group gives a group.
func (d *Directory) Group(id models.GroupID) (*models.Group, bool) {
	group, ok := d.groups[id]
	return group, ok
}

// Groups gives all groups.
func (d *Directory) Groups() []*models.Group { return d.groupList }

// Staff gives a member of staff.
func (d *Directory) Staff(id models.StaffID) (*models.Staff, bool) {
	staff, ok := d.staff[id]
	return staff, ok
}

// AllStaff gives all staff, those who left too.
func (d *Directory) AllStaff() []*models.Staff { return d.staffList }

// Household gives a household, with the factors opened.
func (d *Directory) Household(id models.HouseholdID) (*models.Household, bool) {
	household, ok := d.households[id]
	return household, ok
}

// Households gives all households.
func (d *Directory) Households() []*models.Household { return d.houseList }

// GroupsOf gives a pupil's groups, the main one first.
func (d *Directory) GroupsOf(pupil models.PupilID) []models.GroupID { return d.pupilGroups[pupil] }

// HouseholdsOf gives the households a pupil belongs to, the first one first.
func (d *Directory) HouseholdsOf(pupil models.PupilID) []models.HouseholdPupil {
	return d.pupilHouseholds[pupil]
}

// Members gives the pupils of a household.
func (d *Directory) Members(household models.HouseholdID) []models.PupilID {
	return d.members[household]
}

// Guardians gives the guardians of a household.
func (d *Directory) Guardians(household models.HouseholdID) []*models.Guardian {
	return d.guardians[household]
}

// Teachings gives who teaches a pupil: by the groups and by name.
func (d *Directory) Teachings(pupil models.PupilID) iter.Seq[models.Teaching] {
	return func(yield func(models.Teaching) bool) {
		for _, teaching := range d.pupilTeachings[pupil] {
			if !yield(teaching) {
				return
			}
		}
		for _, group := range d.pupilGroups[pupil] {
			for _, teaching := range d.groupTeachings[group] {
				if !yield(teaching) {
					return
				}
			}
		}
	}
}

// ByTypedName gives the active pupils whose name matches what somebody typed, each once.
func (d *Directory) ByTypedName(typed string) []*models.Pupil {
	var found []*models.Pupil
	for _, key := range names.TypedKeys(typed) {
		for _, id := range d.byName[key] {
			if pupil := d.pupils[id]; !slices.Contains(found, pupil) {
				found = append(found, pupil)
			}
		}
	}
	return found
}
