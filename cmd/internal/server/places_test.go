package server

import (
	"crypto/tls"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/cmdtest"
)

// fewPlaces are places for so few connections that each newcomer has to be made room for, whenever the others came.
func fewPlaces(most int) *places {
	p := newPlaces(most)
	p.grace = 0
	return p
}

// asks has a visitor ask and waits until the server, too, is done with it.
func (l *lettingGo) asks(v *visitor) {
	l.t.Helper()
	before := time.Now()
	v.says(aRequest)
	v.answered(false)
	cmdtest.Until(l.t, "the server is done", func() bool {
		for _, c := range l.places.all() {
			c.mutex.Lock()
			done := c.RemoteAddr().String() == v.LocalAddr().String() && c.still && c.quiet.After(before)
			c.mutex.Unlock()
			if done {
				return true
			}
		}
		return false
	})
}

const aRequest = "GET / HTTP/1.1\nHost: x\n\n"

func TestTheConnectionThatWasStillTheLongestMakesRoom(t *testing.T) {
	t.Parallel()
	for name, encrypted := range map[string]bool{"plain": false, "TLS": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newBounded(t, encrypted, fewPlaces(3))
			slow, first, second := l.visit(), l.visit(), l.visit()
			slow.says("GET /slow HTTP/1.1\nHost: x\n\n")
			<-l.begun
			l.asks(first)
			l.asks(second)
			newcomer := l.visit()
			newcomer.says(aRequest)
			newcomer.answered(false)
			first.ended()
			second.says(aRequest)
			second.answered(false)
			close(l.release)
			slow.answered(false)
		})
	}
}

func TestHalfARequestMakesRoomWhereNobodyElseIsStill(t *testing.T) {
	t.Parallel()
	l := newBounded(t, false, fewPlaces(2))
	half, idle := l.visit(), l.visit()
	half.says("GET / HTTP/1.1\nHo")
	cmdtest.Until(t, "half a request", func() bool {
		all := l.places.stillest(9)
		return len(all) == 2 && all[1].RemoteAddr().String() == half.LocalAddr().String() // behind who has sent nothing, though it came first
	})
	for range 2 {
		newcomer := l.visit()
		newcomer.says("GET /slow HTTP/1.1\nHost: x\n\n")
		<-l.begun
	}
	idle.ended()
	half.ended()
	close(l.release)
}

func TestWhoIsBeingServedKeepsThePlaceAndTheNewcomerWaits(t *testing.T) {
	t.Parallel()
	l := newBounded(t, false, fewPlaces(1))
	slow := l.visit()
	slow.says("GET /slow HTTP/1.1\nHost: x\n\n")
	<-l.begun
	newcomer := l.visit()
	newcomer.says(aRequest)
	cmdtest.Until(t, "somebody without a place", func() bool { return l.places.count() == 2 })
	if l.places.makeRoom() {
		t.Error("somebody who is being served, or who waits, was cut off")
	}
	close(l.release)
	slow.answered(false)
	newcomer.answered(false)
	slow.ended()
}

func TestWhoWaitsForAPlaceIsServedWhenTheProgramEnds(t *testing.T) {
	t.Parallel()
	l := newBounded(t, false, fewPlaces(1))
	slow := l.visit()
	slow.says("GET /slow HTTP/1.1\nHost: x\n\n")
	<-l.begun
	newcomer := l.visit()
	newcomer.says(aRequest)
	cmdtest.Until(t, "somebody without a place", func() bool { return l.places.count() == 2 })
	l.draining.Store(true)
	l.places.end()
	newcomer.answered(true)
	done := l.letGo(time.Millisecond)
	close(l.release)
	slow.answered(true)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestAConnectionOfHTTP2MakesRoomToo(t *testing.T) {
	t.Parallel()
	l := newBounded(t, true, fewPlaces(1))
	for range 3 {
		client := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
		defer client.CloseIdleConnections()
		answer, err := client.Get("https://" + l.listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil || string(body) != "answered" || answer.ProtoMajor != 2 {
			t.Errorf("%s %q %v", answer.Proto, body, err)
		}
	}
	cmdtest.Until(t, "one place taken", func() bool { return l.places.count() == 1 })
}

func TestANewConnectionHasAMomentForItsFirstRequest(t *testing.T) {
	t.Parallel()
	p := fewPlaces(1)
	p.grace = time.Hour
	l := newBounded(t, false, p)
	fresh := l.visit()
	cmdtest.Until(t, "a connection", func() bool { return p.count() == 1 })
	if p.makeRoom() {
		t.Error("it was closed before it could ask")
	}
	fresh.says(aRequest)
	fresh.answered(false)
}

func TestThereAreFilesLeftForTheDatabase(t *testing.T) {
	t.Parallel()
	for files, want := range map[uint64]int{0: 16, 64: 16, 256: 128, 1024: 896, 65_536: 10_000, 1 << 63: 10_000} {
		if got := connectionsFor(files); got != want {
			t.Errorf("%d files: %d connections, want %d", files, got, want)
		}
	}
}
