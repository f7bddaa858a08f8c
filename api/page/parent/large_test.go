package parent_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// broken finds words that are cut in the middle though the screen has room for them: on two lines because something else takes the room. Longer words are
// hyphenated by browsers that know how.
const broken = `(() => {
	const found = [];
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let node; node = walk.nextNode();) {
		if (node.parentElement.closest(".hide, select, [hidden], .skip")) continue;
		for (const word of node.data.matchAll(/[\p{L}\p{N}]+/gu)) {
			const range = document.createRange();
			range.setStart(node, word.index);
			range.setEnd(node, word.index + word[0].length);
			const lines = new Set([...range.getClientRects()].filter(r => r.width > 0).map(r => Math.round(r.top)));
			if (lines.size < 2) continue;
			const style = getComputedStyle(node.parentElement), canvas = document.createElement("canvas").getContext("2d");
			canvas.font = style.fontWeight + " " + style.fontSize + " " + style.fontFamily;
			if (canvas.measureText(word[0]).width < document.documentElement.clientWidth - 2 * parseFloat(style.fontSize)) found.push(word[0]);
		}
	}
	return found.join(" ");
})()`

// TestLargeTextOnASmallScreen looks at every page as somebody sees it who has set the text to twice its size, on a telephone of 390 points and on the smallest there is.
func TestLargeTextOnASmallScreen(t *testing.T) {
	t.Parallel()
	for _, width := range []int64{390, 320} {
		t.Run(map[int64]string{390: "390 points", 320: "320 points"}[width], func(t *testing.T) {
			t.Parallel()
			w := secondary(t)
			server := httptest.NewServer(w.echo)
			t.Cleanup(server.Close)
			ctx := browser(t, chromedp.Flag("blink-settings", "defaultFontSize=32"))
			look := func(name string) {
				t.Helper()
				shot(t, ctx, name)
				words, err := chromedp.Run(ctx, chromedp.Evaluate[string](broken))
				if err != nil {
					t.Fatal(err)
				}
				if words != "" {
					t.Errorf("%s: words are cut: %s", name, words)
				}
			}
			home := server.URL + "/de-linde"
			run(t, ctx, screen(width, 700), open(home+"?lang=nl"))
			look("large-log-in")
			press(t, ctx, "button", "Inloggen", "Inloggen")
			look("large-missing")
			run(t, ctx, write("name", "Sanne de Vries"), write("birth_day", "3"), write("birth_month", "1"), write("birth_year", "2017"), write("postcode", "1234 ab"))
			press(t, ctx, "button", "Inloggen", "Kies uw tijden")
			look("large-choose")
			press(t, ctx, "button", "Doe een voorstel", "Voorstel voor")
			look("large-plan")
			press(t, ctx, "button", "Neem voorstel 1", "Bekijk en boek")
			look("large-confirm")
			press(t, ctx, "button", "Boek deze", "Mijn afspraken")
			look("large-appointments")
			press(t, ctx, "a", "Verzetten", "Gesprek verzetten")
			look("large-move")
			press(t, ctx, "a", "Liever afzeggen", "afzeggen?")
			look("large-cancel")
			for _, page := range []string{"/code", "/address", "/nergens", "/choose?lang=en"} {
				run(t, ctx, open(home+page))
				look("large" + strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(page))
			}
		})
	}
}
