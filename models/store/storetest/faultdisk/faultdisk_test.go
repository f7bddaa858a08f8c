package faultdisk_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"github.com/ouderavond/ouderavond/models/store/storetest/faultdisk"
)

// The test's own program is also the one under test: started with this variable, it writes rows into the database that it names and prints each number
// once it was committed.
const writer = "FAULTDISK_TEST_WRITER"

func TestMain(m *testing.M) {
	if dsn := os.Getenv(writer); dsn != "" {
		if err := write(dsn); err != nil {
			fmt.Println("failed", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const rows = 60

func write(dsn string) error {
	db, err := sql.Open("sqlite3", dsn)
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("CREATE TABLE IF NOT EXISTS acknowledged (number INTEGER PRIMARY KEY, text TEXT)"); err != nil {
		return err
	}
	for number := range rows {
		for {
			_, err = db.Exec("INSERT INTO acknowledged VALUES (?, ?)", number, strings.Repeat("x", 300))
			if err == nil {
				break
			}
			fmt.Println("refused", err)
		}
		fmt.Println("stored", number)
	}
	return db.Close()
}

// run lets the program write, and gives the numbers that it said were stored, and how often it was refused.
func run(t *testing.T, disk *faultdisk.Disk, path, synchronous string) (stored []int, refused int) {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0])
	command.Env = append(os.Environ(), disk.Env()...)
	command.Env = append(command.Env, writer+"=file:"+path+"?_journal_mode=WAL&_synchronous="+synchronous)
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(output); lines.Scan(); {
		switch word, rest, _ := strings.Cut(lines.Text(), " "); word {
		case "stored":
			number, _ := strconv.Atoi(rest)
			stored = append(stored, number)
		case "refused":
			if refused++; refused > 20 {
				disk.Heal()
			}
		default:
			t.Fatal(lines.Text())
		}
	}
	_ = command.Wait()
	return stored, refused
}

// lost opens the database as it is on disk and tells which numbers are missing; damaged if it cannot be read at all.
func lost(t *testing.T, path string, stored []int) (missing int, damaged error) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var state string
	if err := db.QueryRowContext(context.Background(), "PRAGMA integrity_check").Scan(&state); err != nil || state != "ok" {
		return len(stored), errors.Join(err, errors.New(state))
	}
	for _, number := range stored {
		var count int
		if err := db.QueryRow("SELECT count(*) FROM acknowledged WHERE number = ?", number).Scan(&count); err != nil || count != 1 {
			missing++
		}
	}
	return missing, nil
}

// cuts cuts the power at many moments and tells how many acknowledged rows were lost over all, and how often the database was damaged.
func cuts(t *testing.T, synchronous string) (acknowledged, missing, damaged int, sectors uint64) {
	t.Helper()
	for n := range 24 {
		disk, path := faultdisk.New(t), filepath.Join(t.TempDir(), "rows.db")
		disk.Remember(uint64(n))
		disk.DieAt(uint64(20+n*5), faultdisk.PowerCut)
		stored, _ := run(t, disk, path, synchronous)
		if len(stored) == rows {
			t.Fatalf("cut %d: the program came to its end after %d operations", n, disk.Operations())
		}
		gone, err := lost(t, path, stored)
		if err != nil {
			damaged++
		}
		_, back := disk.TakenBack()
		acknowledged, missing, sectors = acknowledged+len(stored), missing+gone, sectors+back
	}
	t.Logf("synchronous=%s: 24 power cuts, %d rows acknowledged, %d lost, %d databases damaged, %d sectors taken back", synchronous, acknowledged, missing, damaged, sectors)
	return acknowledged, missing, damaged, sectors
}

// TestAPowerCutTakesWhatWasNotFlushed shows that the power cut bites: a program that does not flush loses what it acknowledged, one that does loses nothing.
func TestAPowerCutTakesWhatWasNotFlushed(t *testing.T) {
	t.Parallel()
	for _, synchronous := range []string{"OFF", "NORMAL"} {
		if acknowledged, missing, _, _ := cuts(t, synchronous); missing == 0 {
			t.Errorf("%s: none of %d rows was lost though nothing was flushed", synchronous, acknowledged)
		}
	}
	if _, missing, damaged, sectors := cuts(t, "FULL"); missing != 0 || damaged != 0 || sectors == 0 {
		t.Errorf("%d rows lost, %d databases damaged, %d sectors taken back though everything was flushed", missing, damaged, sectors)
	}
}

func TestEachDeathLeavesWhatWasAcknowledged(t *testing.T) {
	t.Parallel()
	for _, how := range []faultdisk.Death{faultdisk.Before, faultdisk.Halfway, faultdisk.After} {
		for _, at := range []uint64{9, 30, 31, 32, 33, 80} {
			disk, path := faultdisk.New(t), filepath.Join(t.TempDir(), "rows.db")
			disk.DieAt(at, how)
			stored, _ := run(t, disk, path, "FULL")
			if missing, err := lost(t, path, stored); err != nil || missing != 0 || len(stored) == rows || disk.Operations() != at {
				t.Errorf("death %d at %d: after %d operations %d of %d rows are missing, %v", how, at, disk.Operations(), missing, len(stored), err)
			}
		}
	}
}

func TestFailingCallsAreSeenAndPass(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]faultdisk.Failure{
		"full":             {Errno: syscall.ENOSPC, Kinds: faultdisk.Write},
		"full half-way":    {Errno: syscall.ENOSPC, Kinds: faultdisk.Write, Short: true},
		"input and output": {Errno: syscall.EIO, Kinds: faultdisk.Write},
		"a failing flush":  {Errno: syscall.EIO, Kinds: faultdisk.Sync},
		"for three calls":  {Errno: syscall.EIO, Kinds: faultdisk.Sync, Calls: 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			disk, path := faultdisk.New(t), filepath.Join(t.TempDir(), "rows.db")
			disk.Fail(60, how)
			stored, refused := run(t, disk, path, "FULL")
			if missing, err := lost(t, path, stored); err != nil || missing != 0 || len(stored) != rows {
				t.Errorf("%d of %d rows are missing, %v", missing, len(stored), err)
			}
			if refused == 0 || disk.Failed() == 0 || how.Calls > 0 && disk.Failed() != how.Calls {
				t.Errorf("refused %d times, %d calls failed", refused, disk.Failed())
			}
		})
	}
}

func TestADelayMakesFlushesSlow(t *testing.T) {
	t.Parallel()
	const each = 5 * time.Millisecond
	disk := faultdisk.New(t)
	disk.DelaySync(each)
	begun := time.Now()
	run(t, disk, filepath.Join(t.TempDir(), "rows.db"), "FULL")
	if took, least := time.Since(begun), time.Duration(disk.Syncs())*each; disk.Syncs() < rows || took < least {
		t.Errorf("%d flushes took %s", disk.Syncs(), took)
	}
	if env := faultdisk.Delayed(t, each); len(env) != 2 || env[1] != "FAULTDISK_SYNC_DELAY_US=5000" {
		t.Errorf("%q", env)
	}
}
