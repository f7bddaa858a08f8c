package parent_test

import (
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"
)

// tick ticks a box by a part of its label.
func tick(label string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](`(() => {
		const label = [...document.querySelectorAll("label")].find(l => l.textContent.includes("` + label + `") && document.getElementById(l.htmlFor).type === "checkbox");
		document.getElementById(label.htmlFor).checked = true;
	})()`)
}

func TestAFamilyTakesAProposalOnAPhone(t *testing.T) {
	t.Parallel()
	w := secondary(t)
	server := httptest.NewServer(w.echo)
	t.Cleanup(server.Close)
	ctx := browser(t)
	home := server.URL + "/de-linde"
	run(t, ctx, open(home+"?lang=nl"), write("name", "Sanne de Vries"), write("birth_day", "3"), write("birth_month", "1"), write("birth_year", "2017"), write("postcode", "1234 ab"))
	press(t, ctx, "button", "Inloggen", "Kies uw tijden")
	shot(t, ctx, "plan-1-tick")
	run(t, ctx, tick("vakdocent (mevrouw Jansen)"), tick("vakdocent (de heer Bakker)"))
	press(t, ctx, "button", "Doe een voorstel", "Voorstel voor uw gesprekken")
	shot(t, ctx, "plan-2-proposals")
	press(t, ctx, "button", "Neem voorstel 2", "Bekijk en boek")
	shot(t, ctx, "plan-3-confirm")
	for _, clock := range []string{"18:30", "18:40", "18:50", "19:00", "19:10", "19:20", "19:30", "19:40", "19:50", "20:00", "20:10", "20:20", "20:30", "20:40", "20:50", "21:00", "21:10"} {
		w.bookElsewhere("Noor", "Gesprek met de vakdocent", "mevrouw Jansen", clock)
	}
	press(t, ctx, "button", "Boek deze", "Bijna klaar")
	shot(t, ctx, "plan-4-conflict")
	press(t, ctx, "button", "Boek dit voorstel", "Mijn afspraken")
	shot(t, ctx, "plan-5-appointments")
	run(t, ctx, screen(320, 568), open(home+"/choose?lang=en"))
	shot(t, ctx, "plan-320-choose")
	press(t, ctx, "button", "Make a proposal", "Proposal for your talks")
	shot(t, ctx, "plan-320-nothing")
}
