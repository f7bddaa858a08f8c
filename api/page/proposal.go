package page

import (
	"strings"

	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/models"
)

// proposalView is one proposal: when the family comes, how long it waits, its talks, and what is missing.
type proposalView struct {
	ID, Heading, Facts, Take string
	// Note says what else should not be overlooked; it may be empty.
	Note           string
	MissingHeading string
	Days           []dayView
	Missing        []missingView
	Hidden         []hidden
}

// missingView is a wanted talk that is left out.
type missingView struct{ Talk, Reason string }

// proposalView shows a proposal; its form carries the talks and whatever else is given.
func (v *visit) proposalView(f *frame, home *family.Family, number int, proposal family.Proposal, carried []hidden) proposalView {
	view := proposalView{
		ID: "proposal" + string(rune('0'+number)), Heading: f.T("plan.proposal", "Number", number), Take: f.T("plan.take", "Number", number),
		Facts: v.planFacts(f, proposal), Missing: v.missingViews(f, home, proposal.Missing),
		MissingHeading: f.T("plan.missing"),
	}
	chosen := make([]choice, len(proposal.Talks))
	for i, talk := range proposal.Talks {
		chosen[i] = choiceOf(talk)
		if i == 0 || !v.dates().SameDay(proposal.Talks[i-1].Item.Start, talk.Item.Start) {
			view.Days = append(view.Days, dayView{Label: v.dates().Date(talk.Item.Start)})
		}
		day := &view.Days[len(view.Days)-1]
		item := itemView{
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

func choiceOf(talk family.Placement) choice {
	start, _ := models.TickAt(talk.Item.Start)
	return choice{pupil: talk.Item.Pupil, kind: talk.Item.TalkKind, staff: talk.Item.Staff, start: start, second: talk.Item.Party > 1}
}

// planFacts says in words how the evening would be.
func (v *visit) planFacts(f *frame, proposal family.Proposal) string {
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
func (v *visit) missingViews(f *frame, home *family.Family, missing []family.MissingTalk) []missingView {
	views := make([]missingView, len(missing))
	for i, talk := range missing {
		title := withSubject(talk.Title, subjectOf(home, talk.Wish.Pupil, talk.Wish.TalkKind, talk.Wish.Staff))
		views[i] = missingView{
			Talk:   f.T("plan.missing_talk", "Child", talk.Child, "Talk", title, "Staff", v.staffList(talk.Staff)),
			Reason: f.T("missing." + string(talk.Reason)),
		}
		if instead := v.wishNames(home, talk.Instead); talk.Reason == family.MissingInTheWay && len(instead) > 0 {
			views[i].Reason = f.T("missing.in_the_way_of", "Talks", v.text.List(instead))
		}
	}
	return views
}

// wishNames names wishes by the refs that this package gave them: for whom, and what or with whom.
func (v *visit) wishNames(home *family.Family, refs []string) []string {
	var names []string
	for _, ref := range refs {
		wish, ok := decodeName(choicePrefix + strings.TrimPrefix(ref, wishPrefix))
		if !ok {
			return nil
		}
		child, talk := talkOf(home, wish.pupil, wish.kind)
		if talk == nil {
			return nil
		}
		names = append(names, v.text.Text("missing.talk", map[string]any{
			"Child": child.Given, "Talk": withSubject(talk.Title, subjectOf(home, wish.pupil, wish.kind, wish.staff)),
		}))
	}
	return names
}
