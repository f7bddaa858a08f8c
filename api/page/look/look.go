// Package look serves how a school looks: the style sheet of its colour and its logo, at the school's own addresses, to anybody. They hold nothing of a person. What they are
// made of is package layout's and the services'; pages with content never live here.
package look

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/page/layout"
	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/booking/school"
	"github.com/ouderavond/ouderavond/models/errs"
)

// Files serves the files. It is safe for concurrent use.
type Files struct {
	auth    *auth.Services
	schools *school.Service
}

// New makes it.
func New(entrance *auth.Services, schools *school.Service) *Files { return &Files{entrance, schools} }

// Mount adds the files to a router.
func (f *Files) Mount(e *echo.Echo) {
	e.Match([]string{http.MethodGet, http.MethodHead}, "/:school"+layout.LookPath+":file", f.serve)
}

// serve answers with a file of the school as it looks now. A file of an earlier look is not there any more; no page names it.
func (f *Files) serve(c echo.Context) error {
	ctx, file := c.Request().Context(), c.Param("file")
	id, err := f.auth.School(ctx, c.Param("school"))
	if err != nil {
		return answered(err)
	}
	if logo, ok := strings.CutSuffix(file, ".png"); ok {
		row, err := f.schools.Shown(ctx, id, logo)
		if err != nil {
			return answered(err)
		}
		return layout.ServeFile(c, "image/png", row.Picture)
	}
	front, err := f.auth.Front(ctx, id)
	if err != nil {
		return answered(err)
	}
	if front.Colour == "" || file != layout.SheetName(front.Colour) {
		return echo.ErrNotFound
	}
	return layout.ServeFile(c, "text/css; charset=utf-8", []byte(layout.Sheet(front.Colour)))
}

// answered tells what is not there from what cannot be looked at now.
func answered(err error) error {
	if errs.KindOf(err) == errs.NotFound {
		return echo.ErrNotFound
	}
	return err
}
