package parent

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// need is what a route needs before its handler runs.
type need int

const (
	needNothing need = iota
	needSchool       // the school of the address
	needFamily       // a parent's session at that school
	needDemo         // a demonstration
)

// route is one line of the table of routes.
type route struct {
	method, path string
	need         need
	handle       func(*visit) error
	// again shows the page of a form as it was filled in, when another language is chosen there; nil where nothing is filled in.
	again func(*visit) error
}

// routes is every address of the pages. Nothing that changes anything is a GET.
func (p *Pages) routes() []route {
	const get, post = http.MethodGet, http.MethodPost
	table := []route{
		{get, "/", needNothing, showStart, nil},
		{get, "/:school", needSchool, showLogin, nil},
		{get, "/:school/", needSchool, func(v *visit) error { return v.Redirect(v.Path(""), nil) }, nil},
		{post, "/:school", needSchool, postLogin, againLogin},
		{get, "/:school/code", needSchool, showCode, nil},
		{post, "/:school/code", needSchool, postCode, againCode},
		{get, "/:school/m/:token", needSchool, showLink, nil},
		{post, "/:school/m/:token", needSchool, postLink, nil},
		{get, "/:school/c/:token", needSchool, showLink, nil},
		{post, "/:school/c/:token", needSchool, postCodeLink, nil},
		{get, "/:school/l/:token", needSchool, showPersonal, nil},
		{post, "/:school/l/:token", needSchool, postPersonal, againPersonal},
		{get, "/:school/t/:token", needSchool, showTest, nil},
		{post, "/:school/t/:token", needSchool, postTest, nil},
		{post, "/:school/leave", needSchool, postLeave, nil},
		{get, "/:school/choose", needFamily, showChoose, nil},
		{post, "/:school/choose", needFamily, postChoose, againChoose},
		{get, "/:school/plan", needFamily, showPlan, nil},
		{post, "/:school/plan", needFamily, postPlan, againPlan},
		{get, "/:school/confirm", needFamily, showConfirm, nil},
		{post, "/:school/confirm", needFamily, postConfirm, againConfirm},
		{get, "/:school/n/:token", needSchool, showRefuse, nil},
		{post, "/:school/n/:token", needSchool, postRefuse, nil},
		{get, "/:school/address", needFamily, showAddress, nil},
		{post, "/:school/address", needFamily, postAddress, againAddress},
		{get, "/:school/appointments", needFamily, showAppointments, nil},
		{get, "/:school/appointments.ics", needFamily, getCalendar, nil},
		{get, "/:school/appointments/:appointment", needFamily, showAppointment, nil},
		{post, "/:school/appointments/:appointment", needFamily, postMove, againMove},
		{get, "/:school/appointments/:appointment/cancel", needFamily, showCancel, nil},
		{post, "/:school/appointments/:appointment/cancel", needFamily, postCancel, nil},
	}
	if p.config.Demo {
		table = append(table,
			route{get, "/mailbox", needDemo, showMailbox, nil},
			route{get, "/mailbox/:slug/mail/:message", needDemo, showMail, nil},
			route{get, "/mailbox/:slug/mail/:message/html", needDemo, getMailHTML, nil},
		)
	}
	return table
}

// serve runs a route: what it needs first, then its handler; whatever fails becomes a page.
func (p *Pages) serve(r route) echo.HandlerFunc {
	return func(c echo.Context) error {
		v := p.visitOf(c)
		err := v.begin(r)
		switch {
		case err != nil || c.Response().Committed:
		case v.again:
			err = r.again(v)
		default:
			err = r.handle(v)
		}
		if err != nil && !c.Response().Committed {
			p.fail(v, err)
		}
		return nil
	}
}
