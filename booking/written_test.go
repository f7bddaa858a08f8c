package booking_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

// cancelled is the office's act by which it cancels a family's talks, with what it writes.
func (w *world) cancelled(given, reason string, talks ...rules.AppointmentView) appointment.Change {
	change := appointment.Change{Household: w.home(given), Reason: reason}
	for _, talk := range talks {
		change.Cancel = append(change.Cancel, appointment.CancelItem{Appointment: talk.ID})
	}
	return change
}

func TestWhatTheSchoolWritesWhenItCancelsIsInTheMessagesToTheFamily(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.post()
	bakkers := w.confirmed("Anna Bakker")
	bakkers.makes(w.talks("Anna Vak LON 19:00", "Bram Vak LON 19:20", "Bram Mentor ZUI 19:40")...)
	p.drain()
	talks := bakkers.family().Appointments
	book := func(change appointment.Change) {
		w.must(second(w.booking.Appointments.Book(w.ctx, w.operator, change)))
	}
	book(w.cancelled("Anna", "Mevrouw Lont\n is\u202e ziek.  Wij bellen u.", talks[0]))
	for _, box := range w.sealedOf(w.home("Anna")) {
		if bytes.Contains(box, []byte("Lont")) {
			t.Error("it is not sealed")
		}
	}
	// The first is not sent yet when the second takes its place.
	book(w.cancelled("Anna", "Ook dit <b>niet</b>.", talks[1]))
	told := only(t, p.confirmations(), "m.bakker@example.com")
	for _, want := range []string{"De school schrijft hierover: Mevrouw Lont is ziek. Wij bellen u.", "De school schrijft hierover: Ook dit <b>niet</b>."} {
		if strings.Count(told.Text, want) != 1 {
			t.Errorf("%q is not told once:\n%s", want, told.Text)
		}
	}
	if strings.Contains(told.HTML, "<b>") || strings.Contains(told.Subject, "ziek") {
		t.Errorf("subject %q\n%s", told.Subject, told.HTML)
	}
	if texts := p.texts(); !strings.HasSuffix(texts[0].Body, "De school schrijft: Ook dit <b>niet</b>. De school schrijft: Mevrouw Lont is ziek. Wij bellen u.") {
		t.Errorf("the text message: %s", texts[0].Body)
	}
	// A long one does not fit into a text message, and parents write nothing to themselves.
	long := strings.Repeat("Wij bellen u. ", 21)
	change := w.cancelled("Anna", "Geen zin.", talks[2])
	bakkers.book(change)
	if own := only(t, p.confirmations(), "m.bakker@example.com"); strings.Contains(own.Text, "schrijft") || strings.Contains(own.Text, "zin") {
		t.Errorf("to the parent who cancelled\n%s", own.Text)
	}
	bakkers.makes(w.talk("Bram Mentor ZUI 19:40"))
	p.drain()
	before := len(p.texts())
	book(w.cancelled("Anna", long, bakkers.family().Appointments...))
	told = only(t, p.confirmations(), "m.bakker@example.com")
	if texts := p.texts(); !strings.Contains(told.Text, strings.TrimSpace(long)) || len(texts) != before+1 || strings.Contains(texts[0].Body, "schrijft") {
		t.Errorf("a long one, by mail\n%s\nby text message %+v", told.Text, texts[0])
	}
}

func TestWhatTheSchoolWritesIsBoundedAndHoldsNoCitizenNumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.confirmed("Anna Bakker")
	bakkers.makes(w.talk("Anna Vak LON 19:00"))
	for reason, code := range map[string]string{strings.Repeat("é", 301): "too-long", "Zie dossier 111222333": "citizen-number"} {
		_, err := w.booking.Appointments.Book(w.ctx, w.operator, w.cancelled("Anna", reason, bakkers.family().Appointments...))
		wantField(t, err, "reason", code)
		_, err = w.booking.Decisions.Decide(w.ctx, w.operator, people.Decision{Appointments: []models.AppointmentID{bakkers.family().Appointments[0].ID}, Cancel: true, Reason: reason})
		wantField(t, err, "reason", code)
	}
	w.must(second(w.booking.Appointments.Book(w.ctx, w.operator, w.cancelled("Anna", strings.Repeat("é", 300), bakkers.family().Appointments...))))
}

func TestWhatTheSchoolWritesOfADecidedTalkIsToldAndNotWhereTheAddressIsSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.post()
	w.confirmed("Anna Bakker").makes(w.talk("Anna Vak LON 19:00"))
	w.recognised("Jet Prins").makes(w.talk("Jet Vak LON 19:10"))
	w.must(second(w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Jet"], people.PupilPatch{Protected: ptr(true)})))
	p.drain()
	w.must(second(w.booking.People.UpdateStaff(w.ctx, w.operator, w.staff["LON"], people.StaffPatch{Left: ptr(true)})))
	list, err := w.booking.Decisions.Undecided(w.ctx, w.operator)
	w.must(err)
	var ids []models.AppointmentID
	for _, talk := range list.Talks {
		ids = append(ids, talk.ID)
	}
	w.must(second(w.booking.Decisions.Decide(w.ctx, w.operator, people.Decision{Appointments: ids, Cancel: true, Reason: "Engels valt uit."})))
	told := p.confirmations()
	if text := only(t, told, "m.bakker@example.com").Text; !strings.Contains(text, "De school schrijft hierover: Engels valt uit.") {
		t.Errorf("told\n%s", text)
	}
	if text := only(t, told, "a.prins@example.com").Text; strings.Contains(text, "Engels") {
		t.Errorf("to a secret address\n%s", text)
	}
}
