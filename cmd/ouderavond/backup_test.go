package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// testClock is a clock that stands until it is moved.
type testClock struct {
	lock sync.Mutex
	now  time.Time
}

func (c *testClock) Now() time.Time {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.now
}

func (c *testClock) advance(by time.Duration) {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.now = c.now.Add(by)
}

// newJob is the server's job on a database with one school, and what it logs.
func newJob(t *testing.T) (*backupJob, *testClock, *bytes.Buffer) {
	t.Helper()
	s := newShell(t)
	s.must("", "school", "create", "de-linde", "--name", "De Linde")
	clock, log := &testClock{now: time.Now().UTC().Truncate(time.Second).Add(time.Minute)}, &bytes.Buffer{}
	settings := valid()
	settings.Data, settings.BackupFolder = s.data, filepath.Join(t.TempDir(), "copies")
	a := &app{settings: settings, folder: folder{s.data}, clock: clock, metrics: newMetrics(), logger: slog.New(slog.NewTextHandler(log, nil))}
	job, err := a.newBackupJob()
	if err != nil {
		t.Fatal(err)
	}
	return job, clock, log
}

// told gives what the metrics tell.
func told(m *metrics, name string) string {
	answer := httptest.NewRecorder()
	m.handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for line := range strings.Lines(answer.Body.String()) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func count(t *testing.T, folder copies) int {
	t.Helper()
	all, err := folder.list()
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// Who sets a folder for copies believes that there are some.
func TestAFolderForCopiesIsToldToBeOfNoUseOnPostgreSQL(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		folder string
		told   bool
	}{"with a folder": {filepath.Join(t.TempDir(), "copies"), true}, "without": {"", false}} {
		settings, log := valid(), &bytes.Buffer{}
		settings.Data, settings.BackupFolder, settings.Database = t.TempDir(), tt.folder, "postgres://nobody@127.0.0.1/none"
		a := &app{settings: settings, folder: folder{settings.Data}, clock: &testClock{now: time.Now()}, metrics: newMetrics(), logger: slog.New(slog.NewTextHandler(log, nil))}
		job, err := a.newBackupJob()
		if err != nil {
			t.Fatal(err)
		}
		ended, end := context.WithCancel(t.Context())
		end()
		job.run(ended)
		if strings.Contains(log.String(), "no copies are made") != tt.told {
			t.Errorf("%s: the log says %q", name, log)
		}
		if _, err := os.Stat(tt.folder); err == nil {
			t.Errorf("%s: the folder was made", name)
		}
	}
}

func TestCopiesAreMadeHourlyAndForgottenByAge(t *testing.T) {
	t.Parallel()
	job, clock, log := newJob(t)
	begun := clock.Now()
	for range 3 * 60 {
		job.look(t.Context())
		clock.advance(time.Minute)
	}
	all, err := job.into.list()
	if err != nil || len(all) != 3 {
		t.Fatalf("%d copies in three hours, %v\n%s", len(all), err, log)
	}
	for _, one := range all { // the machine's clock did not go along
		if err := os.Chtimes(one.path, one.taken, one.taken); err != nil {
			t.Fatal(err)
		}
	}
	job.every = 1000 * time.Hour // no more
	job.next = clock.Now().Add(job.every)
	clock.advance(begun.Add(greatestAge - time.Second).Sub(clock.Now()))
	job.look(t.Context())
	if got := count(t, *job.into); got != 3 {
		t.Errorf("%d copies a second before the first is too old", got)
	}
	clock.advance(time.Second)
	job.look(t.Context())
	if got := count(t, *job.into); got != 2 {
		t.Errorf("%d copies when the first has reached its age", got)
	}
	clock.advance(3 * time.Hour)
	job.look(t.Context())
	if got := count(t, *job.into); got != 0 {
		t.Errorf("%d copies are kept because there is no newer one", got)
	}
}

func TestAProgramThatStartsAgainMakesNoCopyTooMany(t *testing.T) {
	t.Parallel()
	job, clock, _ := newJob(t)
	job.look(t.Context())
	clock.advance(time.Minute)
	a := &app{settings: valid(), folder: job.work.folder, clock: clock, metrics: newMetrics(), logger: job.logger}
	a.settings.BackupFolder = job.into.path
	again, err := a.newBackupJob()
	if err != nil {
		t.Fatal(err)
	}
	again.look(t.Context())
	if got := count(t, *job.into); got != 1 {
		t.Errorf("%d copies", got)
	}
}

func TestABackupThatFailsIsLoudAndTriedAgain(t *testing.T) {
	t.Parallel()
	job, clock, log := newJob(t)
	good := job.into.path
	job.into.path = filepath.Join(good, "is", "not", "mounted")
	job.look(t.Context())
	if failed := told(job.metrics, `ouderavond_backups_total{result="failed"}`); failed != "1" || !strings.Contains(log.String(), "backup failed") || !strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("%s failures, log: %s", failed, log)
	}
	job.into.path = good
	clock.advance(backupAgain - time.Second)
	job.look(t.Context())
	if count(t, *job.into) != 0 {
		t.Error("it was tried at once")
	}
	clock.advance(time.Second)
	job.look(t.Context())
	if count(t, *job.into) != 1 || told(job.metrics, `ouderavond_backups_total{result="done"}`) != "1" {
		t.Errorf("it was not tried again\n%s", log)
	}
}

func TestACopyThatDoesNotOpenIsNotKept(t *testing.T) {
	t.Parallel()
	job, _, log := newJob(t)
	other, err := (folder{t.TempDir()}).master(strings.Repeat("ab", 32))
	if err != nil {
		t.Fatal(err)
	}
	job.work.master = other
	job.look(t.Context())
	entries, err := os.ReadDir(job.into.path)
	if err != nil || len(entries) != 0 || !strings.Contains(log.String(), "another master key") {
		t.Errorf("kept: %v %v\n%s", entries, err, log)
	}
}

func TestWhatRestoresMovedAsideIsForgottenToo(t *testing.T) {
	t.Parallel()
	job, clock, _ := newJob(t)
	job.into = nil // no copies are made here
	aside := job.work.folder.database() + asideInfix + clock.Now().Format(copyTime)
	for _, suffix := range []string{"", "-wal"} {
		if err := os.WriteFile(aside+suffix, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	clock.advance(greatestAge - 2*time.Minute)
	job.look(t.Context())
	if _, err := os.Stat(aside); err != nil {
		t.Errorf("gone too early: %v", err)
	}
	clock.advance(2 * time.Minute)
	job.look(t.Context())
	for _, suffix := range []string{"", "-wal"} {
		if _, err := os.Stat(aside + suffix); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there", aside+suffix)
		}
	}
	if _, err := os.Stat(job.work.folder.database()); err != nil {
		t.Errorf("the database went along: %v", err)
	}
}

func TestAFileWhoseNameLiesAboutItsAgeIsForgottenByItsOwnTime(t *testing.T) {
	t.Parallel()
	shelf := copies{t.TempDir()}
	now := time.Now().UTC()
	ahead := shelf.name(now.Add(1000 * time.Hour)) // made while the clock was wrong
	for _, path := range []string{ahead, filepath.Join(shelf.path, "notes.txt"), filepath.Join(shelf.path, ".ouderavond-x.db.part")} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now, now.Add(-greatestAge)); err != nil {
			t.Fatal(err)
		}
	}
	if removed, err := shelf.forget(now, greatestAge); err != nil || removed != 1 {
		t.Errorf("%d removed, %v", removed, err)
	}
	entries, err := os.ReadDir(shelf.path)
	if err != nil || len(entries) != 1 || entries[0].Name() != "notes.txt" {
		t.Errorf("left: %v %v", entries, err)
	}
}

func TestTheServerMakesCopiesAndItsMetricsTellOfThem(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.must("", "school", "create", "de-linde", "--name", "De Linde")
	shelf := filepath.Join(t.TempDir(), "copies")
	p := start(t, os.Args[0], s.data, "--backup-folder", shelf, "--backup-every", "30m")
	p.logged("backup", 1)
	for _, name := range []string{"newest_timestamp_seconds", "oldest_timestamp_seconds", "verified_timestamp_seconds", "bytes"} {
		value, err := strconv.ParseFloat(p.metric("ouderavond_backup_"+name), 64)
		if err != nil || value <= 0 {
			t.Errorf("%s: %v %v", name, value, err)
		}
	}
	if p.metric("ouderavond_unclaimed_appointments") != "0" {
		t.Error("claims are missing")
	}
	p.stop()
	all, err := copies{shelf}.list()
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	s.contains(s.must("", "restore", "--yes", all[0].path), "1 schools")
}

func TestABackupFolderThatIsOfNoUseStopsTheProgramAtOnce(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.must("", "school", "create", "de-linde", "--name", "De Linde")
	for name, path := range map[string]string{"the data folder": s.data, "a file": folder{s.data}.database()} {
		code, out := s.run("", "serve", "--listen", "127.0.0.1:0", "--backup-folder", path)
		if code != 1 {
			t.Errorf("%s: %d\n%s", name, code, out)
		}
	}
}

// TestAWipeIsNotKeptWaitingByCopies wipes a school while copies are made one after another.
func TestAWipeIsNotKeptWaitingByCopies(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	notes := seeded(t, s.data)
	p := start(t, os.Args[0], s.data)
	stop, stopped := make(chan struct{}), make(chan error, 1)
	first := make(chan struct{})
	go func() {
		shelf := t.TempDir()
		for n := 0; ; n++ {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			if code, out := s.run("", "backup", "--to", filepath.Join(shelf, strconv.Itoa(n)+".db")); code != 0 {
				stopped <- errors.New(out)
				return
			}
			if n == 0 {
				close(first)
			}
		}
	}()
	<-first
	begun := time.Now()
	s.contains(s.must("", "school", "cancel", notes.Schools[0].Slug, "--yes"), `"signature"`)
	took := time.Since(begun)
	close(stop)
	if err := <-stopped; err != nil {
		t.Errorf("a copy failed: %v", err)
	}
	if holding := inBytes(t, s.data, notes.Schools[0].Slug); len(holding) != 0 {
		t.Errorf("the wiped school is in %v", holding)
	}
	t.Logf("the wipe took %s beside copies", took)
	if status, _ := p.get("/readyz"); status != http.StatusOK {
		t.Errorf("ready: %d", status)
	}
	p.stop()
}
