package notify_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/outbox"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
	"github.com/ouderavond/ouderavond/notify/sms"
)

func TestAMessageThatIsDueIsSentOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.queue()
	text := h.queue(bySMS(h))
	later := h.queue(aTest, func(m *models.Message) { m.DueAt = m.DueAt.Add(time.Minute) })
	h.equal("outcomes", h.drain(), "mail sent", "sms sent")
	h.is(id, models.MessageSent, "", 1)
	h.is(text, models.MessageSent, "", 1)
	h.is(later, models.MessageQueued, "", 0)
	sent := h.message(id)
	if sent.SentAt == nil || !sent.SentAt.Equal(h.Clock.Now()) || sent.LeasedUntil != nil || sent.CarrierID != h.mails.sent[0].MessageID || h.message(text).CarrierID != "carrier's own id" {
		t.Errorf("message %+v", sent)
	}
	letter := h.mails.sent[0]
	if letter.To != "ouder@example.com" || letter.From != "afspraak@ouderavond.example" || letter.FromName != "School de-merel" || letter.School != h.school.String() || letter.CalendarMethod != "REQUEST" {
		t.Errorf("letter %+v", letter)
	}
	if letter.MessageID != id.String()+"@ouderavond.example" || !strings.Contains(letter.Text, "19:00") || !strings.Contains(letter.Text, "Ada Noord") {
		t.Errorf("letter %s:\n%s", letter.MessageID, letter.Text)
	}
	if h.texts.sent[0].To != "+31612345678" || h.texts.sent[0].Reference != text.String() || !strings.Contains(h.texts.sent[0].Body, "https://ouderavond.example/de-merel/m/") {
		t.Errorf("text %+v", h.texts.sent[0])
	}
	h.equal("outcomes", h.drain())
	h.Clock.Advance(time.Minute)
	h.equal("outcomes", h.drain(), "mail sent")
}

// fate is what becomes of a message, and of its contact.
type fate struct {
	state      models.MessageState
	problem    string
	suppressed bool
}

// happens lets a carrier answer, and checks what becomes of a message: a mail, a text, or a code by mail.
func (want fate) happens(t *testing.T, what string, answer error) {
	t.Helper()
	h := newHouse(t)
	contact := h.mail
	var id models.MessageID
	switch what {
	case "text":
		contact = h.phone
		id = h.queue(bySMS(h))
	case "code":
		id = h.queue(aCode)
	default:
		id = h.queue()
	}
	h.mails.script, h.texts.script = []error{answer}, []error{answer}
	h.drain()
	got := h.message(id)
	if got.State != want.state || got.Problem != want.problem || got.LeasedUntil != nil || got.SentAt != nil {
		t.Errorf("%s: %s (%q), want %+v", what, got.State, got.Problem, want)
	}
	h.write(func(tx *store.Tx) error {
		row, err := store.Get[models.Contact](tx, contact)
		if err == nil && row.Suppressed != want.suppressed {
			t.Errorf("%s: contact suppressed %v", what, row.Suppressed)
		}
		return err
	})
	// What is not queued again is not sent again, ever.
	h.Clock.Advance(5 * time.Minute)
	h.drain()
	if tries := len(h.mails.sent) + len(h.texts.sent); (tries == 2) != (want.state == models.MessageQueued) {
		t.Errorf("%s: %d tries", what, tries)
	}
}

func TestWhatCarriersAnswerDecidesWhatBecomesOfAMessage(t *testing.T) {
	t.Parallel()
	again := func(problem string) fate { return fate{models.MessageQueued, problem, false} }
	for name, test := range map[string]struct {
		answer          error
		mail, text, one fate // one is a code by mail
	}{
		"a failure that may pass":  {temporary, again("busy"), again("busy"), again("busy")},
		"a failure for good":       {permanent, fate{models.MessageFailed, "refused", false}, fate{models.MessageFailed, "refused", false}, fate{models.MessageFailed, "refused", false}},
		"nobody at that address":   {refused, fate{models.MessageFailed, "no-such-address", true}, fate{models.MessageFailed, "no-such-address", true}, fate{models.MessageFailed, "no-such-address", true}},
		"a channel set up wrongly": {setup, again("setup"), again("setup"), again("setup")},
		"an answer that got lost":  {ambiguous, again("no-answer"), fate{models.MessageUnknown, "no-answer", false}, fate{models.MessageUnknown, "no-answer", false}},
		"an error of no class":     {errUnknown, again("no-answer"), fate{models.MessageUnknown, "no-answer", false}, fate{models.MessageUnknown, "no-answer", false}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.mail.happens(t, "mail", test.answer)
			test.text.happens(t, "text", test.answer)
			test.one.happens(t, "code", test.answer)
		})
	}
}

func TestAMailIsTriedAgainLaterAndLaterUnderTheSameID(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.queue()
	h.mails.script = []error{temporary, ambiguous, setup, temporary, temporary, temporary, temporary}
	for attempt, wait := range []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 4 * time.Hour, 4 * time.Hour} {
		h.equal("outcomes", h.drain(), "mail queued")
		h.Clock.Advance(wait - time.Second)
		h.equal("a second too early", h.drain())
		h.Clock.Advance(time.Second)
		if got := h.message(id).Attempts; got != attempt+1 {
			t.Errorf("%d attempts, want %d", got, attempt+1)
		}
	}
	h.equal("outcomes", h.drain(), "mail sent")
	h.is(id, models.MessageSent, "", 8)
	for _, letter := range h.mails.sent {
		if letter.MessageID != h.mails.sent[0].MessageID || !letter.Date.Equal(h.mails.sent[0].Date) {
			t.Errorf("a repeat is called %s", letter.MessageID)
		}
	}
}

func TestAMessageIsGivenUpWhenItIsOfNoUseAnyMore(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	soon := h.queue(aTest, func(m *models.Message) { m.UsefulUntil = m.DueAt.Add(30 * time.Second) })
	h.mails.script = []error{temporary}
	h.equal("outcomes", h.drain(), "mail failed")
	h.is(soon, models.MessageFailed, "too-late", 1)
	late := h.queue(func(m *models.Message) { m.UsefulUntil = m.DueAt })
	h.equal("outcomes", h.drain(), "mail failed")
	h.is(late, models.MessageFailed, "too-late", 0)
	code := h.queue(aCode, func(m *models.Message) { m.DueAt = m.DueAt.Add(9*time.Minute + 30*time.Second) })
	h.Clock.Advance(9*time.Minute + 30*time.Second)
	h.equal("a code for half a minute", h.drain(), "mail superseded")
	h.is(code, models.MessageSuperseded, "nothing-to-say", 0)
	if len(h.mails.sent) != 1 {
		t.Errorf("%d tries", len(h.mails.sent))
	}
}

func TestThatAMessageIsBeingSentIsWrittenBeforeTheCarrierIsCalled(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id, other := h.queue(), h.queue(aTest)
	h.mails.during = func() {
		if len(h.mails.sent) > 1 {
			return
		}
		first, second := h.message(id), h.message(other)
		if first.State != models.MessageSending || first.Attempts != 1 || first.LeasedUntil == nil || !first.LeasedUntil.After(h.Clock.Now()) {
			t.Errorf("during the first delivery it is %s after %d attempts", first.State, first.Attempts)
		}
		if second.State != models.MessageSending || second.Attempts != 1 || second.LeasedUntil == nil { // mails are begun in batches
			t.Errorf("during the first delivery the second is %s", second.State)
		}
	}
	h.equal("outcomes", h.drain(), "mail sent", "mail sent")
	if h.mails.sent[1].To != "beheer@example.com" || h.mails.sent[1].Calendar != nil {
		t.Errorf("test message %+v", h.mails.sent[1])
	}
}

func TestAfterTheProgramDiedOnlyMailsAreSentAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	letter, text, code := h.queue(begun), h.queue(begun, bySMS(h)), h.queue(begun, aCode)
	taken := func(m *models.Message) { // leased, but not begun
		until := m.CreatedAt.Add(-time.Second)
		m.LeasedUntil = &until
	}
	takenText := h.queue(taken, bySMS(h))
	held := h.queue(begun, aTest, func(m *models.Message) {
		until := m.CreatedAt.Add(time.Second)
		m.LeasedUntil = &until
	})
	h.drain()
	h.is(letter, models.MessageSent, "", 2)
	h.is(text, models.MessageUnknown, "interrupted", 1)
	h.is(code, models.MessageUnknown, "interrupted", 1)
	h.is(takenText, models.MessageSent, "", 1)
	h.is(held, models.MessageSending, "", 1) // somebody else is at it
	if len(h.mails.sent) != 1 || h.mails.sent[0].MessageID != letter.String()+"@ouderavond.example" || len(h.texts.sent) != 1 {
		t.Errorf("%d mails and %d texts", len(h.mails.sent), len(h.texts.sent))
	}
	h.Clock.Advance(time.Hour)
	h.drain()
	if len(h.texts.sent) != 1 {
		t.Error("an SMS of unknown fate was sent again")
	}
}

func TestWhatANewerMessageSaysIsNotSaidAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	// While the first is on its way a booking queues a newer one, which supersedes the second of the batch.
	first, second := h.queue(), h.queue(bySMS(h))
	h.mails.script = []error{temporary}
	h.mails.during = func() {
		if len(h.mails.sent) > 1 {
			return
		}
		h.queue()
		h.write(func(tx *store.Tx) error {
			return store.Update(tx, &models.Message{ID: second, State: models.MessageSuperseded}, "state")
		})
	}
	h.equal("outcomes", h.drain(), "mail superseded", "mail sent")
	h.is(first, models.MessageSuperseded, "busy", 1)
	h.is(second, models.MessageSuperseded, "", 0)
	if len(h.mails.sent) != 2 || len(h.texts.sent) != 0 {
		t.Errorf("%d mails and %d texts", len(h.mails.sent), len(h.texts.sent))
	}
}

func TestWhatIsNewerIsToldByTheRevisionAndNotByTheID(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	// The newer one was made by a program whose clock is behind: its id and its time are smaller.
	older, newer := models.New[models.MessageID](), models.New[models.MessageID]()
	if older.Compare(newer) < 0 {
		older, newer = newer, older
	}
	h.queue(func(m *models.Message) { m.ID, m.State, m.Attempts = older, models.MessageSent, 1 })
	h.queue(func(m *models.Message) { m.ID, m.CreatedAt = newer, m.CreatedAt.Add(-5*time.Second) })
	h.equal("outcomes", h.drain(), "mail sent")
	h.is(newer, models.MessageSent, "", 1)
	h.is(older, models.MessageSent, "", 1)
}

func TestAMailThatMayHaveGoneStaysUnknownWhenANewerOneSaysItAll(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	// Its sender died between handing it over and noting that, and the family acted again.
	died := h.queue(begun)
	h.queue()
	h.drain()
	h.Clock.Advance(time.Second)
	h.equal("outcomes", h.drain(), "mail sent")
	h.is(died, models.MessageUnknown, models.ProblemInterrupted, 1)

	// The answer was lost; the next try found the server busy, and then the family acted.
	h.mails.script = []error{ambiguous, temporary}
	lost := h.queue()
	h.drain()
	h.is(lost, models.MessageQueued, models.ProblemNoAnswer, 1)
	h.Clock.Advance(time.Minute)
	h.drain()
	h.is(lost, models.MessageQueued, models.ProblemNoAnswer, 2)
	h.queue()
	h.Clock.Advance(time.Hour)
	h.drain()
	h.is(lost, models.MessageUnknown, models.ProblemNoAnswer, 2)

	// The family acted while the answer was being lost.
	h.mails.script = []error{ambiguous}
	h.mails.during = func() {
		h.mails.during = nil
		h.queue()
	}
	during := h.queue()
	h.drain()
	h.is(during, models.MessageUnknown, models.ProblemNoAnswer, 1)

	// Nobody acted, and it was tried until it was not worth sending any more.
	h.mails.script = []error{ambiguous, temporary}
	late := h.queue(func(m *models.Message) { m.UsefulUntil = m.CreatedAt.Add(3 * time.Minute) })
	h.drain()
	h.Clock.Advance(time.Minute)
	h.drain()
	h.is(late, models.MessageUnknown, models.ProblemNoAnswer, 2)

	h.must(h.Store.For(storetest.As(h.school)).Read(h.ctx, func(tx *store.Tx) error {
		count, err := store.Count[models.Message](tx, store.Eq("state", models.MessageSuperseded), store.From("attempts", 1))
		if count != 0 {
			t.Errorf("%d that may have gone are called superseded", count)
		}
		return err
	}))
}

func TestAMessageWaitsForAnOlderOneThatIsOnItsWay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	until := h.Clock.Now().Add(2 * time.Minute)
	older := h.queue(func(m *models.Message) { m.State, m.Attempts, m.LeasedUntil = models.MessageSending, 1, &until })
	newer := h.queue()
	h.drain()
	h.is(newer, models.MessageQueued, "", 0)
	if len(h.mails.sent) != 0 {
		t.Fatalf("%d mails went before the older one was there", len(h.mails.sent))
	}
	h.write(func(tx *store.Tx) error {
		return store.Update(tx, &models.Message{ID: older, State: models.MessageSent}, "state", "leased_until")
	})
	h.Clock.Advance(time.Second)
	h.drain()
	h.is(newer, models.MessageSent, "", 1)
}

func TestACodeIsForgottenOnceItWasSent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.queue(aCode)
	h.Clock.Advance(2 * time.Minute)
	h.drain()
	if got := h.message(id).Details; got.Code != "" || got.Link != "" {
		t.Error("the code or its link is still in the outbox")
	}
	letter := h.mails.sent[0]
	if !strings.Contains(strings.ReplaceAll(letter.Text, " ", ""), "12345678") || !strings.Contains(letter.Text, "/c/mZ1Qk0cJw2yqv8lTn3oXbA") || !strings.Contains(letter.Text, "tot ") || strings.Contains(letter.Subject, "1234") || letter.Calendar != nil {
		t.Errorf("letter %q:\n%s", letter.Subject, letter.Text)
	}
}

func TestMessagesThatWentByMeanwhileAreNoFault(t *testing.T) {
	t.Parallel()
	for name, vanish := range map[string]func(*house) error{
		"the contact": func(h *house) error {
			return h.Store.For(storetest.As(h.school)).Write(h.ctx, func(tx *store.Tx) error {
				_, err := store.Delete[models.Contact](tx, store.Eq("id", h.mail))
				return err
			})
		},
		"the school": func(h *house) error {
			_, err := h.Store.Installation(storetest.Operator()).EraseSchool(h.ctx, h.school)
			return err
		},
	} {
		h := newHouse(t)
		h.queue()
		h.mails.during = func() {
			if err := vanish(h); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		h.equal(name, h.drain())
		h.equal(name+", again", h.drain())
		if strings.Contains(h.log.String(), "level=ERROR") {
			t.Errorf("%s: the log says\n%s", name, h.log)
		}
	}
}

func TestAPersonWhoMovedOutGetsNothingOfTheHousehold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.queue(func(m *models.Message) {
		m.Details.Changes = []models.MessageChange{{Act: models.ActCancel, Appointment: models.New[models.AppointmentID](), Previous: 5_900_000}}
	})
	h.write(func(tx *store.Tx) error {
		home := models.New[models.HouseholdID]()
		if err := store.Insert(tx, &models.Household{ID: home, Origin: models.OriginStaff, CreatedAt: tx.Now()}); err != nil {
			return err
		}
		return store.Update(tx, &models.Contact{ID: h.mail, HouseholdID: home}, "household_id")
	})
	h.equal("outcomes", h.drain(), "mail superseded")
	h.is(id, models.MessageSuperseded, "nothing-to-say", 0)
}

func TestALinkForStaffLeavesASchoolThatRehearses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var id models.MessageID
	h.write(func(tx *store.Tx) (err error) {
		tx.School().Rehearsal = true
		if err := tx.UpdateSchool("rehearsal"); err != nil {
			return err
		}
		id, err = outbox.Queue(tx, outbox.Message{
			Kind: models.MessageStaffLink, Channel: models.ChannelMail, Until: tx.Now().Add(time.Hour),
			Details: models.MessageDetails{To: "visser@school.example", Link: "p9n1ZyQfS0mWb7s1YkT4aA", Purpose: models.TokenLogIn, Name: "J. Visser"},
		})
		return err
	})
	h.equal("the link", h.drain(), "mail sent")
	if len(h.folder.sent) != 0 || len(h.mails.sent) != 1 || h.mails.sent[0].To != "visser@school.example" || !strings.Contains(h.mails.sent[0].Text, "/staff/link/p9n1ZyQfS0mWb7s1YkT4aA\n") {
		t.Errorf("mails %+v, folder %+v", h.mails.sent, h.folder.sent)
	}
	if kept := h.message(id).Details; kept.Link != "" || kept.Name != "" {
		t.Errorf("the outbox keeps %+v", kept)
	}
}

func TestASchoolInRehearsalAndOneThatCloses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	set := func(change func(*models.School)) {
		h.write(func(tx *store.Tx) error {
			change(tx.School())
			return tx.UpdateSchool("rehearsal", "state")
		})
	}
	set(func(s *models.School) { s.Rehearsal = true })
	h.queue()
	h.queue(bySMS(h))
	h.equal("in rehearsal", h.drain(), "mail sent", "sms sent")
	if len(h.mails.sent)+len(h.texts.sent) != 0 || len(h.folder.sent) != 1 || !strings.Contains(h.folder.sent[0].Subject, "OEFENING") && !strings.Contains(strings.ToLower(h.folder.sent[0].Subject), "oefen") {
		t.Errorf("mails %+v, folder %+v", h.mails.sent, h.folder.sent)
	}
	set(func(s *models.School) { s.State = models.SchoolClosing })
	h.queue()
	h.equal("while it closes", h.drain(), "mail superseded")
	if len(h.folder.sent) != 1 {
		t.Error("a closing school writes")
	}
}

func TestTheLogNamesNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.queue()
	h.queue(bySMS(h))
	h.queue(aCode)
	h.queue(func(m *models.Message) { m.Language = strings.Repeat("x", 5) })
	h.mails.script = []error{refused, temporary, errUnknown}
	h.drain()
	for _, secret := range []string{"ouder@", "example.com", "31612345678", "Merel", "Planteijn", "Noord", "12345678", "19:00", "/m/"} {
		if strings.Contains(h.log.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, h.log)
		}
	}
	if !strings.Contains(h.log.String(), h.school.String()) {
		t.Errorf("the log says nothing:\n%s", h.log)
	}
}

func TestEverySchoolIsServed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var others []models.SchoolID
	for _, slug := range []string{"de-lijster", "de-spreeuw"} {
		school := storetest.School(t, h.Store, slug)
		others = append(others, school)
		h.must(h.Store.For(storetest.As(school)).Write(h.ctx, func(tx *store.Tx) error {
			return store.Insert(tx, &models.Message{
				ID: models.New[models.MessageID](), Kind: models.MessageTest, Channel: models.ChannelMail, State: models.MessageQueued, DueAt: tx.Now(), UsefulUntil: tx.Now().Add(time.Hour),
				CreatedAt: tx.Now(), Details: models.MessageDetails{To: slug + "@example.com"},
			})
		}))
	}
	for range 45 { // more than one batch
		h.queue(aTest)
	}
	h.mails.script = slices.Repeat([]error{permanent}, 3)
	if got := len(h.drain()); got != 47 {
		t.Errorf("%d outcomes", got)
	}
	for _, school := range others {
		if !slices.ContainsFunc(h.mails.sent, func(m mailMessage) bool { return m.School == school.String() }) {
			t.Errorf("school %s was left out", school)
		}
	}
}

func TestAMessageThatCannotBeWrittenIsTriedAgainWhenSomebodyMendedIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.queue()
	title := func(text string) {
		h.write(func(tx *store.Tx) error {
			conferences, err := store.List[models.Conference](tx)
			if err != nil {
				return err
			}
			conferences[0].Details.Title = text
			return store.Update(tx, &conferences[0], "details")
		})
	}
	title("\u200b") // nothing that anybody could read
	h.equal("outcomes", h.drain(), "mail queued")
	h.is(id, models.MessageQueued, "render", 1)
	h.Clock.Advance(time.Minute)
	h.equal("outcomes", h.drain(), "mail queued")
	h.is(id, models.MessageQueued, "render", 2)
	if !strings.Contains(h.log.String(), "level=ERROR") {
		t.Error("nobody hears of it")
	}
	title("Gesprekken")
	h.Clock.Advance(5 * time.Minute)
	h.equal("outcomes", h.drain(), "mail sent")
}

// Half of the schools have a name that is not in the alphabet of text messages.
func TestTheSchoolsNameMakesNoTextMessageLonger(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]func(*house) func(*models.Message){
		"a confirmation": func(h *house) func(*models.Message) {
			return func(m *models.Message) { bySMS(h)(m); m.HouseholdID = h.home }
		},
		"a code": func(h *house) func(*models.Message) {
			return func(m *models.Message) { aCode(m); bySMS(h)(m) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.write(func(tx *store.Tx) error {
				tx.School().Details.Name = "Daltonschool ’t Zoëte Hof – Brûlée"
				return tx.UpdateSchool("details")
			})
			h.queue(kind(h))
			h.equal("the outcome", h.drain(), "sms sent")
			body := h.texts.sent[0].Body
			if sms.Segments(body) > 2 || !strings.Contains(body, "Daltonschool 't Zoete Hof - Brulée") {
				t.Errorf("%d parts: %s", sms.Segments(body), body)
			}
		})
	}
}
