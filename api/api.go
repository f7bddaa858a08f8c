package api

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/ouderavond/ouderavond/api/messages"
	"github.com/ouderavond/ouderavond/api/rest"
	"github.com/ouderavond/ouderavond/auth"
	"github.com/ouderavond/ouderavond/booking"
	"github.com/ouderavond/ouderavond/models"
)

// Answers are compressed for who asks for it, from a size on where it helps: a page with all times of an evening is a tenth on the way to a telephone. None
// of them holds both a secret that lasts and what somebody else put into the request.
const (
	compression  = gzip.BestSpeed
	compressFrom = 2048 // bytes
)

// briefly tells requests whose answers are short: what changes something by the API. They are not even prepared for compression: that would cost more than the
// rest of the request. A form that is sent to a page may be answered by a whole page. The pages' own files are compressed already.
func briefly(c echo.Context) bool {
	request := c.Request()
	return strings.HasPrefix(request.URL.Path, "/assets/") || request.Method != http.MethodGet && (request.Method != http.MethodPost || strings.HasPrefix(request.URL.Path, "/api/"))
}

// Config is what a Server needs. Booking, Auth and Clock are needed; everything else may be left out.
type Config struct {
	Booking *booking.Services
	Auth    *auth.Services
	// Clock measures how long a request took and tells today's date to the readers of files.
	Clock models.Clock
	// Logger gets one line for each request. Nil throws them away.
	Logger *slog.Logger
	// BaseURL is the address under which clients reach the server, without a slash at the end; it stands in the description. Empty: whatever host they used.
	BaseURL string
	// TrustedProxies are the networks whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
	// Secure tells that clients come over HTTPS; then they are told to keep doing so (RFC 6797).
	Secure bool
	// Ready tells whether the server can do its work now; nil always.
	Ready func(ctx context.Context) error
	// Metrics answers /metrics: on the machine's own socket, and to the operator's keys. Nil: not there.
	Metrics http.Handler
	// Recorder is told of each answered request.
	Recorder rest.Recorder
	// Wait pauses between tries of a wipe to empty the write-ahead log, and ends early with an error if the context does. Nil does not pause.
	Wait func(ctx context.Context, pause time.Duration) error
	// Wiping runs the wipe of a school, while no other program is at one; the context that it hands in ends if that is not sure any more. Nil just runs it.
	Wiping func(ctx context.Context, wipe func(context.Context) error) error
	// Mailbox reads a school's messages in the mailbox folder, newest first, at most limit of them. Nil: not there.
	Mailbox func(ctx context.Context, school models.SchoolID, limit int) ([]rest.MailboxMessage, error)
	// Reports takes what carriers and mail servers tell of messages. Nil: not there.
	Reports messages.Reports
	// Pages adds the HTML pages to the public handler, after everything else. They may wrap Echo's HTTPErrorHandler, to answer in HTML what is not below
	// /api, and must leave what is below it to the one that they found.
	Pages func(*echo.Echo)
}

// Server is the API. It is safe for concurrent use.
type Server struct {
	config Config
	base   *rest.Base
	public http.Handler
	local  http.Handler
}

// New makes the API. It fails if something that it needs is missing.
func New(config Config) (*Server, error) {
	if config.Booking == nil || config.Auth == nil || config.Clock == nil {
		return nil, errors.New("api: booking, auth and clock are needed")
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	if config.Ready == nil {
		config.Ready = func(context.Context) error { return nil }
	}
	if config.Wait == nil {
		config.Wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	}
	if config.Wiping == nil {
		config.Wiping = func(ctx context.Context, wipe func(context.Context) error) error { return wipe(ctx) }
	}
	config.BaseURL = strings.TrimRight(config.BaseURL, "/")
	base, err := rest.NewBase(rest.BaseConfig{
		Auth: config.Auth, Schools: config.Booking.Schools, Clock: config.Clock, Logger: config.Logger, TrustedProxies: config.TrustedProxies, Secure: config.Secure,
		Recorder: config.Recorder,
	})
	if err != nil {
		return nil, err
	}
	s := &Server{config: config, base: base}
	s.public, s.local = s.build(false), s.build(true)
	return s, nil
}

// Handler is for the public listener: every request shows with a token who makes it.
func (s *Server) Handler() http.Handler { return s.public }

// LocalHandler is for the machine's own socket, to which the system lets nobody but the program's owner: every request is the operator's.
func (s *Server) LocalHandler() http.Handler { return s.local }

// build puts one of the two handlers together.
func (s *Server) build(local bool) http.Handler {
	router := echo.New()
	router.Logger.SetOutput(io.Discard)
	router.HTTPErrorHandler = s.base.AnswerError
	router.Use(s.base.Watch, rest.RefuseOptions, rest.Conditional, middleware.GzipWithConfig(middleware.GzipConfig{Skipper: briefly, Level: compression, MinLength: compressFrom}))
	mux := humaecho.New(router, s.describeAPI())
	s.describeProblems(mux)
	written := newDocument(mux.OpenAPI())
	routes := s.table(written)
	for i := range routes {
		r := &routes[i]
		if r.Local && !local {
			continue
		}
		if r.Operation.Mount == nil {
			s.mountPlain(router, r, local)
			continue
		}
		operation := s.describe(r)
		operation.Middlewares = huma.Middlewares{s.base.Guard(r, local)}
		r.Operation.Mount(s.base, mux, operation)
	}
	written.finish(routes)
	headsOf(router, routes)
	if s.config.Pages != nil && !local {
		s.config.Pages(router)
	}
	return rest.AnswerHead(router)
}

// mountPlain adds a route that is no operation: the description itself, and what monitors read.
func (s *Server) mountPlain(router *echo.Echo, r *rest.Route, local bool) {
	path := strings.NewReplacer("{", ":", "}", "").Replace(r.Path)
	answer := func(c echo.Context) error {
		if err := s.base.Admit(c, r, local); err != nil {
			return err
		}
		return r.Operation.Plain(c)
	}
	router.Add(r.Method, path, answer)
	if r.Method == http.MethodGet {
		router.Add(http.MethodHead, path, answer)
	}
}

// headsOf lets monitors that ask with HEAD have the answer to GET, of which the server leaves the body out.
func headsOf(router *echo.Echo, routes []rest.Route) {
	for _, r := range routes {
		if r.Tag == "machine" && r.Method == http.MethodGet && r.Operation.Mount != nil {
			router.Add(http.MethodHead, r.Path, func(c echo.Context) error {
				request := c.Request().Clone(c.Request().Context())
				request.Method = http.MethodGet
				router.ServeHTTP(c.Response(), request)
				return nil
			})
		}
	}
}
