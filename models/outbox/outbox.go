// Package outbox queues messages: it is the one place that makes rows of the outbox, in the transaction of what they tell of. What a message says is written
// when it is sent, by package notify; whom it concerns is decided by whoever queues it. Nothing is ever sent here.
package outbox

import (
	"cmp"
	"errors"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// Message is what is to be told, and to whom. Kind and Until are needed, a contact or else a channel with Details.To, and of
// a confirmation the revision.
type Message struct {
	Kind models.MessageKind
	// Contact is to whom it goes. Household and language are the contact's where the message names none.
	Contact *models.Contact
	// Channel is the way where there is no contact.
	Channel   models.Channel
	Household models.HouseholdID
	Language  string
	Day       models.DayID     // of a confirmation
	Booking   models.BookingID // of a confirmation
	Revision  int64            // of a confirmation: what store.Tx.Revise gave in this transaction
	// Follows is when the latest message before it was queued, by the clock of whichever program did: the message's date is later than that, so that mailboxes
	// that sort by date show the newest as the newest. Zero is none.
	Follows time.Time
	// Due is from when on it may be sent, UTC; zero is at once.
	Due time.Time
	// Until is when it is not worth sending any more, UTC.
	Until time.Time
	// Again says that staff asked for it once more.
	Again   bool
	Details models.MessageDetails
}

// clocksApart is how far the clocks of two programs may be apart, or one be set back, for dates to follow one another. A clock that was wrong by more is mended
// once, and dates no message of later weeks.
const clocksApart = 10 * time.Minute

// ChannelOf returns the way to a contact.
func ChannelOf(kind models.ContactKind) models.Channel {
	if kind == models.ContactPhone {
		return models.ChannelSMS
	}
	return models.ChannelMail
}

// Reaches reports whether a school writes to a contact at all: its channel is on, and nobody has said that nobody is there.
func Reaches(school *models.School, contact *models.Contact) bool {
	return !contact.Suppressed && school.Channels.On(ChannelOf(contact.Kind))
}

// Queue puts a message into the outbox, in the caller's transaction, and returns its id. The row may be written later in the transaction; the caller wakes the
// dispatcher after the commit.
func Queue(tx *store.Tx, message Message) (models.MessageID, error) {
	row := &models.Message{
		ID: models.New[models.MessageID](), Kind: message.Kind, Channel: message.Channel, State: models.MessageQueued, HouseholdID: message.Household,
		DayID: message.Day, BookingID: message.Booking, Language: message.Language, Again: message.Again, Revision: message.Revision, DueAt: message.Due, UsefulUntil: message.Until,
		CreatedAt: tx.Now(), Details: message.Details,
	}
	if ahead := message.Follows.Sub(row.CreatedAt); ahead >= 0 && ahead <= clocksApart {
		row.CreatedAt = message.Follows.Add(time.Microsecond)
	}
	if row.DueAt.IsZero() {
		row.DueAt = tx.Now()
	}
	if contact := message.Contact; contact != nil {
		row.ContactID, row.Channel = contact.ID, ChannelOf(contact.Kind)
		row.Language = cmp.Or(row.Language, contact.Language)
		if row.HouseholdID.IsZero() {
			row.HouseholdID = contact.HouseholdID
		}
	}
	if row.Kind == "" || row.Channel == "" || row.UsefulUntil.IsZero() {
		return row.ID, errors.New("outbox: a message needs a kind, a way and an end")
	}
	if row.Kind == models.MessageConfirmation && row.Revision == 0 {
		return row.ID, errors.New("outbox: a confirmation without the revision of its household cannot be put in order with others")
	}
	return row.ID, store.InsertLater(tx, row)
}
