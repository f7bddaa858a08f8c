package household

import (
	"cmp"
	"context"

	"github.com/ouderavond/ouderavond/booking/byhand"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/contactpoint"
	"github.com/ouderavond/ouderavond/models/eraser"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// AddContact adds a contact to a household, by hand: of one of its guardians, or else of a new one. Such a contact confirms, like one of the school's file, and no
// import takes it away.
func (s *Service) AddContact(ctx context.Context, actor models.Actor, household models.HouseholdID, wanted NewContact) error {
	_, err := s.add(ctx, actor, household, wanted)
	return err
}

// AddGuardian adds a guardian to a household by hand, with or without contacts, whom no import takes away. A file that brings one of the same name, address or number
// later adds nobody.
func (s *Service) AddGuardian(ctx context.Context, actor models.Actor, household models.HouseholdID, wanted NewContact) (models.GuardianID, error) {
	wanted.Guardian = models.GuardianID{}
	if cleanName(wanted.Name) == "" && wanted.Staff.IsZero() {
		return wanted.Guardian, errs.InvalidField("name", errs.CodeRequired)
	}
	return s.add(ctx, actor, household, wanted)
}

func (s *Service) add(ctx context.Context, actor models.Actor, household models.HouseholdID, wanted NewContact) (id models.GuardianID, err error) {
	err = s.change(ctx, actor, func(tx *store.Tx) error {
		if _, err := store.Get[models.Household](tx, household); err != nil {
			return err
		}
		if id, err = addStaffContact(tx, household, wanted); err != nil {
			return err
		}
		if _, err := LinkTeachers(tx, store.Eq("household_id", household)); err != nil {
			return err
		}
		return tx.Audited("contact", household, nil)
	})
	return id, err
}

// addStaffContact adds what staff entered, and returns whose it is.
func addStaffContact(tx *store.Tx, household models.HouseholdID, wanted NewContact) (models.GuardianID, error) {
	given := map[models.ContactKind]string{}
	if wanted.Email != "" {
		address, ok := contactpoint.Email(wanted.Email)
		if !ok {
			return wanted.Guardian, errs.InvalidField("email", "not-an-email-address")
		}
		given[models.ContactEmail] = address
	}
	if wanted.Phone != "" {
		number, ok := contactpoint.MobilePhone(wanted.Phone)
		if !ok {
			return wanted.Guardian, errs.InvalidField("phone", "not-a-mobile-number")
		}
		given[models.ContactPhone] = number
	}
	guardian, err := guardianFor(tx, household, wanted, len(given) > 0)
	if err != nil {
		return wanted.Guardian, err
	}
	home, err := store.Get[models.Household](tx, household)
	if err != nil {
		return guardian.ID, err
	}
	for kind, value := range given {
		row := &models.Contact{
			ID: models.New[models.ContactID](), HouseholdID: household, GuardianID: guardian.ID, Kind: kind, Source: models.SourceStaff,
			Purposes: []string{"confirmation", "code"}, Language: Speaks(guardian, home), CreatedAt: tx.Now(), Details: models.ContactDetails{Value: value},
		}
		if guardian.Details.Uninformed {
			Silence(row, tx)
		}
		if err := store.Insert(tx, row); err != nil {
			return guardian.ID, err
		}
	}
	return guardian.ID, nil
}

// guardianFor returns the guardian to whom a contact belongs: one who is there, or a new one.
func guardianFor(tx *store.Tx, household models.HouseholdID, wanted NewContact, reached bool) (*models.Guardian, error) {
	name := cleanName(wanted.Name)
	if !wanted.Guardian.IsZero() {
		if !reached {
			return nil, errs.InvalidField("email", errs.CodeRequired)
		}
		row, err := store.First[models.Guardian](tx, store.Eq("id", wanted.Guardian), store.Eq("household_id", household))
		if errs.KindOf(err) == errs.NotFound {
			err = errs.InvalidField("guardian", errs.CodeUnknown)
		}
		return row, err
	}
	if !reached && wanted.Staff.IsZero() && name == "" {
		return nil, errs.InvalidField("email", errs.CodeRequired)
	}
	if err := checkName(name); err != nil {
		return nil, err
	}
	row := &models.Guardian{
		ID: models.New[models.GuardianID](), HouseholdID: household, StaffID: wanted.Staff, Language: wanted.Language, Details: models.GuardianDetails{Name: name},
	}
	return row, errs.AsUnknown(store.Insert(tx, row), "teacher")
}

// Speaks returns the language of messages to a guardian of a household: the guardian's own, or else the household's; empty for the school's.
func Speaks(guardian *models.Guardian, home *models.Household) string {
	return cmp.Or(guardian.Language, home.Details.Language)
}

// RemoveContact takes a contact away. One that came from a file does not come back with the next import.
func (s *Service) RemoveContact(ctx context.Context, actor models.Actor, household models.HouseholdID, contact models.ContactID) error {
	err := s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		row, err := store.First[models.Contact](tx, store.Eq("id", contact), store.Eq("household_id", household))
		if err != nil {
			return err
		}
		if err := EraseContact(tx, row); err != nil {
			return err
		}
		if _, err := eraser.Imports(tx); err != nil {
			return err
		}
		return tx.Audited("contact-removed", household, nil)
	})
	if err == nil {
		s.reach(ctx)
	}
	return err
}

// EraseContact erases a contact, and keeps a later file from bringing it back if it came from one.
func EraseContact(tx *store.Tx, contact *models.Contact) error {
	if contact.Source == models.SourceFile {
		if err := byhand.Set(tx, models.SubjectHousehold, contact.HouseholdID, byhand.RemovedContact(tx, contact.Details.Value)); err != nil {
			return err
		}
	}
	return eraser.Contact(tx, contact)
}
