package rest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/language"
)

// Call is what is known of one request while it is answered.
type Call struct {
	id       string // ours; never the caller's
	path     string // of the address
	Address  netip.Addr
	Language string
	voice    func(models.SchoolID) string // the language with the words of a school's kind; nil outside a request
	spoken   string                       // what voice said
	School   models.SchoolID
	Actor    models.Actor
	Zone     *time.Location // the school's, once a handler has looked it up
	Body     []byte         // of an upload
	Refused  string         // why the guard said no; for the log, never for the answer
	lacking  []string       // scopes that a refused key would have needed
	Problem  string         // the code of the problem it was answered with
	Try      string         // the try token of somebody who logs in, for the problem
	cause    error          // of a failure of ours; for the log
}

type callKey struct{}

// CallOf gives the visit of a request's context; outside a request an empty one.
func CallOf(ctx context.Context) *Call {
	if found, ok := ctx.Value(callKey{}).(*Call); ok {
		return found
	}
	return &Call{Language: language.Default}
}

// Voice is the call's language with the words that its school uses, for sentences. The school is only looked at when something is said.
func (v *Call) Voice() string {
	if v.voice == nil || v.School.IsZero() {
		return v.Language
	}
	if v.spoken == "" {
		v.spoken = v.voice(v.School)
	}
	return v.spoken
}

// NoteSchool names the school of a request for its line of log. Pages call it; the API's own routes do it themselves.
func NoteSchool(ctx context.Context, school models.SchoolID) { CallOf(ctx).School = school }

// NoteCause keeps the cause of a failure for the line of log of a request. Pages call it; the API's own routes do it themselves.
func NoteCause(ctx context.Context, cause error) { CallOf(ctx).cause = cause }

// methods are the methods that a line of log names; anything else is somebody's own text.
var methods = map[string]bool{
	http.MethodGet: true, http.MethodHead: true, http.MethodPost: true, http.MethodPut: true, http.MethodPatch: true, http.MethodDelete: true,
	http.MethodOptions: true,
}

// Watch is the outermost middleware: it makes the visit, sets the headers that every answer has, answers what failed, and writes the line of log.
func (s *Base) Watch(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		request := c.Request()
		v := &Call{id: rand.Text(), path: request.URL.Path, Address: s.addresses.Of(request), Language: s.Texts.Match(request.Header.Get("Accept-Language"))}
		v.voice = func(school models.SchoolID) string {
			// What cannot be looked at now, or is being wiped, is spoken to in the words of most schools.
			front, err := s.auth.Front(request.Context(), school)
			if err != nil {
				return v.Language
			}
			return language.Voice(v.Language, language.Kind(front.Kind))
		}
		c.SetRequest(request.WithContext(context.WithValue(request.Context(), callKey{}, v)))
		s.setHeaders(c.Response().Header(), v)
		started := s.Clock.Now()
		if err := s.survive(next, c); err != nil {
			c.Error(err)
		}
		s.record(c, v, s.Clock.Now().Sub(started))
		return nil
	}
}

// everyAnswer is what every answer has, by the names as net/http writes them. Answers share the values.
var everyAnswer = http.Header{
	"Cache-Control":                {"no-store"},
	"Content-Security-Policy":      {"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Permissions-Policy":           {"camera=(), geolocation=(), microphone=()"},
	"Referrer-Policy":              {"no-referrer"},
	"X-Content-Type-Options":       {"nosniff"},
	"X-Frame-Options":              {"DENY"},
}

// setHeaders sets what every answer has. Pages and the readable description loosen the content policy for themselves.
func (s *Base) setHeaders(headers http.Header, v *Call) {
	maps.Copy(headers, everyAnswer)
	headers.Set("X-Request-Id", v.id)
	if s.secure {
		headers.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// panicked is a panic as an error: its type and where it happened, but not its text, which may hold values.
type panicked struct {
	kind  string
	stack string
}

func (p panicked) Error() string { return "panic of type " + p.kind }

// survive runs the rest and turns a panic into an error.
func (s *Base) survive(next echo.HandlerFunc, c echo.Context) (err error) {
	defer func() {
		switch value := recover(); value {
		case nil:
		case http.ErrAbortHandler:
			panic(value)
		default:
			err = panicked{kind: fmt.Sprintf("%T", value), stack: string(debug.Stack())}
		}
	}()
	return next(c)
}

// statusGone stands in the log and in the metrics for a request whose client went before it was answered, as proxies write it. It was stopped for that, and
// nobody read its answer: telephones lose their line all the time, which is no failure of ours.
const statusGone = 499

// record writes the line of log, and tells the metrics.
func (s *Base) record(c echo.Context, v *Call, took time.Duration) {
	status, route, method := c.Response().Status, templateOf(c.Path()), c.Request().Method
	if status >= http.StatusInternalServerError && errors.Is(v.cause, context.Canceled) && c.Request().Context().Err() != nil {
		status = statusGone
	}
	if !methods[method] {
		method = "other"
	}
	fields := []slog.Attr{
		slog.String("route", route), slog.String("method", method), slog.Int("status", status), slog.Float64("took_ms", float64(took.Microseconds())/1000), slog.String("request", v.id),
	}
	if !v.School.IsZero() {
		fields = append(fields, slog.String("school", v.School.String()))
	}
	if v.Problem != "" {
		fields = append(fields, slog.String("problem", v.Problem))
	}
	if v.Refused != "" {
		fields = append(fields, slog.String("refused", v.Refused))
	}
	level := slog.LevelInfo
	if v.cause != nil && status != statusGone {
		level = slog.LevelError
		fields = append(fields, slog.String("cause", v.cause.Error()))
		if trace, ok := errors.AsType[panicked](v.cause); ok {
			fields = append(fields, slog.String("stack", trace.stack))
		}
	}
	s.logger.LogAttrs(c.Request().Context(), level, "request", fields...)
	if s.recorder != nil {
		s.recorder.Request(route, method, status, took)
	}
}

// templateOf writes a route as the description does: /schools/{school}. What is no route has none, so that no log holds what somebody made up.
func templateOf(path string) string {
	if path == "" {
		return "none"
	}
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}

// Recorder counts requests. It is called at the end of each, by many at once.
type Recorder interface {
	// Request tells of an answered request: the route's template, or "none" where no route was found; the method, or "other".
	Request(route, method string, status int, took time.Duration)
}
