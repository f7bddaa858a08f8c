package pagetest

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed" // axe-core
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// packed is axe-core 4.14.1 as npm has it, compressed.
//
//go:embed axe.min.js.gz
var packed []byte

var axe = sync.OnceValues(func() (string, error) {
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return "", err
	}
	content, err := io.ReadAll(reader)
	return string(content), err
})

// asked runs every rule of WCAG 2.2 A and AA and the best practices, and leaves what was found in a data attribute of the root.
const asked = `;axe.run().then(r => document.documentElement.dataset.axe = r.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 200)).join(" | ")).join("\n")); void 0`

// Axe lets axe-core look at the page that is shown, with every rule that it has.
func Axe(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	script, err := axe()
	if err != nil {
		t.Fatal(err)
	}
	Run(t, ctx, chromedp.Evaluate[chromedp.Void](`delete document.documentElement.dataset.axe; void 0`), chromedp.Evaluate[chromedp.Void](script+asked), chromedp.WaitReady(chromedp.CSS(`html[data-axe]`)))
	found, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.documentElement.dataset.axe`))
	if err != nil {
		t.Fatal(err)
	}
	if found = strings.TrimSpace(found); found != "" {
		t.Errorf("%s: axe: %s", name, found)
	}
}
