package server

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/machine"
)

func TestFamiliesWaitWhereManyRequestsAreUnderWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(machine.Clock{})
		c.many = 3
		release := make(chan struct{})
		handler := c.around(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
		come := func() {
			go handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
			synctest.Wait()
		}
		is := func(when string, want bool) {
			t.Helper()
			if c.waits() != want {
				t.Errorf("%s: families wait: %t", when, !want)
			}
		}
		is("nobody is there", false)
		come()
		come()
		is("few are there", false)
		come()
		is("many are there", true)
		time.Sleep(time.Minute)
		is("many are still there", true)
		close(release)
		synctest.Wait()
		is("a minute after the last one came, and all were answered", false)
		for range 3 {
			c.around(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(nil, nil)
		}
		is("one after another", false)
	})
}

func TestACrowdIsBelievedToStayAMoment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(machine.Clock{})
		c.many = 1
		c.around(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(nil, nil)
		time.Sleep(crowdLasts - time.Millisecond)
		if !c.waits() {
			t.Error("gone at once")
		}
		time.Sleep(time.Millisecond)
		if c.waits() {
			t.Error("there for ever")
		}
	})
}
