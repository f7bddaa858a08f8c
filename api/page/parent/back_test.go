package parent_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBackInTheBrowserAfterBooking goes back as people do, by the browser's own button: the page that it then asks for says what is booked.
func TestBackInTheBrowserAfterBooking(t *testing.T) {
	t.Parallel()
	w := secondary(t)
	server := httptest.NewServer(w.echo)
	t.Cleanup(server.Close)
	// What comes out of the browser's memory is the form as it was, and sending it again is tested without a browser: here the browser asks anew.
	ctx := browser(t, chromedp.Flag("disable-features", "site-per-process,Translate,BlinkGenPropertyTrees,BackForwardCache"))
	run(t, ctx, open(server.URL+"/de-linde?lang=nl"), write("name", "Sanne de Vries"), write("birth_day", "3"), write("birth_month", "1"), write("birth_year", "2017"), write("postcode", "1234 ab"))
	press(t, ctx, "button", "Inloggen", "Kies uw tijden")
	run(t, ctx, choose("mevrouw Jansen", "4"))
	press(t, ctx, "button", "Verder", "Bekijk en boek")
	run(t, ctx, write("email", "ouder@post.example"))
	press(t, ctx, "button", "Boek dit", "Mijn afspraken")
	queued := w.queued()
	run(t, ctx, chromedp.NavigateBack(), chromedp.Evaluate[chromedp.Void](`window.old = false`))
	shot(t, ctx, "back")
	heading, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("main h1").textContent`))
	if err != nil {
		t.Fatal(err)
	}
	if heading != "Mijn afspraken" {
		t.Errorf("the browser shows %q", heading)
	}
	said, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("main").textContent`))
	if err != nil {
		t.Fatal(err)
	}
	if w.booked() != 1 || w.queued() != queued {
		t.Errorf("%d appointments, %d confirmations", w.booked(), w.queued()-queued)
	}
	for _, wrong := range []string{"bezet", "Het hoogste aantal", "nog één ding nodig"} {
		if strings.Contains(said, wrong) {
			t.Errorf("the page says %q", wrong)
		}
	}
	if !strings.Contains(said, "U heeft dit geboekt") {
		t.Errorf("the page does not say that it is booked: %s", said)
	}
}
