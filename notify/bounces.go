package notify

import (
	"context"
	"crypto/hmac"
	"encoding/base32"
	"strings"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/contactpoint"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/notify/carrier"
	"github.com/ouderavond/ouderavond/notify/mail"
	"github.com/ouderavond/ouderavond/notify/mail/bounce"
)

// A bounce address names the school and the message, and a keyed hash of both under the school's key, so that nobody can report on a message that was not
// sent to them. Forty bytes in base 32 are sixty-four characters, the most that may stand before an @ (RFC 5321, section 4.5.3.1.1); servers may change the
// case of letters.
const (
	bounceMac  = 8
	bounceSize = 16 + 16 + bounceMac
)

var bounceEncoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// bounceAddress gives the address to which servers report on a message.
func bounceAddress(tx *store.Tx, message models.MessageID, domain string) string {
	school := tx.School().ID
	token := make([]byte, 0, bounceSize)
	token = append(append(token, school[:]...), message[:]...)
	return strings.ToLower(bounceEncoding.EncodeToString(append(token, bounceHash(tx, message)...))) + "@" + domain
}

func bounceHash(tx *store.Tx, message models.MessageID) []byte {
	return tx.Index("bounce address", message.String())[:bounceMac]
}

// readBounceAddress takes an address apart, without knowing yet whether its hash is right.
func readBounceAddress(address, domain string) (school models.SchoolID, message models.MessageID, hash []byte, ok bool) {
	local, at, found := strings.Cut(address, "@")
	if !found || domain == "" || !strings.EqualFold(at, domain) {
		return school, message, nil, false
	}
	token, err := bounceEncoding.DecodeString(strings.ToUpper(local))
	if err != nil || len(token) != bounceSize {
		return school, message, nil, false
	}
	return models.SchoolID(token[:16]), models.MessageID(token[16:32]), token[32:], true
}

// What can become of a mail that came back.
const (
	BounceTaken    = "taken"    // it is a report on one of our messages
	BounceIgnored  = "ignored"  // it is no report: somebody's absence, spam, an answer
	BounceStranger = "stranger" // it came to no address of ours, or the message is gone
)

// Bounce takes a mail that came to a bounce address. recipients are the addresses that it came to, as the mail server tells them; what the mail's own header
// says is looked at too.
func (d *Dispatcher) Bounce(ctx context.Context, raw []byte, recipients []string) (result string, err error) {
	report, err := bounce.Read(raw)
	if err != nil {
		return BounceIgnored, nil // not a mail, or no report; anybody may write to an address
	}
	for _, address := range append(recipients, report.To...) {
		school, message, hash, ok := readBounceAddress(address, d.config.BounceDomain)
		if !ok {
			continue
		}
		genuine, err := d.genuine(ctx, school, message, hash)
		if err != nil {
			return BounceStranger, err
		}
		if genuine {
			return BounceTaken, d.bounced(ctx, school, message, report)
		}
	}
	return BounceStranger, nil
}

// genuine tells whether a bounce address was made here, for a message that is still there.
func (d *Dispatcher) genuine(ctx context.Context, school models.SchoolID, message models.MessageID, hash []byte) (genuine bool, err error) {
	if school.IsZero() || message.IsZero() {
		return false, nil
	}
	err = d.scope(school).Read(ctx, func(tx *store.Tx) error {
		if !hmac.Equal(hash, bounceHash(tx, message)) {
			return nil
		}
		_, err := store.Get[models.Message](tx, message)
		genuine = err == nil
		return err
	})
	return genuine, gone(err)
}

// bounced brings a message to the state that a delivery report tells.
func (d *Dispatcher) bounced(ctx context.Context, school models.SchoolID, id models.MessageID, report bounce.Report) error {
	switch report.Action {
	case bounce.Failed:
		problem, nobody := mail.Reported(report.Status)
		if problem == models.ProblemPolicy {
			d.policy(ctx, school, id, report.Status)
		}
		return d.bring(ctx, school, id, outcome{state: models.MessageFailed, problem: problem, suppress: nobody})
	case bounce.Delivered:
		return d.bring(ctx, school, id, outcome{state: models.MessageDelivered})
	case bounce.Delayed:
		return d.delayed(ctx, school, id)
	default:
		return nil // relayed or expanded: it is out of sight, and no more is known than before
	}
}

// policy pauses the domain of a mail that was refused for reasons of policy after our own server had taken it.
func (d *Dispatcher) policy(ctx context.Context, school models.SchoolID, id models.MessageID, status string) {
	var contact *models.Contact
	now := d.config.Clock.Now()
	err := d.scope(school).Read(ctx, func(tx *store.Tx) error {
		message, err := store.Get[models.Message](tx, id)
		if err != nil || message.ContactID.IsZero() {
			return err
		}
		contact, err = store.Get[models.Contact](tx, message.ContactID)
		return err
	})
	if err != nil || contact == nil {
		return // the bounce itself is taken all the same
	}
	f := &carrier.Failure{Reach: carrier.OneDomain, Enhanced: status, Stage: "delivery report", Problem: models.ProblemPolicy}
	d.note(ctx, models.ChannelMail, contactpoint.Domain(contact.Details.Value), f, now)
}

// delayed notes that a server on the way is still trying.
func (d *Dispatcher) delayed(ctx context.Context, school models.SchoolID, id models.MessageID) error {
	return gone(d.scope(school).Write(ctx, func(tx *store.Tx) error {
		present, err := store.Get[models.Message](tx, id)
		if err != nil || present.State != models.MessageSent {
			return err
		}
		changed := *present
		changed.Problem, changed.ReportedAt = models.ProblemDelayed, new(tx.Now())
		_, err = tx.Advance(*present, &changed, "problem", "reported_at")
		return err
	}))
}
