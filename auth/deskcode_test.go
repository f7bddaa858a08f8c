package auth_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/budget"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

func TestADeskCodeConfirmsForTwoHours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code, until, err := w.service.Parents.DeskCode(t.Context(), admin(w.school), household("I"))
	if err != nil || !until.Equal(storetest.Start().Add(2*time.Hour)) || !regexp.MustCompile(`^[0-9]{8}$`).MatchString(code) {
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

func TestTooManyWrongCodesCloseThoseThatWereSentOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	sent := w.code()
	desk, _, err := w.service.Parents.DeskCode(t.Context(), admin(w.school), household("A"))
	if err != nil {
		t.Fatal(err)
	}
	letter, err := w.service.Parents.FamilyCode(t.Context(), admin(w.school), household("A"))
	if err != nil {
		t.Fatal(err)
	}
	w.write(func(tx *store.Tx) error {
		return store.Insert(tx, &models.Budget{Name: budget.Codes.Name, Subject: tx.Index("budget", "school"), Window: tx.Now().Truncate(time.Hour), Spent: budget.Codes.Max - 1})
	})
	w.out("the last wrong one", parent.Answers{Name: "Piet Puk", Code: "00000000"}, w.elsewhere())
	w.out("the sent one", with(sent), w.elsewhere())
	w.in(with(desk), w.elsewhere())
	w.in(parent.Answers{Name: "Sanne de Jong", FamilyCode: letter}, w.elsewhere())
	if codes := rows[models.Code](w, store.Eq("kind", models.CodeContact)); len(codes) != 1 || codes[0].UsedAt != nil {
		t.Errorf("the code that was refused is used up: %+v", codes)
	}
}
