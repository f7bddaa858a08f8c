package server

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/cmdtest"
)

// lettingGo is a server of which a keeper lets go. Requests to /slow wait until they are released.
type lettingGo struct {
	*App
	t        *testing.T
	listener net.Listener
	dial     func() (net.Conn, error)
	files    [2]string // certificate and key; empty without TLS
	serving  chan error
	begun    chan struct{}
	release  chan struct{}
	places   *places // nil where they are not bounded
}

func newLettingGo(t *testing.T, encrypted bool) *lettingGo {
	t.Helper()
	return newBounded(t, encrypted, nil)
}

// newBounded is newLettingGo with so many places for connections.
func newBounded(t *testing.T, encrypted bool, bound *places) *lettingGo {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	l := &lettingGo{t: t, listener: listener, places: bound, dial: func() (net.Conn, error) { return net.Dial("tcp", address) }}
	if encrypted {
		shelf := t.TempDir()
		l.files = [2]string{filepath.Join(shelf, "cert.pem"), filepath.Join(shelf, "key.pem")}
		cmdtest.Certify(t, l.files[0], l.files[1], 10)
		l.dial = func() (net.Conn, error) {
			return tls.Dial("tcp", address, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}})
		}
	}
	l.serve(nil)
	return l
}

func (l *lettingGo) serve(passed []net.Conn) {
	l.App = &App{}
	l.Keeper, l.serving, l.begun, l.release = newKeeper(), make(chan error, 1), make(chan struct{}, 1), make(chan struct{})
	begun, release := l.begun, l.release
	server := NewServer(l.announced(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			begun <- struct{}{}
			<-release
		}
		_, _ = io.WriteString(w, "answered")
	})), slog.New(slog.DiscardHandler))
	listener := &keptListener{Listener: l.listener, keeper: l.Keeper, places: l.places, passed: passed}
	serving := l.serving
	go func() {
		if l.files[0] != "" {
			serving <- server.ServeTLS(listener, l.files[0], l.files[1])
		} else {
			serving <- server.Serve(listener)
		}
	}()
	l.t.Cleanup(func() { _ = server.Close() })
}

// letGo lets go of everybody as the program does when it ends, and gives what comes of it.
func (l *lettingGo) letGo(idle time.Duration) <-chan error {
	l.draining.Store(!l.Keeper.hands()) // unannounced, clients use their connections in the very moment in which these are handed over
	_ = l.listener.Close()
	<-l.serving
	done, keeper := make(chan error, 1), l.Keeper
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), cmdtest.WaitFor)
		defer cancel()
		done <- keeper.letGo(ctx, idle)
	}()
	return done
}

// succeed serves again, by the same socket, which was open all the time.
func (l *lettingGo) succeed(hands bool, idle time.Duration) {
	l.t.Helper()
	file, err := l.listener.(*net.TCPListener).File()
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if hands {
		l.Keeper.handOver()
	}
	if err := <-l.letGo(idle); err != nil {
		l.t.Error(err)
	}
	if l.listener, err = net.FileListener(file); err != nil {
		l.t.Fatal(err)
	}
	l.serve(takeConnections(strings.TrimPrefix(l.Keeper.Variable(), handedConnections+"=")))
}

// visitor is a client that writes what it likes.
type visitor struct {
	net.Conn
	t  *testing.T
	in *bufio.Reader
}

func (l *lettingGo) visit() *visitor {
	l.t.Helper()
	connection, err := l.dial()
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { _ = connection.Close() })
	_ = connection.SetDeadline(time.Now().Add(cmdtest.WaitFor))
	return &visitor{connection, l.t, bufio.NewReader(connection)}
}

func (v *visitor) says(text string) {
	v.t.Helper()
	if _, err := io.WriteString(v, strings.ReplaceAll(text, "\n", "\r\n")); err != nil {
		v.t.Error(err)
	}
}

// answered reads an answer, which says whether the connection ends.
func (v *visitor) answered(closes bool) {
	v.t.Helper()
	answer, err := http.ReadResponse(v.in, nil)
	if err != nil {
		v.t.Errorf("no answer: %v", err)
		return
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil || string(body) != "answered" || answer.Close != closes {
		v.t.Errorf("%q, closes %v, %v", body, answer.Close, err)
	}
}

func (v *visitor) ended() {
	v.t.Helper()
	if _, err := v.in.ReadByte(); !errors.Is(err, io.EOF) {
		v.t.Errorf("the connection is still there: %v", err)
	}
}
