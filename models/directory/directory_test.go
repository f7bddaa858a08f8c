package directory_test

import (
	"slices"
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
)

// id gives an id that ends in a number.
func id[T ~[16]byte](n byte) T { return T{15: n} }

func pupil(n byte, given, prefix, surname string) models.Pupil {
	return models.Pupil{ID: id[models.PupilID](n), State: models.PersonActive, Details: models.PupilDetails{Given: given, Prefix: prefix, Surname: surname}}
}

// rows are a small school: Sanne (1) and Daan (2) of one household, Sanne again (3) of two, and Noor (4), who left.
func rows() directory.Rows {
	pupils := []models.Pupil{pupil(1, "Sanne", "de", "Jong"), pupil(2, "Daan", "de", "Jong"), pupil(3, "Sanne", "", "Jong"), pupil(4, "Noor", "", "Bakker"), pupil(5, "Zoë", "van der", "Berg-Smit")}
	pupils[0].GroupID, pupils[3].State = id[models.GroupID](1), models.PersonLeft
	pupils[4].Details.Aliases = []string{"Zo Berg"}
	one, two := id[models.HouseholdID](1), id[models.HouseholdID](2)
	return directory.Rows{
		Pupils: pupils,
		Groups: []models.Group{{ID: id[models.GroupID](1)}, {ID: id[models.GroupID](2)}},
		PupilGroups: []models.PupilGroup{
			{PupilID: pupils[0].ID, GroupID: id[models.GroupID](2)}, {PupilID: pupils[0].ID, GroupID: id[models.GroupID](1)}, {PupilID: pupils[1].ID, GroupID: id[models.GroupID](2)},
		},
		Staff: []models.Staff{{ID: id[models.StaffID](1)}, {ID: id[models.StaffID](2), State: models.PersonLeft}},
		Teachings: []models.Teaching{
			{ID: id[models.RowID](1), StaffID: id[models.StaffID](1), GroupID: id[models.GroupID](1), Role: models.TeachesMentor},
			{ID: id[models.RowID](2), StaffID: id[models.StaffID](2), GroupID: id[models.GroupID](2), Role: models.TeachesSubject},
			{ID: id[models.RowID](3), StaffID: id[models.StaffID](2), PupilID: pupils[0].ID, Role: models.TeachesCare},
		},
		Households: []models.Household{{ID: one}, {ID: two}},
		HouseholdPupils: []models.HouseholdPupil{
			{HouseholdID: two, PupilID: pupils[2].ID, Position: 1}, {HouseholdID: one, PupilID: pupils[0].ID}, {HouseholdID: one, PupilID: pupils[1].ID},
			{HouseholdID: one, PupilID: pupils[2].ID, Position: 0}, {HouseholdID: one, PupilID: pupils[3].ID},
		},
		Guardians: []models.Guardian{{ID: id[models.GuardianID](1), HouseholdID: one}, {ID: id[models.GuardianID](2), HouseholdID: one}},
	}
}

func found(people *directory.Directory, typed string) []byte {
	numbers := []byte{}
	for _, one := range people.ByTypedName(typed) {
		numbers = append(numbers, one.ID[15])
	}
	slices.Sort(numbers)
	return numbers
}

func TestANameFindsThoseWhoBearIt(t *testing.T) {
	t.Parallel()
	people := directory.New(rows())
	for typed, want := range map[string][]byte{
		"Daan de Jong": {2}, "daan jong": {2}, "DE JONG, DAAN": {2}, "Jong, Daan de": {2}, " Daan  de  Jong ": {2}, "Sanne Jong": {1, 3}, "Sanne de Jong": {1, 3},
		"Zoe van der Berg": {5}, "Zoë Smit": {5}, "Zo Berg": {5}, "Noor Bakker": {}, "Daan": {}, "Jong": {}, "de Jong": {}, "": {}, "%": {}, "*": {}, "Daan de Jonge": {},
	} {
		if got := found(people, typed); !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", typed, got, want)
		}
	}
}

func TestWhoBelongsToWhom(t *testing.T) {
	t.Parallel()
	people := directory.New(rows())
	if got := people.GroupsOf(id[models.PupilID](1)); !slices.Equal(got, []models.GroupID{id[models.GroupID](1), id[models.GroupID](2)}) {
		t.Errorf("the main group does not come first, or one comes twice: %v", got)
	}
	if got := people.GroupsOf(id[models.PupilID](3)); len(got) != 0 {
		t.Errorf("groups of nobody: %v", got)
	}
	homes := people.HouseholdsOf(id[models.PupilID](3))
	if len(homes) != 2 || homes[0].HouseholdID != id[models.HouseholdID](1) || homes[1].HouseholdID != id[models.HouseholdID](2) {
		t.Errorf("the first household does not come first: %+v", homes)
	}
	if got := people.Members(id[models.HouseholdID](1)); len(got) != 4 || !slices.Contains(got, id[models.PupilID](4)) {
		t.Errorf("members %v", got)
	}
	if len(people.Guardians(id[models.HouseholdID](1))) != 2 || len(people.Guardians(id[models.HouseholdID](2))) != 0 {
		t.Error("guardians of another household")
	}
	roles := []models.TeachingRole{}
	for teaching := range people.Teachings(id[models.PupilID](1)) {
		roles = append(roles, teaching.Role)
	}
	slices.Sort(roles)
	if !slices.Equal(roles, []models.TeachingRole{models.TeachesCare, models.TeachesMentor, models.TeachesSubject}) {
		t.Errorf("teachings %v", roles)
	}
	changed := rows().Teachings
	changed[0].InsteadID, changed[2].Removed = id[models.StaffID](2), true
	other := []byte{}
	for teaching := range people.Taught(changed).Teachings(id[models.PupilID](1)) {
		other = append(other, teaching.StaffID[15])
	}
	if slices.Sort(other); !slices.Equal(other, []byte{2, 2}) || len(slices.Collect(people.Teachings(id[models.PupilID](1)))) != 3 {
		t.Errorf("with a substitute and without who was taken away: %v", other)
	}
	if got := slices.Collect(people.Teachings(id[models.PupilID](2))); len(got) != 1 || got[0].Role != models.TeachesSubject {
		t.Errorf("teachings of a pupil without a main group: %+v", got)
	}
}

func TestRowsAreFoundByTheirIDs(t *testing.T) {
	t.Parallel()
	people := directory.New(rows())
	if len(people.Pupils()) != 5 || len(people.Groups()) != 2 || len(people.AllStaff()) != 2 || len(people.Households()) != 2 || people.Bytes() <= 0 {
		t.Error("rows are missing")
	}
	for name, ok := range map[string]bool{
		"a pupil who left": second(people.Pupil(id[models.PupilID](4))), "a group": second(people.Group(id[models.GroupID](2))),
		"staff who left": second(people.Staff(id[models.StaffID](2))), "a household": second(people.Household(id[models.HouseholdID](2))),
		"no pupil": !second(people.Pupil(id[models.PupilID](9))), "no group": !second(people.Group(id[models.GroupID](9))),
		"no staff": !second(people.Staff(id[models.StaffID](9))), "no household": !second(people.Household(id[models.HouseholdID](9))),
	} {
		if !ok {
			t.Error(name)
		}
	}
	if empty := directory.New(directory.Rows{}); len(empty.Pupils()) != 0 || len(empty.ByTypedName("Sanne de Jong")) != 0 || empty.Bytes() != 0 {
		t.Error("an empty directory has something")
	}
}

func second[T any](_ T, ok bool) bool { return ok }
