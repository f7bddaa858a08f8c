package messages

import (
	"context"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/contactpoint"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/outbox"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// Filter says which messages of the outbox are wanted. The zero value is all.
type Filter struct {
	Household models.HouseholdID
	// Trouble leaves out what went well and what became needless.
	Trouble bool
	// Waiting leaves out all but those that are queued or being sent.
	Waiting bool
	// Before, if not zero, leaves out this message and those that are newer.
	Before models.MessageID
	Limit  int
}

// View is a message of the outbox as the school's staff see it: without its text, and with no more of the address than tells it from others.
type View struct {
	models.Message
	To string // masked; empty if the contact is gone
	// MayGoAgain tells that it can be sent again, from the present truth.
	MayGoAgain bool
}

// List gives messages of the school's outbox, newest first, without the texts.
func (s *Service) List(ctx context.Context, actor models.Actor, filter Filter) (views []View, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		conditions := []store.Condition{}
		if !filter.Household.IsZero() {
			conditions = append(conditions, store.Eq("household_id", filter.Household))
		}
		if filter.Trouble {
			conditions = append(conditions, store.Not("problem", ""), store.Not("state", models.MessageSuperseded))
		}
		if filter.Waiting {
			conditions = append(conditions, store.In("state", []models.MessageState{models.MessageQueued, models.MessageSending}))
		}
		if !filter.Before.IsZero() {
			conditions = append(conditions, store.Before("id", filter.Before))
		}
		views, err = Latest(tx, filter.Limit, conditions...)
		return err
	})
	return views, err
}

// Latest gives the latest of the school's messages that meet the conditions, newest first, without the texts. It belongs to the caller's transaction.
func Latest(tx *store.Tx, limit int, conditions ...store.Condition) ([]View, error) {
	rows, err := tx.LatestMessages(limit, conditions...)
	if err != nil {
		return nil, err
	}
	contacts, err := contactsOf(tx, rows)
	if err != nil {
		return nil, err
	}
	views := make([]View, len(rows))
	for i, row := range rows {
		contact := contacts[row.ContactID]
		views[i] = View{Message: row, To: contactpoint.Masked(contact.Details.Value)}
		if row.ContactID.IsZero() {
			views[i].To = contactpoint.Masked(row.Details.To)
		}
		views[i].MayGoAgain = row.Kind == models.MessageConfirmation && !contact.ID.IsZero() && !contact.Suppressed
		views[i].Details = models.MessageDetails{}
	}
	return views, nil
}

func contactsOf(tx *store.Tx, rows []models.Message) (map[models.ContactID]models.Contact, error) {
	var ids []models.ContactID
	for _, row := range rows {
		if !row.ContactID.IsZero() && !slices.Contains(ids, row.ContactID) {
			ids = append(ids, row.ContactID)
		}
	}
	found, err := store.List[models.Contact](tx, store.In("id", ids))
	byID := make(map[models.ContactID]models.Contact, len(found))
	for _, contact := range found {
		byID[contact.ID] = contact
	}
	return byID, err
}

// How often staff may have messages sent again: for one contact and day, and for the whole school.
const (
	againPerContact = 3
	againPerSchool  = 300
	againWithin     = time.Hour
)

// SendAgain makes a new message from the present truth, to the contact of an earlier one about the same day. Only confirmations go again: a code is asked for
// anew by whoever needs it. errs.Conflict if the contact or the day is gone, or nobody is there; errs.TooMany if it was done too often.
func (s *Service) SendAgain(ctx context.Context, actor models.Actor, id models.MessageID) (made models.MessageID, err error) {
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		earlier, err := store.Get[models.Message](tx, id)
		if err != nil {
			return err
		}
		if earlier.Kind != models.MessageConfirmation {
			return errs.New(errs.Conflict, "message.not-again")
		}
		contact, err := store.Get[models.Contact](tx, earlier.ContactID)
		if err != nil {
			return err
		}
		made, err = again(tx, appointment.HouseholdDay{Household: earlier.HouseholdID, Day: earlier.DayID}, contact)
		if err != nil {
			return err
		}
		tx.AfterCommit(s.wake)
		return tx.Audited("message-again", made, nil)
	})
	return made, err
}

// SendOverview sends a household an overview of what it has booked, for each day to come: to all its contacts on file that can be reached. It tells how many
// messages that are. Where there is nothing to tell, or nobody to be reached, that is errs.Conflict, code errs.CodeNothingBooked or "message.nobody-reached".
func (s *Service) SendOverview(ctx context.Context, actor models.Actor, household models.HouseholdID) (count int, err error) {
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		count = 0
		if _, err := store.Get[models.Household](tx, household); err != nil {
			return err
		}
		days, err := bookedDays(tx, household)
		if err != nil {
			return err
		}
		contacts, err := store.List[models.Contact](tx, store.Eq("household_id", household), store.Eq("suppressed", false))
		if err != nil {
			return err
		}
		if len(days) == 0 {
			return errs.New(errs.Conflict, errs.CodeNothingBooked)
		}
		for _, day := range days {
			for i := range contacts {
				if !contacts[i].Source.Confirms() || !appointment.Reaches(tx.School(), &contacts[i], &appointment.DayChanges{}) {
					continue
				}
				if _, err := again(tx, appointment.HouseholdDay{Household: household, Day: day}, &contacts[i]); err != nil {
					return err
				}
				count++
			}
		}
		if count == 0 {
			return errs.New(errs.Conflict, "message.nobody-reached")
		}
		tx.AfterCommit(s.wake)
		return tx.Audited("overview", household, map[string]int{"messages": count})
	})
	return count, err
}

// bookedDays gives the days to come on which a household has appointments.
func bookedDays(tx *store.Tx, household models.HouseholdID) ([]models.DayID, error) {
	rows, err := tx.Appointments(store.Eq("household_id", household), store.Eq("state", models.AppointmentBooked))
	var days []models.DayID
	for _, row := range rows {
		if row.EndTick.Time().After(tx.Now()) && !slices.Contains(days, row.DayID) {
			days = append(days, row.DayID)
		}
	}
	return days, err
}

// again queues an overview of a household's day for one contact.
func again(tx *store.Tx, key appointment.HouseholdDay, contact *models.Contact) (models.MessageID, error) {
	programme, err := tx.Programme()
	if err != nil {
		return models.MessageID{}, err
	}
	switch {
	case contact.Suppressed:
		return models.MessageID{}, errs.New(errs.Conflict, "message.suppressed")
	case contact.HouseholdID != key.Household || !hasDay(programme, key.Day):
		return models.MessageID{}, errs.New(errs.Conflict, "message.not-again")
	}
	if err := mayAgain(tx, key.Day, contact.ID); err != nil {
		return models.MessageID{}, err
	}
	older, err := store.List[models.Message](tx, store.Eq("contact_id", contact.ID), store.Eq("day_id", key.Day), store.Eq("kind", models.MessageConfirmation))
	if err != nil {
		return models.MessageID{}, err
	}
	if err := appointment.Supersede(tx, older); err != nil {
		return models.MessageID{}, err
	}
	revision, err := tx.Revise(key.Household)
	if err != nil {
		return models.MessageID{}, err
	}
	if err := appointment.SetEntry(tx, key, contact.ID, revision); err != nil {
		return models.MessageID{}, err
	}
	return outbox.Queue(tx, outbox.Message{
		Kind: models.MessageConfirmation, Contact: contact, Household: key.Household, Day: key.Day, Again: true, Revision: revision, Follows: appointment.Latest(older),
		Until: appointment.UsefulUntil(programme, key.Day, tx.Now()),
	})
}

func hasDay(opened *programme.Programme, day models.DayID) bool {
	return slices.ContainsFunc(opened.Conferences(), func(conference *programme.Conference) bool {
		_, ok := conference.Day(day)
		return ok
	})
}

func mayAgain(tx *store.Tx, day models.DayID, contact models.ContactID) error {
	recent := []store.Condition{store.Eq("again", true), store.From("created_at", tx.Now().Add(-againWithin))}
	forContact, err := store.Count[models.Message](tx, append(recent, store.Eq("contact_id", contact), store.Eq("day_id", day))...)
	if err != nil {
		return err
	}
	forSchool, err := store.Count[models.Message](tx, recent...)
	if err != nil {
		return err
	}
	if forContact >= againPerContact || forSchool >= againPerSchool {
		busy := errs.New(errs.TooMany, errs.CodeTooMany)
		busy.RetryAfter = againWithin
		return busy
	}
	return nil
}

// BouncedContact is a contact to which nothing is sent any more, because the carrier says that nobody is there.
type BouncedContact struct {
	models.Contact
	To string // masked
}

// BouncedContacts lists the contacts of the school to which nothing is sent any more, the latest first.
func (s *Service) BouncedContacts(ctx context.Context, actor models.Actor) (list []BouncedContact, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		rows, err := store.List[models.Contact](tx, store.Eq("suppressed", true))
		list = make([]BouncedContact, 0, len(rows))
		for _, row := range rows {
			if row.SuppressedFor == models.SuppressedUninformed {
				continue // no carrier said so, but the school
			}
			shown := BouncedContact{Contact: row, To: contactpoint.Masked(row.Details.Value)}
			shown.Details = models.ContactDetails{}
			list = append(list, shown)
		}
		slices.SortStableFunc(list, func(a, b BouncedContact) int { return since(b).Compare(since(a)) })
		return err
	})
	return list, err
}

func since(contact BouncedContact) time.Time {
	if contact.SuppressedAt == nil {
		return time.Time{}
	}
	return *contact.SuppressedAt
}

// RestoreContact writes to a contact again, after somebody has made sure that it is right.
func (s *Service) RestoreContact(ctx context.Context, actor models.Actor, household models.HouseholdID, contact models.ContactID) error {
	return s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		row, err := store.First[models.Contact](tx, store.Eq("id", contact), store.Eq("household_id", household))
		if err != nil {
			return err
		}
		if row.SuppressedFor == models.SuppressedUninformed {
			return errs.New(errs.Conflict, errs.CodeNotInformed)
		}
		row.Suppressed, row.SuppressedAt, row.SuppressedFor = false, nil, ""
		if err := store.Update(tx, row, "suppressed", "suppressed_at", "suppressed_for"); err != nil {
			return err
		}
		return tx.Audited("contact-restored", household, nil)
	})
}
