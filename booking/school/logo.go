package school

import (
	"cmp"
	"context"

	"github.com/ouderavond/ouderavond/booking/picture"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// SetLogo takes a picture as the school's logo, in the place of one that it had. What is kept is drawn anew; see package picture for what is refused.
func (s *Service) SetLogo(ctx context.Context, actor models.Actor, file []byte) (models.LogoMark, error) {
	drawn, err := picture.Redraw(file)
	if err != nil {
		return models.LogoMark{}, err
	}
	var mark models.LogoMark
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		if _, err := dropLogo(tx); err != nil {
			return err
		}
		row := &models.Logo{ID: models.New[models.RowID](), Picture: drawn.PNG, CreatedAt: tx.Now()}
		if err := store.Insert(tx, row); err != nil {
			return err
		}
		mark = models.LogoMark{ID: row.ID.String(), Width: drawn.Width, Height: drawn.Height}
		tx.School().Logo = mark
		if err := tx.UpdateSchool("logo"); err != nil {
			return err
		}
		return tx.Audited("school.logo", row.ID, nil)
	})
	return mark, err
}

// RemoveLogo takes the school's logo away. It is errs.NotFound if there is none.
func (s *Service) RemoveLogo(ctx context.Context, actor models.Actor) error {
	return s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		if gone, err := dropLogo(tx); err != nil || !gone {
			return cmp.Or(err, error(errs.New(errs.NotFound, errs.CodeNotFound)))
		}
		tx.School().Logo = models.LogoMark{}
		if err := tx.UpdateSchool("logo"); err != nil {
			return err
		}
		return tx.Audited("school.logo-removed", tx.School().ID, nil)
	})
}

// dropLogo deletes the logo that the school has, and tells whether it had one.
func dropLogo(tx *store.Tx) (bool, error) {
	id, err := models.Parse[models.RowID](tx.School().Logo.ID)
	if err != nil {
		return false, nil // there is none
	}
	gone, err := store.Delete[models.Logo](tx, store.Eq("id", id))
	return gone > 0, err
}

// Logo gives the school's logo, to whoever may see the school. It is errs.NotFound if there is none.
func (s *Service) Logo(ctx context.Context, actor models.Actor) (*models.Logo, error) {
	var row *models.Logo
	err := s.store.For(actor).Read(ctx, func(tx *store.Tx) (err error) {
		row, err = store.First[models.Logo](tx)
		return err
	})
	return row, err
}

// Shown gives the logo that a page of the school names by its id, to anybody: it stands on the school's log-in page. errs.NotFound where it has another one now.
func (s *Service) Shown(ctx context.Context, school models.SchoolID, id string) (*models.Logo, error) {
	row, err := s.Logo(ctx, models.System(school, "logo"))
	if err == nil && row.ID.String() != id {
		return nil, errs.New(errs.NotFound, errs.CodeNotFound)
	}
	return row, err
}
