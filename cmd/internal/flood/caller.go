package flood

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	// answerTimeout is how long an answer is waited for.
	answerTimeout = 30 * time.Second
	// idleMost is how long a connection may rest: servers close those that rest longer.
	idleMost = 20 * time.Second
)

// caller is one HTTP/1.1 connection, kept from request to request. The standard library's client costs several times as much, on the processors that the server needs.
type caller struct {
	host   string
	dialer net.Dialer
	net    net.Conn
	in     *bufio.Reader
	used   time.Time
	body   bytes.Buffer
}

// newCaller makes a connection to a server, from an address of this machine; nil is any.
func newCaller(target *url.URL, from net.Addr) *caller {
	return &caller{host: target.Host, dialer: net.Dialer{LocalAddr: from, Timeout: 5 * time.Second}}
}

// do sends a whole request. The body of the answer is good until the next one.
func (c *caller) do(request []byte) (status int, body []byte, err error) {
	now := time.Now()
	if now.Sub(c.used) > idleMost {
		c.close()
	}
	c.used = now
	if c.net == nil {
		if c.net, err = c.dialer.Dial("tcp", c.host); err != nil {
			return 0, nil, err
		}
		c.in = bufio.NewReaderSize(c.net, 4<<10)
	}
	closing := true
	defer func() {
		if closing {
			c.close()
		}
	}()
	if err = c.net.SetDeadline(now.Add(answerTimeout)); err != nil {
		return 0, nil, err
	}
	if _, err = c.net.Write(request); err != nil {
		return 0, nil, err
	}
	answer, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return 0, nil, err
	}
	c.body.Reset()
	if _, err = c.body.ReadFrom(answer.Body); err != nil {
		return 0, nil, err
	}
	closing = answer.Close
	return answer.StatusCode, c.body.Bytes(), answer.Body.Close()
}

func (c *caller) close() {
	if c.net != nil {
		_ = c.net.Close()
		c.net = nil
	}
}

// request puts together what is sent to the API of a school (RFC 9112, section 2.1).
func request(target *url.URL, school, path string, body any) ([]byte, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "POST /api/v1/schools/%s/%s HTTP/1.1\r\nHost: %s\r\nAccept-Language: nl\r\nUser-Agent: ouderavond-rush\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
		school, path, target.Host, len(text))
	out.Write(text)
	return out.Bytes(), nil
}

// kindOf names what went wrong with a connection, without anything of the request.
func kindOf(err error) string {
	if strings.Contains(err.Error(), "timeout") {
		return "timeout"
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "connection closed"
	}
	return "connection lost"
}
