package faultdisk

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

//go:embed testdata/faultdisk.c
var source []byte

// library compiles the library once; its name tells its source, so that the next process finds it.
var library = sync.OnceValues(func() (string, error) {
	sum := sha256.Sum256(source)
	path := filepath.Join(os.TempDir(), fmt.Sprintf("faultdisk-%d-%x.so", os.Getuid(), sum[:8]))
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	compiler, err := exec.LookPath("gcc")
	if err != nil {
		return "", errors.New("the failing disk needs gcc")
	}
	draft := fmt.Sprintf("%s.%d", path, os.Getpid())
	command := exec.Command(compiler, "-O2", "-shared", "-fPIC", "-x", "c", "-o", draft, "-", "-ldl", "-lpthread")
	command.Stdin = bytes.NewReader(source)
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, output)
	}
	return path, os.Rename(draft, path)
})

// Library gives the path of the compiled library, for LD_PRELOAD. Without a compiler the test is skipped, but fails where the environment says CI.
func Library(t testing.TB) string {
	t.Helper()
	path, err := library()
	switch {
	case err == nil:
	case os.Getenv("CI") != "":
		t.Fatal(err)
	default:
		t.Skip(err)
	}
	return path
}

// Delayed is the environment of a process whose flushes take longer by a time, and nothing else.
func Delayed(t testing.TB, by time.Duration) []string {
	t.Helper()
	return []string{"LD_PRELOAD=" + Library(t), "FAULTDISK_SYNC_DELAY_US=" + strconv.FormatInt(by.Microseconds(), 10)}
}

// Death is how the process dies at an operation.
type Death uint64

// The deaths. All but the power cut leave what was written: the operating system survives the process.
const (
	Before   Death = 1 + iota // right before the operation
	Halfway                   // when half of what is written is written
	After                     // right after it, before the program knows
	PowerCut                  // before it, and what was not flushed is taken back in part
)

// Kind is a kind of call; several can be added up.
type Kind uint64

// The kinds. Operations are writes, flushes and truncations: these are counted.
const (
	Write Kind = 1 << iota
	Sync
	Truncate
	OpenToWrite
	Read
)

// Failure is how calls fail.
type Failure struct {
	Errno syscall.Errno
	Kinds Kind
	// Calls is how many fail; 0 means all until Heal.
	Calls uint64
	// Short lets a failing write write half of its bytes first.
	Short bool
}

// The words of the control page; the library has the same list.
const (
	operations = iota
	syncs
	dieAt
	dieHow
	failFrom
	failLeft
	failErrno
	failKinds
	shortWrites
	failed
	delay
	undo
	seed
	unflushed
	takenBack
	words
)

// Disk is the disk of one process at a time.
type Disk struct {
	library, path string
	control       *[words]uint64
}

// New makes a disk that works well until it is told otherwise.
func New(t testing.TB) *Disk {
	t.Helper()
	d := &Disk{library: Library(t), path: filepath.Join(t.TempDir(), "disk.control")}
	file, err := os.Create(d.path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if err := file.Truncate(4096); err != nil {
		t.Fatal(err)
	}
	page, err := syscall.Mmap(int(file.Fd()), 0, 4096, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(page) })
	d.control = (*[words]uint64)(unsafe.Pointer(&page[0]))
	return d
}

// Env is the environment to add to that of the process.
func (d *Disk) Env() []string {
	return []string{"LD_PRELOAD=" + d.library, "FAULTDISK_CONTROL=" + d.path}
}

func (d *Disk) get(word int) uint64        { return atomic.LoadUint64(&d.control[word]) }
func (d *Disk) set(word int, value uint64) { atomic.StoreUint64(&d.control[word], value) }

// Reset forgets everything, counts too: for the next process.
func (d *Disk) Reset() {
	for word := range words {
		d.set(word, 0)
	}
}

// Operations counts the writes, flushes and truncations of the database's files so far.
func (d *Disk) Operations() uint64 { return d.get(operations) }

// Syncs counts the flushes among them.
func (d *Disk) Syncs() uint64 { return d.get(syncs) }

// Failed counts the calls that were let fail.
func (d *Disk) Failed() uint64 { return d.get(failed) }

// DieAt lets the process die at an operation, counted from its start, the first being 1.
func (d *Disk) DieAt(operation uint64, how Death) {
	d.set(dieHow, uint64(how))
	d.set(dieAt, operation)
}

// Fail lets calls fail from an operation on; 0 means at once.
func (d *Disk) Fail(from uint64, how Failure) {
	d.Heal()
	left := how.Calls
	if left == 0 {
		left = 1 << 62
	}
	d.set(failErrno, uint64(how.Errno))
	d.set(failKinds, uint64(how.Kinds))
	d.set(shortWrites, 0)
	if how.Short {
		d.set(shortWrites, 1)
	}
	d.set(failLeft, left)
	d.set(failFrom, max(1, from))
}

// Heal makes the disk well again.
func (d *Disk) Heal() { d.set(failFrom, 0) }

// DelaySync makes each flush take longer by a time.
func (d *Disk) DelaySync(by time.Duration) { d.set(delay, uint64(by.Microseconds())) }

// Remember keeps what is written and not flushed, as a PowerCut needs it, and seeds what it takes back. It must be called before the process starts.
func (d *Disk) Remember(chances uint64) {
	d.set(undo, 1)
	d.set(seed, chances*2654435761+1)
}

// TakenBack tells, after a power cut, how many operations were not flushed, and how many sectors were taken back.
func (d *Disk) TakenBack() (operations, sectors uint64) { return d.get(unflushed), d.get(takenBack) }
