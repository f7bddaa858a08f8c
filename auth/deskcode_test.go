package auth_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

func TestADeskCodeConfirmsForTwoHours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code, until, err := w.service.Parents.DeskCode(t.Context(), admin(w.school), household("I"))
	if err != nil || !until.Equal(storetest.Start().Add(2*time.Hour)) || !regexp.MustCompile(`^[0-9A-Y]{9}$`).MatchString(code) {
		t.Fatalf("code %q until %v, %v", code, until, err)
	}
	w.Clock.Advance(2*time.Hour - time.Second)
	// The family of a protected address gets in this way.
	wantGrant(t, w.in(parent.Answers{Name: "Zoë Mulder", Code: code}, w.elsewhere()), "I", true, "zoe")
	w.out("again", parent.Answers{Name: "Zoë Mulder", Code: code}, w.elsewhere())
	code, _, err = w.service.Parents.DeskCode(t.Context(), admin(w.school), household("A"))
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(2 * time.Hour)
	w.out("too late", with(code), w.elsewhere())
	if audits := rows[models.Audit](w, store.Eq("action", "desk-code")); len(audits) != 2 || audits[0].ActorKind != models.ActorStaff {
		t.Errorf("audit %+v", audits)
	}
	code, _, err = w.service.Parents.DeskCode(t.Context(), admin(w.school), models.New[models.HouseholdID]())
	if code != "" || errs.KindOf(err) != errs.NotFound {
		t.Errorf("for nobody: %q, %v", code, err)
	}
}

func TestWrongCodesOfLetterAndDeskAreCountedNowhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	desk, _, err := w.service.Parents.DeskCode(t.Context(), admin(w.school), household("A"))
	if err != nil {
		t.Fatal(err)
	}
	letter, err := w.service.Parents.FamilyCode(t.Context(), admin(w.school), household("A"))
	if err != nil {
		t.Fatal(err)
	}
	from := w.elsewhere()
	for n := range 60 {
		w.out("wrong", parent.Answers{Name: "Sanne de Jong", Code: []string{"00000000", "7K3M-9QRT-4", letter[:8], "x"}[n%4]}, from)
		w.Clock.Advance(100 * time.Millisecond)
	}
	if misses := rows[models.LoginMiss](w); len(misses) != 0 {
		t.Errorf("%d were charged", len(misses))
	}
	w.out("another child's name", parent.Answers{Name: "Emma Bakker", Code: desk}, from)
	w.in(parent.Answers{Name: "Sanne de Jong", Code: desk}, from)
	w.in(parent.Answers{Name: "Sanne de Jong", FamilyCode: letter}, from)
}
