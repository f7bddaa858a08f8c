package household

import (
	"context"
	"strings"

	"github.com/ouderavond/ouderavond/booking/byhand"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// GuardianPatch changes what is not nil.
type GuardianPatch struct {
	Name     *string // not empty
	Language *string // of messages; empty for the school's own
	// Informed says whether the guardian is told anything: not is a decision of a court or the school, of which files know nothing.
	Informed *bool
}

// UpdateGuardian changes a guardian by hand. What it sets is kept against what files say: the name until they have another one than they had, the decision not to
// inform also where a file brings the same person again, under the same name, address or number.
//
// To a guardian who is not informed nothing goes any more, neither confirmations nor log-in codes, and what is queued is not sent.
func (s *Service) UpdateGuardian(ctx context.Context, actor models.Actor, household models.HouseholdID, id models.GuardianID, patch GuardianPatch) error {
	return s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		row, err := store.First[models.Guardian](tx, store.Eq("id", id), store.Eq("household_id", household))
		if err != nil {
			return err
		}
		if patch.Name != nil {
			name := strings.Join(strings.Fields(*patch.Name), " ")
			if name == "" {
				return errs.InvalidField("name", errs.CodeRequired)
			}
			if row.FromRoster && row.Details.FileName == "" {
				row.Details.FileName = row.Details.Name
			}
			row.Details.Name = name
		}
		if patch.Language != nil {
			row.Language = *patch.Language
		}
		contacts, err := store.List[models.Contact](tx, store.Eq("guardian_id", id))
		if err != nil {
			return err
		}
		if patch.Informed != nil && *patch.Informed == row.Details.Uninformed {
			row.Details.Uninformed = !*patch.Informed
			if err := inform(tx, row, contacts); err != nil {
				return err
			}
		}
		for i := range contacts {
			if patch.Language == nil || contacts[i].Language == row.Language {
				continue
			}
			contacts[i].Language = row.Language
			if err := store.Update(tx, &contacts[i], "language"); err != nil {
				return err
			}
		}
		if err := store.Update(tx, row, "language", "details"); err != nil {
			return err
		}
		return tx.Audited("guardian", household, nil)
	})
}

// inform carries out whether a guardian is told anything.
func inform(tx *store.Tx, guardian *models.Guardian, contacts []models.Contact) error {
	known := []string{guardian.Details.Name, guardian.Details.FileName}
	for i := range contacts {
		contact := &contacts[i]
		known = append(known, contact.Details.Value)
		if guardian.Details.Uninformed {
			Silence(contact, tx)
		} else if contact.SuppressedFor == models.SuppressedUninformed {
			contact.Suppressed, contact.SuppressedAt, contact.SuppressedFor = false, nil, ""
		}
		if err := store.Update(tx, contact, "suppressed", "suppressed_at", "suppressed_for"); err != nil {
			return err
		}
	}
	for _, value := range known {
		if value == "" {
			continue
		}
		var err error
		if field := byhand.Uninformed(tx, value); guardian.Details.Uninformed {
			err = byhand.Set(tx, models.SubjectHousehold, guardian.HouseholdID, field)
		} else {
			err = byhand.Forget(tx, models.SubjectHousehold, guardian.HouseholdID, field)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Silence makes a contact one of a guardian who is told nothing.
func Silence(contact *models.Contact, tx *store.Tx) {
	now := tx.Now()
	contact.Suppressed, contact.SuppressedAt, contact.SuppressedFor = true, &now, models.SuppressedUninformed
}

// LinkTeachers ties guardians to the teachers with whom they share an address, and tells how many it tied: one person cannot sit on both sides of the
// table at once. What staff tied by hand stays. Conditions narrow it to some households; without any it looks at all of the school.
func LinkTeachers(tx *store.Tx, within ...store.Condition) (linked int, err error) {
	guardians, err := store.List[models.Guardian](tx, append([]store.Condition{store.Null("staff_id")}, within...)...)
	if err != nil || len(guardians) == 0 {
		return 0, err
	}
	staff, err := store.List[models.Staff](tx)
	if err != nil {
		return 0, err
	}
	teachers := map[string]models.StaffID{}
	for _, row := range staff {
		if row.Details.Email != "" {
			teachers[strings.ToLower(row.Details.Email)] = row.ID
		}
	}
	onFile := []store.Condition{store.Eq("kind", models.ContactEmail), store.In("source", []models.ContactSource{models.SourceFile, models.SourceStaff})}
	contacts, err := store.List[models.Contact](tx, append(onFile, within...)...)
	if err != nil {
		return 0, err
	}
	person := map[models.GuardianID]models.StaffID{}
	for _, contact := range contacts {
		if teacher, ok := teachers[strings.ToLower(contact.Details.Value)]; ok {
			person[contact.GuardianID] = teacher
		}
	}
	for i := range guardians {
		teacher, ok := person[guardians[i].ID]
		if !ok {
			continue
		}
		guardians[i].StaffID = teacher
		if err := store.Update(tx, &guardians[i], "staff_id"); err != nil {
			return linked, err
		}
		linked++
	}
	return linked, nil
}
