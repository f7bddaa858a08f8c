package store_test

import (
	"context"
	"flag"
	"os"
	process "os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models/store"
	"github.com/ouderavond/ouderavond/models/store/storetest"
	"github.com/ouderavond/ouderavond/models/store/storetest/faultdisk"
)

// slowWrites is how many writes are timed on the slow disk, one after another and from 200 goroutines at once.
var (
	slowWrites = flag.Int("slowdisk.writes", 400, "how many writes are timed on a disk whose flushes take 2 ms longer")
	slowLeast  = flag.Float64("slowdisk.least", 3, "how many times as fast they must be together; less than is wanted, for the race detector's sake")
)

const onSlowDisk = "OUDERAVOND_TEST_ON_SLOW_DISK"

// TestWritesTogetherBeatWritesAloneOnASlowDisk times small writes on a disk whose flushes take 2 ms longer than this machine's: each with a flush of its own,
// as without group commit, and from many at once.
func TestWritesTogetherBeatWritesAloneOnASlowDisk(t *testing.T) {
	if os.Getenv(onSlowDisk) != "" {
		timeWrites(t)
		return
	}
	command := process.Command(os.Args[0], "-test.run=^TestWritesTogetherBeatWritesAloneOnASlowDisk$", "-test.v", "-slowdisk.writes="+flag.Lookup("slowdisk.writes").Value.String(),
		"-slowdisk.least="+flag.Lookup("slowdisk.least").Value.String())
	command.Env = append(append(os.Environ(), onSlowDisk+"=yes"), faultdisk.Delayed(t, 2*time.Millisecond)...)
	said, err := command.CombinedOutput()
	for line := range strings.Lines(string(said)) {
		if strings.Contains(line, "a second") || err != nil {
			t.Log(strings.TrimSpace(line))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

func timeWrites(t *testing.T) {
	t.Helper()
	db := storetest.NewSQLite(t)
	school := storetest.School(t, db.Store, "here")
	write := func() {
		err := db.Store.For(storetest.As(school)).Write(context.Background(), func(tx *store.Tx) error { return tx.Audited("test", [16]byte{1}, nil) })
		if err != nil {
			t.Error(err)
		}
	}
	began := time.Now()
	for range *slowWrites / 4 {
		write()
	}
	alone := float64(*slowWrites/4) / time.Since(began).Seconds()
	const clients = 200
	began = time.Now()
	var running sync.WaitGroup
	for range clients {
		running.Go(func() {
			for range *slowWrites / clients * 10 {
				write()
			}
		})
	}
	running.Wait()
	together := float64(*slowWrites*10) / time.Since(began).Seconds()
	t.Logf("%.0f writes a second alone, %.0f a second together: %.1f times", alone, together, together/alone)
	if together < *slowLeast*alone {
		t.Errorf("%.1f times, want at least %.1f", together/alone, *slowLeast)
	}
}
