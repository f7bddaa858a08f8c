package parent_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// confirm logs in and chooses two talks, one for each child.
func (w *world) confirm(sanne, tim string) *client {
	w.t.Helper()
	c := w.client()
	c.logIn()
	return c.form("Verder").pick("Sanne: Rapportgesprek", "", "Juf Anna", sanne).pick("Tim: Rapportgesprek", "", "", tim).press("Verder").is(http.StatusOK).wants("Bekijk en boek")
}

// booked counts the appointments of the school.
func (w *world) booked() int {
	w.t.Helper()
	var count int64
	w.write(func(tx *store.Tx) (err error) {
		count, err = store.Count[models.Appointment](tx, store.Eq("state", models.AppointmentBooked))
		return err
	})
	return int(count)
}

// queued counts the confirmations that were ever queued.
func (w *world) queued() int {
	w.t.Helper()
	var count int64
	w.write(func(tx *store.Tx) (err error) {
		count, err = store.Count[models.Message](tx, store.Eq("kind", models.MessageConfirmation))
		return err
	})
	return int(count)
}

func TestATimeThatWasTakenIsNamedAndNothingElseGetsLost(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.confirm("19:00", "19:30")
	w.bookElsewhere("Noor", "Rapportgesprek", "Juf Anna", "19:00")
	c.form("Boek deze").set("E-mailadres", "ouder@post.example").set("Mobiel", "06 12345678").press("Boek deze").is(http.StatusConflict)
	c.wants("Bijna klaar", "Er is nog niets geboekt", "Sanne met Juf Anna, 19:00", "Deze tijd is net door iemand anders geboekt", "19:10–19:20", "Dit gesprek niet boeken", "19:30–19:40", "Tim").lacks("Noor")
	if w.booked() != 1 {
		t.Errorf("%d appointments", w.booked())
	}
	all := c.form("Alle vrije tijden").press("Alle vrije tijden").is(http.StatusOK).wants("Kies uw tijden")
	all.form("Verder").pick("Sanne: Rapportgesprek", "", "Juf Anna", "19:50").press("Verder").is(http.StatusOK).wants("Bekijk en boek", "19:50–20:00", "19:30–19:40")
	form := all.form("Boek deze")
	if form.fields.Get("email") != "ouder@post.example" || form.fields.Get("phone") != "06 12345678" {
		t.Errorf("the contact got lost: %v", form.fields)
	}
	form.press("Boek deze").is(http.StatusOK).wants("Gelukt!", "19:50–20:00", "19:30–19:40")
}

func TestAChoiceThatIsTakenMeanwhileIsToldWhileChoosing(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.confirm("19:00", "19:30")
	w.bookElsewhere("Noor", "Rapportgesprek", "Juf Anna", "19:00")
	c.get(c.path).wants("Deze tijd is net bezet geraakt")
	c.form("Andere tijden").press("Andere tijden").is(http.StatusOK).wants("Sanne met Juf Anna: dinsdag 24 november 2026 om 19:00 is niet meer vrij")
}

func TestTheAlternativeIsOneTapAway(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.confirm("19:00", "19:30")
	w.bookElsewhere("Noor", "Rapportgesprek", "Juf Anna", "19:00")
	c.form("Boek deze").press("Boek deze").is(http.StatusConflict)
	c.form("Boek nu").press("Boek nu").is(http.StatusOK).wants("Gelukt!", "19:10–19:20", "19:30–19:40")
}

func TestATalkThatCannotBeIsLeftOutOnRequest(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.confirm("19:00", "19:30")
	w.bookElsewhere("Noor", "Rapportgesprek", "Juf Anna", "19:00")
	c.form("Boek deze").press("Boek deze").form("Boek nu").tick("Dit gesprek niet boeken").press("Boek nu").is(http.StatusOK).wants("Gelukt!", "19:30–19:40").lacks("19:10")
}

func TestWithConsentTheNearestTimeIsTaken(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.confirm("19:00", "19:30")
	w.bookElsewhere("Noor", "Rapportgesprek", "Juf Anna", "19:00")
	c.form("Boek deze").tick("dichtst bij").press("Boek deze").is(http.StatusOK).wants("Gelukt!", "een tijd was net bezet", "19:10–19:20")
}

func TestWithConsentTheRestIsBooked(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.confirm("19:00", "19:30")
	w.bookElsewhere("Noor", "Rapportgesprek", "Juf Anna", "19:00")
	c.form("Boek deze").tick("in elk geval").press("Boek deze").is(http.StatusOK)
	c.wants("Een deel is geboekt", "Dit is niet geboekt", "Sanne met Juf Anna, dinsdag 24 november 2026 om 19:00", "net door iemand anders geboekt", "19:30–19:40").lacks("Gelukt!")
	c.follow("Een andere tijd kiezen").wants("Kies uw tijden")
}

func TestTheSameTimeTwiceNeedsTwoPeople(t *testing.T) {
	t.Parallel()
	w := primary(t)
	alone := w.confirm("19:00", "19:00").wants("Twee gesprekken zijn tegelijk", "Wij komen met z’n tweeën")
	alone.form("Boek deze").press("Boek deze").is(http.StatusConflict).wants("U heeft op deze tijd al een ander gesprek", "Deze tijd houden: wij komen met z’n tweeën")
	if w.booked() != 0 {
		t.Error("something was booked")
	}
	alone.form("Boek nu").tick("Deze tijd houden").press("Boek nu").is(http.StatusOK).wants("Gelukt!", "Hier gaat uw partner of een ander naartoe")
	if w.booked() != 2 {
		t.Errorf("%d appointments", w.booked())
	}
}

func TestTwoPeopleSplitUpAtOnce(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.confirm("19:00", "19:00")
	c.form("Boek deze").tick("Wij komen met").press("Boek deze").is(http.StatusOK).wants("Gelukt!", "Hier gaat uw partner of een ander naartoe")
}

func TestTooLittleTimeToWalkCanBeAccepted(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.logIn()
	c.form("Verder").pick("Sanne: Rapportgesprek", "", "Juf Anna", "19:00").pick("Tim: Intern begeleider", "", "", "19:15").press("Verder")
	c.form("Boek deze").press("Boek deze").is(http.StatusOK).wants("Gelukt!")
	d := w.client()
	d.cookies = c.cookies
	d.get("/de-linde/choose")
	d.form("Verder").pick("Tim: Rapportgesprek", "", "", "19:30").press("Verder")
	d.form("Boek dit gesprek").press("Boek dit").is(http.StatusConflict).wants("te weinig tijd om van het ene naar het andere gesprek te lopen", "het lopen lukt ons wel")
	d.form("Boek nu").tick("het lopen lukt ons wel").press("Boek nu").is(http.StatusOK).wants("Gelukt!", "19:30–19:40")
}

func TestARepeatOfTheSameFormBooksOnce(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.confirm("19:00", "19:30")
	form := c.form("Boek deze").set("E-mailadres", "ouder@post.example")
	form.press("Boek deze").wants("Gelukt!")
	form.press("Boek deze").is(http.StatusOK).wants("Gelukt!", "19:00–19:10", "19:30–19:40")
	if w.booked() != 2 {
		t.Errorf("%d appointments", w.booked())
	}
}

func TestAWrongContactIsNamedAtItsField(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.confirm("19:00", "19:30")
	c.form("Boek deze").set("E-mailadres", "ouder@").tick("in elk geval").press("Boek deze").is(http.StatusUnprocessableEntity).wants("Dit e-mailadres klopt niet", "19:00–19:10")
	form := c.form("Boek deze")
	if form.fields.Get("email") != "ouder@" || form.fields.Get("rest") == "" {
		t.Errorf("what was typed got lost: %v", form.fields)
	}
	form.set("E-mailadres", "").set("Mobiel", "010 1234567").press("Boek deze").is(http.StatusUnprocessableEntity).wants("Dit is geen mobiel nummer")
	if w.booked() != 0 {
		t.Error("something was booked")
	}
	c.form("Boek deze").set("Mobiel", "06 12345678").press("Boek deze").wants("Gelukt!")
}

func TestOnlyTheSchoolsWaysOfSendingAreAskedFor(t *testing.T) {
	t.Parallel()
	w := primary(t)
	_, err := w.booking.Schools.Update(context.Background(), w.actor(), school.Patch{Channels: &models.Channels{Mail: true}})
	w.must(err)
	w.confirm("19:00", "19:30").wants("E-mailadres").lacks("Mobiel nummer")
	_, err = w.booking.Schools.Update(context.Background(), w.actor(), school.Patch{Channels: &models.Channels{None: true}})
	w.must(err)
	w.confirm("19:00", "19:30").lacks("E-mailadres", "Mobiel nummer", "bevestiging naartoe")
}

func TestMoreThanTheSchoolAllowsIsRefusedBeforeBooking(t *testing.T) {
	t.Parallel()
	w := secondary(t)
	c := w.client()
	c.logIn()
	form := c.form("Verder")
	for i, teacher := range []string{"mevrouw Jansen", "de heer Bakker", "mevrouw El Amrani", "mevrouw De Wit"} {
		form.pick("Sanne: Gesprek met de vakdocent", "met "+teacher, "", []string{"19:00", "19:10", "19:20", "19:30"}[i])
	}
	form.press("Verder").is(http.StatusUnprocessableEntity).wants("Sanne, Gesprek met de vakdocent: kies hoogstens 3 gesprekken")
	if chosen := c.form("Verder").count("c."); chosen != 4 {
		t.Errorf("%d of 4 choices kept", chosen)
	}
}

func TestTheLimitOfTheConferenceIsToldInWords(t *testing.T) {
	t.Parallel()
	w := primary(t)
	_, err := w.booking.Conferences.Update(context.Background(), w.actor(), w.round, conference.Patch{Rules: &models.ConferenceRules{MaxPerHousehold: 1}})
	w.must(err)
	c := w.confirm("19:00", "19:30")
	c.form("Boek deze").press("Boek deze").is(http.StatusConflict).wants("Tim met Juf Carla, 19:30", "Het hoogste aantal gesprekken dat de school toestaat, is bereikt")
	c.form("Boek nu").press("Boek nu").is(http.StatusOK).wants("Gelukt!", "19:00–19:10")
}

func TestNothingChosenIsAFriendlyError(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.logIn().form("Verder").press("Verder").is(http.StatusUnprocessableEntity).wants("Kies eerst ten minste één tijd")
	c.send(http.MethodPost, "/de-linde/confirm", nil).is(http.StatusOK).wants("Kies uw tijden")
	c.get("/de-linde/confirm").is(http.StatusOK).wants("Kies uw tijden")
}

func TestAfterManyClosedDoorsTheFamilyConfirmsAndGoesOn(t *testing.T) {
	t.Parallel()
	w := primary(t)
	// What another device of the household booked is not seen, but stands in the way.
	w.bookElsewhere("Tim", "Rapportgesprek", "Juf Carla", "19:00")
	c := w.client()
	c.logIn()
	for range 30 {
		c.get("/de-linde/choose").form("Verder").pick("Sanne: Rapportgesprek", "", "Juf Anna", "19:00").press("Verder")
		c.form("Boek dit gesprek").press("Boek dit gesprek")
		if c.status != http.StatusConflict {
			break
		}
	}
	c.is(http.StatusOK).wants("Bevestig eerst dat u het bent", "wat u had gekozen blijft bewaard")
	c.form("Stuur mij een code").press("Stuur mij een code").wants("onderweg")
	c.form("Verder").set("Code", w.lastCode()).press("Verder").is(http.StatusOK).wants("Bekijk en boek", "19:00–19:10", "U heeft op deze tijd al een ander gesprek")
	c.form("Andere tijden").press("Andere tijden").form("Verder").pick("Sanne: Rapportgesprek", "", "Juf Anna", "19:30").press("Verder")
	c.form("Boek dit gesprek").press("Boek dit gesprek").is(http.StatusOK).wants("Gelukt!", "19:30–19:40")
}
