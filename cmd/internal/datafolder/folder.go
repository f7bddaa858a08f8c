package datafolder

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/ouderavond/ouderavond/models/seal"
)

// ErrInUse tells that another program works in the data folder.
var ErrInUse = errors.New("the data folder is in use")

// Folder is the data folder.
type Folder struct{ Path string }

// Database is the path of the database of SQLite.
func (f Folder) Database() string { return filepath.Join(f.Path, "ouderavond.db") }

// Mailbox is the folder of messages that are written to files and not sent.
func (f Folder) Mailbox() string { return filepath.Join(f.Path, "mailbox") }

// Receipts is the folder of the receipts of wipes.
func (f Folder) Receipts() string { return filepath.Join(f.Path, "receipts") }

// KeyFile is the path of the master key, where it is kept in the folder.
func (f Folder) KeyFile() string { return filepath.Join(f.Path, "master.key") }

// Socket is where the running server takes the administrator's commands. The system bounds the length of such a path, so a long one is shortened to a name
// in the folder for temporary files.
func (f Folder) Socket() string {
	full, err := filepath.Abs(f.Path)
	if err != nil {
		full = f.Path
	}
	path := filepath.Join(full, "ouderavond.sock")
	if len(path) < 100 {
		return path
	}
	sum := sha256.Sum256([]byte(full))
	return filepath.Join(os.TempDir(), "ouderavond-"+hex.EncodeToString(sum[:8])+".sock")
}

// Make makes the folder if it is missing, for its owner only.
func (f Folder) Make() error {
	if err := os.MkdirAll(f.Path, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	return nil
}

// Lock takes the folder for this process, until the returned function is called. It fails with ErrInUse, and the number of the
// process if it is known, if another one has it.
func (f Folder) Lock() (release func(), err error) {
	file, err := os.OpenFile(filepath.Join(f.Path, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := io.ReadAll(io.LimitReader(file, 20))
		_ = file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, inUse(string(holder))
		}
		return nil, fmt.Errorf("data folder: %w", err)
	}
	// For whoever waits; that it cannot be written on a full disk is no reason not to start.
	if file.Truncate(0) == nil {
		_, _ = file.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0)
	}
	return func() { _ = file.Close() }, nil
}

// inUse is ErrInUse with the number of the process that the lock's file names, if it does.
func inUse(holder string) error {
	if pid, err := strconv.Atoi(strings.TrimSpace(holder)); err == nil && pid > 0 {
		return fmt.Errorf("%w by process %d", ErrInUse, pid)
	}
	return ErrInUse
}

// Usual is the data folder of the systemd unit and of packages.
const Usual = "/var/lib/ouderavond"

// HasInstallation reports whether there is a database or a master key in the folder. A folder that may not be looked into has none, and an error.
func (f Folder) HasInstallation() (bool, error) {
	for _, path := range []string{f.Database(), f.KeyFile()} {
		_, err := os.Stat(path)
		if err == nil {
			return true, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return false, err
		}
	}
	return false, nil
}

// Master gives the master key: the one of the settings, or the folder's file. A new one is made only where there is no database yet: a new key beside old
// data would make the data unreadable for good.
func (f Folder) Master(given string) (*seal.Master, error) {
	raw, err := f.MasterBytes(given)
	if errors.Is(err, fs.ErrNotExist) {
		return f.newMaster()
	}
	if err != nil {
		return nil, err
	}
	return seal.NewMaster(raw)
}

// MasterBytes gives the master key itself, of the settings or of the folder's file; fs.ErrNotExist if there is none.
func (f Folder) MasterBytes(given string) ([]byte, error) {
	if given != "" {
		return DecodeKey(given)
	}
	text, err := os.ReadFile(f.KeyFile())
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	raw, err := DecodeKey(string(text))
	if err != nil {
		return nil, fmt.Errorf("master key in %s: %w", f.KeyFile(), err)
	}
	return raw, nil
}

func (f Folder) newMaster() (*seal.Master, error) {
	if _, err := os.Stat(f.Database()); err == nil {
		return nil, fmt.Errorf("the master key is missing: put it back as %s, or give it as OUDERAVOND_MASTER_KEY; a new one cannot read the database", f.KeyFile())
	}
	raw := make([]byte, seal.KeySize)
	_, _ = rand.Read(raw) // crypto/rand never fails: the program would have stopped
	file, err := os.OpenFile(f.KeyFile(), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	_, err = file.WriteString(hex.EncodeToString(raw) + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	return seal.NewMaster(raw)
}

// Short is a path as it is shown to people: without the home folder.
func Short(path string) string {
	if home, err := os.UserHomeDir(); err == nil && strings.HasPrefix(path, home+string(filepath.Separator)) {
		return "~" + strings.TrimPrefix(path, home)
	}
	return path
}

// DemonstrationFolder is where the demonstration that listens on an address keeps its data, unless it was told otherwise.
func DemonstrationFolder(listen string) string {
	return filepath.Join(os.TempDir(), "ouderavond-demo-"+strings.NewReplacer(":", "-", ".", "-").Replace(listen))
}

// DecodeKey reads a master key of 32 bytes in hexadecimal or base64.
func DecodeKey(text string) ([]byte, error) {
	text = strings.TrimSpace(text)
	if raw, err := hex.DecodeString(text); err == nil && len(raw) == 32 {
		return raw, nil
	}
	if raw, err := base64.StdEncoding.DecodeString(text); err == nil && len(raw) == 32 {
		return raw, nil
	}
	return nil, errors.New("must be 32 bytes, as 64 hexadecimal digits or as base 64")
}
