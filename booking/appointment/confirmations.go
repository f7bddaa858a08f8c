package appointment

import (
	"slices"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/outbox"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// Confirmations collects, per household and day, what changed and whose appointments it were, to queue one message for each contact that must hear of it.
type Confirmations struct {
	order []HouseholdDay
	items map[HouseholdDay]*DayChanges
}

// HouseholdDay names a confirmation: each household hears once of each day.
type HouseholdDay struct {
	Household models.HouseholdID
	Day       models.DayID
}

// DayChanges is what one booking did to a household's appointments of a day.
type DayChanges struct {
	booking models.BookingID
	makers  map[models.MakerID]bool
	// changes are kept with the maker of the appointment: a typed contact hears of what it made and of nothing else.
	changes []madeChange
}

type madeChange struct {
	maker  models.MakerID
	change models.MessageChange
}

// NewConfirmations returns none.
func NewConfirmations() *Confirmations { return &Confirmations{items: map[HouseholdDay]*DayChanges{}} }

// Add notes a change of an appointment that belongs to a day's confirmation.
func (n *Confirmations) Add(appointment *models.Appointment, booking models.BookingID, day models.DayID, change models.MessageChange) {
	key := HouseholdDay{appointment.HouseholdID, day}
	item, ok := n.items[key]
	if !ok {
		item = &DayChanges{booking: booking, makers: map[models.MakerID]bool{}}
		n.items[key] = item
		n.order = append(n.order, key)
	}
	item.makers[appointment.MakerID] = true
	for _, present := range item.changes {
		if present.change.Appointment == change.Appointment {
			return
		}
	}
	item.changes = append(item.changes, madeChange{appointment.MakerID, change})
}

// Queue writes the messages into the outbox: to the household's contacts on file, all of its appointments of that day; to a typed contact, what it made.
func (n *Confirmations) Queue(tx *store.Tx, programme *programme.Programme, contactsOf func(models.HouseholdID) ([]models.Contact, error)) error {
	revisions := map[models.HouseholdID]int64{}
	for _, key := range n.order {
		contacts, err := contactsOf(key.Household)
		if err != nil {
			return err
		}
		earlier, err := store.List[models.Message](tx, store.Eq("household_id", key.Household), store.Eq("kind", models.MessageConfirmation))
		if err != nil {
			return err
		}
		// Guardians often share an address: one mail to it says all. Contacts come in the order in which they were made, so it is always the same one.
		written := map[string]bool{}
		for i := range contacts {
			item := n.items[key]
			if !Reaches(tx.School(), &contacts[i], item) {
				continue
			}
			if address := strings.ToLower(contacts[i].Details.Value); contacts[i].Source.Confirms() {
				if written[address] {
					continue
				}
				written[address] = true
			}
			revision, known := revisions[key.Household]
			if !known {
				if revision, err = tx.Revise(key.Household); err != nil {
					return err
				}
				revisions[key.Household] = revision
			}
			if err := queueConfirmation(tx, programme, key, item, &contacts[i], earlier, revision); err != nil {
				return err
			}
		}
	}
	return nil
}

// Reaches reports whether a contact is told of the changes of a day: contacts on file hear of everything, a typed one of what it made.
func Reaches(school *models.School, contact *models.Contact, item *DayChanges) bool {
	return outbox.Reaches(school, contact) && (contact.Source.Confirms() || item.makers[contact.MakerID])
}

func queueConfirmation(tx *store.Tx, programme *programme.Programme, key HouseholdDay, item *DayChanges, contact *models.Contact, earlier []models.Message, revision int64) error {
	older := ofContact(earlier, key.Day, contact.ID)
	if err := Supersede(tx, older); err != nil {
		return err
	}
	if err := SetEntry(tx, key, contact.ID, revision); err != nil {
		return err
	}
	message := outbox.Message{
		Kind: models.MessageConfirmation, Contact: contact, Household: key.Household, Day: key.Day, Booking: item.booking, Revision: revision,
		Follows: Latest(earlier), Due: dueAt(tx.Now(), earlier), Until: UsefulUntil(programme, key.Day, tx.Now()),
	}
	for _, made := range item.changes {
		if contact.Source.Confirms() || made.maker == contact.MakerID {
			message.Details.Changes = append(message.Details.Changes, made.change)
		}
	}
	message.Details.Changes = append(message.Details.Changes, untold(older, message.Details.Changes)...)
	_, err := outbox.Queue(tx, message)
	return err
}

// untold returns what happened at school, or what the school wrote, that would never be told, because the message that was to tell it has not been sent and a newer one takes its place. What the
// family did itself it knows.
func untold(older []models.Message, newer []models.MessageChange) (changes []models.MessageChange) {
	for _, message := range older {
		if message.State != models.MessageQueued {
			continue
		}
		for _, change := range message.Details.Changes {
			known := func(other models.MessageChange) bool { return other.Appointment == change.Appointment }
			if change.Why+models.Why(change.Reason) != "" && !slices.ContainsFunc(newer, known) && !slices.ContainsFunc(changes, known) {
				changes = append(changes, change)
			}
		}
	}
	return changes
}

// Supersede takes back the messages about a day that a contact has not been sent yet: a newer one says it all. They were queued before, in transactions that had
// the household's row before this one.
func Supersede(tx *store.Tx, older []models.Message) error {
	for _, message := range older {
		if message.State != models.MessageQueued {
			continue
		}
		present := message
		message.State = message.Superseded()
		// One that the dispatcher has taken meanwhile goes out; the newer one waits for it.
		if _, err := tx.Advance(present, &message, "state"); err != nil {
			return err
		}
	}
	return nil
}

// Latest is when the latest of some messages was queued; zero if there is none.
func Latest(messages []models.Message) (latest time.Time) {
	for i := range messages {
		if messages[i].CreatedAt.After(latest) {
			latest = messages[i].CreatedAt
		}
	}
	return latest
}

// After so many confirmations for one household within an hour, the next ones wait a while: what is queued meanwhile supersedes what waits, so that somebody
// who books and cancels all evening fills nobody's mailbox, and the last message is still the truth.
const (
	promptConfirmations = 24
	confirmationRest    = 10 * time.Minute
)

func dueAt(now time.Time, earlier []models.Message) time.Time {
	recent := 0
	for _, message := range earlier {
		if !message.CreatedAt.Before(now.Add(-time.Hour)) {
			recent++
		}
	}
	if recent < promptConfirmations {
		return now
	}
	return now.Add(confirmationRest)
}

// ofContact gives those of a household's messages that tell a contact of a day.
func ofContact(messages []models.Message, day models.DayID, contact models.ContactID) []models.Message {
	return slices.DeleteFunc(slices.Clone(messages), func(m models.Message) bool { return m.DayID != day || m.ContactID != contact })
}

// ContactsIn looks up the contacts of households.
func ContactsIn(tx *store.Tx) func(models.HouseholdID) ([]models.Contact, error) {
	return func(household models.HouseholdID) ([]models.Contact, error) {
		return store.List[models.Contact](tx, store.Eq("household_id", household))
	}
}

// SetEntry gives a contact's calendar entry the revision of its household as its sequence, in the transaction that raised it: whatever is sent later carries a
// number that no other state of the entry has. The entry is made if there is none yet.
func SetEntry(tx *store.Tx, key HouseholdDay, contact models.ContactID, revision int64) error {
	entry := &models.Invitation{HouseholdID: key.Household, DayID: key.Day, ContactID: contact, UID: models.New[models.RowID](), Sequence: int(revision)}
	added, err := store.InsertNew(tx, entry)
	if err != nil || added > 0 {
		return err
	}
	return store.Update(tx, entry, "sequence")
}

// UsefulUntil is the end of the day that a message is about; a message about a past day is worth sending for a day.
func UsefulUntil(programme *programme.Programme, day models.DayID, now time.Time) time.Time {
	for _, conference := range programme.Conferences() {
		if found, ok := conference.Day(day); ok {
			end := time.Date(found.Date.Year, time.Month(found.Date.Month), found.Date.Day+1, 0, 0, 0, 0, time.UTC)
			if end.After(now) {
				return end
			}
		}
	}
	return now.Add(24 * time.Hour)
}
