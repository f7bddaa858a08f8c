package appointment

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// storedOutcome is what is kept of a successful call: ids, from which the answer is rendered again.
type storedOutcome struct {
	Bookings     []models.BookingID     `json:"bookings"`
	Appointments []models.AppointmentID `json:"appointments"`
	Cancelled    []models.AppointmentID `json:"cancelled"`
	Unplaced     []errs.Item            `json:"unplaced,omitempty"`
}

func actorKey(actor models.Actor) string {
	return fmt.Sprintf("%s:%x", actor.Kind, actor.ID)
}

// fingerprint tells two requests with the same key apart by their content.
func (c *Change) fingerprint(tx *store.Tx) ([]byte, error) {
	content := *c
	content.IdempotencyKey = ""
	// An instant is the same in whatever zone a client writes it.
	content.Make, content.Move = slices.Clone(c.Make), slices.Clone(c.Move)
	for i := range content.Make {
		content.Make[i].Start, content.Make[i].Fallbacks = c.Make[i].Start.UTC(), inUTC(c.Make[i].Fallbacks)
	}
	for i := range content.Move {
		content.Move[i].Start, content.Move[i].Fallbacks = c.Move[i].Start.UTC(), inUTC(c.Move[i].Fallbacks)
	}
	text, err := json.Marshal(content)
	if err != nil {
		return nil, err
	}
	return tx.Index("fingerprint", string(text)), nil
}

func inUTC(fallbacks []Fallback) []Fallback {
	fallbacks = slices.Clone(fallbacks)
	for i := range fallbacks {
		fallbacks[i].Start = fallbacks[i].Start.UTC()
	}
	return fallbacks
}

// replay gives the outcome of an earlier call with the same key, if there was one. The same key with another content is an error.
func (w *bookingWork) replay() (*Outcome, error) {
	if w.change.IdempotencyKey == "" {
		return nil, nil //nolint:nilnil // no earlier call is no error
	}
	stored, err := store.First[models.Idempotency](w.tx, store.Eq("actor", actorKey(w.actor)),
		store.Eq("key_index", w.tx.Index("idempotency", w.change.IdempotencyKey)))
	if err != nil {
		if errs.KindOf(err) == errs.NotFound {
			return nil, nil //nolint:nilnil // no earlier call is no error
		}
		return nil, err
	}
	fingerprint, err := w.change.fingerprint(w.tx)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(fingerprint, stored.Fingerprint) {
		return nil, errs.New(errs.Invalid, errs.CodeKeyReused)
	}
	var outcome storedOutcome
	if err := json.Unmarshal([]byte(stored.Result), &outcome); err != nil {
		return nil, err
	}
	if w.people, err = w.tx.Directory(); err != nil {
		return nil, err
	}
	if w.programme, err = w.tx.Programme(); err != nil {
		return nil, err
	}
	views, err := w.views(outcome.Appointments)
	return &Outcome{
		Bookings: outcome.Bookings, Appointments: views, Cancelled: outcome.Cancelled, Unplaced: outcome.Unplaced, Replayed: true, Zone: w.tx.School().Location(),
	}, err
}

func (w *bookingWork) remember(done *changeSet) error {
	if w.change.IdempotencyKey == "" {
		return nil
	}
	fingerprint, err := w.change.fingerprint(w.tx)
	if err != nil {
		return err
	}
	result, err := json.Marshal(storedOutcome{Bookings: w.outcome.Bookings, Appointments: done.placedIDs(), Cancelled: done.cancelled, Unplaced: w.outcome.Unplaced})
	if err != nil {
		return err
	}
	added, err := store.InsertNew(w.tx, &models.Idempotency{
		Actor: actorKey(w.actor), KeyIndex: w.tx.Index("idempotency", w.change.IdempotencyKey), Fingerprint: fingerprint, Result: string(result), At: w.tx.Now(),
	})
	if err == nil && added == 0 {
		// A call with the same key for other families, whose locks are others, was quicker.
		return store.Again(errs.Because(errs.Conflict, errs.CodeTryAgain, errLostRace))
	}
	return err
}
