package rush

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"time"
)

const (
	// answerTimeout is how long a client waits for one answer before it takes the connection for dead.
	answerTimeout = 30 * time.Second
	// dialTimeout is how long it waits for a connection.
	dialTimeout = 5 * time.Second
	// maxAnswer is the greatest size of an answer, in bytes, as sent and as unpacked.
	maxAnswer = 64 << 20
)

// target is a server that is driven.
type target struct {
	host string // for the Host header
	dial string // address and port
	tls  *tls.Config
}

func newTarget(address *url.URL) target {
	t := target{host: address.Host, dial: address.Host}
	port := "80"
	if address.Scheme == "https" {
		port, t.tls = "443", &tls.Config{ServerName: address.Hostname(), MinVersion: tls.VersionTLS12}
	}
	if address.Port() == "" {
		t.dial = net.JoinHostPort(address.Hostname(), port)
	}
	return t
}

// answer is what the server said. The body is good until the connection's next request.
type answer struct {
	status     int
	retryAfter time.Duration // zero if the server did not say
	replayed   bool          // it is the outcome of an earlier request with the same Idempotency-Key
	body       []byte
	location   string   // where a redirect leads
	cookies    []string // that a page sets
}

// conn is one client's HTTP/1.1 connection (RFC 9112), kept open from request to request. The standard library's client costs three goroutines and some
// fifty microseconds for each request; this one costs two system calls.
type conn struct {
	target  target
	net     net.Conn
	in      *bufio.Reader
	body    []byte
	plain   []byte // an unpacked body
	zip     *gzip.Reader
	sent    int64 // bytes, with headers
	read    int64
	used    time.Time // when it was used last
	headers answerHeaders
}

// answerHeaders are those that matter here.
type answerHeaders struct {
	length     int
	chunked    bool
	zipped     bool
	closing    bool
	replayed   bool
	retryAfter time.Duration
	location   string
	cookies    []string
}

func dialTarget(t target) (*conn, error) {
	raw, err := net.DialTimeout("tcp", t.dial, dialTimeout)
	if err != nil {
		return nil, err
	}
	if t.tls != nil {
		raw = tls.Client(raw, t.tls)
	}
	c := &conn{target: t, net: raw}
	c.in = bufio.NewReaderSize(countingReader{raw, &c.read}, 16<<10)
	return c, nil
}

type countingReader struct {
	from io.Reader
	read *int64
}

func (c countingReader) Read(into []byte) (int, error) {
	n, err := c.from.Read(into)
	*c.read += int64(n)
	return n, err
}

// do sends a whole request and reads the answer to it. After an error the connection is of no use any more.
func (c *conn) do(request []byte) (answer, error) {
	c.used = time.Now()
	if err := c.net.SetDeadline(c.used.Add(answerTimeout)); err != nil {
		return answer{}, err
	}
	n, err := c.net.Write(request)
	c.sent += int64(n)
	if err != nil {
		return answer{}, err
	}
	for {
		got, err := c.receive()
		if err != nil || got.status >= 200 { // those below come before the answer (RFC 9110, section 15.2)
			return got, err
		}
	}
}

func (c *conn) receive() (answer, error) {
	line, err := c.line()
	if err != nil {
		return answer{}, err
	}
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.")) {
		return answer{}, errors.New("the server does not speak HTTP/1.1")
	}
	status, err := strconv.Atoi(string(line[9:12]))
	if err != nil {
		return answer{}, errors.New("the server's answer has no status")
	}
	if err := c.readHeaders(); err != nil {
		return answer{}, err
	}
	if status < 200 || status == 204 || status == 304 {
		return answer{status: status, retryAfter: c.headers.retryAfter}, nil
	}
	if err := c.readBody(); err != nil {
		return answer{}, err
	}
	body, err := c.unpacked()
	return answer{status: status, retryAfter: c.headers.retryAfter, replayed: c.headers.replayed, body: body, location: c.headers.location, cookies: c.headers.cookies}, err
}

// closing reports whether the server ends the connection after the last answer.
func (c *conn) closing() bool { return c.headers.closing }

func (c *conn) line() ([]byte, error) {
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return nil, err
	}
	return bytes.TrimRight(line, "\r\n"), nil
}

func (c *conn) readHeaders() error {
	c.headers = answerHeaders{length: -1}
	for {
		line, err := c.line()
		if err != nil {
			return err
		}
		if len(line) == 0 {
			return nil
		}
		name, value, found := bytes.Cut(line, []byte(":"))
		if !found {
			return errors.New("the server's answer has a broken header")
		}
		c.header(name, bytes.TrimSpace(value))
	}
}

// header takes a header; the lengths of the names tell most of the others apart without looking closer.
func (c *conn) header(name, value []byte) {
	switch len(name) {
	case len("Content-Length"):
		if bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err := strconv.Atoi(string(value)); err == nil {
				c.headers.length = length
			}
		}
	case len("Transfer-Encoding"):
		c.headers.chunked = c.headers.chunked || bytes.EqualFold(name, []byte("Transfer-Encoding")) && bytes.EqualFold(value, []byte("chunked"))
	case len("Content-Encoding"):
		c.headers.zipped = c.headers.zipped || bytes.EqualFold(name, []byte("Content-Encoding")) && bytes.EqualFold(value, []byte("gzip"))
	case len("Location"):
		if bytes.EqualFold(name, []byte("Location")) {
			c.headers.location = string(value)
		}
	case len("Connection"): // and Set-Cookie
		if bytes.EqualFold(name, []byte("Set-Cookie")) {
			c.headers.cookies = append(c.headers.cookies, string(value))
		}
		c.headers.closing = c.headers.closing || bytes.EqualFold(name, []byte("Connection")) && bytes.EqualFold(value, []byte("close"))
	case len("Idempotent-Replayed"):
		c.headers.replayed = c.headers.replayed || bytes.EqualFold(name, []byte("Idempotent-Replayed")) && string(value) == "true"
	case len("Retry-After"):
		if seconds, err := strconv.Atoi(string(value)); err == nil && bytes.EqualFold(name, []byte("Retry-After")) {
			c.headers.retryAfter = time.Duration(seconds) * time.Second
		}
	}
}

func (c *conn) close() { _ = c.net.Close() }

func (c *conn) readBody() error {
	c.body = c.body[:0]
	switch {
	case c.headers.chunked:
		return c.readChunks()
	case c.headers.length >= 0:
		return c.readBytes(c.headers.length)
	}
	// Without a length, the body ends with the connection.
	c.headers.closing = true
	rest, err := io.ReadAll(io.LimitReader(c.in, maxAnswer))
	c.body = append(c.body, rest...)
	return err
}

func (c *conn) readBytes(length int) error {
	had := len(c.body)
	if length < 0 || had+length > maxAnswer {
		return fmt.Errorf("the server's answer is larger than %d bytes", maxAnswer)
	}
	if cap(c.body) < had+length {
		grown := make([]byte, had, 2*(had+length))
		copy(grown, c.body)
		c.body = grown
	}
	c.body = c.body[:had+length]
	_, err := io.ReadFull(c.in, c.body[had:])
	return err
}

func (c *conn) readChunks() error {
	for {
		line, err := c.line()
		if err != nil {
			return err
		}
		size, _, _ := bytes.Cut(line, []byte(";"))
		length, err := strconv.ParseUint(string(bytes.TrimSpace(size)), 16, 31)
		if err != nil {
			return errors.New("the server's answer has a broken chunk")
		}
		if length == 0 {
			break
		}
		if err := c.readBytes(int(length)); err != nil {
			return err
		}
		if _, err := c.line(); err != nil {
			return err
		}
	}
	for { // trailers
		line, err := c.line()
		if err != nil || len(line) == 0 {
			return err
		}
	}
}

func (c *conn) unpacked() ([]byte, error) {
	if !c.headers.zipped {
		return c.body, nil
	}
	var err error
	if c.zip == nil {
		c.zip, err = gzip.NewReader(bytes.NewReader(c.body))
	} else {
		err = c.zip.Reset(bytes.NewReader(c.body))
	}
	if err != nil {
		return nil, err
	}
	into := bytes.NewBuffer(c.plain[:0])
	_, err = io.Copy(into, io.LimitReader(c.zip, maxAnswer))
	c.plain = into.Bytes()
	return c.plain, err
}
