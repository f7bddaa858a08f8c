package main

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store/backup"
)

const (
	// wipeTries and wipePause say how long a copy waits for the end of a wipe.
	wipeTries = 120
	wipePause = time.Second
)

// errNoSQLite tells that the settings name a PostgreSQL server.
var errNoSQLite = errors.New("the database is PostgreSQL, which is copied and restored with its own tools: see docs/operating.md")

// copying is everything that is needed to make a copy.
type copying struct {
	folder folder
	clock  models.Clock
	master *seal.Master // nil: the key is not at hand, and not compared
	secret [][]byte     // the key as it could stand in a file
}

// newCopying finds the master key. Without one a copy can be made, but nobody has seen that it opens.
func newCopying(f folder, s *settings, clock models.Clock) (*copying, error) {
	c := &copying{folder: f, clock: clock}
	raw, err := f.masterBytes(s.MasterKey)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	if c.master, err = seal.NewMaster(raw); err != nil {
		return nil, err
	}
	c.secret = [][]byte{raw, []byte(hex.EncodeToString(raw)), []byte(strings.ToUpper(hex.EncodeToString(raw))), []byte(base64.StdEncoding.EncodeToString(raw))}
	return c, nil
}

// take makes a verified copy of this moment in a file that is not there yet. Until it is whole and looked through, it has another name.
func (c *copying) take(ctx context.Context, to string) (*backup.Content, error) {
	if _, err := os.Lstat(to); err == nil {
		return nil, fmt.Errorf("%s is there already; a copy never overwrites anything", short(to))
	}
	part := filepath.Join(filepath.Dir(to), "."+filepath.Base(to)+partSuffix)
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	content, err := c.fill(ctx, part)
	if err == nil {
		err = os.Rename(part, to)
	}
	if err != nil {
		_ = os.Remove(part)
		return nil, err
	}
	return content, backup.SyncFolder(filepath.Dir(to))
}

func (c *copying) fill(ctx context.Context, part string) (*backup.Content, error) {
	for try := 1; ; try++ {
		err := backup.Copy(ctx, c.folder.database(), part, pause)
		if err == nil {
			return backup.Inspect(ctx, part, c.master, c.secret)
		}
		if !errors.Is(err, backup.ErrWipe) || try == wipeTries {
			return nil, err
		}
		if err := pause(ctx, wipePause); err != nil {
			return nil, err
		}
	}
}

// backupCommand copies the database.
type backupCommand struct {
	To string `help:"Folder or new file to write to. Default: the setting backup-folder. In a folder, copies older than the setting backup-keep are removed." placeholder:"PATH"`
}

// Run makes a verified copy while the server goes on, and tells what it holds.
func (c backupCommand) Run(ctx context.Context, s *settings, term terminal) error {
	if err := s.check(); err != nil {
		return err
	}
	if s.onPostgreSQL() {
		return errNoSQLite
	}
	f := folder{s.Data}
	if _, err := os.Stat(f.database()); err != nil {
		return fmt.Errorf("there is no database in %s", short(s.Data))
	}
	clock := machineClock{}
	work, err := newCopying(f, s, clock)
	if err != nil {
		return err
	}
	taken := clock.Now().UTC()
	to, into, err := c.target(f, s, taken)
	if err != nil {
		return err
	}
	content, err := work.take(ctx, to)
	if err != nil {
		return fmt.Errorf("no copy was made: %w", err)
	}
	_, keep := s.backupTimes()
	fmt.Fprintf(term.out, "copy      %s\nholds     %s\n", short(to), describe(content))
	if work.master == nil {
		fmt.Fprintln(term.out, "checked   it is whole. The master key was not at hand, so nobody has seen that the copy opens")
	} else {
		fmt.Fprintln(term.out, "checked   it is whole, the keys of its schools open with the master key, and that key is not inside")
	}
	if into == nil {
		fmt.Fprintf(term.out, "forget    remove it before %s: nothing does that for a file outside a folder of copies\n", taken.Add(keep).Format(time.RFC3339))
		return nil
	}
	removed, err := into.forget(clock.Now(), keep)
	fmt.Fprintf(term.out, "forget    %d older copies removed; this one goes when it is %s old\n", removed, hours(keep))
	return err
}

// target gives the file to write, and the folder of copies that it is in; nil for a file that was named itself.
func (c backupCommand) target(f folder, s *settings, taken time.Time) (string, *copies, error) {
	path := c.To
	if path == "" {
		path = s.BackupFolder
	}
	if path == "" {
		return "", nil, errors.New("where to? Give --to, or the setting --backup-folder")
	}
	info, err := os.Stat(path)
	named := err != nil && filepath.Ext(path) == copySuffix || err == nil && !info.IsDir()
	if named {
		return path, nil, f.checkTarget(filepath.Dir(path))
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return "", nil, err
	}
	into := copies{path}
	return into.name(taken), &into, f.checkTarget(path)
}

func describe(content *backup.Content) string {
	return fmt.Sprintf("%d schools, %d pupils, %d appointments; %.1f MB, schema %d", content.Schools, content.Pupils, content.Appointments, float64(content.Bytes)/1e6, content.Schema)
}

// hours is a length for people: in whole hours where it is, which is easier to compare than days.
func hours(length time.Duration) string {
	if length >= time.Hour && length%time.Hour == 0 {
		return fmt.Sprintf("%d hours", length/time.Hour)
	}
	return length.String()
}
