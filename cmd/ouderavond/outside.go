package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/ouderavond/ouderavond/notify/mail"
)

// outside is what the data folder keeps of schools beside the database.
type outside struct{ folder folder }

// receiptSuffix ends the name of a kept receipt; the school's id stands before it.
const receiptSuffix = ".json"

// EraseSchool removes a school's messages from the mailbox folder, and counts them.
func (o outside) EraseSchool(school string) (int, error) {
	entries, err := os.ReadDir(filepath.Join(o.folder.mailbox(), school))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	return len(entries), mail.Erase(o.folder.mailbox(), school)
}

// KeepReceipt writes the receipt of a wipe into the folder of receipts, whole or not at all.
func (o outside) KeepReceipt(school string, receipt []byte) error {
	if err := os.MkdirAll(o.folder.receipts(), 0o700); err != nil {
		return err
	}
	path := filepath.Join(o.folder.receipts(), school+receiptSuffix)
	if err := os.WriteFile(path+".new", append(receipt, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// WipedSchools lists the schools whose receipts are kept.
func (o outside) WipedSchools() ([]string, error) {
	entries, err := os.ReadDir(o.folder.receipts())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var schools []string
	for _, entry := range entries {
		if school, ok := strings.CutSuffix(entry.Name(), receiptSuffix); ok {
			schools = append(schools, school)
		}
	}
	return schools, err
}
