package appointment

import (
	"context"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/eraser"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/managelink"
	"github.com/ouderavond/ouderavond/models/store"
)

// Retype corrects an address that was typed at a booking: from now on confirmations of all that the session has booked go to the new one, and those of the talks to
// come are sent there at once. What is empty stays as it is. Nothing says whether the school has an address on file. One that cannot be an address is
// errs.Invalid with the fields of a booking; where no talk is to come that the session has booked it is errs.Conflict, code errs.CodeNothingBooked.
func (s *Service) Retype(ctx context.Context, actor models.Actor, email, phone, language string) error {
	given, err := typedContact(email, phone)
	if err != nil {
		return err
	}
	if given.empty() {
		return errs.InvalidField("contact.email", errs.CodeRequired)
	}
	return s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		rows, err := tx.Appointments(store.In("maker_id", actor.Makers), store.Eq("state", models.AppointmentBooked))
		if err != nil {
			return err
		}
		rows = slices.DeleteFunc(rows, func(row models.Appointment) bool { return !row.EndTick.Time().After(tx.Now()) })
		if len(rows) == 0 {
			return errs.New(errs.Conflict, errs.CodeNothingBooked)
		}
		work := &retyping{tx: tx, given: given, language: language, told: NewConfirmations(), changed: map[models.HouseholdID][]models.Contact{}}
		for i := range rows {
			work.told.Add(&rows[i], rows[i].BookingID, rows[i].DayID, models.MessageChange{Appointment: rows[i].ID, Act: models.ActMake})
			if err := work.maker(rows[i].HouseholdID, rows[i].MakerID); err != nil {
				return err
			}
		}
		return work.queue(s.wake)
	})
}

// retyping is one correction within a transaction.
type retyping struct {
	tx       *store.Tx
	given    contactGiven
	language string
	done     []models.MakerID
	told     *Confirmations
	changed  map[models.HouseholdID][]models.Contact // the contacts that are new, or not what they were
}

// maker gives one maker the contacts that were typed now.
func (r *retyping) maker(household models.HouseholdID, maker models.MakerID) error {
	if slices.Contains(r.done, maker) {
		return nil
	}
	r.done = append(r.done, maker)
	known, err := store.List[models.Contact](r.tx, store.Eq("household_id", household))
	if err != nil {
		return err
	}
	wanted := r.given.withoutKnown(known)
	for _, one := range []struct {
		kind         models.ContactKind
		given, value string
	}{{models.ContactEmail, r.given.email, wanted.email}, {models.ContactPhone, r.given.phone, wanted.phone}} {
		at := slices.IndexFunc(known, func(c models.Contact) bool {
			return c.MakerID == maker && c.Source == models.SourceTyped && c.Kind == one.kind
		})
		switch {
		case one.given == "":
		case at < 0:
			err = r.add(&models.Contact{HouseholdID: household, MakerID: maker, Kind: one.kind}, one.value)
		default:
			err = r.change(&known[at], one.value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *retyping) add(contact *models.Contact, value string) error {
	if value == "" {
		return nil
	}
	contact.ID, contact.Source, contact.Purposes, contact.Language, contact.CreatedAt = models.New[models.ContactID](), models.SourceTyped, []string{"confirmation"}, r.language, r.tx.Now()
	contact.Details.Value = value
	r.changed[contact.HouseholdID] = append(r.changed[contact.HouseholdID], *contact)
	return store.Insert(r.tx, contact)
}

// change corrects a contact in its place: its calendar entry goes along, and what was sent to it counts towards how much a family is written. An address that the
// school has on file hears anyway, so that the wrong one is let go.
func (r *retyping) change(contact *models.Contact, value string) error {
	switch {
	case value == "":
		return eraser.Contact(r.tx, contact)
	case strings.EqualFold(value, contact.Details.Value):
		return nil
	}
	contact.Details.Value, contact.Language = value, r.language
	contact.VerifiedAt, contact.Suppressed, contact.SuppressedAt, contact.SuppressedFor = nil, false, nil, ""
	r.changed[contact.HouseholdID] = append(r.changed[contact.HouseholdID], *contact)
	return store.Update(r.tx, contact, "details", "language", "verified_at", "suppressed", "suppressed_at", "suppressed_for")
}

// queue writes to the contacts that are new, as a booking does.
func (r *retyping) queue(wake func()) error {
	programme, err := r.tx.Programme()
	if err != nil {
		return err
	}
	err = r.told.Queue(r.tx, programme, func(household models.HouseholdID) ([]models.Contact, error) { return r.changed[household], nil })
	if err != nil {
		return err
	}
	r.tx.AfterCommit(wake)
	return r.tx.Audited("contact-retyped", [16]byte{}, nil)
}

// Refuse removes an address that somebody mistyped, by the link in a message that came to it: nothing is written to it any more. The talks stay. A link that is
// not good, or was used, is errs.NotFound.
func (s *Service) Refuse(ctx context.Context, school models.SchoolID, token string) error {
	return s.store.For(models.System(school, "refused address")).Write(ctx, func(tx *store.Tx) error {
		link, err := managelink.Read(tx.Index, token, tx.Now())
		if err != nil || link.Kind != managelink.Refuse || tx.School().State != models.SchoolActive {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		contact, err := store.Get[models.Contact](tx, models.ContactID(link.Subject))
		if err != nil {
			return err
		}
		if contact.Source != models.SourceTyped {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		return eraser.Contact(tx, contact)
	})
}
