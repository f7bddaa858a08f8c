package mail

import (
	"context"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/notify/carrier"
)

// Message is one mail to one recipient.
type Message struct {
	// School is the id of the school on whose behalf it goes. Only the folder
	// uses it; it is never sent.
	School string
	// From is the sender's bare address, FromName what people see. ReplyTo is
	// where answers go, or empty.
	From, FromName, ReplyTo string
	// Envelope is the bare address to which servers report a failed delivery;
	// From if empty. Recipients see it as the Return-Path.
	Envelope string
	// To is the one recipient's bare address.
	To string
	// Subject is one line.
	Subject string
	// Text is the plain text, which every message has; HTML the same for
	// programs that show it, or empty.
	Text, HTML string
	// Calendar is a calendar file, or empty. CalendarMethod is the method in
	// it ("REQUEST", "CANCEL"); the part that carries the file names it too.
	Calendar       []byte
	CalendarMethod string
	// MessageID is "something@domain", without angle brackets. It stays the
	// same when a message is sent again, so that the recipient's server can
	// drop the second.
	MessageID string
	// Headers are further headers; [Compose] says which ones may be set.
	Headers map[string]string
	// Date is when the message was written, in the zone to show.
	Date time.Time
}

// Receipt says that a message was handed over.
type Receipt struct {
	// MessageID is that of the message.
	MessageID string
	// File is the name under which the folder keeps it; empty for a server.
	File string
}

// Transport hands messages over. It may be used by many goroutines.
//
// Send returns when the message was accepted, or with an error that is a
// *[failure.Failure]. It tries once.
type Transport interface {
	Send(ctx context.Context, m Message) (Receipt, error)
}

// refuse makes the failure of a message that cannot be sent as it is. The
// reason must not hold anything out of the message.
func refuse(reason string) error {
	return &carrier.Failure{Channel: channel, Class: carrier.Permanent, Stage: reason, Problem: models.ProblemRefused}
}

// channel names this package's failures.
const channel = "mail"
