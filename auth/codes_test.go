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
	"github.com/ouderavond/ouderavond/models/errs"
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
	asked, err := w.service.Parents.RequestCode(context.Background(), w.school, answers, origin)
	if err != nil || asked.Try != origin.Try {
		w.Fatal(asked, err)
	}
	var queued []models.Message
	for _, message := range rows[models.Message](w) {
		if !before[message.ID] {
			queued = append(queued, message)
		}
	}
	return queued
}

// code asks for a code for Sanne, whose household has one contact, and gives the device that asked and what was sent.
func (w *world) code() (parent.Origin, models.MessageDetails) {
	w.Helper()
	from := w.elsewhere()
	queued := w.ask(right(), from)
	if len(queued) != 1 {
		w.Fatalf("%d messages", len(queued))
	}
	return from, queued[0].Details
}

func with(code string) parent.Answers { return parent.Answers{Name: "Sanne de Jong", Code: code} }

// other gives a code that is not the given one, each n another.
func other(code string, n int) string {
	var value int
	_, _ = fmt.Sscanf(code, "%d", &value)
	return fmt.Sprintf("%08d", (value+n+1)%100_000_000)
}

func (w *world) byLink(link string, origin parent.Origin) (*session.Opened, error) {
	return w.service.Parents.OpenCodeLink(context.Background(), w.school, link, origin)
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
	from := w.elsewhere()
	queued := w.ask(right(), from)
	if len(queued) != 2 || w.woken.Load() != 1 {
		t.Fatalf("%d messages, woken %d times: %+v", len(queued), w.woken.Load(), queued)
	}
	for _, message := range queued {
		want := map[models.ContactID]models.Message{
			mail: {Channel: models.ChannelMail, Language: "nl"}, phone: {Channel: models.ChannelSMS, Language: "en"},
		}[message.ContactID]
		if message.Channel != want.Channel || message.Language != want.Language || message.Kind != models.MessageCode || message.State != models.MessageQueued || message.HouseholdID != household("A") {
			t.Errorf("message %+v", message)
		}
		if !message.DueAt.Equal(storetest.Start()) || !message.UsefulUntil.Equal(storetest.Start().Add(30*time.Minute)) || !message.Details.CodeUntil.Equal(storetest.Start().Add(10*time.Minute)) {
			t.Errorf("due %v until %v", message.DueAt, message.UsefulUntil)
		}
		if !regexp.MustCompile(`^[0-9]{8}$`).MatchString(message.Details.Code) || message.Details.Code != queued[0].Details.Code {
			t.Errorf("code %q", message.Details.Code)
		}
	}
	wantGrant(t, w.in(with(queued[0].Details.Code), from), "A", true, "sanne", "daan")
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
			// Whether or not a code was sent, the disk was waited for.
			if shadows := rows[models.LoginShadow](w); len(shadows) != 4 {
				t.Errorf("%d shadows", len(shadows))
			}
			if misses := rows[models.LoginMiss](w); len(misses) != 0 {
				t.Errorf("charged: %+v", misses)
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
	from := w.elsewhere()
	queued := w.ask(parent.Answers{Name: "Finn Smit", Factors: map[models.Factor]string{models.FactorBirthDate: "5-5-2013", models.FactorPostcode: "6789FG"}}, from)
	for _, message := range queued {
		wantGrant(t, w.in(parent.Answers{Name: "Finn Smit", Code: message.Details.Code}, from), contacts[message.ContactID], true, "finn")
	}
}

func TestDigitsWorkHoweverTheyAreTypedWhereTheyWereAskedFor(t *testing.T) {
	t.Parallel()
	for name, spell := range map[string]func(string) string{
		"as it is": func(c string) string { return c }, "with a space": func(c string) string { return c[:4] + " " + c[4:] }, "with a hyphen": func(c string) string { return c[:4] + "-" + c[4:] },
		"with spaces around": func(c string) string { return "  " + c + "\n" },
	} {
		w := newWorld(t)
		w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
		from, sent := w.code()
		// No name is needed: the device is known as the one that asked.
		opened, err := w.recognise(parent.Answers{Code: spell(sent.Code)}, from)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		wantGrant(t, opened, "A", true, "sanne", "daan")
	}
	w := newWorld(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	from, sent := w.code()
	w.out("another device", with(sent.Code), w.elsewhere())
	w.out("seven digits", with(sent.Code[:7]), from)
	w.out("nine digits", with(sent.Code+"0"), from)
	opened, err := w.byLink(sent.Link, w.elsewhere())
	if err != nil {
		t.Fatal(err)
	}
	wantGrant(t, opened, "A", true, "sanne", "daan")
	w.out("the digits, after the link", with(sent.Code), from)
}

func TestACodeWorksOnceAndItsDigitsForTenMinutes(t *testing.T) {
	t.Parallel()
	t.Run("once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
		from, sent := w.code()
		w.in(with(sent.Code), from)
		w.out("again", with(sent.Code), from)
		_, err := w.byLink(sent.Link, from)
		wantKind(t, "the link, after the digits", err, errs.Unauthenticated, "login.link-not-good")
	})
	t.Run("once, even for many at the same time", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
		from, sent := w.code()
		var group sync.WaitGroup
		opened := make(chan *session.Opened, 10)
		for n := range cap(opened) {
			elsewhere := w.elsewhere()
			group.Go(func() {
				var one *session.Opened
				var err error
				if n%2 == 0 {
					one, err = w.recognise(with(sent.Code), from)
				} else {
					one, err = w.byLink(sent.Link, elsewhere)
				}
				if err == nil {
					opened <- one
				}
			})
		}
		group.Wait()
		if len(opened) != 1 {
			t.Errorf("%d got in", len(opened))
		}
	})
	for name, tt := range map[string]struct {
		wait         time.Duration
		digits, link bool
	}{
		"until the end": {10*time.Minute - time.Microsecond, true, true}, "not at the end": {10 * time.Minute, false, true}, "the link until its own": {30*time.Minute - time.Microsecond, false, true},
		"not longer": {30 * time.Minute, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, link := range []bool{false, true} {
				w := newWorld(t)
				w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
				from, sent := w.code()
				w.Clock.Advance(tt.wait)
				if link {
					if _, err := w.byLink(sent.Link, w.elsewhere()); (err == nil) != tt.link {
						t.Errorf("link: %v", err)
					}
				} else if _, err := w.recognise(with(sent.Code), from); (err == nil) != tt.digits {
					t.Errorf("digits: %v", err)
				}
			}
		})
	}
}

func TestFiveWrongCodesEndTheDigitsAndNotTheLink(t *testing.T) {
	t.Parallel()
	for wrongs, good := range map[int]bool{4: true, 5: false, 6: false} {
		w := newWorld(t)
		w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
		from, sent := w.code()
		for n := range wrongs {
			w.out("wrong", with(other(sent.Code, n)), from)
		}
		if good {
			w.in(with(sent.Code), from)
			continue
		}
		w.out("right", with(sent.Code), from)
		if _, err := w.byLink(sent.Link, w.elsewhere()); err != nil {
			t.Error(err)
		}
		w.Clock.Advance(time.Second)
		queued := w.ask(right(), from)
		w.in(with(queued[0].Details.Code), from) // a new one has its own tries
	}
}

func TestWrongCodesOfOthersCountForNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	from, sent := w.code()
	stranger := w.elsewhere()
	for n := range 60 {
		w.out("wrong", with(other(sent.Code, n)), stranger)
		w.Clock.Advance(100 * time.Millisecond)
	}
	if misses := rows[models.LoginMiss](w); len(misses) != 0 {
		t.Errorf("%d were charged", len(misses))
	}
	w.in(with(sent.Code), from)
}

func TestADeviceHasTheDigitsOfItsNewestMessageAndEveryLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	from, older := w.code()
	w.Clock.Advance(time.Minute)
	newer := w.ask(right(), from)[0].Details
	other, others := w.code()
	w.out("the older digits", with(older.Code), from)
	w.in(with(newer.Code), from)
	w.in(with(others.Code), other)
	if _, err := w.byLink(older.Link, w.elsewhere()); err != nil {
		t.Errorf("the older link: %v", err)
	}
}
