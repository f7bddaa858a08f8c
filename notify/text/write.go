package text

import (
	"slices"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/models/language"
)

// writer puts one confirmation into words.
type writer struct {
	c     Confirmation
	l     language.Localizer
	dates language.Dates
	data  map[string]any
}

// newWriter collects what every sentence may use.
func newWriter(c Confirmation, l language.Localizer) writer {
	w := writer{c: c, l: l, dates: l.Dates(c.Zone)}
	w.data = map[string]any{
		"School":     line(c.SchoolName, nameLimit),
		"Conference": line(c.ConferenceTitle, nameLimit),
		"Date":       w.dates.Date(c.day()),
	}
	return w
}

// Confirmation writes the message about the talks of one day. It fails with
// [ErrInvalid] if what it is told is not whole.
func (r *Renderer) Confirmation(c Confirmation) (Message, error) {
	if err := c.check(); err != nil {
		return Message{}, err
	}
	w := newWriter(c, r.catalogue.For(c.Language))
	headline := c.headline()
	v := r.newView(w.l, line(c.ConferenceTitle, nameLimit), line(c.SchoolName, nameLimit))
	v.Intro = []string{w.l.Plural("confirmation.intro."+headline, c.count(), w.data)}
	if !c.LinkOnly && headline != "gone" {
		for _, why := range c.Why {
			if why == ClassChanged && c.Over {
				why = classChangedOver
			}
			v.Intro = append(v.Intro, w.l.Text("confirmation.why."+string(why), nil))
		}
	}
	if !c.LinkOnly {
		v.Intro = append(v.Intro, w.reasons("confirmation.reason")...)
		v.Blocks = append(v.Blocks, w.changes(), w.talks())
	}
	if c.ManageURL != "" {
		v.Blocks = append(v.Blocks, w.manage())
	}
	if !c.LinkOnly {
		v.Blocks = append(v.Blocks, w.calendarNote())
	}
	v.Blocks = append(v.Blocks, questions(w.l, c.ReplyTo))
	if c.RefuseURL == "" {
		v.Footer = append(v.Footer, w.l.Text("mail.mistaken", nil))
	} else {
		v.Blocks = append(v.Blocks, w.refuse())
	}
	subject := w.l.Plural("confirmation.subject."+headline, c.count(), w.data)
	return r.finish(w.l, v, subject, w.sms(), c.Rehearsal)
}

// reasons are what the school wrote, in the words of a text.
func (w writer) reasons(id string) (list []string) {
	for _, reason := range w.c.Reasons {
		if reason = line(reason, reasonLimit); reason != "" {
			list = append(list, w.l.Text(id, map[string]any{"Reason": reason}))
		}
	}
	return list
}

// changes lists what was done, unless the list of talks says the same.
func (w writer) changes() block {
	done := w.c.Changes
	if w.c.Kind != AfterBooking || w.c.headline() == "made" && len(done.Made) == len(w.c.Appointments) {
		return block{}
	}
	b := block{Heading: w.l.Text("confirmation.heading.changes", nil)}
	for _, a := range byStart(done.Made) {
		b.Items = append(b.Items, w.change("made", a, time.Time{}))
	}
	for _, m := range done.Moved {
		b.Items = append(b.Items, w.change("moved", m.Appointment, m.Previous))
	}
	for _, a := range byStart(done.Cancelled) {
		b.Items = append(b.Items, w.change("cancelled", a, time.Time{}))
	}
	for _, a := range byStart(done.Left) {
		b.Items = append(b.Items, w.change("left", a, time.Time{}))
	}
	if len(b.Items) == 0 {
		return block{}
	}
	return b
}

// change is one line of what was done. Another day than that of the message is
// named.
func (w writer) change(what string, a Appointment, previous time.Time) item {
	show := func(t time.Time) string {
		if w.dates.SameDay(t, w.c.day()) {
			return w.dates.Time(t)
		}
		return w.dates.ShortDate(t) + " " + w.dates.Time(t)
	}
	i := item{
		Time: show(a.Start),
		Line: w.l.Text("confirmation.change."+what, map[string]any{"Talk": w.talk(a)}),
	}
	if !previous.IsZero() {
		i.Detail = w.l.Text("confirmation.change.was", map[string]any{"Was": show(previous)})
	}
	return i
}

// talks lists what stands.
func (w writer) talks() block {
	if w.c.Cancelled {
		return block{}
	}
	b := block{Heading: w.l.Plural("confirmation.heading.talks", len(w.c.Appointments), w.data)}
	for _, a := range byStart(w.c.Appointments) {
		b.Items = append(b.Items, item{
			Time: w.dates.Span(a.Start, a.End), Line: w.talk(a), Detail: strings.Join(w.details(a), ". "),
		})
	}
	if w.c.HideRooms {
		b.Notes = []string{w.l.Text("confirmation.talk.no_rooms", nil)}
	}
	if w.c.HideNames {
		b.Notes = append(b.Notes, w.l.Text("confirmation.talk.no_names", nil))
	}
	return b
}

// talk says who meets whom.
func (w writer) talk(a Appointment) string {
	teachers := make([]string, 0, len(a.Teachers))
	for _, name := range a.Teachers {
		teachers = append(teachers, line(name, nameLimit))
	}
	child := a.Child
	if w.c.HideNames {
		child = ""
	}
	data := map[string]any{"Child": line(child, nameLimit), "Teachers": w.l.List(teachers)}
	switch {
	case len(teachers) == 0 && child == "":
		return w.l.Text("confirmation.talk.nameless", nil)
	case len(teachers) == 0:
		return line(child, nameLimit)
	case data["Child"] == "":
		return w.l.Text("confirmation.talk.teachers", data)
	}
	return w.l.Text("confirmation.talk.both", data)
}

// details are what else is known of a talk.
func (w writer) details(a Appointment) []string {
	var details []string
	if kind := line(a.Kind, nameLimit); kind != "" {
		details = append(details, kind)
	}
	if room := line(a.Room, nameLimit); room != "" && !w.c.HideRooms {
		details = append(details, w.l.Text("confirmation.talk.room", map[string]any{"Room": room}))
	}
	return details
}

// manage tells how to change things.
func (w writer) manage() block {
	what := "manage"
	switch {
	case w.c.Over && w.c.headline() == "cancelled":
		return block{}
	case w.c.Over:
		what = "over"
	case w.c.headline() == "cancelled" && !slices.Contains(w.c.Why, PupilGone):
		what = "again"
	}
	return block{
		Heading:    w.l.Text("confirmation."+what+".heading", nil),
		Paragraphs: []string{w.l.Text("confirmation."+what+".text", nil)},
		Label:      w.l.Text("confirmation."+what+".link", nil),
		URL:        w.c.ManageURL,
		Notes:      []string{w.l.Text("confirmation.manage.private", nil)},
	}
}

// refuse tells somebody for whom the message was not meant how to get no more of them.
func (w writer) refuse() block {
	return block{
		Heading:    w.l.Text("confirmation.refuse.heading", nil),
		Paragraphs: []string{w.l.Text("confirmation.refuse.text", nil)},
		Label:      w.l.Text("confirmation.refuse.link", nil),
		URL:        w.c.RefuseURL,
	}
}

// calendarNote tells what the calendar entry is and what it is not.
func (w writer) calendarNote() block {
	what := "attached"
	switch {
	case w.c.Cancelled:
		what = "gone"
	case w.c.Kind != AfterBooking:
		what = "known"
	}
	return block{
		Heading:    w.l.Text("confirmation.calendar.heading", nil),
		Paragraphs: []string{w.l.Text("confirmation.calendar."+what, nil)},
	}
}

// sms says the same in a line. It names nobody, unless the school's own words
// do: a phone shows it to whoever holds it, and the carrier reads along.
func (w writer) sms() string {
	data := map[string]any{
		"School": shortLine(w.c.SchoolName),
		"Date":   w.dates.ShortDate(w.c.day()),
		"Link":   w.c.ManageURL,
	}
	headline, count := w.c.headline(), len(w.c.Appointments)
	switch headline {
	case "moved", "fewer":
		headline = "changed"
	case "cancelled", "moved_away":
		count = w.c.count()
	}
	if w.c.Over && headline == "cancelled" {
		headline = "cancelled_over"
	}
	for _, a := range w.c.Appointments {
		if start, ok := data["Start"].(time.Time); !ok || a.Start.Before(start) {
			data["Start"] = a.Start
		}
		if end, ok := data["End"].(time.Time); !ok || a.End.After(end) {
			data["End"] = a.End
		}
	}
	for _, name := range []string{"Start", "End"} {
		if t, ok := data[name].(time.Time); ok {
			data[name] = w.dates.Time(t)
		}
	}
	said := w.l.Plural("confirmation.sms."+headline, count, data)
	if w.c.LinkOnly {
		return said
	}
	return strings.Join(append([]string{said}, w.reasons("confirmation.sms_reason")...), " ")
}

// CalendarText is what a calendar shows of the visit.
type CalendarText struct {
	Summary, Description, Location string
}

// Calendar writes the texts of the calendar entry that belongs to the
// confirmation. They hold no link: calendars are shared with colleagues, and
// whoever has the link can change the talks.
func (r *Renderer) Calendar(c Confirmation) (CalendarText, error) {
	if err := c.check(); err != nil {
		return CalendarText{}, err
	}
	w := newWriter(c, r.catalogue.For(c.Language))
	texts := CalendarText{
		Summary:  w.l.Text("calendar.summary", w.data),
		Location: line(c.Location, nameLimit),
	}
	if c.Rehearsal {
		texts.Summary = w.l.Text("rehearsal.subject", map[string]any{"Subject": texts.Summary})
	}
	if c.LinkOnly {
		return texts, nil
	}
	if texts.Location == "" {
		texts.Location = line(c.SchoolName, nameLimit)
	}
	if c.Cancelled {
		texts.Description = w.l.Text("calendar.cancelled", nil)
		return texts, nil
	}
	var lines []string
	for _, a := range byStart(c.Appointments) {
		talk := append([]string{w.dates.Span(a.Start, a.End) + " " + w.talk(a)}, w.details(a)...)
		lines = append(lines, strings.Join(talk, ". "))
	}
	texts.Description = strings.Join(append(lines, "", w.l.Text("calendar.note", nil)), "\n")
	return texts, nil
}
