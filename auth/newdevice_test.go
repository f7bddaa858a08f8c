package auth_test

import (
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/auth/session"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/managelink"
	"github.com/ouderavond/ouderavond/models/store"
)

// notices counts the notices of a new device in the outbox.
func (w *world) notices() (count int64) {
	w.Helper()
	w.write(func(tx *store.Tx) (err error) {
		count, err = store.Count[models.Message](tx, store.Eq("kind", models.MessageNewDevice))
		return err
	})
	return count
}

func TestAFamilyHearsOfADeviceThatItHasNotUsedBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	filed := w.contact("A", "ouder@example.nl", models.ContactEmail, models.SourceFile)
	w.contact("A", "oma@example.nl", models.ContactEmail, models.SourceTyped)
	w.contact("B", "ander@example.nl", models.ContactEmail, models.SourceFile)
	token := w.link(w.school, managelink.Contact, filed)
	open := func(origin parent.Origin) *session.Opened {
		t.Helper()
		opened, err := w.openLink(token, origin)
		if err != nil {
			t.Fatal(err)
		}
		return opened
	}
	before := w.notices()
	first := open(w.elsewhere())
	if got := w.notices() - before; got != 1 {
		t.Fatalf("%d notices, want one to the contact on file", got)
	}
	again := w.elsewhere()
	again.Device = first.Device
	open(again)
	w.Clock.Advance(2 * time.Hour)
	open(again)
	if got := w.notices() - before; got != 1 {
		t.Errorf("%d notices after the same device came again", got)
	}
	open(w.elsewhere())
	open(w.elsewhere())
	if got := w.notices() - before; got != 2 {
		t.Errorf("%d notices after two more devices within an hour", got)
	}
}
