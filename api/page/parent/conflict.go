package parent

import (
	"net/http"
	"slices"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// conflictView is the page on which every talk that could not be booked is named, with what could be instead. The others are kept.
type conflictView struct {
	*layout.Frame
	Failing []failingView
	Kept    dayViews
	// Gone are the talks for which there is nothing to choose instead.
	Gone []goneView
	// Elsewhere names the children of whom something is booked that the session may not see; empty where there is none or nothing is gone.
	Elsewhere string
	Hidden    []layout.Hidden
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

func (v *visit) conflictPage(home *family.Family, chosen []request, items []errs.Item) error {
	f := v.frame("conflict.title")
	f.Current, f.Filled = "choose", true
	view := &conflictView{Frame: f}
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
		f.Blame(one.ID, one.Legend+": "+one.Reason)
	}
	var kept []request
	for i, one := range chosen {
		if !failing[i] {
			kept = append(kept, one)
		}
	}
	known, _ := offers(home, kept)
	view.Kept = v.days(home, known)
	// With a new key: what is sent now is another booking than the one that failed.
	carried := append(v.typedFields(), layout.Hidden{Name: "key", Value: newKey("")})
	plan, ask, err := v.newProposal(f, home, chosen, carried, items)
	if err != nil {
		return err
	}
	view.Plan, view.PlanFirst = plan, ask.taken
	if len(view.Gone) > 0 {
		view.Elsewhere = v.elsewhere(home)
	}
	switch {
	case !view.CanBook() && plan == nil:
		f.Title = f.T("conflict.nothing_title")
	case len(view.Gone) > 0:
		f.Blame("gone", f.N("conflict.gone", len(failing)-len(view.Failing)))
	}
	view.Hidden = slices.Concat(hiddenChoices(kept), ask.hidden(), carried)
	return v.Render(http.StatusConflict, "conflict", view)
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

func (c request) sameChoice(other request) bool {
	return c.sameTalk(other) && c.start == other.start && c.second == other.second
}

func (v *visit) failing(f *layout.Frame, home *family.Family, one request, item errs.Item) failingView {
	dates := v.dates()
	view := failingView{ID: "failing-" + shortID(one.pupil) + "-" + item.Ref, Name: one.name(), Reason: v.reason(home, one, item.Code)}
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

// add adds an option; the first is ticked, so that one tap takes what is nearest to the request.
func (f *failingView) add(option radioView) {
	option.ID = f.ID
	if len(f.Options) > 0 {
		option.ID = f.ID + "-" + string(rune('a'+len(f.Options)))
	}
	option.Checked = len(f.Options) == 0
	f.Options = append(f.Options, option)
}

// keeping is the choice as it was, with what would make it possible: a second party, or a quick walk.
func keeping(one request, reason string) (request, bool) {
	switch rules.Reason(reason) {
	case rules.ReasonOverlap:
		again := one.second
		one.second = true
		return one, !again
	case rules.ReasonTooFar:
		one.walk = true
		return one, true
	default:
		return one, false
	}
}

// alternative makes an option of another time, with other teachers perhaps.
func (v *visit) alternative(home *family.Family, one request, option errs.Option) (radioView, bool) {
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
		view.Text += ", " + v.Text.Text("choose.with", map[string]any{"Staff": v.staffList(about.option.Staff)})
	}
	return view, true
}

// insteadOf reads an alternative of the booking service as a choice.
func insteadOf(home *family.Family, one request, option errs.Option) (request, offered, bool) {
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
func (v *visit) reason(home *family.Family, one request, code string) string {
	if own, ok := ownOf(home, one); ok && rules.Reason(code) == rules.ReasonLimit {
		return v.Text.Text("reason.have", map[string]any{"Time": v.dates().DateTime(own.Start)})
	}
	return v.reasonOf(code)
}

func (v *visit) reasonOf(code string) string {
	id := "reason." + code
	if text := v.Text.Text(id, nil); text != id {
		return text
	}
	return v.Text.Text("reason.unknown", nil)
}

// lasting are the reasons that another time does not help with: a talk that was refused for one of them is not planned again.
var lasting = []rules.Reason{rules.ReasonLimit, rules.ReasonClosed, rules.ReasonNotOffered}

// newProposal plans anew what could not be booked, from the state as it is now: the requests of the plan that it came from, or the talks that were chosen by
// hand. Times that were refused are not proposed again, even if the session may not know why. It gives nothing where there is nothing to plan.
func (v *visit) newProposal(f *layout.Frame, home *family.Family, chosen []request, carried []layout.Hidden, items []errs.Item) (*proposalView, planAsk, error) {
	ask, err := v.plan()
	if err != nil || !ask.taken && len(chosen) < 2 {
		return nil, ask, err
	}
	again := ask
	if again.taken = true; !ask.taken {
		again.requests = nil
		for _, one := range chosen {
			again.requests = append(again.requests, request{pupil: one.pupil, kind: one.kind, staff: one.staff})
			again.two = again.two || one.second
		}
	}
	again.two = again.two || v.Form.Value("split") != ""
	question := again.question(home)
	question.Most = 1
	for _, item := range items {
		one, ok := chosenBy(chosen, item.Ref)
		if !ok {
			continue
		}
		if !slices.Contains(lasting, rules.Reason(item.Code)) {
			question.Refused = append(question.Refused, appointment.Request{Pupil: one.pupil, TalkKind: one.kind, Staff: one.staff, Start: one.time()})
			continue
		}
		question.Talks = slices.DeleteFunc(question.Talks, func(request family.TalkRequest) bool {
			return request.Pupil == one.pupil && request.TalkKind == one.kind && (len(request.Staff) == 0 || slices.Equal(sortedStaff(request.Staff), sortedStaff(one.staff)))
		})
	}
	if len(question.Talks) == 0 {
		return nil, ask, nil
	}
	found, err := v.pages.config.Booking.Families.Propose(v.Echo.Request().Context(), v.actor, question)
	if _, persons := layout.IsPersons(err); err != nil && persons {
		return nil, ask, nil // the offer changed: what is possible is shown talk by talk
	}
	if err != nil || len(found.Proposals) == 0 {
		return nil, ask, err
	}
	view := v.proposalView(f, home, 1, found.Proposals[0], append(again.hidden(), carried...))
	if v.otherDay(chosen, found.Proposals[0]) {
		view.Note = f.T("conflict.other_day")
	}
	view.Heading, view.Take = f.T("conflict.plan"), f.T("conflict.book_plan")
	return &view, ask, nil
}

// otherDay tells that a proposal brings the family to school on a day that it did not choose: that is not to be overlooked in one tap.
func (v *visit) otherDay(chosen []request, proposal family.Proposal) bool {
	return slices.ContainsFunc(proposal.Talks, func(talk family.Placement) bool {
		return !slices.ContainsFunc(chosen, func(one request) bool { return v.dates().SameDay(one.time(), talk.Item.Start) })
	})
}
