package mail

import (
	"context"
	"errors"
	"net"
	"net/textproto"
	"sync"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

const (
	// keptFor is how long a connection that nobody uses is kept open.
	keptFor = 10 * time.Second
	// usedFor is how many mails go over one connection: servers close those that go on for ever.
	usedFor = 100
	// farewellFor is how long a goodbye may take.
	farewellFor = 5 * time.Second
)

// line is a connection to the mail server, signed in.
type line struct {
	client *smtp.Client
	used   int
	rest   *time.Timer // closes it while nobody uses it

	mutex sync.Mutex
	conn  net.Conn
	over  bool
}

// has tells the line its connection, which is closed at once if the line was cut before.
func (l *line) has(conn net.Conn) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.conn = conn; l.over {
		_ = conn.Close()
	}
}

// cut ends the line without a word: in the middle of a text, a goodbye would first end that with a dot, and the server would take half a message for a whole
// one.
func (l *line) cut() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.over = true; l.conn != nil {
		_ = l.conn.Close()
	}
}

// quit says goodbye and ends the line.
func (l *line) quit() {
	_ = l.client.UpdateDeadline(farewellFor)
	_ = l.client.Quit()
	l.cut()
}

// isGone tells whether a failure says no more than that the server has closed the connection.
func (l *line) isGone(err error) bool {
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return reply.Code == 421
	}
	return isNetwork(err)
}

// idleLines are connections that wait for the next mail.
type idleLines struct {
	mutex sync.Mutex
	lines []*line
}

// take gives a line that waits, or a new one.
func (s *SMTP) take(ctx context.Context) (*line, error) {
	for {
		s.idle.mutex.Lock()
		last := len(s.idle.lines) - 1
		if last < 0 {
			s.idle.mutex.Unlock()
			return s.connect(ctx)
		}
		l := s.idle.lines[last]
		s.idle.lines = s.idle.lines[:last]
		s.idle.mutex.Unlock()
		if l.rest.Stop() { // else it is being closed
			return l, nil
		}
	}
}

// keep lets a line wait for the next mail.
func (s *SMTP) keep(l *line) {
	if l.used >= usedFor {
		l.quit()
		return
	}
	l.rest = time.AfterFunc(keptFor, func() {
		s.forget(l)
		l.quit()
	})
	s.idle.mutex.Lock()
	defer s.idle.mutex.Unlock()
	s.idle.lines = append(s.idle.lines, l)
}

func (s *SMTP) forget(gone *line) {
	s.idle.mutex.Lock()
	defer s.idle.mutex.Unlock()
	for i, l := range s.idle.lines {
		if l == gone {
			s.idle.lines = append(s.idle.lines[:i], s.idle.lines[i+1:]...)
			return
		}
	}
}

// Close ends the connections that wait for the next mail. The transport can be used on.
func (s *SMTP) Close() error {
	s.idle.mutex.Lock()
	waiting := s.idle.lines
	s.idle.lines = nil
	s.idle.mutex.Unlock()
	for _, l := range waiting {
		if l.rest.Stop() {
			l.quit()
		}
	}
	return nil
}

// deliver hands a mail over a line, and keeps the line if the conversation is in order.
func (s *SMTP) deliver(ctx context.Context, l *line, from, to string, raw []byte) (stage, error) {
	stop := context.AfterFunc(ctx, l.cut)
	l.used++
	if err := l.client.UpdateDeadline(s.config.Timeout); err != nil {
		stop()
		l.cut()
		return stageSender, err
	}
	at, err := converse(l.client, from, to, raw)
	if err != nil && (!isReply(err) || l.isGone(err) || l.client.Reset() != nil) {
		stop()
		l.cut()
		return at, err
	}
	if stop() {
		s.keep(l)
	}
	return at, err
}

// isReply tells an answer of the server from a line that broke.
func isReply(err error) bool {
	var reply *textproto.Error
	return errors.As(err, &reply)
}
