package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
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

// waitFor bounds every wait in these tests.
const waitFor = 60 * time.Second

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
}

func (b *lockedBuffer) Write(part []byte) (int, error) {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.content.Write(part)
}

func (b *lockedBuffer) String() string {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.content.String()
}

// freeAddress is an address that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
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
	address := freeAddress(t)
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

// until waits for a condition.
func until(t *testing.T, what string, condition func() bool) {
	t.Helper()
	deadline := time.Now().Add(waitFor)
	for !condition() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s", what, waitFor)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// logged waits until a message stands in the log so many times.
func (p *program) logged(message string, times int) {
	p.t.Helper()
	until(p.t, message, func() bool {
		select {
		case err := <-p.done:
			p.t.Fatalf("the program ended: %v\n%s", err, p.log)
		default:
		}
		return strings.Count(p.log.String(), `"msg":"`+message+`"`) >= times
	})
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
	case <-time.After(waitFor):
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

// parent is a family's session at a server.
type parent struct {
	client *http.Client
	base   string // of the school
	token  string
	key    string // of idempotency; empty for none
}

// send makes one request that is sent once: a connection that breaks is an error and not tried again behind the test's back.
func (p *parent) send(method, path string, body, into any) (int, error) {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return 0, err
		}
		content = struct{ io.Reader }{bytes.NewReader(text)}
	}
	request, err := http.NewRequest(method, p.base+path, content)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	if p.token != "" {
		request.Header.Set("Authorization", "Bearer "+p.token)
	}
	if p.key != "" {
		request.Header.Set("Idempotency-Key", p.key)
	}
	answer, err := p.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, err
	}
	if into != nil && answer.StatusCode < http.StatusMultipleChoices {
		err = json.Unmarshal(text, into)
	}
	return answer.StatusCode, err
}

// family is what a parent's screen shows, as far as these tests look at it.
type familyView struct {
	Children []struct {
		ID    string
		Talks []struct {
			TalkKind string `json:"talk_kind"`
			Options  []struct {
				Staff []struct{ ID string }
				Free  []struct{ Start time.Time }
			}
		}
	}
	Appointments []struct{ ID string }
}

// seed is a data folder with the demonstration's schools, made once and copied by whoever needs one.
var seed = sync.OnceValues(func() (*seedFolder, error) {
	path, err := os.MkdirTemp("", "ouderavond-test-")
	if err != nil {
		return nil, err
	}
	seedPath = path
	made := &seedFolder{path: path, notes: &demoNotes{}}
	settings := valid()
	settings.Data, settings.LogLevel = path, "error"
	a, err := newApp(context.Background(), settings, io.Discard, nil)
	if err != nil {
		return made, err
	}
	defer a.close()
	return made, made.notes.fill(context.Background(), a, true)
})

// seedPath is what is removed when the tests have ended.
var seedPath string

type seedFolder struct {
	path  string
	notes *demoNotes
}

// seeded fills a data folder with the demonstration's schools, and gives what opens them.
func seeded(t *testing.T, data string) *demoNotes {
	t.Helper()
	made, err := seed()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(data, os.DirFS(made.path)); err != nil {
		t.Fatal(err)
	}
	return made.notes
}

// logIn opens a parent's session.
func logIn(t *testing.T, address string, school demoSchoolNotes, login demoLogin) *parent {
	t.Helper()
	p := &parent{client: &http.Client{Timeout: waitFor, Transport: &http.Transport{}}, base: "http://" + address + "/api/v1/schools/" + school.Slug + "/family"}
	t.Cleanup(p.client.CloseIdleConnections)
	var opened struct{ Token string }
	status, err := p.send(http.MethodPost, "/session", map[string]string{"name": login.Name, "birth_date": login.BirthDate, "postcode": login.Postcode}, &opened)
	if err != nil || status != http.StatusCreated {
		t.Fatalf("log in: %d %v", status, err)
	}
	p.token = opened.Token
	return p
}
