package parent

import (
	"net/http"
	"slices"
	"strings"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/booking/family"
	"github.com/ouderavond/ouderavond/booking/rules"
	"github.com/ouderavond/ouderavond/models/errs"
)

// appointmentsView is the page with the appointments that the session may see.
type appointmentsView struct {
	*layout.Frame
	Days, Past dayViews
	Unplaced   []unplacedView
	Calendar   bool
	Confirmed  bool // all of the session's households are confirmed
	Elsewhere  bool // there is more than the session may see
	CanChoose  bool
	Address    bool // the session has booked something to come, and messages go out
	fullBox
	ClosedAbout bool   // some upcoming appointment cannot be changed any more
	CancelOnly  bool   // some can be cancelled and not moved
	Rooms       string // where rooms are told, if one is not
}

// unplacedView is a talk that could not be booked while the rest was.
type unplacedView struct{ Talk, Reason string }

// done are the messages after something was done, by the word in the address.
var done = map[string]string{
	"booked": "appointments.done_booked", "partly": "appointments.done_partly", "moved": "appointments.done_moved",
	"cancelled": "appointments.done_cancelled", "already": "appointments.done_already",
	"have": "appointments.done_have", "gone": "appointments.done_gone", "address": "address.done", "nothing": "address.nothing",
}

func showAppointments(v *visit) error {
	home, err := v.family()
	if err != nil || home == nil {
		return err
	}
	f := v.frame("appointments.title")
	f.Current = "appointments"
	view := &appointmentsView{Frame: f, Calendar: v.pages.config.Calendar != nil && len(home.Appointments) > 0, Confirmed: v.confirmed(), fullBox: v.full(home, nil)}
	view.sayDone(v)
	view.Unplaced = v.unplaced(home)
	v.sortAppointments(view, home)
	for _, child := range home.Children {
		view.Elsewhere = view.Elsewhere || child.BookedElsewhere
	}
	view.Address = len(view.Days) > 0 && len(v.actor.Makers) > 0 && (v.front.Channels.Mail || v.front.Channels.SMS)
	view.CanChoose = slices.ContainsFunc(home.Conferences, func(c family.ConferenceSummary) bool { return c.Phase == family.PhaseOpen })
	return v.Render(http.StatusOK, "appointments", view)
}

func (a *appointmentsView) sayDone(v *visit) {
	id, ok := done[v.Query.Value("done")]
	if !ok {
		return
	}
	said := a.T(id)
	switch word := v.Query.Value("done"); {
	case word != "booked" && word != "partly" && !(word == "have" && v.Query.Value("sent") != ""):
	case v.Query.Value("sent") != "":
		said += " " + a.T("appointments.done_typed")
	case v.front.Channels.Mail || v.front.Channels.SMS:
		said += " " + a.T("appointments.done_on_file")
	default:
		said += " " + a.T("appointments.done_none")
	}
	a.Notices = append(a.Notices, layout.Notice{Text: said, Good: v.Query.Value("done") != "partly" && v.Query.Value("done") != "gone" && v.Query.Value("done") != "nothing"})
	if v.Query.Value("moved") != "" {
		a.Say(false, "appointments.done_nearest")
	}
}

// confirmed reports whether the session may see everything of its households.
func (v *visit) confirmed() bool {
	for _, grant := range v.actor.Grants {
		if !grant.Confirmed {
			return false
		}
	}
	return true
}

// sortAppointments puts the appointments by day, what is over apart.
func (v *visit) sortAppointments(view *appointmentsView, home *family.Family) {
	sorted := slices.SortedStableFunc(slices.Values(home.Appointments), func(a, b rules.AppointmentView) int { return a.Start.Compare(b.Start) })
	for _, appointment := range sorted {
		days := &view.Days
		if over := !appointment.End.After(v.Now()); over {
			days = &view.Past
		} else {
			view.ClosedAbout = view.ClosedAbout || !appointment.MayChange && !appointment.MayCancel
			view.CancelOnly = view.CancelOnly || !appointment.MayChange && appointment.MayCancel
		}
		if over := !appointment.End.After(v.Now()); !over && appointment.Room == "" {
			view.Rooms = view.T("appointments.rooms_follow")
			if !view.Confirmed {
				view.Rooms = view.T("appointments.rooms_confirm")
			}
		}
		label := v.dates().Date(appointment.Start)
		if len(*days) == 0 || (*days)[len(*days)-1].Label != label {
			*days = append(*days, dayView{Label: label})
		}
		day := &(*days)[len(*days)-1]
		item := v.appointmentItem(appointment)
		item.Title = withSubject(item.Title, subjectOf(home, appointment.Pupil, appointment.TalkKind, staffIDs(appointment.Staff)))
		day.Talks = append(day.Talks, item)
	}
}

func (v *visit) appointmentItem(appointment rules.AppointmentView) itemView {
	item := itemView{
		Lang: v.given(), Time: v.dates().Span(appointment.Start, appointment.End), Child: appointment.Child, Title: appointment.Title,
		Staff: v.staffList(appointment.Staff), Room: appointment.Room,
	}
	if appointment.Party > 1 {
		item.Note = v.Text.Text("confirm.second", nil)
	}
	if self := v.Path("/appointments/" + appointment.ID.String()); appointment.End.After(v.Now()) {
		if appointment.MayChange {
			item.Move = self
		}
		if appointment.MayCancel {
			item.Cancel = self + "/cancel"
		}
	}
	return item
}

// unplaced reads back from the address what could not be booked. What is not the family's own is left out.
func (v *visit) unplaced(home *family.Family) []unplacedView {
	var list []unplacedView
	for name, values := range v.Query {
		rest, ok := strings.CutPrefix(name, "u.")
		if !ok || len(values) != 1 {
			continue
		}
		value, code, _ := strings.Cut(values[0], "-")
		one, ok := decodeChoice(choicePrefix+rest, value)
		if !ok {
			continue
		}
		about, known := offerOf(home, one)
		if !known {
			continue
		}
		talk := v.Text.Text("conflict.talk", map[string]any{
			"Child": about.child.Given, "Staff": v.staffList(about.option.Staff), "Time": v.dates().DateTime(one.time()),
		})
		list = append(list, unplacedView{talk, v.reason(home, one, code)})
	}
	slices.SortFunc(list, func(a, b unplacedView) int { return strings.Compare(a.Talk, b.Talk) })
	return list
}

// getCalendar gives the appointments as a file for a calendar.
func getCalendar(v *visit) error {
	if v.pages.config.Calendar == nil {
		return errs.New(errs.NotFound, errs.CodeNotFound)
	}
	content, err := v.pages.config.Calendar(v.Echo.Request().Context(), v.front.School, v.actor)
	if err != nil {
		return err
	}
	v.Headers()
	v.Echo.Response().Header().Set("Content-Disposition", `attachment; filename="`+v.front.Slug+`.ics"`)
	return v.Echo.Blob(http.StatusOK, "text/calendar; charset=utf-8", content)
}
