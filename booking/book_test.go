package booking_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// evening is what the Bakkers book in most tests: six talks of three children on two evenings.
var sixTalks = []string{
	"Anna Mentor NOO+OOS 19:00", "Anna Vak LON 19:20", "Bram Mentor ZUI 19:40", "Bram Vak VIS 20:00", "Cato Mentor WES 20:20", "Cato Vak LON Thu 19:00",
}

func TestAFamilyBooksAllItsChildrenInOneCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	outcome := bakkers.book(appointment.Change{Make: w.talks(sixTalks...)})
	booked := []string{"Tue 19:00 Anna NOO+OOS", "Tue 19:20 Anna LON", "Tue 19:40 Bram ZUI", "Tue 20:00 Bram VIS", "Tue 20:20 Cato WES", "Thu 19:00 Cato LON"}
	equal(t, "answer", w.show(outcome.Appointments), booked)
	equal(t, "family page", bakkers.sees(), booked)
	equal(t, "schedule", w.schedule(), booked)
	w.consistent()
	if len(outcome.Bookings) != 1 || len(outcome.Cancelled) != 0 || len(outcome.Unplaced) != 0 || outcome.Replayed {
		t.Errorf("outcome %+v", outcome)
	}
	first := outcome.Appointments[0]
	if first.Title != "Mentor" || first.End.Sub(first.Start) != 20*time.Minute || first.State != models.AppointmentBooked || !first.MayChange || first.Version != 1 || first.Party != 1 {
		t.Errorf("first appointment %+v", first)
	}
}

func TestABookingLeavesExactlyTheseRows(t *testing.T) {
	t.Parallel()
	// Forty claims: the duo's talk takes three people's four ticks, each other talk two people's.
	const six = "appointment_staff+7 appointments+6 audits+1 bookings+1 claims+40"
	for name, test := range map[string]struct {
		change appointment.Change
		want   string
	}{
		"without a typed contact: the two on file hear of both evenings": {appointment.Change{}, six + " invitations+4 makers+1 messages+4"},
		"with a typed address":                        {appointment.Change{Email: "oma@example.com"}, six + " contacts+1 invitations+6 makers+1 messages+6"},
		"with a typed number":                         {appointment.Change{Phone: "06 12345699"}, six + " contacts+1 invitations+6 makers+1 messages+6"},
		"with an address that is on file":             {appointment.Change{Email: "M.Bakker@Example.com"}, six + " invitations+4 makers+1 messages+4"},
		"with a number that is on file":               {appointment.Change{Phone: "+31 6 1234 5601"}, six + " invitations+4 makers+1 messages+4"},
		"with a key to repeat it by":                  {appointment.Change{IdempotencyKey: "one"}, six + " idempotency+1 invitations+4 makers+1 messages+4"},
		"with an address on file and a number of own": {appointment.Change{Email: "m.bakker@example.com", Phone: "0612345699"}, six + " contacts+1 invitations+6 makers+1 messages+6"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			bakkers := w.recognised("Anna Bakker")
			before, versions := w.counts(), w.versions()
			test.change.Make = w.talks(sixTalks...)
			bakkers.book(test.change)
			if got := w.appeared(before); got != test.want {
				t.Errorf("rows\n got %s\nwant %s", got, test.want)
			}
			if w.versions() != versions {
				t.Error("a booking made the opened roster or conferences out of date")
			}
		})
	}
}

func TestTheRowsSayWhoBookedAndHowMuch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	made := bakkers.makes(w.talks("Anna Mentor NOO 19:00", "Bram Vak LON 19:30")...)
	bakkers.book(appointment.Change{
		Make: w.talks("Cato Vak VIS 20:00"), Move: []appointment.MoveItem{{Appointment: made.Appointments[0].ID, Start: w.at(0, "20:20")}},
		Cancel: []appointment.CancelItem{{Appointment: made.Appointments[1].ID}},
	})
	w.read(func(tx *store.Tx) {
		rows, err := store.List[models.Booking](tx)
		w.must(err)
		if len(rows) != 2 {
			t.Fatalf("%d bookings", len(rows))
		}
		row := rows[1]
		if row.Made != 1 || row.Moved != 1 || row.Cancelled != 1 || row.OnBehalf || row.ActorKind != models.ActorParent || row.MakerID.IsZero() || !row.At.Equal(moment()) {
			t.Errorf("booking %+v", row)
		}
		if row.ActorID != models.RowID(bakkers.actor().ID) || row.HouseholdID != w.home("Anna") || rows[0].MakerID != row.MakerID {
			t.Errorf("booking %+v", row)
		}
		audits, err := store.List[models.Audit](tx, store.Eq("action", "booking"))
		w.must(err)
		last := audits[len(audits)-1]
		if len(audits) != 2 || last.Subject != models.RowID(row.ID) || fmt.Sprint(last.Counts) != "map[cancelled:1 made:1 moved:1]" {
			t.Errorf("audits %+v", audits)
		}
	})
	w.consistent()
}

func TestOneConflictAmongSixBooksNothingAndNamesExactlyThatOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Jet Prins").makes(w.talk("Jet Vak LON 19:20"))
	bakkers := w.recognised("Anna Bakker")
	before := w.counts()
	change := appointment.Change{Make: w.talks(sixTalks...), Email: "oma@example.com", IdempotencyKey: "k"}
	_, err := bakkers.try(change)
	wantKind(t, err, errs.Conflict)
	items := itemsOf(t, err)
	equal(t, "refused", reasons(err), []string{"Anna LON: taken"})
	if got := w.appeared(before); got != "" {
		t.Errorf("a refusal left rows: %s", got)
	}
	equal(t, "schedule", w.schedule(), []string{"Tue 19:20 Jet LON"})
	// 19:00 and 19:10 are near too, but the family talks with the mentors then; 19:40 is Bram's.
	var starts []string
	for _, option := range items[0].Alternatives {
		starts = append(starts, option.Start.In(amsterdam(t)).Format("Mon 15:04"))
		if option.Day != w.evening.Days[0].ID.String() || !slices.Equal(option.Staff, []string{w.staff["LON"].String()}) {
			t.Errorf("alternative %+v", option)
		}
	}
	equal(t, "alternatives", starts, []string{"Tue 19:30", "Tue 20:10", "Tue 20:40"})
	for i, option := range items[0].Alternatives {
		again := change
		again.Make = slices.Clone(change.Make)
		again.Make[1].Start = option.Start
		copied := w.fork()
		if _, err := bakkers.in(copied).try(again); err != nil {
			t.Errorf("alternative %d of %s cannot be booked: %v %v", i+1, starts[i], err, reasons(err))
		}
		copied.consistent()
	}
}

func TestEachFailingItemIsNamedWithItsOwnReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Jet Prins").makes(w.talks("Jet Vak LON 19:20", "Jet Mentor NOO 19:40")...)
	refused := w.recognised("Anna Bakker").refused(appointment.Change{Make: w.talks(
		"Anna Vak LON 19:20",        // somebody was faster
		"Anna Vak VIS 19:00",        // fits
		"Bram Vak LON 19:00",        // the parent is with VIS
		"Bram Mentor WES 20:00",     // not Bram's mentor
		"Cato Mentor WES 20:00",     // fits
		"Cato Mentor WES Thu 19:00", // one mentor talk only
	)})
	equal(t, "refused", refused, []string{"Anna LON: taken", "Bram LON: overlap", "Bram WES: not_offered", "Cato WES: limit"})
	equal(t, "schedule", w.schedule(), []string{"Tue 19:20 Jet LON", "Tue 19:40 Jet NOO"})
}

func TestAlternativesComeFromOtherTeachersWhereTheAskedOneHasNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.available(w.evening, w.windows("NOO", 0, nil, "19:00-19:20"), w.windows("NOO", 1, nil))
	w.recognised("Jet Prins").makes(w.talk("Jet Mentor NOO 19:00"))
	_, err := w.recognised("Anna Bakker").try(appointment.Change{Make: w.talks("Anna Mentor NOO 19:00")})
	items := itemsOf(t, err)
	if len(items) != 1 || items[0].Code != "taken" || len(items[0].Alternatives) != 3 {
		t.Fatalf("items %+v", items)
	}
	for _, option := range items[0].Alternatives {
		if !slices.Equal(option.Staff, []string{w.staff["OOS"].String()}) {
			t.Errorf("alternative with %v", option.Staff)
		}
	}
}

func TestMalformedBookingsAreRefusedBeforeAnythingIsLookedAt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	made := bakkers.makes(w.talk("Anna Vak LON 19:00")).Appointments[0].ID
	before := w.counts()
	try := func(change appointment.Change) error {
		_, err := bakkers.try(change)
		return err
	}
	wantCode(t, try(appointment.Change{}), "booking.empty")
	wantCode(t, try(appointment.Change{Make: make([]appointment.Request, 61)}), "booking.too-many-items")
	wantCode(t, try(appointment.Change{Move: []appointment.MoveItem{{Appointment: made}}, Cancel: []appointment.CancelItem{{Appointment: made}}}), "booking.same-appointment-twice")
	party := w.talk("Anna Vak VIS 20:00")
	party.Party = 3
	wantField(t, try(appointment.Change{Make: []appointment.Request{party}}), "make.party", "out-of-range")
	for text, code := range map[string]string{"not an address": "not-an-email-address", "a@b": "not-an-email-address", "a@b.nl\nBcc: c@d.nl": "not-an-email-address"} {
		wantField(t, try(appointment.Change{Make: w.talks("Anna Vak VIS 20:00"), Email: text}), "contact.email", code)
	}
	for _, text := range []string{"0201234567", "0900-1234", "12", "06-12345678 (moeder)"} {
		wantField(t, try(appointment.Change{Make: w.talks("Anna Vak VIS 20:00"), Phone: text}), "contact.phone", "not-a-mobile-number")
	}
	long := appointment.Change{Make: w.talks("Anna Vak VIS 20:00"), IdempotencyKey: fmt.Sprintf("%0256d", 1)}
	wantField(t, try(long), "Idempotency-Key", "too-long")
	wantCode(t, try(appointment.Change{Cancel: []appointment.CancelItem{{Appointment: models.New[models.AppointmentID]()}}}), "booking.no-such-appointment")
	stranger := w.talk("Jet Vak VIS 20:00")
	wantCode(t, try(appointment.Change{Make: []appointment.Request{stranger}}), "booking.no-such-child")
	nothing := w.talk("Anna Vak VIS 20:00")
	nothing.TalkKind = models.New[models.TalkKindID]()
	wantCode(t, try(appointment.Change{Make: []appointment.Request{nothing}}), "booking.no-such-talk")
	if got := w.appeared(before); got != "" {
		t.Errorf("refusals left rows: %s", got)
	}
}

func TestABookingDoesNotChangeWhatItWasGiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	items := w.talks("Anna Vak LON 19:00")
	w.recognised("Anna Bakker").makes(items...)
	if items[0].Party != 0 {
		t.Error("the caller's items were changed")
	}
}
