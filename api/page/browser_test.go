package page_test

import (
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdp "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// browser opens Chromium as a phone of 390 by 844 points. At home a missing browser skips the test; in CI it is a failure.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("there is no chromium")
		}
		t.Skip("there is no chromium")
	}
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU)
	for _, flag := range []string{"disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"} {
		flags = append(flags, chromedp.Flag(flag, true))
	}
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), flags...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	if err := chromedp.Run(ctx, emulation.SetDeviceMetricsOverride(390, 844, 2, true)); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// shot keeps a picture of the whole page where OUDERAVOND_SCREENSHOTS says, and checks that nothing sticks out at the side.
func shot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	var wide bool
	if err := chromedp.Run(ctx, chromedp.Evaluate(`document.documentElement.scrollWidth > document.documentElement.clientWidth`, &wide)); err != nil {
		t.Fatal(err)
	}
	if wide {
		t.Errorf("%s: the page is wider than the screen", name)
	}
	folder := os.Getenv("OUDERAVOND_SCREENSHOTS")
	if folder == "" {
		return
	}
	var picture []byte
	full := chromedp.ActionFunc(func(ctx context.Context) (err error) {
		_, _, _, _, _, size, err := cdp.GetLayoutMetrics().Do(ctx)
		if err != nil {
			return err
		}
		picture, err = cdp.CaptureScreenshot().WithCaptureBeyondViewport(true).WithClip(&cdp.Viewport{Width: size.Width, Height: size.Height, Scale: 1}).Do(ctx)
		return err
	})
	if err := chromedp.Run(ctx, full); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, ctx context.Context, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// press presses a button and waits for the page that comes.
func press(button, heading string) chromedp.Action {
	return chromedp.Tasks{
		chromedp.Click(`//button[contains(., "`+button+`")]`, chromedp.BySearch),
		chromedp.WaitVisible(`//h1[contains(., "`+heading+`")]`, chromedp.BySearch),
	}
}

// choose chooses the n-th time of the list whose label has a text.
func choose(label string, index string) chromedp.Action {
	return chromedp.Evaluate(`(() => {
		const label = [...document.querySelectorAll("label")].find(l => l.textContent.includes("`+label+`"));
		document.getElementById(label.htmlFor).selectedIndex = `+index+`;
	})()`, nil)
}

func TestAFamilyBooksOnAPhone(t *testing.T) {
	t.Parallel()
	w := secondary(t)
	server := httptest.NewServer(w.echo)
	t.Cleanup(server.Close)
	ctx := browser(t)
	run(t, ctx, chromedp.Navigate(server.URL+"/de-linde"), chromedp.WaitVisible(`#name`))
	shot(t, ctx, "1-log-in")
	run(t, ctx, chromedp.SendKeys(`#name`, "Sanne Vries"), press("Inloggen", "Inloggen"))
	shot(t, ctx, "1-log-in-missing")
	run(t, ctx, chromedp.SendKeys(`#birth_day`, "3"), chromedp.SendKeys(`#birth_month`, "1"), chromedp.SendKeys(`#birth_year`, "2017"), chromedp.SendKeys(`#postcode`, "1234 ab"),
		press("Inloggen", "Inloggen"))
	shot(t, ctx, "1-log-in-failed")
	run(t, ctx, chromedp.SetValue(`#name`, "Sanne de Vries"), press("Inloggen", "Kies uw tijden"))
	shot(t, ctx, "2-choose")
	run(t, ctx, choose("mevrouw Jansen", "1"), choose("de heer Bakker", "3"), choose("Met wie", "2"), press("Verder", "Bekijk en boek"))
	shot(t, ctx, "3-confirm")
	run(t, ctx, chromedp.SendKeys(`#email`, "ouder@post"), press("Boek deze", "Bekijk en boek"))
	shot(t, ctx, "3-confirm-wrong-address")
	w.bookElsewhere("Noor", "Gesprek met de vakdocent", "mevrouw Jansen", "19:00")
	run(t, ctx, chromedp.SetValue(`#email`, "ouder@post.example"), press("Boek deze", "Bijna klaar"))
	shot(t, ctx, "3-conflict")
	run(t, ctx, press("Boek nu", "Mijn afspraken"))
	shot(t, ctx, "4-appointments")
	run(t, ctx, chromedp.Click(`//a[contains(., "Verzetten")]`, chromedp.BySearch), chromedp.WaitVisible(`#to`))
	shot(t, ctx, "5-move")
	run(t, ctx, chromedp.Click(`//a[contains(., "Liever afzeggen")]`, chromedp.BySearch), chromedp.WaitVisible(`button.danger`))
	shot(t, ctx, "6-cancel")
	run(t, ctx, press("Ja, zeg", "Mijn afspraken"), chromedp.Navigate(server.URL+"/de-linde/choose?lang=en"), chromedp.WaitVisible(`h1`))
	shot(t, ctx, "7-choose-english")
	run(t, ctx, chromedp.Navigate(server.URL+"/de-linde/code"), chromedp.WaitVisible(`h1`))
	shot(t, ctx, "8-code")
	run(t, ctx, chromedp.Navigate(server.URL+"/nergens"), chromedp.WaitVisible(`h1`))
	shot(t, ctx, "9-not-found")
	run(t, ctx, emulation.SetDeviceMetricsOverride(320, 568, 2, true), chromedp.Navigate(server.URL+"/de-linde/choose?lang=nl"), chromedp.WaitVisible(`h1`))
	shot(t, ctx, "320-choose")
	run(t, ctx, chromedp.Navigate(server.URL+"/de-linde/appointments"), chromedp.WaitVisible(`h1`))
	shot(t, ctx, "320-appointments")
	run(t, ctx, emulation.SetDeviceMetricsOverride(1280, 800, 1, false), chromedp.Navigate(server.URL+"/de-linde/choose"), chromedp.WaitVisible(`h1`))
	shot(t, ctx, "1280-choose")
}
