package text_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/ouderavond/ouderavond/notify/sms"
	"github.com/ouderavond/ouderavond/notify/text"
)

func TestTheLanguagesAgree(t *testing.T) {
	t.Parallel()
	if err := renderer(t).Check(); err != nil {
		t.Error(err)
	}
}

// idPattern is what a sentence that is missing would leave behind.
var idPattern = regexp.MustCompile(`\b(mail|rehearsal|confirmation|calendar|code|test|new_device)\.[a-z_]`)

// failer is what [testing.T] and [rapid.T] have in common.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
}

// check looks at what must be true of every message, whatever is in it.
func check(t failer, m text.Message) {
	t.Helper()
	for name, s := range map[string]string{"subject": m.Subject, "text": m.Text, "HTML": m.HTML, "SMS": m.SMS} {
		if strings.TrimSpace(s) == "" || !utf8.ValidString(s) {
			t.Errorf("the %s is empty or not UTF-8: %q", name, s)
		}
		if strings.Contains(s, "<no value>") || strings.Contains(s, "ZgotmplZ") || idPattern.MatchString(s) {
			t.Errorf("the %s has a hole: %s", name, s)
		}
	}
	for name, s := range map[string]string{"subject": m.Subject, "SMS": m.SMS} {
		if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) {
			t.Errorf("the %s is no single line: %q", name, s)
		}
	}
	if n := utf8.RuneCountInString(m.Subject); n > 200 {
		t.Errorf("the subject has %d characters", n)
	}
	checkHTML(t, m)
}

// tags are those that a message may be made of.
var tags = []string{"html", "head", "meta", "title", "body", "div", "p", "h1", "h2", "ul", "li", "strong", "br", "a", "hr"}

// checkHTML reads the HTML as a browser does.
func checkHTML(t failer, m text.Message) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(m.HTML))
	if err != nil {
		t.Errorf("the HTML cannot be read: %v", err)
		return
	}
	for node := range root.Descendants() {
		switch node.Type {
		case html.CommentNode:
			t.Errorf("a comment: %q", node.Data)
		case html.ElementNode:
			if !slices.Contains(tags, node.Data) {
				t.Errorf("an element %q", node.Data)
			}
			for _, attribute := range node.Attr {
				checkAttribute(t, m, node.Data, attribute)
			}
		}
	}
}

// checkAttribute allows no address but a link, and nothing that runs or loads.
func checkAttribute(t failer, m text.Message, tag string, a html.Attribute) {
	t.Helper()
	switch a.Key {
	case "style":
		if strings.Contains(a.Val, "url") {
			t.Errorf("a style loads something: %q", a.Val)
		}
	case "lang":
		if a.Val != m.Language {
			t.Errorf("lang is %q in a message in %q", a.Val, m.Language)
		}
	case "charset", "name", "content":
		if tag != "meta" {
			t.Errorf("%s on %s", a.Key, tag)
		}
	case "href":
		if tag != "a" || a.Val != link && a.Val != refuseLink {
			t.Errorf("a link to %q", a.Val)
		}
	default:
		t.Errorf("an attribute %q on %s", a.Key, tag)
	}
}

func TestBothFormsSayTheSame(t *testing.T) {
	t.Parallel()
	r, zone := renderer(t), amsterdam(t)
	words := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	for name, c := range confirmations(zone) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := r.Confirmation(c)
			if err != nil {
				t.Fatal(err)
			}
			root, err := html.Parse(strings.NewReader(m.HTML))
			if err != nil {
				t.Fatal(err)
			}
			for node := range root.Descendants() {
				shown := words(node.Data)
				if node.Type == html.TextNode && node.Parent.Data != "title" && !strings.Contains(words(m.Text), shown) {
					t.Errorf("only the HTML says %q", shown)
				}
			}
		})
	}
}

func TestSubjectAndSMSNameNobody(t *testing.T) {
	t.Parallel()
	r, zone := renderer(t), amsterdam(t)
	for name, c := range confirmations(zone) {
		m, err := r.Confirmation(c)
		if err != nil {
			t.Fatal(err)
		}
		for _, who := range []string{"Sam", "Noor", "Vries", "Bakker", "Amrani", "Jansen"} {
			if strings.Contains(m.Subject+m.SMS, who) {
				t.Errorf("%s names %s: %s / %s", name, who, m.Subject, m.SMS)
			}
		}
	}
}

func TestATypedAddressLearnsNoRoom(t *testing.T) {
	t.Parallel()
	r, zone := renderer(t), amsterdam(t)
	for name, c := range confirmations(zone) {
		c.HideRooms = true
		all := everything(t, r, c)
		for _, room := range []string{"A1.04", "aula"} {
			if strings.Contains(all, room) {
				t.Errorf("%s tells the room %s", name, room)
			}
		}
	}
	if all := everything(t, r, booked(zone)); !strings.Contains(all, "A1.04") {
		t.Error("an address on file does not learn the room")
	}
}

// everything is all text that a confirmation leads to.
func everything(t *testing.T, r *text.Renderer, c text.Confirmation) string {
	t.Helper()
	m, err := r.Confirmation(c)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := r.Calendar(c)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join([]string{m.Subject, m.Text, m.HTML, m.SMS, texts.Summary, texts.Description, texts.Location}, "\n")
}

func TestAProtectedFamilyGetsTheLinkAndNothingElse(t *testing.T) {
	t.Parallel()
	r, zone := renderer(t), amsterdam(t)
	for name, c := range confirmations(zone) {
		for _, lang := range languages() {
			c.LinkOnly, c.Language, c.Location = true, lang, ""
			all := everything(t, r, c)
			for _, secret := range []string{"Sam", "Noor", "Vries", "Bakker", "A1.04", "aula", "Mentor", "19:", "20:", "24 nov", "24 Nov", "2026"} {
				if strings.Contains(all, secret) {
					t.Errorf("%s in %s tells %q", name, lang, secret)
				}
			}
			if strings.Contains(all, link) != (c.ManageURL != "") {
				t.Errorf("%s in %s has no link, or one that opens nothing", name, lang)
			}
		}
	}
}

func TestEveryConfirmationSaysThatDecliningCancelsNothing(t *testing.T) {
	t.Parallel()
	r, zone := renderer(t), amsterdam(t)
	says := map[string]string{
		"nl": "dan verandert er op school niets",
		"en": "nothing changes at school",
	}
	for name, c := range confirmations(zone) {
		if c.Cancelled || c.LinkOnly {
			continue
		}
		for lang, sentence := range says {
			c.Language = lang
			m, err := r.Confirmation(c)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(m.Text, sentence) || !strings.Contains(m.HTML, sentence) {
				t.Errorf("%s in %s does not say it", name, lang)
			}
			texts, err := r.Calendar(c)
			if err != nil || strings.Contains(texts.Description, "https:") {
				t.Errorf("the calendar of %s has the link: %v", name, err)
			}
		}
	}
}

func TestWhatPeopleTypeStaysText(t *testing.T) {
	t.Parallel()
	r, zone := renderer(t), amsterdam(t)
	for title, evil := range map[string]string{
		"an image":               `<img src=x onerror=alert(1)>`,
		"a script":               `</title><script>alert(1)</script>`,
		"a link":                 `<a href="https://evil.example">hier</a>`,
		"an attribute":           `" onmouseover="alert(1)`,
		"a template":             `{{7*7}}{{.School}}`,
		"a script as address":    `javascript:alert(1)`,
		"a header":               "Sam\r\nBcc: x@example.org",
		"a lone return":          "Sam\rBcc: x",
		"a Unicode line end":     "Sam\u2028Bcc: x",
		"a mark that turns":      "Sam\u202eneb",
		"a name of marks":        "S" + strings.Repeat("\u0301", 1000),
		"a name without end":     strings.Repeat("Sam ", 500),
		"bytes that are no text": "Sam\xff\xfe",
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			c := booked(zone)
			a := text.Appointment{Child: evil, Teachers: []string{evil, evil}, Kind: evil, Start: at(0), End: at(10), Room: evil}
			c.SchoolName, c.ConferenceTitle, c.ReplyTo, c.Location = evil, evil, evil, evil
			c.Appointments, c.Changes = []text.Appointment{a}, text.Changes{Moved: []text.Move{{Appointment: a, Previous: at(5)}}}
			m, err := r.Confirmation(c)
			if err != nil {
				t.Fatal(err)
			}
			check(t, m)
			if strings.Contains(m.Text+m.Subject, "49") || strings.Contains(everything(t, r, c), "\u202e") {
				t.Error("it had an effect")
			}
			for line := range strings.SplitSeq(m.Text, "\n") {
				if strings.HasPrefix(line, "Bcc") {
					t.Error("a line of its own")
				}
			}
			if len(m.Text) > 20000 {
				t.Errorf("the text has %d bytes", len(m.Text))
			}
		})
	}
}

func TestAnyNamesMakeASoundMessage(t *testing.T) {
	t.Parallel()
	r, zone := renderer(t), amsterdam(t)
	rapid.Check(t, func(t *rapid.T) {
		c := booked(zone)
		c.Language = rapid.SampledFrom([]string{"nl", "en", "xx", ""}).Draw(t, "language")
		c.SchoolName = "s" + rapid.String().Draw(t, "school")
		c.ConferenceTitle = "c" + rapid.String().Draw(t, "conference")
		c.ReplyTo = rapid.String().Draw(t, "reply to")
		c.Rehearsal = rapid.Bool().Draw(t, "rehearsal")
		a := text.Appointment{
			Child: "k" + rapid.String().Draw(t, "child"), Teachers: rapid.SliceOf(rapid.String()).Draw(t, "teachers"),
			Kind: rapid.String().Draw(t, "kind"), Room: rapid.String().Draw(t, "room"), Start: at(0), End: at(10),
		}
		c.Appointments = []text.Appointment{a}
		c.Changes = text.Changes{Made: c.Appointments}
		m, err := r.Confirmation(c)
		if err != nil {
			t.Fatalf("Confirmation: %v", err)
		}
		if strings.Contains(m.Subject+m.Text, "\x00") {
			t.Fatalf("a null byte came through")
		}
		// A name may look like the id of a sentence; no other hole may show.
		if !idPattern.MatchString(c.SchoolName + c.ConferenceTitle + a.Child + c.ReplyTo) {
			check(t, m)
		}
	})
}

func TestALongNameStillFitsAnSMS(t *testing.T) {
	t.Parallel()
	r, zone := renderer(t), amsterdam(t)
	for name, c := range confirmations(zone) {
		c.SchoolName = strings.Repeat("Openbare basisschool ", 10)
		m, err := r.Confirmation(c)
		if err != nil {
			t.Fatal(err)
		}
		if n := sms.Segments(m.SMS); n > 2 {
			t.Errorf("%s takes %d parts: %s", name, n, m.SMS)
		}
	}
}

func TestAnUnknownLanguageIsDutch(t *testing.T) {
	t.Parallel()
	r, zone := renderer(t), amsterdam(t)
	c := booked(zone)
	dutch, err := r.Confirmation(c)
	if err != nil {
		t.Fatal(err)
	}
	c.Language = "tlh"
	if got, err := r.Confirmation(c); err != nil || got != dutch {
		t.Errorf("got %+v, %v", got, err)
	}
}
