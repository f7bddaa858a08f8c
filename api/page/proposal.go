package page

import (
	"strings"

	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/models"
)

// proposalView is one proposal: when the family comes, how long it waits, its talks, and what is missing.
type proposalView struct {
	ID, Heading, Facts, Take string
	MissingHeading           string
	Days                     []dayView
	Missing                  []missingView
	Hidden                   []hidden
}

// missingView is a wanted talk that is left out.
type missingView struct{ Talk, Reason string }

// proposalView shows a proposal; its form carries the talks and whatever else is given.
func (v *visit) proposalView(f *frame, number int, proposal booking.FamilyProposal, carried []hidden) proposalView {
	view := proposalView{
		ID: "proposal" + string(rune('0'+number)), Heading: f.T("plan.proposal", "Number", number), Take: f.T("plan.take", "Number", number),
		Facts: v.planFacts(f, proposal), Missing: v.missingViews(f, proposal.Missing),
		MissingHeading: f.T("plan.missing"),
	}
	chosen := make([]choice, len(proposal.Talks))
	for i, talk := range proposal.Talks {
		chosen[i] = choiceOf(talk)
		if i == 0 || !v.dates().SameDay(proposal.Talks[i-1].Item.Start, talk.Item.Start) {
			view.Days = append(view.Days, dayView{Label: v.dates().Date(talk.Item.Start)})
		}
		day := &view.Days[len(view.Days)-1]
		item := itemView{Time: v.dates().Span(talk.Item.Start, talk.End), Child: talk.Child, Title: talk.Title, Staff: v.staffList(talk.Staff)}
		if talk.Item.Party > 1 {
			item.Note = f.T("confirm.second")
		}
		day.Talks = append(day.Talks, item)
	}
	view.Hidden = append(hiddenChoices(chosen), carried...)
	return view
}

func choiceOf(talk booking.ProposedTalk) choice {
	start, _ := models.TickAt(talk.Item.Start)
	return choice{pupil: talk.Item.Pupil, kind: talk.Item.TalkKind, staff: talk.Item.Staff, start: start, second: talk.Item.Party > 1}
}

// planFacts says in words how the evening would be.
func (v *visit) planFacts(f *frame, proposal booking.FamilyProposal) string {
	facts := []string{f.N("plan.talks", len(proposal.Talks))}
	if proposal.WaitMinutes == 0 {
		facts = append(facts, f.T("plan.no_wait"))
	} else {
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

func (v *visit) missingViews(f *frame, missing []booking.MissingTalk) []missingView {
	views := make([]missingView, len(missing))
	for i, talk := range missing {
		name := func(one booking.MissingTalk) string {
			return f.T("plan.missing_talk", "Child", one.Child, "Talk", one.Title, "Staff", v.staffList(one.Staff))
		}
		views[i] = missingView{Talk: name(talk), Reason: f.T("missing." + string(talk.Reason))}
	}
	return views
}
