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
}

// routes is every address of the pages. Nothing that changes anything is a GET.
func (p *Pages) routes() []route {
	const get, post = http.MethodGet, http.MethodPost
	table := []route{
		{get, "/", needNothing, showStart},
		{get, "/:school", needSchool, showLogin},
		{get, "/:school/", needSchool, func(v *visit) error { return v.Redirect(v.Path(""), nil) }},
		{post, "/:school", needSchool, postLogin},
		{get, "/:school/code", needSchool, showCode},
		{post, "/:school/code", needSchool, postCode},
		{get, "/:school/m/:token", needSchool, showLink},
		{post, "/:school/m/:token", needSchool, postLink},
		{get, "/:school/t/:token", needSchool, showTest},
		{post, "/:school/t/:token", needSchool, postTest},
		{post, "/:school/leave", needSchool, postLeave},
		{get, "/:school/choose", needFamily, showChoose},
		{post, "/:school/choose", needFamily, postChoose},
		{get, "/:school/plan", needFamily, showPlan},
		{post, "/:school/plan", needFamily, postPlan},
		{get, "/:school/confirm", needFamily, showConfirm},
		{post, "/:school/confirm", needFamily, postConfirm},
		{get, "/:school/appointments", needFamily, showAppointments},
		{get, "/:school/appointments.ics", needFamily, getCalendar},
		{get, "/:school/appointments/:appointment", needFamily, showAppointment},
		{post, "/:school/appointments/:appointment", needFamily, postMove},
		{get, "/:school/appointments/:appointment/cancel", needFamily, showCancel},
		{post, "/:school/appointments/:appointment/cancel", needFamily, postCancel},
	}
	if p.config.Demo {
		table = append(table,
			route{get, "/mailbox", needDemo, showMailbox},
			route{get, "/mailbox/:slug/mail/:message", needDemo, showMail},
			route{get, "/mailbox/:slug/mail/:message/html", needDemo, getMailHTML},
		)
	}
	return table
}

// serve runs a route: what it needs first, then its handler; whatever fails becomes a page.
func (p *Pages) serve(r route) echo.HandlerFunc {
	return func(c echo.Context) error {
		v := p.visitOf(c)
		err := v.begin(r)
		if err == nil && !c.Response().Committed {
			err = r.handle(v)
		}
		if err != nil && !c.Response().Committed {
			p.fail(v, err)
		}
		return nil
	}
}
