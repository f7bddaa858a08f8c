package server

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/cmdtest"
)

func TestWhoIsBeingServedIsServedToTheEnd(t *testing.T) {
	t.Parallel()
	for name, encrypted := range map[string]bool{"plain": false, "TLS": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLettingGo(t, encrypted)
			slow, half, idle := l.visit(), l.visit(), l.visit()
			for _, v := range []*visitor{half, idle} {
				v.says("GET / HTTP/1.1\nHost: x\n\n")
				v.answered(false)
			}
			slow.says("GET /slow HTTP/1.1\nHost: x\n\n")
			<-l.begun
			half.says("GET / HTTP/1.1\nHo")
			cmdtest.Until(t, "half a request", func() bool {
				for _, c := range l.Keeper.all() {
					c.mutex.Lock()
					begun := c.begun
					c.mutex.Unlock()
					if begun {
						return true
					}
				}
				return false
			})
			done := l.letGo(time.Millisecond)
			idle.ended() // so the keeper has been round
			half.says("st: x\n\n")
			half.answered(true)
			half.ended()
			select {
			case err := <-done:
				t.Errorf("somebody is being served still: %v", err)
			default:
			}
			close(l.release)
			slow.answered(true)
			slow.ended()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAnIdleConnectionIsHandedOver(t *testing.T) {
	t.Parallel()
	l := newLettingGo(t, false)
	fresh, idle := l.visit(), l.visit()
	idle.says("GET / HTTP/1.1\nHost: x\n\n")
	idle.answered(false)
	cmdtest.Until(t, "two connections", func() bool { return len(l.Keeper.all()) == 2 })
	for range 3 {
		l.succeed(true, time.Hour) // nobody waits for idle connections that are handed over
		for _, v := range []*visitor{fresh, idle} {
			v.says("GET / HTTP/1.1\nHost: x\n\n")
			v.answered(false)
		}
	}
}

// TestNoRequestIsDroppedInAStorm lets clients ask without pause, by connections that they keep and by new ones, while one server after the other takes the
// socket over. Nobody asks twice.
func TestNoRequestIsDroppedInAStorm(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		encrypted, hands bool
		times            int
	}{"an upgrade": {false, true, 300}, "a restart": {false, false, 100}, "TLS": {true, false, 10}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLettingGo(t, tt.encrypted)
			var clients sync.WaitGroup
			var asked atomic.Int64
			ctx, stop := context.WithCancel(context.Background())
			for n := range 8 {
				clients.Go(func() { l.storm(ctx, n%2 == 0, &asked) })
			}
			for range tt.times {
				goal := asked.Load() + 40
				cmdtest.Until(t, "a storm", func() bool { return asked.Load() > goal || t.Failed() })
				l.succeed(tt.hands, time.Minute) // a client that is still for a while on a busy machine is none that has gone
			}
			stop()
			clients.Wait()
			t.Logf("%d requests, all answered", asked.Load())
		})
	}
}

// storm asks until it is told to stop.
func (l *lettingGo) storm(ctx context.Context, keeps bool, asked *atomic.Int64) {
	for ctx.Err() == nil {
		connection, err := l.dial()
		if err != nil {
			l.t.Errorf("refused: %v", err)
			return
		}
		in := bufio.NewReader(connection)
		for goesOn := true; goesOn && ctx.Err() == nil; asked.Add(1) {
			_ = connection.SetDeadline(time.Now().Add(cmdtest.WaitFor)) // for one answer: where the machine is busy, the whole storm takes longer
			_, err := io.WriteString(connection, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
			if err != nil {
				l.t.Errorf("dropped: %v", err)
				break
			}
			answer, err := http.ReadResponse(in, nil)
			if err != nil {
				l.t.Errorf("dropped: %v", err)
				break
			}
			_, err = io.Copy(io.Discard, answer.Body)
			goesOn = keeps && !answer.Close && err == nil
		}
		_ = connection.Close()
	}
}
