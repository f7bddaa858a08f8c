package parent_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/models/civil"
)

func TestOneTapGivesAnEveningForTheWholeFamily(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.logIn().wants("Snel klaar", "Of kies zelf uw tijden")
	c.form("Doe een voorstel").press("Doe een voorstel").is(http.StatusOK).wants("Voorstel voor uw gesprekken", "Voorstel 1", "2 gesprekken, zonder wachten", "Sanne", "Tim", "Juf Carla", "19:00–19:10", "19:10–19:20")
	if w.booked() != 0 {
		t.Error("a proposal booked something")
	}
	c.form("Neem voorstel 1").press("Neem voorstel 1").is(http.StatusOK).wants("Bekijk en boek", "19:00–19:10", "19:10–19:20")
	c.form("Boek deze").set("E-mailadres", "ouder@post.example").press("Boek deze").is(http.StatusOK).wants("Gelukt!", "19:00–19:10", "19:10–19:20")
	if w.booked() != 2 {
		t.Errorf("%d appointments", w.booked())
	}
}

func TestTheFamilySaysWhomAndWhen(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.logIn()
	c.form("Doe een voorstel").tick("Intern begeleider (Daan Smit)").set("Niet eerder dan", "19:30").press("Doe een voorstel").is(http.StatusOK)
	c.wants("Voorstel 1", "2 gesprekken", "Dit past er niet in", "Daan Smit").lacks("19:00–", "19:10–", "19:20–")
	again := c.form("Doe een voorstel")
	if again.fields.Get("p.from") != "19:30" {
		t.Errorf("what was asked got lost: %v", again.fields)
	}
	again.set("Klaar om", "19:30").press("Doe een voorstel").is(http.StatusUnprocessableEntity).wants("moet later zijn dan")
	c.form("Doe een voorstel").set("Niet eerder dan", "").set("Klaar om", "").press("Doe een voorstel").is(http.StatusOK).wants("Voorstel 1", "3 gesprekken", "minuten lopen")
	english := w.client()
	english.header.Set("Accept-Language", "en")
	english.cookies = c.cookies
	english.get(c.path).is(http.StatusOK).wants("Proposal 1", "3 talks", "Make a proposal")
}

func TestWhatDoesNotFitIsSaidWithTheReason(t *testing.T) {
	t.Parallel()
	w := primary(t)
	w.available("Juf Carla", "19:00", "19:10", w.rooms["Lokaal 1"])
	w.available("Juf Anna", "19:00", "19:10", w.rooms["Lokaal 1"])
	w.available("Meester Bob", "19:00", "19:10", w.rooms["Lokaal 1"])
	c := w.client()
	c.logIn()
	c.form("Doe een voorstel").press("Doe een voorstel").is(http.StatusOK).wants("1 gesprek", "Dit past er niet in", "het kan alleen als dit vervalt: ")
	c.form("Doe een voorstel").tick("Wij komen met").press("Doe een voorstel").is(http.StatusOK).wants("2 gesprekken", "Hier gaat uw partner").lacks("Dit past er niet in")
	c.form("Neem voorstel 1").press("Neem voorstel 1").is(http.StatusOK).wants("Bekijk en boek")
	c.form("Boek deze").press("Boek deze").is(http.StatusOK).wants("Gelukt!")
}

func TestAProposalThatWasTakenMeanwhileLeadsToANewOneInOneTap(t *testing.T) {
	t.Parallel()
	w := primary(t)
	w.available("Meester Bob", "19:00", "19:10", w.rooms["Lokaal 1"])
	w.available("Juf Carla", "19:30", "19:50", w.rooms["Lokaal 1"])
	c := w.client()
	c.logIn()
	c.form("Doe een voorstel").set("Niet eerder dan", "19:30").press("Doe een voorstel").form("Neem voorstel 1").press("Neem voorstel 1").is(http.StatusOK)
	w.bookElsewhere("Noor", "Rapportgesprek", "Juf Anna", "19:30")
	w.bookElsewhere("Noor", "Rapportgesprek", "Juf Anna", "19:40")
	c.form("Boek deze").set("E-mailadres", "ouder@post.example").press("Boek deze").is(http.StatusConflict).wants("Bijna klaar", "Nieuw voorstel", "Boek dit voorstel", "Of kies per gesprek")
	if strings.Index(c.body, "Boek dit voorstel") > strings.Index(c.body, "Boek nu") {
		t.Error("the new proposal does not come first")
	}
	form := c.form("Boek dit voorstel")
	if form.fields.Get("email") != "ouder@post.example" || form.fields.Get("p.from") != "19:30" || form.fields.Get("key") == "" {
		t.Errorf("something got lost: %v", form.fields)
	}
	form.press("Boek dit voorstel").is(http.StatusOK).wants("Gelukt!", "19:50–20:00").lacks("19:00–", "19:10–", "19:20–")
	if w.booked() != 4 {
		t.Errorf("%d appointments", w.booked())
	}
}

func TestTimesChosenByHandGetANewPlanToo(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.confirm("19:00", "19:30")
	w.bookElsewhere("Noor", "Rapportgesprek", "Juf Anna", "19:00")
	c.form("Boek deze").press("Boek deze").is(http.StatusConflict).wants("Nieuw voorstel")
	if strings.Index(c.body, "Boek dit voorstel") < strings.Index(c.body, "Boek nu") {
		t.Error("the alternatives of what was chosen by hand do not come first")
	}
	c.form("Boek dit voorstel").press("Boek dit voorstel").is(http.StatusOK).wants("Gelukt!", "Sanne", "Tim")
	if w.booked() != 3 {
		t.Errorf("%d appointments", w.booked())
	}
}

func TestASecondaryFamilyTicksItsTeachersInsteadOfScrolling(t *testing.T) {
	t.Parallel()
	w := secondary(t)
	c := w.client()
	c.logIn()
	form := c.form("Doe een voorstel")
	if form.count("w.") != 2 { // two mentors
		t.Errorf("ticked beforehand: %v", form.fields)
	}
	c.wants("Gesprek met de vakdocent: kies er hoogstens 3 van de 8", "Gesprek met de vakdocent: hoogstens 3 gesprekken.")
	for _, teacher := range []string{"mevrouw Jansen", "de heer Bakker", "mevrouw El Amrani", "de heer Van der Meer"} {
		form.tick("vakdocent (" + teacher + ")")
	}
	form.press("Doe een voorstel").is(http.StatusOK).wants("5 gesprekken, zonder wachten", "Dit past er niet in", "het hoogste aantal gesprekken")
	c.form("Neem voorstel 1").press("Neem voorstel 1").form("Boek deze").press("Boek deze").is(http.StatusOK).wants("Gelukt!")
	if w.booked() != 5 {
		t.Errorf("%d appointments", w.booked())
	}
	t.Logf("the whole visit: %d bytes", c.bytes)
	if c.bytes > most {
		t.Errorf("the visit takes %d bytes", c.bytes)
	}
}

func TestNothingTickedIsSaid(t *testing.T) {
	t.Parallel()
	w := secondary(t)
	w.optionalMentors()
	c := w.client()
	c.logIn()
	c.form("Doe een voorstel").press("Doe een voorstel").is(http.StatusUnprocessableEntity).wants("Vink eerst aan")
}

func TestAPlanSurvivesGoingBack(t *testing.T) {
	t.Parallel()
	w := secondary(t)
	c := w.client()
	c.logIn()
	c.form("Doe een voorstel").tick("vakdocent (mevrouw Jansen)").set("Klaar om", "20:00").press("Doe een voorstel").form("Neem voorstel 1").press("Neem voorstel 1")
	c.form("Andere tijden").press("Andere tijden").is(http.StatusOK).wants("Kies uw tijden")
	form := c.form("Doe een voorstel")
	if form.fields.Get("p.until") != "20:00" || form.count("w.") != 3 {
		t.Errorf("the plan got lost: %v", form.fields)
	}
	if chosen := c.form("Verder"); chosen.count("c.") != 3 {
		t.Errorf("the proposal got lost: %v", chosen.fields)
	}
}

func TestHostilePlansAreRefusedOrPassedOver(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.logIn()
	for query, status := range map[string]int{
		"w.abc=1": http.StatusBadRequest, "w.=1": http.StatusBadRequest, "p.from=nu": http.StatusBadRequest, "p.until=25:00": http.StatusBadRequest,
		"p.day.x=1": http.StatusBadRequest, "p.from=19:03": http.StatusBadRequest, "p.from=24:59": http.StatusBadRequest, "p.other=1": http.StatusOK,
		"w.AAAAAAAAAAAAAAAAAAAAAQ.AAAAAAAAAAAAAAAAAAAAAQ=1": http.StatusOK, "p.day.AAAAAAAAAAAAAAAAAAAAAQ=1": http.StatusOK,
	} {
		if got := c.get("/de-linde/plan?" + query).status; got != status {
			t.Errorf("%s: %d, want %d", query, got, status)
		}
	}
}

func TestWhoHasNothingToPlanChoosesByHand(t *testing.T) {
	t.Parallel()
	w := primary(t)
	opens := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	_, err := w.booking.Conferences.Update(t.Context(), w.actor(), w.round, conference.Patch{OpensAt: &opens})
	w.must(err)
	c := w.client()
	c.logIn().wants("Kies uw tijden").lacks("Snel klaar")
	c.get("/de-linde/plan").is(http.StatusOK).wants("Kies uw tijden")
}

func TestEachProposalSaysWhatItIsGoodAt(t *testing.T) {
	t.Parallel()
	w := primary(t)
	room := w.rooms["Lokaal 1"]
	w.available("Juf Carla", "20:30", "20:40", room)
	w.available("Meester Bob", "20:20", "20:30", room)
	w.addDay(civil.Date{Year: 2026, Month: 11, Day: 26})
	w.available("Juf Anna", "19:00", "19:10", room)
	w.available("Juf Carla", "19:20", "19:30", room)
	c := w.client()
	c.logIn()
	c.form("Doe een voorstel").press("Doe een voorstel").is(http.StatusOK)
	c.wants("Voorstel 1 kortste wachttijd, begint het laatst 20:20–20:40, 2 gesprekken, zonder wachten", "Voorstel 2 vroegst klaar 19:00–19:30, 2 gesprekken, 10 minuten wachten")
}
