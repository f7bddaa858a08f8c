package household

import (
	"context"
	"unicode/utf8"

	"github.com/ouderavond/ouderavond/booking/byhand"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/typed"
)

// Patch changes what is not nil. No file says any of it, so that imports leave it alone.
type Patch struct {
	Label       *string // the school's own note
	Language    *string // of messages to guardians who have none of their own; empty for the school's
	Interpreter *string // the language of the interpreter whom the school asks to the talks; empty for none
	// Release are fields that files decide again from the next import on, as the household is shown to have them by hand.
	Release []string
}

// The greatest lengths, in runes.
const (
	maxLabel       = 200
	maxInterpreter = 60
)

// Update changes a household by hand.
func (s *Service) Update(ctx context.Context, actor models.Actor, id models.HouseholdID, patch Patch) error {
	return s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		row, err := store.Get[models.Household](tx, id)
		if err != nil {
			return err
		}
		for _, text := range []struct {
			field string
			value *string
			into  *string
			most  int
		}{
			{"label", patch.Label, &row.Details.Label, maxLabel}, {"interpreter", patch.Interpreter, &row.Details.Interpreter, maxInterpreter},
			{"language", patch.Language, &row.Details.Language, maxInterpreter},
		} {
			if text.value == nil {
				continue
			}
			line := typed.OneLine(*text.value)
			if utf8.RuneCountInString(line) > text.most {
				return errs.InvalidField(text.field, "too-long")
			}
			if typed.HoldsLongNumber(line) {
				return errs.InvalidField(text.field, "not-a-name")
			}
			*text.into = line
		}
		if err := byhand.Release(tx, models.SubjectHousehold, id, patch.Release); err != nil {
			return err
		}
		if err := store.Update(tx, row, "details"); err != nil {
			return err
		}
		if err := speakAtHome(tx, row); err != nil {
			return err
		}
		return tx.Audited("household-changed", id, nil)
	})
}

// speakAtHome sets the language of the contacts of a household's guardians to the one that each has now.
func speakAtHome(tx *store.Tx, home *models.Household) error {
	guardians, err := store.List[models.Guardian](tx, store.Eq("household_id", home.ID))
	if err != nil {
		return err
	}
	for i := range guardians {
		contacts, err := store.List[models.Contact](tx, store.Eq("guardian_id", guardians[i].ID))
		if err != nil {
			return err
		}
		if err := speak(tx, Speaks(&guardians[i], home), contacts); err != nil {
			return err
		}
	}
	return nil
}

// details lets what staff said of a household be true of the one that children come to, where nothing was said of that: its language, its interpreter.
func (w *parting) details(move Move) error {
	from, err := store.Get[models.Household](w.tx, move.From)
	if err != nil || from.Details.Language+from.Details.Interpreter == "" {
		return err
	}
	to, err := store.Get[models.Household](w.tx, move.To)
	if err != nil || to.Details.Language+to.Details.Interpreter != "" {
		return err
	}
	to.Details.Language, to.Details.Interpreter = from.Details.Language, from.Details.Interpreter
	if err := store.Update(w.tx, to, "details"); err != nil {
		return err
	}
	return speakAtHome(w.tx, to)
}
