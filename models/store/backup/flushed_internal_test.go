package backup

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models/store/migrate"
)

// TestACopyIsOnDiskBeforeItIsReported has a copy report each file that it puts on disk: the whole copy, then the folder that names it. A copy that is not on disk would
// be a file of zeros after a power cut, found when it is needed.
func TestACopyIsOnDiskBeforeItIsReported(t *testing.T) {
	t.Parallel()
	from, to := filepath.Join(t.TempDir(), "ouderavond.db"), filepath.Join(t.TempDir(), "copy.db")
	made, err := open(from, map[string][]string{"mode": {"rwc"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = made.Close() }()
	if err := migrate.Up(t.Context(), migrate.SQLite, made); err != nil {
		t.Fatal(err)
	}
	var flushed []string
	refuse := false
	sync := func(file *os.File) error {
		if refuse {
			return errors.New("the disk is gone")
		}
		flushed = append(flushed, file.Name())
		if about, err := file.Stat(); err != nil || about.Size() == 0 {
			t.Errorf("%s: flushed before anything was in it: %v", file.Name(), err)
		}
		return file.Sync()
	}
	idle := func(ctx context.Context, _ time.Duration) error { <-ctx.Done(); return ctx.Err() }
	if err := copyTo(t.Context(), from, to, idle, sync); err != nil {
		t.Fatal(err)
	}
	if len(flushed) != 2 || flushed[0] != to || flushed[1] != filepath.Dir(to) {
		t.Errorf("on disk: %q", flushed)
	}
	refuse = true
	if err := copyTo(t.Context(), from, to+"2", idle, sync); err == nil {
		t.Error("a copy that is not on disk was reported")
	}
}
