package booking_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/booking/appointment"
	conferences "github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/roster"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// holds reports whether a teacher's time is taken at a time of the first evening.
func (w *world) holds(code, clock string) (held bool) {
	w.t.Helper()
	w.read(func(tx *store.Tx) {
		tick, ok := models.TickAt(w.at(0, clock))
		claims, err := tx.Claims([]models.HolderID{models.HolderID(w.staff[code])}, tick, tick+1)
		w.must(err)
		held = ok && len(claims) > 0
	})
	return held
}

// table is the teachers' file with something else instead of something.
func (w *world) table(old, instead string) people.TeachingTable {
	w.t.Helper()
	if !strings.Contains(teachersFile, old) {
		w.t.Fatalf("%q is not in the file", old)
	}
	return people.TeachingTable{Table: roster.File{Name: "docenten.csv", Data: []byte(strings.ReplaceAll(teachersFile, old, instead))}}
}

// A talk of a parent who teaches here takes the parent's time at school, too. Here Visser is, or comes to be, or was the parent of a child that has a talk
// with somebody else at seven.
func TestATalkTakesTheTimeOfParentsWhoTeachAsTheRosterIsNow(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		child         string
		before        func(*world)
		change        func(*world)
		taken, retake bool // Visser's time, before and after the change
	}{
		"an import takes the guardian away":          {"Finn", nil, func(w *world) { w.again("L. Visser;l.visser@school.example.com", "M. Visser;m.visser@example.com") }, true, false},
		"an import has the guardian's other address": {"Jet", nil, func(w *world) { w.again("a.prins@example.com", "l.visser@school.example.com") }, false, true},
		"an import has the teacher's other address": {"Jet", nil, func(w *world) {
			request := people.ImportRequest{Files: files()}
			request.Files[1].Data = w.table("l.visser@school.example.com", "a.prins@example.com").Table.Data
			w.imported(request)
		}, false, true},
		"a table of teachers has the address": {"Jet", nil, func(w *world) {
			w.must(second(w.booking.People.ImportTeachers(w.ctx, w.operator, w.table("l.visser@school.example.com", "a.prins@example.com"))))
		}, false, true},
		"the teacher's address is corrected": {"Jet", nil, func(w *world) {
			w.must(second(w.booking.People.UpdateStaff(w.ctx, w.operator, w.staff["VIS"], people.StaffPatch{Email: ptr("a.prins@example.com")})))
		}, false, true},
		"a guardian is entered who teaches": {"Jet", nil, func(w *world) {
			w.must(w.booking.Households.AddContact(w.ctx, w.operator, w.home("Jet"), household.NewContact{Name: "Lieke", Staff: w.staff["VIS"]}))
		}, false, true},
		"families are joined": {"Jet", nil, func(w *world) { w.join("Jet", "Finn") }, false, true},
		"families are split":  {"Jet", func(w *world) { w.join("Jet", "Finn") }, func(w *world) { w.split("Finn") }, true, false},
		"the guardian moves away": {"Finn", nil, func(w *world) {
			w.must(second(w.booking.Households.Create(w.ctx, w.operator, household.NewHousehold{
				Pupils: w.ids([]string{"Finn"}), Beside: true, Guardians: []models.GuardianID{w.guardian("Finn", "L. Visser")},
			})))
		}, true, false},
		"the guardian's only child is erased": {"Jet", func(w *world) { w.join("Jet", "Finn") }, func(w *world) {
			w.must(w.booking.People.ErasePupil(w.ctx, w.operator, w.pupils["Finn"]))
		}, true, false},
		"the guardian's only child leaves the school": {"Jet", func(w *world) { w.join("Jet", "Finn") }, func(w *world) { w.again(line("Finn"), "") }, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if test.before != nil {
				test.before(w)
			}
			w.confirmedAt(w.home(test.child), map[string]string{"Finn": "Finn Visser", "Jet": "Jet Prins"}[test.child]).makes(w.talk(test.child + " Vak LON 19:00"))
			if got := w.holds("VIS", "19:00"); got != test.taken {
				t.Fatalf("before, Visser's time is taken: %v", got)
			}
			test.change(w)
			if got := w.holds("VIS", "19:00"); got != test.retake {
				t.Errorf("after, Visser's time is taken: %v", got)
			}
			w.consistent()
		})
	}
}

func TestATalkOfAParentWhoTurnsOutToTeachThenIsTheOtherParents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	prins := w.confirmed("Jet Prins")
	prins.makes(w.talks("Jet Vak LON 19:00", "Jet Vak VIS 19:10")...)
	w.confirmed("Anna Bakker").makes(w.talk("Anna Vak VIS 19:00"))
	other := w.talk("Jet Mentor NOO+OOS 19:40")
	other.Party = 2
	prins.makes(other)
	w.confirmed("Gijs de Wit").makes(w.talk("Gijs Vak VIS 19:40"))
	w.again("a.prins@example.com", "l.visser@school.example.com")
	parties := map[string]int{}
	w.read(func(tx *store.Tx) {
		rows, err := tx.Appointments(store.Eq("household_id", w.home("Jet")))
		w.must(err)
		for _, row := range rows {
			parties[row.StartTick.Time().In(amsterdam(t)).Format("15:04")] = row.Party
		}
	})
	if parties["19:00"] != 2 || parties["19:10"] != 1 || parties["19:40"] != 2 {
		t.Errorf("parties %v", parties)
	}
	w.consistent()
	w.held()
}

// Jet comes to live with Finn, whose mother teaches and is busy at seven, and is his mother no more by the same file.
func TestATalkThatMovesToAnotherFamilyTakesTheTimeOfThoseWhoAreItsParentsThen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.confirmed("Jet Prins").makes(w.talk("Jet Vak LON 19:00"))
	w.confirmed("Gijs de Wit").makes(w.talk("Gijs Vak VIS 19:00"))
	other := w.talk("Finn Mentor NOO 19:00")
	other.Party = 2
	w.confirmed("Finn Visser").makes(other)
	result := w.again("L. Visser;l.visser@school.example.com", "M. Visser;m.visser@example.com",
		"1009;Jet;;Prins;10-10-2014;6789GH;6;1A;1;A. Prins;a.prins@example.com;0612345609", "1009;Jet;;Visser;10-10-2014;3456CD;3;1A;1;M. Visser;m.visser@example.com;")
	if w.home("Jet") != w.home("Finn") || result.Consequences.Following+result.Consequences.Cancelled != 1 {
		t.Fatalf("they live apart: %+v", result.Consequences)
	}
	equal(t, "schedule", slices.Sorted(slices.Values(w.schedule())), []string{"Tue 19:00 Finn NOO", "Tue 19:00 Gijs VIS", "Tue 19:00 Jet LON"})
	w.read(func(tx *store.Tx) {
		rows, err := tx.Appointments(store.Eq("pupil_id", w.pupils["Jet"]))
		if w.must(err); len(rows) != 1 || rows[0].Party != 1 {
			t.Errorf("talks %+v", rows)
		}
	})
	w.consistent()
}

// With a second home a pupil's time is each home's own; with one home it is the pupil's.
func TestATalkThatThePupilAttendsTakesThePupilsTimeByTheHomesThatThereAre(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	w.openEvening(func(c *conferences.NewConference) { c.TalkKinds[1].PupilAttends = true })
	w.confirmed("Emma Smit").makes(w.talk("Emma Vak LON 19:00"))
	w.secondHome()
	w.consistent()
	father := w.recognisedOn("", "Emma Smit", fathersPostcode)
	father.makes(w.talks("Emma Vak VIS 19:00", "Emma Zorg KAD 19:30")...)
	w.consistent()
	// In one home again, she can be at one of the two at seven.
	if parted := w.split("Emma"); parted.Kept != 2 || parted.Cancelled != 1 {
		t.Errorf("kept %d, cancelled %d", parted.Kept, parted.Cancelled)
	}
	w.consistent()
}

func TestAnErasureDoneAgainAfterARestoreFreesTheTimeThatWasTaken(t *testing.T) {
	t.Parallel()
	w, _, around := surrounded(t)
	w.join("Jet", "Finn")
	w.confirmedAt(w.home("Jet"), "Jet Prins").book(appointment.Change{Make: w.talks("Jet Vak LON 19:00")})
	old := w.fork()
	old.booking = booking.New(old.store, booking.Options{External: around})
	w.must(w.booking.People.ErasePupil(w.ctx, w.operator, w.pupils["Finn"]))
	if !old.holds("VIS", "19:00") {
		t.Fatal("nobody holds the time of the parent who teaches")
	}
	_, err := old.booking.Erasures.EraseAgain(old.ctx, around.journal)
	w.must(err)
	if old.holds("VIS", "19:00") {
		t.Error("the time of a parent is taken who is not there any more")
	}
	for _, address := range old.reached("Jet") {
		if strings.Contains(address, "isser") {
			t.Errorf("%s is still the family's", address)
		}
	}
	old.consistent()
}
