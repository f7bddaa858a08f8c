package page

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/models"
)

// planCard is the form in which a family says whom it wants to speak to, and when it can come.
type planCard struct {
	Groups      []planGroup
	From, Until timeList
	Days        []tickView
	Two         bool
	Open        bool // the times are shown at once
	Carried     []hidden
}

// planGroup is the talks of a child.
type planGroup struct {
	Child, Note string
	Ticks       []tickView
}

// tickView is something to tick.
type tickView struct {
	ID, Name, Label string
	Checked         bool
	wish            choice
}

// timeList is a list of times of the clock.
type timeList struct {
	ID, Name, Label string
	Options         []optionView
}

func (c *planCard) anyTicked() bool { return len(c.ticked()) > 0 }

// ticked gives the talks that are ticked.
func (c *planCard) ticked() []choice {
	var wishes []choice
	for _, group := range c.Groups {
		for _, tick := range group.Ticks {
			if tick.Checked {
				wishes = append(wishes, tick.wish)
			}
		}
	}
	return wishes
}

// planCard makes the form; nil where there is nothing to plan: less than two talks that could be had.
func (v *visit) planCard(f *frame, home *booking.Family, ask planAsk) *planCard {
	card := &planCard{Two: ask.two, Open: ask.from != "" || ask.until != "" || len(ask.days) > 0 || ask.two, Carried: v.carriedContact()}
	count := 0
	for i := range home.Children {
		group := planGroup{Child: home.Children[i].Given}
		for j := range home.Children[i].Talks {
			ticks, note := v.wishTicks(f, home, &home.Children[i], &home.Children[i].Talks[j], ask)
			group.Ticks = append(group.Ticks, ticks...)
			if note != "" {
				group.Note = note
			}
		}
		for j := range group.Ticks {
			count++
			group.Ticks[j].ID = "w" + strconv.Itoa(count)
		}
		if len(group.Ticks) > 0 {
			card.Groups = append(card.Groups, group)
		}
	}
	if count < 2 {
		return nil
	}
	v.addPlanTimes(card, f, home, ask)
	return card
}

// wishTicks gives what can be ticked of a talk: each set of teachers, or the talk once where any of its teachers will do. Ticked beforehand is what the
// school expects, of subject teachers as many as may be booked.
func (v *visit) wishTicks(f *frame, home *booking.Family, child *booking.Child, talk *booking.Talk, ask planAsk) (ticks []tickView, note string) {
	conference := conferenceOf(home, talk.Conference)
	if conference.Phase != booking.PhaseOpen || talk.Left == 0 || child.AskSchool {
		return nil, ""
	}
	booked := bookedFor(home, child, talk)
	options := slices.DeleteFunc(slices.Clone(talk.Options), func(option booking.TalkOption) bool {
		return len(option.Free) == 0 || slices.ContainsFunc(booked, func(a booking.AppointmentView) bool { return sharesStaff(a.Staff, option.Staff) })
	})
	if len(options) == 0 {
		return nil, ""
	}
	wish := choice{pupil: child.ID, kind: talk.Kind}
	if talk.Left == 1 && len(options) > 1 && options[0].Subject == "" && len(options) <= shortList {
		ticks = []tickView{{Label: talk.Title, wish: wish}}
	} else {
		for _, option := range options {
			wish.staff = staffIDs(option.Staff)
			what := talk.Title
			if option.Subject != "" {
				what = option.Subject
			}
			ticks = append(ticks, tickView{Label: f.T("plan.with", "What", what, "Staff", v.staffList(option.Staff)), wish: wish})
		}
	}
	for i := range ticks {
		ticks[i].Name = wishName(ticks[i].wish)
		expected := talk.Obligation != models.Optional && len(booked) == 0 && (talk.Left < 0 || i < talk.Left)
		ticks[i].Checked = len(ask.wishes) == 0 && expected || slices.ContainsFunc(ask.wishes, ticks[i].wish.sameTalk)
	}
	if talk.Left > 0 && len(ticks) > talk.Left {
		note = f.N("choose.at_most_of", talk.Left, "Talk", talk.Title)
	}
	return ticks, note
}

// addPlanTimes offers the half hours between the first free time and the last, and the days where there are several.
func (v *visit) addPlanTimes(card *planCard, f *frame, home *booking.Family, ask planAsk) {
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
	card.From.Options = []optionView{{Text: f.T("plan.from_any")}}
	card.Until.Options = []optionView{{Text: f.T("plan.until_any")}}
	for minute := first/30*30 + 30; minute < min(last, 24*60); minute += 30 {
		clock := fmt.Sprintf("%02d:%02d", minute/60, minute%60)
		card.From.Options = append(card.From.Options, optionView{Value: clock, Text: clock, Selected: clock == ask.from})
		card.Until.Options = append(card.Until.Options, optionView{Value: clock, Text: clock, Selected: clock == ask.until})
	}
	for _, conference := range home.Conferences {
		if conference.Phase != booking.PhaseOpen {
			continue
		}
		for _, day := range conference.Days {
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
