package mail_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/ouderavond/ouderavond/notify/carrier"
	"github.com/ouderavond/ouderavond/notify/mail"
)

func TestAMessageArrivesUnchanged(t *testing.T) {
	t.Parallel()
	accounts := map[string]string{"school": "geheim"}
	signIn := func(auth mail.Auth, security mail.Security) func(*mail.SMTPConfig) {
		return func(c *mail.SMTPConfig) {
			c.Auth, c.Security, c.Username, c.Password = auth, security, "school", "geheim"
		}
	}
	tests := map[string]struct {
		script              script
		encrypted, implicit bool
		config              func(*mail.SMTPConfig)
	}{
		"without anything":            {},
		"signed in by PLAIN":          {script: script{accounts: accounts}, config: signIn(mail.AuthPlain, mail.NoTLS)},
		"signed in by LOGIN":          {script: script{accounts: accounts}, config: signIn(mail.AuthLogin, mail.NoTLS)},
		"over STARTTLS":               {encrypted: true, config: func(c *mail.SMTPConfig) { c.Security = mail.StartTLS }},
		"over STARTTLS and signed in": {script{accounts: accounts}, true, false, signIn(mail.AuthPlain, mail.StartTLS)},
		"over TLS from the start":     {encrypted: true, implicit: true, config: func(c *mail.SMTPConfig) { c.Security = mail.ImplicitTLS }},
		"over TLS and signed in":      {script{accounts: accounts}, true, true, signIn(mail.AuthLogin, mail.ImplicitTLS)},
	}
	want, err := mail.Compose(letter())
	if err != nil {
		t.Fatal(err)
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			srv := start(t, test.script, test.encrypted, test.implicit)
			got := arrives(t, srv, test.config)
			if got.encrypted != test.encrypted || len(test.script.accounts) > 0 && got.user != "school" {
				t.Errorf("encrypted %v, signed in as %q", got.encrypted, got.user)
			}
			if got.text != string(want) {
				t.Errorf("the text changed:\n%s", got.text)
			}
		})
	}
}

// arrives sends the letter and gives what the server took, which must be it.
func arrives(t *testing.T, srv *server, config func(*mail.SMTPConfig)) received {
	t.Helper()
	receipt, err := srv.transport(t, config).Send(t.Context(), letter())
	if err != nil || receipt != (mail.Receipt{MessageID: letter().MessageID}) {
		t.Fatalf("Send: %+v, %v", receipt, err)
	}
	got := srv.messages()
	if len(got) != 1 || got[0].from != letter().From || got[0].to != letter().To {
		t.Fatalf("%d messages", len(got))
	}
	return got[0]
}

// reply is what a server answers.
func reply(code int, enhanced smtp.EnhancedCode) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: "<ouder@example.org>: no, and here is why"}
}

func TestEveryAnswerHasItsClass(t *testing.T) {
	t.Parallel()
	none := smtp.NoEnhancedCode
	tests := map[string]struct {
		script script
		want   carrier.Class
		setup  bool
		code   int
	}{
		"busy at the greeting":                 {script{hello: reply(421, smtp.EnhancedCode{4, 3, 2})}, carrier.Temporary, false, 421},
		"no service at the greeting":           {script{hello: reply(554, smtp.EnhancedCode{5, 7, 1})}, carrier.Temporary, true, 554},
		"a sender to be tried later":           {script{mail: reply(451, smtp.EnhancedCode{4, 3, 0})}, carrier.Temporary, false, 451},
		"a sender refused":                     {script{mail: reply(550, smtp.EnhancedCode{5, 7, 1})}, carrier.Temporary, true, 550},
		"a sender whose address is bad":        {script{mail: reply(553, smtp.EnhancedCode{5, 1, 8})}, carrier.Temporary, true, 553},
		"a sender refused by a recipient code": {script{mail: reply(550, smtp.EnhancedCode{5, 1, 1})}, carrier.Temporary, true, 550},
		"grey-listed":                          {script{rcpt: reply(450, smtp.EnhancedCode{4, 2, 0})}, carrier.Temporary, false, 450},
		"busy at the recipient":                {script{rcpt: reply(421, smtp.EnhancedCode{4, 7, 0})}, carrier.Temporary, false, 421},
		"no such mailbox":                      {script{rcpt: reply(550, smtp.EnhancedCode{5, 1, 1})}, carrier.RecipientRefused, false, 550},
		"no such domain":                       {script{rcpt: reply(550, smtp.EnhancedCode{5, 1, 2})}, carrier.RecipientRefused, false, 550},
		"a domain that takes no mail":          {script{rcpt: reply(556, smtp.EnhancedCode{5, 1, 10})}, carrier.RecipientRefused, false, 556},
		"a mailbox switched off":               {script{rcpt: reply(550, smtp.EnhancedCode{5, 2, 1})}, carrier.RecipientRefused, false, 550},
		"a mailbox that is full":               {script{rcpt: reply(552, smtp.EnhancedCode{5, 2, 2})}, carrier.Temporary, false, 552},
		"a policy against us":                  {script{rcpt: reply(550, smtp.EnhancedCode{5, 7, 1})}, carrier.Temporary, false, 550},
		"a refusal without a reason":           {script{rcpt: reply(550, none)}, carrier.Permanent, false, 550},
		"a refusal of the text":                {script{data: reply(554, smtp.EnhancedCode{5, 6, 0})}, carrier.Permanent, false, 554},
		"a text taken for spam":                {script{data: reply(550, smtp.EnhancedCode{5, 7, 1})}, carrier.Temporary, false, 550},
		"a mailbox refused behind the text":    {script{data: reply(550, smtp.EnhancedCode{5, 1, 1})}, carrier.RecipientRefused, false, 550},
		"a server full behind the text":        {script{data: reply(452, smtp.EnhancedCode{4, 3, 1})}, carrier.Temporary, false, 452},
		"a line cut behind the text": {script{afterData: func(c net.Conn) { _ = c.Close() }},
			carrier.Ambiguous, false, 0},
		"a wrong password": {script{accounts: map[string]string{"school": "other"}}, carrier.Temporary, true, 535},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			got := refused(t, test.script)
			if got.Class != test.want || got.Setup != test.setup || got.Code != test.code {
				t.Errorf("got %+v, want %v, setup %v, code %d", got, test.want, test.setup, test.code)
			}
		})
	}
}

// refused sends the letter to a server that behaves like this and gives the
// failure, which must not repeat what the server said.
func refused(t *testing.T, s script) *carrier.Failure {
	t.Helper()
	srv := start(t, s, false, false)
	_, err := srv.transport(t, func(c *mail.SMTPConfig) {
		if len(s.accounts) > 0 {
			c.Auth, c.Username, c.Password = mail.AuthPlain, "school", "geheim"
		}
	}).Send(t.Context(), letter())
	var got *carrier.Failure
	if !errors.As(err, &got) {
		t.Fatalf("got %v", err)
	}
	if strings.Contains(err.Error(), "@") || strings.Contains(err.Error(), "why") {
		t.Errorf("the error repeats the server: %v", err)
	}
	return got
}

func TestAServerThatIsNotThereIsTriedLater(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = (&server{port: port}).transport(t, nil).Send(t.Context(), letter())
	if carrier.ClassOf(err) != carrier.Temporary || carrier.IsSetup(err) {
		t.Errorf("got %v", err)
	}
}

func TestAnEncryptionThatCannotBeTrustedIsAFaultOfTheSetUp(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		encrypted, implicit bool
		config              func(*mail.SMTPConfig)
	}{
		"a certificate nobody knows": {true, false, func(c *mail.SMTPConfig) { c.Security, c.Roots = mail.StartTLS, nil }},
		"a certificate nobody knows, from the start": {true, true, func(c *mail.SMTPConfig) {
			c.Security, c.Roots = mail.ImplicitTLS, nil
		}},
		"a certificate for another name": {true, false, func(c *mail.SMTPConfig) { c.Security, c.Host = mail.StartTLS, "localhost" }},
		"a server without STARTTLS":      {false, false, func(c *mail.SMTPConfig) { c.Security = mail.StartTLS }},
		"a server that lets nobody in":   {false, false, func(c *mail.SMTPConfig) { c.Auth, c.Username, c.Password = mail.AuthPlain, "a", "b" }},
	}
	for title, test := range tests {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			srv := start(t, script{}, test.encrypted, test.implicit)
			_, err := srv.transport(t, test.config).Send(t.Context(), letter())
			if carrier.ClassOf(err) != carrier.Temporary || !carrier.IsSetup(err) {
				t.Errorf("got %v, setup %v", err, carrier.IsSetup(err))
			}
			if len(srv.messages()) != 0 {
				t.Error("a message went all the same")
			}
		})
	}
}

func TestTimeThatIsUpBehindTheTextIsAmbiguous(t *testing.T) {
	t.Parallel()
	there, release := make(chan struct{}), make(chan struct{})
	srv := start(t, script{afterData: func(net.Conn) { close(there); <-release }}, false, false)
	defer close(release)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-there; cancel() }()
	_, err := srv.transport(t, nil).Send(ctx, letter())
	if carrier.ClassOf(err) != carrier.Ambiguous || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestTheTimeoutEndsADelivery(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	srv := start(t, script{afterData: func(net.Conn) { <-release }}, false, false)
	defer close(release)
	_, err := srv.transport(t, func(c *mail.SMTPConfig) { c.Timeout = 2 * time.Second }).Send(t.Context(), letter())
	if carrier.ClassOf(err) != carrier.Ambiguous || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestHalfATextIsNeverTakenForAWholeOne(t *testing.T) {
	t.Parallel()
	started := make(chan struct{})
	release := make(chan struct{})
	srv := start(t, script{beforeData: func() { close(started); <-release }}, false, false)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-started; cancel(); close(release) }()
	// Twelve megabytes as they are sent, three for each of these: more than the connection can hold, whose buffer for what is sent grows to four (tcp(7),
	// tcp_wmem), so that the text is under way.
	_, err := srv.transport(t, nil).Send(ctx, with(func(m *mail.Message) { m.HTML = strings.Repeat("é", 2_000_000) }))
	if carrier.ClassOf(err) != carrier.Temporary {
		t.Errorf("got %v", err)
	}
	if got := srv.messages(); len(got) != 0 {
		t.Errorf("the server took %d bytes", len(got[0].text))
	}
}

func TestATextCannotStartASecondMessage(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"\r\n.\r\n", "\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n"} {
		t.Run(strings.NewReplacer("\r", "CR", "\n", "LF").Replace(end), func(t *testing.T) {
			t.Parallel()
			srv := start(t, script{}, false, false)
			text := "x" + end + "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nevil" + end
			_, err := srv.transport(t, nil).Send(t.Context(), with(func(m *mail.Message) {
				m.Text, m.HTML, m.Calendar, m.CalendarMethod = text, "", nil, ""
			}))
			if err != nil {
				t.Fatalf("Send: %v", err)
			}
			if got := srv.messages(); len(got) != 1 || !strings.Contains(got[0].text, "evil") {
				t.Errorf("%d messages", len(got))
			}
		})
	}
}

func TestARefusedMessageNeverReachesTheServer(t *testing.T) {
	t.Parallel()
	_, err := (&server{port: 1}).transport(t, nil).Send(t.Context(), with(func(m *mail.Message) { m.Subject = "" }))
	if carrier.ClassOf(err) != carrier.Permanent {
		t.Errorf("got %v", err)
	}
}

func TestNewSMTPTellsAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := mail.NewSMTP(mail.SMTPConfig{Auth: mail.AuthPlain, Password: "geheim", HELO: "a b"})
	if err == nil {
		t.Fatal("it was accepted")
	}
	for _, want := range []string{"host", "port", "timeout", "security", "introduce", "user name"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not speak of the %s", err, want)
		}
	}
	if strings.Contains(err.Error(), "geheim") {
		t.Error("the password is in the error")
	}
}

func TestWithoutTLSOnlyThisMachineIsSpokenTo(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"localhost": true, "127.0.0.1": true, "127.9.9.9": true, "::1": true,
		"mail.example.org": false, "10.0.0.1": false, "localhost.example.org": false, "0.0.0.0": false,
	} {
		_, err := mail.NewSMTP(mail.SMTPConfig{
			Host: host, Port: 25, Security: mail.NoTLS, Auth: mail.AuthNone, Timeout: time.Second,
		})
		if (err == nil) != want {
			t.Errorf("%s: %v", host, err)
		}
	}
}
