package appointment

import (
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/errs"
)

// A session that is only recognised does not see what its household booked otherwise, but the household's time is taken all the same. By asking for time
// after time, somebody with a class list could find out when the family comes. So such refusals are counted for the household, and after a few of them
// only somebody who is confirmed books for it.

func (w *bookingWork) hiddenSubject(household models.HouseholdID) []byte {
	return w.tx.Index("budget hidden", household.String())
}

// hiddenHouseholds gives the households of the change that have talks which the session may not see.
func (w *bookingWork) hiddenHouseholds() map[models.HouseholdID]bool {
	hidden := map[models.HouseholdID]bool{}
	if w.state == nil {
		return hidden
	}
	for _, present := range w.state.Talks {
		if present.Hidden {
			hidden[present.Household] = true
		}
	}
	return hidden
}

// mayAsk refuses a session that found too many closed doors already.
func (w *bookingWork) mayAsk() error {
	if rules.ActsForFamilies(w.actor) {
		return nil
	}
	for household := range w.hiddenHouseholds() {
		exhausted, err := budget.Exhausted(w.tx, budget.Hidden, w.hiddenSubject(household))
		if err != nil {
			return err
		}
		if exhausted {
			return errs.New(errs.Forbidden, errs.CodeConfirmFirst)
		}
	}
	return nil
}

// countHidden counts a refused booking against the households that have hidden talks, and tells whether it did.
func (w *bookingWork) countHidden(err error) (bool, error) {
	if rules.ActsForFamilies(w.actor) || errs.CodeOf(err) != errs.CodeItems {
		return false, nil
	}
	hidden := w.hiddenHouseholds()
	counted := false
	for _, refused := range w.refusals {
		if !hidden[refused.Request.Household] || counted {
			continue
		}
		if err := budget.Spend(w.tx, budget.Hidden, w.hiddenSubject(refused.Request.Household)); err != nil {
			return false, err
		}
		counted = true
	}
	return counted, nil
}
