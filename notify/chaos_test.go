package notify_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
	"github.com/ouderavond/ouderavond/notify"
	"github.com/ouderavond/ouderavond/notify/mail"
	"github.com/ouderavond/ouderavond/notify/notifytest"
	"github.com/ouderavond/ouderavond/notify/sms"
)

var (
	chaosMessages = flag.Int("messages", 300, "how many messages go through faults")
	chaosSeed     = flag.Uint64("seed", 1, "the seed of the faults")
)

// changesPerFamily is how often each family's talk moves: each time its message supersedes the one before.
const changesPerFamily = 5

// storm is a school whose families' talks move all evening, while the program dies and the other sides misbehave.
type storm struct {
	*house
	families []stormFamily
	server   *notifytest.SMTP
	carrier  *notifytest.Twilio

	mutex sync.Mutex
	dice  *rand.Rand
	calm  atomic.Bool // the faults are over
}

type stormFamily struct {
	home        models.HouseholdID
	appointment models.AppointmentID
	mail, phone models.ContactID
	email       string
	number      string
	start       models.Tick // the truth
}

// chance is true with a probability in a hundred.
func (s *storm) chance(percent int) bool {
	if s.calm.Load() {
		return false
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.dice.IntN(100) < percent
}

func (s *storm) pick(count int) int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.dice.IntN(count)
}

func newStorm(t *testing.T, families int) *storm {
	s := &storm{dice: rand.New(rand.NewPCG(*chaosSeed, 7))}
	s.house = newHouse(t)
	s.log = nil
	s.server = notifytest.NewSMTP(t, notifytest.SMTPOptions{Next: func(string) notifytest.Behaviour {
		if !s.chance(25) {
			return notifytest.Behaviour{}
		}
		faults := []notifytest.Behaviour{
			{At: notifytest.Rcpt, Reply: "450 4.2.0 greylisted"}, {At: notifytest.Rcpt, Reply: "452 4.2.2 full"}, {At: notifytest.Data, Cut: true},
			{At: notifytest.End, Cut: true, Take: true}, {At: notifytest.End, Cut: true}, {At: notifytest.End, Reply: "451 4.3.0 later"}, {At: notifytest.Greeting, Reply: "421 busy", Close: true},
		}
		return faults[s.pick(len(faults))]
	}})
	s.carrier = notifytest.NewTwilio(t, s.Clock, func(method, _ string) notifytest.Answer {
		if !s.chance(25) {
			return notifytest.Answer{}
		}
		faults := []notifytest.Answer{
			{Status: 429, Code: 20429, RetryAfter: "5"}, {Status: 500, Code: 20500, Take: method == "POST"}, {Status: 500, Code: 20500}, {Cut: true, Take: method == "POST"}, {Cut: true},
			{Status: 503}, {Status: 201, Body: "{", Take: method == "POST"},
		}
		return faults[s.pick(len(faults))]
	})
	s.write(func(tx *store.Tx) error { return s.fill(tx, families) })
	return s
}

// fill adds families of one pupil each, with a talk on the house's day.
func (s *storm) fill(tx *store.Tx, families int) error {
	first, err := store.First[models.Appointment](tx)
	if err != nil {
		return err
	}
	for i := range families {
		f := stormFamily{
			home: models.New[models.HouseholdID](), appointment: models.New[models.AppointmentID](), mail: models.New[models.ContactID](), phone: models.New[models.ContactID](),
			email: fmt.Sprintf("ouder%d@d%d.example.com", i, i%7), number: fmt.Sprintf("+316%08d", 10000000+i), start: first.StartTick,
		}
		pupil, guardian := models.New[models.PupilID](), models.New[models.GuardianID]()
		err := errors.Join(
			store.Insert(tx, &models.Household{ID: f.home, Origin: models.OriginSingle, CreatedAt: tx.Now()}),
			store.Insert(tx, &models.Pupil{ID: pupil, State: models.PersonActive, Arrangement: models.ArrangementEach, CreatedAt: tx.Now(), Details: models.PupilDetails{Key: fmt.Sprint(100 + i), Given: "Mees"}}),
			store.Insert(tx, &models.HouseholdPupil{HouseholdID: f.home, PupilID: pupil}),
			store.Insert(tx, &models.Guardian{ID: guardian, HouseholdID: f.home}),
			store.Insert(tx, &models.Contact{ID: f.mail, HouseholdID: f.home, GuardianID: guardian, Kind: models.ContactEmail, Source: models.SourceFile, CreatedAt: tx.Now(), Details: models.ContactDetails{Value: f.email}}),
			store.Insert(tx, &models.Contact{ID: f.phone, HouseholdID: f.home, GuardianID: guardian, Kind: models.ContactPhone, Source: models.SourceFile, CreatedAt: tx.Now(), Details: models.ContactDetails{Value: f.number}}),
			store.Insert(tx, &models.Booking{ID: models.New[models.BookingID](), HouseholdID: f.home, ActorKind: models.ActorStaff, Made: 1, At: tx.Now()}),
			store.Insert(tx, &models.Invitation{HouseholdID: f.home, DayID: s.day, ContactID: f.mail, UID: models.New[models.RowID]()}),
		)
		if err != nil {
			return err
		}
		talk := *first
		talk.ID, talk.PupilID, talk.HouseholdID = f.appointment, pupil, f.home
		if err := store.Insert(tx, &talk); err != nil {
			return err
		}
		s.families = append(s.families, f)
	}
	return nil
}

// move moves a family's talk five minutes on and queues what a booking queues: a message for each contact, superseding what waits.
func (s *storm) move(f *stormFamily) error {
	return s.Store.For(storetest.As(s.school)).Write(s.ctx, func(tx *store.Tx) error {
		start := f.start + 1
		talk := &models.Appointment{ID: f.appointment, StartTick: start, EndTick: start + 2}
		if err := store.Update(tx, talk, "start_tick", "end_tick"); err != nil {
			return err
		}
		revision, err := tx.Revise(f.home)
		if err != nil {
			return err
		}
		for contact, channel := range map[models.ContactID]models.Channel{f.mail: models.ChannelMail, f.phone: models.ChannelSMS} {
			older, err := store.List[models.Message](tx, store.Eq("contact_id", contact), store.Eq("state", models.MessageQueued))
			if err != nil {
				return err
			}
			for _, present := range older {
				taken := present
				taken.State = taken.Superseded()
				if _, err := tx.Advance(present, &taken, "state"); err != nil {
					return err
				}
			}
			err = store.Insert(tx, &models.Message{
				ID: models.New[models.MessageID](), Kind: models.MessageConfirmation, Channel: channel, State: models.MessageQueued, HouseholdID: f.home, ContactID: contact, DayID: s.day,
				DueAt: tx.Now(), UsefulUntil: tx.Now().AddDate(1, 0, 0), CreatedAt: tx.Now(), Revision: revision,
			})
			if err != nil {
				return err
			}
		}
		tx.AfterCommit(func() { f.start = start })
		return nil
	})
}

// instance is one run of the program: when it dies, nothing of it moves any more.
type instance struct {
	storm *storm
	mail  mail.Transport
	sms   *sms.Twilio
	dead  chan struct{}
	once  sync.Once
	end   chan struct{} // of the test
}

// step is a point of a send at which the program may die.
func (i *instance) step() {
	if i.storm.chance(3) {
		i.once.Do(func() { close(i.dead) })
	}
	select {
	case <-i.dead:
		<-i.end
	default:
	}
}

type dyingMail struct{ *instance }

func (d dyingMail) Send(ctx context.Context, m mail.Message) (mail.Receipt, error) {
	d.step()
	receipt, err := d.mail.Send(ctx, m)
	d.step()
	return receipt, err
}

type dyingSMS struct {
	*sms.Twilio
	*instance
}

func (d dyingSMS) Send(ctx context.Context, m sms.Message) (sms.Receipt, error) {
	d.step()
	receipt, err := d.Twilio.Send(ctx, m)
	d.step()
	return receipt, err
}

// run starts a dispatcher and lets it drain until it has nothing to do or dies.
func (s *storm) run(t *testing.T, end chan struct{}) {
	i := &instance{storm: s, dead: make(chan struct{}), end: end}
	config := s.config
	config.Logger, config.Outcome = slog.New(slog.NewTextHandler(io.Discard, nil)), nil
	config.Limits = notify.Limits{MailAtOnce: 4, SMSAtOnce: 2}
	overSMTP(t, s.server)(&config)
	i.mail = config.Mail
	var err error
	i.sms, err = sms.NewTwilio(sms.TwilioConfig{BaseURL: s.carrier.URL, AccountSID: notifytest.Account, AuthToken: notifytest.Token, From: "DeMerel", Timeout: time.Minute})
	if err != nil {
		t.Error(err)
		return
	}
	config.Mail, config.SMS = dyingMail{i}, dyingSMS{i.sms, i}
	done := make(chan error, 1)
	go func() {
		_, err := notify.NewDispatcher(config).Drain(s.ctx)
		done <- err
	}()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-i.dead:
	}
}

// count counts the school's messages in some states.
func (s *storm) count(states ...models.MessageState) int {
	count := int64(0)
	s.must(s.Store.For(storetest.As(s.school)).Read(s.ctx, func(tx *store.Tx) (err error) {
		count, err = store.Count[models.Message](tx, store.In("state", states))
		return err
	}))
	return int(count)
}

// left counts the messages of which something is to become yet: a mail of unknown fate that a newer one followed is nobody's to look up.
func (s *storm) left() (count int) {
	for _, message := range s.all() {
		switch message.State {
		case models.MessageQueued, models.MessageSending:
			count++
		case models.MessageUnknown:
			if message.FollowUpAt != nil {
				count++
			}
		default:
		}
	}
	return count
}

func (s *storm) all() (all []models.Message) {
	s.must(s.Store.For(storetest.As(s.school)).Read(s.ctx, func(tx *store.Tx) (err error) {
		all, err = store.List[models.Message](tx)
		return err
	}))
	return all
}

// states checks what the outbox says: what a mail server took is never called superseded, and only a mail that a newer one followed stays of unknown fate.
func (s *storm) states(t *testing.T, taken map[string]bool) (unknown int) {
	t.Helper()
	newest := map[models.ContactID]int64{}
	for _, message := range s.all() {
		newest[message.ContactID] = max(newest[message.ContactID], message.Revision)
	}
	for _, message := range s.all() {
		switch message.State {
		case models.MessageSuperseded:
			if taken[message.ID.String()+"@ouderavond.example"] {
				t.Error("a mail that was taken is called superseded")
			}
		case models.MessageUnknown:
			if unknown++; message.Channel != models.ChannelMail || message.Revision == newest[message.ContactID] || !message.Uncertain() {
				t.Errorf("a message by %s is of unknown fate at the end: %q", message.Channel, message.Problem)
			}
		case models.MessageSent, models.MessageDelivered:
		default:
			t.Errorf("a message by %s is %s at the end", message.Channel, message.State)
		}
	}
	return unknown
}

// TestMessagesThroughFaults sends messages while both other sides fail at random, two programs work on one database and die at any point of a send, and the
// truth keeps changing. At the end nothing is lost, nothing came twice, and the last that everybody got is the truth.
func TestMessagesThroughFaults(t *testing.T) {
	t.Parallel()
	end := make(chan struct{})
	t.Cleanup(func() { close(end) })
	s := newStorm(t, max(1, *chaosMessages/changesPerFamily/2))
	moving := make(chan error, 1)
	go func() {
		for range changesPerFamily {
			for i := range s.families {
				if err := s.move(&s.families[i]); err != nil {
					moving <- err
					return
				}
			}
		}
		moving <- nil
	}()
	runs, still := 0, true
	for still || s.left() > 0 {
		select {
		case err := <-moving:
			s.must(err)
			still = false
		default:
		}
		if runs++; runs > 400 {
			t.Fatalf("%d messages are left", s.left())
		}
		var both sync.WaitGroup
		both.Go(func() { s.run(t, end) })
		both.Go(func() { s.run(t, end) })
		both.Wait()
		s.Clock.Advance(time.Duration(30+s.pick(300)) * time.Second)
		if !still && runs > 60 {
			s.calm.Store(true)
		}
	}
	s.audit(t, runs)
}

var clockTime = regexp.MustCompile(`\d\d:\d\d`)

// audit compares what the other sides have with the truth.
func (s *storm) audit(t *testing.T, runs int) {
	t.Helper()
	mails, texts := map[string][]notifytest.Letter{}, map[string][]notifytest.Text{}
	repeats, seen := 0, map[string]bool{}
	for _, letter := range s.server.Letters() {
		if seen[letter.MessageID] {
			repeats++ // the same mail under the same id, which the recipient's server drops
		}
		seen[letter.MessageID] = true
		mails[letter.To] = append(mails[letter.To], letter)
	}
	doubles := 0
	for _, text := range s.carrier.Texts() {
		if seen[text.To+text.Body] {
			doubles++
		}
		seen[text.To+text.Body] = true
		texts[text.To] = append(texts[text.To], text)
	}
	lost, stale := 0, 0
	zone := time.FixedZone("CET", 3600)
	for _, f := range s.families {
		truth := f.start.Time().In(zone).Format("15:04")
		gotMail, gotText := mails[f.email], texts[f.number]
		if len(gotMail) == 0 || len(gotText) == 0 {
			lost++
			continue
		}
		if !strings.Contains(gotMail[len(gotMail)-1].Text, truth) || clockTime.FindString(gotText[len(gotText)-1].Body) != truth {
			stale++
		}
	}
	allowed := *chaosMessages / 10_000
	if lost > 0 || stale > 0 || doubles > allowed {
		t.Errorf("lost %d, not the truth at the end %d, double %d", lost, stale, doubles)
	}
	unknown := s.states(t, seen)
	t.Logf("%d messages for %d contacts, %d runs of two programs: %d mails (%d of them repeats under the same id), %d texts, %d superseded, %d of unknown fate; lost %d, double %d, not the truth at the end %d",
		s.count(models.MessageStates()...), 2*len(s.families), runs, len(s.server.Letters()), repeats, len(s.carrier.Texts()), s.count(models.MessageSuperseded), unknown, lost, doubles, stale)
}
