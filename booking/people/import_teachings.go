package people

import (
	"fmt"
	"maps"
	"slices"

	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// teachingRoles maps the roster's roles to teaching roles; the others meet no parents by default.
var teachingRoles = map[roster.Role]models.TeachingRole{
	roster.RoleMentor: models.TeachesMentor, roster.RoleGroup: models.TeachesGroup, roster.RoleSubject: models.TeachesSubject, roster.RoleCare: models.TeachesCare,
}

// importTeachings replaces the teachings that came from a roster by those of this one. A roster without teachers says nothing of teachings and leaves them.
func (w *importer) importTeachings() error {
	all, err := store.List[models.Teaching](w.tx)
	if err != nil {
		return err
	}
	if len(w.roster.Teachers) == 0 || w.hold.lessons {
		w.teachings = all
		return w.keepTeachings()
	}
	for _, row := range all {
		if !row.FromRoster {
			w.teachings = append(w.teachings, row)
		}
	}
	wanted := map[models.Teaching]bool{}
	for _, teacher := range w.roster.Teachers {
		for _, tie := range teacher.Groups {
			for _, role := range tie.Roles {
				if mapped, ok := teachingRoles[role]; ok && !w.groups[tie.GroupKey].IsZero() {
					wanted[models.Teaching{StaffID: w.staff[teacher.Key], GroupID: w.groups[tie.GroupKey], Role: mapped, Subject: tie.Subject, FromRoster: true}] = true
				}
			}
		}
	}
	for key, row := range w.rows {
		for _, teacher := range row.TeacherKeys {
			if staff, ok := w.staff[teacher]; ok {
				wanted[models.Teaching{StaffID: staff, PupilID: w.pupils[key], Role: models.TeachesMentor, FromRoster: true}] = true
			}
		}
	}
	w.lessons(wanted)
	if w.roster.OnlyLessons {
		told := rolesIn(wanted)
		for _, row := range all { // of mentors and other roles of which it says nothing
			if row.FromRoster && !told[row.Role] {
				wanted[bareTeaching(row)] = true
				w.untold[toldTeachings] = true
			}
		}
	}
	if len(w.roster.Lessons) == 0 && !slices.ContainsFunc(w.roster.Teachers, func(teacher roster.Teacher) bool { return len(teacher.Groups) > 0 }) {
		// Who teaches which group cannot be in files that have no groups.
		present, err := groupTeachings(w.tx)
		if err != nil {
			return err
		}
		for _, row := range present {
			wanted[bareTeaching(row)] = true
			w.untold[toldTeachings] = true
		}
	}
	heldGroups := w.heldGroups()
	for _, row := range all {
		if row.FromRoster && (w.held[row.PupilID] || heldGroups[row.GroupID] || w.scope != nil && !row.GroupID.IsZero() && !w.scope[row.GroupID]) {
			wanted[bareTeaching(row)] = true
		}
	}
	return w.replaceTeachings(wanted)
}

func rolesIn(wanted map[models.Teaching]bool) map[models.TeachingRole]bool {
	roles := map[models.TeachingRole]bool{}
	for row := range wanted {
		roles[row.Role] = true
	}
	return roles
}

// lessons adds what a list of lessons says: of a lesson group that the school has it is the group's, and so is what all pupils of a group have with one teacher. The
// rest is each pupil's own.
func (w *importer) lessons(wanted map[models.Teaching]bool) {
	if len(w.roster.Lessons) == 0 {
		return
	}
	after := w.after()
	has := map[models.Teaching]map[models.PupilID]bool{}
	for _, lesson := range w.roster.Lessons {
		pupil, known := w.pupils[lesson.PupilKey]
		staff, teaches := w.staff[lesson.TeacherKey]
		if !known || !teaches {
			continue
		}
		one := models.Teaching{StaffID: staff, Role: models.TeachesSubject, Subject: lesson.Subject, FromRoster: true}
		if group, ok := w.groups[lesson.GroupKey]; ok && slices.Contains(after.GroupsOf(pupil), group) {
			one.GroupID = group
			wanted[one] = true
			continue
		}
		if has[one] == nil {
			has[one] = map[models.PupilID]bool{}
		}
		has[one][pupil] = true
	}
	members := map[models.GroupID][]models.PupilID{}
	for _, pupil := range after.Pupils() {
		for _, group := range after.GroupsOf(pupil.ID) {
			if pupil.State == models.PersonActive {
				members[group] = append(members[group], pupil.ID)
			}
		}
	}
	for one, pupils := range has {
		single := maps.Clone(pupils)
		for group, all := range members {
			if slices.ContainsFunc(all, func(id models.PupilID) bool { return !pupils[id] }) {
				continue
			}
			whole := one
			whole.GroupID = group
			wanted[whole] = true
			for _, id := range all {
				delete(single, id)
			}
		}
		for id := range single {
			own := one
			own.PupilID = id
			wanted[own] = true
		}
	}
}

// taughtPairs counts which pupils have which teachers, before and after: of those who are there both times.
func (w *importer) taughtPairs() (before, left int) {
	after := w.after()
	count := func(people *directory.Directory, pupil models.PupilID) int {
		teachers := map[models.StaffID]bool{}
		for teaching := range people.Teachings(pupil) {
			teachers[teaching.StaffID] = true
		}
		return len(teachers)
	}
	for _, pupil := range w.people.Pupils() {
		if _, stays := after.Pupil(pupil.ID); !stays {
			continue
		}
		had := count(w.people, pupil.ID)
		before += had
		left += min(had, count(after, pupil.ID))
	}
	return before, left
}

// heldGroups are the groups of pupils of whom the files say nothing, but for those that the files name.
func (w *importer) heldGroups() map[models.GroupID]bool {
	held, named := map[models.GroupID]bool{}, w.namedGroups()
	for _, pupil := range w.people.Pupils() {
		if !w.held[pupil.ID] {
			continue
		}
		for _, group := range append(w.people.GroupsOf(pupil.ID), pupil.GroupID) {
			held[group] = !group.IsZero() && !named[group]
		}
	}
	return held
}

// keepTeachings names the teachings that stay since the files have no teachers.
func (w *importer) keepTeachings() error {
	present, err := store.Count[models.Teaching](w.tx, store.Eq("from_roster", true))
	w.untold[toldTeachings] = present > 0
	return err
}

func (w *importer) replaceTeachings(wanted map[models.Teaching]bool) error {
	present, err := store.List[models.Teaching](w.tx, store.Eq("from_roster", true))
	if err != nil {
		return err
	}
	w.taught = len(present)
	named := w.namedGroups()
	var gone []models.RowID
	said, pairs := teachingsByHand{}, map[models.Teaching]bool{}
	for row := range wanted {
		pairs[pairOf(row)] = true
	}
	for _, row := range present {
		bare := bareTeaching(row)
		byHand := row.Removed || !row.InsteadID.IsZero()
		if byHand {
			said.note(row)
		}
		switch {
		case wanted[bare]:
			delete(wanted, bare)
			w.keepTeaching(row)
		case !byHand || !row.Removed && pairs[pairOf(row)]: // else it is kept for a file that has it again
			gone = append(gone, row.ID)
			if named[row.GroupID] || w.present[row.PupilID] {
				w.untaught++
			}
			continue
		}
		w.teachings = append(w.teachings, row)
	}
	if len(gone) > 0 {
		w.later(func(tx *store.Tx) error {
			_, err := store.Delete[models.Teaching](tx, store.In("id", gone))
			return err
		})
	}
	var added batch[models.Teaching]
	for row := range wanted {
		row.ID, row.InsteadID = models.New[models.RowID](), said.instead(row)
		added.add(&row)
		w.teachings = append(w.teachings, row)
	}
	w.change.Teachings.Added, w.change.Teachings.Removed = len(added.rows), len(gone)
	insertLater(w, &added)
	return nil
}

// bareTeaching is a teaching as files say it.
func bareTeaching(row models.Teaching) models.Teaching {
	return models.Teaching{StaffID: row.StaffID, GroupID: row.GroupID, PupilID: row.PupilID, Role: row.Role, Subject: row.Subject, FromRoster: row.FromRoster}
}

// keepTeaching tells what staff said of a teaching of the files.
func (w *importer) keepTeaching(row models.Teaching) {
	staff, ok := w.people.Staff(row.StaffID)
	switch {
	case !ok:
	case row.Removed:
		w.change.keep(keptOfStaff(staff, "teaching"))
	case !row.InsteadID.IsZero():
		w.change.keep(keptOfStaff(staff, "substitute"))
	}
}

// teachingsByHand is who stands in for whom, by whom both teach: a file that says it otherwise than before, with another role or subject, means the same.
type teachingsByHand map[models.Teaching]models.StaffID

func (t teachingsByHand) note(row models.Teaching) {
	if !row.Removed {
		t[pairOf(row)] = row.InsteadID
	}
}

func (t teachingsByHand) instead(row models.Teaching) models.StaffID { return t[pairOf(row)] }

// pairOf is a teacher and whom that one teaches, whatever it is that is taught.
func pairOf(row models.Teaching) models.Teaching {
	return models.Teaching{StaffID: row.StaffID, GroupID: row.GroupID, PupilID: row.PupilID}
}

// Above these, an import that leaves less taught than before must be told that it may: a table of one class would otherwise leave the others without teachers.
const (
	teachingShare = 5 // one in five
	teachingLeast = 5
)

// mayUnteach refuses an import after which many teachings are gone for which no others came.
func (w *importer) mayUnteach() error {
	if len(w.roster.Lessons) > 0 {
		before, left := w.taughtPairs()
		if lost := before - left; lost > teachingLeast && lost*teachingShare > before {
			return errs.New(errs.Conflict, "import.removes-teachings").With("left", fmt.Sprint(left)).With("present", fmt.Sprint(before))
		}
		return nil
	}
	if w.unteaches() {
		lost := w.untaught - w.change.Teachings.Added
		return errs.New(errs.Conflict, "import.removes-teachings").With("left", fmt.Sprint(w.taught-lost)).With("present", fmt.Sprint(w.taught))
	}
	return nil
}

func (w *importer) unteaches() bool {
	lost := w.untaught - w.change.Teachings.Added
	return lost > teachingLeast && lost*teachingShare > w.taught
}

// groupTeachings returns the teachings of groups that a roster brought.
func groupTeachings(tx *store.Tx) (list []models.Teaching, err error) {
	rows, err := store.List[models.Teaching](tx, store.Eq("from_roster", true))
	for _, row := range rows {
		if !row.GroupID.IsZero() {
			list = append(list, row)
		}
	}
	return list, err
}
