package household

import (
	"context"
	"strings"

	"github.com/ouderavond/ouderavond/booking/byhand"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/contactpoint"
	"github.com/ouderavond/ouderavond/models/eraser"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// AddContact adds a contact to a household, by hand. Such a contact confirms, like one of the school's file.
func (s *Service) AddContact(ctx context.Context, actor models.Actor, household models.HouseholdID, wanted NewContact) error {
	return s.change(ctx, actor, func(tx *store.Tx) error {
		if _, err := store.Get[models.Household](tx, household); err != nil {
			return err
		}
		if err := addStaffContact(tx, household, wanted); err != nil {
			return err
		}
		if _, err := LinkTeachers(tx, store.Eq("household_id", household)); err != nil {
			return err
		}
		return tx.Audited("contact", household, nil)
	})
}

func addStaffContact(tx *store.Tx, household models.HouseholdID, wanted NewContact) error {
	given := map[models.ContactKind]string{}
	if wanted.Email != "" {
		address, ok := contactpoint.Email(wanted.Email)
		if !ok {
			return errs.InvalidField("email", "not-an-email-address")
		}
		given[models.ContactEmail] = address
	}
	if wanted.Phone != "" {
		number, ok := contactpoint.MobilePhone(wanted.Phone)
		if !ok {
			return errs.InvalidField("phone", "not-a-mobile-number")
		}
		given[models.ContactPhone] = number
	}
	if len(given) == 0 && wanted.Staff.IsZero() && strings.TrimSpace(wanted.Name) == "" {
		return errs.InvalidField("email", errs.CodeRequired)
	}
	guardian := &models.Guardian{ID: models.New[models.GuardianID](), HouseholdID: household, StaffID: wanted.Staff, Language: wanted.Language, Details: models.GuardianDetails{Name: strings.TrimSpace(wanted.Name)}}
	if err := store.Insert(tx, guardian); err != nil {
		return errs.AsUnknown(err, "teacher")
	}
	for kind, value := range given {
		err := store.Insert(tx, &models.Contact{
			ID: models.New[models.ContactID](), HouseholdID: household, GuardianID: guardian.ID, Kind: kind, Source: models.SourceStaff,
			Purposes: []string{"confirmation", "code"}, Language: wanted.Language, CreatedAt: tx.Now(), Details: models.ContactDetails{Value: value},
		})
		if err != nil {
			return err
		}
	}
	return nil
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
