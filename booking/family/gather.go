package family

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// proposer is one run of a question: what is read in the transaction, and what is worked out afterwards.
type proposer struct {
	rules.Viewer
	zone       *time.Location        // the school's
	tx         *store.Tx             // good while the transaction runs
	only       *programme.Conference // where the question is about one conference, in whatever state
	question   *Question
	popularity *popularity
	grants     []models.Grant
	visible    []models.Appointment
	state      *rules.Arrangement // as far as the session may know it
	windows    map[models.DayID][]rules.Span
	requests   []*timedRequest
	kept       []keptPlacement
	missing    []MissingTalk // found out before anything is planned
	prices     *slotPrices
}

// timedRequest is a request with the times at which it could be, given what is there already.
type timedRequest struct {
	asked   TalkRequest
	request *rules.Request
	sets    []rules.StaffSet // that would do
	rank    int              // among the requests of the child, from 1
	places  [3][]pricedPlacement
}

// pricedPlacement is a possible time of a talk, and what it costs the others, in minutes of waiting.
type pricedPlacement struct {
	rules.Placement
	price float64
}

// keptPlacement is a talk at a time that the family chose.
type keptPlacement struct {
	item appointment.Request
	rules.Placement
}

func (w *proposer) gather() error {
	w.zone = w.tx.School().Location()
	if err := w.gatherFamily(); err != nil {
		return err
	}
	if err := w.gatherWindows(); err != nil {
		return err
	}
	if len(w.question.Talks) == 0 && len(w.question.Keep) == 0 {
		w.question.Talks = named(w.expected())
	}
	var all []*rules.Request
	for _, asked := range w.question.Talks {
		talk, err := w.requestFor(asked)
		if err != nil {
			return err
		}
		w.requests = append(w.requests, w.want(asked, talk))
		all = append(all, talk)
	}
	var keep []*rules.Request
	for _, item := range w.question.Keep {
		talk, err := w.requestFor(TalkRequest{Pupil: item.Pupil, TalkKind: item.TalkKind})
		if err != nil {
			return err
		}
		talk.Party, talk.Ref = item.Party, item.Ref
		keep = append(keep, talk)
	}
	if err := w.load(append(all, keep...)); err != nil {
		return err
	}
	for i, talk := range keep {
		w.keep(w.question.Keep[i], talk)
	}
	return w.gatherPrices()
}

// gatherFamily finds the families that the actor may ask for, and what they have as far as it may see.
func (w *proposer) gatherFamily() error {
	grants := w.Actor.Grants
	if rules.ActsForFamilies(w.Actor) {
		grants = []models.Grant{{Household: w.question.Household, Confirmed: true}}
	}
	look := &familyLook{Viewer: w.Viewer, tx: w.tx, grants: grants}
	if err := look.checkHouseholds(); err != nil {
		return err
	}
	if err := look.appointments(); err != nil {
		return err
	}
	w.grants, w.visible = look.grants, look.visible
	return nil
}

// gatherWindows turns the family's times into ticks of each day; without any, the map stays nil.
func (w *proposer) gatherWindows() error {
	for i, window := range w.question.Windows {
		if w.windows == nil {
			w.windows = map[models.DayID][]rules.Span{}
		}
		known := window.Day.IsZero()
		for _, conference := range w.Programme.Conferences() {
			for _, day := range conference.Days {
				if !window.Day.IsZero() && window.Day != day.ID {
					continue
				}
				known = true
				open, err := familySpan(day, window, w.zone, "windows["+strconv.Itoa(i)+"]")
				if err != nil {
					return err
				}
				w.windows[day.ID] = append(w.windows[day.ID], open)
			}
		}
		if !known {
			return errs.InvalidField("windows["+strconv.Itoa(i)+"].day", errs.CodeUnknown)
		}
	}
	return nil
}

// DayTicks is how long a day's grid can be: an evening may end in the small hours.
const DayTicks = models.Tick(30 * 12)

func familySpan(day *models.Day, window Window, zone *time.Location, field string) (rules.Span, error) {
	open, err := rules.WallTick(day.Date, cmp.Or(window.From, "00:00"), zone, field+".from")
	if err != nil {
		return rules.Span{}, err
	}
	if window.Until == "" {
		return rules.Span{Start: open, End: open + DayTicks}, nil
	}
	return rules.SpanOf(day.Date, rules.Window{From: cmp.Or(window.From, "00:00"), Until: window.Until}, zone, field)
}

// offer fills in what the pupil is offered; nothing where the household may not book for the pupil.
func (w *proposer) offer(talk *rules.Request) {
	if rules.Bookable(w.People, talk.Pupil, talk.Household, w.Now.In(w.tx.School().Location()).Format(time.DateOnly)) {
		talk.Offered = rules.OffersOf(w.People, talk.Conference, talk.Kind, talk.Pupil)
		talk.Days = rules.DaysFor(w.People, talk.Conference, talk.Pupil, w.People.Members(talk.Household))
	}
}

// requestFor finds what a request is about. What is not there or not the actor's is not found, as in a booking.
func (w *proposer) requestFor(asked TalkRequest) (*rules.Request, error) {
	pupil, known := w.People.Pupil(asked.Pupil)
	at := slices.IndexFunc(w.grants, func(grant models.Grant) bool {
		return slices.Contains(grant.Pupils, asked.Pupil) && slices.Contains(w.People.Members(grant.Household), asked.Pupil)
	})
	if !known || at < 0 {
		return nil, errs.New(errs.NotFound, errs.CodeNoChild)
	}
	talk := &rules.Request{Ref: asked.Ref, Pupil: pupil, Household: w.grants[at].Household, Party: 1}
	for _, conference := range w.Programme.Conferences() {
		if kind, ok := conference.TalkKind(asked.TalkKind); ok && (conference.State != models.ConferenceDraft || rules.ActsForFamilies(w.Actor)) {
			talk.Conference, talk.Kind = conference, kind
		}
	}
	if talk.Kind == nil {
		return nil, errs.New(errs.NotFound, "booking.no-such-talk")
	}
	w.offer(talk)
	return talk, nil
}

// want notes with whom a talk could be. Where any teachers will do, no more of them sit in it than must.
func (w *proposer) want(asked TalkRequest, talk *rules.Request) *timedRequest {
	wanted := &timedRequest{asked: asked, request: talk, rank: 1}
	for _, other := range w.requests {
		if other.request.Pupil.ID == asked.Pupil {
			wanted.rank++
		}
	}
	if set := rules.NewStaffSet(asked.Staff...); len(set) > 0 {
		if slices.ContainsFunc(talk.Offered, set.Equal) {
			wanted.sets = []rules.StaffSet{set}
		}
		return wanted
	}
	for _, set := range talk.Offered {
		if len(wanted.sets) > 0 && len(set) < len(wanted.sets[0]) {
			wanted.sets = nil
		}
		if len(wanted.sets) == 0 || len(set) == len(wanted.sets[0]) {
			wanted.sets = append(wanted.sets, set)
		}
	}
	return wanted
}

// load finds out who is busy when, as far as the session may know: the school's people, the families' own appointments that it sees, and everything of
// households that are confirmed.
func (w *proposer) load(talks []*rules.Request) error {
	w.state = rules.NewArrangement(w.People, w.Programme, w.Now)
	w.state.ByStaff = rules.ActsForFamilies(w.Actor)
	w.state.Confirmed = map[models.HouseholdID]bool{}
	var confirmed []*rules.Request
	for _, grant := range w.grants {
		w.state.Confirmed[grant.Household] = grant.Confirmed
	}
	for _, talk := range talks {
		if !w.state.Confirmed[talk.Household] {
			continue
		}
		for party := range w.question.Parties {
			same := *talk
			same.Party = party + 1
			confirmed = append(confirmed, &same)
		}
	}
	if err := appointment.LoadSchoolClaims(w.tx, w.state, talks); err != nil {
		return err
	}
	if err := appointment.LoadFamilyClaims(w.tx, w.state, confirmed); err != nil {
		return err
	}
	for i := range w.visible {
		row := &w.visible[i]
		for _, holder := range w.state.FamilyHolders(row.HouseholdID, row.Party, row.StaffIDs) {
			w.state.Occupy(holder, row.StartTick, row.EndTick)
		}
		w.state.Talks = append(w.state.Talks, rules.FamilyTalkOf(w.Programme, row))
	}
	return nil
}

// keep puts a talk where the family chose it. One that cannot be there is missing.
func (w *proposer) keep(item appointment.Request, talk *rules.Request) {
	found, reason := w.state.Find(talk, rules.Choice{Staff: rules.NewStaffSet(item.Staff...), Start: rules.ExactTick(item.Start)})
	if reason == "" {
		reason = w.state.Check(found)
	}
	if reason == "" {
		w.state.Take(found)
		w.kept = append(w.kept, keptPlacement{item, found})
		return
	}
	asked := TalkRequest{Ref: item.Ref, Pupil: item.Pupil, TalkKind: item.TalkKind, Staff: item.Staff}
	w.missing = append(w.missing, w.missed(asked, talk, []rules.StaffSet{rules.NewStaffSet(item.Staff...)}, missingFor[reason]))
}

// missingFor says of a reason why a talk is missing then.
var missingFor = map[rules.Reason]MissingReason{
	rules.ReasonTaken: MissingFull, rules.ReasonOverlap: MissingOwn, rules.ReasonTooFar: MissingOwn, rules.ReasonLimit: MissingLimit, rules.ReasonClosed: MissingClosed,
	rules.ReasonNotOffered: MissingNotOffered,
}

func (w *proposer) missed(asked TalkRequest, talk *rules.Request, sets []rules.StaffSet, reason MissingReason) MissingTalk {
	var everybody []models.StaffID
	for _, set := range sets {
		everybody = append(everybody, set...)
	}
	return MissingTalk{
		Request: asked, Title: talk.Kind.Details.Title, Child: talk.Pupil.Details.Given, Staff: w.Staff(rules.NewStaffSet(everybody...)), Reason: reason,
	}
}
