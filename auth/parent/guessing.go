package parent

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/auth/limiter"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// Guessing is how a school's public log-in form stands: what was guessed at, and since when it asks everybody for a second proof. No family can be seen in it.
type Guessing struct {
	// Choice is what the school chose, Applied which of the two totals follows from it.
	Choice, Applied models.Guessing
	// Narrow and Wide are the two totals that the school could have; Total is the one it has, AtOnce how much of it can be spent in one go.
	Narrow, Wide, Total, AtOnce int
	// Spent is what counts now, in far misses.
	Spent float64
	// Since is when the form began to ask everybody for a second proof, UTC; nil if it does not.
	Since *time.Time
	// ByCode are the codes and links of codes that were used within twelve hours.
	ByCode int
	// NoContact are the households to which no code can be sent: those to call.
	NoContact []models.HouseholdID
}

// Guessing returns how the school's log-in form stands. Nobody outside is ever told.
func (s *Service) Guessing(ctx context.Context, actor models.Actor) (Guessing, error) {
	var told Guessing
	err := s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		people, err := tx.Directory()
		if err != nil {
			return err
		}
		public, _, err := charged(tx)
		if err != nil {
			return err
		}
		totals, err := totalsOf(tx, people)
		if err != nil {
			return err
		}
		school := tx.School()
		now := budgetOf(tx, totalNow(s, tx, people, totals), public)
		told = Guessing{
			Choice: school.Guessing, Applied: models.Guessing(totals.Choose()), Narrow: limiter.NarrowTotal(people.Active()),
			Wide: limiter.WideTotal(people.Active()), Total: now.Total, AtOnce: limiter.AtOnce(now.Total), Spent: float64(now.Spent()) / float64(limiter.Far),
		}
		if since, shut := now.Shut(); shut {
			told.Since = &since
		}
		used, err := store.Count[models.Code](tx, store.From("used_at", tx.Now().Add(-limiter.SchoolWindow)))
		if err != nil {
			return err
		}
		told.ByCode = int(used)
		contacts, err := store.List[models.Contact](tx, store.Eq("suppressed", false))
		if err != nil {
			return err
		}
		reached := map[models.HouseholdID]bool{}
		for _, contact := range contacts {
			reached[contact.HouseholdID] = reached[contact.HouseholdID] || takesCodes(school, &contact)
		}
		for _, household := range people.Households() {
			if !reached[household.ID] && len(activeMembers(people, household.ID)) > 0 {
				told.NoContact = append(told.NoContact, household.ID)
			}
		}
		return nil
	})
	return told, err
}
