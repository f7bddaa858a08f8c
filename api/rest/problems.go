package rest

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/ouderavond/ouderavond/api/shape"
	"github.com/ouderavond/ouderavond/models/errs"
)

// Statuses is the one place that knows which HTTP status a kind of error has.
var Statuses = map[errs.Kind]int{
	errs.Invalid:         http.StatusUnprocessableEntity,
	errs.Unauthenticated: http.StatusUnauthorized,
	errs.Forbidden:       http.StatusForbidden,
	errs.NotFound:        http.StatusNotFound,
	errs.Conflict:        http.StatusConflict,
	errs.Stale:           http.StatusPreconditionFailed,
	errs.TooLarge:        http.StatusRequestEntityTooLarge,
	errs.TooMany:         http.StatusTooManyRequests,
	errs.Unavailable:     http.StatusServiceUnavailable,
	errs.Internal:        http.StatusInternalServerError,
}

// wireCodes are the problems that are about the request as bytes, before it says anything: they have codes and statuses of their own.
var wireCodes = map[string]int{
	CodeMalformed:  http.StatusBadRequest,
	CodeEmptyBody:  http.StatusBadRequest,
	CodeSlowBody:   http.StatusRequestTimeout,
	CodeMediaType:  http.StatusUnsupportedMediaType,
	codeEncoding:   http.StatusUnsupportedMediaType,
	codeMethod:     http.StatusMethodNotAllowed,
	CodeTooLarge:   http.StatusRequestEntityTooLarge,
	CodeBadRequest: http.StatusBadRequest,
}

// The codes of problems that the API itself finds.
const (
	CodeMalformed  = "malformed-json"
	CodeEmptyBody  = "empty-body"
	CodeSlowBody   = "slow-body"
	CodeMediaType  = "unsupported-media-type"
	codeEncoding   = "unsupported-encoding"
	codeMethod     = "method-not-allowed"
	CodeTooLarge   = "too-large"
	CodeBadRequest = "bad-request"
	CodeUnreadable = "import.unreadable"
)

// otherWays are the ways in that a refused log-in always offers, whatever was wrong.
func otherWays() []string { return []string{"code", "family_code", "desk_code", "school"} }

// unavailableRetry is after how long a client may try again when the database or a carrier was away.
const unavailableRetry = 5 * time.Second

// WireFault makes an error about the request as bytes.
func WireFault(code string) error { return errs.New(errs.Invalid, code) }

// problemOf turns an error of any layer into the problem that answers it, in the visit's language. What nobody foresaw is answered opaquely, and its cause
// is kept for the line of log.
func (s *Base) problemOf(ctx context.Context, err error) *Problem {
	if made, ok := errors.AsType[*Problem](err); ok {
		return made
	}
	v := CallOf(ctx)
	known, ok := errs.As(err)
	if !ok {
		known = errs.Because(errs.Internal, "internal", err)
	}
	if known.Kind == errs.Internal || known.Kind == errs.Unavailable {
		v.cause = err
	}
	told := &Problem{Code: known.Code, Status: statusOf(known)}
	if known.Kind == errs.Internal {
		told.Code = "internal"
	}
	v.Problem = told.Code
	told.Type = ProblemType(told.Code)
	if known.Kind == errs.Internal || known.Kind == errs.Unavailable {
		v.spoken = v.Language // a database that is away is not asked for the school's words
	}
	told.Title, told.Detail = s.Texts.Problem(v.Voice(), told.Code, known.Kind, known.Params)
	told.Errors, told.Items = s.fieldFaults(v, known.Fields), s.ItemFaults(v, known.Items)
	if told.Code == errs.CodeNotRecognised || told.Code == errs.CodeConfirmFirst {
		told.Ways = otherWays()
	}
	if told.Code == errs.CodeNotRecognised {
		told.Try = v.Try
	}
	if told.Code == errs.CodeItems {
		told.Proposals = v.path + "/proposals"
	}
	if told.Status == http.StatusForbidden {
		told.MissingScopes = v.lacking
	}
	told.RetryAfter = retryAfter(known)
	return told.Finish(v.Language)
}

func statusOf(known *errs.Error) int {
	if status, ok := wireCodes[known.Code]; ok && known.Kind == errs.Invalid {
		return status
	}
	if status, ok := Statuses[known.Kind]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// ProblemType is the stable reference of a code.
func ProblemType(code string) string { return "/api/problems/" + code }

func retryAfter(known *errs.Error) int {
	wait := known.RetryAfter
	if wait == 0 && known.Kind == errs.Unavailable {
		wait = unavailableRetry
	}
	return int(math.Ceil(wait.Seconds()))
}

func (s *Base) fieldFaults(v *Call, fields []errs.Field) []fieldFault {
	var faults []fieldFault
	for _, field := range fields {
		fault := fieldFault{Field: field.Name, Code: field.Code, Detail: s.Texts.field(v.Voice(), field.Code, field.Params)}
		if words := field.Params[paramAllowed]; words != "" {
			fault.Allowed = strings.Split(words, ", ")
			fault.Detail = s.Texts.field(v.Voice(), "one-of", field.Params)
		}
		faults = append(faults, fault)
	}
	return faults
}

// ItemFaults returns what went wrong with each item of a booking, with the texts of the caller's language.
func (s *Base) ItemFaults(v *Call, items []errs.Item) []ItemFault {
	var faults []ItemFault
	for _, item := range items {
		fault := ItemFault{Ref: item.Ref, Reason: item.Code, Detail: s.Texts.item(v.Voice(), item.Code), Alternatives: []alternative{}}
		for _, option := range item.Alternatives {
			fault.Alternatives = append(fault.Alternatives, alternative{
				Start: option.Start.UTC(), Local: shape.LocalTime(option.Start, v.Zone), Staff: append([]string{}, option.Staff...), Day: option.Day,
			})
		}
		faults = append(faults, fault)
	}
	return faults
}

// refuse answers a request with the problem of an error; what was already answered stays as it is.
func (s *Base) refuse(c echo.Context, err error) {
	if c.Response().Committed {
		CallOf(c.Request().Context()).cause = err
		return
	}
	if err := s.problemOf(c.Request().Context(), err).write(c); err != nil {
		CallOf(c.Request().Context()).cause = err
	}
}

// AnswerError is Echo's error handler: no such address, no such method, panics, and whatever a page did not answer itself.
func (s *Base) AnswerError(err error, c echo.Context) {
	if thrown, ok := errors.AsType[*echo.HTTPError](err); ok {
		switch {
		case thrown.Code == http.StatusMethodNotAllowed:
			setAllow(c)
			err = WireFault(codeMethod)
		case thrown.Code == http.StatusNotFound:
			err = errs.New(errs.NotFound, errs.CodeNotFound)
		case thrown.Code == http.StatusRequestEntityTooLarge:
			err = WireFault(CodeTooLarge)
		case thrown.Code < http.StatusInternalServerError:
			err = WireFault(CodeBadRequest)
		}
	}
	s.refuse(c, err)
}

// setAllow lists the methods of an address (RFC 9110, section 10.2.1), without OPTIONS, which Echo adds and nothing here answers.
func setAllow(c echo.Context) {
	allowed, _ := c.Get(echo.ContextKeyHeaderAllow).(string)
	var methods []string
	for _, method := range strings.Split(allowed, ", ") {
		if method != http.MethodOptions && method != "" {
			methods = append(methods, method)
		}
	}
	c.Response().Header().Set(echo.HeaderAllow, strings.Join(methods, ", "))
}

// RefuseOptions answers OPTIONS like any other method that an address does not have: there is no CORS.
func RefuseOptions(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if allowed, _ := c.Get(echo.ContextKeyHeaderAllow).(string); allowed != "" {
			return echo.ErrMethodNotAllowed
		}
		return next(c)
	}
}
