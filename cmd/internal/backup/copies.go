package backup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
)

// Copies is a folder of copies of the database.
type Copies struct{ Path string }

// Name is the file of a copy of a moment.
func (c Copies) Name(taken time.Time) string {
	return filepath.Join(c.Path, datafolder.CopyPrefix+taken.UTC().Format(datafolder.CopyTime)+datafolder.CopySuffix)
}

// List gives the copies, the oldest first. Other files in the folder are Strangers.
func (c Copies) List() ([]datafolder.Copied, error) {
	return datafolder.ListTimed(c.Path, datafolder.CopyPrefix, datafolder.CopySuffix)
}

// Past gives the copies that are not from the future, the oldest first: a name that was given while the machine's clock was wrong must not pass for the newest
// copy, or no other would be made.
func (c Copies) Past(now time.Time) ([]datafolder.Copied, error) {
	all, err := c.List()
	return slices.DeleteFunc(all, func(one datafolder.Copied) bool { return one.Taken.After(now) }), err
}

// Strangers lists, by their paths below the folder, the files that are not known as copies: renamed ones, those in a folder below, those from the future, and
// whatever else lies there. Nobody knows what they hold, and nothing removes them when they reach the age of a copy.
func (c Copies) Strangers(now time.Time) ([]string, error) {
	past, err := c.Past(now)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, one := range past {
		known[one.Path] = true
	}
	var strangers []string
	err = filepath.WalkDir(c.Path, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || known[path] {
			return err
		}
		// A copy that is being made, or that a program which died has left: Forget sees to it.
		if ours, _ := filepath.Match("."+datafolder.CopyPrefix+"*"+datafolder.PartSuffix+"*", entry.Name()); ours && filepath.Dir(path) == filepath.Clean(c.Path) {
			return nil
		}
		below, err := filepath.Rel(c.Path, path)
		strangers = append(strangers, below)
		return err
	})
	return strangers, err
}

// Forget removes every copy that has reached an age, the last one too: a copy that is kept because there is no newer one keeps what was to be forgotten. It
// also removes what programs that died have left half-written.
func (c Copies) Forget(now time.Time, keep time.Duration) (removed int, err error) {
	all, err := c.List()
	if err != nil {
		return 0, err
	}
	removed, err = datafolder.ForgetOld(all, now, keep)
	parts, globErr := filepath.Glob(filepath.Join(c.Path, "."+datafolder.CopyPrefix+"*"+datafolder.PartSuffix+"*"))
	err = errors.Join(err, globErr)
	for _, part := range parts {
		if info, statErr := os.Stat(part); statErr == nil && now.Sub(info.ModTime()) >= datafolder.PartAge {
			err = errors.Join(err, os.Remove(part))
		}
	}
	return removed, err
}
