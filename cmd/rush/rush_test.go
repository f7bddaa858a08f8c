package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/ouderavond/ouderavond/cmd/internal/cmdtest"
	"github.com/ouderavond/ouderavond/cmd/internal/console"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/cmd/internal/rush"
)

func TestMain(m *testing.M) {
	code := m.Run()
	cmdtest.Clean()
	os.Exit(code)
}

// rushed is a server on this machine that families are let loose on.
type rushed struct {
	t             *testing.T
	data, address string
	stop          func()
}

// newRushed starts a server on a data folder of its own.
func newRushed(t *testing.T) *rushed {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &rushed{t: t, data: t.TempDir(), address: listener.Addr().String()}
	_ = listener.Close()
	r.begin()
	t.Cleanup(func() { r.stop() })
	return r
}

// begin starts the server, and waits until it can be reached.
func (r *rushed) begin() {
	r.t.Helper()
	server := r.office("--listen", r.address, "--log-level", "error", "serve")
	if err := server.Start(); err != nil {
		r.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Wait()
	}()
	r.stop = func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		<-ended
	}
	cmdtest.Until(r.t, "the server answers", func() bool {
		public, err := net.Dial("tcp", r.address)
		if err != nil {
			return false
		}
		_ = public.Close()
		local, err := net.Dial("unix", datafolder.Folder{Path: r.data}.Socket())
		if err == nil {
			_ = local.Close()
		}
		return err == nil
	})
}

// office is the product's own program on the data folder.
func (r *rushed) office(arguments ...string) *exec.Cmd {
	r.t.Helper()
	program, err := cmdtest.Build("ouderavond")
	if err != nil {
		r.t.Fatal(err)
	}
	return exec.Command(program, append([]string{"--data", r.data}, arguments...)...)
}

// noSchoolLeft checks that nothing was left behind.
func (r *rushed) noSchoolLeft() {
	r.t.Helper()
	if out, err := r.office("school", "list").CombinedOutput(); err != nil || len(out) > 0 {
		r.t.Errorf("a school was left behind: %s, %v", out, err)
	}
}

// run returns the exit code of the load tool and what it printed, both outputs together.
func (r *rushed) run(arguments ...string) (int, string) {
	var out bytes.Buffer
	arguments = append([]string{"--data", r.data, "--listen", r.address}, arguments...)
	return run(context.Background(), arguments, console.Terminal{In: strings.NewReader(""), Out: &out, Err: &out}), out.String()
}

// must runs the load tool, which has to succeed.
func (r *rushed) must(arguments ...string) string {
	r.t.Helper()
	code, out := r.run(arguments...)
	if code != 0 {
		r.t.Fatalf("%v: exit %d\n%s", arguments, code, out)
	}
	return out
}

// rush runs the command, and reads the report.
func (r *rushed) rush(arguments ...string) (int, rush.Report) {
	r.t.Helper()
	var out, progress bytes.Buffer
	arguments = append([]string{"--data", r.data, "--listen", r.address, "go", "--json", "--over", "300ms", "--clients", "30", "--seed", "7"}, arguments...)
	code := run(context.Background(), arguments, console.Terminal{In: strings.NewReader(""), Out: &out, Err: &progress})
	var report rush.Report
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		r.t.Fatalf("exit %d: %v\n%s%s", code, err, &out, &progress)
	}
	return code, report
}

// prepared makes a school, and gives the file of its families.
func (r *rushed) prepared(families string, more ...string) string {
	r.t.Helper()
	path := filepath.Join(r.t.TempDir(), "families.json")
	r.must(append([]string{"prepare", "--families", families, "--out", path}, more...)...)
	return path
}

func TestARushIsServedAuditedAndWiped(t *testing.T) {
	t.Parallel()
	r := newRushed(t)
	for name, arguments := range map[string][]string{
		"a secondary school where many want the same": {"--families", "30", "--evenings", "1", "--same-teachers", "0.7", "--second-thoughts", "0.5", "--read-back", "--arrive", "peak", "--compressed"},
		"a primary school":                            {"--families", "20", "--kind", "primary", "--arrive", "steady", "--contacts", "2"},
		"bookings alone":                              {"--families", "20", "--bookings"},
		"by pages":                                    {"--families", "30", "--evenings", "1", "--pages"},
	} {
		code, report := r.rush(arguments...)
		if code != 0 || report.Served == 0 || report.Served != report.Families || report.Unserved != 0 || len(report.Errors) != 0 {
			t.Errorf("%s: exit %d, %+v", name, code, report)
		}
		if report.Audit == nil || report.Audit.Appointments == 0 || report.Audit.Found != report.Audit.Appointments || report.Appointments-report.Cancelled != report.Audit.Found {
			t.Errorf("%s: %+v", name, report.Audit)
		}
		if report.MessagesAfter == nil || *report.MessagesAfter <= 0 || report.ServerCPU != nil && (report.CPUWithMessages == nil || *report.CPUWithMessages < *report.ServerCPU) {
			t.Errorf("%s: the messages are not in it: %v, %v", name, report.MessagesAfter, report.CPUWithMessages)
		}
		if (name == "by pages") != (report.TimesAPI != nil) {
			t.Errorf("%s: the ratio: %v", name, report.TimesAPI)
		}
		if _, looked := report.Steps["look"]; looked == (name == "bookings alone" || name == "by pages") {
			t.Errorf("%s: %v", name, report.Steps)
		}
		if report.Steps["family"].Count != report.Families || report.BytesRead == 0 || report.ClientCPU == 0 {
			t.Errorf("%s: %+v", name, report)
		}
		if strings.Contains(name, "same") && (report.Conflicts == 0 || report.Cancelled == 0) {
			t.Errorf("%s: nobody was in anybody's way: %+v", name, report)
		}
	}
	r.noSchoolLeft()
}

// between is a server between families and the program, which handles each booking as it is told.
func (r *rushed) between(handle func(number int64, w http.ResponseWriter, forward func() *http.Response)) *httptest.Server {
	var bookings atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		content, _ := io.ReadAll(request.Body)
		forward := func() *http.Response {
			on, err := http.NewRequest(request.Method, "http://"+r.address+request.URL.Path, bytes.NewReader(content))
			if err != nil {
				panic(err)
			}
			on.Header = request.Header.Clone()
			answer, err := http.DefaultTransport.RoundTrip(on)
			if err != nil {
				panic(http.ErrAbortHandler) // as a proxy would whose server is gone
			}
			return answer
		}
		number := int64(0)
		if strings.HasSuffix(request.URL.Path, "/family/bookings") {
			number = bookings.Add(1)
		}
		if number == 0 || handle == nil {
			hand(w, forward(), nil)
			return
		}
		handle(number, w, forward)
	}))
	r.t.Cleanup(server.Close)
	return server
}

// hand gives an answer on; change alters its body.
func hand(w http.ResponseWriter, answer *http.Response, change func([]byte) []byte) {
	body, _ := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if change != nil {
		body = change(body)
		answer.Header.Del("Content-Length")
	}
	for name, values := range answer.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.StatusCode)
	_, _ = w.Write(body)
}

func TestLostAnswersAreAskedForAgainWithTheSameKey(t *testing.T) {
	t.Parallel()
	r := newRushed(t)
	from, journal := r.prepared("30"), filepath.Join(t.TempDir(), "journal")
	lossy := r.between(func(number int64, w http.ResponseWriter, forward func() *http.Response) {
		switch {
		case number%4 == 1: // done, and nobody hears of it
			_ = forward().Body.Close()
			panic(http.ErrAbortHandler)
		case number%4 == 2: // never arrives
			panic(http.ErrAbortHandler)
		case number == 3:
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			hand(w, forward(), nil)
		}
	})
	code, report := r.rush("--from", from, "--kill-proof", journal, "--second-thoughts", "0.5", lossy.URL)
	if code != 0 || report.Served != 30 || !report.Audit.Passed() || report.Audit.Unanswered != 0 {
		t.Errorf("exit %d: %+v, %+v", code, report, report.Audit)
	}
	if report.Replayed == 0 || report.Errors["connection lost"] == 0 || report.Errors["503 "] != 1 || report.Steps["book"].Max < 1000 && report.Steps["change"].Max < 1000 {
		t.Errorf("nothing was lost, or nobody waited: %+v", report)
	}
	out := r.must("audit", journal, "http://"+r.address)
	if !strings.Contains(out, "audit passed") {
		t.Error(out)
	}
	r.must("wipe", from, "http://"+r.address)
	r.noSchoolLeft()
}

func TestWhatIsNeverAnsweredMayOrMayNotBe(t *testing.T) {
	t.Parallel()
	r := newRushed(t)
	silent := r.between(func(number int64, w http.ResponseWriter, forward func() *http.Response) {
		if number%2 == 0 {
			_ = forward().Body.Close()
		}
		panic(http.ErrAbortHandler)
	})
	code, report := r.rush("--from", r.prepared("20"), "--patience", "300ms", silent.URL)
	if code != 1 || report.Served != 0 || report.Unserved != 20 {
		t.Errorf("exit %d: %+v", code, report)
	}
	if !report.Audit.Passed() || report.Audit.Unanswered != 20 || report.Audit.Uncertain == 0 || report.Audit.Appointments != 0 {
		t.Errorf("%+v", report.Audit)
	}
}

// TestAServerThatLiesIsFoundOut plants faults between the families and the program: the audit must find each.
func TestAServerThatLiesIsFoundOut(t *testing.T) {
	t.Parallel()
	later := func(body []byte) []byte { return bytes.ReplaceAll(body, []byte(`"start":"20`), []byte(`"start":"19`)) }
	for name, tt := range map[string]struct {
		want         rush.Fault
		aboutBooking bool
		handle       func(w http.ResponseWriter, forward func() *http.Response)
	}{
		"it tells another time than it booked": {rush.Lost, true, func(w http.ResponseWriter, forward func() *http.Response) { hand(w, forward(), later) }},
		"it says no and books": {rush.Unexplained, true, func(w http.ResponseWriter, forward func() *http.Response) {
			answer := forward()
			if answer.StatusCode != http.StatusCreated {
				hand(w, answer, nil)
				return
			}
			_ = answer.Body.Close()
			w.WriteHeader(http.StatusConflict)
			_, _ = io.WriteString(w, `{"code":"booking.items"}`)
		}},
		"it says yes and books nothing": {rush.Lost, false, func(w http.ResponseWriter, _ func() *http.Response) {
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, `{"appointments":[{"id":"a","start":"2026-11-24T18:10:00Z"},{"id":"b"},{"id":"c"}],"cancelled":[]}`)
		}},
		"it says yes to nothing": {rush.Lost, false, func(w http.ResponseWriter, _ func() *http.Response) {
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, `{"appointments":[],"cancelled":[]}`)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRushed(t)
			lying := r.between(func(number int64, w http.ResponseWriter, forward func() *http.Response) {
				// The fifth booking may be refused, and then there is nothing to lie about: a lie about a booking goes on.
				if number == 5 || number > 5 && tt.aboutBooking {
					tt.handle(w, forward)
					return
				}
				hand(w, forward(), nil)
			})
			code, report := r.rush("--from", r.prepared("12", "--evenings", "6"), lying.URL)
			found := slices.ContainsFunc(report.Audit.Findings, func(one rush.Finding) bool { return one.Kind == tt.want })
			if code != 1 || report.Audit.Passed() || !found {
				t.Errorf("exit %d: %+v", code, report.Audit)
			}
		})
	}
}

func TestFamiliesGoOnAtTheOtherServer(t *testing.T) {
	t.Parallel()
	r := newRushed(t)
	from := r.prepared("40")
	var dying *httptest.Server
	left := r.between(nil)
	dying = r.between(func(number int64, w http.ResponseWriter, forward func() *http.Response) {
		if number == 5 {
			_ = dying.Listener.Close()
		}
		if number >= 5 {
			_ = forward().Body.Close()
			panic(http.ErrAbortHandler)
		}
		hand(w, forward(), nil)
	})
	code, report := r.rush("--from", from, dying.URL, left.URL)
	if code != 0 || report.Served != 40 || report.Replayed == 0 || report.Errors["connection lost"] == 0 {
		t.Errorf("exit %d: %+v, %+v", code, report, report.Audit)
	}
}

func TestARestartInTheMiddleIsWaitedFor(t *testing.T) {
	t.Parallel()
	r := newRushed(t)
	from := r.prepared("40")
	restarted := make(chan struct{})
	var once atomic.Bool
	front := r.between(func(number int64, w http.ResponseWriter, forward func() *http.Response) {
		if number >= 10 && once.CompareAndSwap(false, true) {
			go func() {
				defer close(restarted)
				r.stop()
				r.begin()
			}()
		}
		hand(w, forward(), nil)
	})
	code, report := r.rush("--from", from, front.URL)
	<-restarted
	if code != 0 || report.Served != 40 || !report.Audit.Passed() {
		t.Errorf("exit %d: %+v, %+v", code, report, report.Audit)
	}
}

func TestARushRefusesWhatItMustNotDo(t *testing.T) {
	t.Parallel()
	r := newRushed(t)
	for name, arguments := range map[string][]string{
		"a server elsewhere":         {"http://school.example.com"},
		"one of two elsewhere":       {"http://" + r.address, "http://192.0.2.1"},
		"an address that is none":    {"school"},
		"no client":                  {"--clients", "0"},
		"a share above one":          {"--same-teachers", "2"},
		"no family":                  {"--families", "0"},
		"bookings alone by pages":    {"--bookings", "--pages"},
		"a file that is not there":   {"--from", filepath.Join(t.TempDir(), "none")},
		"a journal in no folder":     {"--kill-proof", filepath.Join(t.TempDir(), "none", "journal")},
		"a key that opens nothing":   {"--operator-key", "oo_nobody"},
		"another server's wipe":      {"wipe", filepath.Join(t.TempDir(), "none"), "http://school.example.com"},
		"another server's audit":     {"audit", filepath.Join(t.TempDir(), "none"), "http://school.example.com"},
		"schools on another server":  {"prepare", "--out", filepath.Join(t.TempDir(), "f"), "http://school.example.com"},
		"preparing too many schools": {"prepare", "--out", filepath.Join(t.TempDir(), "f"), "--schools", "100000"},
	} {
		if code, out := r.run(arguments...); code != 1 || !strings.Contains(out, "rush:") {
			t.Errorf("%s: exit %d\n%s", name, code, out)
		}
	}
	r.noSchoolLeft()
	nobody := &rushed{t: t, data: t.TempDir(), address: "127.0.0.1:1"}
	if code, out := nobody.run(); code != 1 || !strings.Contains(out, "no server answers") {
		t.Errorf("exit %d\n%s", code, out)
	}
}
