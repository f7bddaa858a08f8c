package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/cmdtest"
)

// asProgram is the environment variable with which the tests' own binary is the program: what is tested is started, signalled and killed like the real one.
const asProgram = "OUDERAVOND_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	code := m.Run()
	if seedPath != "" {
		_ = os.RemoveAll(seedPath)
	}
	os.Exit(code)
}

// program is a server running in a process of its own.
type program struct {
	t       *testing.T
	command *exec.Cmd
	address string
	log     *lockedBuffer
	done    chan error
}

// lockedBuffer takes a process's output while others read it.
type lockedBuffer struct {
	lock    sync.Mutex
	content bytes.Buffer
	more    chan struct{} // closed when more has come; nil while nobody waits
}

func (b *lockedBuffer) Write(part []byte) (int, error) {
	b.lock.Lock()
	defer b.lock.Unlock()
	if b.more != nil {
		close(b.more)
		b.more = nil
	}
	return b.content.Write(part)
}

func (b *lockedBuffer) String() string {
	text, _ := b.sofar()
	return text
}

// sofar gives what has come, and what tells that there is more.
func (b *lockedBuffer) sofar() (text string, more <-chan struct{}) {
	b.lock.Lock()
	defer b.lock.Unlock()
	if b.more == nil {
		b.more = make(chan struct{})
	}
	return b.content.String(), b.more
}

// asProgramCommand is a command line of the program, in a process of its own.
func asProgramCommand(ctx context.Context, binary string, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, binary, arguments...)
	command.Env = append(os.Environ(), asProgram+"=1")
	return command
}

// start runs a server on a data folder and waits until it is ready.
func start(t *testing.T, binary, data string, arguments ...string) *program {
	t.Helper()
	address := cmdtest.FreeAddress(t)
	return startCommand(t, address, asProgramCommand(context.Background(), binary, append([]string{"serve", "--data", data, "--listen", address}, arguments...)...))
}

func startCommand(t *testing.T, address string, command *exec.Cmd) *program {
	t.Helper()
	p := &program{t: t, command: command, address: address, log: &lockedBuffer{}, done: make(chan error, 1)}
	command.Stdout, command.Stderr = p.log, p.log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.done <- command.Wait() }()
	t.Cleanup(func() {
		_ = command.Process.Kill()
		if t.Failed() {
			t.Log(p.log)
		}
	})
	p.logged("listening", 1)
	return p
}

// logged waits until a message stands in the log so many times.
func (p *program) logged(message string, times int) {
	p.t.Helper()
	late := time.After(cmdtest.WaitFor)
	for {
		text, more := p.log.sofar()
		if strings.Count(text, `"msg":"`+message+`"`) >= times {
			return
		}
		select {
		case <-more:
		case err := <-p.done:
			p.t.Fatalf("the program ended: %v\n%s", err, p.log)
		case <-late:
			p.t.Fatalf("%s: not within %s", message, cmdtest.WaitFor)
		}
	}
}

func (p *program) signal(signal syscall.Signal) {
	p.t.Helper()
	if err := p.command.Process.Signal(signal); err != nil {
		p.t.Fatal(err)
	}
}

// stop asks the program to stop and waits for its end.
func (p *program) stop() {
	p.t.Helper()
	p.signal(syscall.SIGTERM)
	select {
	case err := <-p.done:
		if err != nil {
			p.t.Errorf("the program ended with %v\n%s", err, p.log)
		}
	case <-time.After(cmdtest.WaitFor):
		p.t.Fatalf("the program does not stop\n%s", p.log)
	}
}

// get asks for a path and gives status and body.
func (p *program) get(path string) (int, string) {
	p.t.Helper()
	answer, err := http.Get("http://" + p.address + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// metric gives a metric's value, without labels.
func (p *program) metric(name string) string {
	p.t.Helper()
	_, body := p.get("/metrics")
	for line := range strings.Lines(body) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			return strings.TrimSpace(value)
		}
	}
	p.t.Fatalf("there is no metric %s", name)
	return ""
}
