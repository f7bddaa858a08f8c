package school

import (
	"cmp"
	"context"
	"time"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/contactpoint"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/managelink"
	"github.com/ouderavond/ouderavond/models/outbox"
	"github.com/ouderavond/ouderavond/models/store"
)

// ChannelState is how a channel of a school stands.
type ChannelState struct {
	Channel models.Channel
	On      bool
	Carrier string
	// Arrived tells that a test message has arrived by this carrier, or need not; ArrivedAt when, if it did.
	Arrived   bool
	ArrivedAt time.Time
	// Last is the newest test message, without its details; nil if there is none.
	Last *models.Message
}

// ChannelStates tells how the school's channels stand.
func (s *Service) ChannelStates(ctx context.Context, actor models.Actor) (states []ChannelState, err error) {
	err = s.store.For(actor).Read(ctx, func(tx *store.Tx) error {
		school := tx.School()
		states = nil
		for _, channel := range rules.Channels() {
			state := ChannelState{Channel: channel, On: school.Channels.On(channel), Carrier: s.carriers.Of(school, channel), Arrived: s.carriers.Arrived(school, channel)}
			if arrival := school.Arrivals[channel]; arrival.By == state.Carrier {
				state.ArrivedAt = arrival.At
			}
			last, err := tx.LatestMessages(1, store.Eq("kind", models.MessageTest), store.Eq("channel", channel))
			if err != nil {
				return err
			}
			if len(last) > 0 {
				last[0].Details = models.MessageDetails{}
				state.Last = &last[0]
			}
			states = append(states, state)
		}
		return nil
	})
	return states, err
}

// TestMessage says to where test messages go: addresses of the school's own. An empty one is not tried.
type TestMessage struct {
	Email, Phone string
	Language     string
}

const (
	testUseful  = 24 * time.Hour
	testsWithin = time.Hour
	maxTests    = 12
)

// SendTest queues a test message through each channel that an address is given for, whether or not the channel is switched on yet. It has arrived when its link
// was opened, when the carrier says so, or at once in the mailbox folder.
func (s *Service) SendTest(ctx context.Context, actor models.Actor, wanted TestMessage) (ids []models.MessageID, err error) {
	addresses := map[models.Channel]string{}
	if wanted.Email != "" {
		address, ok := contactpoint.Email(wanted.Email)
		if !ok {
			return nil, errs.InvalidField("email", "not-an-email-address")
		}
		addresses[models.ChannelMail] = address
	}
	if wanted.Phone != "" {
		number, ok := contactpoint.MobilePhone(wanted.Phone)
		if !ok {
			return nil, errs.InvalidField("phone", "not-a-mobile-number")
		}
		addresses[models.ChannelSMS] = number
	}
	if len(addresses) == 0 {
		return nil, errs.InvalidField("email", errs.CodeRequired)
	}
	err = s.store.For(actor).Write(ctx, func(tx *store.Tx) error {
		ids = nil
		recent, err := store.Count[models.Message](tx, store.Eq("kind", models.MessageTest), store.From("created_at", tx.Now().Add(-testsWithin)))
		if err != nil {
			return err
		}
		if recent >= maxTests {
			busy := errs.New(errs.TooMany, errs.CodeTooMany)
			busy.RetryAfter = testsWithin
			return busy
		}
		for _, channel := range rules.Channels() {
			to, ok := addresses[channel]
			if !ok {
				continue
			}
			id, err := outbox.Queue(tx, outbox.Message{
				Kind: models.MessageTest, Channel: channel, Language: wanted.Language, Until: tx.Now().Add(testUseful), Details: models.MessageDetails{To: to},
			})
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		tx.AfterCommit(s.wake)
		return tx.Audited("channel-test", tx.School().ID, map[string]int{"messages": len(ids)})
	})
	return ids, err
}

// ConfirmTest notes that a test message has arrived: somebody opened the link in it. A link that is not good, or not any more, is errs.NotFound.
func (s *Service) ConfirmTest(ctx context.Context, school models.SchoolID, token string) error {
	return s.store.For(models.System(school, "test message")).Write(ctx, func(tx *store.Tx) error {
		link, err := managelink.Read(tx.Index, token, tx.Now())
		if err != nil || link.Kind != managelink.Test || tx.School().State != models.SchoolActive {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		message, err := store.Get[models.Message](tx, models.MessageID(link.Subject))
		if err != nil {
			return err
		}
		if message.Kind != models.MessageTest {
			return errs.New(errs.NotFound, errs.CodeNotFound)
		}
		before := *message
		if message.State.MayBecome(models.MessageDelivered) && message.State != models.MessageDelivered {
			message.State, message.Problem, message.LeasedUntil, message.ReportedAt = models.MessageDelivered, "", nil, new(tx.Now())
			if message.SentAt == nil {
				message.SentAt = new(tx.Now())
			}
			mine, err := tx.Advance(before, message, "state", "problem", "leased_until", "reported_at", "sent_at")
			if err != nil || !mine {
				return cmp.Or(err, error(errs.New(errs.Unavailable, errs.CodeBusy)))
			}
		}
		// A message that had failed by the carrier's word, and whose link was opened all the same, has arrived too.
		tx.School().Arrive(message.Channel, s.carriers.Of(tx.School(), message.Channel), tx.Now())
		return tx.UpdateSchool("arrivals")
	})
}

// mayWriteToParents refuses to let a school with an open conference write by a channel through which nothing has arrived yet: leaving a rehearsal is opening too.
func (s *Service) mayWriteToParents(tx *store.Tx, school *models.School) error {
	blockers := s.carriers.Blockers(school)
	if len(blockers) == 0 {
		return nil
	}
	open, err := store.Count[models.Conference](tx, store.Eq("state", models.ConferenceOpen))
	if err != nil || open == 0 {
		return err
	}
	return errs.New(errs.Conflict, "school.channels-untested").With("blocker", blockers[0])
}
