package household

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ouderavond/ouderavond/booking/byhand"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/eraser"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/typed"
)

// GuardianPatch changes what is not nil.
type GuardianPatch struct {
	Name     *string // not empty
	Language *string // of messages; empty for the school's own
	// Informed says whether the guardian is told anything: not is a decision of a court or the school, of which files know nothing.
	Informed *bool
	// Release are the fields that files decide again: the name, which is at once the one that files have.
	Release []string
}

// maxName is the greatest length, in runes, of a guardian's name.
const maxName = 200

func cleanName(name string) string { return typed.OneLine(name) }

// checkName refuses what is no name, as the other names of people.
func checkName(name string) error {
	switch {
	case utf8.RuneCountInString(name) > maxName:
		return errs.InvalidField("name", "too-long")
	case typed.HoldsLongNumber(name):
		return errs.InvalidField("name", "not-a-name")
	}
	return nil
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
		if err := patch.apply(row); err != nil {
			return err
		}
		home, err := store.Get[models.Household](tx, household)
		if err != nil {
			return err
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
		if err := speak(tx, Speaks(row, home), contacts); err != nil {
			return err
		}
		if err := store.Update(tx, row, "language", "details"); err != nil {
			return err
		}
		return tx.Audited("guardian", household, nil)
	})
}

// apply sets name and language.
func (p GuardianPatch) apply(row *models.Guardian) error {
	for _, field := range p.Release {
		if field != "name" || row.Details.FileName == "" {
			return errs.InvalidField("release", errs.CodeUnknown)
		}
		row.Details.Name, row.Details.FileName = row.Details.FileName, ""
	}
	if p.Name != nil {
		name := cleanName(*p.Name)
		if name == "" {
			return errs.InvalidField("name", errs.CodeRequired)
		}
		if err := checkName(name); err != nil {
			return err
		}
		if row.FromRoster && row.Details.FileName == "" {
			row.Details.FileName = row.Details.Name
		}
		row.Details.Name = name
	}
	if p.Language != nil {
		row.Language = *p.Language
	}
	return nil
}

// speak sets the language of contacts to that in which whoever has them is written to.
func speak(tx *store.Tx, language string, contacts []models.Contact) error {
	for i := range contacts {
		if contacts[i].Language == language {
			continue
		}
		contacts[i].Language = language
		if err := store.Update(tx, &contacts[i], "language"); err != nil {
			return err
		}
	}
	return nil
}

// RemoveGuardian takes a guardian away, with the contacts. No import brings one back of that name, address or number, but for an address or number that somebody else
// of the household has too.
func (s *Service) RemoveGuardian(ctx context.Context, actor models.Actor, household models.HouseholdID, id models.GuardianID) error {
	err := s.change(ctx, actor, func(tx *store.Tx) error {
		row, err := store.First[models.Guardian](tx, store.Eq("id", id), store.Eq("household_id", household))
		if err != nil {
			return err
		}
		contacts, err := store.List[models.Contact](tx, store.Eq("household_id", household), store.Not("source", models.SourceTyped))
		if err != nil {
			return err
		}
		for _, known := range knownBy(row, contacts) {
			if err := byhand.Set(tx, models.SubjectHousehold, household, byhand.RemovedGuardian(tx, known)); err != nil {
				return err
			}
		}
		for i := range contacts {
			if contacts[i].GuardianID != id {
				continue
			}
			if err := eraser.Contact(tx, &contacts[i]); err != nil {
				return err
			}
		}
		if _, err := store.Delete[models.Guardian](tx, store.Eq("id", id)); err != nil {
			return err
		}
		if err := eraser.NeverBack(tx, id); err != nil {
			return err
		}
		if _, err := eraser.Imports(tx); err != nil {
			return err
		}
		return tx.Audited("guardian-removed", household, nil)
	})
	if err == nil {
		s.reach(ctx)
	}
	return err
}

// knownBy returns the names, addresses and numbers by which a guardian is known in a household, and nobody else is.
func knownBy(guardian *models.Guardian, contacts []models.Contact) (known []string) {
	for _, name := range []string{guardian.Details.Name, guardian.Details.FileName} {
		if name != "" {
			known = append(known, name)
		}
	}
	for _, contact := range contacts {
		others := func(other models.Contact) bool {
			return other.GuardianID != guardian.ID && strings.EqualFold(other.Details.Value, contact.Details.Value)
		}
		if contact.GuardianID == guardian.ID && !slices.ContainsFunc(contacts, others) {
			known = append(known, contact.Details.Value)
		}
	}
	return known
}

// inform carries out whether a guardian is told anything. contacts are this guardian's.
func inform(tx *store.Tx, guardian *models.Guardian, contacts []models.Contact) error {
	for i := range contacts {
		contact := &contacts[i]
		if guardian.Details.Uninformed {
			Silence(contact, tx)
		} else if contact.SuppressedFor == models.SuppressedUninformed {
			contact.Suppressed, contact.SuppressedAt, contact.SuppressedFor = false, nil, ""
		}
		if err := store.Update(tx, contact, "suppressed", "suppressed_at", "suppressed_for"); err != nil {
			return err
		}
	}
	if guardian.Details.Uninformed {
		return noteUninformed(tx, guardian, contacts)
	}
	return forgetUninformed(tx, guardian)
}

// noteUninformed writes down the names, addresses and numbers of a guardian who is told nothing, for files that bring them again.
func noteUninformed(tx *store.Tx, guardian *models.Guardian, contacts []models.Contact) error {
	known := []string{guardian.Details.Name, guardian.Details.FileName}
	for i := range contacts {
		known = append(known, contacts[i].Details.Value)
	}
	for _, value := range known {
		if value == "" {
			continue
		}
		if err := byhand.Set(tx, models.SubjectHousehold, guardian.HouseholdID, byhand.Uninformed(tx, value)); err != nil {
			return err
		}
	}
	return nil
}

// forgetUninformed takes back what was written down of a guardian who is told things again, earlier addresses included. The notes hold only indexes and do not say
// whose they are, so all of the household's go, and those of guardians who are still told nothing come again.
func forgetUninformed(tx *store.Tx, guardian *models.Guardian) error {
	if err := byhand.ForgetUninformed(tx, guardian.HouseholdID); err != nil {
		return err
	}
	others, err := store.List[models.Guardian](tx, store.Eq("household_id", guardian.HouseholdID))
	if err != nil {
		return err
	}
	for i := range others {
		if others[i].ID == guardian.ID || !others[i].Details.Uninformed {
			continue
		}
		contacts, err := store.List[models.Contact](tx, store.Eq("guardian_id", others[i].ID))
		if err != nil {
			return err
		}
		if err := noteUninformed(tx, &others[i], contacts); err != nil {
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
