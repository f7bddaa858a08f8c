package crashtest_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// ballast fills what is left of the disk under a folder, and is removed by the function that it gives.
func ballast(t testing.TB, folder string) (remove func()) {
	t.Helper()
	path := filepath.Join(folder, "ballast")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for size := 1 << 20; size > 0; size /= 2 {
		for err = nil; err == nil; {
			_, err = file.Write(make([]byte, size))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
	_ = file.Close()
	return func() {
		if err := os.Remove(path); err != nil {
			t.Error(err)
		}
	}
}

// TestARealDiskThatIsFull runs the program on a small file system of its own and fills it: not only the database meets its end there, but also the mailbox
// folder and the receipts.
func TestARealDiskThatIsFull(t *testing.T) {
	t.Parallel()
	for _, operation := range operations() {
		if operation.start {
			continue
		}
		t.Run(operation.name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, nil)
			if err := syscall.Mount("tmpfs", s.data, "tmpfs", 0, "size=12m"); err != nil {
				t.Skipf("a file system of its own needs more rights: %v", err)
			}
			t.Cleanup(func() {
				s.kill()
				_ = syscall.Unmount(s.data, syscall.MNT_DETACH)
			})
			if err := os.CopyFS(s.data, os.DirFS(s.from.data)); err != nil {
				t.Fatal(err)
			}
			s.start()
			remove := ballast(t, s.data)
			s.tellsReady(http.StatusServiceUnavailable)
			was := operation.do(s)
			t.Logf("answered %d on a full disk", was.reply.Code)
			if !was.done { // what has room in files that are there already may be done
				s.isClean(was)
			}
			s.stillAnswers()
			remove()
			s.tellsReady(http.StatusOK)
			operation.check(s, s.heals(operation))
			if _, ok := s.eik.All(context.Background()); !ok {
				t.Error("the other school cannot be read")
			}
		})
	}
}

// tellsReady waits until the program tells monitors what it should.
func (s *scene) tellsReady(want int) {
	s.t.Helper()
	got := 0
	for range 50 {
		begun := time.Now()
		reply, err := s.caller.Call(context.Background(), http.MethodGet, "/readyz", "", nil)
		if took := time.Since(begun); took > 4*time.Second {
			s.t.Errorf("/readyz took %v", took)
		}
		if got = reply.Code; err == nil && got == want {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.t.Errorf("/readyz says %d, want %d", got, want)
}

// TestAMailboxFolderThatCannotBeUsedIsTold starts the program where its mailbox folder cannot be made: it ends with a word, and nothing is lost meanwhile.
func TestAMailboxFolderThatCannotBeUsedIsTold(t *testing.T) {
	t.Parallel()
	s := newScene(t, nil)
	s.unsend()
	folder := filepath.Join(s.data, "mailbox")
	if err := os.WriteFile(folder, []byte("no folder"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.tryStart(); err == nil || s.isRunning() || !strings.Contains(s.log.tail(4000), "mailbox") {
		t.Errorf("it neither works nor ends with a word: %v", err)
	}
	s.kill()
	if err := os.Remove(folder); err != nil {
		t.Fatal(err)
	}
	s.start()
	checkSent(s, asked{})
}
