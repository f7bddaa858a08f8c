package page

import (
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

// talkOf finds what a child is offered of a kind; nil where it is not offered, or not any more.
func talkOf(home *family.Family, pupil models.PupilID, kind models.TalkKindID) (*family.Child, *family.Talk) {
	for i := range home.Children {
		for j := range home.Children[i].Talks {
			if child := &home.Children[i]; child.ID == pupil && child.Talks[j].Kind == kind {
				return child, &child.Talks[j]
			}
		}
	}
	return nil, nil
}

// subjectOf gives what teachers teach a child, where they are its subject teachers. A parent may not know the teacher's name, but does know the subject.
func subjectOf(home *family.Family, pupil models.PupilID, kind models.TalkKindID, staff []models.StaffID) string {
	if about, ok := offerOf(home, choice{pupil: pupil, kind: kind, staff: staff}); ok {
		return about.option.Subject
	}
	return ""
}

func withSubject(title, subject string) string {
	if subject == "" {
		return title
	}
	return title + ", " + subject
}

// wholeSpan is from the first start to the last end.
func (v *visit) wholeSpan(talks []family.Placement) string {
	last := talks[0].End
	for _, talk := range talks {
		if talk.End.After(last) {
			last = talk.End
		}
	}
	return v.dates().Span(talks[0].Item.Start, last)
}

// gapAfter says how long it is from a proposed talk to the next one of the same day. It says nothing where the family splits up, or has another appointment
// in between: then that is not how long it waits.
func (v *visit) gapAfter(f *frame, home *family.Family, talks []family.Placement, i int) string {
	if i+1 == len(talks) || slices.ContainsFunc(talks, func(talk family.Placement) bool { return talk.Item.Party > 1 }) {
		return ""
	}
	from, until := talks[i].End, talks[i+1].Item.Start
	busy := slices.ContainsFunc(home.Appointments, func(a rules.AppointmentView) bool { return a.Start.Before(until) && a.End.After(from) })
	if busy || !until.After(from) || !v.dates().SameDay(from, until) {
		return ""
	}
	return f.N("plan.gap", int(until.Sub(from)/time.Minute))
}
