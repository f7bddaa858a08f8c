package appointment

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/directory"
	"github.com/ouderavond/ouderavond/models/errs"
	"github.com/ouderavond/ouderavond/models/programme"
	"github.com/ouderavond/ouderavond/models/store"
)

// Book carries out a change, all or nothing, in one transaction: the appointments with their claims, the messages, the audit and the stored outcome.
//
// If items cannot be, nothing has changed and the error (errs.Conflict, code "booking.items") names each of them with a reason of the closed list and up
// to three alternatives. An appointment that is not there or not the actor's is errs.NotFound.
func (s *Service) Book(ctx context.Context, actor models.Actor, change Change) (*Outcome, error) {
	if err := change.validate(); err != nil {
		return nil, err
	}
	if !rules.ActsForFamilies(actor) {
		change.Reason = "" // a family owes none, and writes none to itself
	}
	contact, err := typedContact(change.Email, change.Phone)
	if err != nil {
		return nil, err
	}
	if err := s.store.For(actor).Opened(ctx); err != nil {
		return nil, err
	}
	work := bookingWork{actor: actor, change: &change, contact: contact}
	outcome, err := s.book(ctx, work, true)
	if errors.Is(err, errLostRace) {
		outcome, err = s.book(ctx, work, false) // memory was wrong
	}
	if errors.Is(err, errRefused) {
		if refused := s.explain(ctx, work); refused != nil {
			return nil, refused
		}
		outcome, err = s.book(ctx, work, false)
	}
	return outcome, err
}

// book tries a change. In a hurry it asks memory who is busy, and tells only that something is refused, with errRefused: by whom memory knows, and what could be
// instead, is found out later. What is accepted rests on the key of the claims either way.
func (s *Service) book(ctx context.Context, work bookingWork, hurry bool) (*Outcome, error) {
	var outcome *Outcome
	var refused error
	err := s.store.For(work.actor).WriteConcurrent(ctx, func(tx *store.Tx) error {
		work := work
		work.tx, work.hurry = tx, hurry
		var err error
		refused, err = nil, work.run()
		if err == nil {
			outcome = work.outcome
			if !outcome.Replayed {
				tx.AfterCommit(s.wake)
			}
			return nil
		}
		// A refusal because of what the session may not see is counted, so it is no error of the transaction; nothing else was written.
		if asked, spendErr := work.countHidden(err); asked || spendErr != nil {
			refused = err
			return spendErr
		}
		return err
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return nil, err
	}
	return outcome, nil
}

// bookingWork is one run of a change within a transaction.
type bookingWork struct {
	tx      *store.Tx
	actor   models.Actor
	change  *Change
	contact contactGiven
	hurry   bool // a refusal is checked and explained later

	people    *directory.Directory
	programme *programme.Programme
	state     *rules.Arrangement
	present   map[models.AppointmentID]*models.Appointment // what the households have, and what is touched
	requests  []*rules.Request
	placed    []rules.Placement
	outcome   *Outcome
	refusals  []rules.Refusal
	contacts  map[models.HouseholdID][]models.Contact // as far as they were looked up
}

func (w *bookingWork) run() error {
	if replayed, err := w.begin(); err != nil || replayed {
		return err
	}
	others, err := w.lock()
	if err != nil {
		return err
	}
	if others {
		// Who had the locks before may have been the same call, or have changed the same appointments.
		if replayed, err := w.begin(); err != nil || replayed {
			return err
		}
	}
	if err := w.arrange(); err != nil {
		return err
	}
	if err := w.mayAsk(); err != nil {
		return err
	}
	if err := w.resolve(); err != nil {
		return err
	}
	if len(w.refusals) > 0 && !w.restConsented() {
		return w.itemsError()
	}
	return w.record()
}

// begin looks whether the change was made already, and if not gathers what it is about.
func (w *bookingWork) begin() (replayed bool, err error) {
	if w.outcome, err = w.replay(); err != nil || w.outcome != nil {
		return w.outcome != nil, err
	}
	if w.people, err = w.tx.Directory(); err != nil {
		return false, err
	}
	if w.programme, err = w.tx.Programme(); err != nil {
		return false, err
	}
	missing := w.gather()
	if missing == nil {
		return false, nil
	}
	// A twin of this call may have been committed since the first look: then what it cancelled is missing, and its outcome is there.
	if w.outcome, err = w.replay(); err != nil {
		return false, err
	}
	if w.outcome != nil {
		return true, nil
	}
	return false, missing
}

// gather finds the touched appointments and makes wishes of what is asked.
func (w *bookingWork) gather() error {
	w.requests = nil
	touched, err := w.tx.Appointments(store.In("id", w.change.touched()), store.Eq("state", models.AppointmentBooked))
	if err != nil {
		return err
	}
	w.present = map[models.AppointmentID]*models.Appointment{}
	for i := range touched {
		if rules.Sees(w.actor, &touched[i]) && w.ofHousehold(touched[i].HouseholdID) {
			w.present[touched[i].ID] = &touched[i]
		}
	}
	for _, id := range w.change.touched() {
		if w.present[id] == nil {
			return errs.New(errs.NotFound, errs.CodeNoAppointment)
		}
	}
	for _, item := range w.change.Move {
		request, err := w.moveRequest(item)
		if err != nil {
			return err
		}
		w.requests = append(w.requests, request)
	}
	for _, item := range w.change.Make {
		request, err := w.makeRequest(item)
		if err != nil {
			return err
		}
		w.requests = append(w.requests, request)
	}
	return nil
}

// ofHousehold keeps staff who book for one family from touching another's appointment by a wrong id.
func (w *bookingWork) ofHousehold(household models.HouseholdID) bool {
	return w.change.Household.IsZero() || w.change.Household == household
}

// arrange loads who is busy and what the families have, without what is moved or cancelled.
func (w *bookingWork) arrange() error {
	households := w.households()
	w.state = rules.NewArrangement(w.people, w.programme, w.tx.Now())
	w.state.ByStaff = rules.ActsForFamilies(w.actor)
	w.state.MayWalk = w.change.AcceptWalking
	w.state.ByMemory, w.state.ByRows = w.hurry, !w.hurry
	w.state.Confirmed = map[models.HouseholdID]bool{}
	for _, household := range households {
		grant, _ := w.actor.Grant(household)
		w.state.Confirmed[household] = grant.Confirmed || w.state.ByStaff
	}
	appointments, err := w.tx.Appointments(store.In("household_id", households), store.Eq("state", models.AppointmentBooked))
	if err != nil {
		return err
	}
	released := w.change.touched()
	for i := range appointments {
		if appointment := &appointments[i]; !slices.Contains(released, appointment.ID) {
			present := rules.FamilyTalkOf(w.programme, appointment)
			present.Hidden = !rules.Sees(w.actor, appointment)
			w.state.Talks = append(w.state.Talks, present)
		}
	}
	if w.change.Nearest {
		return loadClaims(w.tx, w.state, w.requests, released)
	}
	return loadAsked(w.tx, w.state, w.requests, released)
}

// lock keeps away who books for the same households and pupils. It tells whether somebody may have done so since the transaction began.
//
// Teachers are locked only where two who book at once would otherwise be in one another's way again and again, looking for the nearest time, or could wait for
// one another, because they give times up and take others. Else the claims decide who was quicker: a popular teacher's row would make everybody wait for each
// other's flush to disk.
func (w *bookingWork) lock() (others bool, err error) {
	var pupils []models.PupilID
	var staff []models.StaffID
	for _, appointment := range w.present {
		pupils, staff = append(pupils, appointment.PupilID), append(staff, appointment.StaffIDs...)
	}
	for _, request := range w.requests {
		pupils = append(pupils, request.Pupil.ID)
		if len(w.present) > 0 || request.Nearest {
			for _, asked := range request.Choices {
				staff = append(staff, asked.Staff...)
			}
		}
		if request.Nearest {
			for _, set := range request.Offered {
				staff = append(staff, set...)
			}
		}
	}
	return w.tx.Lock(w.households(), pupils, staff)
}

func (w *bookingWork) households() []models.HouseholdID {
	var households []models.HouseholdID
	add := func(id models.HouseholdID) {
		if !slices.Contains(households, id) {
			households = append(households, id)
		}
	}
	for _, request := range w.requests {
		add(request.Household)
	}
	for _, appointment := range w.present {
		add(appointment.HouseholdID)
	}
	slices.SortFunc(households, models.HouseholdID.Compare)
	return households
}

// resolve tries the cancellations and then each wish in the client's order.
func (w *bookingWork) resolve() error {
	for _, item := range w.change.Cancel {
		if !w.may(rules.Cancellable, w.present[item.Appointment]) {
			w.refusals = append(w.refusals, rules.Refusal{Request: &rules.Request{Ref: item.Ref}, Reason: rules.ReasonClosed})
		}
	}
	for _, request := range w.requests {
		if request.Moved != nil && !w.may(rules.Changeable, request.Moved) {
			w.refusals = append(w.refusals, rules.Refusal{Request: request, Reason: rules.ReasonClosed})
			continue
		}
		placed, reason := w.state.Place(request)
		if reason != "" {
			w.refusals = append(w.refusals, rules.Refusal{Request: request, Reason: reason})
			continue
		}
		w.placed = append(w.placed, placed)
	}
	return w.findAlternatives()
}

// findAlternatives looks for other times for what was refused: only now, with everything else in its place, are they true.
func (w *bookingWork) findAlternatives() error {
	if len(w.refusals) == 0 {
		return nil
	}
	if w.hurry {
		return errRefused
	}
	w.state.ByRows = false // what is offered instead is no promise
	if err := loadClaims(w.tx, w.state, w.requests, w.change.touched()); err != nil {
		return err
	}
	for i := range w.refusals {
		if w.refusals[i].Reason == rules.ReasonLimit {
			continue
		}
		w.refusals[i].Alternatives = w.state.Alternatives(w.refusals[i].Request)
		// The best alternative of each item goes with those of the others: one family is not told the same minute twice.
		if best := w.refusals[i].Alternatives; len(best) > 0 {
			w.state.Take(best[0])
		}
	}
	return nil
}

// may reports whether the actor may change a talk; of parents the rule of the conference decides.
func (w *bookingWork) may(rule func(conference *programme.Conference, start, now time.Time) bool, appointment *models.Appointment) bool {
	if w.state.ByStaff {
		return true
	}
	conference, ok := w.programme.Conference(appointment.ConferenceID)
	return ok && rule(conference, appointment.StartTick.Time(), w.tx.Now())
}

// restConsented reports whether the family said "book the rest": then makes may fail, if something is left to do. Moves and cancellations may not.
func (w *bookingWork) restConsented() bool {
	if !w.change.BookRest || len(w.placed)+len(w.change.Cancel) == 0 {
		return false
	}
	return !slices.ContainsFunc(w.refusals, func(r rules.Refusal) bool { return r.Request.Kind == nil || r.Request.Moved != nil })
}

func (w *bookingWork) itemsError() error {
	failed := errs.New(errs.Conflict, errs.CodeItems)
	failed.Items = w.items()
	return failed
}

func (w *bookingWork) items() []errs.Item {
	items := make([]errs.Item, 0, len(w.refusals))
	for _, refused := range w.refusals {
		item := errs.Item{Ref: refused.Request.Ref, Code: string(refused.Reason)}
		for _, option := range refused.Alternatives {
			item.Alternatives = append(item.Alternatives, errs.Option{Start: option.Slot.Start.Time(), Staff: models.Texts(option.Staff), Day: option.Slot.Day.String()})
		}
		items = append(items, item)
	}
	return items
}

// errLostRace tells that a claim did not come in although the arrangement saw it free: of a room, say, which nobody locks. Nothing of the transaction is kept,
// and it runs again.
var errLostRace = errors.New("somebody was quicker")
