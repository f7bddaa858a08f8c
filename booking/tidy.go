package booking

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// How long rows stay that are of no use any more.
const (
	outcomesKept = 48 * time.Hour // stored outcomes of calls with an Idempotency-Key
	budgetsKept  = 48 * time.Hour // twice the longest budget
	codesKept    = 24 * time.Hour
)

// Tidy removes, from all schools, what has expired: sessions, codes, budgets, stored outcomes, and makers with the contacts that were typed for them once
// their conferences are over. The program calls it every hour.
func (s *Service) Tidy(ctx context.Context) error {
	system := models.Actor{Kind: models.ActorSystem, Reason: "tidy"}
	schools, err := s.store.Installation(system).Schools(ctx)
	if err != nil {
		return err
	}
	for _, school := range schools {
		err := s.store.For(models.System(school.ID, "tidy")).WriteLong(ctx, tidySchool)
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
	}
	return nil
}

func tidySchool(tx *store.Tx) error {
	now := tx.Now()
	for _, remove := range []func() (int64, error){
		func() (int64, error) { return store.Delete[models.Session](tx, store.Before("expires_at", now)) },
		func() (int64, error) {
			return store.Delete[models.Code](tx, store.Before("expires_at", now.Add(-codesKept)))
		},
		func() (int64, error) {
			return store.Delete[models.Budget](tx, store.Before("window", now.Add(-budgetsKept)))
		},
		func() (int64, error) {
			return store.Delete[models.Idempotency](tx, store.Before("at", now.Add(-outcomesKept)))
		},
	} {
		if _, err := remove(); err != nil {
			return err
		}
	}
	if _, err := dropEmptyHouseholds(tx); err != nil {
		return err
	}
	makers, err := store.List[models.Maker](tx, store.Before("expires_at", now))
	if err != nil || len(makers) == 0 {
		return err
	}
	// The maker's row stays, because appointments refer to it; what was typed goes.
	ids := make([]models.MakerID, len(makers))
	for i, maker := range makers {
		ids[i] = maker.ID
	}
	_, err = store.Delete[models.Contact](tx, store.In("maker_id", ids))
	return err
}
