package people

import (
	"github.com/ouderavond/ouderavond/models"
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
			w.change.Kept = append(w.change.Kept, present.Details.Key+": "+field)
		}
		*value = kept
	}
	same := !recoded && details.DisplayName == present.Details.DisplayName && details.Given == present.Details.Given && details.Prefix == present.Details.Prefix &&
		details.Surname == present.Details.Surname && details.Email == present.Details.Email
	if present.State != models.PersonActive {
		// Whoever the school says has left stays out until the school says otherwise: files name them for months.
		w.change.Kept = append(w.change.Kept, present.Details.Key+": state")
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
