package booking_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ouderavond/ouderavond/auth/parent"
	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/store"
)

// join makes one family of some children, and split makes a family of their own of some.
func (w *world) join(given ...string) household.Parted {
	w.t.Helper()
	parted, err := w.booking.Households.Join(w.ctx, w.operator, w.ids(given))
	w.must(err)
	return parted
}

func (w *world) split(given ...string) household.Parted {
	w.t.Helper()
	parted, err := w.booking.Households.Create(w.ctx, w.operator, household.NewHousehold{Pupils: w.ids(given)})
	w.must(err)
	return parted
}

func (w *world) ids(given []string) (ids []models.PupilID) {
	for _, name := range given {
		ids = append(ids, w.pupils[name])
	}
	return ids
}

// reached is to whom a household's codes and confirmations go.
func (w *world) reached(given string) []string {
	w.t.Helper()
	view, err := w.booking.Households.Get(w.ctx, w.operator, w.home(given))
	w.must(err)
	addresses := []string{}
	for _, guardian := range view.Guardians {
		addresses = append(addresses, guardian.Details.Name)
	}
	for _, contact := range view.Contacts {
		addresses = append(addresses, contact.Details.Value)
	}
	slices.Sort(addresses)
	return addresses
}

// ended reports whether a session has ended.
func (s *session) ended() bool {
	_, err := s.w.auth.Authenticate(s.w.ctx, s.w.school, s.token)
	return err != nil && errs.KindOf(err) == errs.Unauthenticated
}

// confirmations drains, and leaves out notices of new devices.
func (p *post) confirmations() []letter {
	return slices.DeleteFunc(p.drain(), func(l letter) bool { return strings.Contains(l.Subject, "nieuw apparaat") })
}

func TestFamiliesThatWereJoinedAndAreSplitAgainAreAsTheyWere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.post()
	w.join("Anna", "Jet")
	prins := w.recognisedOn("", "Jet Prins", "1234AB")
	prins.book(appointment.Change{Make: w.talks("Jet Vak LON 19:00"), Email: "oma@example.com"})
	bakker := w.confirmed("Bram Bakker")
	bakker.makes(w.talks("Anna Vak LON 19:30", "Bram Vak VIS 19:50")...)
	equal(t, "together", w.confirmed("Bram Bakker").sees(), []string{"Tue 19:00 Jet LON", "Tue 19:30 Anna LON", "Tue 19:50 Bram VIS"})
	before := p.drain()
	entry := only(t, slices.DeleteFunc(slices.Clone(before), func(l letter) bool { return l.event.uid == "" }), "a.prins@example.com").event

	parted := w.split("Jet")
	if parted.Kept != 1 || parted.Cancelled != 0 || parted.Guardians != 1 || len(parted.Shared) != 0 || parted.SharedMakers != 0 || parted.SessionsEnded == 0 {
		t.Errorf("parted %+v", parted)
	}
	equal(t, "homes", w.homes(), []string{"Anna+Bram+Cato", "Emma", "Finn", "Gijs", "Hugo", "Iris", "Jet"})
	equal(t, "the one family is reached by", w.reached("Anna"), []string{"+31612345601", "M. Bakker", "m.bakker@example.com"})
	equal(t, "the other by", w.reached("Jet"), []string{"+31612345609", "A. Prins", "a.prins@example.com"})
	if !prins.ended() || !bakker.ended() {
		t.Error("a log-in for the two families still opens")
	}
	equal(t, "the one family sees", w.confirmed("Anna Bakker").sees(), []string{"Tue 19:30 Anna LON", "Tue 19:50 Bram VIS"})
	equal(t, "the other sees", w.confirmed("Jet Prins").sees(), []string{"Tue 19:00 Jet LON"})
	equal(t, "the device that booked sees", w.recognisedOn(prins.device, "Jet Prins", "6789GH").sees(), []string{"Tue 19:00 Jet LON"})
	equal(t, "a stranger's device sees", w.recognisedOn(bakker.device, "Jet Prins", "6789GH").sees(), []string{})
	w.consistent()

	told := p.confirmations()
	bakkers, jets := only(t, told, "m.bakker@example.com"), only(t, told, "a.prins@example.com")
	if strings.Contains(bakkers.words(), "Jet") || !strings.Contains(bakkers.Text, "19:00") || !strings.Contains(bakkers.Text, "Niet meer van u") || strings.Contains(bakkers.Text, "Afgezegd") {
		t.Errorf("the family that parted is told\n%s", bakkers.Text)
	}
	if got := bakkers.event.at(t); !strings.HasSuffix(got, "Tue 19:30-20:00") {
		t.Errorf("its calendar says %s", got)
	}
	if strings.Contains(jets.words(), "Anna") || strings.Contains(jets.words(), "Bram") || !strings.Contains(jets.Text, "welke kinderen bij welk gezin") {
		t.Errorf("the other is told\n%s", jets.Text)
	}
	if got := jets.event; got.uid != entry.uid || got.sequence <= entry.sequence || !strings.HasSuffix(got.at(t), "Tue 19:00-19:10") {
		t.Errorf("its calendar entry %s, sequence %d after %s, %d: %s", got.uid, got.sequence, entry.uid, entry.sequence, got.at(t))
	}
	typed := only(t, told, "oma@example.com")
	equal(t, "what was typed manages", w.manages(typed).sees(), []string{"Tue 19:00 Jet LON"})
	// The links of before lead each reader to their own.
	for _, l := range before {
		if manageLink.FindStringSubmatch(l.Text) == nil {
			continue
		}
		want := map[string][]string{
			"m.bakker@example.com": {"Tue 19:30 Anna LON", "Tue 19:50 Bram VIS"}, "a.prins@example.com": {"Tue 19:00 Jet LON"}, "oma@example.com": {"Tue 19:00 Jet LON"},
		}[strings.Trim(l.To, "<>")]
		equal(t, "the earlier link of "+l.To, w.manages(l).sees(), want)
	}
	// And the files change nothing of it.
	count := w.counts()
	if result := w.again(); !result.Change.Empty() || w.appeared(count) != "" {
		t.Errorf("the next import changes %+v, rows %s", result.Change, w.appeared(count))
	}
}

func TestPastTalksComeAlongWithAFamilyThatIsJoined(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Hugo Mulder").makes(w.talk("Hugo Vak LON 19:00"))
	w.clock.Set(w.at(0, "22:00"))
	w.recognised("Iris Mulder").makes(w.talk("Iris Vak LON Thu 19:00"))
	w.join("Hugo", "Iris")
	equal(t, "together", w.confirmed("Iris Mulder").sees(), []string{"Tue 19:00 Hugo LON", "Thu 19:00 Iris LON"})
	w.split("Iris")
	equal(t, "Hugo's", w.confirmed("Hugo Mulder").sees(), []string{"Tue 19:00 Hugo LON"})
	equal(t, "Iris'", w.confirmed("Iris Mulder").sees(), []string{"Thu 19:00 Iris LON"})
	w.consistent()
}

func TestWhoBookedForChildrenOfTwoFamiliesIsNamedAndEachFamilyHasItsTalks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mother := w.recognised("Anna Bakker")
	mother.book(appointment.Change{Make: w.talks("Anna Vak LON 19:00", "Cato Vak VIS 19:30"), Email: "oma@example.com"})
	link := w.linkOf("oma@example.com")
	parted := w.split("Cato")
	if parted.SharedMakers != 1 || len(parted.Shared) != 1 || parted.Kept != 1 {
		t.Errorf("parted %+v", parted)
	}
	equal(t, "who stayed", w.confirmed("Anna Bakker").sees(), []string{"Tue 19:00 Anna LON"})
	equal(t, "who left", w.confirmed("Cato Bakker").sees(), []string{"Tue 19:30 Cato VIS"})
	equal(t, "the device that booked, as one", w.recognisedOn(mother.device, "Anna Bakker", "1234AB").sees(), []string{"Tue 19:00 Anna LON"})
	equal(t, "the device that booked, as the other", w.recognisedOn(mother.device, "Cato Bakker", "1234AB").sees(), []string{"Tue 19:30 Cato VIS"})
	opened, err := w.auth.Parents.OpenManageLink(w.ctx, w.school, link, parent.Origin{})
	w.must(err)
	equal(t, "what was typed", (&session{w, opened.Token, opened.Device}).sees(), []string{"Tue 19:00 Anna LON"})
	w.consistent()
}

func TestTalksOfTwoHomesAtOneTimeAreTheTwoParentsWhenTheyAreOneHomeAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.secondHome()
	w.logIn("Emma Smit", "4-4-2014", "2345BC").makes(w.talk("Emma Vak LON 19:00"))
	w.logIn("Emma Smit", "4-4-2014", fathersPostcode).makes(w.talk("Emma Vak VIS 19:00"))
	w.split("Emma")
	both := w.confirmed("Emma Smit")
	equal(t, "together", both.sees(), []string{"Tue 19:00 Emma LON", "Tue 19:00 Emma VIS"})
	equal(t, "who is reached", w.reached("Emma"), []string{"J. Smit", "P. de Graaf", "j.smit@example.com", "p.degraaf@example.com"})
	w.consistent()
}

func TestAContactThatStaffTookAwayDoesNotComeBackByJoiningAndSplitting(t *testing.T) {
	t.Parallel()
	w := newSchool(t)
	view, err := w.booking.Households.Get(w.ctx, w.operator, w.home("Jet"))
	w.must(err)
	for _, contact := range view.Contacts {
		if contact.Kind == models.ContactEmail {
			w.must(w.booking.Households.RemoveContact(w.ctx, w.operator, view.Household.ID, contact.ID))
		}
	}
	w.join("Anna", "Jet")
	w.again()
	equal(t, "joined", w.reached("Jet"), []string{"+31612345601", "+31612345609", "A. Prins", "M. Bakker", "m.bakker@example.com"})
	w.split("Jet")
	w.again()
	equal(t, "split", w.reached("Jet"), []string{"+31612345609", "A. Prins"})
}

func TestCodesThatWereForBothFamiliesOpenNothingAfterASplit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join("Anna", "Jet")
	home := w.home("Jet")
	letter, err := w.auth.Parents.FamilyCode(w.ctx, w.operator, home)
	w.must(err)
	desk, _, err := w.auth.Parents.DeskCode(w.ctx, w.operator, home)
	w.must(err)
	if parted := w.split("Jet"); parted.CodesGone != 1 {
		t.Errorf("parted %+v", parted)
	}
	for _, code := range []string{letter, desk} {
		for _, name := range []string{"Jet Prins", "Anna Bakker"} {
			if _, err := w.auth.Parents.Recognise(w.ctx, w.school, parent.Answers{Name: name, Code: code}, parent.Origin{}); err == nil {
				t.Errorf("a code of before opens %s", name)
			}
		}
	}
}

func TestAGuardianOfAnErasedChildIsNotLeftWithAnotherFamily(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join("Anna", "Jet")
	w.must(w.booking.People.ErasePupil(w.ctx, w.operator, w.pupils["Jet"]))
	equal(t, "who is reached", w.reached("Anna"), []string{"+31612345601", "M. Bakker", "m.bakker@example.com"})
	w.read(func(tx *store.Tx) {
		rows, err := store.List[models.GuardianPupil](tx)
		w.must(err)
		if len(rows) != 3 {
			t.Errorf("%d ties of guardians", len(rows))
		}
	})
}

// without imports the school's files without a pupil.
func (w *world) without(given string) *people.ImportResult {
	w.t.Helper()
	var lines []string
	for line := range strings.Lines(pupilsFile) {
		if !strings.Contains(line, ";"+given+";") {
			lines = append(lines, line)
		}
	}
	request := people.ImportRequest{Files: files()}
	request.Files[0].Data = []byte(strings.Join(lines, ""))
	return w.imported(request)
}

func TestTheFamilyOfAnErasedChildIsToldWhatHappenedAndOfferedNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.post()
	w.confirmed("Jet Prins").makes(w.talk("Jet Vak LON 19:00"))
	w.confirmed("Anna Bakker").makes(w.talks("Anna Vak LON 19:10", "Bram Vak VIS 19:30")...)
	before := p.drain()
	w.without("Jet")
	w.must(w.booking.People.ErasePupil(w.ctx, w.operator, w.pupils["Anna"]))
	told := p.confirmations()
	gone, some := only(t, told, "a.prins@example.com"), only(t, told, "m.bakker@example.com")
	if strings.Contains(gone.Text, "/m/") || strings.Contains(gone.Text, "Jet") || !strings.Contains(gone.Text, "niet meer bij onze school ingeschreven") || !strings.Contains(gone.Text, "19:00") {
		t.Errorf("the family without a child reads\n%s", gone.Text)
	}
	if got := gone.event.method; got != "CANCEL" {
		t.Errorf("the calendar is told %s", got)
	}
	if strings.Contains(some.Text, "Anna") || !strings.Contains(some.Text, "niet meer bij onze school ingeschreven") || !strings.Contains(some.Text, "Bram") || !strings.Contains(some.Text, "/m/") {
		t.Errorf("the family with other children reads\n%s", some.Text)
	}
	for _, sms := range p.texts() {
		if sms.To == "+31612345609" && strings.Contains(sms.Body, "vervalt") && strings.Contains(sms.Body, "/m/") {
			t.Errorf("text %s", sms.Body)
		}
	}
	// The link of before opens no family without children.
	for _, l := range before {
		if found := manageLink.FindStringSubmatch(l.Text); strings.Contains(l.To, "a.prins@example.com") && found != nil {
			_, err := w.auth.Parents.OpenManageLink(w.ctx, w.school, found[1], parent.Origin{})
			wantCode(t, err, "login.link-not-good")
		}
	}
}

func TestWhatHappenedAtSchoolIsToldEvenIfTheFamilyBooksBeforeItIsSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.post()
	family := w.confirmed("Anna Bakker")
	family.makes(w.talks("Anna Vak LON 19:10", "Bram Vak VIS 19:30")...)
	p.drain()
	w.must(w.booking.People.ErasePupil(w.ctx, w.operator, w.pupils["Anna"]))
	family.makes(w.talk("Cato Vak VIS 19:50"))
	told := only(t, p.confirmations(), "m.bakker@example.com")
	for _, want := range []string{"niet meer bij onze school ingeschreven", "19:10", "Cato"} {
		if !strings.Contains(told.Text, want) {
			t.Errorf("%q is not told:\n%s", want, told.Text)
		}
	}
}

func TestTheAddressOfAnErasedChildThatWasSecretStaysSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.post()
	_, err := w.booking.People.UpdatePupil(w.ctx, w.operator, w.pupils["Jet"], people.PupilPatch{Protected: ptr(true)})
	w.must(err)
	w.confirmed("Jet Prins").makes(w.talk("Jet Vak LON 19:00"))
	p.drain()
	w.without("Jet")
	told := only(t, p.confirmations(), "a.prins@example.com")
	if strings.Contains(told.words(), "19:00") || strings.Contains(told.words(), "november") || told.event.uid != "" {
		t.Errorf("the mail reads\n%s", told.words())
	}
}

func TestAChildThatWasSplitOffWithItsTalksCanBeErased(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.recognised("Anna Bakker").makes(w.talk("Anna Vak LON 19:00"))
	w.split("Anna")
	w.must(w.booking.People.ErasePupil(w.ctx, w.operator, w.pupils["Anna"]))
	w.nothingLeftOf(w.pupils["Anna"])
	w.consistent()
}

func TestAGuardianWhoseAddressChangesAfterAJoinGoesBackWithTheChild(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.reached("Bram")
	w.join("Anna", "Jet")
	w.again("a.prins@example.com", "aletta.prins@example.com")
	if got := w.reached("Jet"); !slices.Contains(got, "aletta.prins@example.com") || !slices.Contains(got, "m.bakker@example.com") {
		t.Fatalf("together %v", got)
	}
	if parted := w.split("Jet"); parted.Guardians != 1 || len(parted.Shared) != 0 {
		t.Errorf("parted %+v", parted)
	}
	equal(t, "Jet's", w.reached("Jet"), []string{"+31612345609", "A. Prins", "aletta.prins@example.com"})
	equal(t, "the others'", w.reached("Bram"), before)
}
