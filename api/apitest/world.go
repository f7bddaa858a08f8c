package apitest

import (
	"bytes"
	"context"
	"log/slog"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/api"
	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

// Proxy is the network of the world's trusted proxies.
var Proxy = netip.MustParsePrefix("10.1.0.0/16")

// World is the product, running for one test.
type World struct {
	Database *storetest.Database
	Booking  *booking.Services
	Auth     *auth.Services
	Server   *api.Server
	// Operator is a key of the operator.
	Operator string
	// Log is what the server wrote.
	Log *Log
	// Requests is what the recorder was told.
	Requests *Requests
}

// New starts a world. The changes are made to the server's configuration before it is made.
func New(t testing.TB, changes ...func(*api.Config)) *World {
	t.Helper()
	return On(t, storetest.New(t), changes...)
}

// On starts a world on a database.
func On(t testing.TB, database *storetest.Database, changes ...func(*api.Config)) *World {
	t.Helper()
	w := &World{
		Database: database, Booking: booking.New(database.Store, booking.Options{}), Auth: auth.NewServices(database.Store, nil), Log: &Log{}, Requests: &Requests{},
	}
	config := api.Config{
		Booking: w.Booking, Auth: w.Auth, Clock: database.Clock, Logger: slog.New(slog.NewJSONHandler(w.Log, nil)), BaseURL: "https://ouderavond.example.com",
		TrustedProxies: []netip.Prefix{Proxy}, Secure: true, Ready: database.Store.Ready, Recorder: w.Requests,
	}
	for _, change := range changes {
		change(&config)
	}
	var err error
	if w.Server, err = api.New(config); err != nil {
		t.Fatal(err)
	}
	if w.Operator, err = w.Auth.Keys.CreateForOperator(context.Background(), storetest.Operator()); err != nil {
		t.Fatal(err)
	}
	return w
}

// Log collects lines of log. It is safe for concurrent use.
type Log struct {
	mutex sync.Mutex
	lines bytes.Buffer
}

// Write adds to the log.
func (l *Log) Write(line []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.lines.Write(line)
}

// String gives everything that was written.
func (l *Log) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.lines.String()
}

// Request is what the recorder was told of one request.
type Request struct {
	Route, Method string
	Status        int
}

// Requests is an api.Recorder that remembers. It is safe for concurrent use.
type Requests struct {
	mutex sync.Mutex
	all   []Request
}

// Request remembers a request.
func (r *Requests) Request(route, method string, status int, _ time.Duration) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.all = append(r.all, Request{route, method, status})
}

// Last gives the last request.
func (r *Requests) Last() Request {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if len(r.all) == 0 {
		return Request{}
	}
	return r.all[len(r.all)-1]
}
