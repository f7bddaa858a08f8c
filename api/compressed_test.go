package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api"
	"github.com/ouderavond/ouderavond/api/apitest"
)

// TestAnswersToFormsAreCompressedToo asks as a browser does that sends a form and is answered by a whole page.
func TestAnswersToFormsAreCompressedToo(t *testing.T) {
	t.Parallel()
	w := apitest.New(t, func(config *api.Config) {
		config.Pages = func(e *echo.Echo) {
			e.POST("/linde", func(c echo.Context) error { return c.HTML(http.StatusOK, strings.Repeat("a page", 1000)) })
		}
	})
	header := http.Header{"Accept-Encoding": {"gzip"}}
	form := w.Do(t, apitest.Call{Method: http.MethodPost, Path: "/linde", Type: "application/x-www-form-urlencoded", Body: "a=b", Header: header})
	if form.Header.Get("Content-Encoding") != "gzip" || len(form.Body) > 1000 {
		t.Errorf("%d, %v, %d bytes", form.Status, form.Header, len(form.Body))
	}
}
