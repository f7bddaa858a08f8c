package booking

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// proposing is one run of a question: what is read in the transaction, and what is worked out afterwards.
type proposing struct {
	viewer
	zone       *time.Location        // the school's
	tx         *store.Tx             // good while the transaction runs
	only       *programme.Conference // where the question is about one conference, in whatever state
	question   *ProposalQuestion
	popularity *popularity
	grants     []models.Grant
	visible    []models.Appointment
	state      *arrangement // as far as the session may know it
	windows    map[models.DayID][]span
	wanted     []*wantedTalk
	kept       []keptTalk
	missing    []MissingTalk // found out before anything is planned
	prices     *slotPrices
}

// wantedTalk is a wish with the times at which it could be, given what is there already.
type wantedTalk struct {
	wish   TalkWish
	talk   *wish
	sets   []staffSet // that would do
	rank   int        // among the wishes of the child, from 1
	places [3][]priced
}

// priced is a possible time of a talk, and what it costs the others, in minutes of waiting.
type priced struct {
	placement
	price float64
}

// keptTalk is a talk at a time that the family chose.
type keptTalk struct {
	item MakeItem
	placement
}

func (w *proposing) gather() error {
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
	var all []*wish
	for _, asked := range w.question.Talks {
		talk, err := w.wishFor(asked)
		if err != nil {
			return err
		}
		w.wanted = append(w.wanted, w.want(asked, talk))
		all = append(all, talk)
	}
	var keep []*wish
	for _, item := range w.question.Keep {
		talk, err := w.wishFor(TalkWish{Pupil: item.Pupil, TalkKind: item.TalkKind})
		if err != nil {
			return err
		}
		talk.party, talk.ref = item.Party, item.Ref
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
func (w *proposing) gatherFamily() error {
	grants := w.actor.Grants
	if actsForFamilies(w.actor) {
		grants = []models.Grant{{Household: w.question.Household, Confirmed: true}}
	}
	look := &familyLook{viewer: w.viewer, tx: w.tx, grants: grants}
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
func (w *proposing) gatherWindows() error {
	for i, window := range w.question.Windows {
		if w.windows == nil {
			w.windows = map[models.DayID][]span{}
		}
		known := window.Day.IsZero()
		for _, conference := range w.plan.Conferences() {
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
			return errs.InvalidField("windows["+strconv.Itoa(i)+"].day", "unknown")
		}
	}
	return nil
}

// dayTicks is how long a day's grid can be: an evening may end in the small hours.
const dayTicks = models.Tick(30 * 12)

func familySpan(day *models.Day, window FamilyWindow, zone *time.Location, field string) (span, error) {
	open, err := wallTick(day.Date, cmp.Or(window.From, "00:00"), zone, field+".from")
	if err != nil {
		return span{}, err
	}
	if window.Until == "" {
		return span{start: open, end: open + dayTicks}, nil
	}
	return spanOf(day.Date, Window{From: cmp.Or(window.From, "00:00"), Until: window.Until}, zone, field)
}

// offer fills in what the pupil is offered; nothing where the household may not book for the pupil.
func (w *proposing) offer(talk *wish) {
	if bookable(w.people, talk.pupil, talk.household, w.now.In(w.tx.School().Location()).Format(time.DateOnly)) {
		talk.offered = offersOf(w.people, talk.conference, talk.kind, talk.pupil)
		talk.days = daysFor(w.people, talk.conference, talk.pupil, w.people.Members(talk.household))
	}
}

// wishFor finds what a wish is about. What is not there or not the actor's is not found, as in a booking.
func (w *proposing) wishFor(asked TalkWish) (*wish, error) {
	pupil, known := w.people.Pupil(asked.Pupil)
	at := slices.IndexFunc(w.grants, func(grant models.Grant) bool {
		return slices.Contains(grant.Pupils, asked.Pupil) && slices.Contains(w.people.Members(grant.Household), asked.Pupil)
	})
	if !known || at < 0 {
		return nil, errs.New(errs.NotFound, "booking.no-such-child")
	}
	talk := &wish{ref: asked.Ref, pupil: pupil, household: w.grants[at].Household, party: 1}
	for _, conference := range w.plan.Conferences() {
		if kind, ok := conference.TalkKind(asked.TalkKind); ok && (conference.State != models.ConferenceDraft || actsForFamilies(w.actor)) {
			talk.conference, talk.kind = conference, kind
		}
	}
	if talk.kind == nil {
		return nil, errs.New(errs.NotFound, "booking.no-such-talk")
	}
	w.offer(talk)
	return talk, nil
}

// want notes with whom a talk could be. Where any teachers will do, no more of them sit in it than must.
func (w *proposing) want(asked TalkWish, talk *wish) *wantedTalk {
	wanted := &wantedTalk{wish: asked, talk: talk, rank: 1}
	for _, other := range w.wanted {
		if other.talk.pupil.ID == asked.Pupil {
			wanted.rank++
		}
	}
	if set := newStaffSet(asked.Staff...); len(set) > 0 {
		if slices.ContainsFunc(talk.offered, set.equal) {
			wanted.sets = []staffSet{set}
		}
		return wanted
	}
	for _, set := range talk.offered {
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
func (w *proposing) load(talks []*wish) error {
	w.state = newArrangement(w.people, w.plan, w.now)
	w.state.byStaff = actsForFamilies(w.actor)
	w.state.confirmed = map[models.HouseholdID]bool{}
	var confirmed []*wish
	for _, grant := range w.grants {
		w.state.confirmed[grant.Household] = grant.Confirmed
	}
	for _, talk := range talks {
		if !w.state.confirmed[talk.household] {
			continue
		}
		for party := range w.question.Parties {
			same := *talk
			same.party = party + 1
			confirmed = append(confirmed, &same)
		}
	}
	if err := holdSchoolClaims(w.tx, w.state, talks); err != nil {
		return err
	}
	if err := holdFamilyClaims(w.tx, w.state, confirmed); err != nil {
		return err
	}
	for i := range w.visible {
		row := &w.visible[i]
		for _, holder := range w.state.familyHolders(row.HouseholdID, row.Party, row.StaffIDs) {
			w.state.hold(holder, row.StartTick, row.EndTick)
		}
		w.state.visits = append(w.state.visits, visitOf(w.plan, row))
	}
	return nil
}

// keep puts a talk where the family chose it. One that cannot be there is missing.
func (w *proposing) keep(item MakeItem, talk *wish) {
	found, reason := w.state.find(talk, choice{newStaffSet(item.Staff...), exactTick(item.Start)})
	if reason == "" {
		reason = w.state.check(found)
	}
	if reason == "" {
		w.state.take(found)
		w.kept = append(w.kept, keptTalk{item, found})
		return
	}
	asked := TalkWish{Ref: item.Ref, Pupil: item.Pupil, TalkKind: item.TalkKind, Staff: item.Staff}
	w.missing = append(w.missing, w.missed(asked, talk, []staffSet{newStaffSet(item.Staff...)}, missingFor[reason]))
}

// missingFor says of a reason why a talk is missing then.
var missingFor = map[Reason]MissingReason{
	ReasonTaken: MissingFull, ReasonOverlap: MissingOwn, ReasonTooFar: MissingOwn, ReasonLimit: MissingLimit, ReasonClosed: MissingClosed,
	ReasonNotOffered: MissingNotOffered,
}

func (w *proposing) missed(asked TalkWish, talk *wish, sets []staffSet, reason MissingReason) MissingTalk {
	var everybody []models.StaffID
	for _, set := range sets {
		everybody = append(everybody, set...)
	}
	return MissingTalk{
		Wish: asked, Title: talk.kind.Details.Title, Child: talk.pupil.Details.Given, Staff: w.staff(newStaffSet(everybody...)), Reason: reason,
	}
}
