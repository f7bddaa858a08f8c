package parent_test

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/civil"
	"github.com/ouderavond/ouderavond/models/store"
)

// folded counts what is folded away on a page, and what of it is open.
func (c *client) folded(sentence string) (all, open int) {
	for _, node := range c.nodes("details") {
		if strings.Contains(text(node), sentence) {
			all++
			if has(node, "open") {
				open++
			}
		}
	}
	return all, open
}

func TestManyTeachersAreFoldedAwayUntilTheyAreWanted(t *testing.T) {
	t.Parallel()
	w := secondary(t)
	c := w.client()
	c.logIn()
	for _, sentence := range []string{"kies er hoogstens 3 van de 8", "Toon alle 8 mogelijkheden"} {
		if all, open := c.folded(sentence); all != 1 || open != 0 {
			t.Errorf("%s: %d, of which %d open", sentence, all, open)
		}
	}
	c.form("Doe een voorstel").tick("vakdocent (mevrouw Jansen)").press("Doe een voorstel").is(http.StatusOK)
	if _, open := c.folded("kies er hoogstens 3"); open != 1 {
		t.Error("what was ticked is folded away")
	}
	c.form("Neem voorstel 1").press("Neem voorstel 1").form("Andere tijden").press("Andere tijden").is(http.StatusOK)
	if _, open := c.folded("Toon alle 8"); open != 1 {
		t.Error("what was chosen is folded away")
	}
}

func TestASummaryLeadsToNothingThatIsFoldedAway(t *testing.T) {
	t.Parallel()
	w := secondary(t)
	w.available("mevrouw Mulder", "18:30", "18:40", models.RoomID{}) // too short: what is left is folded away
	c := w.client()
	c.get("/de-linde").answer("Noor Yilmaz", "5", "1234 CD").is(http.StatusOK).wants("Kies uw tijden")
	c.form("Doe een voorstel").press("Doe een voorstel").is(http.StatusUnprocessableEntity).wants("Vink eerst aan")
	c.leadsInSight()
	c.get("/de-linde/choose").form("Verder").press("Verder").is(http.StatusUnprocessableEntity).wants("Kies eerst ten minste")
	c.leadsInSight()
}

// leadsInSight checks that the summary of what is wrong leads to something that is not folded away.
func (c *client) leadsInSight() {
	c.t.Helper()
	count := 0
	for _, link := range c.nodes("a") {
		target, ok := strings.CutPrefix(attribute(link, "href"), "#")
		if !ok || target == "main" {
			continue
		}
		count++
		if c.hides(target) {
			c.t.Errorf("%s: %s is folded away", c.path, target)
		}
	}
	if count == 0 {
		c.t.Errorf("%s: the summary leads nowhere", c.path)
	}
}

// hides reports whether the element with an id is in something that is folded.
func (c *client) hides(id string) bool {
	for _, node := range c.nodes("details") {
		for inside := range node.Descendants() {
			if inside.Type == html.ElementNode && attribute(inside, "id") == id && !has(node, "open") {
				return true
			}
		}
	}
	return false
}

// optionalMentors makes that the school expects nobody.
func (w *world) optionalMentors() {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		kind, err := store.Get[models.TalkKind](tx, w.talks["Gesprek met de mentor"])
		if err != nil {
			return err
		}
		kind.Obligation = models.Optional
		return store.Update(tx, kind, "obligation")
	})
}

func TestTheEveningIsToldWithItsGapsAndSubjects(t *testing.T) {
	t.Parallel()
	w := secondary(t)
	w.write(func(tx *store.Tx) error {
		return store.Insert(tx, &models.Teaching{
			ID: models.New[models.RowID](), StaffID: w.staff["de heer Smit"], GroupID: w.groups["H2b"], Role: models.TeachesSubject, Subject: "aardrijkskunde",
		})
	})
	w.available("mevrouw Mulder", "19:00", "19:20", models.RoomID{})
	w.available("mevrouw Bos", "19:20", "19:40", models.RoomID{})
	w.available("de heer Kok", "19:20", "19:40", models.RoomID{})
	w.available("de heer Smit", "20:00", "20:10", models.RoomID{})
	c := w.client()
	c.logIn()
	c.form("Doe een voorstel").tick("aardrijkskunde (de heer Smit)").press("Doe een voorstel").is(http.StatusOK)
	c.wants("19:00–20:10, 3 gesprekken", "Sanne · Gesprek met de vakdocent, aardrijkskunde", "Daarna 20 minuten tot het volgende gesprek")
	if count := strings.Count(text(c.root), "Daarna"); count != 1 {
		t.Errorf("%d gaps", count)
	}
	c.form("Neem voorstel 1").press("Neem voorstel 1").wants("Gesprek met de vakdocent, aardrijkskunde")
	c.form("Boek deze").press("Boek deze").wants("Gelukt!", "Gesprek met de vakdocent, aardrijkskunde")
}

func TestWhatIsBookedElsewhereIsSaidOnceAndNotTickedBeforehand(t *testing.T) {
	t.Parallel()
	w := primary(t)
	w.bookElsewhere("Tim", "Rapportgesprek", "Juf Carla", "19:00")
	c := w.client()
	c.logIn().wants("Er is al iets geboekt voor Tim, maar niet vanaf hier").lacks("19:00 met")
	form := c.form("Doe een voorstel")
	if form.count("w.") != 1 { // Sanne
		t.Errorf("ticked beforehand: %v", form.fields)
	}
	if count := strings.Count(text(c.root), "Er is al iets geboekt"); count != 1 {
		t.Errorf("said %d times", count)
	}
}

func TestWhereNothingCanBeBookedTheFamilyIsNotAskedToChoose(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.confirm("19:00", "19:30")
	w.bookElsewhere("Sanne", "Rapportgesprek", "Meester Bob", "19:40")
	w.bookElsewhere("Tim", "Rapportgesprek", "Juf Carla", "19:50")
	c.form("Boek deze").press("Boek deze").is(http.StatusConflict)
	c.wants("Dit kan niet worden geboekt", "Er is zojuist niets geboekt", "Er is al iets geboekt voor Sanne en Tim", "Sanne met Juf Anna, 19:00", "Tim met Juf Carla, 19:30")
	c.lacks("Boek nu", "Dit gesprek niet boeken", "Nieuw voorstel", "19:40", "19:50", "Meester Bob")
	if count := strings.Count(text(c.root), "Het hoogste aantal"); count != 1 {
		t.Errorf("the reason is said %d times", count)
	}
	c.follow("Bevestigen met een code").wants("Bevestigen met een code")
}

func TestTheWayBackFromAProposalKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.logIn()
	c.form("Doe een voorstel").set("Niet eerder dan", "19:30").press("Doe een voorstel").form("Neem voorstel 1").press("Neem voorstel 1")
	c.form("Boek deze").set("E-mailadres", "ouder@post.example").press("Terug naar de voorstellen").is(http.StatusOK).wants("Voorstel 1")
	if strings.Contains(c.path, "ouder@") {
		t.Error("what was typed stands in the address")
	}
	form := c.form("Neem voorstel 1").press("Neem voorstel 1").form("Boek deze")
	if form.fields.Get("email") != "ouder@post.example" || form.fields.Get("p.from") != "19:30" {
		t.Errorf("something got lost: %v", form.fields)
	}
	w.confirm("19:00", "19:30").lacks("Terug naar de voorstellen")
}

func TestANewProposalOnAnotherDaySaysSo(t *testing.T) {
	t.Parallel()
	w := primary(t)
	room := w.rooms["Lokaal 1"]
	w.available("Juf Anna", "19:00", "19:10", room)
	w.available("Juf Carla", "19:10", "19:20", room)
	w.available("Meester Bob", "19:20", "19:30", room)
	c := w.client()
	c.logIn()
	c.form("Doe een voorstel").press("Doe een voorstel").form("Neem voorstel 1").press("Neem voorstel 1").is(http.StatusOK)
	w.bookElsewhere("Noor", "Rapportgesprek", "Juf Anna", "19:00")
	c.form("Boek deze").press("Boek deze").is(http.StatusConflict).wants("Nieuw voorstel", "19:20–19:30").lacks("op een andere dag")
	w.bookElsewhere("Noor", "Rapportgesprek", "Meester Bob", "19:20")
	w.addDay(civil.Date{Year: 2026, Month: 11, Day: 26})
	w.available("Juf Anna", "19:00", "20:00", room)
	c.form("Boek dit voorstel").press("Boek dit voorstel").is(http.StatusConflict).wants("donderdag 26 november 2026", "Let op: dit is op een andere dag dan u had gekozen")
	c.form("Boek dit voorstel").press("Boek dit voorstel").is(http.StatusOK).wants("Gelukt!", "donderdag 26 november 2026")
}

// addDay adds a day to the conference; what is said of availability from here on is of that day.
func (w *world) addDay(date civil.Date) {
	w.t.Helper()
	made, err := w.booking.Parts.AddDay(w.t.Context(), w.actor(), conference.At{Conference: w.round}, conference.NewDay{Date: date, Audience: models.Audience{Everybody: true}})
	w.must(err)
	for _, day := range made.Days {
		if day.ID != w.day {
			w.day = day.ID
		}
	}
}

func TestAMentorWhoIsFullIsNamedEverywhere(t *testing.T) {
	t.Parallel()
	w := secondary(t)
	w.available("mevrouw Mulder", "18:30", "18:50", models.RoomID{})
	w.bookElsewhere("Noor", "Gesprek met de mentor", "mevrouw Mulder", "18:30")
	says := []string{"De school rekent op dit gesprek, maar er is geen tijd meer vrij", "Sanne, Gesprek met de mentor (mevrouw Mulder)", "vraag de school om een tijd", "010 1234567"}
	c := w.client()
	c.logIn().wants(says...)
	form := c.form("Doe een voorstel").tick("vakdocent (mevrouw Jansen)")
	form.press("Doe een voorstel").is(http.StatusOK).wants("Voorstel 1").wants(says...)
	c.form("Neem voorstel 1").press("Neem voorstel 1").wants("Bekijk en boek").wants(says...)
	c.form("Boek deze").press("Boek deze").wants("Gelukt!").wants(says...)
	// Whoever has it, or may have it without this session knowing, is told nothing; nor is who is not offered it.
	noor := w.client()
	noor.get("/de-linde").answer("Noor Yilmaz", "5", "1234 CD").lacks("De school rekent op dit gesprek")
	w.optionalMentors()
	c.get("/de-linde/choose").lacks("De school rekent op dit gesprek")
}

func TestATeacherAmongSeveralWhoIsFullIsNoNews(t *testing.T) {
	t.Parallel()
	w := primary(t)
	w.available("Juf Anna", "19:00", "19:10", w.rooms["Lokaal 1"])
	w.bookElsewhere("Noor", "Rapportgesprek", "Juf Anna", "19:00")
	c := w.client()
	c.logIn().wants("Kies uw tijden").lacks("De school rekent op dit gesprek")
	w.available("Meester Bob", "19:00", "19:05", w.rooms["Lokaal 1"])
	c.get("/de-linde/choose").wants("De school rekent op dit gesprek", "Sanne, Rapportgesprek (Juf Anna en Meester Bob)").lacks("Tim, Rapportgesprek (")
}

func TestAfterBookingItIsSaidWhereTheConfirmationGoesAndWhereTheRoomIs(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.book("Sanne: Rapportgesprek", "Juf Anna", "19:00").wants("Heeft de school een e-mailadres of mobiel nummer van u, dan gaat de bevestiging daarheen", "De lokalen ziet u hier zodra u heeft bevestigd dat u het bent")
	_, err := w.booking.Schools.Update(t.Context(), w.actor(), school.Patch{Channels: &models.Channels{None: true}})
	w.must(err)
	c.get("/de-linde/choose").form("Verder").pick("Tim: Rapportgesprek", "", "", "19:30").press("Verder").form("Boek dit").press("Boek dit").wants("Deze school stuurt geen bevestigingen")
	full := secondary(t)
	full.bookElsewhere("Sanne", "Gesprek met de mentor", "mevrouw Mulder", "18:30")
	d := full.client()
	d.logIn()
	d.follow("Bevestigen met een code").form("Stuur mij een code").press("Stuur mij een code")
	d.form("Verder").set("Code", full.lastCode()).press("Verder")
	d.get("/de-linde/appointments").wants("Staat er geen lokaal bij, dan volgt het hier").lacks("zodra u heeft bevestigd")
}

func TestAWeekdayThatComesTwiceIsToldWithItsDate(t *testing.T) {
	t.Parallel()
	w := primary(t)
	room := w.rooms["Lokaal 1"]
	w.addDay(civil.Date{Year: 2026, Month: 11, Day: 26})
	w.available("Juf Carla", "19:00", "20:00", room)
	c := w.client()
	c.logIn().wants("di 19:00", "do 19:00").lacks("di 24 nov 19:00")
	d := primary(t)
	d.addDay(civil.Date{Year: 2026, Month: 12, Day: 1})
	d.available("Juf Carla", "19:00", "20:00", d.rooms["Lokaal 1"])
	d.client().logIn().wants("di 24 nov 19:00", "di 1 dec 19:00")
}
