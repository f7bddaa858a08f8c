package mail

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// Security is how a connection to a mail server is protected.
type Security string

// The ways to protect a connection.
const (
	// StartTLS starts in the clear and refuses to go on without encryption
	// (RFC 3207); usually port 587.
	StartTLS Security = "starttls"
	// ImplicitTLS is encrypted from the first byte (RFC 8314); usually 465.
	ImplicitTLS Security = "tls"
	// NoTLS is allowed to a server on the same machine only.
	NoTLS Security = "none"
)

// Auth is how the program signs in to a mail server (RFC 4954).
type Auth string

// The ways to sign in.
const (
	AuthNone  Auth = "none"
	AuthPlain Auth = "plain"
	AuthLogin Auth = "login"
)

// SMTPConfig says which mail server to use, and how.
type SMTPConfig struct {
	Host     string
	Port     int
	Security Security
	Auth     Auth
	// Username and Password are needed unless Auth is [AuthNone].
	Username, Password string
	// HELO is the name by which the program introduces itself; "localhost" if
	// empty.
	HELO string
	// Timeout bounds one delivery as a whole, from dialling to the answer.
	Timeout time.Duration
	// Roots are the authorities trusted for the server's certificate; nil
	// means those of the machine.
	Roots *x509.CertPool
}

// SMTP hands messages to a mail server (RFC 5321). A connection that carried one
// is kept for the next, for a short while.
type SMTP struct {
	config SMTPConfig
	auth   gomail.SMTPAuthType
	idle   idleLines
}

// NewSMTP checks the configuration; it does not connect. All faults come at
// once. None of them repeats the user name or password.
func NewSMTP(c SMTPConfig) (*SMTP, error) {
	var faults []error
	fault := func(wrong bool, text string) {
		if wrong {
			faults = append(faults, errors.New("mail: "+text))
		}
	}
	fault(c.Host == "" || strings.ContainsAny(c.Host, "/\r\n "), "the server's host name is missing or malformed")
	fault(c.Port < 1 || c.Port > 65535, "the server's port is out of range")
	fault(c.Timeout <= 0, "the timeout must be positive")
	fault(c.Security != StartTLS && c.Security != ImplicitTLS && c.Security != NoTLS, "unknown security")
	fault(c.Security == NoTLS && !isLoopback(c.Host), "without TLS only a server on this machine may be used")
	fault(strings.ContainsAny(c.HELO, "\r\n "), "the name to introduce ourselves by is malformed")
	if c.HELO == "" {
		c.HELO = "localhost"
	}
	auth, known := map[Auth]gomail.SMTPAuthType{
		AuthNone: gomail.SMTPAuthNoAuth, AuthPlain: gomail.SMTPAuthPlain, AuthLogin: gomail.SMTPAuthLogin,
	}[c.Auth]
	fault(!known, "unknown way to sign in")
	fault(c.Auth != AuthNone && (c.Username == "" || c.Password == ""), "signing in needs a user name and a password")
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return &SMTP{config: c, auth: auth}, nil
}

// isLoopback knows this machine by its address or by its usual name.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send hands the message over. See [Transport]. A message that the server
// accepted is sent, even if the farewell then fails.
func (s *SMTP) Send(ctx context.Context, m Message) (Receipt, error) {
	raw, err := Compose(m)
	if err != nil {
		return Receipt{}, err
	}
	from, _ := sender(cmp.Or(m.Envelope, m.From)) // Compose has checked them
	to, _ := Address(m.To)
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	for {
		l, err := s.take(ctx)
		if err != nil {
			return Receipt{}, failed(ctx, stageSession, err)
		}
		waited := l.used > 0 // afterwards the line may be somebody else's
		at, err := s.deliver(ctx, l, from, to, raw)
		if err == nil {
			return Receipt{MessageID: m.MessageID}, nil
		}
		// A line that was kept open may have been closed by the server meanwhile; then nothing was handed over.
		if waited && at != stageEnd && ctx.Err() == nil && l.isGone(err) {
			continue
		}
		return Receipt{}, failed(ctx, at, err)
	}
}

// connect dials, encrypts and signs in. The library looks at a context only
// while it dials, so the connection is cut when ctx ends.
func (s *SMTP) connect(ctx context.Context) (l *line, err error) {
	l = new(line)
	stop := context.AfterFunc(ctx, l.cut)
	defer func() {
		stop()
		if err != nil {
			l.cut() // the library leaves the connection open when the server does not let it in
		}
	}()
	tlsConfig := &tls.Config{ServerName: s.config.Host, MinVersion: tls.VersionTLS12, RootCAs: s.config.Roots}
	var dialler interface {
		DialContext(ctx context.Context, network, address string) (net.Conn, error)
	} = &net.Dialer{}
	if s.config.Security == ImplicitTLS {
		dialler = &tls.Dialer{Config: tlsConfig}
	}
	dial := func(dialing context.Context, network, address string) (net.Conn, error) {
		conn, err := dialler.DialContext(dialing, network, address)
		if err == nil {
			l.has(conn)
		}
		return conn, err
	}
	options := []gomail.Option{
		gomail.WithPort(s.config.Port), gomail.WithTimeout(s.config.Timeout), gomail.WithHELO(s.config.HELO),
		gomail.WithTLSConfig(tlsConfig), gomail.WithDialContextFunc(dial), gomail.WithoutSMTPUTF8(),
		gomail.WithSMTPAuth(s.auth), gomail.WithUsername(s.config.Username), gomail.WithPassword(s.config.Password),
	}
	switch s.config.Security {
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case ImplicitTLS:
		options = append(options, gomail.WithSSL())
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	client, err := gomail.NewClient(s.config.Host, options...)
	if err != nil {
		return l, err
	}
	l.client, err = client.DialToSMTPClientWithContext(ctx)
	return l, err
}

// converse delivers raw. It does not say goodbye after a failure: a goodbye in
// the middle of the text would first end that with a dot, and the server would
// take half a message for a whole one.
func converse(client *smtp.Client, from, to string, raw []byte) (stage, error) {
	if err := client.Mail("<" + from + ">"); err != nil {
		return stageSender, err
	}
	if err := client.Rcpt("<" + to + ">"); err != nil {
		return stageRecipient, err
	}
	writer, err := client.Data()
	if err != nil {
		return stageData, err
	}
	if _, err := writer.Write(raw); err != nil {
		return stageData, err
	}
	if err := writer.Close(); err != nil {
		return stageEnd, err
	}
	return "", nil
}
