package crashtest_test

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// wire stands between the program and its PostgreSQL server, counts what the program sends, and breaks at a chosen message.
type wire struct {
	listener net.Listener
	server   string
	// sent counts the messages from the program.
	sent atomic.Uint64

	mutex   sync.Mutex
	at      uint64
	arrives bool
	die     func()
}

func newWire(t testing.TB, server string) *wire {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	w := &wire{listener: listener, server: server}
	go func() {
		for {
			program, err := listener.Accept()
			if err != nil {
				return
			}
			go w.connect(program)
		}
	}()
	return w
}

// breakAt lets a message be the last of its connection. Before it is sent, die is called; whether the message arrives at the server then, without anybody
// hearing its answer, is the caller's choice.
func (w *wire) breakAt(message uint64, arrives bool, die func()) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.at, w.arrives, w.die = message, arrives, die
}

func (w *wire) mend() { w.breakAt(0, false, nil) }

func (w *wire) connect(program net.Conn) {
	defer func() { _ = program.Close() }()
	server, err := net.Dial("tcp", w.server)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	go func() {
		_, _ = io.Copy(program, server)
		_ = program.Close()
	}()
	buffer := make([]byte, 64<<10)
	for {
		length, err := program.Read(buffer)
		if err != nil {
			return
		}
		number := w.sent.Add(1)
		w.mutex.Lock()
		breaks, arrives, die := number == w.at, w.arrives, w.die
		w.mutex.Unlock()
		if breaks {
			_ = program.Close()
			if die != nil {
				die()
			}
		}
		if !breaks || arrives {
			if _, err := server.Write(buffer[:length]); err != nil {
				return
			}
		}
		if breaks {
			return
		}
	}
}

// newWireScene prepares a scene on PostgreSQL, whose program speaks to the server through a wire. The program is not started.
func newWireScene(t testing.TB) *scene {
	t.Helper()
	from := makeTemplate(onPostgres(newSite(t, nil), newDatabase(t), newKey()))
	if from == nil {
		t.Fatal("the scene could not be prepared")
	}
	where, err := url.Parse(newDatabase(t))
	if err != nil {
		t.Fatal(err)
	}
	w := newWire(t, where.Host)
	where.Host = w.listener.Addr().String()
	s := (&scene{site: onPostgres(newSite(t, nil), where.String(), from.key), from: from, wire: w}).enter()
	s.renew()
	return s
}

// renewDatabase copies the prepared database over that of the scene. The program must not run.
func (s *scene) renewDatabase() {
	s.t.Helper()
	name := func(address string) string {
		path, _, _ := strings.Cut(address, "?")
		return path[strings.LastIndex(path, "/")+1:]
	}
	server := &site{t: s.t, database: testServer()}
	server.exec("DROP DATABASE " + name(s.database) + " WITH (FORCE)")
	server.exec("CREATE DATABASE " + name(s.database) + " TEMPLATE " + name(s.from.database))
}

// TestALostConnectionToPostgreSQLIsToldAndHeals breaks the connection at messages of each operation, once before the server has the message and once before
// its answer comes back: then the program cannot know whether it was done, and must not say that it was.
func TestALostConnectionToPostgreSQLIsToldAndHeals(t *testing.T) {
	t.Parallel()
	if !knowsPostgres(t) {
		t.Skip("the program has no second engine")
	}
	for _, operation := range operations() {
		if operation.start {
			continue
		}
		t.Run(operation.name, func(t *testing.T) {
			t.Parallel()
			s := newWireScene(t)
			last := s.length(operation)
			chosen := *points
			if chosen == 0 || chosen > last {
				chosen = last
			}
			refused := 0
			for i := range chosen {
				s.renew()
				s.start()
				s.quiet()
				s.wire.breakAt(s.wire.sent.Load()+1+uint64(i*(last-1)/max(1, chosen-1)), wireDeaths[i%len(wireDeaths)], nil)
				was := operation.do(s)
				if !was.done {
					refused++
					s.isClean(was)
				}
				s.wire.mend()
				s.stillAnswers()
				operation.check(s, s.heals(operation))
				s.kill()
			}
			t.Logf("%d connections lost, %d answers were %d", chosen, refused, http.StatusServiceUnavailable)
		})
	}
}
