package people

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/ouderavond/ouderavond/booking/byhand"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/contactpoint"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/typed"
)

// StaffPatch is what staff may be corrected in; nil leaves a field as it is.
type StaffPatch struct {
	DisplayName, Email *string
	Aliases            []string
	Left               *bool
	// Release are fields that files decide again from the next import on: name, email.
	Release []string
}

// Staff lists the staff of the school.
func (s *Service) Staff(ctx context.Context, actor models.Actor) (people *directory.Directory, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		people, err = tx.Directory()
		return err
	})
	return people, err
}

// AddStaff adds a teacher by hand.
func (s *Service) AddStaff(ctx context.Context, actor models.Actor, key string, patch StaffPatch) (*models.Staff, error) {
	if key = strings.TrimSpace(key); key == "" || len(key) > 256 {
		return nil, errs.InvalidField("key", errs.CodeRequired)
	}
	row := &models.Staff{ID: models.New[models.StaffID](), State: models.PersonActive, Details: models.StaffDetails{Key: key}}
	if _, err := patch.apply(row); err != nil {
		return nil, err
	}
	if row.Details.DisplayName == "" {
		return nil, errs.InvalidField("name", errs.CodeRequired)
	}
	err := s.change(ctx, actor, func(tx *store.Tx) error {
		row.CreatedAt = tx.Now()
		if err := store.Insert(tx, row); err != nil {
			return err
		}
		if err := tx.AddExternalKey(models.SubjectStaff, key, row.ID); err != nil {
			return err
		}
		if _, err := household.LinkTeachers(tx); err != nil {
			return err
		}
		return tx.Audited("staff", row.ID, nil)
	})
	return row, err
}

// UpdateStaff corrects a teacher by hand; an import reports such values instead of overwriting them.
func (s *Service) UpdateStaff(ctx context.Context, actor models.Actor, id models.StaffID, patch StaffPatch) (*models.Staff, error) {
	var row *models.Staff
	err := s.change(ctx, actor, func(tx *store.Tx) error {
		var err error
		if row, err = store.Get[models.Staff](tx, id); err != nil {
			return err
		}
		if err := byhand.Release(tx, models.SubjectStaff, id, patch.Release); err != nil {
			return err
		}
		fields, err := patch.apply(row)
		if err != nil {
			return err
		}
		if err := store.Update(tx, row, "state", "details"); err != nil {
			return err
		}
		if err := byhand.Set(tx, models.SubjectStaff, id, fields...); err != nil {
			return err
		}
		if _, err := household.LinkTeachers(tx); err != nil {
			return err
		}
		return tx.Audited("staff-changed", id, nil)
	})
	return row, err
}

func (p StaffPatch) apply(row *models.Staff) ([]string, error) {
	var fields []string
	if p.DisplayName != nil {
		name := typed.OneLine(*p.DisplayName)
		if typed.HoldsLongNumber(name) {
			return nil, errs.InvalidField("name", "not-a-name")
		}
		if !typed.Readable(name) || utf8.RuneCountInString(name) > maxName {
			return nil, errs.InvalidField("name", errs.CodeRequired)
		}
		row.Details.DisplayName = name
		fields = append(fields, "display_name")
	}
	if p.Email != nil {
		address := strings.TrimSpace(*p.Email)
		if address != "" {
			checked, ok := contactpoint.Email(address)
			if !ok {
				return nil, errs.InvalidField("email", "not-an-email-address")
			}
			address = checked
		}
		row.Details.Email = address
		fields = append(fields, "email")
	}
	if p.Aliases != nil {
		if len(p.Aliases) > 20 {
			return nil, errs.InvalidField("aliases", errs.CodeTooMany)
		}
		row.Details.Aliases = p.Aliases
	}
	if p.Left != nil {
		row.State = models.PersonActive
		if *p.Left {
			row.State = models.PersonLeft
		}
	}
	return fields, nil
}
