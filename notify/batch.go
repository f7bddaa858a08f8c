package notify

import (
	"context"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// Mails are begun and written in batches of one school: one transaction says of all of them that they are being sent, one reads what they tell, and each is then
// handed over and settled by itself. That they are begun a moment before their turn costs nothing that was promised: one that was begun and not handed over
// when the program died is sent once its lease is over, under its own Message-ID. Text messages and codes, which must not go twice, are begun one by one.

// freshFor is how long a batch may wait for its carrier: what waits longer is written anew, and begun anew under a new lease.
const freshFor = 5 * time.Second

// beginBatch says of mails that were found due that they are being sent, and gives those that nobody else has taken or made pointless meanwhile.
func (d *Dispatcher) beginBatch(ctx context.Context, school models.SchoolID, found []models.Message) (jobs []*leased, err error) {
	err = d.scope(school).Write(ctx, func(tx *store.Tx) error {
		jobs = jobs[:0]
		others, err := confirmationsTo(tx, found)
		if err != nil {
			return err
		}
		for i := range found {
			j := &leased{school: school, message: found[i]}
			if j.begun, err = beginIn(tx, j, others); err != nil {
				return err
			}
			if j.begun {
				jobs = append(jobs, j)
			}
		}
		return nil
	})
	return jobs, err
}

// confirmationsTo gives all confirmations to the contacts of some messages.
func confirmationsTo(tx *store.Tx, messages []models.Message) ([]models.Message, error) {
	var contacts []models.ContactID
	for i := range messages {
		if id := messages[i].ContactID; messages[i].Kind == models.MessageConfirmation && !slices.Contains(contacts, id) {
			contacts = append(contacts, id)
		}
	}
	if len(contacts) == 0 {
		return nil, nil
	}
	return store.List[models.Message](tx, store.In("contact_id", contacts), store.Eq("kind", models.MessageConfirmation))
}

// composeBatch writes mails that were begun, all from one moment.
func (d *Dispatcher) composeBatch(ctx context.Context, school models.SchoolID, jobs []*leased) error {
	if len(jobs) == 0 {
		return nil
	}
	return d.scope(school).Read(ctx, func(tx *store.Tx) error {
		messages := make([]*models.Message, len(jobs))
		for i, j := range jobs {
			messages[i] = &j.message
		}
		at, err := gather(tx, messages)
		if err != nil {
			return err
		}
		for _, j := range jobs {
			j.letter, j.failed = d.composeIn(tx, &j.message, at)
			j.written = tx.Now()
		}
		return nil
	})
}

// fresh tells whether a mail of a batch can be handed over as it was written.
func (j *leased) fresh(now time.Time) bool {
	return j.begun && !j.written.IsZero() && now.Sub(j.written) < freshFor
}

// untried takes back that a try of the message was begun, for one that no carrier was called for.
func (j *leased) untried(message *models.Message) {
	if j.begun {
		message.Attempts--
	}
}

// gathered is what confirmations tell of, read for all of them together.
type gathered struct {
	contacts     map[models.ContactID]*models.Contact
	appointments map[models.HouseholdID][]models.Appointment
	entries      map[entryKey]*models.Invitation
}

type entryKey struct {
	household models.HouseholdID
	day       models.DayID
	contact   models.ContactID
}

// gather reads the contacts of messages, and for confirmations the appointments and calendar entries of their households.
func gather(tx *store.Tx, messages []*models.Message) (*gathered, error) {
	g := &gathered{
		contacts: map[models.ContactID]*models.Contact{}, appointments: map[models.HouseholdID][]models.Appointment{}, entries: map[entryKey]*models.Invitation{},
	}
	var contacts []models.ContactID
	var households []models.HouseholdID
	for _, message := range messages {
		if !message.ContactID.IsZero() && !slices.Contains(contacts, message.ContactID) {
			contacts = append(contacts, message.ContactID)
		}
		if message.Kind == models.MessageConfirmation && !slices.Contains(households, message.HouseholdID) {
			households = append(households, message.HouseholdID)
		}
	}
	if err := g.readContacts(tx, contacts); err != nil || len(households) == 0 {
		return g, err
	}
	rows, err := tx.Appointments(store.In("household_id", households))
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		g.appointments[row.HouseholdID] = append(g.appointments[row.HouseholdID], row)
	}
	entries, err := store.List[models.Invitation](tx, store.In("household_id", households), store.In("contact_id", contacts))
	for i := range entries {
		entry := &entries[i]
		g.entries[entryKey{entry.HouseholdID, entry.DayID, entry.ContactID}] = entry
	}
	return g, err
}

func (g *gathered) readContacts(tx *store.Tx, ids []models.ContactID) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := store.List[models.Contact](tx, store.In("id", ids))
	for i := range rows {
		g.contacts[rows[i].ID] = &rows[i]
	}
	return err
}
