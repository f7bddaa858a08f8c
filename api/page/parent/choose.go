package parent

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/models"
)

// chooseView is the page with the children and what can be chosen for them.
type chooseView struct {
	*layout.Frame
	Conferences []conferenceView
	Children    []childView
	Carried     []layout.Hidden // contact typed before, on the way back from a time that was taken
	CanChoose   bool
	Card        *planCard // nil where there is nothing to plan
	Waiting     bool      // booking opens later: the page offers to look again
	fullBox
	// CardLast puts the proposals below the lists: who comes back to change a time came for the lists.
	CardLast bool
	// Elsewhere names the children of whom something is booked that the session may not see; empty where there is none.
	Elsewhere string
}

// conferenceView tells where a conference stands.
type conferenceView struct {
	Title, Note, Phase string
	Days               string
}

// childView is a child with its talks.
type childView struct {
	Anchor, Name, Group string
	AskSchool           bool
	Talks               []talkView
	Nothing             bool
}

// talkView is a talk kind of a child.
type talkView struct {
	Title, Child, Conference, Facts string
	Wanted                          string // how much the school wants it
	Strong                          bool
	Booked                          []bookedView
	Note                            string
	With                            string // the teachers, where no time can be chosen yet
	Lists                           []listView
	Fold                            string // folded away behind this sentence; empty where the lists are shown at once
	Open                            bool   // not folded now
}

// bookedView is an appointment that is there already.
type bookedView struct{ Text, Href string }

func showChoose(v *visit) error {
	chosen, err := decodeChoices(v.Query)
	if err != nil {
		return err
	}
	return v.choosePage(chosen)
}

// choosePage shows what can be chosen, and what of it was chosen before.
func (v *visit) choosePage(chosen []request) error {
	home, err := v.family()
	if err != nil || home == nil {
		return err
	}
	chosen, _ = notBooked(home, chosen)
	view, err := v.chooseView(home, chosen)
	if err != nil {
		return err
	}
	if v.Query.Value("kept") != "" {
		view.Say(false, "choose.kept")
	}
	return v.Render(http.StatusOK, "choose", view)
}

// postChoose checks the choices and goes on to confirm them. Nothing is booked yet.
func postChoose(v *visit) error {
	chosen, err := decodeChoices(v.Form)
	switch {
	case err != nil:
		return err
	case v.Form.Value("edit") != "":
		return v.choosePage(chosen)
	case v.Form.Value("add") != "":
		return v.askSibling()
	}
	if v.Form.Value(planTaken) != "" && len(chosen) > 0 && len(v.typedFields()) == 0 {
		// A proposal was right a moment ago; the next page says what of it has gone meanwhile, and booking it proposes anew.
		return v.Redirect(v.Path("/confirm"), v.chosenFields())
	}
	home, err := v.family()
	if err != nil || home == nil {
		return err
	}
	rest, own := notBooked(home, chosen)
	if len(rest) == 0 && len(own) > 0 {
		return v.haveIt()
	}
	chosen = rest
	known, unknown := offers(home, chosen)
	if !bookable(known) || len(unknown) > 0 || len(chosen) == 0 {
		view, err := v.chooseBetter(home, chosen, known, len(unknown) > 0)
		if err != nil {
			return err
		}
		if len(view.Problems) > 0 {
			return v.Render(http.StatusUnprocessableEntity, "choose", view)
		}
	}
	if len(v.typedFields()) > 0 {
		// What was typed before must not stand in an address.
		return v.confirmPage(home, known, v.typedContact(), http.StatusOK)
	}
	return v.Redirect(v.Path("/confirm"), v.chosenFields())
}

// bookable reports whether everything that was chosen is free, and within the limits.
func bookable(known []offered) bool {
	for _, one := range known {
		if !one.free() || one.talk.Left >= 0 && one.among(known) > one.talk.Left {
			return false
		}
	}
	return true
}

// chooseBetter is the page again, with what is wrong with the choices.
func (v *visit) chooseBetter(home *family.Family, chosen []request, known []offered, unknown bool) (*chooseView, error) {
	view, err := v.chooseView(home, chosen)
	if err != nil {
		return nil, err
	}
	switch {
	case len(chosen) == 0:
		view.Blame(view.unfoldFirst(), view.T("choose.nothing_chosen"))
	case unknown:
		view.Blame(view.unfoldFirst(), view.T("choose.not_offered"))
	}
	v.checkLimits(view, home, known)
	return view, nil
}

func againChoose(v *visit) error {
	chosen, err := decodeChoices(v.Form)
	if err != nil {
		return err
	}
	return v.choosePage(chosen)
}

// askSibling asks for a brother or sister; what was chosen for the others comes along.
func (v *visit) askSibling() error {
	if len(v.typedFields()) > 0 {
		return v.Render(http.StatusOK, "login", v.loginView(typedLogin{}, true))
	}
	return v.Redirect(v.Path(""), withAnd(v.chosenFields(), "add"))
}

// checkLimits names every talk of which more was chosen than may be booked.
func (v *visit) checkLimits(view *chooseView, home *family.Family, known []offered) {
	for i := range home.Children {
		child := &home.Children[i]
		for j := range child.Talks {
			talk := &child.Talks[j]
			count, first := 0, ""
			for _, one := range known {
				if one.child == child && one.talk == talk {
					count++
					if first == "" {
						first = view.listOf(listName(talk, one))
					}
				}
			}
			if talk.Left >= 0 && count > talk.Left {
				view.Blame(first, view.N("choose.too_many", talk.Left, "Child", child.Given, "Talk", talk.Title))
			}
		}
	}
}

func (v *visit) chooseView(home *family.Family, chosen []request) (*chooseView, error) {
	ask, err := v.plan()
	if err != nil {
		return nil, err
	}
	f := v.frame("choose.title")
	f.Current, f.Filled = "choose", true
	view := &chooseView{
		Frame: f, fullBox: v.full(home, nil), Card: v.planCard(f, home, ask), CardLast: len(chosen) > 0, Elsewhere: v.elsewhere(home), Carried: v.typedFields(),
	}
	for i := range home.Conferences {
		view.Conferences = append(view.Conferences, v.conferenceView(f, &home.Conferences[i]))
		view.Waiting = view.Waiting || home.Conferences[i].Phase == family.PhaseBefore
	}
	for i := range home.Children {
		view.Children = append(view.Children, v.childView(f, home, &home.Children[i], chosen))
	}
	view.number()
	view.CanChoose = view.firstList() != "main"
	return view, nil
}

// Second tells that the form of the requests is not what the page is for first.
func (c *chooseView) Second() bool { return false }

func (v *visit) conferenceView(f *layout.Frame, conference *family.ConferenceSummary) conferenceView {
	dates := v.dates()
	view := conferenceView{Title: conference.Title, Note: conference.Note}
	var days []string
	for _, day := range conference.Days {
		// Noon: the calendar's day is the same in every zone that the school may be in.
		if date, err := time.ParseInLocation("2006-01-02 15", day.Date+" 12", v.zone()); err == nil {
			days = append(days, dates.Date(date))
		}
	}
	view.Days = v.Text.List(days)
	switch conference.Phase {
	case family.PhaseBefore:
		if conference.OpensAt.After(v.Now()) {
			view.Phase = f.T("choose.opens", "Time", dates.DateTime(conference.OpensAt), "Wait", v.wait(conference.OpensAt))
		} else {
			view.Phase = f.T("choose.not_open")
		}
	case family.PhaseOpen:
		view.Phase = f.T("choose.open_until", "Time", dates.DateTime(conference.ClosesAt))
	default:
		view.Phase = f.T("choose.closed")
	}
	return view
}

// wait tells how long it is until an instant, in one unit that a person would use.
func (v *visit) wait(until time.Time) string {
	left := until.Sub(v.Now())
	switch {
	case left > 48*time.Hour:
		return v.Text.Plural("choose.wait_days", int(left.Hours()/24), nil)
	case left > 2*time.Hour:
		return v.Text.Plural("choose.wait_hours", int(left.Hours()), nil)
	default:
		return v.Text.Plural("choose.wait_minutes", int(left.Minutes())+1, nil)
	}
}

func (v *visit) childView(f *layout.Frame, home *family.Family, child *family.Child, chosen []request) childView {
	view := childView{
		Anchor: "child-" + shortID(child.ID), Name: child.Given, Group: child.Group, AskSchool: child.AskSchool,
	}
	for i := range child.Talks {
		view.Talks = append(view.Talks, v.talkView(f, home, child, &child.Talks[i], chosen))
	}
	toCome := slices.ContainsFunc(home.Conferences, func(c family.ConferenceSummary) bool { return c.Phase != family.PhaseAfter })
	view.Nothing = len(view.Talks) == 0 && !child.AskSchool && (toCome || len(home.Conferences) == 0)
	return view
}

func (v *visit) talkView(f *layout.Frame, home *family.Family, child *family.Child, talk *family.Talk, chosen []request) talkView {
	view := talkView{Title: talk.Title, Child: child.Given, Facts: f.N("choose.minutes", talk.Minutes)}
	if talk.Attends {
		view.Facts += ", " + f.T("choose.attends", "Child", child.Given)
	}
	conference := conferenceOf(home, talk.Conference)
	if len(home.Conferences) > 1 {
		view.Conference = conference.Title
	}
	view.Wanted, view.Strong = f.T("choose."+string(talk.Obligation)), talk.Obligation != models.Optional
	booked := bookedFor(home, child, talk)
	for _, appointment := range booked {
		view.Booked = append(view.Booked, bookedView{
			Text: f.T("choose.booked", "Time", v.dates().DateTime(appointment.Start), "Staff", v.staffList(appointment.Staff)),
			Href: v.Path("/appointments/" + appointment.ID.String()),
		})
	}
	switch {
	case conference.Phase != family.PhaseOpen:
		view.With = everybody(talk)
	case talk.Left == 0 && len(booked) > 0:
		// Everything that may be booked is booked; the appointments say it.
	case talk.Left == 0:
		view.Note = f.T("choose.limit")
	default:
		view.Lists = v.lists(f, home, child, talk, booked, chosen, conference.Days)
		if talk.Left > 1 && len(view.Lists) > talk.Left {
			view.Note = f.N("choose.at_most", talk.Left)
		} else if talk.Left == 1 && len(view.Lists) > 1 {
			view.Note = f.T("choose.only_one")
		}
		view.fold(f, talk)
	}
	return view
}

// listOf gives the id of the list with a name.
func (c *chooseView) listOf(name string) string {
	for _, child := range c.Children {
		for _, talk := range child.Talks {
			for _, list := range talk.Lists {
				if list.Name == name {
					return list.ID
				}
			}
		}
	}
	return "main"
}

// unfoldFirst gives the first list and sees to it that it is not folded away.
func (c *chooseView) unfoldFirst() string {
	first := c.firstList()
	for i := range c.Children {
		for j := range c.Children[i].Talks {
			talk := &c.Children[i].Talks[j]
			talk.Open = talk.Open || slices.ContainsFunc(talk.Lists, func(list listView) bool { return list.ID == first })
		}
	}
	return first
}

// firstList is where the summary of what is wrong leads if it is about no list in particular.
func (c *chooseView) firstList() string {
	for _, child := range c.Children {
		for _, talk := range child.Talks {
			for _, list := range talk.Lists {
				if list.Full == "" {
					return list.ID
				}
			}
		}
	}
	return "main"
}

// number gives the lists short ids, which stand in the page three times each, and tells the summary what is wrong with them.
func (c *chooseView) number() {
	count := 0
	for i := range c.Children {
		for j := range c.Children[i].Talks {
			for k := range c.Children[i].Talks[j].Lists {
				list := &c.Children[i].Talks[j].Lists[k]
				count++
				list.ID = "t" + strconv.Itoa(count)
				if list.Error != "" {
					c.Blame(list.ID, list.Error)
				}
			}
		}
	}
}
