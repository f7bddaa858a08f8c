package sms

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twilio/twilio-go/client"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/notify/carrier"
)

// purpose tells a request that makes a message from one that only asks. A
// silence is ambiguous for the first only.
type purpose bool

const (
	sending purpose = true
	asking  purpose = false
)

// answerLimit is how many bytes of an answer are read.
const answerLimit = 1 << 20

// line carries one request to the configured host and remembers how far it
// came, which the library does not tell.
type line struct {
	ctx     context.Context
	base    *url.URL
	next    http.RoundTripper
	written atomic.Bool // part of the request may have reached the carrier
	status  int         // of the answer, or zero

	retryAfter time.Duration // that the carrier asks for, or zero
}

// RoundTrip implements [http.RoundTripper].
func (l *line) RoundTrip(request *http.Request) (*http.Response, error) {
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { l.written.Store(true) }}
	request = request.Clone(httptrace.WithClientTrace(l.ctx, trace))
	request.URL.Scheme, request.URL.Host, request.Host = l.base.Scheme, l.base.Host, l.base.Host
	response, err := l.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	l.status = response.StatusCode
	l.retryAfter = retryAfter(response.Header)
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(response.Body, answerLimit), response.Body}
	return response, nil
}

// failure says what became of the request. The carrier's words are dropped:
// they repeat the number.
func (l *line) failure(purpose purpose, err error) error {
	ok := l.status >= 200 && l.status < 300
	if err == nil && ok {
		return nil
	}
	f := carrier.Failure{Channel: channel, Stage: "carrier's answer", Code: l.status, RetryAfter: l.retryAfter}
	var answer *client.TwilioRestError
	if errors.As(err, &answer) && answer.Code != 0 {
		f.Code = answer.Code
	}
	v := verdict{}
	switch {
	case l.status == 0 && (!l.written.Load() || purpose == asking):
		f.Stage, v = "carrier not reached", verdict{carrier.Temporary, models.ProblemNotReached, carrier.AllOfIt}
	case l.status == 0, ok && purpose == sending:
		// Silence, or a yes that cannot be read.
		f.Stage, v = "no readable answer", lostAnswer
	default:
		v = verdictOf(l.status, f.Code, purpose)
	}
	f.Class, f.Problem, f.Reach, f.Setup = v.class, v.problem, v.reach, v.problem == models.ProblemSetup
	return f.Because(errors.Join(err, l.ctx.Err()))
}

// maxRetryAfter is the longest wait that is believed.
const maxRetryAfter = time.Hour

// retryAfter reads how long the other side asks to wait (RFC 9110, section
// 10.2.3): seconds, or a date, which is held against the other side's own clock.
func retryAfter(header http.Header) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	seconds, err := strconv.Atoi(text)
	wait := time.Duration(min(max(seconds, 0), int(maxRetryAfter/time.Second))) * time.Second
	if err != nil {
		until, wrong := http.ParseTime(text)
		now, missing := http.ParseTime(header.Get("Date"))
		if wrong != nil || missing != nil {
			return 0
		}
		wait = until.Sub(now)
	}
	return min(max(wait, 0), maxRetryAfter)
}
