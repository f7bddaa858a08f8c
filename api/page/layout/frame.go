package layout

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/ouderavond/ouderavond/models/language"
)

// Frame is what every page has around its own content. Templates call T and N for sentences.
type Frame struct {
	Lang       string
	Title      string // of the page alone; the head adds the school
	SchoolName string
	Home       string // the school's first address; empty on a page of no school
	Others     []languageLink
	LoggedIn   bool
	Current    string // the entry of the navigation that this page is
	Notices    []Notice
	Problems   []problem
	Style      string
	Colours    string   // path of the school's own sheet, behind Style; empty where it has no colour of its own
	Logo       *Picture // nil where the school has none
	Icon       string
	// Dir is the direction of writing: "rtl", or empty where it is from left to right.
	Dir string
	// Staff is what the frame of a page for those who work at the school has more; nil on all other pages.
	Staff     *Staff
	Rehearsal bool
	Demo      bool
	// Filled tells that the page has a form with the id "filled" of which nothing may get lost: another language is then chosen by sending that form.
	Filled bool
	// Given is the language of what the school itself has written, its titles and notes, where that is another than the page's: a screen reader has to know. Empty where it
	// is the same.
	Given string
	text  language.Localizer
}

// languageLink shows the page in another language: by its address, or, where there is a form to be kept, by sending the tag with the form.
type languageLink struct {
	Tag, Name string
	visit     *Visit
}

// Href is the address of the page in the language.
func (l languageLink) Href() string { return l.visit.inLanguage(l.Tag) }

// Notice is a message above the page's content. Good tells that something worked.
type Notice struct {
	Text string
	Good bool
}

// problem is a line of the summary of what is wrong; Target is the id of the field that it is about.
type problem struct{ Target, Text string }

// T gives a sentence. Pairs are the names and values of its placeholders.
func (f *Frame) T(id string, pairs ...any) string { return f.text.Text(id, pairsOf(pairs)) }

// N gives a sentence that counts.
func (f *Frame) N(id string, count int, pairs ...any) string {
	return f.text.Plural(id, count, pairsOf(pairs))
}

func pairsOf(pairs []any) map[string]any {
	data := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		if name, ok := pairs[i].(string); ok {
			data[name] = pairs[i+1]
		}
	}
	return data
}

// languageNames are what languages call themselves.
func languageName(tag string) string {
	switch tag {
	case "nl":
		return "Nederlands"
	case "en":
		return "English"
	default:
		return tag
	}
}

// direction is that of a language's writing, as the attribute dir has it; empty from left to right.
func direction(tag string) string {
	switch tag {
	case "ar", "fa", "he", "ur":
		return "rtl"
	default:
		return ""
	}
}

// NewFrame makes the frame of a page. The title is the id of a sentence.
func (v *Visit) NewFrame(title string, pairs ...any) *Frame {
	f := &Frame{
		Lang: v.Text.Language(), Title: v.Text.Text(title, pairsOf(pairs)), Style: v.site.paths.style, Icon: v.site.paths.icon, Dir: direction(v.Text.Language()), Demo: v.site.config.Demo, text: v.Text,
	}
	f.Colours, f.Logo = v.look.sheet(v.slug), v.look.logo(v.slug)
	for _, tag := range v.languages {
		if tag != f.Lang {
			f.Others = append(f.Others, languageLink{tag, languageName(tag), v})
		}
	}
	return f
}

// inLanguage is the address that shows this page in a language.
func (v *Visit) inLanguage(tag string) string {
	address, values := v.Here, url.Values{}
	if request := v.Echo.Request(); address == "" {
		address = OwnPath(request.URL)
		if request.Method == http.MethodGet {
			values = request.URL.Query()
		}
	}
	values.Set("lang", tag)
	return address + "?" + values.Encode()
}

// Say adds a message above the content.
func (f *Frame) Say(good bool, id string, pairs ...any) {
	f.Notices = append(f.Notices, Notice{f.T(id, pairs...), good})
}

// Blame adds a line to the summary of what is wrong, for the field with an id.
func (f *Frame) Blame(target, text string) { f.Problems = append(f.Problems, problem{target, text}) }

// FaultText says what is wrong with a field, by the code that the services give.
func (f *Frame) FaultText(name, code string) string {
	id := "fault." + name + "." + code
	if text := f.T(id); text != id {
		return text
	}
	return f.T("fault.unknown")
}

// policy is the Content-Security-Policy of every page: nothing from elsewhere, no script, no frame around it.
const policy = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// staffPolicy is that of the pages for those who work at the school, which run the one script that we serve ourselves.
const staffPolicy = policy + "; script-src 'self'; connect-src 'self'"

// Headers sets what every answer of the pages carries. Nothing of them is kept by browsers or between, and no address leaks to where a link leads.
func (v *Visit) Headers() {
	header := v.Echo.Response().Header()
	header.Set("Content-Security-Policy", v.Policy)
	header.Set("X-Frame-Options", v.Framing)
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Robots-Tag", "noindex, nofollow")
	header.Set("Cache-Control", "no-store")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// Render answers with a page. It is made whole before the first byte goes out, so that a fault in the middle becomes an error page.
func (v *Visit) Render(status int, name string, view any) error {
	return v.RenderPart(status, name, "page", view)
}

// RenderPart answers with one part of a page: what a template of its file, or a part that all share, defines under a name.
func (v *Visit) RenderPart(status int, name, part string, view any) error {
	parsed, ok := v.site.templates[v.Text.Language()][name]
	if !ok {
		return fmt.Errorf("page: there is no template %q", name)
	}
	body, _ := v.site.bodies.Get().(*bytes.Buffer)
	if body == nil {
		body = new(bytes.Buffer)
	}
	defer v.site.bodies.Put(body)
	body.Reset()
	if err := parsed.ExecuteTemplate(body, part, view); err != nil {
		return fmt.Errorf("page: %s: %w", name, err)
	}
	v.Headers()
	v.Echo.Response().Header().Set("Content-Length", strconv.Itoa(body.Len()))
	return v.Echo.HTMLBlob(status, body.Bytes())
}
