package parent_test

import (
	"net/http"
	"testing"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
)

// personalLink makes the personal link of a child's household for the present conference.
func (w *world) personalLink(child string) string {
	w.t.Helper()
	var round models.ConferenceID
	w.write(func(tx *store.Tx) error {
		conferences, err := store.List[models.Conference](tx)
		round = conferences[0].ID
		return err
	})
	links, err := w.auth.Parents.Links(w.t.Context(), w.actor(), round, w.homeOf(child), false)
	w.must(err)
	return "/de-linde/l/" + links[0].Token
}

func TestAPersonalLinkAsksOneThingAndNamesNobody(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	link := w.personalLink("Sanne")
	for range 3 { // as programs do that read mail
		c.get(link).is(http.StatusOK).wants("Welkom bij de oudergesprekken", "Van een van uw kinderen").lacks("Sanne", "Vries", "Postcode", "Voornaam")
	}
	c.once(http.MethodHead, link, nil)
	w.write(func(tx *store.Tx) error {
		sessions, err := store.Count[models.Session](tx)
		if misses, failed := store.Count[models.LoginMiss](tx); sessions+misses > 0 || failed != nil {
			t.Errorf("looking at it left %d sessions and %d misses", sessions, misses)
		}
		return err
	})
	c.get(link).form("Inloggen").set("Dag", "31").set("Maand", "2").set("Jaar", "2017").press("Inloggen").is(http.StatusUnprocessableEntity)
	c.get(link).form("Inloggen").set("Dag", "14").set("Maand", "1").set("Jaar", "2017").press("Inloggen").is(http.StatusUnprocessableEntity).wants("Dit klopt niet met wat school heeft")
	c.get(link).form("Inloggen").set("Dag", "3").set("Maand", "1").set("Jaar", "2017").press("Inloggen").is(http.StatusOK).wants("Kies uw tijden", "Sanne")
}

func TestAPersonalLinkThatIsNotGoodShowsOnePage(t *testing.T) {
	t.Parallel()
	w := primary(t)
	good := w.personalLink("Sanne")
	w.write(func(tx *store.Tx) error {
		_, err := store.Delete[models.Contact](tx, store.Eq("household_id", w.homeOf("Sanne")))
		return err
	})
	var pages []string
	for _, link := range []string{good, good + "x", "/de-linde/l/AAAAAAAAAAAAAAAAAAAAAA"} {
		c := w.client()
		c.get(link).is(http.StatusForbidden).wants("Deze link werkt niet meer", "met een code", "gezinscode")
		pages = append(pages, c.body)
	}
	if pages[0] != pages[1] || pages[0] != pages[2] {
		t.Error("the page tells one reason from another")
	}
}

func TestAPersonalLinkAfterTooManyWrongAnswersLeadsToACode(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	link := w.personalLink("Sanne")
	for _, day := range []string{"11", "12", "13", "14", "15"} {
		c.get(link).form("Inloggen").set("Dag", day).set("Maand", "1").set("Jaar", "2017").press("Inloggen")
	}
	c.get(link).is(http.StatusOK).wants("te vaak iets verkeerds").lacks("Jaar")
	c.form("Stuur mij een code").press("Stuur mij een code").is(http.StatusOK).wants("is er een bericht onderweg")
	c.form("Verder").set("Code", w.lastCode()).press("Verder").is(http.StatusOK).wants("Kies uw tijden", "Sanne")
}
