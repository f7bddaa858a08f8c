package crashtest_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/api/apitest/history"
	"github.com/ouderavond/ouderavond/cmd/internal/cmdtest"
	"github.com/ouderavond/ouderavond/models/store/storetest/faultdisk"
)

// opensIn is how long the program may take from its start to its first answer that it is ready.
const opensIn = 5 * time.Second

// binary builds the program once for all tests, as it is released.
func binary() (string, error) { return cmdtest.Build("ouderavond") }

func TestMain(m *testing.M) {
	code := m.Run()
	cmdtest.Clean()
	os.Exit(code)
}

// site is a data folder with a program that runs on it, now and then.
type site struct {
	running atomic.Pointer[os.Process]
	t       testing.TB
	program string
	data    string
	// database is the address of a PostgreSQL database; empty for SQLite in the data folder.
	database string
	// key is the master key, given where the program does not make it itself: with PostgreSQL.
	key string
	// disk is that of the program's SQLite; nil for the machine's own.
	disk    *faultdisk.Disk
	address string
	caller  history.Caller
	process *exec.Cmd
	ended   chan struct{}
	log     *syncBuffer
	level   string // of the log
	slowest time.Duration
	starts  int
}

// newSite makes an empty site. The program is not started.
func newSite(t testing.TB, disk *faultdisk.Disk) *site {
	t.Helper()
	program, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.MkdirTemp("", "ov") // a short path: a socket's has a bound
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, program: program, data: folder, disk: disk, address: cmdtest.FreeAddress(t), log: &syncBuffer{}, level: "info"}
	s.caller = history.Caller{
		Client: &http.Client{Timeout: 60 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
		Base:   func() string { return "http://" + s.address },
	}
	t.Cleanup(func() {
		s.kill()
		if t.Failed() {
			t.Logf("the program's log ends:\n%s", s.log.tail(4000))
		}
		_ = os.RemoveAll(folder)
	})
	return s
}

func (s *site) command(arguments ...string) *exec.Cmd {
	arguments = append([]string{"--data", s.data, "--listen", s.address, "--log-level", s.level}, arguments...)
	if s.database != "" {
		arguments = append([]string{"--database", s.database}, arguments...)
	}
	command := exec.Command(s.program, arguments...)
	command.Env = append(os.Environ(), "OUDERAVOND_DRAIN_DELAY=0s")
	if s.key != "" {
		command.Env = append(command.Env, "OUDERAVOND_MASTER_KEY="+s.key)
	}
	return command
}

// start starts the program, waits until it is ready and notes how long that took.
func (s *site) start() {
	s.t.Helper()
	if err := s.tryStart(); err != nil {
		s.t.Fatalf("start %d: %v\n%s", s.starts, err, s.log.tail(4000))
	}
}

// killFromAfar kills the program from another goroutine than the test's. One that is already heard of on the wire has started, though its starter may not
// have noted so yet.
func (s *site) killFromAfar() {
	for s.running.Load() == nil {
		runtime.Gosched()
	}
	_ = s.running.Load().Kill()
}

func (s *site) tryStart() error {
	s.running.Store(nil)
	s.process = s.command("serve")
	if s.disk != nil {
		s.process.Env = append(s.process.Env, s.disk.Env()...)
	}
	output, err := s.process.StderrPipe()
	if err != nil {
		return err
	}
	begun := time.Now()
	if err := s.process.Start(); err != nil {
		return err
	}
	s.running.Store(s.process.Process)
	s.starts++
	listening, ended := make(chan struct{}), make(chan struct{})
	s.ended = ended
	process := s.process
	go func() {
		s.log.follow(output, listening)
		_ = process.Wait()
		close(ended)
	}()
	select {
	case <-listening:
	case <-ended:
		return errors.New("the program ended by itself")
	case <-time.After(30 * time.Second):
		return errors.New("the program does not listen")
	}
	reply, err := s.caller.Call(context.Background(), http.MethodGet, "/readyz", "", nil)
	if err != nil || reply.Code != http.StatusOK {
		return fmt.Errorf("not ready: %d %s %w", reply.Code, reply.Body, err)
	}
	s.slowest = max(s.slowest, time.Since(begun))
	return nil
}

// kill ends the program with -9, if it still runs, and waits until it is gone.
func (s *site) kill() {
	if s.process == nil || s.process.Process == nil {
		return
	}
	_ = s.process.Process.Kill()
	<-s.ended
	s.caller.Client.CloseIdleConnections()
}

// stop ends the program as an administrator would.
func (s *site) stop() {
	s.t.Helper()
	_ = s.process.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(30 * time.Second):
		s.t.Error("the program does not stop when asked to")
		s.kill()
	}
	s.caller.Client.CloseIdleConnections()
}

// isRunning tells whether the program has not ended.
func (s *site) isRunning() bool {
	select {
	case <-s.ended:
		return false
	default:
		return true
	}
}

// operator gives a caller with the rights of the operator, by a key that the program's command makes.
func (s *site) operator() history.Caller {
	s.t.Helper()
	if s.caller.Token == "" {
		output, err := s.command("apikey", "create", "--operator").Output()
		if err != nil {
			s.t.Fatalf("%v: %s", err, output)
		}
		s.caller.Token = strings.TrimSpace(string(output))
	}
	return s.caller
}

// school makes a school with an open evening in the running program.
func (s *site) school(slug string, size history.Size) *history.School {
	s.t.Helper()
	made, err := history.NewSchool(context.Background(), s.operator(), slug, size, time.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	return made
}

// syncBuffer keeps what the program logs.
type syncBuffer struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

// follow reads a program's log to its end and tells when it says that it listens.
func (b *syncBuffer) follow(output interface{ Read([]byte) (int, error) }, listening chan struct{}) {
	lines := bufio.NewScanner(output)
	lines.Buffer(nil, 1<<20)
	told := false
	for lines.Scan() {
		b.mutex.Lock()
		b.text.Write(append(lines.Bytes(), '\n'))
		b.mutex.Unlock()
		var line struct{ Msg string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "listening" && !told {
			told = true
			close(listening)
		}
	}
}

func (b *syncBuffer) tail(most int) string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	text := b.text.String()
	return text[max(0, len(text)-most):]
}
