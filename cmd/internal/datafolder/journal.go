package datafolder

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ouderavond/ouderavond/booking/erasure"
	"github.com/ouderavond/ouderavond/models/store/backup"
	"github.com/ouderavond/ouderavond/notify/carrier"
)

// The journal of erasures is a file for each day, beside the receipts of wipes, with a line for each thing that was erased on it.
const (
	journalPrefix = "erased-"
	journalSuffix = ".jsonl"
	journalDay    = "2006-01-02"
)

// EraseMessages removes messages of a school from the mailbox folder, named by their ids.
func (o External) EraseMessages(school string, ids []string) (int, error) {
	box, err := carrier.OpenMailbox(o.Folder.Mailbox())
	if err != nil {
		return 0, err
	}
	return box.EraseMessages(school, ids)
}

// ForgetMessages removes all schools' messages from the mailbox folder that were written before an instant.
func (o External) ForgetMessages(before, now time.Time) (int, error) {
	box, err := carrier.OpenMailbox(o.Folder.Mailbox())
	if err != nil {
		return 0, err
	}
	return box.Forget(before, now)
}

// KeepErased writes lines into the journal, sure to be there after a power cut; those that are in it already it leaves out.
func (o External) KeepErased(lines []erasure.Erased) error {
	days := map[string][]erasure.Erased{}
	for _, line := range lines {
		day := line.At.UTC().Format(journalDay)
		days[day] = append(days[day], line)
	}
	for day, lines := range days {
		if err := os.MkdirAll(o.Folder.Receipts(), 0o700); err != nil {
			return err
		}
		if err := keepErased(filepath.Join(o.Folder.Receipts(), journalPrefix+day+journalSuffix), lines); err != nil {
			return fmt.Errorf("journal of erasures: %w", err)
		}
	}
	if len(days) == 0 {
		return nil
	}
	return backup.SyncFolder(o.Folder.Receipts())
}

func keepErased(path string, lines []erasure.Erased) error {
	present, err := readJournal(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// Who came back may be erased once more: each time is a line of its own.
	name := func(line erasure.Erased) string { return line.Keyed + string(line.Kind) + line.At.UTC().String() }
	known := map[string]bool{}
	for _, line := range present {
		known[name(line)] = true
	}
	var text bytes.Buffer
	for _, line := range lines {
		if known[name(line)] {
			continue
		}
		encoded, err := json.Marshal(line)
		if err != nil {
			return err
		}
		text.Write(append(encoded, '\n'))
	}
	if text.Len() == 0 {
		return nil
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	// A line that a power cut left half-written ends before ours begins; empty lines are nothing.
	_, err = file.Write(append([]byte{'\n'}, text.Bytes()...))
	return errors.Join(err, file.Sync(), file.Close())
}

// ReadErased reads the journal in a folder of receipts, all days of it.
func ReadErased(folder string) ([]erasure.Erased, error) {
	paths, err := filepath.Glob(filepath.Join(folder, journalPrefix+"*"+journalSuffix))
	if err != nil {
		return nil, err
	}
	var all []erasure.Erased
	for _, path := range paths {
		lines, err := readJournal(path)
		if err != nil {
			return nil, fmt.Errorf("journal of erasures %s: %w", Short(path), err)
		}
		all = append(all, lines...)
	}
	return all, nil
}

// readJournal reads the lines of a day. What is no whole line was cut off with the power, and is written again by the program that wrote it.
func readJournal(path string) ([]erasure.Erased, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	var lines []erasure.Erased
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		var line erasure.Erased
		if json.Unmarshal(scanner.Bytes(), &line) == nil && line.Keyed != "" {
			lines = append(lines, line)
		}
	}
	return lines, scanner.Err()
}

// ForgetErased removes the days of the journal that ended before an instant.
func (o External) ForgetErased(before time.Time) error {
	entries, err := os.ReadDir(o.Folder.Receipts())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, entry := range entries {
		text, ours := strings.CutPrefix(entry.Name(), journalPrefix)
		text, ended := strings.CutSuffix(text, journalSuffix)
		day, failed := time.Parse(journalDay, text)
		if !ours || !ended || failed != nil || !day.AddDate(0, 0, 1).Before(before) {
			continue
		}
		if failed := os.Remove(filepath.Join(o.Folder.Receipts(), entry.Name())); failed != nil && !errors.Is(failed, fs.ErrNotExist) {
			err = errors.Join(err, failed)
		}
	}
	return err
}
