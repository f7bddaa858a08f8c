package booking_test

import (
	"flag"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/availability"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// A longer run: go test -race ./booking -run Race -crowd 200 -rushes 20 -tries 1000
var (
	crowd  = flag.Int("crowd", 60, "households that want one slot at once")
	rushes = flag.Int("rushes", 1, "how often they do")
	rounds = flag.Int("tries", 100, "how often two calls contend for one place")
)

// together runs functions as much at once as can be, and gives their errors.
func together(work ...func() error) []error {
	failures := make([]error, len(work))
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i, run := range work {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-start
			failures[i] = run()
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
	return failures
}

func won(failures []error) int {
	count := 0
	for _, err := range failures {
		if err == nil {
			count++
		}
	}
	return count
}

// letters names a child, since names have no digits.
func letters(n int) string { return string([]rune{rune('a' + n/26%26), rune('a' + n%26)}) }

func TestRaceOfManyFamiliesForOneSlotHasOneWinner(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	var more strings.Builder
	for n := range *crowd {
		fmt.Fprintf(&more, "%d;Kind%s;;Veld%s;1-2-2014;9%03dZZ;1;1A;1;;;;;;\n", 5000+n, letters(n), letters(n), n)
	}
	w.imported(people.ImportRequest{Files: []roster.File{{Name: "leerlingen.csv", Data: []byte(pupilsFile + more.String())}, files()[1]}})
	w.look()
	w.openEvening()
	sessions := make([]*session, *crowd)
	for n := range sessions {
		name := fmt.Sprintf("Kind%s Veld%s", letters(n), letters(n))
		opened := w.logIn(name, "1-2-2014", fmt.Sprintf("9%03dZZ", n))
		sessions[n] = opened
	}
	for range *rushes {
		work := make([]func() error, *crowd)
		for n, opened := range sessions {
			actor := opened.actor()
			change := appointment.Change{Make: w.talks("Kind" + letters(n) + " Vak LON 19:00"), Email: "iemand@example.com"}
			work[n] = func() error {
				_, err := w.booking.Appointments.Book(w.ctx, actor, change)
				return err
			}
		}
		failures := together(work...)
		if got := won(failures); got != 1 {
			t.Fatalf("%d families have one slot", got)
		}
		for _, err := range failures {
			if err == nil {
				continue
			}
			if items := itemsOf(t, err); len(items) != 1 || items[0].Code != "taken" {
				t.Fatalf("refused otherwise: %+v", items)
			}
		}
		w.consistent()
		booked, err := w.booking.Conferences.Schedule(w.ctx, w.operator, w.evening.ID, conference.ScheduleFilter{})
		w.must(err)
		if len(booked) != 1 {
			t.Fatalf("%d appointments", len(booked))
		}
		_, err = w.booking.Appointments.Book(w.ctx, w.operator, appointment.Change{Cancel: []appointment.CancelItem{{Appointment: booked[0].ID}}})
		w.must(err)
	}
}

func tries() int {
	if testing.Short() {
		return min(10, *rounds)
	}
	return *rounds
}

// contest lets two calls run at once, again and again: exactly one of them may win each time. The winner's appointment is cancelled for the next round.
func contest(t *testing.T, w *world, first, second func() (*appointment.Outcome, error), allowed ...string) {
	t.Helper()
	for range tries() {
		outcomes := make([]*appointment.Outcome, 2)
		failures := together(
			func() (err error) { outcomes[0], err = first(); return err },
			func() (err error) { outcomes[1], err = second(); return err },
		)
		if won(failures) != 1 {
			t.Fatalf("%d of two won: %v", won(failures), failures)
		}
		for i, err := range failures {
			if err == nil {
				_, err := w.booking.Appointments.Book(w.ctx, w.operator, appointment.Change{Cancel: []appointment.CancelItem{{Appointment: outcomes[i].Appointments[0].ID}}})
				w.must(err)
				continue
			}
			if items := itemsOf(t, err); !contains(allowed, items[0].Code) {
				t.Fatalf("refused with %q", items[0].Code)
			}
		}
	}
	w.consistent()
	if left := w.schedule(); len(left) != 0 {
		t.Errorf("left over: %q", left)
	}
}

func contains(list []string, text string) bool {
	return strings.Contains(" "+strings.Join(list, " ")+" ", " "+text+" ")
}

// booker books one talk in a session, each time anew.
func (s *session) booker(text string) func() (*appointment.Outcome, error) {
	item := s.w.talk(text)
	return func() (*appointment.Outcome, error) {
		return s.try(appointment.Change{Make: []appointment.Request{item}})
	}
}

func TestRaceOfOneFamilyAgainstItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.confirmed("Anna Bakker"), w.confirmed("Bram Bakker")
	contest(t, w, first.booker("Anna Vak LON 19:00"), second.booker("Bram Vak VIS 19:00"), "overlap")
}

func TestRaceOfADuoAgainstOneOfIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	contest(t, w, w.recognised("Anna Bakker").booker("Anna Mentor NOO+OOS 19:00"), w.recognised("Jet Prins").booker("Jet Mentor OOS 19:00"), "taken")
}

func TestRaceOfTwoConferencesForOneTeacher(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.recognised("Anna Bakker").booker("Anna Vak LON 19:00")
	second := w.create(conference.NewConference{
		Title: "Profielkeuze", OpensAt: moment().Add(-1), ClosesAt: evenings().ClosesAt, Days: evenings().Days[:1],
		TalkKinds: []conference.NewTalkKind{{Title: "Advies", Minutes: 30, Obligation: models.Optional, Staffing: models.StaffedBySubject, Pairing: models.PairingEither}},
	})
	w.available(second, availability.TeacherDay{Staff: w.staff["LON"], Day: second.Days[0].ID, Windows: []rules.Window{{From: "18:45", Until: "21:00"}}})
	second = w.openConference(second.ID)
	advice := appointment.Request{Pupil: w.pupils["Jet"], TalkKind: w.kind(second, "Advies"), Staff: w.members("LON"), Start: w.at(0, "18:45")}
	jet := w.recognised("Jet Prins")
	contest(t, w, first, func() (*appointment.Outcome, error) {
		return jet.try(appointment.Change{Make: []appointment.Request{advice}})
	}, "taken")
}

func TestRaceOfATeacherAsMotherAndAsTeacher(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	contest(t, w, w.recognised("Jet Prins").booker("Jet Vak VIS 19:00"), w.confirmed("Finn Visser").booker("Finn Mentor NOO 19:00"), "taken", "overlap")
}

func TestRaceOfASeparatedFatherAndMotherForTheirChildsTeacher(t *testing.T) {
	t.Parallel()
	w, mother, father := separated(t)
	contest(t, w, mother.booker("Emma Zorg KAD 19:00"), father.booker("Emma Zorg KAD 19:00"), "taken")
}

func TestRaceOfABookingAndABreak(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	book := w.recognised("Anna Bakker").booker("Anna Vak LON 19:00")
	day := w.windows("LON", 0, nil, "19:00-21:00")
	closed := day
	closed.Breaks = []rules.Window{{From: "19:00", Until: "19:30"}}
	for range tries() / 5 {
		var outcome *appointment.Outcome
		failures := together(
			func() (err error) { outcome, err = book(); return err },
			func() error {
				_, err := w.booking.Availability.Set(w.ctx, w.operator, w.evening.ID, []availability.TeacherDay{closed})
				return err
			},
		)
		if won(failures) != 1 {
			t.Fatalf("%d of two won: %v", won(failures), failures)
		}
		w.consistent()
		if failures[0] == nil {
			wantCode(t, failures[1], "availability.booked")
			_, err := w.booking.Appointments.Book(w.ctx, w.operator, appointment.Change{Cancel: []appointment.CancelItem{{Appointment: outcome.Appointments[0].ID}}})
			w.must(err)
			continue
		}
		wantKind(t, failures[0], errs.Conflict)
		w.available(w.evening, day)
	}
}

func TestRaceOfMovesThatChaseOneAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers, jet := w.recognised("Anna Bakker"), w.recognised("Jet Prins")
	bakkers.makes(w.talk("Anna Vak LON 19:00"))
	jet.makes(w.talk("Jet Vak LON 19:10"))
	anna, other := bakkers.family().Appointments[0].ID, jet.family().Appointments[0].ID
	clocks := []string{"19:00", "19:10", "19:20"}
	for n := range tries() / 5 {
		start := w.at(0, clocks[n%3])
		move := func(s *session, id models.AppointmentID) func() error {
			return func() error {
				_, err := s.try(appointment.Change{Move: []appointment.MoveItem{{Appointment: id, Start: start}}})
				return err
			}
		}
		failures := together(move(bakkers, anna), move(jet, other))
		if won(failures) > 1 || len(w.schedule()) != 2 {
			t.Fatalf("%d of two won, and there are %q", won(failures), w.schedule())
		}
	}
	w.consistent()
}

// TestWhatIsCancelledWhileAMoveWaitsForItsTurnIsNotMoved holds the second look after the locks: a move that has read the talk, and waits behind its cancelling, must
// not take a time for a talk that is there no more.
func TestWhatIsCancelledWhileAMoveWaitsForItsTurnIsNotMoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if w.db.URL == "" {
		t.Skip("the one writer of a SQLite file reads after it has its turn")
	}
	bakkers := w.recognised("Anna Bakker")
	talk := bakkers.makes(w.talk("Anna Vak LON 19:00")).Appointments[0].ID
	raw := w.db.Raw(t)
	holder, err := raw.Begin()
	w.must(err)
	if _, err := holder.Exec("SELECT id FROM households FOR UPDATE"); err != nil {
		t.Fatal(err)
	}
	waiting := func(count int) {
		t.Helper()
		for locked := 0; locked < count && t.Context().Err() == nil; {
			w.must(raw.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&locked))
		}
	}
	var moved, cancelled error
	var both sync.WaitGroup
	both.Go(func() {
		_, cancelled = bakkers.try(appointment.Change{Cancel: []appointment.CancelItem{{Appointment: talk}}})
	})
	waiting(1)
	both.Go(func() {
		_, moved = bakkers.try(appointment.Change{Move: []appointment.MoveItem{{Appointment: talk, Start: w.at(0, "19:30")}}})
	})
	waiting(2)
	w.must(holder.Rollback())
	both.Wait()
	if cancelled != nil || moved == nil {
		t.Errorf("cancelled: %v; moved: %v", cancelled, moved)
	}
	equal(t, "schedule", w.schedule(), []string{})
	w.consistent()
}
