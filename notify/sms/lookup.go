package sms

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"strings"
	"time"

	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/ouderavond/ouderavond/notify/carrier"
)

// lookupLimit is how many of the latest messages to one number are looked at.
const lookupLimit = 50

// clockSkew is how far the carrier's clock may be behind ours.
const clockSkew = 2 * time.Minute

// trialPrefix stands in front of every text that goes out on a trial account.
const trialPrefix = "Sent from your Twilio trial account - "

// Sent is a message that the carrier knows. It holds no number and no text.
type Sent struct {
	// ID is the carrier's id.
	ID string
	// Status is how far it is.
	Status Status
	// At is when the carrier sent it, or took it if it is not sent yet; in
	// UTC, whole seconds.
	At time.Time

	digest [sha256.Size]byte
}

// Is tells whether this is the message with that text.
func (s Sent) Is(body string) bool { return s.Has(Digest(body)) }

// Has tells whether this is the message whose text has that [Digest].
func (s Sent) Has(digest []byte) bool {
	return subtle.ConstantTimeCompare(digest, s.digest[:]) == 1
}

// Digest stands for a text, to find the message again without keeping it.
func Digest(body string) []byte {
	sum := digest(body)
	return sum[:]
}

// digest stands for a text. Carriers cut white space at its ends.
func digest(body string) [sha256.Size]byte {
	return sha256.Sum256([]byte(strings.TrimSpace(strings.TrimPrefix(body, trialPrefix))))
}

// Lookup lists what the carrier knows of messages to this number since then,
// the newest first, to find out what became of one whose sending was ambiguous.
// Some slack is given for clocks that differ. Only the latest fifty messages
// to the number are looked at.
//
// Twilio is asked by number, and the time is compared here: its own filter
// goes by the date of sending, which a message still in its queue does not
// have, and that message is the one that must not be sent again.
func (t *Twilio) Lookup(ctx context.Context, to string, since time.Time) ([]Sent, error) {
	to, err := Number(to, t.config.Regions)
	if err != nil {
		return nil, refuse(carrier.RecipientRefused, "no mobile number of a country that is switched on")
	}
	params := new(api.ListMessageParams).SetPathAccountSid(t.config.AccountSID).SetTo(to).SetPageSize(lookupLimit)
	var page *api.ListMessageResponse
	err = t.call(ctx, asking, func(service *api.ApiService) (err error) {
		page, err = service.PageMessage(params, "", "")
		return err
	})
	if err != nil {
		return nil, err
	}
	var found []Sent
	for _, message := range page.Messages {
		if value(message.Sid) == "" || strings.HasPrefix(value(message.Direction), "inbound") {
			continue
		}
		at := moment(message.DateSent)
		if at.IsZero() {
			at = moment(message.DateCreated)
		}
		// A message without any time is shown: better one too many.
		if !at.IsZero() && at.Before(since.Add(-clockSkew)) {
			continue
		}
		found = append(found, Sent{
			ID: value(message.Sid), Status: statusOf(value(message.Status), number(message.ErrorCode)), At: at, digest: digest(value(message.Body)),
		})
	}
	return found, nil
}

// number is what a field of an answer holds, or zero.
func number(field *int) int {
	if field == nil {
		return 0
	}
	return *field
}

// value is what a field of an answer holds, if it is there.
func value(field *string) string {
	if field == nil {
		return ""
	}
	return *field
}

// moment reads a time of an answer, which is written as in a mail (RFC 2822).
func moment(field *string) time.Time {
	at, err := time.Parse(time.RFC1123Z, value(field))
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}
