package notify_test

import (
	"context"
	"encoding/base32"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
	"github.com/ouderavond/ouderavond/notify"
	"github.com/ouderavond/ouderavond/notify/notifytest"
	"github.com/ouderavond/ouderavond/notify/sms"
)

// reported makes a house with a carrier and a text message that was handed over.
func reported(t *testing.T) (*house, *notifytest.Twilio, models.MessageID) {
	t.Helper()
	var carrier *notifytest.Twilio
	h := newHouse(t, overTwilio(t, &carrier, nil, time.Minute))
	id := h.queue(bySMS(h))
	h.equal("outcomes", h.drain(), "sms sent")
	return h, carrier, id
}

// tell hands a report on to the dispatcher, as the carrier would make it.
func (h *house) tell(carrier *notifytest.Twilio, text notifytest.Text, status string, code int) {
	h.t.Helper()
	form, signature := carrier.Report(text, status, code)
	school, message := partsOf(text.Callback)
	known, err := h.dispatcher.SMSReport(h.ctx, school, message, signature, form)
	if err != nil || !known {
		h.t.Errorf("report %s: known %v, %v", status, known, err)
	}
}

func partsOf(callback string) (school, message string) {
	parts := strings.Split(callback, "/")
	return parts[len(parts)-2], parts[len(parts)-1]
}

func TestReportsBringAMessageForward(t *testing.T) {
	t.Parallel()
	type told struct {
		status string
		code   int
	}
	for name, test := range map[string]struct {
		reports    []told
		state      models.MessageState
		problem    string
		suppressed bool
	}{
		"delivered":                       {[]told{{"delivered", 0}}, models.MessageDelivered, "", false},
		"under way, sent, delivered":      {[]told{{"queued", 0}, {"sent", 0}, {"delivered", 0}}, models.MessageDelivered, "", false},
		"twice":                           {[]told{{"delivered", 0}, {"delivered", 0}}, models.MessageDelivered, "", false},
		"out of order":                    {[]told{{"delivered", 0}, {"sent", 0}, {"queued", 0}}, models.MessageDelivered, "", false},
		"delivered and then not":          {[]told{{"delivered", 0}, {"undelivered", 30003}}, models.MessageDelivered, "", false},
		"an unreachable telephone":        {[]told{{"undelivered", 30003}}, models.MessageFailed, models.ProblemUnreachable, false},
		"blocked":                         {[]told{{"undelivered", 30004}}, models.MessageFailed, models.ProblemOptedOut, true},
		"an unknown number":               {[]told{{"undelivered", 30005}}, models.MessageFailed, models.ProblemNoSuchAddress, true},
		"a land line":                     {[]told{{"undelivered", 30006}}, models.MessageFailed, models.ProblemNotMobile, true},
		"filtered":                        {[]told{{"undelivered", 30007}}, models.MessageFailed, models.ProblemFiltered, false},
		"nobody knows why":                {[]told{{"undelivered", 30008}}, models.MessageFailed, models.ProblemUnreachable, false},
		"opted out":                       {[]told{{"failed", 21610}}, models.MessageFailed, models.ProblemOptedOut, true},
		"failed without a reason":         {[]told{{"failed", 0}}, models.MessageFailed, models.ProblemRefused, false},
		"failed and then delivered":       {[]told{{"failed", 30008}, {"delivered", 0}}, models.MessageFailed, models.ProblemUnreachable, false},
		"a status that nobody knows":      {[]told{{"teleported", 0}}, models.MessageSent, "", false},
		"on its way to the other carrier": {[]told{{"sent", 0}}, models.MessageSent, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, carrier, id := reported(t)
			for _, report := range test.reports {
				h.tell(carrier, carrier.Texts()[0], report.status, report.code)
			}
			if got := h.message(id); got.State != test.state || got.Problem != test.problem {
				t.Errorf("%s (%s)", got.State, got.Problem)
			}
			h.write(func(tx *store.Tx) error {
				contact, err := store.Get[models.Contact](tx, h.phone)
				if err == nil && contact.Suppressed != test.suppressed {
					t.Errorf("suppressed %v", contact.Suppressed)
				}
				return err
			})
		})
	}
}

func TestAReportThatComesBeforeOurOwnNoteIsKept(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]models.MessageState{"delivered": models.MessageDelivered, "undelivered": models.MessageFailed, "sent": models.MessageSent} {
		var carrier *notifytest.Twilio
		h := newHouse(t, overTwilio(t, &carrier, nil, time.Minute))
		inner := h.config.SMS.(*sms.Twilio)
		h.config.SMS = hasty{inner, func() { h.tell(carrier, carrier.Texts()[0], status, 30003) }}
		h.dispatcher = notify.NewDispatcher(h.config)
		id := h.queue(bySMS(h))
		_, err := h.dispatcher.Drain(h.ctx)
		h.must(err)
		got := h.message(id)
		if got.State != want || got.CarrierID != carrier.Texts()[0].ID || got.SentAt == nil || got.LeasedUntil != nil {
			t.Errorf("%s: %+v", status, got)
		}
		h.Clock.Advance(time.Hour)
		_, err = h.dispatcher.Drain(h.ctx)
		h.must(err)
		if len(carrier.Texts()) != 1 {
			t.Errorf("%s: sent again", status)
		}
	}
}

// hasty is a carrier whose report comes before its answer.
type hasty struct {
	*sms.Twilio
	before func()
}

func (c hasty) Send(ctx context.Context, m sms.Message) (sms.Receipt, error) {
	receipt, err := c.Twilio.Send(ctx, m)
	c.before()
	return receipt, err
}

func TestOnlyWhatTheCarrierSignedIsTaken(t *testing.T) {
	t.Parallel()
	h, carrier, id := reported(t)
	text := carrier.Texts()[0]
	form, signature := carrier.Report(text, "undelivered", 30005)
	school, message := partsOf(text.Callback)
	other := form.Get("MessageSid")
	for name, change := range map[string]func(form url.Values, school, message, signature *string){
		"no signature":            func(_ url.Values, _, _, s *string) { *s = "" },
		"another signature":       func(_ url.Values, _, _, s *string) { *s = notifytest.Sign(text.Callback, form, "another token") },
		"another status":          func(f url.Values, _, _, _ *string) { f.Set("MessageStatus", "delivered") },
		"a field more":            func(f url.Values, _, _, _ *string) { f.Set("ErrorUrl", "x") },
		"a field twice":           func(f url.Values, _, _, _ *string) { f.Add("MessageStatus", "delivered") },
		"another message":         func(_ url.Values, _, m, _ *string) { *m = models.New[models.MessageID]().String() },
		"another school":          func(_ url.Values, s, _, _ *string) { *s = models.New[models.SchoolID]().String() },
		"a path out of the place": func(_ url.Values, s, _, _ *string) { *s = "../" + *s },
	} {
		changed := url.Values{}
		for field, values := range form {
			changed[field] = append([]string(nil), values...)
		}
		s, m, sig := school, message, signature
		change(changed, &s, &m, &sig)
		if known, err := h.dispatcher.SMSReport(h.ctx, s, m, sig, changed); known || err != nil {
			t.Errorf("%s was taken: %v", name, err)
		}
	}
	h.is(id, models.MessageSent, "", 1)
	// A failure of another message of the carrier with the same reference is not this one's.
	stranger := text
	stranger.ID = "SM" + strings.Repeat("9", 32)
	h.tell(carrier, stranger, "undelivered", 30005)
	h.is(id, models.MessageSent, "", 1)
	if other == stranger.ID {
		t.Error("the test tells nothing")
	}
}

func TestReportsOnWhatIsGoneAreTakenAndForgotten(t *testing.T) {
	t.Parallel()
	h, carrier, _ := reported(t)
	text := carrier.Texts()[0]
	wiped, err := h.Store.Installation(storetest.Operator()).EraseSchool(h.ctx, h.school)
	if err != nil || wiped["messages"] != 1 {
		t.Fatal(wiped, err)
	}
	h.tell(carrier, text, "delivered", 0)
	h.tell(carrier, text, "undelivered", 30005)
	schools, err := h.Store.Installation(storetest.Operator()).Schools(h.ctx)
	if err != nil || len(schools) != 0 {
		t.Errorf("%d schools, %v", len(schools), err)
	}
	if strings.Contains(h.log.String(), "level=ERROR") {
		t.Errorf("log %s", h.log)
	}
}

func TestWithoutReportsTheCarrierIsAsked(t *testing.T) {
	t.Parallel()
	h, carrier, id := reported(t)
	h.Clock.Advance(11 * time.Minute)
	h.drain()
	h.is(id, models.MessageSent, "", 1) // it is still under way there
	carrier.Set(carrier.Texts()[0].ID, "delivered", 0)
	h.Clock.Advance(2 * time.Hour)
	h.drain()
	h.is(id, models.MessageDelivered, "", 1)
	h.deletes(carrier, 1)
}

func TestAMessageOfUnknownFateIsLookedUpBeforeAnythingIsSentAgain(t *testing.T) {
	t.Parallel()
	lose := func(take bool) func(method, path string) notifytest.Answer {
		first := true
		return func(method, _ string) notifytest.Answer {
			if method == "POST" && first {
				first = false
				return notifytest.Answer{Cut: true, Take: take}
			}
			return notifytest.Answer{}
		}
	}
	codeBySMS := func(h *house) func(*models.Message) {
		return func(m *models.Message) { aCode(m); m.Channel, m.ContactID = models.ChannelSMS, h.phone }
	}
	for name, test := range map[string]struct {
		took  bool
		code  bool
		texts int
		state models.MessageState
	}{
		"a confirmation that went":       {true, false, 1, models.MessageSent},
		"a confirmation that did not":    {false, false, 1, models.MessageSent},
		"a code that went":               {true, true, 1, models.MessageSent},
		"a code that did not, and stays": {false, true, 0, models.MessageUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var carrier *notifytest.Twilio
			h := newHouse(t, overTwilio(t, &carrier, lose(test.took), time.Minute))
			set := bySMS(h)
			if test.code {
				set = codeBySMS(h)
			}
			id := h.queue(set)
			h.drain()
			h.is(id, models.MessageUnknown, models.ProblemNoAnswer, 1)
			for range 30 {
				h.Clock.Advance(time.Minute)
				h.drain()
			}
			if got := len(carrier.Texts()); got != test.texts {
				t.Errorf("the carrier has %d messages", got)
			}
			if got := h.message(id); got.State != test.state && got.State != models.MessageDelivered {
				t.Errorf("%s (%s)", got.State, got.Problem)
			}
			asked := carrier.Asked()
			if len(asked) < 2 || asked[0] != "POST Messages" || asked[1] != "GET Messages" {
				t.Errorf("asked %q", asked)
			}
		})
	}
}

// bouncing makes a house whose mail goes to a server, with addresses for what comes back.
func bouncing(t *testing.T) (*house, *notifytest.SMTP, models.MessageID) {
	t.Helper()
	server := notifytest.NewSMTP(t, notifytest.SMTPOptions{})
	h := newHouse(t, overSMTP(t, server), func(c *notify.Config) { c.BounceDomain = "terug.ouderavond.example" })
	id := h.queue()
	h.equal("outcomes", h.drain(), "mail sent")
	return h, server, id
}

// dsn is a delivery report to an address, as servers write it (RFC 3464).
func dsn(to, action, status, diagnostic string) []byte {
	return []byte(strings.ReplaceAll(fmt.Sprintf(`Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: %s
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

I could not deliver it.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Mon, 2 Nov 2026 19:00:00 +0100

Final-Recipient: rfc822; ouder@example.com
Action: %s
Status: %s
Diagnostic-Code: smtp; %s

--b1
Content-Type: message/rfc822

Subject: Uw gesprek

--b1--
`, to, action, status, diagnostic), "\n", "\r\n"))
}

func TestMailThatComesBackIsBroughtHome(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		action, status, diagnostic string
		state                      models.MessageState
		problem                    string
		suppressed, paused         bool
	}{
		"nobody there":                 {"failed", "5.1.1", "550 5.1.1 no such user", models.MessageFailed, models.ProblemNoSuchAddress, true, false},
		"nobody there, said vaguely":   {"failed", "5.0.0", "550 5.1.1 no such user", models.MessageFailed, models.ProblemNoSuchAddress, true, false},
		"a full mailbox":               {"failed", "5.2.2", "552 5.2.2 full", models.MessageFailed, models.ProblemMailboxFull, false, false},
		"a policy against us":          {"failed", "5.7.1", "550 5.7.1 blocked", models.MessageFailed, models.ProblemPolicy, false, true},
		"given up after days":          {"failed", "4.4.7", "queue time exceeded", models.MessageFailed, models.ProblemRefused, false, false},
		"still trying":                 {"delayed", "4.4.1", "no route", models.MessageSent, models.ProblemDelayed, false, false},
		"delivered":                    {"delivered", "2.0.0", "250 ok", models.MessageDelivered, "", false, false},
		"handed to a server with none": {"relayed", "2.0.0", "250 ok", models.MessageSent, "", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, server, id := bouncing(t)
			envelope := server.Letters()[0].From
			if local, domain, _ := strings.Cut(envelope, "@"); len(local) != 64 || domain != "terug.ouderavond.example" || strings.ToLower(local) != local {
				t.Fatalf("envelope %s", envelope)
			}
			for range 2 { // servers say things twice
				result, err := h.dispatcher.Bounce(h.ctx, dsn(strings.ToUpper(envelope), test.action, test.status, test.diagnostic), nil)
				if err != nil || result != notify.BounceTaken {
					t.Fatalf("%s, %v", result, err)
				}
			}
			if got := h.message(id); got.State != test.state || got.Problem != test.problem {
				t.Errorf("%s (%s)", got.State, got.Problem)
			}
			h.write(func(tx *store.Tx) error {
				contact, err := store.Get[models.Contact](tx, h.mail)
				if err == nil && contact.Suppressed != test.suppressed {
					t.Errorf("suppressed %v", contact.Suppressed)
				}
				return err
			})
			figures, err := h.dispatcher.Figures(h.ctx)
			if err != nil || figures.PausedDomains > 0 != test.paused {
				t.Errorf("%+v, %v", figures, err)
			}
			if strings.Contains(h.log.String(), "example.com") {
				t.Errorf("the log names an address:\n%s", h.log)
			}
		})
	}
}

func TestOnlyAReportToAnAddressOfOursCounts(t *testing.T) {
	t.Parallel()
	h, server, id := bouncing(t)
	envelope := server.Letters()[0].From
	local, domain, _ := strings.Cut(envelope, "@")
	token, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(local))
	h.must(err)
	forged := func(change func([]byte)) string {
		copied := append([]byte(nil), token...)
		change(copied)
		return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(copied)) + "@" + domain
	}
	for name, test := range map[string]struct {
		raw        []byte
		recipients []string
		want       string
	}{
		"another hash":          {dsn(forged(func(b []byte) { b[39] ^= 1 }), "failed", "5.1.1", "x"), nil, notify.BounceStranger},
		"another message":       {dsn(forged(func(b []byte) { b[31] ^= 1 }), "failed", "5.1.1", "x"), nil, notify.BounceStranger},
		"another school":        {dsn(forged(func(b []byte) { b[15] ^= 1 }), "failed", "5.1.1", "x"), nil, notify.BounceStranger},
		"no school at all":      {dsn(forged(func(b []byte) { clear(b) }), "failed", "5.1.1", "x"), nil, notify.BounceStranger},
		"another domain":        {dsn(local+"@elders.example", "failed", "5.1.1", "x"), nil, notify.BounceStranger},
		"an ordinary address":   {dsn("afspraak@ouderavond.example", "failed", "5.1.1", "x"), nil, notify.BounceStranger},
		"somebody's absence":    {[]byte("To: " + envelope + "\r\nSubject: Afwezig\r\nAuto-Submitted: auto-replied\r\n\r\nIk ben er niet.\r\n"), nil, notify.BounceIgnored},
		"nothing":               {[]byte("\r\n"), nil, notify.BounceIgnored},
		"a report without news": {[]byte(strings.Replace(string(dsn(envelope, "failed", "5.1.1", "x")), "Action: failed", "Actie: failed", 1)), nil, notify.BounceIgnored},
	} {
		result, err := h.dispatcher.Bounce(h.ctx, test.raw, test.recipients)
		if err != nil || result != test.want {
			t.Errorf("%s: %s, %v", name, result, err)
		}
	}
	h.is(id, models.MessageSent, "", 1)
	// What the mail server says of the recipient counts too.
	result, err := h.dispatcher.Bounce(h.ctx, dsn("undisclosed-recipients:;", "failed", "5.1.1", "x"), []string{"a@b.example", envelope})
	if err != nil || result != notify.BounceTaken {
		t.Errorf("%s, %v", result, err)
	}
	h.is(id, models.MessageFailed, models.ProblemNoSuchAddress, 1)
	// A bounce of a school that is gone.
	_, err = h.Store.Installation(storetest.Operator()).EraseSchool(h.ctx, h.school)
	h.must(err)
	if result, err := h.dispatcher.Bounce(h.ctx, dsn(envelope, "failed", "5.1.1", "x"), nil); err != nil || result != notify.BounceStranger {
		t.Errorf("of a wiped school: %s, %v", result, err)
	}
}
