package erasure

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/eraser"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/kept"
	"github.com/ouderavond/ouderavond/models/store"
)

// How long rows stay that are of no use any more.
const (
	outcomesKept = 48 * time.Hour // stored outcomes of calls with an Idempotency-Key
	budgetsKept  = 48 * time.Hour // twice the longest budget
	codesKept    = 24 * time.Hour
	tokensKept   = 30 * 24 * time.Hour // so that an old link of an account can be told what became of it
	importsKept  = 14 * 24 * time.Hour // files that nobody looks at any more
	guessesKept  = 24 * time.Hour      // as long as they count
	loginsKept   = 90 * 24 * time.Hour // longer than any conference is open
)

// Tidy removes, from all schools, what has expired: sessions, when households logged in, codes, budgets, stored outcomes, and makers with the contacts that were typed for them once
// their conferences are over. The program calls it every hour. Schools are looked over beside the bookings, and only where there is something to remove does
// it wait its turn to write.
func (s *Service) Tidy(ctx context.Context) error {
	system := models.Actor{Kind: models.ActorSystem, Reason: "tidy"}
	if _, err := s.store.Installation(system).TidySlugs(ctx); err != nil {
		return err
	}
	schools, err := s.store.Installation(system).Schools(ctx)
	if err != nil {
		return err
	}
	for _, school := range schools {
		scope, due := s.store.For(models.System(school.ID, "tidy")), false
		err := scope.Read(ctx, func(tx *store.Tx) (err error) {
			due, err = somethingExpired(tx)
			return err
		})
		if err == nil && due {
			err = scope.WriteLong(ctx, tidySchool)
		}
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
	}
	return nil
}

// expiring is a kind of rows that are removed once they are old.
type expiring struct {
	count, remove func(*store.Tx) (int64, error)
}

func old[T any](column string, age time.Duration) expiring {
	until := func(tx *store.Tx) store.Condition { return store.Before(column, tx.Now().Add(-age)) }
	return expiring{
		count:  func(tx *store.Tx) (int64, error) { return store.Count[T](tx, until(tx)) },
		remove: func(tx *store.Tx) (int64, error) { return store.Delete[T](tx, until(tx)) },
	}
}

// expirings are all kinds of rows that expire.
var expirings = []expiring{
	old[models.Session]("expires_at", 0),
	old[models.Code]("expires_at", codesKept),
	old[models.Budget]("window", budgetsKept),
	old[models.StaffPass]("expires_at", 0),
	old[models.AccountToken]("expires_at", tokensKept),
	old[models.Idempotency]("at", outcomesKept),
	old[models.HouseholdLogin]("at", loginsKept),
	old[models.LoginMiss]("at", guessesKept),
	old[models.LoginShadow]("at", guessesKept),
	old[models.LoginSuccess]("at", guessesKept),
	old[models.Read]("at", kept.ReadsAge),
	old[models.ReadSet]("at", kept.ReadSetsAge),
	{
		count: func(tx *store.Tx) (int64, error) {
			return store.Count[models.Import](tx, store.Before("at", tx.Now().Add(-importsKept)), store.Named[models.ImportFile]("import_id"))
		},
		remove: func(tx *store.Tx) (int64, error) {
			return eraser.Imports(tx, store.Before("at", tx.Now().Add(-importsKept)))
		},
	},
	{
		count: func(tx *store.Tx) (int64, error) {
			return store.Count[models.UndoRow](tx, eraser.ForgottenAfter(tx.Now(), tx.School().UndoDays))
		},
		remove: func(tx *store.Tx) (int64, error) { return eraser.ForgetImports(tx, tx.School().UndoDays) },
	},
	{
		count: func(tx *store.Tx) (int64, error) { return store.Count[models.Household](tx, household.NobodyIn) },
		remove: func(tx *store.Tx) (int64, error) {
			removed, err := household.DropEmpty(tx)
			return int64(removed), err
		},
	},
	{
		count:  func(tx *store.Tx) (int64, error) { return store.Count[models.Maker](tx, overWithContacts(tx)...) },
		remove: dropTyped,
	},
}

func somethingExpired(tx *store.Tx) (bool, error) {
	for _, kind := range expirings {
		if count, err := kind.count(tx); err != nil || count > 0 {
			return count > 0, err
		}
	}
	return false, nil
}

func tidySchool(tx *store.Tx) error {
	for _, kind := range expirings {
		if _, err := kind.remove(tx); err != nil {
			return err
		}
	}
	return nil
}

// overWithContacts holds for makers that expired and for whom something was typed.
func overWithContacts(tx *store.Tx) []store.Condition {
	return []store.Condition{store.Before("expires_at", tx.Now()), store.Named[models.Contact]("maker_id")}
}

// dropTyped removes what was typed for makers that expired. The maker's row stays, because appointments refer to it.
func dropTyped(tx *store.Tx) (int64, error) {
	makers, err := store.List[models.Maker](tx, overWithContacts(tx)...)
	if err != nil || len(makers) == 0 {
		return 0, err
	}
	ids := make([]models.MakerID, len(makers))
	for i, maker := range makers {
		ids[i] = maker.ID
	}
	return store.Delete[models.Contact](tx, store.In("maker_id", ids))
}
