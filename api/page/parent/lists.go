package parent

import (
	"slices"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/language"
)

// shortList is how many teachers of one talk fit into one list, where only one of them can be chosen.
const shortList = 4

// listView is a list of free times.
type listView struct {
	ID, Name, Label, Empty, Error string
	Wide                          bool // the times are long: they name teachers
	Groups                        []groupView
	Full                          string // said instead of the list where nothing is free
}

// groupView is a day in a list, with its times.
type groupView struct {
	Label   string
	Options options
}

// optionView is a time in a list.
type optionView struct {
	Value, Text string
	Selected    bool
}

// listName is the name of the list that a choice is in.
func listName(talk *family.Talk, one offered) string {
	if singleList(talk) {
		return talkField(one.choice.pupil, one.choice.kind)
	}
	return setField(one.choice.pupil, one.choice.kind, staffIDs(one.option.Staff))
}

// singleList tells that one of several teachers is to be chosen, so that one list with all of them can offer no wrong combination.
func singleList(talk *family.Talk) bool {
	return talk.Left == 1 && len(talk.Options) > 1 && len(talk.Options) <= shortList
}

// everybody names each of a talk's teachers once, as long as there is no choice to make.
func everybody(talk *family.Talk) string {
	var names []string
	for _, option := range talk.Options {
		for _, member := range option.Staff {
			if !slices.Contains(names, member.Name) {
				names = append(names, member.Name)
			}
		}
	}
	return strings.Join(names, " · ")
}

// bookedFor gives the appointments of a child for a kind of talk that the session may see.
func bookedFor(home *family.Family, child *family.Child, talk *family.Talk) []rules.AppointmentView {
	return slices.DeleteFunc(slices.Clone(home.Appointments), func(a rules.AppointmentView) bool {
		return a.Pupil != child.ID || a.Household != child.Household || a.TalkKind != talk.Kind
	})
}

// lists makes the lists of free times: one for each set of teachers, or one for all where only one of a few can be chosen. Teachers whom the child has
// an appointment with already are left out.
func (v *visit) lists(f *layout.Frame, home *family.Family, child *family.Child, talk *family.Talk, booked []rules.AppointmentView, chosen []request, days []family.DaySummary) []listView {
	style := timeStyle{days: len(days) > 1, dates: weekdayTwice(days)}
	options := slices.DeleteFunc(bySubject(talk.Options), func(option family.TalkOption) bool {
		return slices.ContainsFunc(booked, func(a rules.AppointmentView) bool { return sharesStaff(a.Staff, option.Staff) })
	})
	if singleList(talk) && len(options) > 1 {
		list := listView{Name: talkField(child.ID, talk.Kind), Label: f.T("choose.teacher_and_time"), Empty: f.T("choose.no_time"), Wide: true}
		for _, option := range options {
			v.addTimes(&list, home, child, talk, option, chosen, timeStyle{named: true, days: style.days, dates: style.dates})
		}
		list.finish(f)
		return []listView{list}
	}
	lists := make([]listView, 0, len(options))
	for _, option := range options {
		list := listView{
			Name: setField(child.ID, talk.Kind, staffIDs(option.Staff)), Label: v.optionLabel(f, option), Empty: f.T("choose.no_time"),
		}
		v.addTimes(&list, home, child, talk, option, chosen, style)
		list.finish(f)
		lists = append(lists, list)
	}
	return lists
}

// bySubject puts what can be chosen in the order in which a parent looks for it: by the name of the subject.
func bySubject(options []family.TalkOption) []family.TalkOption {
	return slices.SortedStableFunc(slices.Values(options), func(a, b family.TalkOption) int {
		return strings.Compare(strings.ToLower(a.Subject), strings.ToLower(b.Subject))
	})
}

func sharesStaff(one, other []rules.StaffName) bool {
	return slices.ContainsFunc(one, func(member rules.StaffName) bool { return slices.Contains(other, member) })
}

func (l *listView) finish(f *layout.Frame) {
	if len(l.Groups) == 0 {
		l.Full = f.T("choose.full")
	}
}

// choose chooses a time of the list, if it is there.
func (l *listView) choose(value string) {
	for _, group := range l.Groups {
		for i := range group.Options {
			group.Options[i].Selected = group.Options[i].Value == value
		}
	}
}

// chosenTime is the time of a list that is chosen; empty where there is none.
func (l *listView) chosenTime() string {
	for _, group := range l.Groups {
		for _, option := range group.Options {
			if option.Selected {
				return option.Value
			}
		}
	}
	return ""
}

// fold folds the lists of a talk away where they are many and nothing of them is chosen or wrong.
func (t *talkView) fold(f *layout.Frame, talk *family.Talk) {
	if !folds(talk, len(t.Lists)) {
		return
	}
	t.Fold = f.N("choose.fold", len(t.Lists))
	t.Open = slices.ContainsFunc(t.Lists, func(list listView) bool { return list.Error != "" || list.chosenTime() != "" })
}

// timeStyle is how times stand in a list. A closed list shows only the chosen time, so it says what the list's label does not: the teachers where there
// is a choice of them, the day where there are several.
type timeStyle struct {
	named, days bool
	dates       bool // with the date: a weekday comes twice
}

// weekdayTwice reports whether two of the days fall on one weekday, in different weeks.
func weekdayTwice(days []family.DaySummary) bool {
	seen := map[time.Weekday]string{}
	for _, day := range days {
		date, err := time.Parse(time.DateOnly, day.Date)
		if other, ok := seen[date.Weekday()]; err == nil && ok && other != day.Date {
			return true
		}
		seen[date.Weekday()] = day.Date
	}
	return false
}

// timeText writes a time in a list; staff are the teachers' names.
func timeText(dates language.Dates, start time.Time, staff string, style timeStyle) string {
	text := dates.Time(start)
	if style.days {
		day := dates.ShortDate(start)
		if !style.dates {
			day, _, _ = strings.Cut(day, " ")
		}
		text = day + " " + text
	}
	if style.named {
		text += ", " + staff
	}
	return text
}

// addTimes adds the free times of a set of teachers to a list, by day. A time that was chosen before and is not free any more is told.
func (v *visit) addTimes(list *listView, home *family.Family, child *family.Child, talk *family.Talk, option family.TalkOption, chosen []request, style timeStyle) {
	wanted := request{pupil: child.ID, kind: talk.Kind, staff: staffIDs(option.Staff)}
	index := slices.IndexFunc(chosen, wanted.sameTalk)
	found, dates, staff, ids := false, v.dates(), v.staffList(option.Staff), staffText(wanted.staff)
	for i, slot := range option.Free {
		if i == 0 || slot.Day != option.Free[i-1].Day {
			label := dates.Date(slot.Start)
			if style.named {
				label = staff + ", " + label
			}
			list.Groups = append(list.Groups, groupView{Label: label})
		}
		tick, _ := models.TickAt(slot.Start)
		one := optionView{Value: tickText(tick), Text: timeText(dates, slot.Start, staff, style)}
		if style.named {
			one.Value += ids
		}
		if index >= 0 && chosen[index].start == tick {
			one.Selected, found = true, true
		}
		last := &list.Groups[len(list.Groups)-1]
		last.Options = append(last.Options, one)
	}
	if index >= 0 && !found {
		gone := "choose.gone"
		if busyAt(home, offered{choice: chosen[index], child: child, talk: talk}) {
			gone = "choose.busy"
		}
		list.Error = v.Text.Text(gone, map[string]any{
			"Child": child.Given, "Staff": staff, "Time": dates.DateTime(chosen[index].time()),
		})
	}
}

// fullBox names the talks that the school counts on and for which no time is free any more, with whom to ask: such a talk must not vanish from an evening
// without a word.
type fullBox struct {
	Full  []string
	visit *visit
}

// Contact is how the school is asked. It is looked up where it is said only.
func (b fullBox) Contact() *schoolContact { return b.visit.schoolContact() }

// full looks for them. What is booked elsewhere may be just that talk, so it is not named for such a child; nor is what was asked for, which a plan tells itself.
func (v *visit) full(home *family.Family, asked []request) fullBox {
	box := fullBox{visit: v}
	for i := range home.Children {
		child := &home.Children[i]
		for j := range child.Talks {
			talk := &child.Talks[j]
			skip := child.BookedElsewhere || talk.Obligation == models.Optional || talk.Left == 0 || conferenceOf(home, talk.Conference).Phase != family.PhaseOpen ||
				slices.ContainsFunc(asked, func(one request) bool { return one.pupil == child.ID && one.kind == talk.Kind })
			if skip || len(bookedFor(home, child, talk)) > 0 {
				continue
			}
			for _, option := range fullOptions(talk) {
				box.Full = append(box.Full, v.Text.Text("plan.missing_talk", map[string]any{
					"Child": child.Given, "Talk": withSubject(talk.Title, option.Subject), "Staff": v.staffList(option.Staff),
				}))
			}
		}
	}
	return box
}

// fullOptions gives what of a talk has no free time: each teacher of a subject by itself, and of others one for all only where none of them has any.
func fullOptions(talk *family.Talk) []family.TalkOption {
	full := slices.DeleteFunc(slices.Clone(talk.Options), func(option family.TalkOption) bool { return len(option.Free) > 0 })
	if len(full) == 0 || full[0].Subject != "" {
		return full
	}
	if len(full) < len(talk.Options) {
		return nil
	}
	for _, option := range full[1:] {
		for _, member := range option.Staff {
			if !slices.Contains(full[0].Staff, member) {
				full[0].Staff = append(slices.Clone(full[0].Staff), member)
			}
		}
	}
	return full[:1]
}

// optionLabel names an option by the subject, which parents know better than the teacher's name, and the teachers.
func (v *visit) optionLabel(f *layout.Frame, option family.TalkOption) string {
	with := f.T("choose.with", "Staff", v.staffList(option.Staff))
	if option.Subject == "" {
		return with
	}
	return option.Subject + ", " + with
}
