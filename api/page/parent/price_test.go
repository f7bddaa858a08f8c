package parent_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// prices are how many looks each page may cost, twice what it does. A look is what the booking service does for the page: all times that all children of the
// family can have. What a page costs beside it is mostly its templates. The choose page was at 50 while each offered time read the zone's file, and at 12 before
// its lists were written in one piece.
var prices = map[string]float64{"log-in": 4, "choose": 14, "proposals": 14, "confirm": 8, "appointments": 6}

// TestAPageCostsFewLooks compares each page with a look of the same family in turns, and takes the best of each, so that what else the machine does counts
// little.
func TestAPageCostsFewLooks(t *testing.T) {
	t.Parallel()
	w := secondary(t)
	c := w.client().logIn().is(http.StatusOK)
	home := w.homeOf("Sanne")
	paths := map[string]string{"log-in": "/de-linde?add=1", "choose": "/de-linde/choose", "appointments": "/de-linde/appointments"}
	c.form("Doe een voorstel").tick("vakdocent (mevrouw Jansen)").press("Doe een voorstel")
	paths["proposals"] = c.path
	c.form("Neem voorstel 1").press("Neem voorstel 1").wants("Bekijk en boek")
	paths["confirm"] = c.path
	look := func() {
		_, err := w.booking.Families.FamilyOf(t.Context(), w.actor(), home)
		w.must(err)
	}
	for name, most := range prices {
		page := func() {
			request := httptest.NewRequest(http.MethodGet, paths[name], nil)
			for name, value := range c.cookies {
				request.AddCookie(&http.Cookie{Name: name, Value: value})
			}
			recorder := httptest.NewRecorder()
			w.echo.ServeHTTP(recorder, request)
			if recorder.Code != http.StatusOK {
				t.Fatalf("%s: %d", name, recorder.Code)
			}
		}
		var ofPage, ofLook time.Duration
		for range 40 {
			ofPage, ofLook = least(ofPage, page), least(ofLook, look)
		}
		ratio := float64(ofPage) / float64(ofLook)
		t.Logf("%s: page %v, look %v: %.1f looks", name, ofPage, ofLook, ratio)
		if ratio > most {
			t.Errorf("the page %s costs %.1f looks, at most %.0f", name, ratio, most)
		}
	}
}

// least times some work, and keeps the least time.
func least(before time.Duration, work func()) time.Duration {
	begun := time.Now()
	work()
	if took := time.Since(begun); before == 0 || took < before {
		return took
	}
	return before
}
