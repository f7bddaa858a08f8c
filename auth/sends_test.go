package auth_test

import (
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/store"
)

func TestAFamilyIsSentThreeAtOnceAndTwelveADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	w.contact("B", "ander@example.nl", models.ContactEmail, models.SourceFile)
	var sent []models.Message
	begin := w.Clock.Now()
	ask := func() int {
		queued := w.ask(right(), w.elsewhere())
		sent = append(sent, queued...)
		return len(queued)
	}
	for n := range 5 {
		if got := ask(); got != map[bool]int{true: 1, false: 0}[n < 3] {
			t.Errorf("code %d: %d messages", n+1, got)
		}
	}
	if got := len(w.ask(parent.Answers{Name: "Emma Bakker", Factors: map[models.Factor]string{models.FactorBirthDate: "2-1-2016", models.FactorPostcode: "2345BC"}}, w.elsewhere())); got != 1 {
		t.Errorf("another family: %d messages", got)
	}
	for range 12 * 4 {
		w.Clock.Advance(5 * time.Minute)
		ask()
	}
	if len(sent) != 12 {
		t.Fatalf("%d messages in a day", len(sent))
	}
	last := sent[11]
	if !last.Details.Last || sent[10].Details.Last || !last.CreatedAt.Equal(begin.Add(3*time.Hour)) || !last.UsefulUntil.Equal(begin.Add(27*time.Hour)) {
		t.Errorf("the last: %+v", last)
	}
	w.Clock.Advance(last.UsefulUntil.Sub(w.Clock.Now()) - time.Second)
	if _, err := w.byLink(last.Details.Link, w.elsewhere()); err != nil {
		t.Errorf("the last link, a day later: %v", err)
	}
	if ask() != 1 {
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
	from, sent := w.code()
	w.in(with(sent.Code), from)
}

func TestWrongRequestsForACodeChargeNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	from := w.elsewhere()
	for n := range 50 {
		if queued := w.ask(wrong(n), from); len(queued) != 0 {
			t.Errorf("messages %+v", queued)
		}
		w.Clock.Advance(time.Second)
	}
	w.in(right(), from)
	if queued := w.ask(right(), from); len(queued) != 1 {
		t.Errorf("%d messages", len(queued))
	}
}

func TestOnesOwnAddressIsEnoughIfTheSchoolHasIt(t *testing.T) {
	t.Parallel()
	setUp := func(t *testing.T) *world {
		t.Helper()
		w := newWorld(t)
		w.contact("A", "Moeder@example.nl", models.ContactEmail, models.SourceFile)
		w.contact("A", "+31612345678", models.ContactPhone, models.SourceFile)
		w.contact("A", "getypt@example.nl", models.ContactEmail, models.SourceTyped)
		w.contact("B", "ander@example.nl", models.ContactEmail, models.SourceFile)
		w.contact("L", "een@example.nl", models.ContactEmail, models.SourceFile)
		w.contact("M", "twee@example.nl", models.ContactEmail, models.SourceFile)
		w.contact("I", "zoe@example.nl", models.ContactEmail, models.SourceFile)
		return w
	}
	for name, tt := range map[string]struct{ child, contact, letter, to string }{
		"as on file":            {"Sanne de Jong", "moeder@example.nl", "A", "Moeder@example.nl"},
		"a telephone":           {"Sanne de Jong", "06 1234 5678", "A", "+31612345678"},
		"a slip in the name":    {"Sanne de Jnog", "moeder@example.nl", "A", "Moeder@example.nl"},
		"one of two Lottes":     {"Lotte Dekker", "twee@example.nl", "M", "twee@example.nl"},
		"a typed one":           {"Sanne de Jong", "getypt@example.nl", "", ""},
		"of another family":     {"Sanne de Jong", "ander@example.nl", "", ""},
		"of nobody":             {"Sanne de Jong", "niemand@example.nl", "", ""},
		"no address":            {"Sanne de Jong", "x", "", ""},
		"nobody's name":         {"Piet Puk", "moeder@example.nl", "", ""},
		"a protected child":     {"Zoë Mulder", "zoe@example.nl", "", ""},
		"wrong factors as well": {"Sanne de Jong", "moeder@example.nl", "A", "Moeder@example.nl"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setUp(t)
			from := w.elsewhere()
			answers := wrong(1)
			answers.Name, answers.Contact = tt.child, tt.contact
			queued := w.ask(answers, from)
			if tt.letter == "" {
				if len(queued) != 0 {
					t.Errorf("%d messages", len(queued))
				}
				return
			}
			if len(queued) != 1 || queued[0].HouseholdID != household(tt.letter) {
				t.Fatalf("messages %+v", queued)
			}
			contacts := rows[models.Contact](w, store.Eq("id", queued[0].ContactID))
			if contacts[0].Details.Value != tt.to {
				t.Errorf("sent to another contact")
			}
			if opened := w.in(with(queued[0].Details.Code), from); !opened.Actor.Grants[0].Confirmed || opened.Actor.Grants[0].Household != household(tt.letter) {
				t.Errorf("grants %+v", opened.Actor.Grants)
			}
		})
	}
}

func TestAfterManyMessagesTelephonesAreSpared(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	w.contact("A", "+31612345678", models.ContactPhone, models.SourceFile)
	w.contact("B", "+31612345679", models.ContactPhone, models.SourceFile)
	w.write(func(tx *store.Tx) error {
		return store.Insert(tx, &models.Budget{Name: budget.Messages.Name, Subject: tx.Index("budget", "school"), Window: tx.Now().Truncate(time.Hour), Spent: 3 * 14})
	})
	if queued := w.ask(right(), w.elsewhere()); len(queued) != 1 || queued[0].Channel != models.ChannelMail {
		t.Errorf("messages %+v", queued)
	}
	emma := parent.Answers{Name: "Emma Bakker", Factors: map[models.Factor]string{models.FactorBirthDate: "2-1-2016", models.FactorPostcode: "2345BC"}}
	if queued := w.ask(emma, w.elsewhere()); len(queued) != 1 || queued[0].Channel != models.ChannelSMS {
		t.Errorf("without a mail address: %+v", queued)
	}
	if spared := w.figures().Spared; spared != 2 {
		t.Errorf("%d are counted", spared)
	}
}

func TestManyWrongCodesMakeLongerOnesAndCloseNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	from, before := w.code()
	w.write(func(tx *store.Tx) error {
		misses := make([]*models.LoginMiss, 500)
		for i := range misses {
			misses[i] = &models.LoginMiss{
				Slot: int64(i), Lane: models.LaneCode, Household: []byte("h"), Child: []byte("c"), Address: []byte("a"), Network: []byte("n"), Token: []byte("t"), Answer: []byte("x"), Cost: 4, At: tx.Now(),
			}
		}
		return store.Insert(tx, misses...)
	})
	other, after := w.code()
	if len(before.Code) != 8 || len(after.Code) != 10 {
		t.Errorf("%d and %d digits", len(before.Code), len(after.Code))
	}
	if long := w.figures().Long; long != 1 {
		t.Errorf("%d are counted", long)
	}
	w.in(with(after.Code), other)
	w.in(with(before.Code), from)
	w.in(right(), w.elsewhere())
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
