package parent_test

import (
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/ouderavond/ouderavond/api/page/pagetest"
	"github.com/ouderavond/ouderavond/booking/conference"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// browser opens Chromium as a phone of 390 by 844 points. At home a missing browser skips the test; in CI it is a failure.
func browser(t *testing.T, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("there is no chromium")
		}
		t.Skip("there is no chromium")
	}
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun)
	for _, flag := range []string{"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync"} {
		flags = append(flags, chromedp.Flag(flag, true))
	}
	flags = append(flags, more...)
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), flags...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	run(t, ctx, screen(390, 844))
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func run(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		if picture, failed := chromedp.Run(ctx, chromedp.FullScreenshot(100)); failed == nil && os.Getenv("OUDERAVOND_SCREENSHOTS") != "" {
			_ = os.WriteFile(filepath.Join(os.Getenv("OUDERAVOND_SCREENSHOTS"), "stuck.png"), picture, 0o600)
		}
		t.Fatal(err)
	}
}

// screen is a telephone's screen where it is narrow, a computer's where it is wide.
func screen(width, height int64) chromedp.Action[chromedp.Void] {
	if width > 800 {
		return chromedp.EmulateViewport(width, height)
	}
	return chromedp.EmulateViewport(width, height, chromedp.EmulatePortrait, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2))
}

// open shows an address and waits for its heading.
func open(address string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(chromedp.Navigate(address), chromedp.WaitVisible(chromedp.CSS(`h1`)))
}

// write types into an emptied field. It does not ask chromedp to send keys to the field: that looks at the field's attributes while the browser tells of one that
// has changed, which is a race of the library's own.
func write(id, text string) chromedp.Action[chromedp.Void] {
	field := chromedp.CSS("#" + id)
	return chromedp.Steps(chromedp.WaitVisible(field), chromedp.Clear(field), chromedp.Focus(field), chromedp.KeyEvent(text))
}

// withText finds the first element of a name, in the content of the page, that has a text. On a page that was marked as the old one it finds nothing.
func withText(element, label string) chromedp.JSPath {
	return chromedp.JSPath(`window.old ? null : [...document.querySelectorAll("main ` + element + `")].find(e => e.textContent.includes("` + label + `"))`)
}

// press presses a button or follows a link, and waits for the page that comes.
func press(t *testing.T, ctx context.Context, element, label, heading string) {
	t.Helper()
	run(t, ctx, chromedp.WaitVisible(withText(element, label)), chromedp.Evaluate[chromedp.Void](
		`(() => { const found = [...document.querySelectorAll("main `+element+`")].find(e => e.textContent.includes("`+label+`")); window.old = true; found.click() })()`))
	run(t, ctx, chromedp.WaitVisible(withText("h1", heading)))
}

// choose chooses a time by its place in the list whose label has a text.
func choose(label, place string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](`(() => {
		const label = [...document.querySelectorAll("label")].find(l => l.textContent.includes("` + label + `") && document.getElementById(l.htmlFor).tagName === "SELECT");
		document.getElementById(label.htmlFor).selectedIndex = ` + place + `;
	})()`)
}

// shot keeps a picture of the whole page where OUDERAVOND_SCREENSHOTS says, and checks that nothing sticks out at the side and that axe-core finds nothing.
func shot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	wide, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > document.documentElement.clientWidth`))
	if err != nil {
		t.Fatal(err)
	}
	if wide {
		t.Errorf("%s: the page is wider than the screen", name)
	}
	pagetest.Axe(t, ctx, name)
	folder := os.Getenv("OUDERAVOND_SCREENSHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAFamilyBooksOnAPhone(t *testing.T) {
	t.Parallel()
	w := secondary(t)
	server := httptest.NewServer(w.echo)
	t.Cleanup(server.Close)
	ctx := browser(t)
	home := server.URL + "/de-linde"
	run(t, ctx, open(home+"?lang=nl"))
	shot(t, ctx, "1-log-in")
	run(t, ctx, write("name", "Sanne Vries"))
	press(t, ctx, "button", "Inloggen", "Inloggen")
	shot(t, ctx, "1-log-in-missing")
	run(t, ctx, write("birth_day", "3"), write("birth_month", "1"), write("birth_year", "2017"), write("postcode", "1234 ac"))
	press(t, ctx, "button", "Inloggen", "Inloggen")
	shot(t, ctx, "1-log-in-failed")
	run(t, ctx, write("name", "Sanne de Vries"), write("postcode", "1234 ab"))
	press(t, ctx, "button", "Inloggen", "Kies uw tijden")
	shot(t, ctx, "2-choose")
	run(t, ctx, choose("mevrouw Jansen", "4"), choose("de heer Bakker", "7"), choose("Met wie", "2"))
	press(t, ctx, "button", "Verder", "Bekijk en boek")
	shot(t, ctx, "3-confirm")
	run(t, ctx, write("email", "ouder@post"))
	press(t, ctx, "button", "Boek deze", "Bekijk en boek")
	shot(t, ctx, "3-confirm-wrong-address")
	w.bookElsewhere("Noor", "Gesprek met de vakdocent", "mevrouw Jansen", "19:00")
	run(t, ctx, write("email", "ouder@post.example"))
	press(t, ctx, "button", "Boek deze", "Bijna klaar")
	shot(t, ctx, "3-conflict")
	press(t, ctx, "button", "Boek nu", "Mijn afspraken")
	shot(t, ctx, "4-appointments")
	press(t, ctx, "a", "Verzetten", "Gesprek verzetten")
	shot(t, ctx, "5-move")
	press(t, ctx, "a", "Liever afzeggen", "afzeggen?")
	shot(t, ctx, "6-cancel")
	press(t, ctx, "button", "Ja, zeg", "Mijn afspraken")
	run(t, ctx, open(home+"/choose?lang=en"))
	shot(t, ctx, "7-choose-english")
	run(t, ctx, open(home+"/code"))
	shot(t, ctx, "8-code")
	run(t, ctx, open(server.URL+"/nergens"))
	shot(t, ctx, "9-not-found")
	run(t, ctx, screen(320, 568), open(home+"/choose?lang=nl"))
	shot(t, ctx, "320-choose")
	run(t, ctx, open(home+"/appointments"))
	shot(t, ctx, "320-appointments")
	run(t, ctx, screen(1280, 800), open(home+"/choose"))
	shot(t, ctx, "1280-choose")
}

func TestTheDemonstrationOnAPhone(t *testing.T) {
	t.Parallel()
	w := demonstration(t)
	server := httptest.NewServer(w.echo)
	t.Cleanup(server.Close)
	ctx := browser(t)
	run(t, ctx, open(server.URL+"/?lang=nl"))
	shot(t, ctx, "demo-start")
	run(t, ctx, open(server.URL+"/mailbox"))
	shot(t, ctx, "demo-mailbox")
	press(t, ctx, "a", "Uw gesprek", "Uw gesprek")
	shot(t, ctx, "demo-mail")
	run(t, ctx, open(server.URL+"/de-linde/m/abc"))
	shot(t, ctx, "manage-link")
	opens := storetest.Start().Add(3 * time.Hour)
	_, err := w.booking.Conferences.Update(t.Context(), w.actor(), w.round, conference.Patch{OpensAt: &opens})
	w.must(err)
	run(t, ctx, open(server.URL+"/de-linde"), write("name", "Sanne de Vries"), write("birth_day", "3"), write("birth_month", "1"), write("birth_year", "2017"), write("postcode", "1234ab"))
	press(t, ctx, "button", "Inloggen", "Kies uw tijden")
	shot(t, ctx, "before-opening")
}

// TestTheKeyOfTheKeyboardBooks presses what a telephone's keyboard calls Go, in the last field that a parent fills in.
func TestTheKeyOfTheKeyboardBooks(t *testing.T) {
	t.Parallel()
	w := secondary(t)
	server := httptest.NewServer(w.echo)
	t.Cleanup(server.Close)
	ctx := browser(t)
	run(t, ctx, open(server.URL+"/de-linde?lang=nl"), write("name", "Sanne de Vries"), write("birth_day", "3"), write("birth_month", "1"), write("birth_year", "2017"), write("postcode", "1234 ab"))
	run(t, ctx, chromedp.KeyEvent("\r"), chromedp.WaitVisible(withText("h1", "Kies uw tijden")))
	run(t, ctx, choose("mevrouw Jansen", "4"))
	press(t, ctx, "button", "Verder", "Bekijk en boek")
	confirm, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil {
		t.Fatal(err)
	}
	run(t, ctx, write("email", "ouder@post.example"), chromedp.KeyEvent("\r"), chromedp.WaitVisible(withText("h1", "Mijn afspraken")))
	if w.booked() != 1 {
		t.Errorf("%d appointments", w.booked())
	}
	shot(t, ctx, "key-booked")
	run(t, ctx, open(confirm), chromedp.WaitVisible(withText("p", "U heeft dit geboekt")))
	shot(t, ctx, "back-after-booking")
	if w.booked() != 1 {
		t.Errorf("%d appointments", w.booked())
	}
}
