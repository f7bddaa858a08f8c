package parent

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

const (
	// requestPrefix begins the names of fields that hold a wanted talk: w.<pupil>.<talk kind>[.<teacher>...] = 1.
	requestPrefix = "w."
	// The other fields of a plan: from and until when the family can come, on which days, and whether it splits up.
	planPrefix                            = "p."
	planFrom, planUntil, planDay, planTwo = planPrefix + "from", planPrefix + "until", planPrefix + "day.", planPrefix + "two"
	// planTaken says that the talks that come with a plan are a proposal for it, and not times chosen by hand.
	planTaken = planPrefix + "taken"
)

// clockForm is a time as the pages write it.
var clockForm = regexp.MustCompile(`^([01][0-9]|2[0-4]):[0-5][0-9]$`)

// planAsk is what a family asks to be planned. It travels along until the booking is made, so that a time that was taken meanwhile leads to a new plan for
// the same requests.
type planAsk struct {
	requests    []request // without times
	from, until string
	days        []models.DayID
	two         bool
	// taken tells that the talks that come along are a proposal for this.
	taken bool
}

// plan reads what the request brings along of a plan, in its form or its address. A field that is not one the pages write is a bad form.
func (v *visit) plan() (planAsk, error) {
	return decodePlan(v.sent())
}

func decodePlan(f layout.Form) (planAsk, error) {
	ask := planAsk{from: f.Value(planFrom), until: f.Value(planUntil), two: f.Value(planTwo) != "", taken: f.Value(planTaken) != ""}
	for _, clock := range []string{ask.from, ask.until} {
		if clock != "" && !clockForm.MatchString(clock) {
			return planAsk{}, layout.ErrBadForm()
		}
	}
	for name := range f {
		if rest, ok := strings.CutPrefix(name, requestPrefix); ok {
			request, known := decodeName(choicePrefix + rest)
			if !known {
				return planAsk{}, layout.ErrBadForm()
			}
			ask.requests = append(ask.requests, request)
		}
		if rest, ok := strings.CutPrefix(name, planDay); ok {
			day, known := readShortID[models.DayID](rest)
			if !known {
				return planAsk{}, layout.ErrBadForm()
			}
			ask.days = append(ask.days, day)
		}
	}
	if len(ask.requests) > maxChoices || len(ask.days) > maxChoices {
		return planAsk{}, layout.ErrBadForm()
	}
	slices.SortFunc(ask.requests, func(a, b request) int { return strings.Compare(a.name(), b.name()) })
	slices.SortFunc(ask.days, models.DayID.Compare)
	return ask, nil
}

func requestName(request request) string {
	return requestPrefix + strings.TrimPrefix(request.name(), choicePrefix)
}

// hidden writes a plan as fields of a form.
func (a planAsk) hidden() []layout.Hidden {
	var fields []layout.Hidden
	for _, request := range a.requests {
		fields = append(fields, layout.Hidden{Name: requestName(request), Value: "1"})
	}
	for _, clock := range []layout.Hidden{{Name: planFrom, Value: a.from}, {Name: planUntil, Value: a.until}} {
		if clock.Value != "" {
			fields = append(fields, clock)
		}
	}
	for _, day := range a.days {
		fields = append(fields, layout.Hidden{Name: planDay + shortID(day), Value: "1"})
	}
	if a.two {
		fields = append(fields, layout.Hidden{Name: planTwo, Value: "1"})
	}
	if a.taken {
		fields = append(fields, layout.Hidden{Name: planTaken, Value: "1"})
	}
	return fields
}

// question asks the booking service. The requests come in the order of the page: what the school wants most first.
func (a planAsk) question(home *family.Family) family.Question {
	question := family.Question{Parties: 1}
	if a.two {
		question.Parties = 2
	}
	for _, request := range a.requests {
		question.Talks = append(question.Talks, family.TalkRequest{Ref: requestName(request), Pupil: request.pupil, TalkKind: request.kind, Staff: request.staff})
	}
	order := func(request family.TalkRequest) int {
		for _, child := range home.Children {
			for at, talk := range child.Talks {
				if child.ID == request.Pupil && talk.Kind == request.TalkKind {
					return 100*obligationOrder[talk.Obligation] + at
				}
			}
		}
		return 1000
	}
	slices.SortStableFunc(question.Talks, func(a, b family.TalkRequest) int { return order(a) - order(b) })
	days := slices.DeleteFunc(slices.Clone(a.days), func(id models.DayID) bool { return !hasDay(home, id) })
	if len(days) == 0 && (a.from != "" || a.until != "") {
		days = []models.DayID{{}} // every day
	}
	for _, day := range days {
		for _, same := range sameDate(home, day) {
			question.Windows = append(question.Windows, family.Window{Day: same, From: a.from, Until: a.until})
		}
	}
	return question
}

var obligationOrder = map[models.Obligation]int{models.Required: 0, models.Expected: 1, models.Optional: 2}

// sameDate gives the days of all conferences that are on the date of a day, the day included.
func sameDate(home *family.Family, id models.DayID) []models.DayID {
	if id.IsZero() {
		return []models.DayID{id}
	}
	date, days := "", []models.DayID(nil)
	for round := range 2 {
		for _, conference := range home.Conferences {
			for _, day := range conference.Days {
				switch {
				case round == 0 && day.ID == id:
					date = day.Date
				case round == 1 && day.Date == date:
					days = append(days, day.ID)
				}
			}
		}
	}
	return days
}

func hasDay(home *family.Family, id models.DayID) bool {
	return slices.ContainsFunc(home.Conferences, func(conference family.ConferenceSummary) bool {
		return slices.ContainsFunc(conference.Days, func(day family.DaySummary) bool { return day.ID == id })
	})
}

// planView is the page with the proposals.
type planView struct {
	*layout.Frame
	fullBox
	Card      *planCard
	Hidden    []layout.Hidden // what was chosen by hand and typed before
	Proposals []proposalView
	Missing   []missingView // where there is no proposal at all
	// MissingHeading is what stands above the missing talks.
	MissingHeading string
	Unproven       bool // so many talks that nobody can know whether this is the best
}

// Second tells that the form of the requests is not what the page is for first.
func (p *planView) Second() bool { return len(p.Proposals) > 0 }

// showPlan shows the proposals for what the address asks.
func showPlan(v *visit) error {
	return v.planPage(http.StatusOK)
}

// postPlan takes the requests to an address of their own, so that the page can be loaded again. What was typed before must not stand in an address.
func postPlan(v *visit) error {
	if _, err := v.plan(); err != nil {
		return err
	}
	if len(v.typedFields()) > 0 {
		return v.planPage(http.StatusOK)
	}
	query := v.chosenFields()
	query.Del(planTaken)
	return v.Redirect(v.Path("/plan"), query)
}

func againPlan(v *visit) error { return v.planPage(http.StatusOK) }

func (v *visit) planPage(status int) error {
	ask, err := v.plan()
	if err != nil {
		return err
	}
	chosen, err := decodeChoices(v.sent())
	if err != nil {
		return err
	}
	home, err := v.family()
	if err != nil || home == nil {
		return err
	}
	if len(ask.requests) > 0 && !slices.ContainsFunc(ask.requests, func(one request) bool { _, own := ownOf(home, one); return !own }) {
		return v.haveIt()
	}
	f := v.frame("plan.title")
	f.Current, f.Filled = "choose", true
	view := &planView{Frame: f, fullBox: v.full(home, ask.requests), Card: v.planCard(f, home, ask), MissingHeading: f.T("plan.missing"), Hidden: append(hiddenChoices(chosen), v.typedFields()...)}
	if view.Card == nil {
		return v.Redirect(v.Path("/choose"), nil)
	}
	switch {
	case len(ask.requests) == 0 && !view.Card.anyTicked():
		view.Blame(view.Card.firstTick(), view.T("plan.nothing_ticked"))
	case ask.from != "" && ask.until != "" && ask.until <= ask.from:
		view.Blame("p-until", view.T("plan.until_before_from"))
	}
	if len(view.Problems) > 0 {
		view.Card.Open = true
		return v.Render(http.StatusUnprocessableEntity, "plan", view)
	}
	if len(ask.requests) == 0 {
		ask.requests = view.Card.ticked()
	}
	found, err := v.pages.config.Booking.Families.Propose(v.Echo.Request().Context(), v.actor, ask.question(home))
	if errs.KindOf(err) == errs.NotFound && err != nil {
		// Somebody else logged in, or the offer changed.
		return v.Redirect(v.Path("/choose"), withAnd(url.Values{}, "kept"))
	}
	if err != nil {
		return err
	}
	ask.taken = true
	carried := append(ask.hidden(), v.typedFields()...)
	good := v.goodAt(f, found.Proposals)
	for i, proposal := range found.Proposals {
		one := v.proposalView(f, home, i+1, proposal, carried)
		one.Good = good[i]
		view.Proposals = append(view.Proposals, one)
	}
	view.Unproven = len(found.Proposals) > 0 && !found.Proposals[0].Proven && len(found.Requests) > 12
	if len(found.Proposals) == 0 {
		view.Missing = v.missingViews(f, home, found.Missing)
	}
	return v.Render(status, "plan", view)
}
