package parent_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/ouderavond/ouderavond/api/page/parent"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/household"
	"github.com/ouderavond/ouderavond/booking/people"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

func TestAnAppointmentIsMoved(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.book("Sanne: Rapportgesprek", "Juf Anna", "19:00")
	c.follow("Verzetten").is(http.StatusOK).wants("Gesprek verzetten", "19:00–19:10", "Nieuwe tijd", "Uw oude tijd blijft van u")
	c.form("Verzet dit gesprek").press("Verzet").is(http.StatusUnprocessableEntity).wants("Kies eerst een nieuwe tijd")
	form := c.form("Verzet dit gesprek")
	form.fields.Set("to", c.option("Meester Bob", "19:40"))
	form.press("Verzet").is(http.StatusOK).wants("Uw gesprek is verzet", "19:40–19:50", "Meester Bob").lacks("19:00")
	form.press("Verzet").is(http.StatusOK).wants("Uw gesprek is verzet", "19:40–19:50")
	if w.booked() != 1 {
		t.Errorf("%d appointments", w.booked())
	}
}

// option finds the value of a time in a group of the page's lists.
func (c *client) option(group, time string) string {
	c.t.Helper()
	for _, node := range c.nodes("option") {
		if strings.Contains(text(node), time) && strings.Contains(attribute(node.Parent, "label"), group) {
			return attribute(node, "value")
		}
	}
	c.t.Fatalf("%s: no %s with %s", c.path, time, group)
	return ""
}

func TestAMoveToATakenTimeOffersOthers(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.book("Sanne: Rapportgesprek", "Juf Anna", "19:00").follow("Verzetten")
	form := c.form("Verzet dit gesprek")
	form.fields.Set("to", c.option("Juf Anna", "19:30"))
	w.bookElsewhere("Noor", "Rapportgesprek", "Juf Anna", "19:30")
	form.press("Verzet").is(http.StatusConflict).wants("net door iemand anders geboekt", "Wat kan wel", "om 19:20, met Juf Anna")
	c.form("Verzet dit gesprek").press("Verzet").is(http.StatusOK).wants("Uw gesprek is verzet", "19:20–19:30")
}

func TestAnAppointmentIsCancelledAfterAQuestion(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.book("Sanne: Rapportgesprek", "Juf Anna", "19:00")
	c.follow("Afzeggen").is(http.StatusOK).wants("Dit gesprek afzeggen?", "19:00–19:10", "Nee, laat staan")
	if w.booked() != 1 {
		t.Error("looking at the question cancelled")
	}
	form := c.form("Ja, zeg dit gesprek af")
	form.press("Ja").is(http.StatusOK).wants("Uw gesprek is afgezegd", "U heeft nog geen afspraken")
	form.press("Ja").is(http.StatusOK).wants("Uw gesprek is afgezegd")
	form.fields.Set("key", "another")
	form.press("Ja").is(http.StatusOK).wants("Dit was al verwerkt")
	if w.booked() != 0 {
		t.Error("it is still booked")
	}
}

func TestThePageOfACancelledAppointmentSaysSo(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.book("Sanne: Rapportgesprek", "Juf Anna", "19:00")
	c.follow("Afzeggen")
	address := strings.TrimSuffix(c.path, "/cancel")
	c.form("Ja, zeg dit gesprek af").press("Ja").is(http.StatusOK)
	for _, end := range []string{"", "/cancel"} {
		c.get(address+end).is(http.StatusOK).wants("Dit gesprek is afgezegd", "U heeft nog geen afspraken")
	}
	c.send(http.MethodPost, address, url.Values{"to": {"5964492"}, "key": {"k"}}).is(http.StatusOK).wants("Dit gesprek is afgezegd")
	other := w.client()
	other.logIn()
	other.get(address).is(http.StatusNotFound)
}

func TestTheAppointmentsOfOthersAreNotThere(t *testing.T) {
	t.Parallel()
	w := primary(t)
	other := w.bookElsewhere("Noor", "Rapportgesprek", "Juf Anna", "19:00").String()
	hidden := w.bookElsewhere("Sanne", "Rapportgesprek", "Meester Bob", "19:20").String()
	c := w.client()
	c.logIn()
	var answers []string
	for _, id := range []string{other, hidden, models.New[models.AppointmentID]().String(), "nonsense", "%00", strings.Repeat("a", 500)} {
		for _, end := range []string{"", "/cancel"} {
			c.get("/de-linde/appointments/" + id + end).is(http.StatusNotFound)
			answers = append(answers, strings.ReplaceAll(text(c.root), id, ""))
		}
	}
	for _, id := range []string{other, hidden} {
		c.send(http.MethodPost, "/de-linde/appointments/"+id, url.Values{"to": {"5964492"}, "key": {"k"}}).is(http.StatusNotFound)
		c.send(http.MethodPost, "/de-linde/appointments/"+id+"/cancel", url.Values{"key": {"k"}}).is(http.StatusOK).wants("Dit was al verwerkt").lacks("19:00", "19:20")
	}
	for _, answer := range answers[1:] {
		if answer != answers[0] {
			t.Errorf("the answers differ:\n%s\n%s", answers[0], answer)
		}
	}
	if w.booked() != 2 {
		t.Errorf("%d appointments", w.booked())
	}
}

func TestBeforeOpeningThePageSaysWhen(t *testing.T) {
	t.Parallel()
	w := primary(t)
	opens := storetest.Start().Add(3*time.Hour + 30*time.Minute)
	_, err := w.booking.Conferences.Update(context.Background(), w.actor(), w.round, conference.Patch{OpensAt: &opens})
	w.must(err)
	c := w.client()
	c.logIn().wants("Boeken kan vanaf maandag 2 november 2026 om 22:30. Dat is over 3 uur.", "Juf Anna · Meester Bob").lacks("<select", "Verder naar boeken")
	w.db.Clock.Set(opens)
	c.logIn().wants("U kunt boeken en wijzigen tot maandag 23 november 2026 om 12:00", "Verder naar boeken")
}

func TestAfterClosingAppointmentsCanOnlyBeLookedAt(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.book("Sanne: Rapportgesprek", "Juf Anna", "19:00").follow("Verzetten")
	self := c.path
	move := c.form("Verzet dit gesprek")
	move.fields.Set("to", c.option("Juf Anna", "19:10"))
	cancel := c.follow("Liever afzeggen").form("Ja")
	w.open(models.ConferenceClosed)
	c.get("/de-linde/choose").wants("Boeken is voorbij").lacks("<select")
	c.get("/de-linde/appointments").wants("19:00–19:10", "niet meer wijzigen", "info@linde.example").lacks("Verzetten", "Afzeggen")
	c.get(self).is(http.StatusOK).wants("niet meer wijzigen").lacks("<select")
	cancel.press("Ja").is(http.StatusConflict).wants("kan hier niet meer geboekt of gewijzigd worden")
	move.press("Verzet").is(http.StatusConflict).wants("kan hier niet meer geboekt of gewijzigd worden")
	if w.booked() != 1 {
		t.Error("it was cancelled")
	}
}

func TestAfterClosingTimeATalkIsCancelledAndNotMoved(t *testing.T) {
	t.Parallel()
	w := primary(t)
	rules := models.ConferenceRules{WalkingMinutes: 5, CancelMinutes: 60}
	_, err := w.booking.Conferences.Update(context.Background(), w.actor(), w.round, conference.Patch{Rules: &rules})
	w.must(err)
	c := w.client()
	c.book("Sanne: Rapportgesprek", "Juf Anna", "19:00").follow("Verzetten")
	self := c.path
	move := c.form("Verzet dit gesprek")
	move.fields.Set("to", c.option("Juf Anna", "19:10"))
	w.db.Clock.Set(w.at("17:59")) // closed since the day before, and longer than an hour to go
	c.logIn()
	c.get("/de-linde/choose").wants("Boeken is voorbij").lacks("geen gesprekken voor")
	c.get("/de-linde/appointments").wants("19:00–19:10", "Afzeggen", "Verzetten kan hier niet meer").lacks("Laat het de school weten")
	if slices.ContainsFunc(c.nodes("a"), func(link *html.Node) bool { return strings.HasPrefix(text(link), "Verzetten") }) {
		t.Error("it can be moved")
	}
	c.get(self).is(http.StatusOK).wants("Afzeggen kan nog wel").lacks("<select")
	move.press("Verzet").is(http.StatusConflict).wants("kan hier niet meer geboekt of gewijzigd worden")
	cancel := c.get(self + "/cancel").wants("De school weet dan dat u niet komt").lacks("komt dan vrij voor een ander gezin").form("Ja")
	w.db.Clock.Set(w.at("18:00"))
	cancel.press("Ja").is(http.StatusConflict).wants("kan hier niet meer geboekt of gewijzigd worden", "info@linde.example")
	c.get("/de-linde/appointments").wants("niet meer wijzigen").lacks("Afzeggen")
	if w.booked() != 1 {
		t.Error("it was cancelled")
	}
	w.db.Clock.Set(w.at("17:59"))
	c.get(self + "/cancel").form("Ja").press("Ja").is(http.StatusOK).wants("Uw gesprek is afgezegd")
	if w.booked() != 0 {
		t.Error("it was not cancelled")
	}
}

func TestWhatIsOverStandsApart(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.book("Sanne: Rapportgesprek", "Juf Anna", "19:00")
	w.db.Clock.Set(w.at("20:00"))
	c.logIn()
	c.get("/de-linde/appointments").wants("Geweest", "19:00–19:10").lacks("Verzetten")
}

func TestAChildOfWhomAnotherHouseholdBooksAsksTheSchool(t *testing.T) {
	t.Parallel()
	w := primary(t)
	one := models.ArrangementOne
	_, err := w.booking.Households.Create(context.Background(), w.actor(), household.NewHousehold{Pupils: []models.PupilID{w.pupils["Noor"]}, Postcode: "5678CD", Beside: true})
	w.must(err)
	_, err = w.booking.People.UpdatePupil(context.Background(), w.actor(), w.pupils["Noor"], people.PupilPatch{Arrangement: &one})
	w.must(err)
	w.bookElsewhere("Noor", "Rapportgesprek", "Juf Anna", "19:00")
	c := w.client()
	c.get("/de-linde")
	c.answer("Noor Yilmaz", "5", "5678 CD").is(http.StatusOK).wants("De gesprekken voor Noor worden niet hier geboekt", "010 1234567").lacks("Juf Anna", "19:00", "<select", "al iets geboekt")
}

func TestTheCalendarFileIsThereOnlyIfItCanBeMade(t *testing.T) {
	t.Parallel()
	without := primary(t).client()
	without.book("Sanne: Rapportgesprek", "Juf Anna", "19:00").lacks("Zet in mijn agenda")
	without.get("/de-linde/appointments.ics").is(http.StatusNotFound)
	w := primary(t, func(config *parent.Config) {
		config.Calendar = func(_ context.Context, _ models.SchoolID, actor models.Actor) ([]byte, error) {
			if actor.Kind != models.ActorParent {
				t.Errorf("asked by %q", actor.Kind)
			}
			return []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), nil
		}
	})
	c := w.client()
	c.book("Sanne: Rapportgesprek", "Juf Anna", "19:00").follow("Zet in mijn agenda").is(http.StatusOK)
	if !strings.HasPrefix(c.head.Get("Content-Type"), "text/calendar") || !strings.HasPrefix(c.body, "BEGIN:VCALENDAR") {
		t.Errorf("%s: %s", c.head.Get("Content-Type"), c.body)
	}
}
