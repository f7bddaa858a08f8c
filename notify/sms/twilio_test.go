package sms_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/notify/carrier"
	"github.com/ouderavond/ouderavond/notify/sms"
)

const (
	account = "AC0123456789abcdef0123456789abcdef"
	token   = "0123456789abcdef0123456789abcdef"
)

// asked is a request that the carrier got.
type asked struct {
	method, path, user, password string
	form, query                  url.Values
}

// fakeTwilio is a stand-in for Twilio on this machine.
type fakeTwilio struct {
	*httptest.Server
	mutex sync.Mutex
	got   []asked
}

// start runs a carrier that notes each request and then lets answer speak.
func start(t *testing.T, answer http.HandlerFunc) *fakeTwilio {
	t.Helper()
	c := &fakeTwilio{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := asked{method: r.Method, path: r.URL.Path, query: r.URL.Query()}
		a.user, a.password, _ = r.BasicAuth()
		if err := r.ParseForm(); err == nil {
			a.form = r.PostForm
		}
		c.mutex.Lock()
		c.got = append(c.got, a)
		c.mutex.Unlock()
		answer(w, r)
	}))
	t.Cleanup(c.Close)
	return c
}

// requests lists what came so far.
func (c *fakeTwilio) requests() []asked {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return append([]asked(nil), c.got...)
}

// answer writes a status and a body.
func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// accepted is the answer to a message that was taken.
var accepted = answer(http.StatusCreated, `{"sid": "SM1", "status": "queued", "to": "+31612345678", "body": "x"}`)

// twilio is a carrier configured for a base URL.
func twilio(t *testing.T, base string, change func(*sms.TwilioConfig)) *sms.Twilio {
	t.Helper()
	config := sms.TwilioConfig{
		BaseURL: base, AccountSID: account, AuthToken: token, From: "DeRegenboog", Timeout: time.Minute,
	}
	if change != nil {
		change(&config)
	}
	carrier, err := sms.NewTwilio(config)
	if err != nil {
		t.Fatalf("NewTwilio: %v", err)
	}
	return carrier
}

// message is a text to a parent.
func message() sms.Message {
	return sms.Message{
		School: "school-1", To: "+31612345678", Body: "De Regenboog: uw gesprek staat vast.", Reference: "0198-f000",
		Date: time.Date(2026, time.November, 2, 8, 0, 0, 0, time.UTC),
	}
}

func TestARequestIsWhatTwilioExpects(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		config func(*sms.TwilioConfig)
		from   string
		want   url.Values
	}{
		"with the configured sender": {nil, "", url.Values{"From": {"DeRegenboog"}}},
		"with the message's sender":  {nil, "+3197010200300", url.Values{"From": {"+3197010200300"}}},
		"with a messaging service": {
			func(c *sms.TwilioConfig) { c.From, c.MessagingServiceSID = "", "MG0123456789abcdef" }, "",
			url.Values{"MessagingServiceSid": {"MG0123456789abcdef"}},
		},
		"with an address for reports": {
			func(c *sms.TwilioConfig) { c.StatusCallback = "https://example.org/report/" }, "",
			url.Values{
				"From":           {"DeRegenboog"},
				"StatusCallback": {"https://example.org/report/school-1/0198-f000"},
			},
		},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			c := start(t, accepted)
			m := message()
			m.From = test.from
			receipt, err := twilio(t, c.URL, test.config).Send(t.Context(), m)
			if err != nil || receipt.ID != "SM1" {
				t.Fatalf("Send: %+v, %v", receipt, err)
			}
			test.want.Set("To", m.To)
			test.want.Set("Body", m.Body)
			got := c.requests()
			if len(got) != 1 {
				t.Fatalf("%d requests", len(got))
			}
			if got[0].method != "POST" || got[0].path != "/2010-04-01/Accounts/"+account+"/Messages.json" {
				t.Errorf("%s %s", got[0].method, got[0].path)
			}
			if got[0].user != account || got[0].password != token {
				t.Error("not signed in")
			}
			if got[0].form.Encode() != test.want.Encode() || len(got[0].query) != 0 {
				t.Errorf("form %v, want %v", got[0].form, test.want)
			}
		})
	}
}

// fault is the carrier's way to refuse.
func fault(status, code int) http.HandlerFunc {
	return answer(status, fmt.Sprintf(
		`{"code": %d, "message": "The number +31612345678 is no good", "more_info": "https://example.org", "status": %d}`, code, status))
}

func TestEveryAnswerHasItsClass(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer http.HandlerFunc
		want   carrier.Class
		setup  bool
		code   int
	}{
		"an invalid number":                    {fault(400, 21211), carrier.RecipientRefused, false, 21211},
		"no mobile number":                     {fault(400, 21614), carrier.RecipientRefused, false, 21614},
		"somebody who opted out":               {fault(400, 21610), carrier.RecipientRefused, false, 21610},
		"a premium number":                     {fault(400, 21268), carrier.RecipientRefused, false, 21268},
		"somebody who opted out, as forbidden": {fault(403, 21610), carrier.RecipientRefused, false, 21610},
		"a sender that is not ours":            {fault(400, 21606), carrier.Temporary, true, 21606},
		"a text too long":                      {fault(400, 21617), carrier.Permanent, false, 21617},
		"a country that is switched off":       {fault(400, 21408), carrier.Permanent, false, 21408},
		"a sender with a full queue":           {fault(400, 21611), carrier.Temporary, false, 21611},
		"too many requests":                    {fault(429, 20429), carrier.Temporary, false, 20429},
		"a broken carrier":                     {fault(500, 20500), carrier.Ambiguous, false, 20500},
		"a carrier out of service":             {fault(503, 20503), carrier.Temporary, false, 20503},
		"a broken gateway without JSON":        {answer(502, "<html>bad gateway</html>"), carrier.Ambiguous, false, 502},
		"a gateway that waited in vain":        {answer(504, ""), carrier.Ambiguous, false, 504},
		"a wrong token":                        {fault(401, 20003), carrier.Temporary, true, 20003},
		"an account that is closed":            {fault(403, 20005), carrier.Temporary, true, 20005},
		"an account that is not there":         {fault(404, 20404), carrier.Temporary, true, 20404},
		"a refusal without a number":           {answer(400, `{}`), carrier.Permanent, false, 400},
		"a refusal that is no JSON":            {answer(400, "no"), carrier.Permanent, false, 400},
		"a way to somewhere else":              {answer(302, "{}"), carrier.Temporary, true, 302},
		"a yes that is no JSON":                {answer(201, "<html>"), carrier.Ambiguous, false, 201},
		"a yes without an id":                  {answer(201, `{}`), carrier.Ambiguous, false, 0},
		"a yes that is empty":                  {answer(200, ``), carrier.Ambiguous, false, 200},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			got := refused(t, test.answer)
			if got.Class != test.want || got.Setup != test.setup || got.Code != test.code {
				t.Errorf("got %+v, want %v, setup %v, code %d", got, test.want, test.setup, test.code)
			}
		})
	}
}

// refused sends a message to a carrier that answers like this, and gives the
// failure of the one request that this may make.
func refused(t *testing.T, answer http.HandlerFunc) *carrier.Failure {
	t.Helper()
	c := start(t, answer)
	_, err := twilio(t, c.URL, nil).Send(t.Context(), message())
	var got *carrier.Failure
	if !errors.As(err, &got) {
		t.Fatalf("got %v", err)
	}
	if n := len(c.requests()); n != 1 {
		t.Errorf("%d requests", n)
	}
	checkSilent(t, err)
	return got
}

// checkSilent looks whether an error, or one that it holds, tells too much.
func checkSilent(t *testing.T, err error) {
	t.Helper()
	for ; err != nil; err = errors.Unwrap(err) {
		for _, secret := range []string{"6123", "staat vast", token, account, "no good"} {
			if strings.Contains(err.Error(), secret) || strings.Contains(fmt.Sprintf("%+v", err), secret) {
				t.Errorf("the error tells %q: %v", secret, err)
			}
		}
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	other := start(t, accepted)
	c := start(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	})
	if _, err := twilio(t, c.URL, nil).Send(t.Context(), message()); err == nil {
		t.Error("it was taken for a yes")
	}
	if len(other.requests()) != 0 || len(c.requests()) != 1 {
		t.Errorf("%d requests went to another host, %d to the carrier", len(other.requests()), len(c.requests()))
	}
}

func TestSilenceIsAmbiguous(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}), make(chan struct{})
	c := start(t, func(http.ResponseWriter, *http.Request) { close(arrived); <-release })
	defer close(release)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	_, err := twilio(t, c.URL, nil).Send(ctx, message())
	if carrier.ClassOf(err) != carrier.Ambiguous || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	checkSilent(t, err)
}

func TestTheTimeoutEndsARequest(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	c := start(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	_, err := twilio(t, c.URL, func(c *sms.TwilioConfig) { c.Timeout = 2 * time.Second }).Send(t.Context(), message())
	if carrier.ClassOf(err) != carrier.Ambiguous || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestALineCutAfterTheRequestIsAmbiguous(t *testing.T) {
	t.Parallel()
	for title, write := range map[string]string{
		"before the answer": "",
		"in the answer":     "HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{\"sid\": ",
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			c := start(t, func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := w.(http.Hijacker).Hijack()
				if err == nil {
					_, _ = io.WriteString(conn, write)
					_ = conn.Close()
				}
			})
			_, err := twilio(t, c.URL, nil).Send(t.Context(), message())
			if carrier.ClassOf(err) != carrier.Ambiguous {
				t.Errorf("got %v", err)
			}
			if n := len(c.requests()); n != 1 {
				t.Errorf("%d requests", n)
			}
			checkSilent(t, err)
		})
	}
}

func TestACarrierThatIsNotThereIsTriedLater(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base := "http://" + listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = twilio(t, base, nil).Send(t.Context(), message())
	if carrier.ClassOf(err) != carrier.Temporary || carrier.IsSetup(err) {
		t.Errorf("got %v", err)
	}
	checkSilent(t, err)
}

func TestSendRefusesBeforeItAsksAnybody(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*sms.Message)
		want   carrier.Class
	}{
		"a land line":                  {func(m *sms.Message) { m.To = "+31201234567" }, carrier.RecipientRefused},
		"a premium number":             {func(m *sms.Message) { m.To = "+319001234" }, carrier.RecipientRefused},
		"a country that is off":        {func(m *sms.Message) { m.To = "+33612345678" }, carrier.RecipientRefused},
		"a number as people write it":  {func(m *sms.Message) { m.To = "0612345678" }, carrier.RecipientRefused},
		"no text":                      {func(m *sms.Message) { m.Body = "\n " }, carrier.Permanent},
		"a text without end":           {func(m *sms.Message) { m.Body = strings.Repeat("x", 1531) }, carrier.Permanent},
		"a text that is not UTF-8":     {func(m *sms.Message) { m.Body = "\xff" }, carrier.Permanent},
		"a text with an escape":        {func(m *sms.Message) { m.Body = "a\x1bb" }, carrier.Permanent},
		"a sender of twelve letters":   {func(m *sms.Message) { m.From = "DeRegenboogX" }, carrier.Permanent},
		"a sender of digits":           {func(m *sms.Message) { m.From = "4411" }, carrier.Permanent},
		"a sender of another channel":  {func(m *sms.Message) { m.From = "whatsapp:+1" }, carrier.Permanent},
		"a reference with other signs": {func(m *sms.Message) { m.Reference = "a&b=c" }, carrier.Permanent},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			c := start(t, accepted)
			m := message()
			test.change(&m)
			_, err := twilio(t, c.URL, nil).Send(t.Context(), m)
			if carrier.ClassOf(err) != test.want || len(c.requests()) != 0 {
				t.Errorf("got %v, %d requests", err, len(c.requests()))
			}
			checkSilent(t, err)
		})
	}
}

func TestNewTwilioTellsAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := sms.NewTwilio(sms.TwilioConfig{
		BaseURL: "http://example.org/x", AccountSID: "x", AuthToken: "ge heim", From: "a", MessagingServiceSID: "b",
		StatusCallback: "http://example.org",
	})
	if err == nil {
		t.Fatal("it was accepted")
	}
	for _, want := range []string{"scheme and host", "https", "SID", "token", "either", "service", "reports", "timeout"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not speak of %q", err, want)
		}
	}
	if strings.Contains(err.Error(), "ge heim") {
		t.Error("the token is in the error")
	}
}

func TestTheUsualAddressIsTwilios(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]bool{
		"": true, sms.DefaultBaseURL: true, "https://proxy.example.org:8443": true, "http://127.0.0.1:1": true,
		"http://localhost:1": true, "http://api.twilio.com": false, "http://10.0.0.1": false, "ftp://example.org": false,
		"https://user:pass@example.org": false, "https://": false, "://": false,
	} {
		_, err := sms.NewTwilio(sms.TwilioConfig{
			BaseURL: base, AccountSID: account, AuthToken: token, From: "School", Timeout: time.Second,
		})
		if (err == nil) != want {
			t.Errorf("%q: %v", base, err)
		}
	}
}
