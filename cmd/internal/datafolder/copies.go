package datafolder

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/ouderavond/ouderavond/models/store/backup"
)

const (
	// GreatestAge is how old a copy of the database may become. A copy holds the wrapped keys of schools that are wiped later, so it is its age that forgets
	// them: seven days, less what it may take until somebody looks.
	GreatestAge = 166 * time.Hour
	// CopyTime is how the time of a copy stands in its name, in UTC.
	CopyTime = "20060102T150405Z"
	// CopyPrefix begins the name of a copy.
	CopyPrefix = "ouderavond-"
	// CopySuffix ends it.
	CopySuffix = ".db"
	// PartSuffix ends the name of a copy that is not whole yet.
	PartSuffix = ".part"
	// PartAge is after how long such a file belongs to a program that died.
	PartAge = 6 * time.Hour
	// AsideInfix stands between the database's name and the time at which it was moved aside by a restore.
	AsideInfix = ".before-restore-"
)

// Copied is one copy.
type Copied struct {
	Path  string
	Taken time.Time // the moment that it holds
	Old   time.Time // taken, or the file's own time if that is earlier: what its age counts from
	bytes int64
}

// ListTimed lists the files of a folder whose names are a prefix, a time and a suffix.
func ListTimed(path, prefix, suffix string) ([]Copied, error) {
	entries, err := os.ReadDir(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var found []Copied
	for _, entry := range entries {
		text, ours := strings.CutPrefix(entry.Name(), prefix)
		text, ended := strings.CutSuffix(text, suffix)
		taken, err := time.Parse(CopyTime, text)
		if !ours || !ended || err != nil || !entry.Type().IsRegular() {
			continue
		}
		info, err := entry.Info()
		if err != nil {
			continue // removed meanwhile
		}
		one := Copied{Path: filepath.Join(path, entry.Name()), Taken: taken, Old: taken, bytes: info.Size()}
		if info.ModTime().Before(taken) {
			one.Old = info.ModTime().UTC()
		}
		found = append(found, one)
	}
	slices.SortFunc(found, func(a, b Copied) int { return cmp.Or(a.Taken.Compare(b.Taken), strings.Compare(a.Path, b.Path)) })
	return found, err
}

// ForgetOld removes copies that are older than they are kept, and tells how many.
func ForgetOld(all []Copied, now time.Time, keep time.Duration) (removed int, err error) {
	for _, one := range all {
		if now.Sub(one.Old) < keep {
			continue
		}
		if failed := os.Remove(one.Path); failed != nil && !errors.Is(failed, fs.ErrNotExist) {
			err = errors.Join(err, failed)
			continue
		}
		removed++
	}
	if removed > 0 {
		err = errors.Join(err, backup.SyncFolder(filepath.Dir(all[0].Path)))
	}
	return removed, err
}

// Aside lists the databases that restores have moved aside in the data folder, with their write-ahead logs.
func (f Folder) Aside() ([]Copied, error) {
	var all []Copied
	for _, suffix := range BesideDatabase {
		found, err := ListTimed(f.Path, filepath.Base(f.Database())+AsideInfix, suffix)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// BesideDatabase are the endings of the files of which a database consists.
var BesideDatabase = []string{"", "-wal", "-shm"}

// CheckTarget refuses a folder in which a copy must not be: the data folder itself and the program's own folders in it, and any folder with a master key.
func (f Folder) CheckTarget(path string) error {
	for _, own := range []string{f.Path, f.Mailbox(), f.Receipts(), f.Restoring()} {
		if sameFolder(own, path) {
			return fmt.Errorf("%s is the program's own folder: copies belong elsewhere, best on another disk or machine", Short(path))
		}
	}
	if _, err := os.Stat(filepath.Join(path, filepath.Base(f.KeyFile()))); err == nil {
		return fmt.Errorf("there is a master key in %s: a copy and the key that opens it must not be kept together", Short(path))
	}
	return nil
}

func sameFolder(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// Restoring is the folder in which a restore makes a copy ready.
func (f Folder) Restoring() string { return filepath.Join(f.Path, "restoring") }

// Mine refuses a data folder of another user: what is written into it could not be read by the server.
func (f Folder) Mine() error {
	info, err := os.Stat(f.Path)
	if err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || int(owner.Uid) == os.Geteuid() {
		return nil
	}
	name := strconv.Itoa(int(owner.Uid))
	if known, err := user.LookupId(name); err == nil {
		name = known.Username
	}
	return fmt.Errorf("%s belongs to the user %s: run this as that user (sudo -u %s ...)", Short(f.Path), name, name)
}
