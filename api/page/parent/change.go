package parent

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/ouderavond/ouderavond/api/page/layout"
	appointments "github.com/ouderavond/ouderavond/booking/appointment"
	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/errs"
)

// toField is the field with the time that an appointment is moved to.
const toField = "to"

// appointmentView is the page of one appointment: move it, or go on to cancel it.
type appointmentView struct {
	*layout.Frame
	Item    itemView
	Day     string
	Times   listView
	Instead []radioView // what is free where the chosen time is not
	Hidden  []layout.Hidden
	Self    string
	Contact *schoolContact
	// MayChange and MayCancel say what can still be done: cancelling for longer than moving.
	MayChange, MayCancel bool
}

// ownAppointment finds the appointment of the address among those that the session may see; one that was cancelled is told of, with nothing returned, and any
// other is not there.
func (v *visit) ownAppointment() (*family.Family, *rules.AppointmentView, error) {
	id, err := models.Parse[models.AppointmentID](v.Echo.Param("appointment"))
	if err != nil {
		return nil, nil, errs.Because(errs.NotFound, errs.CodeNotFound, err)
	}
	home, err := v.family()
	if err != nil || home == nil {
		return nil, nil, err
	}
	index := slices.IndexFunc(home.Appointments, func(a rules.AppointmentView) bool { return a.ID == id })
	if index < 0 {
		return nil, nil, v.gone(id)
	}
	return home, &home.Appointments[index], nil
}

// gone leads on from the address of an appointment that was cancelled to those that stand, and says so. Others are not there.
func (v *visit) gone(id models.AppointmentID) error {
	was, err := v.pages.config.Booking.Families.WasCancelled(v.Echo.Request().Context(), v.actor, id)
	if err != nil {
		return err
	}
	if !was {
		return errs.New(errs.NotFound, errs.CodeNotFound)
	}
	return v.Redirect(v.Path("/appointments"), url.Values{"done": {"gone"}})
}

// showAppointment shows the page, with the time that somebody had chosen who was asked to log in meanwhile.
func showAppointment(v *visit) error {
	home, appointment, err := v.ownAppointment()
	if err != nil || home == nil {
		return v.orTheList(err)
	}
	view := v.appointmentView(home, appointment, "", "move.title")
	if to := v.Query.Value(toField); to != "" && view.MayChange {
		view.keep(to)
	}
	return v.Render(http.StatusOK, "appointment", view)
}

// keep chooses the time that was chosen before, or says that it is gone.
func (a *appointmentView) keep(to string) {
	a.Times.choose(to)
	if a.Times.chosenTime() != "" {
		a.Say(false, "move.kept")
		return
	}
	a.Times.Error = a.T("reason.taken")
	a.Blame(toField, a.Times.Error)
}

// orTheList leads somebody who has just logged in, and may not see the appointment that they were going to, to those that they may see.
func (v *visit) orTheList(err error) error {
	if errs.KindOf(err) == errs.NotFound && err != nil && v.Query.Value("kept") != "" {
		return v.Redirect(v.Path("/appointments"), nil)
	}
	return err
}

func (v *visit) appointmentView(home *family.Family, appointment *rules.AppointmentView, key, title string) *appointmentView {
	self := v.Path("/appointments/" + appointment.ID.String())
	v.Here = self
	f := v.frame(title)
	f.Current, f.Filled = "appointments", appointment.MayChange && title == "move.title"
	view := &appointmentView{
		Frame: f, Item: v.appointmentItem(*appointment), Day: v.dates().Date(appointment.Start), Self: self, MayChange: appointment.MayChange, MayCancel: appointment.MayCancel,
		Contact: v.schoolContact(), Hidden: []layout.Hidden{{Name: "key", Value: newKey(key)}},
	}
	view.Times = listView{ID: toField, Name: toField, Label: f.T("move.to"), Empty: f.T("move.choose")}
	for _, option := range movesOf(home, appointment) {
		v.addMoves(&view.Times, appointment, option)
	}
	if len(view.Times.Groups) == 0 {
		view.Times.Full = f.T("move.full")
	}
	return view
}

// movesOf gives what an appointment can be moved to: its own teachers first, then others of the same talk whom the child does not meet already.
func movesOf(home *family.Family, appointment *rules.AppointmentView) []family.TalkOption {
	var own, others []family.TalkOption
	for i := range home.Children {
		child := &home.Children[i]
		if child.ID != appointment.Pupil || child.Household != appointment.Household {
			continue
		}
		for j := range child.Talks {
			talk := &child.Talks[j]
			if talk.Kind != appointment.TalkKind {
				continue
			}
			rest := slices.DeleteFunc(bookedFor(home, child, talk), func(a rules.AppointmentView) bool { return a.ID == appointment.ID })
			for _, option := range talk.Options {
				met := slices.ContainsFunc(rest, func(a rules.AppointmentView) bool { return sharesStaff(a.Staff, option.Staff) })
				switch {
				case slices.Equal(sortedStaff(staffIDs(option.Staff)), sortedStaff(staffIDs(appointment.Staff))):
					own = append(own, option)
				case !met:
					others = append(others, option)
				}
			}
		}
	}
	return append(own, others...)
}

// addMoves adds the free times of a set of teachers. The form is the same as in a choice, so that one reader serves both.
func (v *visit) addMoves(list *listView, appointment *rules.AppointmentView, option family.TalkOption) {
	dates, staff, ids := v.dates(), v.staffList(option.Staff), staffText(staffIDs(option.Staff))
	for i, slot := range option.Free {
		if i == 0 || !dates.SameDay(option.Free[i-1].Start, slot.Start) {
			list.Groups = append(list.Groups, groupView{Label: staff + ", " + dates.Date(slot.Start)})
		}
		tick, exact := models.TickAt(slot.Start)
		if exact && !slot.Start.Equal(appointment.Start) {
			last := &list.Groups[len(list.Groups)-1]
			last.Options = append(last.Options, optionView{Value: tickText(tick) + ids, Text: timeText(dates, slot.Start, staff, timeStyle{named: true, days: true, dates: true})})
		}
	}
}

func againMove(v *visit) error {
	home, appointment, err := v.ownAppointment()
	if err != nil || home == nil {
		return err
	}
	view := v.appointmentView(home, appointment, v.Form.Value("key"), "move.title")
	view.Times.choose(v.Form.Value(toField))
	return v.Render(http.StatusOK, "appointment", view)
}

// postMove moves an appointment in one act: its old time is given back only if the new one was had.
func postMove(v *visit) error {
	home, appointment, err := v.ownAppointment()
	if err != nil || home == nil {
		return err
	}
	view := v.appointmentView(home, appointment, v.Form.Value("key"), "move.title")
	if v.Form.Value(toField) == "" {
		view.Times.Error = view.T("move.nothing_chosen")
		view.Blame(toField, view.Times.Error)
		return v.Render(http.StatusUnprocessableEntity, "appointment", view)
	}
	one := request{pupil: appointment.Pupil, kind: appointment.TalkKind}
	if !one.readValue(v.Form.Value(toField)) {
		return layout.ErrBadForm()
	}
	_, err = v.pages.config.Booking.Appointments.Book(v.Echo.Request().Context(), v.actor, appointments.Change{
		Move:     []appointments.MoveItem{{Ref: "0", Appointment: appointment.ID, Staff: one.staff, Start: one.time()}},
		Language: v.Text.Language(), IdempotencyKey: v.actKey(), AcceptWalking: one.walk,
	})
	if err != nil {
		return v.notMoved(home, appointment, one, err)
	}
	return v.Redirect(v.Path("/appointments"), url.Values{"done": {"moved"}})
}

func (v *visit) notMoved(home *family.Family, appointment *rules.AppointmentView, one request, err error) error {
	if errs.CodeOf(err) == errs.CodeConfirmFirst {
		return v.askToConfirm(v.going())
	}
	found, ok := layout.IsPersons(err)
	if ok && found.Code == errs.CodeKeyReused {
		return v.Redirect(v.Path("/appointments"), url.Values{"done": {"already"}})
	}
	if !ok || found.Code != errs.CodeItems || len(found.Items) != 1 {
		return err
	}
	// A new key: what is sent now is another move than the one that failed.
	view := v.appointmentView(home, appointment, "", "move.title")
	item, dates := found.Items[0], v.dates()
	view.Times.Error = v.reasonOf(item.Code)
	target := toField
	if !view.MayChange {
		target = "main"
	}
	view.Blame(target, view.Times.Error)
	for _, option := range item.Alternatives {
		if instead, about, ok := insteadOf(home, one, option); ok {
			view.instead(instead, dates.DateTime(option.Start)+", "+view.T("choose.with", "Staff", v.staffList(about.option.Staff)))
		}
	}
	if rules.Reason(item.Code) == rules.ReasonTooFar {
		one.walk = true
		view.instead(one, view.T("conflict.keep_too_far"))
	}
	return v.Render(http.StatusConflict, "appointment", view)
}

// instead adds what the appointment can be moved to in place of the time that was not free. The field's own id goes to the first, for the summary.
func (a *appointmentView) instead(one request, text string) {
	id := toField
	if len(a.Instead) > 0 {
		id += "-" + strconv.Itoa(len(a.Instead))
	}
	a.Instead = append(a.Instead, radioView{ID: id, Value: one.value() + staffText(one.staff), Text: text, Checked: len(a.Instead) == 0})
}

func showCancel(v *visit) error {
	home, appointment, err := v.ownAppointment()
	if err != nil || home == nil {
		return v.orTheList(err)
	}
	view := v.appointmentView(home, appointment, "", "cancel.title")
	v.Here = view.Self + "/cancel"
	return v.Render(http.StatusOK, "cancel", view)
}

func postCancel(v *visit) error {
	id, err := models.Parse[models.AppointmentID](v.Echo.Param("appointment"))
	if err != nil {
		return errs.Because(errs.NotFound, errs.CodeNotFound, err)
	}
	_, err = v.pages.config.Booking.Appointments.Book(v.Echo.Request().Context(), v.actor, appointments.Change{
		Cancel:   []appointments.CancelItem{{Ref: "0", Appointment: id}},
		Language: v.Text.Language(), IdempotencyKey: v.actKey(),
	})
	switch found, _ := layout.IsPersons(err); {
	case errs.CodeOf(err) == errs.CodeConfirmFirst:
		return v.askToConfirm(v.going())
	case err == nil:
		return v.Redirect(v.Path("/appointments"), url.Values{"done": {"cancelled"}})
	case found != nil && (found.Kind == errs.NotFound || found.Code == errs.CodeKeyReused):
		// Cancelled already, in another tab or by a tap too many: the list tells what there is.
		return v.Redirect(v.Path("/appointments"), url.Values{"done": {"already"}})
	case found != nil && found.Code == errs.CodeItems:
		return v.notCancelled()
	}
	return err
}

// notCancelled tells that it is too late to cancel here.
func (v *visit) notCancelled() error {
	home, appointment, err := v.ownAppointment()
	if err != nil || home == nil {
		return err
	}
	view := v.appointmentView(home, appointment, "", "cancel.title")
	view.MayCancel = false
	view.Blame("main", v.reasonOf(string(rules.ReasonClosed)))
	return v.Render(http.StatusConflict, "cancel", view)
}
