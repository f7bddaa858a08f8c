package notify_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/notify"
	"github.com/ouderavond/ouderavond/notify/mail"
	"github.com/ouderavond/ouderavond/notify/notifytest"
	"github.com/ouderavond/ouderavond/notify/sms"
)

// overSMTP makes the house's mail go to a server.
func overSMTP(t testing.TB, server *notifytest.SMTP, changes ...func(*mail.SMTPConfig)) func(*notify.Config) {
	return func(c *notify.Config) {
		config := mail.SMTPConfig{Host: "127.0.0.1", Port: server.Port, Security: mail.NoTLS, Auth: mail.AuthNone, Timeout: time.Minute, Roots: server.Roots}
		for _, change := range changes {
			change(&config)
		}
		transport, err := mail.NewSMTP(config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = transport.Close() })
		c.Mail = transport
	}
}

// overTwilio makes the house's text messages go to a carrier; its address is filled in once the carrier is there.
func overTwilio(t testing.TB, carrier **notifytest.Twilio, next func(method, path string) notifytest.Answer, timeout time.Duration) func(*notify.Config) {
	return func(c *notify.Config) {
		*carrier = notifytest.NewTwilio(t, c.Clock, next)
		twilio, err := sms.NewTwilio(sms.TwilioConfig{
			BaseURL: (*carrier).URL, AccountSID: notifytest.Account, AuthToken: notifytest.Token, From: "DeMerel", StatusCallback: "https://ouderavond.example/api/v1/reports/sms", Timeout: timeout,
		})
		if err != nil {
			t.Fatal(err)
		}
		c.SMS = twilio
	}
}

// consequence is what one answer of the other side comes to.
type consequence struct {
	state      models.MessageState
	problem    string
	suppressed bool
	// channel and domain tell what is left alone for a while; loud that the log says so as an error.
	channel, domain, loud bool
}

var (
	taken       = consequence{state: models.MessageSent}
	fullMailbox = consequence{state: models.MessageQueued, problem: models.ProblemMailboxFull}
	nobody      = consequence{state: models.MessageFailed, problem: models.ProblemNoSuchAddress, suppressed: true}
	notNow      = consequence{state: models.MessageQueued, problem: models.ProblemBusy}
	serviceDown = consequence{state: models.MessageQueued, problem: models.ProblemBusy, channel: true}
	unreachable = consequence{state: models.MessageQueued, problem: models.ProblemNotReached, channel: true}
	brokenLine  = consequence{state: models.MessageQueued, problem: models.ProblemNotReached}
	lostAnswer  = consequence{state: models.MessageQueued, problem: models.ProblemNoAnswer}
	wrongSetup  = consequence{state: models.MessageQueued, problem: models.ProblemSetup, channel: true, loud: true}
	policy      = consequence{state: models.MessageQueued, problem: models.ProblemPolicy, domain: true, loud: true}
	refusedOnce = consequence{state: models.MessageFailed, problem: models.ProblemRefused}
)

// check compares what became of a message with what should have.
func (want consequence) check(t *testing.T, h *house, id models.MessageID, contact models.ContactID, channel models.Channel) {
	t.Helper()
	got := h.message(id)
	if got.State != want.state || got.Problem != want.problem {
		t.Errorf("message is %s (%s), want %s (%s)", got.State, got.Problem, want.state, want.problem)
	}
	h.write(func(tx *store.Tx) error {
		row, err := store.Get[models.Contact](tx, contact)
		if err == nil && (row.Suppressed != want.suppressed || want.suppressed && (row.SuppressedFor != want.problem || row.SuppressedAt == nil)) {
			t.Errorf("contact suppressed %v for %q", row.Suppressed, row.SuppressedFor)
		}
		return err
	})
	figures, err := h.dispatcher.Figures(h.ctx)
	h.must(err)
	if figures.Paused[channel] != want.channel || figures.PausedDomains > 0 != want.domain {
		t.Errorf("figures %+v", figures)
	}
	if loud := strings.Contains(h.log.String(), "level=ERROR"); loud != want.loud {
		t.Errorf("loud %v, want %v:\n%s", loud, want.loud, h.log)
	}
	for _, secret := range []string{"ouder@", "example.com", "612345678"} {
		if strings.Contains(h.log.String(), secret) {
			t.Errorf("the log holds %q:\n%s", secret, h.log)
		}
	}
}

func TestWhatMailServersDo(t *testing.T) {
	t.Parallel()
	short := func(c *mail.SMTPConfig) { c.Timeout = 400 * time.Millisecond }
	says := func(at notifytest.Stage, reply string) notifytest.Behaviour {
		return notifytest.Behaviour{At: at, Reply: reply}
	}
	for name, test := range map[string]struct {
		does   notifytest.Behaviour
		server notifytest.SMTPOptions
		config func(*mail.SMTPConfig)
		want   consequence
	}{
		"takes the mail":                              {want: taken},
		"takes the mail with another code":            {does: says(notifytest.End, "250 ok"), want: taken},
		"is busy at the greeting":                     {does: notifytest.Behaviour{At: notifytest.Greeting, Reply: "421 4.3.2 too many connections", Close: true}, want: serviceDown},
		"lets nobody in at the greeting":              {does: says(notifytest.Greeting, "554 5.7.1 no service for you"), want: wrongSetup},
		"says nothing at the greeting":                {does: notifytest.Behaviour{At: notifytest.Greeting, Hang: true}, config: short, want: unreachable},
		"hangs up at the greeting":                    {does: notifytest.Behaviour{At: notifytest.Greeting, Cut: true}, want: unreachable},
		"says nothing to the hello":                   {does: notifytest.Behaviour{At: notifytest.Hello, Hang: true}, config: short, want: unreachable},
		"has no encryption":                           {config: func(c *mail.SMTPConfig) { c.Security = mail.StartTLS }, want: wrongSetup},
		"has no encryption just now":                  {server: notifytest.SMTPOptions{TLS: true}, does: says(notifytest.StartTLS, "454 4.7.0 not now"), config: func(c *mail.SMTPConfig) { c.Security = mail.StartTLS }, want: serviceDown},
		"has a certificate nobody trusts":             {server: notifytest.SMTPOptions{TLS: true}, config: func(c *mail.SMTPConfig) { c.Security, c.Roots = mail.StartTLS, nil }, want: wrongSetup},
		"encrypts":                                    {server: notifytest.SMTPOptions{TLS: true}, config: func(c *mail.SMTPConfig) { c.Security = mail.StartTLS }, want: taken},
		"encrypts from the first byte":                {server: notifytest.SMTPOptions{TLS: true, Implicit: true}, config: func(c *mail.SMTPConfig) { c.Security = mail.ImplicitTLS }, want: taken},
		"refuses the password":                        {server: notifytest.SMTPOptions{Accounts: map[string]string{"a": "other"}}, config: signIn, want: wrongSetup},
		"cannot check the password now":               {server: notifytest.SMTPOptions{Accounts: map[string]string{"a": "b"}}, does: says(notifytest.Auth, "454 4.7.0 later"), config: signIn, want: serviceDown},
		"knows the password":                          {server: notifytest.SMTPOptions{Accounts: map[string]string{"a": "b"}}, config: signIn, want: taken},
		"wants a password":                            {server: notifytest.SMTPOptions{Accounts: map[string]string{"a": "b"}}, want: wrongSetup},
		"refuses the sender":                          {does: says(notifytest.Mail, "550 5.7.1 not you"), want: wrongSetup},
		"does not know the sender's domain":           {does: says(notifytest.Mail, "553 5.1.8 who"), want: wrongSetup},
		"has no room for mail":                        {does: says(notifytest.Mail, "452 4.3.1 disk full"), want: serviceDown},
		"goes away at the sender":                     {does: notifytest.Behaviour{At: notifytest.Mail, Cut: true}, want: brokenLine},
		"lists us grey":                               {does: says(notifytest.Rcpt, "450 4.2.0 greylisted"), want: notNow},
		"lists us grey with another code":             {does: says(notifytest.Rcpt, "451 4.7.1 try again later"), want: notNow},
		"has an error of its own":                     {does: says(notifytest.Rcpt, "451 4.3.0 local error"), want: notNow},
		"is busy at the recipient":                    {does: notifytest.Behaviour{At: notifytest.Rcpt, Reply: "421 4.7.0 slow down", Close: true}, want: notNow},
		"has a full mailbox for now":                  {does: says(notifytest.Rcpt, "452 4.2.2 over quota"), want: fullMailbox},
		"has a full mailbox for good":                 {does: says(notifytest.Rcpt, "552 5.2.2 over quota"), want: fullMailbox},
		"has a full mailbox and says no more":         {does: says(notifytest.Rcpt, "552 no room"), want: fullMailbox},
		"knows no such user":                          {does: says(notifytest.Rcpt, "550 5.1.1 no such user"), want: nobody},
		"knows no such domain":                        {does: says(notifytest.Rcpt, "550 5.1.2 no such domain"), want: nobody},
		"takes no mail for the domain":                {does: says(notifytest.Rcpt, "556 5.1.10 null MX"), want: nobody},
		"has switched the mailbox off":                {does: says(notifytest.Rcpt, "550 5.2.1 disabled"), want: nobody},
		"says that the owner of the mailbox changed":  {does: says(notifytest.Rcpt, "550 5.7.17 owner changed"), want: nobody},
		"does not allow the name":                     {does: says(notifytest.Rcpt, "553 not allowed"), want: nobody},
		"refuses without a reason":                    {does: says(notifytest.Rcpt, "550 no"), want: refusedOnce},
		"does not want our mail":                      {does: says(notifytest.Rcpt, "550 5.7.1 blocked, see https://example.net"), want: policy},
		"does not want mail without a signature":      {does: says(notifytest.End, "550 5.7.26 unauthenticated"), want: policy},
		"does not want the text":                      {does: says(notifytest.End, "554 5.6.0 malformed"), want: refusedOnce},
		"does not want so much text":                  {does: says(notifytest.End, "552 5.3.4 too big"), want: refusedOnce},
		"refuses the text before it comes":            {does: says(notifytest.Data, "451 4.3.0 not now"), want: notNow},
		"goes away before the text":                   {does: notifytest.Behaviour{At: notifytest.Data, Cut: true}, want: brokenLine},
		"says nothing before the text":                {does: notifytest.Behaviour{At: notifytest.Data, Hang: true}, config: short, want: brokenLine},
		"knows no such user behind the text":          {does: says(notifytest.End, "550 5.1.1 no such user"), want: nobody},
		"has a full mailbox behind the text":          {does: says(notifytest.End, "452 4.2.2 over quota"), want: fullMailbox},
		"is full behind the text":                     {does: says(notifytest.End, "452 4.3.1 disk full"), want: notNow},
		"goes away behind the text, having taken it":  {does: notifytest.Behaviour{At: notifytest.End, Cut: true, Take: true}, want: lostAnswer},
		"goes away behind the text":                   {does: notifytest.Behaviour{At: notifytest.End, Cut: true}, want: lostAnswer},
		"says nothing behind the text":                {does: notifytest.Behaviour{At: notifytest.End, Hang: true, Take: true}, config: short, want: lostAnswer},
		"says something that is no answer at the end": {does: says(notifytest.End, "hello"), want: lostAnswer},
	} {
		t.Run("a mail server that "+name, func(t *testing.T) {
			t.Parallel()
			test.server.Next = func(string) notifytest.Behaviour { return test.does }
			server := notifytest.NewSMTP(t, test.server)
			configs := []func(*mail.SMTPConfig){}
			if test.config != nil {
				configs = append(configs, test.config)
			}
			h := newHouse(t, overSMTP(t, server, configs...))
			id := h.queue()
			h.drain()
			test.want.check(t, h, id, h.mail, models.ChannelMail)
			if test.want.state == models.MessageSent != (len(server.Letters()) == 1) && !test.does.Take {
				t.Errorf("%d letters", len(server.Letters()))
			}
		})
	}
}

func signIn(c *mail.SMTPConfig) { c.Auth, c.Username, c.Password = mail.AuthPlain, "a", "b" }

func TestWhatTextCarriersDo(t *testing.T) {
	t.Parallel()
	gone := func(problem string) consequence {
		return consequence{state: models.MessageFailed, problem: problem, suppressed: true}
	}
	notKnown := consequence{state: models.MessageUnknown, problem: models.ProblemNoAnswer}
	tooMany := consequence{state: models.MessageQueued, problem: models.ProblemLimited, channel: true}
	for name, test := range map[string]struct {
		answer notifytest.Answer
		want   consequence
		wait   time.Duration // at least so long until the next try
	}{
		"takes the message":                    {want: taken},
		"knows that the number is none":        {answer: notifytest.Answer{Status: 400, Code: 21211}, want: gone(models.ProblemNoSuchAddress)},
		"knows that the number is no mobile":   {answer: notifytest.Answer{Status: 400, Code: 21614}, want: gone(models.ProblemNotMobile)},
		"was told to stop":                     {answer: notifytest.Answer{Status: 400, Code: 21610}, want: gone(models.ProblemOptedOut)},
		"does not serve the country":           {answer: notifytest.Answer{Status: 400, Code: 21408}, want: refusedOnce},
		"does not know the sender":             {answer: notifytest.Answer{Status: 400, Code: 21606}, want: wrongSetup},
		"does not know the account":            {answer: notifytest.Answer{Status: 401, Code: 20003}, want: wrongSetup},
		"has closed the account":               {answer: notifytest.Answer{Status: 403, Code: 20005}, want: wrongSetup},
		"has too many requests":                {answer: notifytest.Answer{Status: 429, Code: 20429}, want: tooMany},
		"has too many requests for a while":    {answer: notifytest.Answer{Status: 429, Code: 20429, RetryAfter: "900"}, want: tooMany, wait: 15 * time.Minute},
		"has a full queue":                     {answer: notifytest.Answer{Status: 400, Code: 21611}, want: tooMany},
		"is out of service":                    {answer: notifytest.Answer{Status: 503, Code: 20503, RetryAfter: "120"}, want: serviceDown, wait: 2 * time.Minute},
		"breaks, having taken it":              {answer: notifytest.Answer{Status: 500, Code: 20500, Take: true}, want: notKnown},
		"breaks":                               {answer: notifytest.Answer{Status: 500, Code: 20500}, want: notKnown},
		"has a gateway that waited in vain":    {answer: notifytest.Answer{Status: 504, Body: "<html>", Take: true}, want: notKnown},
		"hangs up, having taken it":            {answer: notifytest.Answer{Cut: true, Take: true}, want: notKnown},
		"hangs up":                             {answer: notifytest.Answer{Cut: true}, want: notKnown},
		"says nothing, having taken it":        {answer: notifytest.Answer{Hang: true, Take: true}, want: notKnown},
		"says yes in a way nobody understands": {answer: notifytest.Answer{Status: 201, Body: "<html>", Take: true}, want: notKnown},
	} {
		t.Run("a carrier that "+name, func(t *testing.T) {
			t.Parallel()
			var carrier *notifytest.Twilio
			asked := false
			next := func(method, _ string) notifytest.Answer {
				if method != "POST" || asked {
					return notifytest.Answer{}
				}
				asked = true
				return test.answer
			}
			h := newHouse(t, overTwilio(t, &carrier, next, 2*time.Second))
			id := h.queue(bySMS(h))
			h.drain()
			test.want.check(t, h, id, h.phone, models.ChannelSMS)
			if due := h.message(id).DueAt; due.Before(h.Clock.Now().Add(test.wait)) && test.wait > 0 {
				t.Errorf("tried again at %v", due)
			}
			// Whatever happened, in the end the message is there once, or it was refused for good.
			for range 12 {
				h.Clock.Advance(10 * time.Minute)
				h.drain()
			}
			if got := len(carrier.Texts()); got != map[bool]int{true: 0, false: 1}[test.want.state == models.MessageFailed] {
				t.Errorf("the carrier has %d messages", got)
			}
			if end := h.message(id); end.State != models.MessageSent && end.State != models.MessageFailed && end.State != models.MessageDelivered {
				t.Errorf("in the end it is %s (%s)", end.State, end.Problem)
			}
		})
	}
}
