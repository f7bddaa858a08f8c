package main

import (
	"bytes"
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

	"github.com/ouderavond/ouderavond/cmd/internal/backup"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/cmd/internal/server"
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
func newJob(t *testing.T) (*server.BackupJob, *testClock, *bytes.Buffer) {
	t.Helper()
	s := newShell(t)
	s.must("", "school", "create", "de-linde", "--name", "De Linde")
	clock, log := &testClock{now: time.Now().UTC().Truncate(time.Second).Add(time.Minute)}, &bytes.Buffer{}
	settings := valid()
	settings.Data, settings.BackupFolder = s.data, filepath.Join(t.TempDir(), "copies")
	a := &server.App{Settings: settings, Folder: datafolder.Folder{Path: s.data}, Clock: clock, Metrics: server.NewMetrics(), Logger: slog.New(slog.NewTextHandler(log, nil))}
	job, err := a.NewBackupJob()
	if err != nil {
		t.Fatal(err)
	}
	return job, clock, log
}

// told gives what the metrics tell.
func told(m *server.Metrics, name string) string {
	answer := httptest.NewRecorder()
	m.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for line := range strings.Lines(answer.Body.String()) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func count(t *testing.T, folder backup.Copies) int {
	t.Helper()
	all, err := folder.List()
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
		a := &server.App{Settings: settings, Folder: datafolder.Folder{Path: settings.Data}, Clock: &testClock{now: time.Now()}, Metrics: server.NewMetrics(), Logger: slog.New(slog.NewTextHandler(log, nil))}
		job, err := a.NewBackupJob()
		if err != nil {
			t.Fatal(err)
		}
		job.Warn()
		job.Look(t.Context())
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
		job.Look(t.Context())
		clock.advance(time.Minute)
	}
	all, err := job.Into.List()
	if err != nil || len(all) != 3 {
		t.Fatalf("%d copies in three hours, %v\n%s", len(all), err, log)
	}
	for _, one := range all { // the machine's clock did not go along
		if err := os.Chtimes(one.Path, one.Taken, one.Taken); err != nil {
			t.Fatal(err)
		}
	}
	job.Every = 1000 * time.Hour // no more
	job.Next = clock.Now().Add(job.Every)
	clock.advance(begun.Add(datafolder.GreatestAge - time.Second).Sub(clock.Now()))
	job.Look(t.Context())
	if got := count(t, *job.Into); got != 3 {
		t.Errorf("%d copies a second before the first is too old", got)
	}
	clock.advance(time.Second)
	job.Look(t.Context())
	if got := count(t, *job.Into); got != 2 {
		t.Errorf("%d copies when the first has reached its age", got)
	}
	clock.advance(3 * time.Hour)
	job.Look(t.Context())
	if got := count(t, *job.Into); got != 0 {
		t.Errorf("%d copies are kept because there is no newer one", got)
	}
}

// restarted is the job of a program that has started again.
func restarted(t *testing.T, job *server.BackupJob) *server.BackupJob {
	t.Helper()
	a := &server.App{Settings: valid(), Folder: job.Work.Folder, Clock: job.Work.Clock, Metrics: server.NewMetrics(), Logger: job.Logger}
	a.Settings.BackupFolder = job.Into.Path
	again, err := a.NewBackupJob()
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func TestAProgramThatStartsAgainMakesNoCopyTooMany(t *testing.T) {
	t.Parallel()
	job, clock, _ := newJob(t)
	job.Look(t.Context())
	clock.advance(time.Minute)
	restarted(t, job).Look(t.Context())
	if got := count(t, *job.Into); got != 1 {
		t.Errorf("%d copies", got)
	}
}

func TestABackupThatFailsIsLoudAndTriedAgain(t *testing.T) {
	t.Parallel()
	job, clock, log := newJob(t)
	good := job.Into.Path
	job.Into.Path = filepath.Join(good, "is", "not", "mounted")
	job.Look(t.Context())
	if failed := told(job.Metrics, `ouderavond_backups_total{result="failed"}`); failed != "1" || !strings.Contains(log.String(), "backup failed") || !strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("%s failures, log: %s", failed, log)
	}
	job.Into.Path = good
	clock.advance(server.BackupAgain - time.Second)
	job.Look(t.Context())
	if count(t, *job.Into) != 0 {
		t.Error("it was tried at once")
	}
	clock.advance(time.Second)
	job.Look(t.Context())
	if count(t, *job.Into) != 1 || told(job.Metrics, `ouderavond_backups_total{result="done"}`) != "1" {
		t.Errorf("it was not tried again\n%s", log)
	}
}

func TestACopyThatDoesNotOpenIsNotKept(t *testing.T) {
	t.Parallel()
	job, _, log := newJob(t)
	other, err := (datafolder.Folder{Path: t.TempDir()}).Master(strings.Repeat("ab", 32))
	if err != nil {
		t.Fatal(err)
	}
	job.Work.Master = other
	job.Look(t.Context())
	entries, err := os.ReadDir(job.Into.Path)
	if err != nil || len(entries) != 0 || !strings.Contains(log.String(), "another master key") {
		t.Errorf("kept: %v %v\n%s", entries, err, log)
	}
}

func TestWhatRestoresMovedAsideIsForgottenToo(t *testing.T) {
	t.Parallel()
	job, clock, _ := newJob(t)
	job.Into = nil // no copies are made here
	aside := job.Work.Folder.Database() + datafolder.AsideInfix + clock.Now().Format(datafolder.CopyTime)
	for _, suffix := range []string{"", "-wal"} {
		if err := os.WriteFile(aside+suffix, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	clock.advance(datafolder.GreatestAge - 2*time.Minute)
	job.Look(t.Context())
	if _, err := os.Stat(aside); err != nil {
		t.Errorf("gone too early: %v", err)
	}
	clock.advance(2 * time.Minute)
	job.Look(t.Context())
	for _, suffix := range []string{"", "-wal"} {
		if _, err := os.Stat(aside + suffix); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there", aside+suffix)
		}
	}
	if _, err := os.Stat(job.Work.Folder.Database()); err != nil {
		t.Errorf("the database went along: %v", err)
	}
}

func TestAFileWhoseNameLiesAboutItsAgeIsForgottenByItsOwnTime(t *testing.T) {
	t.Parallel()
	shelf := backup.Copies{Path: t.TempDir()}
	now := time.Now().UTC()
	ahead := shelf.Name(now.Add(1000 * time.Hour)) // made while the clock was wrong
	for _, path := range []string{ahead, filepath.Join(shelf.Path, "notes.txt"), filepath.Join(shelf.Path, ".ouderavond-x.db.part")} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now, now.Add(-datafolder.GreatestAge)); err != nil {
			t.Fatal(err)
		}
	}
	if removed, err := shelf.Forget(now, datafolder.GreatestAge); err != nil || removed != 1 {
		t.Errorf("%d removed, %v", removed, err)
	}
	entries, err := os.ReadDir(shelf.Path)
	if err != nil || len(entries) != 1 || entries[0].Name() != "notes.txt" {
		t.Errorf("left: %v %v", entries, err)
	}
}

// What is promised is 168 hours, whatever the constants are called and however they are reckoned.
func TestNoCopyIsOlderThan168Hours(t *testing.T) {
	t.Parallel()
	job, clock, _ := newJob(t)
	begun := clock.Now()
	job.Look(t.Context())
	all, err := job.Into.List()
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	if err := os.Chtimes(all[0].Path, begun, begun); err != nil {
		t.Fatal(err)
	}
	job.Next = begun.Add(1000 * time.Hour) // no more
	clock.advance(168*time.Hour - time.Hour)
	job.Look(t.Context())
	if got := count(t, *job.Into); got != 0 {
		t.Errorf("%d copies are left an hour before the promised 168", got)
	}
	for _, keep := range []string{"168h", "169h", "720h"} {
		if code, out := newShell(t).run("", "--backup-keep", keep, "serve", "--check"); code != 1 || !strings.Contains(out, "backup-keep") {
			t.Errorf("%s: %d %s", keep, code, out)
		}
	}
}

func TestStrangersAmongTheCopiesAreToldAndStopNothing(t *testing.T) {
	t.Parallel()
	job, clock, log := newJob(t)
	now := clock.Now().UTC()
	below := filepath.Join(job.Into.Path, "older")
	if err := os.MkdirAll(below, 0o700); err != nil {
		t.Fatal(err)
	}
	ahead := job.Into.Name(now.Add(1000 * time.Hour))
	for _, path := range []string{ahead, filepath.Join(job.Into.Path, "before-the-evening.db"), filepath.Join(below, filepath.Base(job.Into.Name(now.Add(-time.Hour))))} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now.Add(2000*time.Hour), now.Add(2000*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	again := restarted(t, job)
	again.Look(t.Context())
	past, err := again.Into.Past(clock.Now())
	if err != nil || len(past) != 1 {
		t.Errorf("%d copies were made beside one from the future, %v\n%s", len(past), err, log)
	}
	if got := told(again.Metrics, "ouderavond_backup_strangers"); got != "3" {
		t.Errorf("%s strangers", got)
	}
	if newest := told(again.Metrics, "ouderavond_backup_newest_timestamp_seconds"); newest != strconv.FormatFloat(float64(now.Unix()), 'g', -1, 64) {
		t.Errorf("the newest copy is from %s", newest)
	}
	for _, name := range []string{"before-the-evening.db", "older", filepath.Base(ahead)} {
		if !strings.Contains(log.String(), name) {
			t.Errorf("%s is not in the log\n%s", name, log)
		}
	}
	lines := strings.Count(log.String(), "not known as copies")
	clock.advance(time.Minute)
	again.Look(t.Context())
	if strings.Count(log.String(), "not known as copies") != lines {
		t.Error("it is said every minute")
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
	all, err := backup.Copies{Path: shelf}.List()
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	s.contains(s.must("", "restore", "--yes", all[0].Path), "1 schools")
}

func TestABackupFolderThatIsOfNoUseStopsTheProgramAtOnce(t *testing.T) {
	t.Parallel()
	s := newShell(t)
	s.must("", "school", "create", "de-linde", "--name", "De Linde")
	for name, path := range map[string]string{"the data folder": s.data, "a file": datafolder.Folder{Path: s.data}.Database()} {
		code, out := s.run("", "serve", "--listen", "127.0.0.1:0", "--backup-folder", path)
		if code != 1 {
			t.Errorf("%s: %d\n%s", name, code, out)
		}
	}
}

// TestAWipeIsNotKeptWaitingByCopies wipes a school while copies are made one after another.
func TestAWipeIsNotKeptWaitingByCopies(t *testing.T) {
	t.Parallel()
	s := emptyShell(t)
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
