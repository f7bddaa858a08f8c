package backup_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ouderavond/ouderavond/models"
	"github.com/ouderavond/ouderavond/models/store/backup"
	"github.com/ouderavond/ouderavond/models/store/storetest"
)

func TestTheLedgerOfElsewhereGoesIntoTheCopy(t *testing.T) {
	t.Parallel()
	db, school := filled(t)
	path := copied(t, db)
	never := models.New[models.SchoolID]()
	asked := storetest.Start().Add(-time.Hour)
	finished := storetest.Start()
	wiped := []backup.Wiped{
		{School: school, AskedAt: asked, FinishedAt: &finished, Counts: `{"pupils": 3}`, Receipt: `{"signature":"a"}`},
		{School: never, AskedAt: asked, FinishedAt: &finished, Counts: `{"pupils": 9}`, Receipt: `{"signature":"b"}`},
	}
	for range 2 { // a restore that was cut off is begun again
		again, err := backup.MergeLedger(t.Context(), path, wiped)
		if err != nil || len(again) != 1 || again[0] != school {
			t.Fatalf("to be wiped again: %v, %v", again, err)
		}
	}
	lines, err := backup.ReadLedger(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, line := range lines {
		switch line.School {
		case school:
			found++
			if line.FinishedAt != nil || line.Counts != "{}" || line.Receipt != "{}" || !line.AskedAt.Equal(asked) {
				t.Errorf("the line of the school that came back is not open: %+v", line)
			}
		case never:
			found++
			if line.FinishedAt == nil || !line.FinishedAt.Equal(finished) || line.Receipt != `{"signature":"b"}` {
				t.Errorf("the line of the school that the copy never had: %+v", line)
			}
		}
	}
	if found != 2 {
		t.Errorf("%d lines: %+v", len(lines), lines)
	}
}

func TestASchoolThatIsBeingClosedIsInTheLedger(t *testing.T) {
	t.Parallel()
	db, school := filled(t)
	exec(t, raw(t, db.Path), "UPDATE schools SET state = 'closing'")
	// Nor is a copy begun, however short it would be.
	if err := backup.Copy(t.Context(), db.Path, filepath.Join(t.TempDir(), "copy.db"), wait); !errors.Is(err, backup.ErrWipe) {
		t.Errorf("copied: %v", err)
	}
	lines, err := backup.ReadLedger(t.Context(), db.Path)
	if err != nil || len(lines) == 0 {
		t.Fatal(lines, err)
	}
	for _, line := range lines {
		if line.School == school && line.FinishedAt == nil {
			return
		}
	}
	t.Errorf("it is not: %+v", lines)
}

func TestSettlingEndsWhatMustNotGoOn(t *testing.T) {
	t.Parallel()
	db, _ := filled(t)
	path := copied(t, db)
	held := raw(t, path)
	exec(t, held, "UPDATE messages SET state = 'queued', leased_until = NULL")
	exec(t, held, "UPDATE messages SET kind = 'confirmation'")
	total := number(t, held, "SELECT count(*) FROM messages")
	exec(t, held, "UPDATE messages SET kind = 'code' WHERE id = (SELECT id FROM messages ORDER BY id LIMIT 1)")
	sequence := number(t, held, "SELECT min(sequence) FROM invitations")
	version := number(t, held, "SELECT min(version) FROM appointments")
	if total < 1 || number(t, held, "SELECT count(*) FROM sessions") == 0 || number(t, held, "SELECT count(*) FROM codes") == 0 {
		t.Fatal("the sample has nothing to settle")
	}
	counts, err := backup.Settle(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if counts["messages"] != int64(total-1) || counts["sessions"] == 0 || counts["codes"] == 0 {
		t.Errorf("counts %v of %d messages", counts, total)
	}
	for query, want := range map[string]int{
		"SELECT count(*) FROM sessions":                                                      0,
		"SELECT count(*) FROM codes":                                                         0,
		"SELECT count(*) FROM messages WHERE state IN ('queued', 'sending')":                 0,
		"SELECT count(*) FROM messages WHERE state = 'unknown' AND problem = 'restored'":     total - 1,
		"SELECT count(*) FROM messages WHERE state = 'superseded' AND details IS NULL":       1,
		"SELECT min(sequence) FROM invitations":                                              sequence + 1000,
		"SELECT min(version) FROM appointments":                                              version + 1000,
		"SELECT count(*) FROM messages WHERE state = 'unknown' AND leased_until IS NOT NULL": 0,
		"SELECT count(*) FROM idempotency WHERE result <> ''":                                number(t, raw(t, db.Path), "SELECT count(*) FROM idempotency"),
		"SELECT count(*) FROM audits":                                                        number(t, raw(t, db.Path), "SELECT count(*) FROM audits"),
	} {
		if got := number(t, held, query); got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
}

func TestWhatWasRevokedSinceTheCopyStaysRevoked(t *testing.T) {
	t.Parallel()
	db, school := filled(t)
	present := raw(t, db.Path)
	exec(t, present, "UPDATE api_keys SET revoked_at = NULL")
	exec(t, present, "UPDATE accounts SET state = 'active', roles = '[\"administrator\"]'")
	exec(t, present, "INSERT INTO operator_keys (id, key_index, created_at) VALUES (randomblob(16), randomblob(32), ?)", storetest.Start())
	path := copied(t, db)
	exec(t, present, "UPDATE api_keys SET revoked_at = ?", storetest.Start())
	exec(t, present, "UPDATE operator_keys SET revoked_at = ?", storetest.Start())
	exec(t, present, "UPDATE accounts SET state = 'disabled', roles = '[]'")
	exec(t, present, "UPDATE credentials SET hash_before = 'changed', counter = 77")
	var pupil models.PupilID
	if err := present.QueryRow("SELECT id FROM pupils").Scan(&pupil); err != nil {
		t.Fatal(err)
	}
	exec(t, present, "PRAGMA foreign_keys = OFF")
	exec(t, present, "DELETE FROM pupils WHERE id = ?", pupil)
	exec(t, present, "UPDATE audits SET action = 'pupil-erased', subject = ? WHERE id = (SELECT id FROM audits LIMIT 1)", pupil)
	exec(t, present, "UPDATE bookings SET id = randomblob(16) WHERE id = (SELECT id FROM bookings LIMIT 1)")

	difference, err := backup.Compare(t.Context(), path, db.Path)
	if err != nil {
		t.Fatal(err)
	}
	if len(difference.Erased) != 1 || difference.Erased[0] != (backup.Pupil{School: school, Pupil: pupil}) || difference.Pupils != 1 || difference.Bookings != 1 {
		t.Errorf("difference %+v", difference)
	}
	held := raw(t, path)
	for query, want := range map[string]int{
		"SELECT count(*) FROM api_keys WHERE revoked_at IS NULL":          0,
		"SELECT count(*) FROM operator_keys WHERE revoked_at IS NULL":     0,
		"SELECT count(*) FROM accounts WHERE state <> 'disabled'":         0,
		"SELECT count(*) FROM accounts WHERE roles <> '[]'":               0,
		"SELECT count(*) FROM credentials WHERE hash_before <> 'changed'": 0,
		"SELECT count(*) FROM credentials WHERE counter = 77":             number(t, present, "SELECT count(*) FROM credentials"),
	} {
		if got := number(t, held, query); got != want {
			t.Errorf("%s: %d", query, got)
		}
	}
}

func TestACompactedFileHoldsNoTrace(t *testing.T) {
	t.Parallel()
	db, _ := filled(t)
	path := copied(t, db)
	held := raw(t, path)
	const word = "afscheidsgroet"
	exec(t, held, "PRAGMA journal_mode = WAL")
	exec(t, held, "CREATE TABLE notes (note TEXT)")
	exec(t, held, "INSERT INTO notes VALUES (?)", string(bytes.Repeat([]byte(word+" "), 5000)))
	exec(t, held, "DELETE FROM notes")
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(path); err != nil || !bytes.Contains(content, []byte(word)) {
		t.Fatalf("there is no trace before either: %v", err)
	}
	if err := backup.Compact(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(path); err != nil || bytes.Contains(content, []byte(word)) {
		t.Errorf("there is a trace: %v", err)
	}
	if _, err := os.Stat(path + "-wal"); !os.IsNotExist(err) {
		t.Error("there is a write-ahead log")
	}
}
