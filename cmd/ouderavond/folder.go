package main

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/ouderavond/ouderavond/models/seal"
)

// errInUse tells that another program works in the data folder.
var errInUse = errors.New("the data folder is in use")

// folder is the data folder.
type folder struct{ path string }

func (f folder) database() string { return filepath.Join(f.path, "ouderavond.db") }
func (f folder) mailbox() string  { return filepath.Join(f.path, "mailbox") }
func (f folder) receipts() string { return filepath.Join(f.path, "receipts") }
func (f folder) keyFile() string  { return filepath.Join(f.path, "master.key") }

// socket is where the running server takes the administrator's commands. The system bounds the length of such a path, so a long one is shortened to a name
// in the folder for temporary files.
func (f folder) socket() string {
	full, err := filepath.Abs(f.path)
	if err != nil {
		full = f.path
	}
	path := filepath.Join(full, "ouderavond.sock")
	if len(path) < 100 {
		return path
	}
	sum := sha256.Sum256([]byte(full))
	return filepath.Join(os.TempDir(), "ouderavond-"+hex.EncodeToString(sum[:8])+".sock")
}

// open makes the folder if it is missing, for its owner only.
func (f folder) open() error {
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	return nil
}

// lock takes the folder for this process, until the returned function is called. It fails with errInUse if another process has it.
func (f folder) lock() (release func(), err error) {
	file, err := os.OpenFile(filepath.Join(f.path, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errInUse
		}
		return nil, fmt.Errorf("data folder: %w", err)
	}
	return func() { _ = file.Close() }, nil
}

// master gives the master key: the one of the settings, or the folder's file. A new one is made only where there is no database yet: a new key beside old
// data would make the data unreadable for good.
func (f folder) master(given string) (*seal.Master, error) {
	raw, err := f.masterBytes(given)
	if errors.Is(err, fs.ErrNotExist) {
		return f.newMaster()
	}
	if err != nil {
		return nil, err
	}
	return seal.NewMaster(raw)
}

// masterBytes gives the master key itself, of the settings or of the folder's file; fs.ErrNotExist if there is none.
func (f folder) masterBytes(given string) ([]byte, error) {
	if given != "" {
		return decodeKey(given)
	}
	text, err := os.ReadFile(f.keyFile())
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	raw, err := decodeKey(string(text))
	if err != nil {
		return nil, fmt.Errorf("master key in %s: %w", f.keyFile(), err)
	}
	return raw, nil
}

func (f folder) newMaster() (*seal.Master, error) {
	if _, err := os.Stat(f.database()); err == nil {
		return nil, fmt.Errorf("the master key is missing: put it back as %s, or give it as OUDERAVOND_MASTER_KEY; a new one cannot read the database", f.keyFile())
	}
	raw := make([]byte, seal.KeySize)
	_, _ = rand.Read(raw) // crypto/rand never fails: the program would have stopped
	file, err := os.OpenFile(f.keyFile(), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	_, err = file.WriteString(hex.EncodeToString(raw) + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	return seal.NewMaster(raw)
}

// short is a path as it is shown to people: without the home folder.
func short(path string) string {
	if home, err := os.UserHomeDir(); err == nil && strings.HasPrefix(path, home+string(filepath.Separator)) {
		return "~" + strings.TrimPrefix(path, home)
	}
	return path
}
