package parent_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// sentenceID is what a sentence that is missing leaves on a page.
var sentenceID = regexp.MustCompile(`\b(layout|login|code|link|choose|plan|full|missing|confirm|conflict|reason|appointments|address|refuse|move|cancel|fault|failure|start|mailbox)\.[a-z_0-9]+\b`)

// checkPage checks what must hold of every page that any test sees: that it can be used with a keyboard, a screen reader and no JavaScript, that it loads
// nothing from elsewhere, and that it says nothing unfinished.
func (c *client) checkPage() {
	c.t.Helper()
	for _, check := range []func(){c.checkSkeleton, c.checkNames, c.checkFields, c.checkForms, c.checkKeys, c.checkHeadings, c.checkNothingForeign, c.checkHeaders} {
		check()
	}
	if found := sentenceID.FindString(text(c.nodes("body")[0])); found != "" {
		c.t.Errorf("%s: the sentence %q is missing", c.path, found)
	}
	for _, fault := range []string{"ZgotmplZ", "<no value>", "%!", "<nil>"} {
		if strings.Contains(c.body, fault) {
			c.t.Errorf("%s: the page shows %q", c.path, fault)
		}
	}
}

func (c *client) checkSkeleton() {
	c.t.Helper()
	root := c.nodes("html")[0]
	if lang := attribute(root, "lang"); lang != "nl" && lang != "en" {
		c.t.Errorf("%s: language %q", c.path, lang)
	}
	for _, name := range []string{"h1", "main", "title", "header", "footer"} {
		if found := c.nodes(name); len(found) != 1 || name != "header" && text(found[0]) == "" {
			c.t.Errorf("%s: %d of %s, or an empty one", c.path, len(found), name)
		}
	}
	first := c.nodes("a")[0]
	if attribute(first, "href") != "#main" {
		c.t.Errorf("%s: the first link does not skip to the content", c.path)
	}
}

// checkNames checks that ids are there once, and that whatever is referred to is there.
func (c *client) checkNames() {
	c.t.Helper()
	ids := map[string]bool{}
	for node := range c.root.Descendants() {
		if id := attribute(node, "id"); id != "" {
			if ids[id] {
				c.t.Errorf("%s: the id %q is there twice", c.path, id)
			}
			ids[id] = true
		}
	}
	for node := range c.root.Descendants() {
		for _, name := range []string{"for", "aria-describedby", "aria-labelledby"} {
			for _, id := range strings.Fields(attribute(node, name)) {
				if !ids[id] {
					c.t.Errorf("%s: %s names %q, which is not there", c.path, name, id)
				}
			}
		}
		if target, ok := strings.CutPrefix(attribute(node, "href"), "#"); ok && node.Data == "a" && !ids[target] {
			c.t.Errorf("%s: a link leads to %q, which is not there", c.path, target)
		}
	}
}

// checkFields checks that every field has a label, and everything that can be pressed a name.
func (c *client) checkFields() {
	c.t.Helper()
	labels := map[string]bool{}
	for _, label := range c.nodes("label") {
		if text(label) != "" {
			labels[attribute(label, "for")] = true
		}
	}
	for node := range c.root.Descendants() {
		switch node.Data {
		case "input", "select", "textarea":
			if node.Type == html.ElementNode && attribute(node, "type") != "hidden" && !labels[attribute(node, "id")] {
				c.t.Errorf("%s: the field %q has no label", c.path, attribute(node, "name"))
			}
			if has(node, "aria-invalid") && attribute(node, "type") != "" && attribute(node, "aria-describedby") == "" {
				c.t.Errorf("%s: what is wrong with %q is not said with it", c.path, attribute(node, "name"))
			}
		case "a", "button":
			if node.Type == html.ElementNode && text(node) == "" {
				c.t.Errorf("%s: a link or button without a name", c.path)
			}
		case "fieldset":
			first := node.FirstChild
			for first != nil && first.Type != html.ElementNode {
				first = first.NextSibling
			}
			if first == nil || first.Data != "legend" || text(first) == "" {
				c.t.Errorf("%s: a fieldset without a legend", c.path)
			}
		}
	}
}

// checkForms checks that no form has a field twice: the pages refuse such a form.
func (c *client) checkForms() {
	c.t.Helper()
	for _, form := range c.nodes("form") {
		if attribute(form, "method") != "post" {
			c.t.Errorf("%s: a form that is no POST", c.path)
		}
		seen := map[string]string{}
		for node := range form.Descendants() {
			name := attribute(node, "name")
			if node.Data != "input" && node.Data != "select" || name == "" {
				continue
			}
			if kind, again := seen[name]; again && (kind != "radio" || attribute(node, "type") != "radio") {
				c.t.Errorf("%s: the field %q is there twice", c.path, name)
			}
			seen[name] = attribute(node, "type")
		}
	}
}

// checkKeys checks that the key that sends a form (Enter; Go on a telephone) does what the form is for, and that whoever fills something in can choose another
// language without losing it. A browser presses the first button of a form, in the order of the page, wherever it stands.
func (c *client) checkKeys() {
	c.t.Helper()
	first := map[string]*html.Node{}
	for _, button := range c.nodes("button") {
		form := attribute(button, "form")
		for node := range button.Ancestors() {
			if node.Data == "form" {
				form = attribute(node, "id")
			}
		}
		if first[form] == nil {
			first[form] = button
		}
	}
	for node := range c.root.Descendants() {
		typed := node.Data == "input" && attribute(node, "type") != "hidden" || node.Data == "select"
		if node.Type != html.ElementNode || !typed {
			continue
		}
		form := ""
		for above := range node.Ancestors() {
			if above.Data == "form" {
				form = attribute(above, "id")
			}
		}
		switch button := first[form]; {
		case form != "filled":
			c.t.Errorf("%s: the field %q gets lost with another language", c.path, attribute(node, "name"))
		case button == nil || has(button, "formaction") || has(button, "name"):
			c.t.Errorf("%s: the key in %q presses something else than the form is for", c.path, attribute(node, "name"))
		}
	}
}

func (c *client) checkHeadings() {
	c.t.Helper()
	before := 0
	for node := range c.root.Descendants() {
		level := slices.Index([]string{"h1", "h2", "h3", "h4"}, node.Data) + 1
		if node.Type != html.ElementNode || level == 0 {
			continue
		}
		if level > before+1 {
			c.t.Errorf("%s: the heading %q skips a level", c.path, text(node))
		}
		before = level
	}
}

func (c *client) checkNothingForeign() {
	c.t.Helper()
	for node := range c.root.Descendants() {
		if node.Type == html.ElementNode && slices.Contains([]string{"script", "style", "object", "embed", "base"}, node.Data) {
			c.t.Errorf("%s: an element %s", c.path, node.Data)
		}
		for _, one := range node.Attr {
			local := strings.HasPrefix(one.Val, "/") && !strings.HasPrefix(one.Val, "//") || strings.HasPrefix(one.Val, "#")
			switch {
			case strings.HasPrefix(one.Key, "on") || one.Key == "style":
				c.t.Errorf("%s: an attribute %s", c.path, one.Key)
			case (one.Key == "src" || one.Key == "action" || one.Key == "formaction") && !local && one.Val != "":
				c.t.Errorf("%s: %s leads to %q", c.path, one.Key, one.Val)
			case one.Key == "href" && !local && !strings.HasPrefix(one.Val, "mailto:") && !strings.HasPrefix(one.Val, "tel:") && !strings.HasPrefix(c.path, "/mailbox"):
				c.t.Errorf("%s: a link to %q", c.path, one.Val)
			}
		}
	}
}

func (c *client) checkHeaders() {
	c.t.Helper()
	wanted := map[string]string{
		"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
		"Referrer-Policy":         "no-referrer", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store",
		"X-Frame-Options": "DENY",
	}
	for name, value := range wanted {
		if got := c.head.Get(name); got != value && !strings.HasPrefix(c.path, "/mailbox/") {
			c.t.Errorf("%s: the header %s is %q", c.path, name, got)
		}
	}
}

// most is how many bytes a parent's whole visit may take, uncompressed.
const most = 50_000

func TestAWholeVisitIsSmall(t *testing.T) {
	t.Parallel()
	w := secondary(t)
	c := w.client()
	c.logIn()
	style, icon := attribute(c.nodes("link")[0], "href"), attribute(c.nodes("link")[1], "href")
	c.form("Verder").pick("Sanne: Gesprek met de vakdocent", "met mevrouw Jansen", "", "19:00").pick("Tim: Gesprek met de mentor", "", "mevrouw Bos", "19:30").press("Verder")
	c.form("Boek deze").set("E-mailadres", "ouder@post.example").press("Boek deze").wants("Gelukt!")
	for _, path := range []string{style, icon} {
		c.once(http.MethodGet, path, nil)
		c.is(http.StatusOK)
		if !strings.Contains(c.head.Get("Cache-Control"), "immutable") {
			t.Errorf("%s is not kept by the browser", path)
		}
	}
	t.Logf("the whole visit: %d bytes", c.bytes)
	if c.bytes > most {
		t.Errorf("the whole visit takes %d bytes", c.bytes)
	}
}
