package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/machine"
)

// serving is the program while it listens.
type serving struct {
	*App
	public  []net.Listener
	local   net.Listener
	servers []*http.Server // the public one first
	failed  chan error

	accepting sync.WaitGroup
	working   sync.WaitGroup
	upgrades  chan os.Signal
}

// Serve listens until the context ends, then lets requests and messages under way finish. ready is called once everything listens. With errUpgrade another
// program is to take over; the variable of its environment that names the sockets is in app.sockets.
func (a *App) Serve(ctx context.Context, ready func(address string)) error {
	s, err := a.open()
	if err != nil {
		return err
	}
	defer signal.Stop(s.upgrades)
	// Sending ends when draining begins: what is due is in the database, and whoever comes next sends it.
	jobs, stopJobs := context.WithCancel(context.WithoutCancel(ctx))
	defer stopJobs()
	s.listen()
	s.startJobs(jobs)
	ready(s.public[0].Addr().String())
	tellSystemd("READY=1")

	upgrading := false
	select {
	case <-ctx.Done():
	case err = <-s.failed:
	case <-s.successor(ctx):
		upgrading = true
	}
	if upgrading {
		if a.Sockets, err = handOver(s.public); err == nil && a.certificate == nil {
			a.Keeper.handOver() // the secrets of TLS stay in this program
		}
	}
	stopJobs()
	err = errors.Join(err, s.drain(ctx))
	s.working.Wait()
	if upgrading && a.Sockets != "" && ctx.Err() == nil {
		if err != nil {
			a.Logger.Error("requests were cut off by the upgrade", "error", err)
		}
		return ErrUpgrade
	}
	return err
}

// open takes the sockets.
func (a *App) open() (*serving, error) {
	s := &serving{App: a, failed: make(chan error, 16), upgrades: make(chan os.Signal, 1)}
	s.Keeper = newKeeper()
	var err error
	if s.public, err = ListenPublic(a.Settings.Listen); err != nil {
		return nil, err
	}
	if s.local, err = a.ListenLocal(); err != nil {
		CloseAll(s.public)
		return nil, err
	}
	s.servers = []*http.Server{NewServer(a.crowd.around(a.announced(a.API.Handler())), a.Logger), NewServer(a.API.LocalHandler(), a.Logger)}
	if a.certificate != nil {
		s.servers[0].TLSConfig = a.certificate.config()
	}
	if a.Upgradable {
		signal.Notify(s.upgrades, syscall.SIGUSR2)
	}
	return s, nil
}

func (s *serving) listen() {
	passed := passedConnections()
	if s.certificate != nil { // they were handed over without TLS, and the settings have changed
		for _, connection := range passed {
			_ = connection.Close()
		}
		passed = nil
	}
	for _, listener := range s.public {
		listener, passed = &keptListener{Listener: listener, keeper: s.Keeper, places: s.places, passed: passed}, nil
		s.accepting.Go(func() { s.failed <- s.servePublic(s.servers[0], listener) })
	}
	go func() { s.failed <- s.servers[1].Serve(s.local) }()
}

// successor gives a channel that closes when an upgrade was asked for and the new program has shown that it can start. If it cannot, this one goes on.
func (s *serving) successor(ctx context.Context) <-chan struct{} {
	yes := make(chan struct{})
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-s.upgrades:
			}
			err := s.canWork(ctx) // what this one cannot ask, the next one cannot either
			if err == nil {
				err = checkSuccessor(ctx)
			}
			if err != nil {
				s.Logger.Error("upgrade refused; this version goes on", "error", err)
				continue
			}
			close(yes)
			return
		}
	}()
	return yes
}

// drain lets go of clients: first it says so for a while, to monitors and on every connection that is used, then nobody is let in any more and requests
// under way finish.
func (s *serving) drain(ctx context.Context) error {
	tellSystemd("STOPPING=1")
	s.draining.Store(true)
	delay := s.Settings.DrainTime()
	s.Logger.Info("draining", "seconds", delay.Seconds())
	ctx = context.WithoutCancel(ctx)
	_ = machine.Pause(ctx, delay)
	ctx, cancel := context.WithTimeout(ctx, drainFor)
	defer cancel()
	// Nobody new, and then nobody any more: only then may the server know of it, which would drop requests that it has not begun with.
	s.places.end()
	CloseAll(s.public)
	s.accepting.Wait()
	failed := []error{s.Keeper.letGo(ctx, delay)}
	for _, server := range s.servers {
		if err := server.Shutdown(ctx); err != nil {
			failed = append(failed, err, server.Close())
		}
	}
	return errors.Join(failed...)
}

// announced tells clients of a program that is draining that the connection ends with this answer, so that none of them sends into a connection that closes.
func (a *App) announced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&announcing{ResponseWriter: w, draining: &a.draining}, r)
	})
}

// announcing looks at the last moment: a request that came before the draining is answered in the middle of it.
type announcing struct {
	http.ResponseWriter
	draining *atomic.Bool
	begun    bool
}

// WriteHeader begins the answer.
func (w *announcing) WriteHeader(status int) {
	if !w.begun && status >= http.StatusOK {
		w.begun = true
		if w.draining.Load() {
			w.Header().Set("Connection", "close")
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write goes on with the answer, or begins it.
func (w *announcing) Write(part []byte) (int, error) {
	if !w.begun {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(part)
}

// Unwrap lets others reach what else the server's own writer can do.
func (w *announcing) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// errDraining tells monitors to send no more requests here.
var errDraining = errors.New("the program is stopping")

// canWork reports whether the program can do its work, for readiness.
func (a *App) canWork(ctx context.Context) error {
	if a.draining.Load() {
		return errDraining
	}
	return a.store.Ready(ctx)
}

func (a *App) servePublic(server *http.Server, listener net.Listener) error {
	if a.certificate != nil {
		return server.ServeTLS(listener, "", "")
	}
	return server.Serve(listener)
}

const (
	// headFor is how long a request's head may take, from a new connection on.
	headFor = 10 * time.Second
	// idleFor is how long a connection may be idle.
	idleFor = 120 * time.Second
)

// NewServer returns a server of HTTP with the bounds of this program; callers may change them before it listens.
func NewServer(handler http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: headFor, ReadTimeout: 60 * time.Second, WriteTimeout: 90 * time.Second, IdleTimeout: idleFor,
		MaxHeaderBytes: 32 << 10, ConnState: connState, ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}
}

// serverState is what of the program changes while it serves.
type serverState struct {
	draining   atomic.Bool
	Keeper     *keeper
	Upgradable bool   // another program may take over; not so in the demonstration
	Sockets    string // variable of the environment for that program
}
