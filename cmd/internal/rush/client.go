package rush

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	// pauseFirst and pauseMost bound how long a client waits before it tries a server again that did not answer.
	pauseFirst = 50 * time.Millisecond
	pauseMost  = 2 * time.Second
	// laterOtherwise is how long it waits after "later" (503, 429) without a Retry-After.
	laterOtherwise = time.Second
)

// client is one telephone at a time: a connection, and the families that use it one after another.
type client struct {
	run    *run
	target int
	conn   *conn
	dice   *rand.Rand
	stats  stats
	out    []byte // the request under way
	json   []byte // its body
}

// httpRequest is what is sent; it is put together anew for each server that it is tried at.
type httpRequest struct {
	method, path string
	token, key   string
	body         []byte
	page         bool // a browser asks for a page, or sends a form
	cookies      string
}

// errUnanswered tells that no answer came before the family's patience ended.
var errUnanswered = errors.New("no answer in time")

// send sends a request until it is answered: on a lost connection and on "later" again, at another server if there are several, with the same
// Idempotency-Key. That is what a telephone does, and what the key is for.
func (c *client) send(what step, one httpRequest) (answer, error) {
	began := time.Now()
	pause := pauseFirst
	for {
		got, err := c.try(one)
		wait := time.Duration(0)
		switch {
		case err != nil:
			c.fault(kindOf(err))
			c.drop()
			c.target = (c.target + 1) % len(c.run.targets)
			wait, pause = pause, min(2*pause, pauseMost)
		case got.status == 503 || got.status == 429:
			c.fault(strconv.Itoa(got.status) + " " + readRefusal(got.body).code)
			wait = got.retryAfter
			if wait == 0 {
				wait = laterOtherwise
			}
		case got.status >= 500:
			c.fault(strconv.Itoa(got.status))
			wait, pause = pause, min(2*pause, pauseMost)
		default:
			c.stats.took[what] = append(c.stats.took[what], time.Since(began))
			return got, nil
		}
		wait += time.Duration(c.dice.Int64N(int64(wait)/4 + 1)) // so that those who were turned away do not come back all at once
		if time.Since(began)+wait > c.run.options.Patience || c.run.stopped() {
			return answer{}, errUnanswered
		}
		c.stats.repeats++
		c.run.pause(wait)
	}
}

// noConnection is the fault of a server that could not be reached: it never saw the request.
const noConnection = "no connection"

// kindOf names a connection's fault without anything of the request; empty for none.
func kindOf(err error) string {
	if err == nil {
		return ""
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return "timeout"
	}
	if operation, ok := errors.AsType[*net.OpError](err); ok && operation.Op == "dial" {
		return noConnection
	}
	return "connection lost"
}

func (c *client) fault(kind string) {
	c.stats.fault(kind)
	c.run.progress.errors.Add(1)
}

// try sends a request once, over the connection that is open or a new one.
func (c *client) try(one httpRequest) (answer, error) {
	if c.conn == nil {
		opened, err := dialTarget(c.run.targets[c.target])
		if err != nil {
			return answer{}, err
		}
		c.conn = opened
	}
	c.out = c.run.write(c.out[:0], c.conn.target.host, one)
	got, err := c.conn.do(c.out)
	if err == nil && c.conn.closing() {
		// The body is the connection's own memory and stays good.
		c.conn.close()
		c.count()
		c.conn = nil
	}
	return got, err
}

func (c *client) count() {
	c.stats.sent += c.conn.sent
	c.stats.read += c.conn.read
	c.conn.sent, c.conn.read = 0, 0
}

func (c *client) drop() {
	if c.conn != nil {
		c.conn.close()
		c.count()
		c.conn = nil
	}
}

// write puts a request together (RFC 9112, section 2.1).
func (r *run) write(out []byte, host string, one httpRequest) []byte {
	out = append(out, one.method...)
	out = append(out, ' ')
	out = append(out, one.path...)
	out = append(out, " HTTP/1.1\r\nHost: "...)
	out = append(out, host...)
	out = append(out, "\r\nAccept-Language: nl\r\nUser-Agent: ouderavond-rush\r\n"...)
	if r.options.Compressed {
		out = append(out, "Accept-Encoding: gzip\r\n"...)
	}
	if one.token != "" {
		out = append(out, "Authorization: Bearer "...)
		out = append(out, one.token...)
		out = append(out, "\r\n"...)
	}
	if one.page {
		out = append(out, "Accept: text/html\r\nSec-Fetch-Site: same-origin\r\n"...)
	}
	if one.cookies != "" {
		out = append(out, "Cookie: "...)
		out = append(out, one.cookies...)
		out = append(out, "\r\n"...)
	}
	if one.key != "" {
		out = append(out, "Idempotency-Key: "...)
		out = append(out, one.key...)
		out = append(out, "\r\n"...)
	}
	if one.body != nil {
		kind := "application/json"
		if one.page {
			kind = "application/x-www-form-urlencoded"
		}
		out = append(out, "Content-Type: "...)
		out = append(out, kind...)
		out = append(out, "\r\nContent-Length: "...)
		out = strconv.AppendInt(out, int64(len(one.body)), 10)
		out = append(out, "\r\n"...)
	}
	out = append(out, "\r\n"...)
	return append(out, one.body...)
}

// Local reports whether an address can only be this machine: a loopback address written as such, or localhost.
func Local(host string) bool {
	name := host
	if split, _, err := net.SplitHostPort(host); err == nil {
		name = split
	}
	address := net.ParseIP(strings.Trim(name, "[]"))
	return strings.EqualFold(name, "localhost") || address != nil && address.IsLoopback()
}

// Listener finds the process on this machine that listens on a TCP port (proc(5), net/tcp). It gives false where the system does not tell, or there is none.
func Listener(port string) (int, bool) {
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return 0, false
	}
	wanted := map[string]bool{}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		for inode := range listening(table, fmt.Sprintf(":%04X", number)) {
			wanted["socket:["+inode+"]"] = true
		}
	}
	if len(wanted) == 0 {
		return 0, false
	}
	links, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, link := range links {
		if to, err := os.Readlink(link); err == nil && wanted[to] {
			pid, err := strconv.Atoi(strings.Split(link, "/")[2])
			return pid, err == nil
		}
	}
	return 0, false
}

// listening gives the inodes of the sockets of a table that listen (state 0A) on a port.
func listening(table, port string) map[string]bool {
	file, err := os.Open(table)
	if err != nil {
		return nil
	}
	defer func() { _ = file.Close() }()
	found := map[string]bool{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) > 9 && strings.HasSuffix(fields[1], port) && fields[3] == "0A" {
			found[fields[9]] = true
		}
	}
	return found
}
