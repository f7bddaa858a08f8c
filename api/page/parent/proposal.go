package parent

import (
	"slices"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

// proposalView is one proposal: when the family comes, how long it waits, its talks, and what is missing.
type proposalView struct {
	ID, Heading, Facts, Take string
	Good                     string // what it is good at beside the others; empty where there are none
	// Note says what else should not be overlooked; it may be empty.
	Note           string
	MissingHeading string
	Days           dayViews
	Missing        []missingView
	Hidden         []layout.Hidden
}

// missingView is a wanted talk that is left out.
type missingView struct {
	Talk, Reason string
	Lang         string // of the talk, where it is another than the page's
}

// proposalView shows a proposal; its form carries the talks and whatever else is given.
func (v *visit) proposalView(f *layout.Frame, home *family.Family, number int, proposal family.Proposal, carried []layout.Hidden) proposalView {
	view := proposalView{
		ID: "proposal" + string(rune('0'+number)), Heading: f.T("plan.proposal", "Number", number), Take: f.T("plan.take", "Number", number),
		Facts: v.planFacts(f, proposal), Missing: v.missingViews(f, home, proposal.Missing),
		MissingHeading: f.T("plan.missing"),
	}
	chosen := make([]request, len(proposal.Talks))
	for i, talk := range proposal.Talks {
		chosen[i] = choiceOf(talk)
		if i == 0 || !v.dates().SameDay(proposal.Talks[i-1].Item.Start, talk.Item.Start) {
			view.Days = append(view.Days, dayView{Label: v.dates().Date(talk.Item.Start)})
		}
		day := &view.Days[len(view.Days)-1]
		item := itemView{
			Lang: v.given(),
			Time: v.dates().Span(talk.Item.Start, talk.End), Child: talk.Child, Staff: v.staffList(talk.Staff),
			Title: withSubject(talk.Title, subjectOf(home, talk.Item.Pupil, talk.Item.TalkKind, talk.Item.Staff)), After: v.gapAfter(f, home, proposal.Talks, i),
		}
		if talk.Item.Party > 1 {
			item.Note = f.T("confirm.second")
		}
		day.Talks = append(day.Talks, item)
	}
	view.Hidden = append(hiddenChoices(chosen), carried...)
	return view
}

func choiceOf(talk family.Placement) request {
	start, _ := models.TickAt(talk.Item.Start)
	return request{pupil: talk.Item.Pupil, kind: talk.Item.TalkKind, staff: talk.Item.Staff, start: start, second: talk.Item.Party > 1}
}

// planFacts says in words how the evening would be.
func (v *visit) planFacts(f *layout.Frame, proposal family.Proposal) string {
	facts := []string{f.N("plan.talks", len(proposal.Talks))}
	if proposal.Days == 1 && len(proposal.Talks) > 1 {
		facts = []string{v.wholeSpan(proposal.Talks), facts[0]}
	}
	switch {
	case proposal.WaitMinutes == 0 && len(proposal.Talks) == 1:
		// Nobody waits between one talk.
	case proposal.WaitMinutes == 0:
		facts = append(facts, f.T("plan.no_wait"))
	default:
		facts = append(facts, f.N("plan.wait", proposal.WaitMinutes))
	}
	if proposal.WalkMinutes > 0 {
		facts = append(facts, f.N("plan.walk", proposal.WalkMinutes))
	}
	if proposal.Days > 1 {
		facts = append(facts, f.N("plan.days", proposal.Days))
	}
	return strings.Join(facts, ", ")
}

// missingViews says what is left out and why; of what only another talk stands in the way of, which one.
func (v *visit) missingViews(f *layout.Frame, home *family.Family, missing []family.MissingTalk) []missingView {
	views := make([]missingView, len(missing))
	for i, talk := range missing {
		title := withSubject(talk.Title, subjectOf(home, talk.Request.Pupil, talk.Request.TalkKind, talk.Request.Staff))
		views[i] = missingView{
			Talk:   f.T("plan.missing_talk", "Child", talk.Child, "Talk", title, "Staff", v.staffList(talk.Staff)),
			Reason: f.T("missing." + string(talk.Reason)), Lang: v.given(),
		}
		asked := request{pupil: talk.Request.Pupil, kind: talk.Request.TalkKind, staff: talk.Request.Staff}
		if own, ok := ownOf(home, asked); ok && talk.Reason == family.MissingLimit {
			views[i].Reason = f.T("missing.have", "Time", v.dates().DateTime(own.Start))
		}
		if instead := v.requestNames(home, talk.Instead); talk.Reason == family.MissingInTheWay && len(instead) > 0 {
			views[i].Reason = f.T("missing.in_the_way_of", "Talks", v.Text.List(instead))
		}
	}
	return views
}

// requestNames names requests by the refs that this package gave them: for whom, and what or with whom.
func (v *visit) requestNames(home *family.Family, refs []string) []string {
	var names []string
	for _, ref := range refs {
		request, ok := decodeName(choicePrefix + strings.TrimPrefix(ref, requestPrefix))
		if !ok {
			return nil
		}
		child, talk := talkOf(home, request.pupil, request.kind)
		if talk == nil {
			return nil
		}
		names = append(names, v.Text.Text("missing.talk", map[string]any{
			"Child": child.Given, "Talk": withSubject(talk.Title, subjectOf(home, request.pupil, request.kind, request.staff)),
		}))
	}
	return names
}

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
	if about, ok := offerOf(home, request{pupil: pupil, kind: kind, staff: staff}); ok {
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

// goodAt says of each proposal what it is good at beside the others, so that a family need not compare them line by line.
func (v *visit) goodAt(f *layout.Frame, proposals []family.Proposal) []string {
	said := make([]string, len(proposals))
	if len(proposals) < 2 {
		return said
	}
	for i := range proposals {
		var good []string
		for _, one := range []struct {
			id   string
			cost func(family.Proposal) int
		}{
			{"plan.good_missing", func(p family.Proposal) int { return len(p.Missing) }},
			{"plan.good_days", func(p family.Proposal) int { return p.Days }},
			{"plan.good_wait", func(p family.Proposal) int { return p.WaitMinutes }},
			{"plan.good_walk", func(p family.Proposal) int { return p.WalkMinutes }},
			{"plan.good_early", func(p family.Proposal) int { _, until := v.clocks(p); return until }},
			{"plan.good_late", func(p family.Proposal) int { from, _ := v.clocks(p); return -from }},
		} {
			if leads(proposals, i, one.cost) {
				good = append(good, f.T(one.id))
			}
		}
		switch {
		case len(good) > 0:
			said[i] = strings.Join(good[:min(len(good), 2)], ", ")
		case i == 0:
			said[i] = f.T("plan.good_all")
		default:
			said[i] = f.T("plan.good_other")
		}
	}
	return said
}

// leads reports whether a proposal costs less of something than each of the others; the first one also where one that comes later costs as little, but not all do.
func leads(proposals []family.Proposal, i int, cost func(family.Proposal) int) bool {
	more := 0
	for j, other := range proposals {
		if j == i {
			continue
		}
		if least := cost(other) - cost(proposals[i]); least < 0 || least == 0 && i > 0 {
			return false
		} else if least > 0 {
			more++
		}
	}
	return more > 0
}

// clocks gives the minutes of the clock at which a family comes first and is done last, whatever the day.
func (v *visit) clocks(proposal family.Proposal) (from, until int) {
	minute := func(at time.Time) int { wall := at.In(v.zone()); return wall.Hour()*60 + wall.Minute() }
	from = 24 * 60
	for _, talk := range proposal.Talks {
		from, until = min(from, minute(talk.Item.Start)), max(until, minute(talk.End))
	}
	return from, until
}

// gapAfter says how long it is from a proposed talk to the next one of the same day. It says nothing where the family splits up, or has another appointment
// in between: then that is not how long it waits.
func (v *visit) gapAfter(f *layout.Frame, home *family.Family, talks []family.Placement, i int) string {
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
