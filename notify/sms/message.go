package sms

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/notify/carrier"
)

// Message is one text message to one phone.
type Message struct {
	// School is the id of the school on whose behalf it goes. It is the folder's
	// name, and stands in the address of the carrier's report; nobody else sees it.
	School string
	// To is the recipient in international form (E.164): "+31612345678".
	To string
	// From is the sender that the phone shows, a number or a short name; empty
	// for the one that the carrier is configured with.
	From string
	// Body is the text.
	Body string
	// Reference is our own id of this delivery. The carrier gets it in the
	// address of its report only.
	Reference string
	// Date is when the message was written.
	Date time.Time
}

// Receipt says that a message was handed over.
type Receipt struct {
	// ID is the carrier's id of the message, or the folder's file name.
	ID string
}

// Carrier hands messages over. It may be used by many goroutines.
//
// Send returns when the message was accepted, or with an error that is a
// *[failure.Failure]. It tries once.
type Carrier interface {
	Send(ctx context.Context, m Message) (Receipt, error)
}

// Finder is a carrier that can be asked what it knows.
type Finder interface {
	// Lookup lists what was sent to a number since then, the newest first.
	Lookup(ctx context.Context, to string, since time.Time) ([]Sent, error)
	// Status tells how far a message is.
	Status(ctx context.Context, id string) (Status, error)
}

// Forgetter is a carrier that keeps a record of each message, with number, text
// and time, until it is asked to delete it.
type Forgetter interface {
	// Records reports whether an id is one of this carrier's records.
	Records(id string) bool
	// Delete asks the carrier to delete the record of a message. A record that
	// is not there is no error; one that is still under way fails as temporary.
	Delete(ctx context.Context, id string) error
}

// channel names this package's failures.
const channel = "sms"

// bodyLimit is how many characters a message may have: more than ten segments
// are refused by carriers.
const bodyLimit = 1530

// refuse makes the failure of a message that cannot be sent as it is. The
// reason must not hold anything out of the message.
func refuse(class carrier.Class, reason string) error {
	problem := models.ProblemRefused
	switch class {
	case carrier.RecipientRefused:
		problem = models.ProblemNotMobile
	case carrier.Ambiguous:
		problem = models.ProblemNoAnswer
	case carrier.None, carrier.Temporary, carrier.Permanent:
	}
	return &carrier.Failure{Channel: channel, Class: class, Stage: reason, Problem: problem}
}

// check looks at what no carrier needs to be asked about, and gives the number
// to send to.
func check(m Message, regions []string) (string, error) {
	switch {
	case strings.TrimSpace(m.Body) == "" || !utf8.ValidString(m.Body):
		return "", refuse(carrier.Permanent, "the text is empty or not UTF-8")
	case utf8.RuneCountInString(m.Body) > bodyLimit:
		return "", refuse(carrier.Permanent, "the text is too long")
	case strings.ContainsFunc(m.Body, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }):
		return "", refuse(carrier.Permanent, "the text holds control characters")
	case m.From != "" && !isSender(m.From):
		return "", refuse(carrier.Permanent, "the sender is malformed")
	case !referencePattern.MatchString(m.Reference):
		return "", refuse(carrier.Permanent, "the reference is malformed")
	}
	to, err := Number(m.To, regions)
	if err != nil || to != m.To {
		return "", refuse(carrier.RecipientRefused, "no mobile number of a country that is switched on")
	}
	return to, nil
}
