package parent_test

import (
	"net/http"
	"testing"
)

func TestAFamilyBooksForAllItsChildrenInOneAct(t *testing.T) {
	t.Parallel()
	w := primary(t)
	c := w.client()
	c.logIn().is(http.StatusOK).wants("Kies uw tijden", "Sanne", "Tim", "Rapportgesprek", "Verplicht gesprek", "Als u dat wilt", "Tim komt mee")
	c.form("Verder naar boeken").
		pick("Sanne: Rapportgesprek", "", "Meester Bob", "19:00").
		pick("Tim: Rapportgesprek", "met Juf Carla", "", "19:20").
		press("Verder naar boeken").is(http.StatusOK)
	c.wants("Bekijk en boek", "Uw 2 gesprekken", "dinsdag 24 november 2026", "19:00–19:10", "Meester Bob", "19:20–19:30")
	c.form("Boek deze").set("E-mailadres", "ouder@post.example").press("Boek deze").is(http.StatusOK)
	c.wants("Gelukt! Uw gesprekken staan vast.", "De bevestiging gaat zo naar wat u heeft ingevuld", "19:00–19:10", "19:20–19:30", "Verzetten", "Afzeggen")
}
