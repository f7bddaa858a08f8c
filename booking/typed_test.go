package booking_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/managelink"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// writtenTo lists the addresses, typed ones only, of the confirmations that wait to be sent.
func (w *world) writtenTo() []string {
	w.t.Helper()
	list := []string{}
	w.read(func(tx *store.Tx) {
		messages, err := store.List[models.Message](tx, store.Eq("kind", models.MessageConfirmation), store.Eq("state", models.MessageQueued))
		w.must(err)
		for _, message := range messages {
			contact, err := store.Get[models.Contact](tx, message.ContactID)
			w.must(err)
			if contact.Source == models.SourceTyped {
				list = append(list, contact.Details.Value)
			}
		}
	})
	slices.Sort(list)
	return list
}

func (w *world) typedContacts() []models.Contact {
	w.t.Helper()
	var typed []models.Contact
	w.read(func(tx *store.Tx) {
		var err error
		typed, err = store.List[models.Contact](tx, store.Eq("source", models.SourceTyped))
		w.must(err)
	})
	return typed
}

func TestAMistypedAddressIsCorrected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	session := w.recognised("Anna Bakker")
	session.book(appointment.Change{Make: w.talks("Anna Vak LON 19:00", "Cato Vak VIS Thu 20:00"), Email: "fuot@example.com", Language: "nl"})
	other := w.recognised("Jet Prins")
	other.book(appointment.Change{Make: w.talks("Jet Vak LON 20:00"), Email: "jet@example.com"})
	w.must(w.booking.Appointments.Retype(w.ctx, session.actor(), "goed@example.com", "0612345699", "en"))
	equal(t, "written to", w.writtenTo(), []string{"+31612345699", "+31612345699", "goed@example.com", "goed@example.com", "jet@example.com"})
	for _, contact := range w.typedContacts() {
		if contact.Details.Value == "fuot@example.com" || contact.Details.Value == "goed@example.com" && contact.Language != "en" {
			t.Errorf("contact %+v", contact)
		}
	}
	// The same again writes nothing more, and what is left empty stays.
	w.must(w.booking.Appointments.Retype(w.ctx, session.actor(), "goed@example.com", "", "en"))
	if got := w.writtenTo(); len(got) != 5 {
		t.Errorf("written to %v", got)
	}
	// Whoever moves a talk afterwards is told at the new address.
	family := session.family()
	session.book(appointment.Change{Cancel: []appointment.CancelItem{{Appointment: family.Appointments[0].ID}}})
	if got := w.writtenTo(); slices.Contains(got, "fuot@example.com") || !slices.Contains(got, "goed@example.com") {
		t.Errorf("written to %v", got)
	}
}

func TestAnAddressOnFileTakesThePlaceOfAMistypedOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var onFile string
	w.read(func(tx *store.Tx) {
		contacts, err := store.List[models.Contact](tx, store.Eq("household_id", w.home("Anna")), store.Eq("kind", models.ContactEmail))
		w.must(err)
		onFile = contacts[0].Details.Value
	})
	session := w.recognised("Anna Bakker")
	session.book(appointment.Change{Make: w.talks("Anna Vak LON 19:00"), Email: "fuot@example.com"})
	w.must(w.booking.Appointments.Retype(w.ctx, session.actor(), onFile, "", "nl"))
	if left := w.typedContacts(); len(left) != 0 {
		t.Errorf("typed contacts %+v", left)
	}
}

func TestWhatCannotBeCorrected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	session := w.recognised("Anna Bakker")
	retype := func(email, phone string) error {
		return w.booking.Appointments.Retype(w.ctx, session.actor(), email, phone, "nl")
	}
	wantCode(t, retype("goed@example.com", ""), errs.CodeNothingBooked)
	session.book(appointment.Change{Make: w.talks("Anna Vak LON 19:00")})
	wantKind(t, retype("", " "), errs.Invalid)
	wantKind(t, retype("goed@", ""), errs.Invalid)
	wantKind(t, retype("", "12"), errs.Invalid)
	other := w.recognised("Jet Prins")
	wantCode(t, w.booking.Appointments.Retype(w.ctx, other.actor(), "goed@example.com", "", "nl"), errs.CodeNothingBooked)
	w.clock.Set(w.at(0, "19:10"))
	session = w.recognised("Anna Bakker")
	wantCode(t, retype("goed@example.com", ""), errs.CodeNothingBooked)
	if left := w.typedContacts(); len(left) != 0 {
		t.Errorf("typed contacts %+v", left)
	}
}

func TestAnAddressIsRefusedByItsLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	session := w.recognised("Anna Bakker")
	session.book(appointment.Change{Make: w.talks("Anna Vak LON 19:00"), Email: "vreemd@example.com"})
	typed := w.typedContacts()[0]
	link := func(kind managelink.Kind, subject [16]byte) (token string) {
		w.read(func(tx *store.Tx) {
			token = managelink.Link{Kind: kind, Subject: subject, Until: storetest.Start().AddDate(0, 2, 0).Truncate(24 * time.Hour)}.Token(tx.Index)
		})
		return token
	}
	var onFile models.ContactID
	w.read(func(tx *store.Tx) {
		contacts, err := store.List[models.Contact](tx, store.Eq("household_id", w.home("Anna")), store.Eq("source", models.SourceFile))
		w.must(err)
		onFile = contacts[0].ID
	})
	refuse := func(token string) error { return w.booking.Appointments.Refuse(w.ctx, w.school, token) }
	for name, token := range map[string]string{
		"nothing": "", "a manage link": link(managelink.Contact, typed.ID), "the maker's": link(managelink.Maker, typed.MakerID), "one to a contact on file": link(managelink.Refuse, onFile),
	} {
		if err := refuse(token); errs.KindOf(err) != errs.NotFound || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(w.typedContacts()) != 1 {
		t.Fatal("it is gone")
	}
	w.must(refuse(link(managelink.Refuse, typed.ID)))
	if left := w.typedContacts(); len(left) != 0 {
		t.Errorf("typed contacts %+v", left)
	}
	equal(t, "written to", w.writtenTo(), []string{})
	wantKind(t, refuse(link(managelink.Refuse, typed.ID)), errs.NotFound)
	equal(t, "schedule", w.schedule(), []string{"Tue 19:00 Anna LON"})
	// The family can still say where it is.
	w.must(w.booking.Appointments.Retype(w.ctx, session.actor(), "goed@example.com", "", "nl"))
	equal(t, "written to", w.writtenTo(), []string{"goed@example.com"})
	w.consistent()
}
