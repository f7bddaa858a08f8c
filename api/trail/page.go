package trail

import (
	"bytes"
	"net/http"

	"github.com/labstack/echo/v4"
)

// Page is what a page for staff must be served through: nothing of it goes out before it is written down whose data it shows. The route's id stands in the record. The handler
// says with To who gets the page and with Shown or ShownIn whom it shows, by the one with nobody too; a redirect says nothing. A page that does not is a fault, and the error
// is returned for the pages' own way of showing failures. So is errs.Unavailable where it cannot be written down.
func Page(keeper Keeper, route string, handler echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		request := c.Request()
		ctx, answer := Begin(request.Context())
		c.SetRequest(request.WithContext(ctx))
		response := c.Response()
		held := &heldPage{ResponseWriter: response.Writer, headers: response.Writer.Header().Clone()}
		response.Writer = held
		err := handler(c)
		response.Writer = held.ResponseWriter
		c.SetRequest(request)
		if err == nil {
			err = answer.page(c, keeper, route, held.status)
		}
		if err != nil {
			// What was held is thrown away: for whoever answers next nothing has been said yet.
			response.Committed, response.Size, response.Status = false, 0, http.StatusOK
			return err
		}
		return held.release()
	}
}

func (a *Answer) page(c echo.Context, keeper Keeper, route string, status int) error {
	redirected := status >= http.StatusMultipleChoices && status < http.StatusBadRequest || status == http.StatusNoContent
	switch {
	case !a.said && !redirected:
		return ErrSilent
	case len(a.persons) > 0 && a.actor.Kind == "":
		return ErrNobody
	}
	return a.Keep(c.Request().Context(), keeper, a.actor, route)
}

// heldPage holds a page back, with its headers.
type heldPage struct {
	http.ResponseWriter
	headers http.Header
	status  int
	body    bytes.Buffer
}

// Header gives the headers of the page.
func (h *heldPage) Header() http.Header { return h.headers }

// WriteHeader takes the page's status.
func (h *heldPage) WriteHeader(status int) {
	if h.status == 0 {
		h.status = status
	}
}

// Write takes the page's bytes.
func (h *heldPage) Write(part []byte) (int, error) {
	h.WriteHeader(http.StatusOK)
	return h.body.Write(part)
}

// release sends the page. A browser that has gone is nobody's fault.
func (h *heldPage) release() error {
	if h.status == 0 {
		return nil
	}
	into := h.ResponseWriter.Header()
	clear(into)
	for name, values := range h.headers {
		into[name] = values
	}
	h.ResponseWriter.WriteHeader(h.status)
	_, _ = h.ResponseWriter.Write(h.body.Bytes())
	return nil
}
