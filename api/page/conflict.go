package page

import (
	"net/http"
	"slices"

	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// conflictView is the page on which every talk that could not be booked is named, with what could be instead. The others are kept.
type conflictView struct {
	*frame
	Failing []failingView
	Kept    []dayView
	// Gone are the talks for which there is nothing to choose instead.
	Gone []goneView
	// Elsewhere names the children of whom something is booked that the session may not see; empty where there is none or nothing is gone.
	Elsewhere string
	Hidden    []hidden
	// Plan is a new proposal for everything that was wanted; nil where there is none. It comes first if what could not be booked was a proposal too.
	Plan      *proposalView
	PlanFirst bool
}

// goneView is talks that cannot be booked for one and the same reason.
type goneView struct {
	Reason string
	Talks  []string
}

// failingView is a talk that could not be booked.
type failingView struct {
	ID, Name, Legend, About, Reason string
	Options                         []radioView
}

// radioView is what could be instead.
type radioView struct {
	ID, Value, Text string
	Checked         bool
}

func (v *visit) conflictPage(home *family.Family, chosen []choice, typed typedContact, items []errs.Item) error {
	v.hereIs("/choose", encodeChoices(chosen))
	f := v.frame("conflict.title")
	f.Current = "choose"
	view := &conflictView{frame: f}
	failing := map[int]bool{}
	for _, item := range items {
		if one, ok := chosenBy(chosen, item.Ref); ok {
			failing[slices.IndexFunc(chosen, one.sameChoice)] = true
			view.add(v.failing(f, home, one, item))
		}
	}
	if len(failing) == 0 {
		return errs.New(errs.Internal, "page.items-without-names")
	}
	for _, one := range view.Failing {
		f.blame(one.ID, one.Legend+": "+one.Reason)
	}
	var kept []choice
	for i, one := range chosen {
		if !failing[i] {
			kept = append(kept, one)
		}
	}
	known, _ := offers(home, kept)
	view.Kept = v.days(known)
	// A new key: what is sent now is another booking than the one that failed.
	typed.key = ""
	plan, ask, err := v.newProposal(f, home, chosen, typed, items)
	if err != nil {
		return err
	}
	view.Plan, view.PlanFirst = plan, len(ask.wishes) > 0
	if len(view.Gone) > 0 {
		view.Elsewhere = v.elsewhere(home)
	}
	switch {
	case !view.CanBook() && plan == nil:
		f.Title = f.T("conflict.nothing_title")
	case len(view.Gone) > 0:
		f.blame("gone", f.N("conflict.gone", len(failing)-len(view.Failing)))
	}
	view.Hidden = slices.Concat(hiddenChoices(kept), ask.hidden(), typed.hidden())
	return v.render(http.StatusConflict, "conflict", view)
}

// add sorts a talk that could not be booked: by whether there is anything to choose instead but to leave it.
func (c *conflictView) add(one failingView) {
	if len(one.Options) > 1 {
		c.Failing = append(c.Failing, one)
		return
	}
	at := slices.IndexFunc(c.Gone, func(gone goneView) bool { return gone.Reason == one.Reason })
	if at < 0 {
		at, c.Gone = len(c.Gone), append(c.Gone, goneView{Reason: one.Reason})
	}
	c.Gone[at].Talks = append(c.Gone[at].Talks, one.Legend)
}

// CanBook tells that something is left that can be booked talk by talk.
func (c *conflictView) CanBook() bool { return len(c.Failing)+len(c.Kept) > 0 }

func (c choice) sameChoice(other choice) bool {
	return c.sameTalk(other) && c.start == other.start && c.second == other.second
}

// hidden keeps what was typed and ticked while the family chooses other times.
func (t typedContact) hidden() []hidden {
	fields := []hidden{{"key", newKey(t.key)}}
	for _, typed := range []hidden{{"email", echoed(t.email)}, {"phone", echoed(t.phone)}} {
		if typed.Value != "" {
			fields = append(fields, typed)
		}
	}
	for name, ticked := range map[string]bool{"nearest": t.nearest, "rest": t.rest, "split": t.split} {
		if ticked {
			fields = append(fields, hidden{name, "1"})
		}
	}
	return fields
}

func (v *visit) failing(f *frame, home *family.Family, one choice, item errs.Item) failingView {
	dates := v.dates()
	view := failingView{ID: "failing-" + shortID(one.pupil) + "-" + item.Ref, Name: one.name(), Reason: v.reason(item.Code)}
	view.Legend = f.T("conflict.unknown_talk", "Time", dates.DateTime(one.time()))
	about, known := offerOf(home, one)
	if known {
		view.Legend = f.T("conflict.talk", "Child", about.child.Given, "Staff", v.staffList(about.option.Staff), "Time", dates.Time(one.time()))
		view.About = withSubject(about.talk.Title, about.option.Subject) + ", " + dates.Date(one.time())
	}
	for _, option := range item.Alternatives {
		if instead, ok := v.alternative(home, one, option); ok {
			view.add(instead)
		}
	}
	if keep, ok := keeping(one, item.Code); ok && known {
		view.add(radioView{Value: keep.value(), Text: f.T("conflict.keep_" + item.Code)})
	}
	view.add(radioView{Text: f.T("conflict.skip")})
	return view
}

// add adds an option; the first is ticked, so that one tap takes what is nearest to the wish.
func (f *failingView) add(option radioView) {
	option.ID = f.ID
	if len(f.Options) > 0 {
		option.ID = f.ID + "-" + string(rune('a'+len(f.Options)))
	}
	option.Checked = len(f.Options) == 0
	f.Options = append(f.Options, option)
}

// keeping is the choice as it was, with what would make it possible: a second party, or a quick walk.
func keeping(one choice, reason string) (choice, bool) {
	switch rules.Reason(reason) {
	case rules.ReasonOverlap:
		again := one.second
		one.second = true
		return one, !again
	case rules.ReasonTooFar:
		one.walk = true
		return one, true
	}
	return one, false
}

// alternative makes an option of another time, with other teachers perhaps.
func (v *visit) alternative(home *family.Family, one choice, option errs.Option) (radioView, bool) {
	instead, about, ok := insteadOf(home, one, option)
	if !ok {
		return radioView{}, false
	}
	view := radioView{Value: instead.value(), Text: v.dates().Span(option.Start, about.end().Time())}
	if !v.dates().SameDay(option.Start, one.time()) {
		view.Text = v.dates().DateTime(option.Start)
	}
	if !slices.Equal(sortedStaff(one.staff), sortedStaff(instead.staff)) {
		view.Value += staffText(instead.staff)
		view.Text += ", " + v.text.Text("choose.with", map[string]any{"Staff": v.staffList(about.option.Staff)})
	}
	return view, true
}

// insteadOf reads an alternative of the booking service as a choice.
func insteadOf(home *family.Family, one choice, option errs.Option) (choice, offered, bool) {
	tick, exact := models.TickAt(option.Start)
	one.start, one.staff = tick, nil
	for _, text := range option.Staff {
		member, err := models.Parse[models.StaffID](text)
		if err != nil {
			return one, offered{}, false
		}
		one.staff = append(one.staff, member)
	}
	about, known := offerOf(home, one)
	return one, about, known && exact
}

// reason says in words why an item of a booking could not be.
func (v *visit) reason(code string) string {
	id := "reason." + code
	if text := v.text.Text(id, nil); text != id {
		return text
	}
	return v.text.Text("reason.unknown", nil)
}
