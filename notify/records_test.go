package notify_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
	"github.com/ouderavond/ouderavond/notify/notifytest"
)

// deletes asks for what is due and checks how many messages the carrier has deleted by then, with number, text and time.
func (h *house) deletes(carrier *notifytest.Twilio, want int) {
	h.t.Helper()
	if err := h.dispatcher.DeleteRecords(h.ctx); err != nil {
		h.t.Fatal(err)
	}
	deleted := 0
	for _, text := range carrier.Texts() {
		if text.Deleted && text.To == "" && text.Body == "" && text.At.IsZero() {
			deleted++
		}
	}
	if deleted != want {
		h.t.Errorf("the carrier has deleted %d messages, not %d", deleted, want)
	}
}

func TestTheCarrierDeletesTheRecordOnceTheMessageIsOver(t *testing.T) {
	t.Parallel()
	for status, code := range map[string]int{"delivered": 0, "undelivered": 30003} {
		h, carrier, id := reported(t)
		h.deletes(carrier, 0) // it is under way
		carrier.Set(carrier.Texts()[0].ID, status, code)
		h.tell(carrier, carrier.Texts()[0], status, code)
		h.deletes(carrier, 1)
		if got := h.message(id); got.FollowUpAt != nil {
			t.Errorf("%s: %+v", status, got)
		}
		asked := len(carrier.Asked())
		h.Clock.Advance(100 * time.Hour)
		h.deletes(carrier, 1)
		if len(carrier.Asked()) != asked {
			t.Error("the carrier is asked again")
		}
	}
}

func TestTheListOfRecordsOutlivesTheSchoolAndTheFamily(t *testing.T) {
	t.Parallel()
	for name, gone := range map[string]func(*house, models.MessageID) error{
		"the school was wiped": func(h *house, _ models.MessageID) error {
			_, err := h.Store.Installation(storetest.Operator()).EraseSchool(h.ctx, h.school)
			return err
		},
		"the contact was erased": func(h *house, id models.MessageID) error {
			contact := h.message(id).ContactID
			return h.Store.For(models.System(h.school, "test")).Write(h.ctx, func(tx *store.Tx) error {
				_, err := store.Delete[models.Contact](tx, store.Eq("id", contact))
				return err
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, carrier, id := reported(t)
			h.Clock.Advance(43 * time.Second)
			if err := gone(h, id); err != nil {
				t.Fatal(err)
			}
			h.deletes(carrier, 0) // the carrier still sends it, and refuses
			carrier.Set(carrier.Texts()[0].ID, "delivered", 0)
			h.deletes(carrier, 0) // not asked again at once
			h.Clock.Advance(2 * time.Minute)
			h.deletes(carrier, 1)
			if left, err := h.Store.Installation(storetest.Operator()).OldestCarrierRecord(h.ctx); err != nil || !left.IsZero() {
				t.Errorf("a record is left: %v %v", left, err)
			}
		})
	}
}

func TestWhoseSchoolIsGoneBeforeTheCarrierAnsweredIsDeletedAllTheSame(t *testing.T) {
	t.Parallel()
	for _, cut := range []bool{false, true} {
		t.Run(fmt.Sprintf("answer lost: %v", cut), func(t *testing.T) {
			t.Parallel()
			var h *house
			var carrier *notifytest.Twilio
			h = newHouse(t, overTwilio(t, &carrier, func(method, _ string) notifytest.Answer {
				if method == http.MethodPost { // the school is wiped while the carrier takes the message
					if _, err := h.Store.Installation(storetest.Operator()).EraseSchool(h.ctx, h.school); err != nil {
						t.Error(err)
					}
					return notifytest.Answer{Cut: cut, Take: cut}
				}
				return notifytest.Answer{}
			}, time.Minute))
			h.queue(bySMS(h))
			_, _ = h.dispatcher.Drain(h.ctx)
			if len(carrier.Texts()) != 1 {
				t.Fatalf("%d messages", len(carrier.Texts()))
			}
			text := carrier.Texts()[0]
			carrier.Set(text.ID, "delivered", 0)
			h.tell(carrier, text, "delivered", 0) // where the answer was lost, the report is the first that tells the carrier's id
			h.deletes(carrier, 1)
		})
	}
}

func TestACarrierThatIsOutOfServiceIsAskedUntilItDeletes(t *testing.T) {
	t.Parallel()
	out := false
	var carrier *notifytest.Twilio
	h := newHouse(t, overTwilio(t, &carrier, func(method, _ string) notifytest.Answer {
		if out && method == http.MethodDelete {
			return notifytest.Answer{Status: http.StatusServiceUnavailable, Body: "{}"}
		}
		return notifytest.Answer{}
	}, time.Minute))
	h.queue(bySMS(h))
	h.drain()
	carrier.Set(carrier.Texts()[0].ID, "delivered", 0)
	h.tell(carrier, carrier.Texts()[0], "delivered", 0)
	out = true
	for range 60 { // two months
		h.deletes(carrier, 0)
		h.Clock.Advance(24 * time.Hour)
	}
	out = false
	h.deletes(carrier, 1)
}
