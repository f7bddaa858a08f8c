package auth_test

import (
	"context"
	"fmt"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// ask asks for a code and gives the messages that were queued for it.
func (w *world) ask(answers parent.Answers, origin parent.Origin) []models.Message {
	w.Helper()
	before := map[models.MessageID]bool{}
	for _, message := range rows[models.Message](w) {
		before[message.ID] = true
	}
	if err := w.service.Parents.RequestCode(context.Background(), w.school, answers, origin); err != nil {
		w.Fatal(err)
	}
	var queued []models.Message
	for _, message := range rows[models.Message](w) {
		if !before[message.ID] {
			queued = append(queued, message)
		}
	}
	return queued
}

// code asks for a code for Sanne, whose household has one contact, and gives it.
func (w *world) code() string {
	w.Helper()
	queued := w.ask(right(), w.elsewhere())
	if len(queued) != 1 {
		w.Fatalf("%d messages", len(queued))
	}
	return queued[0].Details.Code
}

func with(code string) parent.Answers { return parent.Answers{Name: "Sanne de Jong", Code: code} }

// other gives a code that is not the given one, each n another.
func other(code string, n int) string {
	var value int
	_, _ = fmt.Sscanf(code, "%d", &value)
	return fmt.Sprintf("%08d", (value+n+1)%100_000_000)
}

func TestACodeGoesToTheContactsOnFileOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mail := w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	phone := w.contact("A", "+31612345678", models.ContactPhone, models.SourceStaff, func(c *models.Contact) { c.Language = "en" })
	w.contact("A", "getypt@example.nl", models.ContactEmail, models.SourceTyped)
	w.contact("A", "weg@example.nl", models.ContactEmail, models.SourceFile, func(c *models.Contact) { c.Suppressed = true })
	w.contact("A", "alleen-bevestiging@example.nl", models.ContactEmail, models.SourceFile, func(c *models.Contact) { c.Purposes = []string{"confirmation"} })
	w.contact("B", "ander@example.nl", models.ContactEmail, models.SourceFile)
	queued := w.ask(right(), w.elsewhere())
	if len(queued) != 2 || w.woken != 1 {
		t.Fatalf("%d messages, woken %d times: %+v", len(queued), w.woken, queued)
	}
	for _, message := range queued {
		want := map[models.ContactID]models.Message{
			mail: {Channel: models.ChannelMail, Language: "nl"}, phone: {Channel: models.ChannelSMS, Language: "en"},
		}[message.ContactID]
		if message.Channel != want.Channel || message.Language != want.Language || message.Kind != models.MessageCode || message.State != models.MessageQueued || message.HouseholdID != household("A") {
			t.Errorf("message %+v", message)
		}
		if !message.DueAt.Equal(storetest.Start()) || !message.UsefulUntil.Equal(storetest.Start().Add(10*time.Minute)) {
			t.Errorf("due %v until %v", message.DueAt, message.UsefulUntil)
		}
		if !regexp.MustCompile(`^[0-9]{8}$`).MatchString(message.Details.Code) || message.Details.Code != queued[0].Details.Code {
			t.Errorf("code %q", message.Details.Code)
		}
	}
	wantGrant(t, w.in(with(queued[0].Details.Code), w.elsewhere()), "A", true, "sanne", "daan")
}

func TestAChannelThatIsOffSendsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	w.contact("A", "+31612345678", models.ContactPhone, models.SourceFile)
	w.write(func(tx *store.Tx) error {
		tx.School().Channels = models.Channels{Mail: true}
		return tx.UpdateSchool("channels")
	})
	if queued := w.ask(right(), w.elsewhere()); len(queued) != 1 || queued[0].Channel != models.ChannelMail {
		t.Errorf("messages %+v", queued)
	}
}

func TestWhoMayAskForACode(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answers parent.Answers
		sent    int
	}{
		"all right":                  {right(), 1},
		"what the roster has of Tim": {parent.Answers{Name: "Tim Bos", Factors: map[models.Factor]string{models.FactorPostcode: "7890GH", models.FactorBirthDate: "1-1-2015"}}, 1},
		"what the roster has of Tim and nothing else": {parent.Answers{Name: "Tim Bos", Factors: map[models.Factor]string{models.FactorPostcode: "7890GH"}}, 1},
		"two homes: both":                            {parent.Answers{Name: "Finn Smit", Factors: map[models.Factor]string{models.FactorBirthDate: "5-5-2013", models.FactorPostcode: "6789FG"}}, 2},
		"a name that nobody has":                     {parent.Answers{Name: "Piet Puk", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AB"}}, 0},
		"a wrong date":                               {parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "5-3-2015", models.FactorPostcode: "1234AB"}}, 0},
		"a wrong postcode":                           {parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015", models.FactorPostcode: "1234AC"}}, 0},
		"a factor left out":                          {parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "4-3-2015"}}, 0},
		"a name only":                                {parent.Answers{Name: "Sanne de Jong"}, 0},
		"Tim, and a wrong postcode":                  {parent.Answers{Name: "Tim Bos", Factors: map[models.Factor]string{models.FactorPostcode: "1234AB", models.FactorBirthDate: "1-1-2015"}}, 0},
		"a child of whom the roster has nothing":     {parent.Answers{Name: "Ravi Kok", Factors: map[models.Factor]string{models.FactorPostcode: "1234AB", models.FactorBirthDate: "1-1-2015"}}, 0},
		"a protected address":                        {parent.Answers{Name: "Zoë Mulder", Factors: map[models.Factor]string{models.FactorBirthDate: "11-11-2015", models.FactorPostcode: "1111ZZ"}}, 0},
		"a child who has left":                       {parent.Answers{Name: "Mila Vos", Factors: map[models.Factor]string{models.FactorBirthDate: "10-10-2010", models.FactorPostcode: "8901HJ"}}, 0},
		"twins of two families, alike in everything": {parent.Answers{Name: "Lotte Dekker", Factors: map[models.Factor]string{models.FactorBirthDate: "6-6-2016", models.FactorPostcode: "9012KL"}}, 0},
		"a date of no calendar":                      {parent.Answers{Name: "Sanne de Jong", Factors: map[models.Factor]string{models.FactorBirthDate: "31-2-2015", models.FactorPostcode: "1234AB"}}, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for letter := 'A'; letter <= 'N'; letter++ {
				w.contact(string(letter), "ouder@example.nl", models.ContactEmail, models.SourceFile)
			}
			if queued := w.ask(tt.answers, w.elsewhere()); len(queued) != tt.sent {
				t.Errorf("%d messages", len(queued))
			}
			if codes := rows[models.Code](w); len(codes) != tt.sent {
				t.Errorf("%d codes", len(codes))
			}
			// Whether or not a code was sent, the disk was waited for: once for each request.
			w.ask(tt.answers, w.elsewhere())
			if got := w.spent(budget.Asked); got != 2 {
				t.Errorf("%d requests were counted", got)
			}
		})
	}
}

func TestACodeOpensTheHouseholdItWasSentTo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	contacts := map[models.ContactID]string{
		w.contact("F", "een@example.nl", models.ContactEmail, models.SourceFile): "F", w.contact("G", "twee@example.nl", models.ContactEmail, models.SourceFile): "G",
	}
	queued := w.ask(parent.Answers{Name: "Finn Smit", Factors: map[models.Factor]string{models.FactorBirthDate: "5-5-2013", models.FactorPostcode: "6789FG"}}, w.elsewhere())
	for _, message := range queued {
		wantGrant(t, w.in(parent.Answers{Name: "Finn Smit", Code: message.Details.Code}, w.elsewhere()), contacts[message.ContactID], true, "finn")
	}
}

func TestACodeWorksHoweverItIsTypedWithTheNameOfAChild(t *testing.T) {
	t.Parallel()
	for name, spell := range map[string]func(string) string{
		"as it is": func(c string) string { return c }, "with a space": func(c string) string { return c[:4] + " " + c[4:] }, "with a hyphen": func(c string) string { return c[:4] + "-" + c[4:] },
		"with spaces around": func(c string) string { return "  " + c + "\n" },
	} {
		w := newWorld(t)
		w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
		opened, err := w.recognise(parent.Answers{Name: "jong, daan de", Code: spell(w.code())}, w.elsewhere())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		wantGrant(t, opened, "A", true, "sanne", "daan")
	}
	w := newWorld(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	code := w.code()
	w.out("another child's name", parent.Answers{Name: "Emma Bakker", Code: code}, w.elsewhere())
	w.out("nobody's name", parent.Answers{Name: "Piet Puk", Code: code}, w.elsewhere())
	w.out("seven digits", with(code[:7]), w.elsewhere())
	w.out("nine digits", with(code+"0"), w.elsewhere())
	w.in(with(code), w.elsewhere())
}

func TestACodeWorksOnceAndForTenMinutes(t *testing.T) {
	t.Parallel()
	t.Run("once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
		code := w.code()
		w.in(with(code), w.elsewhere())
		w.out("again", with(code), w.elsewhere())
	})
	t.Run("once, even for many at the same time", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
		code := w.code()
		var group sync.WaitGroup
		opened := make(chan *session.Opened, 10)
		for range cap(opened) {
			from := w.elsewhere()
			group.Go(func() {
				if one, err := w.recognise(with(code), from); err == nil {
					opened <- one
				} else {
					wantUniform(t, "too late", err)
				}
			})
		}
		group.Wait()
		if len(opened) != 1 {
			t.Errorf("%d got in", len(opened))
		}
	})
	for name, tt := range map[string]struct {
		wait time.Duration
		good bool
	}{"until the end": {10*time.Minute - time.Microsecond, true}, "not at the end": {10 * time.Minute, false}, "not later": {time.Hour, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
			code := w.code()
			w.Clock.Advance(tt.wait)
			if tt.good {
				w.in(with(code), w.elsewhere())
			} else {
				w.out(name, with(code), w.elsewhere())
			}
		})
	}
}

func TestFiveWrongCodesEndTheRightOne(t *testing.T) {
	t.Parallel()
	for wrongs, good := range map[int]bool{4: true, 5: false, 6: false} {
		w := newWorld(t)
		w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
		code := w.code()
		for n := range wrongs {
			w.out("wrong", with(other(code, n)), w.elsewhere())
		}
		if good {
			w.in(with(code), w.elsewhere())
			continue
		}
		w.out("right", with(code), w.elsewhere())
		w.in(with(w.code()), w.elsewhere()) // a new one has its own tries
	}
}

func TestANewerCodeWorksBesideTheOlderOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	older := w.code()
	w.Clock.Advance(time.Minute)
	newer := w.code()
	if older == newer {
		t.Skip("one in a hundred million")
	}
	w.in(with(newer), w.elsewhere())
	w.in(with(older), w.elsewhere())
	w.out("the newer again", with(newer), w.elsewhere())
	if codes := rows[models.Code](w, store.Null("used_at")); len(codes) != 0 {
		t.Errorf("%d codes are unused", len(codes))
	}
}

func TestAFamilyGetsThreeCodesAnHourAndSixADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	w.contact("B", "ander@example.nl", models.ContactEmail, models.SourceFile)
	sent := func() int { return len(w.ask(right(), w.elsewhere())) }
	for n := range 5 {
		if got := sent(); got != map[bool]int{true: 1, false: 0}[n < 3] {
			t.Errorf("code %d: %d messages", n+1, got)
		}
	}
	if got := len(w.ask(parent.Answers{Name: "Emma Bakker", Factors: map[models.Factor]string{models.FactorBirthDate: "2-1-2016", models.FactorPostcode: "2345BC"}}, w.elsewhere())); got != 1 {
		t.Errorf("another family: %d messages", got)
	}
	w.Clock.Advance(time.Hour + 10*time.Minute)
	for n := range 4 {
		if got := sent(); got != map[bool]int{true: 1, false: 0}[n < 3] {
			t.Errorf("an hour later, code %d: %d messages", n+1, got)
		}
	}
	w.Clock.Advance(2 * time.Hour)
	if sent() != 0 {
		t.Error("a seventh code within a day")
	}
	w.Clock.Advance(24 * time.Hour)
	if sent() != 1 {
		t.Error("no code the next day")
	}
}

func TestAFamilyWithoutAContactUsesUpNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 5 {
		if queued := w.ask(right(), w.elsewhere()); len(queued) != 0 {
			t.Errorf("messages %+v", queued)
		}
	}
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	w.in(with(w.code()), w.elsewhere())
}

func TestAnAddressThatAsksWithoutEndGetsNoMoreCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	from := w.elsewhere()
	w.write(func(tx *store.Tx) error {
		return store.Insert(tx, &models.Budget{Name: budget.Asked.Name, Subject: tx.Index("budget address", from.Address.String()+"/32"), Window: tx.Now(), Spent: budget.Asked.Max})
	})
	if queued := w.ask(right(), from); len(queued) != 0 {
		t.Errorf("messages %+v", queued)
	}
	if queued := w.ask(right(), w.elsewhere()); len(queued) != 1 {
		t.Errorf("another address: %+v", queued)
	}
}

func TestWrongRequestsForACodeChargeLikeWrongLogIns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	for n := range 3 {
		if queued := w.ask(wrong(n), w.elsewhere()); len(queued) != 0 {
			t.Errorf("messages %+v", queued)
		}
	}
	w.out("right", right(), w.elsewhere())
	// The way on stays open: a code to the contact on file.
	w.in(with(w.code()), w.elsewhere())
}

func TestASessionAsksForItsOwnHouseholds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	w.contact("B", "ander@example.nl", models.ContactEmail, models.SourceFile)
	opened := w.in(right(), w.elsewhere())
	origin := w.elsewhere()
	origin.Session = opened.Actor
	queued := w.ask(parent.Answers{Name: "Emma Bakker", Factors: map[models.Factor]string{models.FactorBirthDate: "2-1-2016", models.FactorPostcode: "2345BC"}}, origin)
	if len(queued) != 1 || queued[0].HouseholdID != household("A") {
		t.Fatalf("messages %+v", queued)
	}
	confirmed := w.in(with(queued[0].Details.Code), origin)
	wantGrant(t, confirmed, "A", true, "sanne", "daan")
	origin.Session = confirmed.Actor
	if queued := w.ask(parent.Answers{}, origin); len(queued) != 0 {
		t.Errorf("a confirmed household is sent another code: %+v", queued)
	}
}
