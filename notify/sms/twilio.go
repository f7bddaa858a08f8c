package sms

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/ouderavond/ouderavond/notify/carrier"
)

// DefaultBaseURL is where Twilio listens.
const DefaultBaseURL = "https://api.twilio.com"

// TwilioConfig says how to reach Twilio and on whose account.
type TwilioConfig struct {
	// BaseURL is scheme and host; [DefaultBaseURL] if empty. Without TLS only
	// this machine may be spoken to.
	BaseURL string
	// AccountSID and AuthToken sign every request.
	AccountSID, AuthToken string
	// From is the sender, a number or a short name, for messages that name
	// none. With MessagingServiceSID Twilio chooses the sender itself. One of
	// the two is needed, not both.
	From, MessagingServiceSID string
	// StatusCallback is where Twilio reports what became of a message, or empty.
	// The school's id and the reference of the message are added to its path.
	StatusCallback string
	// Regions are the countries (ISO 3166) sent to; [DefaultRegions] if empty.
	Regions []string
	// Timeout bounds one request as a whole.
	Timeout time.Duration
}

// Twilio hands messages to Twilio's Programmable Messaging.
type Twilio struct {
	config    TwilioConfig
	base      *url.URL
	transport http.RoundTripper
}

// NewTwilio checks the configuration; it does not connect. All faults come at
// once. None of them repeats the token.
func NewTwilio(c TwilioConfig) (*Twilio, error) {
	var faults []error
	fault := func(wrong bool, text string) {
		if wrong {
			faults = append(faults, errors.New("sms: "+text))
		}
	}
	if c.BaseURL == "" {
		c.BaseURL = DefaultBaseURL
	}
	base, err := url.Parse(c.BaseURL)
	if err != nil {
		base = &url.URL{}
	}
	fault(base.Host == "" || strings.Trim(base.Path, "/") != "" || base.RawQuery != "" || base.User != nil,
		"the base URL must be scheme and host")
	local := slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, base.Hostname())
	fault(base.Scheme != "https" && (base.Scheme != "http" || !local), "the base URL must be https")
	fault(!regexp.MustCompile(`^AC[0-9A-Za-z]{1,62}$`).MatchString(c.AccountSID), "the account SID is malformed")
	fault(!regexp.MustCompile(`^[0-9A-Za-z]{1,128}$`).MatchString(c.AuthToken), "the auth token is malformed")
	fault((c.From == "") == (c.MessagingServiceSID == ""), "either a sender or a messaging service is needed")
	fault(c.From != "" && !isSender(c.From), "the sender is malformed")
	fault(!regexp.MustCompile(`^(MG[0-9A-Za-z]{1,62})?$`).MatchString(c.MessagingServiceSID), "the messaging service is malformed")
	callback, err := url.Parse(c.StatusCallback)
	fault(c.StatusCallback != "" && (err != nil || callback.Scheme != "https" && !local || callback.Host == "" || callback.RawQuery != ""),
		"the address for reports must be https, without a query")
	fault(c.Timeout <= 0, "the timeout must be positive")
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return &Twilio{config: c, base: base, transport: &http.Transport{
		Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, IdleConnTimeout: time.Minute,
	}}, nil
}

// Send hands the message over. See [Carrier]. Silence after the request was
// written is ambiguous; [Twilio.Lookup] can tell.
func (t *Twilio) Send(ctx context.Context, m Message) (Receipt, error) {
	to, err := check(m, t.config.Regions)
	if err != nil {
		return Receipt{}, err
	}
	params := new(api.CreateMessageParams).SetPathAccountSid(t.config.AccountSID).SetTo(to).SetBody(m.Body)
	switch {
	case m.From != "":
		params.SetFrom(m.From)
	case t.config.MessagingServiceSID != "":
		params.SetMessagingServiceSid(t.config.MessagingServiceSID)
	default:
		params.SetFrom(t.config.From)
	}
	if t.config.StatusCallback != "" && m.Reference != "" {
		params.SetStatusCallback(t.callback(m))
	}
	var answer *api.ApiV2010Message
	err = t.call(ctx, sending, func(service *api.ApiService) (err error) {
		answer, err = service.CreateMessage(params)
		return err
	})
	if err != nil {
		return Receipt{}, err
	}
	if answer.Sid == nil || *answer.Sid == "" {
		return Receipt{}, refuse(carrier.Ambiguous, "the carrier's answer has no id")
	}
	return Receipt{ID: *answer.Sid}, nil
}

// idPattern is what Twilio calls messages.
var idPattern = regexp.MustCompile(`^[SM]M[0-9A-Za-z]{1,62}$`)

// Records reports whether Twilio would call a message so.
func (t *Twilio) Records(id string) bool { return idPattern.MatchString(id) }

// Delete asks Twilio to delete a message, which it does not do by itself: number,
// text and time. See [Forgetter].
func (t *Twilio) Delete(ctx context.Context, id string) error {
	if !t.Records(id) {
		return refuse(carrier.Permanent, "the carrier's id is malformed")
	}
	params := new(api.DeleteMessageParams).SetPathAccountSid(t.config.AccountSID)
	err := t.call(ctx, asking, func(service *api.ApiService) error { return service.DeleteMessage(id, params) })
	if carrier.Of(err).Code == notThere {
		return nil
	}
	return err
}

// notThere is what Twilio answers of a message that it does not have.
const notThere = 20404

// callback is the address for the report on one message.
func (t *Twilio) callback(m Message) string {
	return strings.TrimRight(t.config.StatusCallback, "/") + "/" + ReportPath(m.School, m.Reference)
}

// ReportPath is what stands in the address for the report on a message behind the
// one for reports. It names nobody.
func ReportPath(school, reference string) string {
	return url.PathEscape(school) + "/" + url.PathEscape(reference)
}

// call makes one request. The client is made for it, because the library knows
// neither contexts nor another host: both are given to it as its line.
func (t *Twilio) call(ctx context.Context, purpose purpose, do func(*api.ApiService) error) error {
	ctx, cancel := context.WithTimeout(ctx, t.config.Timeout)
	defer cancel()
	line := &line{ctx: ctx, base: t.base, next: t.transport}
	base := &client.Client{
		Credentials: client.NewCredentials(t.config.AccountSID, t.config.AuthToken),
		HTTPClient: &http.Client{
			Transport: line,
			// A redirect would carry number and text to another host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	base.SetAccountSid(t.config.AccountSID)
	// Made by hand: the constructor would take host names from the environment.
	err := do(api.NewApiService(&client.RequestHandler{Client: base}))
	return line.failure(purpose, err)
}
