package carrier

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"sort"
	"strings"
	"time"
)

// ErrName is returned for the id of a school or the name of a file that this
// package did not give out.
var ErrName = errors.New("mailbox: no such name")

// MailboxLimit is how many bytes of one file are read, at most.
const MailboxLimit = 8 << 20

// stampFormat sorts by age and is a valid file name everywhere.
const stampFormat = "20060102T150405.000000000Z"

// Mailbox is the folder that holds a folder for each school.
type Mailbox struct {
	dir string
}

// OpenMailbox prepares the mailbox in the folder dir and makes it if it is missing.
func OpenMailbox(dir string) (*Mailbox, error) {
	if dir == "" {
		return nil, errors.New("mailbox: no folder is given")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("mailbox: make the folder: %w", err)
	}
	return &Mailbox{dir: dir}, nil
}

// FileName gives the file name of a message written at a moment: names sort by age.
// The same moment, id and suffix always give the same name, so that a message
// written twice is there once. The suffix starts with a dot.
func FileName(at time.Time, id, suffix string) string {
	return at.UTC().Format(stampFormat) + "-" + nameOf(id) + suffix
}

// idBytes is how many bytes of an id's digest are in a file name.
const idBytes = 8

// nameOf is what stands for an id in a file name.
func nameOf(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:idBytes])
}

// draftPrefix begins the name of a file that is being written.
const draftPrefix = ".draft-"

// FileMoment reads the moment back out of a file name, in UTC.
func FileMoment(name string) (time.Time, error) {
	if !isName(name) {
		return time.Time{}, ErrName
	}
	at, err := time.Parse(stampFormat, name[:len(stampFormat)])
	if err != nil {
		return time.Time{}, ErrName
	}
	return at, nil
}

// Write stores data under a name made by [Name]. A reader sees the whole file
// or none, also after the power was cut. A file of the same name is replaced.
func (m *Mailbox) Write(school, name string, data []byte) error {
	if !isSchool(school) || !isName(name) {
		return ErrName
	}
	root, err := os.OpenRoot(m.dir)
	if err != nil {
		return fmt.Errorf("mailbox: open: %w", err)
	}
	defer root.Close()
	if err := root.Mkdir(school, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("mailbox: make the school's folder: %w", err)
	}
	draft := school + "/" + draftPrefix + rand.Text()
	if err := writeSynced(root, draft, data); err != nil {
		return errors.Join(err, root.Remove(draft))
	}
	if err := root.Rename(draft, school+"/"+name); err != nil {
		return errors.Join(fmt.Errorf("mailbox: name the file: %w", err), root.Remove(draft))
	}
	return syncFolder(root, school)
}

// writeSynced writes a new file and waits until it is on disk.
func writeSynced(root *os.Root, name string, data []byte) error {
	file, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("mailbox: make the file: %w", err)
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("mailbox: write the file: %w", err)
	}
	return nil
}

// syncFolder waits until the folder's list of names is on disk.
func syncFolder(root *os.Root, name string) error {
	folder, err := root.Open(name)
	if err != nil {
		return fmt.Errorf("mailbox: open the school's folder: %w", err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("mailbox: write the school's folder: %w", err)
	}
	return nil
}

// List gives the names of a school's files with this suffix, newest first, at
// most limit of them. A school without messages has none.
func (m *Mailbox) List(school, suffix string, limit int) ([]string, error) {
	if !isSchool(school) {
		return nil, ErrName
	}
	root, err := os.OpenRoot(m.dir)
	if err != nil {
		return nil, fmt.Errorf("mailbox: open: %w", err)
	}
	defer root.Close()
	entries, err := fs.ReadDir(root.FS(), school)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("mailbox: list: %w", err)
	}
	var names []string
	for _, entry := range entries {
		if name := entry.Name(); isName(name) && strings.HasSuffix(name, suffix) && entry.Type().IsRegular() {
			names = append(names, name)
		}
	}
	sort.Sort(sort.Reverse(sort.StringSlice(names)))
	return names[:min(len(names), max(limit, 0))], nil
}

// Read gives the content of one file, [SizeLimit] bytes at most. A name that
// [Mailbox.List] would not give is [ErrName]; a file that is gone wraps
// [fs.ErrNotExist].
func (m *Mailbox) Read(school, name string) ([]byte, error) {
	if !isSchool(school) || !isName(name) {
		return nil, ErrName
	}
	root, err := os.OpenRoot(m.dir)
	if err != nil {
		return nil, fmt.Errorf("mailbox: open: %w", err)
	}
	defer root.Close()
	info, err := root.Lstat(school + "/" + name)
	if err != nil {
		return nil, fmt.Errorf("mailbox: read: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > MailboxLimit {
		return nil, ErrName
	}
	data, err := root.ReadFile(school + "/" + name)
	if err != nil {
		return nil, fmt.Errorf("mailbox: read: %w", err)
	}
	return data, nil
}

// Erase removes everything a school has in the mailbox, drafts too. Nothing
// there is no error. What is written afterwards stays.
func (m *Mailbox) Erase(school string) error {
	if !isSchool(school) {
		return ErrName
	}
	root, err := os.OpenRoot(m.dir)
	if err != nil {
		return fmt.Errorf("mailbox: open: %w", err)
	}
	defer root.Close()
	if err := root.RemoveAll(school); err != nil {
		return fmt.Errorf("mailbox: erase: %w", err)
	}
	return syncFolder(root, ".")
}

// draftAge is how old a file that nobody finished writing is when the program that wrote it has surely died.
const draftAge = time.Hour

// EraseMessages removes a school's messages that were written under some ids, and
// tells how many. What is not there is no error.
func (m *Mailbox) EraseMessages(school string, ids []string) (int, error) {
	if !isSchool(school) {
		return 0, ErrName
	}
	named := map[string]bool{}
	for _, id := range ids {
		named[nameOf(id)] = true
	}
	return m.remove(school, func(entry fs.DirEntry) bool {
		return isName(entry.Name()) && named[entry.Name()[len(stampFormat)+1:][:2*idBytes]]
	})
}

// Forget removes every school's messages that were written before an instant,
// and what a program that died left half-written, and tells how many.
func (m *Mailbox) Forget(before, now time.Time) (removed int, err error) {
	schools, err := os.ReadDir(m.dir)
	if err != nil {
		return 0, fmt.Errorf("mailbox: list: %w", err)
	}
	for _, school := range schools {
		if !school.IsDir() || !isSchool(school.Name()) {
			continue
		}
		count, failed := m.remove(school.Name(), func(entry fs.DirEntry) bool {
			if at, err := FileMoment(entry.Name()); err == nil {
				return at.Before(before)
			}
			info, err := entry.Info()
			return err == nil && strings.HasPrefix(entry.Name(), draftPrefix) && info.ModTime().Before(now.Add(-draftAge))
		})
		removed, err = removed+count, errors.Join(err, failed)
	}
	return removed, err
}

// remove removes the files of a school that are meant.
func (m *Mailbox) remove(school string, meant func(fs.DirEntry) bool) (removed int, err error) {
	root, err := os.OpenRoot(m.dir)
	if err != nil {
		return 0, fmt.Errorf("mailbox: open: %w", err)
	}
	defer root.Close()
	entries, err := fs.ReadDir(root.FS(), school)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("mailbox: list: %w", err)
	}
	for _, entry := range entries {
		if !meant(entry) {
			continue
		}
		if failed := root.Remove(school + "/" + entry.Name()); failed != nil && !errors.Is(failed, fs.ErrNotExist) {
			err = errors.Join(err, fmt.Errorf("mailbox: erase: %w", failed))
			continue
		}
		removed++
	}
	if removed > 0 {
		err = errors.Join(err, syncFolder(root, school))
	}
	return removed, err
}

// The ids that may be a folder (no dots, so no way out) and the names that
// [Name] makes.
var (
	schoolPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	namePattern   = regexp.MustCompile(`^\d{8}T\d{6}\.\d{9}Z-[0-9a-f]{16}(\.[a-z]{1,8}){1,2}$`)
)

func isSchool(id string) bool { return schoolPattern.MatchString(id) }

func isName(name string) bool { return namePattern.MatchString(name) }
