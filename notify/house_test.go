package notify_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"log/slog"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
	"github.com/ouderavond/ouderavond/notify"
	"github.com/ouderavond/ouderavond/notify/carrier"
	"github.com/ouderavond/ouderavond/notify/mail"
	"github.com/ouderavond/ouderavond/notify/sms"
	"github.com/ouderavond/ouderavond/notify/text"
)

// mails is a transport that answers as its script says, and accepts once the script is at its end.
type mails struct {
	mutex  sync.Mutex
	script []error
	sent   []mail.Message // every try
	during func()         // runs while a mail is being handed over
}

func (m *mails) Send(_ context.Context, message mail.Message) (mail.Receipt, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.sent = append(m.sent, message)
	if m.during != nil {
		m.during()
	}
	return mail.Receipt{MessageID: message.MessageID}, next(&m.script)
}

// texts is a carrier that answers as its script says.
type texts struct {
	mutex  sync.Mutex
	script []error
	sent   []sms.Message
	during func() // runs while a text message is being handed over
}

func (s *texts) Send(_ context.Context, message sms.Message) (sms.Receipt, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.sent = append(s.sent, message)
	if s.during != nil {
		s.during()
	}
	return sms.Receipt{ID: "carrier's own id"}, next(&s.script)
}

func next(script *[]error) error {
	if len(*script) == 0 {
		return nil
	}
	answer := (*script)[0]
	*script = (*script)[1:]
	return answer
}

var problems = map[carrier.Class]string{
	carrier.Temporary: models.ProblemBusy, carrier.Permanent: models.ProblemRefused, carrier.RecipientRefused: models.ProblemNoSuchAddress, carrier.Ambiguous: models.ProblemNoAnswer,
}

func failed(class carrier.Class) error {
	return &carrier.Failure{Channel: "test", Class: class, Stage: "test", Problem: problems[class]}
}

// What the carriers can answer.
var (
	temporary  = failed(carrier.Temporary)
	permanent  = failed(carrier.Permanent)
	refused    = failed(carrier.RecipientRefused)
	ambiguous  = failed(carrier.Ambiguous)
	setup      = &carrier.Failure{Channel: "test", Class: carrier.Temporary, Stage: "test", Setup: true, Problem: models.ProblemSetup, Reach: carrier.AllOfIt}
	errUnknown = errors.New("the line went dead")
)

// journal is a log that many may write to.
type journal struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (j *journal) Write(line []byte) (int, error) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.text.Write(line)
}

func (j *journal) String() string {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.text.String()
}

// eventually waits until something is so, and fails the test if that takes too long.
func eventually(t testing.TB, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !so(); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not in time", what)
		}
		time.Sleep(time.Millisecond)
	}
}

// house is one family of one school with one talk, and a dispatcher with carriers that do as they are told.
type house struct {
	*storetest.Database
	t          testing.TB
	ctx        context.Context
	school     models.SchoolID
	config     notify.Config
	dispatcher *notify.Dispatcher
	mails      *mails
	texts      *texts
	folder     *mails // stands in for the mailbox folder
	log        *journal
	outcomes   chan string // of each message, as the metrics hear of it

	home  models.HouseholdID
	mail  models.ContactID
	phone models.ContactID
	day   models.DayID
	told  int64 // the revision of the family
}

// onPostgreSQL lets the tests of this package run on a PostgreSQL database instead of SQLite.
var onPostgreSQL = flag.Bool("postgres", false, "run on PostgreSQL")

func database(t testing.TB) *storetest.Database {
	if *onPostgreSQL {
		return storetest.NewPostgreSQL(t)
	}
	return storetest.New(t)
}

func newHouse(t testing.TB, changes ...func(*notify.Config)) *house {
	t.Helper()
	return houseOn(t, database(t), changes...)
}

// houseOn is a house whose rows are in a database of the test's choice.
func houseOn(t testing.TB, rows *storetest.Database, changes ...func(*notify.Config)) *house {
	t.Helper()
	h := &house{
		Database: rows, t: t, ctx: context.Background(), mails: &mails{}, texts: &texts{}, folder: &mails{}, log: &journal{}, outcomes: make(chan string, 1000),
		home: models.New[models.HouseholdID](), mail: models.New[models.ContactID](), phone: models.New[models.ContactID](), day: models.New[models.DayID](),
	}
	h.school = storetest.School(t, h.Store, "de-merel")
	renderer, err := text.New()
	h.must(err)
	h.config = notify.Config{
		Store: h.Store, Clock: h.Clock, Logger: slog.New(slog.NewTextHandler(h.log, nil)), Renderer: renderer, Mail: h.mails, MailFolder: h.folder, SMS: h.texts, SMSFolder: &texts{},
		From: "afspraak@ouderavond.example", BaseURL: "https://ouderavond.example",
		Carriers: map[models.Channel]string{models.ChannelMail: "smtp", models.ChannelSMS: "twilio"},
		Limits:   notify.Limits{MailAtOnce: 1, SMSAtOnce: 1, UrgentAtOnce: 1},
		Outcome: func(channel models.Channel, state models.MessageState, _ string) {
			h.outcomes <- string(channel) + " " + string(state)
		},
	}
	for _, change := range changes {
		change(&h.config)
	}
	h.dispatcher = notify.NewDispatcher(h.config)
	h.write(h.settle)
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) write(work func(*store.Tx) error) {
	h.t.Helper()
	h.must(h.Store.For(storetest.As(h.school)).Write(h.ctx, work))
}

// settle writes the family, its contacts, and its talk at seven o'clock on 24 November 2026.
func (h *house) settle(tx *store.Tx) error {
	pupil, staff := models.New[models.PupilID](), models.New[models.StaffID]()
	conference, kind, appointment := models.New[models.ConferenceID](), models.New[models.TalkKindID](), models.New[models.AppointmentID]()
	guardian, booking := models.New[models.GuardianID](), models.New[models.BookingID]()
	start, _ := models.TickAt(time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC))
	return errors.Join(
		store.Insert(tx, &models.Household{ID: h.home, Origin: models.OriginSingle, CreatedAt: tx.Now()}),
		store.Insert(tx, &models.Pupil{ID: pupil, State: models.PersonActive, Arrangement: models.ArrangementEach, CreatedAt: tx.Now(), Details: models.PupilDetails{Key: "1", Given: "Merel", Surname: "Planteijn"}}),
		store.Insert(tx, &models.HouseholdPupil{HouseholdID: h.home, PupilID: pupil}),
		store.Insert(tx, &models.Guardian{ID: guardian, HouseholdID: h.home}),
		store.Insert(tx, &models.Contact{ID: h.mail, HouseholdID: h.home, GuardianID: guardian, Kind: models.ContactEmail, Source: models.SourceFile, CreatedAt: tx.Now(), Details: models.ContactDetails{Value: "ouder@example.com"}}),
		store.Insert(tx, &models.Contact{ID: h.phone, HouseholdID: h.home, GuardianID: guardian, Kind: models.ContactPhone, Source: models.SourceFile, CreatedAt: tx.Now(), Details: models.ContactDetails{Value: "+31612345678"}}),
		store.Insert(tx, &models.Staff{ID: staff, State: models.PersonActive, CreatedAt: tx.Now(), Details: models.StaffDetails{Key: "NOO", DisplayName: "Ada Noord"}}),
		store.Insert(tx, &models.Conference{ID: conference, State: models.ConferenceOpen, OpensAt: tx.Now(), ClosesAt: tx.Now().Add(time.Hour), Version: 1, CreatedAt: tx.Now(), Details: models.ConferenceDetails{Title: "Gesprekken"}}),
		store.Insert(tx, &models.Day{ID: h.day, ConferenceID: conference, Date: civil.Date{Year: 2026, Month: 11, Day: 24}, Audience: models.Audience{Everybody: true}}),
		store.Insert(tx, &models.TalkKind{ID: kind, ConferenceID: conference, Minutes: 10, Obligation: models.Optional, Staffing: models.StaffedByOffer, Pairing: models.PairingEither, Details: models.TalkKindDetails{Title: "Mentor"}}),
		store.Insert(tx, &models.Booking{ID: booking, HouseholdID: h.home, ActorKind: models.ActorStaff, Made: 1, At: tx.Now()}),
		store.Insert(tx, &models.Appointment{ID: appointment, ConferenceID: conference, DayID: h.day, TalkKindID: kind, PupilID: pupil, HouseholdID: h.home, Party: 1, BookingID: booking, StartTick: start, EndTick: start + 2, State: models.AppointmentBooked, Version: 1}),
		store.Insert(tx, &models.AppointmentStaff{AppointmentID: appointment, StaffID: staff}),
		store.Insert(tx, &models.Invitation{HouseholdID: h.home, DayID: h.day, ContactID: h.mail, UID: models.New[models.RowID]()}),
	)
}

// queue puts a message into the outbox: a confirmation by mail, unless it is changed.
func (h *house) queue(change ...func(*models.Message)) models.MessageID {
	h.t.Helper()
	h.told++
	message := &models.Message{
		Revision: h.told, ID: models.New[models.MessageID](), Kind: models.MessageConfirmation, Channel: models.ChannelMail, State: models.MessageQueued, HouseholdID: h.home, ContactID: h.mail,
		DayID: h.day, DueAt: h.Clock.Now(), UsefulUntil: time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC), CreatedAt: h.Clock.Now(),
	}
	for _, set := range change {
		set(message)
	}
	h.write(func(tx *store.Tx) error { return store.Insert(tx, message) })
	return message.ID
}

func bySMS(h *house) func(*models.Message) {
	return func(m *models.Message) { m.Channel, m.ContactID = models.ChannelSMS, h.phone }
}

// aTest makes the message one that has nothing to do with the others: a test of the school's own.
func aTest(m *models.Message) {
	m.Kind, m.ContactID, m.HouseholdID, m.DayID, m.Details.To = models.MessageTest, models.ContactID{}, models.HouseholdID{}, models.DayID{}, "beheer@example.com"
}

// aCode makes the message one that carries a log-in code, good for ten minutes.
func aCode(m *models.Message) {
	m.Kind, m.DayID, m.UsefulUntil = models.MessageCode, models.DayID{}, m.CreatedAt.Add(10*time.Minute)
	m.Details.Code, m.Details.CodeUntil, m.Details.Link = "12345678", m.UsefulUntil, "mZ1Qk0cJw2yqv8lTn3oXbA"
}

// begun makes the message one that was being sent when the program died, a lease ago.
func begun(m *models.Message) {
	until := m.CreatedAt.Add(-time.Second)
	m.State, m.Attempts, m.LeasedUntil = models.MessageSending, 1, &until
}

func (h *house) message(id models.MessageID) models.Message {
	h.t.Helper()
	var found *models.Message
	h.must(h.Store.For(storetest.As(h.school)).Read(h.ctx, func(tx *store.Tx) (err error) {
		found, err = store.Get[models.Message](tx, id)
		return err
	}))
	return *found
}

// drain sends what is due and gives the outcomes, "mail sent".
func (h *house) drain() []string {
	h.t.Helper()
	handled, err := h.dispatcher.Drain(h.ctx)
	h.must(err)
	outcomes := []string{}
	for len(h.outcomes) > 0 {
		outcomes = append(outcomes, <-h.outcomes)
	}
	if handled < len(outcomes) {
		h.t.Errorf("%d messages handled, but %d outcomes", handled, len(outcomes))
	}
	return outcomes
}

func (h *house) equal(what string, got []string, want ...string) {
	h.t.Helper()
	if !slices.Equal(got, want) {
		h.t.Errorf("%s\n got %q\nwant %q", what, got, want)
	}
}

// is checks the state and the problem of a message.
func (h *house) is(id models.MessageID, state models.MessageState, problem string, attempts int) {
	h.t.Helper()
	if m := h.message(id); m.State != state || m.Problem != problem || m.Attempts != attempts {
		h.t.Errorf("message is %s (%q) after %d attempts, want %s (%q) after %d", m.State, m.Problem, m.Attempts, state, problem, attempts)
	}
}
