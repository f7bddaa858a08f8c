package booking_test

import (
	"testing"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/availability"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

func TestAFamilySplitsUpIntoTwoPartiesAndNotThree(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	items := w.talks("Anna Vak LON 19:00", "Bram Vak VIS 19:00", "Cato Mentor WES 19:00")
	items[1].Party = 2
	equal(t, "three talks at once", bakkers.refused(appointment.Change{Make: items}), []string{"Cato WES: overlap"})
	bakkers.makes(items[:2]...)
	items[2].Party = 2
	equal(t, "the second party is with VIS", bakkers.refused(appointment.Change{Make: items[2:]}), []string{"Cato WES: overlap"})
	if got := bakkers.booked("Tue 19:00 Bram VIS").Party; got != 2 {
		t.Errorf("party %d", got)
	}
	w.consistent()
}

func TestARoomUsedAloneHoldsOneTalkAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alone, err := w.booking.Availability.CreateRoom(w.ctx, w.operator, "", "Spreekkamer", "", true)
	w.must(err)
	hall, err := w.booking.Availability.CreateRoom(w.ctx, w.operator, "", "Aula", "", false)
	w.must(err)
	rooms := map[string]models.RoomID{"alone": alone.ID, "hall": hall.ID}
	w.available(w.evening, w.windows("LON", 0, rooms, "19:00-20:00 alone", "20:00-21:00 hall"), w.windows("VIS", 0, rooms, "19:00-20:00 alone", "20:00-21:00 hall"))
	jet := w.recognised("Jet Prins")
	jet.makes(w.talks("Jet Vak LON 19:00", "Jet Vak VIS 20:00")...)
	bakkers := w.recognised("Anna Bakker")
	equal(t, "the room is in use", bakkers.refused(appointment.Change{Make: w.talks("Anna Vak VIS 19:00")}), []string{"Anna VIS: taken"})
	if free := bakkers.free("Anna", "Vak", "VIS"); free[0] != "Tue 19:10" {
		t.Errorf("free from %s", free[0])
	}
	bakkers.makes(w.talk("Anna Vak LON 20:00"))
	w.consistent()
}

func TestAPupilWhoAttendsCannotBeInTwoPlaces(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	w.openEvening(func(c *conference.NewConference) { c.TalkKinds[1].PupilAttends = true })
	bakkers := w.recognised("Anna Bakker")
	items := w.talks("Anna Vak LON 19:00", "Anna Zorg KAD 19:00")
	items[1].Party = 2
	equal(t, "one child in two talks", bakkers.refused(appointment.Change{Make: items}), []string{"Anna KAD: taken"})
	items[1] = w.talk("Anna Mentor NOO 19:00") // the mentor talks without the child
	items[1].Party = 2
	bakkers.makes(items...)
	w.consistent()
}

func TestADuoAndItsMembersAreNeverDoubleBooked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jet, bakkers := w.recognised("Jet Prins"), w.recognised("Anna Bakker")
	jet.makes(w.talk("Jet Mentor NOO+OOS 19:20"))
	for _, codes := range []string{"NOO", "OOS", "NOO+OOS"} {
		equal(t, codes, bakkers.refused(appointment.Change{Make: w.talks("Anna Mentor " + codes + " 19:20")}), []string{"Anna " + codes + ": taken"})
	}
	bakkers.makes(w.talk("Anna Mentor NOO 19:40"))
	equal(t, "one of the duo is busy", jet.refused(appointment.Change{Move: []appointment.MoveItem{jet.move("Tue 19:20 Jet NOO+OOS", 0, "19:40")}}), []string{"Tue 19:20 Jet NOO+OOS: taken"})
	jet.book(appointment.Change{Move: []appointment.MoveItem{jet.move("Tue 19:20 Jet NOO+OOS", 0, "19:40", "OOS")}})
	w.consistent()
}

func TestTwoConferencesOnOneEveningShareTeachersAndFamilies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	second := w.create(conference.NewConference{
		Title: "Profielkeuze", OpensAt: moment().Add(-1), ClosesAt: evenings().ClosesAt, Days: evenings().Days[:1],
		TalkKinds: []conference.NewTalkKind{{Title: "Advies", Minutes: 15, Obligation: models.Optional, Staffing: models.StaffedBySubject, Pairing: models.PairingEither}},
	})
	w.available(second, availability.TeacherDay{Staff: w.staff["LON"], Day: second.Days[0].ID, Windows: []rules.Window{{From: "19:00", Until: "21:00"}}})
	second = w.openConference(second.ID)
	advice := appointment.Request{Ref: "advice", Pupil: w.pupils["Jet"], TalkKind: w.kind(second, "Advies"), Staff: w.members("LON"), Start: w.at(0, "19:15")}
	jet, bakkers := w.recognised("Jet Prins"), w.recognised("Anna Bakker")
	jet.makes(advice)
	equal(t, "the teacher is in the other conference", bakkers.refused(appointment.Change{Make: w.talks("Anna Vak LON 19:20")}), []string{"Anna LON: taken"})
	equal(t, "the family is in the other conference", jet.refused(appointment.Change{Make: w.talks("Jet Vak VIS 19:20")}), []string{"Jet VIS: overlap"})
	if free := bakkers.free("Anna", "Vak", "LON"); free[1] != "Tue 19:30" {
		t.Errorf("free %q", free)
	}
	advice.Pupil, advice.Start = w.pupils["Anna"], w.at(0, "19:30")
	bakkers.makes(w.talk("Anna Vak LON 19:00"), w.talk("Anna Mentor OOS 20:00"), advice)
	if got := len(bakkers.family().Appointments); got != 3 {
		t.Errorf("%d appointments over both conferences", got)
	}
	w.consistent()
}

func TestATeacherWhoIsAParentIsNeverInTwoPlaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jet, finn := w.recognised("Jet Prins"), w.recognised("Finn Visser")
	jet.makes(w.talk("Jet Vak VIS 19:00"))
	equal(t, "she teaches", w.confirmed("Finn Visser").refused(appointment.Change{Make: w.talks("Finn Vak LON 19:00")}), []string{"Finn LON: overlap"})
	finn.makes(w.talk("Finn Vak LON 19:20"))
	equal(t, "she is a mother", jet.refused(appointment.Change{Move: []appointment.MoveItem{jet.move("Tue 19:00 Jet VIS", 0, "19:20")}}), []string{"Tue 19:00 Jet VIS: taken"})
	bakkers := w.recognised("Anna Bakker")
	equal(t, "her free times", bakkers.free("Anna", "Vak", "VIS")[:2], []string{"Tue 19:10", "Tue 19:30"})
	w.consistent()
	// The other parent goes alone while she teaches.
	father := w.talk("Finn Mentor NOO 19:00")
	father.Party = 2
	finn.makes(father)
	w.consistent()
	// With herself she talks once, and is there once.
	finn.makes(w.talk("Finn Vak VIS 19:40"))
	w.consistent()
	finn.book(appointment.Change{Cancel: []appointment.CancelItem{{Appointment: finn.booked("Tue 19:20 Finn LON").ID}}})
	bakkers.makes(w.talk("Anna Vak VIS 19:20"))
	w.consistent()
}

func TestATeacherWhoIsAParentSeesTheTimesInWhichSheTeachesAsBusy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.booking.Households.AddContact(w.ctx, w.operator, w.home("Jet"), household.NewContact{Name: "C. Zuid", Staff: w.staff["ZUI"]}))
	w.recognised("Bram Bakker").makes(w.talk("Bram Mentor ZUI 19:00"))
	jet := w.confirmed("Jet Prins")
	if free := jet.free("Jet", "Vak", "LON"); free[0] != "Tue 19:20" {
		t.Errorf("free from %s", free[0])
	}
	equal(t, "and cannot book them", jet.refused(appointment.Change{Make: w.talks("Jet Vak LON 19:10")}), []string{"Jet LON: overlap"})
	w.consistent()
}
