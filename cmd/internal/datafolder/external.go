package datafolder

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/ouderavond/ouderavond/models/store/backup"
	"github.com/ouderavond/ouderavond/notify/mail"
)

// External is what the data folder keeps of schools beside the database.
type External struct{ Folder Folder }

// ReceiptSuffix ends the name of a kept receipt; the school's id stands before it.
const ReceiptSuffix = ".json"

// EraseSchool removes a school's messages from the mailbox folder, and counts them. Where there are none it costs a look.
func (o External) EraseSchool(school string) (int, error) {
	entries, err := os.ReadDir(filepath.Join(o.Folder.Mailbox(), school))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil // should a power cut bring the folder back, the next start looks again
	}
	if err != nil {
		return 0, err
	}
	return len(entries), mail.Erase(o.Folder.Mailbox(), school)
}

// KeepReceipt writes the receipt of a wipe into the folder of receipts, whole or not at all, and sure to be there after a power cut. An earlier receipt of
// the school, from before a restore brought it back, stays beside it with a number.
func (o External) KeepReceipt(school string, receipt []byte) error {
	if err := os.MkdirAll(o.Folder.Receipts(), 0o700); err != nil {
		return err
	}
	path := filepath.Join(o.Folder.Receipts(), school+ReceiptSuffix)
	content := append(bytes.Clone(receipt), '\n')
	present, err := os.ReadFile(path)
	if err == nil && bytes.Equal(present, content) {
		return nil
	}
	if err == nil {
		err = o.setAside(school, path)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return errors.Join(os.Rename(path+".new", path), backup.SyncFolder(o.Folder.Receipts()))
}

// setAside gives the present receipt of a school a name with the first number that is free. It is linked and not moved: at no moment is there none.
func (o External) setAside(school, path string) error {
	for number := 1; ; number++ {
		err := os.Link(path, filepath.Join(o.Folder.Receipts(), school+"."+strconv.Itoa(number)+ReceiptSuffix))
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
}

// WipedSchools lists the schools whose receipts are kept.
func (o External) WipedSchools() ([]string, error) {
	entries, err := os.ReadDir(o.Folder.Receipts())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var schools []string
	for _, entry := range entries {
		if school, ok := strings.CutSuffix(entry.Name(), ReceiptSuffix); ok {
			schools = append(schools, school)
		}
	}
	return schools, err
}

// Receipt gives the receipt that is kept of a school.
func (o External) Receipt(school string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(o.Folder.Receipts(), school+ReceiptSuffix))
	return bytes.TrimSpace(text), err
}
