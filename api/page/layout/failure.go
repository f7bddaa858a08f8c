package layout

import (
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/models/errs"
)

// statuses says how the pages answer each kind of error. What is not named is a fault of ours.
var statuses = map[errs.Kind]int{
	errs.Invalid:         http.StatusBadRequest,
	errs.Unauthenticated: http.StatusForbidden,
	errs.Forbidden:       http.StatusForbidden,
	errs.NotFound:        http.StatusNotFound,
	errs.Conflict:        http.StatusConflict,
	errs.Stale:           http.StatusConflict,
	errs.TooLarge:        http.StatusRequestEntityTooLarge,
	errs.TooMany:         http.StatusTooManyRequests,
	errs.Unavailable:     http.StatusServiceUnavailable,
}

// told are the statuses that have a text of their own; others get that of the hundred they belong to.
var told = []int{
	http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusConflict,
	http.StatusRequestEntityTooLarge, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable,
}

func statusOf(err error) int {
	if found, ok := errs.As(err); ok {
		if status, ok := statuses[found.Kind]; ok {
			return status
		}
		return http.StatusInternalServerError
	}
	var routed *echo.HTTPError
	if errors.As(err, &routed) && routed.Code >= 400 && routed.Code < 600 {
		return routed.Code
	}
	return http.StatusInternalServerError
}

// toldAs gives the status whose text is shown for a status.
func toldAs(status int) int {
	for _, known := range told {
		if known == status {
			return status
		}
	}
	if status >= 500 {
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

// FailureView is the page of something that went wrong.
type FailureView struct {
	*Frame
	Heading, Body string
	Back          string
}

// Fail answers with a page that says neutrally what went wrong; the cause goes to the log, without values. frame makes the page's frame.
func (v *Visit) Fail(newFrame func(title string, pairs ...any) *Frame, err error) {
	status := statusOf(err)
	request := v.Echo.Request()
	v.note(status, err)
	if allowed, ok := v.Echo.Get(echo.ContextKeyHeaderAllow).(string); ok && status == http.StatusMethodNotAllowed {
		v.Echo.Response().Header().Set(echo.HeaderAllow, allowed)
	}
	if status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests {
		v.AskLater(err)
	}
	back := v.Path("")
	if request.Method != http.MethodGet {
		v.Here = back
	}
	id := "failure." + strconv.Itoa(toldAs(status))
	f := newFrame(id + ".title")
	view := &FailureView{Frame: f, Heading: f.Title, Body: f.T(id + ".body"), Back: back}
	if err := v.Render(status, "failure", view); err != nil {
		v.site.config.Logger.ErrorContext(request.Context(), "page failed", "route", v.Echo.Path(), "cause", err.Error())
	}
}

// AskLater tells the browser when it makes sense to ask again.
func (v *Visit) AskLater(err error) {
	wait := 5 * time.Second
	if found, ok := errs.As(err); ok && found.RetryAfter > 0 {
		wait = found.RetryAfter
	}
	v.Echo.Response().Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())))
}

// note tells the log of a failure: what was ours loudly, what was not only to who listens closely.
func (v *Visit) note(status int, err error) {
	request, config := v.Echo.Request(), v.site.config
	level := slog.LevelDebug
	if status >= 500 {
		if config.NoteCause != nil {
			config.NoteCause(request.Context(), err)
			return
		}
		level = slog.LevelError
	}
	config.Logger.Log(request.Context(), level, "page not shown", "route", v.Echo.Path(), "method", request.Method, "status", status, "code", errs.CodeOf(err), "cause", err.Error())
}

// IsPersons tells whether an error is about what the person did, so that a page can say it; what it is not is answered by the error page.
func IsPersons(err error) (*errs.Error, bool) {
	found, ok := errs.As(err)
	if !ok {
		return nil, false
	}
	return found, found.Kind == errs.Invalid || found.Kind == errs.Conflict || found.Kind == errs.NotFound || found.Kind == errs.Stale
}
