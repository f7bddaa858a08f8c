package booking_test

import (
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/models"
)

// building puts three teachers into two parts of the building, five minutes' walk apart.
func building(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	rooms := map[string]models.RoomID{}
	for name, zone := range map[string]string{"A1": "A", "A2": "A", "B1": "B"} {
		room, err := w.booking.Availability.CreateRoom(w.ctx, w.operator, name, name, zone, false)
		w.must(err)
		rooms[name] = room.ID
	}
	for day := range 2 {
		w.available(w.evening, w.windows("LON", day, rooms, "19:00-21:00 A1"), w.windows("VIS", day, rooms, "19:00-21:00 B1"), w.windows("ZUI", day, rooms, "19:00-21:00 A2"))
	}
	w.change(models.ConferenceRules{WalkingMinutes: 5})
	return w
}

func TestTooLittleTimeToWalkIsAWarningThatCanBeOverruled(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		talks []string
		want  []string
	}{
		"at once in another part":       {[]string{"Anna Vak LON 19:00", "Bram Vak VIS 19:10"}, []string{"Bram VIS: too_far"}},
		"the other way round":           {[]string{"Bram Vak VIS 19:10", "Anna Vak LON 19:00"}, []string{"Anna LON: too_far"}},
		"at once in the same part":      {[]string{"Anna Vak LON 19:00", "Bram Mentor ZUI 19:20"}, nil},
		"with ten minutes between":      {[]string{"Anna Vak LON 19:00", "Bram Vak VIS 19:20"}, nil},
		"on another evening":            {[]string{"Anna Vak LON 19:00", "Bram Vak VIS Thu 19:10"}, nil},
		"a pair that is wedged between": {[]string{"Anna Vak LON 19:00", "Cato Vak LON 19:20", "Bram Vak VIS 19:10"}, []string{"Bram VIS: too_far"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := building(t)
			bakkers := w.recognised("Anna Bakker")
			change := appointment.Change{Make: w.talks(test.talks...)}
			if test.want == nil {
				bakkers.book(change)
				return
			}
			equal(t, "refused", bakkers.refused(change), test.want)
			change.AcceptWalking = true
			bakkers.book(change)
			w.consistent()
		})
	}
}

func TestAnotherPartyNeedNotWalk(t *testing.T) {
	t.Parallel()
	w := building(t)
	items := w.talks("Anna Vak LON 19:00", "Bram Vak VIS 19:10")
	items[1].Party = 2
	w.recognised("Anna Bakker").makes(items...)
}

func TestAlternativesLeaveTimeToWalk(t *testing.T) {
	t.Parallel()
	w := building(t)
	bakkers := w.recognised("Anna Bakker")
	_, err := bakkers.try(appointment.Change{Make: w.talks("Anna Vak LON 19:20", "Bram Vak VIS 19:30")})
	for _, option := range itemsOf(t, err)[0].Alternatives {
		copied := w.fork()
		change := appointment.Change{Make: copied.talks("Anna Vak LON 19:20", "Bram Vak VIS 19:30")}
		change.Make[1].Start = option.Start
		if _, err := bakkers.in(copied).try(change); err != nil {
			t.Errorf("alternative %s: %v", option.Start, reasons(err))
		}
	}
}

func TestFallbacksAreTriedInTheirOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Jet Prins").makes(w.talks("Jet Vak LON 19:00", "Jet Vak VIS 19:10")...)
	request := w.talk("Anna Vak LON 19:00")
	request.Fallbacks = []appointment.Fallback{
		{Staff: w.members("VIS"), Start: w.at(0, "19:10")}, // taken too
		{Start: w.at(0, "19:05")},                          // no slot
		{Start: w.at(0, "19:30")},                          // the same teacher, free
		{Start: w.at(0, "19:40")},
	}
	outcome := w.recognised("Anna Bakker").makes(request)
	equal(t, "booked", w.show(outcome.Appointments), []string{"Tue 19:30 Anna LON"})
}

func TestAWishWhoseFallbacksAllFailGivesTheReasonOfWhatWasAskedFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Jet Prins").makes(w.talk("Jet Vak LON 19:00"))
	request := w.talk("Anna Vak LON 19:00")
	request.Fallbacks = []appointment.Fallback{{Start: w.at(0, "19:05")}}
	equal(t, "refused", w.recognised("Anna Bakker").refused(appointment.Change{Make: []appointment.Request{request}}), []string{"Anna LON: taken"})
}

func TestAFallbackCountsWithWhatTheOtherItemsTook(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Jet Prins").makes(w.talk("Jet Vak LON 19:00"))
	request := w.talk("Bram Vak LON 19:00")
	request.Fallbacks = []appointment.Fallback{{Start: w.at(0, "19:10")}, {Start: w.at(0, "19:20")}}
	outcome := w.recognised("Anna Bakker").makes(w.talk("Anna Vak VIS 19:10"), request)
	equal(t, "booked", w.show(outcome.Appointments), []string{"Tue 19:10 Anna VIS", "Tue 19:20 Bram LON"})
}

func TestWithConsentTheNearestFreeTimeIsTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Jet Prins").makes(w.talk("Jet Vak LON 19:30"))
	outcome := w.recognised("Anna Bakker").book(appointment.Change{Make: w.talks("Anna Vak VIS 19:20", "Bram Vak LON 19:30"), Nearest: true})
	equal(t, "booked", w.show(outcome.Appointments), []string{"Tue 19:20 Anna VIS", "Tue 19:40 Bram LON"})
}

func TestConsentToTheNearestTimeHelpsNotAgainstRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.change(models.ConferenceRules{MaxPerPupil: 1})
	refused := w.recognised("Anna Bakker").refused(appointment.Change{Make: w.talks("Anna Vak LON 19:00", "Anna Vak VIS 19:10", "Bram Mentor WES 19:00"), Nearest: true})
	equal(t, "refused", refused, []string{"Anna VIS: limit", "Bram WES: not_offered"})
}

func TestWithConsentTheRestIsBooked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Jet Prins").makes(w.talk("Jet Vak LON 19:20"))
	bakkers := w.recognised("Anna Bakker")
	outcome := bakkers.book(appointment.Change{Make: w.talks(sixTalks...), BookRest: true})
	if len(outcome.Appointments) != 5 || len(outcome.Unplaced) != 1 {
		t.Fatalf("outcome %+v", outcome)
	}
	left := outcome.Unplaced[0]
	if left.Ref != "Anna LON" || left.Code != "taken" || len(left.Alternatives) != 3 {
		t.Errorf("left over: %+v", left)
	}
	for _, option := range left.Alternatives {
		copied := w.fork()
		again := copied.talk("Anna Vak LON 19:00")
		again.Start = option.Start
		bakkers.in(copied).makes(again)
	}
	w.consistent()
}

func TestConsentToTheRestDoesNotCoverMovesCancellationsAndNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Jet Prins").makes(w.talk("Jet Vak LON 19:20"))
	bakkers := w.recognised("Anna Bakker")
	present := bakkers.makes(w.talk("Anna Vak LON 19:00")).Appointments[0].ID
	move := appointment.Change{BookRest: true, Make: w.talks("Bram Vak VIS 20:00"), Move: []appointment.MoveItem{{Ref: "move", Appointment: present, Start: w.at(0, "19:20")}}}
	equal(t, "a move that cannot be", bakkers.refused(move), []string{"move: taken"})
	equal(t, "nothing left to book", bakkers.refused(appointment.Change{BookRest: true, Make: w.talks("Bram Vak LON 19:20")}), []string{"Bram LON: taken"})
	w.change(models.ConferenceRules{LeadMinutes: 10_000, CancelMinutes: 10_000})
	late := appointment.Change{BookRest: true, Make: w.talks("Bram Vak VIS Thu 20:00"), Cancel: []appointment.CancelItem{{Ref: "cancel", Appointment: present}}}
	w.clock.Set(w.at(0, "19:00").Add(-160 * time.Hour)) // more than a week before Thursday, less before Tuesday
	family := w.confirmed("Anna Bakker")
	equal(t, "a cancellation that comes too late", family.refused(late), []string{"cancel: closed"})
}
