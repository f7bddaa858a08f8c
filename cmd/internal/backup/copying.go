package backup

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

	"github.com/ouderavond/ouderavond/cmd/internal/config"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/cmd/internal/machine"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/seal"
	"github.com/ouderavond/ouderavond/models/store/backup"
)

const (
	// wipeTries and wipePause say how long a copy waits for the end of a wipe.
	wipeTries = 120
	wipePause = time.Second
)

// ErrNoSQLite tells that the settings name a PostgreSQL server.
var ErrNoSQLite = errors.New("the database is PostgreSQL, which is copied and restored with its own tools: see docs/operating.md")

// Copying is everything that is needed to make a copy.
type Copying struct {
	Folder datafolder.Folder
	Clock  models.Clock
	Master *seal.Master // nil: the key is not at hand, and not compared
	secret [][]byte     // the key as it could stand in a file
}

// NewCopying finds the master key. Without one a copy can be made, but nobody has seen that it opens.
func NewCopying(f datafolder.Folder, s *config.Settings, clock models.Clock) (*Copying, error) {
	c := &Copying{Folder: f, Clock: clock}
	raw, err := f.MasterBytes(s.MasterKey)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	if c.Master, err = seal.NewMaster(raw); err != nil {
		return nil, err
	}
	c.secret = [][]byte{raw, []byte(hex.EncodeToString(raw)), []byte(strings.ToUpper(hex.EncodeToString(raw))), []byte(base64.StdEncoding.EncodeToString(raw))}
	return c, nil
}

// Take makes a verified copy of this moment in a file that is not there yet. Until it is whole and looked through, it has another name.
func (c *Copying) Take(ctx context.Context, to string) (*backup.Content, error) {
	if _, err := os.Lstat(to); err == nil {
		return nil, fmt.Errorf("%s is there already; a copy never overwrites anything", datafolder.Short(to))
	}
	part := filepath.Join(filepath.Dir(to), "."+filepath.Base(to)+datafolder.PartSuffix)
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

func (c *Copying) fill(ctx context.Context, part string) (*backup.Content, error) {
	for try := 1; ; try++ {
		err := backup.Copy(ctx, c.Folder.Database(), part, machine.Pause)
		if err == nil {
			return backup.Inspect(ctx, part, c.Master, c.secret)
		}
		if !errors.Is(err, backup.ErrWipe) || try == wipeTries {
			return nil, err
		}
		if err := machine.Pause(ctx, wipePause); err != nil {
			return nil, err
		}
	}
}

// Describe returns the content of a copy in a line for people.
func Describe(content *backup.Content) string {
	return fmt.Sprintf("%d schools, %d pupils, %d appointments; %.1f MB, schema %d", content.Schools, content.Pupils, content.Appointments, float64(content.Bytes)/1e6, content.Schema)
}

// Hours is a length for people: in whole hours where it is, which is easier to compare than days.
func Hours(length time.Duration) string {
	if length >= time.Hour && length%time.Hour == 0 {
		return fmt.Sprintf("%d hours", length/time.Hour)
	}
	return length.String()
}
