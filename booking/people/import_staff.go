package people

import (
	"strings"

	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/names"
)

// importStaff brings the teachers in line with the roster's. Teachers whom it does not have stay.
func (w *importer) importStaff() error {
	var added batch[models.Staff]
	known := matchStaff(w.people.AllStaff(), w.roster.Teachers)
	for _, wanted := range w.roster.Teachers {
		details := models.StaffDetails{
			Key: wanted.Key, DisplayName: wanted.DisplayName, Given: wanted.Given, Prefix: wanted.Prefix, Surname: wanted.Surname, Email: wanted.Email,
		}
		present, ok := known[wanted.Key]
		if !ok {
			w.dropKey(models.SubjectStaff, wanted.Key)
			row := &models.Staff{ID: models.New[models.StaffID](), State: models.PersonActive, CreatedAt: w.tx.Now(), Details: details}
			added.add(row)
			w.keyed(models.SubjectStaff, wanted.Key, row.ID)
			w.staff[wanted.Key] = row.ID
			w.change.Teachers.Added++
			continue
		}
		w.staff[wanted.Key] = present.ID
		if code := codeAlone(present, &wanted); code || wanted.Given+wanted.Surname == "" {
			// The file has no name: it says nothing of this teacher but who it is.
			named := present.Details
			details.DisplayName, details.Given, details.Prefix, details.Surname = named.DisplayName, named.Given, named.Prefix, named.Surname
			if code {
				details.Key = named.Key
			}
		}
		w.updateStaff(present, details, wanted.KeyFromName)
	}
	insertLater(w, &added)
	return nil
}

func (w *importer) updateStaff(present *models.Staff, details models.StaffDetails, withoutCode bool) {
	recoded := !withoutCode && !hasKey(present, details.Key)
	if !recoded {
		details.Key = present.Details.Key
	}
	details.Aliases = present.Details.Aliases
	if details.Email == "" {
		details.Email = present.Details.Email // a file without addresses takes none away
	}
	for field, value := range map[string]*string{"display_name": &details.DisplayName, "email": &details.Email} {
		if !w.overridden[present.ID.String()+"/"+field] {
			continue
		}
		kept := map[string]string{"display_name": present.Details.DisplayName, "email": present.Details.Email}[field]
		if *value != kept {
			w.change.keep(keptOfStaff(present, field))
		}
		*value = kept
	}
	same := !recoded && details.DisplayName == present.Details.DisplayName && details.Given == present.Details.Given && details.Prefix == present.Details.Prefix &&
		details.Surname == present.Details.Surname && details.Email == present.Details.Email
	if present.State != models.PersonActive {
		// Whoever the school says has left stays out until the school says otherwise: files name them for months.
		w.change.keep(keptOfStaff(present, "state"))
	}
	if same {
		return
	}
	if recoded {
		w.dropKey(models.SubjectStaff, details.Key)
		w.keyed(models.SubjectStaff, details.Key, present.ID)
	}
	changed := *present
	changed.Details = details
	w.change.Teachers.Changed++
	updateLater(w, &changed, "details")
}

func keptOfStaff(staff *models.Staff, field string) KeptValue {
	return KeptValue{staff.Details.Key, staff.Details.DisplayName, field}
}

// staffMatcher decides which of the teachers whom the school knows a file means. A code says so, unless name and address both say otherwise: codes are given
// anew. Who has no code, or another one, is known by address and name, and by the name alone where only one can be meant.
type staffMatcher struct {
	known []*models.Staff
	taken map[models.StaffID]bool
}

// matchStaff returns whom the teachers of a roster are, by the roster's keys; those who are new are left out.
func matchStaff(known []*models.Staff, wanted []roster.Teacher) map[string]*models.Staff {
	m := staffMatcher{known: known, taken: map[models.StaffID]bool{}}
	found := map[string]*models.Staff{}
	for _, same := range []func(*models.Staff, *roster.Teacher) bool{sameNameAndAddress, sameCode, sameAddress, sameMadeKey, codeAlone, sameName} {
		claims := map[models.StaffID]int{}
		fits := map[string][]*models.Staff{}
		for i := range wanted {
			if found[wanted[i].Key] != nil {
				continue
			}
			for _, staff := range m.known {
				if !m.taken[staff.ID] && same(staff, &wanted[i]) {
					fits[wanted[i].Key] = append(fits[wanted[i].Key], staff)
					claims[staff.ID]++
				}
			}
		}
		for key, staff := range fits {
			if len(staff) == 1 && claims[staff[0].ID] == 1 {
				found[key] = staff[0]
				m.taken[staff[0].ID] = true
			}
		}
	}
	return found
}

func hasKey(staff *models.Staff, key string) bool {
	for _, own := range append([]string{staff.Details.Key}, staff.Details.Aliases...) {
		if own == key {
			return true
		}
	}
	return false
}

// codeOf is the code of a teacher; empty where the key is made of the name.
func codeOf(staff *models.Staff) string {
	if made := roster.TeacherNameKey(staff.Details.Given, staff.Details.Prefix, staff.Details.Surname); made != "" && (staff.Details.Key == made || strings.HasPrefix(staff.Details.Key, made+"|")) {
		return ""
	}
	return staff.Details.Key
}

func nameOf(staff *models.Staff) string {
	return roster.TeacherNameKey(staff.Details.Given, staff.Details.Prefix, staff.Details.Surname)
}

func sameNameAndAddress(staff *models.Staff, wanted *roster.Teacher) bool {
	return wanted.Email != "" && strings.EqualFold(staff.Details.Email, wanted.Email) && nameOf(staff) == roster.TeacherNameKey(wanted.Given, wanted.Prefix, wanted.Surname)
}

func sameCode(staff *models.Staff, wanted *roster.Teacher) bool {
	if wanted.KeyFromName || !hasKey(staff, wanted.Key) {
		return false
	}
	d := staff.Details
	named := names.Key(d.Given)+names.Surname(d.Prefix, d.Surname) != "" && names.Key(wanted.Given)+names.Surname(wanted.Prefix, wanted.Surname) != ""
	other := named && names.Key(d.Given) != names.Key(wanted.Given) && names.Surname(d.Prefix, d.Surname) != names.Surname(wanted.Prefix, wanted.Surname)
	return !other || d.Email == "" || wanted.Email == "" || strings.EqualFold(d.Email, wanted.Email)
}

func sameAddress(staff *models.Staff, wanted *roster.Teacher) bool {
	return wanted.Email != "" && strings.EqualFold(staff.Details.Email, wanted.Email) &&
		names.Surname(staff.Details.Prefix, staff.Details.Surname) == names.Surname(wanted.Prefix, wanted.Surname) && (wanted.KeyFromName || codeOf(staff) == "")
}

func sameMadeKey(staff *models.Staff, wanted *roster.Teacher) bool {
	return wanted.KeyFromName && hasKey(staff, wanted.Key)
}

// codeAlone is of files that have codes where others have names, or nothing but codes, in whatever case.
func codeAlone(staff *models.Staff, wanted *roster.Teacher) bool {
	code := codeOf(staff)
	return code != "" && (wanted.KeyFromName && strings.EqualFold(code, wanted.DisplayName) || wanted.Given+wanted.Surname == "" && strings.EqualFold(code, wanted.Key))
}

func sameName(staff *models.Staff, wanted *roster.Teacher) bool {
	name := nameOf(staff)
	return name != "" && name == roster.TeacherNameKey(wanted.Given, wanted.Prefix, wanted.Surname) && (wanted.KeyFromName || codeOf(staff) == "")
}
