package booking_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/managelink"
	"github.com/ouderavond/ouderavond/models/store"
)

// fathersPostcode is where Emma's father lives.
const fathersPostcode = "9876ZX"

// separated gives Emma a second home, her father's, and a session of each parent.
func separated(t *testing.T) (w *world, mother, father *session) {
	t.Helper()
	w = newWorld(t)
	w.secondHome()
	return w, w.recognisedOn("", "Emma Smit", "2345BC"), w.recognisedOn("", "Emma Smit", fathersPostcode)
}

func (w *world) secondHome() models.HouseholdID {
	w.t.Helper()
	made, err := w.booking.Households.Create(w.ctx, w.operator, household.NewHousehold{
		Pupils: []models.PupilID{w.pupils["Emma"]}, Postcode: fathersPostcode, Beside: true, Guardians: []models.GuardianID{w.guardian("Emma", "P. de Graaf")},
	})
	w.must(err)
	return made.Household
}

func (w *world) guardian(given, name string) models.GuardianID {
	w.t.Helper()
	people, err := w.booking.People.Staff(w.ctx, w.operator)
	w.must(err)
	for _, home := range people.HouseholdsOf(w.pupils[given]) {
		for _, guardian := range people.Guardians(home.HouseholdID) {
			if guardian.Details.Name == name {
				return guardian.ID
			}
		}
	}
	w.t.Fatalf("%s has no guardian %s", given, name)
	return models.GuardianID{}
}

// probes is what the father can find out: his page, and the answer to every talk of his child that he might try.
func (s *session) probes() string {
	s.w.t.Helper()
	page, err := json.Marshal(s.family())
	s.w.must(err)
	texts := []string{string(page)}
	for _, talk := range []string{"Vak LON", "Vak VIS", "Mentor NOO", "Mentor OOS", "Mentor NOO+OOS"} {
		for _, start := range []string{"19:00", "19:10", "19:20", "19:40"} {
			outcome, err := s.try(appointment.Change{Make: s.w.talks("Emma " + talk + " " + start)})
			if err == nil {
				texts = append(texts, strings.Join(s.w.show(outcome.Appointments), " "))
				_, err = s.try(appointment.Change{Cancel: []appointment.CancelItem{{Appointment: outcome.Appointments[0].ID}}})
				s.w.must(err)
				continue
			}
			texts = append(texts, fmt.Sprintf("%s %s %+v", talk, start, itemsOf(s.w.t, err)))
		}
	}
	return strings.Join(texts, "\n")
}

func TestSeparatedParentsLearnNothingOfOneAnothersTalks(t *testing.T) {
	t.Parallel()
	w, mother, father := separated(t)
	jet := w.recognised("Jet Prins")
	taken := w.fork()
	mother.in(taken).makes(taken.talks("Emma Vak LON 19:10", "Emma Mentor NOO 19:20")...)
	stranger := w.fork()
	jet.in(stranger).makes(stranger.talks("Jet Vak LON 19:10", "Jet Mentor NOO 19:20")...)
	got, want := father.in(taken).probes(), father.in(stranger).probes()
	if got != want {
		t.Errorf("the father's answers tell his child's mother from a stranger\n got %s\nwant %s", got, want)
	}
	if strings.Contains(got, `"BookedElsewhere":true`) || !strings.Contains(got, "taken") {
		t.Errorf("probes %s", got)
	}
	// Each has talks of their own, with limits of their own.
	equal(t, "mother", mother.in(taken).sees(), []string{"Tue 19:10 Emma LON", "Tue 19:20 Emma NOO"})
	father.in(taken).makes(taken.talks("Emma Mentor OOS 19:20", "Emma Vak LON 19:00")...)
	equal(t, "father", father.in(taken).sees(), []string{"Tue 19:00 Emma LON", "Tue 19:20 Emma OOS"})
	taken.consistent()
}

func TestASeparatedParentWhoKnowsEveryIDCanDoNothingWithIt(t *testing.T) {
	t.Parallel()
	w, mother, _ := separated(t)
	made := mother.makes(w.talk("Emma Vak LON 19:10")).Appointments[0]
	people, err := w.booking.People.Staff(w.ctx, w.operator)
	w.must(err)
	fathers := people.HouseholdsOf(w.pupils["Emma"])[1].HouseholdID
	before := w.counts()
	for name, father := range map[string]*session{"recognised": w.recognisedOn("", "Emma Smit", fathersPostcode), "confirmed": w.confirmedAt(fathers, "Emma Smit")} {
		equal(t, name, father.sees(), []string{})
		for _, change := range []appointment.Change{
			{Cancel: []appointment.CancelItem{{Appointment: made.ID}}},
			{Move: []appointment.MoveItem{{Appointment: made.ID, Start: w.at(0, "20:00")}}},
			{Cancel: []appointment.CancelItem{{Appointment: made.ID}}, Household: made.Household},
			{Move: []appointment.MoveItem{{Appointment: made.ID, Start: w.at(0, "20:00")}}, Household: made.Household, Make: w.talks("Emma Vak VIS 19:00")},
		} {
			_, err := father.try(change)
			unknown := change
			unknown.Cancel, unknown.Move = slices.Clone(change.Cancel), slices.Clone(change.Move)
			for i := range unknown.Cancel {
				unknown.Cancel[i].Appointment = models.New[models.AppointmentID]()
			}
			for i := range unknown.Move {
				unknown.Move[i].Appointment = models.New[models.AppointmentID]()
			}
			_, otherwise := father.try(unknown)
			if errs.KindOf(err) != errs.NotFound || err.Error() != otherwise.Error() {
				t.Errorf("%s: %v, but for an appointment of nobody %v", name, err, otherwise)
			}
		}
	}
	equal(t, "schedule", w.schedule(), []string{"Tue 19:10 Emma LON"})
	if got := w.appeared(before); !strings.HasPrefix(got, "audits+1 codes+1 sessions+2") && !strings.Contains(got, "sessions+2") || strings.Contains(got, "bookings") {
		t.Errorf("rows %s", got)
	}
}

func TestWhereTheSchoolSaysTogetherOrOneTheSecondHouseholdAsksTheSchool(t *testing.T) {
	t.Parallel()
	for _, arrangement := range []models.Arrangement{models.ArrangementTogether, models.ArrangementOne} {
		t.Run(string(arrangement), func(t *testing.T) {
			t.Parallel()
			w, mother, father := separated(t)
			own := father.makes(w.talk("Emma Vak VIS 19:00")).Appointments[0].ID
			_, err := w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Emma"], people.PupilPatch{Arrangement: &arrangement})
			w.must(err)
			mother.makes(w.talk("Emma Vak LON 19:10"))
			if child := mother.family().Children[0]; child.AskSchool || len(child.Talks) == 0 {
				t.Errorf("the mother's %+v", child)
			}
			child := father.family().Children[0]
			if !child.AskSchool || len(child.Talks) != 0 || child.BookedElsewhere {
				t.Errorf("the father's %+v", child)
			}
			equal(t, "his talk of before", father.sees(), []string{"Tue 19:00 Emma VIS"})
			equal(t, "make", father.refused(appointment.Change{Make: w.talks("Emma Vak LON 19:10")}), []string{"Emma LON: not_offered"})
			equal(t, "make where it is free", father.refused(appointment.Change{Make: w.talks("Emma Vak LON 20:00")}), []string{"Emma LON: not_offered"})
			equal(t, "move", father.refused(appointment.Change{Move: []appointment.MoveItem{{Ref: "m", Appointment: own, Start: w.at(0, "20:00")}}}), []string{"m: not_offered"})
			father.book(father.cancels("Tue 19:00 Emma VIS"))
			w.consistent()
		})
	}
}

func TestSomebodyWhoIsOnlyRecognisedSeesAndChangesWhatItMadeItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.change(models.ConferenceRules{WalkingMinutes: 5})
	family := w.recognised("Anna Bakker")
	theirs := family.makes(w.talks("Anna Vak LON 19:10", "Bram Vak VIS 19:30")...).Appointments
	stranger := w.recognised("Anna Bakker")
	page := stranger.family()
	equal(t, "appointments", w.show(page.Appointments), []string{})
	for _, child := range page.Children {
		if want := child.Given != "Cato"; child.BookedElsewhere != want {
			t.Errorf("%s is booked elsewhere: %v", child.Given, child.BookedElsewhere)
		}
		for _, talk := range child.Talks {
			if talk.Title == "Vak" && talk.Left != -1 || talk.Title == "Mentor" && talk.Left != 1 {
				t.Errorf("%s %s: %d left", child.Given, talk.Title, talk.Left)
			}
		}
	}
	// The times of what it may not see are not missing from its free times either.
	if free := stranger.free("Cato", "Mentor", "WES"); free[0] != "Tue 19:00" {
		t.Errorf("free from %s", free[0])
	}
	if free := w.confirmed("Cato Bakker").free("Cato", "Mentor", "WES"); free[0] != "Tue 19:40" {
		t.Errorf("to the family, free from %s", free[0])
	}
	for _, change := range []appointment.Change{
		{Cancel: []appointment.CancelItem{{Appointment: theirs[0].ID}}}, {Move: []appointment.MoveItem{{Appointment: theirs[0].ID, Start: w.at(0, "20:00")}}},
	} {
		_, err := stranger.try(change)
		wantCode(t, err, "booking.no-such-appointment")
	}
	stranger.book(appointment.Change{Make: w.talks("Cato Vak LON 20:00"), Email: "vreemd@example.com"})
	equal(t, "the stranger's own", stranger.sees(), []string{"Tue 20:00 Cato LON"})
	equal(t, "the family's session", family.sees(), []string{"Tue 19:10 Anna LON", "Tue 19:30 Bram VIS"})
	confirmed := w.confirmed("Cato Bakker")
	equal(t, "the family, confirmed", confirmed.sees(), []string{"Tue 19:10 Anna LON", "Tue 19:30 Bram VIS", "Tue 20:00 Cato LON"})
	if confirmed.family().Children[0].BookedElsewhere {
		t.Error("nothing is booked elsewhere for who sees all")
	}
	confirmed.book(confirmed.cancels("Tue 20:00 Cato LON"))
	equal(t, "the stranger's own", stranger.sees(), []string{})
}

func TestRefusalsDoNotTellTheTimesOfTalksThatTheSessionMayNotSee(t *testing.T) {
	t.Parallel()
	w := building(t)
	w.recognised("Anna Bakker").makes(w.talk("Anna Vak LON 19:20"))
	stranger := w.recognised("Anna Bakker")
	// Overlap and distance say "you are elsewhere then"; to who may not know that, the slot is just not to be had.
	equal(t, "at the same time", stranger.refused(appointment.Change{Make: w.talks("Bram Vak VIS 19:20")}), []string{"Bram VIS: taken"})
	stranger.makes(w.talk("Bram Vak VIS 19:30")) // in another part of the building
	equal(t, "to its own talks", stranger.refused(appointment.Change{Make: w.talks("Cato Vak LON 19:30")}), []string{"Cato LON: overlap"})
	confirmed := w.confirmed("Anna Bakker")
	equal(t, "to the family", confirmed.refused(appointment.Change{Make: w.talks("Cato Vak VIS 19:20", "Cato Mentor WES 19:20")}), []string{"Cato VIS: overlap", "Cato WES: overlap"})
}

func TestATypedContactNeverBecomesOneOfTheHousehold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stranger := w.recognised("Anna Bakker")
	stranger.book(appointment.Change{Make: w.talks("Cato Vak LON 20:00"), Email: "vreemd@example.com", Phone: "0612345699"})
	view, err := w.booking.Households.Get(w.ctx, w.operator, w.home("Anna"))
	w.must(err)
	for _, contact := range view.Contacts {
		if contact.Details.Value == "vreemd@example.com" || contact.Details.Value == "+31612345699" || contact.Source == models.SourceTyped {
			t.Errorf("contact %+v", contact)
		}
	}
	if len(view.Contacts) != 2 {
		t.Errorf("%d contacts on file", len(view.Contacts))
	}
	// A code to log in with goes to the contacts on file only.
	_, err = w.auth.Parents.RequestCode(w.ctx, w.school, parent.Answers{Name: "Anna Bakker", Factors: map[models.Factor]string{models.FactorBirthDate: "1-3-2014", models.FactorPostcode: "1234AB"}}, parent.Origin{})
	w.must(err)
	w.read(func(tx *store.Tx) {
		codes, err := store.List[models.Message](tx, store.Eq("kind", models.MessageCode))
		w.must(err)
		for _, message := range codes {
			contact, err := store.Get[models.Contact](tx, message.ContactID)
			w.must(err)
			if contact.Source != models.SourceFile {
				t.Errorf("a code to a contact that is %s", contact.Source)
			}
		}
		if len(codes) != 2 {
			t.Errorf("%d codes", len(codes))
		}
	})
}

func TestADeviceAndAManageLinkOpenWhatTheirMakerMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.recognised("Anna Bakker")
	first.book(appointment.Change{Make: w.talks("Anna Vak LON 19:00"), Email: "een@example.com"})
	second := w.recognised("Anna Bakker")
	second.book(appointment.Change{Make: w.talks("Bram Vak VIS 19:20"), Email: "twee@example.com"})
	second.book(appointment.Change{Make: w.talks("Cato Vak LON 19:40"), Email: "drie@example.com"})
	equal(t, "the first device again", w.recognisedOn(first.device, "Bram Bakker", "1234AB").sees(), []string{"Tue 19:00 Anna LON"})
	equal(t, "the second device again", w.recognisedOn(second.device, "Cato Bakker", "1234AB").sees(), []string{"Tue 19:20 Bram VIS", "Tue 19:40 Cato LON"})
	equal(t, "a third device", w.recognised("Anna Bakker").sees(), []string{})
	for address, want := range map[string]string{"een@example.com": "Tue 19:00 Anna LON", "twee@example.com": "Tue 19:20 Bram VIS", "drie@example.com": "Tue 19:40 Cato LON"} {
		link := w.linkOf(address)
		opened, err := w.auth.Parents.OpenManageLink(w.ctx, w.school, link, parent.Origin{})
		w.must(err)
		manager := &session{w, opened.Token, opened.Device}
		equal(t, address, manager.sees(), []string{want})
		if opened.Actor.Grants[0].Confirmed {
			t.Errorf("the link to %s confirms", address)
		}
		manager.book(manager.cancels(want))
	}
	equal(t, "schedule", w.schedule(), []string{})
	w.clock.Set(w.at(1, "00:00").Add(16 * 24 * time.Hour))
	equal(t, "the device two weeks after the last evening", w.recognisedOn(first.device, "Anna Bakker", "1234AB").sees(), []string{})
	_, err := w.auth.Parents.OpenManageLink(w.ctx, w.school, w.linkOf("een@example.com"), parent.Origin{})
	wantCode(t, err, "login.link-not-good")
}

// linkOf makes the manage link of a typed contact as its mail carries it.
func (w *world) linkOf(address string) (token string) {
	w.t.Helper()
	w.read(func(tx *store.Tx) {
		contacts, err := store.List[models.Contact](tx)
		w.must(err)
		for _, contact := range contacts {
			if contact.Details.Value == address {
				token = managelink.Link{Kind: managelink.Maker, Subject: contact.MakerID, Until: moment().Add(300 * 24 * time.Hour)}.Token(tx.Index)
			}
		}
	})
	return token
}

func TestRoomsAreForWhoIsConfirmed(t *testing.T) {
	t.Parallel()
	w := building(t)
	bakkers := w.recognised("Anna Bakker")
	if room := bakkers.makes(w.talk("Anna Vak LON 19:00")).Appointments[0].Room; room != "" {
		t.Errorf("the answer to who is recognised names room %s", room)
	}
	if room := bakkers.booked("Tue 19:00 Anna LON").Room; room != "" {
		t.Errorf("the page of who is recognised names room %s", room)
	}
	if room := w.confirmed("Anna Bakker").booked("Tue 19:00 Anna LON").Room; room != "A1" {
		t.Errorf("room %q", room)
	}
}

func TestStaffBookOnBehalfOfAFamily(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home := w.home("Anna")
	before := w.counts()
	book := func(change appointment.Change) *appointment.Outcome {
		change.Household = home
		outcome, err := w.booking.Appointments.Book(w.ctx, w.operator, change)
		w.must(err)
		return outcome
	}
	book(appointment.Change{Make: w.talks("Anna Vak LON 19:00")})
	if got := w.appeared(before); got != "appointment_staff+1 appointments+1 audits+1 bookings+1 claims+4 invitations+2 messages+2" {
		t.Errorf("rows %s", got)
	}
	book(appointment.Change{Make: w.talks("Bram Vak LON 19:20"), Email: "m.bakker@example.com"})
	book(appointment.Change{Make: w.talks("Cato Vak LON 19:40"), Email: "balie@example.com"})
	w.read(func(tx *store.Tx) {
		makers, err := store.List[models.Maker](tx)
		w.must(err)
		if len(makers) != 1 {
			t.Errorf("%d makers, for one address that is not on file", len(makers))
		}
		bookings, err := store.List[models.Booking](tx)
		w.must(err)
		for _, row := range bookings {
			if !row.OnBehalf || row.ActorKind != models.ActorOperator {
				t.Errorf("booking %+v", row)
			}
		}
	})
	recognised := w.recognised("Anna Bakker")
	equal(t, "recognised", recognised.sees(), []string{})
	if !recognised.family().Children[0].BookedElsewhere {
		t.Error("not booked elsewhere")
	}
	equal(t, "confirmed", w.confirmed("Anna Bakker").sees(), []string{"Tue 19:00 Anna LON", "Tue 19:20 Bram LON", "Tue 19:40 Cato LON"})
	opened, err := w.auth.Parents.OpenManageLink(w.ctx, w.school, w.linkOf("balie@example.com"), parent.Origin{})
	w.must(err)
	equal(t, "by the link", (&session{w, opened.Token, opened.Device}).sees(), []string{"Tue 19:40 Cato LON"})
	family, err := w.booking.Families.FamilyOf(w.ctx, w.operator, home)
	w.must(err)
	equal(t, "staff", w.show(family.Appointments), []string{"Tue 19:00 Anna LON", "Tue 19:20 Bram LON", "Tue 19:40 Cato LON"})
}

func TestAParentCannotAskForAnyFamilyByItsID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.booking.Families.FamilyOf(w.ctx, w.recognised("Anna Bakker").actor(), w.home("Jet"))
	wantKind(t, err, errs.NotFound)
	_, err = w.booking.Families.FamilyOf(w.ctx, w.operator, models.New[models.HouseholdID]())
	wantKind(t, err, errs.NotFound)
}

var anyID = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

func TestAFamilyPageNeverHoldsWhatParentsMustNotSee(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Jet Prins").makes(w.talk("Jet Vak LON 19:00"))
	bakkers := w.recognised("Anna Bakker")
	bakkers.book(appointment.Change{Make: w.talks("Anna Vak LON 19:20"), Email: "oma@example.com"})
	written, err := json.Marshal(bakkers.family())
	w.must(err)
	page := anyID.ReplaceAllString(string(written), "id") // an id may hold any digits
	for _, secret := range []string{"Bakker", "1234", "2014", "example.com", "0612", "31612", "Jet", "Prins", "1001", "Oud", "a.noord"} {
		if strings.Contains(page, secret) {
			t.Errorf("the page holds %q", secret)
		}
	}
	for _, shown := range []string{"Anna", "Eva Lont", "Tienminutengesprekken"} {
		if !strings.Contains(page, shown) {
			t.Errorf("the page does not hold %q", shown)
		}
	}
}

func TestASessionWhoseHouseholdIsGoneSeesItsOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bakkers := w.recognised("Anna Bakker")
	opened, err := w.auth.Parents.Recognise(w.ctx, w.school, parent.Answers{Name: "Jet Prins", Factors: map[models.Factor]string{models.FactorBirthDate: known["Jet Prins"][0], models.FactorPostcode: known["Jet Prins"][1]}}, parent.Origin{Session: bakkers.actor()})
	w.must(err)
	both := &session{w, opened.Token, opened.Device}
	if got := len(both.family().Children); got != 4 {
		t.Fatalf("%d children", got)
	}
	w.must(w.booking.People.ErasePupil(w.ctx, w.operator, w.pupils["Jet"]))
	if got := len(both.family().Children); got != 3 {
		t.Errorf("%d children", got)
	}
}
