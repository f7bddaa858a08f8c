package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/models/store/backup"
)

const (
	// greatestAge is how old a copy of the database may become. A copy holds the wrapped keys of schools that are wiped later, so it is its age that forgets
	// them: seven days, less what it may take until somebody looks.
	greatestAge = 166 * time.Hour
	// copyTime is how the time of a copy stands in its name, in UTC.
	copyTime   = "20060102T150405Z"
	copyPrefix = "ouderavond-"
	copySuffix = ".db"
	// partSuffix ends the name of a copy that is not whole yet.
	partSuffix = ".part"
	// partAge is after how long such a file belongs to a program that died.
	partAge = 6 * time.Hour
	// asideInfix stands between the database's name and the time at which it was moved aside by a restore.
	asideInfix = ".before-restore-"
)

// copies is a folder of copies of the database.
type copies struct{ path string }

// copied is one copy.
type copied struct {
	path  string
	taken time.Time // the moment that it holds
	old   time.Time // taken, or the file's own time if that is earlier: what its age counts from
	bytes int64
}

// name is the file of a copy of a moment.
func (c copies) name(taken time.Time) string {
	return filepath.Join(c.path, copyPrefix+taken.UTC().Format(copyTime)+copySuffix)
}

// list gives the copies, the oldest first. Other files in the folder are not looked at.
func (c copies) list() ([]copied, error) {
	return listTimed(c.path, copyPrefix, copySuffix)
}

// listTimed lists the files of a folder whose names are a prefix, a time and a suffix.
func listTimed(path, prefix, suffix string) ([]copied, error) {
	entries, err := os.ReadDir(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var found []copied
	for _, entry := range entries {
		text, ours := strings.CutPrefix(entry.Name(), prefix)
		text, ended := strings.CutSuffix(text, suffix)
		taken, err := time.Parse(copyTime, text)
		if !ours || !ended || err != nil || !entry.Type().IsRegular() {
			continue
		}
		info, err := entry.Info()
		if err != nil {
			continue // removed meanwhile
		}
		one := copied{path: filepath.Join(path, entry.Name()), taken: taken, old: taken, bytes: info.Size()}
		if info.ModTime().Before(taken) {
			one.old = info.ModTime().UTC()
		}
		found = append(found, one)
	}
	slices.SortFunc(found, func(a, b copied) int { return cmp.Or(a.taken.Compare(b.taken), strings.Compare(a.path, b.path)) })
	return found, err
}

// forget removes every copy that has reached an age, the last one too: a copy that is kept because there is no newer one keeps what was to be forgotten. It
// also removes what programs that died have left half-written.
func (c copies) forget(now time.Time, keep time.Duration) (removed int, err error) {
	all, err := c.list()
	if err != nil {
		return 0, err
	}
	removed, err = forgetOld(all, now, keep)
	parts, globErr := filepath.Glob(filepath.Join(c.path, "."+copyPrefix+"*"+partSuffix+"*"))
	err = errors.Join(err, globErr)
	for _, part := range parts {
		if info, statErr := os.Stat(part); statErr == nil && now.Sub(info.ModTime()) >= partAge {
			err = errors.Join(err, os.Remove(part))
		}
	}
	return removed, err
}

func forgetOld(all []copied, now time.Time, keep time.Duration) (removed int, err error) {
	for _, one := range all {
		if now.Sub(one.old) < keep {
			continue
		}
		if failed := os.Remove(one.path); failed != nil && !errors.Is(failed, fs.ErrNotExist) {
			err = errors.Join(err, failed)
			continue
		}
		removed++
	}
	if removed > 0 {
		err = errors.Join(err, backup.SyncFolder(filepath.Dir(all[0].path)))
	}
	return removed, err
}

// aside lists the databases that restores have moved aside in the data folder, with their write-ahead logs.
func (f folder) aside() ([]copied, error) {
	var all []copied
	for _, suffix := range besideDatabase {
		found, err := listTimed(f.path, filepath.Base(f.database())+asideInfix, suffix)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// besideDatabase are the endings of the files of which a database consists.
var besideDatabase = []string{"", "-wal", "-shm"}

// checkTarget refuses a folder in which a copy must not be: the data folder itself and the program's own folders in it, and any folder with a master key.
func (f folder) checkTarget(path string) error {
	for _, own := range []string{f.path, f.mailbox(), f.receipts(), f.restoring()} {
		if sameFolder(own, path) {
			return fmt.Errorf("%s is the program's own folder: copies belong elsewhere, best on another disk or machine", short(path))
		}
	}
	if _, err := os.Stat(filepath.Join(path, filepath.Base(f.keyFile()))); err == nil {
		return fmt.Errorf("there is a master key in %s: a copy and the key that opens it must not be kept together", short(path))
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
