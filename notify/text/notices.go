package text

import (
	"fmt"
	"regexp"
	"time"

	"github.com/ouderavond/ouderavond/models/language"
)

// Code is the message with the code by which somebody confirms who they are, and a link beside it.
type Code struct {
	// Language is a tag such as "nl"; an unknown one is Dutch.
	Language   string
	SchoolName string
	// Zone is that of the school, whose clocks the ends are told by.
	Zone *time.Location
	// Digits are the eight or ten digits, good until Until where they were asked for; empty once they have ended.
	Digits string
	Until  time.Time
	// URL is the link that opens on any device, once, until LinkUntil; http or https.
	URL       string
	LinkUntil time.Time
	// Last says that no more are sent until the link ends.
	Last      bool
	Rehearsal bool
}

// codePattern is what a code looks like.
var codePattern = regexp.MustCompile(`^([0-9]{8}|[0-9]{10})?$`)

// Code writes the message with a code. The code stands in one piece, so that it
// can be copied, and not in the subject, which a locked phone shows. It says
// until when by the clock, as the page does. It fails with [ErrInvalid] if there
// is no link, school or time, or something else than a code.
func (r *Renderer) Code(c Code) (Message, error) {
	l := r.catalogue.For(c.Language)
	ends, err := checkNotice(c.SchoolName, c.Zone, c.LinkUntil, c.URL, l)
	switch {
	case err != nil:
		return Message{}, err
	case c.URL == "":
		return Message{}, fmt.Errorf("%w: there is no link", ErrInvalid)
	case !codePattern.MatchString(c.Digits):
		return Message{}, fmt.Errorf("%w: the code is not eight or ten digits", ErrInvalid)
	case c.Digits != "" && c.Until.IsZero():
		return Message{}, fmt.Errorf("%w: the code has no end", ErrInvalid)
	}
	school, dates := line(c.SchoolName, nameLimit), l.Dates(c.Zone)
	until := map[string]any{"Until": dates.Time(c.Until), "LinkUntil": dates.Time(c.LinkUntil), "Moment": ends.long}
	v := r.newView(l, school, school)
	link := block{Paragraphs: []string{l.Text("code.link_text", nil)}, Label: l.Text("code.link", nil), URL: c.URL, Notes: []string{l.Text("code.link_until", until)}}
	if c.Digits == "" {
		v.Blocks = []block{link}
	} else {
		v.Intro = []string{l.Text("code.intro", nil)}
		v.Blocks = []block{{Code: c.Digits, Paragraphs: []string{l.Text("code.until", until)}}, link}
	}
	if c.Last {
		v.Blocks = append(v.Blocks, block{Paragraphs: []string{l.Text("code.last", until)}})
	}
	v.Blocks = append(v.Blocks, block{Paragraphs: []string{l.Text("code.secret", nil), l.Text("code.not_you", nil)}})
	data := map[string]any{"School": shortLine(school), "Code": c.Digits, "Until": until["Until"], "LinkUntil": until["LinkUntil"], "Link": c.URL}
	sms := "code.sms"
	if c.Digits == "" {
		sms = "code.sms_link"
	}
	return r.finish(l, v, l.Text("code.subject", map[string]any{"School": school}), l.Text(sms, data), c.Rehearsal)
}

// Test is the message by which a school finds out whether messages arrive.
type Test struct {
	// Language is a tag such as "nl"; an unknown one is Dutch.
	Language   string
	SchoolName string
	// Zone is that of the school; At is when the test was started.
	Zone *time.Location
	At   time.Time
	// ConfirmURL is the link by which the reader says that it arrived, http or
	// https, or empty.
	ConfirmURL string
	Rehearsal  bool
}

// Test writes the test message. It fails with [ErrInvalid] if school or time is
// missing or the link is no web address.
func (r *Renderer) Test(t Test) (Message, error) {
	l := r.catalogue.For(t.Language)
	moment, err := checkNotice(t.SchoolName, t.Zone, t.At, t.ConfirmURL, l)
	if err != nil {
		return Message{}, err
	}
	data := map[string]any{"School": line(t.SchoolName, nameLimit), "Moment": moment.long}
	v := r.newView(l, line(t.SchoolName, nameLimit), line(t.SchoolName, nameLimit))
	v.Intro = []string{l.Text("test.intro", data), l.Text("test.sent", data)}
	short := map[string]any{"School": shortLine(t.SchoolName), "Link": t.ConfirmURL}
	sms := l.Text("test.sms", short)
	if t.ConfirmURL != "" {
		v.Blocks = []block{{
			Paragraphs: []string{l.Text("test.confirm", nil)}, Label: l.Text("test.link", nil), URL: t.ConfirmURL,
		}}
		sms = l.Text("test.sms_link", short)
	}
	v.Footer = append(v.Footer, l.Text("mail.mistaken", nil))
	return r.finish(l, v, l.Text("test.subject", data), sms, t.Rehearsal)
}

// NewDevice is the notice that somebody got in on a device not seen before.
type NewDevice struct {
	// Language is a tag such as "nl"; an unknown one is Dutch.
	Language   string
	SchoolName string
	// Zone is that of the school; At is when it happened.
	Zone *time.Location
	At   time.Time
	// ReplyTo is where to say "that was not me", or empty for the school.
	ReplyTo string
	// ManageURL is a link to look at the talks, http or https, or empty.
	ManageURL string
	Rehearsal bool
}

// NewDevice writes the notice. It fails with [ErrInvalid] if school or time is
// missing or the link is no web address.
func (r *Renderer) NewDevice(n NewDevice) (Message, error) {
	l := r.catalogue.For(n.Language)
	moment, err := checkNotice(n.SchoolName, n.Zone, n.At, n.ManageURL, l)
	if err != nil {
		return Message{}, err
	}
	data := map[string]any{"School": line(n.SchoolName, nameLimit), "Moment": moment.long}
	v := r.newView(l, line(n.SchoolName, nameLimit), line(n.SchoolName, nameLimit))
	v.Intro = []string{l.Text("new_device.intro", data), l.Text("new_device.you", nil)}
	if replyTo := line(n.ReplyTo, nameLimit); replyTo != "" {
		v.Intro = append(v.Intro, l.Text("new_device.not_you_reply", map[string]any{"ReplyTo": replyTo}))
	} else {
		v.Intro = append(v.Intro, l.Text("new_device.not_you", nil))
	}
	if n.ManageURL != "" {
		v.Blocks = []block{{
			Paragraphs: []string{l.Text("new_device.look", nil)}, Label: l.Text("new_device.link", nil), URL: n.ManageURL,
			Notes: []string{l.Text("confirmation.manage.private", nil)},
		}}
	}
	short := map[string]any{"School": shortLine(n.SchoolName), "Moment": moment.short}
	return r.finish(l, v, l.Text("new_device.subject", data), l.Text("new_device.sms", short), n.Rehearsal)
}

// moment is a time in the words of a mail and of an SMS.
type moment struct{ long, short string }

// checkNotice looks at what both notices need and writes the time.
func checkNotice(school string, zone *time.Location, at time.Time, link string, l language.Localizer) (moment, error) {
	switch {
	case line(school, nameLimit) == "":
		return moment{}, fmt.Errorf("%w: the school has no name", ErrInvalid)
	case zone == nil || at.IsZero():
		return moment{}, fmt.Errorf("%w: the time or its zone is missing", ErrInvalid)
	}
	dates := l.Dates(zone)
	return moment{long: dates.DateTime(at), short: dates.ShortDate(at) + " " + dates.Time(at)}, checkLink(link)
}
