package text

import (
	"embed"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"net/url"
	"strings"
	texttemplate "text/template"

	"github.com/ouderavond/ouderavond/models/language"
)

//go:embed locale/*.json templates/*.tmpl
var files embed.FS

// ErrInvalid is wrapped by every error about what was handed in. The message
// never holds it.
var ErrInvalid = errors.New("text: invalid")

// Message is what one person gets to read.
type Message struct {
	// Language is the tag of the language that it is in.
	Language string
	// Subject is the subject of the mail: one line, no personal name.
	Subject string
	// Text and HTML are the mail's two forms. They say the same. The HTML
	// loads nothing from anywhere.
	Text, HTML string
	// SMS is the same in short, for those who get it on their phone.
	SMS string
}

// Renderer writes messages. It may be used by many goroutines.
type Renderer struct {
	catalogue *language.Catalogue
	text      *texttemplate.Template
	html      *htmltemplate.Template
}

// New reads the sentences and templates that are part of the program.
func New() (*Renderer, error) {
	catalogue, err := language.New(files, "locale")
	if err != nil {
		return nil, fmt.Errorf("text: %w", err)
	}
	text, err := texttemplate.ParseFS(files, "templates/mail.txt.tmpl")
	if err != nil {
		return nil, fmt.Errorf("text: read the template: %w", err)
	}
	html, err := htmltemplate.ParseFS(files, "templates/mail.html.tmpl")
	if err != nil {
		return nil, fmt.Errorf("text: read the template: %w", err)
	}
	return &Renderer{catalogue: catalogue, text: text, html: html}, nil
}

// Check compares the sentences of all languages; see [language.Catalogue.Check].
func (r *Renderer) Check() error {
	return r.catalogue.Check()
}

// view is a mail before it is written: what it says, but not how it looks. All
// strings are in the language of the reader.
type view struct {
	Language, Subject string
	Banner            string // set in a rehearsal
	Title             string // of the page: what it is all about
	Greeting          string
	Intro             []string
	Blocks            []block
	Closing, School   string
	Footer            []string
}

// block is a part of a mail. What is empty is left out.
type block struct {
	Heading    string
	Items      []item
	Code       string
	Paragraphs []string
	Label, URL string // of a link
	Notes      []string
}

// item is one talk in a list.
type item struct {
	Time, Line, Detail string
}

// newView starts a mail with what all of them have.
func (r *Renderer) newView(l language.Localizer, title, school string) view {
	data := map[string]any{"School": school}
	return view{
		Language: l.Language(), Title: title, School: school,
		Greeting: l.Text("mail.greeting", nil), Closing: l.Text("mail.closing", nil),
		Footer: []string{l.Text("mail.sent_by", data)},
	}
}

// finish writes both forms of the mail and the SMS. A rehearsal says so in all
// of them.
func (r *Renderer) finish(l language.Localizer, v view, subject, sms string, rehearsal bool) (Message, error) {
	if rehearsal {
		subject = l.Text("rehearsal.subject", map[string]any{"Subject": subject})
		sms = l.Text("rehearsal.sms", map[string]any{"Text": sms})
		v.Banner = l.Text("rehearsal.banner", nil)
	}
	v.Subject = line(subject, subjectLimit)
	var text, html strings.Builder
	if err := r.text.Execute(&text, v); err != nil {
		return Message{}, fmt.Errorf("text: write the text: %w", err)
	}
	if err := r.html.Execute(&html, v); err != nil {
		return Message{}, fmt.Errorf("text: write the HTML: %w", err)
	}
	return Message{Language: v.Language, Subject: v.Subject, Text: text.String(), HTML: html.String(), SMS: sms}, nil
}

// questions tells where to ask, by mail if there is an address for it.
func questions(l language.Localizer, replyTo string) block {
	text := l.Text("mail.questions_school", nil)
	if replyTo = line(replyTo, nameLimit); replyTo != "" {
		text = l.Text("mail.questions_reply", map[string]any{"ReplyTo": replyTo})
	}
	return block{Paragraphs: []string{text}}
}

// checkLink refuses what is not a web address. An empty one is for the caller
// to judge.
func checkLink(link string) error {
	if link == "" {
		return nil
	}
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || line(link, linkLimit) != link ||
		strings.ContainsAny(link, " <>\"'`") {
		return fmt.Errorf("%w: the link is no web address", ErrInvalid)
	}
	return nil
}
