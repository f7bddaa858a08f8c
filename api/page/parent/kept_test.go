package parent_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/managelink"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// keeps checks that a form still has the contact, and that it stands nowhere but in forms.
func (c *client) keeps(form *sheet) {
	c.t.Helper()
	if form.fields.Get("email") != "ouder@post.example" || form.fields.Get("phone") != "06 12345678" || form.fields.Get("rest") == "" {
		c.t.Errorf("%s: what was typed got lost: %v", c.path, form.fields)
	}
	if strings.Contains(c.path, "post.example") || strings.Contains(c.path, "12345678") {
		c.t.Errorf("what was typed stands in the address %s", c.path)
	}
	for name, value := range c.cookies {
		if strings.Contains(value, "post") {
			c.t.Errorf("what was typed stands in the cookie %s", name)
		}
	}
}

// typeContact fills in the confirm page.
func (c *client) typeContact(button string) *sheet {
	c.t.Helper()
	return c.form(button).set("E-mailadres", "ouder@post.example").set("Mobiel", "06 12345678").tick("in elk geval")
}

func TestASessionThatEndedAtTheConfirmPageKeepsTheContact(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.confirm("19:00", "19:30")
	form := c.typeContact("Boek deze")
	w.db.Clock.Advance(31 * time.Minute)
	form.press("Boek deze").is(http.StatusOK).wants("U was een tijdje weg", "is bewaard")
	c.answer("Sanne de Vries", "4", "1234 AB").wants("We konden u met deze gegevens niet binnenlaten")
	c.answer("Sanne de Vries", "3", "1234 AB").is(http.StatusOK).wants("Bekijk en boek", "19:00–19:10", "19:30–19:40")
	c.keeps(c.form("Boek deze"))
	c.form("Boek deze").press("Boek deze").wants("Gelukt!", "De bevestiging gaat zo naar wat u heeft ingevuld")
}

func TestACodeOnTheWayKeepsTheContactToo(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(*world, *client) *sheet{
		"a code that is sent": func(w *world, c *client) *sheet {
			c.form("Stuur mij een code").set("Voornaam", "Sanne de Vries").set("Dag", "3").set("Maand", "1").set("Jaar", "2017").set("Postcode", "1234 AB").press("Stuur mij een code").wants("onderweg")
			return c.form("Verder").set("Code", w.lastCode())
		},
		"a code that is there": func(w *world, c *client) *sheet {
			code, err := w.auth.Parents.FamilyCode(context.Background(), w.actor(), w.homes["De Vries"])
			w.must(err)
			c.form("Ik heb een code").press("Ik heb een code").wants("Inloggen met een code")
			c.form("Verder").set("Voornaam", "Sanne de Vries").set("Code", "").press("Verder").is(http.StatusUnprocessableEntity)
			return c.form("Verder").set("Voornaam", "Sanne de Vries").set("Code", code)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := primary(t)
			c := w.confirm("19:00", "19:30")
			form := c.typeContact("Boek deze")
			w.db.Clock.Advance(31 * time.Minute)
			form.press("Boek deze").wants("is bewaard")
			ask(w, c).press("Verder").is(http.StatusOK).wants("Bekijk en boek", "19:00–19:10")
			c.keeps(c.form("Boek deze"))
		})
	}
}

func TestAddingABrotherOrSisterKeepsWhatWasChosen(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.logIn()
	c.form("Verder naar boeken").pick("Sanne: Rapportgesprek", "", "Juf Anna", "19:20").tick("Intern begeleider (Daan Smit)").set("Niet eerder dan", "19:30").press("Broer of zus").wants("blijft staan")
	c.answer("Noor Yilmaz", "5", "9999 ZZ").wants("We konden u met deze gegevens niet binnenlaten")
	c.answer("Noor Yilmaz", "5", "1234 CD").is(http.StatusOK).wants("Kies uw tijden", "Noor")
	form := c.form("Verder naar boeken")
	if form.count("c.") != 1 || form.count("w.") != 3 || form.fields.Get("p.from") != "19:30" {
		t.Errorf("something got lost: %v", form.fields)
	}
	// On the way back from the confirm page, what was typed there comes along as well.
	form.press("Verder naar boeken").wants("Bekijk en boek", "19:20–19:30")
	c.typeAddress("Boek dit gesprek").press("Andere tijden").wants("Kies uw tijden")
	c.form("Verder naar boeken").press("Broer of zus").wants("Broer of zus toevoegen")
	c.answer("Noor Yilmaz", "5", "1234 CD").is(http.StatusOK).wants("Kies uw tijden")
	c.form("Verder naar boeken").press("Verder naar boeken").wants("Bekijk en boek", "19:20–19:30")
	if form := c.form("Boek dit gesprek"); form.fields.Get("email") != "ouder@post.example" {
		t.Errorf("what was typed got lost: %v", form.fields)
	}
}

func TestAnotherLanguageKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.get("/de-linde")
	form := c.form("Inloggen").set("Voornaam", "Sanne de Vries").set("Dag", "3").set("Postcode", "1234 AB")
	c.speakWith(form, "English").is(http.StatusOK).wants("Log in for the parent-teacher talks").lacks("more thing")
	form = c.form("Log in")
	if form.fields.Get("name") != "Sanne de Vries" || form.fields.Get("birth_day") != "3" || form.fields.Get("postcode") != "1234 AB" {
		t.Errorf("the log-in page lost something: %v", form.fields)
	}
	c.speak("Nederlands")
	c.form("Ik heb een code").press("Ik heb een code")
	c.speakWith(c.form("Verder").set("Voornaam", "Sanne de Vries").set("Code", "1234"), "English").wants("Log in with a code")
	if form = c.form("Continue"); form.fields.Get("name") != "Sanne de Vries" || form.fields.Get("code") != "1234" {
		t.Errorf("the code page lost something: %v", form.fields)
	}
	c.speak("Nederlands")
	c.logIn()
	c.speakWith(c.form("Verder").pick("Sanne: Rapportgesprek", "", "Juf Anna", "19:20").tick("Intern begeleider (Daan Smit)"), "English").wants("Choose your times")
	if form = c.form("Continue"); form.count("c.") != 1 || form.count("w.") != 3 {
		t.Errorf("the choose page lost something: %v", form.fields)
	}
	c.speakWith(c.form("Make a proposal").set("Not before", "19:30"), "Nederlands")
	c.form("Doe een voorstel").press("Doe een voorstel").wants("Voorstel 1")
	c.speakWith(c.form("Doe een voorstel").set("Niet eerder dan", "").set("Klaar om", "19:30"), "English").wants("Proposal 1")
	if form = c.form("Make a proposal"); form.fields.Get("p.until") != "19:30" || form.fields.Get("p.from") != "" || form.count("c.") != 1 {
		t.Errorf("the page of the proposals lost something: %v", form.fields)
	}
	c.form("Choose times yourself").press("Choose times yourself").wants("Choose your times")
	c.form("Continue").press("Continue")
	c.speak("Nederlands").wants("Bekijk en boek", "19:20–19:30")
	if w.booked() != 0 {
		t.Error("another language booked something")
	}
}

func TestAnotherLanguageKeepsTheContactAndBooksNothing(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.confirm("19:00", "19:30")
	c.speakWith(c.typeContact("Boek deze"), "English").is(http.StatusOK).wants("Check and book", "19:00–19:10", "19:30–19:40")
	c.keeps(c.form("Book these"))
	c.speak("Nederlands")
	w.bookElsewhere("Noor", "Rapportgesprek", "Juf Anna", "19:00")
	form := c.form("Boek deze")
	form.fields.Del("rest")
	form.press("Boek deze").is(http.StatusConflict)
	c.speak("English").is(http.StatusOK).wants("Check and book", "19:30–19:40")
	if form = c.form("Book these"); form.fields.Get("email") != "ouder@post.example" {
		t.Errorf("what was typed got lost: %v", form.fields)
	}
	if w.booked() != 1 {
		t.Errorf("%d appointments", w.booked())
	}
	form.press("Book these").is(http.StatusOK).wants("Done!", "19:30–19:40")
}

func TestAnotherLanguageKeepsTheNewTimeOfAMove(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.book("Sanne: Rapportgesprek", "Juf Anna", "19:00").follow("Verzetten")
	form := c.form("Verzet dit gesprek")
	form.fields.Set("to", c.option("Juf Anna", "19:30"))
	c.speakWith(form, "English").wants("Move this talk")
	c.form("Move this talk").press("Move this talk").wants("Your talk has been moved", "19:30–19:40")
}

func TestASessionThatEndedAtAMoveKeepsTheNewTime(t *testing.T) {
	t.Parallel()
	move := func(t *testing.T) (*world, *client, *sheet) {
		w := primary(t)
		c := w.client()
		c.book("Sanne: Rapportgesprek", "Juf Anna", "19:00").follow("Verzetten")
		form := c.form("Verzet dit gesprek")
		form.fields.Set("to", c.option("Juf Anna", "19:30"))
		w.db.Clock.Advance(31 * time.Minute)
		return w, c, form
	}
	t.Run("and it is there after logging in", func(t *testing.T) {
		t.Parallel()
		w, c, form := move(t)
		form.press("Verzet").is(http.StatusOK).wants("U was een tijdje weg")
		c.answer("Sanne de Vries", "4", "1234 AB").wants("We konden u met deze gegevens niet binnenlaten")
		c.answer("Sanne de Vries", "3", "1234 AB").is(http.StatusOK).wants("Gesprek verzetten", "die u had gekozen, staat er nog")
		c.form("Verzet dit gesprek").press("Verzet").is(http.StatusOK).wants("Uw gesprek is verzet", "19:30–19:40")
		if w.booked() != 1 {
			t.Errorf("%d appointments", w.booked())
		}
	})
	t.Run("by a code as well", func(t *testing.T) {
		t.Parallel()
		w, c, form := move(t)
		form.press("Verzet").wants("U was een tijdje weg")
		c.form("Stuur mij een code").set("Voornaam", "Sanne de Vries").set("Dag", "3").set("Maand", "1").set("Jaar", "2017").set("Postcode", "1234 AB").press("Stuur mij een code").wants("onderweg")
		c.form("Verder").set("Code", w.lastCode()).press("Verder").is(http.StatusOK).wants("Gesprek verzetten", "staat er nog")
		c.form("Verzet dit gesprek").press("Verzet").is(http.StatusOK).wants("Uw gesprek is verzet", "19:30–19:40")
	})
	t.Run("and a time that is gone meanwhile is told", func(t *testing.T) {
		t.Parallel()
		w, c, form := move(t)
		form.press("Verzet").wants("U was een tijdje weg")
		w.bookElsewhere("Noor", "Rapportgesprek", "Juf Anna", "19:30")
		c.answer("Sanne de Vries", "3", "1234 AB").is(http.StatusOK).wants("Gesprek verzetten", "net door iemand anders geboekt")
	})
	t.Run("and another family sees its own appointments", func(t *testing.T) {
		t.Parallel()
		_, c, form := move(t)
		form.press("Verzet").wants("U was een tijdje weg")
		c.answer("Noor Yilmaz", "5", "1234 CD").is(http.StatusOK).wants("Mijn afspraken", "U heeft nog geen afspraken").lacks("19:00")
	})
	t.Run("the question before a cancellation too", func(t *testing.T) {
		t.Parallel()
		w, c, _ := move(t)
		c.logIn()
		c.get("/de-linde/appointments").follow("Afzeggen")
		form := c.form("Ja, zeg")
		w.db.Clock.Advance(31 * time.Minute)
		form.press("Ja").wants("U was een tijdje weg")
		c.answer("Sanne de Vries", "3", "1234 AB").is(http.StatusOK).wants("Dit gesprek afzeggen?", "19:00–19:10")
		if w.booked() != 1 {
			t.Errorf("%d appointments", w.booked())
		}
	})
}

func TestWhereSomebodyWasGoingIsOneOfOurPages(t *testing.T) {
	t.Parallel()
	w := primary(t)
	for _, next := range []string{"//evil.example", "https://evil.example", "appointments/../../x", "appointments/", "appointments/" + strings.Repeat("a", 36) + "/other", "leave"} {
		c := w.client()
		c.get("/de-linde?next=" + url.QueryEscape(next))
		c.answer("Sanne de Vries", "3", "1234 AB").is(http.StatusOK).wants("Kies uw tijden")
		if !strings.HasPrefix(c.path, "/de-linde/choose") {
			t.Errorf("%s led to %s", next, c.path)
		}
	}
}

func TestGoingBackToAMoveAndChoosingAnotherTimeMovesAgain(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.book("Sanne: Rapportgesprek", "Juf Anna", "19:00").follow("Verzetten")
	form := c.form("Verzet dit gesprek")
	other := c.option("Juf Anna", "19:40")
	form.fields.Set("to", c.option("Juf Anna", "19:30"))
	form.press("Verzet").wants("Uw gesprek is verzet", "19:30–19:40")
	mails := w.queued()
	form.press("Verzet").wants("Uw gesprek is verzet", "19:30–19:40")
	if w.queued() != mails {
		t.Error("the same form again wrote again")
	}
	form.fields.Set("to", other)
	form.press("Verzet").is(http.StatusOK).wants("Uw gesprek is verzet", "19:40–19:50").lacks("Dit was al verwerkt", "19:30–19:40")
	if w.booked() != 1 {
		t.Errorf("%d appointments", w.booked())
	}
}

// typed lists the addresses that were typed.
func (w *world) typed() (list []string) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		contacts, err := store.List[models.Contact](tx, store.Eq("source", models.SourceTyped))
		for _, contact := range contacts {
			list = append(list, contact.Details.Value)
		}
		return err
	})
	slices.Sort(list)
	return list
}

func TestAMistypedAddressIsCorrectedOnMyAppointments(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.confirm("19:00", "19:30")
	confirm := c.form("Boek deze").set("E-mailadres", "fuot@post.example")
	confirm.press("Boek deze").wants("Gelukt!")
	c.follow("Verbeter het adres").is(http.StatusOK).wants("Adres verbeteren").lacks("fuot@post.example")
	c.form("Stuur de").press("Stuur de").is(http.StatusUnprocessableEntity).wants("Vul uw e-mailadres of mobiele nummer in")
	c.form("Stuur de").set("E-mailadres", "goed@").press("Stuur de").is(http.StatusUnprocessableEntity).wants("Dit e-mailadres klopt niet")
	c.speakWith(c.form("Stuur de").set("E-mailadres", "goed@post.example"), "English").wants("Correct the address")
	c.speak("Nederlands")
	form := c.form("Stuur de")
	w.db.Clock.Advance(31 * time.Minute)
	form.press("Stuur de").wants("U was een tijdje weg")
	c.answer("Sanne de Vries", "3", "1234 AB").is(http.StatusOK).wants("Adres verbeteren")
	c.form("Stuur de").press("Stuur de").is(http.StatusOK).wants("De bevestiging gaat zo naar wat u heeft ingevuld", "19:00–19:10")
	if got := w.typed(); !slices.Equal(got, []string{"goed@post.example"}) {
		t.Errorf("typed addresses %v", got)
	}
	if strings.Contains(c.path, "post.example") {
		t.Errorf("what was typed stands in the address %s", c.path)
	}
	other := w.client()
	other.get("/de-linde")
	other.answer("Noor Yilmaz", "5", "1234 CD")
	other.get("/de-linde/address").form("Stuur de").set("E-mailadres", "ander@post.example").press("Stuur de").is(http.StatusOK).wants("is nu niets geboekt")
}

func TestGoingBackAndCorrectingTheAddressSendsTheConfirmationThere(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.confirm("19:00", "19:30")
	form := c.form("Boek deze").set("E-mailadres", "fuot@post.example")
	form.press("Boek deze").wants("Gelukt!")
	form.set("E-mailadres", "goed@post.example").press("Boek deze").is(http.StatusOK).wants("U heeft dit geboekt", "De bevestiging gaat zo naar wat u heeft ingevuld").lacks("Dit was al verwerkt")
	if got := w.typed(); !slices.Equal(got, []string{"goed@post.example"}) || w.booked() != 2 {
		t.Errorf("typed addresses %v, %d appointments", got, w.booked())
	}
}

func TestAnAddressIsRemovedByWhoeverItIs(t *testing.T) {
	t.Parallel()
	w := primary(t)
	w.confirm("19:00", "19:30").form("Boek deze").set("E-mailadres", "vreemd@post.example").press("Boek deze").wants("Gelukt!")
	var link string
	w.write(func(tx *store.Tx) error {
		contacts, err := store.List[models.Contact](tx, store.Eq("source", models.SourceTyped))
		link = "/de-linde/n/" + managelink.Link{Kind: managelink.Refuse, Subject: contacts[0].ID, Until: storetest.Start().AddDate(0, 2, 0)}.Token(tx.Index)
		return err
	})
	stranger := w.client()
	stranger.get(link).is(http.StatusOK).wants("Is dit bericht niet voor u?").lacks("Sanne", "19:00")
	if len(w.typed()) != 1 {
		t.Fatal("looking at it removed it")
	}
	form := stranger.form("Haal mijn adres weg")
	form.press("Haal mijn").is(http.StatusOK).wants("Uw adres is weggehaald")
	form.press("Haal mijn").is(http.StatusNotFound).wants("al weggehaald")
	if len(w.typed()) != 0 || w.booked() != 2 {
		t.Errorf("typed %v, %d appointments", w.typed(), w.booked())
	}
}

func TestAfterManyClosedDoorsTheContactIsStillThere(t *testing.T) {
	t.Parallel()
	w := primary(t)
	w.bookElsewhere("Tim", "Rapportgesprek", "Juf Carla", "19:00")
	c := w.client()
	c.logIn()
	for range 30 {
		c.get("/de-linde/choose").form("Verder").pick("Sanne: Rapportgesprek", "", "Juf Anna", "19:00").press("Verder")
		c.typeAddress("Boek dit gesprek").press("Boek dit gesprek")
		if c.status != http.StatusConflict {
			break
		}
	}
	c.is(http.StatusOK).wants("Bevestig eerst dat u het bent")
	c.form("Stuur mij een code").press("Stuur mij een code").wants("onderweg")
	c.form("Verder").set("Code", w.lastCode()).press("Verder").is(http.StatusOK).wants("Bekijk en boek", "19:00–19:10")
	if form := c.form("Boek dit gesprek"); form.fields.Get("email") != "ouder@post.example" {
		t.Errorf("what was typed got lost: %v", form.fields)
	}
}

// typeAddress fills in an address on the confirm page.
func (c *client) typeAddress(button string) *sheet {
	c.t.Helper()
	return c.form(button).set("E-mailadres", "ouder@post.example")
}

func TestGoingBackAfterBookingSaysWhatIsBooked(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.confirm("19:00", "19:30")
	confirm, booked := c.path, c.form("Boek deze")
	booked.press("Boek deze").wants("Gelukt!")
	c.get(confirm).is(http.StatusOK).wants("Mijn afspraken", "U heeft dit geboekt", "19:00–19:10", "19:30–19:40").lacks("bezet")
	// The same in a second tab, whose form has a key of its own, and on the way through choosing.
	booked.fields.Set("key", "of the second tab")
	booked.press("Boek deze").is(http.StatusOK).wants("U heeft dit geboekt").lacks("Het hoogste aantal")
	booked.tick("dichtst bij").tick("in elk geval").press("Boek deze").is(http.StatusOK).wants("U heeft dit geboekt")
	choices := strings.Replace(confirm, "/confirm", "/choose", 1)
	c.get(choices).is(http.StatusOK).wants("Kies uw tijden", "Afspraak op dinsdag 24 november 2026 om 19:00").lacks("niet meer vrij")
	if w.booked() != 2 {
		t.Errorf("%d appointments", w.booked())
	}
}

func TestASecondTabBooksTheRest(t *testing.T) {
	t.Parallel()
	for name, consent := range map[string]string{"without consent": "", "with consent to the rest": "1"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := primary(t)
			c := w.confirm("19:00", "19:30")
			path, form := c.path, c.form("Boek deze")
			d := w.client()
			d.cookies = c.cookies
			d.get("/de-linde/choose").form("Verder").pick("Sanne: Rapportgesprek", "", "Juf Anna", "19:00").press("Verder").form("Boek dit").press("Boek dit").wants("Gelukt!")
			c.get(path).wants("Bekijk en boek", "U heeft dit al geboekt: Sanne met Juf Anna, dinsdag 24 november 2026 om 19:00").lacks("bezet geraakt")
			form.fields.Set("rest", consent)
			form.press("Boek deze").is(http.StatusOK).wants("Gelukt!", "19:00–19:10", "19:30–19:40").lacks("Dit is niet geboekt", "Het hoogste aantal")
			if w.booked() != 2 {
				t.Errorf("%d appointments", w.booked())
			}
		})
	}
}

func TestWhatTheFamilyItselfDoesIsNotCalledTaken(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.confirm("19:00", "19:30")
	path := c.path
	d := w.client()
	d.cookies = c.cookies
	d.get("/de-linde/choose").form("Verder").pick("Tim: Intern begeleider", "", "", "19:00").press("Verder").form("Boek dit").press("Boek dit").wants("Gelukt!")
	c.get(path).wants("Bekijk en boek", "U heeft op deze tijd al een ander gesprek").lacks("bezet geraakt")
	c.form("Andere tijden").press("Andere tijden").wants("om 19:00 heeft u al een ander gesprek").lacks("niet meer vrij")
	c.get(path).form("Boek deze").press("Boek deze").is(http.StatusConflict).wants("U heeft op deze tijd al een ander gesprek")
}

func TestAnotherTimeForATalkThatIsBookedSaysSo(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.confirm("19:10", "19:30")
	d := w.client()
	d.cookies = c.cookies
	d.get("/de-linde/choose").form("Verder").pick("Sanne: Rapportgesprek", "", "Juf Anna", "19:00").press("Verder").form("Boek dit").press("Boek dit").wants("Gelukt!")
	c.form("Boek deze").press("Boek deze").is(http.StatusConflict).wants("U heeft dit gesprek al geboekt, voor dinsdag 24 november 2026 om 19:00").lacks("Het hoogste aantal")
}

func TestAPlanForWhatIsBookedSaysSo(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.logIn()
	c.form("Doe een voorstel").press("Doe een voorstel").wants("Voorstel 1")
	plan := c.path
	c.get("/de-linde/choose").form("Verder").pick("Sanne: Rapportgesprek", "", "Juf Anna", "19:20").press("Verder").form("Boek dit").press("Boek dit").wants("Gelukt!")
	c.get(plan).is(http.StatusOK).wants("Voorstel 1", "u heeft dit al geboekt, voor dinsdag 24 november 2026 om 19:20").lacks("het hoogste aantal")
	c.form("Neem voorstel 1").press("Neem voorstel 1").form("Boek dit").press("Boek dit").wants("Gelukt!")
	c.get(plan).is(http.StatusOK).wants("U heeft dit geboekt", "Mijn afspraken")
}
