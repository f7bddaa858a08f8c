package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/ouderavond/ouderavond/booking/erasure"
	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store/backup"
)

// gatherWiped collects what is known of wipes from everywhere but the copy: the present database, the folder of receipts beside it, and further folders.
func (r *restoring) gatherWiped(ctx context.Context, folders []string) error {
	known := map[models.SchoolID]bool{}
	add := func(lines []backup.Wiped) {
		for _, line := range lines {
			if !known[line.School] {
				known[line.School] = true
				r.wiped = append(r.wiped, line)
			}
		}
	}
	if _, err := os.Stat(r.folder.database()); err == nil {
		lines, err := backup.ReadLedger(ctx, r.folder.database())
		if err != nil {
			r.say("WARNING   The ledger of the present database cannot be read (%v): only receipts tell now which schools were wiped.", err)
		} else {
			r.present = true
			add(lines)
		}
	}
	lines, err := readReceipts(r.folder.receipts(), r.copying)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	add(lines)
	for _, folder := range folders {
		lines, err := readReceipts(folder, r.copying)
		if err != nil {
			return err
		}
		add(lines)
	}
	return nil
}

// readReceipts reads a folder of receipts. One that is not signed by this installation stops the restore: it could have a school wiped that nobody cancelled.
func readReceipts(path string, c *copying) ([]backup.Wiped, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, fmt.Errorf("receipts: %w", err)
	}
	var lines []backup.Wiped
	for _, entry := range entries {
		name, ok := strings.CutSuffix(entry.Name(), receiptSuffix)
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
			return nil, fmt.Errorf("receipt %s: %w. Take it away if it is not yours, and restore again", short(full), err)
		}
		lines = append(lines, line)
	}
	return lines, nil
}

func readReceipt(text []byte, c *copying) (backup.Wiped, error) {
	receipt, err := erasure.ReadReceipt(text, c.master.PublicKey())
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

// mine refuses a data folder of another user: what is written into it could not be read by the server.
func (f folder) mine() error {
	info, err := os.Stat(f.path)
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
	return fmt.Errorf("%s belongs to the user %s: run this as that user (sudo -u %s ...)", short(f.path), name, name)
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
