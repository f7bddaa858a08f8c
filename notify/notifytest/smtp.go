package notifytest

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"
)

// Stage is a point of a conversation with a mail server.
type Stage string

// The stages, in their order.
const (
	Greeting Stage = "greeting"
	Hello    Stage = "hello"
	StartTLS Stage = "starttls"
	Auth     Stage = "auth"
	Mail     Stage = "mail"
	Rcpt     Stage = "rcpt"
	Data     Stage = "data"
	End      Stage = "end" // behind the whole text
)

// Behaviour is how the mail server answers in one delivery. The zero value takes everything.
type Behaviour struct {
	// At is the stage at which the server does not answer as usual.
	At Stage
	// Reply is what it says instead: "550 5.1.1 no such user".
	Reply string
	// Hang says nothing and waits until the client goes; Cut closes the connection.
	Hang, Cut bool
	// Take keeps the message all the same: the answer is lost, not the message. At the end of the text only.
	Take bool
	// Close closes the connection after the reply.
	Close bool
}

// Letter is a mail that the server took.
type Letter struct {
	From, To  string // of the envelope
	MessageID string
	Text      string // the whole mail
	Encrypted bool
	User      string
}

// SMTP is a mail server on this machine. The functions may be called by many at once.
type SMTP struct {
	Port  int
	Roots *x509.CertPool // who trusts its certificate

	next     func(to string) Behaviour
	accounts map[string]string
	tls      *tls.Config
	implicit bool

	mutex       sync.Mutex
	took        []Letter
	connections int
	most, open  int
	delay       time.Duration
	conns       map[net.Conn]bool
}

// SMTPOptions say what kind of server it is.
type SMTPOptions struct {
	// Next says how the server behaves in the next delivery; to is the recipient, empty before it is known. Nil takes everything.
	Next func(to string) Behaviour
	// Accounts are user names and passwords; with any, everybody must sign in.
	Accounts map[string]string
	// TLS offers encryption, Implicit from the first byte.
	TLS, Implicit bool
	// Delay is how long it takes to take a mail.
	Delay time.Duration
}

// NewSMTP starts a mail server until the test ends.
func NewSMTP(t testing.TB, options SMTPOptions) *SMTP {
	t.Helper()
	s := &SMTP{next: options.Next, accounts: options.Accounts, implicit: options.Implicit, delay: options.Delay, conns: map[net.Conn]bool{}}
	if s.next == nil {
		s.next = func(string) Behaviour { return Behaviour{} }
	}
	if options.TLS {
		s.tls, s.Roots = certificate(t)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Port = listener.Addr().(*net.TCPAddr).Port
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		s.mutex.Lock()
		for conn := range s.conns {
			_ = conn.Close()
		}
		s.mutex.Unlock()
		serving.Wait()
	})
	return s
}

// Letters lists what was taken so far, in the order in which it was.
func (s *SMTP) Letters() []Letter {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return append([]Letter(nil), s.took...)
}

// Connections tells how many connections there were, and how many at once at most.
func (s *SMTP) Connections() (all, atOnce int) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.connections, s.most
}

// conversation is one connection.
type conversation struct {
	server *SMTP
	conn   net.Conn
	in     *bufio.Reader
	now    Letter
	does   Behaviour
	secure bool
}

func (s *SMTP) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	s.mutex.Lock()
	s.connections++
	s.open++
	s.most = max(s.most, s.open)
	s.conns[conn] = true
	s.mutex.Unlock()
	defer func() {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		s.open--
		delete(s.conns, conn)
	}()
	c := &conversation{server: s, conn: conn, does: s.next("")}
	if s.implicit {
		c.encrypt()
	}
	c.in = bufio.NewReader(c.conn)
	if !c.answer(Greeting, "220 localhost ready") {
		return
	}
	for {
		line, err := c.in.ReadString('\n')
		if err != nil || !c.command(strings.TrimRight(line, "\r\n")) {
			return
		}
	}
}

func (c *conversation) encrypt() {
	c.conn, c.secure = tls.Server(c.conn, c.server.tls), true
}

// answer says what is usual at a stage, unless the script says something else. It tells whether the conversation goes on.
func (c *conversation) answer(at Stage, usual string) bool {
	if c.does.At != at {
		return c.say(usual)
	}
	switch {
	case c.does.Hang:
		_, _ = io.Copy(io.Discard, c.in)
		return false
	case c.does.Cut:
		return false
	}
	reply := c.does.Reply
	if reply == "" {
		reply = usual
	}
	return c.say(reply) && !c.does.Close
}

// usual tells that nothing out of the ordinary happens at a stage.
func (c *conversation) usual(at Stage) bool { return c.does.At != at }

func (c *conversation) say(lines string) bool {
	_, err := io.WriteString(c.conn, strings.ReplaceAll(lines, "\n", "\r\n")+"\r\n")
	return err == nil
}

func (c *conversation) command(line string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO", "HELO":
		return c.answer(Hello, c.features())
	case "STARTTLS":
		if !c.usual(StartTLS) || c.server.tls == nil {
			return c.answer(StartTLS, "502 5.5.1 no")
		}
		if !c.say("220 2.0.0 go ahead") {
			return false
		}
		c.encrypt()
		c.in = bufio.NewReader(c.conn)
		return true
	case "AUTH":
		return c.signIn(rest)
	case "MAIL":
		c.now = Letter{From: path(rest), Encrypted: c.secure, User: c.now.User}
		if len(c.server.accounts) > 0 && c.now.User == "" {
			return c.say("530 5.7.0 sign in first")
		}
		return c.answer(Mail, "250 2.1.0 fine")
	case "RCPT":
		c.now.To = path(rest)
		if c.does.At == "" || c.does.At == Rcpt || c.does.At == Data || c.does.At == End {
			c.does = c.server.next(c.now.To)
		}
		return c.answer(Rcpt, "250 2.1.5 fine")
	case "DATA":
		return c.data()
	case "RSET", "NOOP":
		return c.say("250 2.0.0 fine")
	case "QUIT":
		c.say("221 2.0.0 goodbye")
		return false
	}
	return c.say("502 5.5.1 no such command")
}

func (c *conversation) features() string {
	lines := []string{"localhost", "8BITMIME", "ENHANCEDSTATUSCODES"}
	if c.server.tls != nil && !c.secure {
		lines = append(lines, "STARTTLS")
	}
	if len(c.server.accounts) > 0 {
		lines = append(lines, "AUTH PLAIN LOGIN")
	}
	for i := range lines {
		separator := "-"
		if i == len(lines)-1 {
			separator = " "
		}
		lines[i] = "250" + separator + lines[i]
	}
	return strings.Join(lines, "\n")
}

func (c *conversation) signIn(how string) bool {
	if !c.usual(Auth) {
		return c.answer(Auth, "")
	}
	way, first, _ := strings.Cut(how, " ")
	var user, password string
	if strings.EqualFold(way, "LOGIN") {
		user, password = c.ask("VXNlcm5hbWU6"), c.ask("UGFzc3dvcmQ6")
	} else {
		raw, _ := base64.StdEncoding.DecodeString(first)
		parts := strings.Split(string(raw), "\x00")
		if len(parts) == 3 {
			user, password = parts[1], parts[2]
		}
	}
	if want, ok := c.server.accounts[user]; !ok || want != password {
		return c.say("535 5.7.8 no")
	}
	c.now.User = user
	return c.say("235 2.7.0 welcome")
}

func (c *conversation) ask(question string) string {
	c.say("334 " + question)
	line, _ := c.in.ReadString('\n')
	raw, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(line))
	return string(raw)
}

func (c *conversation) data() bool {
	if !c.usual(Data) {
		return c.answer(Data, "354 go on")
	}
	if !c.say("354 go on") {
		return false
	}
	var text strings.Builder
	for {
		line, err := c.in.ReadString('\n')
		if err != nil {
			return false // half a text is none
		}
		if line == ".\r\n" {
			break
		}
		text.WriteString(strings.TrimPrefix(line, "."))
	}
	c.now.Text = text.String()
	if message, err := netmail.ReadMessage(strings.NewReader(c.now.Text)); err == nil {
		c.now.MessageID = strings.Trim(message.Header.Get("Message-Id"), "<>")
	}
	if c.server.delay > 0 {
		time.Sleep(c.server.delay)
	}
	if c.usual(End) || c.does.Take || strings.HasPrefix(c.does.Reply, "2") {
		c.server.mutex.Lock()
		c.server.took = append(c.server.took, c.now)
		c.server.mutex.Unlock()
	}
	return c.answer(End, "250 2.0.0 taken as "+fmt.Sprint(len(c.now.Text)))
}

// path reads the address of MAIL FROM and RCPT TO.
func path(text string) string {
	_, after, _ := strings.Cut(text, "<")
	address, _, _ := strings.Cut(after, ">")
	return address
}
