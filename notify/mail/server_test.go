package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/ouderavond/ouderavond/notify/mail"
)

// script is how a mail server behaves. The zero value takes everything.
type script struct {
	hello, mail, rcpt, data error
	// afterData runs when the whole text is there, before the answer.
	afterData func(net.Conn)
	// beforeData runs when the text starts.
	beforeData func()
	// accounts are user names and passwords; without any nobody signs in.
	accounts map[string]string
}

// received is a message that the server took.
type received struct {
	user, from, to, text string
	encrypted            bool
}

// server is a real mail server on this machine.
type server struct {
	script script
	port   int
	roots  *x509.CertPool
	tls    *tls.Config

	mutex sync.Mutex
	took  []received
	broke []error // texts that ended before their end
}

// start runs a server that behaves as the script says until the test ends.
// implicit makes it speak TLS from the first byte.
func start(t *testing.T, s script, encrypted, implicit bool) *server {
	t.Helper()
	srv := &server{script: s}
	backend := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		if s.hello != nil {
			return nil, s.hello
		}
		return &session{server: srv, conn: c}, nil
	}))
	backend.Domain = "localhost"
	backend.AllowInsecureAuth = true
	backend.ErrorLog = log.New(io.Discard, "", 0)
	if encrypted {
		srv.tls, srv.roots = certificate(t)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv.port = listener.Addr().(*net.TCPAddr).Port
	if implicit {
		listener = tls.NewListener(listener, srv.tls)
	} else {
		backend.TLSConfig = srv.tls
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = backend.Serve(listener)
	}()
	t.Cleanup(func() { _ = backend.Close(); <-done })
	return srv
}

// certificate makes one for this machine that nobody but the test trusts.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1<<33, 0),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, roots
}

// messages lists what was taken so far.
func (s *server) messages() []received {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return append([]received(nil), s.took...)
}

// transport is one that talks to this server.
func (s *server) transport(t *testing.T, change func(*mail.SMTPConfig)) *mail.SMTP {
	t.Helper()
	config := mail.SMTPConfig{
		Host: "127.0.0.1", Port: s.port, Security: mail.NoTLS, Auth: mail.AuthNone,
		Timeout: time.Minute, Roots: s.roots,
	}
	if change != nil {
		change(&config)
	}
	transport, err := mail.NewSMTP(config)
	if err != nil {
		t.Fatalf("NewSMTP: %v", err)
	}
	return transport
}

// session is one conversation.
type session struct {
	server *server
	conn   *smtp.Conn
	now    received
}

func (s *session) AuthMechanisms() []string {
	if len(s.server.script.accounts) == 0 {
		return nil
	}
	return []string{sasl.Plain, sasl.Login}
}

func (s *session) Auth(mechanism string) (sasl.Server, error) {
	if mechanism == sasl.Login {
		return &login{check: s.signIn}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return s.signIn(user, password) }), nil
}

func (s *session) signIn(user, password string) error {
	if want, ok := s.server.script.accounts[user]; !ok || want != password {
		return smtp.ErrAuthFailed
	}
	s.now.user = user
	return nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if len(s.server.script.accounts) > 0 && s.now.user == "" {
		return smtp.ErrAuthRequired
	}
	s.now.from = from
	return s.server.script.mail
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.now.to = to
	return s.server.script.rcpt
}

func (s *session) Data(r io.Reader) error {
	if s.server.script.beforeData != nil {
		s.server.script.beforeData()
	}
	text, err := io.ReadAll(r)
	s.server.mutex.Lock()
	if err != nil {
		s.server.broke = append(s.server.broke, err)
	}
	s.server.mutex.Unlock()
	if err != nil {
		return err
	}
	if s.server.script.afterData != nil {
		s.server.script.afterData(s.conn.Conn())
	}
	if s.server.script.data != nil {
		return s.server.script.data
	}
	_, s.now.encrypted = s.conn.TLSConnectionState()
	s.now.text = string(text)
	s.server.mutex.Lock()
	defer s.server.mutex.Unlock()
	s.server.took = append(s.server.took, s.now)
	return nil
}

func (s *session) Reset() {}

func (s *session) Logout() error { return nil }

// login is the server's side of AUTH LOGIN.
type login struct {
	check func(user, password string) error
	asked int
	user  string
}

func (l *login) Next(response []byte) ([]byte, bool, error) {
	l.asked++
	switch l.asked {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.user = string(response)
		return []byte("Password:"), false, nil
	case 3:
		return nil, true, l.check(l.user, string(response))
	}
	return nil, false, errors.New("too many answers")
}
