package booking_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

func (w *world) channels(mail, sms bool) {
	w.t.Helper()
	_, err := w.booking.Schools.Update(w.ctx, w.operator, school.Patch{Channels: &models.Channels{Mail: mail, SMS: sms, None: !mail && !sms}})
	w.must(err)
}

func TestABookingIsConfirmedToEveryContactOncePerEvening(t *testing.T) {
	t.Parallel()
	w := building(t)
	w.change(models.ConferenceRules{})
	p := w.post()
	w.recognised("Anna Bakker").book(appointment.Change{Make: w.talks(sixTalks...), Email: "oma@example.com"})
	letters := p.drain()
	if len(letters) != 4 {
		t.Fatalf("%d mails", len(letters))
	}
	for _, address := range []string{"m.bakker@example.com", "oma@example.com"} {
		var events []string
		for _, l := range to(letters, address) {
			events = append(events, l.event.at(t))
			for _, secret := range []string{"Bakker", "2014", "1234"} {
				if strings.Contains(l.words(), secret) {
					t.Errorf("the mail to %s holds %q", address, secret)
				}
			}
			if strings.Contains(l.Subject, "Anna") || l.ReplyTo != "<info@merel.example.com>" && l.ReplyTo != "info@merel.example.com" {
				t.Errorf("subject %q, replies to %q", l.Subject, l.ReplyTo)
			}
			if !strings.Contains(l.event.attendee, address) {
				t.Errorf("the calendar's attendee is %s", l.event.attendee)
			}
		}
		slices.Sort(events)
		equal(t, address, events, []string{"REQUEST 1: Thu 19:00-19:10", "REQUEST 1: Tue 19:00-20:40"})
	}
	tuesday := to(letters, "m.bakker@example.com")
	index := slices.IndexFunc(tuesday, func(l letter) bool { return strings.Contains(l.event.at(t), "Tue") })
	for _, want := range []string{"19:00–19:20", "Ada Noord en Bas Oost", "Anna", "19:20–19:30", "Eva Lont", "20:20–20:40", "Dora West", "A1"} {
		if !strings.Contains(tuesday[index].Text, want) {
			t.Errorf("the mail to the contact on file lacks %q:\n%s", want, tuesday[index].Text)
		}
	}
	// Two numbers are written to? No: one on file, one text for each evening.
	texts := p.texts()
	if len(texts) != 2 || texts[0].To != "+31612345601" || strings.Contains(texts[0].Body, "Anna") {
		t.Errorf("texts %+v", texts)
	}
	if got := w.states(); got != "sent 6" {
		t.Errorf("outbox: %s", got)
	}
	if again := p.drain(); len(again) != 0 {
		t.Errorf("%d more mails", len(again))
	}
}

var manageLink = regexp.MustCompile(`https://ouderavond\.example/de-merel/m/([A-Za-z0-9_-]+)`)

// words is everything that a reader of the mail and its calendar file reads, without links and ids, which hold any letters and digits.
func (l letter) words() string {
	text := manageLink.ReplaceAllString(l.Subject+"\n"+l.Text+"\n"+l.HTML, "")
	return text + "\n" + l.event.description + "\n" + l.event.location + "\n" + l.event.summary
}

// manages opens the session of a mail's manage link.
func (w *world) manages(l letter) *session {
	w.t.Helper()
	found := manageLink.FindStringSubmatch(l.Text)
	if found == nil {
		w.t.Fatalf("no manage link in\n%s", l.Text)
	}
	opened, err := w.auth.Parents.OpenManageLink(w.ctx, w.school, found[1], parent.Origin{})
	w.must(err)
	return &session{w, opened.Token, opened.Device}
}

func TestATypedContactReadsOfItsOwnTalksWithoutRooms(t *testing.T) {
	t.Parallel()
	w := building(t)
	p := w.post()
	w.confirmed("Anna Bakker").makes(w.talk("Anna Vak LON 19:00"))
	w.recognised("Anna Bakker").book(appointment.Change{Make: w.talks("Bram Vak LON 20:00", "Cato Vak VIS 20:30"), Email: "oma@example.com"})
	// Beside the confirmations goes a notice that the household was confirmed on a new device.
	letters := slices.DeleteFunc(p.drain(), func(l letter) bool { return l.event.uid == "" })
	typed, filed := only(t, letters, "oma@example.com"), only(t, letters, "m.bakker@example.com")
	for _, secret := range []string{"Anna", "19:00", "A1", "B1"} {
		if strings.Contains(typed.words(), secret) {
			t.Errorf("the mail to a typed address holds %q", secret)
		}
	}
	if got := typed.event.at(t); got != "REQUEST 2: Tue 20:00-20:40" {
		t.Errorf("typed: %s", got)
	}
	for _, want := range []string{"Anna", "Bram", "Cato", "19:00", "A1", "B1"} {
		if !strings.Contains(filed.Text, want) || !strings.Contains(filed.event.description+filed.event.location, want) && want != "19:00" {
			t.Errorf("the mail to the contact on file lacks %q", want)
		}
	}
	if got := filed.event.at(t); got != "REQUEST 2: Tue 19:00-20:40" {
		t.Errorf("on file: %s", got)
	}
	if typed.event.uid == filed.event.uid {
		t.Error("two people share one calendar entry")
	}
	equal(t, "the typed address manages", w.manages(typed).sees(), []string{"Tue 20:00 Bram LON", "Tue 20:30 Cato VIS"})
	equal(t, "the address on file manages", w.manages(filed).sees(), []string{"Tue 19:00 Anna LON", "Tue 20:00 Bram LON", "Tue 20:30 Cato VIS"})
	// One act on talks of both is told to each as far as it is theirs.
	w.clock.Advance(time.Minute)
	family := w.confirmed("Anna Bakker")
	family.book(family.cancels("Tue 19:00 Anna LON", "Tue 20:00 Bram LON"))
	if typed = only(t, p.drain(), "oma@example.com"); strings.Contains(typed.Text, "19:00") || !strings.Contains(typed.Text, "20:00") {
		t.Errorf("the typed address reads\n%s", typed.Text)
	}
}

func TestTextMessagesGoOutOnlyWhereTheSchoolSwitchedThemOn(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		mail, sms    bool
		mails, texts int
	}{
		"both": {true, true, 2, 2}, "mail only": {true, false, 2, 0}, "text only": {false, true, 0, 2}, "neither": {false, false, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.channels(test.mail, test.sms)
			p := w.post()
			w.recognised("Jet Prins").book(appointment.Change{Make: w.talks("Jet Vak LON 19:00"), Email: "oma@example.com", Phone: "0612345699"})
			if mails, texts := len(p.drain()), len(p.texts()); mails != test.mails || texts != test.texts {
				t.Errorf("%d mails and %d texts", mails, texts)
			}
		})
	}
}

func TestOneAddressGetsOneMailHoweverManyGuardiansShareIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.must(w.booking.Households.AddContact(w.ctx, w.operator, w.home("Jet"), household.NewContact{Name: "B. Prins", Email: "A.Prins@example.com"}))
	p := w.post()
	jet := w.recognised("Jet Prins")
	jet.book(appointment.Change{Make: w.talks("Jet Vak LON 19:00"), Email: "a.PRINS@example.com"})
	letters := p.drain()
	first := only(t, letters, "a.prins@example.com")
	if len(letters) != 1 {
		t.Errorf("%d mails", len(letters))
	}
	jet.book(jet.cancels("Tue 19:00 Jet LON"))
	if second := only(t, p.drain(), "a.prins@example.com"); second.event.uid != first.event.uid || second.event.at(t) != "CANCEL 2: Tue 19:00" {
		t.Errorf("then %s", second.event.at(t))
	}
}

func TestNewerMessagesSupersedeOlderOnesThatWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels(true, false)
	p := w.post()
	jet := w.recognised("Jet Prins")
	jet.makes(w.talk("Jet Vak LON 19:00"))
	jet.makes(w.talk("Jet Vak VIS 19:20"))
	jet.book(appointment.Change{Move: []appointment.MoveItem{jet.move("Tue 19:00 Jet LON", 0, "20:00")}})
	jet.makes(w.talk("Jet Mentor NOO Thu 19:00"))
	if got := w.states(); got != "queued 2, superseded 2" {
		t.Errorf("outbox: %s", got)
	}
	letters := p.drain()
	var events []string
	for _, l := range letters {
		events = append(events, l.event.at(t))
	}
	slices.Sort(events)
	equal(t, "mails", events, []string{"REQUEST 3: Tue 19:20-20:10", "REQUEST 4: Thu 19:00-19:20"})
	if got := w.states(); got != "sent 2, superseded 2" {
		t.Errorf("outbox: %s", got)
	}
}

func TestNothingIsQueuedForAnAddressAtWhichNobodyIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels(true, false)
	w.write(func(tx *store.Tx) error {
		contacts, err := store.List[models.Contact](tx, store.Eq("household_id", w.home("Jet")))
		for i := range contacts {
			contacts[i].Suppressed = true
			if err == nil {
				err = store.Update(tx, &contacts[i], "suppressed")
			}
		}
		return err
	})
	w.recognised("Jet Prins").makes(w.talk("Jet Vak LON 19:00"))
	if got := w.states(); got != "" {
		t.Errorf("outbox: %s", got)
	}
}

func TestAMailThatMayHaveGoneIsNotCalledSupersededWhenTheFamilyActsAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels(true, false)
	jet := w.recognised("Jet Prins")
	jet.makes(w.talk("Jet Vak LON 19:00"))
	w.write(func(tx *store.Tx) error {
		message, err := store.First[models.Message](tx)
		if err != nil {
			return err
		}
		message.Attempts, message.Problem = 1, models.ProblemNoAnswer
		return store.Update(tx, message, "attempts", "problem")
	})
	jet.makes(w.talk("Jet Vak VIS 19:20"))
	if got := w.states(); got != "queued 1, unknown 1" {
		t.Errorf("outbox: %s", got)
	}
}

func TestTheCalendarEntryFollowsTheTalks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels(true, false)
	p := w.post()
	jet := w.recognised("Jet Prins")
	var uids []string
	step := func(what string, want ...string) {
		t.Helper()
		w.clock.Advance(time.Minute)
		var events []string
		for _, l := range p.drain() {
			events = append(events, l.event.at(t))
			if !slices.Contains(uids, l.event.uid) {
				uids = append(uids, l.event.uid)
			}
		}
		slices.Sort(events)
		equal(t, what, events, want)
	}
	jet.makes(w.talk("Jet Vak LON 19:00"))
	step("made", "REQUEST 1: Tue 19:00-19:10")
	jet.book(appointment.Change{Move: []appointment.MoveItem{jet.move("Tue 19:00 Jet LON", 0, "19:30")}})
	step("moved", "REQUEST 2: Tue 19:30-19:40")
	jet.makes(w.talk("Jet Mentor NOO 20:00"))
	step("another one", "REQUEST 3: Tue 19:30-20:20")
	jet.book(appointment.Change{Move: []appointment.MoveItem{jet.move("Tue 20:00 Jet NOO", 1, "20:00")}})
	step("one of them to another day", "REQUEST 4: Thu 20:00-20:20", "REQUEST 4: Tue 19:30-19:40")
	jet.book(appointment.Change{Move: []appointment.MoveItem{jet.move("Tue 19:30 Jet LON", 1, "20:30")}})
	step("the other too", "CANCEL 5: Tue 19:30", "REQUEST 5: Thu 20:00-20:40")
	jet.makes(w.talk("Jet Vak VIS 19:00"))
	step("Tuesday after all", "REQUEST 6: Tue 19:00-19:10")
	jet.book(jet.cancels("Thu 20:00 Jet NOO", "Thu 20:30 Jet LON", "Tue 19:00 Jet VIS"))
	step("all cancelled", "CANCEL 7: Thu 20:00", "CANCEL 7: Tue 19:00")
	if len(uids) != 2 {
		t.Errorf("%d calendar entries for two evenings", len(uids))
	}
}

func TestACalendarThatFollowsTheMailsInAnyOrderEndsAtTheTruth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels(true, false)
	p := w.post()
	device := w.recognised("Jet Prins").device
	p.sent.Transport = nil // nobody reads the folder here
	clients := map[string]calendar{"a.prins@example.com": {}, "oma@example.com": {}}
	rapid.Check(t, func(r *rapid.T) {
		p.sent.messages = nil
		jet := w.recognisedOn(device, "Jet Prins", known["Jet Prins"][1])
		for range rapid.IntRange(1, 3).Draw(r, "acts") {
			w.clock.Advance(time.Second)
			_, _ = jet.try(jet.anyAct(r)) // what cannot be changes nothing
			if rapid.Bool().Draw(r, "send") {
				p.send()
			}
		}
		w.clock.Advance(11 * time.Minute) // what many changes in an hour made wait goes now
		p.send()
		for _, message := range rapid.Permutation(p.sent.messages).Draw(r, "order") {
			clients[message.To].take(readEvent(t, string(message.Calendar), message.CalendarMethod))
		}
		family, err := w.booking.Families.FamilyOf(w.ctx, w.operator, w.home("Jet"))
		w.must(err)
		truth := map[string][]rules.AppointmentView{"a.prins@example.com": family.Appointments, "oma@example.com": nil}
		if token := w.linkOf("oma@example.com"); token != "" {
			opened, err := w.auth.Parents.OpenManageLink(w.ctx, w.school, token, parent.Origin{})
			w.must(err)
			truth["oma@example.com"] = (&session{w, opened.Token, opened.Device}).family().Appointments
		}
		for address, client := range clients {
			if got, want := client.shows(t), visits(t, truth[address]); !slices.Equal(got, want) {
				r.Fatalf("the calendar of %s shows %q, but booked is %q", address, got, want)
			}
		}
	})
	w.consistent()
}

// anyAct draws something that Jet's parents might do.
func (s *session) anyAct(r *rapid.T) appointment.Change {
	s.w.t.Helper()
	change, present := appointment.Change{AcceptWalking: true}, s.family().Appointments
	start := rapid.SampledFrom([]string{"19:00", "19:20", "19:40", "20:00"}).Draw(r, "start")
	at := s.w.at(rapid.IntRange(0, 1).Draw(r, "day"), start)
	act := rapid.SampledFrom([]string{"make", "make", "move", "cancel"}).Draw(r, "act")
	switch {
	case act == "make" || len(present) == 0:
		item := s.w.talk("Jet Vak " + rapid.SampledFrom([]string{"LON", "VIS"}).Draw(r, "teacher") + " " + start)
		item.Start = at
		change.Make = []appointment.Request{item}
		if rapid.Bool().Draw(r, "typed") {
			change.Email = "oma@example.com"
		}
	case act == "move":
		change.Move = []appointment.MoveItem{{Appointment: present[rapid.IntRange(0, len(present)-1).Draw(r, "which")].ID, Start: at}}
	default:
		change.Cancel = []appointment.CancelItem{{Appointment: present[rapid.IntRange(0, len(present)-1).Draw(r, "which")].ID}}
	}
	return change
}

// visits gives the time from the first to the last talk of each evening.
func visits(t testing.TB, views []rules.AppointmentView) []string {
	zone := amsterdam(t)
	ends := map[string][2]time.Time{}
	for _, view := range views {
		day := view.Start.In(zone).Format("Mon")
		span, known := ends[day]
		if !known || view.Start.Before(span[0]) {
			span[0] = view.Start
		}
		if view.End.After(span[1]) {
			span[1] = view.End
		}
		ends[day] = span
	}
	texts := []string{}
	for _, span := range ends {
		texts = append(texts, span[0].In(zone).Format("Mon 15:04")+span[1].In(zone).Format("-15:04"))
	}
	slices.Sort(texts)
	return texts
}

func TestAFamilyWhoseAddressIsSecretIsSentALinkOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	yes := true
	_, err := w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Jet"], people.PupilPatch{Protected: &yes})
	w.must(err)
	p := w.post()
	_, err = w.booking.Appointments.Book(w.ctx, w.operator, appointment.Change{Household: w.home("Jet"), Make: w.talks("Jet Vak LON 19:00"), Email: "advocaat@example.com"})
	w.must(err)
	letters := p.drain()
	if len(letters) != 2 {
		t.Fatalf("%d mails", len(letters))
	}
	bodies := []string{p.texts()[0].Body}
	for _, l := range letters {
		bodies = append(bodies, l.Subject+l.Text+l.HTML)
		if l.Calendar != "" {
			t.Error("there is a calendar file")
		}
	}
	for _, body := range bodies {
		for _, secret := range []string{"19:00", "24 nov", "november", "Jet", "Lont", "dinsdag"} {
			if strings.Contains(manageLink.ReplaceAllString(body, ""), secret) {
				t.Errorf("%q is in\n%s", secret, body)
			}
		}
		if !manageLink.MatchString(body) {
			t.Errorf("no link in\n%s", body)
		}
	}
	equal(t, "the link opens", w.manages(only(t, letters, "a.prins@example.com")).sees(), []string{"Tue 19:00 Jet LON"})
}

func TestSomebodyWhoMovedOutIsToldNothingMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.post()
	w.recognisedOn("", "Emma Smit", "2345BC").makes(w.talk("Emma Vak LON 19:00"))
	w.secondHome() // before the messages went out
	letters := p.drain()
	if len(letters) != 1 || len(to(letters, "j.smit@example.com")) != 1 {
		t.Errorf("mails %+v", letters)
	}
	w.recognisedOn("", "Emma Smit", "2345BC").makes(w.talk("Emma Vak VIS 19:20"))
	w.recognisedOn("", "Emma Smit", fathersPostcode).makes(w.talk("Emma Vak LON 19:40"))
	letters = p.drain()
	mother, father := only(t, letters, "j.smit@example.com"), only(t, letters, "p.degraaf@example.com")
	if strings.Contains(mother.Text, "19:40") || !strings.Contains(mother.Text, "19:20") || strings.Contains(father.Text, "19:20") || strings.Contains(father.Text, "19:00") {
		t.Errorf("one parent reads of the other's talks:\n%s\n%s", mother.Text, father.Text)
	}
}

func TestASchoolInRehearsalWritesToNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	yes := true
	_, err := w.booking.Schools.Update(w.ctx, w.operator, school.Patch{Rehearsal: &yes})
	w.must(err)
	p := w.post()
	w.recognised("Jet Prins").makes(w.talk("Jet Vak LON 19:00"))
	letters := p.drain()
	if len(letters) != 1 || len(p.sent.messages) != 0 {
		t.Errorf("%d mails in the folder, %d to the real transport", len(letters), len(p.sent.messages))
	}
}
