package text

import (
	"fmt"
	"time"
)

// StaffLinkKind says what a link opens that a member of staff is sent.
type StaffLinkKind string

// The kinds of links.
const (
	LinkInvitation StaffLinkKind = "invitation" // accepts the invitation to an account
	LinkLogIn      StaffLinkKind = "log-in"
	LinkPassword   StaffLinkKind = "password" // chooses another password
)

// StaffLink is the message that brings a link to a member of staff.
type StaffLink struct {
	// Language is a tag such as "nl"; an unknown one is Dutch.
	Language   string
	SchoolName string
	// Zone is that of the school, whose clocks the end is told by.
	Zone *time.Location
	Kind StaffLinkKind
	// Name is whose account it is; it may be empty.
	Name string
	// URL is the link, good once, until Until; http or https.
	URL       string
	Until     time.Time
	Rehearsal bool
}

// StaffLink writes the message with a link for a member of staff. It fails with [ErrInvalid] if there is no link, school or time, or an unknown kind.
func (r *Renderer) StaffLink(s StaffLink) (Message, error) {
	l := r.catalogue.For(s.Language)
	ends, err := checkNotice(s.SchoolName, s.Zone, s.Until, s.URL, l)
	if err != nil {
		return Message{}, err
	}
	kind := map[StaffLinkKind]string{LinkInvitation: "invitation", LinkLogIn: "log_in", LinkPassword: "password"}[s.Kind]
	if s.URL == "" || kind == "" {
		return Message{}, fmt.Errorf("%w: there is no link, or one of no kind", ErrInvalid)
	}
	school := line(s.SchoolName, nameLimit)
	data := map[string]any{"School": school, "Name": line(s.Name, nameLimit), "Moment": ends.long, "Link": s.URL}
	v := r.newView(l, school, school)
	if s.Name != "" {
		v.Intro = append(v.Intro, l.Text("staff_link.for", data))
	}
	v.Intro = append(v.Intro, l.Text("staff_link.intro_"+kind, data))
	v.Blocks = []block{
		{Label: l.Text("staff_link.link_"+kind, nil), URL: s.URL, Notes: []string{l.Text("staff_link.until", data)}},
		{Paragraphs: []string{l.Text("staff_link.not_you_"+kind, data)}},
	}
	return r.finish(l, v, l.Text("staff_link.subject_"+kind, data), l.Text("staff_link.sms", map[string]any{"School": shortLine(school), "Link": s.URL}), s.Rehearsal)
}
