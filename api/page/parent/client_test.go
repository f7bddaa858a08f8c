package parent_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// client is a browser without JavaScript: it keeps cookies, follows redirects, and fills in and sends the forms of the page that it shows.
type client struct {
	t       *testing.T
	handler http.Handler
	cookies map[string]string
	header  http.Header
	address string // where it comes from, with a port; the recorder's own if empty
	// what it shows now
	status int
	path   string
	head   http.Header
	body   string
	root   *html.Node
	bytes  int
}

func (w *world) client() *client {
	return &client{t: w.t, handler: w.echo, cookies: map[string]string{}, header: http.Header{"Accept-Language": {"nl"}, "Accept": {"text/html,*/*"}}}
}

// send sends one request and follows redirects.
func (c *client) send(method, target string, fields url.Values) *client {
	c.t.Helper()
	for range 5 {
		c.once(method, target, fields)
		if c.status != http.StatusSeeOther {
			return c
		}
		next, err := url.Parse(c.head.Get("Location"))
		if err != nil || next.Host != "" || !strings.HasPrefix(next.Path, "/") || strings.HasPrefix(next.Path, "//") {
			c.t.Fatalf("redirect to %q", c.head.Get("Location"))
		}
		method, target, fields = http.MethodGet, next.String(), nil
	}
	c.t.Fatalf("redirects without end at %s", target)
	return c
}

// once sends one request and follows nothing.
func (c *client) once(method, target string, fields url.Values) {
	c.t.Helper()
	request := httptest.NewRequest(method, target, strings.NewReader(fields.Encode()))
	maps.Copy(request.Header, c.header)
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	c.raw(request)
}

func (c *client) raw(request *http.Request) {
	c.t.Helper()
	if c.address != "" {
		request.RemoteAddr = c.address
	}
	for name, value := range c.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	recorder := httptest.NewRecorder()
	c.handler.ServeHTTP(recorder, request)
	answer := recorder.Result()
	for _, cookie := range answer.Cookies() {
		if cookie.MaxAge < 0 {
			delete(c.cookies, cookie.Name)
		} else {
			c.cookies[cookie.Name] = cookie.Value
		}
	}
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	c.status, c.head, c.body, c.path = answer.StatusCode, answer.Header, string(content), request.URL.RequestURI()
	c.bytes += len(content)
	if c.root, err = html.Parse(strings.NewReader(c.body)); err != nil {
		c.t.Fatal(err)
	}
	if strings.HasPrefix(c.head.Get("Content-Type"), "text/html") && !strings.HasSuffix(request.URL.Path, "/html") {
		c.checkPage()
	}
}

func (c *client) get(target string) *client { c.t.Helper(); return c.send(http.MethodGet, target, nil) }

// nodes gives all elements of a name.
func (c *client) nodes(name string) []*html.Node {
	var found []*html.Node
	for node := range c.root.Descendants() {
		if node.Type == html.ElementNode && node.Data == name {
			found = append(found, node)
		}
	}
	return found
}

func attribute(node *html.Node, name string) string {
	for _, one := range node.Attr {
		if one.Key == name {
			return one.Val
		}
	}
	return ""
}

func has(node *html.Node, name string) bool {
	return slices.ContainsFunc(node.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func text(node *html.Node) string {
	var all strings.Builder
	for child := range node.Descendants() {
		if child.Type == html.TextNode {
			all.WriteString(child.Data)
		}
	}
	return strings.Join(strings.Fields(all.String()), " ")
}

func (c *client) heading() string {
	c.t.Helper()
	headings := c.nodes("h1")
	if len(headings) != 1 {
		c.t.Fatalf("%s: %d first headings", c.path, len(headings))
	}
	return text(headings[0])
}

// reads reports whether the page's text has a sentence.
func (c *client) reads(sentence string) bool { return strings.Contains(text(c.root), sentence) }

func (c *client) wants(sentences ...string) *client {
	c.t.Helper()
	for _, sentence := range sentences {
		if !c.reads(sentence) {
			c.t.Fatalf("%s (%d) does not say %q but:\n%s", c.path, c.status, sentence, text(c.root))
		}
	}
	return c
}

// opaque is what ids and keys look like. They are random: one in some hundred pages has a short name somewhere in one.
var opaque = regexp.MustCompile("[A-Za-z0-9_-]{20,}")

func (c *client) lacks(sentences ...string) *client {
	c.t.Helper()
	readable := opaque.ReplaceAllString(c.body, "")
	for _, sentence := range sentences {
		if strings.Contains(readable, sentence) || opaque.MatchString(sentence) && strings.Contains(c.body, sentence) {
			c.t.Fatalf("%s (%d) says %q:\n%s", c.path, c.status, sentence, text(c.root))
		}
	}
	return c
}

func (c *client) is(status int) *client {
	c.t.Helper()
	if c.status != status {
		c.t.Fatalf("%s: status %d instead of %d:\n%s", c.path, c.status, status, text(c.root))
	}
	return c
}

// follow opens the link with a text.
func (c *client) follow(name string) *client {
	c.t.Helper()
	for _, link := range c.nodes("a") {
		if strings.Contains(text(link), name) {
			return c.get(attribute(link, "href"))
		}
	}
	c.t.Fatalf("%s has no link %q", c.path, name)
	return c
}

// speak shows the page in another language, as a tap on its name does: by a link, or by sending the form that the name belongs to.
func (c *client) speak(language string) *client {
	c.t.Helper()
	for _, button := range c.nodes("button") {
		if attribute(button, "name") == "lang" && text(button) == language {
			for _, node := range c.nodes("form") {
				if attribute(node, "id") == attribute(button, "form") {
					form := (&sheet{c, node, url.Values{}}).read()
					return c.speakWith(form, language)
				}
			}
		}
	}
	return c.follow(language)
}

// speakWith sends a form that was filled in, to be shown in another language.
func (c *client) speakWith(form *sheet, language string) *client {
	c.t.Helper()
	for _, button := range c.nodes("button") {
		if attribute(button, "name") == "lang" && text(button) == language && attribute(button, "form") == attribute(form.node, "id") {
			form.fields.Set("lang", attribute(button, "value"))
			return c.send(http.MethodPost, attribute(form.node, "action"), form.fields)
		}
	}
	c.t.Fatalf("%s has no %q for its form", c.path, language)
	return c
}

// sheet is a form filled in as the page shows it.
type sheet struct {
	c      *client
	node   *html.Node
	fields url.Values
}

// form finds the form that has a button with a text.
func (c *client) form(button string) *sheet {
	c.t.Helper()
	for _, node := range c.nodes("form") {
		for child := range node.Descendants() {
			if child.Data == "button" && strings.Contains(text(child), button) {
				return (&sheet{c, node, url.Values{}}).read()
			}
		}
	}
	c.t.Fatalf("%s (%d) has no form with the button %q:\n%s", c.path, c.status, button, text(c.root))
	return nil
}

// count counts the fields that begin like this and are filled in.
func (s *sheet) count(prefix string) int {
	count := 0
	for name, values := range s.fields {
		if strings.HasPrefix(name, prefix) && values[0] != "" {
			count++
		}
	}
	return count
}

func (s *sheet) read() *sheet {
	for node := range s.node.Descendants() {
		name := attribute(node, "name")
		switch {
		case node.Data == "input" && (attribute(node, "type") == "checkbox" || attribute(node, "type") == "radio"):
			if has(node, "checked") {
				s.fields.Set(name, attribute(node, "value"))
			}
		case node.Data == "input":
			s.fields.Set(name, attribute(node, "value"))
		case node.Data == "select":
			s.fields.Set(name, "")
		case node.Data == "option" && has(node, "selected"):
			s.fields.Set(selectOf(node), attribute(node, "value"))
		}
	}
	return s
}

func selectOf(option *html.Node) string {
	for node := range option.Ancestors() {
		if node.Data == "select" {
			return attribute(node, "name")
		}
	}
	return ""
}

// set fills in a field by its label.
func (s *sheet) set(label, value string) *sheet {
	s.c.t.Helper()
	name := s.labelled(label)
	s.fields.Set(name, value)
	return s
}

// labelled finds the name of the field with a label.
func (s *sheet) labelled(label string) string {
	s.c.t.Helper()
	for node := range s.node.Descendants() {
		if node.Data == "label" && strings.Contains(text(node), label) {
			for field := range s.node.Descendants() {
				if attribute(field, "id") == attribute(node, "for") {
					return attribute(field, "name")
				}
			}
		}
	}
	s.c.t.Fatalf("%s has no field labelled %q", s.c.path, label)
	return ""
}

// pick chooses a time in the n-th list (from 0) whose label has the text; in a list with several groups, of the group whose label has that text.
func (s *sheet) pick(legend, label, group, time string) *sheet {
	s.c.t.Helper()
	for set := range s.node.Descendants() {
		if set.Data != "fieldset" || !strings.Contains(text(set), legend) {
			continue
		}
		for node := range set.Descendants() {
			if node.Data != "option" || !strings.HasPrefix(text(node), time) {
				continue
			}
			parent := node.Parent
			if group != "" && !strings.Contains(attribute(parent, "label"), group) {
				continue
			}
			name := selectOf(node)
			if label != "" && s.labelled(label) != name && !labelledBy(set, name, label) {
				continue
			}
			s.fields.Set(name, attribute(node, "value"))
			return s
		}
	}
	s.c.t.Fatalf("%s: no %s in %q, %q, %q:\n%s", s.c.path, time, legend, label, group, text(s.c.root))
	return s
}

func labelledBy(within *html.Node, id, label string) bool {
	for node := range within.Descendants() {
		if node.Data == "label" && attribute(node, "for") == id && strings.Contains(text(node), label) {
			return true
		}
	}
	return false
}

// tick ticks a box or chooses a radio button by its label.
func (s *sheet) tick(label string) *sheet {
	s.c.t.Helper()
	for node := range s.node.Descendants() {
		if node.Data != "label" || !strings.Contains(text(node), label) {
			continue
		}
		for field := range s.node.Descendants() {
			if field.Data == "input" && attribute(field, "id") == attribute(node, "for") {
				s.fields.Set(attribute(field, "name"), attribute(field, "value"))
				return s
			}
		}
	}
	s.c.t.Fatalf("%s has no box %q:\n%s", s.c.path, label, text(s.c.root))
	return s
}

// press sends the form with the button that has a text.
func (s *sheet) press(button string) *client {
	s.c.t.Helper()
	method, target := s.target(button)
	return s.c.send(method, target, s.fields)
}

func (s *sheet) target(button string) (method, target string) {
	s.c.t.Helper()
	target = attribute(s.node, "action")
	if target == "" {
		target = s.c.path
	}
	for node := range s.node.Descendants() {
		if node.Data == "button" && strings.Contains(text(node), button) {
			if other := attribute(node, "formaction"); other != "" {
				target = other
			}
			if name := attribute(node, "name"); name != "" {
				s.fields.Set(name, attribute(node, "value"))
			}
			return strings.ToUpper(attribute(s.node, "method")), target
		}
	}
	s.c.t.Fatalf("%s has no button %q", s.c.path, button)
	return "", ""
}

// logIn logs in as the family De Vries, through Sanne.
func (c *client) logIn() *client {
	c.t.Helper()
	c.get("/de-linde").is(http.StatusOK)
	return c.answer("Sanne de Vries", "3", "1234 AB")
}

// answer fills in the log-in form of the page, in Dutch.
func (c *client) answer(name, day, postcode string) *client {
	c.t.Helper()
	button := "Inloggen"
	if strings.Contains(c.heading(), "toevoegen") {
		button = "Toevoegen"
	}
	return c.form(button).set("Voornaam en achternaam", name).set("Dag", day).set("Maand", "1").set("Jaar", "2017").set("Postcode", postcode).press(button)
}
