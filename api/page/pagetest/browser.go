package pagetest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Browser opens Chromium for a test, in the light scheme or the dark one, for at most two minutes. At home a missing browser skips the test; in CI it is a failure.
func Browser(t *testing.T, dark bool, more ...chromedp.ExecAllocatorOption) context.Context {
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
	if dark {
		flags = append(flags, chromedp.Flag("blink-settings", "preferredColorScheme=0"))
	}
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), append(flags, more...)...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	Run(t, ctx, Screen(390, 844))
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// Run does steps, and fails the test if one of them fails.
func Run(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// Screen is a telephone's screen where it is narrow, a computer's where it is wide; both in points.
func Screen(width, height int64) chromedp.Action[chromedp.Void] {
	if width > 800 {
		return chromedp.EmulateViewport(width, height)
	}
	return chromedp.EmulateViewport(width, height, chromedp.EmulatePortrait, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulateScale(2))
}

// Open shows an address and waits for its heading.
func Open(address string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(chromedp.Navigate(address), chromedp.WaitVisible(chromedp.CSS(`h1`)))
}

// Look checks the page that is shown as a person sees it: nothing sticks out at the side, and axe-core finds nothing. It keeps a picture of the whole page where
// OUDERAVOND_SCREENSHOTS says.
func Look(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	wide, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > document.documentElement.clientWidth`))
	if err != nil {
		t.Fatal(err)
	}
	if wide {
		t.Errorf("%s: the page is wider than the screen", name)
	}
	Axe(t, ctx, name)
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
