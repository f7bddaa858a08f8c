package booking_test

import (
	"testing"

	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// Who wants a time that is taken hears so while others write: on an opening evening every third is refused, and they need not stand in line for that.
func TestWhoIsRefusedDoesNotWaitForWhoWrites(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if w.db.Path == "" {
		t.Skip("where others write too, memory knows nothing")
	}
	first, second := w.recognised("Anna Bakker"), w.recognised("Finn Visser")
	first.book(booking.Change{Make: w.talks("Anna Vak LON 19:00")})
	second.family() // somebody looks: then memory knows
	writing, end, written := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		written <- w.store.For(storetest.As(w.school)).Write(w.ctx, func(*store.Tx) error {
			close(writing)
			<-end
			return nil
		})
	}()
	<-writing
	_, err := second.try(booking.Change{Make: w.talks("Finn Vak LON 19:00")})
	close(end)
	if failed := <-written; failed != nil {
		t.Fatal(failed)
	}
	failed, ok := errs.As(err)
	if !ok || failed.Code != "booking.items" || len(failed.Items) != 1 || failed.Items[0].Code != string(booking.ReasonTaken) || len(failed.Items[0].Alternatives) == 0 {
		t.Errorf("told %v", err)
	}
}
