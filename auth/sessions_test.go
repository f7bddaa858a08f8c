package auth_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

func TestASessionLastsItsTimeAndNoLonger(t *testing.T) {
	t.Parallel()
	open := map[string]func(*world) string{
		"recognised": func(w *world) string { return w.in(right(), w.elsewhere()).Token },
		"confirmed": func(w *world) string {
			return w.in(parent.Answers{Name: "Sanne de Jong", FamilyCode: w.familyCode("A")}, w.elsewhere()).Token
		},
		"staff": func(w *world) string { return w.staffIn(w.account("beheer", models.RoleAdministrator)).Token },
	}
	tests := map[string]struct {
		kind  string
		idle  time.Duration
		total time.Duration
	}{
		"recognised": {"recognised", 30 * time.Minute, 2 * time.Hour}, "confirmed": {"confirmed", 2 * time.Hour, 12 * time.Hour}, "staff": {"staff", 2 * time.Hour, 12 * time.Hour},
	}
	for name, tt := range tests {
		t.Run(name+", without use", func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			token := open[tt.kind](w)
			w.Clock.Advance(tt.idle - time.Microsecond)
			wantAlive(w, "just before", token, true)
			// The use just now moved the end on.
			w.Clock.Advance(tt.idle - time.Microsecond)
			wantAlive(w, "just before, again", token, true)
			w.Clock.Advance(tt.idle)
			wantAlive(w, "idle", token, false)
			w.Clock.Advance(-tt.idle)
		})
		t.Run(name+", in use all the time", func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			token := open[tt.kind](w)
			began := w.Clock.Now()
			for w.Clock.Now().Add(20 * time.Minute).Before(began.Add(tt.total)) {
				w.Clock.Advance(20 * time.Minute)
				wantAlive(w, "in use", token, true)
			}
			w.Clock.Set(began.Add(tt.total - time.Microsecond))
			wantAlive(w, "just before the end", token, true)
			w.Clock.Set(began.Add(tt.total))
			wantAlive(w, "at the end", token, false)
		})
	}
}

func wantAlive(w *world, what, token string, alive bool) {
	w.Helper()
	_, err := w.authenticate(token)
	if alive && err != nil {
		w.Errorf("%s: %v", what, err)
	}
	if !alive {
		wantKind(w, what, err, errs.Unauthenticated, "not-logged-in")
	}
}

func TestUseIsWrittenOnceAMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.in(right(), w.elsewhere()).Token
	seen := func() time.Time { return rows[models.Session](w)[0].SeenAt }
	began := w.Clock.Now()
	w.Clock.Advance(59 * time.Second)
	wantAlive(w, "within the minute", token, true)
	if !seen().Equal(began) {
		t.Errorf("written at %v", seen())
	}
	w.Clock.Advance(time.Second)
	wantAlive(w, "after the minute", token, true)
	if !seen().Equal(began.Add(time.Minute)) {
		t.Errorf("seen at %v", seen())
	}
}

func TestOnlyTheExactTokenOfThisSchoolOpensASession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	opened := w.in(right(), w.elsewhere())
	token := opened.Token
	actor, err := w.authenticate(token)
	if err != nil || actor.Kind != models.ActorParent || actor.School != w.school || len(actor.Grants) != 1 || models.SessionID(actor.ID) != rows[models.Session](w)[0].ID {
		t.Fatalf("actor %+v, %v", actor, err)
	}
	for name, wrong := range map[string]string{
		"nothing": "", "the prefix": "os_", "cut off": token[:len(token)-1], "one more": token + "A", "another letter": token[:10] + swapCase(token[10:]), "a space behind": token + " ",
		"a space in front": " " + token, "another prefix": "ok_" + token[3:], "without a prefix": token[3:], "very long": "os_" + strings.Repeat("A", 1000), "the device": opened.Device,
		"a bearer": "Bearer " + token,
	} {
		wantAlive(w, name, wrong, false)
	}
	_, err = w.service.Authenticate(context.Background(), w.other, token)
	wantKind(t, "at another school", err, errs.Unauthenticated, "not-logged-in")
	_, err = w.service.Authenticate(context.Background(), models.SchoolID{}, token)
	wantKind(t, "at no school", err, errs.Unauthenticated, "not-logged-in")
	for _, session := range rows[models.Session](w) {
		if strings.Contains(string(session.TokenIndex), token) || len(session.TokenIndex) != 32 {
			t.Error("the token is stored")
		}
	}
}

func swapCase(text string) string {
	return strings.Map(func(r rune) rune {
		if lower := []rune(strings.ToLower(string(r)))[0]; lower != r {
			return lower
		}
		return []rune(strings.ToUpper(string(r)))[0]
	}, text)
}

func TestAddingAChildGivesANewTokenAndEndsTheOldOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.in(right(), w.elsewhere())
	origin := w.elsewhere()
	origin.Session, origin.Device = first.Actor, first.Device
	second := w.in(parent.Answers{Name: "Emma Bakker", Factors: map[models.Factor]string{models.FactorBirthDate: "2-1-2016", models.FactorPostcode: "2345BC"}}, origin)
	if second.Token == first.Token || second.Device != first.Device {
		t.Error("the token stayed, or the device changed")
	}
	wantAlive(w, "the old token", first.Token, false)
	actor, err := w.authenticate(second.Token)
	if err != nil || len(actor.Grants) != 2 || actor.Grants[0].Household != household("A") || actor.Grants[1].Household != household("B") {
		t.Fatalf("grants %+v, %v", actor.Grants, err)
	}
	if sessions := rows[models.Session](w); len(sessions) != 1 {
		t.Errorf("%d sessions", len(sessions))
	}
	// With the old session, which has ended, nothing is widened.
	_, err = w.recognise(parent.Answers{Name: "Emma Bakker", Factors: map[models.Factor]string{models.FactorBirthDate: "2-1-2016", models.FactorPostcode: "3456CD"}}, origin)
	wantKind(t, "the old session", err, errs.Unauthenticated, "not-logged-in")
}

func TestAFailedAdditionLeavesTheSessionAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.in(right(), w.elsewhere())
	origin := w.elsewhere()
	origin.Session = first.Actor
	w.out("wrong", parent.Answers{Name: "Emma Bakker", Factors: map[models.Factor]string{models.FactorBirthDate: "3-1-2016", models.FactorPostcode: "2345BC"}}, origin)
	actor, err := w.authenticate(first.Token)
	if err != nil || len(actor.Grants) != 1 {
		t.Errorf("grants %+v, %v", actor.Grants, err)
	}
}

func TestConfirmedStaysConfirmedAndRecognisingAgainAddsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.in(parent.Answers{Name: "Sanne de Jong", FamilyCode: w.familyCode("A")}, w.elsewhere())
	origin := w.elsewhere()
	origin.Session = first.Actor
	wantGrant(t, w.in(right(), origin), "A", true, "sanne", "daan")
}

func TestADeviceIsGivenBackWhatItMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	here, elsewhere := w.maker("A", receipt, "sanne"), w.maker("B", receipt, "emma")
	w.maker("A", "od_CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "sanne")
	origin := w.elsewhere()
	origin.Device = receipt
	opened := w.in(right(), origin)
	if opened.Device != receipt || !slices.Equal(opened.Actor.Makers, []models.MakerID{here}) {
		t.Errorf("device %q, makers %v; of another household is %v", opened.Device, opened.Actor.Makers, elsewhere)
	}
	w.write(func(tx *store.Tx) error {
		row, err := store.Get[models.Maker](tx, here)
		if err != nil {
			return err
		}
		row.ExpiresAt = tx.Now()
		return store.Update(tx, row, "expires_at")
	})
	if opened := w.in(right(), origin); len(opened.Actor.Makers) != 0 {
		t.Errorf("an expired maker is given back: %v", opened.Actor.Makers)
	}
}

func TestATextThatIsNoReceiptIsReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seen := map[string]bool{}
	for _, device := range []string{"", "x", "od_", "od_short", receipt + "A", "os_" + receipt[3:], receipt[:len(receipt)-1] + "=", receipt[:len(receipt)-1] + "\n", receipt[:len(receipt)-1] + "B", strings.Repeat("x", 5000)} {
		origin := w.elsewhere()
		origin.Device = device
		opened := w.in(right(), origin)
		if opened.Device == device || !strings.HasPrefix(opened.Device, "od_") || seen[opened.Device] {
			t.Errorf("%.60q became %q", device, opened.Device)
		}
		seen[opened.Device] = true
		origin.Device = opened.Device
		if again := w.in(right(), origin); again.Device != opened.Device {
			t.Errorf("a receipt of ours was replaced: %q", again.Device)
		}
	}
}

func TestLeavingEndsTheSessionAndNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two := w.in(right(), w.elsewhere()), w.in(right(), w.elsewhere())
	for range 2 {
		if err := w.service.Sessions.Leave(t.Context(), one.Actor); err != nil {
			t.Fatal(err)
		}
	}
	wantAlive(w, "left", one.Token, false)
	wantAlive(w, "the other", two.Token, true)
}
