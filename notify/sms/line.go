package sms

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"sync/atomic"

	"github.com/twilio/twilio-go/client"

	"github.com/ouderavond/ouderavond/notify/mail/failure"
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
	response.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(response.Body, answerLimit), response.Body}
	return response, nil
}

// The carrier's error numbers that tell more than the status (Twilio's error
// and warning dictionary).
var (
	// recipientFaults: no valid number, a short code, a premium number, opted
	// out, no mobile number, a land line.
	recipientFaults = []int{21211, 21217, 21265, 21268, 21610, 21614, 21635}
	// senderFaults: a sender that is invalid, not ours or not fit for text, a
	// messaging service that is empty or not there.
	senderFaults = []int{21212, 21606, 21659, 21660, 21703, 21705}
	// passingFaults: a message still under way cannot be changed; a sender has
	// too many messages waiting.
	passingFaults = []int{20009, 21611}
)

// failure says what became of the request. The carrier's words are dropped:
// they repeat the number.
func (l *line) failure(purpose purpose, err error) error {
	ok := l.status >= 200 && l.status < 300
	if err == nil && ok {
		return nil
	}
	f := failure.Failure{Channel: channel, Stage: "carrier's answer", Code: l.status}
	var answer *client.TwilioRestError
	if errors.As(err, &answer) && answer.Code != 0 {
		f.Code = answer.Code
	}
	switch {
	case l.status == 0 && (!l.written.Load() || purpose == asking):
		f.Class, f.Stage = failure.Temporary, "carrier not reached"
	case l.status == 0, l.status == http.StatusGatewayTimeout && purpose == sending, ok && purpose == sending:
		// Silence, a gateway's report of silence, or a yes that cannot be read.
		f.Class, f.Stage = failure.Ambiguous, "no readable answer"
	default:
		f.Class = classOf(l.status, f.Code)
		f.Setup = isSetup(l.status, f.Code, purpose)
		if f.Setup && !slices.Contains(senderFaults, f.Code) {
			// A wrong token is mended in an hour; the message can wait.
			f.Class = failure.Temporary
		}
	}
	return f.Because(errors.Join(err, l.ctx.Err()))
}

// classOf decides what an answer means.
func classOf(status, code int) failure.Class {
	switch {
	case slices.Contains(recipientFaults, code):
		return failure.RecipientRefused
	case slices.Contains(passingFaults, code), status == http.StatusTooManyRequests, status >= 500,
		status == http.StatusRequestTimeout:
		return failure.Temporary
	case status >= 200 && status < 300:
		return failure.Temporary // an answer to a question that cannot be read
	}
	return failure.Permanent
}

// isSetup tells whether every message would fail like this one: nobody lets us
// in, nothing is there, or it is somewhere else.
func isSetup(status, code int, purpose purpose) bool {
	switch {
	case slices.Contains(senderFaults, code), status == http.StatusUnauthorized, status >= 300 && status < 400:
		return true
	case status == http.StatusForbidden:
		return !slices.Contains(recipientFaults, code)
	}
	return status == http.StatusNotFound && purpose == sending
}
