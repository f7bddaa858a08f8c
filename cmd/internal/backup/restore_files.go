package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/ouderavond/ouderavond/booking/erasure"
	"github.com/ouderavond/ouderavond/cmd/internal/datafolder"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store/backup"
)

// gatherWiped collects what is known of wipes from everywhere but the copy: the present database, the folder of receipts beside it, and further folders.
func (r *Restoring) gatherWiped(ctx context.Context, folders []string) error {
	known := map[models.SchoolID]bool{}
	add := func(lines []backup.Wiped) {
		for _, line := range lines {
			if !known[line.School] {
				known[line.School] = true
				r.wiped = append(r.wiped, line)
			}
		}
	}
	if _, err := os.Stat(r.Folder.Database()); err == nil {
		lines, err := backup.ReadLedger(ctx, r.Folder.Database())
		if err != nil {
			r.say("WARNING   The ledger of the present database cannot be read (%v): only receipts tell now which schools were wiped.", err)
		} else {
			r.present = true
			add(lines)
		}
	}
	lines, err := readReceipts(r.Folder.Receipts(), r.Copying)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	add(lines)
	for _, folder := range folders {
		lines, err := readReceipts(folder, r.Copying)
		if err != nil {
			return err
		}
		add(lines)
	}
	return r.gatherErased(append([]string{r.Folder.Receipts()}, folders...))
}

// gatherErased reads the journals of erasures that lie beside the receipts.
func (r *Restoring) gatherErased(folders []string) error {
	for _, folder := range folders {
		lines, err := datafolder.ReadErased(folder)
		if err != nil {
			return err
		}
		r.erased = append(r.erased, lines...)
	}
	return nil
}

// readReceipts reads a folder of receipts. One that is not signed by this installation stops the restore: it could have a school wiped that nobody cancelled.
func readReceipts(path string, c *Copying) ([]backup.Wiped, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, fmt.Errorf("receipts: %w", err)
	}
	var lines []backup.Wiped
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), datafolder.ReceiptSuffix)
		if !ok {
			continue
		}
		if _, err := models.Parse[models.SchoolID](name); err != nil {
			continue // an earlier receipt of a school that was wiped twice
		}
		full := filepath.Join(path, entry.Name())
		text, err := os.ReadFile(full)
		if err != nil {
			return nil, fmt.Errorf("receipts: %w", err)
		}
		line, err := readReceipt(text, c)
		if err != nil {
			return nil, fmt.Errorf("receipt %s: %w. Take it away if it is not yours, and restore again", datafolder.Short(full), err)
		}
		lines = append(lines, line)
	}
	return lines, nil
}

func readReceipt(text []byte, c *Copying) (backup.Wiped, error) {
	receipt, err := erasure.ReadReceipt(text, c.Master.PublicKey())
	if err != nil {
		return backup.Wiped{}, err
	}
	school, err := models.Parse[models.SchoolID](receipt.School)
	if err != nil {
		return backup.Wiped{}, err
	}
	counts, err := json.Marshal(receipt.Rows)
	finished := receipt.FinishedAt
	return backup.Wiped{School: school, AskedAt: receipt.AskedAt, FinishedAt: &finished, Counts: string(counts), Receipt: strings.TrimSpace(string(text))}, err
}

// copyFile copies a file's bytes into a new file that only its owner can read.
func copyFile(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()
	if info, err := source.Stat(); err != nil || !info.Mode().IsRegular() {
		return errors.Join(err, fmt.Errorf("%s is not a file", filepath.Base(from)))
	}
	target, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Sync(), target.Close())
}

func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}
