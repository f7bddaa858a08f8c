package booking_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// TestABookingOpensItsSchoolBeforeTheWritersTurn books at a school that memory has no room for any more while another school's write holds everybody up.
func TestABookingOpensItsSchoolBeforeTheWritersTurn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := storetest.School(t, w.db.Store, "elsewhere")
	jet := w.recognised("Jet Prins")
	cold := storetest.Open(t, w.db.Config())
	begun, goOn := make(chan struct{}), make(chan struct{})
	held, booked := make(chan error, 1), make(chan error, 1)
	go func() {
		held <- cold.For(models.System(other, "test")).Write(w.ctx, func(*store.Tx) error {
			close(begun)
			<-goOn
			return nil
		})
	}()
	<-begun
	go func() {
		_, err := booking.New(cold, booking.Options{}).Appointments.Book(w.ctx, jet.actor(), appointment.Change{Make: w.talks("Jet Vak LON 19:00")})
		booked <- err
	}()
	for deadline := time.Now().Add(time.Minute); cold.RostersOpened() == 0; runtime.Gosched() {
		if time.Now().After(deadline) {
			close(goOn)
			t.Fatal("the roster is opened in the writer's turn")
		}
	}
	close(goOn)
	w.must(<-held)
	w.must(<-booked)
	if opened := cold.RostersOpened(); opened != 1 {
		t.Errorf("opened %d times", opened)
	}
}
