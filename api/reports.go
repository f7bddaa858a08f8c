package api

import (
	"io"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/models/errs"
)

const (
	// reportLimit is the greatest size of a carrier's report, in bytes; it has some hundred.
	reportLimit = smallBody
	// bounceLimit is the greatest size of a mail that came back, in bytes: servers return the whole mail with its report.
	bounceLimit = 8 << 20
)

// smsReport takes a carrier's report on a text message. It is answered alike whether or not the school and the message are still there; only what nobody of ours
// has signed is refused.
func smsReport(s *Server, _ *document, c echo.Context) error {
	if s.config.Reports == nil {
		return errs.New(errs.NotFound, "not-found")
	}
	body, leave, err := readBody(c, []string{echo.MIMEApplicationForm}, reportLimit, &s.bodies)
	defer leave()
	if err != nil {
		return err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return wire(codeBadRequest)
	}
	request := c.Request()
	known, err := s.config.Reports.SMSReport(request.Context(), c.Param("sender"), c.Param("message"), request.Header.Get("X-Twilio-Signature"), form)
	if err != nil {
		return err
	}
	if !known {
		return errs.New(errs.Forbidden, "forbidden")
	}
	return c.NoContent(http.StatusNoContent)
}

// takeBounce takes a mail that came back, as a mail server hands it on: the whole mail, and in the query the address that it came to.
func takeBounce(s *Server, _ *document, c echo.Context) error {
	if s.config.Reports == nil {
		return errs.New(errs.NotFound, "not-found")
	}
	raw, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, bounceLimit))
	if err != nil {
		return bodyFault(err)
	}
	if len(raw) == 0 {
		return wire(codeEmptyBody)
	}
	result, err := s.config.Reports.Bounce(c.Request().Context(), raw, c.QueryParams()["recipient"])
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]string{"result": result})
}
