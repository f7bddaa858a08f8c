package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// booker books and cancels one talk of one family again and again, and notes what it was told.
type booker struct {
	*parent
	pupil, kind, staff string
	start              time.Time
	appointment        string // that stands, as far as the server said; empty if none
	acts               atomic.Int64
	faults             []string
}

// newBooker takes the family's first child and one of its free times.
func newBooker(t *testing.T, p *parent, nth int) *booker {
	t.Helper()
	var family familyView
	if status, err := p.send(http.MethodGet, "", nil, &family); err != nil || status != http.StatusOK {
		t.Fatalf("family: %d %v", status, err)
	}
	talk := family.Children[0].Talks[0]
	b := &booker{parent: p, pupil: family.Children[0].ID, kind: talk.TalkKind, staff: talk.Options[0].Staff[0].ID}
	b.start = talk.Options[0].Free[nth%len(talk.Options[0].Free)].Start
	return b
}

// run goes on until it is told to stop. Whatever is not an answer of the product is a fault.
func (b *booker) run(ctx context.Context) {
	for ctx.Err() == nil {
		body := map[string]any{"accept_walking": true, "make": []any{map[string]any{"pupil": b.pupil, "talk_kind": b.kind, "staff": []string{b.staff}, "start": b.start}}}
		if b.appointment != "" {
			body = map[string]any{"cancel": []any{map[string]any{"appointment": b.appointment}}}
		}
		var made struct{ Appointments []struct{ ID string } }
		b.key = fmt.Sprintf("%s-%d", b.pupil, b.acts.Load())
		status, err := b.send(http.MethodPost, "/bookings", body, &made)
		if err != nil && status == 0 {
			// A kept connection that was idle all the time the server said that it was leaving: nobody has read the request, or the key tells that it was
			// done. Browsers and proxies send it again too.
			status, err = b.send(http.MethodPost, "/bookings", body, &made)
		}
		if err != nil || status != http.StatusCreated {
			b.faults = append(b.faults, fmt.Sprintf("after %d acts: status %d, %v", b.acts.Load(), status, err))
			return
		}
		b.appointment = ""
		if len(made.Appointments) == 1 {
			b.appointment = made.Appointments[0].ID
		}
		b.acts.Add(1)
	}
}

// check compares what stands with what was acknowledged.
func (b *booker) check(t *testing.T) {
	t.Helper()
	var family familyView
	if status, err := b.send(http.MethodGet, "", nil, &family); err != nil || status != http.StatusOK {
		t.Fatalf("family: %d %v", status, err)
	}
	switch {
	case b.appointment == "" && len(family.Appointments) != 0:
		t.Errorf("an appointment stands that was cancelled")
	case b.appointment != "" && (len(family.Appointments) != 1 || family.Appointments[0].ID != b.appointment):
		t.Errorf("the appointment that was acknowledged is not there")
	}
}

// bookers are families of both schools, each booking for itself; every other one with a new connection for each request.
func bookers(t *testing.T, p *program, notes *demoNotes) []*booker {
	t.Helper()
	var all []*booker
	seen := map[string]bool{}
	for _, school := range notes.Schools {
		for i, login := range school.Logins {
			if login.Name == "" || login.BirthDate == "" || login.Postcode == "" || i > 2 {
				continue
			}
			family := logIn(t, p.address, school, login)
			family.client.Transport.(*http.Transport).DisableKeepAlives = len(all)%2 == 1
			b := newBooker(t, family, 3*len(all))
			if key := b.staff + b.start.String(); !seen[key] && !seen[b.pupil] {
				seen[key], seen[b.pupil] = true, true
				all = append(all, b)
			}
		}
	}
	if len(all) < 3 {
		t.Fatalf("only %d families", len(all))
	}
	return all
}

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

// whileBooking lets families book while something is done to the server, and then holds what stands against what they were told.
func whileBooking(t *testing.T, all []*booker, what func()) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, b := range all {
		running.Go(func() { b.run(ctx) })
	}
	busy(t, all)
	what()
	busy(t, all)
	stop()
	running.Wait()
	acts := int64(0)
	for _, b := range all {
		acts += b.acts.Load()
		for _, fault := range b.faults {
			t.Errorf("refused or lost: %s", fault)
		}
		b.check(t)
	}
	t.Logf("%d acts of %d families, all answered", acts, len(all))
}

// busy waits until every family has booked some times more.
func busy(t *testing.T, all []*booker) {
	t.Helper()
	for _, b := range all {
		goal := b.acts.Load() + 5
		until(t, "bookings", func() bool { return b.acts.Load() >= goal || len(b.faults) > 0 })
	}
}

func TestUpgradesRefuseNoBooking(t *testing.T) {
	t.Parallel()
	data, binary := t.TempDir(), theBinary(t)
	notes := seeded(t, data)
	p := start(t, binary, data, "--drain-delay", "5s")
	process := p.command.Process.Pid
	all := bookers(t, p, notes)
	const upgrades = 3
	whileBooking(t, all, func() {
		for i := range upgrades {
			install(t, binary)
			p.signal(syscall.SIGUSR2)
			p.logged("listening", i+2)
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

// systemd passes a socket that stays open while the service is restarted; connections wait in its queue.
func TestRestartsBySystemdsSocketRefuseNoBooking(t *testing.T) {
	t.Parallel()
	data, binary := t.TempDir(), theBinary(t)
	notes := seeded(t, data)
	listeners, err := listenPublic("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer closeAll(listeners)
	socket, err := listeners[0].(interface{ File() (*os.File, error) }).File()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = socket.Close() }()
	address := listeners[0].Addr().String()
	begin := func() *program {
		// The shell's process becomes the program's, so its number is the one that systemd would tell.
		command := exec.Command("/bin/sh", "-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" serve --data "$1" --listen nowhere.invalid:1 --drain-delay 5s`, binary, data)
		command.Env = append(os.Environ(), asProgram+"=1")
		command.ExtraFiles = []*os.File{socket}
		return startCommand(t, address, command)
	}
	p := begin()
	whileBooking(t, bookers(t, p, notes), func() {
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
		"of a predecessor":       {map[string]string{handedOver: "9,11"}, "[9 11]", false},
		"a predecessor's stdout": {map[string]string{handedOver: "1"}, "[]", true},
	} {
		got, err := passedSockets(func(variable string) string { return tt.environment[variable] }, 7)
		if fmt.Sprint(got) != tt.want || (err != nil) != tt.fails {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
