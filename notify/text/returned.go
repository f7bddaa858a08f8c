package text

import (
	"fmt"
	"time"
)

// Returned is the message to a family whose child is at the school again, after it was taken for one who had left, with the former times of its talks that are free.
type Returned struct {
	// Language is a tag such as "nl"; an unknown one is Dutch.
	Language   string
	SchoolName string
	// Zone is that of the school.
	Zone *time.Location
	// Times are the talks that were cancelled and could be booked again, in their order.
	Times []Appointment
	// BookURL is where families book, http or https.
	BookURL string
	// HideNames leaves out whose talks they were: of a child whose address is protected, or where nobody knows whose address this is.
	HideNames bool
	// ReplyTo is where to ask, or empty for the school.
	ReplyTo   string
	Rehearsal bool
}

// Returned writes the message. It fails with [ErrInvalid] if school, zone, link or times are missing.
func (r *Renderer) Returned(m Returned) (Message, error) {
	l := r.catalogue.For(m.Language)
	switch {
	case line(m.SchoolName, nameLimit) == "":
		return Message{}, fmt.Errorf("%w: the school has no name", ErrInvalid)
	case m.Zone == nil || len(m.Times) == 0:
		return Message{}, fmt.Errorf("%w: the times or their zone are missing", ErrInvalid)
	case m.BookURL == "":
		return Message{}, fmt.Errorf("%w: there is no link", ErrInvalid)
	}
	if err := checkLink(m.BookURL); err != nil {
		return Message{}, err
	}
	school, dates := line(m.SchoolName, nameLimit), l.Dates(m.Zone)
	data := map[string]any{"School": school}
	v := r.newView(l, school, school)
	v.Intro = []string{l.Text("returned.intro", data), l.Text("returned.free", nil)}
	free := block{}
	for _, talk := range m.Times {
		entry := item{Time: dates.DateTime(talk.Start), Line: line(l.List(talk.Teachers), nameLimit)}
		if !m.HideNames {
			entry.Detail = line(talk.Child, nameLimit)
		}
		free.Items = append(free.Items, entry)
	}
	free.Label, free.URL = l.Text("returned.link", nil), m.BookURL
	free.Notes = []string{l.Text("returned.first", nil)}
	v.Blocks = []block{free}
	if replyTo := line(m.ReplyTo, nameLimit); replyTo != "" {
		v.Footer = append(v.Footer, l.Text("returned.ask", map[string]any{"ReplyTo": replyTo}))
	}
	short := map[string]any{"School": shortLine(m.SchoolName), "Link": m.BookURL}
	return r.finish(l, v, l.Text("returned.subject", data), l.Text("returned.sms", short), m.Rehearsal)
}
