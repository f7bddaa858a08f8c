package backup

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
)

// Copies is a folder of copies of the database.
type Copies struct{ Path string }

// Name is the file of a copy of a moment.
func (c Copies) Name(taken time.Time) string {
	return filepath.Join(c.Path, datafolder.CopyPrefix+taken.UTC().Format(datafolder.CopyTime)+datafolder.CopySuffix)
}

// List gives the copies, the oldest first. Other files in the folder are not looked at.
func (c Copies) List() ([]datafolder.Copied, error) {
	return datafolder.ListTimed(c.Path, datafolder.CopyPrefix, datafolder.CopySuffix)
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
