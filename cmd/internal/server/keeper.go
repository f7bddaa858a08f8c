package server

import (
	"context"
	"maps"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// handedConnections is the environment variable by which a program hands idle connections to the one that takes its place: their numbers.
	handedConnections = "OUDERAVOND_HANDED_CONNECTIONS"
	// handMost bounds how many: a variable of the environment has 128 KB at most. Further ones are closed.
	handMost = 10_000
)

// keeper lets go of people's connections without leaving a request unanswered. The server of net/http cannot do that: from the moment on in which it is to
// shut down, it closes connections on which it has read a request, but not begun with it, and idle ones without looking whether something has come. So while
// the server still serves, idle connections are handed to the program that takes this one's place, or closed once they have been idle for a time; all others
// end with their answer, which says so (announced).
type keeper struct {
	mutex   sync.Mutex
	open    map[*kept]bool
	handing bool          // another program takes over in this process
	numbers []string      // of the connections for it
	told    chan struct{} // something has changed
}

func newKeeper() *keeper { return &keeper{open: map[*kept]bool{}, told: make(chan struct{}, 1)} }

func (k *keeper) keep(connection *net.TCPConn, patience time.Duration) *kept {
	now := time.Now()
	c := &kept{TCPConn: connection, keeper: k, still: true, since: now, quiet: now, patience: patience}
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.open[c] = true
	return c
}

func (k *keeper) forget(c *kept) {
	k.mutex.Lock()
	delete(k.open, c)
	k.mutex.Unlock()
	k.tell()
}

// tell makes letGo look again.
func (k *keeper) tell() {
	select {
	case k.told <- struct{}{}:
	default:
	}
}

// letGo comes back once all connections are gone. Idle ones are closed when they have been idle for a time.
func (k *keeper) letGo(ctx context.Context, idle time.Duration) error {
	for {
		left, soonest := 0, drainFor
		for _, c := range k.all() {
			if gone, look := c.letGo(idle); !gone {
				left, soonest = left+1, min(soonest, look)
			}
		}
		if left == 0 {
			return nil
		}
		again := time.NewTimer(soonest)
		select {
		case <-k.told:
		case <-again.C:
		case <-ctx.Done():
		}
		again.Stop()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func (k *keeper) all() []*kept {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return slices.Collect(maps.Keys(k.open))
}

// handOver makes idle connections go to another program from now on.
func (k *keeper) handOver() {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.handing = true
}

// hands tells whether connections can be handed over.
func (k *keeper) hands() bool {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return k.handing && len(k.numbers) < handMost
}

// hand keeps a connection open for the program that takes over; false if that failed.
func (k *keeper) hand(connection *net.TCPConn) bool {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	number, err := outliving(connection)
	if err != nil {
		k.handing = false // there are no more numbers
		return false
	}
	k.numbers = append(k.numbers, strconv.Itoa(number))
	return true
}

// Variable names the connections for the program that takes over.
func (k *keeper) Variable() string {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return handedConnections + "=" + strings.Join(k.numbers, ",")
}

// keptListener gives connections that are looked after; first those that a predecessor has handed over.
type keptListener struct {
	net.Listener
	keeper *keeper
	places *places // nil where they are not bounded
	mutex  sync.Mutex
	passed []net.Conn
}

// Accept gives the next connection, when there is a place for it.
func (l *keptListener) Accept() (net.Conn, error) {
	if passed := l.next(); passed != nil {
		// The server takes it for a new one, of which the first request is due at once.
		return l.seated(l.keeper.keep(passed, idleFor-headFor)), nil
	}
	connection, err := l.Listener.Accept()
	if tcp, ok := connection.(*net.TCPConn); ok && err == nil {
		return l.seated(l.keeper.keep(tcp, 0)), nil
	}
	return connection, err
}

func (l *keptListener) seated(c *kept) *kept {
	if c.places = l.places; c.places != nil {
		c.places.take(c)
	}
	return c
}

func (l *keptListener) next() *net.TCPConn {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for len(l.passed) > 0 {
		connection := l.passed[0]
		l.passed = l.passed[1:]
		if tcp, ok := connection.(*net.TCPConn); ok {
			return tcp
		}
		_ = connection.Close()
	}
	return nil
}

// passedConnections gives the connections that a predecessor has handed over.
func passedConnections() []net.Conn {
	text := os.Getenv(handedConnections)
	_ = os.Unsetenv(handedConnections) // it is not for a program that this one starts
	return takeConnections(text)
}

// takeConnections takes connections by their numbers. One that cannot be taken is closed: its client opens another.
func takeConnections(text string) (all []net.Conn) {
	for part := range strings.SplitSeq(text, ",") {
		number, err := strconv.Atoi(part)
		if err != nil || number < firstPassed {
			continue
		}
		syscall.CloseOnExec(number)
		file := os.NewFile(uintptr(number), "connection")
		if connection, err := net.FileConn(file); err == nil { // has a number of its own
			all = append(all, connection)
		}
		_ = file.Close()
	}
	return all
}
