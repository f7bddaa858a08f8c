package parent_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// pagePrice is how many looks the choose page may cost. A look is what the booking service does for the page: all times that all children of the family can
// have. It is near 12 here, most of it templates, and was 50 while each offered time read the zone's file.
const pagePrice = 25

// TestThePageCostsFewLooks compares the choose page with a look of the same family in turns, and takes the best of each, so that what else the machine does
// counts little.
func TestThePageCostsFewLooks(t *testing.T) {
	t.Parallel()
	w := secondary(t)
	c := w.client().logIn().is(http.StatusOK)
	home := w.homeOf("Sanne")
	page := func() {
		request := httptest.NewRequest(http.MethodGet, "/de-linde/choose", nil)
		for name, value := range c.cookies {
			request.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		recorder := httptest.NewRecorder()
		w.echo.ServeHTTP(recorder, request)
		if recorder.Code != http.StatusOK || recorder.Body.Len() < 10_000 {
			t.Fatalf("%d, %d bytes", recorder.Code, recorder.Body.Len())
		}
	}
	look := func() {
		_, err := w.booking.Families.FamilyOf(t.Context(), w.actor(), home)
		w.must(err)
	}
	best := func(least time.Duration, work func()) time.Duration {
		begun := time.Now()
		work()
		if took := time.Since(begun); least == 0 || took < least {
			return took
		}
		return least
	}
	var ofPage, ofLook time.Duration
	for range 40 {
		ofPage, ofLook = best(ofPage, page), best(ofLook, look)
	}
	ratio := float64(ofPage) / float64(ofLook)
	t.Logf("page %v, look %v: %.1f looks", ofPage, ofLook, ratio)
	if ratio > pagePrice {
		t.Errorf("the page costs %.1f looks, at most %d", ratio, pagePrice)
	}
}
