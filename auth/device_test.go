package auth_test

import (
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

const receipt = "od_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

func TestAKnownDevice(t *testing.T) {
	t.Parallel()
	setUp := func(t *testing.T) *world {
		t.Helper()
		w := newSchool(t)
		w.guess(0, 8)
		return w
	}
	known := func(w *world) parent.Origin {
		from := w.elsewhere()
		from.Device = receipt
		return from
	}
	t.Run("passes for its household, until five wrong answers", func(t *testing.T) {
		t.Parallel()
		w := setUp(t)
		w.maker("A", receipt, "sanne")
		wantGrant(t, w.in(right(), known(w)), "A", false, "sanne", "daan")
		w.out("for another household", rightOf(20), known(w))
		for k := range 5 {
			w.in(right(), known(w))
			w.out("wrong", wrong(k), known(w))
			w.out("the same again", wrong(k), known(w))
		}
		w.out("after five", right(), known(w))
		w.wantCharged("publicly", 8)
		w.Clock.Advance(24 * time.Hour)
		w.in(right(), known(w))
	})
	t.Run("where it was confirmed", func(t *testing.T) {
		t.Parallel()
		w := setUp(t)
		letter, err := w.service.Parents.FamilyCode(t.Context(), admin(w.school), household("A"))
		if err != nil {
			t.Fatal(err)
		}
		from := w.elsewhere()
		from.Device = w.in(parent.Answers{Name: "Sanne de Jong", FamilyCode: letter}, from).Device
		w.in(right(), from)
		from.Device = w.in(right(), from).Device
		w.in(right(), from)
	})
	t.Run("that too many know passes nothing", func(t *testing.T) {
		t.Parallel()
		w := setUp(t)
		for _, letter := range []string{"A", "B", "C", "D"} {
			w.maker(letter, receipt)
		}
		w.in(right(), known(w))
		w.maker("H", receipt)
		w.out("five households", right(), known(w))
	})
	t.Run("that somebody says is not theirs passes nothing and keeps nothing", func(t *testing.T) {
		t.Parallel()
		w := newSchool(t)
		w.maker("A", receipt, "sanne")
		from := known(w)
		from.Shared = true
		if opened := w.in(right(), from); opened.Device != "" || len(opened.Actor.Makers) != 0 {
			t.Errorf("opened %+v", opened)
		}
		w.guess(0, 8)
		w.out("shut", right(), from)
	})
	t.Run("of another household, or past its time, passes nothing", func(t *testing.T) {
		t.Parallel()
		w := setUp(t)
		w.maker("B", receipt, "emma")
		expired := w.maker("A", "od_CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "sanne")
		w.write(func(tx *store.Tx) error {
			row, err := store.Get[models.Maker](tx, expired)
			if err != nil {
				return err
			}
			row.ExpiresAt = tx.Now()
			return store.Update(tx, row, "expires_at")
		})
		for _, device := range []string{receipt, "od_CAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "", "x"} {
			from := w.elsewhere()
			from.Device = device
			w.out("device "+device, right(), from)
		}
	})
}
