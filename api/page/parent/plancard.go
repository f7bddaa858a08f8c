package parent

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
)

// planCard is the form in which a family says whom it wants to speak to, and when it can come.
type planCard struct {
	Groups      []planGroup
	From, Until timeList
	Days        ticks
	Two         bool
	Open        bool // the times are shown at once
}

// planGroup is the talks of a child. More are those that are folded away: many teachers of whom the school expects none.
type planGroup struct {
	Child, Note string
	Ticks       ticks
	More        []foldView
}

// tickView is something to tick.
type tickView struct {
	ID, Name, Label string
	Lang            string // of the label, where it is another than the page's
	Checked         bool
	request         request
}

// timeList is a list of times of the clock.
type timeList struct {
	ID, Name, Label string
	Options         options
}

// foldView is ticks that are folded away behind a sentence.
type foldView struct {
	Summary string
	Open    bool
	Ticks   ticks
}

// all gives every tick of a child, what is folded away included.
func (g *planGroup) all() []*tickView {
	var ticks []*tickView
	for i := range g.Ticks {
		ticks = append(ticks, &g.Ticks[i])
	}
	for i := range g.More {
		for j := range g.More[i].Ticks {
			ticks = append(ticks, &g.More[i].Ticks[j])
		}
	}
	return ticks
}

func (c *planCard) anyTicked() bool { return len(c.ticked()) > 0 }

// firstTick gives the id of the first tick, and unfolds it: the summary of what is wrong leads there.
func (c *planCard) firstTick() string {
	for i := range c.Groups {
		if len(c.Groups[i].Ticks) > 0 {
			return c.Groups[i].Ticks[0].ID
		}
	}
	c.Groups[0].More[0].Open = true
	return c.Groups[0].More[0].Ticks[0].ID
}

// ticked gives the talks that are ticked.
func (c *planCard) ticked() []request {
	var requests []request
	for _, group := range c.Groups {
		for _, tick := range group.all() {
			if tick.Checked {
				requests = append(requests, tick.request)
			}
		}
	}
	return requests
}

// planCard makes the form; nil where there is nothing to plan: less than two talks that could be had.
func (v *visit) planCard(f *layout.Frame, home *family.Family, ask planAsk) *planCard {
	card := &planCard{Two: ask.two, Open: ask.from != "" || ask.until != "" || len(ask.days) > 0 || ask.two}
	count := 0
	for i := range home.Children {
		group := planGroup{Child: home.Children[i].Given}
		for j := range home.Children[i].Talks {
			ticks, note := v.requestTicks(f, home, &home.Children[i], &home.Children[i].Talks[j], ask)
			if talk := &home.Children[i].Talks[j]; folds(talk, len(ticks)) {
				open := slices.ContainsFunc(ticks, func(tick tickView) bool { return tick.Checked })
				group.More = append(group.More, foldView{v.foldSummary(f, talk, len(ticks)), open, ticks})
				continue
			}
			group.Ticks = append(group.Ticks, ticks...)
			if note != "" {
				group.Note = note
			}
		}
		ticks := group.all()
		for _, tick := range ticks {
			count++
			tick.ID = "w" + strconv.Itoa(count)
		}
		if len(ticks) > 0 {
			card.Groups = append(card.Groups, group)
		}
	}
	if count < 2 {
		return nil
	}
	v.addPlanTimes(card, f, home, ask)
	return card
}

// folds tells that a talk has so many possibilities, and is so little wanted by the school, that they are shown on request only: three children with a
// dozen teachers each would otherwise be seven screens of a telephone.
func folds(talk *family.Talk, count int) bool {
	return talk.Obligation == models.Optional && count > shortList
}

func (v *visit) foldSummary(f *layout.Frame, talk *family.Talk, count int) string {
	if talk.Left > 0 && talk.Left < count {
		return f.N("plan.fold", talk.Left, "Talk", talk.Title, "Of", count)
	}
	return f.N("plan.fold_all", count, "Talk", talk.Title)
}

// requestTicks gives what can be ticked of a talk: each set of teachers, or the talk once where any of its teachers will do. Ticked beforehand is what the
// school expects, of subject teachers as many as may be booked; but not where something is booked already that the session may not see: most likely just that.
func (v *visit) requestTicks(f *layout.Frame, home *family.Family, child *family.Child, talk *family.Talk, ask planAsk) (ticks []tickView, note string) {
	conference := conferenceOf(home, talk.Conference)
	if conference.Phase != family.PhaseOpen || talk.Left == 0 || child.AskSchool {
		return nil, ""
	}
	booked := bookedFor(home, child, talk)
	options := slices.DeleteFunc(bySubject(talk.Options), func(option family.TalkOption) bool {
		return len(option.Free) == 0 || slices.ContainsFunc(booked, func(a rules.AppointmentView) bool { return sharesStaff(a.Staff, option.Staff) })
	})
	if len(options) == 0 {
		return nil, ""
	}
	request := request{pupil: child.ID, kind: talk.Kind}
	if talk.Left == 1 && len(options) > 1 && options[0].Subject == "" && len(options) <= shortList {
		ticks = []tickView{{Label: talk.Title, request: request}}
	} else {
		for _, option := range options {
			request.staff = staffIDs(option.Staff)
			what := talk.Title
			if option.Subject != "" {
				what = option.Subject
			}
			ticks = append(ticks, tickView{Label: f.T("plan.with", "What", what, "Staff", v.staffList(option.Staff)), request: request})
		}
	}
	for i := range ticks {
		ticks[i].Lang = v.given()
		ticks[i].Name = requestName(ticks[i].request)
		expected := talk.Obligation != models.Optional && len(booked) == 0 && !child.BookedElsewhere && (talk.Left < 0 || i < talk.Left)
		ticks[i].Checked = len(ask.requests) == 0 && expected || slices.ContainsFunc(ask.requests, ticks[i].request.sameTalk)
	}
	if talk.Left > 0 && len(ticks) > talk.Left {
		note = f.N("choose.at_most_of", talk.Left, "Talk", talk.Title)
	}
	return ticks, note
}

// addPlanTimes offers the half hours between the first free time and the last, and the days where there are several.
func (v *visit) addPlanTimes(card *planCard, f *layout.Frame, home *family.Family, ask planAsk) {
	first, last := 24*60, 0
	for _, child := range home.Children {
		for _, talk := range child.Talks {
			for _, option := range talk.Options {
				for _, slot := range option.Free {
					wall := slot.Start.In(v.zone())
					minute := wall.Hour()*60 + wall.Minute()
					first, last = min(first, minute), max(last, minute+talk.Minutes)
				}
			}
		}
	}
	card.From = timeList{ID: "p-from", Name: planFrom, Label: f.T("plan.from")}
	card.Until = timeList{ID: "p-until", Name: planUntil, Label: f.T("plan.until")}
	card.From.Options = options{{Text: f.T("plan.from_any")}}
	card.Until.Options = options{{Text: f.T("plan.until_any")}}
	for minute := first/30*30 + 30; minute < min(last, 24*60); minute += 30 {
		clock := fmt.Sprintf("%02d:%02d", minute/60, minute%60)
		card.From.Options = append(card.From.Options, optionView{Value: clock, Text: clock, Selected: clock == ask.from})
		card.Until.Options = append(card.Until.Options, optionView{Value: clock, Text: clock, Selected: clock == ask.until})
	}
	dated := map[string]bool{} // two conferences may share a date, which is one evening for the family
	for _, conference := range home.Conferences {
		if conference.Phase != family.PhaseOpen {
			continue
		}
		for _, day := range conference.Days {
			if dated[day.Date] {
				continue
			}
			dated[day.Date] = true
			if date, err := time.ParseInLocation("2006-01-02 15", day.Date+" 12", v.zone()); err == nil {
				card.Days = append(card.Days, tickView{
					ID: "d" + strconv.Itoa(len(card.Days)+1), Name: planDay + shortID(day.ID), Label: v.dates().Date(date),
					Checked: len(ask.days) == 0 || slices.Contains(ask.days, day.ID),
				})
			}
		}
	}
	if len(card.Days) < 2 {
		card.Days = nil
	}
}
