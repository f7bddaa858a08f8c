package server

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"os"
	"sync"
	"syscall"
	"time"
)

// kept is a person's connection, of which the keeper knows how it stands. The server tells it by connState.
type kept struct {
	*net.TCPConn
	keeper  *keeper
	places  *places    // nil where they are not bounded
	reading sync.Mutex // held while it is being read

	mutex sync.Mutex
	// still: no request is under way. begun: a part of the next one has been read. ended: the client has gone.
	still, begun, ended bool
	multiplexed         bool          // of HTTP/2: the keeper has nothing to do with it
	left, closed        bool          // the keeper has let go of it; it is closed
	since               time.Time     // how long it has been so
	quiet               time.Time     // when the last request was over, whatever has come of the next one since
	outer               net.Conn      // with TLS, what the server closes
	patience            time.Duration // with its first request, beyond what the server has
	wanted              time.Time     // until when the server would read
	deciding            chan struct{} // closed when it is clear what becomes of it; nil while nobody asks
}

// halfFor is how long a half request, or the encryption of a new connection, may make no progress while the program lets go of clients.
const halfFor = 5 * time.Second

// wakeUp is a deadline long past, as the server sets one too: whoever reads comes back at once.
var wakeUp = time.Unix(1, 0)

// connState is told by the server how its connections stand.
func connState(connection net.Conn, state http.ConnState) {
	encrypted, _ := connection.(*tls.Conn)
	if encrypted != nil {
		connection = encrypted.NetConn()
	}
	c, ok := connection.(*kept)
	if !ok || state != http.StateActive && state != http.StateIdle {
		return
	}
	multiplexed := false
	if encrypted != nil && encrypted.ConnectionState().NegotiatedProtocol == "h2" {
		c.keeper.forget(c) // HTTP/2 has its own way to say goodbye, and the server knows it
		multiplexed = true
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.multiplexed = multiplexed
	c.still, c.since = state == http.StateIdle, time.Now()
	c.quiet = c.since
	if encrypted != nil {
		c.outer = encrypted
	}
	if c.still {
		c.patience = 0
		c.keeper.tell()
	} else {
		c.begun = false // what was read so far belongs to the request that is under way now
	}
}

// Read reads. If the keeper wants to let go of the connection meanwhile, it first waits what becomes of it.
func (c *kept) Read(part []byte) (int, error) {
	for {
		n, deciding, err := c.read(part)
		if deciding == nil {
			return n, err
		}
		<-deciding
	}
}

func (c *kept) read(part []byte) (n int, deciding <-chan struct{}, err error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	n, err = c.TCPConn.Read(part)
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if n > 0 && (c.still || len(part) == 1) {
		// While it answers a request, the server looks for the next one by reading a single byte; what else it reads then belongs to the present one.
		c.begun, c.since = true, time.Now()
	}
	late := errors.Is(err, os.ErrDeadlineExceeded)
	if n == 0 && late && !c.left {
		if c.deciding != nil {
			return 0, c.deciding, nil
		}
		if c.wanted.IsZero() || c.wanted.After(time.Now()) {
			return 0, decided, nil // it was woken, began too late to hear why, and may go on
		}
	}
	c.ended = c.ended || err != nil && (c.still || !late) // the server ends that look for the next request by a deadline too
	return n, nil, err
}

// decided is a decision that nobody has to wait for.
var decided = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// SetReadDeadline says until when the server reads.
func (c *kept) SetReadDeadline(at time.Time) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if at.After(wakeUp) {
		at = at.Add(c.patience)
	}
	c.wanted = at
	if c.deciding != nil {
		return nil
	}
	return c.TCPConn.SetReadDeadline(at)
}

// Close closes the connection.
func (c *kept) Close() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.closed = true
	c.keeper.forget(c)
	if c.places != nil {
		c.places.leave(c)
	}
	return c.TCPConn.Close()
}

// isStill says whether the connection may be taken for one without a request under way.
func (c *kept) isStill(yes bool) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.still, c.since = yes, time.Now()
	c.quiet = c.since
}

// giveWay closes the connection for another, if no request is under way; true if so.
func (c *kept) giveWay() bool {
	c.mutex.Lock()
	atOnce, still := c.begun || c.multiplexed, c.still && !c.closed
	closer := net.Conn(c)
	if c.outer != nil {
		closer = c.outer
	}
	c.mutex.Unlock()
	if !atOnce { // what has come at the last moment is answered
		gone, _ := c.letGo(0)
		return gone
	}
	if still {
		_ = closer.Close()
	}
	return still
}

// letGo hands the connection over or closes it, if no request is under way and none has come for a time. Otherwise it tells when to look again at the latest;
// the keeper is told of whatever happens before.
func (c *kept) letGo(idle time.Duration) (gone bool, look time.Duration) {
	gone, look = c.decide(idle)
	if gone {
		c.mutex.Lock()
		closer := net.Conn(c)
		if c.outer != nil {
			closer = c.outer
		}
		c.mutex.Unlock()
		_ = closer.Close()
	}
	return gone, look
}

func (c *kept) decide(idle time.Duration) (gone bool, look time.Duration) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.closed || c.ended || !c.still {
		return false, drainFor // it goes by itself
	}
	if c.begun {
		idle = halfFor
	}
	hands := !c.begun && c.outer == nil && c.keeper.hands()
	if left := idle - time.Since(c.since); left > 0 && !hands {
		return false, left
	}
	before := c.since
	c.interrupt()
	// What has come at the last moment, read or not, the server shall answer.
	came := !c.since.Equal(before) || c.ended || c.closed || !hands && c.unread()
	if gone = !came && (!hands || c.keeper.hand(c.TCPConn)); gone {
		c.left = true
	} else {
		_ = c.TCPConn.SetReadDeadline(c.wanted)
	}
	close(c.deciding)
	c.deciding = nil
	return gone, idle
}

// interrupt wakes whoever reads, and waits until it has come back with nothing, or with the beginning of a request.
func (c *kept) interrupt() {
	c.deciding = make(chan struct{})
	_ = c.TCPConn.SetReadDeadline(wakeUp)
	c.mutex.Unlock()
	c.reading.Lock() // nobody reads now
	defer c.reading.Unlock()
	c.mutex.Lock()
}

// unread tells whether something has come that nobody has read.
func (c *kept) unread() (yes bool) {
	raw, err := c.SyscallConn()
	if err != nil {
		return false
	}
	_ = raw.Control(func(number uintptr) {
		n, _, err := syscall.Recvfrom(int(number), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		yes = err == nil && n > 0
	})
	return yes
}
