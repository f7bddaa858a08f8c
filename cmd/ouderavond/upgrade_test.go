package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/ouderavond/ouderavond/cmd/internal/server"
)

// theBinary is a copy of the tests' binary at a place where it can be replaced.
func theBinary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ouderavond")
	install(t, path)
	return path
}

// install puts a new file in the place of a program, as a package manager does: by a new name and a rename.
func install(t *testing.T, path string) {
	t.Helper()
	from, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = from.Close() }()
	to, err := os.OpenFile(path+".new", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o700)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// TestUpgradesRefuseNoBooking upgrades with the settings as they come. No client asks twice, whether it keeps its connection, opens a new one each time, or
// leaves one idle for longer than the delay.
func TestUpgradesRefuseNoBooking(t *testing.T) {
	t.Parallel()
	data, binary := t.TempDir(), theBinary(t)
	notes := seeded(t, data)
	p := start(t, binary, data)
	process := p.command.Process.Pid
	all := bookers(t, p, notes)
	idle := newIdler(t, p.address)
	const upgrades = 3
	whileBooking(t, all, func() {
		for i := range upgrades {
			install(t, binary)
			p.signal(syscall.SIGUSR2)
			p.logged("listening", i+2)
			idle.asks(t)
			busy(t, all)
		}
	})
	if got := strings.Count(p.log.String(), `"msg":"giving way to the new program"`); got != upgrades {
		t.Errorf("%d upgrades, want %d", got, upgrades)
	}
	if p.command.Process.Pid != process {
		t.Error("it is another process")
	}
	p.stop()
}

// idler is a client that says nothing while the server is upgraded, and then goes on by the connection that it has.
type idler struct {
	connection net.Conn
	answers    *bufio.Reader
}

func newIdler(t *testing.T, address string) *idler {
	t.Helper()
	connection, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	i := &idler{connection, bufio.NewReader(connection)}
	i.asks(t)
	return i
}

// asks makes a request by the one connection, which must not be closed afterwards.
func (i *idler) asks(t *testing.T) {
	t.Helper()
	if _, err := io.WriteString(i.connection, "GET /healthz HTTP/1.1\r\nHost: ouderavond\r\n\r\n"); err != nil {
		t.Fatalf("an idle connection: %v", err)
	}
	answer, err := http.ReadResponse(i.answers, nil)
	if err != nil {
		t.Fatalf("an idle connection: %v", err)
	}
	_, err = io.Copy(io.Discard, answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || answer.Close {
		t.Errorf("an idle connection: %d, closes %v, %v", answer.StatusCode, answer.Close, err)
	}
}

func TestAProgramThatCannotStartDoesNotTakeOver(t *testing.T) {
	t.Parallel()
	data, binary := t.TempDir(), theBinary(t)
	p := start(t, binary, data)
	if err := os.Rename(binary, binary+".old"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(binary, []byte("#!/bin/sh\necho the new version lacks a setting; exit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	p.signal(syscall.SIGUSR2)
	p.logged("upgrade refused; this version goes on", 1)
	if !strings.Contains(p.log.String(), "the new version lacks a setting") {
		t.Error("the log does not say why")
	}
	if status, _ := p.get("/readyz"); status != http.StatusOK {
		t.Errorf("ready: %d", status)
	}
	p.stop()
}

// The program that is to take over here is older than the schema, as when somebody goes back to the version before.
func TestAProgramThatIsOlderThanTheSchemaDoesNotTakeOver(t *testing.T) {
	t.Parallel()
	database, binary := postgres(t), theBinary(t)
	p := start(t, binary, t.TempDir(), "--database", database, "--master-key", strings.Repeat("5c", 32))
	schema := func(statement string) {
		t.Helper()
		if out, err := psql(database, statement); err != nil {
			t.Fatal(out)
		}
	}
	schema("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
	p.signal(syscall.SIGUSR2)
	p.logged("upgrade refused; this version goes on", 1)
	if !strings.Contains(p.log.String(), "made by a newer version") {
		t.Error("the log does not say why")
	}
	if status, _ := p.get("/readyz"); status != http.StatusOK {
		t.Errorf("ready: %d", status)
	}
	schema("DELETE FROM goose_db_version WHERE version_id = 99999")
	p.signal(syscall.SIGUSR2)
	p.logged("listening", 2) // one that knows it takes over
	p.stop()
}

// systemd passes a socket that stays open while the service is restarted; connections wait in its queue.
func TestRestartsBySystemdsSocketRefuseNoBooking(t *testing.T) {
	t.Parallel()
	data, binary := t.TempDir(), theBinary(t)
	notes := seeded(t, data)
	listeners, err := server.ListenPublic("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.CloseAll(listeners)
	socket, err := listeners[0].(interface{ File() (*os.File, error) }).File()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = socket.Close() }()
	address := listeners[0].Addr().String()
	begin := func() *program {
		// The shell's process becomes the program's, so its number is the one that systemd would tell.
		command := exec.Command("/bin/sh", "-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" serve --data "$1" --listen nowhere.invalid:1`, binary, data)
		command.Env = append(os.Environ(), asProgram+"=1")
		command.ExtraFiles = []*os.File{socket}
		return startCommand(t, address, command)
	}
	p := begin()
	all := bookers(t, p, notes)
	for _, b := range all {
		b.patient = true // on a busy machine a client may be idle for the whole delay, and then use a connection that is being closed
	}
	whileBooking(t, all, func() {
		for range 2 {
			p.stop()
			p = begin()
		}
	})
	p.stop()
}

func TestReadinessGoesBeforeService(t *testing.T) {
	t.Parallel()
	p := start(t, os.Args[0], t.TempDir(), "--drain-delay", "3s")
	keep := &http.Client{Transport: &http.Transport{}}
	defer keep.CloseIdleConnections()
	p.signal(syscall.SIGTERM)
	p.logged("draining", 1)
	answer, err := keep.Get("http://" + p.address + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusServiceUnavailable || !answer.Close {
		t.Errorf("ready: %d, connection closes: %v", answer.StatusCode, answer.Close)
	}
	if status, _ := p.get("/healthz"); status != http.StatusOK {
		t.Errorf("it does not serve any more: %d", status)
	}
	if value := p.metric("ouderavond_draining"); value != "1" {
		t.Errorf("draining %s", value)
	}
	p.stop()
}

func TestAServerWaitsForTheFolderOfItsPredecessor(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	first := start(t, os.Args[0], data, "--drain-delay", "300ms")
	first.signal(syscall.SIGTERM)
	second := start(t, os.Args[0], data)
	<-first.done
	second.stop()
}

func TestPassedSocketsAreTakenFromTheirAddresseeOnly(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		environment map[string]string
		want        string
		fails       bool
	}{
		"nothing":                {nil, "[]", false},
		"two of systemd":         {map[string]string{"LISTEN_PID": "7", "LISTEN_FDS": "2"}, "[3 4]", false},
		"of another process":     {map[string]string{"LISTEN_PID": "8", "LISTEN_FDS": "2"}, "[]", false},
		"none, but told":         {map[string]string{"LISTEN_PID": "7", "LISTEN_FDS": "0"}, "[]", true},
		"no number":              {map[string]string{"LISTEN_PID": "7", "LISTEN_FDS": "x"}, "[]", true},
		"of a predecessor":       {map[string]string{server.HandedOver: "9,11"}, "[9 11]", false},
		"a predecessor's stdout": {map[string]string{server.HandedOver: "1"}, "[]", true},
	} {
		got, err := server.PassedSockets(func(variable string) string { return tt.environment[variable] }, 7)
		if fmt.Sprint(got) != tt.want || (err != nil) != tt.fails {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
