package messages

import (
	"context"
	"io"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/models/errs"
)

const (
	// reportLimit is the greatest size of a carrier's report, in bytes; it has some hundred.
	reportLimit = rest.SmallBody
	// bounceLimit is the greatest size of a mail that came back, in bytes: servers return the whole mail with its report.
	bounceLimit = 8 << 20
)

// smsReport takes a carrier's report on a text message. It is answered alike whether or not the school and the message are still there; only what nobody of ours
// has signed is refused.
func (s *Chapter) smsReport(c echo.Context) error {
	if s.reports == nil {
		return errs.New(errs.NotFound, errs.CodeNotFound)
	}
	body, leave, err := rest.ReadBody(c, []string{echo.MIMEApplicationForm}, reportLimit, &s.base.Bodies)
	defer leave()
	if err != nil {
		return err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return rest.WireFault(rest.CodeBadRequest)
	}
	request := c.Request()
	known, err := s.reports.SMSReport(request.Context(), c.Param("sender"), c.Param("message"), request.Header.Get("X-Twilio-Signature"), form)
	if err != nil {
		return err
	}
	if !known {
		return errs.New(errs.Forbidden, "forbidden")
	}
	return c.NoContent(http.StatusNoContent)
}

// takeBounce takes a mail that came back, as a mail server hands it on: the whole mail, and in the query the address that it came to.
func (s *Chapter) takeBounce(c echo.Context) error {
	if s.reports == nil {
		return errs.New(errs.NotFound, errs.CodeNotFound)
	}
	raw, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, bounceLimit))
	if err != nil {
		return rest.BodyFault(err)
	}
	if len(raw) == 0 {
		return rest.WireFault(rest.CodeEmptyBody)
	}
	result, err := s.reports.Bounce(c.Request().Context(), raw, c.QueryParams()["recipient"])
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]string{"result": result})
}

// Reports takes what carriers and mail servers tell of messages that were handed over.
type Reports interface {
	// SMSReport takes a carrier's signed report on a message of a school. known is false for what no carrier of this installation has signed.
	SMSReport(ctx context.Context, school, message, signature string, form url.Values) (known bool, err error)
	// Bounce takes a mail that came back, and tells whether it was a report on a message: "taken", "ignored" or "stranger". recipients are the addresses that it
	// came to.
	Bounce(ctx context.Context, raw []byte, recipients []string) (result string, err error)
}
