package page

import (
	"net/http"

	"github.com/ouderavond/ouderavond/models/errs"
)

// testView is the page of the link in a school's test message. Looking at it says nothing: programs that read mail follow links too.
type testView struct{ *frame }

func showTest(v *visit) error {
	return v.render(http.StatusOK, "test", &testView{v.frame("test.title")})
}

func postTest(v *visit) error {
	err := v.pages.config.Booking.Schools.ConfirmTest(v.c.Request().Context(), v.front.School, v.c.Param("token"))
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return err
	}
	v.here = v.path("")
	if err != nil {
		f := v.frame("link.bad_title")
		return v.render(http.StatusNotFound, "failure", &failureView{frame: f, Heading: f.Title, Body: f.T("test.bad"), Back: v.path("")})
	}
	f := v.frame("test.done_title")
	return v.render(http.StatusOK, "failure", &failureView{frame: f, Heading: f.Title, Body: f.T("test.done"), Back: v.path("")})
}
